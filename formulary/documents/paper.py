"""Compose the policy as a paper: what a cover says, and sections, clauses and tables in order.

The Word, PDF and handbook writers all take the `Paper`, so what the policy says is decided here
once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from formulary.content.guidance import Box, Diagram
from formulary.content.logo import Logo
from formulary.content.policy import (
    Clause,
    ClauseBody,
    Point,
    Section,
    Shown,
    Update,
    write_marks,
)
from formulary.content.typeface import Faces
from formulary.documents.arrangement import arrange_answers
from formulary.documents.blank import Part, compose_blank
from formulary.documents.stamp import Stamp, digest_of
from formulary.edition.approval import approval_facts
from formulary.edition.edition import Edition
from formulary.edition.facts import period
from formulary.edition.filled_text import with_plain_words
from formulary.edition.quotations import Quotation, quote_guidance
from formulary.edition.text import (
    Block,
    Bullets,
    Cell,
    Figure,
    Paragraph,
    Run,
    Table,
    blocks,
    first_capital,
    plain,
)
from formulary.edition.year import list_quarters, list_undated


@dataclass(frozen=True)
class PaperClause:
    """A clause: its permanent id, printed number (may be empty), title (may be empty), blocks.

    `name` is the short name by which readers find it in the handbook; papers do not print it.
    `rank` is 1 for a clause of the section. One inside a clause follows that, and its rank is 2
    where that has a heading.
    """

    id: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    name: str = ""
    rank: int = 1
    forms: tuple[str, ...] = ()
    """The titles of the forms that the clause asks for."""

    @property
    def beside(self) -> str:
        """The number where it has its place beside the words: “5.3”, not “Section 3”."""
        return "" if is_worded(self.number) else self.number

    @property
    def heading(self) -> str:
        """The title; after a number in words, as in “Section 3: Appeals”; or that number alone."""
        return join_heading(self.number, self.title) if is_worded(self.number) else self.title


@dataclass(frozen=True)
class PaperNote:
    """A footnote: its permanent id, its printed number, what it says."""

    id: str
    number: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class PaperSection:
    """A section or an appendix; the number of an appendix is its letter."""

    id: str
    number: str
    title: str
    appendix: bool
    blocks: tuple[Block, ...]
    clauses: tuple[PaperClause, ...]
    notes: tuple[PaperNote, ...] = ()
    """The footnotes that its texts, and those of its clauses, refer to."""

    @property
    def beside(self) -> str:
        """The number where it has its place beside the title: “5”, not “A” or “Article IV”."""
        return "" if self.appendix or is_worded(self.number) else self.number

    @property
    def heading(self) -> str:
        """“5 Objective setting”, “Appendix A: Career stages”, or the title alone."""
        if self.beside:
            return f"{self.number} {self.title}"
        number = f"Appendix {self.number}" if self.appendix and self.number else self.number
        return join_heading(number, self.title)


def is_worded(number: str) -> bool:
    """Whether a printed number has words in it, such as “Article IV”."""
    return " " in number


def join_heading(number: str, title: str) -> str:
    """“Article IV: Meetings”; the one alone where the other is missing."""
    return f"{number}: {title}" if number and title else number or title


@dataclass(frozen=True)
class PaperChange:
    """An update since the last edition: where, and what."""

    clause: str
    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Paper:
    """A policy of one organisation and edition.

    `cover` holds pairs of label and value in the order in which the cover prints them.
    """

    title: str
    organisation: str
    edition: str
    notice: str
    summary: tuple[Block, ...]
    cover: tuple[tuple[str, str], ...]
    changes: tuple[PaperChange, ...]
    sections: tuple[PaperSection, ...]
    stamp: Stamp
    colour: str
    annexes: tuple[PaperSection, ...] = ()
    """What the documents print after the policy itself: the year. Its pages are elsewhere."""
    logo: Logo | None = None
    faces: Faces | None = None
    has_light_cover: bool = False

    @property
    def printed(self) -> tuple[PaperSection, ...]:
        """Everything that the documents print, in order."""
        return (*self.sections, *self.annexes)

    @property
    def template(self) -> str:
        """The name of the house document that it is made with, without an ending."""
        return "changes" if self.stamp.form == "changes" else "policy"

    @property
    def file_stem(self) -> str:
        """The download's name without its ending: `policy-2026-27`."""
        return f"{self.stamp.form}-{self.edition}"

    def clauses(self) -> Iterator[PaperClause]:
        """Every clause in order."""
        for section in self.printed:
            yield from section.clauses

    def notes(self) -> Iterator[PaperNote]:
        """Every footnote in order."""
        for section in self.printed:
            yield from section.notes


