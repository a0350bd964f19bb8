// The front of every card. It draws what the kernel says and sends what the person does; it knows no key and holds
// no answer, except those that the kernel has not acknowledged yet: they are sent again when it comes back.

const PING_EVERY = 2500; // ms
const SILENCE_ALLOWED = 6000; // without an acknowledgement, the page no longer says « enregistré »
const START_ALLOWED = 60000; // « Exécuter toutes les cellules » keeps the kernel busy at first
const LOST = "Le noyau ne répond plus : rien n’est enregistré. Ouvrez le menu Exécution et choisissez « Exécuter toutes les cellules ».";
const LOST_WORK = `${LOST} Ce que vous venez de saisir sera repris.`;

// JupyterLab's one-key shortcuts (arrows, space, d d…) must not fire while somebody answers with the keyboard; those with
// Ctrl or ⌘, saving for one, still do. JupyterLab listens on the document, so this comes before, on the window.
window.__cmlibKeys ??= (() => {
  const keep = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest?.(".cm-card")) return;
    event.stopPropagation(); // nobody else hears it: a control that wants keys says so by a function
    event.target.closest(".cm-keys")?.cmlibKey?.(event);
  };
  window.addEventListener("keydown", keep, true);
  return keep;
})();

// Unacknowledged entries, by exercise: they outlive the card, which « Exécuter toutes les cellules » draws anew.
const unsaved = (window.__cmlibUnsaved ??= new Map());
window.__cmlibSerial ??= 0; // shared by the cards of all notebooks: a number is never used twice in a page
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
  const listeners = [];
  const waiting = new Map(); // message number -> time sent
  let lastHeard = performance.now() + START_ALLOWED - SILENCE_ALLOWED;
  let broken = false;
  const send = (content) => {
    const n = next();
    waiting.set(n, performance.now());
    try {
      model.send({ ...content, n });
    } catch {
      broken = true; // the kernel has restarted: this card's channel is closed for good
    }
    onChange();
    return n;
  };
  const heard = (content) => {
    if (content?.type !== "ack") return;
    waiting.delete(content.n);
    lastHeard = performance.now();
    for (const listener of listeners) listener(content);
    onChange();
  };
  model.on("msg:custom", heard);
  return {
    send,
    onAck: (listener) => listeners.push(listener),
    // Silence counts from the oldest question that has no answer: a card that was not looked at has asked nothing.
    alive: () =>
      !broken && (waiting.size === 0 || performance.now() - Math.max(lastHeard, Math.min(...waiting.values())) < SILENCE_ALLOWED),
    stop: () => model.off("msg:custom", heard),
  };
}

function render({ model, el }) {
  const spec = model.get("spec");
  const card = element("section", { class: spec.classes, "aria-label": spec.label });
  el.append(card);
  let view = null;
  const badge = () => view?.badge(line.alive());
  const line = lineTo(model, badge);
  view = spec.kind === "header" ? header(model, card, line) : exercise(model, card, line, spec);
  const timer = setInterval(() => {
    if (!el.isConnected) return;
    line.send({ type: "ping" });
  }, PING_EVERY);
  const update = () => {
    view.update();
    badge();
  };
  model.on("change:status", update);
  update();
  return () => {
    clearInterval(timer);
    line.stop();
    model.off("change:status", update);
  };
}

function badgeLine() {
  const node = element("p", { class: "cm-badge", role: "status" });
  const show = (text, error) => {
    if (node.textContent !== text) node.textContent = text;
    node.classList.toggle("cm-error", error);
  };
  return { node, show };
}

// ---------------------------------------------------------------- exercises

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
        pending.clear(); // undone too, if it was refused
        line.send({ type: "undo" });
      },
    },
    "Annuler la dernière réponse",
  );
  const pending = unsaved.get(spec.key) ?? new Map();
  unsaved.set(spec.key, pending);
  const commit = (entry, value) => {
    const sent = { value, n: 0, refused: false };
    pending.set(entry, sent); // before sending: the page stops saying « enregistré » at once
    sent.n = line.send({ type: "set", entry, value });
  };
  line.onAck(({ n, saved }) => {
    if (saved === null) return; // the answer to a ping
    for (const [entry, sent] of pending) {
      if (sent.n === n && saved) pending.delete(entry);
      else if (sent.n === n) sent.refused = true;
    }
    // What was refused (a full disk, a question of identity) goes again once something has been saved.
    if (saved) for (const [entry, sent] of [...pending]) if (sent.refused) commit(entry, sent.value);
  });
  const controls = CONTROLS[spec.kind](spec, commit);
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
    undo.disabled = !status.can_undo;
    controls.update({ ...status.value, ...Object.fromEntries([...pending].map(([k, v]) => [k, v.value])) }, status);
  };
  // What the kernel never acknowledged, before it was restarted.
  for (const [entry, sent] of [...pending]) commit(entry, sent.value);
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

