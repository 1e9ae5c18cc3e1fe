"""The versions of the content's schema, and how content of an earlier one becomes that of today.

`schema:` in organisation.yaml says for which version an organisation's folder was written; without
it, for the first. A project's own forms and library files are of the earliest version among its
organisations. To change the schema: add a `Migration` to `MIGRATIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formulary import problems
from formulary.content.source import Document, Loc, parse
from formulary.content.splicing import Splice, splice
from formulary.problems import Problem
from formulary.project import COMMAND

KEY = "schema"


@dataclass(frozen=True)
class Change:
    """One place that must change: what differs now, what to write, and the splice that does it."""

    loc: Loc
    message: str
    fix: str
    splice: Splice


@dataclass(frozen=True)
class Migration:
    """The changes that bring a file of the version before to this one, by its schema's name."""

    version: int
    changes: Callable[[str, Document], Iterable[Change]]


def _no_change(kind: str, document: Document) -> Iterable[Change]:
    """Version 2 brought the key `schema` itself, which `upgrade` writes."""
    return ()


MIGRATIONS: tuple[Migration, ...] = (Migration(2, _no_change),)


def latest() -> int:
    """The version that this product writes."""
    return MIGRATIONS[-1].version


def version_of(organisation: Any) -> int:
    """The version for which an organisation.yaml says that it was written, by its values.

    What is no version counts as the latest; the model names the fault.
    """
    found = organisation.get(KEY, 1) if isinstance(organisation, dict) else None
    return found if type(found) is int and found > 0 else latest()


def find_outdated(kind: str, document: Document, version: int) -> Iterator[Problem]:
    """Every place in a document of an earlier version that this product cannot read."""
    for migration in MIGRATIONS:
        for change in migration.changes(kind, document) if migration.version > version else ():
            fix = f"{change.fix} The command “{COMMAND} upgrade” does it for you."
            place = document.place(change.loc, key=True)
            yield Problem(problems.OLD_SCHEMA, place, change.message, fix)


def report_too_new(document: Document) -> Problem:
    """That an organisation.yaml was written for a later version than this product knows."""
    version = version_of(document.data)
    message = (
        f"This content was written for a newer Formulary (schema {version}; known: {latest()})"
    )
    kind = problems.NEW_SCHEMA
    return Problem(kind, document.place((KEY,)), message, kind.remedy)


def upgrade_document(
    kind: str, document: Document, version: int
) -> tuple[Document, tuple[Problem, ...]]:
    """The document in today's version, read again after each step, and what is wrong with it."""
    for migration in MIGRATIONS:
        if migration.version > version:
            document, found = _splice(document, migration.changes(kind, document))
            if found:
                return document, found
    return _splice(document, _state_version(document)) if kind == "organisation" else (document, ())


def _state_version(document: Document) -> Iterator[Change]:
    """The version itself, at the top of organisation.yaml."""
    if KEY in document.data:
        if document.data[KEY] != latest():
            yield Change((KEY,), "", "", Splice(*document.spans[KEY,], str(latest())))
        return
    tops = [at for loc, at in document.keys.items() if len(loc) == 1]
    first = min(tops, default=document.spans[()][0])
    ending = ", " if document.text[document.spans[()][0]] == "{" else "\n"
    yield Change((KEY,), "", "", Splice(first, first, f"{KEY}: {latest()}{ending}"))


def _splice(document: Document, changes: Iterable[Change]) -> tuple[Document, tuple[Problem, ...]]:
    text = splice(document.text, (change.splice for change in changes))
    return (document, ()) if text == document.text else parse(text, Path(document.path))
