// Fields to fill in, of any kind: one to a line on a form, many on a persona card.

CONTROLS.form = (spec, commit) => {
  const fields = spec.fields.map((field) => fieldRow(field, `cm-${field.name}`, (value) => commit({ [field.name]: value })));
  return {
    node: element("div", {}, ...fields.map((field) => field.node)),
    update: (value, status) => spec.fields.forEach(({ name }, i) => fields[i].show(value[name] ?? "", status.readings[name] ?? "")),
  };
};

// A labelled field and what is said of it; `save` receives what was typed, or null.
function fieldRow(field, key, save) {
  const make = { line: typedField, text: typedField, one: oneField, several: severalField }[field.input];
  return make(field, `${key}-${next()}`, save);
}

// What is typed, on a form as in a cell: saved on leaving it and, where one writes words, a moment after the last key, so that
// closing the lid loses a few words at most. `follow` shows what the sheet holds, unless somebody is typing there.
function typedControl(field, attributes, save, typed = () => {}) {
  const long = field.input === "text";
  let timer = null;
  let sent = "";
  const send = () => {
    clearTimeout(timer);
    timer = null;
    if (input.value !== sent) save(input.value.trim() ? input.value : null);
    sent = input.value;
  };
  const later = () => {
    typed();
    clearTimeout(timer);
    timer = setTimeout(send, 700);
  };
  const input = element(long ? "textarea" : "input", {
    ...attributes,
    type: long ? null : "text",
    rows: long ? attributes.rows : null,
    autocomplete: "off",
    spellcheck: field.words ? "true" : null,
    lang: field.words ? "fr" : null,
    oninput: field.words ? later : null,
    onchange: send,
  });
  const follow = (text) => {
    if (!settled(input, timer, sent)) return;
    if (input.value !== text) input.value = text;
    sent = text;
  };
  return { input, follow };
}

function typedField(field, id, save) {
  const reading = element("span", { class: "cm-reading", id: `${id}-lu` });
  const count = () => {
    if (field.quiet && !input.value.trim()) return (reading.textContent = "");
    const words = input.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    reading.textContent = `${words} mot${words > 1 ? "s" : ""}${field.asked ? ` (${field.asked})` : ""}`;
  };
  const { input, follow } = typedControl(
    field,
    { id, rows: field.rows ?? 6, placeholder: field.example || null, "aria-describedby": `${id}-lu` },
    save,
    field.words ? count : () => {},
  );
  const label = field.words || !field.asked ? field.label : `${field.label} (${field.asked})`;
  return {
    node: element(
      "div",
      { class: `cm-item cm-item-${field.name}${field.words ? " cm-text" : ""}` },
      element("label", { class: "cm-item-text", for: id }, label),
      input,
      reading,
    ),
    show: (value, understood) => {
      follow(value);
      if (field.words && !understood) count();
      else reading.textContent = understood;
    },
  };
}

// Whether a control may show something else: nobody is typing there. A cell that has the focus follows too (a pasted block,
// what was undone), unless it holds what was not sent.
function settled(input, timer, sent) {
  return timer === null && (document.activeElement !== input || input.value === sent);
}

function oneField(field, id, save) {
  if (field.options.length <= 5) {
    const row = radios(id, field.label, field.options, save, `cm-item cm-item-${field.name}`);
    return { node: row.node, show: (value) => row.check(value) };
  }
  const select = optionList(field, { id, onchange: () => save(select.value || null) });
  const label = element("label", { class: "cm-item-text", for: id }, field.label);
  return {
    node: element("div", { class: `cm-item cm-item-${field.name}` }, label, select),
    show: (value) => showOption(select, value),
  };
}

function optionList(field, attributes) {
  const options = field.options.map(([value, label]) => element("option", { value }, label));
  return element("select", attributes, element("option", { value: "" }, "—"), ...options);
}

// What is not in the list (pasted, imported) is shown as it is: nothing that was typed is lost.
function showOption(select, value) {
  if (select.value === value) return;
  for (const stray of select.querySelectorAll(".cm-stray")) stray.remove();
  select.value = value;
  if (select.value !== value) {
    select.append(element("option", { class: "cm-stray", value }, `«\u00a0${value}\u00a0» (hors de la liste)`));
    select.value = value;
  }
}

const FEW = 6; // options that are shown at once

function severalField(field, id, save) {
  const boxes = field.options.map(([option, label]) => {
    const input = element("input", { type: "checkbox", onchange: () => save(chosen().join("; ") || null) });
    return { option, input, node: element("label", { class: "cm-option" }, input, element("span", {}, label)) };
  });
  const strays = element("span", { class: "cm-reading" });
  const chosen = () => boxes.filter((box) => box.input.checked).map((box) => box.option);
  const options = element("div", { class: "cm-options" }, ...boxes.map((box) => box.node));
  const summary = element("summary", {}, "Choisir…");
  const labels = new Map(field.options);
  return {
    node: element(
      "fieldset",
      { class: `cm-item cm-item-${field.name}` },
      element("legend", { class: "cm-item-text" }, field.label),
      boxes.length > FEW ? element("details", { class: "cm-chosen" }, summary, options) : options, // a long list unfolds
      strays,
    ),
    show: (value) => {
      const kept = chosenIn(field, value);
      for (const box of boxes) box.input.checked = kept.includes(box.option);
      summary.textContent = chosen().map((option) => labels.get(option)).join("\u202f; ") || "Choisir…";
      const stray = kept.filter((part) => !boxes.some((box) => box.option === part));
      strays.textContent = stray.length ? `«\u00a0${stray.join("\u202f; ")}\u00a0» (hors de la liste)` : "";
    },
  };
}

// The options that a text names, by id; a part that names none is left as it is. A list that holds such a part is kept as it
// was pasted, labels and all: the options that it does name are ticked, and stay when one more is.
function chosenIn(field, text) {
  const parts = text.split(";").map((part) => part.trim()).filter(Boolean);
  return parts.map((part) => field.options.find(([option, label]) => option === part || bare(label) === bare(part))?.[0] ?? part);
}
