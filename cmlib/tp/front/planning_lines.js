// A line of a planning as the page reads it: its texts, its day and its deadlines. Days are numbers, counted from 1 January 1970:
// moving one is adding. What is not written as the kernel writes it is kept as it is, and has no day.

const DAY_NAMES = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTH_NAMES = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
const FIRST_DAY = dayNumber(1900, 1, 1);
const LAST_DAY = dayNumber(2100, 12, 31);
const two = (number) => String(number).padStart(2, "0");

function dayNumber(year, month, day) {
  const number = Date.UTC(year, month - 1, day) / 86_400_000;
  const found = calendar(number);
  return found.year === year && found.month === month && found.day === day ? number : null; // there is no 31 February
}

function calendar(number) {
  const date = new Date(number * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const weekday = (number) => (((number + 3) % 7) + 7) % 7; // Monday is 0

function shortDay(number) {
  const { year, month, day } = calendar(number);
  return `${two(day)}/${two(month)}/${year}`;
}

function isoDay(number) {
  const { year, month, day } = calendar(number);
  return `${year}-${two(month)}-${two(day)}`;
}

function plainDay(number) {
  const { year, month, day } = calendar(number);
  return `${day === 1 ? "1er" : day} ${MONTH_NAMES[month - 1]} ${year}`;
}

const longDay = (number) => `${DAY_NAMES[weekday(number)]} ${plainDay(number)}`;

function readDay(text) {
  const short = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const number = short ? dayNumber(Number(short[3]), Number(short[2]), Number(short[1])) : iso ? dayNumber(...iso.slice(1).map(Number)) : null;
  return number === null || number < FIRST_DAY || number > LAST_DAY ? null : number;
}

function readMinutes(text) {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? "");
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

const clock = (minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const hour = (minutes) => `${Math.floor(minutes / 60) % 24}\u00a0h${minutes % 60 ? `\u00a0${two(minutes % 60)}` : ""}`;
const oneLine = (text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").replace(/ +/g, " ").trim();

// Whether a publication of that day and hour is at one of the advised times; one that crosses midnight goes on on the next day.
function atAdvised(slots, day, minutes) {
  return slots.some(([on, start, end]) => {
    const today = weekday(day) === on;
    if (end > start) return today && start <= minutes && minutes < end;
    return (today && minutes >= start) || (weekday(day) === (on + 1) % 7 && minutes < end);
  });
}

// Reads and writes the lines of a planning.
function planningLines(spec) {
  const columns = spec.columns.map(([column]) => column);
  const names = new Map(spec.networks);
  const read = new Map(); // most lines stay the same

  function post(line) {
    if (!read.has(line)) {
      if (read.size > 4 * spec.most) read.clear();
      read.set(line, parsed(line));
    }
    return read.get(line);
  }

  function parsed(line) {
    const texts = line.split("\t");
    const cells = Object.fromEntries(columns.map((column, i) => [column, texts[i] ?? ""]));
    const moment = /^(\S+)(?: (?:à )?(\d{2}:\d{2}))?$/.exec(cells.published);
    const minutes = moment ? readMinutes(moment[2]) : null;
    const day = moment && (moment[2] === undefined || minutes !== null) ? readDay(moment[1]) : null;
    const said = cells.networks.split(/[,;]/).map((part) => part.trim()).filter(Boolean);
    const known = said.map((part) => spec.networks.find(([id, name]) => [bare(name), id].includes(bare(part)))?.[0]);
    const numbered = /^(.*) \(n°[\u00a0 ]\d+\)$/.exec(cells.title);
    return {
      line,
      cells,
      day,
      minutes: day === null ? null : minutes,
      networks: spec.networks.map(([id]) => id).filter((id) => known.includes(id)),
      strays: said.filter((_, i) => !known[i]),
      dues: readDues(cells.deadlines),
      series: numbered ? numbered[1] : null,
    };
  }

  function readDues(text) {
    const found = /^(?:rédaction (\S+?))?(?:^|, |$)(?:validation (\S+))?$/.exec(text.normalize("NFC"));
    if (!found) return null;
    const [writing, approval] = found.slice(1).map((day) => (day ? readDay(day) : undefined));
    return writing === null || approval === null ? null : { writing: writing ?? null, approval: approval ?? null };
  }

  const dues = ({ writing, approval }) =>
    [writing === null ? "" : `rédaction ${shortDay(writing)}`, approval === null ? "" : `validation ${shortDay(approval)}`].filter(Boolean).join(", ");
  const moment = (day, minutes) => (day === null ? "" : minutes === null ? shortDay(day) : `${shortDay(day)} ${minutes ? "" : "à "}${clock(minutes)}`);
  const shifted = (found, days) => dues({ writing: found.writing === null ? null : found.writing + days, approval: found.approval === null ? null : found.approval + days });

  return {
    post,
    dues,
    moment,
    line: (cells) => columns.map((column) => oneLine(cells[column] ?? "")).join("\t").replace(/\t+$/, ""),
    networks: (ids, strays = []) => [...ids.map((id) => names.get(id)), ...strays].join(", "),
    // What changes in the cells of a publication that goes to another day: its deadlines go with it.
    onDay: (found, day) => ({
      published: moment(day, found.minutes),
      ...(found.day === null || found.dues === null ? {} : { deadlines: shifted(found.dues, day - found.day) }),
    }),
    // How one says a publication: title, networks, moment.
    said: (found) =>
      [
        found.cells.title || "Sans titre",
        found.networks.map((id) => names.get(id)).concat(found.strays).join(", ") || "sans réseau",
        found.day === null ? found.cells.published || "sans date" : longDay(found.day) + (found.minutes === null ? "" : ` à ${hour(found.minutes)}`),
      ].join(", "),
  };
}

// A network, as a mark: short, coloured, and told by its name.
const SHORT_NAMES = { facebook: "Fb", instagram: "Ig", tiktok: "Tt", linkedin: "Li", snapchat: "Sc", youtube: "Yt", x: "X", pinterest: "Pi" };
const networkMark = (id) => element("span", { class: "cm-network", "data-network": id }, SHORT_NAMES[id] ?? id.slice(0, 2));
