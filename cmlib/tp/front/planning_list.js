// The publications of a planning one under the other, in order of date: to read them over, to delete several at once.

function listView(spec, lines, board) {
  const HEADS = ["Date", "Heure", "Réseaux", "Titre", "Type", "Persona", "Échéances", "À compléter"];
  const rows = new Map(); // id -> { node, box, drawn }
  const chosen = new Set();
  const body = element("div", { role: "rowgroup", class: "cm-keys" });
  const all = element("input", { type: "checkbox", "aria-label": "Tout cocher", onchange: () => choose([...rows.keys()], all.checked) });
  const remove = element("button", { type: "button", class: "cm-button cm-remove-chosen", onclick: () => removeChosen() });
  const empty = element("p", { class: "cm-reading" }, "Aucune publication à montrer.");
  const column = (...inside) => element("span", { role: "columnheader", class: "cm-column" }, ...inside);
  const grid = element(
    "div",
    { class: "cm-grid cm-list", role: "table", "aria-label": "Publications, par date" },
    element("div", { role: "rowgroup", class: "cm-grid-head" }, element("div", { role: "row", class: "cm-row" }, column(element("label", { class: "cm-tick" }, all)), ...HEADS.map((head) => column(head)))),
    body,
  );
  const scroll = element("div", { class: "cm-scroll", tabindex: "0", role: "group", "aria-label": "Liste des publications" }, grid);
  const node = element("div", {}, element("div", { class: "cm-steps" }, remove), empty, scroll);

  const choose = (ids, checked) => {
    for (const id of ids) {
      if (checked) chosen.add(id);
      else chosen.delete(id);
      rows.get(id).box.checked = checked;
    }
    count();
  };

  function count() {
    for (const id of chosen) if (!rows.has(id)) chosen.delete(id); // what a filter hides is not deleted
    remove.textContent = chosen.size > 1 ? `Supprimer les ${chosen.size} cochées` : chosen.size ? "Supprimer la publication cochée" : "Cochez des publications pour les supprimer";
    remove.disabled = !chosen.size;
    all.checked = chosen.size > 0 && chosen.size === rows.size;
    all.indeterminate = chosen.size > 0 && !all.checked;
  }

  function removeChosen() {
    const ids = [...chosen];
    chosen.clear();
    board.remove(ids);
    if (rows.size) all.focus();
    else board.rest();
  }

  function cellsOf(id, post) {
    const cell = (text, kind = "") => element("span", { role: "cell", class: `cm-cell ${kind}` }, text);
    const { cells, dues } = post;
    const due = (label, day) => (day === null ? [] : [`${label}\u00a0${shortDay(day).slice(0, 5)}`]);
    const title = element("button", { type: "button", class: "cm-link", "data-post": id, "aria-label": `Ouvrir ${lines.said(post)}` }, cells.title || "Sans titre");
    const problem = board.problem(id);
    return [
      cell(post.day === null ? cells.published || "sans date" : `${DAY_NAMES[weekday(post.day)].slice(0, 3)}.\u00a0${shortDay(post.day)}`, "cm-when"),
      cell(post.minutes === null ? "" : hour(post.minutes), "cm-when"),
      cell(lines.networks(post.networks, post.strays)),
      cell(title),
      cell(cells.type),
      cell(cells.persona),
      cell(dues === null ? cells.deadlines : [...due("réd.", dues.writing), ...due("val.", dues.approval)].join(", ")),
      cell(problem ? `⚠ ${problem}` : ""),
    ];
  }

  function newRow(id) {
    const box = element("input", { type: "checkbox", checked: chosen.has(id), onchange: () => choose([id], box.checked) });
    return { node: element("div", { role: "row", class: "cm-row" }, element("span", { role: "cell", class: "cm-cell" }, element("label", { class: "cm-tick" }, box))), box, drawn: "" };
  }

  function draw() {
    const entries = board.shown();
    const wanted = new Set(entries.map(([id]) => id));
    const focused = document.activeElement;
    const held = body.contains(focused) ? focused.dataset.post : null;
    for (const [id, row] of rows) {
      if (wanted.has(id)) continue;
      row.node.remove();
      rows.delete(id);
    }
    entries.forEach(([id, post], i) => {
      if (!rows.has(id)) rows.set(id, newRow(id));
      const row = rows.get(id);
      if (body.children[i] !== row.node) body.insertBefore(row.node, body.children[i] ?? null);
      const drawn = `${post.line}\n${board.problem(id)}`;
      if (row.drawn === drawn) return;
      row.drawn = drawn;
      row.box.setAttribute("aria-label", `Cocher ${lines.said(post)}`);
      row.node.replaceChildren(row.node.firstChild, ...cellsOf(id, post));
    });
    empty.hidden = entries.length > 0;
    scroll.hidden = entries.length === 0;
    count();
    if (focused !== document.activeElement && held) focus(held);
    else if (focused !== document.activeElement && body.contains(focused)) focused.focus();
  }

  body.addEventListener("click", (event) => {
    if (event.target.closest("label, input")) return;
    const id = event.target.closest(".cm-row")?.querySelector("[data-post]")?.dataset.post;
    if (id) board.open(id);
  });

  function focus(id) {
    const found = body.querySelector(`[data-post="${CSS.escape(id)}"]`);
    found?.focus();
    return Boolean(found);
  }

  return { node, draw, focus };
}
