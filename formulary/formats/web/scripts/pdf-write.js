// Fill the PDF in: its bytes as they are, and an update behind them (ISO 32000-2, 7.5.6).

const TICKED = "/Yes";
const NOT_TICKED = "/Off";

// Put the streams that all forms share back into a form's document.
function wholeDocument({ plan, rest }, shared) {
  const pieces = [];
  let begin = 0;
  for (const [at, number] of plan.cuts) {
    pieces.push(rest.subarray(begin, at), shared[number]);
    begin = at;
  }
  return joined([...pieces, rest.subarray(begin)]);
}

// The bytes of a copy with these values, its stamp naming the person.
function writePdf(document, plan, values, person, carried, face) {
  const given = Object.entries(plan.slots).filter(([id]) => values.get(id));
  const long = given.filter(([id, slot]) => isLong(slot, values.get(id), face));
  const laid = layOut(long.map(([id, slot]) => ({ id, title: slot[1], value: values.get(id) })), face);
  const pieces = given.flatMap(([id, slot]) =>
    writeAnswer(slot, values.get(id), laid.begins.get(id) || 0, face));
  if (long.length) {
    const name = plan.name.map((id) => values.get(id)).find(Boolean) || "";
    pieces.push(...writeContinuation(plan.more, laid.pages, name, face));
  }
  let facts = `/FormularyPerson ${textString(person)}`;
  if (carried) facts += `\n/FormularyCarried ${textString(carried)}`;
  pieces.push(finished(plan.info, facts));
  const starts = [];
  let at = document.length;
  for (const { number, text } of pieces) {
    starts.push([number, at]);
    at += text.length;
  }
  const body = pieces.map((piece) => piece.text).join("");
  const second = sha256(ofLatin(body)).slice(0, 32);
  const trailer =
    `trailer\n<</Size ${Math.max(plan.size, ...pieces.map((piece) => piece.number + 1))}/Root ${plan.root} 0 R/Info ${plan.info[0]} 0 R` +
    `/ID[<${plan.id}><${second}>]/Prev ${plan.previous}>>\nstartxref\n${at}\n%%EOF\n`;
  return joined([document, ofLatin(body + crossReferences(starts) + trailer)]);
}

const finished = ([number, start], entries) => ({ number, text: `${start}${entries}>>\nendobj\n` });

// Whether an answer has no room in one of its boxes.
function isLong([, , , places], value, face) {
  return !places[0][3] && places.some(([, box]) => setText(value, boxOf(box), face).excess > 0);
}

function writeAnswer([kind, , field, places], value, page, face) {
  if (places[0][3]) return pressButton(kind, field, places, value);
  return writeText(field, places, value, page, face);
}

function writeText(field, places, value, page, face) {
  const entry = `/V ${textString(value)}`;
  const pieces = field ? [finished(field, entry)] : [];
  for (const [widget, measures, drawing] of places) {
    const box = boxOf(measures);
    const note = `${face.table.note}${page}`;
    const setting = page ? cutText(value, box, note, face) : setText(value, box, face);
    const style = fieldStyle(box, setting.size, face);
    pieces.push(finished(widget, `/DA (${style})${field ? "" : entry}`));
    if (drawing) {
      const drawn = textDrawing(setting, box, face);
      pieces.push(finishedStream(drawing, drawn));
    }
  }
  return pieces;
}

const finishedStream = ([number, start], drawn) => ({
  number,
  text: `${start}/Length ${drawn.length}>>\nstream\n${drawn}\nendstream\nendobj\n`,
});

function pressButton(kind, field, places, value) {
  const chosen = kind === "checkbox" ? TICKED : `/${value}`;
  const entry = `/V ${nameObject(chosen)}`;
  const pieces = field ? [finished(field, entry)] : [];
  for (const [widget, , , state] of places) {
    const shown = `/AS ${nameObject(state === chosen ? chosen : NOT_TICKED)}`;
    pieces.push(finished(widget, shown + (field ? "" : entry)));
  }
  return pieces;
}

// Runs of objects whose numbers follow each other (7.5.4).
function crossReferences(starts) {
  const sorted = [...starts].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  let table = "xref\n0 1\n0000000000 65535 f \n";
  for (let at = 0; at < sorted.length; ) {
    let end = at + 1;
    while (end < sorted.length && sorted[end][0] === sorted[end - 1][0] + 1) end += 1;
    table += `${sorted[at][0]} ${end - at}\n`;
    for (; at < end; at += 1) table += `${String(sorted[at][1]).padStart(10, "0")} 00000 n \n`;
  }
  return table;
}

// A text string (7.9.2.2): as it is, or in UTF-16 where it is more than plain letters.
function textString(value) {
  if (/^[ -~]*$/.test(value)) return `(${value.replace(/[\\()]/g, "\\$&")})`;
  const text = value.replace(/\r\n?/g, "\n").normalize("NFC");
  let codes = "";
  for (let at = 0; at < text.length; at += 1) {
    codes += text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
  }
  return `<FEFF${codes}>`;
}

function nameObject(name) {
  return `/${[...toUtf8(name.slice(1))].map((byte) => {
    const letter = String.fromCharCode(byte);
    if (/[A-Za-z0-9_-]/.test(letter)) return letter;
    return `#${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("")}`;
}
