"""An organisation: who it is, whom it reviews, the words and the numbers that it uses."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from formulary.model.base import Colour, Id, Item, Line, Name, Text

Status = Literal["example", "draft", "approved"]


class Group(Item):
    """A staff group that the policy treats alike."""

    id: Id
    name: Line = Field(description="For example “Teachers”.")
    who: Text = Field(description="Who belongs to the group.")


class Panel(Item):
    """Who reviews one post, or several posts that are reviewed in the same way."""

    id: Id
    reviewee: Line = Field(description="The post or posts reviewed.")
    reviewers: Line = Field(description="Who reviews them.")
    overseen_by: Line | None = Field(None, alias="overseen-by", description="Who oversees it.")
    groups: tuple[Id, ...] = Field((), description="The staff groups that these posts belong to.")


class Role(Item):
    """A person or body with a part in the process."""

    id: Id
    name: Line
    does: Text = Field(description="What they do, in a sentence or two.")
    clauses: tuple[Id, ...] = Field((), description="The clauses that say so.")


class Rule(Item):
    """A number that the policy, the forms and the checks share; texts call it `rules.<id>.max`."""

    states: Line = Field(description="What the number means.")
    clause: Id = Field(description="The clause that states it.")
    unit: str | None = Field(None, description="For example “working weeks”.")
    min: int | None = Field(None, ge=0)
    max: int | None = Field(None, ge=0)
    normal: int | None = Field(None, ge=0)
    exactly: int | None = Field(None, ge=0)


class RelatedDocument(Item):
    """A document that the policy points to."""

    id: Id
    name: Line
    about: Text = Field(description="What it is and why a reader would need it.")
    clauses: tuple[Id, ...] = ()


class Offer(Item):
    """A form that the organisation offers, and how its own rules shape it."""

    form: Id
    clauses: tuple[Id, ...] = Field((), description="The clauses that ask for the form.")
    groups: tuple[Id, ...] = Field((), description="The staff groups it is for; all if left out.")
    title: Line | None = Field(None, description="The form's title here, if not the library's.")
    purpose: Text | None = Field(None, description="What it is for here, if not as in the form.")
    guidance: Text | None = Field(None, description="Instructions printed on it here.")
    filled_by: Line | None = Field(None, alias="filled-by", description="Who fills it in here.")
    when: Line | None = Field(None, description="When it is filled in here.")
    rows: dict[Name, int] = Field({}, description="Rows of a table, where not as in the form.")
    labels: dict[Name, Line] = Field({}, description="Labels of fields, where not as in the form.")
    hints: dict[Name, Line] = Field({}, description="Hints of fields, where not as in the form.")
    titles: dict[Name, Line] = Field({}, description="Titles of sections, where not the form's.")
    intros: dict[Name, Text] = Field({}, description="What opens a section, where not the form's.")
    letters: dict[Name, Text] = Field({}, description="Texts of letters, where not the form's.")
    options: dict[Name, tuple[Line, ...]] = Field(
        {}, description="Options of a choice: the organisation's own list."
    )
    shows: tuple[Name, ...] = Field(
        (), alias="with", description="Optional sections and fields that the form has here."
    )
    leaves_out: tuple[Name, ...] = Field(
        (), alias="without", description="Sections and fields that the form has not here."
    )
    serves: dict[Name, Id] = Field({}, description="The clause that a section or a field serves.")


class Accepted(Item):
    """A finding of the linter that is known and may stand, with the reason."""

    code: Id = Field(description="The finding's code, as `check` prints it.")
    at: Line | None = Field(None, description="The clause or thing it is about; any if left out.")
    because: Text


class AtAGlance(Item):
    """What the policy says on one matter, in a sentence that uses the rules."""

    text: Text
    clauses: tuple[Id, ...] = ()


Matter = Literal["objectives", "disagreement", "pay", "appeals", "support", "retention", "equality"]


class Organisation(Item):
    """`organisation.yaml`."""

    id: Id
    name: Line
    short: Line = Field(description="The short name, used in headings and file lists.")
    kind: Line = Field(description="What kind of organisation it is.")
    status: Status = Field(
        description="example: reworded from a published document; draft or approved: your own."
    )
    year: int = Field(ge=2000, le=2100, description="The year in which the cycle starts.")
    about: Text = Field(description="Two or three sentences for the home page.")
    colour: Colour = Field("#1d4f6e", description="The colour of headings and rules.")
    marking: Line = Field("Confidential", description="The confidentiality marking on forms.")
    sites: tuple[Line, ...] = Field((), description="Schools or teams.")
    words: dict[Name, Line] = Field(
        {}, description="The organisation's own words: `words.reviewer`."
    )
    groups: tuple[Group, ...] = Field(min_length=1)
    panels: tuple[Panel, ...] = Field((), description="Who reviews whom.")
    roles: tuple[Role, ...] = ()
    rules: dict[Name, Rule] = Field(
        {}, description="The numbers that policy, forms and checks share."
    )
    standards: tuple[Id, ...] = Field((), description="Sets of standards from the library.")
    related: tuple[RelatedDocument, ...] = Field((), description="Related policies and documents.")
    forms: tuple[Offer, ...] = Field((), description="The forms offered.")
    at_a_glance: dict[Matter, AtAGlance] = Field(
        {}, alias="at-a-glance", description="The main matters, for comparison with others."
    )
    accept: tuple[Accepted, ...] = Field((), description="Findings of the linter that may stand.")
