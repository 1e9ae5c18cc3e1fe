"""The policy as PDF: contents with true page numbers, bookmarks, links, tables, PDF/UA."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from formulary.content.guidance import Diagram
from formulary.diagrams.draw import describe
from formulary.documents.paper import Paper, PaperClause, diagram_blocks
from formulary.edition.text import blocks
from formulary.formats.pdf import conventions
from formulary.formats.pdf.policy import policy_data, write_policy
from formulary.returns.submission import Identity
from tests.checkers.verapdf import pdfua_failures
from tests.diagrams.samples import EVERY
from tests.formats.pdf.samples import sample_paper
from tests.formats.pdf.test_form import tags
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"


@pytest.fixture(scope="module")
def paper() -> Paper:
    return sample_paper()


@pytest.fixture(scope="module")
def data(paper: Paper) -> bytes:
    return write_policy(paper, HOUSE)


@pytest.fixture(scope="module")
def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def bookmarks(reader: PdfReader) -> dict[str, int]:
    """Every bookmark with the number of its page, from 1."""

    def below(items: list[object]) -> dict[str, int]:
        found: dict[str, int] = {}
        for item in items:
            if isinstance(item, list):
                found.update(below(item))
            else:
                page = reader.get_destination_page_number(item)  # type: ignore[arg-type]
                assert page is not None
                found[" ".join(item.title.split())] = page + 1  # type: ignore[attr-defined]
        return found

    return below(reader.outline)


def test_a_light_cover_has_a_tint_in_the_place_of_the_colour(paper: Paper) -> None:
    grounds = []
    for light in (False, True):
        data = write_policy(replace(paper, colour="#5b2a66", has_light_cover=light), HOUSE)
        content = PdfReader(io.BytesIO(data)).pages[0].get_contents()
        assert content is not None
        fills = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) scn", content.get_data())
        grounds.append("".join(f"{round(255 * float(part)):02x}" for part in fills[0]))
    assert grounds == ["5b2a66", "f3eff4"]  # 7 % of the colour in white


def test_contents_name_the_pages_where_headings_stand(reader: PdfReader, paper: Paper) -> None:
    contents = re.sub(r"\s+", " ", reader.pages[0].extract_text())  # they are on the cover
    where = bookmarks(reader)
    for section in paper.sections:
        page = where[section.heading]
        assert re.search(rf"{re.escape(section.title)} {page}\b", contents), section.heading
        shown = re.sub(r"\s+", " ", reader.pages[page - 1].extract_text())
        assert section.heading in shown


def test_appendices_follow_the_text_and_a_wide_table_lies_on_its_side(
    reader: PdfReader,
) -> None:
    where = bookmarks(reader)
    for heading in ("Appendix A: Career stages", "Appendix B: Sample form"):
        assert heading in reader.pages[where[heading] - 1].extract_text()
    box = reader.pages[where["Matrix"] - 1].mediabox
    assert box.width > box.height
    upright = reader.pages[where["Appendix B: Sample form"] - 1].mediabox
    assert upright.width < upright.height


def test_the_contents_stay_on_the_cover(paper: Paper) -> None:
    long = "What the policy is for, and who it is about. " * 8
    for sections in (8, 30):
        many = tuple(
            replace(paper.sections[-1], id=f"s{n}", title=f"Title {n}", clauses=())
            for n in range(sections)
        )
        data = write_policy(replace(paper, summary=blocks(long), sections=many, changes=()), HOUSE)
        first, second, *_ = PdfReader(io.BytesIO(data)).pages
        assert f"Title {sections - 1}" in first.extract_text()
        assert "Title 0" in second.extract_text()


def test_forms_are_beside_their_clause_or_below_where_the_margin_is_too_short(
    paper: Paper,
) -> None:
    def place(words: str, forms: tuple[str, ...]) -> tuple[float, float]:
        """Where the clause's last word and the form's first begin, in points from the left."""
        clause = PaperClause("c", "1.1", "", blocks(words), forms=forms)
        section = replace(paper.sections[0], clauses=(clause,))
        data = write_policy(replace(paper, sections=(section,), annexes=(), changes=()), HOUSE)
        found: dict[str, float] = {}

        def visit(text: str, page: Any, line: Any, *_: Any) -> None:
            left = page[4] + line[4]
            found.update({word: left for word in ("Zebra", "Yonder") if word in text})

        PdfReader(io.BytesIO(data)).pages[1].extract_text(visitor_text=visit)
        return found["Zebra"], found["Yonder"]

    beside = place("Some words.\n\n- one\n- two\n\nZebra", ("Yonder",))
    assert beside[0] < 150 < 400 < beside[1]
    below = place("Zebra", ("Yonder", *(f"A form with a long name, number {n}" for n in range(6))))
    assert max(below) < 200


def test_links_lead_to_clauses_sections_and_the_web_only(paper: Paper, reader: PdfReader) -> None:
    runs = policy_data(paper)["sections"][0]["clauses"][1]["blocks"][0]["runs"]
    targets = {run["text"]: run["target"] for run in runs if run["text"] != " and "}
    assert targets["the appeal"] == "#clause:first-6"
    assert targets["part 2"] == "#section:part-2"
    assert targets["a form"] == ""
    assert targets["the web"] == "https://example.org/a#b"
    actions = [
        str(note.get_object().get("/A", {}).get("/URI", ""))
        for page in reader.pages
        for note in page.get("/Annots", [])
    ]
    assert {uri for uri in actions if uri} == {"https://example.org/a#b"}


def test_content_is_never_markup(reader: PdfReader) -> None:
    text = re.sub(r"\s+", " ", "".join(page.extract_text() for page in reader.pages))
    assert "Text with #markup $x$ @nobody <b>, see" in text


def test_marks_and_numbers_are_printed(reader: PdfReader) -> None:
    text = "".join(page.extract_text() for page in reader.pages)
    assert "(a)" in text and "(b)" in text
    assert "Appendix A: Career stages" in text


def test_tables_have_row_and_column_headers(reader: PdfReader) -> None:
    rows = [e for e in tags(reader) if e["/S"] == "/TR"]
    kinds = {tuple(str(c.get_object()["/S"]) for c in row["/K"]) for row in rows}
    assert kinds == {
        ("/TH",) * 3,
        ("/TH", "/TD", "/TD"),
        ("/TH",) * 6,
        ("/TH", *["/TD"] * 5),
    }


def test_stamp_title_and_pages(reader: PdfReader, paper: Paper) -> None:
    info = {key: str(value) for key, value in (reader.metadata or {}).items()}
    assert conventions.read_identity(info) == Identity(paper.stamp)
    assert info["/Title"] == "Sample policy, Sample Trust, 2026-27"
    pages = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        assert f"Page {number} of {pages}" in page.extract_text()


def test_is_pdf_ua(data: bytes, paper: Paper, tmp_path: Path) -> None:
    plain = replace(paper, notice="", changes=(), summary=(), sections=paper.sections[:1])
    files = {"whole.pdf": data, "plain.pdf": write_policy(_without_links(plain), HOUSE)}
    paths = [tmp_path / name for name in files]
    for path in paths:
        path.write_bytes(files[path.name])
    assert pdfua_failures(paths) == {path: [] for path in paths}


@pytest.mark.parametrize("diagram", EVERY, ids=[diagram.id for diagram in EVERY])
def test_a_picture_has_its_description_and_its_words(
    paper: Paper, diagram: Diagram, tmp_path: Path
) -> None:
    path = tmp_path / "pictured.pdf"
    path.write_bytes(write_policy(_with_figure(paper, diagram), HOUSE))
    reader = PdfReader(path)
    figures = [tag for tag in tags(reader) if tag["/S"] == "/Figure"]
    assert [str(figure["/Alt"]) for figure in figures] == [describe(diagram)]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    boxes = (*diagram.steps, *(box for lane in diagram.lanes for box in lane.boxes))
    for box in boxes:
        assert box.name in text
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts <= {
        "SourceSansPro-Regular",
        "SourceSansPro-Semibold",
        "SourceSerifPro-Semibold",
    }
    assert pdfua_failures([path]) == {path: []}


def _with_figure(paper: Paper, diagram: Diagram) -> Paper:
    section = paper.sections[0]
    clause = replace(section.clauses[0], blocks=(*blocks("Words."), *diagram_blocks(diagram)))
    plain = replace(section, clauses=(clause,))
    return replace(paper, notice="", changes=(), summary=(), sections=(plain,))


def _without_links(paper: Paper) -> Paper:
    section = paper.sections[0]
    clause = replace(section.clauses[0], number="", title="", blocks=blocks("Unnumbered."))
    return replace(paper, sections=(replace(section, number="", clauses=(clause,)),))
