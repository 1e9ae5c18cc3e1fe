"""Change the files of a project to the version of the schema that this product writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from formulary import publish
from formulary.content.loading import ORGANISATION_FILES, validate
from formulary.content.organisation import Organisation
from formulary.content.source import read_document
from formulary.content.splicing import encode_like
from formulary.content.versions import latest, report_too_new, upgrade_document, version_of
from formulary.pipeline.content import write_schemas
from formulary.problems import ContentError, OutputError, Problem, UsageError, errors_in
from formulary.project import COMMAND, FORMS, HOUSE, LIBRARY, ORGANISATIONS, project_at


def upgrade(root: Path, organisations: Sequence[str] = ()) -> tuple[Path, ...]:
    """Upgrade the organisations with these ids, or all; gives the paths of the files changed.

    Without ids, the project's own forms and library files are upgraded too. Changes are spliced
    into the text, so no comment and no other line is touched; content/schema is written as well.
    Nothing is written if a file cannot be read, before or after: then ContentError is raised.
    Raises UsageError for an unknown id, OutputError where there is no project.
    """
    folders = _folders(root, organisations)
    changed: dict[Path, bytes] = {}
    found: list[Problem] = []
    versions = []
    for folder in folders:
        path = folder / "organisation.yaml"
        top, faults = read_document(path, path.relative_to(root))
        if faults or not isinstance(top.data, dict):
            found += faults or validate(Organisation, top)[1]
            continue
        version = version_of(top.data)
        versions.append(version)
        if version > latest():
            found.append(report_too_new(top))
            continue
        for name in ORGANISATION_FILES:
            _upgrade(root, folder / f"{name}.yaml", name, version, changed, found)
    if not organisations:
        for kind, path in _own_files(root):
            _upgrade(root, path, kind, min(versions, default=latest()), changed, found)
    if found:
        raise ContentError(found)
    by_folder: dict[Path, dict[str, bytes]] = {}
    for path, data in changed.items():
        by_folder.setdefault(path.parent, {})[path.name] = data
    for folder, files in by_folder.items():
        publish.write_files(folder, files)
    write_schemas(root)
    return tuple(path.relative_to(root) for path in changed)


def _folders(root: Path, organisations: Sequence[str]) -> tuple[Path, ...]:
    place = root / ORGANISATIONS
    if not place.is_dir():
        raise OutputError(
            f"There is no folder {place.as_posix()}, so there is nothing to upgrade. Run "
            f"{COMMAND} upgrade in a project's folder."
        )
    known = sorted(path.name for path in place.iterdir() if (path / "organisation.yaml").exists())
    for wanted in organisations:
        if wanted not in known:
            raise UsageError(f"There is no organisation “{wanted}”. Known: {', '.join(known)}.")
    return tuple(place / name for name in known if not organisations or name in organisations)


def _own_files(root: Path) -> Iterator[tuple[str, Path]]:
    """The project's own forms and library files; those of the product are up to date."""
    project = project_at(root)
    if project.is_product:
        return
    yield from (("form", path) for path in sorted((root / FORMS).glob("*.yaml")))
    yield "form-header", root / HOUSE / "header.yaml"
    yield from ((path.stem, path) for path in sorted((root / LIBRARY).glob("*.yaml")))


def _upgrade(
    root: Path,
    path: Path,
    kind: str,
    version: int,
    changed: dict[Path, bytes],
    found: list[Problem],
) -> None:
    """Add the file to `changed`, or what keeps it from being read to `found`."""
    if not path.exists():
        return
    if not path.resolve().is_relative_to(root.resolve()):
        raise OutputError(
            f"{path.relative_to(root).as_posix()} is a link to a place outside of the project. Put "
            "a copy of the file in its place. Nothing was changed."
        )
    before, faults = read_document(path, path.relative_to(root))
    if errors_in(faults):
        found += faults
        return
    after, faults = upgrade_document(kind, before, version)
    found += faults
    if after.text != before.text:
        changed[path] = encode_like(path.read_bytes(), after.text)
