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

  editor.open = open;

  // ---- pencils and the bar

  const addPencil = (block) => {
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
    make("span", { class: "fe-gap" }), looks, make("a", { class: "fe-barlink", href: staff.href }, "Show as staff see it")));
  body.classList.add("fe-editing");
  const year = document.querySelector(".site-year");
  if (year && innerWidth >= 1000) year.textContent = "You are editing. Click any text.";

  // ---- after a save, and when something changes elsewhere

  const after = JSON.parse(sessionStorage.getItem("formulary-after") || "null");
  sessionStorage.removeItem("formulary-after");
  if (after) scrollTo(0, after.y);
  addPencils().then(() => {
    if (!after) return;
    announce(`Saved. ${after.said}`);
    if (after.open) open(after.open);
    else if (after.focus) focusPencil(...after.focus);
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
