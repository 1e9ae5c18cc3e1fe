"""A policy: its identity and approval, and its sections, clauses and points."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from formulary.content.base import ContentModel, Id, Line, Name, Prose, Text
from formulary.content.source import Loc

Numbering = Literal["clauses", "paragraphs", "articles", "none"]
Shown = Literal["panels", "cycles", "ratings", "career-stages", "standards", "related", "roles"]
Marks = Literal[
    "bullets",
    "letters",
    "roman",
    "numbers",
    "(a)",
    "a.",
    "a)",
    "(A)",
    "A.",
    "A)",
    "(i)",
    "i.",
    "i)",
    "(I)",
    "I.",
    "I)",
    "(1)",
    "1.",
    "1)",
]
OwnNumber = int | Annotated[str, Field(pattern=r"^(none|\d{1,4}[A-Za-z]{1,2})$")]
"""A first number; “none”; or a number that was put in between, such as 4A."""

LabelPattern = Annotated[str, Field(pattern=r"^[^{}]*(\{above\}[^{}]*)?\{[1aAiI]\}[^{}]*$")]
"""How a number is printed: “Article {I}”, “{above}.{1}”."""

_OWN_NUMBER = (
    "Its own number. none: it carries no number and is not counted. A figure, such as 5: the count "
    "begins there. A number inserted between others, such as 4A: the count goes on as if it were "
    "not there."
)


class Point(ContentModel):
    """One entry of a list inside a clause; it may have a list of its own."""

    id: Id
    text: Text = Field(description="What the entry says.")
    points: tuple[Point, ...] = Field((), description="The entries of a list inside it.")
    marks: Marks = Field("bullets", description="The marks of the list inside it.")
    start: int = Field(1, ge=1, le=999, description="The place at which that list begins.")


class PrintedGuidance(ContentModel):
    """Guidance that a clause prints in full, because the published document has it there."""

    topic: Id | None = Field(None, description="A topic of guidance.yaml: its points are printed.")
    checklists: tuple[Id, ...] = Field((), description="Checklists of checklists.yaml, in order.")
    questions: tuple[Id, ...] = Field(
        (), description="Questions of questions.yaml, each with its answer, in order."
    )


class ClauseTable(ContentModel):
    """A table that is written out in a clause. Its first row and its first column are headings."""

    caption: Line | None = Field(None, description="What is printed above the table.")
    columns: tuple[Annotated[str, Prose()], ...] = Field(
        min_length=1, max_length=12, description="The headings of the columns."
    )
    rows: tuple[tuple[Annotated[str, Prose()], ...], ...] = Field(
        min_length=1, description="The rows, each with as many cells as there are columns."
    )


class Footnote(ContentModel):
    """A note at the foot of the page: {{ footnote('id') }} in a text refers to it."""

    id: Id
    text: Text = Field(description="What the note says.")


class ClauseBody(ContentModel):
    """A text, then a list, then a table; each may be left out."""

    text: Text | None = Field(None, description="What it says.")
    points: tuple[Point, ...] = Field((), description="A list that follows the text.")
    marks: Marks = Field(
        "bullets",
        description="What is printed before each point: a bullet, letters (a), roman (i), numbers "
        "1.; or the first mark as it is printed, such as a) or A.",
    )
    start: int = Field(
        1, ge=1, le=999, description="The place at which the list begins: 3 with letters is (c)."
    )
    table: ClauseTable | None = Field(None, description="A table that follows.")


class Clause(ClauseBody):
    """The smallest part of a policy that has a number and a permanent address."""

    id: Id
    title: Line | None = Field(None, description="A heading, if the clause has one.")
    name: Line | None = Field(
        None,
        description="What search results and links call the clause, if it has no title or one that "
        "says too little. Not part of the policy: it is not printed in Word or PDF.",
    )
    number: OwnNumber | None = Field(None, description=_OWN_NUMBER)
    more: tuple[ClauseBody, ...] = Field(
        (), description="More texts, lists and tables of the same clause, in order."
    )
    closing: Text | None = Field(None, description="What is said last.")
    footnotes: tuple[Footnote, ...] = Field((), description="The notes that its texts refer to.")
    clauses: tuple[Clause, ...] = Field(
        (), description="Clauses inside it, with numbers such as 5.1.1."
    )
    shows: Shown | None = Field(
        None, description="A table made from data, printed after the list and the table."
    )
    sample: Id | None = Field(None, description="A form that is listed here as a sample.")
    sample_leaves_out: tuple[Name, ...] = Field(
        (),
        alias="sample-without",
        description="The parts and questions that the form has, and the sample in the policy has "
        "not; the form’s own page has them.",
    )
    diagram: Id | None = Field(None, description="A diagram of guidance.yaml, after the text.")
    prints: PrintedGuidance | None = Field(
        None,
        description="Guidance, checklists or questions that are part of the document; they are "
        "printed after the text.",
    )
    groups: tuple[Id, ...] = Field(
        (), description="The staff groups that it concerns; those of its section if left out."
    )

    @property
    def is_empty(self) -> bool:
        """Whether it prints nothing besides its title."""
        data = (self.shows, self.sample, self.diagram, self.prints, self.clauses)
        return not any(data) and not any(b.text or b.points or b.table for _, b in self.bodies())

    def bodies(self) -> Iterator[tuple[Loc, ClauseBody]]:
        """Its own text, list and table, then those of `more`; each with its place in the clause."""
        yield (), self
        yield from ((("more", i), body) for i, body in enumerate(self.more))

    def words(self) -> str:
        """All its texts, lists and tables say, on one line; not what clauses inside it say."""
        parts: list[str] = []
        for at, body in self.bodies():
            parts.append(body.text or "")
            parts.extend(point.text for _, point in points_in(body.points, at))
            if body.table:
                parts.extend(cell for row in body.table.rows for cell in row)
        return " ".join((*parts, self.closing or ""))

    def all_points(self) -> Iterator[tuple[Loc, Point]]:
        """Every entry of every list, those of inner lists after theirs, with its place."""
        for at, body in self.bodies():
            yield from points_in(body.points, (*at, "points"))


class Section(ContentModel):
    """A numbered part of the policy, or an appendix."""

    id: Id
    title: Line = Field(description="The heading.")
    number: OwnNumber | None = Field(
        None, description=f"{_OWN_NUMBER} The clauses of a section without a number have none."
    )
    numbered: bool = Field(
        True,
        description="Whether its clauses carry numbers. The section itself is counted all the "
        "same; see number.",
    )
    groups: tuple[Id, ...] = Field(
        (), description="The staff groups that it concerns; all if left out."
    )
    text: Text | None = Field(None, description="What is printed before the first clause.")
    footnotes: tuple[Footnote, ...] = Field((), description="The notes that its text refers to.")
    clauses: tuple[Clause, ...] = Field((), description="The clauses, in order.")

    def all_footnotes(self) -> Iterator[Footnote]:
        """Its own footnotes, then those of its clauses."""
        yield from self.footnotes
        for _, clause, _ in clauses_in(self):
            yield from clause.footnotes


class Labels(ContentModel):
    """How numbers are printed, where that differs from what `numbering` gives.

    In a pattern {1}, {a}, {A}, {i} or {I} is the number itself, and {above} the number of what it
    is in: “Article {I}”, “Section {1}”, “{above}({a})”.
    """

    sections: LabelPattern | None = Field(None, description="For a section: Article {I}.")
    clauses: LabelPattern | None = Field(None, description="For a clause: Section {1}.")
    sub_clauses: LabelPattern | None = Field(
        None, alias="sub-clauses", description="For a clause inside a clause: {above}.{1}."
    )
    appendices: LabelPattern | None = Field(
        None, description="For an appendix, after the word “Appendix”: {A} or {1}."
    )


class Update(ContentModel):
    """What changed since the last edition, in a reader's words: an entry of the change log."""

    clause: Id = Field(description="The clause that changed; a withdrawn one by its old id.")
    text: Text = Field(description="What changed.")
    reason: Text | None = Field(None, description="Why it changed.")
    approved_by: Line | None = Field(
        None, alias="approved-by", description="The body that approved the change."
    )
    on: datetime.date | None = Field(None, description="The day of that approval.")
    replaced_by: Id | None = Field(
        None, alias="replaced-by", description="The clause that replaces a withdrawn one."
    )


