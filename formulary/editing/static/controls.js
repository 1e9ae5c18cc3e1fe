// The controls of a panel but for words: each is {element, value(), focus}.
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;
  const { make, newId, field, wordsControl } = editor;

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

  Object.assign(editor, { controlOf });
})();
