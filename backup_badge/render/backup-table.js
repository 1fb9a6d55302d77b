// Tables sort by a click on a heading, tell times as a reader would, and follow the news
// of backup-badge.js, which stands after this one. Text and attributes only. Comments and
// spaces are not served.
(() => {
  let ago = () => "", news = new Map(), paper = matchMedia("print");

  // Sizes and durations as table.py writes them.
  let size = n => {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"];
    for (; n >= 999.5 && units[1]; n /= 1000) units.shift();
    return n.toFixed(units[0] != "B" && n < 9.95 ? 1 : 0) + " " + units[0];
  };
  let span = n => {
    let parts = [];
    for (let [length, unit] of [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]) {
      if (n >= length) parts.push(Math.floor(n / length) + " " + unit);
      n %= length;
    }
    return parts.slice(0, 2).join(" ") || "0 s";
  };

  let number = (cell, n, words) => {
    let known = Number.isFinite(n);
    cell.dataset.backupValue = known ? n : "";
    cell.textContent = known ? words(n) : "";
  };
  let time = (cell, text) => {
    let at = new Date(text ?? NaN), element = document.createElement("time");
    number(cell, at / 1000, () => "");
    if (isNaN(at)) return;
    element.dateTime = text;
    element.textContent = at.toISOString().slice(0, 16).replace("T", " ") + " UTC";
    cell.append(element);
  };

  // News of a source fill the whole row: no cell is left that tells of another run.
  let count = n => n.toLocaleString("en");
  let columns = {
    started: (cell, told) => time(cell, told.started),
    finished: (cell, told) => time(cell, told.finished),
    checked: (cell, told) => time(cell, told.checked),
    duration: (cell, told) => number(cell, Math.max(0, Math.round((Date.parse(told.finished) - Date.parse(told.started)) / 1000)), span),
    files: (cell, told) => number(cell, told.details?.files, count),
    size: (cell, told) => number(cell, told.details?.bytes, size),
    errors: (cell, told) => number(cell, told.details?.errors, count),
    restorable: (cell, told) => number(cell, [0, 1][[false, true].indexOf(told.details?.restorable)], n => n ? "yes" : "no"),
    message: (cell, told) => { cell.textContent = told.problem?.message ?? told.details?.reason ?? ""; },
  };
  let badge = element => element.querySelector("[data-backup-judged]");
  let fill = row => {
    let [, run] = badge(row)?.now ?? [], told = run != null && news.get(badge(row).dataset.backupSource);
    if (told && row.told != told) for (let cell of row.cells) columns[cell.dataset.backupColumn]?.(cell, told);
    row.told = told;
  };

  let tell = time => {
    let utc = time.utc ??= time.textContent;
    // The column keeps its width: nothing moves.
    time.style.minWidth ||= time.getBoundingClientRect().width + "px";
    time.title = utc + "\n" + new Date(time.dateTime).toLocaleString([], {dateStyle: "long", timeStyle: "long"});
    time.textContent = !paper.matches && ago(time.dateTime).slice(2, -1) || utc;
  };

  // Stable, and cells without a value come last either way, as table.py sorts.
  let value = cell => badge(cell)?.now?.[0] ?? (cell.dataset.backupValue ? +cell.dataset.backupValue : cell.textContent.trim());
  let sort = table => {
    let heading = table.querySelector("[aria-sort]"), body = table.tBodies[0];
    if (!heading) return;
    let sign = heading.ariaSort == "descending" ? -1 : 1;
    let rows = [...body.rows].map(row => [value(row.cells[heading.cellIndex]), row]);
    rows.sort(([a], [b]) => (a === "") - (b === "") || sign * (a.localeCompare ? a.localeCompare(b) : a - b));
    if (rows.some(([, row], i) => row != body.rows[i])) body.append(...rows.map(([, row]) => row));
  };

  let prepare = table => {
    let headings = [...table.tHead.rows[0].cells];
    for (let heading of headings) {
      let button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      button.onclick = () => {
        let next = heading.ariaSort == "ascending" ? "descending" : "ascending";
        for (let other of headings) other.ariaSort = other == heading ? next : null;
        sort(table);
      };
      heading.append(button);
    }
  };

  let update = () => {
    for (let table of document.querySelectorAll(".backup-table")) {
      if (!table.tHead.querySelector("button")) prepare(table);
      [...table.tBodies[0].rows].forEach(fill);
      table.querySelectorAll("td > time").forEach(tell);
      sort(table);
    }
  };
  update();
  paper.onchange = update;
  addEventListener("backup-badge", event => {
    [ago, news] = event.detail;
    update();
  });
})();
