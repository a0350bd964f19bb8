// An editorial planning: three views of the same publications, the sheet of one of them, and the rules that they keep.

CONTROLS.planning = (spec, commit, line) => {
  const lines = planningLines(spec);
  const names = new Map(spec.networks);
  let values = {}; // id -> line: what the page knows before the kernel has answered
  let status = { problems: {}, checks: [], themes: [], personas: [] }; // what the kernel last said
  let month = null; // the one shown, as { year, month }
  let note = "";
  let form = null;
  let opener = null; // what had the keyboard before the sheet was opened
  const hidden = new Set(); // networks that the filter leaves out
  const said = element("p", { class: "cm-reading cm-said", role: "status" });
  const tell = (text) => (said.textContent = text);

  // ---- the publications
  let listed = null; // [[id, publication]…] in order of date; those without a day first
  const rank = ({ day, minutes }) => (day === null ? -Infinity : day * 1440 + (minutes ?? -1));
  const all = () => (listed ??= Object.entries(values).map(([id, text]) => [id, lines.post(text)]).sort(([, a], [, b]) => rank(a) - rank(b) || 0));
  const visible = ({ networks }) => !networks.length || networks.some((network) => !hidden.has(network));
  const newId = () => {
    for (let number = 1; ; number += 1) if (!(`n${number}${PAGE}` in values)) return `n${number}${PAGE}`;
  };

  function follow(now) {
    values = Object.fromEntries(Object.entries(now).filter(([, text]) => text)); // what is being removed is null
    listed = null;
  }

  function save(entries) {
    const made = Object.entries(entries).filter(([id, text]) => text && !(id in values)).length;
    if (made && Object.keys(values).length + made > spec.most) {
      tell(`Un planning prend ${spec.most} publications au plus.`);
      return false;
    }
    follow({ ...values, ...entries });
    commit(entries);
    show();
    return true;
  }

  const board = {
    all,
    shown: () => all().filter(([, post]) => visible(post)),
    post: (id) => (id in values ? lines.post(values[id]) : undefined),
    problem: (id) => status.problems[id] ?? "",
    status: () => status,
    month: () => month,
    networks: () => {
      const used = new Set(all().flatMap(([, { networks }]) => networks));
      return spec.networks.map(([network]) => network).filter((network) => (used.size ? used.has(network) : true) && !hidden.has(network));
    },
    tell,
    save,
    place: (id, day) => {
      const post = board.post(id);
      if (!post || post.day === day || day < FIRST_DAY || day > LAST_DAY) return;
      const changed = lines.onDay(post, day);
      save({ [id]: lines.line({ ...post.cells, ...changed }) });
      tell(`«\u00a0${post.cells.title || "Sans titre"}\u00a0»\u00a0: ${longDay(day)}.${changed.deadlines ? " Les échéances ont suivi." : ""}`);
    },
    move: (id, days) => {
      const post = board.post(id);
      if (post?.day == null) return tell("Cette publication n’a pas de jour\u00a0: ouvrez-la pour lui en donner un.");
      showMonth(post.day + days);
      board.place(id, post.day + days);
    },
    open: (id) => openForm(id, null),
    add: (day, from) => openForm(newId(), { ...lines.post("").cells, published: day === null ? "" : shortDay(day) }, from),
    duplicate: (id) => {
      const made = newId();
      if (!save({ [made]: values[id] })) return;
      openForm(made, null);
      tell("Copie ouverte\u00a0: changez son jour ou son titre.");
    },
    remove: (ids) => {
      const gone = ids.filter((id) => id in values);
      if (form && gone.includes(form.id)) board.close();
      save(Object.fromEntries(gone.map((id) => [id, null])));
      tell(`${several(gone.length, "publication supprimée", "publications supprimées")}. Vous pouvez annuler.`);
      if (document.activeElement === document.body) board.rest();
    },
    rest: () => add.focus(), // where the keyboard goes when what it was on is no more
    close: (wanted = form?.id) => {
      if (!form || form.id !== wanted) return;
      const { id } = form;
      const back = opener;
      const closing = form;
      form = null;
      closing.close();
      if (back?.isConnected && back.checkVisibility()) back.focus();
      else if (!views[view].focus(id)) board.rest();
    },
    showMonth: (day) => {
      view = "month";
      switcher.check(view);
      showMonth(day);
      show();
    },
    ask,
  };

  function showMonth(day) {
    const { year, month: shown } = calendar(day);
    month = { year, month: shown };
  }

  function openForm(id, draft, from = null) {
    form?.close();
    opener = from;
    form = postForm(spec, lines, board, id, draft ?? board.post(id).cells);
    place.replaceChildren(form.node);
    form.show();
    form.focus();
    form.node.scrollIntoView({ block: "nearest" });
    tell("");
  }

  // ---- what the kernel is asked: a series, a file, a block
  const asked = new Map(); // message number -> what to do of its acknowledgement
  function ask(lost, content, buffers, then) {
    note = ""; // what is said of it may be what was said of the last one
    asked.set(line.send(content, buffers), then);
    const alive = line.alive();
    if (!alive) tell(`${lost}\u00a0: exécutez toutes les cellules, puis recommencez.`);
    return alive;
  }
  line.onAck((content, buffers) => {
    const then = asked.get(content.n);
    asked.delete(content.n);
    then?.(content.saved === true, content, buffers);
  });

  const file = element("input", { type: "file", accept: ".xlsx,.csv,.ics", class: "cm-hidden", tabindex: "-1", "aria-label": "Fichier à importer", onchange: () => readFile() });
  async function readFile() {
    const [chosen] = file.files;
    if (!chosen) return;
    const content = { type: "import", name: chosen.name, replace: replaces() };
    file.value = ""; // the same file may be chosen again
    if (chosen.size > LARGEST_FILE) return tell(`«\u00a0${chosen.name}\u00a0» pèse plus de 5\u00a0Mo\u00a0: ce n’est pas un planning.`);
    tell(`Lecture de «\u00a0${chosen.name}\u00a0»…`);
    try {
      ask(`«\u00a0${chosen.name}\u00a0» n’est pas importé`, content, [await chosen.arrayBuffer()], added);
    } catch {
      tell(`«\u00a0${chosen.name}\u00a0» ne peut pas être lu\u00a0: fermez-le dans le tableur, puis choisissez-le de nouveau.`);
    }
  }

  function paste(text) {
    if (text.length > LARGEST_FILE) return tell("Ce texte pèse plus de 5\u00a0Mo\u00a0: ce n’est pas un planning.");
    ask("Les lignes ne sont pas ajoutées", { type: "paste", text, replace: replaces() }, [], (saved) => {
      if (saved) block.value = "";
      added(saved);
    });
  }

  // What comes in is shown: the month of the first publication, unless one is looking at publications already.
  function added(saved) {
    if (!saved) return;
    way.check("add"); // replacing is asked for each time
    if (incoming.contains(document.activeElement)) incoming.firstChild.focus();
    incoming.open = false;
    if (!month.chosen && all().some(([, post]) => post.day !== null)) showMonth(all().find(([, post]) => post.day !== null)[1].day);
    show();
  }

  function download(format) {
    ask("Rien n’est exporté", { type: "export", format }, [], (_, content, buffers) => {
      if (!content.file) return;
      const url = URL.createObjectURL(new Blob([buffers[0]]));
      const link = element("a", { href: url, download: content.file });
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    });
  }

  // ---- the toolbar
  const button = (label, name, act, attributes = {}) => element("button", { type: "button", class: `cm-button ${name}`, onclick: act, ...attributes }, label);
  let view = "month";
  const switcher = radios(
    `${spec.key}-vue`,
    "Vue",
    [
      ["month", "Mois"],
      ["list", "Liste"],
      ["slots", "Créneaux"],
    ],
    (chosen) => {
      view = chosen;
      show();
    },
    "cm-views",
    true,
  );
  const add = button("Ajouter une publication", "cm-main cm-add", () => board.add(null, add));
  const monthName = element("span", { class: "cm-month-name", "aria-live": "polite" });
  const turn = (step) => () => {
    const at = month.year * 12 + month.month - 1 + step;
    month = { year: Math.floor(at / 12), month: (at % 12) + 1, chosen: true };
    show();
  };
  const turning = element("div", { class: "cm-steps cm-turning" }, button("‹", "cm-before", turn(-1), { "aria-label": "Mois précédent" }), monthName, button("›", "cm-after", turn(1), { "aria-label": "Mois suivant" }));
  const way = radios(
    `${spec.key}-import`,
    "Ce qui arrive d’un fichier ou d’un tableur",
    [
      ["add", "ajouter aux publications"],
      ["replace", "remplacer tout"],
    ],
    () => {},
    "cm-way",
  );
  way.check("add");
  const replaces = () => incoming.open && way.node.querySelector("input[value=replace]").checked;
  const block = element("textarea", { id: `cm-coller-${next()}`, rows: "4", spellcheck: "false" });
  const incoming = element(
    "details",
    { class: "cm-incoming" },
    element("summary", {}, "Importer, coller depuis un tableur…"),
    element("div", { class: "cm-steps" }, way.node),
    element("div", { class: "cm-steps" }, button("Choisir un fichier (.xlsx, .csv, .ics)…", "cm-import", () => file.click()), file),
    element("label", { for: block.id }, "Ou collez ici des lignes de votre tableur, avec leurs en-têtes"),
    block,
    element("div", { class: "cm-steps" }, button("Lire ces lignes", "cm-paste", () => (block.value.trim() ? paste(block.value) : tell("Collez d’abord des lignes.")))),
  );
  const outgoing = element(
    "div",
    { class: "cm-steps cm-outgoing", role: "group", "aria-label": "Exporter" },
    element("span", {}, "Exporter\u00a0:"),
    ...["xlsx", "csv", "ics"].map((format) => button(`.${format}`, `cm-export-${format}`, () => download(format), { "aria-label": `Exporter en .${format}` })),
  );
  const filters = new Map(
    spec.networks.map(([network, name]) => {
      const count = element("span", {});
      const input = element("input", {
        type: "checkbox",
        checked: true,
        onchange: () => {
          if (input.checked) hidden.delete(network);
          else hidden.add(network);
          show();
        },
      });
      return [network, { input, count, node: element("label", { class: "cm-option cm-filter" }, input, element("span", {}, networkMark(network), element("span", { class: "cm-filter-name" }, name), count)) }];
    }),
  );
  const filter = element("fieldset", { class: "cm-filter-set" }, element("legend", { class: "cm-hidden" }, "Réseaux montrés"), element("div", { class: "cm-options" }, ...[...filters.values()].map(({ node }) => node)));

  // ---- the card
  const views = { month: monthView(spec, lines, board), list: listView(spec, lines, board), slots: slotsView(spec, lines, board) };
  const place = element("div", { class: "cm-sheet-place" });
  const rules = rulesPart(spec);
  const bar = element("div", { class: "cm-steps cm-bar-top" }, add, switcher.node, turning);
  const node = element("div", { class: "cm-planning" }, bar, incoming, outgoing, said, place, filter, ...Object.values(views).map((one) => one.node), rules.node);
  node.addEventListener("paste", (event) => {
    if (event.target.closest?.("textarea, input:not([type=checkbox], [type=radio], [type=file])")) return;
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    paste(text);
  });

  function drawFilters() {
    const counts = new Map();
    for (const [, { networks }] of all()) for (const network of networks) counts.set(network, (counts.get(network) ?? 0) + 1);
    for (const [network, { node: chip, count }] of filters) {
      count.textContent = `(${counts.get(network) ?? 0})`;
      chip.hidden = !counts.has(network) && !hidden.has(network);
    }
    filter.hidden = !counts.size && !hidden.size;
  }

  // Only the view that one looks at is drawn, at once after a gesture: the kernel may be slow to answer it, or lost.
  function show() {
    for (const [name, one] of Object.entries(views)) one.node.hidden = name !== view;
    turning.hidden = view !== "month";
    const told = `${MONTH_NAMES[month.month - 1]} ${month.year}`;
    if (monthName.textContent !== told) monthName.textContent = told;
    drawFilters();
    views[view].draw();
    if (form?.gone()) {
      board.close();
      tell("La publication ouverte n’existe plus\u00a0: sa fiche est fermée.");
    } else form?.show();
  }

  switcher.check(view);
  return {
    node,
    update: (now, known) => {
      follow(now);
      status = known;
      if (!month) firstMonth();
      show();
      rules.show(known.checks);
      if (known.note && known.note !== note) tell(known.note);
      note = known.note;
    },
  };

  function firstMonth() {
    const first = all().find(([, post]) => post.day !== null);
    const [year, at] = spec.month.split("-").map(Number);
    if (first) showMonth(first[1].day);
    else if (year && at) month = { year, month: at };
    else showMonth(Math.floor(Date.now() / 86_400_000));
  }
};

