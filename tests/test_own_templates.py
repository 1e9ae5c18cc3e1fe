"""An organisation's own documents as forms, the whole way: from the file to every person's copy."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.oxml import parse_xml

from formulary.cli import main
from formulary.documents.blank import compose_blank
from formulary.edition.edition import Edition
from tests.checkers.fill_word import read_word_fields
from tests.helpers import copy_project

SPACES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ROWS = (
    "Employee Number,Full Name,Job Title,Staff Group,School,Line Manager\n"
    "1,Żaneta O'Neil & <Sons>,Tutor,Teachers,The Downs,Committee of trustees\n"
    "2,Ben Fernley,Cook,Support staff,The Downs,1\n"
)
FORM = "concern-letter"
"""A form without choices, so that plain text fields can take every answer."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project, and a staff list beside it."""
    (tmp_path / "staff.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "project").mkdir()
    return copy_project(tmp_path / "project", "pclc")


@pytest.fixture
def asked(editions: tuple[Edition, ...]) -> dict[str, str]:
    """What the form asks: titles by id."""
    (edition,) = (found for found in editions if found.id == "pclc")
    ((offer, form),) = (pair for pair in edition.forms if pair[1].id == FORM)
    questions = compose_blank(edition, offer, form).questions()
    return {question.id: question.title for question in questions}


def own_word(path: Path, tags: list[str]) -> None:
    """A Word document with a text control for each tag."""
    document = docx.Document()
    document.add_heading("Our own paper", 1)
    for tag in tags:
        control = parse_xml(
            f'<w:sdt {SPACES}><w:sdtPr><w:alias w:val="{tag}"/><w:tag w:val="{tag}"/><w:text/>'
            "</w:sdtPr><w:sdtContent><w:r><w:t>here</w:t></w:r></w:sdtContent></w:sdt>"
        )
        document.add_paragraph(f"{tag}: ")._p.append(control)
    document.save(str(path))


def own_pdf(path: Path, fields: list[str]) -> None:
    """A PDF with a text field for each name, as an office program makes it."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    made = [
        pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=pikepdf.String(name),
                TU=pikepdf.String(name),
                Rect=[60, 780 - 24 * place, 500, 798 - 24 * place],
                F=4,
                DA=pikepdf.String("/Helv 0 Tf 0 g"),
                P=page.obj,
            )
        )
        for place, name in enumerate(fields)
    ]
    page.obj.Annots = pdf.make_indirect(pikepdf.Array(made))
    helvetica = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    pdf.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array(made),
        DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=helvetica)),
        DA=pikepdf.String("/Helv 0 Tf 0 g"),
    )
    out = io.BytesIO()
    pdf.save(out)
    path.write_bytes(out.getvalue())


def packs(project: Path, *options: str) -> int:
    staff, out = project.parent / "staff.csv", project.parent / "out"
    words = ["packs", str(staff), "--org", "pclc", "--out", str(out), "--form", FORM]
    return main([*words, "--jobs", "1", "--pattern", "{id}/{form}", *options], project)


def test_everyone_gets_the_own_documents_filled_in_under_the_same_ids(
    project: Path, asked: dict[str, str]
) -> None:
    ids = list(asked)
    fields = [f"Form1.Field {place}" for place in range(len(ids))]
    own_word(project / "forms" / f"{FORM}.docx", ids)
    own_pdf(project / "forms" / f"{FORM}.pdf", [field.replace(".", " ") for field in fields])
    with (project / "forms" / f"{FORM}.yaml").open("a", encoding="utf-8") as yaml:
        yaml.write("\nown-templates:\n  pdf:\n")
        for field, id in zip(fields, ids, strict=True):
            yaml.write(f"    {field.replace('.', ' ')}: {id}\n")
    assert packs(project) == 0
    for person, name in (("1", "Żaneta O'Neil & <Sons>"), ("2", "Ben Fernley")):
        folder = project.parent / "out" / person
        word = read_word_fields(folder / f"{FORM}.docx")
        assert name in word.values()
        paper = docx.Document(str(folder / f"{FORM}.docx"))
        assert "Our own paper" in [paragraph.text for paragraph in paper.paragraphs]
        with pikepdf.open(folder / f"{FORM}.pdf") as document:
            held = {
                str(field.T): str(field.get("/V", "")) for field in document.Root.AcroForm.Fields
            }
        assert held == word


def test_a_document_that_does_not_fit_its_form_stops_the_run_and_each_fault_is_named(
    project: Path, asked: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    missing, twice, *others = asked
    own_word(project / "forms" / f"{FORM}.docx", [twice, twice, "spare", *others])
    own_pdf(project / "forms" / f"{FORM}.pdf", [twice, *others])
    assert packs(project) == 1
    faults = capsys.readouterr().err.splitlines()
    for document in (f"{FORM}.docx", f"{FORM}.pdf"):
        mine = "\n".join(line for line in faults if document in line)
        assert f"“{asked[missing]}”" in mine
    assert any("spare" in line for line in faults)
    assert any(f"“{asked[twice]}”" in line or f"“{twice}”" in line for line in faults)
    assert not (project.parent / "out").exists()
