// The page: its answers, what is said of them, and the files that they go to and come from.

const form = document.getElementById("answers");
const known = JSON.parse(document.getElementById("fill-data").textContent);
const byId = (id) => document.getElementById(id);
const PLACEHOLDERS = ["Type here", "dd/mm/yyyy", "Choose an item"];
const TYPES = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pdf: "application/pdf",
};

// The day by the clock of this computer, as the rules count days.
function dayOfToday() {
  const now = new Date();
  return now.getFullYear() * 10_000 + (now.getMonth() + 1) * 100 + now.getDate();
}

const checkAll = () => checkAnswers({ ...known, today: dayOfToday() }, allAnswers());

const state = { person: "", carried: "", saved: true, before: null, part: 0 };

// ---- Answers ----

const holder = (id) => form.querySelector(`[data-q="${id}"]`);
const dateBoxes = (id) => ["day", "month", "year"].map((part) => byId(`q-${id}--${part}`));

function answerTo(question) {
  const place = holder(question.id);
  const control = byId(`q-${question.id}`);
  if (question.kind === "date") return dateOf(...dateBoxes(question.id).map((box) => box.value));
  if (question.kind === "checkbox") return control.checked ? "yes" : "";
  const radio = place.querySelector("input[type=radio]:checked");
  return radio ? radio.value : (control.value || "").trim() === "" ? "" : control.value;
}

const allAnswers = () => new Map(known.questions.map((question) => [question.id, answerTo(question)]));

// Put an answer in its place; false where it has none there.
function setAnswer(question, value) {
  const control = byId(`q-${question.id}`);
  if (question.kind === "date") {
    const day = dayOf(value) ? value : readDate(value);
    const parts = day ? day.split("/") : [value, "", ""];
    dateBoxes(question.id).forEach((box, place) => { box.value = parts[place]; });
    return true;
  }
  if (question.kind === "checkbox") {
    control.checked = value === "yes";
    return value === "yes" || !value;
  }
  const radios = [...holder(question.id).querySelectorAll("input[type=radio]")];
  if (radios.length) {
    const wanted = radios.find((radio) => radio.value === value);
    (wanted || radios[radios.length - 1]).checked = true;
    return Boolean(wanted);
  }
  control.value = value;
  if (control.value.replace(/\r\n?/g, "\n") === value) return true;
  if (control.tagName === "SELECT") control.value = "";
  return false;
}

function setAll(values) {
  const refused = [];
  for (const question of known.questions) {
    const value = values.get(question.id) || "";
    if (!setAnswer(question, value) && value) refused.push([question, value]);
  }
  for (const row of form.querySelectorAll(".row.more")) row.hidden = !needsRow(row, values);
  form.querySelectorAll("textarea").forEach(grow);
  changed();
  form.querySelectorAll(".add").forEach(nameNextRow);
  return refused;
}

// ---- Rows that are added as they are needed ----

function needsRow(row, values) {
  return known.questions.some(({ id, required }) => (required || values.get(id)) && row.contains(holder(id)));
}

function nameNextRow(place) {
  const next = place.parentNode.querySelector(".row.more[hidden]");
  const [button] = place.children;
  button.hidden = !next;
  if (next) button.textContent = `Add ${next.getAttribute("aria-label").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`;
}

function addRow(place) {
  const next = place.parentNode.querySelector(".row.more[hidden]");
  next.hidden = false;
  next.querySelectorAll("textarea").forEach(grow);
  nameNextRow(place);
  next.querySelector("h3").focus();
}

// Where a browser does not let a box grow with its text by itself.
const grows = CSS.supports("field-sizing", "content");
function grow(box) {
  if (grows) return;
  box.style.height = "auto";
  if (box.scrollHeight) box.style.height = `${box.scrollHeight + 4}px`;
}

// ---- What is said of them ----

function markFaults(faults) {
  for (const { id } of known.questions) mark(id, "");
  for (const { id, message } of faults) {
    const line = byId(`e-${id}`);
    if (!line || line.textContent) continue;
    mark(id, message);
  }
}

