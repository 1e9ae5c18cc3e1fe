// What is wrong with the answers: the rules of `collect`, from the same data and in the same words.

// What is wrong with one answer by itself; empty for nothing.
function checkOne(question, value, rules) {
  if (question.kind === "date" && dayNumber(value, rules) === null) {
    return `“${shorten(value)}” under “${question.title}” is not a date`;
  }
  if (question.kind === "choice" && !question.options.includes(value)) {
    return `“${shorten(value)}” is none of the choices under “${question.title}”`;
  }
  const misfit = explainMisfit(value, question);
  return misfit ? `“${shorten(value)}” under “${question.title}” ${misfit}` : "";
}

function shorten(text) {
  const shown = wordsOf(text).join(" ");
  return letters(shown).length <= 60 ? shown : `${letters(shown).slice(0, 57).join("")}…`;
}

// Everything that is wrong, in the order of the form: [{id, message}].
function checkAnswers(known, answers) {
  const faults = [];
  for (const question of known.questions) {
    const value = (answers.get(question.id) || "").trim();
    const own = value ? checkOne(question, value, known.rules) : "";
    const damage = describeLostLetters(value);
    if (damage) faults.push({ code: "answer-unclear", id: question.id, message: `“${question.title}” has ${damage}` });
    if (question.required && !value) {
      faults.push({ code: "answer-missing", id: question.id, message: `“${question.title}” has no answer` });
    } else if (own) faults.push({ code: "answer-unclear", id: question.id, message: own });
  }
  faults.push(...checkRules(known, answers));
  return faults.filter(({ code }) => !known.rules.off.includes(code));
}

const daysMeaning = (known, answers, ...meanings) =>
  known.questions
    .filter((question) => meanings.includes(question.means))
    .map((question) => ({ question, day: dayNumber(answers.get(question.id) || "", known.rules) }))
    .filter(({ day }) => day !== null);

// A day as a number that grows with time; null for no day.
function dayNumber(value, { years }) {
  const day = dayOf(value) || dayOf(readDate(value));
  return day && day.year >= years[0] && day.year < years[1] ? day.year * 10_000 + day.month * 100 + day.day : null;
}

const british = (number) => {
  const [year, month, day] = [Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100];
  const name = MONTHS[month - 1];
  return `${day} ${name[0].toUpperCase()}${name.slice(1)} ${year}`;
};

function* checkRules(known, answers) {
  yield* checkObjectives(known, answers);
  yield* checkOrder(known, answers);
  yield* checkTimes(known, answers);
  yield* checkSignatures(known, answers);
  yield* checkPay(known, answers);
  yield* checkAppeal(known, answers);
}

const firstMeaning = (known, answers, meaning) =>
  known.questions.filter((question) => question.means === meaning)
    .map((question) => (answers.get(question.id) || "").trim()).find(Boolean) || "";

// The places of rows whose objective goes on beyond the cycle.
function multiCycleRows(known, answers) {
  const marks = new Set(known.questions.filter(({ id, means }) => means === "multi-cycle" && answers.get(id)).map(({ id }) => id));
  return new Set(known.rules.rows.filter(({ questions }) => questions.some((id) => marks.has(id))).map(({ place }) => place));
}

function* checkObjectives(known, answers) {
  const { objectives: rule, rows } = known.rules;
  const byId = new Map(known.questions.map((question) => [question.id, question]));
  const given = (id) => (answers.get(id) || "").trim();
  let count = 0;
  let last = "";
  const goesOn = multiCycleRows(known, answers);
  for (const { place, questions } of rows) {
    const meaning = (wanted) => questions.map((id) => byId.get(id)).filter((one) => one.means === wanted).pop();
    const objective = meaning("objective");
    if (!objective || !given(objective.id)) continue;
    count += 1;
    last = objective.id;
    for (const wanted of ["measure", "by-when"]) {
      const asked = meaning(wanted);
      if (!asked || given(asked.id) || (wanted === "by-when" && goesOn.has(place))) continue;
      yield { code: "objective-incomplete", id: asked.id, message: `“${asked.title}” is empty` };
    }
  }
  if (!rule || firstMeaning(known, answers, "number-reason")) return;
  const most = rule.max || rule.exactly || rule.normal;
  const least = rule.min || rule.exactly;
  const set = count === 1 ? "1 objective is" : `${count} objectives are`;
  const bound = (word) => (rule.exactly ? "" : word);
  const firm = rule.strength ? ` (${rule.strength})` : "";
  if (most && count > most) {
    yield { code: "objectives-number", id: last, message: `${set} set, and the rule is ${bound("at most ")}${most}${firm}` };
  } else if (least && count > 0 && count < least) {
    yield { code: "objectives-number", id: last, message: `${set} set, and the rule is ${bound("at least ")}${least}${firm}` };
  }
}

