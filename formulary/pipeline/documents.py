"""Make the documents of a build: every policy, comparison and form of the editions.

A document that an earlier build made from the same paper or blank, house templates and tools is
taken from the store; the others are made by several processes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from formulary import publish
from formulary.documents.blank import Blank, compose_blank
from formulary.documents.changes_paper import compose_changes
from formulary.documents.paper import Paper, compose_paper
from formulary.edition.edition import Edition
from formulary.formats.handbook.downloads import Download
from formulary.pipeline.formats import FORMATS, Format
from formulary.pipeline.workers import WorkerPool
from formulary.problems import OutputError
from formulary.store import Store, key_of
from formulary.system_errors import describe_system_error

Kind = Literal["policy", "changes", "blank"]
KINDS = get_args(Kind)


@dataclass(frozen=True)
class DocumentTask:
    """One document to be made: what it says, in which format, and whose it is, for messages."""

    kind: Kind
    model: Paper | Blank
    format: str
    short: str


class WrittenDocument(NamedTuple):
    """A document, how many pages it has (0: not known), and what keeps readers out of it.

    `script` lets a page in the browser fill a form in, and `picture` shows its first page (PNG);
    both are empty for what is no form.
    """

    data: bytes
    pages: int
    barriers: tuple[str, ...]
    script: bytes = b""
    picture: bytes = b""


class WantedDocument(NamedTuple):
    """A document that is wanted, and the key under which the store keeps it."""

    key: str
    task: DocumentTask


class Appearance(NamedTuple):
    """What documents depend on beside their words: house templates, own documents, and tools.

    `house` is the digest of all but the organisation's own documents, of which `own` has one each
    by file name; `digest` is that of all.
    """

    house: str
    own: Mapping[str, str]
    digest: str


def read_appearance(house: Path, tools: str) -> Appearance:
    """The looks in the folder `house` and beside it; `tools` is the digest of code and libraries.

    Raises OutputError where a document cannot be read.
    """
    endings = tuple(f".{form.ending}" for form in FORMATS)
    beside = (path for path in sorted(house.parent.iterdir()) if path.suffix in endings)
    own = {path.name: key_of(_bytes_of(path)) for path in beside}
    inside = [(path.name, path.read_bytes()) for path in sorted(house.iterdir()) if path.is_file()]
    look = key_of(tools, inside)
    return Appearance(look, own, key_of(look, own))


def documents_of(edition: Edition, looks: Appearance) -> tuple[WantedDocument, ...]:
    """The policy, what changed in it, and every form, in every format."""
    return tuple(WantedDocument(_key(looks, task), task) for task in tasks_of(edition))


def tasks_of(edition: Edition) -> Iterator[DocumentTask]:
    """The documents of an edition: policy, comparison and forms, in every format."""
    short = edition.organisation.short
    models: list[tuple[Kind, Paper | Blank]] = [("policy", compose_paper(edition))]
    if edition.changes:
        models.append(("changes", compose_changes(edition, edition.changes)))
    models += [("blank", compose_blank(edition, offer, form)) for offer, form in edition.forms]
    for form in FORMATS:
        for kind, model in models:
            yield DocumentTask(kind, model, form.name, short)


@dataclass(frozen=True)
class Documents:
    """The documents of several editions, in the site's order."""

    house: Path
    wanted: tuple[tuple[Edition, WantedDocument], ...]
    store: Store

    def find_missing(self) -> dict[str, DocumentTask]:
        """Those that no earlier build made, by key."""
        return {one.key: one.task for _, one in self.wanted if one.key not in self.store}

    def make_all(self, workers: WorkerPool[Path]) -> Iterator[tuple[Download, WrittenDocument]]:
        """Each document with what the site says of it, in order.

        What is lacking is made by `workers`, which share the path of the house templates. Raises
        OutputError where one cannot be made.
        """
        lacking = self.find_missing()
        made = workers.run(write, tuple(lacking.values()))
        for edition, (key, task) in self.wanted:
            if lacking.pop(key, None):
                _, written = next(made)
                self.store.put(key, _pack(written))
            elif kept := self.store.get(key):
                written = _unpack(kept)
            else:  # what was kept is damaged
                written = write(self.house, task)
                self.store.put(key, _pack(written))
            yield _download(edition, task, written), written


def sort_documents(
    documents: Iterable[tuple[Edition, WantedDocument]],
) -> tuple[tuple[Edition, WantedDocument], ...]:
    """In the order of the site: by format, then by kind, then as they come."""
    formats = [form.name for form in FORMATS]
    return tuple(
        sorted(
            documents,
            key=lambda one: (formats.index(one[1].task.format), KINDS.index(one[1].task.kind)),
        )
    )


def write(house: Path, task: DocumentTask) -> WrittenDocument:
    """Make one document. Raises OutputError with what to change."""
    form = _FORMATS[task.format]
    write_model: Callable[..., bytes] = (
        form.write_blank if task.kind == "blank" else form.write_policy
    )
    try:
        data = write_model(task.model, house)
    except ValueError as error:
        raise OutputError(
            f"The form “{task.model.title}” of {task.short} cannot be made in {form.name}: "
            f"{error}. Change what it is filled in with."
        ) from error
    pages = form.pages(data) if form.pages else 0
    barriers = (
        form.barriers(data) if form.barriers and _custom_template_of(house, task).is_file() else ()
    )
    picture = (
        form.draw_blank(task.model, house)
        if form.draw_blank and isinstance(task.model, Blank)
        else b""
    )
    return WrittenDocument(data, pages, barriers, _write_script(form, task, data), picture)


def _write_script(form: Format, task: DocumentTask, data: bytes) -> bytes:
    """What the browser fills the form from; nothing where its document is not made for that."""
    if not isinstance(task.model, Blank):
        return b""
    try:
        return form.write_script(data, task.model)
    except ValueError:  # an organisation's own PDF, of a kind that only Python can go on with
        return b""


_FORMATS: Mapping[str, Format] = {form.name: form for form in FORMATS}


def _key(looks: Appearance, task: DocumentTask) -> str:
    """All that a document depends on; an organisation's own document replaces the product's."""
    own = looks.own.get(_custom_template_of(Path(), task).name, "")
    return key_of(looks.house, task.kind, task.format, task.model, own)


def _custom_template_of(house: Path, task: DocumentTask) -> Path:
    """Where an organisation's own document is, if it has one."""
    return house.parent / f"{task.model.stamp.form}.{_FORMATS[task.format].ending}"


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise OutputError(describe_system_error(error, path)) from error


def _pack(written: WrittenDocument) -> bytes:
    sizes = [len(written.data), len(written.script)]
    said = json.dumps([written.pages, written.barriers, sizes])
    return f"{said}\n".encode() + written.data + written.script + written.picture


def _unpack(kept: bytes) -> WrittenDocument:
    said, _, rest = kept.partition(b"\n")
    pages, barriers, (size, script) = json.loads(said)
    data, rest = rest[:size], rest[size:]
    return WrittenDocument(data, pages, tuple(barriers), rest[:script], rest[script:])


def _download(edition: Edition, task: DocumentTask, written: WrittenDocument) -> Download:
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
        is_pictured=bool(written.picture),
    )