class Note(ContentModel):
    """An editor's note: what the published document says, and how our text reads it."""

    id: Id
    about: Line = Field(description="What it is about, for example “Clause 5.3”.")
    found: Text = Field(description="What the published document says.")
    settled: Text = Field(description="How this edition treats it.")
    clause: Id | None = Field(None, description="The clause that it is about.")


class Approval(ContentModel):
    """Who approved the policy, when, and where that is recorded."""

    by: Line | None = Field(None, description="The body that approved the policy.")
    on: datetime.date | None = Field(None, description="The day, if it is stated.")
    minute: Line | None = Field(None, description="The minute that records it: “minute 7.2”.")


class Consultation(ContentModel):
    """Who the policy was discussed with before it was approved."""

    with_: Line = Field(alias="with", description="For example “the recognised unions”.")
    from_: datetime.date | None = Field(None, alias="from", description="The first day.")
    to: datetime.date | None = Field(None, description="The last day.")


class Policy(ContentModel):
    """`policy.yaml`."""

    title: Line = Field(description="The title on the cover.")
    summary: Text = Field(description="What the policy is for, in two or three sentences.")
    dated: Line | None = Field(None, description="The date on the cover, as printed.")
    version: str | None = Field(None, description='The version, in quotation marks: "4.0".')
    status: Literal["draft", "approved", "model", "not stated"] = Field(
        description="Whether the policy is a draft, approved or a model."
    )
    approval: Approval | None = Field(
        None, description="Who approved it, when, and where that is recorded."
    )
    consultation: tuple[Consultation, ...] = Field(
        (), description="Consultations before the approval, in order."
    )
    in_force: datetime.date | None = Field(
        None, alias="in-force", description="The day from which the policy applies."
    )
    in_force_in: Line | None = Field(
        None, alias="in-force-in", description="Where no day is set: “autumn 2026”."
    )
    review_cycle: Line | None = Field(
        None, alias="review-cycle", description="How often it is reviewed: “Every three years”."
    )
    next_review: datetime.date | None = Field(
        None, alias="next-review", description="The day by which it is due for review."
    )
    next_review_in: Line | None = Field(
        None, alias="next-review-in", description="Where no day is set: “spring 2028”."
    )
    written_by: Line | None = Field(
        None, alias="written-by", description="The post or department that wrote it."
    )
    kept_by: Line | None = Field(
        None,
        alias="kept-by",
        description="The post or body that keeps it up to date and answers questions on it.",
    )
    based_on: Line | None = Field(
        None, alias="based-on", description="The model or earlier policy that it was made from."
    )
    numbering: Numbering = Field(
        description="clauses: 5, 5.3, 5.3.1; paragraphs: running through the sections; articles: "
        "Article V, Section 3; none."
    )
    labels: Labels | None = Field(
        None, description="How numbers are printed, where that differs from the numbering."
    )
    updates: tuple[Update, ...] = Field((), description="Changes since the last edition.")
    sections: tuple[Section, ...] = Field(
        min_length=1, description="The parts of the policy, in order."
    )
    appendices: tuple[Section, ...] = Field((), description="The appendices, in order.")
    notes: tuple[Note, ...] = Field((), description="Editor's notes, listed in the handbook.")

    def parts(self) -> Iterator[tuple[Section, bool]]:
        """Every section, then every appendix, each with whether it is an appendix."""
        yield from ((section, False) for section in self.sections)
        yield from ((section, True) for section in self.appendices)

    def groups_concerned(self) -> dict[str, tuple[str, ...]]:
        """The staff groups that each section and clause concerns, by id; empty means all.

        A clause without groups concerns those of the clause or the section that it is in.
        """
        found = {section.id: section.groups for section, _ in self.parts()}
        homes = {inner.id: clause.id for _, clause in self.clauses() for inner in clause.clauses}
        for section, clause in self.clauses():
            found[clause.id] = clause.groups or found[homes.get(clause.id, section.id)]
        return found

    def clauses(self) -> Iterator[tuple[Section, Clause]]:
        """Every clause with the section or appendix it is in; an inner one after its own."""
        for section, _ in self.parts():
            yield from ((section, clause) for _, clause, _ in clauses_in(section))

    def footnotes(self) -> Iterator[Footnote]:
        """Every footnote in the order in which they are numbered."""
        for section, _ in self.parts():
            yield from section.all_footnotes()


