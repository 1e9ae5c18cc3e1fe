"""The words of the emails with which forms and reminders go to people."""

from __future__ import annotations

from pydantic import Field

from formulary.content.base import ContentModel, Line, Text

MAIL_NAMES: dict[str, str] = {
    "name": "the name of the person who gets the email",
    "people": "a list of the forms, under the people they are for, each with its date",
    "files": "how many files are attached",
    "contact": "who to ask: the contact in organisation.yaml",
}
"""What a text of an email may name as `mail.<name>`, beside what every text may name."""


class Mail(ContentModel):
    """One mail: plain text, in which `{{ mail.name }}` and the like are filled in."""

    subject: Line = Field(description="The subject line. Do not name a person in it.")
    text: Text = Field(
        description="The text. A paragraph is one line. It can hold "
        + ", ".join(f"{{{{ mail.{name} }}}} ({what})" for name, what in MAIL_NAMES.items())
        + "."
    )


class Mails(ContentModel):
    """`mails.yaml`: the organisation's own words; the library's where an email is left out."""

    packs_for_reviewer: Mail | None = Field(
        None,
        alias="packs-for-reviewer",
        description="To a reviewer, with the forms of everyone they review.",
    )
    packs_for_person: Mail | None = Field(
        None, alias="packs-for-person", description="To a member of staff, with their own forms."
    )
