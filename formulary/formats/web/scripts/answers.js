// Whether a line is the number, email address or time that the form asks for, as `collect` says it.

const UNSEEN = new RegExp(
  "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e" +
    "\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0001}]",
  "gu",
);
const plainLine = (text) => wordsOf(text.replace(UNSEEN, "").normalize("NFC")).join(" ");

// A decimal number as [sign, whole digits, digits behind the point]: no binary fraction is rounded.
function readNumber(text, unit) {
  let words = plainLine(text);
  const endings = [unit, unit.replace(/s$/, "")].filter(Boolean).sort((a, b) => b.length - a.length);
  const ending = endings.find((one) => words.toLowerCase().endsWith(one.toLowerCase()));
  if (ending) words = words.slice(0, -ending.length).trimEnd();
  const found = /^([-+\u2212]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?$/.exec(words);
  if (!found || !(found[2] || found[3])) return null;
  return Number(`${"-\u2212".includes(found[1] || "+") ? "-" : ""}${(found[2] || "0").replace(/,/g, "")}${found[3] || ""}`);
}

function isTime(text) {
  const words = plainLine(text).toLowerCase();
  if (["noon", "midday", "12 noon", "midnight"].includes(words)) return true;
  const found = /^(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(?:([ap])\.?\s?m\.?|h(?:rs?)?)?$/.exec(words);
  if (!found || /^\d{1,2}$/.test(words)) return false;
  const [hour, minute] = [Number(found[1]), Number(found[2] || 0)];
  if (found[3] && !(hour >= 1 && hour <= 12)) return false;
  return (found[3] || hour < 24) && minute < 60;
}

const isEmail = (text) =>
  /^[^@\s<>()",;]+@[^@\s<>()"',;.]+(?:\.[^@\s<>()"',;.]+)+$/.test(plainLine(text));

function explainMisfit(value, { format, unit, least, most }) {
  if (format === "email" && !isEmail(value)) return "is not an email address, such as name@example.org";
  if (format === "time" && !isTime(value)) return "is not a time of day, such as 14:30";
  if (format !== "number") return "";
  const number = readNumber(value, unit);
  const written = (one) => `${one} ${one === 1 ? unit.replace(/s$/, "") : unit}`.trim();
  if (number === null) return `is not a number${unit ? ` of ${unit}` : ""}, such as 7.5`;
  if (least !== null && number < least) return `is less than ${written(least)}, the least that is allowed`;
  if (most !== null && number > most) return `is more than ${written(most)}, the most that is allowed`;
  return "";
}

// How the program that saved a text seems to have lost letters of it; empty where it has not.
function describeLostLetters(text) {
  const lost =
    /\S*[\ufffd\ue000-\uf8ff\u{f0000}-\u{10ffff}]\S*|(?<!\S)[\p{L}?'’-]*\?\p{L}[\p{L}?'’-]*(?![/=&@:])|(?<!\S)\?{3,}(?!\S)/u.exec(text);
  return lost ? `letters that the program has lost: “${lost[0]}”` : "";
}

// A name or a text for comparison: without capitals, accents, punctuation and blanks.
function comparisonKey(text) {
  const plain = { ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ŧ: "t", ı: "i", æ: "ae", œ: "oe", þ: "th", ß: "ss" };
  return plainLine(text).normalize("NFKD").toLowerCase()
    .replace(/[łøđðħŧıæœþß]/g, (letter) => plain[letter]).replace(/[^\p{L}\p{N}]/gu, "");
}

const TITLES =
  /^(?:(?:mr|mrs|ms|miss|mx|mme|dr|doctor|prof|professor|(?:the )?rev|revd|(?:the )?reverend|sir|dame|lord|lady|fr|father|canon|cllr|rabbi)(?:\.\s*|\s+))+(?=\S)/i;

// Whether a text has a name among other words, in any order of its parts that goes round.
function mentionsName(text, name) {
  const words = text.split(/[\s,;:/&+()[\]]+/).map(comparisonKey);
  const bounds = new Set([0]);
  let size = 0;
  for (const word of words) bounds.add((size += word.length));
  const [last, ...first] = plainLine(name).split(",");
  const spoken = first.length === 1 ? `${first[0].trim()} ${last}` : plainLine(name);
  const parts = spoken.trim().replace(TITLES, "").split(/\s+/).map(comparisonKey);
  const whole = words.join("");
  return parts.some((_, at) => {
    const wanted = [...parts.slice(at), ...parts.slice(0, at)].join("");
    for (let place = whole.indexOf(wanted); wanted && place >= 0; place = whole.indexOf(wanted, place + 1)) {
      if (bounds.has(place) && bounds.has(place + wanted.length)) return true;
    }
    return false;
  });
}
