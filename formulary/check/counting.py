"""Check numbers in prose: sentences that count a list, and numbers that rules give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.content.cycle import MONTHS
from formulary.content.organisation import Rule
from formulary.edition.filled_text import FilledText, typed_words
from formulary.edition.text import (
    NUMBER_WORDS,
    Bullets,
    Paragraph,
    blocks,
    number_in_words,
    plain,
)
from formulary.problems import Problem

WORDS = {word: value for value, word in enumerate(NUMBER_WORDS)}
NUMBER = r"(?P<number>\d{1,3}|" + "|".join(WORDS) + ")"
DURATIONS = ("hour", "day", "week", "month", "term", "year")
COUNTED = re.compile(rf"(?<![\d.,£-])\b{NUMBER}\b(?P<what>(?:[ -][\w’/-]+){{1,5}})\s*:$", re.I)
DAY = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({'|'.join(MONTHS)})\b(?!\s+\d{{4}})"
)
UNIT = re.compile(r"\{\{\s*rules\.([a-z0-9_]+)\.unit\s*\}\}")
NOT_A_COUNT = re.compile(
    r"\b(at least|at most|up to|more than|fewer than|less than|within|about|every|any|one)\s+$",
    re.I,
)


def counting_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Numbers that do not fit what they count or repeat."""
    yield from _check_sentences(texts)
    yield from _check_rule_numbers(texts)
    yield from _check_days(texts)


def _read_number(word: str) -> int:
    return int(word) if word.isdigit() else WORDS[word.lower()]


def _check_sentences(texts: OrganisationTexts) -> Iterator[Problem]:
    """A sentence that ends in a colon and counts what follows, against the list that follows."""
    for text in texts.all:
        parts = blocks(text)
        for before, after in pairwise(parts):
            if isinstance(before, Paragraph) and isinstance(after, Bullets):
                yield from _check_count(texts, text, plain((before,)), len(after.items))
        last = parts[-1] if parts else None
        if isinstance(last, Paragraph) and (length := _list_length(texts, text)):
            yield from _check_count(texts, text, plain((last,)), length)


def _list_length(texts: OrganisationTexts, text: FilledText) -> int:
    """How many points, steps or entries follow a text in the same item; 0 if it opens none."""
    if not text.loc or text.loc[-1] not in ("text", "intro"):
        return 0
    data = text.document.data
    for step in text.loc[:-1]:
        data = data[step]
    for key in ("points", "steps", "lanes", "entries"):
        if isinstance(data.get(key), tuple):
            return len(data[key])
    return 0


def _check_count(
    texts: OrganisationTexts, text: FilledText, paragraph: str, length: int
) -> Iterator[Problem]:
    sentence = re.split(r"(?<=[.!?])\s+", paragraph.strip())[-1]
    match = COUNTED.search(sentence)
    if match is None or NOT_A_COUNT.search(sentence[: match.start()]):
        return
    value, what = _read_number(match.group("number")), match.group("what").strip()
    first = next((w for w in what.split() if re.search(r"[a-z]s$", w) and not w.endswith("ss")), "")
    if what.split()[0] in MONTHS:
        return
    duration = any(first.lower().rstrip("s") == unit for unit in DURATIONS)
    if value < 2 or value == length or not first or duration or what.startswith("of "):
        return
    message = f"“{match.group().strip()}” is followed by a list of {number_in_words(length)}"
    yield texts.finding(problems.MISCOUNT, text, message, words=match.group("number"))


def _check_rule_numbers(texts: OrganisationTexts) -> Iterator[Problem]:
    """A typed number with a rule's unit, in the clause that states it or in what explains that."""
    rules = texts.own.organisation.item.rules
    for text in texts.all:
        if text.loc[:1] == ("rules",) and text.loc[2:] == ("states",):
            id = str(text.loc[1])
            if unit := rules[id].unit:
                found = _find_typed_numbers(texts, text, _stem(unit), [(id, rules[id])])
                yield from (one for one in found if one.kind is problems.NUMBER_DISAGREES)
        if text.kind not in ("policy", "guidance"):
            continue
        clauses = {text.clause, *text.clauses} - {""}
        units: dict[str, list[tuple[str, Rule]]] = {}
        for id, rule in rules.items():
            if rule.unit and rule.clause in clauses:
                units.setdefault(_stem(rule.unit), []).append((id, rule))
        for unit, those in units.items():
            yield from _find_typed_numbers(texts, text, unit, those)