_composed: deque[tuple[Edition, Paper]] = deque(maxlen=4)
"""The papers that were made last: the pages and the files of an edition are made of one."""


def compose_paper(edition: Edition) -> Paper:
    """The policy of an edition as a paper."""
    made = next((paper for known, paper in tuple(_composed) if known is edition), None)
    if made is None:
        made = _compose_paper(edition)
        _composed.append((edition, made))
    return made


def _compose_paper(edition: Edition) -> Paper:
    policy = edition.policy
    sections = tuple(_section(edition, section, appendix) for section, appendix in policy.parts())
    words = [
        (clause.id, clause.number, plain(clause.blocks), ())
        for s in sections
        for clause in s.clauses
    ]
    organisation = edition.organisation
    paper = Paper(
        title=policy.title,
        organisation=organisation.name,
        edition=edition.name,
        notice=edition.notice,
        summary=blocks(policy.summary),
        cover=cover(edition),
        changes=tuple(
            PaperChange(change.clause, edition.label(change.clause), _update(change))
            for change in policy.updates
        ),
        sections=sections,
        stamp=Stamp("policy", organisation.id, edition.year, edition.name, digest_of(words)),
        colour=organisation.colour,
        logo=edition.logo,
        faces=edition.faces,
        has_light_cover=organisation.cover == "light",
        annexes=_compose_year(edition),
    )
    return with_plain_words(paper)


def section_headings(edition: Edition) -> dict[str, str]:
    """The headings that `compose_paper` gives the sections, by id and in order."""
    found = {}
    for section, appendix in edition.policy.parts():
        number = edition.numbers.get(section.id, "")
        empty = PaperSection(section.id, number, section.title, appendix, (), ())
        found[section.id] = str(empty.heading)
    return found


def _update(change: Update) -> tuple[Block, ...]:
    """What an entry of the change log says: what changed, and why."""
    return blocks(change.text) + (blocks(change.reason) if change.reason else ())


def _compose_year(edition: Edition) -> tuple[PaperSection, ...]:
    """The year of every cycle that has a date, as a table of its quarters."""
    parts = []
    for calendar in edition.calendars:
        rows = list(list_quarters(edition, calendar).items())
        undated = tuple(list_undated(edition, calendar))
        if not rows:
            continue
        if undated:
            rows.append(("No set date", ("; ".join(undated),)))
        id = f"the-year-{calendar.cycle.id}"
        table = Table(
            f"{id}-table",
            "",
            (_cell("When"), _cell("What happens")),
            tuple((_cell(quarter), _cell(*events)) for quarter, events in rows),
        )
        parts.append(PaperClause(id, "", calendar.cycle.name, (table,)))
    if not parts:
        return ()
    intro = blocks(f"What happens when in {edition.name}. The clauses of the policy say the rest.")
    return (PaperSection("the-year", "", f"The year {edition.name}", True, intro, tuple(parts)),)


def cover(edition: Edition) -> tuple[tuple[str, str], ...]:
    """What the policy's cover says of it: labels and values. What is not stated says so."""
    return (("Edition", edition.name), *approval_facts(edition.policy))


def _section(edition: Edition, section: Section, appendix: bool) -> PaperSection:
    return PaperSection(
        id=section.id,
        number=edition.numbers.get(section.id, ""),
        title=section.title,
        appendix=appendix,
        blocks=blocks(section.text) if section.text else (),
        clauses=tuple(_clauses(edition, section, 1)),
        notes=tuple(
            PaperNote(note.id, edition.references.footnotes[note.id], blocks(note.text))
            for note in section.all_footnotes()
        ),
    )


def _clauses(edition: Edition, home: Section | Clause, rank: int) -> Iterator[PaperClause]:
    for clause in home.clauses:
        made = _clause(edition, clause, rank)
        yield made
        yield from _clauses(edition, clause, rank + bool(made.heading))


