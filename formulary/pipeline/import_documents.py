"""Import Word documents: read, propose, write into a folder aside, move it into place."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from formulary import publish
from formulary.content.loading import TAKEN_FOLDERS, load, load_library
from formulary.content.source import read_document
from formulary.content.splicing import SpliceError, encode_like, insert, put_key
from formulary.imports.forms import IMPORTED, ImportedForm, import_form
from formulary.imports.organisation_yaml import (
    ImportedOffer,
    NewOrganisation,
    cycle_yaml,
    organisation_yaml,
)
from formulary.imports.policy import ImportedPolicy, import_policy
from formulary.imports.proposals import Proposals, propose
from formulary.imports.report import import_report
from formulary.pipeline import content
from formulary.problems import (
    RETURN_EMPTY,
    RETURN_LOCKED,
    RETURN_OTHER_FORMAT,
    RETURN_SCANNED,
    RETURN_TOO_BIG,
    OutputError,
    Problem,
    UsageError,
)
from formulary.project import COMMAND, FORMS, ORGANISATIONS, project_at
from formulary.returns.file_kinds import kind_of
from formulary.returns.submission import CannotRead
from formulary.system_errors import describe_system_error
from formulary.words import count_of

REPORT = "import-report.html"
FORMS_REPORT = "import-report-forms.html"
"""The report on forms that were imported into an organisation that was there."""
REPLACED = Path("replaced")
"""Where the folder of an organisation is kept that an import replaced."""

_LARGEST = 60_000_000
"""Bytes of a file; a long policy with pictures has a tenth of it."""

Imported = TypeVar("Imported")

_SAVE_AS = "Open it in Word and save it as a Word document (.docx), then import that."


@dataclass(frozen=True)
class Import:
    """What was imported, and where it is."""

    report: Path
    files: tuple[Path, ...]
    policy: ImportedPolicy | None
    """None where forms alone were imported."""
    forms: tuple[ImportedForm, ...]
    proposals: Proposals
    problems: tuple[Problem, ...]
    """What `check` says of it."""
    replaced: Path | None = None


def import_documents(
    root: Path,
    new: NewOrganisation,
    policy: Path,
    forms: Sequence[Path],
    today: datetime.date,
    *,
    replace: bool = False,
) -> Import:
    """Make the folder of an organisation from its Word policy, and its forms.

    Raises UsageError where a file is no Word document, or the organisation is there already and
    `replace` is not asked for; OutputError where something cannot be read or written. Either way
    nothing is written.
    """
    _check_id(new.id)
    place = root / ORGANISATIONS / new.id
    if place.exists() and not replace:
        there = f"There is an organisation “{new.id}” already. Choose another short name."
        raise UsageError(_is_there(new.id), there)
    imported = _try(policy, partial(import_policy, _read(policy), policy.name, new.name))
    made = _read_forms(root, forms, _imported_before(root, new.id) if replace else set())
    proposals = propose(imported.draft)
    offers = [ImportedOffer(form.id, _clauses_that_name(form, imported)) for form in made]
    report = import_report(imported, made, proposals, new.name)
    files = {
        "policy.yaml": imported.written.text,
        "organisation.yaml": organisation_yaml(new, proposals, offers),
        "cycle.yaml": cycle_yaml(proposals),
        REPORT: report,
    }
    replaced = _put_in_place(root, place, files, {f"{form.id}.yaml": form.text for form in made})
    further = () if project_at(root).is_product else content.complete_project(root)
    found = content.check(root, today, [new.id])
    paths = tuple(ORGANISATIONS / new.id / name for name in files)
    return Import(
        ORGANISATIONS / new.id / REPORT,
        (*paths, *(FORMS / f"{form.id}.yaml" for form in made), *further),
        imported,
        tuple(made),
        proposals,
        found.problems,
        replaced,
    )


def import_forms(
    root: Path,
    id: str,
    forms: Sequence[Path],
    today: datetime.date,
    write: Callable[[Path, Mapping[str, bytes]], object] = publish.replace_files,
) -> Import:
    """Put Word forms into an organisation that is there, and offer them in `organisation.yaml`.

    `write` writes files by their path in the folder `root`, all or none.

    Raises UsageError where a file is no Word document or no form, or the organisation's file cannot
    take the entries; OutputError as `import_documents` does. Either way nothing is written.
    """
    _check_id(id)
    made = _read_forms(root, forms)
    for one in made:
        if not one.is_form:
            no_form = f"{one.source} has hardly a place to answer in, so it seems to be no form."
            raise UsageError(
                f"{no_form} If it is your policy: {_is_there(id)}",
                f"{no_form} If it is your policy, add it as a new organisation with another name.",
            )
    path = root / ORGANISATIONS / id / "organisation.yaml"
    document, faults = read_document(path)
    try:
        if faults or not isinstance(document.data, dict):
            raise SpliceError("It has mistakes.")
        for one in made:
            offered = document.data.get("forms")
            entry = {"form": one.id}
            if offered is None:
                document = put_key(document, (), "forms", (entry,))
            else:
                document = insert(document, ("forms",), len(offered), entry)
    except SpliceError as error:
        file = (ORGANISATIONS / id / path.name).as_posix()
        raise UsageError(
            f"{file} cannot be changed: {error} Run {COMMAND} check --org {id}, correct what it "
            "names, then import again.",
            f"{file} cannot be changed: {error} Correct what the handbook’s page names, then "
            "import again.",
        ) from error
    report = import_report(None, made, Proposals(), str(document.data.get("name", id)))
    files = {
        **{(FORMS / f"{one.id}.yaml").as_posix(): one.text.encode() for one in made},
        (ORGANISATIONS / id / FORMS_REPORT).as_posix(): report.encode(),
        (ORGANISATIONS / id / path.name).as_posix(): encode_like(path.read_bytes(), document.text),
    }
    write(root, files)
    found = content.check(root, today, [id])
    return Import(
        ORGANISATIONS / id / FORMS_REPORT, tuple(map(Path, files)), None, tuple(made), Proposals(),
        found.problems,
    )  # fmt: skip


def _check_id(id: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id):
        raise UsageError(
            f"“{id}” cannot be an id. Use small letters, digits and hyphens: oak-trust."
        )
    if id in TAKEN_FOLDERS:
        raise UsageError(f"“{id}” is a folder of the site itself. Choose another id.")


def _is_there(id: str) -> str:
    return (
        f"{(ORGANISATIONS / id).as_posix()} already exists. Choose another id, or say --replace: "
        f"the folder is then moved to {REPLACED.as_posix()}."
    )


def _imported_before(root: Path, id: str) -> set[str]:
    """The forms that came with an import, and that only the organisation to be replaced offers."""
    own: set[str] = set()
    others: set[str] = set()
    for one in load(root)[0].organisations:
        (own if one.id == id else others).update(o.form for o in one.organisation.item.forms)
    paths = ((form, root / FORMS / f"{form}.yaml") for form in own - others)
    return {
        form
        for form, path in paths
        if path.is_file() and IMPORTED in path.read_text(encoding="utf-8", errors="replace")
    }


def _read_forms(
    root: Path, paths: Sequence[Path], free: Set[str] = frozenset()
) -> list[ImportedForm]:
    """The forms; those with the ids of `free` take the place of the files that are there."""
    taken = set(load_library(root).forms) - free
    return [_try(path, partial(import_form, _read(path), path.name, taken)) for path in paths]


def describe_import(done: Import) -> Iterator[str]:
    """What was taken, and what to look at, in sentences."""
    if done.policy is not None:
        yield from _describe_policy(done.policy)
    else:
        count = "One form was" if len(done.forms) == 1 else f"{len(done.forms)} forms were"
        yield f"{count} added. The policy and the other files are as before."
    for form in done.forms:
        yield f"“{form.title}”: {count_of(form.questions, 'question')}."
        if form.is_filled:
            yield f"{form.source} seems to be filled in. Import the blank form instead."
    count_of_facts = sum(1 for _ in done.proposals.all())
    if count_of_facts:
        yield f"{count_of_facts} facts are proposed, behind # in organisation.yaml and cycle.yaml."
    if done.replaced:
        yield f"What was there before is in {done.replaced.as_posix()}."


def _describe_policy(policy: ImportedPolicy) -> Iterator[str]:
    clauses = sum(1 for _ in policy.draft.clauses())
    yield (
        f"“{policy.draft.cover.title}”: {count_of(len(policy.draft.sections), 'section')}, "
        f"{count_of(clauses, 'clause')}."
    )
    words = policy.words
    yield (
        f"Of {words.total:,} words, {words.taken:,} are in policy.yaml. The report lists the other "
        f"{words.total - words.taken:,}."
    )
    if policy.differences:
        yield (
            f"{len(policy.differences)} numbers are not as in the document. The report lists them."
        )
    elif policy.numbers:
        yield f"All {policy.numbers} numbers are as in the document."


def _put_in_place(
    root: Path, place: Path, files: dict[str, str], forms: dict[str, str]
) -> Path | None:
    """Write everything aside first, then move it: the folder in one step, forms beside it."""
    aside = publish.fresh_folder(place.with_name(f".{place.name}.import"))
    replaced: Path | None = None
    before = {
        name: (root / FORMS / name).read_bytes()
        for name in forms
        if (root / FORMS / name).is_file()
    }
    try:
        publish.write_files(aside, {name: text.encode() for name, text in files.items()})
        publish.replace_files(root / FORMS, {name: text.encode() for name, text in forms.items()})
        replaced = _move_away(root, place) if place.exists() else None
        if replaced and before:
            publish.write_files(root / replaced / FORMS, before)
        try:
            aside.rename(place)
        except OSError as error:
            raise OutputError(describe_system_error(error, place)) from error
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        for name in forms.keys() - before.keys():
            (root / FORMS / name).unlink(missing_ok=True)
        publish.replace_files(root / FORMS, before)
        if replaced:
            shutil.rmtree(root / replaced / FORMS, ignore_errors=True)
            (root / replaced).rename(place)
        raise
    return replaced


def _move_away(root: Path, place: Path) -> Path:
    number = 1
    while (root / REPLACED / f"{place.name}-{number}").exists():
        number += 1
    target = REPLACED / f"{place.name}-{number}"
    try:
        (root / REPLACED).mkdir(exist_ok=True)
        place.rename(root / target)
    except OSError as error:
        raise OutputError(describe_system_error(error, place)) from error
    return target


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(
                f"{path.name} is larger than 60 MB. Take the pictures out, then import it."
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}. Check the path.") from error
    except OSError as error:
        raise OutputError(describe_system_error(error, path)) from error


def _try(path: Path, act: Callable[[], Imported]) -> Imported:
    """What `act` gives; raises UsageError, with what to do, where the file is no Word document."""
    try:
        kind = kind_of(path.read_bytes())
        if kind != "Word":
            raise UsageError(f"{path.name} is {_NAMES.get(kind, 'no Word document')}. {_SAVE_AS}")
        return act()
    except CannotRead as error:
        what = error.message.replace("The file", path.name, 1).replace("The document", path.name, 1)
        remedy = _REMEDIES.get(error.kind.code, _SAVE_AS)
        raise UsageError(f"{what}. {remedy}") from error


_NAMES = {
    "PDF": "a PDF: it no longer says what is a heading, a list or a table",
    "archive": "an archive",
    "mail": "an email",
    "mailbox": "a mailbox",
    "Outlook mail": "an email from Outlook",
}
_REMEDIES = {
    RETURN_EMPTY.code: "Check that it was copied whole.",
    RETURN_LOCKED.code: "Open it with its password, save it without one, then import that.",
    RETURN_SCANNED.code: "A scan has no words. Ask for the Word document that it was printed from.",
    RETURN_TOO_BIG.code: "Copy its text into a new Word document, then import that.",
    RETURN_OTHER_FORMAT.code: _SAVE_AS,
}


def _clauses_that_name(form: ImportedForm, imported: ImportedPolicy) -> tuple[str, ...]:
    """The clauses whose words name a form by its title; the last clause where none does."""
    title = form.title.casefold()
    named = [
        clause.id
        for _, clause in imported.draft.clauses()
        if any(title in getattr(part, "words", "").casefold() for part in clause.parts)
    ]
    return tuple(named[:3])
