"""Check protected characteristics, laws in force, open ends and matters that are not mentioned."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import lru_cache

from formulary import problems
from formulary.check.context import locate_clauses
from formulary.check.texts import KEPT, OrganisationTexts
from formulary.content.cycle import british
from formulary.content.law import Law
from formulary.content.loading import File
from formulary.content.source import Document, Loc
from formulary.edition.filled_text import FilledText
from formulary.problems import Problem

CHARACTERISTICS = {
    "age": r"\bage\b",
    "disability": r"\bdisabilit\w*|\bdisabled\b",
    "gender reassignment": r"\bgender reassignment\b|\btrans(gender| status)?\b",
    "marriage and civil partnership": r"\bmarriage\b|\bmarital\b|\bcivil partner\w*",
    "pregnancy and maternity": r"\bpregnan\w*|\bmaternity\b",
    "race": r"\brac(e|ial)\b|\bethnic\w*|\bcolour\b|\bnational(ity)?\b",
    "religion or belief": (
        r"\breligio\w*\b(?=.*\b(belief|faith)s?\b)|\b(belief|faith)s?\b(?=.*\breligio)"
    ),
    "sex": r"\bsex\b|\bgender\b(?! reassignment)",
    "sexual orientation": r"\bsexual orientation\b|\bsexuality\b",
}
"""The nine of the Equality Act 2010, section 4, each with the words by which a list names it."""

HALF = {"religion or belief": (r"\breligio\w*|\bfaith\b|\bbelief\b", "belief beside religion")}
ENOUGH = 5
"""A list that names so many sets out to name them all."""

_APPRAISAL = (
    r"Teachers?[’']? (?:Appraisal|Performance Management)\)? .{0,20}Regulations 20(?:00|01|06)"
)
REPLACED = {
    r"Disability Discrimination Act(?: (?:1995|2005))?|DDA(?<!\wDDA)\b": "the Equality Act 2010",
    r"Sex Discrimination Act(?: 1975)?": "the Equality Act 2010",
    r"Race Relations (?:\(Amendment\) )?Act(?: (?:1976|2000))?": "the Equality Act 2010",
    r"Equal Pay Act(?: 1970)?": "the Equality Act 2010",
    r"Employment Equality \([^)]*\) Regulations(?: \d{4})?": "the Equality Act 2010",
    r"Data Protection Act (?:1984|1998)": "the Data Protection Act 2018 and the UK GDPR",
    f"{_APPRAISAL}|School {_APPRAISAL}": (
        "the Education (School Teachers’ Appraisal) (England) Regulations 2012"
    ),
    r"Employment Protection \(Consolidation\) Act(?: 1978)?": "the Employment Rights Act 1996",
    r"Criminal Records Bureau|CRB(?<!\wCRB) checks?\b": "the Disclosure and Barring Service",
    r"Independent Safeguarding Authority": "the Disclosure and Barring Service",
}
"""Laws and bodies that no longer are, and what took their place in England.

