"""An edition: everything of one organisation for one year, texts filled in and dates computed.

Content for an organisation and a year come in; an `Edition` goes out, with every text that could
not be filled. Forms and the policy paper are composed from it (`blank`, `paper`).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from typing import Any

from formulary import problems
from formulary.model.changes import Comparison
from formulary.model.content import Content, File, OrganisationContent
from formulary.model.cycle import (
    MONTHS,
    Calendar,
    Cycles,
    Dated,
    british,
    calendar,
    edition_name,
    read_rule,
)
from formulary.model.facts import FACTS, References, Withdrawn, facts, links, references
from formulary.model.form import Form, FormHeader
from formulary.model.guidance import Checklist, Diagram, Question, Topic, chosen
from formulary.model.matrix import CareerStages, Glossary, Ratings, StandardsSet
from formulary.model.organisation import Offer, Organisation
from formulary.model.policy import Policy, numbers
from formulary.model.structure import AnyItem, rewrite_texts
from formulary.model.text import FILTERS, Fault, fill
from formulary.model.themes import Theme
from formulary.problems import Problem
from formulary.source import Document, Loc

NOTICE = (
    "Worked example: these words are reworded from a document that {name} has published. "
    "This is not the organisation’s own policy."
)


@dataclass(frozen=True)
class Edition:
    """One organisation in one year: every text filled in; what is light Markdown stays so."""

    organisation: Organisation
    policy: Policy
    cycles: Cycles
    ratings: Ratings | None
    career_stages: CareerStages | None
    standards: tuple[StandardsSet, ...]
    glossary: Glossary | None
    """The library's terms that stand in this organisation's texts."""
    topics: tuple[Topic, ...]
    questions: tuple[Question, ...]
    checklists: tuple[Checklist, ...]
    diagrams: tuple[Diagram, ...]
    forms: tuple[tuple[Offer, Form], ...]
    header: FormHeader | None
    holds: frozenset[str]
    """What it has that a part of a form may need (see `form.Need`)."""
    year: int
    numbers: dict[str, str]
    references: References
    calendars: tuple[Calendar, ...]
    last_year: tuple[Calendar, ...]
    """The calendars of the year before: what closes that cycle falls into this one."""
    themes: tuple[Theme, ...] = ()
    """What training needs are sorted by: the organisation's own themes, then the library's."""
    changes: Comparison | None = None
    """What changed since the last edition, where one is kept; `entries.with_changes` finds it."""

    @property
    def id(self) -> str:
        return self.organisation.id

    @property
    def name(self) -> str:
        """The edition's name: 2026-27."""
        return edition_name(self.year)

    @property
    def notice(self) -> str:
        """The sentence that a worked example shows everywhere; empty for others."""
        if self.organisation.status == "example":
            return NOTICE.format(name=self.organisation.short)
        return ""

    def label(self, id: str) -> str:
        """How a sentence names a clause or section: “clause 5.3”, “Appendix A”."""
        return self.references.label(id)

    def in_words(self, when: str) -> str:
        """A time rule as a reader says it, its event by name: “before the spring review”."""
        rule = read_rule(when)
        if rule.kind == "term":
            return f"in the {rule.anchor} term"
        if rule.kind != "relative":
            return rule.words
        names = {event.id: event.name for cycle in self.cycles.cycles for event in cycle.events}
        name = names[rule.anchor]
        return rule.words.removesuffix(rule.anchor) + f"the {name[:1].lower()}{name[1:]}"

    def when(self, dated: Dated, *, year: bool = True) -> str:
        """When an event happens: “by 31 October 2026”, “January to March 2027”.

        A time that counts from another event says so, with the day it comes to.
        """
        first, last, rule = dated.first, dated.last, dated.rule
        said = self.in_words(dated.event.when)
        if first is None or last is None:
            return said
        if first != last:
            words = _span(first, last, rule.words, year)
            return words if rule.kind == "months" else f"{said} ({words})"
        day = british(first, year=year)
        lead = rule.lead if rule.kind == "day" else "by" if dated.by else "on"
        return f"{said} ({lead} {day})" if rule.kind == "relative" else f"{lead} {day}"

    def standards_set(self, id: str) -> StandardsSet:
        """The set with that id, its texts filled in; raises KeyError."""
        return {found.id: found for found in self.standards}[id]


