// When a planning speaks: its publications by weekday and hour, beside the times that are advised.

function slotsView(spec, lines, board) {
  const hours = Array.from({ length: 24 }, (_, i) => i);
  const head = element("tr", {}, element("th", { scope: "col" }, "Jour"), ...hours.map((h) => element("th", { scope: "col" }, String(h), element("span", { class: "cm-hidden" }, "\u00a0h"))));
  const cells = DAY_NAMES.map(() => hours.map(() => element("td")));
  const rows = DAY_NAMES.map((name, i) => element("tr", {}, element("th", { scope: "row" }, name), ...cells[i]));
  const caption = element("caption", {}, "Publications par jour et par heure\u202f; un cadre entoure les heures conseillées.");
  const table = element("table", { class: "cm-heat" }, caption, element("thead", {}, head), element("tbody", {}, ...rows));
  const shares = element("ul", { class: "cm-shares" });
  const node = element("div", {}, element("div", { class: "cm-scroll cm-wide", tabindex: "0", role: "group", "aria-label": "Créneaux" }, table), shares);
  const share = new Intl.NumberFormat("fr-FR", { style: "percent", maximumFractionDigits: 0 });
  const monday = dayNumber(2024, 1, 1);

  function draw() {
    const posts = board.shown().map(([, post]) => post);
    const networks = board.networks();
    const advised = networks.flatMap((network) => spec.slots[network] ?? []);
    const counts = DAY_NAMES.map(() => hours.map(() => 0));
    for (const post of posts) if (post.minutes !== null) counts[weekday(post.day)][Math.floor(post.minutes / 60)] += 1;
    const most = Math.max(4, ...counts.flat());
    cells.forEach((row, day) =>
      row.forEach((cell, h) => {
        const count = counts[day][h];
        const good = [0, 15, 30, 45].some((minute) => atAdvised(advised, monday + day, 60 * h + minute));
        cell.classList.toggle("cm-advised", good);
        cell.dataset.heat = count ? String(Math.ceil((4 * count) / most)) : "0";
        cell.replaceChildren(count ? String(count) : "", element("span", { class: "cm-hidden" }, good ? `${count ? "" : "0"}, conseillé` : count ? "" : "0"));
      }),
    );
    const names = new Map(spec.networks);
    const timeless = posts.filter((post) => post.day !== null && post.minutes === null).length;
    shares.replaceChildren(
      ...networks.map((network) => {
        const own = posts.filter((post) => post.day !== null && post.networks.includes(network));
        const slots = spec.slots[network] ?? [];
        const inside = own.filter((post) => post.minutes !== null && atAdvised(slots, post.day, post.minutes)).length;
        const told = !slots.length ? "aucune source ne conseille de créneau" : own.length ? `${share.format(inside / own.length)} dans un créneau conseillé (${inside} sur ${own.length})` : "aucune publication";
        return element("li", {}, networkMark(network), ` ${names.get(network)}\u00a0: ${told}.`);
      }),
      ...(timeless ? [element("li", {}, `${several(timeless, "publication n’a pas d’heure", "publications n’ont pas d’heure")}\u00a0: hors créneau.`)] : []),
    );
  }

  return { node, draw, focus: () => false };
}
