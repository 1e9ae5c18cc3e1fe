"""Compose the policy as a paper: what a cover says, and sections, clauses and tables in order.

The Word, PDF and handbook writers all take the `Paper`, so what the policy says is decided here
once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from formulary.content.guidance import Box, Diagram
from formulary.content.policy import Clause, Section, Shown, Update
from formulary.documents.blank import Part, Question, compose_blank
from formulary.documents.stamp import Stamp, digest_of
from formulary.edition.approval import approval_facts
from formulary.edition.edition import Edition
from formulary.edition.facts import period
from formulary.edition.filled_text import with_plain_words
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
from formulary.edition.year import list_undated, year_diagram


@dataclass(frozen=True)
class PaperClause:
    """A clause: its permanent id, printed number (may be empty), heading (may be empty), blocks.

    `name` is the short name by which readers find it in the handbook; papers do not print it.
    """

    id: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    name: str = ""


@dataclass(frozen=True)
class PaperSection:
    """A section or an appendix; the number of an appendix is its letter."""

    id: str
    number: str
    title: str
    appendix: bool
    blocks: tuple[Block, ...]
    clauses: tuple[PaperClause, ...]

    @property
    def heading(self) -> str:
        """“5 Objective setting”, “Appendix A: Career stages”, or the title alone."""
        if self.appendix:
            return f"Appendix {self.number}: {self.title}" if self.number else self.title
        return f"{self.number} {self.title}".strip()


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

    @property
    def printed(self) -> tuple[PaperSection, ...]:
        """Everything that the documents print, in order."""
        return (*self.sections, *self.annexes)

    @property
    def file_stem(self) -> str:
        """The download's name without its ending: `policy-2026-27`."""
        return f"{self.stamp.form}-{self.edition}"

    def clauses(self) -> Iterator[PaperClause]:
        """Every clause in order."""
        for section in self.printed:
            yield from section.clauses


def compose_paper(edition: Edition) -> Paper:
    """The policy of an edition as a paper."""
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
        annexes=_compose_year(edition),
    )
    return with_plain_words(paper)


def _update(change: Update) -> tuple[Block, ...]:
    """What an entry of the change log says: what changed, and why."""
    return blocks(change.text) + (blocks(change.reason) if change.reason else ())


def _compose_year(edition: Edition) -> tuple[PaperSection, ...]:
    """The year of every cycle, as a picture and as a list."""
    parts = []
    for calendar in edition.calendars:
        diagram = year_diagram(edition, calendar)
        if diagram is None:
            continue
        found = list(diagram_blocks(diagram))
        open_ended = tuple(list_undated(edition, calendar))
        if open_ended:
            found.extend(blocks(f"At no fixed date: {'; '.join(open_ended)}."))
        parts.append(PaperClause(diagram.id, "", calendar.cycle.name, tuple(found)))
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
        clauses=tuple(_clause(edition, clause) for clause in section.clauses),
    )


def _clause(edition: Edition, clause: Clause) -> PaperClause:
    found: list[Block] = []
    if clause.text:
        found.extend(blocks(clause.text))
    if clause.diagram:
        known = {diagram.id: diagram for diagram in edition.diagrams}
        found.extend(diagram_blocks(known[clause.diagram]))
    if clause.points:
        items = tuple(blocks(point.text) for point in clause.points)
        ids = tuple(f"{clause.id}-{point.id}" for point in clause.points)
        found.append(Bullets(items, _marks(clause), ids))
    if clause.shows:
        found.extend(compose_tables(edition, clause.shows))
    if clause.sample:
        found.extend(_sample(edition, clause.sample, clause.sample_leaves_out))
    if clause.closing:
        found.extend(blocks(clause.closing))
    return PaperClause(
        clause.id,
        edition.numbers.get(clause.id, ""),
        clause.title or "",
        tuple(found),
        clause.name or clause.title or "",
    )


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
    """What is in the box, then what the list adds, in one paragraph where that has one."""
    if not box.text:
        return (Paragraph((Run(box.name),)),)
    stop = "" if box.name.endswith((".", "?", "!", ":")) else "."
    name = (Run(f"{box.name}{stop}", strong=True), Run(" "))
    first, *others = blocks(box.text)
    if isinstance(first, Paragraph):
        return (Paragraph((*name, *first.runs)), *others)
    return (Paragraph(name[:1]), first, *others)


_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def _marks(clause: Clause) -> tuple[str, ...]:
    """What is printed before each point: nothing for bullets, (a) or (i) for the others."""
    names = {"letters": "abcdefghijklmnopqrst", "roman": _ROMAN}.get(clause.marks, "")
    return tuple(f"({mark})" for mark in names[: len(clause.points)])


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
    heads = [Cell(blocks("Criterion"))]
    for level in ratings.levels:
        number = f" ({level.number})" if level.number is not None else ""
        heads.append(Cell((Paragraph((Run(f"{level.name}{number}"),)),), level.colour or ""))
    rows = tuple(
        (
            Cell((Paragraph((Run(criterion.name),)),)),
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
    """What a form asks, part by part, as a table; `without` the parts and questions named."""
    for offer, form in edition.forms:
        if form.id != form_id:
            continue
        blank = compose_blank(edition, offer, form)
        rows = []
        for part in blank.parts:
            if part.id in without:
                continue
            asked = [
                f"{q.label}, with the date" if q.signature else q.label
                for q in _visible_questions(part)
                if q.id not in without
            ]
            if part.grid:
                columns = ", ".join(column.label for column in part.grid.columns)
                asked.append(f"For each {part.grid.row.lower()}: {columns}")
            rows.append((part.title, "\n".join(f"- {label}" for label in asked)))
        yield _table(
            f"{form_id}-sample", f"What the {blank.title.lower()} asks", ("Part", "Entries"), rows
        )


def _visible_questions(part: Part) -> Iterator[Question]:
    """The questions of a part, without the dates that only complete a signature."""
    signed = {f"{question.id}_date" for question in part.questions if question.signature}
    yield from (question for question in part.questions if question.id not in signed)
