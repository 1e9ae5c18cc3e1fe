"""A small blank and a small paper with one of everything, and ways to look into a .docx."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from formulary.documents.blank import Blank, Column, Grid, Part, Question, Row
from formulary.documents.paper import Paper, PaperChange, PaperClause, PaperSection
from formulary.documents.stamp import Stamp
from formulary.edition.text import Bullets, Cell, Paragraph, Run, Table, blocks
from formulary.formats.word.ooxml import NAMESPACES, w
from formulary.formats.word.reader import read_for
from formulary.returns.submission import Submission

HOUSE = Path(__file__).resolve().parents[3] / "forms" / "house"
HARD = "Żółć O'Neil & <Sons>"
TRAP = "{{ 7 * 7 }} {% for %} & <b>"
STAMP = Stamp("review", "trust", 2026, "2026-27", "3f9a01bc12345678")
LONG = "a title that goes on and on, well past what Word takes for one control"


MORE = ("Third", "Fourth", "Fifth", "Sixth")
"""So many choices that they are a list; `test_boxes` has few."""


def blank() -> Blank:
    """A form with every kind of question and every shape of table."""
    return Blank(
        id="review",
        title=f"Review {TRAP}",
        organisation=HARD,
        edition="2026-27",
        marking="Confidential",
        notice="A worked example.",
        guidance=blocks(
            f"Read **this** first: {TRAP}\n\n- one\n- *two*, [the web](https://example.org/a?b&c)"
        ),
        parts=(_about(), _objectives(), _areas(), _standards(), _signatures()),
        stamp=STAMP,
        colour="#7a1f4b",
    )


def _about() -> Part:
    questions = (
        Question("reviewee", "Name", "Name", "text", required=True, value=HARD),
        Question("cycle_from", "Cycle: from", "Cycle from", "date", value="01/09/2026"),
        Question("cycle_to", "Cycle: to", "Cycle to", "date"),
        Question("stage", "Stage", "Stage", "choice", options=("M1-M2", HARD, *MORE), value=HARD),
        Question("level", "Level", "Level", "choice", options=("Green", "Blue", *MORE)),
        Question("checked", "Checked", "Checked", "checkbox", value="yes"),
        Question("notes", "Notes", "Notes", "multiline", lines=4, hint=TRAP, value="One\nTwo"),
        Question("pay", "Pay", "Pay", "text", format="money"),
    )
    return Part("about", "About", (), questions, None, "clause 2.1")


def _objectives() -> Part:
    columns = (Column("Objective", "What?"), Column("Measure", ""))
    rows = tuple(
        Row(
            f"Objective {n}",
            str(n),
            (),
            tuple(
                Question(
                    f"objectives_{n}_{c.label.lower()}",
                    f"Objective {n}: {c.label}",
                    c.label,
                    "multiline" if c.hint else "text",
                )
                for c in columns
            ),
        )
        for n in (1, 2)
    )
    return Part("objectives", "Objectives", (), (), Grid("objectives", "Objective", columns, rows))


def _areas() -> Part:
    row = Row(
        "Practice",
        "Practice",
        blocks("- **M1:** competent"),
        (
            Question("areas_1_own", f"{LONG}: Own view", "Own view", "text"),
            Question("areas_1_other", f"{LONG}: Other view", "Other view", "text"),
        ),
    )
    columns = (Column("Own view", ""), Column("Other view", ""))
    return Part("areas", "Areas", (), (), Grid("areas", "Area", columns, (row,)))


def _standards() -> Part:
    columns = (Column("Met", ""), Column("Note", ""))
    rows = (
        Row(
            "T1",
            "T1 Set high expectations",
            (),
            (
                Question("standards_1_met", LONG, "Met", "checkbox"),
                Question("standards_1_note", LONG, "Note", "text"),
            ),
        ),
    )
    return Part("standards", "Standards", (), (), Grid("standards", "Standard", columns, rows))


def _signatures() -> Part:
    questions = (
        Question("signed", "Signed", "Signed", "text", signature=True),
        Question("signed_date", "Signed: date", "Date", "date"),
    )
    return Part("signatures", "Signatures", (), questions, None)


def paper() -> Paper:
    """A policy with every kind of block, a landscape table and links."""
    linked = Paragraph(
        (
            Run("See "),
            Run("clause 1.2", target="clause:who-decides"),
            Run(", "),
            Run("section 2", target="section:pay"),
            Run(", "),
            Run("the web", target="https://example.org/?a&b"),
            Run(" and "),
            Run("nothing", target="form:review"),
            Run(f". {TRAP}", strong=True),
        )
    )
    wide = Table(
        "stages",
        "Stages",
        tuple(_cell(f"Column {n}") for n in range(6)),
        tuple(tuple(_cell(f"Row {r}, responsibility {n}") for n in range(6)) for r in range(3)),
    )
    levels = Table(
        "levels",
        "Levels",
        (_cell("Criterion"), _cell("Red", "#b3261e"), _cell("Green", "#1b6e3c")),
        ((_cell("Standards"), _cell("Not met", "#b3261e"), _cell("Met", "#1b6e3c")),),
    )
    marked = Bullets((blocks("first"), blocks("second\n\n- inner")), ("(a)", "(b)"))
    sections = (
        PaperSection(
            "start",
            "1",
            "Start",
            False,
            blocks("Before the first clause."),
            (
                PaperClause("what-it-is", "1.1", "What it is", (linked, *blocks("- one\n- two"))),
                PaperClause("who-decides", "1.2", "", (*blocks("They decide:"), marked, levels)),
            ),
        ),
        PaperSection(
            "pay", "2", f"Pay {TRAP}", False, (), (PaperClause("list", "2.1", "", blocks("- x")),)
        ),
        PaperSection(
            "stages",
            "A",
            "Career stages",
            True,
            (),
            (PaperClause("matrix", "", "Matrix", (wide,)),),
        ),
    )
    return Paper(
        title=f"Procedure {TRAP}",
        organisation=HARD,
        edition="2026-27",
        notice="A worked example.",
        summary=blocks("What it is for."),
        cover=(("Status", "Draft"), ("Approved", HARD)),
        changes=(PaperChange("who-decides", "clause 1.2", blocks("Someone else decides.")),),
        sections=sections,
        stamp=STAMP,
        colour="#7a1f4b",
    )


def _cell(text: str, colour: str = "") -> Cell:
    return Cell(blocks(text), colour)


def part(data: bytes, name: str) -> Any:
    """One part of a .docx as a tree."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def names(data: bytes) -> list[str]:
    """The parts of a .docx."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.namelist()


def controls(body: Any) -> dict[str, Any]:
    """Every content control by its tag."""
    found = {}
    for control in body.iter(w("sdt")):
        tag = control.find("w:sdtPr/w:tag", NAMESPACES)
        if tag is not None:
            found[tag.get(w("val"))] = control
    return found


def read(data: bytes, made_for: Blank, house: Path = HOUSE) -> Submission:
    """What a Word file answers to the questions of a blank, whatever it says of itself."""
    return read_for(data, lambda _: made_for, house)


def words(node: Any) -> str:
    """The text of a node, line breaks kept."""
    return "".join(
        "\n" if found.tag == w("br") else found.text or "" for found in node.iter(w("t"), w("br"))
    )


def value(node: Any, path: str) -> str | None:
    """The w:val of the first node at `path`, if it is there."""
    found = node.find(path, NAMESPACES)
    return None if found is None else found.get(w("val"))
