"""The documents of a build: editions come in; every policy, comparison and form goes out as files.

A document that an earlier build made from the same paper or blank, house templates and tools is
taken from the store; the others are made by several processes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from formulary import publish
from formulary.formats.handbook.downloads import Download
from formulary.model.blank import Blank, compose_blank
from formulary.model.changes_paper import compose_changes
from formulary.model.edition import Edition
from formulary.model.paper import Paper, compose_paper
from formulary.pipeline.crew import Crew
from formulary.pipeline.formats import FORMATS, Format
from formulary.problems import OutputError
from formulary.store import Store, key_of


@dataclass(frozen=True)
class Task:
    """One document to be made: what it says, in which format, and whose it is, for messages."""

    kind: Literal["policy", "changes", "blank"]
    model: Paper | Blank
    format: str
    short: str


class Written(NamedTuple):
    """A document, how many pages it has (0: not known), and what keeps readers out of it."""

    data: bytes
    pages: int
    barriers: tuple[str, ...]


def tasks_of(editions: Sequence[Edition]) -> Iterator[tuple[Edition, Task]]:
    """Every policy, what changed in it, and every form, in every format: in the site's order."""
    papers = [(edition, compose_paper(edition)) for edition in editions]
    compared = [(e, compose_changes(e, e.changes)) for e in editions if e.changes]
    blanks = [(e, compose_blank(e, offer, form)) for e in editions for offer, form in e.forms]
    for form in FORMATS:
        for edition, paper in papers:
            yield edition, Task("policy", paper, form.name, edition.organisation.short)
        for edition, paper in compared:
            yield edition, Task("changes", paper, form.name, edition.organisation.short)
        for edition, blank in blanks:
            yield edition, Task("blank", blank, form.name, edition.organisation.short)


@dataclass(frozen=True)
class Documents:
    """The documents that are wanted, each with the key under which the store keeps it.

    `house` is the folder of the house templates.
    """

    house: Path
    wanted: tuple[tuple[str, Edition, Task], ...]
    store: Store

    def lacking(self) -> dict[str, Task]:
        """Those that no earlier build made, by key."""
        return {key: task for key, _, task in self.wanted if key not in self.store}

    def made(self, crew: Crew[Path]) -> Iterator[tuple[Download, bytes]]:
        """Each document with what the site says of it, in order.

        What is lacking is made by `crew`, whose kit is the house's folder. Raises OutputError where
        one cannot be made.
        """
        lacking = self.lacking()
        made = crew.run(write, tuple(lacking.values()))
        for key, edition, task in self.wanted:
            if lacking.pop(key, None):
                _, written = next(made)
                self.store.put(key, _packed(written))
            else:
                kept = self.store.get(key)
                written = _unpacked(kept) if kept else write(self.house, task)
            yield _download(edition, task, written), written.data


def documents_of(editions: Sequence[Edition], house: Path, store: Store, tools: str) -> Documents:
    """All documents of the editions; `tools` is the digest of the code and its libraries."""
    looks = [(path.name, path.read_bytes()) for path in sorted(house.iterdir()) if path.is_file()]
    look = key_of(tools, looks)
    wanted = ((_key(look, house, task), edition, task) for edition, task in tasks_of(editions))
    return Documents(house, tuple(wanted), store)


def write(house: Path, task: Task) -> Written:
    """Make one document. Raises OutputError with what to change."""
    form = _FORMATS[task.format]
    ways: Mapping[str, Callable[..., bytes]] = {
        "policy": form.write_policy,
        "changes": form.write_changes,
        "blank": form.write_blank,
    }
    try:
        data = ways[task.kind](task.model, house)
    except ValueError as error:
        raise OutputError(
            f"The form “{task.model.title}” of {task.short} cannot be made in {form.name}: "
            f"{error}. Change what it is filled in with."
        ) from error
    pages = form.pages(data) if form.pages else 0
    barriers = form.barriers(data) if form.barriers and _own(house, task).is_file() else ()
    return Written(data, pages, barriers)


_FORMATS: Mapping[str, Format] = {form.name: form for form in FORMATS}


def _key(look: str, house: Path, task: Task) -> str:
    """All that a document depends on; an organisation's own document takes the house's place."""
    return key_of(look, task.kind, task.format, task.model, _bytes_of(_own(house, task)))


def _own(house: Path, task: Task) -> Path:
    """Where an organisation's own document stands, if it has one."""
    return house.parent / f"{task.model.stamp.form}.{_FORMATS[task.format].ending}"


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}.") from error


def _packed(written: Written) -> bytes:
    said = json.dumps([written.pages, written.barriers])
    return f"{said}\n".encode() + written.data


def _unpacked(kept: bytes) -> Written:
    said, _, data = kept.partition(b"\n")
    pages, barriers = json.loads(said)
    return Written(data, pages, tuple(barriers))


def _download(edition: Edition, task: Task, written: Written) -> Download:
    offered = {offer.form: offer.clauses for offer, _ in edition.forms}
    model = task.model
    return Download(
        organisation=edition.id,
        form=model.stamp.form,
        title=model.title,
        edition=edition.name,
        format=task.format,
        file=f"{model.file_stem}.{_FORMATS[task.format].ending}",
        bytes=len(written.data),
        sha256=publish.checksum(written.data),
        pages=written.pages,
        clauses=offered.get(model.stamp.form, ()),
        stamp=model.stamp,
        barriers=written.barriers,
    )
