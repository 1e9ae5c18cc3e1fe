"""Propose facts that the words of a policy name: rules, events, roles, documents, abbreviations.

Nothing is taken unasked: each proposal is a commented entry, with the sentence that it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from formulary.content.cycle import MONTHS
from formulary.edition.text import NUMBER_WORDS
from formulary.imports.blocks import SourceParagraph, SourceTable
from formulary.imports.draft import ListBlock, Part, PolicyDraft
from formulary.imports.ids import Ids
from formulary.imports.vocabulary import vocabulary
from formulary.imports.yaml_text import yaml_entries, yaml_lines

_NUMBERS = NUMBER_WORDS[1:]
_TIMES = "minutes?|hours?|days?|weeks?|months?|terms?|half-terms?|years?"
_THINGS = (
    "objectives?|targets?|goals?|observations?|meetings?|reviews?|lessons?|drop-ins?|visits?|"
    "points?|increments?|governors?|trustees?|advisers?|reviewers?|members?|absences?|per cent"
)
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_ADJECTIVES = (
    r"(?:(?!(?:of|in|for|to|and|or|the|on|at|per|each|every|with|by|are|is)\b)"
    r"[a-z][a-z’'-]+\s+){0,2}?"
)
_RULE = re.compile(
    r"(?P<lead>\b(?:at least|no (?:less|fewer) than|not less than|(?:a )?minimum(?: of)?|more than|"
    r"(?:less|fewer|shorter|longer) than|not exceed(?:ing)?|"
    r"past|last|previous|next|"
    r"up to|no (?:more|longer) than|not more than|at most|(?:a )?maximum(?: of)?|within|normally|"
    r"usually|between|"
    r"after|every|for|of|than|under|over)\s+)?"
    rf"\b(?P<first>{_NUMBER}|an?|half a)(?:\s*(?:to|and|or|-|–)\s*(?P<second>{_NUMBER}))?"
    r"(?:\s*\(\w+\))?[\s-]+"
    rf"(?P<kind>{_ADJECTIVES})(?P<unit>{_TIMES}|{_THINGS})(?:['’](?=\s)|['’]s)?(?![\w-])"
    r"(?P<tail>\s+(?:at most|at the most|or more|or less|at least|maximum|minimum|or fewer))?",
    re.IGNORECASE,
)
_BARE_LIMIT = re.compile(
    r"\b(?P<lead>no more than|not more than|at most|up to|at least|no less than|a maximum of)\s+"
    rf"(?P<first>{_NUMBER})(?=[.,;]|$)",
    re.IGNORECASE,
)
"""A limit whose unit was said before: “There should be no more than three.”"""
_STRICT = ("within", "after", "at least", "more than", "no more than", "up to", "every")
"""What makes a bound of “a week”."""
_LEAST = re.compile(r"at least|no (?:less|fewer)|not less|(?:a )?minimum|more than|over")
_MOST_OF = re.compile(
    r"up to|no (?:more|longer)|not (?:more|exceed)|at most|(?:a )?maximum|within|under"
)
_DATE = (
    r"(?:the\s+)?(?P<day{0}>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?"
    rf"(?P<month{{0}}>{'|'.join(MONTHS)})"
)
_DAY = re.compile(
    r"(?:(?P<lead>by|on|from|before|until|after)\s+)?" + _DATE.format("") + r"\b(?!\s+\d{4})",
    re.IGNORECASE,
)
_CYCLE = re.compile(
    r"\b(?:cycle|year|(?:appraisal|review|performance|management) period)\b[^.;]{0,60}?"
    r"\b(?:runs?|is|lasts?|extends?|starts?|begins?)\b[^.;]{0,30}?"
    rf"{_DATE.format('')}(?:\s+\d{{4}})?\s*(?:to|until|till|through to|and ends? on|–|-)\s*"
    rf"{_DATE.format('2')}\b",
    re.IGNORECASE,
)
"""“The appraisal year runs from 1 September to 31 August.”"""
_DOCUMENT = re.compile(
    r"\b(?:[A-Z][\w’'-]*(?:\s+(?:[A-Z][\w’'-]*|and|of|for|in|at|on|to|the|&)){0,7}\s+)"
    r"(?:Policy|Policies|Procedures?|Act(?: \d{4})?|Regulations(?: \d{4})?|Code(?: of Conduct)?|"
    r"Guidance|Standards|"
    r"Framework|Scheme|Plan|Handbook|Agreement)\b"
    r"|\b(?:pay|capability|grievance|disciplinary|appraisal|sickness absence|absence|equality|"
    r"equal opportunities|"
    r"data protection|whistleblowing|complaints|safeguarding|induction|probation|retention)"
    r" (?:policy|procedures?)\b"
)
_ABBREVIATION = re.compile(
    r"((?:[\w’'-]+\s+(?:and\s+|of\s+|for\s+|the\s+)*){1,7}[\w’'-]+)\s+\(([A-Z][A-Za-z&]{1,7})\)"
)
_MOST = 40
_PROCESSES = (
    "performance management", "performance review", "performance development",
    "professional growth", "professional development review", "appraisal",
)  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """One entry that may be taken: what it is, the sentence that says it, and where."""

    what: str
    name: str
    sentence: str
    clause: str
    lines: tuple[str, ...]
    """The entry as YAML, without a comment sign."""


@dataclass
class Proposals:
    rules: list[Proposal] = field(default_factory=list)
    events: list[Proposal] = field(default_factory=list)
    roles: list[Proposal] = field(default_factory=list)
    related: list[Proposal] = field(default_factory=list)
    terms: list[Proposal] = field(default_factory=list)
    reviewer: str = "reviewer"
    reviewee: str = "reviewee"
    process: str = "performance management"
    """What the policy calls them; these three are taken, as a form needs each of them."""
    cycle: tuple[str, str] | None = None
    """The first and the last day of the cycle, where the policy says them; they are taken too."""

    def all(self) -> Iterator[Proposal]:
        for found in (self.rules, self.events, self.roles, self.related, self.terms):
            yield from found


def _entry(what: str, name: str, sentence: str, data: Mapping[str, Any]) -> Proposal:
    """A proposed entry of a list; the first of its clauses is the one that says it."""
    clause = next(iter(data.get("clauses", ())), "")
    return Proposal(what, name, sentence, clause, tuple(yaml_entries([data], 2)))


def propose(draft: PolicyDraft) -> Proposals:
    """What the words of a policy name that Formulary could know as a fact."""
    found = Proposals()
    sentences = list(_sentences(draft))
    titles = {c.id: c.title.words if c.title else "" for _, c in draft.clauses()}
    _find_rules(sentences, titles, found)
    _find_events(sentences, found)
    _find_roles(sentences, found)
    _find_documents(sentences, found, draft.cover.title)
    _add_documents(draft.cover.related, found)
    _find_abbreviations(sentences, found)
    _find_words(draft.cover.title, sentences, found)
    return found


def _find_words(title: str, sentences: list[tuple[str, str]], found: Proposals) -> None:
    """What the policy calls the reviewer, the reviewee and the process: what it says most."""
    text = " ".join(sentence for _, sentence in sentences).casefold()

    def most(names: tuple[str, ...], words: str = text) -> str:
        counts = {name: len(re.findall(rf"\b{name}s?\b", words)) for name in names}
        best = max(names, key=lambda name: counts[name])
        return best if counts[best] else ""

    found.reviewer = most(("reviewer", "appraiser")) or found.reviewer
    found.reviewee = most(("reviewee", "appraisee")) or found.reviewee
    found.process = most(_PROCESSES, title.casefold()) or most(_PROCESSES) or found.process


def _sentences(draft: PolicyDraft) -> Iterator[tuple[str, str]]:
    """Each sentence with the id of the clause, or of the section, that says it."""
    for section in draft.sections:
        for part in section.intro:
            for words in _texts(part):
                yield from ((section.id, one) for one in _split(words))
    for _, clause in draft.clauses():
        lead = ""
        for part in clause.parts:
            if isinstance(part, ListBlock):
                for words in _texts(part):
                    yield clause.id, f"{lead} {words}".strip()
                continue
            for words in _texts(part):
                split = _split(words)
                yield from ((clause.id, one) for one in split)
                lead = split[-1] if split and split[-1].endswith(":") else ""


def _texts(part: Part) -> Iterator[str]:
    if isinstance(part, SourceParagraph):
        yield part.words
    elif isinstance(part, SourceTable):
        header = part.rows[0] if part.rows else ()
        for row in part.rows:
            for at, cell in enumerate(row):
                if row is not header and at and _DAY.search(cell.words):
                    group = f" ({header[at].words})" if len(row) > 2 and at < len(header) else ""
                    yield f"{row[0].words}{group}: {cell.words}"
                elif cell.words:
                    yield cell.words
    else:
        for entry in part.entries:
            yield from (paragraph.words for paragraph in entry.paragraphs)
            for inner in entry.inner:
                yield from _texts(inner)


def _split(words: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?;])\s+(?=[A-Z“\"'(])", words) if one]


def _value(word: str) -> int:
    low = word.lower()
    return int(word) if word.isdigit() else _NUMBERS.index(low) + 1 if low in _NUMBERS else 1


@dataclass(frozen=True)
class _Rule:
    """A number that a sentence states; `words` are those that say it, from `start` on."""

    clause: str
    sentence: str
    start: int
    words: str
    values: dict[str, int]
    unit: str


def _low(words: str | None) -> str:
    return " ".join((words or "").lower().split())


def _values(match: re.Match[str]) -> dict[str, int]:
    """The bounds that words such as “at least two” set."""
    lead, tail, first = _low(match["lead"]), _low(match["tail"]), _value(match["first"])
    if match["second"]:
        return {"min": first, "max": _value(match["second"])}
    if _LEAST.match(lead) or tail in ("or more", "at least", "minimum"):
        return {"min": first}
    if _MOST_OF.match(lead) or tail:
        return {"max": first}
    return {"normal" if lead in ("normally", "usually") else "exactly": first}


def _find_rules(sentences: list[tuple[str, str]], titles: dict[str, str], found: Proposals) -> None:
    kept: list[_Rule] = []
    seen: set[tuple[str, str]] = set()
    for clause, sentence in sentences:
        for match in _RULE.finditer(sentence):
            lead, first = _low(match["lead"]), match["first"].lower()
            is_time = bool(re.fullmatch(_TIMES, match["unit"], re.IGNORECASE))
            if lead in ("past", "last", "previous", "next") or first == "half a":
                continue
            if first in ("a", "an") and not (is_time and lead in _STRICT):
                continue
            is_bound = lead in _STRICT or match["tail"] or lead.endswith("than")
            if first == "one" and is_time and not is_bound:
                continue
            key = clause, sentence[max(0, match.start() - 20) : match.end()].lower()
            if key not in seen:  # the words that lead into a list come with each entry
                seen.add(key)
                unit, words = _low(f"{match['kind']} {match['unit']}"), match[0].strip()
                kept.append(_Rule(clause, sentence, match.start(), words, _values(match), unit))
        for match in _BARE_LIMIT.finditer(sentence):
            things = re.findall(rf"\b(?:{_THINGS})\b", f"{titles.get(clause, '')} {sentence}", re.I)
            if things:
                is_least = match["lead"].lower().endswith(("less than", "least"))
                values = {"min" if is_least else "max": _value(match["first"])}
                said = (match[0].strip(), values, things[0].lower())
                kept.append(_Rule(clause, sentence, match.start(), *said))
    ids = Ids("_", 30)
    for at, rule in enumerate(kept):
        if any(_says_again(rule, other) for other in kept[:at]):
            continue
        name = ids.take(_about(rule.sentence, rule.start), "rule", 3)
        data = {"states": _state(rule, name, titles), **rule.values, "unit": rule.unit}
        lines = yaml_lines({name: {**data, "clause": rule.clause}}, 2)
        found.rules.append(Proposal("rule", rule.words, rule.sentence, rule.clause, tuple(lines)))


def _state(rule: _Rule, name: str, titles: dict[str, str]) -> str:
    """What a rule states, with its number as a fact, so that it follows the number."""
    said = _shorten(rule.sentence)
    if len(said.split()) < 5 and titles.get(rule.clause):  # an entry of a list, or a cell
        said = f"{titles[rule.clause]}: {said[:1].lower()}{said[1:]}"
    at = said.find(rule.words)
    for bound, value in rule.values.items() if at >= 0 else ():
        written = re.compile(rf"\b(?:{value}|{_NUMBERS[value - 1]})\b" if value <= len(_NUMBERS)
                             else rf"\b{value}\b", re.IGNORECASE)  # fmt: skip
        if number := written.search(said, at):
            how = "" if number[0].isdigit() else " | words"
            how += " | capital" if number[0][0].isupper() else ""
            fact = f"{{{{ rules.{name}.{bound}{how} }}}}"
            said = said[: number.start()] + fact + said[number.end() :]
            at = number.start() + len(fact)
    return said


def _says_again(one: _Rule, other: _Rule) -> bool:
    """Whether another clause, such as a checklist, states a number once more."""
    if one.clause == other.clause or (one.values, one.unit) != (other.values, other.unit):
        return False
    long, before = (set(re.findall(r"[a-z]{5,}", r.sentence.lower())) for r in (one, other))
    return len(long & before) >= 3


def _about(sentence: str, at: int) -> str:
    """The words that a number is about: those before it, or those after it."""
    small = vocabulary()["small"]
    before, after = (
        [word for word in re.findall(r"[A-Za-z]{4,}", words) if word.lower() not in small]
        for words in (sentence[:at], sentence[at:])
    )
    return " ".join(before[-3:] if len(before) > 1 else after[:3] or before)


def _shorten(sentence: str, longest: int = 160) -> str:
    bare = re.sub(r"[{}]", "", " ".join(sentence.split()))
    return bare if len(bare) <= longest else bare[: longest - 1].rsplit(" ", 1)[0] + "…"


def _find_events(sentences: list[tuple[str, str]], found: Proposals) -> None:
    ids = Ids()
    seen: set[tuple[str, str]] = set()
    for clause, sentence in sentences:
        if span := _CYCLE.search(sentence):
            found.cycle = found.cycle or (_day(span, ""), _day(span, "2"))
        ends = span.span() if span else (0, 0)
        for match in _DAY.finditer(sentence):
            if ends[0] <= match.start() < ends[1]:  # a day of the cycle itself
                continue
            if (clause, match[0]) in seen:  # the words that lead into a list come with each entry
                continue
            seen.add((clause, match[0]))
            lead = (match["lead"] or "on").lower()
            day = _day(match, "")
            word = {"before": "by", "until": "by", "after": "on"}.get(lead, lead)
            when = f"{word} {day}"
            text = _without_day(*_part_with(sentence, match))
            name = _shorten(text, 60).rstrip(".")
            data = {
                "id": ids.take(text, "event", 3),
                "name": name,
                "who": "Write here who does it",
                "when": when,
                "text": _shorten(text),
                "clauses": [clause],
            }
            found.events.append(_entry("event", when, sentence, data))


def _day(match: re.Match[str], which: str) -> str:
    """A day as cycle.yaml has it: “31 October”."""
    return f"{int(match[f'day{which}'])} {match[f'month{which}'].capitalize()}"


def _part_with(sentence: str, day: re.Match[str]) -> tuple[str, re.Match[str]]:
    """The part of a sentence that a date belongs to, where others have dates of their own."""
    parts = re.split(r"((?:[,;]\s+(?:and|but|then)?|\s+(?:and|but|then))\s+(?=\w+))", sentence)
    pieces = ["".join(parts[at : at + 2]) for at in range(0, len(parts), 2)]
    joined: list[str] = []
    for piece in pieces:  # a piece without a date goes on with the one before it
        if joined and not (_DAY.search(piece) and _DAY.search(joined[-1])):
            joined[-1] += piece
        else:
            joined.append(piece)
    at = 0
    for piece in joined:
        if at <= day.start() < at + len(piece):
            bare = re.sub(r"[,;]?\s*(?:\b(?:and|but|then))?\s*$", "", piece)
            if (own := _DAY.search(bare)) and len(bare.split()) > len(own[0].split()) + 1:
                bare = bare if bare.endswith(".") else f"{bare}."
                return f"{bare[:1].upper()}{bare[1:]}", _DAY.search(bare) or day
        at += len(piece)
    return sentence, day


def _without_day(sentence: str, day: re.Match[str]) -> str:
    """A sentence without its only date at an end, which `when` says: it must not go stale."""
    before, after = sentence[: day.start()].rstrip(" :,"), sentence[day.end() :].lstrip(" ,")
    if len(_DAY.findall(sentence)) > 1 or not (before or after.strip(".")):
        return sentence
    if not after.strip(".;"):
        return f"{before}."
    return f"{after[:1].upper()}{after[1:]}" if not before else sentence


def _find_roles(sentences: list[tuple[str, str]], found: Proposals) -> None:
    ids = Ids()
    roles = vocabulary()["roles"]
    for role in roles:
        pattern = re.compile(rf"\b{re.escape(role)}\b", re.IGNORECASE if role != "CEO" else 0)
        said = [(clause, sentence) for clause, sentence in sentences if pattern.search(sentence)]
        longer = [o for o in roles if o != role and role.lower() in o.lower()]
        if not said or (
            longer and all(any(o.lower() in s.lower() for o in longer) for _, s in said)
        ):
            continue
        does = next(
            (s for _, s in said if re.match(rf"(?:the |a |an |each )?{role}\b", s, re.I)),
            said[0][1],
        )
        clauses = list(dict.fromkeys(clause for clause, _ in said))[:4]
        data = {
            "id": ids.take(role, "role"),
            "name": role,
            "does": _shorten(does),
            "clauses": clauses,
        }
        found.roles.append(_entry("role", role, does, data))


def _find_documents(sentences: list[tuple[str, str]], found: Proposals, title: str) -> None:
    ids = Ids()
    seen: set[str] = set()
    for clause, sentence in sentences:
        for match in _DOCUMENT.finditer(sentence):
            name = re.sub(
                r"^(?:The|This|Our|Their|See|In|Under|Where|If|When|For|And|Any|All|A|An)\s+",
                "",
                match[0],
            )
            name = " ".join(name.split())
            key = re.sub(r"s$", "", name.casefold())
            if key in seen or key == title.casefold() or " " not in name:
                continue
            seen.add(key)
            shown = name[:1].upper() + name[1:]
            data = {
                "id": ids.take(name, "document", 5),
                "name": shown,
                "about": _shorten(sentence),
                "clauses": [clause],
            }
            found.related.append(_entry("related document", shown, sentence, data))
    del found.related[_MOST:]


def _add_documents(names: list[str], found: Proposals) -> None:
    """The related documents that the cover lists."""
    ids = Ids()
    ids.taken.update(one.lines[0].split()[-1] for one in found.related)
    known = {one.name.casefold() for one in found.related}
    for name in names:
        if name.casefold() not in known:
            about = "Write here what it is about."
            data = {"id": ids.take(name, "document", 5), "name": name, "about": about}
            found.related.append(_entry("related document", name, "", data))


def _find_abbreviations(sentences: list[tuple[str, str]], found: Proposals) -> None:
    seen: set[str] = set()
    for clause, sentence in sentences:
        for match in _ABBREVIATION.finditer(sentence):
            words, short = match[1].split(), match[2]
            letters = re.sub(r"[^A-Za-z]", "", short).upper()
            if short in seen or sum(letter.isupper() for letter in short) < 2:
                continue
            meaning = _meaning(words, letters)
            if meaning:
                seen.add(short)
                means = "Write here what it means."
                data = {"term": short, "stands-for": meaning, "means": means}
                lines = tuple(yaml_entries([data], 2))
                name = f"{short}: {meaning}"
                found.terms.append(Proposal("abbreviation", name, sentence, clause, lines))


def _meaning(words: list[str], letters: str) -> str:
    """The last words whose first letters the abbreviation has; small words may be left out."""
    small = {"and", "of", "for", "the", "in", "to", "a", "&"}
    for start in range(len(words) - 1, -1, -1):
        chosen = words[start:]
        parts = [part for word in chosen for part in re.split(r"[-’']", word) if part]
        every = "".join(part[0] for part in parts).upper()
        main = "".join(part[0] for part in parts if part.lower() not in small).upper()
        if letters in (every, main):
            return " ".join(chosen)
    return ""
