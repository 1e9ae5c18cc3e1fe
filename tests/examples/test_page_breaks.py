"""Pages of every paper break where a person would break them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from formulary.documents.blank import Blank, Part, Row, compose_blank
from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition
from formulary.formats.pdf.form import write_blank
from formulary.formats.pdf.policy import write_policy
from tests.helpers import ROOT
from tests.page_breaks import find_faults

HOUSE = ROOT / "forms" / "house"


def headings_of(blank: Blank) -> list[str]:
    """Every heading of a form, and every label that has its box below it."""
    rows = [row.title for part in blank.parts if part.grid for row in part.grid.rows]
    labels = [one.label for one in blank.questions() if one.kind != "checkbox"]
    return [*(part.title for part in blank.parts), *rows, *labels]


def decisions_of(blank: Blank) -> list[tuple[str, str]]:
    """Each decision with the part after it that is signed."""
    pairs = zip(blank.parts, blank.parts[1:], strict=False)
    return [(one.title, other.title) for one, other in pairs if one.decision and other.is_signed]


def faults_of(blank: Blank, folder: Path) -> list[str]:
    path = folder / f"{blank.organisation}-{blank.id}.pdf"
    path.write_bytes(write_blank(blank, HOUSE))
    found = find_faults(path, headings_of(blank), decisions_of(blank))
    return [f"{path.stem}: {fault}" for fault in found]


def with_long_words(blank: Blank) -> Blank:
    """The same form with headings, labels and hints three times as long."""

    def longer(words: str) -> str:
        return " ".join([words] * 3) if words else ""

    def part(one: Part) -> Part:
        questions = tuple(replace(q, label=longer(q.label)) for q in one.questions)
        grid = one.grid and replace(one.grid, rows=tuple(map(row, one.grid.rows)))
        return replace(one, title=longer(one.title), questions=questions, grid=grid)

    def row(one: Row) -> Row:
        return replace(one, title=longer(one.title))

    return replace(blank, title=longer(blank.title), parts=tuple(map(part, blank.parts)))


def test_no_form_breaks_a_page_badly(editions: tuple[Edition, ...], tmp_path: Path) -> None:
    blanks = [
        compose_blank(edition, offer, form) for edition in editions for offer, form in edition.forms
    ]
    assert [fault for blank in blanks for fault in faults_of(blank, tmp_path)] == []
    long = [with_long_words(blank) for blank in blanks if blank.stamp.organisation == "staploe"]
    found = [fault for blank in long for fault in faults_of(blank, tmp_path)]
    # words of this length fill pages by chance, so an end that is almost empty is no fault of ours
    assert [fault for fault in found if "the last page" not in fault] == []


def test_no_policy_breaks_a_page_badly(editions: tuple[Edition, ...], tmp_path: Path) -> None:
    found = []
    for edition in editions:
        paper = compose_paper(edition)
        path = tmp_path / f"{edition.organisation.id}.pdf"
        path.write_bytes(write_policy(paper, HOUSE))
        titles = [section.title for section in paper.printed]
        titles += [clause.title for clause in paper.clauses() if clause.title]
        found += [f"{path.stem}: {fault}" for fault in find_faults(path, titles)]
    assert found == []
