"""Make the edition of one organisation and year: texts filled in, dates computed, forms offered.

Every text that cannot be filled is a problem. Forms and the policy paper are composed from the
edition (`documents.blank`, `documents.paper`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from formulary.content.career_stages import CareerStages
from formulary.content.cycle import (
    MONTHS,
    Calendar,
    Cycles,
    DatedEvent,
    british,
    calendar,
    edition_name,
    read_rule,
)
from formulary.content.form import Form, FormHeader
from formulary.content.glossary import Glossary
from formulary.content.guidance import Checklist, Diagram, StaffQuestion, Topic, complete_entry
from formulary.content.loading import Content, File, OrganisationContent
from formulary.content.logo import Logo
from formulary.content.organisation import Organisation
from formulary.content.policy import Policy, numbers
from formulary.content.ratings import Ratings
from formulary.content.standards import StandardsSet
from formulary.content.synonyms import SynonymGroup
from formulary.content.themes import Theme
from formulary.content.typeface import Faces
from formulary.edition.changes import Comparison
from formulary.edition.facts import USUAL_WORDS, References, WithdrawnPart, facts, links, references
from formulary.edition.filled_text import FilledText, FillMemory, TextFiller
from formulary.edition.mails import with_mail_names
from formulary.edition.offered_form import Holdings, OfferedForm, holdings, offer_form
from formulary.edition.text import fill, first_capital, plural
from formulary.problems import Problem

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
    """The library's terms that this organisation's texts use."""
    topics: tuple[Topic, ...]
    questions: tuple[StaffQuestion, ...]
    checklists: tuple[Checklist, ...]
    diagrams: tuple[Diagram, ...]
    forms: tuple[OfferedForm, ...]
    library_forms: Mapping[str, Form]
    """The forms offered as the library has them, by id: with the parts that are left out here."""
    header: FormHeader | None
    year: int
    numbers: dict[str, str]
    references: References
    calendars: tuple[Calendar, ...]
    last_year: tuple[Calendar, ...]
    """The calendars of the year before: what closes that cycle falls into this one."""
    next_year: tuple[Calendar, ...] = ()
    """The calendars of the year after: a meeting that opens it may close this one."""
    themes: tuple[Theme, ...] = ()
    """What training needs are sorted by: the organisation's own themes, then the library's."""
    synonyms: tuple[SynonymGroup, ...] = ()
    """What the search looks for as well: the organisation's own groups, then the library's."""
    texts: tuple[FilledText, ...] = field(default=(), repr=False)
    """All that it says, file by file: its own texts, and those that it takes from the library."""
    logo: Logo | None = None
    """The picture for the plate of pages and papers; without one it has the short name."""
    faces: Faces | None = None
    changes: Comparison | None = None
    """What changed since the last edition, where one is kept (`entries.compare_with_last`)."""

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

    def word(self, name: str) -> str:
        """The organisation's own word for a role or a thing, such as reviewer."""
        return self.organisation.words.get(name) or USUAL_WORDS.get(name, name)

    def in_own_words(self, text: str) -> str:
        """A sentence of the program with the organisation's words for roles and things."""
        for usual in USUAL_WORDS:
            own = self.word(usual)
            for words, instead in ((usual, own), (plural(usual), plural(own))):
                text = text if own == usual else _replace_word(words, instead, text)
        return text

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
        if not name[1:2].isupper():  # “CPD day” stays as it is
            name = name[:1].lower() + name[1:]
        words = rule.words.removesuffix(rule.anchor)
        if rule.lead == "within":
            words = words.removesuffix("after ") + "of " if rule.offset > 0 else words
        return f"{words}the {name}"

    def when(self, dated: DatedEvent, *, year: bool = True) -> str:
        """When an event happens: “by 31 October 2026”, “January to March 2027”.

        A time that counts from another event says so, with the day it comes to. Where the policy
        sets no date, it is as the policy says it, with the months in which it is expected.
        """
        first, last, rule = dated.first, dated.last, dated.rule
        in_words = self.in_words(dated.event.when)
        if said := dated.event.policy_says:
            if first is None or last is None:
                return said
            return f"{said} (expected about {_span(first, last, rule.words, year)})"
        if first is None or last is None:
            return in_words
        if first != last:
            words = _span(first, last, rule.words, year)
            return words if rule.kind == "months" else f"{in_words} ({words})"
        day = british(first, year=year)
        if dated.is_expected:
            return f"{rule.lead} the {rule.anchor} of the cycle (expected about {day})"
        lead = rule.lead if rule.kind == "day" else "by" if dated.is_deadline else "on"
        return f"{in_words} ({lead} {day})" if rule.kind == "relative" else f"{lead} {day}"

    def is_offered(self, form: str, groups: Iterable[str]) -> bool:
        """Whether a form is offered to one of these staff groups."""
        wanted = set(groups)
        return any(
            form == offer.form and (not offer.groups or wanted & set(offer.groups))
            for offer, _ in self.forms
        )