def _clause(edition: Edition, clause: Clause, rank: int) -> PaperClause:
    found: list[Block] = []
    if clause.text:
        found.extend(blocks(clause.text))
    if clause.diagram:
        known = {diagram.id: diagram for diagram in edition.diagrams}
        found.extend(diagram_blocks(known[clause.diagram]))
    found.extend(_list_and_table(clause.id, clause, 0))
    if clause.shows:
        found.extend(compose_tables(edition, clause.shows))
    for quotation in quote_guidance(edition, clause):
        found.extend(_quote(quotation))
    if clause.sample:
        found.extend(_sample(edition, clause.sample, clause.sample_leaves_out))
    for place, body in enumerate(clause.more, start=1):
        if body.text:
            found.extend(blocks(body.text))
        found.extend(_list_and_table(clause.id, body, place))
    if clause.closing:
        found.extend(blocks(clause.closing))
    return PaperClause(
        clause.id,
        edition.numbers.get(clause.id, ""),
        clause.title or "",
        tuple(found),
        clause.name or clause.title or "",
        rank,
        tuple(form.title for offer, form in edition.forms if clause.id in offer.clauses),
    )


def _list_and_table(clause: str, body: ClauseBody, place: int) -> Iterator[Block]:
    """The list and the table of a clause, or of the part of it at a place."""
    if body.points:
        yield _points(clause, body)
    if body.table:
        own = body.table
        caption, id = own.caption or "", f"{clause}-table-{place}" if place else f"{clause}-table"
        yield _table(id, caption, own.columns, own.rows)


def _points(clause: str, home: ClauseBody | Point) -> Bullets:
    """A list with what is printed before each entry, and with the lists inside it."""
    items = tuple(
        (*blocks(point.text), *((_points(clause, point),) if point.points else ()))
        for point in home.points
    )
    ids = tuple(f"{clause}-{point.id}" for point in home.points)
    return Bullets(items, write_marks(home.marks, home.start, len(items)), ids)


def diagram_blocks(diagram: Diagram) -> tuple[Block, ...]:
    """A diagram as blocks: what is said before it, the picture, and the same content as a list."""
    return (
        *(blocks(diagram.intro) if diagram.intro else ()),
        Figure(diagram.id, diagram.title, diagram),
        _diagram_list(diagram),
    )


def _diagram_list(diagram: Diagram) -> Bullets:
    """The steps of a circle in order; or the lanes, each with its boxes in order."""
    if diagram.kind == "circle":
        return _boxes(diagram.steps)
    return Bullets(
        tuple(
            (Paragraph((Run(lane.name, strong=True),)), _boxes(lane.boxes))
            for lane in diagram.lanes
        )
    )


def _boxes(boxes: tuple[Box, ...]) -> Bullets:
    items = tuple(_box(box) for box in boxes)
    return Bullets(items, tuple(f"{place}." for place in range(1, len(items) + 1)))


def _box(box: Box) -> tuple[Block, ...]:
    """What is in the box, then what the list adds."""
    return _name_first(box.name, box.text) if box.text else (Paragraph((Run(box.name),)),)


def _name_first(name: str, text: str) -> tuple[Block, ...]:
    """A text after its name in strong letters, in one paragraph where the text opens with one."""
    if not name:
        return blocks(text)
    stop = "" if name.endswith((".", "?", "!", ":")) else "."
    head = (Run(f"{name}{stop}", strong=True), Run(" "))
    first, *others = blocks(text)
    if isinstance(first, Paragraph):
        return (Paragraph((*head, *first.runs)), *others)
    return (Paragraph(head[:1]), first, *others)


def _quote(quotation: Quotation) -> Iterator[Block]:
    if quotation.heading:
        yield Paragraph((Run(quotation.heading, strong=True),))
    if quotation.text:
        yield from blocks(quotation.text)
    if quotation.entries:
        items = tuple(_name_first(entry.name, entry.text) for entry in quotation.entries)
        marks = tuple(entry.mark for entry in quotation.entries)
        yield Bullets(items, marks if all(marks) else ())


def compose_tables(edition: Edition, what: Shown) -> tuple[Block, ...]:
    """Make the tables of one kind of data; none where the organisation has no such data."""
    tables = {
        "panels": _panels,
        "cycles": _cycles,
        "ratings": _ratings,
        "career-stages": _career_stages,
        "standards": _standards,
        "related": _list_related,
        "roles": _roles,
    }
    return tuple(tables[what](edition))