const CONTROLS = {
  classification(spec, commit) {
    const rows = spec.items.map(([item, text]) =>
      radios(`${spec.key}-${item}`, text, spec.categories, (value) => commit(item, value), `cm-item cm-item-${item}`),
    );
    return {
      node: element("div", {}, ...rows.map((row) => row.node)),
      update: (value) => spec.items.forEach(([item], i) => rows[i].check(value[item])),
    };
  },

  numbers(spec, commit) {
    const fields = spec.fields.map(([name, label, unit, example]) => {
      const id = `${spec.key}-${name}-${next()}`;
      const reading = element("span", { class: "cm-reading", id: `${id}-lu` });
      const input = element("input", {
        id,
        type: "text",
        inputmode: "text",
        autocomplete: "off",
        placeholder: example,
        "aria-describedby": `${id}-lu`,
        onchange: () => commit(name, input.value.trim() ? input.value : null),
      });
      const row = element(
        "div",
        { class: `cm-item cm-item-${name}` },
        element("label", { class: "cm-item-text", for: id }, unit ? `${label} (${unit})` : label),
        input,
        reading,
      );
      return { name, input, reading, row };
    });
    return {
      node: element("div", {}, ...fields.map((field) => field.row)),
      update: (value, status) => {
        for (const { name, input, reading } of fields) {
          if (document.activeElement !== input) input.value = value[name] ?? "";
          reading.textContent = status.readings[name] ?? "";
        }
      },
    };
  },

  texts(spec, commit) {
    const fields = spec.fields.map(([name, label, asked, long]) => {
      const id = `${spec.key}-${name}-${next()}`;
      const count = element("span", { class: "cm-reading", id: `${id}-mots` });
      // Saved while one types, a moment after the last key: closing the lid loses a few words at most.
      let timer = null;
      let sent = null;
      const save = () => {
        clearTimeout(timer);
        timer = null;
        if (input.value !== sent) commit(name, input.value.trim() ? input.value : null);
        sent = input.value;
      };
      const tell = () => {
        const words = input.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
        count.textContent = `${words} mot${words > 1 ? "s" : ""}${asked ? ` (${asked})` : ""}`;
      };
      const typed = () => {
        tell();
        clearTimeout(timer);
        timer = setTimeout(save, 700);
      };
      const input = element(long ? "textarea" : "input", {
        id,
        type: long ? null : "text",
        rows: long ? 6 : null,
        autocomplete: "off",
        spellcheck: "true",
        lang: "fr",
        "aria-describedby": `${id}-mots`,
        oninput: typed,
        onchange: save,
      });
      const text = element("label", { class: "cm-item-text", for: id }, label);
      const row = element("div", { class: `cm-item cm-text cm-item-${name}` }, text, input, count);
      return { name, input, row, tell, busy: () => timer !== null || document.activeElement === input, kept: (value) => (sent = value) };
    });
    return {
      node: element("div", {}, ...fields.map((field) => field.row)),
      update: (value) => {
        for (const { name, input, tell, busy, kept } of fields) {
          if (!busy()) kept((input.value = value[name] ?? ""));
          tell();
        }
      },
    };
  },

  ordering(spec, commit) {
    const texts = new Map(spec.items);
    let order = spec.items.map(([item]) => item);
    let given = false;
    const list = element("ol", { class: "cm-order" });
    const said = element("p", { class: "cm-hidden", role: "status" });
    const keep = element("button", { type: "button", class: "cm-button", onclick: () => send() }, "Garder cet ordre");
    const send = () => commit("ordre", order.join(" "));
    const move = (item, to, focus) => {
      const place = Math.max(0, Math.min(order.length - 1, to));
      order = order.filter((other) => other !== item);
      order.splice(place, 0, item);
      draw();
      if (focus) list.querySelector(`[data-item="${CSS.escape(item)}"] ${focus}`)?.focus();
      said.textContent = `${texts.get(item)} : place ${place + 1} sur ${order.length}.`;
      send();
    };
    let dragged = null;
    function row(item, place) {
      const button = (label, sign, to, name) =>
        element(
          "button",
          {
            type: "button",
            class: `cm-button ${name}`,
            "aria-label": `${label} : ${texts.get(item)}`,
            onclick: () => move(item, to, `.${name}`),
          },
          sign,
        );
      const node = element(
        "li",
        {
          class: `cm-step-row cm-keys cm-item-${item}`,
          "data-item": item,
          draggable: "true",
          ondragstart: (event) => {
            dragged = item;
            event.dataTransfer.setData("text/plain", texts.get(item));
            event.dataTransfer.effectAllowed = "move";
          },
          ondragend: () => (dragged = null),
          ondragover: (event) => dragged && event.preventDefault(),
          ondrop: (event) => {
            if (!dragged) return;
            event.preventDefault();
            move(dragged, place);
          },
        },
        element("span", { class: "cm-item-text" }, texts.get(item)),
        button("Monter", "↑", place - 1, "cm-up"),
        button("Descendre", "↓", place + 1, "cm-down"),
      );
      node.cmlibKey = (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        move(item, place + step, event.target.classList.contains("cm-down") ? ".cm-down" : ".cm-up");
      };
      return node;
    }
    function draw() {
      list.replaceChildren(...order.map(row));
      keep.hidden = given;
    }
    draw();
    return {
      node: element("div", {}, list, keep, said),
      update: (value) => {
        const wanted = value.ordre ? value.ordre.split(" ") : spec.items.map(([item]) => item);
        const changed = wanted.join(" ") !== order.join(" ") || given !== Boolean(value.ordre);
        given = Boolean(value.ordre);
        order = wanted;
        if (changed) draw();
      },
    };
  },

  choice(spec, commit) {
    if (!spec.several) {
      const row = radios(spec.key, spec.title, spec.options, (value) => commit("choix", value), "cm-choice", true);
      return { node: row.node, update: (value) => row.check(value.choix) };
    }
    const boxes = spec.options.map(([option, label]) => {
      const input = element("input", { type: "checkbox", onchange: () => commit(option, input.checked ? "oui" : null) });
      return { option, input, node: element("label", { class: "cm-option" }, input, element("span", {}, label)) };
    });
    const legend = element("legend", { class: "cm-hidden" }, spec.title);
    return {
      node: element("fieldset", { class: "cm-choice" }, legend, ...boxes.map((box) => box.node)),
      update: (value) => boxes.forEach((box) => (box.input.checked = value[box.option] === "oui")),
    };
  },
};

