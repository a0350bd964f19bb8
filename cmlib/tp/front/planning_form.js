// The sheet of a publication: its eleven columns, its series. One is made each time a publication is opened.

const MARGIN = 90; // characters of a line kept for its dates, its number in a series, its tabs

function postForm(spec, lines, board, id, first) {
  const key = `cm-fiche-${next()}`;
  const labels = new Map(spec.columns);
  let draft = first; // its texts, until there is a line
  let known = board.post(id) !== undefined;
  let closed = false;
  const cells = () => board.post(id)?.cells ?? draft;
  const post = () => lines.post(lines.line(cells()));

  // One change, one save. What the line cannot hold is refused at once.
  function change(changed) {
    if (closed) return;
    const after = { ...cells(), ...changed };
    const line = lines.line(after);
    if (line.length > spec.longest) {
      board.tell(`Cette publication dépasse ${spec.longest} signes\u00a0: raccourcissez un texte.`);
      return show();
    }
    draft = after;
    if (board.save({ [id]: line || null })) known = Boolean(line);
  }

  const labelled = (label, control, kind) => element("div", { class: `cm-field ${kind}` }, element("label", { for: control.id }, label), control);

  // ---- texts
  const texts = ["title", "type", "objective", "market", "persona", "keywords", "call_to_action", "tags"].map((column) => {
    const list = ["type", "persona"].includes(column) ? element("datalist", { id: `${key}-${column}-liste` }) : null;
    const examples = { keywords: "balade, vélo en famille", tags: "#vélo, @ville", market: "français, France" };
    const { input, follow } = typedControl(
      { input: "line", words: ["title", "objective", "call_to_action"].includes(column) },
      { id: `${key}-${column}`, list: list?.id, placeholder: examples[column] ?? null },
      (text) => change({ [column]: oneLine(text ?? "") }),
    );
    let offered = "";
    const propose = (options) => {
      if (offered === options.join("\n")) return;
      offered = options.join("\n");
      list.replaceChildren(...options.map((value) => element("option", { value })));
    };
    if (column === "type") propose(spec.types);
    return {
      column,
      propose,
      node: element("div", { class: `cm-field cm-field-${column}` }, element("label", { for: input.id }, labels.get(column)), input, list),
      input,
      show: (text, room) => {
        input.maxLength = Math.max(text.length, text.length + room);
        if (document.activeElement !== input || oneLine(input.value) !== text) follow(text); // not the space that one has just typed
      },
    };
  });
  const field = (column) => texts.find((one) => one.column === column);

  // ---- from a theme
  const theme = element("select", {
    id: `${key}-thematique`,
    onchange: () => {
      const [name, persona, networks] = board.status().themes[Number(theme.value)] ?? [];
      theme.value = "";
      if (!name) return;
      const word = oneLine(name.replace(/[,;]/g, " "));
      const keywords = cells().keywords.split(",").map((text) => text.trim()).filter(Boolean);
      change({
        keywords: (keywords.some((text) => bare(text) === bare(word)) ? keywords : [...keywords, word]).join(", "),
        ...(persona ? { persona } : {}),
        ...(networks.length ? { networks: lines.networks(spec.networks.map(([network]) => network).filter((network) => networks.includes(network))) } : {}),
      });
      show();
      board.tell(`«\u00a0${name}\u00a0»\u00a0: persona, réseaux et mot-clé repris.`);
    },
  });
  const themes = labelled("Partir d’une thématique", theme, "cm-field-theme");

  // ---- networks
  const boxes = spec.networks.map(([network, name]) => {
    const input = element("input", { type: "checkbox", onchange: () => saveNetworks() });
    return { network, input, node: element("label", { class: "cm-option" }, input, element("span", {}, name)) };
  });
  const strays = element("span", { class: "cm-reading" });
  const saveNetworks = () => {
    change({ networks: lines.networks(boxes.filter(({ input }) => input.checked).map(({ network }) => network), post().strays) });
    show();
  };
  const networks = element("fieldset", { class: "cm-field cm-wide-field" }, element("legend", {}, labels.get("networks")), element("div", { class: "cm-options" }, ...boxes.map(({ node }) => node)), strays);

  // ---- day, hour, deadlines
  const bounds = { min: isoDay(FIRST_DAY), max: isoDay(LAST_DAY) };
  const day = momentControl("date", { id: `${key}-jour`, ...bounds }, (text) => {
    const found = readDay(text);
    change(found === null ? { published: "" } : lines.onDay(post(), found));
    show();
  });
  const time = momentControl("time", { id: `${key}-heure` }, (text) => setTime(readMinutes(text)));
  const setTime = (minutes) => {
    if (post().day === null) board.tell("Choisissez d’abord le jour, puis l’heure.");
    else change({ published: lines.moment(post().day, minutes) });
    show();
  };
  const due = (name) =>
    momentControl("date", { id: `${key}-${name}`, ...bounds }, (text) => {
      change({ deadlines: lines.dues({ ...(post().dues ?? { writing: null, approval: null }), [name]: readDay(text) }) });
      show();
    });
  const writing = due("writing");
  const approval = due("approval");
  const usual = element(
    "button",
    {
      type: "button",
      class: "cm-button cm-usual",
      onclick: () => {
        const at = post().day;
        if (at === null) return board.tell("Choisissez d’abord le jour\u00a0: les échéances se comptent à partir de lui.");
        change({ deadlines: lines.dues({ writing: at - 5, approval: at - 2 }) });
        show();
      },
    },
    "Échéances\u00a0: cinq et deux jours avant",
  );
  const unread = element("p", { class: "cm-reading cm-wide-field" });
  const advice = element("div", { class: "cm-steps cm-advice" });

  // What is advised that weekday, on each network: a click takes the start.
  let advised = "";
  function drawAdvice(found) {
    const wanted = JSON.stringify([found.day === null ? null : weekday(found.day), found.networks]);
    if (wanted === advised) return;
    advised = wanted;
    const names = new Map(spec.networks);
    if (found.day === null || !found.networks.length) return advice.replaceChildren(element("span", { class: "cm-reading" }, "Choisissez le jour et un réseau\u00a0: les heures conseillées s’affichent ici."));
    const on = weekday(found.day);
    advice.replaceChildren(
      ...found.networks.flatMap((network) => {
        const slots = spec.slots[network] ?? [];
        const today = slots.filter(([weekday]) => weekday === on);
        const where = `${names.get(network)}, ${DAY_NAMES[on]}\u00a0: `;
        if (!today.length) return [element("span", { class: "cm-reading" }, where + (slots.length ? "pas de créneau conseillé." : "aucune source ne conseille de créneau."))];
        return today.map(([, start, end]) =>
          element("button", { type: "button", class: "cm-button", onclick: () => setTime(start) }, `${where}${hour(start)}–${end === 1440 ? "minuit" : hour(end)}`),
        );
      }),
    );
  }

  // ---- series
  const repeat = repeatPart(spec, lines, board, key, { id, post });
  const apply = element("button", { type: "button", class: "cm-button cm-apply", onclick: () => applyToAll() });
  const removeAll = element("button", { type: "button", class: "cm-button cm-remove-series", onclick: () => board.remove(siblings().map(([other]) => other)) });
  const series = element("div", { class: "cm-steps", role: "group", "aria-label": "Toute la série" }, apply, removeAll);
  const siblings = () => {
    const { series: name } = post();
    return name === null ? [] : board.all().filter(([, other]) => other.series === name);
  };

  function applyToAll() {
    const model = post();
    const entries = {};
    for (const [other, found] of siblings()) {
      if (other === id) continue;
      const kept = { ...model.cells, title: found.cells.title, published: found.cells.published, deadlines: found.cells.deadlines };
      if (found.day !== null) kept.published = lines.moment(found.day, model.minutes);
      if (found.day !== null && model.day !== null && model.dues) kept.deadlines = lines.onDay(model, found.day).deadlines;
      const line = lines.line(kept);
      if (line.length > spec.longest) return board.tell(`«\u00a0${found.cells.title}\u00a0» dépasserait ${spec.longest} signes\u00a0: raccourcissez un texte.`);
      entries[other] = line;
    }
    if (board.save(entries)) board.tell(`${several(Object.keys(entries).length, "autre publication de la série suit", "autres publications de la série suivent")} celle-ci. Vous pouvez annuler.`);
  }

  // ---- the panel
  const heading = element("h4", { id: `${key}-titre` });
  const problem = element("p", { class: "cm-problem" });
  const button = (label, name, act) => element("button", { type: "button", class: `cm-button ${name}`, onclick: act }, label);
  const copy = button("Dupliquer", "cm-duplicate", () => board.duplicate(id));
  const remove = button("Supprimer", "cm-delete", () => board.remove([id]));
  const node = element(
    "section",
    { class: "cm-sheet", "aria-labelledby": heading.id },
    element("header", { class: "cm-title" }, heading, button("Fermer", "cm-close", () => board.close())),
    problem,
    element(
      "div",
      { class: "cm-fields" },
      field("title").node,
      themes,
      networks,
      labelled("Jour de parution", day.input, "cm-narrow"),
      labelled("Heure", time.input, "cm-narrow"),
      labelled("Rédaction pour le", writing.input, "cm-narrow"),
      labelled("Validation pour le", approval.input, "cm-narrow"),
      element("div", { class: "cm-steps cm-wide-field" }, advice, usual),
      unread,
      ...["type", "persona", "objective", "market", "keywords", "tags", "call_to_action"].map((column) => field(column).node),
    ),
    repeat.node,
    series,
    element("div", { class: "cm-steps cm-sheet-tools" }, copy, remove),
  );

  let proposed = "";
  function show() {
    const found = post();
    const now = board.post(id) !== undefined;
    known ||= now;
    const title = `${now ? "Publication" : "Nouvelle publication"}${found.cells.title ? `\u00a0: ${found.cells.title}` : ""}`;
    if (heading.textContent !== title) heading.textContent = title;
    const why = board.problem(id);
    problem.textContent = now && why ? `⚠ ${why}` : "";
    const room = spec.longest - MARGIN - lines.line({ ...found.cells, published: "", deadlines: "" }).length;
    for (const one of texts) one.show(found.cells[one.column], room);
    const { themes: named, personas } = board.status();
    field("persona").propose(personas);
    const wanted = JSON.stringify(named);
    if (proposed !== wanted) {
      proposed = wanted;
      theme.replaceChildren(element("option", { value: "" }, "Choisir…"), ...named.map(([name], i) => element("option", { value: String(i) }, name)));
    }
    themes.hidden = !named.length;
    for (const { network, input } of boxes) input.checked = found.networks.includes(network);
    strays.textContent = found.strays.length ? `«\u00a0${found.strays.join("\u202f; ")}\u00a0» (hors de la liste)` : "";
    day.follow(found.day === null ? "" : isoDay(found.day));
    time.follow(found.minutes === null ? "" : clock(found.minutes));
    writing.follow(found.dues?.writing == null ? "" : isoDay(found.dues.writing));
    approval.follow(found.dues?.approval == null ? "" : isoDay(found.dues.approval));
    unread.textContent = [
      found.day === null && found.cells.published ? `Jour écrit «\u00a0${found.cells.published}\u00a0»\u00a0: choisissez-le dans le calendrier.` : "",
      found.dues === null ? `Échéances écrites «\u00a0${found.cells.deadlines}\u00a0»\u00a0: choisissez-les dans le calendrier.` : "",
    ].filter(Boolean).join(" ");
    unread.hidden = !unread.textContent;
    drawAdvice(found);
    repeat.show(found);
    const many = siblings().length;
    series.hidden = many < 2;
    apply.textContent = `Appliquer à toute la série (${many})`;
    removeAll.textContent = `Supprimer la série (${many})`;
    copy.disabled = remove.disabled = !now;
  }

  return {
    id,
    node,
    show,
    focus: () => field("title").input.focus({ preventScroll: true }),
    gone: () => known && !repeat.placing() && board.post(id) === undefined,
    close: () => {
      if (node.contains(document.activeElement)) document.activeElement.blur(); // what is typed there is saved first
      closed = true;
      node.remove();
    },
  };
}

