"""Synonyms: one role or thing with two names, and one kind of meeting at two intervals.

What an organisation lists under `words` is its own choice, and is never called a second name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from formulary import problems
from formulary.check.texts import KEPT, OrganisationTexts
from formulary.edition.filled_text import FilledText
from formulary.problems import Kind, Problem


@dataclass(frozen=True)
class TermGroup:
    """Names for one role or thing. `word` is the key under `words` that declares the chosen one."""

    id: str
    what: str
    names: tuple[str, ...]
    patterns: Mapping[str, str] = field(default_factory=dict)
    """The patterns of the names that are not found by the name itself, with an s or without."""
    word: str = ""
    context: str = ""
    """A pattern for the sentences in which a name that has other meanings counts."""
    loose: tuple[str, ...] = ()
    """The names that count only in such a sentence."""
    least: int = 1
    """In how many texts a second name must occur."""
    several: bool = False
    """Whether a second name counts only where two names of the group occur."""
    kind: Kind = problems.TWO_NAMES

    def pattern(self, name: str) -> str:
        return self.patterns.get(name, rf"\b{re.escape(name)}s?\b")

    @cached_property
    def any_name(self) -> re.Pattern[str]:
        """Finds any of the names. Few texts have one, so this saves looking for each."""
        return re.compile("|".join(map(self.pattern, self.names)), re.IGNORECASE)


_REVIEW = r"\b(review\w*|apprais\w*|objectives?|goals?|targets?|one-to-ones?)\b"

_NOT_ANOTHER = r"(?<!xecutive )(?<!ssociate )(?<!eputy )(?<!ssistant )(?<!ice[- ])(?<!co-)"
"""A deputy and an executive headteacher are other posts."""

_NOT_AN_OBJECTIVE = r"(?<!numerical )(?<!monitoring )(?<!group )(?<!relevant )(?<!national )"

GROUPS = (
    TermGroup(
        "reviewer",
        "the person who reviews",
        (
            "reviewer",
            "appraiser",
            "reviewing manager",
            "reviewing line manager",
            "contract manager",
            "line manager",
        ),
        word="reviewer",
        context=_REVIEW,
        loose=("line manager",),
        kind=problems.TWO_TERMS,
    ),
    TermGroup(
        "reviewee",
        "the person who is reviewed",
        ("reviewee", "appraisee", "tutor", "employee", "member of staff"),
        word="reviewee",
        context=r"\b(reviewers?|appraisers?)\b",
        loose=("employee", "member of staff"),
        kind=problems.TWO_TERMS,
    ),
    TermGroup(
        "head",
        "the person who leads a school",
        ("headteacher", "principal", "co-principal"),
        {
            "headteacher": rf"{_NOT_ANOTHER}\bhead ?teachers?\b",
            "principal": rf"{_NOT_ANOTHER}\bprincipals?\b",
        },
        word="head",
        several=True,
        kind=problems.TWO_TERMS,
    ),
    TermGroup(
        "pupils",
        "the people who are taught",
        ("pupils", "students", "learners"),
        {
            "pupils": r"\bpupils?\b",
            "students": r"\bstudents?\b",
            "learners": r"\blearners?\b",
        },
        word="pupils",
        kind=problems.TWO_TERMS,
    ),
    TermGroup(
        "process",
        "the process",
        (
            "performance management",
            "performance development",
            "performance and development",
            "performance appraisal",
        ),
        {
            "performance and development": r"\bperformance and development "
            r"(?:review|process|meeting|period|cycle|policy|discussion)",
        },
    ),
    TermGroup(
        "upper-pay",
        "the upper pay range",
        ("upper pay range", "upper pay scale"),
        {"upper pay scale": r"\b(upper pay scale|UPS)\b"},
    ),
    TermGroup(
        "lesson-visit",
        "a short visit to a lesson",
        ("drop-in", "lesson dip", "learning walk", "lesson visit"),
        {"drop-in": r"\bdrop[- ]ins?\b"},
    ),
    TermGroup(
        "objective",
        "an objective",
        ("objective", "target", "goal"),
        {
            "target": rf"{_NOT_AN_OBJECTIVE}\btargets?\b(?! (group|date|setting))",
            "goal": r"(?<!career )\bgoals?\b",
        },
        word="objective",
        least=3,
    ),
    TermGroup(
        "central-team",
        "the central team",
        (
            "central team",
            "operational team",
            "operation team",
            "central service",
            "central associate staff",
        ),
    ),
    TermGroup(
        "strategic-plan", "the strategic plan", ("Strategic Objectives", "Strategic Priorities")
    ),
)

FREQUENCY = re.compile(
    r"\b(termly|half-termly|monthly|weekly|quarterly|regular)"
    r" ((?:review|progress|one-to-one|support) meetings?)\b",
    re.I,
)

Occurrences = dict[str, list[tuple[FilledText, str]]]
"""By name: the texts that use it, each with the words as they are written there."""


def synonym_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Second names, one finding for each group of names."""
    for group in GROUPS:
        yield from _find_second_names(texts, group)
    yield from _compare_frequencies(texts)


