// The search as a reader sees it. The engine and the places of the organisation at hand are fetched
// when the page is shown, from a server or from a file share alike; other organisations only when
// they are asked for.
(() => {
  const SHOWN = 10;
  const FIRST = 4; // about as many as are in sight: they are shown at once, the others when a moment has passed
  const MOMENT = 100; // milliseconds without another letter
  const KINDS = {
    question: ["Question", "Questions"], policy: ["Policy", "Policy"], form: ["Form", "Forms"],
    guidance: ["Guidance", "Guidance"], my: ["My year", "My year"], year: ["The year", "The year"],
    term: ["Word explained", "Words"], people: ["Who does what", "People"], document: ["Related document", "Documents"],
    download: ["Download", "Downloads"], standards: ["Standards", "Standards"], calendar: ["Calendar", "Calendars"],
    home: ["Start", "Start"], about: ["About", "About"],
  };
  const CHOSEN = ["question", "policy", "form", "guidance"]; // kinds that readers can ask for alone

  const dialog = document.querySelector("[data-search]");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const said = dialog.querySelector(".search-said");
  const found = dialog.querySelector(".search-found");
  const root = new URL(dialog.dataset.root, location.href);
  const own = dialog.dataset.own || "site";
  const name = dialog.dataset.organisation;

  let starting = null;
  let index = null;
  let others = false;
  let kind = "";
  let limit = SHOWN;
  let waiting = 0; // the timer of the results that are not in sight

  const whenIdle = window.requestIdleCallback ?? setTimeout;
  const make = (tag, words = "", className = "") => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (words) made.textContent = words;
    return made;
  };
  const fetchScript = (path) =>
    new Promise((done, failed) => {
      const script = make("script");
      script.src = new URL(path, root).href;
      script.fetchPriority = "low"; // after what the page itself shows
      script.async = false; // all are fetched at once, and run in the order given
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  const PLACES = (organisation) => [`search/synonyms/${organisation}.js`, `search/${organisation}.js`];
  const fetchAll = (paths) => Promise.all(paths.map(fetchScript));
  const broken = () => {
    said.textContent = "The search could not be started in this browser. Use the menu instead.";
  };

  const start = () => {
    if (starting) return;
    said.textContent = "Getting the search ready";
    starting = fetchAll(["assets/minisearch/minisearch.js", "assets/search-engine.js", ...PLACES(own)])
      .then(() => handbookSearch.index([own]))
      .then((read) => {
        index = read;
        ask();
        whenIdle(() => read.find("zzzz")); // what a misspelt word needs is worked out once, before one is typed
      })
      .catch(broken);
  };

  // `first`: how many of the results are shown before the others
  const ask = (first = FIRST) => {
    clearTimeout(waiting);
    if (!index) return;
    const query = field.value.trim();
    if (!query) {
      found.removeAttribute("aria-busy");
      found.replaceChildren();
      said.textContent = "Type to search";
      return;
    }
    show(query, index.find(query), first);
  };

  // A text with the words that were found marked
  const marked = (text, terms) => {
    const made = document.createDocumentFragment();
    let plain = ""; // one node for all the words between two marks
    for (const piece of text.split(/([A-Za-zÀ-ž0-9.:’'-]+)/)) {
      const hit = handbookSearch.words(piece).some((word) => terms.has(handbookSearch.stem(word)) && !handbookSearch.common(word));
      if (hit) {
        made.append(plain, make("mark", piece));
        plain = "";
      } else plain += piece;
    }
    made.append(plain);
    return made;
  };
  const link = (one) => {
    const made = make("a", one.number && one.number !== one.title ? `${one.number} ${one.title}` : one.title);
    made.href = new URL(one.at, root).href;
    return made;
  };
  const snippet = (one, terms) => {
    const words = handbookSearch.sentence(one, terms);
    const made = make("p", "", "search-words");
    made.append(marked(words.length > 240 ? `${words.slice(0, 240).replace(/\s\S*$/, "")} …` : words, terms));
    return made;
  };
  const where = (one) => {
    const of = others ? [handbookSearch.held.get(one.at.split("/")[0])?.name] : [];
    const place = one.page && one.page !== one.title ? [one.page] : [];
    return [...of, KINDS[one.kind]?.[0], ...place].filter(Boolean).join(" · ");
  };
  const entry = (one, terms) => {
    const line = make("li");
    line.append(make("p", where(one), "search-where"), link(one), snippet(one, terms));
    if (one.get) {
      const get = make("p", "", "search-get");
      for (const [words, at] of one.get) {
        const way = make("a", words);
        way.append(make("span", `: ${one.title}`, "unseen"));
        way.href = new URL(at, root).href;
        get.append(way);
      }
      line.append(get);
    }
    if (one.more.length) {
      const more = make("ul", "", "search-more");
      for (const other of one.more) {
        const item = make("li");
        item.append(link(other));
        more.append(item);
      }
      line.append(more);
    }
    return line;
  };
  // A question whose words are those that were typed is answered at once
  const answer = (one, terms) => {
    const box = make("article", "", "search-answer");
    box.append(make("p", "Answer", "search-where"), link(one));
    for (const words of (one.text ?? "").split("\n").slice(0, 3)) {
      const part = make("p");
      part.append(marked(words, terms));
      box.append(part);
    }
    return box;
  };
  const button = (words, action, pressed) => {
    const made = make("button", words, "search-chip");
    made.type = "button";
    if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
    made.addEventListener("click", action);
    return made;
  };
  const again = (change, selector) => () => {
    change();
    ask(limit); // all at once: one of them gets the focus
    const next = found.querySelectorAll(selector);
    (typeof change.focus === "function" ? change.focus(next) : next[0])?.focus();
  };
  const chips = (pages) => {
    const counts = new Map();
    for (const one of pages) counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
    const made = make("div", "", "search-chips");
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", "Show only");
    if (counts.size < 2 || !CHOSEN.some((one) => counts.has(one))) return made;
    const choose = (to) => again(() => { kind = to; limit = SHOWN; }, '.search-chip[aria-pressed="true"]');
    made.append(button(`All ${pages.length}`, choose(""), kind === ""));
    for (const [one, count] of counts) if (CHOSEN.includes(one)) made.append(button(`${KINDS[one]?.[1] ?? one} ${count}`, choose(one), kind === one));
    return made;
  };
  const counted = (count) => `${count === 1 ? "1 place" : `${count} places`}${name && !others ? ` in the handbook of ${name}` : ""}`;

  const show = (query, { results, corrected, terms }, first) => {
    found.scrollTop = 0; // while nothing has changed yet, so that the page is laid out once
    const pages = handbookSearch.group(results);
    if (kind && !pages.some((one) => one.kind === kind)) kind = "";
    const best = pages.find((one) => one.kind === "question" && one.exact);
    const listed = pages.filter((one) => (!kind || one.kind === kind) && (kind || one !== best));
    const wrong = (corrected ?? []).map(([typed]) => `“${typed}”`).join(" and ");
    const right = (corrected ?? []).map(([, word]) => `“${word}”`).join(" and ");
    if (!pages.length) said.textContent = `Nothing found for “${query}”.`;
    else if (corrected) said.textContent = `Nothing for ${wrong}. ${counted(pages.length)} for ${right}.`;
    else said.textContent = `${counted(pages.length)}.`;

    const parts = [];
    if (best && !kind) parts.push(answer(best, terms));
    if (pages.length) parts.push(chips(pages));
    const list = make("ol", "", "search-list");
    const fill = (from, to) => list.append(...listed.slice(from, to).map((one) => entry(one, terms)));
    fill(0, first);
    if (listed.length) parts.push(list);
    found.replaceChildren(...parts);

    const complete = () => {
      fill(first, limit);
      const foot = make("p", "", "search-foot");
      if (listed.length > limit) {
        const at = limit;
        const next = () => { limit += SHOWN; };
        next.focus = () => found.querySelectorAll(".search-list > li > a")[at];
        foot.append(button(`Show ${Math.min(SHOWN, listed.length - limit)} more`, again(next, "a")));
      }
      const rest = handbookSearch.held.get(own)?.others ?? [];
      if (rest.length && !others && own !== "site") foot.append(button("Search the other organisations", () => widen(rest)));
      if (foot.childNodes.length) found.append(foot);
      if (pages.length < 3 || corrected) found.append(dialog.querySelector("template").content.cloneNode(true));
      found.removeAttribute("aria-busy");
    };
    if (listed.length > first) {
      found.setAttribute("aria-busy", "true");
      waiting = setTimeout(complete, MOMENT);
    } else complete();
  };

  // The reader's own organisation stays first: the others are read after it
  const widen = (rest) => {
    said.textContent = "Getting the other organisations";
    fetchAll(rest.flatMap(PLACES))
      .then(() => handbookSearch.index(rest))
      .then((theirs) => {
        others = true;
        const mine = index;
        index = {
          find: (query) => {
            const first = mine.find(query);
            const more = theirs.find(query);
            return { ...first, results: [...first.results, ...more.results], terms: new Map([...more.terms, ...first.terms]) };
          },
        };
        ask();
        field.focus();
      })
      .catch(broken);
  };

  // A page is shown first; then the search gets ready while the browser has nothing else to do, once
  // and for all pages: the browser keeps the files. A reader who saves data fetches them on opening.
  const whenShown = (then) => (document.readyState === "complete" ? then() : addEventListener("load", then, { once: true }));
  if (!navigator.connection?.saveData) whenShown(() => whenIdle(start));

  const open = () => {
    start(); // the files are fetched while the browser opens the dialog
    dialog.showModal();
    field.focus();
    field.select();
  };
  for (const opener of document.querySelectorAll('[data-opens="search"]')) {
    opener.addEventListener("pointerenter", start);
    opener.addEventListener("click", open);
  }
  dialog.querySelector(".search-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside the dialog
    if (event.target.closest(".search-found a")) dialog.close(); // to a place on the same page
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    found.querySelector("a")?.click();
  });
  field.addEventListener("input", () => {
    kind = "";
    limit = SHOWN;
    ask();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...found.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? Math.min(at + 1, stops.length - 1) : Math.max(at - 1, 0);
    stops[next].focus();
  });
})();
