// The editor in the page: a pencil on each text, a panel for what it is part of, and a bar at the foot.
// Words go to and fro as light Markdown in which each paragraph is one line (content/relaying.py).
(() => {
  const meta = document.querySelector('meta[name="formulary-editor"]');
  if (!meta) return;
  const { organisation, number } = JSON.parse(meta.content);
  const body = document.body;
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // ---- small helpers

  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };
  let ids = 0;
  const newId = () => `fe-${(ids += 1)}`;

  const ask = async (path, query) => {
    const answer = await fetch(`/-/${path}?${new URLSearchParams({ organisation, ...query })}`);
    return { status: answer.status, ...(await answer.json()) };
  };
  const send = async (path, data) => {
    const answer = await fetch(`/-/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ organisation, ...data }),
    });
    const text = await answer.text();
    try {
      return { status: answer.status, ...JSON.parse(text) };
    } catch {
      return { status: answer.status, message: text };
    }
  };
  const kept = {
    get: (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch {} },
    drop: (name) => { try { localStorage.removeItem(name); } catch {} },
  };
  const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

  // ---- words: light Markdown to what is edited, and back

  const LEAD = /^(\s*)([-*+]|\d+[.)])(\s+)/;
  const INLINE = /(\{\{.*?\}\})|\*\*(?=\S)(.+?\S?)\*\*(?!\*)|(?<![*\w])\*(?=[^*\s])([^*]*[^*\s])\*(?![*\w])|\[((?:[^\][]|\[[^\]]*\])*)\]\(([^()\s]*)\)/;

  const fact = (source, facts) => {
    const shown = facts[source] || source.replace(/[{}]/g, "").trim();
    return make("span", { class: "fe-fact", contenteditable: "false", "data-source": source }, shown);
  };
  const inline = (text, facts) => {
    const parts = [];
    let rest = text;
    for (;;) {
      const found = INLINE.exec(rest);
      if (!found) break;
      if (found.index) parts.push(rest.slice(0, found.index));
      if (found[1]) parts.push(fact(found[1], facts));
      else if (found[2]) parts.push(make("b", {}, ...inline(found[2], facts)));
      else if (found[3]) parts.push(make("i", {}, ...inline(found[3], facts)));
      else parts.push(make("a", { "data-target": found[5] }, ...inline(found[4], facts)));
      rest = rest.slice(found.index + found[0].length);
    }
    if (rest) parts.push(rest);
    return parts;
  };
  const toBlocks = (text, facts) => {
    const made = [];
    let gap = 0;
    for (const line of (text || "").split("\n")) {
      if (!line.trim()) { gap += 1; continue; }
      const lead = LEAD.exec(line);
      const words = lead ? line.slice(lead[0].length) : line;
      const block = make("p", { "data-gap": gap, "data-lead": lead ? lead[0] : null }, ...inline(words, facts));
      made.push(block);
      gap = 0;
    }
    return made.length ? made : [make("p", { "data-gap": 0 }, make("br"))];
  };
  const fromInline = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\u00a0/g, " ").replace(/\n/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if (node.dataset.source) return node.dataset.source;
    const words = [...node.childNodes].map(fromInline).join("");
    const bold = /^(B|STRONG)$/.test(node.tagName), italic = /^(I|EM)$/.test(node.tagName);
    const [, before, inner, after] = /^(\s*)(.*?)(\s*)$/s.exec(words);
    if ((bold || italic) && inner) return before + (bold ? `**${inner}**` : `*${inner}*`) + after;
    if (node.tagName === "A" && node.dataset.target) return `[${words}](${node.dataset.target})`;
    return words;
  };
  const fromBlocks = (root) => {
    const lines = [];
    let loose = "";
    const close = () => { if (loose.trim()) lines.push({ gap: 1, lead: "", words: loose.trim() }); loose = ""; };
    const walk = (node) => {
      const block = node.nodeType === Node.ELEMENT_NODE && /^(P|DIV|UL|OL|LI|H\d|BLOCKQUOTE)$/.test(node.tagName);
      if (!block) { loose += fromInline(node); return; }
      close();
      if (node.querySelector("p, div, ul, ol, li")) { node.childNodes.forEach(walk); close(); return; }
      const words = [...node.childNodes].map(fromInline).join("").trim();
      const lead = node.dataset.lead || (node.tagName === "LI" ? "- " : "");
      if (words) lines.push({ gap: Number(node.dataset.gap ?? 1), lead, words });
    };
    root.childNodes.forEach(walk);
    close();
    let text = "";
    lines.forEach((line, place) => {
      const plain = (one) => !one.lead && !one.words.startsWith("|");
      const before = lines[place - 1];
      // two plain lines without a gap would be one paragraph
      const least = before && plain(line) && (plain(before) || before.lead) ? 1 : 0;
      if (place) text += "\n".repeat(Math.max(line.gap, least) + 1);
      text += line.lead + line.words;
    });
    return text;
  };
  const wordsOf = (node) => node.textContent.replace(/\s+/g, "");

  // ---- controls: each is {element, value(), focus(), spot}

  const field = (described, control, extra) => {
    const id = control.id || newId();
    control.id = id;
    const help = described.help ? make("p", { class: "fe-help", id: `${id}-help` }, described.help) : null;
    const error = make("p", { class: "fe-error", id: `${id}-error`, hidden: true });
    control.setAttribute("aria-describedby", [help && help.id, error.id].filter(Boolean).join(" "));
    const labelled = control.matches("[contenteditable]");
    const label = make(labelled ? "span" : "label", { class: "fe-label", id: `${id}-label`, for: labelled ? null : id }, described.label);
    if (labelled) control.setAttribute("aria-labelledby", label.id);
    return make("div", { class: "fe-field", "data-spot": described.spot }, label, help, extra, control, error);
  };

  const wordsControl = (described, state) => {
    const facts = state.facts;
    const start = described.value ?? "";
    const probe = make("div", {}, ...toBlocks(start, facts));
    const oneLine = described.kind === "line" || described.kind === "plain";
    if (described.kind === "plain" || fromBlocks(probe) !== start.replace(/\n+$/, "")) {
      const area = make(oneLine ? "input" : "textarea", { class: "fe-input", rows: oneLine ? null : 6 });
      area.value = start;
      return { element: field(described, area), value: () => (area.value === start ? described.value : area.value), focus: area };
    }
    const box = make("div", {
      class: oneLine ? "fe-words fe-line" : "fe-words", contenteditable: "true", role: "textbox",
      "aria-multiline": String(!oneLine), spellcheck: "true",
    }, ...probe.childNodes);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && oneLine) event.preventDefault();
      if (!(event.ctrlKey || event.metaKey)) return;
      const command = { b: "bold", i: "italic" }[event.key];
      if (command && !oneLine) { event.preventDefault(); document.execCommand(command); }
    });
    box.addEventListener("paste", (event) => {
      event.preventDefault();
      let words = event.clipboardData.getData("text/plain").replace(/[\u000b\u2028\u2029]/g, "\n").replace(/\r\n?/g, "\n");
      words = words.replace(/^[ \t]*[•▪●◦–][ \t]+/gm, "- ");
      if (oneLine || !/\n/.test(words.trim())) { document.execCommand("insertText", false, words.replace(/\s+/g, " ")); return; }
      const blocks = toBlocks(words.trim().replace(/\n(?!\n|- |\d+[.)] )/g, "\n\n"), facts);
      const at = currentBlock(box);
      (at || box.lastElementChild).after(...blocks);
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const tools = state.bare || (oneLine && !/\{\{/.test(start)) ? null : toolbar(box, state, oneLine ? ["value"] : ["bold", "italic", "list", "clause", "value"]);
    const element = field(described, box, tools);
    const named = [...new Set([...box.querySelectorAll("[data-source]")].map((one) => one.dataset.source))].filter((source) => state.leads[source]);
    if (named.length && !state.bare) {
      element.append(make("p", { class: "fe-help" }, "Underlined words come from elsewhere and change everywhere at once: ", ...named.map((source) =>
        make("button", { type: "button", class: "fe-link fe-lead", "aria-label": `Change “${facts[source]}” everywhere`, onclick: () => open(state.leads[source], { from: state.spot }) }, facts[source]))));
    }
    return {
      element,
      value: () => {
        const text = fromBlocks(box);
        const back = make("div", {}, ...toBlocks(text, facts));
        if (wordsOf(back) !== wordsOf(box)) throw new Error("These words cannot be read back as they are. Undo the last change of style.");
        return text === start ? described.value : text;
      },
      focus: box,
    };
  };
  const currentBlock = (box) => {
    const node = getSelection().anchorNode;
    if (!node || !box.contains(node)) return null;
    let at = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    while (at && at.parentElement !== box && at !== box) at = at.parentElement;
    return at === box ? null : at;
  };
  const insertAt = (box, node) => {
    const selection = getSelection();
    let range = selection.rangeCount ? selection.getRangeAt(0) : null;
    if (!range || !box.contains(range.startContainer)) {
      range = document.createRange();
      range.selectNodeContents(box.lastElementChild || box);
      range.collapse(false);
    }
    range.deleteContents();
    range.insertNode(node);
    range.setStartAfter(node);
    range.collapse(true);
    selection.removeAllRanges();
    selection.addRange(range);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const toolbar = (box, state, wanted) => {
    let range = null;
    box.addEventListener("blur", () => {
      const selection = getSelection();
      if (selection.rangeCount && box.contains(selection.anchorNode)) range = selection.getRangeAt(0).cloneRange();
    });
    const restore = () => {
      box.focus();
      if (range) { getSelection().removeAllRanges(); getSelection().addRange(range); }
    };
    const tool = (label, act, inner) => make("button", { type: "button", class: "fe-tool", "aria-label": label, title: label, onmousedown: (event) => event.preventDefault(), onclick: act }, inner);
    const chooser = (label, choices) => {
      const select = make("select", { class: "fe-tool", "aria-label": label }, make("option", { value: "" }, label),
        ...choices.map(([source, words]) => make("option", { value: source }, words)));
      select.addEventListener("change", () => {
        if (!select.value) return;
        restore();
        insertAt(box, fact(select.value, state.facts));
        select.value = "";
      });
      return select;
    };
    const command = (name) => () => { restore(); document.execCommand(name); box.dispatchEvent(new Event("input", { bubbles: true })); };
    const parts = {
      bold: () => tool("Bold", command("bold"), make("b", {}, "B")),
      italic: () => tool("Italic", command("italic"), make("i", {}, "I")),
      list: () => tool("List", () => {
        restore();
        const at = currentBlock(box);
        if (!at) return;
        if (at.dataset.lead) { delete at.dataset.lead; at.dataset.gap = 1; } else { at.dataset.lead = "- "; at.dataset.gap = at.previousElementSibling && at.previousElementSibling.dataset.lead ? 0 : 1; }
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }, "List"),
      clause: () => chooser("Link to clause", state.insertable.filter(([source]) => /clause\(|form\(/.test(source))),
      value: () => chooser("Insert value", state.insertable.filter(([source]) => !/clause\(|form\(/.test(source))),
    };
    return make("div", { class: "fe-tools", role: "toolbar", "aria-label": "Style" }, ...wanted.map((name) => parts[name]()));
  };

  const inputControl = (described, type) => {
    const input = make("input", { class: "fe-input", type, required: described.needed, inputmode: type === "number" ? "numeric" : null });
    input.value = described.value ?? "";
    const value = () => (input.value === "" ? null : type === "number" ? Number(input.value) : input.value);
    return { element: field(described, input), value, focus: input };
  };
  const choiceControl = (described) => {
    const select = make("select", { class: "fe-input" });
    if (!described.needed || described.value === null) select.append(make("option", { value: "" }, "Not stated"));
    for (const [value, words] of described.choices) select.append(make("option", { value }, words));
    select.value = described.value ?? "";
    return { element: field(described, select), value: () => select.value || null, focus: select };
  };
  const yesControl = (described) => {
    const box = make("input", { type: "checkbox", class: "fe-check", id: newId() });
    box.checked = described.value === true;
    let touched = false;
    box.addEventListener("change", () => { touched = true; });
    const label = make("label", { class: "fe-label fe-beside", for: box.id }, box, described.label);
    const element = make("div", { class: "fe-field", "data-spot": described.spot }, label, make("p", { class: "fe-help" }, described.help), make("p", { class: "fe-error", hidden: true }));
    return { element, value: () => (touched ? box.checked : described.value), focus: box };
  };
  const MONTHS = "January February March April May June July August September October November December".split(" ");
  // A time rule: a day, built of words, or any other rule as words
  const whenControl = (described) => {
    const read = /^(?:(by|on|from) )?(\d{1,2}) (\w+)( after the cycle| before the cycle)?$/.exec(described.value || "");
    const select = (label, choices, value) => {
      const made = make("select", { class: "fe-input", "aria-label": `${described.label}: ${label}` }, ...choices.map((one) => make("option", { value: one[0] }, one[1])));
      made.value = value;
      return made;
    };
    const how = select("how it is said", [["day", "A day"], ["words", "In other words"]], read || !described.value ? "day" : "words");
    const lead = select("by or on", [["by", "by"], ["on", "on"], ["from", "from"], ["", "(no word)"]], read ? read[1] || "" : "by");
    const day = make("input", { class: "fe-input fe-short", type: "number", min: 1, max: 31, "aria-label": `${described.label}: day` });
    day.value = read ? read[2] : "";
    const month = select("month", MONTHS.map((name) => [name, name]), read ? read[3] : "September");
    const side = select("which year", [["", "of the cycle"], [" after the cycle", "after the cycle"], [" before the cycle", "before the cycle"]], (read && read[4]) || "");
    const words = make("input", { class: "fe-input", "aria-label": `${described.label}: in other words` });
    words.value = described.value || "";
    const days = make("span", { class: "fe-row" }, lead, day, month, side);
    const show = () => { days.hidden = how.value !== "day"; words.hidden = how.value === "day"; };
    how.addEventListener("change", show);
    show();
    const group = make("fieldset", { class: "fe-field fe-when", "data-spot": described.spot }, make("legend", { class: "fe-label" }, described.label),
      make("p", { class: "fe-help" }, described.help), how, days, words, make("p", { class: "fe-error", hidden: true }));
    const value = () => (how.value === "words" ? words.value.trim() || null : day.value ? `${lead.value} ${day.value} ${month.value}${side.value}`.trim() : null);
    return { element: group, value, focus: how.value === "day" ? day : words };
  };
  const idsControl = (described, changed) => {
    const list = [...(described.value || [])];
    const names = new Map(described.choices);
    const chips = make("div", { class: "fe-chips" });
    const select = make("select", { class: "fe-input fe-add", "aria-label": `Add to “${described.label}”` });
    const draw = () => {
      chips.replaceChildren(...list.map((id, place) => make("span", { class: "fe-chip" }, names.get(id) || id,
        make("button", { type: "button", "aria-label": `Take out ${names.get(id) || id}`, onclick: () => { list.splice(place, 1); draw(); changed(); select.focus(); } }, "✕"))));
      select.replaceChildren(make("option", { value: "" }, "Add…"), ...described.choices.filter(([id]) => !list.includes(id)).map(([id, words]) => make("option", { value: id }, words)));
    };
    select.addEventListener("change", () => { if (select.value) { list.push(select.value); draw(); changed(); } });
    draw();
    const element = make("fieldset", { class: "fe-field", "data-spot": described.spot }, make("legend", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, described.help), chips, select, make("p", { class: "fe-error", hidden: true }));
    return { element, value: () => (list.length || described.value ? list : null), focus: select };
  };
  const linesControl = (described) => {
    const area = make("textarea", { class: "fe-input", rows: Math.max(3, (described.value || []).length + 1) });
    area.value = (described.value || []).join("\n");
    const value = () => {
      const lines = area.value.split("\n").map((line) => line.trim()).filter(Boolean);
      return lines.length || described.value ? lines : null;
    };
    return { element: field({ ...described, help: `${described.help} One to a line.`.trim() }, area), value, focus: area };
  };
  const gridControl = (described, changed) => {
    const table = make("table", { class: "fe-grid", "aria-label": described.label });
    const cell = (words, row, column) => {
      const area = make("textarea", { rows: 2, "aria-label": `Row ${row + 1}, column ${column + 1}` });
      area.value = words;
      return make("td", {}, area);
    };
    const rows = () => [...table.rows].map((row) => [...row.querySelectorAll("textarea")].map((area) => area.value.trim()));
    const draw = (cells) => table.replaceChildren(...cells.map((row, place) => make("tr", {}, ...row.map((words, column) => cell(words, place, column)),
      make("td", {}, make("button", { type: "button", class: "fe-red", "aria-label": `Take out row ${place + 1}`, onclick: () => { draw(rows().filter((_, other) => other !== place)); changed(); } }, "✕")))));
    draw(described.value || []);
    const add = make("button", { type: "button", class: "fe-quiet", onclick: () => { const now = rows(); draw([...now, (now[0] || [""]).map(() => "")]); changed(); table.rows[table.rows.length - 1].querySelector("textarea").focus(); } }, "Add a row");
    const element = make("fieldset", { class: "fe-field", "data-spot": described.spot }, make("legend", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, described.help), table, add, make("p", { class: "fe-error", hidden: true }));
    return { element, value: rows, focus: add };
  };
  const otherControl = (described) => {
    const shown = typeof described.value === "string" ? described.value : JSON.stringify(described.value);
    const element = make("div", { class: "fe-field" }, make("p", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, `${shown}. This can be changed in the file only.`));
    return { element, value: () => described.value, focus: null };
  };

  const controlOf = (described, state) => {
    switch (described.kind) {
      case "prose": case "line": case "plain": return wordsControl(described, state);
      case "number": return inputControl(described, "number");
      case "date": return inputControl(described, "date");
      case "colour": return inputControl(described, "text");
      case "choice": case "id": return choiceControl(described);
      case "yesno": return yesControl(described);
      case "when": return whenControl(described);
      case "ids": case "choices": return idsControl(described, state.changed);
      case "lines": return linesControl(described);
      case "grid": return gridControl(described, state.changed);
      default: return otherControl(described);
    }
  };

  // ---- the panel

  let panel = null;
  const bar = { said: null, saved: null };
  const announce = (words, kind = "saved") => {
    bar.said.textContent = words;
    bar.said.dataset.kind = kind;
  };

  const controlsOf = (fields, state, into) => {
    const more = make("details", { class: "fe-more" }, make("summary", {}, "More about this"));
    for (const described of fields) {
      if (described.kind === "part" && described.fields) {
        const set = make("fieldset", { class: "fe-part" }, make("legend", { class: "fe-label" }, described.label));
        controlsOf(described.fields, state, set);
        into.append(set);
        continue;
      }
      let element;
      if (described.kind === "rows") element = rowsOf(described, state);
      else if (described.kind === "list" || described.kind === "map") element = listOf(described, state);
      else if (described.kind === "cells") element = cellsOf(described, state);
      else if ((described.kind === "other" || described.kind === "part") && !described.here) continue;
      else {
        const control = controlOf(described, state);
        state.controls.push({ described, control });
        element = control.element;
      }
      (described.needed || (described.here && described.value !== false) || state.fresh && described.kind === "prose" ? into : more).append(element);
    }
    if (more.children.length > 1) into.append(more);
  };
  const rowsOf = (described, state) => {
    const group = make("fieldset", { class: "fe-rows", "data-spot": described.spot }, make("legend", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, described.help));
    (described.value || []).forEach((row, place) => {
      const spot = described.rows[place];
      const inner = make("div", { class: "fe-rowfields" });
      for (const one of described.row) {
        const part = { ...one, spot: `${spot}/${one.key}`, value: row[one.key], here: one.key in row, help: "", label: `${one.label} ${place + 1}` };
        if (!part.here && !part.needed) continue;
        const control = controlOf(part.kind === "id" || part.kind === "choice" ? { ...part, kind: "plain" } : part, { ...state, bare: true });
        state.controls.push({ described: part, control });
        inner.append(control.element);
      }
      const count = described.value.length;
      const name = `entry ${place + 1}`;
      group.append(make("div", { class: "fe-rowbox" }, inner, make("div", { class: "fe-rowtools" },
        place > 0 ? make("button", { type: "button", "aria-label": `Move ${name} up`, onclick: () => state.act({ kind: "move", spot, index: place - 1 }, "Moved") }, "↑") : null,
        place < count - 1 ? make("button", { type: "button", "aria-label": `Move ${name} down`, onclick: () => state.act({ kind: "move", spot, index: place + 1 }, "Moved") }, "↓") : null,
        make("button", { type: "button", class: "fe-red", "aria-label": `Take out ${name}`, onclick: () => state.act({ kind: "remove", spot, old: row }, "Taken out") }, "Take out"))));
    });
    const first = described.row.find((one) => one.needed && ["line", "prose", "plain"].includes(one.kind));
    if (first && described.row.filter((one) => one.needed).length <= 2 && !state.fresh) {
      const added = described.row.filter((one) => one.needed).map((one) => ({ one, input: make("input", { class: "fe-input", "aria-label": `New entry: ${one.label}` }) }));
      group.append(make("div", { class: "fe-row fe-new" }, ...added.map(({ input }) => input), make("button", { type: "button", class: "fe-quiet", onclick: () => {
        const value = Object.fromEntries(added.map(({ one, input }) => [one.key, input.value.trim()]));
        if (Object.values(value).some((words) => !words)) { added[0].input.focus(); return; }
        state.act({ kind: "insert", spot: described.spot, index: (described.value || []).length, value }, "Added");
      } }, "Add")));
    }
    return group;
  };
  const listOf = (described) => {
    const group = make("div", { class: "fe-field" }, make("p", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, described.help));
    const list = make("ul", { class: "fe-list" });
    for (const [spot, heading] of described.rows) list.append(make("li", {}, make("button", { type: "button", class: "fe-link", onclick: () => open(spot) }, heading || described.name || spot)));
    group.append(list, described.kind === "map" ? "" : make("button", { type: "button", class: "fe-quiet", onclick: () => open(described.spot, { fresh: true, index: described.rows.length }) }, `Add: ${described.name.toLowerCase()}`));
    return group;
  };
  const cellsOf = (described, state) => {
    const group = make("fieldset", { class: "fe-rows" }, make("legend", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, described.help));
    for (const [key, words] of Object.entries(described.value || {})) {
      const part = { key, kind: "prose", spot: `${described.spot}/${encodeURIComponent(key)}`, label: described.names[key] || key, help: "", value: words, here: true, needed: true };
      const control = controlOf(part, state);
      state.controls.push({ described: part, control });
      group.append(control.element);
    }
    return group;
  };

  const operations = (state) => {
    const made = [];
    for (const { described, control } of state.controls) {
      const value = control.value();
      if (!same(value, described.value)) made.push({ kind: "set", spot: described.spot, value, old: described.inherited ? null : (described.value ?? null) });
    }
    return made;
  };
  const showErrors = (state, errors) => {
    state.root.querySelectorAll(".fe-error").forEach((one) => { one.hidden = true; one.textContent = ""; });
    const left = [];
    for (const error of errors) {
      const spot = error.spot || "";
      const at = [...state.root.querySelectorAll("[data-spot]")].filter((one) => spot === one.dataset.spot || spot.startsWith(`${one.dataset.spot}/`)).pop();
      const place = at && at.querySelector(":scope > .fe-error");
      if (place) { place.hidden = false; place.textContent = `${error.message}. ${error.fix}`; } else left.push(error);
    }
    state.notes.replaceChildren(...left.map((error) => make("p", { class: "fe-note fe-bad" }, make("b", {}, `${error.title}: `), `${error.message}. ${error.fix}${error.where ? ` (${error.where})` : ""}`)));
  };
  const showFindings = (state, findings) => {
    const list = findings.filter((one) => one.severity !== "info").slice(0, 4);
    state.looks.replaceChildren(...list.map((one) => make("p", { class: "fe-note" }, make("b", {}, "To look at: "), `${one.message}. ${one.fix}`)));
  };

  const open = async (spot, how = {}) => {
    if (panel && !(await close())) return;
    const fresh = Boolean(how.fresh);
    const found = await ask("element", fresh ? { spot, fresh: "1" } : { spot });
    if (found.status !== 200) { announce(found.message || "This cannot be edited here.", "bad"); return; }
    const state = { controls: [], facts: found.facts, insertable: found.insertable, leads: found.leads, fresh, spot: found.spot };
    const draftName = `formulary-draft:${organisation}:${found.spot}${fresh ? ":new" : ""}`;
    const heading = make("h2", { id: "fe-heading", tabindex: "-1" }, fresh ? `New: ${found.name.toLowerCase()}` : found.heading || found.name);
    const form = make("form", { class: "fe-body", novalidate: true });
    state.notes = make("div", { "aria-live": "polite" });
    state.looks = make("div", { "aria-live": "polite" });
    let timer = 0;
    let asked = 0;
    const check = async () => {
      const mine = (asked += 1);
      let made;
      try { made = fresh ? freshOperation() : operations(state); } catch (error) { showErrors(state, [{ title: "Style", message: error.message.replace(/\.$/, ""), fix: "" }]); return; }
      made = [].concat(made || []);
      const count = made.length;
      announce(count ? "Not saved yet" : "Everything is saved", count ? "now" : "saved");
      if (!count) { kept.drop(draftName); showErrors(state, []); return; }
      kept.set(draftName, made);
      const answer = await send("check", { operations: made, spot: found.spot });
      if (mine !== asked) return;
      showErrors(state, answer.errors || []);
      showFindings(state, answer.findings || []);
    };
    state.changed = () => { clearTimeout(timer); timer = setTimeout(check, 250); };
    const freshOperation = () => {
      const value = {};
      for (const { described, control } of state.controls) {
        const one = control.value();
        if (one !== null && one !== undefined && one !== "") value[described.key] = one;
      }
      return Object.keys(value).length ? { kind: "insert", spot, index: how.index ?? 0, value } : null;
    };
    const finish = async (made, label, stay) => {
      const answer = await send("save", { operations: made, label });
      if (answer.status === 200) {
        kept.drop(draftName);
        const after = stay ? found.spot : null;
        sessionStorage.setItem("formulary-after", JSON.stringify({ said: label, open: after, focus: [how.from || spot, found.spot], y: scrollY }));
        location.reload();
        await wait(10000);
        return;
      }
      if (answer.status === 409) {
        state.notes.replaceChildren(make("p", { class: "fe-note fe-bad" }, make("b", {}, "Changed elsewhere: "), `This now reads “${typeof answer.now === "string" ? answer.now : JSON.stringify(answer.now)}”. Your words are kept here. Copy what you need, close and open it again.`));
      } else showErrors(state, answer.errors && answer.errors.length ? answer.errors : [{ title: "Not saved", message: (answer.message || "The editor cannot be reached").replace(/\.$/, ""), fix: "" }]);
      announce("Not saved", "bad");
      const bad = state.root.querySelector(".fe-error:not([hidden])");
      (bad ? bad.parentElement.querySelector("input, select, textarea, [contenteditable]") : heading).focus();
    };
    const label = (verb) => `${verb}: ${fresh ? found.name : found.heading || found.name}`;
    const save = async () => {
      let made;
      try { made = [].concat((fresh ? freshOperation() : operations(state)) || []); } catch (error) { showErrors(state, [{ title: "Not saved", message: error.message, fix: "" }]); return; }
      if (!made.length) { close(true); return; }
      await finish(made, label(fresh ? "Added" : "Changed"), false);
    };
    state.act = async (operation, verb) => finish([...operations(state), operation], label(verb), true);

    if (found.shared) form.append(make("p", { class: "fe-shared" }, found.shared));
    const draft = kept.get(draftName);
    if (draft && !fresh) {
      form.append(make("p", { class: "fe-note" }, "You typed something here that was not saved. ",
        make("button", { type: "button", class: "fe-link", onclick: () => finish(draft, label("Changed"), false) }, "Save it"), " ",
        make("button", { type: "button", class: "fe-link", onclick: (event) => { kept.drop(draftName); event.target.parentElement.remove(); } }, "Drop it")));
    }
    controlsOf(found.fields, state, form);
    form.append(state.notes, state.looks);
    if (found.place !== null && !fresh) {
      const name = found.name.toLowerCase();
      form.append(make("div", { class: "fe-row" },
        make("button", { type: "button", class: "fe-quiet", onclick: () => open(found.list, { fresh: true, index: found.place + 1 }) }, `Add a ${name} after this`),
        make("button", { type: "button", class: "fe-quiet", onclick: () => state.act({ kind: "copy", spot: found.spot }, "Copied") }, "Make a copy")));
    }
    form.addEventListener("input", state.changed);
    form.addEventListener("change", state.changed);
    form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
    const foot = make("div", { class: "fe-foot" },
      make("button", { type: "button", class: "fe-main", onclick: save }, "Save"),
      make("button", { type: "button", class: "fe-plain", onclick: () => close(true) }, "Cancel"));
    if (found.place !== null && !fresh) {
      const last = found.count - 1;
      foot.append(make("span", { class: "fe-gap" }),
        make("button", { type: "button", class: "fe-square", "aria-label": "Move up", title: "Move up", disabled: found.place === 0, onclick: () => state.act({ kind: "move", spot: found.spot, index: found.place - 1 }, "Moved") }, "↑"),
        make("button", { type: "button", class: "fe-square", "aria-label": "Move down", title: "Move down", disabled: found.place === last, onclick: () => state.act({ kind: "move", spot: found.spot, index: found.place + 1 }, "Moved") }, "↓"),
        make("button", { type: "button", class: "fe-plain fe-red", onclick: () => remove(state, found, finish, label) }, "Delete"));
    }
    const root = make("div", { class: "fe-panel", role: "dialog", "aria-labelledby": "fe-heading" },
      make("div", { class: "fe-head" }, make("div", {}, make("p", { class: "fe-kicker" }, fresh ? found.name : found.kicker), heading),
        make("button", { type: "button", class: "fe-close", "aria-label": "Close", onclick: () => close(true) }, "✕")),
      form, foot);
    state.root = root;
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); close(true); }
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
    });
    panel = { root, state, spot: how.from || spot, save };
    body.append(root);
    body.classList.add("fe-open");
    mark(spot);
    const wanted = state.controls.find(({ described }) => described.spot === spot) || state.controls[0];
    (wanted && wanted.control.focus ? wanted.control.focus : heading).focus();
    if (!fresh) uses(found, state);
  };
  const uses = async (found, state) => {
    const answer = await ask("uses", { spot: found.spot });
    const list = answer.uses || [];
    if (!list.length) return;
    const counts = new Map();
    for (const one of list) counts.set(one.kind, (counts.get(one.kind) || 0) + 1);
    const said = [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : kind === "guidance" ? "" : "s"}`).join(", ");
    state.root.querySelector(".fe-body").prepend(make("details", { class: "fe-uses" }, make("summary", {}, `Named in ${said}`), make("ul", {}, ...list.slice(0, 40).map((one) => make("li", {}, one.where)))));
  };
  const remove = async (state, found, finish, label) => {
    const operation = { kind: "remove", spot: found.spot };
    const answer = await send("check", { operations: [operation], spot: found.spot });
    if (answer.errors && answer.errors.length) {
      showErrors(state, answer.errors.map((one) => ({ ...one, spot: "" })));
      state.notes.prepend(make("p", { class: "fe-note fe-bad" }, "This cannot be deleted while other places name it. Change these first:"));
      state.notes.scrollIntoView({ block: "nearest" });
      return;
    }
    await finish([operation], label("Deleted"), false);
  };
  const close = async (toPencil) => {
    if (!panel) return true;
    const spot = panel.spot;
    panel.root.remove();
    panel = null;
    body.classList.remove("fe-open");
    document.querySelectorAll(".fe-edited").forEach((one) => one.classList.remove("fe-edited"));
    announce("Everything is saved");
    if (toPencil) focusPencil(spot);
    return true;
  };
  const blockOf = (spot) => [...document.querySelectorAll("[data-edit]")].find((one) => one.dataset.edit.split(" ").some((own) => own === spot || own.startsWith(`${spot}/`)));
  const focusPencil = (...spots) => {
    const block = spots.map(blockOf).find(Boolean);
    const button = block && (block.querySelector(":scope > .fe-pencil") || block);
    if (button) button.focus({ preventScroll: false });
  };
  const mark = (spot) => {
    const block = blockOf(spot);
    if (block) { block.classList.add("fe-edited"); block.scrollIntoView({ block: "nearest" }); }
  };

  // ---- pencils and the bar

  for (const block of document.querySelectorAll("[data-edit]")) {
    const spot = block.dataset.edit.split(" ")[0];
    const words = block.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    if (block.namespaceURI === "http://www.w3.org/1999/xhtml" && !block.closest("summary, label, a, button")) {
      block.append(make("button", { type: "button", class: "fe-pencil", "aria-label": `Edit: ${words}`, onclick: (event) => { event.stopPropagation(); open(spot); } }, "Edit"));
    }
    block.addEventListener("click", (event) => {
      if (event.target.closest("a, button, summary, input, select, label") || String(getSelection())) return;
      event.stopPropagation();
      open(spot);
    });
  }

  const dialog = (title, ...inside) => {
    const made = make("dialog", { class: "fe-dialog", "aria-labelledby": "fe-dialog-title" }, make("div", { class: "fe-head" }, make("h2", { id: "fe-dialog-title" }, title),
      make("button", { type: "button", class: "fe-close", "aria-label": "Close", onclick: () => made.close() }, "✕")), make("div", { class: "fe-body" }, ...inside));
    made.addEventListener("close", () => made.remove());
    body.append(made);
    made.showModal();
    return made;
  };
  const undo = async (saved) => {
    const answer = await send("undo", saved ? { number: saved } : {});
    if (answer.status === 200) {
      sessionStorage.setItem("formulary-after", JSON.stringify({ said: "Undone", y: scrollY }));
      location.reload();
    } else announce([answer.message, ...(answer.errors || []).map((one) => one.message)].join(" "), "bad");
  };
  const history = async () => {
    const { saves } = await ask("history");
    const days = new Map();
    for (const save of saves) days.set(save.day, [...(days.get(save.day) || []), save]);
    const inside = [...days].map(([day, list]) => make("section", {}, make("h3", {}, new Date(`${day}T12:00`).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" })),
      make("ul", { class: "fe-history" }, ...list.map((save) => make("li", {}, make("span", { class: "fe-time" }, save.time), make("span", { class: save.undone ? "fe-undone" : "" }, save.label, save.undone ? " (undone)" : ""),
        save.undone || save.undoes ? null : make("button", { type: "button", class: "fe-link", "aria-label": `Undo: ${save.label}`, onclick: () => undo(save.number) }, "Undo"))))));
    dialog("List of changes", ...(inside.length ? inside : [make("p", {}, "Nothing has been changed yet.")]));
  };
  const findings = async () => {
    const found = await ask("findings");
    dialog("To look at", make("ul", { class: "fe-findings" }, ...found.findings.map((one) => make("li", { class: one.severity === "error" ? "fe-note fe-bad" : "fe-note" }, make("b", {}, `${one.title}. `), `${one.message}. ${one.fix}`, one.where ? ` (${one.where})` : ""))));
  };
  bar.said = make("span", { class: "fe-state", role: "status" }, "Everything is saved");
  const looks = make("button", { type: "button", class: "fe-barlink", onclick: findings }, "Things to look at");
  const staff = new URL(location.href);
  staff.searchParams.set("staff", "1");
  body.append(make("div", { class: "fe-bar", role: "region", "aria-label": "Editor" }, bar.said,
    make("button", { type: "button", class: "fe-barlink", onclick: () => undo() }, "Undo"),
    make("button", { type: "button", class: "fe-barlink", onclick: history }, "List of changes"),
    make("button", { type: "button", class: "fe-barlink", onclick: () => open(`content/organisations/${organisation}/organisation.yaml:`) }, "Words and numbers"),
    make("a", { class: "fe-barlink", href: `/-/year?organisation=${organisation}` }, "The year"),
    make("span", { class: "fe-gap" }), looks, make("a", { class: "fe-barlink", href: staff.href }, "Show as staff see it")));
  body.classList.add("fe-editing");
  const year = document.querySelector(".site-year");
  if (year && innerWidth >= 1000) year.textContent = "You are editing. Click any text.";

  // ---- after a save, and when something changes elsewhere

  const after = JSON.parse(sessionStorage.getItem("formulary-after") || "null");
  sessionStorage.removeItem("formulary-after");
  if (after) {
    scrollTo(0, after.y);
    announce(`Saved. ${after.said}`);
    if (after.open) open(after.open);
    else if (after.focus) focusPencil(...after.focus);
  }
  ask("findings").then((found) => {
    const count = (found.findings || []).filter((one) => one.severity !== "info").length;
    looks.textContent = count === 1 ? "1 thing to look at" : count ? `${count} things to look at` : "Nothing to look at";
  });
  setInterval(async () => {
    try {
      const state = await ask("state");
      if (state.number === number) return;
      if (panel) announce("The files were changed elsewhere. What you typed is still here.", "now");
      else location.reload();
    } catch {
      announce("The editor has stopped. Start it again; what you typed is kept.", "bad");
    }
  }, 3000);
})();