def _check_days(texts: OrganisationTexts) -> Iterator[Problem]:
    """A typed day in a clause, where an event with that clause behind it has another."""
    typed: dict[str, dict[str, FilledText]] = {}
    for text in texts.all:
        if text.kind == "policy" and text.clause:
            said = typed_words(text.source)
            typed.setdefault(text.clause, {}).update((day, text) for day in _days_in(said))
    for cycle in texts.own.cycles.item.cycles:
        limits = {cycle.starts, cycle.ends}
        for clause, days in typed.items():
            events = [
                (event, _days_in(event.when)) for event in cycle.events if clause in event.clauses
            ]
            known = limits.union(*(found for _, found in events))
            other = [day for day in days if day not in known]
            for event, found in events:
                if found and other and not found & days.keys():
                    given = f"cycle.yaml has “{event.when}” for “{event.name}”"
                    message = f"“{other[0]}” is typed, and {given}"
                    fix = f"Write {{{{ day('{cycle.id}.{event.id}') }}}}, if that day is meant."
                    yield texts.finding(
                        problems.DAY_DISAGREES, days[other[0]], message, words=other[0], fix=fix
                    )


def _days_in(text: str) -> set[str]:
    """The days of a year that a text names, as cycle.yaml has them: “31 October”."""
    return {f"{int(day)} {month}" for day, month in DAY.findall(text)}


def _fill_units(texts: OrganisationTexts, text: FilledText) -> str:
    """What was typed, and the units that were not: “four {{ rules.support.unit }}”."""
    rules = texts.own.organisation.item.rules
    units = {id: rule.unit for id, rule in rules.items() if rule.unit}
    return typed_words(UNIT.sub(lambda unit: units.get(unit[1], unit[0]), text.source))


def _stem(unit: str) -> str:
    return unit.lower().strip().removesuffix("s")


@cache
def _number_with(unit: str) -> re.Pattern[str]:
    """Finds a number, or two, before a unit."""
    first = NUMBER.replace("number", "first")
    return re.compile(
        rf"(?<![\d.,£-])\b(?:{first}(?:\s*(?:to|or|–|-)\s*| and ))?{NUMBER}(?:\s+|-)"
        rf"{re.escape(unit)}(?:s|’|\b)",
        re.I,
    )


def _find_typed_numbers(
    texts: OrganisationTexts, text: FilledText, unit: str, found: list[tuple[str, Rule]]
) -> Iterator[Problem]:
    values = {v for _, r in found for v in (r.min, r.max, r.normal, r.exactly) if v is not None}
    names = " or ".join(f"rules.{id}" for id, _ in found)
    duration = unit.split()[-1] in DURATIONS
    for match in _number_with(unit).finditer(_fill_units(texts, text)):
        typed = [word for word in (match.group("first"), match.group("number")) if word]
        numbers = [_read_number(word) for word in typed]
        if numbers == [1] and (not duration or 1 not in values):
            continue
        words = match.group().strip()
        wrong = [number for number in numbers if number not in values]
        given = " and ".join(str(value) for value in sorted(values))
        about = tuple(id for id, _ in found)
        if wrong:
            message = f"“{words}” is typed, and {names} gives {given}"
            yield texts.finding(
                problems.NUMBER_DISAGREES, text, message, words=typed[0], about=about
            )
        else:
            message = f"“{words}” is typed, and {names} gives it"
            written = " and ".join(
                _expression(found, n, w) for n, w in zip(numbers, typed, strict=True)
            )
            fix = f"Write {written} instead, so that it is given in one place."
            yield texts.finding(
                problems.TYPED_NUMBER, text, message, words=typed[0], about=about, fix=fix
            )


def _expression(found: list[tuple[str, Rule]], number: int, typed: str) -> str:
    """What is written in place of a typed number that one of the rules gives."""
    bound = next(
        f"{id}.{name}"
        for id, rule in found
        for name in ("exactly", "max", "min", "normal")
        if getattr(rule, name) == number
    )
    return f"{{{{ rules.{bound} }}}}" if typed.isdigit() else f"{{{{ rules.{bound} | words }}}}"
