"""A policy: its identity and approval, and its sections, clauses and points."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from formulary.content.base import ContentModel, Id, Line, Name, Text

Numbering = Literal["clauses", "paragraphs", "none"]
Shown = Literal["panels", "cycles", "ratings", "career-stages", "standards", "related", "roles"]


class Point(ContentModel):
    """One entry of a list inside a clause."""

    id: Id
    text: Text = Field(description="What the entry says.")


class PrintedGuidance(ContentModel):
    """Guidance that a clause prints in full, because the published document has it there."""

    topic: Id | None = Field(None, description="A topic of guidance.yaml: its points are printed.")
    checklists: tuple[Id, ...] = Field((), description="Checklists of checklists.yaml, in order.")
    questions: tuple[Id, ...] = Field(
        (), description="Questions of questions.yaml, each with its answer, in order."
    )


class Clause(ContentModel):
    """The smallest part of a policy that has a number and a permanent address."""

    id: Id
    title: Line | None = Field(None, description="A heading, if the clause has one.")
    name: Line | None = Field(
        None,
        description="What search results and links call the clause, if it has no title or one that "
        "says too little. Not part of the policy: it is not printed in Word or PDF.",
    )
    text: Text | None = Field(None, description="What the clause says.")
    points: tuple[Point, ...] = Field((), description="A list that follows the text.")
    marks: Literal["bullets", "letters", "roman"] = Field(
        "bullets", description="What is printed before each point: a bullet, (a) or (i)."
    )
    closing: Text | None = Field(None, description="What is said after the list.")
    shows: Shown | None = Field(None, description="A table made from data, printed after the text.")
    sample: Id | None = Field(None, description="A form whose sample is named here.")
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


class Section(ContentModel):
    """A numbered part of the policy, or an appendix."""

    id: Id
    title: Line = Field(description="The heading.")
    numbered: bool = Field(True, description="Whether its clauses carry numbers.")
    groups: tuple[Id, ...] = Field(
        (), description="The staff groups that it concerns; all if left out."
    )
    text: Text | None = Field(None, description="What is printed before the first clause.")
    clauses: tuple[Clause, ...] = Field((), description="The clauses, in order.")


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
        None, alias="in-force", description="The day from which the policy holds."
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
        None,
        alias="next-review-in",
        description="Where no day is set: “spring 2028”.",
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
        description="clauses: 5.3; paragraphs: running through the sections; none."
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
        """The staff groups that each section and clause concerns, by id; empty means all."""
        parts = {section.id: section.groups for section, _ in self.parts()}
        return parts | {clause.id: clause.groups or s.groups for s, clause in self.clauses()}

    def clauses(self) -> Iterator[tuple[Section, Clause]]:
        """Every clause with the section or appendix it is in."""
        for section, _ in self.parts():
            for clause in section.clauses:
                yield section, clause


def numbers(policy: Policy) -> dict[str, str]:
    """The printed number of every section and clause, by id, after the policy's own scheme.

    A section is “3” and a clause “3.1” (or a running paragraph, “17”); an appendix is “A”, its
    clauses “A.1”. What carries no number is not in the mapping.
    """
    printed: dict[str, str] = {}
    if policy.numbering == "none":
        return printed
    running = 0
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    position = 0
    for section, appendix in policy.parts():
        position += 1
        head = next(letters) if appendix else str(position)
        if appendix or policy.numbering == "clauses":
            printed[section.id] = head
        if not section.numbered:
            continue
        for place, clause in enumerate(section.clauses, start=1):
            if policy.numbering == "paragraphs" and not appendix:
                running += 1
                printed[clause.id] = str(running)
            else:
                printed[clause.id] = f"{head}.{place}"
    return printed
