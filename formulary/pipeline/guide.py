"""The guide for those who run the handbook: the project folder and the code come in, a `Guide` out.

Chapters and examples are read from docs/; the layers of the house from the contract in
pyproject.toml that the tests hold the code to, and what rooms and ways are from their docstrings.
"""

from __future__ import annotations

import ast
import importlib.util
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules

import formulary.pipeline
from formulary.formats.handbook.guide import CHAPTERS, Chapter, Guide, Room, Way
from formulary.model.reference import references
from formulary.problems import OutputError

DOCS = Path("docs")
PROJECT = "pyproject.toml"
NAMES = {"site": "build"}
"""Ways whose command has another name than their module."""


def guide_of(root: Path) -> Guide | None:
    """The guide of the project folder; None where it has no docs/, as an adopter may choose.

    Raises OutputError where a file of it cannot be read.
    """
    docs = root / DOCS
    paths = [docs / f"{name}.md" for name in CHAPTERS]
    if not paths[0].is_file():
        return None
    try:
        examples = {p.stem: p.read_text("utf-8") for p in sorted(docs.glob("reference/*.yaml"))}
        return Guide(
            chapters=tuple(Chapter(p.stem, p.read_text("utf-8")) for p in paths if p.is_file()),
            files=references(examples),
            layers=layers_of(root / PROJECT) if (root / PROJECT).is_file() else (),
            ways=ways(),
            images={
                path.relative_to(docs).as_posix(): path.read_bytes()
                for path in sorted(docs.glob("images/*.png"))
            },
        )
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"The guide for HR in {DOCS}/ cannot be read: {error}.") from error


def layers_of(project: Path) -> tuple[tuple[Room, ...], ...]:
    """The layers of the import contract in pyproject.toml, from the top down; none without one."""
    tools = tomllib.loads(project.read_text("utf-8")).get("tool", {})
    contracts = tools.get("importlinter", {}).get("contracts", [])
    layers: list[str] = next((c["layers"] for c in contracts if c.get("type") == "layers"), [])
    return tuple(tuple(_room(name.strip()) for name in layer.split("|")) for layer in layers)


def _room(name: str) -> Room:
    return Room(name.removeprefix("formulary."), _docstring(name).replace("\n\n", " "))


def ways() -> tuple[Way, ...]:
    """The modules of `pipeline`, those with stages first."""
    found = list(_ways())
    return tuple(sorted(found, key=lambda way: (not way.stages, way.name)))


def _ways() -> Iterator[Way]:
    for module in iter_modules(formulary.pipeline.__path__):
        name = f"{formulary.pipeline.__name__}.{module.name}"
        about = _docstring(name).partition("\n\n")[0]
        yield Way(NAMES.get(module.name, module.name), about, _stages(name))


def _tree(name: str) -> ast.Module:
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin is not None
    return ast.parse(Path(spec.origin).read_text("utf-8"))


def _docstring(name: str) -> str:
    return ast.get_docstring(_tree(name)) or ""


def _stages(name: str) -> tuple[str, ...]:
    """`STAGES` of a module, read from its text, so that nothing is imported for it."""
    for node in _tree(name).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "STAGES" for target in node.targets
        ):
            return tuple(ast.literal_eval(node.value))
    return ()
