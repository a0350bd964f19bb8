// What the explorer of a survey is made of: a range of ages, answers to tick, tables with bars.

function agesTold([low, high]) {
  if (low === null && high === null) return "tous les âges";
  if (low === high) return `${low} ans`;
  return low === null ? `${high} ans et moins` : high === null ? `${low} ans et plus` : `${low} à ${high} ans`;
}

// Two thumbs on one track, over the ages of everybody, and the same two bounds to type.  `changed([low, high])`: null where open.
function ageRange(ages, silent, changed) {
  const first = ages.first;
  const last = first + ages.counts.length - 1;
  const most = Math.max(...ages.counts);
  const bins = ages.counts.map((count) => element("span", { style: `height:${(100 * count) / most}%` }));
  const said = element("strong", {});
  let bounds = [first, last];
  const told = () => [bounds[0] > first ? bounds[0] : null, bounds[1] < last ? bounds[1] : null];
  const move = (side, value) => {
    const kept = Math.max(first, Math.min(last, Math.round(value)));
    bounds[side] = side ? Math.max(kept, bounds[0]) : Math.min(kept, bounds[1]);
    ends[side].box.value = String(bounds[side]);
    changed(told());
  };
  const ends = ["Âge minimal", "Âge maximal"].map((label, side) => {
    const slider = element("input", {
      type: "range",
      min: String(first),
      max: String(last),
      "aria-label": `${label}, curseur`,
      oninput: () => move(side, Number(slider.value)),
    });
    const box = element("input", {
      type: "number",
      min: String(first),
      max: String(last),
      "aria-label": label,
      onchange: () => move(side, box.value === "" ? [first, last][side] : Number(box.value)),
    });
    return { slider, box };
  });
  function draw() {
    ends.forEach(({ slider, box }, side) => {
      slider.value = String(bounds[side]);
      slider.setAttribute("aria-valuetext", `${bounds[side]} ans`);
      if (document.activeElement !== box) box.value = String(bounds[side]); // nothing is taken from under the keys
    });
    ends[0].slider.style.zIndex = bounds[0] > (first + last) / 2 ? 2 : 1; // where they meet, the one that can still move is on top
    bins.forEach((bin, i) => bin.classList.toggle("cm-in", first + i >= bounds[0] && first + i <= bounds[1]));
    said.textContent = agesTold(told());
  }
  draw();
  return {
    node: element(
      "fieldset",
      { class: "cm-ages" },
      element("legend", {}, "Âge\u00a0: ", said),
      element(
        "div",
        { class: "cm-track" },
        element("div", { class: "cm-bins", "aria-hidden": "true" }, ...bins),
        element("div", { class: "cm-thumbs" }, ...ends.map(({ slider }) => slider)),
      ),
      element("div", { class: "cm-bounds" }, "de ", ends[0].box, " à ", ends[1].box, " ans"),
      silent ? element("p", { class: "cm-aside" }, silent) : null,
    ),
    show: ([low, high]) => {
      bounds = [low ?? first, high ?? last];
      draw();
    },
  };
}

// The answers to one question, to tick; opened on demand, with how many each would select.
function answerFilter(filter, changed) {
  const summed = element("span", { class: "cm-chosen" });
  const boxes = filter.answers.map(([answer, label]) => {
    const count = element("span", { class: "cm-count" });
    const input = element("input", {
      type: "checkbox",
      onchange: () => changed(boxes.filter((box) => box.input.checked).map((box) => box.answer)),
    });
    return { answer, label, count, input, node: element("label", {}, input, element("span", {}, label), count) };
  });
  const panel = element(
    "fieldset",
    { class: "cm-panel" },
    element("legend", { class: "cm-hidden" }, filter.label),
    element("p", { class: "cm-aside" }, `Une réponse cochée au moins suffit. ${filter.silent}`),
    ...boxes.map((box) => box.node),
  );
  return {
    node: element("details", { class: `cm-filter cm-filter-${filter.name}` }, element("summary", {}, `${filter.label}\u00a0: `, summed), panel),
    labels: new Map(filter.answers),
    show: (wanted) => {
      for (const box of boxes) box.input.checked = wanted.includes(box.answer);
      const ticked = boxes.filter((box) => box.input.checked);
      summed.textContent = ticked.length === 0 ? "tout" : ticked.length === 1 ? ticked[0].label : `${ticked.length} réponses`;
      summed.classList.toggle("cm-active", ticked.length > 0);
    },
    count: (counts) => boxes.forEach((box) => (box.count.textContent = counts[box.answer] ?? "")),
  };
}

function headCell(text, classes) {
  return element("th", { scope: "col", class: classes }, text);
}

// A region that scrolls sideways must be reached by the keyboard.
function scrolled(label, table, classes = "") {
  return element("div", { class: `cm-scroll cm-wide ${classes}`, role: "region", tabindex: "0", "aria-label": label }, table);
}

function answersTable({ label, rows, scale }) {
  const bar = (part, kind) => element("span", { class: `cm-strip ${kind}`, style: `width:${(100 * part) / scale}%` });
  const line = (row) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, row.label),
      element("td", { class: "cm-strips", "aria-hidden": "true" }, bar(row.bars[0], "cm-own"), bar(row.bars[1], "cm-all")),
      ...[row.count, row.share, row.overall].map((text) => element("td", { class: "cm-number" }, text)),
      element(
        "td",
        { class: "cm-number" },
        element("strong", {}, row.index),
        row.mark ? element("span", { class: row.mark.startsWith("▲") ? "cm-mark cm-high" : "cm-mark" }, row.mark) : null,
      ),
    );
  const legend = element("th", { class: "cm-legend", "aria-hidden": "true" }, element("span", { class: "cm-strip cm-own" }), "segment ", element("span", { class: "cm-strip cm-all" }), "tous");
  return scrolled(
    `Réponses\u00a0: ${label}`,
    element(
      "table",
      { class: "cm-answers" },
      element("caption", { class: "cm-hidden" }, `${label}\u00a0: le segment comparé à toute l’enquête`),
      element("thead", {}, element("tr", {}, headCell(label), legend, headCell("Effectif", "cm-number"), headCell("Part du segment", "cm-number"), headCell("Part de tous", "cm-number"), headCell("Indice", "cm-number"))),
      element("tbody", {}, ...rows.map(line)),
    ),
  );
}

// `crossed`: many columns, that are made to fit.
function plainTable({ caption, head, rows }, crossed = false) {
  const line = ([first, ...cells]) => element("tr", {}, element("th", { scope: "row" }, first), ...cells.map((text) => element("td", { class: "cm-number" }, text)));
  const table = element(
    "table",
    { lang: "fr" },
    element("caption", { class: "cm-hidden" }, caption),
    element("thead", {}, element("tr", {}, ...head.map((text, i) => headCell(text, i ? "cm-number" : null)))),
    element("tbody", {}, ...rows.map(line)),
  );
  return element("div", {}, element("p", { class: "cm-caption", "aria-hidden": "true" }, caption), scrolled(caption, table, crossed ? "cm-crossed" : ""));
}
