// The typeface of the PDF's fields: which letters it has, how wide they are, how marks are set.

const ABOVE = 230; // the combining class of the marks over a letter (Unicode, 4.3)
const MARK = 160; // how much higher a mark is than what is below it, in thousandths of the size

class Typeface {
  constructor(table) {
    this.table = table;
    this.advances = new Map();
    this.codes = new Map();
    for (const [code, glyph, widths] of table.runs) {
      widths.forEach((width, place) => {
        const letter = String.fromCodePoint(code + place);
        this.advances.set(letter, width);
        this.codes.set(letter, (glyph + place).toString(16).toUpperCase().padStart(4, "0"));
      });
    }
    this.known = new Set([...this.advances.keys(), "\n"]);
    this.classes = numbersByLetter(table.classes);
    this.heights = numbersByLetter(table.heights);
    this.twins = new Map(Object.entries(table.twins));
  }

  // The text as it is drawn: letters composed with their marks, line ends as "\n", no tabs.
  drawable(text) {
    if (/^[ -~]*$/.test(text)) return text;
    const whole = text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").normalize("NFC");
    return letters(whole).map((letter) => this.drawn(letter)).join("");
  }

  drawn(letter) {
    if (letter === "\u00ad") return "";
    if (this.known.has(letter)) return letter;
    const twin = this.plainTwin(letter);
    return letters(twin).every((part) => this.known.has(part)) ? twin : letter;
  }

  plainTwin(letter) {
    const code = letter.codePointAt(0);
    if (this.table.unseen.some(([first, count]) => code >= first && code < first + count)) return "";
    if (this.twins.has(letter)) return this.twins.get(letter);
    if (new RegExp(BLANKS).test(letter)) return " ";
    const folded = letter.normalize("NFKC");
    return folded.trim() ? folded : letter;
  }

  // The letters of a text that cannot be shown, each once.
  lacks(text) {
    return [...new Set(letters(this.drawable(text)).filter((letter) => !this.known.has(letter)))];
  }

  advance(text) {
    let sum = 0;
    for (const letter of text) sum += this.advances.get(letter) || 0;
    return sum;
  }

  width(text, size) {
    return (this.advance(this.drawable(text)) * size) / 1000;
  }

  // The text as it is drawn, without what cannot be shown.
  shown(text) {
    const lacking = new Set(this.lacks(text));
    return letters(this.drawable(text)).filter((letter) => !lacking.has(letter)).join("");
  }

  code(text) {
    return letters(text).map((letter) => this.codes.get(letter) || "").join("");
  }
}

function numbersByLetter(groups) {
  const found = new Map();
  for (const [number, members] of Object.entries(groups)) {
    for (const letter of members) found.set(letter, Number(number));
  }
  return found;
}

// A length as PDF writes it: at most three places. Exact halves go to the even digit.
function pdfNumber(value) {
  let written = value.toFixed(3);
  if (Number.isInteger(value * 16) && Math.abs(value * 16) % 2 === 1) {
    const down = Math.floor(Math.abs(value) * 1000);
    const even = down % 2 ? down + 1 : down;
    written = ((value < 0 ? -1 : 1) * (even / 1000)).toFixed(3);
  }
  written = written.replace(/0+$/, "").replace(/\.$/, "");
  return written === "-0" ? "0" : written;
}

// As Python divides downwards: what is left is taken off first.
function floorDivide(value, by) {
  const quotient = (value - (value % by)) / by;
  const low = Math.floor(quotient);
  return quotient - low > 0.5 ? low + 1 : low;
}

// ---- A text set in its box ----

function boxOf([width, height, many, size, colour, side, cells, frame, open]) {
  return { width, height, many, size, colour, side, cells, frame, open };
}

// The size and the lines; `excess` is how many letters have no place at the smallest size.
function setText(text, box, face) {
  const { smallest, step } = face.table;
  const shown = face.drawable(text);
  if (box.cells) {
    const excess = letters(shown).length - box.cells;
    return { size: box.size, lines: [shown], excess: Math.max(0, excess) };
  }
  const least = Math.min(smallest, box.size);
  for (let size = box.size; ; size = Math.max(least, size - step)) {
    const lines = box.many ? wrapLines(shown, box.width - 2 * face.table.margin, face, size) : [shown];
    if (fitsBox(lines, box, face, size)) return { size, lines, excess: 0 };
    if (size === least) return { size, lines, excess: excessOf(shown, lines, box, face, size) };
  }
}

function fitsBox(lines, box, face, size) {
  if (box.many) return lines.length <= roomOf(box, face, size);
  return face.width(lines[0], size) <= box.width - 2 * face.table.margin;
}

// How many lines the box takes.
function roomOf(box, face, size) {
  const { ascent, descent, margin } = face.table;
  const line = ((ascent - descent) * size) / 1000;
  return Math.max(1, 1 + floorDivide(box.height - 2 * margin - line, leadingOf(size, face)));
}

const leadingOf = (size, face) => (size * face.table.leading) / face.table.size;