def clauses_in(
    home: Section | Clause, at: Loc = (), level: int = 1
) -> Iterator[tuple[Loc, Clause, int]]:
    """Every clause of a section in reading order, with its place in it, and its level.

    The level is 1 for a clause of the section, 2 for a clause inside it.
    """
    for i, clause in enumerate(home.clauses):
        here = (*at, "clauses", i)
        yield here, clause, level
        yield from clauses_in(clause, here, level + 1)


def points_in(points: tuple[Point, ...], at: Loc = ()) -> Iterator[tuple[Loc, Point]]:
    """Every entry of a list, with its place; those of an inner list after the one they are in."""
    for i, point in enumerate(points):
        yield (*at, i), point
        yield from points_in(point.points, (*at, i, "points"))


@dataclass(frozen=True)
class PartNumber:
    """The number of a section or clause: as it is `printed`, and `bare`, without its words.

    `home` is the id of the clause or section whose number must be named with it, since the
    printed number is there in others too; empty where it says enough alone.
    """

    printed: str
    bare: str
    home: str = ""


_SCHEMES: dict[Numbering, tuple[str, str, str]] = {
    "clauses": ("{1}", "{above}.{1}", "{above}.{1}"),
    "paragraphs": ("", "{1}", "{above}.{1}"),
    "articles": ("Article {I}", "Section {1}", "({a})"),
    "none": ("", "", ""),
}
"""The patterns of sections, clauses and clauses inside them; none is printed where it is empty."""