def _span(first: datetime.date, last: datetime.date, rule: str, year: bool) -> str:
    one, other = MONTHS[first.month - 1], MONTHS[last.month - 1]
    months = one if one == other else f"{one} {'or' if ' or ' in rule else 'to'} {other}"
    if not year:
        return months
    if first.year == last.year:
        return f"{months} {last.year}"
    return f"{one} {first.year} {'or' if ' or ' in rule else 'to'} {other} {last.year}"


def edition_of(
    content: Content, own: OrganisationContent, year: int | None = None
) -> tuple[Edition | None, tuple[Problem, ...]]:
    """The edition of one organisation for the year in which its cycles start.

    Without `year` the organisation's own year holds. Where a time rule is broken there is no
    edition, and no further problem: the linter has named it.
    """
    year = year or own.organisation.item.year
    names, known = naming(content, own, year)
    filler = _Filler(names, frozenset() if content.whole else content.ids | content.keys)
    organisation, cycles = filler.filled(own.organisation), filler.filled(own.cycles)
    try:
        calendars = _calendars(cycles, year)
        last_year = _calendars(cycles, year - 1)
    except (KeyError, ValueError):
        calendars = last_year = ()
    edition = Edition(
        organisation=organisation,
        policy=filler.filled(own.policy),
        cycles=cycles,
        ratings=filler.filled(own.ratings) if own.ratings else None,
        career_stages=filler.filled(own.career_stages) if own.career_stages else None,
        standards=_chosen(filler, content, organisation.standards),
        topics=_merged(filler, own.guidance, content.guidance, "topics"),
        questions=_merged(filler, own.questions, content.questions, "questions"),
        checklists=_merged(filler, own.checklists, content.checklists, "checklists"),
        diagrams=filler.filled(own.guidance).diagrams if own.guidance else (),
        forms=tuple(
            (offer, _as_offered(filler.filled(content.forms[offer.form]), offer))
            for offer in organisation.forms
            if offer.form in content.forms
        ),
        header=filler.filled(content.header) if content.header else None,
        holds=own.holds(),
        year=year,
        numbers=numbers(own.policy.item),
        references=known,
        calendars=calendars,
        last_year=last_year,
        glossary=None,
        themes=_themes(filler, content, own),
    )
    if content.glossary:
        edition = replace(edition, glossary=_words_used(filler, content.glossary))
    return (edition if calendars else None), tuple(filler.problems)


def naming(
    content: Content, own: OrganisationContent, year: int
) -> tuple[dict[str, Any], References]:
    """What the texts of an organisation can name in a year, and the printed names of its parts."""
    names = facts(
        own.organisation.item,
        own.cycles.item,
        own.ratings.item if own.ratings else None,
        own.career_stages.item if own.career_stages else None,
        year,
    )
    titles = {
        offer.form: offer.title or content.forms[offer.form].item.title
        for offer in own.organisation.item.forms
        if offer.form in content.forms
    }
    known = references(
        own.organisation.item, own.policy.item, titles, lambda title: fill(title, names)[0]
    )
    return names | links(known), replace(known, withdrawn=_withdrawn(own, known))


def _withdrawn(own: OrganisationContent, known: References) -> dict[str, Withdrawn]:
    """The clauses and sections of the last edition that are no longer there."""
    kept = own.last_edition.entries if own.last_edition else ()
    there = {*known.clauses, *known.sections, *known.appendices}
    return {
        entry.id: Withdrawn(entry.name, entry.home if entry.kind == "clause" else entry.id)
        for entry in kept
        if entry.kind in ("clause", "section") and entry.id not in there
    }


def _calendars(cycles: Cycles, year: int) -> tuple[Calendar, ...]:
    return tuple(calendar(cycle, cycles.terms, year) for cycle in cycles.cycles)


