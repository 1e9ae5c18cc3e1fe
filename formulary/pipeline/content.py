"""From the content to its editions and their problems, and the commands that touch content only."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from formulary import defaults, publish
from formulary.check.accessibility import testing_due, testing_findings
from formulary.check.content import Findings, lint
from formulary.content.kept_edition import read_kept_editions
from formulary.content.loading import (
    Content,
    OrganisationContent,
    load,
    load_accessibility,
    load_library,
)
from formulary.content.policy import Numbering
from formulary.content.source import read_document
from formulary.edition.edition import Edition, compose_edition, edition_of
from formulary.pipeline.house_documents import house_problems
from formulary.pipeline.house_folder import house_folder
from formulary.problems import ContentError, Problem, UsageError, errors_in, in_order
from formulary.project import COMMAND, FORMS, ORGANISATIONS, SCHEMA, project_at

if TYPE_CHECKING:
    from formulary.pipeline.scaffold import Adopter

# Each command imports what it alone needs when it runs: half the time of `check` went into imports.

GITIGNORE = Path(".gitignore")


def check(root: Path, today: datetime.date, organisations: Sequence[str] = ()) -> Findings:
    """Every problem in the content, in order of file, line and column, and what is accepted.

    With `organisations` (ids), only what is in their folders, in the forms that they offer, and in
    what all organisations share. The policies are judged as of `today`. Raises OutputError where
    there is no content, and UsageError where there is no such organisation.
    """
    content, found = load(root, organisations)
    chosen = _choose(content, organisations)
    if organisations:
        others = _files_of_others(content, organisations)
        found = _outside(others, found)
        content = replace(content, whole=not errors_in(found))
    composed = tuple(compose_edition(content, own) for own in chosen)
    editions = tuple(edition for edition, _ in composed)
    findings = lint(content, editions, today)
    faults = tuple(fault for _, faults in composed for fault in faults)
    damaged = (one for own in chosen for one in read_kept_editions(root, own.id)[1])
    problems = (*found, *findings.problems, *faults, *damaged)
    if organisations:
        problems = _outside(others, problems)
    if not errors_in(problems):
        problems = (*problems, *own_document_findings(content, editions))
        problems = (*problems, *house_problems(root, editions))
    return replace(findings, problems=in_order(problems))


def _files_of_others(content: Content, organisations: Sequence[str]) -> tuple[Path, ...]:
    """The folders of other organisations, and the forms that none of these organisations offers."""
    own = [found for found in content.organisations if found.id in organisations]
    offered = {offer.form for found in own for offer in found.organisation.item.forms}
    folders = sorted((content.root / ORGANISATIONS).iterdir())
    return (
        *(ORGANISATIONS / path.name for path in folders if path.name not in organisations),
        *(file.document.path for id, file in content.forms.items() if id not in offered),
    )


def _outside(places: Sequence[Path], found: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems that are in none of these files and folders."""
    return tuple(
        problem
        for problem in found
        if not any(problem.place.file.is_relative_to(place) for place in places)
    )


def own_document_findings(content: Content, editions: Sequence[Edition]) -> Iterator[Problem]:
    """What is wrong with documents of the organisation's own that replace the product's."""
    project = project_at(content.root)
    own = {
        path.stem
        for ending in defaults.FORMATS.values()
        for path in project.files(FORMS, f"*.{ending}")
    }
    wanted = [(e, offer, form) for e in editions for offer, form in e.forms if form.id in own]
    if not wanted:
        return
    from formulary.documents.blank import compose_blank
    from formulary.pipeline.formats import FORMATS as WRITERS

    with house_folder(content.root) as house:
        for edition, offer, form in wanted:
            blank = compose_blank(edition, offer, form)
            for way in WRITERS:
                yield from way.preflight(blank, house, content.forms[form.id].document)


def testing(root: Path, today: datetime.date) -> tuple[Problem, ...]:
    """Whether the accessibility test is more than a year before `today`: a warning, or nothing.

    It is apart from a build, which no clock may change.
    """
    return tuple(testing_findings(load_accessibility(root), today))


def testing_until(root: Path) -> str:
    """The first day on which `testing` warns (ISO 8601); empty where no day makes it warn."""
    found = load_accessibility(root)
    if found is None:
        return ""
    return (testing_due(found.item) or datetime.date.min).isoformat()


def write_schemas(root: Path) -> tuple[Path, ...]:
    """Write the JSON Schemas of the content files; gives their paths. Raises OutputError."""
    from formulary.content.schema import schemas

    made = schemas()
    publish.write_files(root / SCHEMA, {name: text.encode() for name, text in made.items()})
    return tuple(SCHEMA / name for name in made)