@lru_cache(maxsize=KEPT)
def _named_groups(words: str) -> frozenset[str]:
    """The ids of the groups of which a text has a name."""
    return frozenset(group.id for group in GROUPS if group.any_name.search(words))


def _find_second_names(texts: OrganisationTexts, group: TermGroup) -> Iterator[Problem]:
    """One finding for a group: every name in it that is neither declared nor the main one."""
    words = texts.own.organisation.item.words
    if group.word and group.word not in words:
        return
    chosen = words.get(group.word, "")
    used: Occurrences = {}
    for text in texts.policy:
        for name in group.names if group.id in _named_groups(text.plain) else ():
            if written := _find_name(group, name, text, chosen.lower()):
                used.setdefault(name, []).append((text, written))
    main = chosen.removeprefix("the ") or _main_name(texts, group, used)
    declared = {word.rstrip("s") for word in texts.declared}
    others = {
        name: places
        for name, places in used.items()
        if name != main and name.lower().rstrip("s") not in declared and len(places) >= group.least
    }
    if not others or (group.several and len(used) < 2):
        return
    text, written = next(iter(others.values()))[0]
    names = " and ".join(f"“{other}”" for other in others)
    message = f"{group.what.capitalize()} is “{main}”, and also {names}"
    yield texts.finding(group.kind, text, message, words=written, about=(group.id, *others))


def _find_name(group: TermGroup, name: str, text: FilledText, chosen: str) -> str:
    """A name as the first sentence that counts has it; empty where none does."""
    flags = 0 if name[0].isupper() else re.IGNORECASE
    for sentence in text.sentences:
        match = re.search(group.pattern(name), sentence, flags)
        if match and name in group.loose:
            # “line manager” means the reviewer only in a sentence about reviews that does not
            # name the reviewer as well
            if not re.search(group.context, sentence, re.I):
                continue
            if chosen and re.search(rf"\b{re.escape(chosen)}", sentence, re.I):
                continue
        if match:
            return match.group()
    return ""


def _main_name(texts: OrganisationTexts, group: TermGroup, used: Occurrences) -> str:
    """The name in the policy's title, or the one that most texts use."""
    title = texts.own.policy.item.title
    for name in group.names:
        if re.search(group.pattern(name), title, re.I):
            return name
    return max(used, key=lambda name: (len(used[name]), -group.names.index(name)), default="")


def _compare_frequencies(texts: OrganisationTexts) -> Iterator[Problem]:
    """One kind of meeting that is termly in one place and regular, or monthly, in another."""
    meetings: dict[str, dict[str, tuple[FilledText, str]]] = {}
    for text in texts.policy:
        for match in FREQUENCY.finditer(text.plain):
            often, meeting = match.group(1).lower(), match.group(2).lower().removesuffix("s")
            meetings.setdefault(meeting, {}).setdefault(often, (text, match.group()))
    for meeting, intervals in meetings.items():
        if len(intervals) > 1:
            text, words = list(intervals.values())[1]
            message = f"A {meeting} is called {' and '.join(intervals)}"
            yield texts.finding(
                problems.TWO_NAMES, text, message, words=words, about=(meeting, "frequency")
            )
