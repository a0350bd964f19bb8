// The front of every card; the files of this folder are sent as one, this one first.  It draws what the kernel says and sends what the person does; it knows no key and holds
// no answer, except those that the kernel has not acknowledged yet: they are sent again when it comes back.

const PING_EVERY = 2500; // ms
const SILENCE_ALLOWED = 6000; // without an acknowledgement, the page no longer says « enregistré »
const START_ALLOWED = 60000; // « Exécuter toutes les cellules » keeps the kernel busy at first
const LOST = "Le noyau ne répond plus\u00a0: rien n’est enregistré. Ouvrez le menu Exécution et choisissez «\u00a0Exécuter toutes les cellules\u00a0».";
const LOST_WORK = `${LOST} Ce que vous venez de saisir sera repris.`;

// JupyterLab's shortcuts (arrows, space, d d, Ctrl + Enter…) must not fire while somebody answers with the keyboard: one would
// run the cell, and leave the keys on it. It still saves and searches. It listens on the document, so this comes before, on the
// window; what the browser itself does with a key (copying, undoing in a text) is left alone.
window.__cmlibKeys ??= (() => {
  const keep = (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (!event.target.closest?.(".cm-card")) return;
    // Whoever saves the notebook in the middle of a cell means this cell too.
    if (command && event.key.toLowerCase() === "s" && event.target.matches("input[type=text], textarea")) event.target.dispatchEvent(new Event("change"));
    if (command && "sf".includes(event.key.toLowerCase())) return;
    event.stopPropagation(); // nobody else hears it: a control that wants keys says so by a function
    if (!command) event.target.closest(".cm-keys")?.cmlibKey?.(event);
  };
  window.addEventListener("keydown", keep, true);
  return keep;
})();

// Unacknowledged entries, by exercise: they outlive the card, which « Exécuter toutes les cellules » draws anew.
const unsaved = (window.__cmlibUnsaved ??= new Map());
// Shared by the cards of all notebooks: a number is never used twice in a page, nor in another tab, which hears the same kernel.
window.__cmlibSerial ??= Math.floor(Math.random() * 2 ** 32) * 2 ** 20;
const next = () => ++window.__cmlibSerial;

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

// The line to the kernel: sends, waits for acknowledgements, tells whether it is alive.
function lineTo(model, onChange) {
  let listeners = [];
  const waiting = new Map(); // message number -> time sent
  let lastHeard = performance.now() + START_ALLOWED - SILENCE_ALLOWED;
  let broken = false;
  const send = (content, buffers) => {
    const n = next();
    waiting.set(n, performance.now());
    try {
      model.send({ ...content, n }, undefined, buffers);
    } catch {
      broken = true; // the kernel has restarted: this card's channel is closed for good
    }
    onChange();
    return n;
  };
  const heard = (content, buffers) => {
    if (content?.type !== "ack") return;
    waiting.delete(content.n);
    lastHeard = performance.now();
    for (const listener of listeners) listener(content, buffers);
    onChange();
  };
  model.on("msg:custom", heard);
  return {
    send,
    onAck: (listener) => listeners.push(listener),
    forget: () => (listeners = []),
    // Silence counts from the oldest question that has no answer: a card that was not looked at has asked nothing.
    alive: () =>
      !broken && (waiting.size === 0 || performance.now() - Math.max(lastHeard, Math.min(...waiting.values())) < SILENCE_ALLOWED),
    stop: () => model.off("msg:custom", heard),
  };
}

function render({ model, el }) {
  const { classes, label } = model.get("spec");
  const card = element("section", { class: classes, "aria-label": label });
  el.append(card);
  let view = null;
  const badge = () => view?.badge(line.alive());
  const line = lineTo(model, badge);
  // Drawn anew where another answer changes what is asked: the options of a list, for one.
  const draw = () => {
    const spec = model.get("spec");
    line.forget();
    card.replaceChildren();
    view = (OTHERS[spec.kind] ?? exercise)(model, card, line, spec);
  };
  draw();
  const timer = setInterval(() => {
    if (!el.isConnected) return;
    line.send({ type: "ping" });
  }, PING_EVERY);
  const update = () => {
    view.update();
    badge();
  };
  const redraw = () => {
    draw();
    update();
  };
  model.on("change:status", update);
  model.on("change:spec", redraw);
  update();
  return () => {
    clearInterval(timer);
    line.stop();
    model.off("change:status", update);
    model.off("change:spec", redraw);
  };
}

