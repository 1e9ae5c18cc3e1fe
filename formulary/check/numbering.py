"""Check numbering that is typed by hand: gaps, repeats, and lists out of order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from formulary import problems
from formulary.check.context import locate_clauses, locate_sections
from formulary.check.texts import OrganisationTexts
from formulary.content.policy import clauses_in, name_part
from formulary.content.source import Document, Loc
from formulary.edition.filled_text import FilledText
from formulary.edition.list_marks import is_next_mark
from formulary.edition.text import Block, Bullets, blocks, each_block
from formulary.problems import Problem

LEADING_NUMBER = re.compile(r"^\s*(?:¶\s*)?(?P<number>\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.)\s+(?=\S)")
STEP = re.compile(r"^\s*(?:(?P<word>[A-Z][a-z]+) )?\(?(?P<mark>\d{1,2})\)?[.):,]?(?=\s|$)")


def numbering_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Numbers that somebody typed and that do not run on."""
    yield from _find_typed_numbers(texts)
    yield from _find_doubles(texts)
    yield from _check_orders(texts)
    for text in texts.all:
        yield from _check_list(texts, text)


def _check_list(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    """The first list of a text whose marks, printed as they are typed, do not run on."""
    gaps: list[tuple[str, str]] = []

    def note(block: Block) -> None:
        marks = block.marks if isinstance(block, Bullets) else ()
        gaps.extend(pair for pair in pairwise(marks) if not is_next_mark(*pair))

    if "\n" in text:
        each_block(blocks(text), note)
    if gaps:
        before, after = gaps[0]
        message = f"“{after}” follows “{before}” in a list"
        fix = "Correct the mark: a list is printed with the marks that are typed."
        yield texts.finding(problems.NUMBERING, text, message, words=after, fix=fix)


def _find_doubles(texts: OrganisationTexts) -> Iterator[Problem]:
    """Two clauses that have one printed number, since one of them was given its own."""
    policy = texts.own.policy
    name, first = name_part(policy.item), dict[str, str]()
    places = [(loc, section.id) for loc, section in locate_sections(policy.item)]
    places += [(loc, clause.id) for loc, _, clause in locate_clauses(policy.item)]
    for loc, id in places:
        number = name(id)
        if number and number in first:
            message = f"“{first[number]}” and “{id}” are both {number}"
            fix = "Give one of them another number, or delete its number."
            yield texts.at(problems.NUMBERING, policy.document, (*loc, "id"), message, fix=fix)
        first.setdefault(number, id)


def _find_typed_numbers(texts: OrganisationTexts) -> Iterator[Problem]:
    """Numbers typed before titles and texts of sections and clauses: gaps, repeats, and doubles."""
    policy, document = texts.own.policy.item, texts.own.policy.document
    marks: list[tuple[tuple[int, ...], Loc]] = []
    for loc, section in locate_sections(policy):
        found: list[tuple[Loc, str]] = [((*loc, "title"), section.title)]
        for inner, clause, _ in clauses_in(section):
            at = (*loc, *inner)
            opening = (*at, "title") if clause.title else (*at, "text")
            found.append((opening, clause.title or clause.text or ""))
        for at, words in found:
            if match := LEADING_NUMBER.match(words):
                number = match.group("number").rstrip(".")
                marks.append((tuple(int(part) for part in number.split(".")), at))
                if policy.numbering != "none":
                    message = (
                        f"“{number}” is typed, and Formulary numbers the clauses of this policy"
                    )
                    yield texts.at(problems.NUMBERING, document, at, message)
    levels = sorted({mark[:-1] for mark, _ in marks})
    for level in levels:
        inside = [(mark[-1], at) for mark, at in marks if mark[:-1] == level]
        head = ".".join(str(part) for part in level)
        yield from _find_gaps(texts, document, inside, f"{head}." if head else "")


def _find_gaps(
    texts: OrganisationTexts, document: Document, marks: Sequence[tuple[int, Loc]], head: str = ""
) -> Iterator[Problem]:
    expected = marks[0][0] + 1 if marks else 0
    for (before, _), (after, at) in pairwise(marks):
        if after == expected:
            expected += 1
            continue
        if after == before:
            message = f"The number {head}{after} is there twice"
        elif after > expected:
            message = f"{head}{after} follows {head}{before}, so {head}{before + 1} is missing"
        else:
            message = f"{head}{after} follows {head}{before}"
        expected = max(after, expected) + 1
        yield texts.at(problems.NUMBERING, document, at, message)


def _check_orders(texts: OrganisationTexts) -> Iterator[Problem]:
    """Lists whose entries are numbered by hand, and lanes out of the order of time."""
    own = texts.own
    policy = own.policy
    for loc, _, clause in locate_clauses(policy.item):
        for inner, body in clause.bodies():
            at = (*loc, *inner, "points")
            yield from _check_marks(texts, policy.document, at, "text", body.points)
    if own.guidance:
        document = own.guidance.document
        for i, topic in enumerate(own.guidance.item.topics):
            yield from _check_marks(texts, document, ("topics", i, "points"), "mark", topic.points)
            yield from _check_marks(texts, document, ("topics", i, "points"), "name", topic.points)
        for i, diagram in enumerate(own.guidance.item.diagrams):
            yield from _check_marks(
                texts, document, ("diagrams", i, "steps"), "name", diagram.steps
            )
            lanes: Loc = ("diagrams", i, "lanes")
            yield from _check_marks(texts, document, lanes, "name", diagram.lanes)
            yield from _check_time_order(texts, document, lanes, diagram.lanes)
            for j, lane in enumerate(diagram.lanes):
                at = (*lanes, j, "boxes")
                yield from _check_marks(texts, document, at, "name", lane.boxes)


def _check_marks(
    texts: OrganisationTexts, document: Document, at: Loc, key: str, items: Sequence[Any]
) -> Iterator[Problem]:
    marks: list[tuple[int, Loc]] = []
    words = set()
    for i, item in enumerate(items):
        match = STEP.match(getattr(item, key) or "")
        if match is None:
            continue
        if key == "text" and not re.match(r"\s*\(?\d+\)?[.)]\s", item.text):
            continue
        words.add(match.group("word"))
        marks.append((int(match.group("mark")), (*at, i, key)))
    if len(marks) > 1 and len(words) == 1:
        if marks[0][0] not in (0, 1):
            message = f"The list begins with {marks[0][0]}"
            yield texts.at(problems.NUMBERING, document, marks[0][1], message)
        yield from _find_gaps(texts, document, marks)


TIMES = (("arrang", "before", "prepar"), ("during", "the meeting", "at the meeting"), ("after",))


def _check_time_order(
    texts: OrganisationTexts, document: Document, at: Loc, lanes: Sequence[Any]
) -> Iterator[Problem]:
    ranks = [
        next(
            (rank for rank, starts in enumerate(TIMES) if lane.name.lower().startswith(starts)), -1
        )
        for lane in lanes
    ]
    known = [(rank, i) for i, rank in enumerate(ranks) if rank >= 0]
    for (before, first), (after, i) in pairwise(known):
        if after < before:
            message = f"“{lanes[i].name}” comes after “{lanes[first].name}”"
            fix = "Put the lanes in order of time."
            yield texts.at(problems.NUMBERING, document, (*at, i, "name"), message, fix=fix)
            return