// The rules: those that are not kept yet, then the others; and their thresholds, to read before one begins.
function rulesPart(spec) {
  const list = element("ul", { class: "cm-rules" });
  const thresholds = element(
    "details",
    { class: "cm-hint", open: true },
    element("summary", {}, "Les règles et leurs seuils (hypothèses pédagogiques)"),
    element("ul", {}, ...spec.rules.map((rule) => element("li", {}, rule))),
  );
  const heading = element("h4", {});
  let drawn = "";
  return {
    node: element("section", { class: "cm-rules-part", "aria-label": "Règles du planning" }, heading, list, thresholds),
    show: (checks) => {
      const wanted = JSON.stringify(checks);
      if (drawn === wanted) return;
      if (checks.length && (drawn === "" || drawn === "[]")) thresholds.open = false;
      drawn = wanted;
      const kept = checks.filter(([, ok]) => ok);
      heading.textContent = checks.length ? `Règles tenues\u00a0: ${kept.length} sur ${checks.length}` : "Règles";
      const told = [...checks.filter(([, ok]) => !ok), ...kept];
      list.replaceChildren(...told.map(([, ok, sentence]) => element("li", { class: ok ? "cm-kept" : "cm-broken" }, `${ok ? "✓" : "✗"}\u00a0${sentence}`)));
    },
  };
}
