// The card that exports: one button, what it wrote, what is missing. The links are in an output of their own, under the card:
// JupyterLab opens those of an output, relative to the notebook.

const DRAWING_ALLOWED = 60000; // ms: the kernel, which draws, answers nothing else meanwhile

function exportBoards(model, card, line, spec) {
  const { node, show } = badgeLine();
  const said = element("div", { role: "status" });
  const waiting = new Set();
  let asked = 0;
  const button = element("button", { type: "button", class: "cm-button cm-main", onclick: () => ask() }, spec.button);
  const ask = () => {
    if (waiting.size) return; // one click is enough
    asked = performance.now();
    waiting.add(line.send({ type: "export" }));
    show("Export en cours…", false);
  };
  line.onAck(({ n }) => {
    if (waiting.delete(n)) update();
  });
  card.append(
    element("header", { class: "cm-title" }, element("h3", {}, spec.title)),
    element("p", { class: "cm-statement" }, spec.statement),
    button,
    node,
    said,
  );
  let drawn = "";
  const update = () => {
    const { told, missing } = model.get("status");
    button.setAttribute("aria-disabled", String(waiting.size > 0));
    const wanted = JSON.stringify([told, missing]);
    if (drawn === wanted) return;
    drawn = wanted;
    const list = missing.length && element("ul", {}, ...missing.map((text) => element("li", {}, text)));
    const heading = missing.length && element("p", {}, "Ce qui manque encore\u00a0:");
    said.replaceChildren(...[...told.map((text) => element("p", {}, text)), heading, list].filter(Boolean));
  };
  return {
    update,
    badge: (alive) => {
      const { error } = model.get("status");
      if (waiting.size && performance.now() - asked < DRAWING_ALLOWED) show("Export en cours…", false);
      else if (!alive) show(LOST, true);
      else show(error, Boolean(error));
    },
  };
}

OTHERS.export = exportBoards;
