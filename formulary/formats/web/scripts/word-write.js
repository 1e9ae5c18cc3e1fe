// Fill the Word file in: the document's pieces, and in the gaps between them what was answered.

const dayOf = (value) => {
  const found = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(value);
  if (!found) return null;
  const [day, month, year] = found.slice(1).map(Number);
  return isDay(year, month, day) ? { year, month, day } : null;
};

function isDay(year, month, day) {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}

const escapeXml = (text) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

// What XML 1.0 forbids or advises against (section 2.2, Char).
const NOT_XML = new RegExp(
  "[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufdd0-\\ufdef\\ufffe\\uffff]" +
    "|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]",
  "g",
);

// The parts of a copy by name, in order: [[name, bytes]].
function wordParts(plan, values, person, carried) {
  const parts = plan.parts.map(([name, text, packed]) => [
    name,
    packed ? ofLatin(atob(text)) : toUtf8(text),
  ]);
  const [first, second, third] = plan.stamp;
  const properties = first + escapeXml(person) + second + carried + third;
  let text = plan.between[0];
  plan.controls.forEach((control, place) => {
    const value = values.get(control[0]);
    text += value ? fillControl(control, value, plan.ticks) : control[2];
    text += plan.between[place + 1];
  });
  const [propertiesName, documentName] = plan.names;
  return [...parts, [propertiesName, toUtf8(properties)], [documentName, toUtf8(text)]];
}

function fillControl([, kind, , around, oneLine, lineBreak, tab], value, ticks) {
  const words = [];
  if (kind === "checkbox") {
    words.push(...(value === "yes" ? ["1", ticks[1]] : ["0", ticks[0]]));
  } else {
    const plain = value.replace(/\r\n?/g, "\n");
    if (kind === "date") {
      const day = dayOf(value);
      words.push(day ? `${value.slice(6)}-${value.slice(3, 5)}-${value.slice(0, 2)}T00:00:00Z` : "");
      // an attribute without a day would not be valid, so a date that is none goes without it
      if (!day) around = [around[0].replace(/ w:fullDate="$/, ""), around[1].replace(/^"/, ""), ...around.slice(2)];
    }
    if (kind === "multiline") words.push(plain.includes("\n") ? "" : oneLine);
    words.push(escapeXml(plain).replaceAll("\n", lineBreak).replaceAll("\t", tab));
  }
  return around[0] + words.map((word, place) => word + around[place + 1]).join("");
}

// A zip file (PKWARE APPNOTE 4.3) of parts, the same for the same parts in one browser.
async function writeZip(parts) {
  const pieces = [];
  const listed = [];
  let at = 0;
  for (const [name, bytes] of parts) {
    const packed = await deflate(bytes);
    const label = toUtf8(name);
    const facts = new DataView(new ArrayBuffer(26));
    const set = (size, values, start) =>
      values.forEach((value, place) =>
        size === 2
          ? facts.setUint16(start + 2 * place, value, true)
          : facts.setUint32(start + 4 * place, value, true));
    set(2, [20, /^[\0-\x7f]*$/.test(name) ? 0 : 2048, 8, 0, 33], 0);
    set(4, [crc32(bytes), packed.length, bytes.length], 10);
    set(2, [label.length, 0], 22);
    const head = new Uint8Array(facts.buffer);
    pieces.push(ofLatin("PK\x03\x04"), head, label, packed);
    const place = new Uint8Array(14);
    new DataView(place.buffer).setUint32(10, at, true);
    listed.push(ofLatin("PK\x01\x02\x14\0"), head, place, label);
    at += 4 + head.length + label.length + packed.length;
  }
  const directory = joined(listed);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, parts.length, true);
  end.setUint16(10, parts.length, true);
  end.setUint32(12, directory.length, true);
  end.setUint32(16, at, true);
  return joined([...pieces, directory, new Uint8Array(end.buffer)]);
}
