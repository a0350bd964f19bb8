// The cells of a table, and the block of them that a spreadsheet puts on the clipboard.

// One cell: what is typed, why it is not understood, and what is said of it when one is there.
function gridCell(field, labelledby, save) {
  let told = "";
  const mark = (control, understood, problem) => {
    told = problem ? `⚠ ${problem}` : understood;
    if (problem) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  if (field.input === "one") {
    const select = optionList(field, { "aria-labelledby": labelledby, onchange: () => save(select.value || null) });
    return { node: select, said: () => told, show: (text, understood, problem) => (showOption(select, text), mark(select, understood, problem)) };
  }
  if (field.input === "several") return severalCell(field, labelledby, save, mark, () => told);
  const { input, follow } = typedControl(field, { rows: 1, "aria-labelledby": labelledby }, save);
  return {
    node: input,
    said: () => told,
    show: (text, understood, problem) => {
      follow(text);
      mark(input, understood, problem);
    },
  };
}

// Several options in a cell: their names, and the boxes to tick once it is opened.
function severalCell(field, labelledby, save, mark, said) {
  const chosen = element("span", { id: `cm-choisi-${next()}` });
  const labels = new Map(field.options);
  let kept = [];
  const boxes = new Map(); // of the panel, while it is open
  const panel = element("div", { class: "cm-panel" });
  const summary = element("summary", { "aria-labelledby": `${labelledby} ${chosen.id}` }, chosen);
  const details = element(
    "details",
    {
      class: "cm-several",
      ontoggle: () => {
        boxes.clear();
        if (!details.open) return panel.replaceChildren();
        panel.replaceChildren(
          ...field.options.map(([option, label]) => {
            const input = element("input", {
              type: "checkbox",
              checked: kept.includes(option),
              onchange: () => {
                kept = field.options.map(([known]) => known).filter((known) => (known === option ? input.checked : kept.includes(known)));
                draw();
                save(kept.join("; ") || null);
              },
            });
            boxes.set(option, input);
            return element("label", {}, input, element("span", {}, label));
          }),
        );
      },
    },
    summary,
    panel,
  );
  const draw = () => (chosen.textContent = kept.map((option) => labels.get(option) ?? `«\u00a0${option}\u00a0»`).join("\u202f; ") || "Choisir…");
  return {
    node: details,
    said,
    show: (text, understood, problem) => {
      kept = chosenIn(field, text);
      for (const [option, input] of boxes) input.checked = kept.includes(option);
      draw();
      mark(summary, understood, problem);
    },
  };
}

// What a spreadsheet puts on the clipboard: tabs between cells, quotes around those that hold a line break, a tab or quotes.
function readBlock(text) {
  const rows = [[]];
  let rest = text.replace(/\r\n?/g, "\n").replace(/\n[\t\n ]*$/, ""); // the blank lines of a whole column are not rows
  while (true) {
    const quoted = /^"((?:[^"]|"")*)"(?=[\t\n]|$)/.exec(rest);
    const cell = quoted ? quoted[0] : /^[^\t\n]*/.exec(rest)[0];
    rows.at(-1).push(quoted ? quoted[1].replaceAll('""', '"') : cell);
    rest = rest.slice(cell.length);
    if (!rest) return rows;
    if (rest[0] === "\n") rows.push([]);
    rest = rest.slice(1);
  }
}

function writeBlock(rows) {
  return rows.map((row) => row.map((text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join("\t")).join("\n");
}