// « Répéter cette publication »: the kernel places the series, in the place of this one.
function repeatPart(spec, lines, board, key, { id, post }) {
  let touched = false; // until then, the days and the end follow the publication
  let placing = false;
  const days = DAY_NAMES.map((name) => {
    const input = element("input", { type: "checkbox", onchange: () => touch() });
    return { input, node: element("label", { class: "cm-option" }, input, element("span", {}, name)) };
  });
  const every = element("input", { type: "number", id: `${key}-toutes`, min: "1", max: "52", value: "1", oninput: () => touch() });
  const until = element("input", { type: "date", id: `${key}-fin`, min: isoDay(FIRST_DAY), max: isoDay(LAST_DAY), onchange: () => touch() });
  const count = element("span", { class: "cm-reading", role: "status" });
  const place = element("button", { type: "button", class: "cm-button cm-main cm-place", onclick: () => send() }, "Poser la série");
  const node = element(
    "details",
    { class: "cm-repeat" },
    element("summary", {}, "Répéter cette publication"),
    element("fieldset", { class: "cm-field" }, element("legend", {}, "Jours de la semaine"), element("div", { class: "cm-options" }, ...days.map((day) => day.node))),
    element("div", { class: "cm-steps" }, element("label", { for: every.id }, "Toutes les"), every, element("span", {}, "semaine(s), jusqu’au"), until, place, count),
  );
  until.setAttribute("aria-label", "Jusqu’au");
  every.setAttribute("aria-label", "Toutes les (semaines)");

  const touch = () => {
    touched = true;
    show(post());
  };

  const asked = () => ({ weekdays: days.flatMap(({ input }, i) => (input.checked ? [i] : [])), every: Number(every.value), until: readDay(until.value) });

  function howMany({ day }) {
    const { weekdays, every: step, until: last } = asked();
    if (day === null || last === null || !(step >= 1)) return 0;
    let found = 0;
    for (let at = day; at <= last && found <= spec.most; at += 1)
      if (weekdays.includes(weekday(at)) && Math.floor((at - day + weekday(day)) / 7) % step === 0) found += 1;
    return found;
  }

  function show(found) {
    if (!touched) {
      days.forEach(({ input }, i) => (input.checked = found.day !== null && weekday(found.day) === i));
      until.value = found.day === null ? "" : isoDay(found.day + 25 * 7); // six months
    }
    const many = howMany(found);
    const told = many > spec.most ? `Plus de ${spec.most} publications` : several(many, "publication", "publications");
    if (count.textContent !== told) count.textContent = told;
  }

  function send() {
    if (placing) return; // one click is enough
    const found = post();
    const missing = [found.cells.title ? "" : "un titre", found.networks.length ? "" : "un réseau", found.day === null ? "un jour" : ""].filter(Boolean);
    const { weekdays, every: step, until: last } = asked();
    if (missing.length) return board.tell(`Pour répéter cette publication, donnez-lui ${missing.join(", ")}.`);
    if (!weekdays.length || !Number.isInteger(step) || step < 1 || last === null) return board.tell("Cochez au moins un jour, et donnez le nombre de semaines et la date de fin.");
    const content = { type: "series", line: found.line, weekdays, every: step, until: shortDay(last), in_place_of: id };
    placing = board.ask("La série n’est pas posée", content, [], (saved) => {
      placing = false;
      if (!saved) return;
      board.close(id); // unless another one has been opened meanwhile
      board.showMonth(found.day);
    });
  }

  return { node, show, placing: () => placing };
}

// A day or an hour, in the browser's own control: saved once it is whole and one has stopped, or left it.
function momentControl(type, attributes, save) {
  let timer = null;
  let sent = "";
  const send = () => {
    clearTimeout(timer);
    timer = null;
    if (!input.validity.valid || input.value === sent) return; // half a date, or the year 0002 of somebody who types 2026
    sent = input.value;
    save(input.value);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(send, 700);
  };
  const input = element("input", { ...attributes, type, onchange: later, onblur: send });
  const follow = (text) => {
    if (!settled(input, timer, sent)) return;
    if (input.value !== text) input.value = text;
    sent = text;
  };
  return { input, follow };
}
