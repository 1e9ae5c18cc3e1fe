// What the check says: words beside the field, a button for what can be put right, and a way to its place.
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;
  const { make, newId } = editor;

  const sayAll = (one) => [`${one.message}.`, one.fix].filter(Boolean).join(" ");

  // `put(correction)` writes it, `accept(found, because)` accepts it, `open(spot)` shows its place, `add(addition)` a form
  // for what is missing
  const buttonsOf = (one, { put, accept, open, add }) => {
    const made = [];
    if (put) for (const correction of one.corrections || []) made.push(make("button", { type: "button", class: "fe-quiet", onclick: () => put(correction) }, correction.label));
    if (add) for (const addition of one.additions || []) made.push(make("button", { type: "button", class: "fe-quiet", onclick: () => add(addition) }, addition.label));
    if (open && one.spot) made.push(make("button", { type: "button", class: "fe-link", "aria-label": `Go to it: ${one.message}`, onclick: () => open(one.spot) }, "Go to it"));
    if (accept && one.accept) made.push(make("button", { type: "button", class: "fe-link", "aria-expanded": "false", "aria-label": `Accept with a reason: ${one.message}`, onclick: (event) => askReason(event.currentTarget, one, accept) }, "Accept with a reason"));
    return made.length ? make("div", { class: "fe-row" }, ...made) : null;
  };
  const askReason = (button, one, accept) => {
    if (button.getAttribute("aria-expanded") === "true") return;
    button.setAttribute("aria-expanded", "true");
    const id = newId();
    const area = make("textarea", { class: "fe-input", id, rows: 2 });
    const error = make("p", { class: "fe-error", hidden: true });
    const give = () => {
      if (area.value.trim()) { accept(one, area.value.trim()); return; }
      error.hidden = false;
      error.textContent = "Say why. The page “About this edition” prints it.";
      area.focus();
    };
    button.closest(".fe-row").after(make("div", { class: "fe-field" }, make("label", { class: "fe-label", for: id }, "Why this is right as it is"), area, error,
      make("button", { type: "button", class: "fe-quiet", onclick: give }, "Accept")));
    area.focus();
  };
  const noteOf = (one, acts, lead) => make("div", { class: one.severity === "error" ? "fe-note fe-bad" : "fe-note" },
    make("p", {}, make("b", {}, `${lead || one.title}: `), sayAll(one), one.where ? ` (${one.where})` : ""), buttonsOf(one, acts));

  // The operations with a correction in them: it may be of a value that is just being changed
  const corrected = (operations, { spot, old, value }) => {
    let done = false;
    const made = operations.map((one) => {
      if (one.spot === spot) { done = true; return { ...one, value }; }
      const inside = one.kind === "set" && spot.startsWith(`${one.spot}/#`) && /^#(\d+)$/.exec(spot.slice(one.spot.length + 1));
      if (!inside || !Array.isArray(one.value)) return one;
      done = true;
      return { ...one, value: one.value.map((part, place) => (place === Number(inside[1]) ? value : part)) };
    });
    return done ? made : [...made, { kind: "set", spot, old, value }];
  };

  // Two people changed one text: both, word by word
  const conflictOf = ({ now, mine, passages }, reopen) => {
    const shown = (value) => (typeof value === "string" ? value : value === null || value === undefined ? "nothing: it was taken out" : JSON.stringify(value));
    const words = passages && passages.length
      ? passages.map((runs) => make("p", {}, ...runs.map(([mark, text]) => (mark === "added" ? make("ins", {}, text) : mark === "removed" ? make("del", {}, text) : text))))
      : [make("p", {}, make("b", {}, "It reads now: "), shown(now)), make("p", {}, make("b", {}, "You typed: "), shown(mine))];
    return make("div", { class: "fe-note fe-bad" }, make("p", {}, make("b", {}, "Changed elsewhere. "), "Someone changed this while you typed. Nothing was overwritten. Words crossed out are only there; words underlined are only yours."),
      ...words, make("button", { type: "button", class: "fe-quiet", onclick: reopen }, "Drop mine and show what is there"));
  };

  Object.assign(editor, { conflictOf, sayAll, noteOf, buttonsOf, corrected });
})();
