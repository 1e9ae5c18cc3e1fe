"""Compose a blank form: every question in reading order, ready for the Word and PDF writers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, get_args

from formulary.content.form import Form, FormField, FormSection, FormTable, OwnTemplates
from formulary.content.logo import Logo
from formulary.content.meaning import Meaning
from formulary.content.organisation import Offer
from formulary.content.typeface import Faces
from formulary.documents.answers import YES_OR_NO, Format, describe_wanted, explain_misfit
from formulary.documents.opening import (
    Month,
    Opening,
    PartTimes,
    compose_opening,
    who_fills_in,
)
from formulary.documents.stamp import Stamp, digest_of
from formulary.edition.approval import approval_line
from formulary.edition.edition import Edition
from formulary.edition.filled_text import with_plain_words
from formulary.edition.text import Block, Bullets, blocks, letter_faults, letter_fields, plain
from formulary.problems import OutputError

_FIELD_MARK = re.compile(r"\[\[([a-z][a-z0-9_]*)\]\]")

Kind = Literal["text", "multiline", "date", "choice", "checkbox"]

DATE_FORMAT = "dd/mm/yyyy"
"""How a date is written in a form, as staff write it."""


@dataclass(frozen=True)
class Question:
    """One answer to be given.

    `id` is the Word tag, the bookmark, the PDF field name and the register column. `title` is
    unique in the form and says row and column: “Objective 2: Measures/Milestones”. `label` is what
    is printed beside the answer (in a table: the column's heading). `value` is what the blank is
    prefilled with: a date as dd/mm/yyyy, a ticked check box as “yes”.
    """

    id: str
    title: str
    label: str
    kind: Kind
    hint: str = ""
    options: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    """The colour shown beside each option of a rating; empty for other choices."""
    lines: int = 1
    required: bool = False
    value: str = ""
    prefill: str = ""
    """Where a pack takes its first value from (`form.PREFILLS`); empty for nowhere."""
    format: Format = ""
    """How a line is to be written; empty for any words."""
    unit: str = ""
    """What a number counts: “hours”; empty for none."""
    least: float | None = None
    most: float | None = None
    signature: bool = False
    """Whether this is the typed name of a signature; its date is the next question."""
    means: Meaning | None = None
    """What the answer is to the checks and the registers; None where they do not use it."""
    was: tuple[str, ...] = ()
    """The ids that the question had in earlier editions, the latest first."""
    groups: tuple[str, ...] = ()
    """The ids of the staff groups that are asked; all if empty."""

    @property
    def money(self) -> bool:
        """Whether it is an amount, with the pound sign before it."""
        return self.format == "money"

    def explain_misfit(self, value: str) -> str:
        """What is wrong with an answer to a line that is to be written in one way; or empty."""
        return explain_misfit(value, self.format, unit=self.unit, least=self.least, most=self.most)


_WRITER = Question("", "", "", "text", prefill="staff.reviewer")
"""Like the question with which the writer's side of a letter's address begins."""

LetterRole = Literal["", "address", "letter", "signature"]


@dataclass(frozen=True)
class Row:
    """One row of a grid.

    `title` begins the titles of its questions (“Objective 2”); `heading` is what is printed in the
    row's first cell (“2”, or a whole standard); `guide` is printed above its answers.
    """

    title: str
    heading: str
    guide: tuple[Block, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Column:
    label: str
    hint: str


@dataclass(frozen=True)
class Grid:
    """Rows that ask the same of several things."""

    id: str
    row: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def in_blocks(self) -> bool:
        """Whether each row is a block of the whole width, and not a row of a table.

        So it is wherever people write at length in two columns or more, since an objective needs
        the width of the page.
        """
        first = self.rows[0].questions if self.rows else ()
        written = sum(question.kind == "multiline" for question in first)
        return written > 1 or len(self.columns) > 3 or any(row.guide for row in self.rows)


@dataclass(frozen=True)
class Part:
    """A part of a form under one heading; `clause` is the label of the clause that it serves.

    `number` is 1 for the first part of a form, and 0 throughout a letter, which has none. `time`
    and `who` say when the part is filled in and who does it, in a few words or none: “By 31 October
    2027”, “reviewer”.
    """

    id: str
    title: str
    intro: tuple[Block, ...]
    questions: tuple[Question, ...]
    grid: Grid | None
    clause: str = ""
    letter: tuple[Block, ...] = ()
    """A letter's text; a run whose target is `field:<id>` is where that question is answered."""
    number: int = 0
    time: str = ""
    who: str = ""
    months: tuple[Month, ...] = ()
    """The months in which it is filled in, where the cycle says so for all that the form is for."""
    decision: bool = False
    """Whether it is a decision, which is on one page with the signatures that follow it."""

    @property
    def addressed(self) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
        """The questions of a letter's address: those of whom it is to, and from its writer on."""
        place = [one.prefill for one in (*self.questions, _WRITER)].index(_WRITER.prefill)
        return self.questions[:place], self.questions[place:]

    def check_letter(self) -> None:
        """Raise OutputError where the letter has a place twice, or one that the part lacks."""
        faults = letter_faults(self.letter, [question.id for question in self.questions])
        if faults:
            raise OutputError(f"{self.title}: {faults[0]}.")

    @property
    def is_signed(self) -> bool:
        """Whether it is signed, so that no page break parts it."""
        return any(question.signature for question in self.questions)

    @property
    def tab(self) -> tuple[str, str]:
        """When it is filled in and by whom, as its tab says it: “By 31 October”, “ · reviewer”."""
        if not self.number or not (self.time and self.who):
            return (self.time, self.who) if self.number else ("", "")
        lower = self.who[1:2].islower() or self.who[1:2] == " "
        return self.time, f" · {self.who[:1].lower() if lower else self.who[:1]}{self.who[1:]}"

    def all_questions(self) -> Iterator[Question]:
        """Every question of the part, those of its grid included, in reading order."""
        yield from self.questions
        for row in self.grid.rows if self.grid else ():
            yield from row.questions

    @property
    def asked_apart(self) -> tuple[Question, ...]:
        """The questions that the letter does not mention; all of them where there is none."""
        mentioned = letter_fields(self.letter)
        return tuple(question for question in self.questions if question.id not in mentioned)


@dataclass(frozen=True)
class Blank:
    """A blank form for one organisation and edition."""

    id: str
    title: str
    organisation: str
    edition: str
    marking: str
    notice: str
    """A sentence for every page of a worked example; empty for an organisation's own forms."""
    guidance: tuple[Block, ...]
    parts: tuple[Part, ...]
    stamp: Stamp
    colour: str
    approval: str = ""
    """The policy's version and approval: “Version 4.0, approved by the governors”; may be empty."""
    own: OwnTemplates = field(default_factory=OwnTemplates)
    """How the fields of the organisation's own documents are joined to the questions."""
    opening: Opening = field(default_factory=Opening)
    logo: Logo | None = None
    faces: Faces | None = None

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter: it has no numbered parts, and looks like one."""
        return any(part.letter for part in self.parts)

    @property
    def letter_roles(self) -> tuple[LetterRole, ...]:
        """What each part is to the letter; empty for every part of a form that is none.

        What is before the letter is its address: to whom, by whom, and when. What is signed right
        after it is the writer's signature.
        """
        roles: list[LetterRole] = []
        for part in self.parts:
            if part.letter:
                roles.append("letter")
            elif self.is_letter and "letter" not in roles and part.grid is None:
                roles.append("address")
            elif roles and roles[-1] == "letter" and part.is_signed:
                roles.append("signature")
            else:
                roles.append("")
        return tuple(roles)

    @property
    def edition_line(self) -> str:
        """The line under the title: “Edition 2026-27 · Version 4.0, approved by the governors”."""
        return f"Edition {self.edition}" + (f" · {self.approval}" if self.approval else "")

    @property
    def file_stem(self) -> str:
        """The download's name without its ending: `pm-form-2026-27`."""
        return f"{self.id}-{self.edition}"

    def questions(self) -> tuple[Question, ...]:
        """Every question in reading order."""
        return self._questions

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return tuple(question for part in self.parts for question in part.all_questions())


def compose_blank(edition: Edition, offer: Offer, form: Form) -> Blank:
    """The blank form that an organisation offers in this edition.

    `offer` and `form` are one of `edition.forms`. Raises KeyError where the form names something
    that the content lacks; the linter has reported it.
    """
    composer = _Composer(edition, offer, form)
    # the stamp knows the questions in the order of the file, wherever a part is printed
    written = [composer.part(section) for section in form.sections]
    questions = [question for part in written for question in part.all_questions()]
    parts = _in_printed_order(form.sections, written)
    organisation = edition.organisation
    stamp = Stamp(
        form.id,
        organisation.id,
        edition.year,
        edition.name,
        digest_of((q.id, q.title, q.kind, q.options) for q in questions),
    )
    blank = Blank(
        id=form.id,
        title=form.title,
        organisation=organisation.name,
        edition=edition.name,
        marking=organisation.marking,
        notice=edition.notice,
        guidance=blocks(form.guidance) if form.guidance else (),
        parts=parts,
        stamp=stamp,
        colour=organisation.colour,
        approval=approval_line(edition.policy),
        own=form.own_templates,
        logo=edition.logo,
        faces=edition.faces,
        opening=compose_opening(edition, offer, form, [part.months for part in parts]),
    )
    return with_plain_words(blank)


def _in_printed_order(sections: tuple[FormSection, ...], parts: list[Part]) -> tuple[Part, ...]:
    """The parts as they are printed and numbered; see `FormSection.before`."""
    order = list(parts)
    for section, part in zip(sections, parts, strict=True):
        there = {one.id: one for one in order if one is not part}
        later = next((there[id] for id in section.before if id in there), None)
        if later is not None:
            order.remove(part)
            order.insert(order.index(later), part)
    if any(part.letter for part in parts):
        return tuple(order)
    return tuple(replace(part, number=number) for number, part in enumerate(order, start=1))


def _order_by_letter(
    questions: tuple[Question, ...], letter: tuple[Block, ...]
) -> tuple[Question, ...]:
    """The questions in reading order: those that a letter mentions first, as it mentions them."""
    place = {id: number for number, id in enumerate(letter_fields(letter))}
    return tuple(sorted(questions, key=lambda question: place.get(question.id, len(place))))


HOW_TO_SIGN = blocks("To sign, type your name and the date.")
"""What introduces a part whose first question, but for dates, is a signature.

A form's own introduction to the part replaces it.
"""


def _introduce(section: FormSection) -> tuple[Block, ...]:
    if section.intro:
        return blocks(section.intro)
    asked = (field.type for field in section.fields if field.type != "date")
    return HOW_TO_SIGN if next(asked, "") == "signature" else ()


_FORMATS: dict[str, Format] = {format: format for format in get_args(Format)}


class _Composer:
    """Makes the parts of one form for one edition."""

    def __init__(self, edition: Edition, offer: Offer, form: Form) -> None:
        self.edition, self.offer = edition, offer
        labels = [field.label for section in form.sections for field in section.fields]
        self.times = PartTimes(edition, offer)
        self.repeated = {label for label in labels if labels.count(label) > 1}

    def part(self, section: FormSection) -> Part:
        questions = tuple(
            question
            for field in section.fields
            for question in self.questions(field, field.id, self.title(section, field), field.was)
        )
        letter = blocks(_FIELD_MARK.sub(r"[\1](field:\1)", section.letter or ""))
        served = self.offer.serves.get(section.id)
        return Part(
            id=section.id,
            title=section.title,
            intro=_introduce(section),
            questions=_order_by_letter(questions, letter),
            grid=self.grid(section.table) if section.table else None,
            clause=self.edition.label(served) if served else "",
            letter=letter,
            time=self.times.in_words(section),
            who=who_fills_in(section),
            months=self.times.months(section),
            decision=section.decision,
        )

    def title(self, section: FormSection, field: FormField) -> str:
        if field.label in self.repeated:
            return f"{section.title}: {field.label}"
        return field.label

    def questions(
        self, field: FormField, id: str, title: str, was: tuple[str, ...]
    ) -> Iterator[Question]:
        """The question that a field asks; a signature is two: the typed name, and its date."""
        written = Question(
            id,
            title,
            field.label,
            "text",
            field.hint or "",
            required=field.required,
            means=field.means,
            was=was,
            groups=field.groups,
        )
        if field.type == "signature":
            yield replace(written, signature=True)
            yield Question(
                f"{id}_date",
                f"{title}: date",
                "Date",
                "date",
                required=field.required,
                was=tuple(f"{earlier}_date" for earlier in was),
                groups=field.groups,
            )
            return
        kinds: dict[str, Kind] = {"multiline": "multiline", "date": "date", "checkbox": "checkbox"}
        chosen = self.options(field)
        format, unit = _FORMATS.get(field.type, ""), field.unit or ""
        wanted = describe_wanted(format, unit=unit, least=field.min, most=field.max)
        yield replace(
            written,
            kind="choice" if chosen else kinds.get(field.type, "text"),
            hint=field.hint or wanted,
            options=chosen,
            colours=self.colours(field),
            lines=field.lines,
            value=self.value(field),
            prefill=field.prefill or "",
            format=format,
            unit=unit,
            least=field.min,
            most=field.max,
        )

    def options(self, field: FormField) -> tuple[str, ...]:
        if field.type == "yes-no":
            return YES_OR_NO
        if field.type == "rating" and self.edition.ratings:
            levels = self.edition.ratings.levels
            return tuple(
                f"{v.name} ({v.number})" if v.number is not None else v.name for v in levels
            )
        if field.type == "stage" and self.edition.career_stages:
            return tuple(stage.name for stage in self.edition.career_stages.stages)
        return field.options

    def colours(self, field: FormField) -> tuple[str, ...]:
        levels = self.edition.ratings.levels if self.edition.ratings else ()
        shown = field.type == "rating" and all(level.colour for level in levels)
        return tuple(level.colour or "" for level in levels) if shown else ()

    def value(self, field: FormField) -> str:
        """What a blank can know already; what concerns one person is for a pack."""
        if field.prefill == "organisation.name":
            return self.edition.organisation.name
        if field.prefill == "organisation.edition":
            return self.edition.name
        if field.prefill in ("cycle.starts", "cycle.ends"):
            return self.cycle_date(field.prefill)
        return ""

    def cycle_date(self, which: str) -> str:
        """The first or last day of the cycle, where all that the form is for share it."""
        calendars = self.times.calendars
        if any(found.cycle.period for found in calendars):
            return ""
        dates = {found.starts if which == "cycle.starts" else found.ends for found in calendars}
        return dates.pop().strftime("%d/%m/%Y") if len(dates) == 1 else ""

    def grid(self, table: FormTable) -> Grid:
        return Grid(
            id=table.id,
            row=table.row,
            columns=tuple(Column(column.label, column.hint or "") for column in table.columns),
            rows=tuple(self.rows(table)),
        )

    def rows(self, table: FormTable) -> Iterator[Row]:
        for place, (title, heading, guide) in enumerate(self.row_heads(table), start=1):
            questions = tuple(
                question
                for column in table.columns
                for question in self.questions(
                    column,
                    f"{table.id}_{place}_{column.id}",
                    f"{title}: {column.label}",
                    _former_ids(table, place, column),
                )
            )
            yield Row(title, heading, guide, questions)

    def row_heads(self, table: FormTable) -> Iterator[tuple[str, str, tuple[Block, ...]]]:
        """Title, printed heading and guide of every row."""
        stages = self.edition.career_stages
        if table.rows == "career-stages.areas" and stages:
            for area in stages.areas:
                expected = tuple(blocks(f"**{s.name}:** {area.cells[s.id]}") for s in stages.stages)
                guide = (Bullets(expected),) if table.guide == "expectations" else ()
                yield area.name, area.name, guide
        elif table.rows == "standards":
            wanted = stages.standards if stages else None
            for found in self.edition.standards:
                if wanted in (None, found.id):
                    for standard in found.standards():
                        name = plain(standard.name)
                        yield standard.code or name, f"{standard.code or ''} {name}".strip(), ()
        elif isinstance(table.rows, tuple):
            yield from ((asked, asked, ()) for asked in table.rows)
        else:
            for number in range(1, self.row_count(table.rows) + 1):
                yield f"{table.row} {number}", str(number), ()

    def row_count(self, rows: int | str) -> int:
        if isinstance(rows, int):
            return rows
        _, rule, value = rows.split(".")
        return int(getattr(self.edition.organisation.rules[rule], value))


def _former_ids(table: FormTable, place: int, column: FormField) -> tuple[str, ...]:
    """The ids that an answer of a table had, when the table or the column was called otherwise."""
    ids = (
        f"{earlier}_{place}_{name}"
        for earlier in (table.id, *table.was)
        for name in (column.id, *column.was)
    )
    return tuple(ids)[1:]
