"""An organisation: who it is, who it reviews, the words and the numbers that it uses."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from formulary.content.accessibility import Contact
from formulary.content.base import (
    Colour,
    ContentModel,
    FaceName,
    FileName,
    FontFile,
    Id,
    Line,
    Name,
    Text,
)
from formulary.content.meaning import Meaning

Status = Literal["example", "draft", "approved"]
Part = Literal["reviewee", "reviewer", "head", "board", "support"]


class Group(ContentModel):
    """A staff group that the policy treats alike."""

    id: Id
    name: Line = Field(description="For example “Teachers”.")
    who: Text = Field(description="Who belongs to the group.")


class Panel(ContentModel):
    """Who reviews one post, or several posts that are reviewed in the same way."""

    id: Id
    reviewee: Line = Field(description="The post or posts reviewed.")
    reviewers: Line = Field(description="Who reviews them.")
    overseen_by: Line | None = Field(None, alias="overseen-by", description="Who oversees it.")
    groups: tuple[Id, ...] = Field((), description="The staff groups that these posts belong to.")


class Role(ContentModel):
    """A person or body with a part in the process."""

    id: Id
    name: Line = Field(description="The name that readers see: “Headteacher”.")
    part: Part | None = Field(
        None,
        description="The part that the role has in reviews; a role with a part has a list of its "
        "tasks and a calendar in the handbook. support: HR or others who help.",
    )
    does: Text = Field(description="What they do, in a sentence or two.")
    clauses: tuple[Id, ...] = Field((), description="The clauses that say so.")


class Rule(ContentModel):
    """A number that the policy, the forms and the checks share; texts call it `rules.<id>.max`."""

    states: Line = Field(description="What the number means.")
    clause: Id | None = Field(None, description="The clause that states it.")
    groups: tuple[Id, ...] = Field(
        (), description="The staff groups that it concerns; those of its clause if left out."
    )
    unit: str | None = Field(None, description="For example “working weeks”.")
    min: int | None = Field(None, ge=0, description="The least that is allowed.")
    max: int | None = Field(None, ge=0, description="The most that is allowed.")
    normal: int | None = Field(
        None, ge=0, description="What is usual, between the least and the most."
    )
    exactly: int | None = Field(None, ge=0, description="The number, where there is no choice.")
    strength: Literal["normally", "ideally", "recommended"] | None = Field(
        None,
        description="How firm it is, where the policy leaves room: “at most 3 (recommended)”. "
        "`normal` needs no such word.",
    )


Sign = Annotated[str, Field(min_length=1, max_length=100)]
"""Words as a staff list has them."""


class Exclusion(ContentModel):
    """Staff that the policy leaves out, and how a staff list tells who they are."""

    id: Id
    words: Line = Field(description="Who they are: “in probation”.")
    clause: Id = Field(description="The clause that leaves them out.")
    groups: tuple[Id, ...] = Field((), description="The staff groups concerned; all if left out.")
    signs: tuple[Sign, ...] = Field(
        (),
        description="What a staff list says of them under status or kind of contract, or the "
        "heading of a column that says yes.",
    )
    shorter_than: Name | None = Field(
        None,
        alias="shorter-than",
        description="The rule below which the length of a contract leaves a person out.",
    )
    only_fixed_term: bool = Field(
        False, alias="only-fixed-term", description="Whether that holds for fixed terms only."
    )
    first: Name | None = Field(
        None, description="The rule that says for how long after the start a person is left out."
    )


class ShortCycle(ContentModel):
    """How the policy fits the cycle to people who are not there for all of it."""

    id: Id
    words: Line = Field(description="What happens: “the period is as long as the contract”.")
    clause: Id = Field(description="The clause that says so.")
    who: tuple[Literal["joiners", "leavers", "fixed-term"], ...] = Field(
        min_length=1,
        description="joiners start, and leavers end, during the cycle; or those on a fixed term.",
    )
    shorter_than: Name | None = Field(
        None,
        alias="shorter-than",
        description="The rule below which the length of the contract makes it so.",
    )
    period: Literal["in-cycle", "contract"] = Field(
        "in-cycle",
        description="in-cycle: the part of the cycle in which they are there; contract: the whole "
        "contract.",
    )
    group: Id | None = Field(None, description="The staff group whose cycle and forms they have.")


class TimeLimit(ContentModel):
    """How long something may, or must, take between two days that a form records.

    `begins` and `ends` say what the two days are (`means` in the forms). The length is that of a
    rule; or the day is the last one of an event of the cycle.
    """

    words: Line = Field(description="What is to be done: “the finished record”.")
    clause: Id = Field(description="The clause that says so.")
    begins: Meaning | None = Field(None, description="The day from which the time is counted.")
    ends: Meaning = Field(description="The day by which it is to be done.")
    rule: Name | None = Field(None, description="The rule that gives the length.")
    event: Id | None = Field(None, description="Or the event of the cycle that gives the day.")
    working_days: bool = Field(
        False,
        alias="working-days",
        description="Whether days are counted without weekends and bank holidays.",
    )


CheckSeverity = Literal["off", "info", "warning", "error"]


class Checks(ContentModel):
    """How forms that come back are checked."""

    limits: tuple[TimeLimit, ...] = Field((), description="Time limits that the policy sets.")
    pay_rating: int | None = Field(
        None,
        alias="pay-rating",
        description="The number of the lowest rating at which pay may go up without an exception.",
    )
    pay_clause: Id | None = Field(None, alias="pay-clause", description="The clause that says so.")
    severity: dict[Id, CheckSeverity] = Field(
        {},
        description="How serious findings of a code are here, if not as usual; off: not checked.",
    )


class Moderation(ContentModel):
    """That someone looks at a sample of the records, so that they are fair and consistent."""

    clause: Id = Field(description="The clause that asks for it.")
    share: int | None = Field(
        None,
        ge=1,
        le=100,
        description="The percentage of records that someone looks at; if left out, the policy does "
        "not say.",
    )


class RelatedDocument(ContentModel):
    """A document that the policy points to."""

    id: Id
    name: Line = Field(description="The title of the document.")
    about: Text = Field(description="What it is and why a reader would need it.")
    clauses: tuple[Id, ...] = Field((), description="The clauses that point to it.")
    next_review: datetime.date | None = Field(
        None, alias="next-review", description="The day by which it is due for review."
    )
    next_review_in: Line | None = Field(
        None, alias="next-review-in", description="Where no day is set: “spring 2028”."
    )


class Offer(ContentModel):
    """A form that the organisation offers, and how its own rules shape it."""

    form: Id = Field(description="The form, by its id: the name of its file in forms/.")
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
    times: dict[Name, Line] = Field(
        {},
        description="When sections are filled in here: an event of the cycle by its id (report), "
        "words after it if wanted (objectives, then in the year), or words alone.",
    )
    letters: dict[Name, Text] = Field({}, description="Texts of letters, where not the form's.")
    options: dict[Name, tuple[Line, ...]] = Field(
        {}, description="Options of a choice: the organisation's own list."
    )
    shows: tuple[Name, ...] = Field(
        (), alias="with", description="Optional sections and fields that the form has here."
    )
    leaves_out: tuple[Name, ...] = Field(
        (), alias="without", description="Sections and fields that the form does not have here."
    )
    serves: dict[Name, Id] = Field({}, description="The clause that a section or a field serves.")
    due: Id | None = Field(
        None,
        description="The event of the cycle by which the form is to be back; if left out, or if "
        "the event has no day, the end of the cycle.",
    )


class Packs(ContentModel):
    """What a prefilled pack holds, and where its files go."""

    forms: tuple[Id, ...] = Field(
        (),
        description="The forms of a pack; if left out, those offered forms that everyone fills in "
        "each year (`pack: everyone` in the form).",
    )
    pattern: str | None = Field(
        None,
        min_length=1,
        description="Where a file goes in the output folder: "
        "“{school}/{reviewer}/{form} {name} {id} {edition}”.",
    )
    absent: Literal["no-pack", "pack"] = Field(
        "no-pack",
        description="Whether people who are away for a long time get a pack, on maternity leave or "
        "long-term sick for example. no-pack: they get it once the list shows that they are back.",
    )
    posts: Literal["ask", "main", "each"] = Field(
        "ask",
        description="What happens to someone with several posts on the staff lists. main: the "
        "main post counts; each: forms for each post; ask: as main, and the check reports both "
        "rows.",
    )


class Accepted(ContentModel):
    """A finding of the check that the organisation accepts, with the reason."""

    code: Id = Field(description="The finding's code, as `check` prints it.")
    at: Line | None = Field(None, description="The clause or thing it is about; any if left out.")
    because: Text = Field(
        description="Why it is accepted; the page “About this edition” prints it."
    )


class AtAGlance(ContentModel):
    """What the policy says on one matter, in a sentence that uses the rules."""

    text: Text = Field(description="The sentence.")
    for_groups: dict[Id, Text] = Field(
        {},
        alias="for-groups",
        description="What it says to one staff group, by its id, where that is not the same.",
    )
    clauses: tuple[Id, ...] = Field((), description="The clauses behind it.")


Matter = Literal["objectives", "disagreement", "pay", "appeals", "support", "retention", "equality"]


class Typeface(ContentModel):
    """The typefaces of pages and papers. Answers and pictures keep Source Sans."""

    text: FaceName | None = Field(
        None,
        description="The typeface of words: Source Sans, Source Serif, or a font file of your own.",
    )
    bold: FontFile | None = Field(None, description="The bold cut of your own font file.")
    italic: FontFile | None = Field(
        None,
        description="The italic cut of your own font file. Without it the PDF prints emphasised "
        "words upright.",
    )
    titles: FaceName | None = Field(
        None, description="The typeface of titles; the bold one of the words if left out."
    )


class Organisation(ContentModel):
    """`organisation.yaml`."""

    schema_version: int = Field(
        1,
        alias="schema",
        ge=1,
        description="The version of Formulary's schema for which this folder was written; "
        "`formulary upgrade` changes it.",
    )
    id: Id
    name: Line = Field(description="The full name.")
    short: Line = Field(description="The short name, used in headings and file lists.")
    kind: Line = Field(description="What kind of organisation it is.")
    status: Status = Field(
        description="example: reworded from a published document; draft or approved: your own."
    )
    year: int = Field(ge=2000, le=2100, description="The year in which the cycle starts.")
    about: Text = Field(description="Two or three sentences for the home page.")
    colour: Colour = Field(
        "#1d4f6e",
        description="The colour of the header, titles, links and rules. Its contrast with white "
        "is 7:1 or more. Every other shade is worked out from it.",
    )
    logo: FileName | None = Field(
        None,
        description="The file of the logo, in the organisation's folder: an SVG of any size, or a "
        "PNG of at least 200 pixels; no more than 200 kB. It is shown on white.",
    )
    typeface: Typeface | None = Field(
        None,
        description="The typefaces of pages and papers. If left out, pages and PDF have Source "
        "Sans with titles in Source Serif, Word has Arial and Georgia.",
    )
    cover: Literal["full", "light"] = Field(
        "full",
        description="The cover of the policy in Word and PDF. full: white words on the colour. "
        "light: dark words on a tint of it, above a line, which needs little toner.",
    )
    marking: Line = Field("Confidential", description="The confidentiality marking on forms.")
    sites: tuple[Line, ...] = Field((), description="Schools or teams.")
    contact: Contact | None = Field(
        None,
        description="Who answers questions: “HR”. My year, forms, the foot of every page, emails "
        "and the accessibility statement say so.",
    )
    words: dict[Name, Line] = Field(
        {}, description="The organisation's own words: `words.reviewer`."
    )
    process: Line = Field(
        "performance management",
        description="What the organisation calls the process: appraisal, performance management, "
        "professional growth. Forms, pages, emails and the report say so.",
    )
    known_words: tuple[Line, ...] = Field(
        (),
        alias="known-words",
        description="Words that no dictionary has and that are spelt right: names of places, of "
        "programs, of your own.",
    )
    groups: tuple[Group, ...] = Field(
        min_length=1,
        description="The staff groups that the policy treats differently; at least one.",
    )
    panels: tuple[Panel, ...] = Field((), description="Who reviews each post.")
    roles: tuple[Role, ...] = Field((), description="People and bodies with a part in the process.")
    rules: dict[Name, Rule] = Field(
        {}, description="The numbers that policy, forms and checks share."
    )
    scope: tuple[Exclusion, ...] = Field((), description="Who the policy leaves out.")
    short_cycles: tuple[ShortCycle, ...] = Field(
        (),
        alias="short-cycles",
        description="How the cycle is adapted for people employed for only part of it.",
    )
    standards: tuple[Id, ...] = Field((), description="Sets of standards from the library.")
    related: tuple[RelatedDocument, ...] = Field((), description="Related policies and documents.")
    forms: tuple[Offer, ...] = Field((), description="The forms offered.")
    packs: Packs = Field(
        Packs.model_validate({}), description="The forms that everyone gets, filled in."
    )
    checks: Checks = Field(
        Checks.model_validate({}), description="How forms that come back are checked."
    )
    moderation: Moderation | None = Field(
        None, description="The sample of records that someone looks at, where the policy has one."
    )
    at_a_glance: dict[Matter, AtAGlance] = Field(
        {}, alias="at-a-glance", description="The main matters, for comparison with others."
    )
    accept: tuple[Accepted, ...] = Field((), description="Findings of the check that you accept.")