Each alternative begins with a letter: `re` then looks only where one of these letters is.
"""

_ANY_REPLACED = re.compile("|".join(REPLACED))

RATING = re.compile(r"\b(graded|ratings?|rated|scores?|scored)\b", re.I)
STAGES = re.compile(r"\bcareer stages?( expectations?)?\b", re.I)
OPEN = re.compile(
    r"\breasonable (?:amount of )?(?:time ?frame|timescale|time|period|number|notice)\b"
    r"|\bnumber of [\w ]{3,30} (?:is|are|should be|will be|must be) reasonable\b"
    r"|\b(?:at )?specified (?:points?|stages?|times?|intervals?)\b"
    r"|\bsufficient notice\b",
    re.I,
)
DURATIONS = ("hour", "day", "week", "month", "term", "year", "objective", "goal")
FIGURE = re.compile(r"\b\w+ (?:to \w+ )?(?:working |school )?(?:hour|day|week|month)s?\b", re.I)
NO_LINK = re.compile(r"\bnot (?:be )?(?:linked|tied|related|connected) to pay\b", re.I)
PAY_LINK = re.compile(r"\bpay (?:progression|recommendation|decision)s?\b", re.I)
SILENT = {
    "appeals": (r"\bappeal|\bgrievance", "how a person can appeal"),
    "confidentiality": (
        r"\bconfidential|\b(?:may|can) (?:see|read)\b|\bseen by\b",
        "who may see the papers",
    ),
    "retention": (
        r"\bretention (?:of|schedule|period|policy)|\bretain|\bdestroy|\bkept for\b"
        r"|\bkept\b.{0,40}\byears?\b",
        "how long records are kept",
    ),
    "equality": (
        r"\bequal opportunit|\bequality\b|\bequity\b|\bdiscriminat|\bprotected characteristic",
        "equality",
    ),
    "capability": (
        r"\bcapability|\bunderperform|\bunsatisfactory|\bpoor performance|\bcauses? concern"
        r"|\bconcerns? about (?:\w+ )?performance|\bsupport plan|\bbelow the standard",
        "performance that stays too low",
    ),
    "data-protection": (r"\bdata protection\b|\bpersonal data\b|\bGDPR\b", "data protection"),
}


CLAIMED = {
    "part-time": r"\bpart[- ]time\b",
    "leaving": r"\b(?:resign\w*|leav(?:es?|ing) (?:their|the) \w+|employment (?:\w+ ){0,2}ends?)\b",
    "accompanied": r"\b(?:accompan\w+|companions?|trade union representatives?)\b",
    "meeting-length": r"\b(?:an|one|two|\d+) (?:hours?|minutes)\b",
    "absent": r"\b(?:sickness|maternity|absen(?:ce|t)|long-term sick)\b",
}
"""What questions ask, by their ids: words with which a policy that is not silent on it speaks."""

SAYS_NOTHING = re.compile(r"\b(?:does not (?:say|mention)|has no (?:separate )?rule)\b", re.I)

YEAR = 366
"""Days after which a fact of law is to be checked again."""

PERFORMANCE_PAY = "performance-pay"
"""The fact of law.yaml on pay that depends on performance."""


def law_fact_findings(file: File[Law] | None, today: datetime.date) -> Iterator[Problem]:
    """Facts of law that were last checked more than a year before `today`."""
    for place, fact in enumerate(file.item.facts if file else ()):
        if file and (today - fact.checked).days > YEAR:
            message = f"“{fact.states}” was last checked on {british(fact.checked)}"
            remedy = f"Read {fact.source} again, correct the fact, and change the day."
            at = file.document.place(("facts", place, "checked"))
            yield Problem(problems.OLD_LEGAL_FACT, at, message, remedy)


def law_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """What is missing, out of date or left open."""
    yield from _check_equality(texts)
    yield from _find_old_laws(texts)
    yield from _find_missing_scales(texts)
    yield from _find_open_ends(texts)
    yield from _check_pay(texts)
    yield from _check_claimed_silence(texts)
    yield from _check_pay_link(texts)
    yield from _find_silence(texts)


def _check_equality(texts: OrganisationTexts) -> Iterator[Problem]:
    """A clause, list or sentence that names most of the protected characteristics, and not all."""
    policy = texts.own.policy
    for loc, _, clause in locate_clauses(policy.item):
        yield from _find_missing_characteristics(texts, policy.document, loc, clause.words())
    if texts.own.guidance:
        guidance = texts.own.guidance
        for i, topic in enumerate(guidance.item.topics):
            words = [topic.text or "", *(p.text for p in topic.points), topic.closing or ""]
            yield from _find_missing_characteristics(
                texts, guidance.document, ("topics", i), " ".join(words)
            )


def _find_missing_characteristics(
    texts: OrganisationTexts, document: Document, at: Loc, text: str
) -> Iterator[Problem]:
    if missing := _missing_characteristics(" ".join(text.split())):
        message = f"The list leaves out {', '.join(missing)}"
        yield texts.at(problems.EQUALITY_LIST, document, at, message, about=missing)


@lru_cache(maxsize=KEPT)
def _missing_characteristics(text: str) -> tuple[str, ...]:
    """What a text does not name that names most; nothing where it names few, or all."""
    named = [name for name, words in CHARACTERISTICS.items() if re.search(words, text, re.I)]
    half = [name for name, (words, _) in HALF.items() if re.search(words, text, re.I)]
    if len({*named, *half}) < ENOUGH:
        return ()
    return tuple(
        HALF[name][1] if name in half else name for name in CHARACTERISTICS if name not in named
    )


def _find_old_laws(texts: OrganisationTexts) -> Iterator[Problem]:
    seen: set[str] = set()
    for text in texts.all:
        if not _ANY_REPLACED.search(text.plain):  # as nearly all: quicker than to part sentences
            continue
        sentences = [sentence for sentence in text.sentences if _ANY_REPLACED.search(sentence)]
        for pattern, now in REPLACED.items():
            for sentence in sentences:
                match = re.search(pattern, sentence)
                if match is None or now.removeprefix("the ") in sentence:
                    continue
                if (text.clause or str(text.loc)) + pattern in seen:
                    continue
                seen.add((text.clause or str(text.loc)) + pattern)
                message = f"“{match.group()}” has been replaced by {now}"
                law = match.group()
                yield texts.finding(problems.OLD_LAW, text, message, words=law, about=(law,))


def _find_missing_scales(texts: OrganisationTexts) -> Iterator[Problem]:
    """Ratings or career stages that are spoken of where there are none; once for each word."""
    own = texts.own
    wanted = [(RATING, "rating scale")] if own.ratings is None else []
    if own.career_stages is None:
        wanted.append((STAGES, "table of career stages"))
    seen: set[str] = set()
    for text in texts.readers:
        for pattern, what in wanted:
            match = pattern.search(text.plain)
            word = match.group().lower().removesuffix("s") if match else ""
            if match is None or word in seen:
                continue
            seen.add(word)
            message = f"“{match.group()}” is spoken of, and there is no {what}"
            words = match.group()
            yield texts.finding(problems.NO_SCALE, text, message, words=words, about=(word,))
    if own.ratings:
        yield from _find_groups_without_scale(texts)


def _find_groups_without_scale(texts: OrganisationTexts) -> Iterator[Problem]:
    ratings = texts.own.ratings
    assert ratings is not None
    if ratings.item.pay_from is None:
        return
    for cycle in texts.own.cycles.item.cycles:
        paid = any(event.step == "pay-decision" for event in cycle.events)
        for group in cycle.groups if paid else ():
            if group not in ratings.item.groups:
                message = f"The scale is not for “{group}”, whose pay is decided in the cycle"
                kind = problems.GROUP_WITHOUT_SCALE
                yield texts.at(kind, ratings.document, ("groups",), message, about=(group,))


def _find_open_ends(texts: OrganisationTexts) -> Iterator[Problem]:
    """Lengths and numbers without a figure, in clauses that state no rule."""
    rules = texts.own.organisation.item.rules
    figured = {
        rule.clause
        for rule in rules.values()
        if any(unit in (rule.unit or "").lower() for unit in DURATIONS)
    }
    for text in texts.policy:
        if text.clause in figured:
            continue
        for words in _open_ends(text.plain):
            if any(words in sentence and FIGURE.search(sentence) for sentence in text.sentences):
                continue
            message = f"“{words}” has no figure"
            yield texts.finding(problems.LEFT_OPEN, text, message, words=words, about=(words,))
    yield from _check_days(texts)
    yield from _check_years(texts)


@lru_cache(maxsize=KEPT)
def _open_ends(words: str) -> tuple[str, ...]:
    return tuple(match.group() for match in OPEN.finditer(words))


def _check_days(texts: OrganisationTexts) -> Iterator[Problem]:
    """Limits in days where no text says which days count."""
    document = texts.own.organisation.document
    if any(_says_which_days(text.plain) for text in texts.all):
        return
    for id, rule in texts.own.organisation.item.rules.items():
        if re.fullmatch(r"days?", rule.unit or "", re.I):
            message = "The policy does not say whether days are working days or calendar days"
            fix = "Write “working days” or “calendar days”."
            at = ("rules", id, "unit")
            yield texts.at(problems.LEFT_OPEN, document, at, message, about=("days",), fix=fix)
            return


@lru_cache(maxsize=KEPT)
def _says_which_days(words: str) -> bool:
    return re.search(r"\b(working|calendar|school) days?\b", words, re.I) is not None


def _check_years(texts: OrganisationTexts) -> Iterator[Problem]:
    """Records are retained, and nothing says for how long."""
    if any("retention" in id for id in texts.own.organisation.item.rules):
        return
    pattern = re.compile(r"\b(retention (of|schedule|period|policy)|retained)\b", re.I)
    for text in texts.policy:
        match = pattern.search(text.plain)
        if match and not re.search(r"\b(\w+) years?\b", text.plain):
            message = "Records are kept, and no number of years is given"
            words = match.group()
            yield texts.finding(
                problems.LEFT_OPEN, text, message, words=words, about=("retention",)
            )
            return


def _check_pay(texts: OrganisationTexts) -> Iterator[Problem]:
    """One clause says that nothing is tied to pay, and another speaks of pay progression."""
    denied = _find_first(texts, NO_LINK)
    if denied is None:
        return
    for text in texts.policy:
        match = PAY_LINK.search(text.plain)
        if match and text.clause != denied.clause:
            message = (
                f"“{match.group()}” is spoken of, and {texts.clause_name(denied.clause)} says that "
                f"performance is not tied to pay"
            )
            words = match.group()
            yield texts.finding(problems.CONTRADICTION, text, message, words=words, about=("pay",))
            return


def _check_claimed_silence(texts: OrganisationTexts) -> Iterator[Problem]:
    """Answers that name no clause and say that the policy has no rule, where it speaks of it."""
    own = texts.own.questions
    for i, question in enumerate(texts.edition.questions if own else ()):
        pattern = re.compile(CLAIMED.get(question.id, r"(?!)"), re.I)
        if question.clauses or not SAYS_NOTHING.search(question.answer or ""):
            continue
        spoken = _find_first(texts, pattern)
        if own and spoken and (match := pattern.search(spoken.plain)):
            message = (
                "The answer says that the policy has no rule, and "
                f"{texts.clause_name(spoken.clause)} speaks of “{match.group()}”"
            )
            fix = "Write your own answer here, and name the clause under “clauses:”."
            at = ("questions", i, "id")
            about = (question.id,)
            yield texts.at(problems.CONTRADICTION, own.document, at, message, about=about, fix=fix)


def _check_pay_link(texts: OrganisationTexts) -> Iterator[Problem]:
    """Pay that depends on a rating, and no note that the law leaves this open now."""
    ratings, law = texts.own.ratings, texts.content.law
    fact = next((one for one in law.item.facts if one.id == PERFORMANCE_PAY), None) if law else None
    if ratings is None or ratings.item.pay_from is None or fact is None:
        return
    named = re.compile(rf"law\(\s*['\"]{PERFORMANCE_PAY}['\"]\s*\)")
    notes = texts.own.policy.item.notes
    if any(named.search(f"{note.found} {note.settled}") for note in notes):
        return
    message = f"Pay depends on the rating. {fact.states.rstrip('.')}"
    fix = f"Say in a note whether the link is still wanted. Source: {fact.source}."
    at = ("pay-from",)
    yield texts.at(problems.PAY_LINK, ratings.document, at, message, about=("pay",), fix=fix)


def _find_first(texts: OrganisationTexts, pattern: re.Pattern[str]) -> FilledText | None:
    return next((text for text in texts.policy if pattern.search(text.plain)), None)


def _find_silence(texts: OrganisationTexts) -> Iterator[Problem]:
    document = texts.own.policy.document
    policy = " ".join(text.plain for text in texts.policy)
    for matter, (pattern, what) in SILENT.items():
        if not re.search(pattern, policy, re.I):
            message = f"The policy says nothing about {what}"
            at = ("title",)
            yield texts.at(problems.POLICY_SILENT, document, at, message, about=(matter,))
    appeals = [
        s for text in texts.policy for s in text.sentences if re.search(r"\bappeal", s, re.I)
    ]
    pay = re.compile(r"\b(pay|salary|salaries)\b", re.I)
    if appeals and all(pay.search(sentence) for sentence in appeals):
        message = "An appeal is possible about pay, and about nothing else"
        at = ("title",)
        yield texts.at(problems.POLICY_SILENT, document, at, message, about=("appeals",))