// What a kind of exercise draws: `node`, and how `update(value, status)` shows an answer. Each file adds its own.
const CONTROLS = {};

// Cards that are not exercises: the header, the explorer of a survey.
const OTHERS = {};

function badgeLine() {
  const node = element("p", { class: "cm-badge", role: "status" });
  const show = (text, error) => {
    if (node.textContent !== text) node.textContent = text;
    node.classList.toggle("cm-error", error);
  };
  return { node, show };
}

function exercise(model, card, line, spec) {
  const state = element("span", { class: "cm-state" });
  const message = element("p", { class: "cm-message", role: "status" });
  const { node: badgeNode, show } = badgeLine();
  const undo = element(
    "button",
    {
      type: "button",
      class: "cm-button cm-undo",
      onclick: () => {
        if (undo.getAttribute("aria-disabled") === "true") return;
        // Undone too, if it was refused; what nobody has answered yet is kept, for the kernel may be lost.
        for (const [entry, { sent }] of pending) if (sent.refused) pending.delete(entry);
        line.send({ type: "undo" });
      },
    },
    "Annuler la dernière réponse",
  );
  const pending = unsaved.get(spec.key) ?? new Map();
  unsaved.set(spec.key, pending);
  // Entries of one gesture go together, in one save: `entries` maps each to its new value, null to remove it.
  const commit = (entries) => {
    const sent = { n: 0, refused: false };
    for (const [entry, value] of Object.entries(entries)) pending.set(entry, { value, sent }); // before sending: the page stops saying « enregistré » at once
    sent.n = line.send({ type: "set", entries });
  };
  const recommit = (kept) => kept.length && commit(Object.fromEntries(kept.map(([entry, { value }]) => [entry, value])));
  line.onAck(({ n, saved }) => {
    if (saved === null) return; // the answer to a ping
    for (const [entry, { sent }] of pending) {
      if (sent.n === n && saved) pending.delete(entry);
      else if (sent.n === n) sent.refused = true;
    }
    // What was refused (a full disk, a question of identity) goes again once something has been saved.
    if (saved) recommit([...pending].filter(([, { sent }]) => sent.refused));
    update(); // what was kept may read otherwise than what was sent: « Opinion » is now an option
  });
  const controls = CONTROLS[spec.kind](spec, commit, line);
  card.append(
    element("header", { class: "cm-title" }, element("h3", {}, spec.title), state),
    element("p", { class: "cm-statement" }, spec.statement),
    controls.node,
    message,
    ...hints(spec.hints),
    element("footer", { class: "cm-footer" }, badgeNode, undo),
  );
  let copy = model.get("status").copy;
  const update = () => {
    const status = model.get("status");
    if (status.copy !== copy) pending.clear(); // the copy has changed hands: nothing of the former owner goes there
    copy = status.copy;
    state.textContent = `${spec.points} · ${status.symbol} ${status.state}`;
    message.textContent = status.message;
    undo.setAttribute("aria-disabled", String(!status.can_undo)); // still a button: the keyboard stays on it
    controls.update({ ...status.value, ...Object.fromEntries([...pending].map(([k, v]) => [k, v.value])) }, status);
  };
  // What the kernel never acknowledged, before it was restarted.
  recommit([...pending]);
  return {
    update,
    badge: (alive) => {
      const status = model.get("status");
      if (!alive) show(pending.size ? LOST_WORK : LOST, true);
      else if (status.error) show(status.error, true);
      else if (pending.size) show("Enregistrement…", false);
      else show(status.saved, false);
    },
  };
}

function hints(texts) {
  if (!texts.length) return [];
  const boxes = texts.map((text, i) =>
    element(
      "details",
      { class: "cm-hint", hidden: i > 0 },
      element("summary", {}, texts.length > 1 ? `Indice ${i + 1}` : "Indice"),
      element("p", {}, text),
    ),
  );
  boxes.forEach((box, i) => box.addEventListener("toggle", () => boxes[i + 1]?.removeAttribute("hidden")));
  return [element("div", { class: "cm-hints" }, ...boxes)];
}
