"""From the content to its editions and their problems, and the commands that touch content only."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from formulary import publish
from formulary.adopt import Adopter, starter_files
from formulary.model.blank import compose_blank
from formulary.model.content import Content, accessibility, load
from formulary.model.edition import Edition, compose_edition, edition_of
from formulary.model.policy import Numbering
from formulary.model.schema import FOLDER, schemas
from formulary.pipeline.formats import FORMATS
from formulary.problems import (
    ContentError,
    Problem,
    UsageError,
    errors_in,
    in_order,
)
from formulary.rules.accessibility import testing_due, testing_findings
from formulary.rules.content import Findings, lint

ORGANISATIONS = Path("content") / "organisations"


def check(root: Path, today: datetime.date) -> Findings:
    """Every problem in all content, in order of file, line and column, and what is accepted.

    The policies are judged as of `today`. Raises OutputError where there is no content.
    """
    content, found = load(root)
    composed = tuple(compose_edition(content, own) for own in content.organisations)
    editions = tuple(edition for edition, _ in composed)
    findings = lint(content, editions, today)
    problems = (*found, *findings.problems, *(fault for _, faults in composed for fault in faults))
    if not errors_in(problems):
        problems = (*problems, *own_document_findings(content, editions))
    return replace(findings, problems=in_order(problems))


def own_document_findings(content: Content, editions: Sequence[Edition]) -> Iterator[Problem]:
    """What is wrong with documents of the organisation's own that stand in place of the house's."""
    folder = content.root / "forms"
    for edition in editions:
        for offer, form in edition.forms:
            if any((folder / f"{form.id}.{way.ending}").is_file() for way in FORMATS):
                blank = compose_blank(edition, offer, form)
                for way in FORMATS:
                    yield from way.preflight(
                        blank, folder / "house", content.forms[form.id].document
                    )


def testing(root: Path, today: datetime.date) -> tuple[Problem, ...]:
    """Whether the accessibility test is more than a year before `today`: a warning, or nothing.

    It is apart from a build, which no clock may change.
    """
    return tuple(testing_findings(accessibility(root), today))


def testing_until(root: Path) -> str:
    """The first day on which `testing` warns (ISO 8601); empty where no day makes it warn."""
    found = accessibility(root)
    if found is None:
        return ""
    return (testing_due(found.item) or datetime.date.min).isoformat()


def write_schemas(root: Path) -> tuple[Path, ...]:
    """Write the JSON Schemas of the content files; gives their paths. Raises OutputError."""
    made = schemas()
    publish.write_files(root / FOLDER, {name: text.encode() for name, text in made.items()})
    return tuple(FOLDER / name for name in made)


def new(root: Path, adopter: Adopter) -> tuple[Path, ...]:
    """Make the folder of a new organisation; gives the paths of its files.

    Raises UsageError where the id is taken or cannot be one, or a form or topic does not exist.
    """
    content, _ = load(root)
    folder = ORGANISATIONS / adopter.id
    if (root / folder).exists():
        raise UsageError(f"The folder {folder.as_posix()} is there already. Choose another id.")
    topics = content.guidance.item.topics if content.guidance else ()
    for wanted, known, what in (
        ((adopter.numbering,), get_args(Numbering), "numbering"),
        (adopter.forms, tuple(content.forms), "form"),
        (adopter.topics, tuple(topic.id for topic in topics), "topic"),
    ):
        for id in wanted:
            if id not in known:
                raise UsageError(f"There is no {what} “{id}”. Known: {', '.join(known)}.")
    files = starter_files(root, adopter)
    publish.write_files(root / folder, {name: text.encode() for name, text in files.items()})
    return tuple(folder / name for name in files)


def editions_of(
    content: Content, organisations: Sequence[str], year: int | None
) -> tuple[tuple[Edition, ...], tuple[Problem, ...]]:
    """The editions wanted, and every text that could not be filled."""
    known = [own.id for own in content.organisations]
    for wanted in organisations:
        if wanted not in known and not (content.root / ORGANISATIONS / wanted).is_dir():
            raise UsageError(f"There is no organisation “{wanted}”. Known: {', '.join(known)}.")
    editions: list[Edition] = []
    faults: list[Problem] = []
    for own in content.organisations:
        if organisations and own.id not in organisations:
            continue
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
