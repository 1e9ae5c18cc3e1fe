"""All that the benchmarks take from Formulary's code and tests, beside its commands.

It must be run from the project's folder or with it on the path; `common` puts it there.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from common import ROOT

from formulary.content.loading import load
from formulary.documents.blank import Blank, compose_blank
from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition, edition_of
from formulary.formats.handbook.guide import FOLDER, TITLE
from formulary.formats.handbook.guide_pages import guide_navigation
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.pages import site_name
from formulary.formats.word.ooxml import box_tag as box_tag
from formulary.pipeline.content import editions_of
from formulary.pipeline.formats import FORMATS, Format
from formulary.pipeline.guide import guide_of
from formulary.pipeline.site import GUIDE_DOCS
from formulary.staff.assignment import Assignment, prefill_values
from formulary.staff.preflight import preflight
from formulary.staff.reading import ListFile, read_staff
from tests.helpers import copy_project as copy_content
from tests.staff_lists import make_staff

ORGANISATION, FORM = "pclc", "pm-form"
"""The example and the form that are copied and read."""

THEME = ROOT / "formulary" / "formats" / "handbook" / "theme"
HOUSE = ROOT / "forms" / "house"


@cache
def edition() -> Edition:
    """The edition of ORGANISATION."""
    content, _ = load(ROOT, (ORGANISATION,))
    made, _ = edition_of(content, content.organisations[0])
    assert made is not None
    return made


@cache
def blank() -> Blank:
    """The blank of FORM."""
    offer, form = next(pair for pair in edition().forms if pair[1].id == FORM)
    return compose_blank(edition(), offer, form)


def format_of(ending: str) -> Format:
    """Word for “docx”, PDF for “pdf”."""
    return next(found for found in FORMATS if found.ending == ending)


def blank_file(ending: str) -> bytes:
    """The blank as a file."""
    return format_of(ending).write_blank(blank(), HOUSE)


def policy_file(ending: str) -> bytes:
    """The policy of ORGANISATION as a file."""
    return format_of(ending).write_policy(compose_paper(edition()), HOUSE)


def prepared_blank(ending: str, document: bytes) -> Any:
    """A blank file made ready to be copied: has `filled(values, person)`, and can be pickled."""
    return format_of(ending).prepare(document, blank())


def read_answers(ending: str, data: bytes) -> dict[str, str]:
    """The answers of a returned form, by question."""
    submission = format_of(ending).read(data, lambda identity: blank(), HOUSE)
    return {id: answer.value for id, answer in submission.answers.items()}


def staff_list(count: int) -> bytes:
    """An invented staff list of ORGANISATION, as CSV."""
    return make_staff(count, edition().organisation, 1)


def reviewees(count: int) -> tuple[Assignment, ...]:
    """Those on a staff list of `count` people who are reviewed."""
    name = "staff.csv"
    staff = read_staff([ListFile(name, staff_list(count))], edition().organisation, None)
    return tuple(preflight(edition(), staff).recipients)


def known_answers(reviewee: Assignment) -> dict[str, str]:
    """What FORM is prefilled with for somebody, by question."""
    return prefill_values(reviewee, edition(), blank())


def fitting(prepared: Any, given: Mapping[str, str]) -> dict[str, str]:
    """The answers that fit their fields."""
    misfits = {misfit.field for misfit in prepared.misfits(given)}
    return {id: value for id, value in given.items() if id not in misfits}


def copy_project(folder: Path, count: int) -> Path:
    """A copy of the project with so many organisations, the examples under further ids."""
    folder.mkdir()
    root = copy_content(folder)
    shutil.copy(ROOT / "build.py", root)
    organisations = root / "content" / "organisations"
    examples = sorted(path.name for path in organisations.iterdir())
    for place in range(len(examples), count):
        id = examples[place % len(examples)]
        _copy_example(organisations / id, f"{id}-{place // len(examples) + 1}")
    for id in examples[count:]:
        shutil.rmtree(organisations / id)
    return root


def _copy_example(example: Path, id: str) -> None:
    folder = example.with_name(id)
    shutil.copytree(example, folder)
    for name, old, new in (
        ("organisation.yaml", f"\nid: {example.name}\n", f"\nid: {id}\n"),
        ("last-edition.json", f'"organisation": "{example.name}"', f'"organisation": "{id}"'),
    ):
        path = folder / name
        if path.exists():
            path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")


def mkdocs_settings(root: Path) -> list[dict[str, Any]]:
    """Settings by which plain MkDocs makes the same pages from those that a build has left.

    There are two: the handbook's, and those of the guide, which is a site inside it.
    """
    content, _ = load(root)
    editions, _ = editions_of(content, (), None)
    guide = guide_of(root, content.law.item.sources() if content.law else {})
    assert guide
    common = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "theme": {"name": "material", "custom_dir": str(THEME)},
    }
    handbook = {
        "docs_dir": str(root / "build" / "pages"),
        "site_dir": str(root / "plain"),
        "site_name": site_name(editions),
        "nav": navigation(editions),
    }
    beside = {
        "docs_dir": str(root / "build" / GUIDE_DOCS),
        "site_dir": str(root / "plain" / FOLDER),
        "site_name": TITLE,
        "nav": guide_navigation(guide),
    }
    return [common | handbook, common | beside]
