"""Read the guide for those who run the handbook: its chapters and examples, from docs/."""

from __future__ import annotations

from pathlib import Path

from formulary.formats.handbook.guide import CHAPTERS, Chapter, Guide
from formulary.formats.handbook.reference import describe_files
from formulary.formats.handbook.settings import wants_guide
from formulary.problems import OutputError
from formulary.project import GUIDE, SETTINGS, project_at


def guide_of(root: Path) -> Guide | None:
    """The guide of a project; None where its settings leave it out, or its first chapter is lost.

    Raises OutputError where a file of it, or the settings, cannot be read.
    """
    if not wants_guide(root / SETTINGS):
        return None
    project = project_at(root)
    paths = [project.find(GUIDE / f"{name}.md") for name in CHAPTERS]
    if not paths[0].is_file():
        return None
    try:
        examples = {
            path.stem: path.read_text("utf-8")
            for path in project.files(GUIDE / "reference", "*.yaml")
        }
        return Guide(
            chapters=tuple(Chapter(p.stem, p.read_text("utf-8")) for p in paths if p.is_file()),
            files=describe_files(examples),
            images={
                f"images/{path.name}": path.read_bytes()
                for path in project.files(GUIDE / "images", "*.png")
            },
        )
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"The guide for HR in {GUIDE}/ cannot be read: {error}.") from error
