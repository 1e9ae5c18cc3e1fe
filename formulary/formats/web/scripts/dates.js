// Days as people write them, read as `collect` reads them where day and month are not in doubt.

const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august",
  "september", "october", "november", "december"];

// A month by its number, its name or the beginning of it; 0 if there is none.
function monthOf(text) {
  const name = text.trim().toLowerCase().replace(/^sept$/, "sep").replace(/\.$/, "");
  if (/^\d{1,2}$/.test(name)) return Number(name);
  return 1 + MONTHS.findIndex((month) => name === month || name === month.slice(0, 3));
}

const twoDigits = (number) => String(number).padStart(2, "0");
const asDate = (day, month, year) => `${twoDigits(day)}/${twoDigits(month)}/${String(year).padStart(4, "0")}`;

// What three boxes say, as dd/mm/yyyy; as it was typed where that is no day.
function dateOf(day, month, year) {
  const typed = [day, month, year].map((text) => text.trim());
  if (!typed.some(Boolean)) return "";
  if (typed[0] && !typed[1] && !typed[2]) return readDate(typed[0]) || typed[0];
  const number = Number(typed[0].replace(/(st|nd|rd|th)$/i, ""));
  const full = /^\d\d$/.test(typed[2]) ? 2000 + Number(typed[2]) : Number(typed[2]);
  const found = monthOf(typed[1]);
  if (/^\d{2}(\d\d)?$/.test(typed[2]) && isDay(full, found, number)) return asDate(number, found, full);
  return typed.filter(Boolean).join("/");
}

// A day that was typed as one text, as dd/mm/yyyy; empty for none.
function readDate(text) {
  const words = text.trim().replace(/^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?[., ]+/i, "");
  const found =
    /^(\d{1,2})(?:st|nd|rd|th)?(?: of)?[-/. ,]+([a-z]{3,9}|\d{1,2})[-/. ,]+(\d{4}|\d\d)$/i.exec(words);
  const first = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T.*)?$/.exec(words);
  if (first) {
    const [year, month, day] = first.slice(1).map(Number);
    return isDay(year, month, day) ? asDate(day, month, year) : "";
  }
  if (!found) return "";
  const year = found[3].length === 2 ? 2000 + Number(found[3]) : Number(found[3]);
  const month = monthOf(found[2]);
  return isDay(year, month, Number(found[1])) ? asDate(Number(found[1]), month, year) : "";
}
