// Read a PDF that came back: the value of each field, and what the file says it is.
//
// Enough of ISO 32000-2 for that and no more: objects of the latest update, also those in object
// streams; sizes and counts are bounded.

const MOST_STREAMS = 300;
const MOST_OBJECTS = 50_000;

async function readPdf(bytes) {
  const text = toLatin(bytes);
  if (!/^[^%]{0,1024}%PDF-/.test(text.slice(0, 1100))) throw new Unreadable("It is not a PDF file.");
  const objects = await pdfObjects(bytes, text);
  if (/\/Encrypt\s+\d+\s+\d+\s+R/.test(objects.trailers)) {
    throw new Unreadable("The file is locked with a password or a certificate.");
  }
  const marks = new Map();
  const information = [...objects.trailers.matchAll(/\/Info\s+(\d{1,9})\s+\d{1,5}\s+R/g)].pop();
  const said = information ? parsePdf(objects.found.get(Number(information[1])) || "") : null;
  if (said instanceof Map) {
    for (const [key, value] of said) if (typeof value === "string") marks.set(key, pdfText(value));
  }
  const resolve = (value) =>
    value && value.refers ? parsePdf(objects.found.get(value.refers) || "") : value;
  const values = new Map();
  const root = [...objects.trailers.matchAll(/\/Root\s+(\d{1,9})\s+\d{1,5}\s+R/g)].pop();
  const catalogue = root ? resolve({ refers: Number(root[1]) }) : null;
  const form = catalogue instanceof Map ? resolve(catalogue.get("AcroForm")) : null;
  const seen = new Set();
  const walk = (reference, above) => {
    if (reference?.refers && seen.has(reference.refers)) return;
    if (reference?.refers) seen.add(reference.refers);
    const field = resolve(reference);
    if (!(field instanceof Map) || seen.size > MOST_OBJECTS) return;
    const own = field.has("T") ? pdfText(resolve(field.get("T")) || "") : "";
    const name = [above, own].filter(Boolean).join(".");
    const kids = resolve(field.get("Kids"));
    const children = Array.isArray(kids) ? kids.filter((kid) => resolve(kid)?.has?.("T")) : [];
    children.forEach((kid) => walk(kid, name));
    if (!children.length && name) values.set(name, fieldValue(field, kids, resolve));
  };
  const fields = form instanceof Map ? resolve(form.get("Fields")) : null;
  if (!Array.isArray(fields)) throw new Unreadable("The PDF has no fields: it may have been printed or scanned.");
  fields.forEach((field) => walk(field, ""));
  const lost = /\/Subtype\s*\/(Text|FreeText|Ink|Highlight|Stamp)\b/.test(text)
    ? ["Comments and drawings in the file are not copied."] : [];
  return { format: "PDF", marks, values, lost };
}

function fieldValue(field, kids, resolve) {
  const held = resolve(field.get("V"));
  if (held && held.named !== undefined) return held.named === "Off" ? "" : buttonValue(held.named);
  if (typeof held === "string") return pdfText(held).replace(/\r\n?/g, "\n");
  for (const widget of [field, ...(Array.isArray(kids) ? kids.map(resolve) : [])]) {
    const state = widget instanceof Map ? resolve(widget.get("AS")) : null;
    if (state?.named && state.named !== "Off") return buttonValue(state.named);
  }
  return "";
}

const buttonValue = (state) => {
  const bytes = ofLatin(state);
  const words = ofUtf8(bytes);
  return words === "Yes" ? "yes" : words;
};

