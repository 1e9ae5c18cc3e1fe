// Words that are edited as they look. They go to and fro as light Markdown in which each paragraph is one line
// (content/relaying.py).
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;
  const { make, newId } = editor;

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
  // ---- tables: rows of cells that are edited where they are

  const cellsOf = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
  const isRule = (line) => /^\s*\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?$/.test(line) && line.includes("|");
  const tableBlock = (lines, gap, facts) => {
    const table = make("table", { class: "fe-grid" });
    const cell = (words, header) => make(header ? "th" : "td", { contenteditable: "true", role: "textbox" }, ...inline(words, facts));
    const name = () => [...table.rows].forEach((row, place) => [...row.cells].forEach((one, column) => one.setAttribute("aria-label", `${place ? `Row ${place}` : "Heading"}, column ${column + 1}`)));
    lines.filter((_, place) => place !== 1).forEach((line, place) => table.append(make("tr", {}, ...cellsOf(line).map((words) => cell(words, place === 0)))));
    name();
    let last = table.rows[0].cells[0];
    table.addEventListener("focusin", (event) => { last = event.target.closest("td, th") || last; });
    table.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key !== "a" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault(); // the browser would leave the cell, and select the text that the table is in
      getSelection().selectAllChildren(event.target.closest("td, th"));
    });
    const tool = (words, act) => make("button", { type: "button", class: "fe-quiet", onclick: () => { act(last.parentElement.rowIndex, last.cellIndex); name(); box.dispatchEvent(new Event("input", { bubbles: true })); } }, words);
    const focus = (row, column) => { const found = table.rows[Math.min(row, table.rows.length - 1)]; found.cells[Math.min(column, found.cells.length - 1)].focus(); };
    const box = make("div", { class: "fe-tablebox", contenteditable: "false", "data-gap": gap }, table, make("div", { class: "fe-row" },
      tool("Add a row", (row, column) => { const next = make("tr", {}, ...[...table.rows[0].cells].map(() => cell("", false))); table.rows[row].after(next); focus(row + 1, column); }),
      tool("Add a column", (row, column) => { [...table.rows].forEach((one, place) => one.cells[column].after(cell("", place === 0))); focus(row, column + 1); }),
      tool("Take out row", (row, column) => { if (row && table.rows.length > 2) { table.rows[row].remove(); focus(row, column); } }),
      tool("Take out column", (row, column) => { if (table.rows[0].cells.length > 1) { [...table.rows].forEach((one) => one.cells[column].remove()); focus(row, column); } }),
      tool("Take out table", () => { box.replaceWith(make("p", { "data-gap": 1 }, make("br"))); })));
    const said = () => JSON.stringify([...table.rows].map((row) => [...row.cells].map((one) => [...one.childNodes].map(fromInline).join("").trim())));
    const start = said();
    box.source = () => {
      if (said() === start) return lines.join("\n");
      const rows = JSON.parse(said()).map((row) => `| ${row.map((words) => words.replace(/\|/g, "\\|")).join(" | ")} |`);
      const rule = lines[1].trim().replace(/^\||\|$/g, "").split("|");
      rows.splice(1, 0, `|${[...table.rows[0].cells].map((_, place) => rule[place] || "---").join("|")}|`);
      return rows.join("\n");
    };
    return box;
  };
  const toBlocks = (text, facts) => {
    const made = [];
    let gap = 0;
    const all = (text || "").split("\n");
    for (let place = 0; place < all.length; place += 1) {
      const line = all[place];
      if (!line.trim()) { gap += 1; continue; }
      if (/^\s*\|/.test(line) && isRule(all[place + 1] || "")) {
        const end = all.findIndex((one, other) => other > place && !/^\s*\|/.test(one));
        const lines = all.slice(place, end < 0 ? all.length : end);
        made.push(tableBlock(lines, gap, facts));
        place += lines.length - 1;
        gap = 0;
        continue;
      }
      const lead = LEAD.exec(line);
      const words = lead ? line.slice(lead[0].length) : line;
      const block = make("p", { "data-gap": gap, "data-lead": lead ? lead[0] : null, style: lead && lead[1] ? `margin-left:${lead[1].length * 12}px` : null }, ...inline(words, facts));
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
      if (node.source) { close(); lines.push({ gap: Number(node.dataset.gap ?? 1), lead: "", words: node.source(), table: true }); return; }
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
      // two plain lines without a gap would be one paragraph, and a line below a table one more row
      const least = before && (line.table || before.table || (plain(line) && (plain(before) || before.lead))) ? 1 : 0;
      if (place) text += "\n".repeat(Math.max(line.gap, least) + 1);
      text += line.lead + line.words;
    });
    return text;
  };
  const wordsOf = (node) => node.textContent.replace(/\s+/g, "");

  // ---- controls: each is {element, value(), focus(), spot}

  const field = (described, control, extra, below = []) => {
    const id = control.id || newId();
    control.id = id;
    const help = described.help ? make("p", { class: "fe-help", id: `${id}-help` }, described.help) : null;
    const error = make("p", { class: "fe-error", id: `${id}-error`, hidden: true });
    control.setAttribute("aria-describedby", [help && help.id, error.id].filter(Boolean).join(" "));
    const labelled = control.matches("[contenteditable]");
    const label = make(labelled ? "span" : "label", { class: "fe-label", id: `${id}-label`, for: labelled ? null : id }, described.label);
    if (labelled) control.setAttribute("aria-labelledby", label.id);
    return make("div", { class: "fe-field", "data-spot": described.spot }, label, help, extra, control, ...below, error);
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
      const at = event.key === "Enter" ? currentBlock(box) : null;
      if (at && at.dataset.lead && !at.textContent.trim()) { // an empty entry ends the list
        event.preventDefault();
        delete at.dataset.lead;
        at.dataset.gap = 1;
        at.style.marginLeft = "";
      }
      if (!(event.ctrlKey || event.metaKey)) return;
      const command = { b: "bold", i: "italic" }[event.key];
      if (command && !oneLine) { event.preventDefault(); document.execCommand(command); }
    });
    box.addEventListener("input", (event) => {
      const at = event.inputType === "insertParagraph" ? currentBlock(box) : null;
      if (at && at.dataset.lead) at.dataset.gap = 0; // the browser copies the first entry's
    });
    box.addEventListener("paste", (event) => {
      event.preventDefault();
      const styled = oneLine || event.target.closest?.("td, th") ? "" : editor.readPaste(event.clipboardData);
      if (styled) { pasteBlocks(box, toBlocks(styled, facts)); return; }
      let words = event.clipboardData.getData("text/plain").replace(/[\u000b\u2028\u2029]/g, "\n").replace(/\r\n?/g, "\n");
      words = words.replace(/^[ \t]*[•▪●◦–][ \t]+/gm, "- ");
      if (oneLine || event.target.closest?.("td, th") || !/\n/.test(words.trim())) { document.execCommand("insertText", false, words.replace(/\s+/g, " ")); return; }
      pasteBlocks(box, toBlocks(words.trim().replace(/\n(?!\n|- |\d+[.)] )/g, "\n\n"), facts));
    });
    const tools = state.bare || (oneLine && !/\{\{/.test(start)) ? null : toolbar(box, state, oneLine ? ["value"] : ["bold", "italic", "list", "deeper", "higher", "table", "link", "value"]);
    const element = field(described, box, tools);
    const named = [...new Set([...box.querySelectorAll("[data-source]")].map((one) => one.dataset.source))].filter((source) => state.leads[source]);
    if (named.length && !state.bare) {
      element.append(make("p", { class: "fe-help" }, "Underlined words come from elsewhere and change everywhere at once: ", ...named.map((source) =>
        make("button", { type: "button", class: "fe-link fe-lead", "aria-label": `Change “${facts[source]}” everywhere`, onclick: () => editor.open(state.leads[source], { from: state.spot }) }, facts[source]))));
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
  // One paragraph goes where the cursor is; several blocks go below it
  const pasteBlocks = (box, blocks) => {
    const [first] = blocks;
    if (blocks.length === 1 && !first.source && !first.dataset.lead) { [...first.childNodes].forEach((node) => insertAt(box, node)); return; }
    first.dataset.gap = Math.max(first.dataset.gap, 1);
    (currentBlock(box) || box.lastElementChild).after(...blocks);
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
    const chooser = (label, groups) => {
      const option = ([source, words]) => make("option", { value: source }, words);
      const select = make("select", { class: "fe-tool", "aria-label": label }, make("option", { value: "" }, label),
        ...groups.filter(([, choices]) => choices.length).map(([name, choices]) => make("optgroup", { label: name }, ...choices.map(option))));
      select.addEventListener("change", () => {
        if (!select.value) return;
        restore();
        insertAt(box, fact(select.value, state.facts));
        select.value = "";
      });
      return select;
    };
    const named = (pattern) => state.insertable.filter(([source]) => pattern.test(source));
    const command = (name) => () => { restore(); document.execCommand(name); box.dispatchEvent(new Event("input", { bubbles: true })); };
    // an entry is in the one above when it is indented as far as that one's words
    const indent = (step) => {
      restore();
      const at = currentBlock(box);
      if (!at || !at.dataset.lead) return;
      const [, blank, mark, after] = LEAD.exec(at.dataset.lead);
      const leads = [];
      for (let one = at.previousElementSibling; one && one.dataset.lead; one = one.previousElementSibling) leads.push(LEAD.exec(one.dataset.lead));
      let width = 0;
      if (step > 0) {
        const above = leads[0];
        if (!above || above[1].length < blank.length) return;
        width = above[1].length > blank.length ? above[1].length : above[0].length;
      } else width = (leads.find((one) => one[1].length < blank.length) || [0, ""])[1].length;
      at.dataset.lead = " ".repeat(width) + mark + after;
      at.style.marginLeft = `${LEAD.exec(at.dataset.lead)[1].length * 12}px`;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    };
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
      deeper: () => tool("Move the entry in", () => indent(1), "In"),
      higher: () => tool("Move the entry out", () => indent(-1), "Out"),
      table: () => tool("Table", () => {
        restore();
        const made = tableBlock(["|  |  |", "|---|---|", "|  |  |"], 1, state.facts);
        (currentBlock(box) || box.lastElementChild).after(made);
        if (!made.nextElementSibling) made.after(make("p", { "data-gap": 1 }, make("br")));
        made.querySelector("th").focus();
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }, "Table"),
      link: () => chooser("Link to", [["Clauses", named(/\bclause\(/)], ["Forms", named(/\bform\(/)]]),
      value: () => chooser("Insert", [["Dates", named(/\bday\(/)], ["Numbers", named(/\brules\./)], ["Words", named(/\bwords\./)]]),
    };
    return make("div", { class: "fe-tools", role: "toolbar", "aria-label": "Style" }, ...wanted.map((name) => parts[name]()));
  };

  Object.assign(editor, { field, wordsControl });
})();
