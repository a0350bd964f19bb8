// The explorer of a survey: filters, a question and its index, a cross table, segments side by side. The kernel counts; the page
// holds what is asked, says it whole in each message, and says so when the numbers no longer follow.

const BEHIND = "Le noyau ne répond plus\u00a0: les nombres ne suivent plus vos filtres. Ouvrez le menu Exécution et choisissez «\u00a0Exécuter toutes les cellules\u00a0».";
const views = (window.__cmlibViews ??= new Map()); // what was looked at, by explorer: it outlives a restart of the kernel

OTHERS.explorer = (model, card, line, spec) => {
  const everybody = { age: [null, null], chosen: {} };
  let view = model.get("status").view;
  let flying = 0; // the message that waits for its answer: changes meanwhile go together, in one more
  let changed = false;

  const send = (content = { type: "look" }) => {
    views.set(spec.key, view);
    if (flying && content.type === "look") changed = true;
    else {
      changed = false;
      flying = line.send({ ...content, view });
    }
    draw();
  };
  const look = (change) => {
    view = { ...view, ...change };
    send();
  };
  line.onAck(({ n, saved }) => {
    if (n !== flying) return;
    flying = 0;
    if (!saved) views.delete(spec.key);
    if (changed) send();
    else update();
  });

  const button = (label, onclick, attributes = {}) => element("button", { type: "button", class: "cm-button", onclick, ...attributes }, label);
  const choose = (filter, wanted) => look({ chosen: { ...view.chosen, [filter.name]: wanted } });

  // 1. Who.
  const range = spec.ages && ageRange(spec.ages, spec.no_age, (age) => look({ age }));
  const filters = spec.filters.map((filter) => ({ ...filter, ...answerFilter(filter, (wanted) => choose(filter, wanted)) }));
  for (const { node } of filters)
    node.addEventListener("toggle", () => node.open && filters.forEach((other) => other.node !== node && (other.node.open = false)));
  const sentence = element("p", { class: "cm-sentence" });
  const size = element("p", { class: "cm-size" });
  const warning = element("p", { class: "cm-warning" });
  const chips = element("div", { class: "cm-chips", role: "group", "aria-label": "Filtres posés" });
  const who = element("div", { class: "cm-who-box" }, element("div", { role: "status", "aria-live": "polite" }, sentence, size, warning), chips);

  function chipsOf() {
    const one = (label, onclick) => button(`${label} ✕`, onclick, { class: "cm-button cm-chip", "aria-label": `Retirer : ${label}` });
    const [low, high] = view.age;
    const made = low === null && high === null ? [] : [one(agesTold(view.age), () => look({ age: [null, null] }))];
    for (const filter of filters)
      for (const answer of view.chosen[filter.name] ?? [])
        made.push(one(filter.labels.get(answer), () => choose(filter, view.chosen[filter.name].filter((other) => other !== answer))));
    return made.length ? [...made, button("Tout effacer", () => look(everybody))] : [element("span", { class: "cm-aside", tabindex: "-1" }, "Aucun filtre\u00a0: choisissez un âge ou des réponses ci-dessus.")];
  }

  // 2. What they answer.
  const select = (label, options, onchange, none) => {
    const id = `cm-question-${next()}`;
    const groups = options.filter((group) => group.options.length).map(({ group, options: inside }) => element("optgroup", { label: group }, ...inside.map(([value, text]) => element("option", { value }, text))));
    const control = element("select", { id, onchange: () => onchange(control.value) }, none ? element("option", { value: "" }, none) : null, ...groups);
    return { control, node: element("div", { class: "cm-pick" }, element("label", { for: id }, label), control) };
  };
  const question = select("Question", spec.questions, (name) => look({ question: name, cross: view.cross === name ? "" : view.cross }));
  const cross = select("Croiser avec", spec.questions, (name) => look({ cross: name }), "ne pas croiser");
  const sortName = `cm-tri-${next()}`;
  const sorts = [["index", "indice"], ["count", "fréquence"]].map(([value, label]) => {
    const input = element("input", { type: "radio", name: sortName, value, onchange: () => look({ sort: value }) });
    return { value, input, node: element("label", { class: "cm-option" }, input, element("span", {}, label)) };
  });
  const sorted = element("fieldset", { class: "cm-sort" }, element("legend", {}, "Trier par"), element("div", { class: "cm-options" }, ...sorts.map((sort) => sort.node)));
  const about = element("p", { class: "cm-about", role: "status" });
  const answers = element("div", {});
  const note = element("p", { class: "cm-aside" });
  const crossed = element("div", {});
  const explained = element("details", { class: "cm-hint" }, element("summary", {}, "Comment lire l’indice\u202f?"), element("p", {}, spec.index));

  // 3. Segments kept.
  const nameId = `cm-segment-${next()}`;
  const name = element("input", { id: nameId, type: "text", maxlength: "40", autocomplete: "off", placeholder: "par exemple Jeunes actifs" });
  const keep = button("Garder ce segment", null, { type: "submit", class: "cm-button cm-main" });
  const full = element("p", { class: "cm-aside" }, `${spec.most} segments sont gardés\u00a0: retirez-en un pour en garder un autre.`);
  const form = element(
    "form",
    {
      class: "cm-keep",
      onsubmit: (event) => {
        event.preventDefault();
        if (keep.disabled) return;
        send({ type: "keep", name: name.value });
        name.value = "";
      },
    },
    element("label", { for: nameId }, "Nom du segment affiché"),
    name,
    keep,
  );
  const kept = element("div", { class: "cm-kept" });
  const verdict = element("p", { class: "cm-sentence", role: "status" });
  const pairs = element("ul", { class: "cm-pairs", "aria-label": "Personnes en commun" });
  const sides = element("details", { class: "cm-hint", hidden: true }, element("summary", {}, "Comparer leurs réponses à la question choisie"));
  const side = element("div", {});
  sides.append(side);

  function keptCard(segment, place) {
    const id = `cm-nom-${next()}`;
    const input = element("input", {
      id,
      type: "text",
      maxlength: "40",
      autocomplete: "off",
      value: segment.name,
      onchange: () => {
        input.defaultValue = input.value;
        send({ type: "rename", place, name: input.value });
      },
    });
    return element(
      "article",
      { class: "cm-segment", "aria-label": segment.name },
      element("label", { class: "cm-hidden", for: id }, `Nom du segment ${place + 1}`),
      input,
      element("p", {}, segment.sentence),
      element("p", { class: "cm-size" }, segment.size),
      segment.warning ? element("p", { class: "cm-warning" }, `⚠ ${segment.warning}`) : null,
      element("p", { class: "cm-aside" }, segment.now),
      element(
        "div",
        { class: "cm-steps" },
        button("Afficher", () => look(segment.filter), { "aria-label": `Afficher le segment ${segment.name}` }),
        button("Retirer", () => send({ type: "drop", place }), { "aria-label": `Retirer le segment ${segment.name}` }),
      ),
    );
  }

  const results = element("div", { class: "cm-results" });
  results.append(
    element("div", { class: "cm-picks" }, question.node, sorted, cross.node),
    about,
    answers,
    note,
    explained,
    crossed,
  );
  const { node: badgeNode, show } = badgeLine();
  card.append(
    element("header", { class: "cm-title" }, element("h3", {}, spec.title)),
    element("p", { class: "cm-statement" }, spec.statement),
    element("h4", {}, "Qui garder\u202f?"),
    range ? range.node : "",
    element("div", { class: "cm-filters" }, ...filters.map(({ node }) => node)),
    who,
    element("h4", {}, "Que répondent-ils\u202f?"),
    results,
    element("h4", {}, "Segments gardés"),
    element("p", { class: "cm-aside" }, "Ils restent à côté de votre carnet, d’une séance à l’autre, mais ne font pas partie de votre copie."),
    form,
    full,
    kept,
    verdict,
    pairs,
    sides,
    element("footer", { class: "cm-footer" }, badgeNode),
  );

  // A part is drawn anew only when what it shows has changed; the keyboard stays where it was, or on what took its place.
  const drawn = new Map();
  function redraw(part, shown, make) {
    const wanted = JSON.stringify(shown);
    const typed = part.querySelector("input:focus");
    if (drawn.get(part) === wanted || (typed && typed.value !== typed.defaultValue)) return; // a name half typed stays
    drawn.set(part, wanted);
    const controls = () => [...part.querySelectorAll("input, button, [tabindex]")];
    const place = controls().indexOf(document.activeElement);
    part.replaceChildren(...make());
    const now = controls();
    if (place >= 0) (now[Math.min(place, now.length - 1)] ?? name).focus({ preventScroll: true });
  }

  // What is asked, at once; what was found, when the kernel has said so.
  function draw() {
    range?.show(view.age);
    for (const filter of filters) filter.show(view.chosen[filter.name] ?? []);
    redraw(chips, [view.age, view.chosen], chipsOf);
    question.control.value = view.question;
    cross.control.value = view.cross;
    for (const option of cross.control.options) option.disabled = option.value === view.question;
    for (const { value, input } of sorts) input.checked = value === view.sort;
    card.classList.toggle("cm-waiting", Boolean(flying));
  }
  const say = (node, text) => node.textContent !== text && (node.textContent = text);

  function update() {
    const status = model.get("status");
    if (!flying && !changed) view = status.view;
    draw();
    say(sentence, status.sentence);
    say(size, status.size);
    say(warning, status.warning && `⚠ ${status.warning}`);
    for (const filter of filters) filter.count(status.facets[filter.name] ?? {});
    say(about, status.answers.about);
    say(note, status.answers.note);
    redraw(answers, status.answers, () => (status.answers.rows.length ? [answersTable(status.answers)] : []));
    redraw(crossed, status.cross, () => (status.cross ? [plainTable(status.cross, true)] : []));
    const { cards, pairs: told, verdict: all, table } = status.kept;
    say(verdict, all);
    redraw(kept, cards, () => cards.map(keptCard));
    redraw(pairs, told, () => told.map((text) => element("li", {}, text)));
    redraw(side, table, () => (cards.length ? [plainTable(table)] : []));
    sides.hidden = !cards.length;
    keep.disabled = cards.length >= spec.most;
    form.hidden = keep.disabled;
    full.hidden = !keep.disabled;
  }

  const before = views.get(spec.key);
  if (before && JSON.stringify(before) !== JSON.stringify(view)) look(before);
  return {
    update,
    badge: (alive) => {
      card.classList.toggle("cm-behind", !alive);
      show(alive ? model.get("status").note : BEHIND, true);
    },
  };
};

export default { render };
