// A page grows old, and its statuses with it. This script judges them again, by the
// reader's clock and by the site's status file. In doubt it is never greener than the
// page. It writes texts and attributes, nothing else. See docs/reference/html-and-css.md.
window.backupBadge ??= (file => {
  // Worst first: a state is its index.
  const STATES = "failed overdue completed_with_errors stopped unknown deleted skipped in_progress scheduled succeeded".split(" ");
  const SIGNS = "✗◷!■?–»↻…✓";
  const OVERDUE = 1, UNKNOWN = 4, FIRST_GREEN = 7, SUCCEEDED = 9;
  const KEEPS_ITS_WORD = [2, 3, 5, 6];
  const CATEGORIES = "usage unknown_source unreachable timeout unauthorized not_found rate_limited invalid_response offline".split(" ");
  const TIMES = ["started", "finished", "last_success", "next_run", "expected_by", "checked"];
  const SKEW = 3e5, EARLIEST = Date.UTC(2000, 0), WEEK = 6048e5;
  const WRITTEN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.\d+)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))?$/;
  const paper = matchMedia("print");
  // The page's words, from a file such as backup-badge.de.js; without one they are English.
  const {words = {}, sentences = {}} = window.backupBadgeWords ?? {};
  const fill = (text, values) => text.replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);
  const _ = (text, values = {}) => fill(words[text] ?? text, values);
  const STATE_WORDS = [_("failed"), _("overdue"), _("completed with errors"), _("stopped"), _("unknown"), _("deleted"), _("skipped"), _("in progress"), _("scheduled"), _("succeeded")];
  const MONTHS = _("January February March April May June July August September October November December").split(" ");
  const SHORT_MONTHS = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split(" ");
  const UNITS = [[86400, _("{number}d")], [3600, _("{number}h")], [60, _("{number}m")], [1, _("{number}s")]];
  let entries = {};

  // The milliseconds of a time, undefined for none, NaN for what is no time.
  const read = text => {
    if (text == null || text === "") return;
    const found = typeof text == "string" && WRITTEN.exec(text);
    if (!found) return NaN;
    const [, minutes, seconds = ":00", sign, h, m] = found;
    const local = Date.parse(minutes + seconds + "Z");
    // Date.parse takes 30 February for 2 March.
    if (!(local >= Date.parse("0001-01-01")) || !new Date(local).toISOString().startsWith(minutes + seconds)) return NaN;
    const time = local - (sign ? (sign + 1) * (h * 60 + +m) * 6e4 : 0);
    return time >= Date.parse("0001-01-01") && time < Date.parse("+010000-01-01") ? time : NaN;
  };

  const isA = (type, ...values) => values.every(value => value == null || typeof value == type && !Array.isArray(value));
  const isReadable = ({problem, details, native_state}) =>
    isA("object", problem, details) && isA("string", native_state, details?.reason) && isA("boolean", details?.restorable, details?.never_ran)
    && (problem == null || CATEGORIES.includes(problem.category) && typeof problem.message == "string");

  // The same rule as judge() in values/status.py; tests compare the two.
  const judge = (record, source, now = Date.now()) => {
    const {max_age, undated} = source;
    const {started, finished, last_success, expected_by, checked, ...others} = Object.fromEntries(TIMES.map(key => [key, read(record[key])]));
    let state = STATES.indexOf(record.reported_state);
    const known = times => times.filter(time => time != null);
    const told = known([started, finished, last_success, checked]);
    if (state < 0 || !isReadable(record) || [...told, expected_by, others.next_run].some(Number.isNaN)) return {state: UNKNOWN, late: false};

    const max = (max_age ?? Infinity) * 1000, isOld = time => now - time > max;
    const isLikely = time => time >= EARLIEST && time - now <= SKEW;
    const stale = record == source ? source.stale : record.problem != null && state != UNKNOWN;
    const missed = expected_by < now, succeeded = state == SUCCEEDED;
    const success = Math.max(...known([succeeded ? finished ?? started : null, last_success]));
    const as_of = !known([started, finished, last_success]).length;
    const result = {state, late: missed, missed, stale, success, checked, as_of};
    if (state < FIRST_GREEN) {
      const [ran] = [[success], known([finished, started])].map(times => Math.max(...times.filter(isLikely))).filter(isFinite);
      result.late ||= max_age != null && (isOld(ran ?? (undated ? checked : null) ?? -Infinity));
      return result;
    }
    const vouching = known(succeeded ? [finished ?? started ?? last_success] : [started, last_success]);
    const needed = stale || max_age != null && succeeded && (!undated || checked == null);
    if (told.some(time => !isLikely(time) || time - checked > SKEW) || needed && !vouching.length) result.state = UNKNOWN;
    else if (missed || [...vouching, checked].some(isOld)) [result.state, result.late] = [OVERDUE, true];
    return result;
  };

  // The entry of the file for a source: by its name, or else by its address.
  const isTest = ({name}) => name.startsWith("restore:");
  const entryOf = ({name, address, own}) => {
    const isIts = entry => address && entry?.address === address;
    if (Object.hasOwn(entries, name) && isIts(entries[name])) return entries[name];
    return own ? undefined : Object.values(entries).find(isIts);
  };

  // What the page says of a source, or the file where that is newer or worse.
  const decide = source => {
    // A reader's clock that is behind the build's is wrong: the build saw these times.
    const own = judge(source, source, Math.max(Date.now(), read(source.checked) || 0)), entry = entryOf(source);
    own.state = Math.min(own.state, STATES.indexOf(source.state));
    own.changed = own.state != STATES.indexOf(source.state);
    own.as_of = source.as_of;
    if (!entry) return own;
    const news = {...judge(entry, source), entry};
    return news.state < own.state || news.checked > (own.checked ?? -Infinity) ? news : own;
  };

  // See is_untested() in view/wording.py.
  const isUntested = ({entry}, source) => !entry ? source.untested : isTest(source)
    && entry.reported_state == "unknown" && entry.details?.never_ran === true;

  // Times, durations and sentences as view/formats.py and view/wording.py write them.
  const duration = n => {
    const [length, form] = UNITS.find(([length]) => n % length == 0 && (length < 86400 || n >= 172800)) ?? UNITS[3];
    return fill(form, {number: String(n / length).replace(".", _("1,234.5").at(-2))});
  };
  const parts = (time, months) => {
    const date = new Date(time);
    return {day: date.getUTCDate(), month: months[date.getUTCMonth()], year: date.getUTCFullYear(), time: date.toISOString().slice(11, 16)};
  };
  const moment = text => Number.isNaN(read(text) ?? NaN) ? "" : _("{day} {month} {year}, {time} UTC", parts(read(text), MONTHS));
  const shortMoment = time => {
    const {time: clock, ...date} = parts(time, SHORT_MONTHS);
    return _("{date}, {time}", {date: _("{day} {month}", date), time: clock});
  };
  const templates = Object.entries(sentences).filter(([text]) => text.includes("{")).sort(([a], [b]) => b.length - a.length);
  const known = text => {
    if (Object.hasOwn(sentences, text)) return sentences[text];
    for (const [template, translated] of templates) {
      const pattern = template.replace(/[.?+()]/g, "\\$&").replace(/{(\w+)}/g, "(?<$1>.+)");
      const values = {...RegExp(`^${pattern}$`).exec(text)?.groups};
      if (values.time) values.time = moment(values.time.replace(" UTC", "Z").replace(" ", "T")) || values.time;
      if (Object.keys(values).length) return fill(translated, values);
    }
    return text;
  };
  // The reader's kind of the language. A theme may write one that is none, such as en_US.
  const languageOf = element => {
    const [code] = element.closest("[lang]")?.lang.toLowerCase().match(/^[a-z]{2,3}/) ?? [];
    return code ? [...navigator.languages.filter(own => own.split("-")[0] == code), code] : [];
  };
  const ago = (text, element) => {
    // On paper nothing is so long ago.
    if (paper.matches) return "";
    const m = (Date.now() - read(text)) / 6e4, [n, unit] = m < 60 ? [1, "minute"] : m < 1440 ? [60, "hour"] : [1440, "day"];
    return m >= 1 ? new Intl.RelativeTimeFormat(languageOf(element)).format(-Math.trunc(m / n), unit) : "";
  };

  const noSuccess = ({state, late, missed, success}, {max_age}) =>
    late && !missed && state != UNKNOWN && max_age != null && (state == OVERDUE || isFinite(success)) ? [_("no success within {duration}", {duration: duration(max_age)})] : [];
  // See _has_its_own_word() in view/wording.py.
  const hasItsOwnWord = ({state, entry}) => {
    const {native_state: word, problem, details} = entry ?? {};
    const isCode = /^\d+$/.test(word), hasReason = details?.reason;
    return word && !problem && (state == UNKNOWN ? !(isCode && hasReason) : KEEPS_ITS_WORD.includes(state)
      && !isCode && !hasReason && word.toLowerCase().replaceAll(" ", "_") != STATES[state]);
  };
  // Why the state is what it is: what causes() in view/wording.py says.
  const causes = (found, source) => {
    const {entry = {}, state, missed} = found, {native_state, details, problem} = entry;
    return [
      ...noSuccess(found, source),
      missed && _("a success was expected by {time}", {time: moment(entry.expected_by ?? source.expected_by)}),
      hasItsOwnWord(found) && _("the backup system says {word}", {word: `'${native_state}'`}),
      known(details?.reason), known(problem?.message),
    ].filter(text => text && typeof text == "string");
  };
  // When the answer was given, if that is told or longer ago than it ought to be.
  const asOf = (found, source) =>
    found.state != UNKNOWN && (found.stale || found.as_of || Date.now() - found.checked > ((source.max_age ?? 0) * 1000 || WEEK)) ? found.checked : undefined;

  const show = badge => {
    const time = badge.querySelector(".backup-badge-message"), [label, ...sources] = JSON.parse(badge.dataset.backupJudged);
    const [sign, shown] = time.childNodes, sentence = statement => _("{label}: {statement}", {label, statement});
    if (!badge.built) {
      time.querySelector(".backup-badge-date")?.remove();
      const told = time.querySelector(".backup-badge-as-of") ?? document.createElement("time");
      told.className = "backup-badge-as-of";
      badge.built = {told, title: sentence(badge.title || shown.data + told.textContent), text: shown.data, suffix: told.textContent};
    }
    const {told, title, text: was} = badge.built, found = sources.map(decide);
    const worst = found.reduce((a, b) => b.state < a.state ? b : a), source = sources[found.indexOf(worst)];
    const words = isUntested(worst, source) ? _("never tested") : STATE_WORDS[worst.state];
    const named = badge.dataset.backupSource, isGroup = named.startsWith("group:") && sources[0].name != named;
    // In a table another cell of the row may tell why.
    const isTold = badge.closest("tr")?.querySelector("[data-backup-column=message]");
    let text = words, others = "";
    if (isGroup) {
      const count = (test, form) => {
        const list = found.filter((one, i) => isTest(sources[i]) == test);
        return list.length && fill(form, {succeeded: list.filter(one => one.state == SUCCEEDED).length, total: list.length});
      };
      const lead = isTest(source) ? _("restore {state}", {state: words}) : words;
      text = [worst.state != SUCCEEDED && lead, count(false, _("{succeeded} of {total} succeeded")), count(true, _("{succeeded} of {total} restores"))].filter(part => part).join(", ");
      others = found.map((one, i) => one.state == worst.state && worst.state != SUCCEEDED && `${sources[i].name} ${words}`).filter(part => part).join(", ");
    }
    else if (KEEPS_ITS_WORD.includes(worst.state) && !isTold) text = [words, ...noSuccess(worst, source)].join(", ");
    const old = Math.min(...found.map((one, i) => asOf(one, sources[i])).filter(time => time != null));
    const suffix = isFinite(old) ? ", " + _("as of {time}", {time: shortMoment(old)}) : "";

    let said = title;
    const {entry} = worst, run = entry && (entry.finished || entry.started);
    if (entry && !isGroup) {
      const when = moment(run);
      said = [sentence(text + (when && `, ${when}`)), ...causes(worst, source).filter(why => !text.endsWith(why))].join("; ");
      if (when) time.dateTime = run;
    } else if (text != was) said = sentence(text) + (isGroup ? others && "; " + others : title.slice(label.length));
    const since = ago(time.dateTime, badge);
    if (since) said = said.replace(/:\d\d UTC/, `$& (${since})`);
    if (suffix != badge.built.suffix) said += suffix;

    // backup-table.js sorts and fills by this.
    badge.now = {...worst, causes: causes(worst, source)};
    badge.dataset.backupState = STATES[worst.state];
    badge.toggleAttribute("data-backup-stale", found.some(one => one.stale));
    sign.textContent = SIGNS[worst.state] + "\xa0";
    shown.data = text;
    told.remove();
    if (suffix) {
      told.textContent = suffix;
      told.dateTime = new Date(old).toISOString().slice(0, 19) + "Z";
      time.append(told);
    }
    const why = isTold ? "" : said.slice(sentence("").length);
    const set = (name, value) => value ? badge.setAttribute(name, value) : badge.removeAttribute(name);
    set("title", why != text + suffix && why);
    if (badge.tagName == "A") return;
    set("tabindex", badge.title && worst.state < FIRST_GREEN && "0");
    set("role", badge.title && worst.state < FIRST_GREEN && "button");
  };

  // The style sheet shows the reason of a badge that has the focus, until Escape or a
  // second tap. The first tap on a link shows the reason, the second follows the link.
  const dismiss = (badge, isOff) => badge?.toggleAttribute("data-backup-dismissed", isOff);
  const badgeOf = event => {
    const badge = event.target.closest?.(".backup-badge[title]");
    return badge?.now?.state < FIRST_GREEN ? badge : null;
  };
  const isShown = badge => badge && badge == document.activeElement && !("backupDismissed" in badge.dataset);
  let wasShown = false, byTouch = false;
  addEventListener("focusout", event => dismiss(badgeOf(event), false));
  addEventListener("keydown", event => {
    const badge = badgeOf(event), isPressed = badge?.role == "button" && [" ", "Enter"].includes(event.key);
    if (isPressed) event.preventDefault();
    if (isPressed || event.key == "Escape") dismiss(badge, isShown(badge));
  });
  addEventListener("pointerdown", event => [wasShown, byTouch] = [isShown(badgeOf(event)), event.pointerType == "touch"]);
  addEventListener("click", event => {
    const badge = badgeOf(event), isLink = badge?.tagName == "A";
    if (!badge || isLink && (wasShown || !byTouch)) return;
    if (isLink) event.preventDefault();
    badge.focus();
    dismiss(badge, wasShown);
    [wasShown, byTouch] = [false, false];
  });

  const all = () => [...document.querySelectorAll("[data-backup-judged]")];
  const update = () => {
    all().forEach(show);
    dispatchEvent(new CustomEvent("backup-badge", {detail: {ago, languageOf}}));
  };
  update();
  setInterval(update, 6e4);
  paper.onchange = update;
  // Themes exchange a page's content without loading another page.
  new MutationObserver(() => all().some(badge => !badge.built) && update()).observe(document, {childList: true, subtree: true});
  // Not from another origin, and not what the browser kept.
  file && fetch(file, {mode: "same-origin", cache: "no-cache"}).then(answer => answer.json()).then(found => {
    const sources = found.schema === 1 && isA("object", found.sources) && found.sources || {};
    // Restore tests stand in the entries of their sources.
    const tests = Object.entries(sources).map(([name, entry]) => ["restore:" + name, entry?.restore]);
    entries = {...sources, ...Object.fromEntries(tests), ...sources};
    update();
  }).catch(() => {});
  return {judge, read, STATES};
})(document.currentScript?.dataset.status);
