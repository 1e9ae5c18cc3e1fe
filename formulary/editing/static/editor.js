// The editor in the page: a pencil on each text, a panel for what it is part of, and a bar at the foot.
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;
  const { organisation, number, page, make, ask, send, kept, same, controlOf, rowsOf, listOf, cellsOf } = editor;
  const body = document.body;
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // ---- the panel

  let panel = null;
  const bar = { said: null, saved: null };
  const announce = (words, kind = "saved") => {
    bar.said.textContent = words;
    bar.said.dataset.kind = kind;
  };

  const controlsOf = (fields, state, into) => {
    const more = make("details", { class: "fe-more" }, make("summary", {}, "More about this"));
    for (const given of fields) {
      // what the organisation says of a form for itself takes the place of what all say
      const own = given.only && given.only.value !== null && given.only.value !== undefined;
      const described = own ? { ...given, value: given.only.value, here: true, own } : given;
      if (described.kind === "part" && described.fields) {
        const set = make("fieldset", { class: "fe-part" }, make("legend", { class: "fe-label" }, described.label));
        controlsOf(described.fields, state, set);
        if (described.key === "table") set.append(make("button", { type: "button", class: "fe-quiet fe-red", onclick: () => state.remove(described.spot, "the table") }, "Delete this table"));
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
        if (described.own) element.append(make("p", { class: "fe-help" }, `Only ${state.short} says this. ${given.value ? `All others: “${[].concat(given.value).join(", ")}”. ` : ""}Empty it to say what all say.`));
        if (described.twins && described.twins.length) element.append(twinsOf(described, state));
      }
      const main = described.needed || (described.here && described.value !== false) || (state.fresh && (described.kind === "prose" || (["newlines", "number"].includes(described.kind) || ["asks", "title", "name", "who", "when"].includes(described.key)))) || (described.new && described.new.length) || described.key === "options";
      (main ? into : more).append(element);
    }
    // what is for one kind of answer is shown with that kind
    const kind = state.controls.find(({ described }) => described.key === "type" && fields.includes(described));
    const shown = () => { for (const { described, control } of state.controls) if (described.for && fields.some((one) => one.spot === described.spot)) control.element.hidden = !described.for.includes(kind.control.value()); };
    if (kind) { kind.control.focus.addEventListener("change", shown); shown(); }
    if (more.children.length > 1) into.append(more);
  };
  // Words that are in several places are changed in one of them, or in all
  const twinsOf = (described, state) => {
    const count = described.twins.length;
    const box = make("input", { type: "checkbox", class: "fe-check" });
    const all = make("label", { class: "fe-beside" }, box, count === 1 ? "Change both places that say this" : `Change all ${count + 1} places that say this`);
    const made = make("div", { class: "fe-twins", hidden: true }, all, make("details", {}, make("summary", {}, "Which places?"), make("ul", {}, ...described.twins.map((one) => make("li", {}, one.where)))));
    state.twins.push({ described, box, made });
    return made;
  };
  const operations = (state) => {
    const made = [];
    for (const { described, control } of state.controls) {
      const value = control.value();
      if (same(value, described.value)) continue;
      const here = described.only && (described.own || (state.scope && state.scope() === "here" && value !== null));
      const old = described.inherited ? null : (described.value ?? null);
      made.push(here ? { kind: "set", spot: described.only.spot, value, old: described.only.value ?? null } : { kind: "set", spot: described.spot, value, old });
      const twins = state.twins.find((one) => one.described === described);
      if (twins) twins.made.hidden = false;
      if (twins && twins.box.checked) for (const one of described.twins) made.push({ kind: "set", spot: one.spot, value, old });
    }
    return made;
  };
  // Words of a form that others use too are changed for all of them, or here alone
  const scopeOf = (found, state) => {
    const name = editor.newId();
    const choice = (value, words, checked) => make("label", { class: "fe-beside" }, make("input", { type: "radio", class: "fe-check", name, value, checked }), words);
    const made = make("fieldset", { class: "fe-shared" }, make("legend", {}, found.shared), choice("here", `Change words for ${found.short} only`, true), choice("all", "Change words for all"),
      make("p", { class: "fe-help" }, "A question that you add, move or delete changes for all."));
    state.scope = () => made.querySelector("input:checked").value;
    return made;
  };
  const showErrors = (state, errors) => {
    state.root.querySelectorAll(".fe-error").forEach((one) => { one.hidden = true; one.textContent = ""; });
    const left = [];
    for (const error of errors) {
      const list = state.fresh && state.list;
      const spot = list && (error.spot || "").startsWith(`${list}/`) ? (error.spot || "").slice(list.length).replace(/^\/[^/]+/, `${list}/=new`) : error.spot || "";
      const at = [...state.root.querySelectorAll("[data-spot]")].filter((one) => spot === one.dataset.spot || spot.startsWith(`${one.dataset.spot}/`)).pop();
      const place = at && at.querySelector(":scope > .fe-error");
      if (!place) { left.push(error); continue; }
      place.hidden = false;
      place.replaceChildren(editor.sayAll(error), ...[editor.buttonsOf(error, acts(state, false))].filter(Boolean));
    }
    // what is elsewhere leads there; words that are typed here stay, as a draft
    state.notes.replaceChildren(...left.map((error) => editor.noteOf({ severity: "error", ...error }, acts(state, true))));
  };
  const showFindings = (state, findings) => {
    // a mere note is shown of what is being typed, not of what was there
    const list = findings.filter((one) => one.severity !== "info" || one.new).slice(0, 4);
    state.looks.replaceChildren(...list.map((one) => editor.noteOf(one, { ...acts(state, false), accept: state.accept }, "To look at")));
  };
  const acts = (state, elsewhere) => ({ put: state.put, open: elsewhere ? open : null, add: addMissing });
  const addMissing = ({ spot, index, value }) => open(spot, { fresh: true, index, given: value });

  const open = async (spot, how = {}) => {
    // where the focus goes back to: the same words can have a pencil in several places
    const opener = panel ? panel.opener : (document.activeElement.closest("[data-edit]") || {}).dataset?.block;
    if (panel && !(await close())) return;
    const fresh = Boolean(how.fresh);
    const found = await ask("element", fresh ? { spot, fresh: "1" } : { spot });
    if (found.status !== 200) { announce(found.message || "This cannot be edited here.", "bad"); return; }
    const state = { controls: [], twins: [], facts: found.facts, insertable: found.insertable, leads: found.leads, fresh, list: spot, spot: found.spot, short: found.short };
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
      if (state.preview && !(answer.errors || []).length) state.preview(made);
    };
    state.changed = () => { clearTimeout(timer); timer = setTimeout(check, 250); };
    const freshOperation = () => {
      const value = { ...how.given };
      for (const { described, control } of state.controls) {
        const one = control.value();
        delete value[described.key];
        if (one !== null && one !== undefined && one !== "" && !(Array.isArray(one) && !one.length)) value[described.key] = one;
      }
      return Object.keys(value).length ? { kind: "insert", spot, index: how.index ?? 0, value } : null;
    };
    const finish = async (made, label, stay, at) => {
      clearTimeout(timer);
      const answer = await send("save", { operations: made, label });
      if (answer.status === 200) {
        kept.drop(draftName);
        const after = stay === true ? found.spot : stay || null;
        const body = state.root.querySelector(".fe-body");
        sessionStorage.setItem("formulary-after", JSON.stringify({ said: label, open: after, at, scroll: body ? body.scrollTop : 0, focus: [how.from || spot, found.spot], block: opener, y: scrollY }));
        location.reload();
        await wait(10000);
        return;
      }
      if (answer.status === 409) {
        state.notes.replaceChildren(editor.conflictOf(answer, () => { kept.drop(draftName); close().then(() => open(spot, how)); }));
        state.notes.scrollIntoView({ block: "nearest" });
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
    if (!fresh) {
      state.put = (correction) => finish(editor.corrected(operations(state), correction), label("Corrected"), false);
      state.accept = (one, because) => finish([...operations(state), acceptance(one, because)], label("Accepted"), false);
    }
    state.act = async (operation, verb, at) => finish([...operations(state), operation], label(verb), true, at);
    state.remove = (gone, name) => remove(state, gone, (made) => finish(made, `Deleted: ${name}`, true, `add ${gone.replace(/\/[^/]*$/, "")}`));

    if (found.form && found.shared && found.fields.some((one) => one.only)) form.append(scopeOf(found, state));
    else if (found.shared) form.append(make("p", { class: "fe-shared" }, found.shared));
    const draft = kept.get(draftName);
    if (draft) {
      form.append(make("p", { class: "fe-note" }, fresh ? "You began this, and it was not saved. " : "You typed something here that was not saved. ",
        make("button", { type: "button", class: "fe-link", onclick: () => finish(draft, label("Changed"), false) }, "Save it"), " ",
        make("button", { type: "button", class: "fe-link", onclick: (event) => { kept.drop(draftName); event.target.parentElement.remove(); } }, "Drop it")));
    }
    if (found.files.length && !fresh) form.append(make("details", { class: "fe-uses" }, make("summary", {}, "Elsewhere in the handbook"), make("ul", { class: "fe-list" }, ...found.files.map(([other, words]) => make("li", {}, make("button", { type: "button", class: "fe-link", onclick: () => open(other) }, words))))));
    for (const one of found.fields) if (how.given && one.key in how.given) Object.assign(one, { value: how.given[one.key], here: true });
    controlsOf(found.fields, state, form);
    form.append(state.notes, state.looks);
    if (found.table && !fresh) form.append(make("button", { type: "button", class: "fe-quiet", onclick: () => table(found.table) }, "Edit the whole table"));
    if (found.place !== null && !fresh) {
      const name = found.name.toLowerCase();
      form.append(make("div", { class: "fe-row" },
        make("button", { type: "button", class: "fe-quiet", onclick: () => open(found.list, { fresh: true, index: found.place + 1 }) }, `Add a ${name} after this`),
        make("button", { type: "button", class: "fe-quiet", onclick: () => state.act({ kind: "copy", spot: found.spot }, "Copied") }, "Make a copy")));
      const moveTo = (into) => finish([...operations(state), { kind: "move", spot: found.spot, into, index: 9999 }], label("Moved"), into + found.spot.slice(found.spot.lastIndexOf("/")));
      if (found.homes.length) form.append(make("details", { class: "fe-more" }, make("summary", {}, "Move to …"), make("ul", { class: "fe-list" }, ...found.homes.map(([into, words]) => make("li", {}, make("button", { type: "button", class: "fe-link", onclick: () => moveTo(into) }, words))))));
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
        make("button", { type: "button", class: "fe-plain fe-red", onclick: () => remove(state, found.spot, (made) => finish(made, label("Deleted"), false)) }, "Delete"));
    }
    const root = make("div", { class: "fe-panel", role: "dialog", "aria-labelledby": "fe-heading" },
      make("div", { class: "fe-head" }, make("div", {}, make("p", { class: "fe-kicker" }, fresh ? found.name : found.kicker,
        found.above && found.above[1] !== found.heading ? make("button", { type: "button", class: "fe-link fe-above", onclick: () => open(found.above[0]) }, `in “${found.above[1]}”`) : null), heading),
        make("button", { type: "button", class: "fe-close", "aria-label": "Close", onclick: () => close(true) }, "✕")),
      form, foot);
    state.root = root;
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); close(true); }
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
    });
    panel = { root, state, spot: how.from || spot, save, opener };
    body.append(root);
    body.classList.add("fe-open");
    mark(spot);
    const wanted = state.controls.find(({ described }) => described.spot === spot || (described.only && described.only.spot === spot)) || state.controls[0];
    const at = how.at && [...root.querySelectorAll("[data-at]")].find((one) => one.dataset.at === how.at);
    if (at) {
      form.scrollTop = how.scroll || 0;
      // the arrow that has no further to go gives its focus to the other
      (at.disabled ? at.parentElement.querySelector("[data-at]:not(:disabled)") : at).focus();
    } else (wanted && wanted.control.focus ? wanted.control.focus : heading).focus();
    if (found.form) editor.showPreview(found.form, fresh ? spot : found.spot, state);
    if (!fresh) uses(found, state);
  };
  const uses = async (found, state) => {
    const answer = await ask("uses", { spot: found.spot });
    // what names it twice in one place is one place
    const list = [...new Map((answer.uses || []).map((one) => [`${one.kind} ${one.where}`, one])).values()];
    if (!list.length) return;
    const counts = new Map();
    for (const one of list) counts.set(one.kind, (counts.get(one.kind) || 0) + 1);
    const said = [...counts].map(([kind, count]) => `${count} ${count === 1 ? kind : kind === "entry" ? "entries" : `${kind}s`}`).join(", ");
    state.root.querySelector(".fe-body").prepend(make("details", { class: "fe-uses" }, make("summary", {}, `Named in ${said}`), make("ul", {}, ...list.slice(0, 40).map((one) => make("li", {}, make("button", { type: "button", class: "fe-link", onclick: () => open(one.spot) }, one.where))))));
  };
  const places = (list) => make("ul", {}, ...list.map((one) => make("li", {}, one.spot ? make("button", { type: "button", class: "fe-link", onclick: () => open(one.spot) }, one.where) : one.where, one.words ? ` “${one.words}”` : "")));
  const remove = async (state, spot, finish) => {
    announce("Looking for what names it", "now");
    const answer = await send("removal", { spot });
    announce("Nothing is deleted yet", "now");
    const note = (...inside) => make("div", { class: "fe-note fe-bad" }, ...inside);
    let first = null;
    if (answer.status !== 200) {
      showErrors(state, answer.errors && answer.errors.length ? answer.errors : [{ title: "Not deleted", message: (answer.message || "This was changed elsewhere").replace(/\.$/, ""), fix: "" }]);
    } else if (answer.first.length) {
      state.notes.replaceChildren(note(make("p", {}, "This cannot be deleted while other places need it. Change these first:"), places(answer.first)));
      first = state.notes.querySelector("button");
    } else if (answer.mentions.length || answer.warnings.length) {
      first = make("button", { type: "button", class: "fe-quiet fe-red", onclick: () => finish(answer.operations) }, answer.mentions.length ? "Delete it and take these mentions out too" : "Delete it");
      state.notes.replaceChildren(note(...answer.warnings.map((words) => make("p", {}, words)),
        ...(answer.mentions.length ? [make("p", {}, answer.mentions.length === 1 ? "One place names it:" : `${answer.mentions.length} places name it:`), places(answer.mentions)] : []),
        make("div", { class: "fe-row" }, first, make("button", { type: "button", class: "fe-quiet", onclick: () => state.notes.replaceChildren() }, "Keep it"))));
    } else {
      await finish(answer.operations);
      return;
    }
    state.notes.scrollIntoView({ block: "nearest" });
    if (first) first.focus();
  };
  const close = async (toPencil) => {
    if (!panel) return true;
    const { spot, opener } = panel;
    panel.root.remove();
    editor.hidePreview();
    panel = null;
    body.classList.remove("fe-open");
    document.querySelectorAll(".fe-edited").forEach((one) => one.classList.remove("fe-edited"));
    announce("Everything is saved");
    if (toPencil) focusPencil(opener, spot);
    return true;
  };
  const blocksOf = (spot) => [...document.querySelectorAll("[data-edit]")].filter((one) => one.dataset.edit.split(" ").some((own) => own === spot || own.startsWith(`${spot}/`)));
  const blockOf = (spot) => blocksOf(spot)[0];
  const focusPencil = (opener, ...spots) => {
    const found = spots.map(blocksOf).find((some) => some.length) || [];
    const block = found.find((one) => one.dataset.block === opener) || found[0];
    const button = block && (block.querySelector(":scope > .fe-pencil") || block);
    if (button) button.focus({ preventScroll: false });
  };
  const mark = (spot) => {
    const block = blockOf(spot);
    if (block) { block.classList.add("fe-edited"); block.scrollIntoView({ block: "nearest" }); }
  };

  editor.open = open;

  // ---- pencils and the bar

  const addPencil = (block) => {
    const spot = block.dataset.edit.split(" ")[0];
    const words = block.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    if (block.namespaceURI === "http://www.w3.org/1999/xhtml" && !block.closest("summary, label, a, button, [role=img], [aria-hidden=true]")) {
      block.append(make("button", { type: "button", class: "fe-pencil", "aria-label": `Edit: ${words}`, onclick: (event) => { event.stopPropagation(); open(spot); } }, "Edit"));
    }
    block.addEventListener("click", (event) => {
      if (event.target.closest("a, button, summary, input, select, label") || String(getSelection())) return;
      event.stopPropagation();
      open(spot);
    });
  };
  // the page is shown before it is known what can be edited on it
  const addPencils = async () => {
    const { pencils } = await ask("pencils", { page });
    for (const block of document.querySelectorAll("[data-block]")) {
      if (!pencils[block.dataset.block]) continue;
      block.dataset.edit = pencils[block.dataset.block];
      addPencil(block);
    }
    body.classList.add("fe-ready");
  };

  const dialog = (title, ...inside) => {
    const made = make("dialog", { class: "fe-dialog", "aria-labelledby": "fe-dialog-title" }, make("div", { class: "fe-head" }, make("h2", { id: "fe-dialog-title" }, title),
      make("button", { type: "button", class: "fe-close", "aria-label": "Close", onclick: () => made.close() }, "✕")), make("div", { class: "fe-body" }, ...inside));
    made.addEventListener("close", () => made.remove());
    body.append(made);
    made.showModal();
    return made;
  };
  // A dialog that saves: its operations, or what else is sent to `path`
  const saving = (title, wide, body, collect) => {
    const said = make("div", { "aria-live": "polite" });
    const save = async () => {
      const asked = collect();
      if (!asked) { made.close(); return; }
      const answer = await send(asked.path || "save", asked.data);
      if (answer.status === 200) {
        sessionStorage.setItem("formulary-after", JSON.stringify({ said: asked.label, focus: [], y: scrollY }));
        location.reload();
        return;
      }
      const errors = (answer.errors || []).map((one) => `${one.message}. ${one.fix}${one.where ? ` (${one.where})` : ""}`);
      said.replaceChildren(...(errors.length ? errors : [answer.message || "This was changed elsewhere. Close it and open it again."]).map((words) => make("p", { class: "fe-note fe-bad" }, words)));
      said.scrollIntoView({ block: "nearest" });
    };
    const made = dialog(title, ...body, said, make("div", { class: "fe-foot" }, make("button", { type: "button", class: "fe-main", onclick: save }, "Save"), make("button", { type: "button", class: "fe-plain", onclick: () => made.close() }, "Cancel")));
    if (wide) made.classList.add("fe-wide");
    made.addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); } });
    const first = made.querySelector(".fe-body textarea, .fe-body input");
    if (first) first.focus();
  };
  // A table of judgement as a grid: what is changed in its cells is one change
  const table = async (spot) => {
    const found = await ask("table", { spot });
    if (found.status !== 200 || !(await close())) return;
    const cells = [];
    const grid = make("table", { class: "fe-grid" }, make("thead", {}, make("tr", {}, make("td", {}), ...found.columns.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...found.rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.name), ...row.cells.map((cell, place) => {
        const area = make("textarea", { rows: Math.max(3, Math.ceil((cell.value || "").length / 26)), "aria-label": `${row.name}, ${found.columns[place]}` });
        area.value = cell.value || "";
        cells.push({ cell, area, start: area.value });
        return make("td", { "data-column": found.columns[place] }, area);
      })))));
    saving(found.title, true, [make("p", { class: "fe-help" }, "Go from cell to cell with Tab. Ctrl+S saves."), make("div", { class: "fe-scroll" }, grid)], () => {
      const operations = cells.filter(({ area, start }) => area.value !== start).map(({ cell, area }) => ({ kind: "set", spot: cell.spot, value: area.value, old: cell.value }));
      const label = `Changed: ${operations.length} cell${operations.length === 1 ? "" : "s"} of ${found.title}`;
      return operations.length ? { data: { operations, label }, label } : null;
    });
  };
  // A staff group with its cycle, forms and ratings: one change of all the files that say so
  editor.addGroup = async () => {
    const found = await ask("group", {});
    if (found.status !== 200 || !(await close())) return;
    const line = (label, help, control) => editor.field({ label, help, spot: "" }, control);
    const tick = (value, words, checked) => make("label", { class: "fe-beside" }, make("input", { type: "checkbox", class: "fe-check", value, checked }), words);
    const choose = (choices) => make("select", { class: "fe-input" }, ...choices.map(([id, words]) => make("option", { value: id }, words)));
    const name = make("input", { class: "fe-input" });
    const who = make("textarea", { class: "fe-input", rows: 2 });
    const cycle = choose(found.cycles.flatMap(([id, words]) => [[id, `The same as ${words}`], [`${id} own`, `Its own, which begins as a copy of ${words}`]]));
    const panel = choose([["", "Not said yet"], ...found.panels]);
    const set = (label, ...inside) => make("fieldset", { class: "fe-field" }, make("legend", { class: "fe-label" }, label), ...inside);
    const forms = set("Forms that it uses", ...found.forms.map(([id, words]) => tick(id, words, true)));
    const ratings = found.ratings ? tick("ratings", "It is rated", true) : null;
    const stages = found.stages ? tick("stages", "It has career stages", false) : null;
    const body = [line("Name of the group", "As readers see it: “Technicians”.", name), line("Who belongs to it", "", who), line("Its year", "", cycle), line("Reviewed as", "", panel), forms, ratings || stages ? set("Judgement", ...[ratings, stages].filter(Boolean)) : ""];
    saving("New staff group", false, body, () => {
      const [id, own] = cycle.value.split(" ");
      const data = { name: name.value, who: who.value, cycle: id, own: Boolean(own), panel: panel.value, forms: [...forms.querySelectorAll("input:checked")].map((one) => one.value),
        ratings: Boolean(ratings && ratings.querySelector("input").checked), stages: Boolean(stages && stages.querySelector("input").checked) };
      return { path: "group", data, label: `Added: staff group ${name.value}` };
    });
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
    const write = async (operations, said) => {
      const answer = await send("save", { operations, label: said });
      if (answer.status !== 200) { announce(answer.message || "Not saved: this was changed elsewhere.", "bad"); return; }
      sessionStorage.setItem("formulary-after", JSON.stringify({ said, y: scrollY }));
      location.reload();
    };
    const shown = dialog("To look at", make("ul", { class: "fe-findings" }, ...found.findings.map((one) => make("li", {}, editor.noteOf(one, {
      put: (correction) => write([{ kind: "set", ...correction, label: undefined }], `Corrected: ${one.where || one.title}`),
      accept: (_, because) => write([acceptance(one, because)], `Accepted: ${one.message}`),
      open: (spot) => { shown.close(); open(spot); },
      add: (addition) => { shown.close(); addMissing(addition); },
    })))));
  };
  const acceptance = (one, because) => ({ kind: "insert", spot: one.accept.spot, index: 9999, value: { ...one.accept.value, because } });
  // what was typed and not saved: after a crash, or where a panel was closed
  const draftsOf = () => {
    const lead = `formulary-draft:${organisation}:`;
    let names = [];
    try { names = Object.keys(localStorage).filter((name) => name.startsWith(lead)); } catch { /* no storage */ }
    return names.map((name) => {
      const made = kept.get(name) || [];
      const value = made.map((one) => one.value).find((one) => typeof one === "string" || (one && typeof one === "object"));
      const words = typeof value === "string" ? value : Object.values(value || {}).filter((one) => typeof one === "string")[0] || "a change";
      return { name, fresh: name.endsWith(":new"), spot: name.slice(lead.length).replace(/:new$/, ""), list: made[0] && made[0].spot, index: made[0] && made[0].index, words };
    });
  };
  const drafts = () => {
    const shown = dialog("Typed and not saved", make("ul", { class: "fe-list" }, ...draftsOf().map((one) => make("li", {}, make("p", {}, `“${one.words.slice(0, 200)}”`), make("div", { class: "fe-row" },
      make("button", { type: "button", class: "fe-link", "aria-label": `Continue with: ${one.words.slice(0, 60)}`, onclick: () => { shown.close(); if (one.fresh) open(one.list, { fresh: true, index: one.index }); else open(one.spot); } }, "Continue with it"),
      make("button", { type: "button", class: "fe-link", "aria-label": `Drop: ${one.words.slice(0, 60)}`, onclick: (event) => { kept.drop(one.name); event.currentTarget.closest("li").remove(); left.hidden = !draftsOf().length; } }, "Drop it"))))));
  };
  const left = make("button", { type: "button", class: "fe-barlink", onclick: drafts, hidden: !draftsOf().length }, `Not saved: ${draftsOf().length}`);
  bar.said = make("span", { class: "fe-state", role: "status" }, "Everything is saved");
  const looks = make("button", { type: "button", class: "fe-barlink", onclick: findings }, "Things to look at");
  const staff = new URL(location.href);
  staff.searchParams.set("staff", "1");
  body.append(make("div", { class: "fe-bar", role: "region", "aria-label": "Editor" }, bar.said, left,
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
  if (after) scrollTo(0, after.y);
  // a link of another page to a place that is to be corrected
  const openWanted = () => {
    if (!location.hash.startsWith("#edit=")) return;
    const wanted = decodeURIComponent(location.hash.slice(6));
    window.history.replaceState(null, "", location.pathname + location.search);
    open(wanted);
  };
  addEventListener("hashchange", openWanted);
  addPencils().then(() => {
    openWanted();
    if (!after) return;
    announce(`Saved. ${after.said}`);
    if (after.open) open(after.open, { at: after.at, scroll: after.scroll });
    else if (after.focus) focusPencil(after.block, ...after.focus);
  }).then(() => ask("findings")).then((found) => {
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
