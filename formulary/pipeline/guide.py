"""Read the guide for those who run the handbook: its chapters and examples, from docs/."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from formulary.formats.handbook.guide import CHAPTERS, Chapter, Guide
from formulary.formats.handbook.reference import describe_files
from formulary.formats.handbook.settings import wants_guide
from formulary.problems import OutputError
from formulary.project import GUIDE, SETTINGS, project_at

_FIRST = GUIDE / f"{CHAPTERS[0]}.md"
_LAW = re.compile(r"\{\{ law\('([a-z0-9-]+)'\) \}\}")


def has_guide(root: Path) -> bool:
    """Whether the site of a project has the guide: see `guide_of`."""
    return wants_guide(root / SETTINGS) and project_at(root).find(_FIRST).is_file()


def guide_of(root: Path, law: Mapping[str, str]) -> Guide | None:
    """The guide of a project; None where its settings leave it out, or its first chapter is lost.

    `law` has the source of each fact of law by its id, which chapters name by `law('id')`.

    Raises OutputError where a file of it, or the settings, cannot be read, or a fact is not there.
    """
    if not has_guide(root):
        return None
    project = project_at(root)
    paths = [project.find(GUIDE / f"{name}.md") for name in CHAPTERS]
    try:
        examples = {
            path.stem: path.read_text("utf-8")
            for path in project.files(GUIDE / "reference", "*.yaml")
        }
        return Guide(
            chapters=tuple(
                Chapter(path.stem, _name_sources(path.read_text("utf-8"), law))
                for path in paths
                if path.is_file()
            ),
            files=describe_files(examples),
            images={
                f"images/{path.name}": path.read_bytes()
                for path in project.files(GUIDE / "images", "*.png")
            },
        )
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"The guide for HR in {GUIDE}/ cannot be read: {error}.") from error


def _name_sources(text: str, law: Mapping[str, str]) -> str:
    """The text of a chapter with the source of each fact of law that it names."""
    for id in _LAW.findall(text):
        if id not in law:
            raise OutputError(
                f"The guide for HR in {GUIDE}/ names the fact of law “{id}”, which is not there. "
                "Add it to content/library/law.yaml."
            )
    return _LAW.sub(lambda found: law[found[1]], text)
