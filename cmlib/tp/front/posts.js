// Posts to write. The preview follows each key; what counts and what is highlighted is what the kernel last said. The drawings are the kit's own, made of
// text nodes only: whatever a post holds is shown, never run.

// Where each network puts its parts, roughly: text then picture, a picture first, a picture under everything…
const MOCK_SHAPES = { facebook: "feed", linkedin: "feed", x: "short", instagram: "picture", tiktok: "tall", snapchat: "tall", youtube: "player", pinterest: "pin" };
const MOST_SHOWN = 1500; // signs of a preview

CONTROLS.posts = (spec, commit) => {
  const rows = rowsOf(spec, commit);
  const cards = new Map(); // row id -> what newCard returns
  const options = (name) => new Map(spec.fields.find((field) => field.name === name).options);
  const [networks, themes] = [options("network"), options("theme")];
  const place = element("div", {});
  const said = element("p", { class: "cm-hidden", role: "status" });
  const add = element(
    "button",
    {
      type: "button",
      class: "cm-button cm-add",
      onclick: () => {
        const made = rows.add();
        show();
        focusOn(made);
      },
    },
    `Ajouter une ${spec.noun}`,
  );
  const focusOn = (row) => cards.get(row)?.node.querySelector("input, textarea, select")?.focus();
  let known = {}; // what the kernel last said
  let kept = {}; // what it then held

  function newCard(row) {
    const name = element("h4", { id: `cm-${next()}` });
    const fields = new Map(
      spec.fields.map((field) => [
        field.name,
        fieldRow({ ...field, name: `post-${field.name}`, rows: field.name === "text" ? 7 : 2, quiet: field.name !== "text" }, `cm-${row}-${field.name}`, (text) => {
          rows.set({ [`${row}.${field.name}`]: text });
          preview(row);
        }),
      ]),
    );
    const remove = element("button", { type: "button", class: "cm-button cm-row-remove", onclick: () => removeCard(row) }, `Supprimer cette ${spec.noun}`);
    const mock = element("figure", { class: "cm-mock" });
    const count = element("p", { class: "cm-post-count", role: "status" });
    const told = element("div", {});
    const node = element(
      "section",
      { class: "cm-post", "aria-labelledby": name.id, "data-row": row, oninput: () => preview(row) },
      name,
      element("div", { class: "cm-post-form" }, ...[...fields.values()].map((field) => field.node), remove),
      element("div", { class: "cm-post-seen" }, mock, count, told),
    );
    return { node, name, fields, remove, mock, count, told };
  }

  function removeCard(row) {
    said.textContent = `${called(row)}\u00a0: supprimée\u202f; vous pouvez annuler.`;
    const rank = rows.order().indexOf(row);
    rows.remove(row);
    show();
    focusOn(rows.order()[Math.min(rank, rows.order().length - 1)]);
  }

  const called = (row) => {
    const from = themes.get(rows.text(row, "theme"));
    return `${capital(spec.noun)} ${rows.order().indexOf(row) + 1}${from ? `\u00a0: ${from}` : ""}`;
  };

  function preview(row) {
    const card = cards.get(row);
    const { fields, mock } = card;
    const now = (name) => fields.get(name).node.querySelector("textarea, input[type=text]")?.value ?? rows.text(row, name);
    const of = known.posts?.[row] ?? {};
    const visual = now("visual");
    fields.get("alt").node.hidden = visual === "aucun";
    fields.get("seconds").node.hidden = visual !== "video";
    const day = now("day").trim();
    const post = {
      network: now("network"),
      called: networks.get(now("network")),
      author: spec.author || "Votre marque",
      day: day === (kept[`${row}.day`] ?? "") && of.date ? of.date : day || "jour à choisir",
      visual,
      alt: now("alt").trim(),
      seconds: now("seconds").trim(),
      written: marked(now("text"), kept[`${row}.text`] ?? "", of.marks ?? []),
    };
    const drawn = JSON.stringify(post);
    if (card.mocked !== drawn) drawMock(mock, post); // what is selected there stays so
    card.mocked = drawn;
  }

  function draw() {
    const order = rows.order();
    for (const [row, card] of cards) {
      if (order.includes(row)) continue;
      card.node.remove();
      cards.delete(row);
    }
    const focused = document.activeElement;
    order.forEach((row, i) => {
      if (!cards.has(row)) cards.set(row, newCard(row));
      const { node, name, remove } = cards.get(row);
      if (place.children[i] !== node) place.insertBefore(node, place.children[i] ?? null);
      if (name.textContent !== called(row)) name.textContent = called(row);
      remove.hidden = order.length <= spec.first.length;
    });
    if (focused !== document.activeElement && place.contains(focused)) focused.focus();
    add.hidden = order.length >= spec.most;
  }

  function show() {
    draw();
    for (const [row, card] of cards) {
      for (const [name, field] of card.fields) {
        const at = `${row}.${name}`;
        field.show(rows.text(row, name), known.problems?.[at] ? `⚠ ${known.problems[at]}` : (known.readings?.[at] ?? ""));
      }
      preview(row);
      tell(card, known.posts?.[row] ?? {});
    }
  }

  return {
    node: element("div", {}, place, add, said),
    update: (values, status) => {
      rows.follow(values);
      known = status;
      kept = status.value ?? {};
      show();
    },
  };
};

