// The head of a TP: who works here, how far they are, the deposit.

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
    const following = status.next && button(`Continuer\u00a0: exercice\u00a0${status.next[0]}`, () => goTo(status.next[1]), true);
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

OTHERS.header = header;

export default { render };
