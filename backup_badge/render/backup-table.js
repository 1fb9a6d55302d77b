// Tables sort by a click on a heading, tell times as a reader would, and follow the news
// of backup-badge.js, which stands after this one. Texts and attributes only.
window.backupTable ??= (() => {
  let ago = () => "", languageOf = () => [];
  const {words = {}} = window.backupBadgeWords ?? {};
  const fillIn = (text, values) => text.replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);
  const _ = (text, values = {}) => fillIn(words[text] ?? text, values);

  // Sizes, durations and times as view/formats.py writes them.
  const MARKS = _("1,234.5"), UNITS = _("B kB MB GB TB PB").split(" ");
  const size = n => {
    const units = [...UNITS];
    for (; n >= 999.5 && units[1]; n /= 1000) units.shift();
    const precise = units.length < UNITS.length && n < 9.95;
    return n.toFixed(precise ? 1 : 0).replace(".", MARKS.at(-2)) + " " + units[0];
  };
  const SPANS = [[86400, _("{number} d")], [3600, _("{number} h")], [60, _("{number} min")], [1, _("{number} s")]];
  const span = n => {
    const parts = [];
    for (const [length, form] of SPANS) {
      if (n >= length) parts.push(fillIn(form, {number: Math.floor(n / length)}));
      n %= length;
    }
    return parts.slice(0, 2).join(" ") || fillIn(SPANS[3][1], {number: 0});
  };

  const number = (cell, n, words) => {
    const known = Number.isFinite(n);
    cell.dataset.backupValue = known ? n : "";
    cell.textContent = known ? words(n) : "";
  };
  const time = (cell, at) => {
    number(cell, at / 1000, () => "");
    if (!Number.isFinite(at)) return;
    const element = document.createElement("time"), text = new Date(at).toISOString();
    element.dateTime = text.slice(0, 19) + "Z";
    const [year, month, day] = text.slice(0, 10).split("-");
    element.textContent = _("{year}-{month}-{day} {time} UTC", {year, month, day, time: text.slice(11, 16)});
    cell.append(element);
  };

  // News of a source fill the whole row: no cell is left that tells of another run.
  const count = n => String(n).replace(/\B(?=(\d{3})+$)/g, MARKS[1]);
  const columns = {
    last_success: (cell, {success}) => time(cell, success),
    started: (cell, {entry}) => time(cell, read(entry.started)),
    finished: (cell, {entry}) => time(cell, read(entry.finished)),
    next_run: (cell, {entry}) => time(cell, read(entry.next_run)),
    checked: (cell, {entry}) => time(cell, read(entry.checked)),
    duration: (cell, {entry}) => number(cell, Math.max(0, Math.round((read(entry.finished) - read(entry.started)) / 1000)), span),
    files: (cell, {entry}) => number(cell, entry.details?.files, count),
    size: (cell, {entry}) => number(cell, entry.details?.bytes, size),
    errors: (cell, {entry}) => number(cell, entry.details?.errors, count),
    restorable: (cell, {entry}) => number(cell, [0, 1][[false, true].indexOf(entry.details?.restorable)], n => n ? _("yes") : _("no")),
  };
  const restored = (cell, {success, entry}) => {
    const n = entry.details?.duration;
    time(cell, success);
    if (success > 0 && entry.reported_state == "succeeded" && Number.isFinite(n)) cell.append(` (${span(n)})`);
  };
  // The message tells of the source, then of its restore test.
  const TEST = _("restore test: {cause}", {cause: ""});
  const told = (now, built, lead) => now?.entry || now?.changed ? [...now.causes.map(why => lead + why), !now.entry && built] : [built];
  const tellWhy = (cell, now, test) => {
    const [was, ...tests] = (cell.built ??= cell.textContent).split(TEST);
    const parts = [...told(now, was.replace(/; $/, ""), ""), ...told(test, tests.map(why => TEST + why).join(""), TEST)];
    const why = parts.filter(text => text).join("; ");
    if (why != cell.textContent) cell.textContent = why;
  };
  const read = text => window.backupBadge.read(text) ?? NaN;
  const badge = (element, inside = "") => element.querySelector(inside + "[data-backup-judged]");
  const fill = row => {
    const [now, test] = ["state", "restore"].map(column => badge(row, `[data-backup-column=${column}] `)?.now);
    for (const cell of row.cells) {
      const column = cell.dataset.backupColumn;
      if (column == "message") tellWhy(cell, now, test);
      else if (column == "restored" && test?.entry && row.tested != test.entry) restored(cell, test);
      else if (now?.entry && row.told != now.entry) columns[column]?.(cell, now);
    }
    row.told = now?.entry;
    row.tested = test?.entry;
  };

  const tell = time => {
    const utc = time.utc ??= time.textContent;
    time.title = utc + "\n" + new Date(time.dateTime).toLocaleString(languageOf(time), {dateStyle: "long", timeStyle: "long"});
    const since = ago(time.dateTime, time);
    time.textContent = since || utc;
    time.style.whiteSpace = since && "nowrap";
  };

  // Stable, and cells without a value come last either way, as table.py sorts.
  const value = cell => badge(cell)?.now?.state ?? (cell.dataset.backupValue ? +cell.dataset.backupValue : cell.textContent.trim());
  const sort = table => {
    const heading = table.querySelector("[aria-sort]"), body = table.tBodies[0];
    if (!heading) return;
    const sign = heading.ariaSort == "descending" ? -1 : 1;
    const rows = [...body.rows].map(row => [value(row.cells[heading.cellIndex]), row]);
    rows.sort(([a], [b]) => (a === "") - (b === "") || sign * (a.localeCompare ? a.localeCompare(b) : a - b));
    if (rows.some(([, row], i) => row != body.rows[i])) body.append(...rows.map(([, row]) => row));
  };

  const isReady = table => table.tHead.querySelector("button");
  const prepare = table => {
    const headings = [...table.tHead.rows[0].cells];
    for (const heading of headings) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      button.onclick = () => {
        const next = heading.ariaSort == "ascending" ? "descending" : "ascending";
        for (const other of headings) other.ariaSort = other == heading ? next : null;
        sort(table);
      };
      heading.append(button);
    }
  };

  const all = () => [...document.querySelectorAll(".backup-table")];
  const update = () => {
    for (const table of all()) {
      if (!isReady(table)) prepare(table);
      [...table.tBodies[0].rows].forEach(fill);
      table.querySelectorAll("td > time").forEach(tell);
      sort(table);
    }
  };
  update();
  // Themes exchange a page's content without loading another page.
  new MutationObserver(() => all().some(table => !isReady(table)) && update()).observe(document, {childList: true, subtree: true});
  addEventListener("backup-badge", event => {
    ({ago, languageOf} = event.detail);
    update();
  });
  return {};
})();
