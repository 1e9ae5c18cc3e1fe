"""A small blank form and a small policy paper that show every kind of thing once."""

from __future__ import annotations

from dataclasses import replace

from formulary.documents.blank import Blank, Column, Grid, Part, Question, Row
from formulary.documents.paper import Paper, PaperChange, PaperClause, PaperSection
from formulary.documents.stamp import Stamp
from formulary.edition.text import Bullets, Cell, Table, blocks

HARD = "Żółć O'Neil & <Sons>"
STAMP = Stamp("sample-form", "sample", 2026, "2026-27", "0123456789abcdef")
NOTICE = "Worked example: this is not the organisation’s own policy."


def sample_blank() -> Blank:
    """A form with each kind of question, a table over two pages, and numbered blocks."""
    parts = (
        Part(
            "header",
            "Whose review this is",
            blocks("Fill this **in**."),
            _header(),
            None,
            "clause 1",
        ),
        Part("objectives", "Objectives", (), (), _objectives(8)),
        Part("areas", "Areas", (), (), _areas()),
        Part("signatures", "Signatures", (), _signatures(), None, "section 8"),
    )
    return Blank(
        id="sample-form",
        title="Sample form",
        organisation="Sample Trust",
        edition="2026-27",
        marking="Confidential",
        notice=NOTICE,
        guidance=blocks("See [the web](https://example.org/) and [a clause](clause:appeals)."),
        parts=parts,
        stamp=STAMP,
        colour="#1d4f6e",
    )


def with_value(blank: Blank, id: str, value: str) -> Blank:
    """The same blank with one question of a part prefilled."""
    parts = tuple(
        replace(
            part,
            questions=tuple(replace(q, value=value) if q.id == id else q for q in part.questions),
        )
        for part in blank.parts
    )
    return replace(blank, parts=parts)


def _header() -> tuple[Question, ...]:
    return (
        Question("name", "Name", "Name", "text", required=True, value=HARD),
        Question("job", "Job title", "Job title", "text"),
        Question("starts", "Cycle from", "Cycle from", "date", value="01/09/2026"),
        Question("ends", "Cycle to", "Cycle to", "date"),
        Question(
            "stage", "Career stage", "Career stage", "choice", options=("M1", "M2"), value="M2"
        ),
        Question("pay", "Pay level", "Pay level", "text", hint="Each year", format="money"),
        Question("notes", "Notes", "Notes", "multiline", lines=5, value=f"One\n\n{HARD} " * 2),
    )


def _objectives(count: int) -> Grid:
    labels = ("Objective", "Measures", "Met")
    kinds = ("multiline", "text", "checkbox")
    return Grid(
        "objectives",
        "Objective",
        tuple(Column(label, "") for label in labels),
        tuple(
            Row(
                f"Objective {n}",
                str(n),
                (),
                tuple(
                    Question(
                        f"objectives_{n}_{label.lower()}",
                        f"Objective {n}: {label}",
                        label,
                        kind,
                        lines=6,
                    )  # type: ignore[arg-type]
                    for label, kind in zip(labels, kinds, strict=True)
                ),
            )
            for n in range(1, count + 1)
        ),
    )


def _areas() -> Grid:
    return Grid(
        "areas",
        "Area",
        (Column("View", ""), Column("Evidence", "")),
        tuple(
            Row(
                f"Area {name}",
                name,
                blocks("- **M1:** Competent.\n- **M2:** Confident."),
                (
                    Question(
                        f"areas_{name}_view",
                        f"Area {name}: View",
                        "View",
                        "choice",
                        options=("M1", "M2"),
                    ),
                    Question(
                        f"areas_{name}_evidence",
                        f"Area {name}: Evidence",
                        "Evidence",
                        "multiline",
                        lines=3,
                    ),
                ),
            )
            for name in ("practice", "conduct")
        ),
    )


def _signatures() -> tuple[Question, ...]:
    return (
        Question("signed", "Signed (reviewer)", "Signed (reviewer)", "text", signature=True),
        Question("signed_date", "Signed (reviewer): date", "Date", "date"),
        Question("agreed", "I agree", "I agree", "checkbox", value="yes"),
        Question("disputed", "I dispute this", "I dispute this", "checkbox"),
    )


def sample_paper() -> Paper:
    """A policy with numbered clauses, lists, links, a table, a wide appendix and a plain one."""
    words = "Managers support how staff perform. " * 12
    sections = tuple(
        PaperSection(
            f"part-{n}",
            str(n),
            f"Part number {n}",
            False,
            (),
            (
                PaperClause(f"first-{n}", f"{n}.1", f"Opening {n}", blocks(words)),
                PaperClause(
                    f"second-{n}",
                    f"{n}.2",
                    "",
                    blocks(
                        "Text with #markup $x$ @nobody <b>, see [the appeal](clause:first-6), "
                        "[part 2](section:part-2), [a form](form:sample-form) and "
                        "[the web](https://example.org/a#b)."
                    ),
                ),
                PaperClause(
                    f"third-{n}",
                    f"{n}.3",
                    "",
                    (Bullets((blocks("one"), blocks("two")), marks=("(a)", "(b)")),),
                ),
                PaperClause(f"fourth-{n}", f"{n}.4", "", (_table(3, "Three columns"),)),
            ),
        )
        for n in range(1, 7)
    )
    appendices = (
        PaperSection(
            "stages",
            "A",
            "Career stages",
            True,
            blocks("The stages."),
            (
                PaperClause("stage-words", "", "How to read it", blocks("Across.")),
                PaperClause("stage-table", "", "Matrix", (_table(6, "Matrix"),)),
            ),
        ),
        PaperSection("sample", "B", "Sample form", True, blocks("What it asks."), ()),
    )
    return Paper(
        title="Sample policy",
        organisation="Sample Trust",
        edition="2026-27",
        notice=NOTICE,
        summary=blocks("How performance is reviewed."),
        cover=(("Edition", "2026-27"), ("Status", "Draft")),
        changes=(PaperChange("first-2", "clause 2.1", blocks("A word was changed.")),),
        sections=(*sections, *appendices),
        stamp=Stamp("policy", "sample", 2026, "2026-27", "fedcba9876543210"),
        colour="#1d4f6e",
    )


def _table(columns: int, caption: str) -> Table:
    colours = ("", "#b3261e", "#2e7d32")
    name = "Column" if columns < 6 else "Responsibility"
    return Table(
        "table",
        caption,
        tuple(Cell(blocks(f"{name} {n}")) for n in range(columns)),
        tuple(
            tuple(Cell(blocks(f"Cell {row}.{n} & words"), colours[n % 3]) for n in range(columns))
            for row in range(3)
        ),
    )
