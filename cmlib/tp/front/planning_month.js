// A month of a planning: its days, the brand's events across them, the publications to open, drag and move.

function monthView(spec, lines, board) {
  const heads = DAY_NAMES.map((name) => element("th", { scope: "col" }, name));
  const body = element("tbody");
  const caption = element("caption", { class: "cm-hidden" });
  const undated = element("div", { class: "cm-undated", hidden: true });
  const table = element("table", { class: "cm-month" }, caption, element("thead", {}, element("tr", {}, ...heads)), body);
  const node = element("div", { class: "cm-keys" }, undated, table);
  const days = new Map(); // day -> { node, posts, drawn }
  const events = spec.events.map(([name, first, last]) => ({ name, first: readDay(first), last: readDay(last) }));
  let month = ""; // the one drawn

  function weeks({ year, month }) {
    const first = dayNumber(year, month, 1);
    const from = first - weekday(first);
    const next = month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, month + 1, 1);
    days.clear();
    const rows = [];
    for (let monday = from; monday < next; monday += 7) {
      const lanes = lanesOf(monday);
      rows.push(element("tr", {}, ...DAY_NAMES.map((_, i) => dayCell(monday + i, lanes, calendar(monday + i).month !== month))));
    }
    return rows;
  }

  // The events of a week, each on a lane of its own for as long as it lasts.
  function lanesOf(monday) {
    const lanes = [];
    for (const event of events.filter(({ first, last }) => first <= monday + 6 && last >= monday)) {
      const free = lanes.findIndex((lane) => lane.every(({ last, first }) => last < event.first || first > event.last));
      if (free < 0) lanes.push([event]);
      else lanes[free].push(event);
    }
    return lanes;
  }

  function dayCell(day, lanes, out) {
    const posts = element("div", { class: "cm-posts" });
    const bands = lanes.map((lane) => {
      const event = lane.find(({ first, last }) => first <= day && day <= last);
      if (!event) return element("div", { class: "cm-band" });
      const begins = day === event.first || weekday(day) === 0;
      const band = element("div", { class: "cm-band" }, element("span", { class: begins ? "cm-event" : "cm-hidden" }, `★\u00a0${event.name}`));
      if (begins) band.style.setProperty("--cm-days", Math.min(event.last - day, 6 - weekday(day)) + 1);
      return band;
    });
    const plus = element("button", { type: "button", class: "cm-button cm-plus", "aria-label": `Ajouter le ${plainDay(day)}`, onclick: () => board.add(day, plus) }, "+");
    const number = calendar(day).day;
    const cell = element(
      "td",
      { class: out ? "cm-day cm-out" : "cm-day", "data-day": day },
      element("div", { class: "cm-day-head" }, element("span", {}, number === 1 ? "1er" : String(number)), plus),
      ...bands,
      posts,
    );
    days.set(day, { node: cell, posts, drawn: "" });
    return cell;
  }

  function chip(id, post) {
    const problem = board.problem(id);
    const label = `${lines.said(post)}${problem ? `. À compléter\u00a0: ${problem}` : ""}`;
    return element(
      "div",
      { class: "cm-chip", role: "button", tabindex: "0", draggable: "true", "data-post": id, "data-network": post.networks[0] ?? "", "aria-label": label, title: label },
      element("span", { class: "cm-chip-head" }, ...post.networks.map(networkMark), post.minutes === null ? null : hour(post.minutes), problem ? " ⚠" : null),
      element("span", { class: "cm-chip-title" }, post.cells.title || "Sans titre"),
    );
  }

  function fill(place, posts) {
    const wanted = JSON.stringify(posts.map(([id, post]) => [id, post.line, board.problem(id)]));
    if (place.drawn === wanted) return;
    place.drawn = wanted;
    place.posts.replaceChildren(...posts.map(([id, post]) => chip(id, post)));
  }

  const alone = { posts: element("div", { class: "cm-posts" }), drawn: "" };
  const count = element("p", { class: "cm-undated-count" });
  undated.append(count, alone.posts);

  function draw() {
    const shown = board.month();
    const wanted = `${shown.year}-${shown.month}`;
    const held = document.activeElement?.closest?.("[data-post]")?.dataset.post;
    const inside = node.contains(document.activeElement);
    if (wanted !== month) {
      month = wanted;
      const name = MONTH_NAMES[shown.month - 1];
      caption.textContent = `Publications ${/^[ao]/.test(name) ? "d’" : "de "}${name} ${shown.year}`;
      body.replaceChildren(...weeks(shown));
    }
    const byDay = new Map([...days.keys()].map((day) => [day, []]));
    const without = [];
    for (const entry of board.shown()) (entry[1].day === null ? without : byDay.get(entry[1].day))?.push(entry);
    for (const [day, place] of days) fill(place, byDay.get(day));
    fill(alone, without);
    undated.hidden = without.length === 0;
    count.textContent = `Sans date (${without.length})`;
    if (inside && held && !node.contains(document.activeElement)) focus(held);
  }

  function focus(id) {
    const found = node.querySelector(`[data-post="${CSS.escape(id)}"]`);
    found?.focus();
    return Boolean(found);
  }

  // ---- mouse and keys
  node.addEventListener("click", (event) => {
    const id = event.target.closest("[data-post]")?.dataset.post;
    if (id) board.open(id);
  });

  node.cmlibKey = (event) => {
    const id = event.target.closest("[data-post]")?.dataset.post;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (step) event.preventDefault(); // Alt + ← would leave the page
    if (id && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      board.open(id);
    } else if (step && event.altKey && id) {
      board.move(id, step);
      focus(id);
    } else if (step) {
      const near = days.get(Number(event.target.closest("[data-day]")?.dataset.day) + step);
      (near?.posts.firstChild ?? near?.node.querySelector("button"))?.focus();
    }
  };

  let dragged = null;
  const over = (event) => (dragged ? event.target.closest("[data-day]") : null);
  const mark = (cell) => {
    node.querySelector(".cm-over")?.classList.remove("cm-over");
    cell?.classList.add("cm-over");
  };
  node.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-post]")?.dataset.post ?? null;
    if (!dragged) return;
    event.dataTransfer.setData("text/plain", board.post(dragged).cells.title);
    event.dataTransfer.effectAllowed = "move";
  });
  node.addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
  node.addEventListener("dragover", (event) => {
    const cell = over(event);
    if (cell) event.preventDefault();
    mark(cell);
  });
  node.addEventListener("drop", (event) => {
    const cell = over(event);
    if (!cell) return;
    event.preventDefault();
    const id = dragged;
    dragged = null; // the browser says nothing of the end of a drag whose chip is drawn anew
    mark(null);
    board.place(id, Number(cell.dataset.day));
  });

  return { node, draw, focus };
}
