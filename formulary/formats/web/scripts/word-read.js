// Read a Word file that came back: each control's answer, and what the file says it is.
//
// A file is hostile until read: sizes and counts are bounded, nothing of it is run, and its words
// reach the page as text only.

const LARGEST = 20e6; // bytes of a file that is read at all
const MOST_PARTS = 5000;

function zipEntries(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const first = Math.max(0, end - 65535);
  while (end >= first && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < first || end < 0) throw new Unreadable("The file is damaged: its end is missing.");
  const count = view.getUint16(end + 10, true);
  if (count > MOST_PARTS) throw new Unreadable("The file has more parts than any form.");
  const found = new Map();
  let at = view.getUint32(end + 16, true);
  for (let place = 0; place < count; place += 1) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Unreadable("The file is damaged.");
    const length = view.getUint16(at + 28, true);
    found.set(toLatin(bytes.subarray(at + 46, at + 46 + length)), {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

async function zipPart(bytes, entry) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start =
    entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true);
  const packed = bytes.subarray(start, start + entry.packed);
  if (entry.method === 8) return inflate(packed);
  if (entry.method === 0 && packed.length <= LARGEST_PART) return packed;
  throw new Unreadable("The file is compressed in a way that this page cannot read.");
}

function parseXml(bytes) {
  const text = ofUtf8(bytes);
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Unreadable("The file is not in the form that programs save.");
  const read = new DOMParser().parseFromString(text, "application/xml");
  if (read.querySelector("parsererror")) throw new Unreadable("The file is damaged.");
  return read;
}

async function readWord(bytes) {
  const parts = zipEntries(bytes);
  if (!parts.has("word/document.xml")) throw new Unreadable("It is not a Word document.");
  const marks = new Map();
  if (parts.has("docProps/custom.xml")) {
    const properties = parseXml(await zipPart(bytes, parts.get("docProps/custom.xml")));
    for (const node of properties.getElementsByTagNameNS("*", "property")) {
      marks.set(node.getAttribute("name") || "", node.textContent);
    }
  }
  const read = parseXml(await zipPart(bytes, parts.get("word/document.xml")));
  const values = new Map();
  const titles = new Map();
  const lost = [];
  for (const control of read.getElementsByTagNameNS("*", "sdt")) {
    const id = controlId(control);
    const alias = childOf(childOf(control, "sdtPr"), "alias");
    const boxes = boxesIn(control);
    if (alias && boxes.length === 1) titles.set(attributeOf(alias, "val"), boxes[0].ticked);
    if (id && !values.has(id)) values.set(id, controlValue(control));
  }
  if (read.getElementsByTagNameNS("*", "ins").length + read.getElementsByTagNameNS("*", "del").length) {
    lost.push("Tracked changes in the file are not copied.");
  }
  if ([...parts.keys()].some((name) => /^word\/comments/.test(name))) {
    lost.push("Comments in the file are not copied.");
  }
  return { format: "Word", marks, values, titles, lost };
}

const childOf = (node, name) => [...node.children].find((child) => child.localName === name);
const attributeOf = (node, name) =>
  [...node.attributes].find((one) => one.localName === name)?.value || "";

// By its tag, or by the bookmark that is around it or, from LibreOffice, inside it.
function controlId(control) {
  const properties = childOf(control, "sdtPr");
  const tag = properties && childOf(properties, "tag");
  if (tag) return attributeOf(tag, "val");
  const content = childOf(control, "sdtContent");
  const inside = content && [...content.getElementsByTagNameNS("*", "bookmarkStart")][0];
  const before = control.previousElementSibling;
  const mark = inside || (before?.localName === "bookmarkStart" ? before : null);
  return mark ? bookmarkId(attributeOf(mark, "name")) : "";
}

const bookmarkId = (name) => (name.startsWith("_") ? "" : name);

const isTicked = (box) => {
  const checked = childOf(box, "checked");
  return ["1", "true", "on"].includes(checked ? attributeOf(checked, "val") : "");
};

function controlValue(control) {
  const properties = childOf(control, "sdtPr");
  const content = childOf(control, "sdtContent");
  const box = properties && childOf(properties, "checkbox");
  if (box) return isTicked(box) ? "yes" : "";
  if (!content || (properties && childOf(properties, "showingPlcHdr"))) return "";
  const boxes = boxesIn(content);
  if (boxes.length) return boxes.filter((one) => one.ticked).map((one) => one.words || "yes").join("\n");
  return runText(content).replace(/^\n+|\n+$/g, "");
}

// The boxes of a choice that LibreOffice put into one control, with the words behind each.
function boxesIn(content) {
  const boxes = [];
  const walk = (node) => {
    const properties = node.localName === "sdt" && childOf(node, "sdtPr");
    const box = properties && childOf(properties, "checkbox");
    if (box) {
      boxes.push({ ticked: isTicked(box), words: "" });
    } else if (node.localName === "t") {
      if (boxes.length) boxes[boxes.length - 1].words += node.textContent;
    } else {
      for (const child of node.children) walk(child);
    }
  };
  walk(content);
  return boxes.map(({ ticked, words }) => ({ ticked, words: wordsOf(words).join(" ") }));
}

function runText(node) {
  let text = "";
  let words = 0;
  for (const child of node.children) {
    const name = child.localName;
    if (name === "t") {
      // LibreOffice writes the two lines of a run as two texts
      text += (words && node.localName === "r" ? "\n" : "") + child.textContent;
      words += 1;
    } else if (name === "br" || name === "cr") {
      text += "\n";
      words = 0;
    } else if (name === "tab") {
      text += "\t";
      words = 0;
    } else if (name === "p") {
      text += (text ? "\n" : "") + runText(child);
    } else if (!["rPr", "pPr", "del", "sdtPr"].includes(name)) {
      text += runText(child);
    }
  }
  return text;
}