function radios(key, text, options, chosen, classes, hideLegend = false) {
  const name = `${key}-${next()}`;
  const inputs = options.map(([value, label]) => {
    const input = element("input", { type: "radio", name, value, onchange: () => chosen(value) });
    return { value, input, node: element("label", { class: "cm-option" }, input, element("span", {}, label)) };
  });
  const legend = element("legend", { class: hideLegend ? "cm-hidden" : "cm-item-text" }, text);
  return {
    node: element("fieldset", { class: classes }, legend, element("div", { class: "cm-options" }, ...inputs.map((i) => i.node))),
    check: (value) => inputs.forEach((i) => (i.input.checked = i.value === value)),
  };
}

// ---------------------------------------------------------------- header

function header(model, card, line) {
  const title = element("h2", {}, model.get("spec").title);
  const notices = element("div", { role: "alert" });
  const who = element("div", { class: "cm-who" });
  const progress = element("div", { class: "cm-progress" });
  const deposit = element("div", { class: "cm-deposit", role: "status" });
  const { node: badgeNode, show } = badgeLine();
  let asking = null; // null, "change" or "start": what the person has opened
  card.append(title, notices, who, progress, deposit, badgeNode);

  const button = (label, onclick, main = false) =>
    element("button", { type: "button", class: main ? "cm-button cm-main" : "cm-button", onclick }, label);
  const ask = (what) => () => {
    asking = what;
    update();
    who.querySelector("input, button")?.focus();
  };
  const send = (content) => {
    asking = null;
    for (const control of who.querySelectorAll("button")) control.disabled = true; // one click is enough
    line.send(content);
  };
  line.onAck(({ saved }) => {
    if (saved === null) return; // the answer to a ping
    for (const control of who.querySelectorAll("button")) control.disabled = false;
  });

  function nameForm(status, label, advice) {
    const id = `cm-identifiant-${next()}`;
    const input = element("input", {
      id,
      type: "text",
      autocomplete: "off",
      list: status.roster.length ? `${id}-liste` : null,
      placeholder: "par exemple a.martin",
      "aria-describedby": `${id}-aide`,
      value: status.proposed,
    });
    const validate = () => input.value.trim() && send({ type: "sign", student: input.value, sure: input.value === status.proposed && Boolean(status.question) });
    const list = element("datalist", { id: `${id}-liste` }, ...status.roster.map((value) => element("option", { value })));
    const submit = (event) => {
      event.preventDefault();
      validate();
    };
    return element(
      "form",
      { class: "cm-form", onsubmit: submit },
      element("label", { for: id }, label),
      input,
      list,
      element("button", { type: "submit", class: "cm-button cm-main" }, status.question ? "Oui, c’est bien cela" : "Valider"),
      asking ? button("Renoncer", ask(null)) : null,
      element("p", { id: `${id}-aide`, class: "cm-help" }, status.question || advice),
    );
  }

  function startOver(status, text) {
    return element(
      "div",
      { class: "cm-form", role: "group", "aria-label": "Changer de personne" },
      element("p", {}, text),
      button(`Continuer en tant que ${status.student}`, () => send({ type: "keep" })),
      button("Mettre cette copie de côté et commencer la mienne", () => send({ type: "start_over", from: status.student }), true),
    );
  }

  // A part is drawn anew only when what it shows has changed, and the keyboard stays where it was: a save elsewhere in the
  // page must take neither a half-typed name nor the button that somebody is about to press.
  const drawn = new Map();
  function redraw(part, shown, draw) {
    const wanted = JSON.stringify(shown);
    if (drawn.get(part) === wanted) return;
    drawn.set(part, wanted);
    const place = [...part.querySelectorAll("input, button")].indexOf(document.activeElement);
    part.replaceChildren(...draw());
    if (place >= 0) part.querySelectorAll("input, button")[place]?.focus({ preventScroll: true });
  }

  function update() {
    const status = model.get("status");
    const { student, brand, proposed, question, roster, conflict } = status;
    redraw(notices, status.notices, () => status.notices.map((text) => element("p", { class: "cm-error" }, text)));
    redraw(who, [student, brand, proposed, question, roster, conflict, status.start_over, asking], () => identity(status));
    redraw(progress, [status.progress, status.exercises, status.next, Boolean(student)], () => steps(status));
    redraw(deposit, status.deposit, () => status.deposit.map((text) => element("p", {}, text)));
  }

  function identity(status) {
    if (status.conflict) return [startOver(status, status.conflict)];
    if (asking === "start") return [startOver(status, status.start_over)];
    if (!status.student || asking === "change" || status.question)
      return [
        nameForm(
          status,
          status.student ? "Nouvel identifiant" : "Votre identifiant",
          status.student
            ? `Votre copie, signée ${status.student}, portera le nouveau nom.`
            : "Celui que votre formateur vous a donné. Il est demandé une seule fois.",
        ),
      ];
    return [
      element("p", {}, "Vous travaillez en tant que ", element("strong", {}, status.student), "."),
      status.brand ? element("p", {}, status.brand) : "",
      button("Corriger mon identifiant", ask("change")),
      button("Ce n’est pas moi", ask("start")),
    ];
  }

  function steps(status) {
    const places = status.exercises.map(([id, anchor, symbol, state]) =>
      element("button", { type: "button", class: "cm-step", "aria-label": `Exercice ${id}, ${state}`, onclick: () => goTo(anchor) }, `${symbol} ${id}`),
    );
    const following = status.next && button(`Continuer : exercice ${status.next[0]}`, () => goTo(status.next[1]), true);
    const handIn = status.student && places.length && button("Préparer mon dépôt", () => send({ type: "hand_in" }));
    const actions = element("div", { class: "cm-steps" }, following || "", handIn || "");
    return [element("p", { role: "status" }, status.progress), element("div", { class: "cm-steps" }, ...places), actions];
  }

  return {
    update,
    badge: (alive) => {
      const error = model.get("status").error;
      if (!alive) show(LOST, true);
      else show(error || "", Boolean(error));
    },
  };
}

function goTo(anchor) {
  const card = document.querySelector(`.${anchor}`);
  card?.scrollIntoView({ block: "start" });
  card?.querySelector("input:not([type=radio]), input:checked, input")?.focus({ preventScroll: true });
}

export default { render };
