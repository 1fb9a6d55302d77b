// A page grows old and its statuses with it: here they are judged again, by the reader's
// clock and the site's status file. In doubt never greener. Text and attributes only.
// Names are short, and comments and spaces are not served: all of it is under 2 kB.
(file => {
  // Worst first. A state is its index here: 1 is overdue, 4 unknown, 7 and up are green.
  let STATES = "failed overdue completed_with_errors stopped unknown deleted skipped in_progress scheduled succeeded".split(" "), news = new Map(), old;

  let age = time => Date.now() - Date.parse(time);
  let ago = time => {
    let m = age(time) / 6e4, [n, unit] = m < 60 ? [1, "minute"] : m < 1440 ? [60, "hour"] : [1440, "day"];
    // A theme may write a language that is none, such as en_US.
    return m >= 1 ? " (" + new Intl.RelativeTimeFormat(document.documentElement.lang.match(/^[a-z]{2,3}/i) || []).format(-Math.trunc(m / n), unit) + ")" : "";
  };

  // Takes what the page says of a source, or the file where that is newer or worse; the
  // last number is max_age in milliseconds. Returns the state, and the time of the run
  // where it is the file's; notes when this was asked for, if longer ago than it ought.
  let judge = ([name, state, end, asked, max]) => {
    let r = news.get(name), run;
    if (age(end) > 0) state = 1;
    if (r) {
      let i = STATES.indexOf(r.state), ran = r.finished || r.started || "";
      let ages = (i > 8 ? [ran] : [r.started, r.last_success]).map(a => age(a || r.checked));
      // A word nobody knows; a green one whose time is missing, wrong or yet to come.
      if (i < 0 || i > 6 && !ages.every(a => a > -3e5)) i = 4;
      if (i > 6 && ages.some(a => a > max)) i = 1;
      if (i < state || r.checked > asked) [state, run, asked] = [i, ran, r.checked];
    }
    if (age(asked) > (max || 6048e5) && !(old < asked)) old = asked;
    return [state, run];
  };

  let show = b => {
    old = 0;
    let time = b.lastElementChild, words = time.lastChild,
      [label, ...sources] = JSON.parse(b.dataset.backupJudged),
      // The worst comes first: a state is one digit. backup-table.js reads what is now.
      all = sources.map(judge).sort(), [i, run] = b.now = all[0],
      [title, was] = b.was ??= [b.title, words.data],
      // "11 of 12 succeeded": no state has that in its words.
      group = /of/.test(was), text = STATES[i].replaceAll("_", " ");
    if (group) text = (i > 8 ? "" : text + ", ") + all.filter(a => a[0] > 8).length + ` of ${all.length} succeeded`;
    if (run != null) time.dateTime = run;
    if (run != null || text != was) title = label + ": " + text
      + (group ? "" : run == null ? title.slice(label.length) : " " + run);
    let asOf = old ? `, as of ${old}`.slice(0, 18) : "";
    b.dataset.backupState = STATES[i];
    b.ariaLabel = b.title = title.replace(/:\d\d UTC|Z$/, "$&" + ago(time.dateTime)) + asOf;
    time.firstChild.textContent = "✗◷!■?–»↻…✓"[i] + " ";
    words.data = text + asOf;
  };

  let update = () => {
    document.querySelectorAll("[data-backup-judged]").forEach(show);
    dispatchEvent(new CustomEvent("backup-badge", {detail: [ago, news]}));
  };
  update();
  setInterval(update, 6e4);
  // Not from another origin, and not what the browser kept.
  file && fetch(file, {mode: "same-origin", cache: "no-cache"}).then(a => a.json()).then(a => {
    if (a.schema == 1) news = new Map(Object.entries(a.sources));
    update();
  }).catch(() => {});
})(document.currentScript?.dataset.status);
