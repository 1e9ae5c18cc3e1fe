"""What every check needs: problems with their place, ids that repeat, references that are lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from formulary import problems
from formulary.content.base import ContentModel
from formulary.content.form import Form
from formulary.content.loading import Content, OrganisationContent
from formulary.content.organisation import Offer
from formulary.content.policy import Clause, Footnote, Policy, Section, clauses_in
from formulary.content.source import Document, Loc
from formulary.edition.offered_form import Holdings, holdings, offer_form
from formulary.problems import Kind, Problem


@dataclass(frozen=True)
class CheckContext:
    """One organisation to check, among all the content.

    Where the content is not whole, a name that is somewhere in it is taken to exist.
    """

    content: Content
    own: OrganisationContent

    def offer_form(self, offer: Offer, form: Form) -> Form:
        """A form as the organisation offers it, in its texts as they were written."""
        if id(offer) not in self._offered:
            header = self.content.header.item if self.content.header else None
            self._offered[id(offer)] = offer_form(form, offer, header, self._has).form
        return self._offered[id(offer)]

    @cached_property
    def _offered(self) -> dict[int, Form]:
        return {}

    @cached_property
    def _has(self) -> Holdings:
        ratings = self.own.ratings.item if self.own.ratings else None
        return holdings(self.own.holds(), self.own.organisation.item, ratings)

    def maybe_defined(self, id: str) -> bool:
        """Whether a name that leads nowhere may be in a part too faulty to load."""
        return not self.content.whole and id in self.content.ids

    def may_be_place(self, place: str) -> bool:
        """The same for every part of a dotted place."""
        known = self.content.ids | self.content.keys | {"policy", "cycle", "organisation"}
        return not self.content.whole and set(place.split(".")) <= known


@dataclass(frozen=True)
class Reference:
    """A name that should exist: where it is, what it names, and what there is."""

    document: Document
    loc: Loc
    id: str
    what: str
    known: frozenset[str]
    is_key: bool = False


def problem(kind: Kind, document: Document, loc: Loc, message: str, fix: str = "") -> Problem:
    """A problem at `loc`; without `fix`, the kind's own remedy."""
    return Problem(kind, document.place(loc), message, fix or kind.remedy)


LISTED = 12
"""How many names a message lists. It says how many more there are."""


def report_lost(reference: Reference) -> Problem:
    """The problem of a reference that leads nowhere, with the nearest name that does exist."""
    near = get_close_matches(reference.id, reference.known, 1)
    names = sorted(reference.known)
    known = ", ".join(names[:LISTED]) or "none"
    if len(names) > LISTED:
        known += f" and {len(names) - LISTED} more"
    fix = f"Did you mean “{near[0]}”?" if near else f"Known: {known}."
    message = f"There is no {reference.what} “{reference.id}”"
    place = reference.document.place(reference.loc, key=reference.is_key)
    return Problem(problems.UNKNOWN_REFERENCE, place, message, fix)


def find_repeats(
    document: Document, ids: Iterable[tuple[str, Loc]], what: str
) -> Iterator[Problem]:
    """A problem for every id that an earlier entry has already."""
    first: dict[str, Loc] = {}
    for id, loc in ids:
        if id in first:
            line = document.place(first[id]).line
            message = f"The {what} id “{id}” is already used in line {line}"
            yield problem(problems.REPEATED_ID, document, loc, message)
        first.setdefault(id, loc)


def locate_ids(items: Iterable[ContentModel], loc: Loc) -> Iterator[tuple[str, Loc]]:
    """The id of every item of a list, with its place."""
    for place, item in enumerate(items):
        yield getattr(item, "id"), (*loc, place, "id")  # noqa: B009 - items of several models


def locate_clauses(policy: Policy) -> Iterator[tuple[Loc, Section, Clause]]:
    """Every clause with its place in the file and its section; an inner one after its own."""
    for loc, section in locate_sections(policy):
        yield from (((*loc, *at), section, clause) for at, clause, _ in clauses_in(section))


def locate_footnotes(policy: Policy) -> Iterator[tuple[Loc, Footnote]]:
    """Every footnote with the place of its id in the file."""
    homes: list[tuple[Loc, Section | Clause]] = [*locate_sections(policy)]
    homes.extend((loc, clause) for loc, _, clause in locate_clauses(policy))
    for loc, home in homes:
        yield from (((*loc, "footnotes", i, "id"), n) for i, n in enumerate(home.footnotes))


def locate_sections(policy: Policy) -> Iterator[tuple[Loc, Section]]:
    """Every section, then every appendix, each with its place in the file."""
    yield from ((("sections", i), section) for i, section in enumerate(policy.sections))
    yield from ((("appendices", i), section) for i, section in enumerate(policy.appendices))
