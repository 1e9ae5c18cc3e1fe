"""What the top of an organisation's pages shows: its plate, its name, its year and its mark."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from formulary.content.accessibility import Contact
from formulary.content.cycle import MONTHS, british
from formulary.diagrams.typeface import web_fonts
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.markdown import built_address
from formulary.formats.handbook.style_sheet import COLOURS, make_style_sheet

DEFAULT_COLOUR = "#1d4f6e"
"""The colour of pages that belong to no organisation."""


@dataclass(frozen=True)
class Masthead:
    """The top of the pages of one organisation. Paths are those of the built site, from its root.

    `folder` is the folder of its pages, empty where it is the only organisation. `months` are the
    twelve of its year, such as ("2026-09", "September 2026"). `example` says why the pages are no
    policy; empty for an organisation's own. `logo` is the picture in the plate, which shows the
    words of `plate` where there is none; `contact` is who to ask.
    """

    folder: str
    short: str
    plate: str
    process: str
    edition: str
    example: str
    home: str
    about: str
    style_sheet: str
    months: tuple[tuple[str, str], ...]
    approved: str
    logo: str
    contact: Contact | None


def make_mastheads(editions: Sequence[Edition]) -> tuple[Masthead, ...]:
    """The masthead of every organisation, in their order."""
    alone = len(editions) == 1
    return tuple(make_masthead(Addresses(edition, alone)) for edition in editions)


def style_sheets(editions: Sequence[Edition], *, alone: bool) -> dict[str, str]:
    """Path -> style sheet: that of the pages at the root, and one for each of several.

    `alone`: the site has one organisation, and no sheet beside that of the root.
    """
    colour = site_colour(editions) if alone else DEFAULT_COLOUR
    own = {COLOURS if alone else _style_sheet(edition): edition for edition in editions}
    return {COLOURS: make_style_sheet(colour)} | {
        path: make_style_sheet(
            edition.organisation.colour, edition.faces, posixpath.basename(font_path(edition))
        )
        for path, edition in own.items()
    }


def look_files(editions: Sequence[Edition]) -> dict[str, bytes]:
    """Path -> file: the logos and the font files of the organisations that have their own."""
    files = {logo_path(edition): edition.logo.data for edition in editions if edition.logo}
    for edition in editions:
        for name, data in web_fonts(edition.faces).items():
            files[f"{font_path(edition)}/{name}"] = data
    return files


def font_path(edition: Edition) -> str:
    """The folder of the site that holds the organisation's font files."""
    return f"assets/fonts-{edition.id}"


def logo_path(edition: Edition) -> str:
    """Where the logo is in the site; empty where there is none."""
    return f"assets/logo-{edition.id}.{edition.logo.ending}" if edition.logo else ""


def site_colour(editions: Sequence[Edition]) -> str:
    """The colour of a single organisation; a neutral one where there are several."""
    return editions[0].organisation.colour if len(editions) == 1 else DEFAULT_COLOUR


def make_masthead(at: Addresses) -> Masthead:
    """The masthead of one organisation."""
    edition = at.edition
    return Masthead(
        folder="" if at.alone else edition.id,
        short=edition.organisation.short,
        plate=words_of_plate(edition.organisation.short),
        process=first_capital(edition.organisation.process),
        edition=edition.name,
        example=edition.notice,
        home=built_address(at.home),
        about=built_address(at.page("about.md")),
        style_sheet="" if at.alone else _style_sheet(edition),
        months=_months(edition),
        approved=_approval(edition),
        logo=logo_path(edition),
        contact=edition.organisation.contact,
    )


def words_of_plate(short: str) -> str:
    """A short name as the plate has room for it: itself, or its capitals, “CPS”.

    A line of the plate holds seven letters, and the plate three lines.
    """
    words = short.split()
    if len(words) <= 3 and all(len(word) <= 7 for word in words):
        return short
    return "".join(word[0] for word in words if word[0].isupper())[:4] or short[0].upper()


def _approval(edition: Edition) -> str:
    """“approved on 24 May 2023 by the Trustees”, as far as it is known."""
    approval = edition.policy.approval
    if approval is None or not (approval.by or approval.on):
        return ""
    day = f" on {british(approval.on)}" if approval.on else ""
    return f"approved{day}{f' by {approval.by}' if approval.by else ''}"


def _style_sheet(edition: Edition) -> str:
    return f"assets/colours-{edition.id}.css"


def _months(edition: Edition) -> tuple[tuple[str, str], ...]:
    """The twelve months from that in which the first cycle starts."""
    first = edition.calendars[0].starts
    places = (first.year * 12 + first.month - 1 + step for step in range(12))
    return tuple(
        (f"{place // 12}-{place % 12 + 1:02}", f"{MONTHS[place % 12]} {place // 12}")
        for place in places
    )