def _replace_word(word: str, own: str, text: str) -> str:
    def write(found: re.Match[str]) -> str:
        return first_capital(own) if found[0][0].isupper() else own

    return re.sub(rf"\b{word}\b", write, text, flags=re.IGNORECASE)


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
    edition, faults = compose_edition(content, own, year)
    return (edition if edition.calendars else None), faults


def compose_edition(
    content: Content,
    own: OrganisationContent,
    year: int | None = None,
    memory: FillMemory | None = None,
) -> tuple[Edition, tuple[Problem, ...]]:
    """The same, with no calendars where a time rule is broken: enough to check the texts.

    `memory` keeps what was filled for the next time, and may mark each text of the organisation,
    so that it is known again where it is printed.
    """
    year = year or own.organisation.item.year
    names, known = collect_names(content, own, year)
    maybe_defined = frozenset() if content.whole else content.ids | content.keys
    filler = TextFiller(names, maybe_defined, memory)
    # a finding that is reported once is reported at the first text: so the policy is filled first
    policy = filler.fill_file(own.policy, "policy")
    organisation = filler.fill_file(own.organisation, "organisation")
    cycles = filler.fill_file(own.cycles, "cycle")
    ratings = filler.fill_file(own.ratings, "table") if own.ratings else None
    stages = filler.fill_file(own.career_stages, "table") if own.career_stages else None
    standards = _standards(filler, content, organisation.standards)
    topics = _guidance(filler, own.guidance, content.guidance, "topics")
    diagrams = _guidance(filler, own.guidance, None, "diagrams")
    questions = _guidance(filler, own.questions, content.questions, "questions")
    checklists = _guidance(filler, own.checklists, content.checklists, "checklists")
    header = filler.fill_file(content.header, "form") if content.header else None
    for mails in filter(None, (own.mails, content.mails)):
        filler.check_file(mails, with_mail_names(names))
    offers = [offer for offer in organisation.forms if offer.form in content.forms]
    library = {offer.form: filler.fill_file(content.forms[offer.form], "form") for offer in offers}
    try:
        calendars = _calendars(cycles, year)
        last_year = _calendars(cycles, year - 1)
        next_year = _calendars(cycles, year + 1)
    except (KeyError, ValueError):
        calendars = last_year = next_year = ()

    def hold(organisation: Organisation, ratings: Ratings | None, *needs: str) -> Holdings:
        return holdings(frozenset(needs), organisation, ratings)

    has = filler.derive(hold, organisation, ratings, *sorted(own.holds()))
    edition = Edition(
        organisation=organisation,
        policy=policy,
        cycles=cycles,
        ratings=ratings,
        career_stages=stages,
        standards=standards,
        glossary=None,
        topics=topics,
        questions=questions,
        checklists=checklists,
        diagrams=diagrams,
        forms=tuple(filler.derive(offer_form, library[o.form], o, header, has) for o in offers),
        library_forms=library,
        header=header,
        year=year,
        numbers=numbers(own.policy.item),
        references=known,
        calendars=calendars,
        last_year=last_year,
        next_year=next_year,
        themes=_themes(filler, content, own),
        synonyms=tuple(
            group
            for file in (own.synonyms, content.synonyms)
            if file
            for group in file.item.synonyms
        ),
        logo=own.logo,
        faces=own.faces,
    )
    texts, filled = tuple(filler.texts), tuple(filler.filled)
    # what an organisation replaces or leaves out of the library is in no model of its edition
    models = {name: value for name, value in vars(edition).items() if name != "library_forms"}
    held = {id(text) for text in filler.texts_within(models)}
    edition = replace(
        edition,
        texts=tuple(text for text in texts if id(text) in held and text.kind != "other"),
        glossary=_used_terms(filler, content.glossary, filled) if content.glossary else None,
    )
    filler.remember()
    return edition, tuple(filler.problems)


