"""Pages of every paper break where a person would break them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from formulary.documents.blank import Blank, Part, Question, Row, compose_blank
from formulary.documents.paper import Paper, compose_paper
from formulary.edition.edition import Edition
from formulary.formats.pdf.form import write_blank
from formulary.formats.pdf.policy import write_policy
from formulary.formats.word.form import write_blank as write_word
from formulary.formats.word.policy import write_policy as write_word_policy
from tests.checkers.render import docx_to_pdf
from tests.helpers import ROOT, one_of_each
from tests.page_breaks import find_faults

HOUSE = ROOT / "forms" / "house"

PARTED_BY_LIBREOFFICE = 3
"""Papers in which LibreOffice 7.4 leaves a heading behind, although the file keeps it with what
follows (`is_kept`), as Word does."""


def headings_of(blank: Blank) -> list[str]:
    """Every heading of a form, and every label that has its box below it."""
    grids = [part.grid for part in blank.parts if part.grid]
    rows = [row.title for grid in grids for row in grid.rows]
    heads = [column.label for grid in grids for column in grid.columns]
    labels = [one.label for one in blank.questions() if one.kind != "checkbox"]
    return [*(part.title for part in blank.parts), *rows, *heads, *labels]


def decisions_of(blank: Blank) -> list[tuple[str, str]]:
    """Each decision with the part after it that is signed."""
    pairs = zip(blank.parts, blank.parts[1:], strict=False)
    return [(one.title, other.title) for one, other in pairs if one.decision and other.is_signed]


def faults_of(blank: Blank, folder: Path) -> list[str]:
    path = folder / f"{blank.organisation}-{blank.id}.pdf"
    path.write_bytes(write_blank(blank, HOUSE))
    found = find_faults(path, headings_of(blank), decisions_of(blank))
    return [f"{path.stem}: {fault}" for fault in found]


def titles_of(paper: Paper) -> list[str]:
    titles = [section.title for section in paper.printed]
    return [*titles, *(clause.title for clause in paper.clauses() if clause.title)]


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


def filled(blank: Blank) -> Blank:
    """The same form with a word in every answer, since an empty box in Word has no words."""
    values = {"date": "01/09/2026", "checkbox": "", "choice": ""}

    def question(one: Question) -> Question:
        return replace(one, value=values.get(one.kind, "Answer"))

    def part(one: Part) -> Part:
        rows = one.grid and tuple(
            replace(row, questions=tuple(map(question, row.questions))) for row in one.grid.rows
        )
        grid = one.grid and replace(one.grid, rows=rows or ())
        return replace(one, questions=tuple(map(question, one.questions)), grid=grid)

    return replace(blank, parts=tuple(map(part, blank.parts)))


@pytest.fixture
def blanks(editions: tuple[Edition, ...], whole: bool) -> list[Blank]:
    """Each form as one of the organisations has it, or every form of each."""
    every = [
        compose_blank(edition, offer, form) for edition in editions for offer, form in edition.forms
    ]
    return every if whole else one_of_each(every, lambda blank: blank.id)


def lengthened(blanks: Iterable[Blank]) -> list[Blank]:
    """The forms of one organisation with long words."""
    return [with_long_words(blank) for blank in blanks if blank.stamp.organisation == "staploe"]


def test_no_form_breaks_a_page_badly(blanks: list[Blank], tmp_path: Path) -> None:
    assert [fault for blank in blanks for fault in faults_of(blank, tmp_path)] == []
    long = lengthened(blanks)
    assert long
    found = [fault for blank in long for fault in faults_of(blank, tmp_path)]
    # words of this length fill pages by chance, so an end that is almost empty is no fault of ours
    assert [fault for fault in found if "the last page" not in fault] == []


def test_no_policy_breaks_a_page_badly(editions: tuple[Edition, ...], tmp_path: Path) -> None:
    found = []
    for edition in editions:
        paper = compose_paper(edition)
        path = tmp_path / f"{edition.organisation.id}.pdf"
        path.write_bytes(write_policy(paper, HOUSE))
        found += [f"{path.stem}: {fault}" for fault in find_faults(path, titles_of(paper))]
    assert found == []


def test_no_paper_in_word_breaks_a_page_badly(
    blanks: list[Blank], some: tuple[Edition, ...], tmp_path: Path
) -> None:
    forms = {f"{blank.stamp.organisation}-{blank.id}": blank for blank in blanks}
    forms |= {f"long-{blank.id}": blank for blank in lengthened(blanks)}
    papers = {f"{edition.organisation.id}-policy": compose_paper(edition) for edition in some}
    for name, blank in forms.items():
        (tmp_path / f"{name}.docx").write_bytes(write_word(filled(blank), HOUSE))
    for name, paper in papers.items():
        (tmp_path / f"{name}.docx").write_bytes(write_word_policy(paper, HOUSE))
    made = docx_to_pdf(sorted(tmp_path.glob("*.docx")), tmp_path / "pdf")
    found = []
    for path in made:
        if path.stem in papers:
            faults = find_faults(path, titles_of(papers[path.stem]))
        else:
            blank = forms[path.stem]
            faults = find_faults(path, headings_of(blank), decisions_of(blank))
        if path.stem.startswith("long-"):
            faults = [fault for fault in faults if "the last page" not in fault]
        found += [f"{path.stem}: {fault}" for fault in faults]
    parted = [fault for fault in found if "ends with the heading" in fault]
    assert [fault for fault in found if fault not in parted] == []
    assert len(parted) <= PARTED_BY_LIBREOFFICE, parted
    for fault in parted:
        name, _, rest = fault.partition(": ")
        assert is_kept(tmp_path / f"{name}.docx", rest.partition("“")[2].rstrip("”")), fault


def is_kept(path: Path, heading: str) -> bool:
    """Whether a heading and the line after it are kept with what follows (17.3.1.15 keepNext)."""
    paragraphs = docx.Document(str(path)).paragraphs
    at = next(n for n, one in enumerate(paragraphs) if heading in one.text and is_title(one))
    return all(
        one.paragraph_format.keep_with_next
        or any(style.paragraph_format.keep_with_next for style in styles_of(one))
        for one in paragraphs[at : at + 2]
    )


def is_title(paragraph: Any) -> bool:
    return str(paragraph.style.name).lower().startswith("heading")


def styles_of(paragraph: Any) -> Iterator[Any]:
    """The style of a paragraph, and those that it is based on."""
    style = paragraph.style
    while style is not None:
        yield style
        style = style.base_style
