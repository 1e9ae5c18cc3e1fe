// Tells which form and which edition a Word or PDF file is. The file is read here and
// sent to no one; what is known of the published files stands in the page, in #which-known.
//
// A file is hostile until read: sizes, counts and the depth of what is looked at are bounded, nothing
// of it is run, and its words reach the page as text only.
(() => {
  const LARGEST = 20e6; // bytes of a file that is read at all
  const LARGEST_PART = 2e6; // bytes of one unpacked part of it
  const MOST_PARTS = 5000; // entries of an archive
  const MOST_STREAMS = 200; // packed parts of a PDF that are looked into
  const LONGEST_HEAD = 5000; // signs of what stands before such a part, and of one object
  const KEYS = ["Form", "Organisation", "Year", "Edition", "Digest"];

  class Unreadable extends Error {}

  // ---- Unpacking ----

  async function unpacked(bytes, method) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(method));
    const reader = stream.getReader();
    const parts = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > LARGEST_PART) {
        await reader.cancel();
        throw new Unreadable("Part of the file is far larger than in any of our forms.");
      }
      parts.push(value);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  // ---- Word: a zip archive (PKWARE APPNOTE 4.3) ----

  function entries(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let end = bytes.length - 22;
    const first = Math.max(0, end - 65535);
    while (end >= first && view.getUint32(end, true) !== 0x06054b50) end -= 1;
    if (end < first) throw new Unreadable("The file is damaged: its end is missing.");
    const count = view.getUint16(end + 10, true);
    if (count > MOST_PARTS) throw new Unreadable("The file has more parts than any of our forms.");
    const found = new Map();
    let at = view.getUint32(end + 16, true);
    for (let place = 0; place < count; place += 1) {
      if (view.getUint32(at, true) !== 0x02014b50) throw new RangeError("no entry here");
      const length = view.getUint16(at + 28, true);
      found.set(latin(bytes.subarray(at + 46, at + 46 + length)), {
        method: view.getUint16(at + 10, true),
        packed: view.getUint32(at + 20, true),
        at: view.getUint32(at + 42, true),
      });
      at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return found;
  }

  async function part(bytes, entry) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start =
      entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true);
    const packed = bytes.subarray(start, start + entry.packed);
    if (entry.method === 8) return unpacked(packed, "deflate-raw");
    if (entry.method === 0 && packed.length <= LARGEST_PART) return packed;
    throw new Unreadable("The file is compressed in a way that this page cannot read.");
  }

  function xml(bytes) {
    const text = new TextDecoder().decode(bytes);
    if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Unreadable("The file is not in the form that programs save.");
    const read = new DOMParser().parseFromString(text, "application/xml");
    if (read.querySelector("parsererror")) throw new Unreadable("The file is damaged.");
    return read;
  }

  async function ofWord(bytes) {
    const parts = entries(bytes);
    if (!parts.has("word/document.xml")) throw new Unreadable("It is not a Word document.");
    const properties = parts.get("docProps/custom.xml");
    const marks = {};
    if (properties) {
      for (const node of xml(await part(bytes, properties)).getElementsByTagNameNS("*", "property")) {
        marks[node.getAttribute("name") || ""] = node.textContent;
      }
    }
    return { format: "Word", marks };
  }

  // ---- PDF: the document information (PDF 1.7, 14.3.3) ----

  function latin(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) {
      text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }
    return text;
  }

  const last = (found) => (found.length > 0 ? found[found.length - 1] : null);

  async function ofPdf(bytes) {
    const text = latin(bytes);
    const packed = await objectStreams(bytes, text);
    const trailers = [text, ...packed.map((stream) => stream.dictionary)].join("\n");
    if (/\/Encrypt\s+\d+\s+\d+\s+R/.test(trailers)) {
      throw new Unreadable("The file is locked with a password or a certificate.");
    }
    const info = last([...trailers.matchAll(/\/Info\s+(\d{1,9})\s+(\d{1,5})\s+R/g)]);
    const marks = {};
    if (info) {
      const dictionary = objectOf(info[1], info[2], text, packed);
      for (const key of KEYS) {
        const value = stringAfter(dictionary, `/Formulary${key}`);
        if (value !== null) marks[`Formulary${key}`] = value;
      }
    }
    return { format: "PDF", marks };
  }

  // The last of several objects of one number counts: programs save changes at the end of the file.
  function objectOf(number, generation, text, packed) {
    const plain = last([...text.matchAll(new RegExp(`(?<!\\d)${number}\\s+${generation}\\s+obj`, "g"))]);
    if (plain) return text.slice(plain.index, plain.index + LONGEST_HEAD).split("endobj")[0];
    for (const stream of [...packed].reverse()) {
      if (stream.objects.has(number)) return stream.objects.get(number);
    }
    return "";
  }

  // Streams that hold several objects (PDF 1.7, 7.5.7), and those that stand for a trailer (7.5.8).
  async function objectStreams(bytes, text) {
    const found = [];
    let seen = 0;
    for (const match of text.matchAll(/\/Type\s*\/(ObjStm|XRef)\b/g)) {
      seen += 1;
      if (seen > MOST_STREAMS) break;
      const around = Math.max(0, match.index - LONGEST_HEAD);
      const near = text.slice(around, match.index + LONGEST_HEAD);
      const start = near.lastIndexOf("obj", match.index - around);
      const ends = near.indexOf("stream", match.index - around + match[0].length);
      if (start < 0 || ends < 0) continue;
      const opens = around + ends;
      const dictionary = near.slice(start, ends);
      const objects = new Map();
      if (match[1] === "ObjStm") {
        const from = opens + (text.startsWith("\r\n", opens + 6) ? 8 : 7);
        const length = Number((/\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dictionary) || [])[1]);
        const rest = text.slice(from, from + LARGEST_PART);
        const to = from + (length || rest.indexOf("endstream"));
        try {
          const raw = bytes.subarray(from, to);
          readObjects(/FlateDecode/.test(dictionary) ? await unpacked(raw, "deflate") : raw, dictionary, objects);
        } catch {
          continue; // one stream that cannot be read says nothing of the others
        }
      }
      found.push({ dictionary, objects });
    }
    return found;
  }

  function readObjects(raw, dictionary, objects) {
    const text = latin(raw);
    const first = Number(/\/First\s+(\d+)/.exec(dictionary)[1]);
    const numbers = text.slice(0, first).trim().split(/\s+/);
    for (let place = 0; place + 1 < numbers.length; place += 2) {
      const from = first + Number(numbers[place + 1]);
      const to = place + 3 < numbers.length ? first + Number(numbers[place + 3]) : text.length;
      objects.set(numbers[place], text.slice(from, to));
    }
  }

  // A string after a key: in brackets or in hexadecimal (PDF 1.7, 7.3.4).
  function stringAfter(dictionary, key) {
    const at = dictionary.search(new RegExp(`${key}\\s*[(<]`));
    if (at < 0) return null;
    const from = dictionary.slice(at + key.length, at + key.length + 2000).trimStart();
    return decoded(from.startsWith("<") ? hexadecimal(from) : inBrackets(from));
  }

  function hexadecimal(from) {
    const digits = from.slice(1, from.indexOf(">")).replace(/[^0-9a-fA-F]/g, "");
    return digits.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
  }

  function inBrackets(from) {
    const signs = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "\n": "" };
    let said = "";
    let depth = 0;
    for (let at = 0; at < from.length; at += 1) {
      const sign = from[at];
      if (sign === "\\") {
        const octal = /^[0-7]{1,3}/.exec(from.slice(at + 1, at + 4));
        const next = from[at + 1];
        said += octal ? String.fromCharCode(parseInt(octal[0], 8) & 255) : (signs[next] ?? next);
        at += octal ? octal[0].length : 1;
        continue;
      }
      if (sign === "(") depth += 1;
      if (sign === ")") depth -= 1;
      if (depth === 0) break;
      if (sign !== "(" || depth > 1) said += sign;
    }
    return said;
  }

  function decoded(said) {
    if (!said.startsWith("\xfe\xff")) return said;
    const bytes = Uint8Array.from(said, (sign) => sign.charCodeAt(0));
    return new TextDecoder("utf-16be").decode(bytes);
  }

  // ---- What the page says ----

  async function read(file) {
    if (file.size === 0) throw new Unreadable("The file is empty: it has 0 bytes. Download it again.");
    if (file.size > LARGEST) throw new Unreadable("The file is far larger than any of our forms.");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const start = latin(bytes.subarray(0, 1024));
    let found;
    if (start.startsWith("PK")) found = await ofWord(bytes);
    else if (start.includes("%PDF-")) found = await ofPdf(bytes);
    else if (start.startsWith("\xd0\xcf\x11\xe0")) {
      throw new Unreadable(
        "It is a file from an old version of Word, or is locked with a password.",
      );
    } else throw new Unreadable("It is neither a Word document nor a PDF.");
    const marks = {};
    for (const key of KEYS) marks[key.toLowerCase()] = (found.marks[`Formulary${key}`] || "").slice(0, 80);
    return { format: found.format, ...marks, sha256: await checksum(bytes) };
  }

  // Browsers reckon checksums only for pages from https, this computer, or a file.
  async function checksum(bytes) {
    if (!window.crypto || !crypto.subtle) return "";
    const made = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...made].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const known = JSON.parse(document.getElementById("which-known").textContent);
  const own = (all, key) => (Object.hasOwn(all, key) ? all[key] : null);

  // Sentences for what was read, the gist first; `link` is where the form that holds now is.
  function told(found) {
    if (!KEYS.every((key) => found[key.toLowerCase()])) {
      return {
        gist: `This ${found.format} file does not say which form it is.`,
        more: [
          "It was not made here, or a program has removed its marks, as printing to PDF does. " +
            "Look for the code in its footer, and compare it with the table below.",
        ],
      };
    }
    const organisation = own(known, found.organisation);
    if (!organisation) {
      return {
        gist: `This is a ${found.format} file of another organisation (“${found.organisation}”), ` +
          `form “${found.form}”, edition ${found.edition}.`,
        more: ["This page knows only the files of this handbook. Look in the other handbook."],
      };
    }
    const form = own(organisation.forms, found.form);
    if (!form) {
      return {
        gist: `This is the form “${found.form}” of ${organisation.name}, edition ${found.edition} ` +
          `(${found.format}).`,
        more: ["The current edition has no such form."],
      };
    }
    return toldOf(found, organisation, form);
  }

  function toldOf(found, organisation, form) {
    const short = found.digest.slice(0, 8).toUpperCase();
    const code = `${short.slice(0, 4)}-${short.slice(4)}`;
    const same = found.digest === form.digest;
    const what = ["policy", "changes"].includes(found.form) ? "words" : "questions";
    const more = [];
    const year = Number(found.year);
    if (found.edition === organisation.edition) {
      more.push("It is the current edition.");
    } else if (year < organisation.year) {
      more.push(`It is an older edition. The current one is ${organisation.edition}.`);
    } else {
      more.push(
        `This handbook holds edition ${organisation.edition}, which is older than the file. ` +
          "Look for a newer handbook.",
      );
    }
    if (found.edition === organisation.edition) {
      more.push(
        same
          ? `Its ${what} are as published (code ${code}).`
          : `Its ${what} are not those published now: its code is ${code}, and the code now is ` +
              `${form.code.split(" ").pop()}. It was fetched before a change.`,
      );
    } else {
      more.push(
        same
          ? `Its ${what} are the same as in edition ${organisation.edition} (code ${code}).`
          : `Its ${what} differ from those of edition ${organisation.edition} (its code: ${code}).`,
      );
    }
    const file = own(organisation.files, found.sha256);
    if (file) {
      more.push(`Byte for byte it is the file published here (${file[1]}): nothing has been changed.`);
    } else if (found.sha256) {
      more.push(
        "It is not byte for byte a file published here. That is so as soon as a program has saved " +
          "it, for example filled in.",
      );
    } else {
      more.push(
        "It is not possible to say whether it is byte for byte the file published here, because this page was " +
          "not opened over https.",
      );
    }
    const current = found.edition === organisation.edition && same;
    return {
      gist: `This is “${form.title}” of ${organisation.name}, edition ${found.edition} ` +
        `(${found.format}).`,
      more,
      link: {
        address: form.page,
        words: current ? `About “${form.title}”` : `The current “${form.title}”`,
      },
    };
  }

  // ---- The page ----

  const answer = document.getElementById("which-answer");
  const input = document.getElementById("which-file");
  const drop = document.getElementById("which-drop");
  let turn = 0;

  function show(name, said) {
    const heading = document.createElement("p");
    heading.className = "which-name";
    heading.textContent = name;
    const gist = document.createElement("p");
    gist.className = "which-gist";
    gist.textContent = said.gist;
    const list = document.createElement("ul");
    for (const sentence of said.more) {
      const item = document.createElement("li");
      item.textContent = sentence;
      list.append(item);
    }
    answer.replaceChildren(heading, gist, list);
    if (said.link) {
      const link = document.createElement("a");
      link.href = said.link.address;
      link.textContent = said.link.words;
      const line = document.createElement("p");
      line.append(link);
      answer.append(line);
    }
  }

  async function look(file) {
    turn += 1;
    const own = turn;
    answer.textContent = "Reading the file…";
    let said;
    try {
      said = told(await read(file));
    } catch (error) {
      const why = error instanceof Unreadable ? error.message : "The file is damaged.";
      said = {
        gist: "This file cannot be read.",
        more: [why, "If it is on paper or on screen, look for the code in its footer in the table below."],
      };
    }
    if (own === turn) show(file.name.slice(0, 200), said);
  }

  input.addEventListener("change", () => {
    if (input.files.length > 0) look(input.files[0]);
  });
  for (const name of ["dragover", "dragenter"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length > 0) look(event.dataTransfer.files[0]);
  });
  document.getElementById("which").hidden = typeof DecompressionStream === "undefined";
})();
