"""Write the page that tells which edition a downloaded file is.

The page holds what is known of the downloads as data, so that its script can compare a file on the
reader's own computer. A reader without script finds every code in a table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from jinja2 import Environment

from formulary.edition.edition import Edition
from formulary.formats.handbook.addresses import Addresses, LinkResolver
from formulary.formats.handbook.downloads import Download, group_by_document
from formulary.formats.handbook.markdown import Markdown, built_address
from formulary.formats.handbook.writer import Writer, front_matter, tidy

PAGE = "which-edition.md"
"""The page's name, in each organisation's folder and, over several, at the root."""

TITLE = "Which edition is this file?"
DESCRIBED = "Pick a Word or PDF file and read which form and which edition it is."


def which_edition_page(
    writer: Callable[[str], Writer], files: Sequence[Download]
) -> dict[str, str]:
    """Path -> text of an organisation's page."""
    own = writer(writer("").addresses.page(PAGE))
    edition = own.edition
    return own.page(
        "which-edition",
        TITLE,
        DESCRIBED,
        data=_embed_json([edition], files, own.lead),
        organisations=[(edition, list(group_by_document(files)))],
        several=False,
        example=_example_code(files),
    )


def which_edition_of_all(
    editions: Sequence[Edition], templates: Environment, files: Sequence[Download]
) -> dict[str, str]:
    """Path -> text of the page at the root over several organisations."""
    writer = Writer(templates, Addresses(editions[0], False), PAGE)
    body = templates.get_template("which-edition.md.j2").render(
        w=writer,
        edition=editions[0],
        title=TITLE,
        data=_embed_json(editions, files, writer.lead),
        organisations=[
            (edition, list(group_by_document(f for f in files if f.organisation == edition.id)))
            for edition in editions
        ],
        several=True,
        example=_example_code(files),
    )
    return {PAGE: front_matter(TITLE, DESCRIBED, search=False) + tidy(body)}


def describe_downloads(
    editions: Sequence[Edition], files: Iterable[Download], to: Callable[[str], str]
) -> dict[str, Any]:
    """What the script knows of each organisation; `to` makes an address relative to the page.

    An organisation by its id: its name, year and edition; its forms by id, each with title, digest
    and code of its questions, and the page to fetch it from; its files by SHA-256, each with the
    form's id and the format.
    """
    found: dict[str, Any] = {
        edition.id: {
            "name": edition.organisation.name,
            "edition": edition.name,
            "year": edition.year,
            "forms": {},
            "files": {},
        }
        for edition in editions
    }
    homes = {edition.id: partial(_page_of, Addresses(edition, False)) for edition in editions}
    for file in files:
        if file.stamp is None:
            continue
        own = found[file.organisation]
        own["forms"][file.form] = {
            "title": file.title,
            "digest": file.stamp.digest,
            "code": file.stamp.code,
            "page": to(homes[file.organisation](file.form)),
        }
        if file.sha256:  # which a file that is not made yet has not
            own["files"][file.sha256] = [file.form, file.kind]
    return found


def _page_of(addresses: Addresses, form: str) -> str:
    pages = {"policy": "policy/index.md", "changes": "changes.md"}
    return addresses.page(pages[form]) if form in pages else addresses.form(form)


def _example_code(files: Iterable[Download]) -> str:
    return next((file.stamp.code for file in files if file.stamp), "")


def _embed_json(
    editions: Sequence[Edition], files: Sequence[Download], lead: LinkResolver
) -> Markdown:
    """The same as JSON for the inside of an HTML element: no sign in it can end the element."""
    data = describe_downloads(editions, files, lambda path: built_address(lead.to(path)))
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markdown(text)
