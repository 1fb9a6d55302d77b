// A page grows old and its statuses with it: here they are judged again, by the reader's
// clock and the site's status file. In doubt never greener. Text and attributes only.
// Names are short and comments stay here, as what is served has less than 2 kB.
(file => {
  // Worst first. A state is an index here: 1 is overdue, 4 unknown, 7 and up are green.
  const WORDS = "failed overdue completed_with_errors stopped unknown deleted skipped in_progress scheduled succeeded".split(" ");
  // A theme may write a language that is none, such as en_US.
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang.match(/^[a-z]{2,3}/i) || []);
  let records = new Map();

  const age = time => Date.now() - Date.parse(time);
  const ago = time => {
    const min = age(time) / 6e4, [n, unit] = min < 60 ? [1, "minute"] : min < 1440 ? [60, "hour"] : [1440, "day"];
    return min < 1 || isNaN(min) ? "" : relative.format(-Math.trunc(min / n), unit);
  };

  // What the page says of a source, or the file where that is newer or worse: the state,
  // the run if it is the file's, and the time of the answer if it is too old.
  const judge = ([name, state, limit, asked, maxAge]) => {
    const told = records.get(name);
    let run;
    if (age(limit) > 0) state = 1;
    if (told) {
      const ran = told.finished || told.started || "", last = ran || told.checked;
      const ages = [last, told.last_success || last].map(age);
      let i = WORDS.indexOf(told.state);
      // A word nobody knows; a green one whose time is missing, wrong or yet to come.
      if (i < 0 || i > 6 && !(Math.min(...ages) > -3e5)) i = 4;
      if (i > 6 && Math.max(...ages) > maxAge) i = 1;
      if (i < state || told.checked > asked) [state, run, asked] = [i, ran, told.checked];
    }
    return [state, run, age(asked) > (maxAge || 6048e5) ? asked : ""];
  };

  const show = badge => {
    const data = badge.dataset, message = badge.lastElementChild, [sign, note] = message.children, words = sign.nextSibling;
    const all = JSON.parse(data.backupJudged).map(judge).sort(([a], [b]) => a - b), [[i, run]] = all;
    let [title, was] = badge.was ??= [badge.title, words.data], text = " " + WORDS[i].replaceAll("_", " ");
    if (/ of /.test(was)) text = (i > 8 ? " " : text + ", ") + all.filter(([i]) => i > 8).length + ` of ${all.length} succeeded`;
    if (run != null) message.dateTime = run;
    if (run != null || text != was) title = data.backupLabel + ":" + text + "; " + (run ?? title.slice(data.backupLabel.length + 2));
    const old = all.map(one => one[2]).filter(Boolean).sort()[0], asOf = old ? ", as of " + old.slice(0, 10) : "", time = ago(message.dateTime);
    data.backupState = WORDS[i];
    badge.ariaLabel = badge.title = title + asOf;
    sign.textContent = "✗⏲!■?–»↻…✓"[i];
    words.data = text + asOf;
    note.textContent = !asOf && time && " · " + time;
  };

  const update = () => {
    document.querySelectorAll("[data-backup-judged]").forEach(show);
    dispatchEvent(new CustomEvent("backup-badge", {detail: ago}));
  };
  update();
  setInterval(update, 6e4);
  // Not from another origin, and not what the browser kept.
  file && fetch(file, {mode: "same-origin", cache: "no-cache"}).then(answer => answer.json()).then(({schema, sources}) => {
    if (schema == 1) records = new Map(Object.entries(sources));
    update();
  }).catch(() => {});
})(document.currentScript?.dataset.status);
