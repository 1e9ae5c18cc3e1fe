"""Read a person's status and contract from a staff list, in the policy's terms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from formulary.content.organisation import Exclusion, Organisation
from formulary.content.staff_columns import StaffColumns, Standing
from formulary.staff.list_words import StandingWords, standing_words
from formulary.words import comparison_key

YES = frozenset(("yes", "y", "true", "t", "1", "x", "ja", "oui"))
_OVER = re.compile(
    r"\b(no|not|non|passed|complete|completed|ended|end of|confirmed|former|successful|n/a)\b", re.I
)
_FIXED = re.compile(r"\b(fixed[- ]?term|temporary|temp|ftc|maternity cover)\b", re.I)
_PERMANENT = re.compile(r"\b(permanent|perm|open[- ]?ended|indefinite|substantive)\b", re.I)


@dataclass(frozen=True)
class StaffStatus:
    """`excluded` is the id of an exclusion; `fixed_term` is None where the list does not say.

    `unclear` is a value that looks like a sign of an exclusion, and the exclusion's words.
    """

    excluded: str = ""
    fixed_term: bool | None = None
    unclear: tuple[str, str] | None = None


def find_status(
    said: Iterable[tuple[str, str]], group: str, organisation: Organisation, own: StaffColumns
) -> StaffStatus:
    """The standing of one person of a group (its id, or empty), from pairs of heading and value."""
    pairs = [(heading, value) for heading, value in said if value]
    words = " | ".join(value for _, value in pairs)
    fixed_term = None
    if _FIXED.search(words):
        fixed_term = True
    elif _PERMANENT.search(words):
        fixed_term = False
    meant = {comparison_key(word): id for word, id in own.scope.items()}
    unclear = None
    for exclusion in organisation.scope:
        if exclusion.groups and group and group not in exclusion.groups:
            continue
        for heading, value in pairs:
            if comparison_key(value) in meant:
                if meant[comparison_key(value)] == exclusion.id:
                    return StaffStatus(exclusion.id, fixed_term)
            elif _is_sign(exclusion, heading, value):
                return StaffStatus(exclusion.id, fixed_term)
            elif unclear is None and _is_like(exclusion, value):
                unclear = (value, exclusion.words)
    return StaffStatus("", fixed_term, unclear)


def find_standing(
    said: Iterable[tuple[str, str]], own: StaffColumns
) -> tuple[Standing | None, str]:
    """What pairs of heading and value say of a person, and in which words; None for nothing.

    A vacancy goes before a leaver, a leaver before an absence, that before probation.
    """
    meant = {comparison_key(word): standing for word, standing in own.standing.items()}
    covered = {comparison_key(word) for word, id in own.scope.items() if id == "covered"}
    found: dict[Standing, str] = {}
    for heading, value in said:
        key = comparison_key(value)
        if not key or key in covered:
            continue
        if key in meant:
            standing = meant[key]
            if standing != "covered":
                found.setdefault(standing, value)
            continue
        for standing, words in standing_words().items():
            if _says(words, heading, value, key):
                found.setdefault(standing, value if key not in YES else heading)
    order: tuple[Standing, ...] = ("vacancy", "leaver", "away", "probation")
    return next(((name, found[name]) for name in order if name in found), (None, ""))


def _says(words: StandingWords, heading: str, value: str, key: str) -> bool:
    if comparison_key(heading) in words.headings and key in YES:
        return True
    if key in words.words:
        return True
    return bool(words.phrases.search(value)) and not words.denials.search(value)


def _is_sign(exclusion: Exclusion, heading: str, value: str) -> bool:
    signs = {comparison_key(sign) for sign in exclusion.signs}
    return comparison_key(value) in signs or (
        comparison_key(heading) in signs and comparison_key(value) in YES
    )


def _is_like(exclusion: Exclusion, value: str) -> bool:
    """Whether a value holds a sign's words among others, and does not say that it is over."""
    if _OVER.search(value):
        return False
    words = f" {' '.join(re.findall(r'[a-z]+', value.casefold()))} "
    return any(
        f" {' '.join(re.findall(r'[a-z]+', sign.casefold()))} " in words for sign in exclusion.signs
    )
