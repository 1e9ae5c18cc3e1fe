"""Check references that are typed into a sentence: “clause 5.9”, “Appendix A”, “9.2 below”.

Reported are those that lead nowhere, to the wrong kind of thing or to the wrong side, and those
that a change of numbering would break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from formulary import problems
from formulary.check.numbering import LEADING_NUMBER
from formulary.check.texts import KEPT, OrganisationTexts
from formulary.content.policy import Policy, clauses_in
from formulary.edition.filled_text import GAP, FilledText
from formulary.problems import Problem

TYPED = re.compile(
    r"(?P<word>\b(?:sub-?)?(?:clause|section|paragraph|para|appendix|annex)e?s?\b|¶|\bsee|\bunder|\bin)"
    r"\s*(?P<number>\d{1,2}(?:\.\d{1,2})*(?![\d%])|[A-H]\b)(?P<side>\s+(?:above|below))?",
    re.I,
)
SIDED = re.compile(
    r"\{\{\s*(?:clause|section|appendix)\(\s*['\"](?P<id>[a-z0-9-]+)['\"]\s*\)\s*\}\}"
    r"\s+(?P<side>above|below)\b"
)
ELSEWHERE = re.compile(
    r"^\s*,?\s*(?:of|in|under)\s+(?:the\b|its\b|our\b|[A-Z▯])|^[’']s\b|^\s+(?:Act|Order)\b"
)
"""What follows a number that belongs to another document: “section 21 of the Pay Policy”."""

FROM_ELSEWHERE = re.compile(
    r"(?:Policy|Act(?: \d{4})?|Order|Regulations|Code|Document|Procedure|Handbook|GDPR)"
    r"(?:’s|,| \()?\s*$"
)
KINDS = {"clause": "clause", "section": "section", "appendix": "appendix", "annex": "appendix"}


@dataclass(frozen=True)
class _Target:
    """A numbered thing: its id, its kind, and what it is about."""

    id: str
    kind: str
    title: str
    text: str


def pointer_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Every typed reference that is wrong, or that will be when the numbering changes."""
    targets = _collect_targets(texts)
    order = _reading_order(texts)
    for text in texts.all:
        if text.kind in ("policy", "guidance", "form", "organisation", "cycle"):
            if _has_pointer(text.typed):
                yield from _find_typed(texts, text, targets, order)
            if "}}" in text.source:
                yield from _check_sides(texts, text, order)


@lru_cache(maxsize=KEPT)
def _has_pointer(typed: str) -> bool:
    return bool(TYPED.search(typed))


def _collect_targets(texts: OrganisationTexts) -> Mapping[str, _Target]:
    """What each printed number names; a number typed into a title or a text counts as well."""
    policy: Policy = texts.own.policy.item
    targets: dict[str, _Target] = {}

    def add(number: str, id: str, kind: str, title: str, text: str) -> None:
        targets.setdefault(number, _Target(id, kind, title, text))

    for section, appendix in policy.parts():
        kind = "appendix" if appendix else "section"
        add(
            texts.edition.numbers.get(section.id, ""),
            section.id,
            kind,
            section.title,
            section.text or "",
        )
        add(
            _read_leading_number(section.title), section.id, kind, section.title, section.text or ""
        )
        for _, clause, _ in clauses_in(section):
            title, words = clause.title or "", clause.words()
            clause_kind = "paragraph" if policy.numbering == "paragraphs" else "clause"
            add(texts.edition.numbers.get(clause.id, ""), clause.id, clause_kind, title, words)
            add(_read_leading_number(title or words), clause.id, clause_kind, title, words)
    targets.pop("", None)
    for section in policy.appendices:
        match = re.match(r"(?:Appendix|Annex) ([A-H])\b", section.title)
        if match:
            targets[match.group(1)] = _Target(section.id, "appendix", section.title, "")
    return targets


def _read_leading_number(words: str) -> str:
    match = LEADING_NUMBER.match(words)
    return match.group("number").rstrip(".") if match else ""