// Say what is wrong above an answer, or that nothing is any more.
function mark(id, message) {
  const words = document.createElement("span");
  words.className = "vh";
  words.textContent = "Error: ";
  byId(`e-${id}`).replaceChildren(...(message ? [words, message] : []));
  holder(id).classList.toggle("wrong", Boolean(message));
  for (const control of holder(id).querySelectorAll("input, textarea, select")) {
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

const targetOf = (id) => {
  const place = holder(id);
  return place.querySelector("textarea, select, input:checked, input") || place;
};

function showSummary(faults) {
  const summary = byId("summary");
  summary.hidden = !faults.length;
  summary.querySelector("ul").replaceChildren(...faults.map(({ id, message }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const target = id ? targetOf(id) : summary;
    link.href = `#${target.id}`;
    link.textContent = message;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (id) showPartOf(holder(id));
      target.focus();
    });
    item.append(link);
    return item;
  }));
  document.title = faults.length ? `Error: ${title}` : title;
  if (faults.length) summary.focus();
}

const { title } = document;

function check() {
  const faults = checkAll();
  byId("summary").hidden = true;
  markFaults(faults);
  showSummary(faults);
  return faults;
}

function tell(text, unsaved = false) {
  byId("status").textContent = text;
  byId("status").classList.toggle("unsaved", unsaved);
}

function changed() {
  state.saved = false;
  tell("Not saved yet.", true);
  countParts();
  keepDraft();
  const answers = allAnswers();
  for (const place of document.querySelectorAll("[data-shows]")) {
    const value = answers.get(place.dataset.shows);
    place.textContent = value || labelOf(place.dataset.shows);
  }
}

const labelOf = (id) => `[${known.questions.find((question) => question.id === id)?.title || "…"}]`;

// ---- Parts ----

const parts = [...form.querySelectorAll(".part")];
const narrow = matchMedia("(max-width:900px)");

function countParts() {
  const answers = allAnswers();
  parts.forEach((part, place) => {
    const own = [...part.querySelectorAll("[data-q]")].map((one) => one.dataset.q);
    const done = own.filter((id) => answers.get(id)).length;
    const line = document.querySelectorAll(".parts li")[place];
    line.querySelector(".state").textContent = done === own.length ? "done" : `${done} of ${own.length}`;
  });
}

const inSteps = () => narrow.matches && document.documentElement.classList.contains("steps");

function showPart(place, focus = true) {
  state.part = place;
  const root = document.documentElement.classList;
  root.toggle("later", place > 0);
  root.toggle("last", place === parts.length - 1);
  parts.forEach((part, number) => part.classList.toggle("shown", number === place));
  parts[place].querySelectorAll("textarea").forEach(grow);
  document.querySelectorAll(".parts li").forEach((line, number) => {
    line.classList.toggle("on", number === place);
    const link = line.querySelector("a");
    if (number === place) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  });
  document.querySelectorAll(".ruler i").forEach((mark, number) => mark.classList.toggle("on", number <= place));
  byId("step").hidden = !narrow.matches;
  byId("step").firstElementChild.textContent = inSteps() ? `Part ${place + 1} of ${parts.length}` : "";
  byId("steps").textContent = inSteps() ? "Show all parts" : "Show one part at a time";
  byId("back").hidden = !inSteps() || place === 0;
  byId("next").hidden = !inSteps() || place === parts.length - 1;
  const following = parts[place + 1]?.querySelector(".head .name").textContent;
  byId("next").querySelector(".long").textContent = following ? `: ${following}` : "";
  if (focus) {
    parts[place].focus({ preventScroll: true });
    (inSteps() ? document.body : parts[place]).scrollIntoView();
  }
}

function showPartOf(node) {
  const row = node.closest(".row.more[hidden]");
  if (row) {
    row.hidden = false;
    form.querySelectorAll(".add").forEach(nameNextRow);
  }
  showPart(Math.max(0, parts.findIndex((part) => part.contains(node))), false);
}