// Counters and rules, as the kernel counts them.
function tell(card, { counters = [], findings = [], origin = "" }) {
  const drawn = JSON.stringify([counters, findings, origin]);
  if (card.drawn === drawn) return;
  card.drawn = drawn;
  const right = findings.filter(([good]) => good).length;
  card.count.textContent = findings.length
    ? `${right} ${right > 1 ? "règles respectées" : "règle respectée"} sur ${findings.length}`
    : "Choisissez un réseau et un jour\u00a0: les règles en dépendent.";
  const figures = counters.map(([label, used, most]) => {
    const over = most !== null && used > most;
    const bar = element("span", { class: "cm-fill", "aria-hidden": "true" });
    bar.style.setProperty("--cm-filled", `${most ? Math.min(100, (100 * used) / most) : 0}%`);
    const figure = `${used.toLocaleString("fr-FR")}${most === null ? "" : ` sur ${most.toLocaleString("fr-FR")}`}`;
    return element("li", { class: over ? "cm-error" : null }, `${label}\u00a0: ${figure}${over ? " ⚠" : ""}`, most === null ? null : bar);
  });
  const rules = findings.map(([good, sentence]) =>
    element(
      "li",
      { class: good ? "cm-good" : "cm-wrong" },
      element("span", { "aria-hidden": "true" }, good ? "✓ " : "✗ "),
      element("span", { class: "cm-hidden" }, good ? "Respectée\u00a0: " : "À revoir\u00a0: "),
      sentence,
    ),
  );
  card.told.replaceChildren(
    ...(figures.length ? [element("ul", { class: "cm-counters" }, ...figures)] : []),
    ...(rules.length ? [element("ul", { class: "cm-post-rules" }, ...rules)] : []),
    ...(origin ? [element("p", { class: "cm-reading" }, origin)] : []),
  );
}

// A text cut where its marks are: [kind, text] pieces. The marks were found in `known`: those that what was typed since then
// leaves whole, before it or after it, still hold.
function marked(text, known, marks) {
  const [now, then] = [text.normalize("NFC"), known.normalize("NFC")];
  const shorter = Math.min(now.length, then.length);
  let [head, tail] = [0, 0];
  while (head < shorter && now[head] === then[head]) head += 1;
  while (tail < shorter - head && now.at(-1 - tail) === then.at(-1 - tail)) tail += 1;
  const pieces = [];
  let at = 0;
  const take = (kind, start, end) => {
    if (start > at) pieces.push(["", now.slice(at, start)]);
    pieces.push([kind, now.slice(start, end)]);
    at = end;
  };
  for (const [kind, start, end] of marks) {
    const moved = now.length - then.length;
    if (end <= head) take(kind, start, end);
    else if (start >= then.length - tail) take(kind, start + moved, end + moved);
  }
  if (at < now.length) pieces.push(["", now.slice(at)]);
  return pieces;
}

function drawMock(mock, { network, called, author, day, visual, alt, seconds, written }) {
  if (!called) {
    mock.dataset.shape = "none";
    return mock.replaceChildren(element("figcaption", {}, "Choisissez un réseau\u00a0: l’aperçu du post s’affichera ici."));
  }
  mock.dataset.shape = MOCK_SHAPES[network];
  mock.dataset.network = network;
  const head = element(
    "div",
    { class: "cm-mock-head" },
    element("span", { class: "cm-mock-face", "aria-hidden": "true" }, [...capital(author)][0]),
    element("strong", {}, author),
    element("span", { class: "cm-mock-day" }, day),
  );
  const [first, rest] = mock.dataset.shape === "player" || mock.dataset.shape === "pin" ? cutTitle(written) : [[], written];
  const title = first.length ? element("p", { class: "cm-mock-title" }, ...painted(first)) : null;
  const text = element("p", { class: "cm-mock-text" }, ...painted(rest));
  if (!written.length) text.append(element("em", {}, "Votre texte s’affichera ici."));
  const what = visual === "video" ? `▶ Vidéo${seconds ? ` (durée\u00a0: ${seconds.replace(/ ?s(?:ec.*)?$/i, "")}\u00a0s)` : ""}` : "Image";
  const shown = visual === "image" || visual === "video" ? `${what}\u00a0: ${alt || "texte alternatif à écrire"}` : visual === "aucun" ? "Sans visuel" : "Visuel à choisir";
  const picture = element("div", { class: "cm-mock-picture" }, element("span", {}, shown));
  const order = {
    feed: [head, text, picture],
    short: [head, text, picture],
    picture: [head, picture, text],
    tall: [picture, element("div", { class: "cm-mock-over" }, head, text)],
    player: [picture, title, head, text],
    pin: [picture, title, text, head],
  }[mock.dataset.shape];
  const plain = visual === "aucun" && ["feed", "short"].includes(mock.dataset.shape); // there a text goes alone
  const caption = element("figcaption", {}, `Aperçu pour ${called}, dessiné par le kit`);
  mock.replaceChildren(caption, element("div", { class: "cm-mock-post" }, ...order.filter((part) => part && !(plain && part === picture))));
}

// The first line of a text, which two networks show as a title, and the others.
function cutTitle(pieces) {
  const at = pieces.findIndex(([, text]) => text.includes("\n"));
  if (at < 0) return [pieces, []];
  const [kind, text] = pieces[at];
  const line = text.indexOf("\n");
  return [[...pieces.slice(0, at), [kind, text.slice(0, line)]], [[kind, text.slice(line + 1)], ...pieces.slice(at + 1)]];
}

function painted(pieces) {
  let left = MOST_SHOWN;
  const nodes = [];
  for (const [kind, text] of pieces) {
    if (left <= 0) break;
    const part = [...text.slice(0, left + 1)].slice(0, left).join(""); // never half an emoji
    nodes.push(kind ? element("span", { class: "cm-mark", "data-kind": kind }, part) : part);
    left -= text.length;
  }
  return left < 0 ? [...nodes, "… (la suite n’est pas montrée)"] : nodes;
}
