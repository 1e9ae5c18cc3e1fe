// The rules that count days: the cycle and its events, time limits, and a period of support.
//
// A day is a number that grows with time, 20270831; `null` is no day.

const MINUTE = 60_000;
const asUtc = (day) => new Date(Date.UTC(Math.floor(day / 10_000), Math.floor(day / 100 - 1) % 100, day % 100));
const ofUtc = (date) => date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
const plusDays = (day, number) => ofUtc(new Date(asUtc(day).getTime() + number * 24 * 60 * MINUTE));

// So much later. The 31st of a month that is too short becomes the first day of the next.
function addTime(day, number, unit, working, rules) {
  if (unit === "hour") return plusDays(day, Math.ceil(number / 24));
  if (unit === "month" || unit === "year") {
    const months = Math.floor(day / 100) % 100 - 1 + number * (unit === "year" ? 12 : 1);
    const [year, month] = [Math.floor(day / 10_000) + Math.floor(months / 12), (months % 12) + 1];
    if (isDay(year, month, day % 100)) return year * 10_000 + month * 100 + (day % 100);
    return month === 12 ? (year + 1) * 10_000 + 101 : year * 10_000 + (month + 1) * 100 + 1;
  }
  if (unit !== "day" || !working) return plusDays(day, number * (unit === "week" ? 7 : 1));
  let at = day;
  for (let left = number; left > 0; left -= 1) {
    do at = plusDays(at, 1);
    while ([0, 6].includes(asUtc(at).getUTCDay()) || rules.holidays.includes(at));
  }
  return at;
}

// A form does not say which cycle it is of, where an organisation has several. So what is said is
// what is wrong in every cycle that the form's own dates can be of.
function* checkTimes(known, answers) {
  const said = ["starts", "ends"].map((end) => prefilledDay(known, answers, `cycle.${end}`));
  const [from, to] = said[0] !== null && said[1] !== null && said[0] <= said[1] ? said : [null, null];
  const all = known.rules.calendars;
  const within = all.filter(({ starts, ends }) => from !== null && starts <= from && to <= ends);
  const calendars = within.length || !all.length ? within : all;
  const found = (calendars.length ? calendars : [null]).map((calendar) => {
    const period = from !== null && (within.length || !calendar) ? [from, to] : calendar && [calendar.starts, calendar.ends];
    return [...checkCalendar({ known, answers, calendar, period })];
  });
  const [first, ...others] = found;
  yield* first.filter(({ code, id }) => others.every((list) => list.some((one) => one.code === code && one.id === id)));
  yield* checkSupport(known, answers);
}

function prefilledDay(known, answers, prefill) {
  const asked = known.questions.find((question) => question.prefill === prefill);
  return asked ? dayNumber(answers.get(asked.id) || "", known.rules) : null;
}

function* checkCalendar(own) {
  const { known, answers, calendar, period } = own;
  const days = known.questions.filter(({ kind }) => kind === "date")
    .map((question) => ({ question, day: dayNumber(answers.get(question.id) || "", known.rules) }))
    .filter(({ day }) => day !== null);
  const recorded = ({ id }) => (calendar ? calendar.events.filter((event) => event.recorded.includes(id)) : []);
  const held = days.filter(({ question }) =>
    [...known.rules.meetings, "meeting", "observed"].includes(question.means) || recorded(question).length);
  const limited = known.rules.limits.map(({ ends }) => ends);
  for (const { question, day } of held) {
    const late = recorded(question).map((event) => describeLateness(own, event, question, day, held, recorded));
    const breach = late.length && late.every(Boolean) ? late[late.length - 1] : null;
    if (!breach) yield* checkDay(own, recorded(question), question, day);
    else if (!limited.includes(question.means)) yield { id: question.id, ...breach };
  }
  for (const { question, day, at } of signatureDays(known, answers)) {
    yield* checkDay(own, recorded(question), question, day, at);
  }
  for (const { question, day } of days) {
    const isHeld = held.some((one) => one.question === question);
    if (known.rules.followUps.includes(question.means) && !isHeld) yield* checkFuture(own, question, day);
  }
  const goesOn = multiCycleRows(known, answers);
  for (const { question, day } of period ? days : []) {
    if (question.means !== "by-when") continue;
    const row = known.rules.rows.find(({ questions }) => questions.includes(question.id));
    if (day < period[0] || (day > period[1] && !(row && goesOn.has(row.place)))) yield outside(period, period, question, day);
  }
  yield* checkLimits(known, answers, calendar);
}

