"""What several tests need: a copy of the project to change, and the words that a file holds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from formulary.documents.blank import Blank, Question
from formulary.pipeline.content import new
from formulary.pipeline.scaffold import Adopter, new_group

ROOT = Path(__file__).resolve().parent.parent


def copy_project(folder: Path, *organisations: str) -> Path:
    """The project's content, docs, forms and settings, copied into `folder`, to change at will.

    Of the organisations only those named, which load faster than all; all of them if none is.
    """
    for name in ("content", "docs", "forms"):
        shutil.copytree(ROOT / name, folder / name)
    if organisations:
        for other in (folder / "content" / "organisations").iterdir():
            if other.name not in organisations:
                shutil.rmtree(other)
    for name in ("mkdocs.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "formulary").symlink_to(ROOT / "formulary")
    return folder


def tiny_project(folder: Path, *, guide: bool = False) -> Path:
    """A project of the tests' own small organisation, which has some of everything.

    It has a policy with cycles, ratings, career stages and six forms (`tests/fixtures/tiny`); how
    documents look comes from the product. No change of a shipped organisation reaches it.
    """
    shutil.copytree(ROOT / "tests" / "fixtures" / "tiny", folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "forms" / "house", folder / "forms" / "house")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    (folder / "formulary").symlink_to(ROOT / "formulary")
    return folder if guide else without_guide(folder)


def send_to_all(root: Path, *forms: str) -> Path:
    """Let the tests' own organisation in `root` put these of its forms into everyone's pack."""
    own = root / "content" / "organisations" / "tiny" / "organisation.yaml"
    packs = f"packs: {{forms: [{', '.join(forms)}]}}"
    own.write_text(f"{own.read_text('utf-8')}\n{packs}\n", encoding="utf-8")
    return root


def without_guide(root: Path) -> Path:
    """Leave the guide out of a project's site: a third of the time of a small one."""
    replace_once(root / "mkdocs.yml", "\nextra:\n", "\nextra:\n  guide: false\n")
    return root


def make_once(folder: Path, fill: Callable[[Path], object]) -> Path:
    """The folder, filled by `fill` if no process has done so yet; others wait for it meanwhile."""
    with FileLock(folder.with_suffix(".lock")):
        done = folder.with_suffix(".done")
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            fill(folder)
            done.touch()
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """The bytes of every file in a folder, by its path inside it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def replace_once(path: Path, old: str, new: str) -> None:
    """Replace `old`, which must stand in the file exactly once, by `new`."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


Thing = TypeVar("Thing")


def one_of_each(things: Iterable[Thing], kind: Callable[[Thing], str]) -> list[Thing]:
    """One thing of each kind, so that all who have some of them take their turn."""
    kinds: dict[str, list[Thing]] = {}
    for thing in things:
        kinds.setdefault(kind(thing), []).append(thing)
    return [same[place % len(same)] for place, same in enumerate(kinds.values())]


def cover(things: Mapping[Thing, Set[object]]) -> list[Thing]:
    """A few of the things that have every feature which all of them have."""
    left = set().union(*things.values())
    chosen = []
    while left:
        most = max(things, key=lambda thing: len(things[thing] & left))
        chosen.append(most)
        left -= things[most]
    return chosen


def controls_of(blank: Blank) -> set[object]:
    """What kinds of controls a form has, inside and outside of tables."""

    def control(question: Question, where: str) -> object:
        lines, options = min(question.lines, 5), len(question.options) > 5
        return (where, question.kind, lines, options, bool(question.signature), question.money)

    inside = {
        q.id for part in blank.parts if part.grid for row in part.grid.rows for q in row.questions
    }
    return {control(q, "table" if q.id in inside else "form") for q in blank.questions()}


@dataclass
class Quiet:
    """Progress that only remembers what it was told."""

    stages: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)

    def stage(self, name: str, steps: int) -> None:
        self.stages.append(name)

    def step(self, what: str) -> None:
        self.steps.append(what)


def small_project(folder: Path, *organisations: str, guide: bool = False) -> Path:
    """A project with small new organisations only, of one form each, which is built quickly."""
    root = copy_project(folder)
    shutil.rmtree(root / "content" / "organisations")
    (root / "content" / "organisations").mkdir()
    for id in organisations:
        adopter = Adopter(
            id=id,
            name=f"The {id.capitalize()} Trust",
            kind="Trust",
            year=2026,
            numbering="clauses",
            groups=(new_group("Teachers: 1 September"), new_group("Office staff: 1 January")),
            forms=("one-to-one",),
            topics=("feedback",),
        )
        new(root, adopter)
    return root if guide else without_guide(root)


LIBRARIES = frozenset(
    {
        "concurrent.futures",
        "docx",
        "docxtpl",
        "fontTools",
        "jinja2",
        "lxml",
        "mkdocs",
        "multiprocessing",
        "openpyxl",
        "pikepdf",
        "pydantic",
        "pypdf",
        "rich",
        "ruamel.yaml",
        "typst",
        "yaml",
    }
)
"""What takes long to import, and which a quick command does without."""


@dataclass(frozen=True)
class Ran:
    """A command that was run in a process of its own; `imported` are the modules it loaded."""

    returncode: int
    stdout: str
    stderr: str
    imported: frozenset[str]


def run(root: Path, *arguments: str) -> Ran:
    """Run a command on the project folder `root` in a process of its own."""
    code = (
        "import sys; from pathlib import Path; from formulary.cli import main\n"
        "code = main(sys.argv[2:], Path(sys.argv[1]))\n"
        "print('\\nimported', *sorted(sys.modules), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(root), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    said, _, imported = done.stderr.rpartition("\nimported")
    return Ran(done.returncode, done.stdout, said, frozenset(imported.split()))