// The text of every object by number, the last of each, and all trailers.
async function pdfObjects(bytes, text) {
  const found = new Map();
  let trailers = "";
  let streams = 0;
  const heads = [...text.matchAll(/(?<![\d.])(\d{1,9})[ \r\n\t]+\d{1,5}[ \r\n\t]+obj\b/g)];
  if (heads.length > MOST_OBJECTS) throw new Unreadable("The file has more objects than any form.");
  for (const [place, head] of heads.entries()) {
    const begin = head.index + head[0].length;
    const next = heads[place + 1]?.index ?? text.length;
    const stream = text.slice(begin, next).search(/>>\s*stream\r?\n/);
    const body = text.slice(begin, stream >= 0 ? begin + stream + 2 : next).split(/\bendobj\b/)[0];
    found.set(Number(head[1]), body);
    if (stream < 0) continue;
    if (/\/Type\s*\/XRef\b/.test(body)) trailers += `${body}\n`;
    if (!/\/Type\s*\/ObjStm\b/.test(body) || (streams += 1) > MOST_STREAMS) continue;
    const start = begin + stream + /^>>\s*stream\r?\n/.exec(text.slice(begin + stream))[0].length;
    const length = Number((/\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(body) || [])[1]);
    const end = length ? start + length : text.indexOf("endstream", start);
    const packed = bytes.subarray(start, end);
    const plain = toLatin(/\/FlateDecode/.test(body) ? await inflate(packed, "deflate") : packed);
    const [count, first] = ["N", "First"].map((key) =>
      Number((new RegExp(`/${key}\\s+(\\d+)`).exec(body) || [])[1]));
    const numbers = plain.slice(0, first).trim().split(/\s+/).map(Number);
    for (let at = 0; at < count; at += 1) {
      const to = at + 1 < count ? first + numbers[2 * at + 3] : plain.length;
      found.set(numbers[2 * at], plain.slice(first + numbers[2 * at + 1], to));
    }
  }
  for (const one of text.matchAll(/\btrailer\b([\s\S]{0,4000}?)\bstartxref\b/g)) trailers += `${one[1]}\n`;
  return { found, trailers };
}

// One object (7.3): a dictionary is a Map, a name {named}, a reference {refers}.
function parsePdf(text) {
  const reader = /\s+|%[^\r\n]*|(<<)|(>>)|(\[)|(\])|\/([^\s<>[\]()/%{}]*)|<([0-9A-Fa-f\s]*)>|(\()|(\d+)\s+\d+\s+R\b|([-+.\w]+)/y;
  const stack = [[]];
  for (let at = 0; at < text.length; ) {
    reader.lastIndex = at;
    const found = reader.exec(text);
    if (!found || stack.length > 60) break;
    at = reader.lastIndex;
    const [, opens, closes, begins, ends, name, digits, quote, refers, word] = found;
    const top = stack[stack.length - 1];
    if (opens || begins) stack.push([]);
    else if (closes || ends) {
      if (stack.length < 2) break;
      stack.pop();
      stack[stack.length - 1].push(closes ? mapOf(top) : top);
    } else if (name !== undefined) {
      top.push({ named: name.replace(/#([0-9A-Fa-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16))) });
    } else if (digits !== undefined) {
      top.push((digits.replace(/\s/g, "").match(/../g) || []).map((two) => String.fromCharCode(parseInt(two, 16))).join(""));
    } else if (quote) {
      const [words, end] = literal(text, at);
      top.push(words);
      at = end;
    } else if (refers) top.push({ refers: Number(refers) });
    else if (word) top.push(Number.isNaN(Number(word)) ? null : Number(word));
  }
  return stack[0][0];
}

function mapOf(items) {
  const made = new Map();
  for (let at = 0; at + 1 < items.length; at += 2) {
    if (items[at]?.named !== undefined) made.set(items[at].named, items[at + 1]);
  }
  return made;
}

// A literal string (7.3.4.2) from behind its opening bracket, and where it ends.
function literal(text, begin) {
  let words = "";
  let depth = 1;
  let at = begin;
  const signs = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
  for (; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === "\\") {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4));
      if (octal) {
        words += String.fromCharCode(parseInt(octal[0], 8) & 255);
        at += octal[0].length;
      } else {
        at += 1;
        if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
        else if (text[at] !== "\n" && text[at] !== "\r") words += signs[text[at]] || text[at] || "";
      }
      continue;
    }
    depth += letter === "(" ? 1 : letter === ")" ? -1 : 0;
    if (!depth) break;
    words += letter;
  }
  return [words, at + 1];
}

const DOC_ENCODED = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž";

// A text string (7.9.2.2): UTF-16, UTF-8, or PDFDocEncoding.
function pdfText(value) {
  const bytes = ofLatin(value);
  if (value.startsWith("\xfe\xff")) return new TextDecoder("utf-16be").decode(bytes.subarray(2));
  if (value.startsWith("\xff\xfe")) return new TextDecoder("utf-16le").decode(bytes.subarray(2));
  if (value.startsWith("\xef\xbb\xbf")) return ofUtf8(bytes.subarray(3));
  return value.replace(/[\x80-\xa0]/g, (letter) =>
    letter === "\xa0" ? "€" : DOC_ENCODED[letter.charCodeAt(0) - 0x80] || "");
}