function* checkDay(own, recorded, question, day, at = question.id) {
  const { calendar, period } = own;
  if (!period) return yield* checkFuture(own, question, day, at);
  const events = recorded.length ? recorded : calendar ? calendar.events : [];
  const days = [...period, ...events.flatMap(({ first, last }) => [first, last]).filter(Boolean)];
  for (const { deadline, last } of events) if (deadline && last && last <= period[0]) days.push(plusDays(last, -92));
  const allowed = [Math.min(...days), Math.max(...days)];
  if (day < allowed[0] || day > allowed[1]) yield { ...outside(period, allowed, question, day), id: at };
  else yield* checkFuture(own, question, day, at);
}

// What has happened is not dated after today; 0 is no such day.
function* checkFuture({ known: { today } }, question, day, id = question.id) {
  if (!today || day <= today) return;
  yield { code: "date-future", id, message: `“${question.title}” (${british(day)}) is after today, ${british(today)}` };
}

function outside(period, allowed, question, day) {
  const wider = period[0] !== allowed[0] || period[1] !== allowed[1];
  const span = `${british(allowed[0])} to ${british(allowed[1])}`;
  const where = wider ? "the cycle and the days of its events" : "the cycle";
  return { code: "date-outside", id: question.id, message: `“${question.title}” (${british(day)}) is outside ${where}, ${span}` };
}

// How an event that happened on a day breaks its time; null where it does not.
function describeLateness({ known, calendar }, event, question, day, held, recorded) {
  const said = `“${question.title}” (${british(day)})`;
  if (event.anchor !== null) {
    const anchor = calendar.events[event.anchor];
    const days = held.filter((one) => recorded(one.question).includes(anchor)).map((one) => one.day);
    if (days.length) return compareWithAnchor(event, said, day, anchor.name, Math.max(...days), known.rules);
    if (event.lead === "before" && !event.offset && event.last && day > event.last) {
      return { code: "dates-order", message: `${said} is after “${anchor.name}” (${british(event.last)})` };
    }
  }
  if (event.deadline && event.last && day > event.last) {
    return { code: "time-limit", message: `${said} is late: “${event.name}” was due by ${british(event.last)}` };
  }
  return null;
}

function compareWithAnchor({ lead, offset, unit }, said, day, name, anchor, rules) {
  const when = `“${name}” (${british(anchor)})`;
  if (lead === "before" && day > anchor) return { code: "dates-order", message: `${said} is after ${when}` };
  if (["after", "within", "as soon as practicable after"].includes(lead) && day < anchor) {
    return { code: "dates-order", message: `${said} is before ${when}` };
  }
  const words = unit.replace(/s$/, "");
  const [one, working, number] = [words.split(" ").pop(), words.startsWith("working day"), Math.abs(offset)];
  const code = "time-limit";
  if (lead === "within" && offset > 0 && day > addTime(anchor, number, one, working, rules)) {
    return { code, message: `${said} is more than ${number} ${unit} after ${when}` };
  }
  if (offset < 0 && addTime(day, number, one, working, rules) > anchor) {
    return { code, message: `${said} is less than ${number} ${unit} before ${when}` };
  }
  return null;
}

function* checkLimits(known, answers, calendar) {
  for (const limit of known.rules.limits) {
    const last = daysMeaning(known, answers, limit.ends).pop();
    if (!last) continue;
    const at = { code: "time-limit", id: last.question.id };
    if (limit.event) {
      const due = calendar?.events.find(({ id }) => id === limit.event)?.last;
      if (due && last.day > due) {
        yield { ...at, message: `${limit.words} is dated ${british(last.day)}, and was due by ${british(due)}` };
      }
      continue;
    }
    const first = limit.begins ? daysMeaning(known, answers, limit.begins)[0] : null;
    const breach = first && describeBreach(first.day, last.day, limit, known.rules);
    if (breach) yield { ...at, message: `${limit.words} took from ${british(first.day)} to ${british(last.day)}, ${breach}` };
  }
}

function describeBreach(begins, ends, { most, least, unit, one, working }, rules) {
  if (ends < begins) return "which ends before it begins";
  if (most !== null && ends > addTime(begins, most, one, working, rules)) return `longer than ${most} ${unit}`;
  if (least !== null && ends < plusDays(addTime(begins, least, one, working, rules), -1)) return `shorter than ${least} ${unit}`;
  return "";
}

function* checkSupport(known, answers) {
  const [starts, ends] = ["support-starts", "support-ends"].map((means) => daysMeaning(known, answers, means));
  if (starts.length !== 1 || ends.length !== 1) return;
  const [from, to] = [starts[0].day, ends[0].day];
  if (to < from) {
    yield { code: "dates-order", id: ends[0].question.id, message: "the support ends before it starts" };
    return;
  }
  const until = Math.max(to, ...daysMeaning(known, answers, "extended-to").map(({ day }) => day));
  for (const { question, day } of daysMeaning(known, answers, "review-date")) {
    if (day >= from && day <= until) continue;
    const message = `“${question.title}” (${british(day)}) is outside the support period`;
    yield { code: "date-outside", id: question.id, message };
  }
}
