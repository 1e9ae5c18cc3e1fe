"""Find words that were to be replaced: those of the starting texts, and those of any template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.edition.filled_text import FilledText
from formulary.problems import Problem

_TO_REPLACE = (
    r"Write here\b[^.;]*",
    r"\[(?:insert|add|delete|enter|state|your|name|names|date|school|trust|job|role|tbc|xx?x?)\b[^\]]*\](?!\()",
    r"<(?:insert|add|enter|your|name|date|school|trust)\b[^>]*>",
    r"\b(?:TBC|TBA|TBD|TODO|FIXME|XXX+)\b",
    r"\b[Tt]o be (?:confirmed|completed|inserted)\b",
    r"\bXX/XX(?:/XX(?:XX)?)?\b|\bDD/MM/YY(?:YY)?\b|\b20XX\b|\b20__",
    r"_{3,}|\.{5,}|…{3,}",
    r"\b[Ll]orem ipsum\b",
)
_LEFT = re.compile(_TO_REPLACE[0])
_PLACEHOLDER = re.compile("|".join(_TO_REPLACE))


def placeholder_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Find what is left to be written: a mistake in an approved policy, a reminder in a draft."""
    yield from texts.find_each(_find_placeholder, texts.all)


def _find_placeholder(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    approved = texts.own.policy.item.status == "approved"
    pattern, kind = _PLACEHOLDER, problems.PLACEHOLDER
    if text.kind == "form":  # lines to write on are what forms are made of
        if text.loc[0] not in ("purpose", "filled-by", "when"):
            return
        pattern = _LEFT
    elif approved:  # a form is not what was approved
        kind = problems.PLACEHOLDER_APPROVED
    if match := pattern.search(text.typed):
        words = " ".join(match.group().split())
        shown = words if len(words) <= 60 else f"{words[:59]}…"
        message = f"“{shown}” is still to be replaced with your own words"
        yield texts.finding(kind, text, message, words=words, about=(words,))
