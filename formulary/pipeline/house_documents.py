"""Try the house documents out, and bring back those of Formulary."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from formulary import __version__, problems
from formulary.edition.edition import Edition
from formulary.pipeline.build_record import WORK
from formulary.pipeline.house_folder import house_folder
from formulary.problems import OutputError, Place, Problem, UsageError
from formulary.project import COMMAND, HOUSE, Project, project_at
from formulary.publish import write_files
from formulary.store import Store, key_of

_DOCUMENTS = (".docx", ".typ")
STORE = WORK / "store"


def house_problems(root: Path, editions: Sequence[Edition]) -> Iterator[Problem]:
    """What is wrong with the house documents that are in the project, each tried with an edition.

    Documents that have been tried before, and were sound, are not tried again.
    """
    project = project_at(root)
    found = [path for path in project.files(HOUSE, "*") if path.suffix in _DOCUMENTS]
    own = [path.name for path in found if project.is_own(path)]
    if not own or not editions:
        return
    store = Store(root / STORE)
    key = key_of("house", __version__, [(path.name, path.read_bytes()) for path in found])
    if store.get(key) is not None:
        return
    faults: dict[Place, Problem] = {}
    with house_folder(root) as house:
        for name, attempt in _attempts(editions[0], house):
            if name in own and (fault := _fault_of(attempt)):
                problem = _problem(name, fault, house, project)
                faults[problem.place] = problem
    yield from faults.values()
    if not faults:
        store.put(key, b"sound")


def _attempts(edition: Edition, house: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """The name of each house document, and what makes a document with it."""
    # what makes papers takes longer to import than most content to check
    from formulary.documents.blank import compose_blank
    from formulary.documents.changes_paper import compose_changes
    from formulary.documents.paper import compose_paper
    from formulary.edition.changes import compare
    from formulary.edition.entries import take_snapshot
    from formulary.pipeline.formats import FORMATS as WRITERS

    blanks = sorted(
        (compose_blank(edition, *offered) for offered in edition.forms),
        key=lambda blank: len(blank.questions()),
    )
    letters = [blank for blank in blanks if blank.is_letter][:1]
    grids = [blank for blank in blanks if any(part.grid for part in blank.parts)][:1]
    paper, now = compose_paper(edition), take_snapshot(edition)
    before = now.model_copy(update={"entries": now.entries[1:]})
    changes = compose_changes(edition, compare(before, now))
    for way in WRITERS:
        ending = "typ" if way.ending == "pdf" else way.ending

        def write_forms(write: Callable[..., bytes] = way.write_blank) -> None:
            for blank in (*letters, *grids, *blanks[:1]):
                write(blank, house)

        yield f"form.{ending}", write_forms
        yield f"policy.{ending}", lambda write=way.write_policy: write(paper, house)  # type: ignore[misc]
        yield f"changes.{ending}", lambda write=way.write_policy: write(changes, house)  # type: ignore[misc]
        if ending == "typ":  # what the others import
            yield f"house.{ending}", lambda write=way.write_policy: write(paper, house)  # type: ignore[misc]


def _fault_of(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OutputError as error:
        return str(error)
    except Exception as error:  # whatever a changed document leads to, is its fault
        return f"It cannot be used: {error or type(error).__name__}"
    return ""


def _problem(name: str, fault: str, house: Path, project: Project) -> Problem:
    said = " ".join(fault.replace(house.as_posix(), HOUSE.as_posix()).split())
    # Typst says each error with its line, drawn: the first is enough
    found = re.search(r"error: (.+?) ┌─ (\S+?):(\d+):(\d+)", said)
    if found and Path(found[2]).parent.name == HOUSE.name:
        name = Path(found[2]).name  # another document than the one tried: it imports that
    path = project.path_in_messages(project.find(HOUSE / name))
    place = Place(path)
    if found and Path(found[2]).name == name:
        place = Place(path, int(found[3]), int(found[4]) + 1)
    message = found[1] if found else said
    message = message.removeprefix(f"The house document {path.as_posix()} ").rstrip(".")
    fix = (
        "Undo the last change to it. Or bring Formulary's back, which keeps yours beside it: "
        f"{COMMAND} restore {name}"
    )
    return Problem(problems.HOUSE_DOCUMENT, place, message[:1].upper() + message[1:], fix)


def restore(root: Path, wanted: str) -> tuple[Path, Path | None]:
    """Bring back Formulary's file in place of the project's own; gives its path and the kept one's.

    The latter is None where there is nothing to do: the file is as Formulary has it.
    `wanted` is a path as `check --sources` lists it, or its last part. Nothing is lost: the
    project's own file is kept beside it. Raises UsageError and OutputError.
    """
    project = project_at(root)
    sources = {source.path: source for source in project.sources()}
    named = [path for path in sources if wanted in (path.as_posix(), path.name)]
    gone = [HOUSE / wanted, Path(wanted)] if project.is_product else []
    named = named or [path for path in gone if _original(project, path) is not None][:1]
    if len(named) != 1:
        several = f"There are several: {', '.join(map(str, named))}." if named else ""
        raise UsageError(
            several or f"Formulary has no file “{wanted}”. {COMMAND} check --sources lists all."
        )
    (path,) = named
    own, original = root / path, _original(project, path)
    if original is None:
        raise UsageError(f"{path.as_posix()} is your own; Formulary has none to bring back.")
    is_same = own.exists() and own.read_bytes() == original
    if is_same or not (own.exists() or project.is_product):
        return path, None
    kept = _keep(root, path)
    write_files(own.parent, {own.name: original})
    return path, kept


def _original(project: Project, path: Path) -> bytes | None:
    """Formulary's own file; in its repository, the one that was last committed."""
    if not project.is_product:
        given = project.product / path
        return given.read_bytes() if given.is_file() else None
    try:
        shown = subprocess.run(
            ("git", "-C", str(project.folder), "show", f"HEAD:./{path.as_posix()}"),
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return shown.stdout if shown.returncode == 0 else None


def _keep(root: Path, path: Path) -> Path:
    """Move the project's own file aside, under a name that no command reads."""
    own = root / path
    kept = own.with_name(f"{own.name}.yours")
    number = 1
    while kept.exists():
        number += 1
        kept = own.with_name(f"{own.name}.yours-{number}")
    if own.exists():
        try:
            own.rename(kept)
        except OSError as error:
            raise OutputError(f"{path.as_posix()} cannot be moved: {error.strerror}") from error
    return kept.relative_to(root)
