// Points at what comes next on the day of reading. Every date is in the page already, as a `time`
// with its last day; without this script all of them stay in order and nothing is marked.
(() => {
  const two = (number) => String(number).padStart(2, "0");
  const now = new Date();
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const daysUntil = (day) => Math.round((Date.parse(day) - Date.parse(today)) / 864e5);
  const lastDay = (time) => time.dataset.last ?? time.dateTime;
  const times = (entry) => [...entry.querySelectorAll("time")];
  // What ends first comes next; of two that end together, the one that begins first.
  const order = (a, b) =>
    lastDay(a).localeCompare(lastDay(b)) || a.dateTime.localeCompare(b.dateTime);
  const nextTime = (entry) =>
    times(entry)
      .filter((time) => lastDay(time) >= today)
      .sort(order)[0];

  const howSoon = (time) => {
    const days = daysUntil(time.dateTime);
    if (days < 0 || (days === 0 && lastDay(time) > today)) return "now";
    if (days < 2) return days ? "tomorrow" : "today";
    if (days < 14) return `in ${days} days`;
    return days < 70 ? `in ${Math.round(days / 7)} weeks` : `in ${Math.round(days / 30.4)} months`;
  };
  const mark = (time) => {
    time.classList.add("now");
    time.append(`, ${howSoon(time)}`);
  };

  // What ends on the same day as the one that is shown, by name: “Also by then: …”.
  const nameOthers = (shown, others) => {
    const said = ({ entry }) => [...entry.querySelectorAll(".said")];
    const known = new Set(said(shown).map((words) => words.textContent));
    const line = document.createElement("p");
    line.className = "by-then";
    for (const words of others.filter(({ time }) => lastDay(time) === lastDay(shown.time)).flatMap(said)) {
      if (known.has(words.textContent)) continue;
      known.add(words.textContent);
      line.append(line.hasChildNodes() ? "; " : "Also by then: ", ...words.cloneNode(true).childNodes);
    }
    if (line.hasChildNodes()) shown.entry.append(line);
  };

  // A list of which only what comes next is shown: as many entries as `data-next` says.
  for (const list of document.querySelectorAll("[data-next]")) {
    const coming = [...list.children]
      .map((entry) => ({ entry, time: nextTime(entry) }))
      .filter(({ time }) => time)
      .sort((a, b) => order(a.time, b.time));
    const rest = [...list.children].filter((entry) => !nextTime(entry) && !times(entry).length);
    const shown = coming.slice(0, Number(list.dataset.next));
    const none = list.parentElement.querySelector(":scope > [data-none]");
    if (!shown.length && none) [list.hidden, none.hidden] = [true, false];
    if (!shown.length) continue;
    if (Number(list.dataset.next) === 1) nameOthers(shown[0], coming.slice(1));
    while (shown.length < Number(list.dataset.next) && rest.length)
      shown.push({ entry: rest.shift() });
    for (const entry of list.children) entry.hidden = true;
    for (const { entry, time } of shown) {
      entry.hidden = false;
      list.append(entry);
      if (!time) continue;
      for (const slot of entry.querySelectorAll("[data-slot]")) slot.hidden = !slot.contains(time);
      for (const words of entry.querySelectorAll("[data-always]"))
        words.hidden = Boolean(entry.querySelector("[data-slot]"));
      mark(time);
    }
    list.hidden = false;
  }

  // A list in which what is past is folded, and today has its place.
  for (const list of document.querySelectorAll("[data-today]")) {
    const isList = list.localName === "ol";
    const dated = [...list.children].filter((entry) => times(entry).length);
    const past = dated.filter((entry) => !nextTime(entry));
    if (past.length) {
      const fold = document.createElement("details");
      fold.className = "behind";
      const summary = document.createElement("summary");
      summary.textContent = `Behind you: ${past.length === 1 ? "1 thing" : `${past.length} things`}`;
      fold.append(summary);
      if (isList) {
        const items = document.createElement("ol");
        items.append(...past);
        fold.append(items);
        const item = document.createElement("li");
        item.append(fold);
        list.prepend(item);
      } else {
        fold.append(...past);
        list.prepend(fold);
      }
      addEventListener("beforeprint", () => (fold.open = true)); // on paper nothing can be opened
      fold.open = Boolean(location.hash) && fold.querySelector(`[id="${location.hash.slice(1)}"]`) !== null;
    }
    const here = document.createElement(isList ? "li" : "p");
    here.className = "today";
    const words = document.createElement("span");
    words.className = "now";
    const said = now.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    words.textContent = `Today, ${said}`;
    here.append(words);
    const first = dated.find((entry) => nextTime(entry));
    first ? first.before(here) : list.append(here);
  }

  // The picture of the year: a line at today.
  for (const band of document.querySelectorAll(".band")) {
    const { first, last } = band.dataset;
    if (today < first || today > last) continue;
    const line = document.createElement("i");
    line.className = "band-today";
    const share = daysUntil(first) / (daysUntil(first) - daysUntil(last) - 1);
    line.classList.toggle("late", share > 0.7);
    line.style.left = `${(100 * share).toFixed(2)}%`;
    const words = document.createElement("span");
    words.textContent = `Today, ${now.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}`;
    line.append(words);
    band.append(line);
  }
})();