_NUMBER = re.compile(r"\{([1aAiI])\}")


def numbers(policy: Policy) -> dict[str, str]:
    """The printed number of every section and clause, by id, after the policy's own scheme.

    A section is “3” and a clause “3.1” (or a running paragraph, “17”); an appendix is “A”, its
    clauses “A.1”. What carries no number is not in the mapping.
    """
    return {id: number.printed for id, number in part_numbers(policy).items()}


def part_numbers(policy: Policy) -> dict[str, PartNumber]:
    """The number of every section and clause, by id; as `numbers`."""
    return {} if policy.numbering == "none" else _Counter(policy).count()


def name_part(policy: Policy) -> Callable[[str], str]:
    """A function that names a section, appendix or clause by its number: “clause 5.3”.

    Where the same number is there in several sections it names the section too: “Article IV,
    Section 2”, “clause 1 of section 2”. Empty for what carries no number.
    """
    found = part_numbers(policy)
    words = {clause.id: "clause" for _, clause in policy.clauses()}
    words |= {part.id: "Appendix" if appendix else "section" for part, appendix in policy.parts()}

    def name(id: str) -> str:
        number = found.get(id)
        if number is None:
            return ""
        own = number.printed if " " in number.printed else f"{words[id]} {number.printed}"
        if not number.home:
            return own
        if " " in number.printed:
            return f"{name(number.home)}, {own}"
        if number.printed.startswith("("):
            return f"{name(number.home)}{number.printed}"
        return f"{own} of {name(number.home)}"

    return name


