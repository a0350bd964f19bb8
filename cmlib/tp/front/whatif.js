// The what-if of a funnel: points added to each passage, by a slider, a field or two buttons. The kernel computes; the page says
// the points whole in each message, one at a time, and says so when the numbers no longer follow.

const BEHIND = "Le noyau ne répond plus\u00a0: les nombres ne suivent plus vos curseurs. Ouvrez le menu Exécution et choisissez «\u00a0Exécuter toutes les cellules\u00a0».";
const PAUSE = 500; // ms: the sentence is said once the hand has stopped

OTHERS.whatif = (model, card, line, spec) => {
  const written = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const signed = (value) => written.format(value).replace("-", "−");
  const spoken = (value) => `${signed(value)} ${Math.abs(value) < 2 ? "point" : "points"}`;
  const asked = {}; // by passage, what the next message says: a slider's value, or what was typed
  let flying = 0; // the message that waits for its answer: changes meanwhile go together, in one more
  let changed = false;
  let saying = 0;

  const send = () => {
    if (flying) changed = true;
    else {
      changed = false;
      flying = line.send({ type: "look", points: { ...asked } });
    }
  };
  line.onAck(({ n }) => {
    if (n !== flying) return;
    flying = 0;
    if (changed) send();
    else update();
  });

  const passages = spec.passages.map(([start, label]) => {
    const id = `cm-points-${next()}`;
    const told = element("p", { class: "cm-told", id: `${id}-dit`, role: "status" });
    const show = (value) => {
      slider.value = String(value);
      slider.setAttribute("aria-valuetext", spoken(value));
      passage.typing = false;
      field.value = signed(value);
    };
    const move = () => {
      asked[start] = slider.value;
      show(Number(slider.value));
      send();
    };
    const slider = element("input", {
      type: "range",
      min: String(-spec.most),
      max: String(spec.most),
      step: "0.1",
      "aria-label": `${label} : points ajoutés au taux de passage, curseur`,
      "aria-describedby": `${id}-dit`,
      oninput: move,
    });
    const field = element("input", {
      id,
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      maxlength: "40",
      "aria-label": `${label} : points ajoutés au taux de passage`,
      "aria-describedby": `${id}-dit`,
      oninput: () => (passage.typing = true),
      onchange: () => {
        passage.typing = false;
        asked[start] = field.value;
        send();
      },
      onblur: () => {
        passage.typing = false;
        update();
      },
    });
    const step = (sign, told, act) =>
      element(
        "button",
        {
          type: "button",
          class: "cm-step",
          "aria-label": `${label} : ${told} 0,1 point`,
          onclick: () => {
            act();
            move();
          },
        },
        sign,
      );
    const minus = step("−", "retirer", () => slider.stepDown());
    const plus = step("+", "ajouter", () => slider.stepUp());
    const node = element(
      "div",
      { class: "cm-passage", role: "group", "aria-label": label },
      element("p", { class: "cm-passage-name" }, element("strong", {}, label), element("span", {}, "points ajoutés au taux de passage")),
      element("div", { class: "cm-moves" }, slider, minus, field, plus),
      told,
    );
    const passage = { start, field, told, show, node, typing: false };
    return passage;
  });

  const steps = model.get("status").steps.map(({ label }) => {
    const now = element("span", { class: "cm-now" });
    const then = element("span", { class: "cm-then" });
    const numbers = { now: element("strong", {}), then: element("strong", {}) };
    const node = element(
      "div",
      { class: "cm-level" },
      element("strong", { class: "cm-level-name" }, label),
      element("div", { class: "cm-gauge", "aria-hidden": "true" }, then, now),
      element(
        "div",
        { class: "cm-people" },
        element("p", {}, "année\u00a0: ", numbers.now),
        element("p", { class: "cm-supposed" }, "hypothèse\u00a0: ", numbers.then),
      ),
    );
    return { node, now, then, numbers };
  });

  const sentence = element("p", { class: "cm-sentence", role: "status", "aria-live": "polite" });
  const reset = element(
    "button",
    {
      type: "button",
      class: "cm-button",
      onclick: () => {
        for (const { start, show } of passages) {
          asked[start] = "0";
          show(0);
        }
        send();
      },
    },
    "Revenir à la réalité",
  );
  const { node: badgeNode, show: showBadge } = badgeLine();
  card.append(
    element("header", { class: "cm-title" }, element("h3", {}, spec.title)),
    element("p", { class: "cm-statement" }, spec.statement),
    element(
      "p",
      { class: "cm-legend" },
      element("span", { class: "cm-key cm-now", "aria-hidden": "true" }),
      "contour\u00a0: l’année telle qu’elle a été",
      element("span", { class: "cm-key cm-then", "aria-hidden": "true" }),
      "plein\u00a0: votre hypothèse",
    ),
    element("p", {}, spec.reading),
    element("div", { class: "cm-levels" }, ...steps.flatMap(({ node }, i) => (passages[i] ? [node, passages[i].node] : [node]))),
    sentence,
    reset,
    element("p", { class: "cm-model" }, spec.model),
    element("footer", { class: "cm-footer" }, badgeNode),
  );

  const say = (node, text) => node.textContent !== text && (node.textContent = text);

  // Numbers and bars as soon as they are known; what the hand holds, once the kernel has answered all it was asked.
  function update() {
    const status = model.get("status");
    steps.forEach(({ now, then, numbers }, i) => {
      const { now: before, then: after, bars } = status.steps[i];
      say(numbers.now, before);
      say(numbers.then, after);
      now.style.width = `${100 * bars[0]}%`;
      then.style.width = `${100 * bars[1]}%`;
    });
    clearTimeout(saying);
    saying = setTimeout(() => say(sentence, status.sentence), sentence.textContent ? PAUSE : 0);
    if (flying) return;
    for (const { start, field, told, show, typing } of passages) {
      const unread = status.unread.includes(start);
      if (!unread) asked[start] = String(status.points[start]);
      if (!unread && !typing) show(status.points[start]);
      field.setAttribute("aria-invalid", String(unread));
      told.classList.toggle("cm-error", unread);
      say(told, status.told[start]);
    }
  }

  return {
    update,
    badge: (alive) => {
      card.classList.toggle("cm-behind", !alive);
      showBadge(alive ? "" : BEHIND, true);
    },
  };
};

export default { render };
