"""What a form asks, as HR wrote it in `forms/<form>.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from formulary.content.base import ContentModel, Id, Line, Name, Text
from formulary.content.meaning import Meaning

FieldType = Literal[
    "text",
    "multiline",
    "date",
    "choice",
    "yes-no",
    "checkbox",
    "money",
    "number",
    "email",
    "time",
    "rating",
    "stage",
    "signature",
]

PackUse = Literal["everyone", "when-needed", "office"]
"""Who a form is for: everyone, each year; those who have cause for it; or the office alone."""

ListedUnder = Literal["review", "concern", "others"]
"""Where the list of forms has a form."""

Need = Literal["ratings", "career-stages", "standards", "pay"]

PREFILLS: dict[str, str] = {
    "organisation.name": "the organisation's name",
    "organisation.edition": "the edition, such as 2026-27",
    "cycle.starts": "the first day of the cycle",
    "cycle.ends": "the last day of the cycle",
    "staff.name": "the reviewee's name",
    "staff.job_title": "the reviewee's job title",
    "staff.reviewer": "the reviewer's name",
    "staff.group": "the staff group",
    "staff.site": "the school or team",
    "staff.stage": "the career stage",
    "staff.id": "the reviewee's id",
    "staff.email": "the reviewee's email address",
    "staff.starts": "the first day of the contract",
    "staff.ends": "the last day of the contract, where it has one",
}
"""Where a field's first value can come from, and what it is."""

PREVIOUS = "previous."
"""Before the id of a field or column: its first value is what last year's form said there."""


class FormField(ContentModel):
    """One thing to fill in."""

    id: Name = Field(description="Permanent: tag, PDF field name, anchor and register column.")
    label: Line = Field(description="What is printed beside the answer.")
    type: FieldType = Field(
        description="What kind of answer is asked for; rating and stage: the organisation’s own; "
        "number, email and time: one line, which is checked when the form comes back."
    )
    hint: Line | None = Field(None, description="Help, printed under the label.")
    lines: int = Field(1, ge=1, le=30, description="Lines of writing space expected.")
    options: tuple[Line, ...] = Field((), description="For a choice: what can be chosen.")
    unit: Line | None = Field(None, description="For a number: what is counted, such as hours.")
    min: float | None = Field(None, description="For a number: the least that is allowed.")
    max: float | None = Field(None, description="For a number: the most that is allowed.")
    required: bool = Field(
        False, description="Whether the answer must be there when the form comes back."
    )
    filled_by: Line | None = Field(None, alias="filled-by", description="Who fills it in.")
    prefill: str | None = Field(
        None,
        alias="from",
        description="Where its first value comes from: staff.name, cycle.starts and others; or "
        "previous.<id>, the answer that last year's form has there (in a table: see carries).",
    )
    each: Literal["criteria"] | None = Field(
        None,
        description="criteria: asked once for each criterion of the organisation's ratings, whose "
        "name is the label; the ids end with the criterion's.",
    )
    groups: tuple[Id, ...] = Field(
        (), description="Only for these staff groups; the form says so beside it. All if left out."
    )
    needs: Need | None = Field(None, description="Shown only where the organisation has this.")
    optional: bool = Field(False, description="Only where the offer asks for it (with).")
    means: Meaning | None = Field(
        None, description="What the answer is to the checks and the registers."
    )
    was: tuple[Name, ...] = Field(
        (), description="The ids that the field had in earlier editions, the latest first."
    )


class Carried(ContentModel):
    """Which rows of last year's form are put into a table when the year is rolled forward.

    Its columns say what is taken from a row: `from: previous.<column>`, of either table.
    """

    table: Name = Field(description="The table of the same form whose rows are taken.")
    beside: Name | None = Field(
        None, description="A table whose rows go with those rows, number by number."
    )
    only_if: tuple[Name, ...] = Field(
        (),
        alias="only-if",
        description="Only rows in which one of these columns is answered; all if left out.",
    )
    unless: tuple[Name, ...] = Field(
        (), description="Not the rows in which one of these columns is answered."
    )