class _Counter:
    """Counts the sections and clauses of one policy."""

    def __init__(self, policy: Policy) -> None:
        section, clause, inner = _SCHEMES[policy.numbering]
        own = policy.labels
        self.policy = policy
        self.section = (own and own.sections) or section
        self.levels = (own and own.clauses) or clause, (own and own.sub_clauses) or inner
        self.appendix = (own and own.appendices) or "{A}"
        self.runs_on = policy.numbering == "paragraphs"
        self.running = 0
        self.found: dict[str, PartNumber] = {}

    def count(self) -> dict[str, PartNumber]:
        for parts, appendices in ((self.policy.sections, False), (self.policy.appendices, True)):
            position = 0
            for section in parts:
                pattern = self.appendix if appendices else self.section
                position, shown = _next(section.number, position)
                if section.number == "none":
                    continue
                if pattern:
                    self.note(section.id, pattern, shown, "")
                if section.numbered:
                    self.count_inner(section, 0, appendices)
        return self.found

    def count_inner(self, home: Section | Clause, depth: int, appendix: bool) -> None:
        pattern = self.levels[min(depth, 1)]
        if depth == 0 and appendix and self.runs_on:
            pattern = _SCHEMES["clauses"][1]
        running = depth == 0 and self.runs_on and not appendix
        position = self.running if running else 0
        for clause in home.clauses:
            position, shown = _next(clause.number, position)
            if clause.number == "none":
                continue
            if home.id in self.found or "{above}" not in pattern:
                self.note(clause.id, pattern, shown, "" if running else home.id)
                self.count_inner(clause, depth + 1, appendix)
        if running:
            self.running = position

    def note(self, id: str, pattern: str, shown: int | str, home: str) -> None:
        above = self.found.get(home)
        written = _NUMBER.sub(lambda style: _write_number(shown, style[1]), pattern)
        printed = written.replace("{above}", above.bare if above else "")
        if "{above}" in written:  # the number alone is without the words before it
            bare, home = printed[written.index("{above}") :], ""
        else:
            bare = _write_number(shown, _NUMBER.findall(pattern)[0])
        self.found[id] = PartNumber(printed, bare, home if above else "")


def _next(own: int | str | None, position: int) -> tuple[int, int | str]:
    """Where the count is after a part with a number of its own, if any; and the part's number."""
    if own is None:
        return position + 1, position + 1
    return (own, own) if isinstance(own, int) else (position, own)


_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))


def _write_number(number: int | str, style: str) -> str:
    """A number in the style of 1, a, A, i or I; a number put in between, such as 4A, as it is."""
    if isinstance(number, str) or style == "1":
        return str(number)
    written = write_letters(number) if style in "aA" else write_roman(number)
    return written.upper() if style in "AI" else written


def write_letters(number: int) -> str:
    """a to z, then aa, ab and so on."""
    written = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        written = "abcdefghijklmnopqrstuvwxyz"[place] + written
    return written


def write_roman(number: int) -> str:
    """i, ii, iii, iv and so on."""
    written = ""
    for value, sign in (*_ROMAN, (1, "i")):
        written += sign * (number // value)
        number %= value
    return written


_MARKS = {"letters": "(a)", "roman": "(i)", "numbers": "1."}


def write_marks(marks: Marks, start: int, count: int) -> tuple[str, ...]:
    """What is printed before each of `count` points; nothing for bullets."""
    if marks == "bullets":
        return ()
    example = _MARKS.get(marks, marks)
    style = example.strip("().")
    return tuple(
        example.replace(style, _write_number(number, style))
        for number in range(start, start + count)
    )
