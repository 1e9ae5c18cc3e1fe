"""Read a person's status and contract from a staff list, in the policy's terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from formulary.content.organisation import Exclusion, Organisation
from formulary.content.staff_columns import STATES, StaffColumns, State
from formulary.words import clean, comparison_key

YES = frozenset(("yes", "y", "true", "t", "1", "x", "ja", "oui"))
_OVER = re.compile(
    r"\b(no|not|non|passed|complete|completed|ended|end of|confirmed|former|successful|n/a)\b", re.I
)
_STATES: tuple[tuple[State, re.Pattern[str]], ...] = (
    ("vacant", re.compile(r"^\W*(vacan(t|cy)|unfilled)\b", re.I)),
    (
        "left",
        re.compile(
            r"^\W*(leaver|left|has left|terminated|dismissed|deceased|retired|inactive"
            r"|no longer (employed|in post)|(former|ex)[- ](employee|staff|member of staff))\b",
            re.I,
        ),
    ),
    (
        "absent",
        re.compile(
            r"\b(((ordinary |additional )?mat(ernity)?|paternity|adoption|(shared )?parental|unpaid"
            r"|sick|sickness|study|carers?|long[- ]term) (leave|absence)"
            r"|maternity|long[- ]?term sick(ness)?|on leave|leave of absence|career break"
            r"|sabbatical|seconded(?! in\b)|(on secondment|secondment out)|absent)\b",
            re.I,
        ),
    ),
    ("probation", re.compile(r"\bprobation(ary|er)?\b", re.I)),
)
"""What a list says of people who are away for long, have left, or are not there at all."""
_PAST_OR_OTHER = re.compile(
    r"\b(cover(ing|ed)?|return(ed|ing|s)?|back|due|planned|expect(ed|ing)|replac\w+|never"
    r"|expired|waived|extension refused)\b",
    re.I,
)
"""Words of somebody who covers for another, or of what is over or yet to come."""
_VACANCY = re.compile(r"\b(vacant|vacancy|unfilled)\b", re.I)
_TO_COME = re.compile(
    r"\W*(to be (appointed|confirmed|recruited|filled|advertised)|tb[acd]|post vacant)\W*", re.I
)
_FIXED = re.compile(r"\b(fixed[- ]?term|temporary|temp|ftc|maternity cover)\b", re.I)
_PERMANENT = re.compile(r"\b(permanent|perm|open[- ]?ended|indefinite|substantive)\b", re.I)


@dataclass(frozen=True)
class StaffStatus:
    """`excluded` is the id of an exclusion; `fixed_term` is None where the list does not say.

    `unclear` is a value that looks like a sign of an exclusion, and the exclusion's words.
    `state` is how the person is where no exclusion holds, and `state_words` what the list says.
    """

    excluded: str = ""
    fixed_term: bool | None = None
    unclear: tuple[str, str] | None = None
    state: State = "covered"
    state_words: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether nobody is there who could have a staff group."""
        return bool(self.excluded) or self.state in ("left", "vacant")


def is_vacancy(name: str) -> bool:
    """Whether what a list has as a name says that nobody has the post: “VACANT – Teacher”."""
    bare = clean(name)
    return bool(_TO_COME.fullmatch(bare)) or (
        bool(_VACANCY.search(bare)) and not _PAST_OR_OTHER.search(bare)
    )


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
    state, state_words = _find_state(pairs, meant)
    return StaffStatus("", fixed_term, unclear, state, state_words)


def _find_state(pairs: Iterable[tuple[str, str]], meant: Mapping[str, str]) -> tuple[State, str]:
    """The first state, in the order of `_STATES`, that a value or a heading with “yes” tells."""
    found: dict[State, str] = {}
    for heading, value in pairs:
        own = meant.get(comparison_key(value))
        if own is not None:
            found.update({state: value for state in STATES if state == own})
            continue
        words = heading if comparison_key(value) in YES else value
        state = next((state for state, pattern in _STATES if pattern.search(words)), None)
        over = state not in ("left", "vacant") and _OVER.search(words)
        if state and not over and not _PAST_OR_OTHER.search(words):
            found.setdefault(state, words)
    if "covered" in found:
        return "covered", ""
    return next(((state, found[state]) for state, _ in _STATES if state in found), ("covered", ""))


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
