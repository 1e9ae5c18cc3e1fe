"""Words: one role or thing with two names.

One organisation comes in; findings go out. What an organisation lists under `words` is its own
choice, and is never called a second name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from formulary import problems
from formulary.check.families import ROLES, THINGS, Family
from formulary.check.texts import OrganisationTexts
from formulary.edition.filled_text import FilledText
from formulary.problems import Kind, Problem


def term_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Second names, one finding for each family of names."""
    for family in ROLES:
        yield from _second_names(texts, family, problems.TWO_TERMS)
    for family in THINGS:
        yield from _second_names(texts, family, problems.TWO_NAMES)
    yield from _frequencies(texts)


def _second_names(texts: OrganisationTexts, family: Family, kind: Kind) -> Iterator[Problem]:
    """One finding for a family: every name in it that is neither declared nor the main one."""
    words = texts.own.organisation.item.words
    if family.word and family.word not in words:
        return
    found: dict[str, list[tuple[FilledText, str]]] = {}
    for text in texts.policy:
        for name, words_found in _names_in(texts, family, text):
            found.setdefault(name, []).append((text, words_found))
    main = words.get(family.word, "").removeprefix("the ") or _main(texts, family, found)
    declared = {word.rstrip("s") for word in texts.declared}
    others = {
        name: places
        for name, places in found.items()
        if name != main and name.lower().rstrip("s") not in declared and len(places) >= family.least
    }
    if not others or (family.several and len(found) < 2):
        return
    name, places = next(iter(others.items()))
    text, typed = places[0]
    names = " and ".join(f"“{other}”" for other in others)
    message = f"{family.what.capitalize()} is “{main}”, and also {names}"
    yield texts.finding(kind, text, message, words=typed, about=(family.id, *others))


def _names_in(
    texts: OrganisationTexts, family: Family, text: FilledText
) -> Iterator[tuple[str, str]]:
    chosen = texts.own.organisation.item.words.get(family.word, "").lower()
    sentences = [sentence for sentence in text.sentences if family.any_name.search(sentence)]
    for name, pattern in family.names if sentences else ():
        for sentence in sentences:
            flags = 0 if name[0].isupper() else re.IGNORECASE
            match = re.search(pattern, sentence, flags)
            if match is None:
                continue
            if name in family.loose:
                if not re.search(family.context, sentence, re.I):
                    continue
                if chosen and re.search(rf"\b{re.escape(chosen)}", sentence, re.I):
                    continue
            yield name, match.group()
            break


def _main(
    texts: OrganisationTexts, family: Family, found: dict[str, list[tuple[FilledText, str]]]
) -> str:
    """The name in the policy's title, or the one that most texts use."""
    title = texts.own.policy.item.title
    for name, pattern in family.names:
        if re.search(pattern, title, re.I):
            return name
    order = [name for name, _ in family.names]
    return max(found, key=lambda name: (len(found[name]), -order.index(name)), default="")


FREQUENCY = re.compile(
    r"\b(termly|half-termly|monthly|weekly|quarterly|regular)"
    r" ((?:review|progress|one-to-one|support) meetings?)\b",
    re.I,
)


def _frequencies(texts: OrganisationTexts) -> Iterator[Problem]:
    """One kind of meeting that is termly in one place and regular, or monthly, in another."""
    found: dict[str, dict[str, tuple[FilledText, str]]] = {}
    for text in texts.policy:
        for match in FREQUENCY.finditer(text.plain):
            meeting = match.group(2).lower().removesuffix("s")
            found.setdefault(meeting, {}).setdefault(match.group(1).lower(), (text, match.group()))
    for meeting, often in found.items():
        if len(often) > 1:
            text, words = list(often.values())[1]
            message = f"A {meeting} is called {' and '.join(often)}"
            yield texts.finding(
                problems.TWO_NAMES, text, message, words=words, about=(meeting, "frequency")
            )
