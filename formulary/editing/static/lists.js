// Lists, rows and tables of cells in a panel. What is done to an entry is saved at once, as one change.
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;
  const { make, controlOf } = editor;

  const button = (name, words, shown, act, extra = {}) => make("button", { type: "button", class: "fe-square", "aria-label": words, title: words, "data-at": name, onclick: act, ...extra }, shown);
  // the spot that an entry has at another place of its list, where it is known by its place
  const placed = (spot, index) => spot.replace(/#\d+$/, `#${index}`);
  const tools = (spot, name, place, count, state, copies) => {
    const move = (index) => state.act({ kind: "move", spot, index }, "Moved", `${index < place ? "up" : "down"} ${placed(spot, index)}`);
    return [
      button(`up ${spot}`, `Move ${name} up`, "↑", () => move(place - 1), { disabled: place === 0 }),
      button(`down ${spot}`, `Move ${name} down`, "↓", () => move(place + 1), { disabled: place === count - 1 }),
      ...(copies ? [button(`copy ${spot}`, `Copy ${name}`, "Copy", () => state.act({ kind: "copy", spot }, "Copied", `copy ${spot}`))] : []),
      button(`remove ${spot}`, `Delete ${name}`, "✕", () => state.remove(spot, name), { class: "fe-square fe-red" }),
    ];
  };
  // An entry is dragged by its grip; the arrows do the same from the keyboard
  const draggable = (list, rows, state) => {
    [...list.children].forEach((item, place) => {
      const grip = item.querySelector(".fe-grip");
      grip.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        grip.setPointerCapture(event.pointerId);
        item.classList.add("fe-dragged");
      });
      grip.addEventListener("pointermove", (event) => {
        if (!grip.hasPointerCapture(event.pointerId)) return;
        const over = [...list.children].find((one) => { const box = one.getBoundingClientRect(); return event.clientY >= box.top && event.clientY < box.bottom; });
        if (!over || over === item) return;
        const after = [...list.children].indexOf(item) < [...list.children].indexOf(over);
        const box = over.getBoundingClientRect();
        // past its middle, so that entries of different heights do not jump to and fro
        if (after ? event.clientY > box.top + box.height / 2 : event.clientY < box.top + box.height / 2) { over[after ? "after" : "before"](item); grip.setPointerCapture(event.pointerId); }
      });
      const end = () => {
        item.classList.remove("fe-dragged");
        const index = [...list.children].indexOf(item);
        if (index !== place) state.act({ kind: "move", spot: rows[place], index }, "Moved", `up ${placed(rows[place], index)}`);
      };
      grip.addEventListener("pointerup", end);
      grip.addEventListener("pointercancel", end);
    });
  };
  const grip = () => make("span", { class: "fe-grip", "aria-hidden": "true", title: "Drag to another place" }, "⠿");

  const listOf = (described, state) => {
    const group = make("fieldset", { class: "fe-field", "data-spot": described.spot }, make("legend", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, described.help));
    const list = make("ol", { class: "fe-list" });
    const spots = described.rows.map(([spot]) => spot);
    described.rows.forEach(([spot, heading, note], place) => {
      const name = heading || described.name;
      list.append(make("li", { class: "fe-item" }, described.kind === "list" ? grip() : null,
        make("span", { class: "fe-itemname" }, make("button", { type: "button", class: "fe-link", "data-at": `open ${spot}`, onclick: () => editor.open(spot) }, name), note ? make("span", { class: "fe-note-kind" }, note) : null),
        ...(described.kind === "list" && !state.fresh ? tools(spot, `“${name}”`, place, spots.length, state, described.copies) : [])));
    });
    if (described.kind === "list" && !state.fresh) draggable(list, spots, state);
    if (spots.length) group.append(list);
    if (!state.fresh && !described.fixed) group.append(described.new && described.new.length ? quickAdd(described, state) : make("button", { type: "button", class: "fe-quiet", onclick: () => editor.open(described.spot, { fresh: true, index: spots.length }) }, `Add: ${described.name.toLowerCase()}`));
    group.append(make("p", { class: "fe-error", hidden: true }));
    return group;
  };
  // An entry that needs no more than a kind and a few words is added where the list is, and opened if it has more
  const quickAdd = (described, state) => {
    const chosen = described.new.find((one) => one.kind === "choice");
    const typed = described.new.find((one) => one.kind === "line");
    const select = chosen ? make("select", { class: "fe-input", "aria-label": `New: ${chosen.label.toLowerCase()}` }, ...chosen.choices.map(([id, words]) => make("option", { value: id }, words))) : null;
    const table = chosen && described.tableSpot;
    if (table) select.append(make("option", { value: "table" }, "Table"));
    const input = make("input", { class: "fe-input", "aria-label": `New: ${typed.label.toLowerCase()}`, placeholder: typed.label });
    const add = () => {
      const words = input.value.trim();
      if (!words) { input.focus(); return; }
      if (table && select.value === "table") {
        state.act({ kind: "set", spot: table, old: null, value: { row: words, rows: 3, columns: [{ label: words, type: "text" }] } }, "Added a table");
        return;
      }
      const value = { [typed.key]: words };
      if (chosen) value[chosen.key] = select.value;
      if (chosen && select.value === "choice") value.options = ["Yes", "No"];
      state.act({ kind: "insert", spot: described.spot, index: described.rows.length, value }, "Added", `add ${described.spot}`);
    };
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); add(); } });
    // what is typed here is added, not saved with the rest of the panel
    for (const kind of ["input", "change"]) for (const one of [input, select]) if (one) one.addEventListener(kind, (event) => event.stopPropagation());
    return make("div", { class: "fe-row fe-new" }, select, input, make("button", { type: "button", class: "fe-quiet", "data-at": `add ${described.spot}`, onclick: add }, `Add: ${described.name.toLowerCase()}`));
  };

  const rowsOf = (described, state) => {
    const group = make("fieldset", { class: "fe-rows", "data-spot": described.spot }, make("legend", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, described.help));
    const list = make("ol", { class: "fe-list" });
    const values = described.value || [];
    values.forEach((row, place) => {
      const spot = described.rows[place];
      const inner = make("div", { class: "fe-rowfields" });
      for (const one of described.row) {
        const part = { ...one, spot: `${spot}/${one.key}`, value: row[one.key], here: one.key in row, help: "", label: `${one.label} ${place + 1}` };
        if (!part.here && !part.needed) continue;
        const control = controlOf(part.kind === "id" || part.kind === "choice" || (part.kind === "when" && !part.rules) ? { ...part, kind: "plain" } : part, { ...state, bare: true });
        state.controls.push({ described: part, control });
        inner.append(control.element);
      }
      list.append(make("li", { class: "fe-rowbox" }, inner, make("div", { class: "fe-rowtools" }, grip(), ...tools(spot, `entry ${place + 1}`, place, values.length, state, described.copies))));
    });
    draggable(list, described.rows, state);
    if (values.length) group.append(list);
    if (described.key === "groups") group.append(make("button", { type: "button", class: "fe-quiet", onclick: () => editor.addGroup() }, "Add a staff group…"));
    else if (!state.fresh) group.append(newRow(described, state));
    return group;
  };
  const newRow = (described, state) => {
    const needed = described.row.filter((one) => one.needed);
    if (!needed.length || needed.length > 2 || needed.some((one) => !["line", "prose", "plain"].includes(one.kind))) {
      return make("button", { type: "button", class: "fe-quiet", onclick: () => editor.open(described.spot, { fresh: true, index: (described.value || []).length }) }, "Add an entry");
    }
    const added = needed.map((one) => ({ one, input: make("input", { class: "fe-input", "aria-label": `New entry: ${one.label}`, placeholder: one.label }) }));
    const add = () => {
      const value = Object.fromEntries(added.map(({ one, input }) => [one.key, input.value.trim()]));
      const empty = added.find(({ one }) => !value[one.key]);
      if (empty) { empty.input.focus(); return; }
      state.act({ kind: "insert", spot: described.spot, index: (described.value || []).length, value }, "Added", `add ${described.spot}`);
    };
    const row = make("div", { class: "fe-row fe-new" }, ...added.map(({ input }) => input), make("button", { type: "button", class: "fe-quiet", "data-at": `add ${described.spot}`, onclick: add }, "Add"));
    for (const kind of ["input", "change"]) row.addEventListener(kind, (event) => event.stopPropagation());
    row.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); add(); } });
    return row;
  };
  const cellsOf = (described, state) => {
    const group = make("fieldset", { class: "fe-rows", "data-spot": described.spot }, make("legend", { class: "fe-label" }, described.label), make("p", { class: "fe-help" }, described.help));
    const inner = [];
    for (const [key, words] of Object.entries(described.value || {})) {
      const part = { key, kind: described.each, spot: `${described.spot}/${encodeURIComponent(key)}`, label: described.names[key] || key, help: "", value: words, here: true, needed: true };
      const control = controlOf(part, state);
      if (state.fresh) inner.push([key, control]);
      else state.controls.push({ described: part, control });
      group.append(control.element);
    }
    // of a new row, all cells are one value
    if (state.fresh) state.controls.push({ described, control: { element: group, focus: null, value: () => Object.fromEntries(inner.map(([key, one]) => [key, one.value()])) } });
    return group;
  };

  Object.assign(editor, { rowsOf, listOf, cellsOf });
})();
