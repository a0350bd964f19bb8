// A table to fill in, with the keys and the clipboard of a spreadsheet. Rows are kept by id: moving one redraws no cell.

CONTROLS.table = (spec, commit, line) => {
  const fixed = spec.rows.length > 0;
  const rows = rowsOf(spec, commit);
  const lines = new Map(); // row id -> { node, head, cells: { column: { node, show } } }
  let current = null; // the row that the buttons act on
  const id = `cm-${next()}`;
  // Rows are boxes rather than a <table>: the browser then draws those that are seen, and a hundred of them stay fluid.
  const widths = spec.fields.map(({ input, words }) => ({ line: words ? 180 : 130, text: 200, one: 160, several: 160 })[input]);
  const tracks = [fixed ? "140px" : "48px", ...widths.map((width) => `minmax(${width}px, ${width}fr)`)].join(" ");
  const body = element("div", { class: "cm-keys", role: "rowgroup" });
  const said = element("p", { class: "cm-reading cm-said", role: "status" });
  const columns = spec.fields.map(({ name, label, asked, input }, i) =>
    element(
      "span",
      { role: "columnheader", id: `${id}-${i}`, class: "cm-column" },
      label + (asked && input !== "several" ? ` (${asked})` : "") + (spec.optional.includes(name) ? " — facultatif" : ""),
    ),
  );
  const head = element("div", { role: "row", class: "cm-row" }, element("span", { role: "columnheader", class: "cm-column" }, element("span", { class: "cm-hidden" }, capital(spec.noun))), ...columns);
  const grid = element("div", { class: "cm-grid", role: "table", "aria-label": spec.title }, element("div", { class: "cm-grid-head", role: "rowgroup" }, head), body);
  grid.style.setProperty("--cm-tracks", tracks);
  grid.style.minWidth = `${widths.reduce((sum, width) => sum + width, fixed ? 140 : 48)}px`;
  const tell = (text) => (said.textContent = text);
  let note = "";

  // ---- buttons
  const tool = (label, act, name) => element("button", { type: "button", class: `cm-button ${name}`, onclick: act }, label);
  const here = element("span", { class: "cm-here" });
  const up = tool("Monter", () => moveTo(current, rows.order().indexOf(current) - 1) && (up.disabled ? down : up).focus(), "cm-row-up");
  const down = tool("Descendre", () => moveTo(current, rows.order().indexOf(current) + 1) && (down.disabled ? up : down).focus(), "cm-row-down");
  const copy = tool("Dupliquer", () => duplicate(current), "cm-row-copy");
  const remove = tool("Supprimer", () => removeRow(current), "cm-row-remove");
  const add = tool(`Ajouter une ${spec.noun}`, () => focusCell(rows.add(), 0), "cm-add");
  const file = element("input", {
    type: "file",
    accept: ".xlsx,.csv",
    class: "cm-hidden",
    tabindex: "-1",
    "aria-label": "Fichier à importer",
    onchange: async () => {
      const [chosen] = file.files;
      if (!chosen) return;
      file.value = ""; // the same file may be chosen again
      if (chosen.size > LARGEST_FILE) return tell(`«\u00a0${chosen.name}\u00a0» pèse plus de 5\u00a0Mo\u00a0: ce n’est pas un tableau.`);
      tell(`Lecture de «\u00a0${chosen.name}\u00a0»…`);
      note = ""; // what is said of it may be what was said of the last one
      try {
        line.send({ type: "import", name: chosen.name }, [await chosen.arrayBuffer()]);
      } catch {
        return tell(`«\u00a0${chosen.name}\u00a0» ne peut pas être lu\u00a0: fermez-le dans le tableur, puis choisissez-le de nouveau.`);
      }
      if (!line.alive()) tell(`«\u00a0${chosen.name}\u00a0» n’est pas importé\u00a0: exécutez toutes les cellules, puis choisissez-le de nouveau.`);
    },
  });
  const actions = element(
    "div",
    { class: "cm-steps" },
    fixed ? null : add,
    tool("Importer un fichier…", () => file.click(), "cm-import"),
    file,
    tool("Copier le tableau", () => copyAll(), "cm-copy"),
  );
  const rowTools = fixed ? null : element("div", { class: "cm-steps cm-row-tools", role: "group", "aria-label": `Sur la ${spec.noun} choisie` }, here, up, down, copy, remove);

  // ---- cells
  const entry = (row, column) => `${row}.${column}`;
  const value = (row, column) => rows.text(row, column);

  function newLine(row) {
    const headId = `${id}-${row}`;
    const head = element("span", { role: "rowheader", id: headId, class: "cm-row-head", draggable: fixed ? null : "true" });
    const cells = {};
    const node = element("div", { role: "row", class: "cm-row", "data-row": row }, head);
    spec.fields.forEach((field, i) => {
      const cell = gridCell(field, `${id}-${i} ${headId}`, (text) => rows.set({ [entry(row, field.name)]: text }));
      cells[field.name] = cell;
      node.append(element("div", { role: "cell", class: "cm-cell", "data-column": i }, cell.node));
    });
    return { node, head, cells };
  }

  function focusCell(row, column) {
    if (!lines.has(row)) show();
    const target = lines.get(row)?.node.querySelector(`[data-column="${column}"] :is(input, textarea, select, summary)`);
    target?.focus();
    target?.select?.();
  }

  const place = (target) => {
    const cell = target.closest(".cm-cell");
    return cell ? { row: cell.parentNode.dataset.row, column: Number(cell.dataset.column), control: target } : null;
  };

  function moveTo(row, to) {
    if (!rows.move(row, to)) return false;
    draw();
    tell(`${title(row)}\u00a0: place ${rows.order().indexOf(row) + 1} sur ${rows.order().length}.`);
    return true;
  }

  function duplicate(row) {
    const made = rows.duplicate(row);
    if (made) focusCell(made, 0);
    else tell(full());
  }

  function removeRow(row) {
    const place = rows.order().indexOf(row);
    rows.remove(row);
    show();
    const near = rows.order()[Math.min(place, rows.order().length - 1)];
    focusCell(near, 0);
    tell(`Une ${spec.noun} supprimée\u202f; vous pouvez annuler.`);
  }

  const full = () => `Ce tableau prend ${spec.most} ${spec.noun}s au plus.`;
  const title = (row) => (fixed ? spec.rows.find(([known]) => known === row)[1] : `${capital(spec.noun)} ${rows.order().indexOf(row) + 1}`);

  async function copyAll() {
    const table = [spec.fields.map(({ label }) => label), ...rows.order().map((row) => spec.fields.map(({ name }) => value(row, name)))];
    try {
      await navigator.clipboard.writeText(writeBlock(table));
      tell("Tableau copié\u00a0: collez-le dans votre tableur.");
    } catch {
      tell("Le navigateur n’a pas permis la copie\u00a0: sélectionnez le récapitulatif sous la carte, et copiez-le.");
    }
  }

  // ---- keys, clipboard, drag
  body.cmlibKey = (event) => {
    const at = place(event.target);
    if (!at) return;
    const order = rows.order();
    const rank = order.indexOf(at.row);
    const vertical = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (vertical && event.altKey && !fixed) {
      event.preventDefault();
      moveTo(at.row, rank + vertical);
      focusCell(at.row, at.column);
    } else if (at.control.matches("input[type=text]") && (vertical || event.key === "Enter") && !event.altKey) {
      const to = rank + (vertical ?? (event.shiftKey ? -1 : 1));
      event.preventDefault();
      if (to < 0) return;
      if (order[to]) focusCell(order[to], at.column);
      else if (event.key === "Enter" && !fixed && order.length < spec.most) {
        at.control.blur(); // saved first
        focusCell(rows.add(), at.column);
      }
    } else if (event.key === "Escape" && at.control.closest("details[open]")) {
      const panel = at.control.closest("details");
      panel.open = false;
      panel.querySelector("summary").focus();
    }
  };
  body.addEventListener("focusin", (event) => {
    const at = place(event.target);
    if (!at) return;
    current = at.row;
    choose();
    tell(lines.get(at.row).cells[spec.fields[at.column].name].said());
  });
  body.addEventListener("paste", (event) => {
    const at = place(event.target);
    const text = event.clipboardData.getData("text/plain");
    const fromSpreadsheet = /<t(able|d)\b/i.test(event.clipboardData.getData("text/html"));
    const typed = event.target.matches("input[type=text], textarea"); // elsewhere the browser pastes nothing
    const isBlock = text.includes("\t") || (/\n./.test(text.trimEnd()) && (fromSpreadsheet || !event.target.matches("textarea"))) || (text.trim() && !typed);
    if (!at || !isBlock) return;
    event.preventDefault();
    at.control.blur(); // what was typed there is saved first
    pasteBlock(readBlock(text), at);
  });

  function pasteBlock(block, at) {
    let from = spec.fields.slice(at.column).map(({ name }) => name);
    const heads = block[0].map((text) => spec.fields.find(({ label }) => bare(label) === bare(text))?.name);
    if (heads.filter(Boolean).length > 1 && heads.every((head, i) => head || !block[0][i].trim())) {
      from = heads; // the first line says which column is which
      block = block.slice(1);
    }
    const order = rows.order();
    const start = order.indexOf(at.row);
    const most = fixed ? order.length : spec.most;
    const taken = block.slice(0, Math.max(0, most - start));
    const entries = {};
    const made = rows.more(start + taken.length - order.length);
    [...order, ...made].slice(start).forEach((row, i) =>
      taken[i]?.forEach((text, j) => {
        if (from[j]) entries[entry(row, from[j])] = text.trim() ? text : null;
      }),
    );
    rows.set(entries, made);
    const wide = block.some((line) => line.slice(from.length).some((text) => text.trim()));
    const lost = [
      block.length > taken.length ? `${several(block.length - taken.length, `${spec.noun} en trop n’a pas été collée`, `${spec.noun}s en trop n’ont pas été collées`)} (${most} au plus)` : "",
      wide ? "les colonnes qui dépassent le tableau n’ont pas été collées" : "",
    ].filter(Boolean);
    show();
    focusCell(at.row, at.column);
    tell(`${several(taken.length, `${spec.noun} collée`, `${spec.noun}s collées`)}${lost.length ? `\u202f; ${lost.join("\u202f; ")}` : ""}. Vous pouvez annuler.`);
  }

  let dragged = null;
  body.addEventListener("dragstart", (event) => {
    if (!event.target.matches?.("[draggable]")) return; // a text that is dragged from a cell to another
    dragged = event.target.closest(".cm-row").dataset.row;
    event.dataTransfer.setData("text/plain", title(dragged));
    event.dataTransfer.effectAllowed = "move";
  });
  body.addEventListener("dragend", () => (dragged = null));
  body.addEventListener("dragover", (event) => dragged && event.preventDefault());
  body.addEventListener("drop", (event) => {
    const target = event.target.closest(".cm-row")?.dataset.row;
    if (!dragged || !target) return;
    event.preventDefault();
    moveTo(dragged, rows.order().indexOf(target));
  });

  // ---- drawing
  let known = {}; // what the kernel last said
  // Drawn at once after a gesture: the kernel may be slow to answer it, or lost.
  function show() {
    draw();
    for (const [row, { cells }] of lines)
      for (const { name } of spec.fields) {
        const at = entry(row, name);
        cells[name].show(value(row, name), known.readings?.[at] ?? "", known.problems?.[at] ?? "");
      }
  }

  function draw() {
    const order = rows.order();
    for (const [row, line] of lines) {
      if (order.includes(row)) continue;
      line.node.remove();
      lines.delete(row);
    }
    const focused = document.activeElement;
    let before = null;
    order.forEach((row, i) => {
      if (!lines.has(row)) lines.set(row, newLine(row));
      const { node, head } = lines.get(row);
      if ((before ? before.nextSibling : body.firstChild) !== node) body.insertBefore(node, before ? before.nextSibling : body.firstChild);
      before = node;
      const text = fixed ? spec.rows[i][1] : String(i + 1);
      if (head.textContent !== text) {
        head.textContent = text;
        if (!fixed) head.setAttribute("aria-label", `${capital(spec.noun)} ${text}`);
      }
    });
    if (focused !== document.activeElement && body.contains(focused)) focused.focus();
    choose();
  }

  function choose() {
    const order = rows.order();
    if (!order.includes(current)) current = null;
    for (const [row, { node }] of lines) node.classList.toggle("cm-current", row === current);
    if (fixed) return;
    const rank = order.indexOf(current);
    here.textContent = current === null ? `Aucune ${spec.noun} choisie.` : title(current);
    for (const button of [copy, remove]) button.disabled = current === null;
    up.disabled = rank <= 0;
    down.disabled = rank < 0 || rank === order.length - 1;
    copy.disabled ||= order.length >= spec.most;
    add.disabled = order.length >= spec.most;
  }

  return {
    node: element("div", { class: "cm-table" }, actions, element("p", { class: "cm-reading" }, "Un bloc copié dans un tableur se colle à partir de la cellule choisie."), element("div", { class: "cm-scroll" }, grid), said, rowTools),
    update: (values, status) => {
      rows.follow(values);
      known = status;
      show();
      if (status.note && status.note !== note) tell(status.note);
      note = status.note;
    },
  };
};