class FormTable(ContentModel):
    """Rows that ask the same of several things."""

    id: Name
    row: Line = Field(description="What one row is: “Objective”.")
    rows: int | str | tuple[Line, ...] = Field(
        description="How many rows; or a rule (rules.objectives.max); or what gives a row each: "
        "career-stages.areas or standards; or what each row asks, as a list: with a choice as its "
        "column, a matrix of questions that share their options. Add new ones at the end."
    )
    columns: tuple[FormField, ...] = Field(
        min_length=1, max_length=10, description="What each row asks, in order."
    )
    was: tuple[Name, ...] = Field(
        (), description="The ids that the table had in earlier editions, the latest first."
    )
    carries: Carried | None = Field(
        None, description="Which rows of last year's form it opens with, in packs that are rolled."
    )
    guide: Literal["expectations", "none"] = Field(
        "none", description="expectations: print above each row what is expected at each stage."
    )


class FormSection(ContentModel):
    """A part of a form under one heading."""

    id: Name
    title: Line = Field(description="The heading.")
    intro: Text | None = Field(
        None,
        description="What is printed before the first field. A part that begins with a signature "
        "says how to sign where it has none.",
    )
    when: Line | None = Field(
        None,
        description="When the part is filled in, in a few words: “At the start of the year”. An "
        "organisation names the events of its own cycle under `times`.",
    )
    filled_by: Line | None = Field(
        None,
        alias="filled-by",
        description="Who fills in the part; if left out, those who fill in its fields.",
    )
    decision: bool = Field(
        False,
        description="Whether it is a decision, kept on one page with the signatures after it.",
    )
    before: tuple[Name, ...] = Field(
        (),
        description="Printed before the first of these sections that the form has, though the file "
        "has it later. The order in the file is part of the stamp, so forms in use can be read.",
    )
    fields: tuple[FormField, ...] = Field((), description="The fields, in order.")
    table: FormTable | None = Field(None, description="Rows that ask the same of several things.")
    letter: Text | None = Field(
        None, description="The text of a letter; [[field_id]] is where a field is filled in."
    )
    needs: Need | None = Field(None, description="Shown only where the organisation has this.")
    optional: bool = Field(False, description="Only where the offer asks for it (with).")


QuestionId = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
        max_length=40,
        description="The id of a question, such as name or objectives_1_measures.",
    ),
]


class OwnTemplates(ContentModel):
    """How the fields of an organisation's own documents are joined to the questions of a form.

    The documents are `forms/<form>.docx` and `forms/<form>.pdf`; they replace the house documents.
    """

    word: dict[str, QuestionId] = Field(
        default={}, description="The tag or title of a content control: the id of its question."
    )
    pdf: dict[str, QuestionId] = Field(
        default={}, description="The full name of a form field: the id of its question."
    )
    pdf_buttons: dict[str, dict[str, str]] = Field(
        default={},
        alias="pdf-buttons",
        description="For a choice that is a group of buttons in the PDF, by the question's id: the "
        "name of each button, and the choice that it means.",
    )


class Form(ContentModel):
    """`forms/<form>.yaml`."""

    id: Id
    title: Line = Field(description="The title at the top of the form.")
    purpose: Text = Field(
        description="What the form is for. Its first sentence is one line of the list of "
        "forms, where 56 characters fit."
    )
    filled_by: Line = Field(alias="filled-by", description="Who fills it in.")
    when: Line = Field(description="When it is filled in.")
    guidance: Text | None = Field(None, description="Instructions printed at the top of the form.")
    header: Literal["common", "own"] = Field(
        description="common: opens with the fields of forms/house/header.yaml; own: brings its own."
    )
    repeats: bool = Field(
        False, description="Whether a person may have several of them in a cycle."
    )
    pack: PackUse = Field(
        "when-needed",
        description="everyone: all fill it in each year, so it goes into everyone's pack unless "
        "`packs` in organisation.yaml says otherwise. when-needed: someone starts it when there "
        "is cause, such as an appeal. office: the office keeps it, such as a log.",
    )
    listed_under: ListedUnder = Field(
        "review",
        alias="listed-under",
        description="Where the list of forms has it. review: what reviewer and reviewee use; "
        "concern: when something is not right, such as an appeal; others: for observers, heads, "
        "committees and the office.",
    )
    sections: tuple[FormSection, ...] = Field(
        min_length=1, description="The parts of the form, in order."
    )
    own_templates: OwnTemplates = Field(
        default=OwnTemplates(),
        alias="own-templates",
        description="Joins the fields of your own Word or PDF document to the form's questions.",
    )


class FormHeader(ContentModel):
    """`forms/house/header.yaml`: the fields that open every form without a header of its own."""

    section: FormSection = Field(description="The part that opens the form.")


def fields_of(section: FormSection) -> Iterator[FormField]:
    """Every field of a section, then every column of its table."""
    yield from section.fields
    if section.table:
        yield from section.table.columns
