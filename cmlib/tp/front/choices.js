// Exercises answered by choosing: categories, options, an order.

Object.assign(CONTROLS, {
  classification(spec, commit) {
    const rows = spec.items.map(([item, text]) =>
      radios(`${spec.key}-${item}`, text, spec.categories, (value) => commit({ [item]: value }), `cm-item cm-item-${item}`),
    );
    return {
      node: element("div", {}, ...rows.map((row) => row.node)),
      update: (value) => spec.items.forEach(([item], i) => rows[i].check(value[item])),
    };
  },

  ordering(spec, commit) {
    const texts = new Map(spec.items);
    let order = spec.items.map(([item]) => item);
    let given = false;
    const list = element("ol", { class: "cm-order" });
    const said = element("p", { class: "cm-hidden", role: "status" });
    const keep = element("button", { type: "button", class: "cm-button", onclick: () => send() }, "Garder cet ordre");
    const send = () => commit({ ordre: order.join(" ") });
    const move = (item, to, focus) => {
      const place = Math.max(0, Math.min(order.length - 1, to));
      order = order.filter((other) => other !== item);
      order.splice(place, 0, item);
      draw();
      if (focus) list.querySelector(`[data-item="${CSS.escape(item)}"] ${focus}`)?.focus();
      said.textContent = `${texts.get(item)}\u00a0: place ${place + 1} sur ${order.length}.`;
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
        if (!step || event.altKey) return;
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
      const row = radios(spec.key, spec.title, spec.options, (value) => commit({ choix: value }), "cm-choice", true);
      return { node: row.node, update: (value) => row.check(value.choix) };
    }
    const boxes = spec.options.map(([option, label]) => {
      const input = element("input", { type: "checkbox", onchange: () => commit({ [option]: input.checked ? "oui" : null }) });
      return { option, input, node: element("label", { class: "cm-option" }, input, element("span", {}, label)) };
    });
    const legend = element("legend", { class: "cm-hidden" }, spec.title);
    return {
      node: element("fieldset", { class: "cm-choice" }, legend, ...boxes.map((box) => box.node)),
      update: (value) => boxes.forEach((box) => (box.input.checked = value[box.option] === "oui")),
    };
  },
});

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
