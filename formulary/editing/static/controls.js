// The controls of a panel but for words: each is {element, value(), focus}.
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;
  const { make, newId, ask, field, wordsControl } = editor;

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
  // A time rule, built of words: a day, months, a term, an end of the cycle, before or after another date, or no
  // fixed day. What it comes to is shown below; what cannot be built so is typed.
  const whenControl = (described) => {
    const { rules, rule } = described;
    const pairs = (words) => words.map((one) => [one, one]);
    const select = (label, choices, value) => {
      const made = make("select", { class: "fe-input", "aria-label": `${described.label}: ${label}` }, ...choices.map(([id, words]) => make("option", { value: id }, words)));
      made.value = value ?? "";
      if (made.selectedIndex < 0) made.selectedIndex = 0;
      return made;
    };
    const number = (label, value) => {
      const made = make("input", { class: "fe-input fe-short", type: "number", min: 1, "aria-label": `${described.label}: ${label}` });
      made.value = value || "";
      return made;
    };
    const said = described.value || "";
    const is = (kind) => rule.kind === kind;
    const names = (rule.months || []).map((month) => rules.months[month - 1]);
    const joint = is("months") ? / (or|to) /.exec(said)?.[1] || "" : "";
    const typed = said && (!rule.kind || (is("months") && joint === "or" && names.length > 2) || (is("open") && !rules.open.some(([words]) => words === said)));
    const sides = (value) => select("which year", [["", "in the cycle"], [" after the cycle", "after the cycle"], [" before the cycle", "before the cycle"]], value === "in" || !value ? "" : ` ${value} the cycle`);
    const parts = {
      day: [select("by, on or from", [["by ", "by"], ["on ", "on"], ["from ", "from"], ["", "(no word)"]], is("day") ? /^(by |on |from )?/.exec(said)[0] : rules.whole ? "by " : ""),
        number("day", is("day") ? rule.day : ""), select("month", pairs(rules.months), is("day") ? names[0] : "September"), sides(is("day") && rule.side)],
      months: [select("month", pairs(rules.months), is("months") ? names[0] : "September"), select("to or or", [["", "alone"], ["or", "or"], ["to", "to"]], joint),
        select("second month", pairs(rules.months), is("months") ? names[names.length - 1] : "October"), sides(is("months") && rule.side)],
      term: [select("term", rules.terms, is("term") ? rule.anchor : "")],
      edge: [select("by, at or before", [["by", "by"], ["at", "at"], ["before", "before"]], is("edge") ? rule.lead : "by"), select("end", [["start", "the start of the cycle"], ["end", "the end of the cycle"]], is("edge") ? rule.anchor : "end")],
      relative: [select("how far from it", [["before", "before"], ["after", "after"], ["at", "on the same day as"], ["as soon as practicable after", "as soon as practicable after"], ["within after", "within a time after"], ["count before", "a time before"], ["count after", "a time after"]],
        is("relative") ? (rule.offset ? (rule.lead === "within" ? "within after" : rule.offset < 0 ? "count before" : "count after") : rule.lead) : "before"),
        number("how many", Math.abs(rule.offset || 0)), select("unit", pairs(rules.units), rule.unit ? rule.unit.replace(/s?$/, "s") : "days"), select("date", rules.events, is("relative") ? rule.anchor : "")],
      open: [select("no fixed day", rules.open, is("open") ? said : "as needed")],
      words: [make("input", { class: "fe-input", "aria-label": `${described.label}: in other words` })],
    };
    parts.words[0].value = said;
    const compose = {
      day: ([lead, day, month, side]) => (day.value ? `${lead.value}${day.value} ${month.value}${side.value}` : ""),
      months: ([first, by, second, side]) => `${by.value ? "" : rules.whole ? "in " : ""}${first.value}${by.value ? ` ${by.value} ${second.value}` : ""}${side.value}`,
      term: ([term]) => `${term.value} term`,
      edge: ([lead, end]) => `${lead.value} the ${end.value} of the cycle`,
      relative: ([how, count, unit, event]) => {
        const one = count.value === "1" ? unit.value.replace(/s$/, "") : unit.value;
        const [lead, side] = how.value.split(" ");
        if (lead === "within" || lead === "count") return count.value ? `${lead === "within" ? "within " : ""}${count.value} ${one} ${side} ${event.value}` : "";
        return `${how.value} ${event.value}`;
      },
      open: ([words]) => words.value,
      words: ([words]) => words.value.trim(),
    };
    const kinds = [["day", "A day"], ["months", "A month or months"], ["term", "A term"], ["edge", "The start or end of the cycle"], ["relative", "Before or after another date"], ["open", "No fixed day"], ["words", "In other words"]]
      .filter(([kind]) => (rules.whole || ["day", "months", "words"].includes(kind)) && (kind !== "term" || rules.terms.length) && (kind !== "relative" || rules.events.length));
    const how = select("how it is said", kinds, typed ? "words" : rule.kind || "day");
    const rows = Object.fromEntries(Object.entries(parts).map(([kind, inside]) => [kind, make("span", { class: "fe-row" }, ...inside)]));
    const date = make("p", { class: "fe-date", role: "status" });
    const show = () => {
      for (const [kind, row] of Object.entries(rows)) row.hidden = kind !== how.value;
      parts.months[2].hidden = !parts.months[1].value;
      const counted = / /.test(parts.relative[0].value) && !parts.relative[0].value.startsWith("as");
      parts.relative[1].hidden = parts.relative[2].hidden = !counted;
      if (!rules.whole) { parts.day[0].hidden = parts.day[3].hidden = parts.months[1].hidden = parts.months[3].hidden = true; }
    };
    let touched = false;
    let timer = 0;
    let asked = 0;
    const value = () => (touched ? compose[how.value](parts[how.value]) || null : described.value);
    const findDate = async () => {
      const mine = (asked += 1);
      const now = value();
      const answer = now ? await ask("date", { spot: described.spot, rule: now }) : {};
      if (mine === asked) date.textContent = answer.date || "";
    };
    const group = make("fieldset", { class: "fe-field fe-when", "data-spot": described.spot }, make("legend", { class: "fe-label" }, described.label),
      make("p", { class: "fe-help" }, described.help), how, ...Object.values(rows), date, make("p", { class: "fe-error", hidden: true }));
    for (const kind of ["input", "change"]) group.addEventListener(kind, () => { touched = true; show(); clearTimeout(timer); timer = setTimeout(findDate, 150); });
    show();
    if (rules.whole) findDate();
    const first = parts[how.value];
    return { element: group, value, focus: how.value === "day" && first[1].value ? first[1] : how };
  };
  // How many rows a table of a form has: a number, a rule, or the rows themselves
  const countControl = (described) => {
    const start = described.value;
    const mode = Array.isArray(start) ? "list" : typeof start === "string" ? "from" : "number";
    const how = make("select", { class: "fe-input" }, ...[["number", "This many"], ["list", "These, by name"], ["from", "As many as there are of something"]].map(([id, words]) => make("option", { value: id }, words)));
    how.value = mode;
    const count = make("input", { class: "fe-input", type: "number", min: 1, "aria-label": `${described.label}: how many` });
    count.value = mode === "number" ? start ?? "" : "";
    const list = make("textarea", { class: "fe-input", rows: 4, "aria-label": `${described.label}: one to a line` });
    list.value = mode === "list" ? start.join("\n") : "";
    const from = make("select", { class: "fe-input", "aria-label": `${described.label}: of what` }, ...described.choices.map(([id, words]) => make("option", { value: id }, words)));
    if (mode === "from") {
      if (!described.choices.some(([id]) => id === start)) from.append(make("option", { value: start }, start));
      from.value = start;
    }
    const parts = { number: count, list, from };
    const show = () => { for (const [kind, part] of Object.entries(parts)) part.hidden = kind !== how.value; };
    how.addEventListener("change", show);
    show();
    const values = {
      number: () => (count.value ? Number(count.value) : null),
      list: () => list.value.split("\n").map((line) => line.trim()).filter(Boolean),
      from: () => from.value,
    };
    return { element: field(described, how, null, [count, list, from]), value: () => values[how.value](), focus: how };
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
    const shown = typeof described.value === "string" ? `${described.value}. ` : "";
    const where = described.of[0] === "Offer" ? "Change it at the question, on the page of the form." : "Those who look after Formulary for you can change it.";
    const element = make("div", { class: "fe-field" }, make("p", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, shown + where));
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
      case "count": return countControl(described);
      case "ids": case "choices": return idsControl(described, state.changed);
      case "lines": return linesControl(described);
      case "newlines": {
        const made = linesControl({ ...described, value: null });
        return { ...made, value: () => (made.value() || []).map((line) => ({ [described.in]: line })) };
      }
      case "grid": return gridControl(described, state.changed);
      default: return otherControl(described);
    }
  };

  Object.assign(editor, { controlOf });
})();
