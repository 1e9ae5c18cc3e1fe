"""Keep an edition whole: the words that it was made from, and read them again.

A return is read and checked with the form that its person got, whatever has changed since. So the
sources themselves are kept, in one file, and read by the same loader as content is: an edition has
whatever it had, and a change of the schema reaches it as it reaches all content. (A dump of the
models would have to be migrated apart, and would lack what a later check asks for.)
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from pydantic import Field

from formulary import problems, publish
from formulary.content.base import ContentModel, Id
from formulary.content.loading import Content, File, OrganisationContent, load
from formulary.content.snapshot import read_kept
from formulary.content.source import parse
from formulary.content.versions import latest, upgrade_document
from formulary.problems import ContentError, Place, Problem
from formulary.project import FORMS, HOUSE, LIBRARY, ORGANISATIONS, PRODUCT_PREFIX

FOLDER = "editions"
"""The folder in an organisation's own, with a file for each edition that is kept."""

LARGEST_FILE = 20_000_000
"""Bytes. A large organisation's words and forms have 500,000."""

_NOT_READ_BACK = ("accessibility", "coverage")
"""Parts of the content that no return is read or checked with."""


class KeptEdition(ContentModel):
    """`editions/2026-27.json`: the sources of one organisation's edition, as it was published."""

    organisation: Id
    name: str = Field(min_length=1, description="What readers call this edition: “2025-26”.")
    year: int = Field(ge=2000, le=2100, description="The year in which its cycles started.")
    schema_version: int = Field(ge=1, description="The version of the schema it is written in.")
    forms: dict[Id, str] = Field(description="The digest of each form's questions, as on its files")
    files: dict[str, str] = Field(description="The text of every file, by its path in a project.")


def sources_of(content: Content, own: OrganisationContent) -> dict[str, str]:
    """The text of every file that an organisation's edition is made from, by path, in order."""
    offered = [offer.form for offer in own.organisation.item.forms if offer.form in content.forms]
    parts: list[object] = [content.forms[form] for form in offered]
    for whole in (content, own):
        parts += [
            getattr(whole, one.name) for one in fields(whole) if one.name not in _NOT_READ_BACK
        ]
    documents = [part.document for part in parts if isinstance(part, File)]
    texts = {one.path.as_posix().removeprefix(PRODUCT_PREFIX): one.text for one in documents}
    return dict(sorted(texts.items()))


def read_kept_editions(
    root: Path, organisation: str
) -> tuple[dict[str, KeptEdition], tuple[Problem, ...]]:
    """The editions kept of an organisation, by file name, in order; and what cannot be read."""
    kept: dict[str, KeptEdition] = {}
    faults: list[Problem] = []
    paths = (root / ORGANISATIONS / organisation / FOLDER).glob("*.json")
    for path in sorted(paths, key=lambda path: (len(path.stem), path.stem)):
        edition = read_kept_edition(path, path.relative_to(root), organisation)
        if isinstance(edition, Problem):
            faults.append(edition)
        else:
            kept[path.name] = edition
    return kept, tuple(faults)


def place_to_keep(kept: KeptEdition, edition: str, before: Mapping[str, KeptEdition]) -> str:
    """The name of the file for an edition, among those that are kept `before` it.

    An edition that has changed since it was kept gets a file beside the first (2026-27-2.json),
    since people may have the forms of either.
    """
    name, number = f"{edition}.json", 2
    while name in before and before[name].files != kept.files:
        name, number = f"{edition}-{number}.json", number + 1
    return name


def as_json(kept: KeptEdition) -> bytes:
    """The bytes of the file, the same each time."""
    return json.dumps(kept.model_dump(), ensure_ascii=False, indent=1).encode() + b"\n"


def load_kept(kept: KeptEdition) -> tuple[Content, OrganisationContent]:
    """The content that a kept edition was made from, in today's schema. Raises ContentError."""
    with tempfile.TemporaryDirectory(prefix="formulary-") as folder:
        publish.write_files(Path(folder), dict(_upgrade_sources(kept)))
        content, problems = load(Path(folder))
    own = content.find(kept.organisation)
    if own is None:
        raise ContentError(problems)
    return content, own


def _upgrade_sources(kept: KeptEdition) -> Iterator[tuple[str, bytes]]:
    for name, text in kept.files.items():
        document, faults = parse(text, Path(name))
        if not faults:
            document, faults = upgrade_document(_schema_of(name), document, kept.schema_version)
        yield name, document.text.encode()


def _schema_of(name: str) -> str:
    """The schema of a file, by its path in a project."""
    path = Path(name)
    if path.parent == FORMS:
        return "form"
    return "form-header" if path.parent == HOUSE else path.stem


def read_kept_edition(path: Path, shown: Path, organisation: str) -> KeptEdition | Problem:
    """One kept edition, or why it cannot be read; messages call the file `shown`."""
    kept = read_kept(path, shown, KeptEdition, LARGEST_FILE)
    if isinstance(kept, Problem):
        return kept
    if kept.schema_version > latest():
        message = f"The edition was kept by a newer Formulary (schema {kept.schema_version})"
        return Problem(problems.NEW_SCHEMA, Place(shown), message, problems.NEW_SCHEMA.remedy)
    if kept.organisation != organisation or not all(map(_is_source, kept.files)):
        message = f"The file is no edition of “{organisation}”"
        remedy = "Fetch the file again from an earlier day, or keep that edition again."
        return Problem(problems.BAD_VALUE, Place(shown), message, remedy)
    return kept


def _is_source(name: str) -> bool:
    """Whether a path is that of a file of content, and so leads nowhere else."""
    path = Path(name)
    places: Sequence[Path] = (FORMS, HOUSE, LIBRARY)
    inside = path.parent in places or path.parent.parent == ORGANISATIONS
    return inside and path.suffix == ".yaml" and ".." not in path.parts
