// Lists, rows and tables of cells in a panel.
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;
  const { make, controlOf } = editor;

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
    for (const [spot, heading] of described.rows) list.append(make("li", {}, make("button", { type: "button", class: "fe-link", onclick: () => editor.open(spot) }, heading || described.name || spot)));
    group.append(list, described.kind === "map" ? "" : make("button", { type: "button", class: "fe-quiet", onclick: () => editor.open(described.spot, { fresh: true, index: described.rows.length }) }, `Add: ${described.name.toLowerCase()}`));
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

  Object.assign(editor, { rowsOf, listOf, cellsOf });
})();