def _table(
    id: str, caption: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> Table:
    """A table from light Markdown: every cell is read."""
    heads = tuple(Cell(blocks(column)) for column in columns)
    return Table(
        id, caption, heads, tuple(tuple(Cell(blocks(cell)) for cell in row) for row in rows)
    )


def _cell(*said: str, colour: str = "") -> Cell:
    """A cell of plain words, each in a paragraph of its own."""
    return Cell(tuple(Paragraph((Run(words),)) for words in said), colour)


def _panels(edition: Edition) -> Iterator[Block]:
    panels = edition.organisation.panels
    if panels:
        rows = [
            (p.reviewee, "\n\nOverseen by: ".join(filter(None, (p.reviewers, p.overseen_by))))
            for p in panels
        ]
        yield _table("panels", "Who reviews who", ("Post", "Reviewed by"), rows)


def _cycles(edition: Edition) -> Iterator[Block]:
    rows = [(cycle.name, first_capital(period(cycle))) for cycle in edition.cycles.cycles]
    yield _table("cycles", "Cycles", ("Staff group", "Cycle"), rows)


def _ratings(edition: Edition) -> Iterator[Block]:
    ratings = edition.ratings
    if ratings is None:
        return
    heads = [_cell("Criterion")]
    for level in ratings.levels:
        number = f" ({level.number})" if level.number is not None else ""
        heads.append(_cell(f"{level.name}{number}", colour=level.colour or ""))
    rows = tuple(
        (
            _cell(criterion.name),
            *(
                Cell(blocks(criterion.cells[level.id]), level.colour or "")
                for level in ratings.levels
            ),
        )
        for criterion in ratings.criteria
    )
    yield Table("ratings", ratings.title, tuple(heads), rows)


def _career_stages(edition: Edition) -> Iterator[Block]:
    matrix = edition.career_stages
    if matrix is None:
        return
    rows = [
        (area.name, *(area.cells[stage.id] for stage in matrix.stages)) for area in matrix.areas
    ]
    heads = ("Professional area", *(stage.name for stage in matrix.stages))
    yield _table("career-stages", matrix.title, heads, rows)
    if matrix.note:
        yield from blocks(matrix.note)


def _standards(edition: Edition) -> Iterator[Block]:
    for chosen in edition.standards:
        for part in chosen.parts:
            yield Paragraph((Run(part.title, strong=True),))
            if part.intro:
                yield from blocks(part.intro)
            items = []
            for standard in part.standards:
                name = f"**{standard.code}** {standard.name}" if standard.code else standard.name
                items.append(blocks(f"{name}\n\n{standard.text}" if standard.text else name))
            yield Bullets(tuple(items))


def _list_related(edition: Edition) -> Iterator[Block]:
    rows = [(document.name, document.about) for document in edition.organisation.related]
    yield _table("related", "Related documents", ("Document", "What it is"), rows)


def _roles(edition: Edition) -> Iterator[Block]:
    rows = [(role.name, role.does) for role in edition.organisation.roles]
    yield _table("roles", "Who does what", ("Role", "What they do"), rows)


def _sample(edition: Edition, form_id: str, without: Collection[str]) -> Iterator[Block]:
    """A form as it is published in the policy: its parts in the order of its file, to be filled in.

    `without` names the parts and questions of the form that the published sample does not have.
    """
    for offer, form in edition.forms:
        if form.id != form_id:
            continue
        order = [section.id for section in form.sections]
        parts = (p for p in compose_blank(edition, offer, form).parts if p.id not in without)
        for part in sorted(parts, key=lambda part: order.index(part.id)):
            rows = tuple(_sample_rows(part, without))
            if rows:
                heads = (_sample_cell("Entry"), _sample_cell("Answer"))
                yield Table(f"{form_id}-sample-{part.id}", part.title, heads, rows)
            if part.grid:
                columns = tuple(_sample_cell(one.label, one.hint) for one in part.grid.columns)
                empty = tuple(_sample_cell("") for _ in columns)
                yield Table(f"{form_id}-sample-{part.grid.id}", part.title, columns, (empty,))


def _sample_rows(part: Part, without: Collection[str]) -> Iterator[tuple[Cell, Cell]]:
    """Each entry with an empty answer, or with what can be chosen; numbered lines are one entry."""
    asked = tuple(question for question in part.questions if question.id not in without)
    for row in arrange_answers(asked):
        first = row.questions[0]
        if row.shape == "series":
            label = f"{row.label} {row.numbers[0]} to {row.numbers[-1]}"
            yield _sample_cell(label, first.hint), _sample_cell("")
        elif row.shape == "signature":
            yield _sample_cell(f"{first.label}, with the date"), _sample_cell("")
        else:
            for question in row.questions:
                choices = " / ".join(question.options)
                yield _sample_cell(question.label, question.hint), _sample_cell(choices)


def _sample_cell(label: str, hint: str = "") -> Cell:
    """A cell with a label, and its hint in brackets; an empty one where there is no label."""
    end = hint if hint.endswith("etc.") else hint.removesuffix(".")
    words = f"{label} ({end})" if hint else label
    return _cell(words) if words else Cell(())
