// Words from a web page or from Word, as light Markdown: bold, italic, links, lists and tables, and nothing else.
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;

  const BLOCK = /^(P|DIV|H[1-6]|BLOCKQUOTE|SECTION|ARTICLE|HEADER|FOOTER|MAIN|ASIDE|FIGURE|FIGCAPTION|PRE|DL|DT|DD|HR|BR)$/;
  const UNSEEN = /^(HEAD|STYLE|SCRIPT|TEMPLATE|NOSCRIPT|TITLE|IFRAME|OBJECT|SVG)$/i;
  const ADDRESS = /^(https?:\/\/|mailto:|tel:)[^\s()]+$/;
  const styleOf = (node) => (node.getAttribute("style") || "").toLowerCase().replace(/\s/g, "");
  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
  const isSkipped = (node) => UNSEEN.test(node.tagName) || /(display:none|mso-hide:all|mso-list:ignore)/.test(styleOf(node));

  // A style wins over a tag: some programs put everything into a <b> that says it is not bold
  const look = (node, above) => {
    const style = styleOf(node);
    const weight = (/font-weight:(\w+)/.exec(style) || [])[1];
    const bold = weight ? /bold|[6-9]00/.test(weight) : /^(B|STRONG|TH)$/.test(node.tagName) || (above.bold && !/^(H[1-6])$/.test(node.tagName));
    const italic = /font-style:(italic|oblique)/.test(style) || (!/font-style:normal/.test(style) && (/^(I|EM|CITE)$/.test(node.tagName) || above.italic));
    const href = node.tagName === "A" ? node.getAttribute("href") || "" : "";
    return { bold, italic, href: ADDRESS.test(href) ? href : above.href };
  };
  const PLAIN = { bold: false, italic: false, href: "" };

  const written = (runs) => {
    const joined = [];
    for (const run of runs) {
      const last = joined[joined.length - 1];
      const same = last && last.bold === run.bold && last.italic === run.italic && last.href === run.href;
      // a blank between two bold words is no end of what is bold
      if (same || (last && !run.text.trim())) last.text += run.text;
      else joined.push({ ...run });
    }
    const words = joined.map(({ text, bold, italic, href }) => {
      const [, before, inner, after] = /^(\s*)(.*?)(\s*)$/s.exec(text.replace(/\s+/g, " "));
      if (!inner) return before;
      let said = inner;
      if (italic) said = `*${said}*`;
      if (bold) said = `**${said}**`;
      if (href) said = `[${said}](${href})`;
      return before + said + after;
    });
    return words.join("").replace(/\s+/g, " ").trim();
  };
  const inside = (node, above) => {
    if (node.nodeType === Node.TEXT_NODE) return [{ text: node.data.replace(/\u00a0/g, " "), ...above }];
    if (!isElement(node) || isSkipped(node)) return [];
    if (node.tagName === "BR") return [{ text: " ", ...above }];
    if (/^\{\{[^{}]*\}\}$/.test(node.dataset.source || "")) return [{ text: node.dataset.source, ...above }];
    const own = look(node, above);
    const found = [...node.childNodes].flatMap((child) => inside(child, own));
    return BLOCK.test(node.tagName) || /^(LI|TR|TD|TH)$/.test(node.tagName) ? [{ text: " ", ...PLAIN }, ...found, { text: " ", ...PLAIN }] : found;
  };

  const markdownOf = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html"); // it runs and fetches nothing
    const lines = []; // {words, entry: whether it is one of a list}
    let runs = [];
    const widths = []; // of the marks of the lists that are open, by level
    const add = (words, lead = null) => { if (words) lines.push({ words: (lead || "") + words, entry: lead !== null }); };
    const close = () => { add(written(runs)); runs = []; };
    const entry = (words, mark, level) => {
      widths.length = Math.min(widths.length, level);
      const indent = widths.reduce((sum, one) => sum + one, 0);
      widths.push(mark.length);
      add(words, " ".repeat(indent) + mark);
    };
    const list = (node, level, above) => {
      let number = Number(node.getAttribute("start")) || 1;
      for (const child of node.children) {
        if (/^(UL|OL)$/.test(child.tagName)) { list(child, level + 1, above); continue; } // as some programs write it
        if (isSkipped(child)) continue;
        const inner = [...child.childNodes].filter((one) => isElement(one) && /^(UL|OL)$/.test(one.tagName));
        const own = [...child.childNodes].filter((one) => !inner.includes(one));
        const shape = look(child, above);
        entry(written(own.flatMap((one) => inside(one, shape))), node.tagName === "OL" ? `${number}. ` : "- ", level);
        number += 1;
        inner.forEach((one) => list(one, level + 1, above));
      }
    };
    // Word has no lists in HTML, only paragraphs that say which level of which list they are
    const wordEntry = (node, above) => {
      const level = Number((/mso-list:.*?level(\d)/.exec(styleOf(node)) || [0, 1])[1]);
      const ignored = [...node.querySelectorAll("span")].find((one) => /mso-list:ignore/.test(styleOf(one)));
      const mark = /^\(?(\w{1,3})[.)]/.exec((ignored ? ignored.textContent : "").trim());
      const number = mark && /^\d+$/.test(mark[1]) ? `${mark[1]}. ` : "- ";
      entry(written(inside(node, above)), number, level - 1);
    };
    const table = (node, above) => {
      const rows = [...node.rows].map((row) => [...row.cells].map((cell) => written([...cell.childNodes].flatMap((one) => inside(one, PLAIN))).replace(/\|/g, "\\|")));
      const width = Math.max(0, ...rows.map((row) => row.length));
      if (width < 2 || rows.length < 2) { [...node.rows].forEach((row) => [...row.cells].forEach((cell) => { cell.childNodes.forEach((one) => walk(one, above)); close(); })); return; }
      const said = rows.map((row) => `| ${[...row, ...Array(width - row.length).fill("")].join(" | ")} |`);
      said.splice(1, 0, `|${"---|".repeat(width)}`);
      add(said.join("\n"));
    };
    const walk = (node, above) => {
      if (!isElement(node)) { runs.push(...inside(node, above)); return; }
      if (isSkipped(node)) return;
      if (/^(UL|OL)$/.test(node.tagName)) { close(); widths.length = 0; list(node, 0, above); return; }
      if (node.tagName === "TABLE") { close(); table(node, above); return; }
      if (/mso-list:.*level/.test(styleOf(node)) && node.tagName !== "SPAN") { close(); wordEntry(node, look(node, above)); return; }
      if (node.dataset.source) { runs.push(...inside(node, above)); return; }
      const block = BLOCK.test(node.tagName);
      if (block) close();
      const own = look(node, above);
      node.childNodes.forEach((one) => walk(one, own));
      if (block) close();
    };
    page.body.childNodes.forEach((node) => walk(node, PLAIN));
    close();
    return lines.map(({ words, entry: isEntry }, place) => (place ? (isEntry && lines[place - 1].entry ? "\n" : "\n\n") : "") + words).join("");
  };
  // What plain text would lose; without it the plain text is pasted, which can be undone by keyboard
  const isStyled = (words) => /\*\S|\]\(|\{\{|^\s*(-|\d+\.) |^\|/m.test(words);

  editor.readPaste = (data) => {
    const words = data.getData("text/html") ? markdownOf(data.getData("text/html")) : "";
    return isStyled(words) ? words : "";
  };
})();