function excessOf(text, lines, box, face, size) {
  if (box.many) {
    return lines.slice(roomOf(box, face, size)).reduce((sum, line) => sum + letters(line).length + 1, 0);
  }
  const whole = letters(text);
  let kept = whole.length;
  while (kept && face.width(whole.slice(0, kept).join(""), size) > box.width - 2 * face.table.margin) {
    kept -= 1;
  }
  return whole.length - kept;
}

function wrapLines(text, width, face, size) {
  const room = (width * 1000) / size;
  const space = face.advance(" ");
  const lines = [];
  for (const paragraph of face.drawable(text).split("\n")) {
    let words = [];
    let used = 0;
    for (const whole of paragraph.split(" ")) {
      let word = whole;
      let needed = face.advance(word);
      if (words.length && used + space + needed <= room) {
        words.push(word);
        used += space + needed;
        continue;
      }
      if (words.length) lines.push(words.join(" "));
      if (needed > room) {
        const pieces = breakWord(word, room, face);
        word = pieces.pop();
        lines.push(...pieces);
        needed = face.advance(word);
      }
      [words, used] = [[word], needed];
    }
    lines.push(words.join(" "));
  }
  return lines;
}

// How a text that does not fit begins, at the smallest size, and a note in place of the rest.
function cutText(text, box, note, face) {
  const shown = face.drawable(text);
  const size = Math.min(face.table.smallest, box.size);
  const width = box.width - 2 * face.table.margin;
  const room = box.many ? roomOf(box, face, size) : 1;
  if (room > 1) return { size, lines: [...wrapLines(shown, width, face, size).slice(0, room - 1), note] };
  const words = wordsOf(shown);
  for (; words.length; words.pop()) {
    const line = [...words, note].join(" ");
    if (face.width(line, size) <= width) return { size, lines: [line] };
  }
  return { size, lines: [note] };
}

const BLANKS = "[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const wordsOf = (text) => text.split(new RegExp(`${BLANKS}+`)).filter(Boolean);

function breakWord(word, room, face) {
  const pieces = [""];
  let used = 0;
  for (const letter of word) {
    const wide = face.advance(letter);
    if (pieces[pieces.length - 1] && used + wide > room) {
      pieces.push("");
      used = 0;
    }
    pieces[pieces.length - 1] += letter;
    used += wide;
  }
  return pieces;
}

// ---- Its drawing ----

function fieldStyle(box, size, face) {
  const fonts = face.table.fonts.map((name) => `${name} ${pdfNumber(box.open ? 0 : size)} Tf `);
  return fonts.join("") + box.colour;
}

function textDrawing(setting, box, face) {
  if (!setting.lines.some(Boolean)) return `${box.frame}/Tx BMC EMC`;
  const { ascent, cap, margin } = face.table;
  const size = setting.size;
  const baseline = box.many
    ? box.height - margin - (size * ascent) / 1000
    : (box.height - (size * cap) / 1000) / 2;
  const lines = box.cells ? fillCells(setting, box, face) : alignLines(setting, box, face);
  return (
    `${box.frame}/Tx BMC q 1 1 ${pdfNumber(box.width - 2)} ${pdfNumber(box.height - 2)} re W n ` +
    `BT ${face.table.font} ${pdfNumber(size)} Tf ${box.colour} ${pdfNumber(leadingOf(size, face))} TL ` +
    `${pdfNumber(margin)} ${pdfNumber(baseline)} Td ${lines}ET Q EMC`
  );
}

function alignLines(setting, box, face) {
  if (box.side === 0) {
    return setting.lines.map((line) => `${showLine(line, setting.size, face)} T* `).join("");
  }
  const room = box.width - 2 * face.table.margin;
  let at = 0;
  return setting.lines.map((line) => {
    const start = ((room - face.width(line, setting.size)) * box.side) / 2;
    const moved = `${pdfNumber(start - at)} 0 Td ${showLine(line, setting.size, face)} T* `;
    at = start;
    return moved;
  }).join("");
}

function fillCells(setting, box, face) {
  const cell = box.width / box.cells;
  let at = face.table.margin;
  return letters(setting.lines[0]).map((letter, place) => {
    const start = cell * (place + 0.5) - face.width(letter, setting.size) / 2;
    const moved = `${pdfNumber(start - at)} 0 Td ${showLine(letter, setting.size, face)} `;
    at = start;
    return moved;
  }).join("");
}

function showLine(line, size, face) {
  if (!letters(line).some((letter) => face.classes.has(letter))) return `<${face.code(line)}> Tj`;
  let half = 0;
  let rise = 0;
  return letters(line).map((letter) => {
    const code = `<${face.code(letter)}>`;
    const place = face.classes.get(letter) || 0;
    if (!place) {
      half = face.advance(letter) / 2;
      rise = face.heights.get(letter) || 0;
      return `${code} Tj`;
    }
    let drawn = `[${pdfNumber(half)} ${code} ${pdfNumber(-half)}] TJ`;
    if (place === ABOVE && rise) drawn = `${pdfNumber((rise * size) / 1000)} Ts ${drawn} 0 Ts`;
    rise += place === ABOVE ? MARK : 0;
    return drawn;
  }).join(" ");
}