// The meetings are in the order of the year, and the cycle ends after it starts.
function* checkOrder(known, answers) {
  const order = known.rules.meetings;
  const meetings = daysMeaning(known, answers, ...order);
  for (const then of meetings) {
    const earlier = meetings.filter(({ question }) => order.indexOf(question.means) < order.indexOf(then.question.means));
    if (!earlier.length) continue;
    const latest = earlier.reduce((most, one) => (one.day > most.day ? one : most));
    if (latest.day > then.day) {
      yield {
        code: "dates-order",
        id: then.question.id,
        message: `“${then.question.title}” (${british(then.day)}) is before “${latest.question.title}” (${british(latest.day)})`,
      };
    }
  }
  const end = (prefill) => {
    const asked = known.questions.find((question) => question.prefill === prefill);
    return asked ? [asked, dayNumber(answers.get(asked.id) || "", known.rules)] : [null, null];
  };
  const [[, starts], [asked, ends]] = [end("cycle.starts"), end("cycle.ends")];
  if (starts !== null && ends !== null && ends < starts) {
    yield { code: "dates-order", id: asked.id, message: "the cycle ends before it starts" };
  }
}

// Every signature with the day beside it, and the question that the day answers.
const signatureDays = (known, answers) =>
  known.questions.flatMap((question, place) => {
    const date = known.questions[place + 1];
    const day = question.signature && date ? dayNumber(answers.get(date.id) || "", known.rules) : null;
    return day === null ? [] : [{ question, day, at: date.id }];
  });

// Nobody signs before the first meeting that the form records.
function* checkSignatures(known, answers) {
  const held = daysMeaning(known, answers, ...known.rules.meetings, "observed");
  if (!held.length) return;
  const first = held.reduce((least, one) => (one.day < least.day ? one : least));
  for (const { question, day, at } of signatureDays(known, answers)) {
    if (day < first.day) {
      yield {
        code: "signed-early",
        id: at,
        message: `“${question.title}” is dated ${british(day)}, before “${first.question.title}” (${british(first.day)})`,
      };
    }
  }
}

// Pay goes up only at the rating that the policy asks for; whoever observes a teacher holds QTS.
function* checkPay(known, answers) {
  const asked = known.questions.find((question) => question.means === "pay-criteria");
  const chosen = firstMeaning(known, answers, "pay-criteria");
  const rises = asked && chosen && chosen === asked.options[0];
  if (known.rules.payRating && rises && !firstMeaning(known, answers, "pay-exception")) {
    for (const question of known.questions.filter(({ means }) => means === "rating")) {
      const value = answers.get(question.id) || "";
      for (const [name, number] of known.rules.levels) {
        if (number !== null && number > known.rules.payRating && value.startsWith(name)) {
          yield { code: "pay-below-rating", id: question.id, message: `a rise in pay is recommended, and “${question.title}” is ${name}` };
        }
      }
    }
  }
  const observer = known.questions.find((question) => question.means === "observer-qualified");
  if (firstMeaning(known, answers, "observer-qualified").toLowerCase() === "no") {
    yield { code: "observer-unqualified", id: observer.id, message: "the observer does not hold QTS" };
  }
  const reason = known.questions.find((question) => question.means === "extension-reason");
  const extended = daysMeaning(known, answers, "extended-to");
  if (reason && extended.length && !firstMeaning(known, answers, "extension-reason")) {
    yield { code: "extension-without-reason", id: reason.id, message: "the period was extended, and no reason is given" };
  }
}

// An appeal is not heard by the reviewer.
function* checkAppeal(known, answers) {
  const asked = known.questions.find(({ means }) => means === "hearer");
  const hearer = firstMeaning(known, answers, "hearer");
  const reviewer = known.questions.find(({ prefill }) => prefill === "staff.reviewer");
  if (hearer && reviewer && mentionsName(hearer, answers.get(reviewer.id) || "")) {
    yield { code: "appeal-own", id: asked.id, message: `the appeal is heard by ${shorten(hearer)}, who is the reviewer` };
  }
}
