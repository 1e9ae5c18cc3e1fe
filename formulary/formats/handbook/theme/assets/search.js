// The search. Opening it fetches the index and starts the theme's worker, from a server or from a
// file share alike; what is found on the pages of the organisation at hand comes first.
(() => {
  const SHOWN = 20;
  const SETUP = 0;
  const READY = 1;
  const QUERY = 2;
  const RESULT = 3;
  const SAYS = {
    start: "Getting the search ready",
    ready: "Type to search",
    broken: "The search could not be started in this browser",
    none: "Nothing found",
  };

  const dialog = document.querySelector("[data-search]");
  const opener = document.querySelector('[data-opens="search"]');
  if (!dialog || !opener) return;
  const field = dialog.querySelector("input");
  const said = dialog.querySelector(".search-said");
  const found = dialog.querySelector(".search-found");
  const root = new URL(dialog.dataset.root, location.href);
  const own = dialog.dataset.own && `${dialog.dataset.own}/`;

  let worker = null;
  let titles = new Map();
  let ready = false;

  const start = () => {
    if (worker) return;
    said.textContent = SAYS.start;
    const { search } = JSON.parse(document.getElementById("__config").textContent);
    worker = new Worker(new URL(search, location.href).href);
    worker.onmessage = ({ data }) => {
      if (data.type === READY) {
        ready = true;
        ask();
      } else if (data.type === RESULT) {
        show(data.data.items.flat());
      }
    };
    const index = document.createElement("script");
    index.src = new URL("search/search_index.js", root).href;
    index.onload = () => {
      const { config, docs } = window.__index;
      titles = new Map(docs.filter((doc) => !doc.location.includes("#")).map((doc) => [doc.location, plain(doc.title)]));
      worker.postMessage({ type: SETUP, data: { config, docs, options: { suggest: false } } });
    };
    index.onerror = () => {
      said.textContent = SAYS.broken;
    };
    document.head.append(index);
  };

  // “appeals” finds “appeal” too; marks that would command the worker are only marks
  const query = () =>
    field.value
      .replace(/[“”"*+:^~\\()[\]{}?!,;]/g, " ")
      .replace(/(^|\s)-+/g, "$1")
      .split(/\s+/)
      .map((word) => word.replace(/^[‘’'.]+|[‘’'.]+$/g, ""))
      .map((word) => (/[^s]s$/i.test(word) && word.length > 3 ? word.slice(0, -1) : word))
      .filter(Boolean)
      .join(" ");

  const ask = () => {
    if (!ready) return;
    const words = query();
    if (words) {
      worker.postMessage({ type: QUERY, data: words });
    } else {
      found.replaceChildren();
      said.textContent = SAYS.ready;
    }
  };

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;
  const plain = (html) => parsed(html).textContent.trim();

  // Words and marks of a found text, and nothing else of it; blocks part with a space
  const marked = (html, limit) => {
    const made = document.createDocumentFragment();
    let length = 0;
    const walk = (node, inside) => {
      for (const child of node.childNodes) {
        if (length >= limit) return;
        if (child.nodeType === Node.TEXT_NODE) {
          const text = child.data.slice(0, limit - length);
          length += text.length;
          const part = inside ? document.createElement("mark") : document.createTextNode(text);
          if (inside) part.textContent = text;
          made.append(part);
          if (length >= limit) made.append("…");
        } else {
          walk(child, inside || child.nodeName === "MARK");
          if (/^(P|LI|UL|OL)$/.test(child.nodeName)) made.append(" ");
        }
      }
    };
    walk(parsed(html), false);
    return made;
  };

  // Several words that stand together in a heading name what is looked for; a number does not
  const named = (item, words) => /^\D+ \D+$/.test(words) && plain(item.title).toLowerCase().includes(words);

  // Where all words stand, before where some do; the worker gives the best first
  const best = (items) => {
    const words = query().toLowerCase();
    const rank = (item) => (named(item, words) ? 1 : 0);
    const scored = items
      .filter((item) => item.score > 0)
      .sort((a, b) => rank(b) - rank(a) || b.score - a.score);
    const whole = scored.filter((item) => Object.values(item.terms).every(Boolean));
    return whole.length ? whole : scored;
  };

  const entry = (item) => {
    const [page] = item.location.split("#");
    const line = document.createElement("li");
    line.className = "md-search-result__item";
    const link = document.createElement("a");
    link.href = new URL(item.location.replace(/--(title|number)$/, ""), root).href;
    link.append(marked(item.title, 200));
    line.append(link);
    const where = titles.get(page);
    if (item.location !== page && where) {
      const place = document.createElement("p");
      place.className = "search-where";
      place.textContent = where;
      line.append(place);
    }
    const words = document.createElement("p");
    words.className = "search-words";
    words.append(marked(item.text, 220));
    if (words.textContent.trim()) line.append(words);
    return line;
  };

  const list = (heading, items) => {
    const part = document.createElement("section");
    if (heading) {
      const title = document.createElement("h2");
      title.textContent = heading;
      part.append(title);
    }
    const lines = document.createElement("ol");
    lines.className = "md-search-result__list";
    lines.append(...items.slice(0, SHOWN).map(entry));
    part.append(lines);
    return part;
  };

  const show = (items) => {
    if (!query()) return;
    const all = best(items);
    const mine = own ? all.filter((item) => item.location.startsWith(own)) : all;
    const others = own ? all.filter((item) => !item.location.startsWith(own)) : [];
    found.replaceChildren();
    found.scrollTop = 0;
    if (mine.length) found.append(list(others.length ? dialog.dataset.organisation : "", mine));
    if (others.length) found.append(list(mine.length ? "Other organisations" : "Only in other organisations", others));
    said.textContent = counted(all.length, mine.length);
  };

  const counted = (all, mine) => {
    if (!all) return SAYS.none;
    const places = all === 1 ? "1 place found" : `${all} places found`;
    if (!own || mine === all) return places;
    return `${places}, ${mine} of them at ${dialog.dataset.organisation}`;
  };

  const open = () => {
    dialog.showModal();
    field.focus();
    field.select();
    start();
  };
  opener.addEventListener("click", open);
  dialog.querySelector(".search-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside the dialog
    if (event.target.closest(".search-found a")) dialog.close(); // to a place on the same page
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    found.querySelector("a")?.click();
  });
  field.addEventListener("input", ask);
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
