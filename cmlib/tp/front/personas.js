// Persona cards: each row of the table is a person, with a face and a name.

CONTROLS.personas = (spec, commit, line) => {
  const rows = rowsOf(spec, commit);
  const cards = new Map(); // row id -> { node, fields, name, face }
  const place = element("div", { class: "cm-personas" });
  const said = element("p", { class: "cm-hidden", role: "status" });
  const told = element("p", { class: "cm-reading", role: "status" }); // what came of a start
  const starts = spec.starts.map((label, rank) =>
    element("button", { type: "button", class: "cm-button cm-start", onclick: () => line.send({ type: "start", rank }) }, label),
  );
  const add = element("button", { type: "button", class: "cm-button cm-add", onclick: () => focus(rows.add()) }, `Ajouter une ${spec.noun}`);
  const focus = (row) => {
    show();
    cards.get(row)?.node.querySelector("input, textarea, select")?.focus();
  };

  function newCard(row) {
    const face = element("span", { class: "cm-face", "aria-hidden": "true" });
    const name = element("h4", { id: `cm-${next()}` });
    const fields = spec.fields.map((field) =>
      fieldRow({ ...field, rows: 2, quiet: true }, `cm-${row}-${field.name}`, (text) => rows.set({ [`${row}.${field.name}`]: text })),
    );
    const tool = (label, act, kind) => element("button", { type: "button", class: `cm-button ${kind}`, onclick: act }, label);
    const tools = {
      up: tool("Monter", () => move(row, -1, "up"), "cm-row-up"),
      down: tool("Descendre", () => move(row, 1, "down"), "cm-row-down"),
      copy: tool("Dupliquer", () => focus(rows.duplicate(row)), "cm-row-copy"),
      remove: tool("Supprimer", () => removeCard(row), "cm-row-remove"),
    };
    const node = element(
      "section",
      { class: "cm-persona", "aria-labelledby": name.id, "data-row": row },
      element("header", {}, face, name),
      ...fields.map((field) => field.node),
      element("div", { class: "cm-steps" }, ...Object.values(tools)),
    );
    return { node, face, name, fields, tools };
  }

  function move(row, step, button) {
    if (!rows.move(row, rows.order().indexOf(row) + step)) return;
    draw();
    const { tools } = cards.get(row);
    (tools[button].disabled ? tools[button === "up" ? "down" : "up"] : tools[button]).focus();
    said.textContent = `${called(row)}\u00a0: place ${rows.order().indexOf(row) + 1} sur ${rows.order().length}.`;
  }

  function removeCard(row) {
    said.textContent = `${called(row)}\u00a0: supprimée\u202f; vous pouvez annuler.`;
    const rank = rows.order().indexOf(row);
    rows.remove(row);
    focus(rows.order()[Math.min(rank, rows.order().length - 1)]);
  }

  const called = (row) => rows.text(row, spec.fields[0].name).trim() || `${capital(spec.noun)} ${rows.order().indexOf(row) + 1}`;

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
      const { node, face, name, tools } = cards.get(row);
      if (place.children[i] !== node) place.insertBefore(node, place.children[i] ?? null);
      const text = called(row);
      if (name.textContent !== text) name.textContent = text;
      face.textContent = [...capital(text)][0]; // a sign, which may be an emoji
      face.dataset.tone = String(i % 4);
      tools.up.disabled = i === 0;
      tools.down.disabled = i === order.length - 1;
      tools.copy.disabled = order.length >= spec.most;
    });
    if (focused !== document.activeElement && place.contains(focused)) focused.focus();
    add.disabled = order.length >= spec.most;
  }

  let known = {}; // what the kernel last said
  function show() {
    draw();
    for (const [row, { fields }] of cards)
      spec.fields.forEach(({ name }, i) => {
        const at = `${row}.${name}`;
        fields[i].show(rows.text(row, name), known.problems?.[at] ? `⚠ ${known.problems[at]}` : (known.readings?.[at] ?? ""));
      });
  }

  return {
    node: element("div", {}, ...(starts.length ? [element("div", { class: "cm-steps" }, ...starts), told] : []), place, add, said),
    update: (values, status) => {
      rows.follow(values);
      known = status;
      told.textContent = status.note;
      show();
    },
  };
};
