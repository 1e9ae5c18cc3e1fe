"""Check that words in an organisation's colour, and white words on it, can be read."""

from __future__ import annotations

from collections.abc import Iterator

from formulary import problems
from formulary.content.loading import OrganisationContent
from formulary.diagrams.colour import WHITE, contrast
from formulary.problems import Problem

LEAST = 7
"""The contrast with white: WCAG 2.2 asks it of words at level AAA (1.4.6). All tints need it."""


def colour_problems(own: OrganisationContent) -> Iterator[Problem]:
    """Whether the colour of the organisation is dark enough for the shades made from it."""
    file = own.organisation
    found = contrast(file.item.colour, WHITE)
    if found < LEAST:
        yield Problem(
            problems.PALE_COLOUR,
            file.document.place(("colour",)),
            f"The contrast of {file.item.colour} with white is {int(found * 10) / 10}:1",
            problems.PALE_COLOUR.remedy,
        )