const LARGEST_FILE = 5_000_000; // bytes, as for the kernel: beyond ten million the server would drop the message in silence
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const several = (count, one, many) => `${count} ${count > 1 ? many : one}`;
const bare = (text) => text.normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();

// At the end of the ids of the rows that this page makes: another tab, which does not see them yet, makes others.
const PAGE = Math.random().toString(36).slice(2, 8).padEnd(6, "0");

// The rows of a table or of a set of cards: what the page knows before the kernel has answered.
function rowsOf(spec, commit) {
  const fixed = spec.rows.map(([row]) => row);
  let values = {};
  const order = () => (fixed.length ? fixed : values.lignes ? values.lignes.split(" ") : spec.first);
  const filled = (row) => spec.fields.filter(({ name }) => values[`${row}.${name}`]);
  const save = (entries, listed) => {
    const sent = fixed.length ? entries : { lignes: listed.join(" "), ...entries };
    values = { ...values, ...sent };
    commit(sent);
  };
  const more = (count) => {
    const free = [];
    for (let number = 1; free.length < count; number += 1) {
      const row = `r${number}${PAGE}`;
      if (!order().includes(row)) free.push(row);
    }
    return free;
  };
  return {
    order,
    more,
    text: (row, name) => values[`${row}.${name}`] ?? "",
    follow: (now) => (values = now),
    // `made` are rows to add at the end; the order goes along the first time, so that the blank rows around stay.
    set: (entries, made = []) => {
      if (fixed.length || (values.lignes && !made.length)) {
        values = { ...values, ...entries };
        commit(entries);
      } else save(entries, [...order(), ...made]);
    },
    add: () => {
      const [row] = more(1);
      save({}, [...order(), row]);
      return row;
    },
    duplicate: (row) => {
      if (order().length >= spec.most) return null;
      const [made] = more(1);
      const listed = order().flatMap((other) => (other === row ? [row, made] : [other]));
      save(Object.fromEntries(filled(row).map(({ name }) => [`${made}.${name}`, values[`${row}.${name}`]])), listed);
      return made;
    },
    remove: (row) => {
      const gone = Object.fromEntries(filled(row).map(({ name }) => [`${row}.${name}`, null]));
      const listed = order().filter((other) => other !== row);
      save(gone, listed.length ? listed : more(1));
    },
    move: (row, to) => {
      const listed = order().filter((other) => other !== row);
      if (to < 0 || to > listed.length || listed.length === order().length) return false;
      listed.splice(to, 0, row);
      save({}, listed);
      return true;
    },
  };
}