def collect_names(
    content: Content, own: OrganisationContent, year: int
) -> tuple[dict[str, Any], References]:
    """What the texts of an organisation can name in a year, and the printed names of its parts.

    Titles are filled here before all other texts, because links print them.
    """
    names = facts(
        own.organisation.item,
        own.cycles.item,
        own.ratings.item if own.ratings else None,
        own.career_stages.item if own.career_stages else None,
        year,
        content.law.item if content.law else None,
    )
    titles = {
        offer.form: offer.title or content.forms[offer.form].item.title
        for offer in own.organisation.item.forms
        if offer.form in content.forms
    }
    known = references(
        own.organisation.item, own.policy.item, titles, lambda title: fill(title, names)[0]
    )
    return names | links(known), replace(known, withdrawn=_find_withdrawn(own, known))


def _find_withdrawn(own: OrganisationContent, known: References) -> dict[str, WithdrawnPart]:
    """The clauses and sections of the last edition that are no longer there."""
    kept = own.last_edition.entries if own.last_edition else ()
    there = {*known.clauses, *known.sections, *known.appendices}
    return {
        entry.id: WithdrawnPart(entry.name, entry.home if entry.kind == "clause" else entry.id)
        for entry in kept
        if entry.kind in ("clause", "section") and entry.id not in there
    }


def _calendars(cycles: Cycles, year: int) -> tuple[Calendar, ...]:
    return tuple(calendar(cycle, cycles.terms, year) for cycle in cycles.cycles)


def _used_terms(
    filler: TextFiller, library: File[Glossary], filled: Iterable[Sequence[FilledText]]
) -> Glossary | None:
    """The terms of the library that one of the texts uses; None if none does."""
    glossary = filler.fill_file(library, "other")
    found = frozenset[int]().union(
        *(filler.derive(_find_terms, glossary, texts) for texts in filled)
    )
    used = tuple(term for place, term in enumerate(glossary.terms) if place in found)
    return glossary.model_copy(update={"terms": used}) if used else None


def _find_terms(glossary: Glossary, texts: Sequence[FilledText]) -> frozenset[int]:
    """The places in the glossary of the terms that one of the texts uses."""
    words = "\n".join(texts)
    folded = words.casefold()

    def is_used(word: str | None) -> bool:
        if not word or word.casefold() not in folded:  # as most are not: a quick look first
            return False
        # an abbreviation is told from a word by its capitals
        same_case = any(letter.isupper() for letter in word[1:])
        found = re.escape(word if same_case else word.casefold())
        # the letters first and what is before them last: so the search runs at full speed
        pattern = rf"{found}(?<!\w{found})s?(?!\w)"
        return bool(re.search(pattern, words if same_case else folded))

    return frozenset(
        place
        for place, term in enumerate(glossary.terms)
        if is_used(term.term) or is_used(term.stands_for)
    )


def _standards(
    filler: TextFiller, content: Content, ids: tuple[str, ...]
) -> tuple[StandardsSet, ...]:
    if content.standards is None:
        return ()
    document = content.standards.document
    return tuple(
        filler.fill_item(found, document, ("sets", place), "table")
        for place, found in enumerate(content.standards.item.sets)
        if found.id in ids
    )


def _themes(filler: TextFiller, content: Content, own: OrganisationContent) -> tuple[Theme, ...]:
    """The organisation's own themes, then those of the library whose id it has not taken."""
    found = {
        theme.id: theme
        for file in (content.themes, own.themes)
        if file
        for theme in filler.fill_file(file, "other").themes
    }
    first = [theme.id for theme in own.themes.item.themes] if own.themes else []
    return tuple(found[id] for id in dict.fromkeys([*first, *found]))


def _guidance(
    filler: TextFiller, own: File[Any] | None, library: File[Any] | None, key: str
) -> tuple[Any, ...]:
    """An organisation's entries of one kind, each completed from the library's of its id."""

    def complete(entry: Any, filled: Any) -> Any:
        return complete_entry(entry, {entry.id: filled})

    whole = getattr(library.item, key) if library else ()
    shared = {entry.id: (place, entry) for place, entry in enumerate(whole)}
    entries = []
    for i, written in enumerate(getattr(own.item, key) if own else ()):
        assert own
        entry = filler.fill_item(written, own.document, (key, i), "guidance", written.clauses)
        if library and entry.id in shared:
            place, found = shared[entry.id]
            filled = filler.fill_item(found, library.document, (key, place), "guidance")
            entry = filler.derive(complete, entry, filled)
        entries.append(entry)
    return tuple(entries)
