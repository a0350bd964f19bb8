// A budget to share out: for each line a slider and an amount to type, and what is left at a glance.

CONTROLS.budget = (spec, commit) => {
  const total = spec.total;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(total)) - 2); // a hundred to a thousand steps
  const written = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });
  const share = new Intl.NumberFormat("fr-FR", { style: "percent", maximumFractionDigits: 1 });
  const amount = (value) => `${written.format(value)} ${spec.unit}`;
  const bar = element("div", { class: "cm-bar", "aria-hidden": "true" });
  const left = element("p", { class: "cm-left" });
  let amounts = {};
  let known = {}; // what was typed, by line

  const lines = spec.lines.map(([line, label], i) => {
    const id = `cm-${line}-${next()}`;
    const part = element("span", { class: "cm-reading", id: `${id}-part` });
    const input = element("input", {
      id,
      type: "text",
      autocomplete: "off",
      placeholder: `en ${spec.unit}`,
      "aria-describedby": `${id}-part`,
      onchange: () => input.value !== (known[line] ?? "") && save(),
    });
    const save = () => {
      known = { ...known, [line]: input.value };
      commit({ [line]: input.value.trim() ? input.value : null });
    };
    const room = () => total - Object.entries(amounts).reduce((sum, [other, value]) => sum + (other === line ? 0 : value), 0);
    const slide = (value) => {
      const kept = Math.max(0, Math.min(value, room())); // a slider never takes what is not there
      slider.value = String(kept);
      input.value = kept ? written.format(kept) : "";
      return kept;
    };
    const slider = element("input", {
      type: "range",
      min: "0",
      max: String(total),
      step: String(step),
      "aria-label": `${label}, curseur`,
      oninput: () => {
        amounts = { ...amounts, [line]: slide(Number(slider.value)) };
        draw();
      },
      onchange: save,
    });
    const rest = element(
      "button",
      {
        type: "button",
        class: "cm-button cm-rest",
        "aria-label": `Mettre le reste : ${label}`,
        onclick: () => {
          const kept = Math.round(100 * Math.max(0, room())) / 100;
          input.value = kept ? written.format(kept) : "";
          save();
        },
      },
      "Mettre le reste",
    );
    bar.append(element("span", { "data-tone": String(i % 4) }));
    const node = element(
      "div",
      { class: `cm-item cm-line cm-item-${line}` },
      element("label", { class: "cm-item-text", for: id }, label),
      slider,
      input,
      part,
      rest,
    );
    return { line, input, slider, part, node };
  });

  function draw() {
    const sum = Object.values(amounts).reduce((a, b) => a + b, 0);
    const rest = Math.abs(total - sum) < 0.005 ? 0 : total - sum;
    left.textContent = rest > 0 ? `Reste à répartir : ${amount(rest)} sur ${amount(total)}` : rest < 0 ? `Dépassement : ${amount(-rest)} au-delà de ${amount(total)}` : `${amount(total)} : tout est réparti`;
    left.classList.toggle("cm-error", rest < 0);
    const whole = Math.max(total, sum);
    lines.forEach(({ line, slider, part }, i) => {
      const value = amounts[line] ?? 0;
      if (document.activeElement !== slider) slider.value = String(value);
      slider.setAttribute("aria-valuetext", amount(value));
      part.textContent = share.format(value / total);
      bar.children[i].style.width = `${(100 * value) / whole}%`;
    });
  }

  return {
    node: element("div", { class: "cm-budget" }, left, bar, ...lines.map(({ node }) => node)),
    update: (value, status) => {
      known = value;
      for (const { line, input, slider } of lines)
        if (document.activeElement !== input && document.activeElement !== slider) input.value = value[line] ?? "";
      amounts = { ...(status.amounts ?? {}) };
      draw();
    },
  };
};
