// Finds places in the handbook of one organisation. It needs the files search/*.js, which hand in
// their documents. It draws nothing: search.js shows what it finds.
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
    question: 1.7, form: 1.3, policy: 1.3, guidance: 1.2, my: 1.15, year: 1.2, term: 0.6, people: 1.1, document: 0.85,
    download: 0.35, standards: 1.1, calendar: 1.15, home: 0.7, about: 0.2,
  };
  const PART_OF_FORM = 0.45; // a form's own blocks repeat what is asked, form after form
  const LIST_OF_FORMS = 0.5; // “My forms” names every form that somebody has: the form itself says more
  const QUESTION_WORD = 0.1;
  const COMMON_TERM = 0.3; // beside a word that says something
  const OWN_WORD = 0.1; // one or two words of the handbook's own ask for the places that have them
  const PAIR = 0.3; // of words side by side that a question is asked with
  const UNKNOWN_WORD = 0.4;
  const LEAST = 0.06; // of the best score
  const ENOUGH = 0.25; // of what was asked, unless no place has so much
  const IN_A_SENTENCE = 0.6; // who writes a sentence does not ask for a definition
  const NAMED = new Set(["document", "form", "guidance", "people", "standards", "term"]); // have names of their own
  const ASKED = new Set(["question", "policy", "guidance"]); // can be meant by a phrase as a whole
  const MOST = 0.5; // the share of a query that has to be a phrase which means a question of the handbook
  const ONLY_MEANT = 0.6; // a definition or a document is rarely wanted by a word that it does not have

  // “Reviewers’” and “reviewers” are one word; what a hyphen joins is found joined and apart
  const plain = (text) => (/[\u00a0-\u024f]/.test(text) ? text.normalize("NFKD") : text).toLowerCase();
  const NOT = /\b(is|are|was|were|do|does|did|has|have|had|could|should|would|ca|wo)n[‘’']?t\b/g;
  const bare = (text) => {
    const small = plain(text).replace(NOT, (_, verb) => `${{ ca: "can", wo: "will" }[verb] ?? verb} not`);
    return /[‘’'`\u0300-\u036f]/.test(small) ? small.replace(/[‘’'`]s?(?![a-z])/g, " ").replace(/[‘’'`\u0300-\u036f]/g, "") : small;
  };
  const WORD = /[a-z0-9]+(?:(?:(?<=\d)[.:](?=\d)|[&/])[a-z0-9]+)*(?:[-‐‑–][a-z0-9]+)*/g;
  const SIMPLE = /^[a-z]+$/;
  const words = (text) => {
    if (SIMPLE.test(text)) return [text];
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
  const stems = new Map();
  const stem = (word) => {
    let short = stems.get(word);
    if (short === undefined) stems.set(word, (short = cut(word)));
    return short;
  };
  // What has been done, as it is called before it is
  const DONE = new Map(
    ("left leave met meet kept keep paid pay taught teach wrote write written write saw see seen see sent send chose choose " +
      "chosen choose held hold lost lose began begin begun begin took take taken take brought bring spoke speak spoken speak " +
      "heard hear thought think felt feel ran run")
      .split(" ").map((word, at, all) => [word, all[at + 1]]).filter((_, at) => at % 2 === 0),
  );
  const cut = (done) => {
    const word = DONE.get(done) ?? done;
    if (word.length < 4 || /\d/.test(word)) return word;
    let short = word.replace(/(?<=..)ies$/, "y").replace(/(?<=[^s])s$/, "");
    if (short.length > 5) {
      short = short
        .replace(/(?<=...)(?:ations?|ments?|ings?|ers?|ors?|ly|ed|ion)$/, "")
        .replace(/([bdgklmnprt])\1$/, "$1");
    }
    return short.length > 3 ? short.replace(/[ey]$/, "") : short;
  };

  // The letters of a word as bits: words that are near each other differ in few
  const letters = (word) => {
    let set = 0;
    for (let at = 0; at < word.length; at++) set |= 1 << (word.charCodeAt(at) & 31);
    return set;
  };
  const count = (set) => {
    let bits = 0;
    for (; set; set &= set - 1) bits++;
    return bits;
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

  // The fields of a document with their weights, and the constants of BM25+ (Lv and Zhai, 2011)
  const FIELDS = [["title", 3], ["page", 1.2], ["text", 1], ["asked", 1]];
  const [TEXT, ASKED_AS] = [2, 3];
  const NONE = [];
  const [K, B, D] = [1.2, 0.6, 0.5];

  // Lets the reader type on: work that takes long pauses when a moment is over
  const MOMENT = 12; // milliseconds
  const pause = () => new Promise((done) => setTimeout(done));

  const pairs = (all) => all.slice(1).map((word, at) => `${stem(all[at])} ${stem(word)}`);

  const held = new Map(); // organisation -> what its file handed in
  const meant = new Map(); // organisation -> its synonyms

  class Index {
    constructor(organisations) {
      this.known = new Map(); // every word of the texts as it is written -> how often, and where its term is
      this.documents = organisations.flatMap((name) => held.get(name)?.documents ?? []);
      this.synonyms = new Map();
      this.typed = new Set(); // every word of the synonyms that people type
      this.asked = new Map(); // the first word of titles -> their beginnings, with the phrases that ask for them
      this.longest = 1;
      for (const name of organisations) {
        for (const [typed, own] of meant.get(name) ?? []) {
          const phrases = typed.map(words);
          for (const text of own) {
            const title = words(text).map(stem);
            if (title.length > 1) this.asked.set(title[0], [...(this.asked.get(title[0]) ?? []), [` ${title.join(" ")} `, phrases]]);
          }
          for (const all of phrases) {
            const key = all.map(stem).join(" ");
            for (const word of all) this.typed.add(word);
            this.synonyms.set(key, own.concat(this.synonyms.get(key) ?? []));
            this.longest = Math.max(this.longest, all.length);
          }
        }
      }
      this.typedStems = new Set([...this.typed].map(stem));
      this.terms = new Map(); // term -> for each field: [document, times, document, times ...]
      this.pairs = new Map(); // two words side by side with which something is asked -> as in `terms`
      this.lengths = FIELDS.map(() => []); // of each field: how many different words each document has
      this.whole = []; // the title of each document, as terms with a space before, between and after them
    }

    async read() {
      let began = performance.now();
      for (const [id, one] of this.documents.entries()) {
        const titled = words(one.title ?? "");
        this.whole.push(` ${titled.map(stem).join(" ")} `);
        this.take(id, 0, titled);
        this.take(id, 1, words(`${one.number ?? ""} ${one.at.includes("#") ? one.page : ""}`));
        this.take(id, TEXT, words(one.text ?? ""));
        if (titled.length && ASKED.has(one.kind)) this.takeAsked(id, stem(titled[0]));
        if (performance.now() - began > MOMENT) {
          await pause();
          began = performance.now();
        }
      }
      const filled = this.lengths.map((all) => all.filter((one) => one > 0));
      this.askedFor = filled[ASKED_AS].length;
      this.average = filled.map((all) => all.reduce((sum, one) => sum + one, 0) / (all.length || 1));
      return this;
    }

    // The phrases that ask for a place, by the beginning of its title
    takeAsked(id, first) {
      for (const [begun, phrases] of this.asked.get(first) ?? []) {
        if (!this.whole[id].startsWith(begun)) continue;
        this.take(id, ASKED_AS, phrases.flat());
        for (const pair of new Set(phrases.flatMap(pairs))) {
          if (!this.pairs.has(pair)) this.pairs.set(pair, [NONE, NONE, NONE, []]);
          this.pairs.get(pair)[ASKED_AS].push(id, 1);
        }
      }
    }

    take(id, field, found) {
      const stamp = id * FIELDS.length + field;
      let different = 0;
      for (const word of found) {
        let one = this.known.get(word);
        if (!one) {
          const term = stem(word);
          if (!this.terms.has(term)) this.terms.set(term, FIELDS.map(() => []));
          this.known.set(word, (one = { times: 0, seen: -1, lists: this.terms.get(term), common: COMMON.has(word) }));
        }
        one.times++;
        if (one.seen !== stamp) {
          one.seen = stamp;
          different++;
        }
        if (field >= TEXT && one.common) continue;
        const list = one.lists[field], last = list.length - 1;
        if (list[last - 1] === id) list[last]++;
        else list.push(id, 1);
      }
      this.lengths[field][id] = (this.lengths[field][id] ?? 0) + different;
    }

    // Document -> its score by BM25+, and the terms that it has; `terms` have weights
    score(terms, brief) {
      const hits = new Map();
      for (const [term, weight] of terms) {
        const lists = this.terms.get(term) ?? this.pairs.get(term);
        lists?.forEach((list, field) => {
          let boost = weight * FIELDS[field][1];
          const lengths = this.lengths[field];
          if (field === ASKED_AS && brief && lists[TEXT].length) boost *= OWN_WORD;
          const rare = (had, all) => Math.log(1 + Math.max(0, all - had + 0.5) / (had + 0.5));
          let rarity = rare(list.length / 2, field === ASKED_AS ? this.askedFor : lengths.length);
          // a word that many places have asks for none of them
          if (field === ASKED_AS) rarity = Math.min(rarity, rare(lists[TEXT].length / 2, this.documents.length));
          for (let at = 0; at < list.length; at += 2) {
            const [id, times] = [list[at], list[at + 1]];
            const often = D + (times * (K + 1)) / (times + K * (1 - B + (B * lengths[id]) / this.average[field]));
            if (!hits.has(id)) hits.set(id, { score: 0, met: new Set() });
            const hit = hits.get(id);
            hit.score += boost * rarity * often;
            hit.met.add(term);
          }
        });
      }
      for (const hit of hits.values()) {
        let different = 0;
        for (const term of hit.met) different += COMMON.has(term) || term.includes(" ") ? COMMON_TERM : 1;
        hit.score *= different;
      }
      return hits;
    }

    // Whether the handbook has a word; a short one has to be there as it is typed
    has(word) {
      return word.length > 3 ? this.terms.has(stem(word)) : this.known.has(word);
    }

    // What is meant by the beginnings of words: “mat leave”, “lesson obs”
    shortened(typed) {
      const short = typed.map((word) => word.length > 2 && !COMMON.has(word) && !this.has(word));
      if (!short.includes(true)) return undefined;
      const meaning = [];
      const fits = (part, at) => part === stem(typed[at]) || (short[at] && part.startsWith(typed[at]));
      for (const [key, own] of this.synonyms) {
        if (!key.startsWith(typed[0].slice(0, 2))) continue;
        const parts = key.split(" ");
        if (parts.length === typed.length && parts.every(fits)) meaning.push(...own);
      }
      return meaning.length ? meaning : undefined;
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

    // The nearest word of this handbook or of its synonyms, for one that neither has
    nearest(word) {
      const most = Math.max(1, Math.floor(word.length * 0.3));
      this.candidates ??= [...new Set([...this.known.keys(), ...this.typed])]
        .filter((other) => other.length > 2 && !/\d/.test(other) && !COMMON.has(other))
        .map((other) => [other, letters(other)]);
      let best = null, least = Infinity;
      const own = letters(word);
      for (const [other, set] of this.candidates) {
        if (Math.abs(other.length - word.length) > most || count(own ^ set) > 2 * most) continue;
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
      const wrong = new Set();
      const begun = (word) => [...this.known.keys(), ...this.typed].some((other) => other.startsWith(word));
      const joins = (a, b) => a && b && this.terms.has(stem(a + b));
      const typed = words(query).map((word, at, all) => {
        if (word.length < 4 || /\d/.test(word) || COMMON.has(word)) return word;
        if (this.has(word) || this.typedStems.has(stem(word)) || this.shortened([word]) || this.initials(word)) return word;
        if (joins(word, all[at + 1]) || joins(all[at - 1], word) || begun(word)) return word;
        const near = this.nearest(word);
        if (!near) return word;
        corrected = [...(corrected ?? []), [word, near]];
        wrong.add(at);
        return near;
      });
      const asked = [];
      const content = typed.filter((word) => !COMMON.has(word)).length;
      for (let at = 0; at < typed.length; at++) {
        const word = typed[at], term = stem(word);
        const common = COMMON.has(word) && content > 0;
        const one = { word, weight: common ? QUESTION_WORD : 1, terms: new Map() };
        const known = this.has(word);
        if (known) one.terms.set(term, wrong.has(at) && typed.length > 1 ? 0.6 : 1);
        if ((at === typed.length - 1 || !known) && word.length > 2 && !common && !/\d/.test(word)) {
          for (const other of this.terms.keys()) if (other !== term && other.startsWith(word)) one.terms.set(other, known || this.initials(word) ? 0.25 : 0.6);
        }
        const joined = at + 1 < typed.length ? stem(word + typed[at + 1]) : "";
        if (joined && this.terms.has(joined) && word.length + typed[at + 1].length > 4) one.terms.set(joined, 1.2);
        if (at > 0 && this.terms.has(stem(typed[at - 1] + word)) && typed[at - 1].length + word.length > 4) one.terms.set(stem(typed[at - 1] + word), 1.2);
        asked.push(one);
      }
      // Synonyms: most where the typed word finds nothing, least where it is in a heading
      const phrase = new Set();
      const named = new Map(); // what is meant, as a title would say it -> the share of the query that says so
      for (let size = Math.min(this.longest, typed.length); size > 0; size--) {
        for (let from = 0; from + size <= typed.length; from++) {
          const span = asked.slice(from, from + size).map((_, at) => from + at);
          const said = span.map((at) => typed[at]);
          let own = this.synonyms.get(said.map(stem).join(" "));
          const spelt = !own && size === 1 ? this.initials(said[0]) : undefined;
          own ??= spelt ?? this.shortened(said);
          if (!own || (size === 1 && phrase.has(from))) continue;
          for (const at of span) phrase.add(at);
          const part = span.map((at) => asked[at]);
          const share = part.reduce((sum, one) => sum + one.weight, 0) / asked.reduce((sum, one) => sum + one.weight, 0);
          const found = part.every((one) => [...one.terms.keys()].some((term) => this.terms.get(term)?.some((list, field) => field < ASKED_AS && list.length)));
          const heading = ` ${part.map((one) => stem(one.word)).join(" ")} `;
          const headed = found && this.whole.some((title) => title.includes(heading));
          const strength = headed ? 0.3 : found && size === 1 ? 0.45 : 0.6;
          for (const text of own) {
            const title = words(text).map(stem).join(" ");
            named.set(title, Math.max(named.get(title) ?? 0, size > 1 ? share : 0));
            const meaning = words(text).filter((word) => !COMMON.has(word));
            // the words of a phrase say less each than one word alone
            const weight = spelt ? 1 : strength / Math.sqrt(meaning.length || 1);
            for (const word of meaning) {
              for (const one of part) {
                if (size > 1) for (const [term, own] of one.terms) if (own === 1) one.terms.set(term, 0.7);
                if ((one.terms.get(stem(word)) ?? 0) < weight) one.terms.set(stem(word), weight);
              }
            }
          }
        }
      }
      for (const pair of pairs(typed)) if (this.pairs.has(pair)) asked.push({ word: pair, weight: pair.split(" ").every((word) => COMMON.has(word)) ? QUESTION_WORD : PAIR, terms: new Map([[pair, 1]]) });
      return { asked, corrected, typed, named };
    }

    find(query) {
      const { asked, corrected, typed, named } = this.ask(query);
      const terms = new Map();
      for (const one of asked) for (const [term, weight] of one.terms) terms.set(term, Math.max(terms.get(term) ?? 0, weight * one.weight));
      if (!terms.size) return { results: [], corrected, terms };
      const total = asked.reduce((sum, one) => sum + one.weight * (one.terms.size ? 1 : UNKNOWN_WORD), 0);
      const exact = typed.map((word) => stem(word)).join(" ");
      const number = /^(?:(?:clause|section|paragraph|para) )?(\d+(?:\.\d+)*)$/.exec(query.trim().toLowerCase())?.[1];
      const asks = typed.join(" ");
      const questions = [...named].filter(([text, share]) => share >= MOST && text.split(" ").length > 2).map(([text]) => text);
      const opening = /\b(who|when|where|why|what if|how \S+)\b/.exec(exact)?.[0];
      const telling = [...terms.keys()].filter((term) => !COMMON.has(term));
      const intent = {
        time: /^(when|what date)\b|\b(date|dates|due|deadline|deadlines|when)\b/.test(asks.replace(/\b(out of|up to) date\b/g, "")),
        form: /\b(forms?|pro ?formas?|templates?)\b/.test(asks),
        meaning: /\b(means?|meaning|definition)\b|^what (is|are)\b/.test(asks),
        file: /\b(download|pdf|word|docx|print)\b/.test(asks),
        question: /^(who|how|what|can|do|does|will|why|am|is|are|should|may|must|where|when|i)\b/.test(asks) && typed.length > 2,
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
        let score = base * cover * (one.kind === "form" && inside ? PART_OF_FORM : (KIND[one.kind] ?? 1));
        const lists = one.kind === "my" && one.at.endsWith("#forms");
        if (lists) score *= LIST_OF_FORMS;
        if (title === exact) score *= 1.8;
        else if (exact && padded.includes(` ${exact} `)) score *= 1.4;
        else if (named.has(title)) score *= 1.6;
        else if (title.includes(" ") && ` ${exact} `.includes(padded)) score *= 1.3;
        if (number && one.number === number) score *= 20;
        if ((one.kind === "term" || one.kind === "document") && ![...met].some((term) => terms.get(term) >= 1)) score *= ONLY_MEANT;
        if (one.kind === "term" && typed.length > 2 && !intent.meaning) score *= IN_A_SENTENCE;
        if (intent.time) score *= one.kind === "year" || (one.kind === "my" && !lists) ? 1.8 : one.kind === "question" && title !== exact ? 0.55 : 1;
        if (intent.form && one.kind === "form" && !inside) score *= 2.5;
        if (intent.file && one.kind === "download") score *= 4;
        if (one.kind === "question" && telling.some((term) => padded.includes(` ${term} `))) {
          if (intent.question) score *= 1.5;
          if (opening && title.startsWith(`${opening} `)) score *= 1.3;
        }
        return { one, score, cover, meant, exact: title === exact };
      });
      const best = Math.max(0, ...hits.filter((hit) => !hit.meant).map((hit) => hit.score));
      if (!hits.some((hit) => hit.exact)) for (const hit of hits) if (hit.meant) hit.score += best;
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
    takeSynonyms: (name, pairs) => meant.set(name, pairs),
    held, group, sentence, stem, words,
    common: (word) => COMMON.has(word),
    index: (organisations) => new Index(organisations).read(),
  };
})();