def _find_typed(
    texts: OrganisationTexts,
    text: FilledText,
    targets: Mapping[str, _Target],
    order: Mapping[str, int],
) -> Iterator[Problem]:
    typed = text.typed
    for match in TYPED.finditer(typed):
        word, number = match.group("word").lower(), match.group("number")
        bare = word in ("see", "under", "in")
        if (bare and "." not in number) or (number.isalpha() and not number.isupper()):
            continue
        if number.isalpha() and not word.startswith(("appendi", "annex")):
            continue
        if _is_elsewhere(typed, match):
            continue
        target = targets.get(number)
        words = match.group().strip()
        if target is None:
            message = f"“{words}” does not exist in this policy"
            yield texts.finding(problems.LOST_REFERENCE, text, message, words=words)
            continue
        wrong = _explain_wrong(texts, text, match, target, targets, order)
        if wrong:
            yield texts.finding(problems.WRONG_REFERENCE, text, wrong, words=words)
        else:
            message = f"“{words}” is typed"
            yield texts.finding(problems.TYPED_REFERENCE, text, message, words=words)


def _is_elsewhere(typed: str, match: re.Match[str]) -> bool:
    return bool(
        ELSEWHERE.match(typed[match.end() :])
        or FROM_ELSEWHERE.search(typed[: match.start()])
        or typed[: match.start()].endswith((GAP + " ", GAP + ", "))
    )


def _explain_wrong(
    texts: OrganisationTexts,
    text: FilledText,
    match: re.Match[str],
    target: _Target,
    targets: Mapping[str, _Target],
    order: Mapping[str, int],
) -> str:
    """What is wrong with a reference that leads somewhere; nothing if all is well."""
    words, number = match.group().strip(), match.group("number")
    word = match.group("word").lower().rstrip("s")
    wanted = next((kind for start, kind in KINDS.items() if word.startswith(start[:6])), "")
    if word.startswith("appendic"):
        wanted = "appendix"
    if wanted and wanted != target.kind and {wanted, target.kind} != {"clause", "paragraph"}:
        return f"“{words}” is the {target.kind} “{target.id}”"
    if side := (match.group("side") or "").strip():
        wrong = _find_real_side(text, side, target, order)
        if wrong:
            return f"{number} is {wrong}, not {side}"
    before = text.typed[max(0, match.start() - 160) : match.start()]
    sentence = re.split(r"(?<=[.!?])\s", before)[-1].lower()
    return _find_other_subject(sentence, target, targets)


def _find_real_side(text: FilledText, side: str, target: _Target, order: Mapping[str, int]) -> str:
    here, there = order.get(text.clause), order[target.id]
    if here is None or here == there:
        return ""
    real = "above" if there < here else "below"
    return real if real != side else ""


def _find_other_subject(sentence: str, target: _Target, targets: Mapping[str, _Target]) -> str:
    """Whether the sentence names the subject of another clause, or a form that is elsewhere."""
    if target.kind == "appendix":
        others = [t for t in targets.values() if t.kind == "appendix" and t is not target]
        if re.search(r"\bforms?\b", sentence) and "form" not in target.title.lower():
            other = next((t for t in others if "form" in t.title.lower()), None)
            if other:
                return f"The form is in the appendix “{other.title}”, not in “{target.title}”"
        return ""
    about = f"{target.title} {target.text}".lower()
    for other in targets.values():
        title = LEADING_NUMBER.sub("", other.title).lower().strip()
        same_kind = other.kind == target.kind and other.id != target.id
        if same_kind and " " in title and title in sentence and title not in about:
            return f"The sentence is about “{title}”, which is the {other.kind} “{other.id}”"
    return ""


def _check_sides(
    texts: OrganisationTexts, text: FilledText, order: Mapping[str, int]
) -> Iterator[Problem]:
    """A linked reference that is said to be above and is below, or the other way round."""
    for match in SIDED.finditer(text.source):
        place, here = order.get(match.group("id")), order.get(text.clause)
        side = match.group("side")
        if place is None or here is None or here == place:
            continue
        real = "above" if place < here else "below"
        if real != side:
            message = f"“{match.group('id')}” is {real}, not {side}"
            yield texts.finding(problems.WRONG_REFERENCE, text, message, words=match.group())


def _reading_order(texts: OrganisationTexts) -> Mapping[str, int]:
    """The place of every section and clause in reading order."""
    policy = texts.own.policy.item
    ids = [id for s, _ in policy.parts() for id in (s.id, *(c.id for _, c, _ in clauses_in(s)))]
    return {id: place for place, id in enumerate(ids)}
