"""The pages on which forms are filled in in the browser, and the files that they share."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from formulary.content.organisation import Offer
from formulary.diagrams.typeface import data_address, font_rules, web_fonts
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.masthead import font_path, logo_path
from formulary.formats.handbook.page_cache import FileBatch
from formulary.formats.handbook.statement import PAGE as STATEMENT
from formulary.formats.pdf.plan import font_table, shared_streams
from formulary.formats.web.page import FillPage, write_fill_page, write_look
from formulary.formats.web.script import PAGE, join_scripts, style_sheet, write_payload
from formulary.pipeline.documents import WantedDocument
from formulary.returns.rules import rules_of

ASSETS = "assets/fill"
"""Where the script, the style sheet and the typeface are that all these pages share."""


def fill_script(download: Download, script: bytes) -> Mapping[str, bytes]:
    """The script that a form's page fills one of its documents from, by path; none without."""
    return {script_path(download): script} if script else {}


def script_path(download: Download) -> str:
    """Where the script is that a form's page fills a document from."""
    return f"{download.organisation}/fill/{download.form}.{download.format.lower()}.js"


def shared_fill_files() -> Mapping[str, bytes]:
    """What the pages of all forms share, by path from the root of the site."""
    streams = shared_streams()
    return {
        f"{ASSETS}/fill.js": join_scripts(PAGE).encode(),
        f"{ASSETS}/fill.css": style_sheet().encode(),
        f"{ASSETS}/typeface.js": write_payload("typeface", font_table()),
        f"{ASSETS}/typeface-file.js": write_payload(
            "file", [len(stream) for stream in streams], b"".join(streams)
        ),
    }


def fill_parts(
    documents: Sequence[tuple[Edition, WantedDocument]],
    downloads: Sequence[Download],
    scripts: frozenset[str],
) -> Iterator[FileBatch]:
    """What all these pages share, and those of each organisation; see `fill_pages`."""
    yield FileBatch(("fill",), lambda: {**shared_fill_files()})
    editions = {edition.id: edition for edition, _ in documents}
    for id, edition in editions.items():
        own = [one for one in documents if one[0].id == id]
        files = [file for file in downloads if file.organisation == id]
        filled = scripts & {script_path(file) for file in files}
        alone = len(editions) == 1
        make = partial(fill_pages, own, files, filled, alone)
        yield FileBatch(("fill", edition, files, filled, alone), lambda make=make: dict(make()))  # type: ignore[misc]


def fill_pages(
    documents: Iterable[tuple[Edition, WantedDocument]],
    downloads: Sequence[Download],
    scripts: frozenset[str],
    alone: bool,
) -> Iterator[tuple[str, bytes]]:
    """The page of every form, and each organisation's colours, by path from the root of the site.

    `scripts` are the paths that `fill_script` gave; `alone`: the site has one organisation.
    """
    seen = set[tuple[str, str]]()
    for edition, (_, task) in documents:
        blank = task.model
        if not isinstance(blank, Blank) or (edition.id, blank.id) in seen:
            continue
        seen.add((edition.id, blank.id))
        addresses = Addresses(edition, alone)
        path = addresses.fill_page(blank.id)
        own = [f for f in downloads if (f.organisation, f.form) == (edition.id, blank.id)]
        offer = next(offer for offer, _ in edition.forms if offer.form == blank.id)
        page = _page(addresses, path, blank, offer, own, scripts)
        yield path, write_fill_page(page).encode()
        look = addresses.page("fill/colour.css")
        to = partial(_relative, posixpath.dirname(look))
        fonts = font_rules(blank.faces, lambda name: to(f"{font_path(edition)}/{name}"))  # noqa: B023
        yield look, write_look(blank.colour, blank.faces, fonts).encode()


def preview_page(edition: Edition, form: str) -> str | None:
    """The page of a form to be looked at: its style sheets are in it, and it has no script.

    None where the organisation does not offer the form.
    """
    offered = next((one for one in edition.forms if one.offer.form == form), None)
    if offered is None:
        return None
    blank = compose_blank(edition, *offered)
    addresses = Addresses(edition, alone=True)
    path = addresses.fill_page(form)
    page = write_fill_page(_page(addresses, path, blank, offered.offer, (), frozenset()))
    fonts = font_rules(blank.faces, partial(data_address, web_fonts(blank.faces)))
    styles = f"<style>{style_sheet()}{write_look(blank.colour, blank.faces, fonts)}</style>"
    fetched = r"(?s)<(script|noscript)\b.*?</\1>|<link\b[^>]*>|<meta http-equiv[^>]*>"
    bare = re.sub(fetched, "", page)
    return bare.replace("</head>", f"{styles}</head>", 1)


def _page(
    addresses: Addresses,
    path: str,
    blank: Blank,
    offer: Offer,
    files: Sequence[Download],
    scripts: frozenset[str],
) -> FillPage:
    to = partial(_relative, posixpath.dirname(path))
    organisation = addresses.edition.organisation
    return FillPage(
        blank=blank,
        link=partial(_resolve, addresses, to),
        assets=to(ASSETS),
        about=to(addresses.form(blank.id)),
        statement=to(STATEMENT),
        files={file.format: to(file.path) for file in files},
        scripts=tuple(file.format for file in files if script_path(file) in scripts),
        short=organisation.short,
        logo=to(logo) if (logo := logo_path(addresses.edition)) else "",
        email=organisation.contact.email if organisation.contact else "",
        clauses={
            part: to(addresses.target("clause", clause)) for part, clause in offer.serves.items()
        },
        rules=rules_of(addresses.edition, blank),
    )


def _relative(folder: str, path: str) -> str:
    """The address of a path of the built site, from a page in a folder."""
    file, hash_, anchor = path.partition("#")
    return posixpath.relpath(file.removesuffix(".md") + ".html" * file.endswith(".md"), folder) + (
        hash_ + anchor
    )


def _resolve(addresses: Addresses, to: partial[str], target: str) -> str:
    scheme, colon, id = target.partition(":")
    if colon and scheme in ("clause", "section", "form", "document"):
        return to(addresses.target(scheme, id))
    return target if scheme in ("https", "http", "mailto", "tel") else ""