def _words_used(filler: _Filler, library: File[Glossary]) -> Glossary | None:
    """The terms of the library that stand in a text of this organisation; None if none does."""
    said = "\n".join(filler.said)
    folded = said.casefold()
    glossary = filler.filled(library)

    def stands(word: str | None) -> bool:
        if not word or word.casefold() not in folded:  # as most are not: soon found out
            return False
        # an abbreviation is told from a word by its capitals
        same_case = any(letter.isupper() for letter in word[1:])
        found = re.escape(word if same_case else word.casefold())
        # the letters first and what stands before them last: so they are sought at full speed
        pattern = rf"{found}(?<!\w{found})s?(?!\w)"
        return bool(re.search(pattern, said if same_case else folded))

    used = tuple(term for term in glossary.terms if stands(term.term) or stands(term.stands_for))
    return glossary.model_copy(update={"terms": used}) if used else None


def _as_offered(form: Form, offer: Offer) -> Form:
    """The form with what the organisation says of it in place of the form's own words."""
    names = ("title", "purpose", "guidance", "filled_by", "when")
    given = {name: found for name in names if (found := getattr(offer, name)) is not None}
    return form.model_copy(update=given)


def _chosen(filler: _Filler, content: Content, ids: tuple[str, ...]) -> tuple[StandardsSet, ...]:
    if content.standards is None:
        return ()
    document = content.standards.document
    return tuple(
        filler.item(found, document, ("sets", place))
        for place, found in enumerate(content.standards.item.sets)
        if found.id in ids
    )


def _themes(filler: _Filler, content: Content, own: OrganisationContent) -> tuple[Theme, ...]:
    """The organisation's own themes, then those of the library whose id it has not taken."""
    found = {
        theme.id: theme
        for file in (content.themes, own.themes)
        if file
        for theme in filler.filled(file).themes
    }
    first = [theme.id for theme in own.themes.item.themes] if own.themes else []
    return tuple(found[id] for id in dict.fromkeys([*first, *found]))


def _merged(
    filler: _Filler, own: File[Any] | None, library: File[Any] | None, kind: str
) -> tuple[Any, ...]:
    """An organisation's topics, questions or checklists, each made from the library's of its id."""
    if own is None:
        return ()
    entries = getattr(filler.filled(own), kind)
    wanted = {entry.id for entry in entries}
    shared = {
        entry.id: filler.item(entry, library.document, (kind, place))
        for place, entry in enumerate(getattr(library.item, kind) if library else ())
        if entry.id in wanted and library
    }
    return tuple(chosen(entry, shared) for entry in entries)


class _Filler:
    """Fills texts with the facts of one organisation, and keeps what could not be filled.

    `pardoned` holds the names of things that exist but were too faulty to load: a text that names
    one of them is not at fault.
    """

    def __init__(self, names: dict[str, Any], pardoned: frozenset[str]) -> None:
        self.names = names
        self.pardoned = pardoned | frozenset(FACTS) | frozenset(FILTERS) if pardoned else pardoned
        self.problems: list[Problem] = []
        self.said: list[str] = []

    def filled(self, file: File[AnyItem]) -> AnyItem:
        return self.item(file.item, file.document, ())

    def item(self, item: AnyItem, document: Document, at: Loc) -> AnyItem:
        return rewrite_texts(item, lambda text, loc, _: self.text(document, text, loc), at)

    def text(self, document: Document, text: str, loc: Loc) -> str:
        filled, faults = fill(text, self.names)
        self.problems.extend(
            _problem(document, loc, fault) for fault in faults if not self.pardons(fault)
        )
        self.said.append(filled)
        return filled

    def pardons(self, fault: Fault) -> bool:
        mentioned = re.findall(r"[a-z][a-z0-9_-]*", fault.expression)
        return fault.kind != "syntax" and all(name in self.pardoned for name in mentioned)


def _problem(document: Document, loc: Loc, fault: Fault) -> Problem:
    kind = {
        "reference": problems.UNKNOWN_REFERENCE,
        "syntax": problems.BAD_TEMPLATE,
        "fact": problems.UNKNOWN_FACT,
    }[fault.kind]
    return Problem(kind, document.place_of(loc, fault.expression), fault.message, fault.advice)
