"""How accessible the handbook is: what was checked, what is known not to work, and who to ask.

The accessibility statement is made from `content/library/accessibility.yaml` and `contact` of an
organisation. In the file, `recorded` is written by a command and the rest by hand.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from formulary.content.base import ContentModel, Id

Words = Annotated[str, Field(min_length=1, max_length=600)]
"""Plain words, printed as they are."""
Web = Annotated[
    str, Field(pattern=r"^https://[^\s<>\"']+$", description="An address that starts with https://")
]
Email = Annotated[
    str,
    Field(
        pattern=r"^[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+$",
        description="An email address such as hr@example.org.",
    ),
]
Compliance = Literal["fully", "partly", "not"]


class Contact(ContentModel):
    """Who a reader asks for another format, or tells that something does not work."""

    email: Email
    who: Words | None = Field(None, description="Who answers: “HR, Ms Example”.")
    phone: Words | None = Field(None, description="The telephone number.")
    post: Words | None = Field(None, description="The postal address, on one line.")
    form: Web | None = Field(None, description="The address of a form on the web.")
    reply: Words | None = Field(None, description="How soon an answer comes: “10 working days”.")


class Check(ContentModel):
    """One tool that was run over the built site."""

    tool: Words = Field(description="The tool's name.")
    version: Words = Field(description="The version of the tool.")
    looks_at: Words = Field(alias="looks-at", description="What it looks at, in a few words.")
    checked: Words = Field(description="How much it was run on: “224 pages, each in 4 modes”.")
    found: int = Field(ge=0, description="How many places it found.")


class Finding(ContentModel):
    """A kind of fault that a tool found, still there when the checks were recorded."""

    tool: Words = Field(description="The tool that found it.")
    rule: Words = Field(description="The tool's name for the fault.")
    what: Words = Field(description="The fault in the tool's own words.")
    places: int = Field(ge=1, description="In how many places.")
    example: Words = Field(description="The first of the pages.")


class Recorded(ContentModel):
    """What the checks found; written by `python -m tests.checkers.record`."""

    tested: datetime.date = Field(description="The day of the test.")
    checks: tuple[Check, ...] = Field(min_length=1, description="The tools that were run.")
    findings: tuple[Finding, ...] = Field((), description="What they found that is still there.")


class Issue(ContentModel):
    """Something that is known not to be accessible, and what to do instead."""

    id: Id
    problem: Words = Field(description="What does not work, and for which readers.")
    criterion: Words | None = Field(
        None, description="The success criterion that it fails: “1.4.3 Contrast (Minimum)”."
    )
    kind: Literal["fails", "burden", "outside", "untested"] = Field(
        description="fails: it must be fixed; burden: fixing it would be a disproportionate "
        "burden; outside: the law does not cover it; untested: nobody has tried it yet, which the "
        "part on tests says."
    )
    because: Words | None = Field(None, description="Why it is so.")
    instead: Words | None = Field(None, description="What a reader can do instead.")
    planned: Words | None = Field(None, description="When it will be fixed: “by March 2027”.")


class Enforcer(ContentModel):
    """Where readers can complain if they are not happy with the answer."""

    where: Words = Field(description="The part of the United Kingdom.")
    body: Words = Field(description="The body that enforces the law there.")
    adviser: Words = Field(description="Who to turn to first.")
    web: Web = Field(description="The address of the adviser on the web.")
    phone: Words | None = Field(None, description="The telephone number of the adviser.")


class Accessibility(ContentModel):
    """`accessibility.yaml` of the library."""

    prepared: datetime.date = Field(description="The day the statement was first prepared.")
    reviewed: datetime.date = Field(description="The day a person last read it through.")
    compliance: Compliance | None = Field(
        None, description="fully, partly or not; if left out, it follows from what is known."
    )
    recorded: Recorded | None = Field(None, description="Written by a command; not by hand.")
    tried: tuple[Words, ...] = Field(
        (), description="What was tried as a reader would, beside what tools report."
    )
    issues: tuple[Issue, ...] = Field((), description="What is known not to be accessible.")
    enforcement: tuple[Enforcer, ...] = Field(
        (), description="Where readers complain, one entry for each part of the country."
    )

    @property
    def known_compliance(self) -> Compliance:
        """fully only where tools were run and found nothing, and no issue fails or is exempt.

        What nobody has tried is no failure; the statement says so where it tells of its tests.
        """
        lacks = any(issue.kind != "untested" for issue in self.issues)
        clean = self.recorded is not None and not self.recorded.findings
        return "fully" if clean and not lacks else "partly"
