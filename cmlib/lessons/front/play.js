// The controls of a demonstration. The kernel draws; the page says all the values in each message, one at a time.

const NOT_DRAWN = "Le noyau ne répond plus\u00a0: l’image ne suit plus vos réglages. Ouvrez le menu Exécution et choisissez «\u00a0Exécuter toutes les cellules\u00a0».";

OTHERS.play = (model, card, line, spec) => {
  const values = Object.fromEntries(spec.controls.map(([name, { start }]) => [name, start]));
  let flying = 0; // the message that waits for its picture: changes meanwhile go together, in one more
  let changed = false;
  const look = () => {
    changed = flying !== 0;
    if (!flying) flying = line.send({ type: "look", values: { ...values } });
  };
  line.onAck(({ n }) => {
    if (n !== flying) return;
    flying = 0;
    if (changed) look();
  });
  const written = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });
  const told = (value, unit) => (unit ? `${written.format(value)}\u00a0${unit}` : written.format(value));

  const controls = spec.controls.map(([name, control]) => {
    const id = `cm-reglage-${next()}`;
    const label = element("label", { for: id }, control.label);
    if (control.kind === "select") {
      const select = element(
        "select",
        {
          id,
          onchange: () => {
            values[name] = select.value;
            look();
          },
        },
        ...control.options.map(([option, text]) => element("option", { value: option }, text)),
      );
      select.value = control.start;
      return { node: element("div", { class: "cm-control" }, label, select), reset: () => (select.value = values[name] = control.start) };
    }
    const output = element("output", { for: id }, told(control.start, control.unit));
    const slider = element("input", {
      id,
      type: "range",
      min: String(control.low),
      max: String(control.high),
      step: String(control.step),
      "aria-valuetext": told(control.start, control.unit),
      oninput: () => {
        values[name] = Number(slider.value);
        say();
        look();
      },
    });
    slider.value = String(control.start);
    const say = () => {
      output.textContent = told(values[name], control.unit);
      slider.setAttribute("aria-valuetext", output.textContent);
    };
    const reset = () => {
      values[name] = control.start;
      slider.value = String(control.start);
      say();
    };
    return { node: element("div", { class: "cm-control" }, label, slider, output), reset };
  });

  const back = element(
    "button",
    {
      type: "button",
      class: "cm-button",
      onclick: () => {
        for (const control of controls) control.reset();
        look();
      },
    },
    "Revenir au départ",
  );
  const { node, show } = badgeLine();
  card.append(
    element("header", { class: "cm-title" }, element("h3", {}, spec.title)),
    element("p", { class: "cm-statement" }, spec.statement),
    element("div", { class: "cm-controls" }, ...controls.map((control) => control.node)),
    node,
    back,
  );
  return {
    update: () => {},
    badge: (alive) => {
      const { error } = model.get("status");
      if (!alive) show(NOT_DRAWN, true);
      else show(error, Boolean(error));
    },
  };
};

export default { render };