// ---- A draft in the browser, for who asks for one ----

const DRAFT = `formulary-draft/${known.organisation}/${known.form}/${known.edition}`;

// Some browsers refuse to keep anything, others only on pages from a folder.
function store(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}

function keepDraft() {
  if (!byId("keep").checked) return;
  const answers = [...allAnswers()].filter(([, value]) => value);
  const draft = { answers, person: state.person, carried: state.carried, at: Date.now() };
  if (store((kept) => [kept.setItem(DRAFT, JSON.stringify(draft))]) === null) {
    byId("keep").checked = false;
    tell("This browser keeps no draft. Save the form as a file.", true);
  }
}

function forgetDraft() {
  store((kept) => kept.removeItem(DRAFT));
  byId("keep").checked = false;
  byId("draft").hidden = true;
}

const readDraft = () => store((kept) => JSON.parse(kept.getItem(DRAFT)));

function offerDraft() {
  const draft = readDraft();
  if (!Array.isArray(draft?.answers)) return;
  const count = `${draft.answers.length} ${draft.answers.length === 1 ? "answer" : "answers"}`;
  const day = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  byId("draft-said").textContent = `This browser has a draft of this form with ${count}, of ${day}.`;
  byId("draft").hidden = false;
}

function goOnWithDraft() {
  const { answers, person, carried } = readDraft();
  Object.assign(state, { person: String(person), carried: String(carried) });
  byId("keep").checked = true;
  setAll(new Map(answers));
  byId("draft").hidden = true;
  parts[state.part].focus();
}

// ---- Room on paper ----

let face = null;
let measuring = 0;

async function typeface() {
  if (!face) face = new Typeface((await load("typeface", `${known.assets}/typeface.js`)).plan);
  return face;
}

async function measure(question) {
  const line = byId(`r-${question.id}`);
  if (!line || !known.scripts.includes("PDF")) return;
  const { plan } = await load("pdf", `${known.form}.pdf.js`);
  const own = await typeface();
  const box = plan.slots[question.id][3][0][1];
  const value = answerTo(question);
  const setting = setText(value, boxOf(box), own);
  const lacking = own.lacks(value);
  const said = [];
  if (setting.excess) said.push("On paper this continues on a page behind the form.");
  else if (value) said.push(`On paper: ${setting.lines.length} of ${roomOf(boxOf(box), own, setting.size)} lines used.`);
  if (lacking.length) said.push(`A PDF cannot show ${lacking.join(" ")}; Word can.`);
  line.textContent = said.join(" ");
}

// ---- Scripts that are loaded when they are needed ----

function load(name, address) {
  if (payloads.has(name)) return payloads.get(name);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(payloads.get(name)));
    script.addEventListener("error", () => reject(new Unreadable("Part of this page is missing.")));
    document.head.append(script);
  });
}

async function makeFile(format, values) {
  const own = await load(format, `${known.form}.${format}.js`);
  if (format === "word") return writeZip(wordParts(own.plan, values, state.person, state.carried));
  const { plan: sizes, rest } = await load("file", `${known.assets}/typeface-file.js`);
  let at = 0;
  const shared = sizes.map((size) => rest.subarray(at, (at += size)));
  return writePdf(wholeDocument(own, shared), own.plan, values, state.person, state.carried, await typeface());
}

