// Finds places in the handbook of one organisation. MiniSearch keeps the index and scores by BM25+;
// what words mean, and what a reader asks for, is worked out here. It needs the files search/*.js,
// which hand in their documents. It draws nothing: search.js shows what it finds.
globalThis.handbookSearch = (() => {
  // Words of questions: they find titles (“Who reviews me?”), and nothing in running text
  const COMMON = new Set(
    ("a about after all am an and any are as at be been before but by can could did do does doing during for from get " +
      "had happens has have how i if in is it its me my no not of on or our shall she should so than that the their them " +
      "then there these they this to up us was we were what when where which who whose why will with would you your " +
      "anybody anyone go goes going im ive just lets please really " +
      "long able allowed anything ask asked asking find give given know made make need needs possible put say says something tell told want wants " +
      "happen happened happening here now thing things stuff " +
      "also because between even into just only onto still without " +
      "somebody someone thats theres whats wheres whens whos youre")
      .split(" "),
  );
  const KIND = {
    question: 1.7, form: 1.3, policy: 1.3, guidance: 1.2, my: 1.15, year: 0.9, term: 0.6, people: 1.1, document: 0.85,
    download: 0.35, standards: 1.1, calendar: 1.15, home: 0.7, about: 0.2,
  };
  const PART = { form: 0.45, my: 0.7 }; // parts of forms repeat what is asked, those of My year what other pages say
  const DATED = { year: 1.8, my: 1.8, question: 0.55, form: 0.8 }; // where a query asks when
  const QUESTION_WORD = 0.1;
  const OWN_WORD = 0.1; // one or two words of the handbook's own ask for the places that have them
  const LEAST = 0.06; // of the best score
  const ENOUGH = 0.25; // of what was asked, unless no place has so much
  const NAMED = new Set(["document", "form", "guidance", "people", "standards", "term"]); // have names of their own
  const ASKED = new Set(["question", "policy", "guidance"]); // have phrases that ask for them
  const MOST = 0.35; // the share of a query that has to be a phrase which means a question of the handbook

  // “Reviewers’” and “reviewers” are one word; what a hyphen joins is found joined and apart
  const plain = (text) => (/[\u00a0-\u024f]/.test(text) ? text.normalize("NFKD") : text).toLowerCase();
  const NOT = /\b(is|are|was|were|do|does|did|has|have|had|could|should|would|ca|wo)n[‘’']?t\b/g;
  const bare = (text) => {
    const small = plain(text);
    return /[‘’'`\u0300-\u036f]/.test(small) ? small.replace(/[‘’'`]s?(?![a-z])/g, " ").replace(/[‘’'`\u0300-\u036f]/g, "") : small;
  };
  const WORD = /[a-z0-9]+(?:(?:(?<=\d)[.:](?=\d)|[&/])[a-z0-9]+)*(?:[-‐‑–][a-z0-9]+)*/g;
  const SIMPLE = /^[a-z]+(?: [a-z]+)*$/;
  const words = (text) => {
    if (SIMPLE.test(text)) return text.split(" ");
    const all = bare(text).match(WORD) ?? [];
    if (!/[/‐‑–-]/.test(text)) return all;
    const found = [];
    for (const word of all) {
      if (word.length < 3) found.push(word);
      else if (/[-‐‑–]/.test(word)) found.push(word.replace(/[-‐‑–]/g, ""), ...word.split(/[-‐‑–]/));
      else if (word.includes("/")) found.push(...word.split("/"));
      else found.push(word);
    }
    return found.filter(Boolean);
  };
  // The words of a title or a query: what is not is the same, written in one word or in two
  const spoken = (text) => words(/n[‘’']?t\b/i.test(text) ? plain(text).replace(NOT, (_, verb) => `${{ ca: "can", wo: "will" }[verb] ?? verb} not`) : text);
  const stems = new Map();
  const stem = (word) => {
    let short = stems.get(word);
    if (short === undefined) stems.set(word, (short = cut(word)));
    return short;
  };
  const cut = (word) => {
    if (word.length < 4 || /\d/.test(word)) return word;
    let short = word.replace(/(?<=..)ies$/, "y").replace(/(?<=[^s])s$/, "");
    if (short.length > 5) {
      short = short
        .replace(/(?<=...)(?:ations?|ments?|ings?|ers?|ors?|ly|ed|ion)$/, "")
        .replace(/([bdgklmnprt])\1$/, "$1");
    }
    return short.length > 3 ? short.replace(/[ey]$/, "") : short;
  };

  // How far two words are apart: letters put in, left out, changed, or exchanged with the next
  const apart = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [], last = Array.from({ length: b.length + 1 }, (_, n) => n);
    for (let i = 1; i <= a.length; i++) {
      const line = [i];
      let nearest = i;
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        line[j] = Math.min(last[j] + 1, line[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) line[j] = Math.min(line[j], before[j - 2] + 1);
        if (line[j] < nearest) nearest = line[j];
      }
      if (nearest > most) return most + 1;
      [before, last] = [last, line];
    }
    return last[b.length];
  };

  const BOOST = { title: 2.5, page: 1.2, text: 1 }; // the fields of a document with their weights
  const BM25 = { k: 1.2, b: 0.6, d: 0.5 };

  // Lets the reader type on: work that takes long pauses when a moment is over
  const MOMENT = 30; // milliseconds
  const pause = () => new Promise((done) => setTimeout(done));

  const held = new Map(); // organisation -> what its file handed in
  const meant = new Map(); // organisation -> its synonyms, read while the documents are still on their way
  const read = (phrase) => {
    const all = spoken(phrase);
    return [all, all.map(stem).join(" ")];
  };

  class Index {
    constructor(organisations) {
      this.known = new Map(); // every word of the texts as it is written -> how often, and its term
      this.documents = organisations.flatMap((name) => held.get(name)?.documents ?? []);
      this.synonyms = new Map();
      this.typed = new Set(); // every word of the synonyms that people type
      this.asked = new Map(); // the first word of titles -> their beginnings, with the phrases that ask for them
      this.longest = 1;
      for (const name of organisations) {
        for (const [typed, own] of meant.get(name) ?? []) {
          const group = { phrases: [] };
          for (const [all, key] of typed) {
            for (const word of all) this.typed.add(word);
            group.phrases.push(key);
            this.synonyms.set(key, this.synonyms.has(key) ? this.synonyms.get(key).concat(own) : own);
            this.longest = Math.max(this.longest, all.length);
          }
          for (const text of own) {
            const title = spoken(text).map(stem);
            if (title.length < 2) continue;
            if (!this.asked.has(title[0])) this.asked.set(title[0], []);
            this.asked.get(title[0]).push([` ${title.join(" ")} `, group]);
          }
        }
      }
      this.typedStems = new Set([...this.typed].map(stem));
      this.terms = new Set(); // all that known words have been cut to
      this.engine = new MiniSearch({
        fields: [...Object.keys(BOOST), "asked"], // asked: the phrases that ask for the document
        stringifyField: (terms) => terms,
        tokenize: (terms) => terms,
        processTerm: (term) => term,
        searchOptions: { bm25: BM25, tokenize: (term) => [term] },
      });
      this.whole = []; // the title of each document, as terms with a space before, between and after them
    }

    async read() {
      let began = performance.now();
      for (const [id, one] of this.documents.entries()) {
        const titled = spoken(one.title ?? "");
        this.whole.push(` ${titled.map(stem).join(" ")} `);
        const groups = ASKED.has(one.kind) && titled.length ? (this.asked.get(stem(titled[0])) ?? []) : [];
        const asking = new Set(groups.filter(([begun]) => this.whole[id].startsWith(begun)).map(([, group]) => group));
        this.engine.add({
          id,
          title: this.take(titled),
          page: this.take(words(`${one.number ?? ""} ${one.at.includes("#") ? one.page : ""}`)),
          text: this.take(words(one.text ?? "")).filter((term) => !COMMON.has(term)),
          asked: [...new Set([...asking].flatMap((group) => (group.terms ??= group.phrases.join(" ").split(" ").filter((term) => !COMMON.has(term)))))],
        });
        if (performance.now() - began > MOMENT) {
          await pause();
          began = performance.now();
        }
      }
      return this;
    }

    // The terms of words, which are known from now on
    take(found) {
      return found.map((word) => {
        let one = this.known.get(word);
        if (!one) {
          this.known.set(word, (one = { times: 0, term: stem(word) }));
          this.terms.add(one.term);
        }
        one.times++;
        return one.term;
      });
    }

    // Document -> its score by BM25+, and the terms that it has; `terms` have weights
    score(terms, brief) {
      const hits = new Map();
      const search = (fields, boost, boostTerm) => {
        for (const { id, score, queryTerms } of this.engine.search({ queries: [...terms.keys()] }, { fields, boost, boostTerm })) {
          const hit = hits.get(id) ?? { score: 0, met: new Set() };
          hits.set(id, hit);
          hit.score += score / queryTerms.length; // without what MiniSearch multiplies by: terms count once over both searches
          for (const term of queryTerms) hit.met.add(term);
        }
      };
      search(Object.keys(BOOST), BOOST, (term) => terms.get(term));
      search(["asked"], {}, (term) => terms.get(term) * (brief && this.terms.has(term) ? OWN_WORD : 1));
      for (const hit of hits.values()) hit.score *= hit.met.size;
      return hits;
    }

    // Whether the handbook has a word; a short one has to be there as it is typed
    has(word) {
      return word.length > 3 ? this.terms.has(stem(word)) || this.typedStems.has(stem(word)) : this.known.has(word) || this.typed.has(word);
    }

    // The titles of which the first letters make a word that the handbook does not have: “DDA”
    initials(word) {
      if (word.length < 3 || word.length > 5 || COMMON.has(word) || this.has(word)) return undefined;
      this.short ??= this.documents.reduce((all, { title = "", kind, at }) => {
        if (!NAMED.has(kind) || (kind === "form" && at.includes("#"))) return all;
        const parts = words(title).filter((part) => !COMMON.has(part));
        const short = parts.map((part) => part[0]).join("");
        return parts.length > 2 && parts.length < 6 ? all.set(short, new Set([...(all.get(short) ?? []), title])) : all;
      }, new Map());
      const titles = this.short.get(word);
      return titles && [...titles];
    }

    // All words of the handbook and of its synonyms that begin with a letter
    begun(letter) {
      this.beginnings ??= [...new Set([...this.known.keys(), ...this.typed])].reduce((all, word) => {
        if (word.length > 2 && !/\d/.test(word) && !COMMON.has(word)) (all.get(word[0]) ?? all.set(word[0], []).get(word[0])).push(word);
        return all;
      }, new Map());
      return this.beginnings.get(letter) ?? [];
    }

    // The nearest word of this handbook or of its synonyms, for one that neither has
    nearest(word) {
      const most = word.length < 5 ? 0 : word.length < 8 ? 1 : 2;
      let best = null, least = Infinity;
      for (const other of [...this.begun(word[0]), ...this.begun(word[1])]) {
        const often = this.known.get(other)?.times ?? 1;
        const far = apart(word, other, most);
        if (far > most) continue;
        const cost = far + (other[0] === word[0] ? 0 : 0.7) - Math.log10(often + 1) * 0.2;
        if (cost < least) [best, least] = [other, cost];
      }
      return best;
    }

    // What the query asks: for each of its words the terms that would answer it, with their weights
    ask(query) {
      let corrected = null;
      const begun = (word) => this.begun(word[0]).some((other) => other.startsWith(word));
      const joined = (a, b) => (a && b && a.length + b.length > 4 && this.terms.has(stem(a + b)) ? stem(a + b) : "");
      const typed = spoken(query).map((word, at, all) => {
        if (word.length < 4 || /\d/.test(word) || COMMON.has(word)) return word;
        if (this.has(word) || this.initials(word) || begun(word)) return word;
        if (joined(word, all[at + 1]) || joined(all[at - 1], word)) return word;
        const near = this.nearest(word);
        if (!near) return word;
        corrected = [...(corrected ?? []), [word, near]];
        return near;
      });
      const asked = [];
      const content = typed.filter((word) => !COMMON.has(word)).length;
      for (let at = 0; at < typed.length; at++) {
        const word = typed[at], term = stem(word);
        const common = COMMON.has(word) && content > 0;
        const one = { word, weight: common ? QUESTION_WORD : 1, terms: new Map() };
        const known = this.has(word);
        if (known) one.terms.set(term, 1);
        if ((at === typed.length - 1 || !known) && word.length > 2 && !common && !/\d/.test(word)) {
          const weight = known || this.initials(word) ? 0.25 : 0.6;
          for (const all of [this.terms.keys(), this.typedStems]) for (const other of all) if (other !== term && other.startsWith(word)) one.terms.set(other, weight);
        }
        for (const term of [joined(word, typed[at + 1]), joined(typed[at - 1], word)]) if (term) one.terms.set(term, 1.2);
        asked.push(one);
      }
      // Synonyms: most where the typed word finds nothing, least where it is in a heading
      const phrase = new Set();
      const named = new Map(); // what is meant, as a title would say it -> the share of the query that says so
      for (let size = Math.min(this.longest, typed.length); size > 0; size--) {
        for (let from = 0; from + size <= typed.length; from++) {
          const part = asked.slice(from, from + size);
          const said = part.map((one) => stem(one.word)).join(" ");
          const own = this.synonyms.get(said) ?? (size === 1 ? this.initials(typed[from]) : undefined);
          if (!own || (size === 1 && phrase.has(from))) continue;
          for (let at = from; at < from + size; at++) phrase.add(at);
          const share = part.reduce((sum, one) => sum + one.weight, 0) / asked.reduce((sum, one) => sum + one.weight, 0);
          const found = part.every((one) => [...one.terms.keys()].some((term) => this.terms.has(term)));
          const headed = found && this.whole.some((title) => title.includes(` ${said} `));
          const strength = headed ? 0.3 : found && size === 1 ? 0.45 : 0.6;
          for (const text of own) {
            const title = spoken(text).map(stem).join(" ");
            named.set(title, Math.max(named.get(title) ?? 0, size > 1 ? share : 0));
            const meaning = words(text).filter((word) => !COMMON.has(word));
            // the words of a phrase say less each than one word alone
            const weight = strength / Math.sqrt(meaning.length || 1);
            for (const word of meaning) {
              for (const one of part) {
                if (size > 1) for (const [term, own] of one.terms) if (own === 1) one.terms.set(term, 0.7);
                if ((one.terms.get(stem(word)) ?? 0) < weight) one.terms.set(stem(word), weight);
              }
            }
          }
        }
      }
      return { asked, corrected, typed, named };
    }

    find(query) {
      const { asked, corrected, typed, named } = this.ask(query);
      const terms = new Map();
      for (const one of asked) for (const [term, weight] of one.terms) terms.set(term, Math.max(terms.get(term) ?? 0, weight * one.weight));
      if (!terms.size) return { results: [], corrected, terms };
      const total = asked.reduce((sum, one) => sum + one.weight, 0);
      const exact = typed.map(stem).join(" ");
      const number = /^(?:(?:clause|section|paragraph|para) )?(\d+(?:\.\d+)*)$/.exec(query.trim().toLowerCase())?.[1];
      const asks = typed.join(" ");
      const questions = [...named].filter(([text, share]) => share >= MOST && text.split(" ").length > 2).map(([text]) => text);
      const intent = {
        time: /^(when|what date)\b|\b(date|dates|due|deadline|deadlines|when)\b/.test(asks.replace(/\b(out of|up to) date\b/g, "")),
        form: /\b(forms?|pro ?formas?|templates?)\b/.test(asks),
        file: /\b(download|pdf|word|docx|print)\b/.test(asks),
      };
      const hits = [...this.score(terms, typed.filter((word) => !COMMON.has(word)).length < 3)].map(([id, { score: base, met }]) => {
        const one = this.documents[id];
        let covered = 0;
        for (const word of asked) {
          let best = 0;
          for (const [term, weight] of word.terms) if (met.has(term)) best = Math.max(best, Math.min(1, 0.55 + weight * 0.45));
          covered += word.weight * best;
        }
        const padded = this.whole[id], title = padded.slice(1, -1);
        // a phrase that means this very question says all of it, whichever of its words the answer has
        const meant = ASKED.has(one.kind) && questions.some((begun) => padded.startsWith(` ${begun} `));
        const cover = meant ? 1 : covered / total;
        const inside = one.at.includes("#");
        let score = base * cover * ((inside && PART[one.kind]) || (KIND[one.kind] ?? 1));
        if (title === exact) score *= 1.8;
        else if (exact && padded.includes(` ${exact} `)) score *= 1.4;
        else if (named.has(title)) score *= 1.6;
        if (number && one.number === number) score *= 20;
        if (intent.time) score *= title === exact ? 1 : (DATED[one.kind] ?? 1);
        if (intent.form && one.kind === "form" && !inside) score *= 2.5;
        if (intent.file && one.kind === "download") score *= 4;
        return { one, score, cover, meant, exact: title === exact };
      });
      const best = Math.max(0, ...hits.filter((hit) => !hit.meant).map((hit) => hit.score));
      for (const hit of hits) if (hit.meant) hit.score += best;
      const least = Math.max(0, ...hits.map((hit) => hit.score)) * LEAST;
      const enough = Math.min(ENOUGH, 0.99 * Math.max(0, ...hits.map((hit) => hit.cover)));
      const results = hits
        .filter((hit) => hit.cover > enough && hit.score >= least)
        .sort((a, b) => b.score - a.score)
        .map(({ one, score, exact }) => ({ ...one, title: one.title || one.page, score, exact }));
      return { results, corrected, terms };
    }
  }

  // The places of a page together, in the order of the best; two more of it where they are as good
  const group = (results) => {
    const pages = new Map();
    for (const one of results) {
      const page = one.at.split("#")[0];
      // questions and words of the glossary are answers of their own
      const key = one.kind === "question" || one.kind === "term" ? one.at : page;
      const known = pages.get(key);
      if (!known) pages.set(key, { ...one, more: [] });
      else if (known.more.length < 2 && one.score >= known.score * 0.6) known.more.push(one);
    }
    return [...pages.values()];
  };

  // The sentence of a text that has most of the words asked for, beside those that its title shows
  const sentence = ({ text, title }, terms) => {
    const shown = new Set(words(title).map(stem));
    let best = "", most = -1;
    for (const one of (text ?? "").split(/\n|(?<=[.?!]) (?=[A-Z“])/)) {
      let sum = 0;
      const seen = new Set();
      for (const word of words(one)) {
        const term = stem(word);
        if (terms.has(term) && !seen.has(term) && !shown.has(term) && !COMMON.has(word)) sum += terms.get(term);
        seen.add(term);
      }
      if (sum > most && (sum > 0 || one.length > 24)) [best, most] = [one, sum];
    }
    return best;
  };

  return {
    take: (name, file) => held.set(name, file),
    takeSynonyms: (name, groups) => meant.set(name, groups.map(([typed, own]) => [typed.map(read), own])),
    held, group, sentence, stem, words,
    common: (word) => COMMON.has(word),
    index: (organisations) => new Index(organisations).read(),
  };
})();