def new(root: Path, adopter: Adopter) -> tuple[Path, ...]:
    """Make the folder of a new organisation; gives the paths of its files.

    Where there is no project yet, it is made too. Raises UsageError where the id is taken or cannot
    be one, or a form or topic does not exist.
    """
    from formulary.pipeline.scaffold import starter_files

    content = load_library(root)
    folder = ORGANISATIONS / adopter.id
    if (root / folder).exists():
        raise UsageError(f"The folder {folder.as_posix()} already exists. Choose another id.")
    topics = content.guidance.item.topics if content.guidance else ()
    for wanted, known, what in (
        ((adopter.numbering,), get_args(Numbering), "numbering"),
        (adopter.offered, tuple(content.forms), "form"),
        (adopter.topics, tuple(topic.id for topic in topics), "topic"),
    ):
        for id in wanted:
            if id not in known:
                raise UsageError(f"There is no {what} “{id}”. Known: {', '.join(known)}.")
    return _write_organisation(root, folder, starter_files(root, adopter, content.forms))


def copy_organisation(
    root: Path, source: str, id: str, name: str, year: int
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Make the folder of a new organisation from another's, of the project or of the product.

    Gives the paths of its files, and the places that still name the other one. Raises UsageError.
    """
    from formulary.pipeline.scaffold import copied_files

    folder = ORGANISATIONS / id
    homes = [home / ORGANISATIONS for home in dict.fromkeys((root, project_at(root).product))]
    given = next(
        (one / source for one in homes if (one / source / "organisation.yaml").is_file()), None
    )
    if (root / folder).exists():
        raise UsageError(f"The folder {folder.as_posix()} already exists. Choose another id.")
    if given is None:
        there = sorted(
            {path.parent.name for one in homes for path in one.glob("*/organisation.yaml")}
        )
        known = f"Known: {', '.join(there)}." if there else "There is none in this project yet."
        if not homes[-1].is_dir():
            known += (
                " The examples come with Formulary's source only, and are not installed. Leave "
                f"--from out, and {COMMAND} new asks what it needs; or copy the folder of an "
                f"example from the source into {ORGANISATIONS.as_posix()}, then say its name."
            )
        raise UsageError(f"There is no organisation “{source}” to start from. {known}")
    document, _ = read_document(given / "organisation.yaml")
    files = copied_files(given, id, name, year)
    former = {str(document.data.get(key, "")) for key in ("name", "short")} - {"", name}
    left = tuple(
        f"{(folder / file).as_posix()}:{number}"
        for file, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if any(words in line for words in former)
    )
    return _write_organisation(root, folder, files), left


def _write_organisation(root: Path, folder: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    publish.write_files(root / folder, {name: text.encode() for name, text in files.items()})
    made = tuple(folder / name for name in files)
    return made if project_at(root).is_product else (*made, *complete_project(root))


def complete_project(root: Path) -> tuple[Path, ...]:
    """What a project needs beside its organisations: schemas for editors, and a .gitignore."""
    if not (root / GITIGNORE).exists():
        publish.write_files(root, {GITIGNORE.name: b"/build/\n/site/\n/handbook.zip\n"})
        return (GITIGNORE, *write_schemas(root))
    return write_schemas(root)


def _choose(content: Content, organisations: Sequence[str]) -> tuple[OrganisationContent, ...]:
    """The organisations with these ids; all if none is given. Raises UsageError."""
    for wanted in organisations:
        if not (content.root / ORGANISATIONS / wanted).is_dir():
            folders = (content.root / ORGANISATIONS).glob("*/organisation.yaml")
            known = sorted(path.parent.name for path in folders)
            raise UsageError(f"There is no organisation “{wanted}”. Known: {', '.join(known)}.")
    return tuple(
        own for own in content.organisations if not organisations or own.id in organisations
    )


def editions_of(
    content: Content,
    organisations: Sequence[str],
    year: int | None,
    composed: Mapping[str, Edition] | None = None,
) -> tuple[tuple[Edition, ...], tuple[Problem, ...]]:
    """The editions wanted, and every text that could not be filled.

    An edition in `composed`, by organisation, is taken from there: it has no fault.
    """
    editions: list[Edition] = []
    faults: list[Problem] = []
    for own in _choose(content, organisations):
        edition = composed.get(own.id) if composed else None
        found: tuple[Problem, ...] = ()
        if edition is None:
            edition, found = edition_of(content, own, year)
        faults.extend(found)
        if edition:
            editions.append(edition)
    return tuple(editions), tuple(faults)


def stop_at_errors(found: Sequence[Problem]) -> tuple[Problem, ...]:
    """The warnings; raises ContentError where there are errors."""
    problems = in_order(found)
    if errors_in(problems):
        raise ContentError(problems)
    return problems