const fileName = (ending) => {
  const asked = known.questions.find((question) => question.prefill === "staff.name");
  const name = asked ? answerTo(asked).normalize("NFC").replace(/[^\p{L}\p{N} '-]/gu, "").trim() : "";
  return `${[known.stem, name.replace(/\s+/g, "-")].filter(Boolean).join("-")}.${ending}`;
};

async function save(format) {
  const ending = format === "word" ? "docx" : "pdf";
  const values = allAnswers();
  const faults = checkAll();
  if (format === "pdf") {
    const own = await typeface();
    const lacking = known.questions.flatMap(({ id, title }) => {
      const found = own.lacks(values.get(id));
      return found.length ? [{ id, message: `“${title}”: a PDF cannot show ${found.join(" ")}. Take it out, or save as Word.` }] : [];
    });
    if (lacking.length) {
      markFaults(lacking);
      showSummary(lacking);
      return;
    }
  } else {
    for (const [id, value] of values) values.set(id, value.replace(NOT_XML, ""));
  }
  tell("Making the file…");
  const bytes = await makeFile(format, values);
  const file = new File([bytes], fileName(ending), { type: TYPES[ending] });
  offer(file);
  state.saved = true;
  const left = faults.length ? ` ${faults.length === 1 ? "One answer" : `${faults.length} answers`} to look at before you hand it in: check the answers.` : "";
  tell(`Saved as ${file.name}. Keep it in a safe place; open it here to go on.${left}`);
  prepareShare(format, file);
}

function offer(file) {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function prepareShare(format, file) {
  const button = byId("share");
  button.hidden = !navigator.canShare?.({ files: [file] });
  button.onclick = () => navigator.share({ files: [file], title: known.title }).catch(() => {});
}

// ---- Opening a file ----

async function readFile(file) {
  if (file.size > LARGEST) throw new Unreadable("The file is far larger than any form.");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const begin = toLatin(bytes.subarray(0, 4));
  if (begin === "PK\x03\x04") return readWord(bytes);
  if (toLatin(bytes.subarray(0, 1024)).includes("%PDF")) return readPdf(bytes);
  throw new Unreadable("It is neither a Word document (.docx) nor a PDF.");
}

// The title of a box in Word, as `ooxml.box_title` shortens it.
function boxTitle(title, option) {
  const [whole, ending] = [letters(`${title}: ${option}`), letters(`…: ${option}`)];
  if (whole.length <= 64) return whole.join("");
  const [words, end] = ending.length > 32 ? [whole, "…"] : [letters(title), ending.join("")];
  return words.slice(0, 64 - letters(end).length).join("").trimEnd() + end;
}

// What is ticked in a row of a table, where LibreOffice leaves each box its title only.
function tickedInRow({ titles }, { title, options }) {
  const names = options.map((option) => boxTitle(title, option));
  return titles && names.every((name) => titles.has(name)) ? options.filter((_, at) => titles.get(names[at])) : [];
}

// A choice of few options is a box for each in Word: `outcome__1`, `outcome__2`, counted from 1.
function tickedBoxes(read, names, options, taken) {
  const ticked = [];
  for (const [place, option] of (options || []).entries()) {
    const box = names.map((name) => `${name}__${place + 1}`).find((name) => read.values.has(name));
    if (!box) continue;
    taken.add(box);
    if (read.values.get(box)) ticked.push(option);
  }
  return ticked;
}

// Other capitals and blanks: a PDF calls a ticked box and the choice “Yes” alike.
const plain = (text) => wordsOf(text).join(" ").toLowerCase();

// Which answers belong to which question here, and what has no place.
function match(read) {
  const values = new Map();
  const left = [];
  const taken = new Set();
  for (const question of known.questions) {
    const names = [question.id, ...question.was];
    const id = names.find((name) => read.values.has(name));
    const ticked = id ? tickedInRow(read, question) : tickedBoxes(read, names, question.options, taken);
    if (!id && !ticked.length) continue;
    taken.add(id);
    if (ticked.length > 1) {
      left.push([question.title, ticked.join(", ")]);
      continue;
    }
    const held = (ticked[0] || read.values.get(id) || "").replace(/\r\n?/g, "\n");
    const value = question.options.find((option) => plain(option) === plain(held)) || held;
    if (!PLACEHOLDERS.includes(value)) values.set(question.id, value);
  }
  for (const [id, value] of read.values) if (value && !taken.has(id)) left.push([id, value]);
  return { values, left };
}

function describeStamp(marks) {
  const [form, organisation, edition] = ["Form", "Organisation", "Edition"].map(
    (name) => marks.get(`Formulary${name}`) || "");
  if (!form) return ["The file does not say which form it is, so look at each answer."];
  if (form !== known.form || organisation !== known.organisation) {
    throw new Unreadable(`It is another form: ${form} of ${organisation}, edition ${edition}.`);
  }
  if (marks.get("FormularyDigest") === known.digest) return [];
  return [`The file is of another edition (${edition}); this page is of ${known.edition}.`];
}

const hasAnswers = () => [...allAnswers()].some(([id, value]) => value && value !== startOf(id));

// Take over what `reading` promises of a file, once the person agrees to `question`; empty asks nothing.
async function takeOver(name, reading, question) {
  const said = byId("open-said");
  said.textContent = "Reading the file…";
  try {
    const read = await reading;
    const notes = describeStamp(read.marks);
    const found = match(read);
    if (question) {
      said.textContent = "";
      if (!await ask(question)) return void (said.textContent = "Nothing was changed.");
    }
    state.before = { values: allAnswers(), person: state.person, carried: state.carried };
    state.person = read.marks.get("FormularyPerson") || "";
    state.carried = read.marks.get("FormularyCarried") || "";
    const refused = setAll(found.values).map(([question, value]) => [question.title, value]);
    const count = [...found.values.values()].filter(Boolean).length;
    tellOpened(name, count, [...notes, ...read.lost], [...found.left, ...refused]);
    byId("undo").hidden = false;
    state.saved = true;
    tell(`Opened ${name}.`);
    return true;
  } catch (error) {
    const why = error instanceof Unreadable ? error.message : "The file is damaged.";
    said.textContent = `This file cannot be opened. ${why} Nothing on this page was changed.`;
  }
}

const startOf = (id) => known.questions.find((question) => question.id === id).value;

function ask(question) {
  byId("open-ask").hidden = false;
  byId("open-ask").firstElementChild.textContent = question;
  byId("open-yes").focus();
  return new Promise((resolve) => {
    const end = (answer) => {
      byId("open-ask").hidden = true;
      byId("open-file").focus();
      resolve(answer);
    };
    byId("open-yes").onclick = () => end(true);
    byId("open-no").onclick = () => end(false);
  });
}

function tellOpened(name, count, notes, left) {
  const lines = [...notes, ...left.map(([where, value]) => `Not copied, ${where}: ${value}`)];
  const gist = document.createElement("p");
  gist.textContent = `${name}: ${count} ${count === 1 ? "answer" : "answers"} copied.`;
  const list = document.createElement("ul");
  list.replaceChildren(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
  byId("open-said").replaceChildren(gist, ...(lines.length ? [list] : []));
}

// ---- A pack's small page, which opened this one ----

// Answers come in that way, and none go out: all that the other window is told is that this one is
// ready. It may be a file, which has no origin, or on the handbook's own server.
const FILES = ["null", "file://"];

function listen() {
  if (!window.opener) return;
  addEventListener("message", ({ source, origin, data }) => {
    const copy = data?.formulary;
    if (source !== window.opener || ![...FILES, location.origin].includes(origin)) return;
    if (copy?.marks && copy.values && byId("open-ask").hidden) takeCopy(copy);
  });
  window.opener.postMessage("formulary-ready", "*");
}

async function takeCopy({ marks, values, name, mail }) {
  const strings = (found) => Object.entries(found).filter(([, text]) => typeof text === "string");
  const read = {
    marks: new Map(strings(marks).map(([key, text]) => [`Formulary${key}`, text])),
    values: new Map(strings(values)),
    lost: [],
  };
  const whose = typeof name === "string" && name ? `The file of ${shorten(name)}` : "The file that opened this page";
  const end = hasAnswers() ? "Use them instead of what is on this page?" : "Use them here?";
  if (!await takeOver("Your file", read, `${whose} has answers for this form. ${end}`)) return;
  const line = byId("mail-next");
  line.hidden = typeof mail !== "string" || !isEmail(mail);
  if (line.hidden) return;
  line.firstElementChild.textContent = `Write an email to ${mail}`;
  line.firstElementChild.href = `mailto:${encodeURIComponent(mail)}?subject=${encodeURIComponent(known.title)}`;
}

function undo() {
  if (!state.before) return;
  const { values, person, carried } = state.before;
  Object.assign(state, { person, carried, before: null });
  setAll(values);
  byId("undo").hidden = true;
  byId("open-said").textContent = "What was here before is back.";
  byId("open-file").focus();
}

function clear() {
  state.before = { values: allAnswers(), person: state.person, carried: state.carried };
  Object.assign(state, { person: "", carried: "" });
  byId("mail-next").hidden = true;
  setAll(new Map(known.questions.map(({ id, value }) => [id, value])));
  forgetDraft();
  markFaults([]);
  showSummary([]);
  byId("undo").hidden = false;
  byId("open-said").textContent = "Everything on this page is cleared.";
  state.saved = true;
  tell("Cleared.");
}

// ---- Begin ----

const questionAt = (node) => {
  const place = node.closest?.("[data-q]");
  return place && known.questions.find(({ id }) => id === place.dataset.q);
};

form.addEventListener("input", (event) => {
  changed();
  const question = questionAt(event.target);
  if (event.target.tagName === "TEXTAREA") grow(event.target);
  clearTimeout(measuring);
  if (question?.kind === "multiline") measuring = setTimeout(() => measure(question), 400);
});
form.addEventListener("focusout", (event) => {
  const question = questionAt(event.target);
  if (!question || holder(question.id).contains(event.relatedTarget)) return;
  const value = answerTo(question);
  if (question.kind === "date" && dayOf(value)) setAnswer(question, value);
  // a line that appears would push the button away from under the pointer
  if (event.relatedTarget?.tagName === "BUTTON") return;
  mark(question.id, value ? checkOne(question, value, known.rules) : "");
});
form.addEventListener("submit", (event) => event.preventDefault());
for (const button of document.querySelectorAll("[data-save]")) {
  button.addEventListener("click", () => save(button.dataset.save).catch((error) => {
    tell(error instanceof Unreadable ? error.message : "The file could not be made. Use the Word or PDF form instead.");
  }));
}
byId("check").addEventListener("click", () => {
  if (!check().length) tell("Nothing to look at.");
});
for (const place of form.querySelectorAll(".add")) place.firstElementChild.addEventListener("click", () => addRow(place));
byId("steps").addEventListener("click", () => {
  document.documentElement.classList.toggle("steps");
  showPart(state.part, false);
});
byId("keep").addEventListener("change", () => (byId("keep").checked ? keepDraft() : forgetDraft()));
byId("draft-go").addEventListener("click", goOnWithDraft);
byId("draft-forget").addEventListener("click", () => {
  forgetDraft();
  byId("open-file").focus();
});
byId("clear").addEventListener("click", clear);
byId("undo").addEventListener("click", undo);
byId("open-file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) takeOver(file.name, readFile(file), hasAnswers() && "Use the answers in the file instead of what is on this page?");
});
byId("back").addEventListener("click", () => showPart(state.part - 1));
byId("next").addEventListener("click", () => showPart(state.part + 1));
for (const link of document.querySelectorAll("[data-part], a.blank")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const target = link.dataset.part ? byId(`part-${link.dataset.part}`) : holder(link.dataset.shows);
    showPartOf(target);
    (link.dataset.part ? target : targetOf(link.dataset.shows)).focus();
    target.scrollIntoView();
  });
}
narrow.addEventListener("change", () => showPart(state.part, false));
addEventListener("beforeunload", (event) => {
  if (!state.saved && !byId("keep").checked) event.preventDefault();
});

if (typeof DecompressionStream !== "undefined" && typeof CompressionStream !== "undefined") {
  for (const id of ["open", "end", "foot"]) byId(id).hidden = false;
  document.documentElement.classList.add("steps");
  byId("keep").checked = false; // a browser that brings it back would keep an empty draft
  setAll(new Map(known.questions.map(({ id, value }) => [id, value])));
  showPart(0, false);
  offerDraft();
  state.saved = true;
  tell("");
  listen();
}
