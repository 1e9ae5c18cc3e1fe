"""Guidance beside the policy: topics, questions with answers, checklists and diagrams.

The library holds what several organisations share. An organisation's own file chooses from it and
orders it: an entry whose id is the library's is that one, and whatever the entry gives (a title, a
text, points) replaces what the library says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from pydantic import Field

from formulary.content.base import ContentModel, Id, Line, Text


class TopicPoint(ContentModel):
    """A letter, a step, a principle or a tip of a topic."""

    id: Id
    mark: Line | None = Field(None, description="The letter or number that marks it: G, 1.")
    name: Line = Field(description="The point in a few words.")
    text: Text = Field(description="The point in full.")


class Topic(ContentModel):
    """A page of guidance."""

    id: Id
    title: Line | None = Field(
        None, description="The heading of the page; the library’s, if left out."
    )
    summary: Line | None = Field(None, description="What the topic is, in one sentence.")
    text: Text | None = Field(None, description="What opens the page.")
    points: tuple[TopicPoint, ...] = Field(
        (), description="Letters, steps, principles or tips, in order."
    )
    closing: Text | None = Field(None, description="What ends the page.")
    clauses: tuple[Id, ...] = Field((), description="The clauses that it explains.")


class StaffQuestion(ContentModel):
    """A question that staff ask, and its answer."""

    id: Id
    asks: Line | None = Field(None, description="The question, as staff would put it.")
    answer: Text | None = Field(None, description="The answer, as short as it can be.")
    clauses: tuple[Id, ...] = Field((), description="The clauses behind the answer.")


class ChecklistEntry(ContentModel):
    """One thing to do."""

    id: Id
    text: Text = Field(description="What there is to do.")


class Checklist(ContentModel):
    """Things to do at one time, by one person."""

    id: Id
    title: Line | None = Field(
        None, description="The heading; made from when and who, if left out."
    )
    when: Literal["before", "during", "after"] | None = Field(
        None, description="Before, during or after the meeting."
    )
    who: Literal["reviewer", "reviewee", "both"] | None = Field(
        None, description="Whose list it is."
    )
    entries: tuple[ChecklistEntry, ...] = Field((), description="What there is to do, in order.")
    clauses: tuple[Id, ...] = Field((), description="The clauses behind it.")


class Box(ContentModel):
    """One box of a diagram."""

    id: Id
    name: Line = Field(description="What is written in the box, in a few words.")
    text: Text | None = Field(None, description="What the list beside the picture adds.")


class Lane(ContentModel):
    """Boxes one after another, under one heading."""

    id: Id
    name: Line = Field(description="The heading of the lane.")
    boxes: tuple[Box, ...] = Field(min_length=1, description="The boxes, in the order of time.")


class Diagram(ContentModel):
    """A picture made from data: a circle of steps, or lanes of boxes in the order of time."""

    id: Id
    title: Line = Field(description="The heading of the picture.")
    kind: Literal["circle", "lanes"] = Field(
        description="circle: steps in a ring; lanes: boxes in columns."
    )
    intro: Text | None = Field(None, description="What is printed before the picture.")
    steps: tuple[Box, ...] = Field((), description="circle: the last leads to the first.")
    lanes: tuple[Lane, ...] = Field((), description="lanes: in the order of time.")
    clauses: tuple[Id, ...] = Field(default=(), description="The clauses that it draws.")


class Guidance(ContentModel):
    """`guidance.yaml`, of the library or of an organisation."""

    topics: tuple[Topic, ...] = Field(
        (), description="Topics from the library, by their ids, and your own; in order."
    )
    diagrams: tuple[Diagram, ...] = Field((), description="An organisation's own diagrams.")


class Questions(ContentModel):
    """`questions.yaml`, of the library or of an organisation."""

    questions: tuple[StaffQuestion, ...] = Field(
        (), description="Questions from the library, by their ids, and your own; in order."
    )


class Checklists(ContentModel):
    """`checklists.yaml`, of the library or of an organisation."""

    checklists: tuple[Checklist, ...] = Field(
        (), description="Checklists from the library, by their ids, and your own; in order."
    )


Chosen = TypeVar("Chosen", Topic, StaffQuestion, Checklist)


def complete_entry(own: Chosen, library: Mapping[str, Chosen]) -> Chosen:
    """Complete an organisation's own entry from the library's entry of the same id."""
    shared = library.get(own.id)
    if shared is None:
        return own
    given = {name: getattr(own, name) for name in own.model_fields_set}
    return shared.model_copy(update=given)
