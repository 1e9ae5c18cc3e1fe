"""Typeset data with a Typst template as a tagged PDF/UA-1 document, the same each time.

The data reaches the template as JSON, so that content is never read as Typst markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst

from formulary.content.logo import Logo
from formulary.content.typeface import Faces
from formulary.diagrams.colour import DARK, ink
from formulary.diagrams.draw import POINTS, draw
from formulary.diagrams.svg import document_ink
from formulary.diagrams.typeface import font_folder, printable, typeface_characters
from formulary.documents.blank import Blank
from formulary.documents.paper import Paper
from formulary.edition.text import FIELD, NOTE, Block, Bullets, Cell, Figure, Paragraph, Run, plain
from formulary.problems import OutputError

Data = Mapping[str, Any]

A4_INCHES = 210 / 25.4
PICTURE_WIDTH = 380
"""Pixels. A page shows the picture at 300, 128 on a phone, so it is sharp there.

A form's page stays under 400 kB.
"""

_WEB = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class BlockContext:
    """What surrounds blocks: the labels that the document has, and the colour of its pictures.

    A link to anything inside the project that is not among the labels becomes plain text. `notes`
    are the footnotes that a mark can refer to, by id.
    """

    targets: frozenset[str] = frozenset()
    colour: str = DARK
    notes: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)


NO_CONTEXT = BlockContext()


def typeset(template: Path, data: Data, faces: Faces | None = None) -> bytes:
    """Typeset `data` with the template; its folder is all that the template can read.

    A letter that the organisation's `faces` lack is in ours. Raises OutputError where the template
    is missing or wrong, or where a text holds a character that ours lacks too.
    """
    (document,) = _compile(template, data, faces, format="pdf", pdf_standards=["ua-1"])
    return document


def draw_first_page(template: Path, data: Data, faces: Faces | None = None) -> bytes:
    """The first page of what `typeset` makes, as a PNG that is `PICTURE_WIDTH` pixels wide."""
    return _compile(template, data, faces, format="png", ppi=PICTURE_WIDTH / A4_INCHES)[0]


def _compile(template: Path, data: Data, faces: Faces | None, **options: Any) -> list[bytes]:
    """What Typst makes of the data: one file, or one for each page."""
    data = _printable(data, template.name)
    if not template.is_file():
        raise OutputError(f"The template {template.as_posix()} is missing.")
    with font_folder(faces) as fonts:
        try:
            made = typst.compile(
                str(template),
                root=str(template.parent),
                font_paths=typst.Fonts(
                    include_system_fonts=False,
                    include_embedded_fonts=False,
                    font_paths=[str(fonts)],
                ),
                sys_inputs={"data": json.dumps(data, ensure_ascii=False), **_families(faces)},
                **options,
            )
        except typst.TypstError as error:
            raise OutputError(
                f"The template {template.name} cannot be typeset: {error.diagnostic or error}"
            ) from error
    return made if isinstance(made, list) else [made]


def _families(faces: Faces | None) -> dict[str, str]:
    """What house.typ sets words and titles in, where the organisation has typefaces of its own."""
    named = {"text": faces.text, "titles": faces.titles} if faces else {}
    return {part: face.family for part, face in named.items() if face}


def _printable(data: Any, template: str) -> Any:
    """The data with every text as it is drawn.

    Raises OutputError for the first text that holds a character the typeface lacks.
    """
    if isinstance(data, Mapping):
        return {key: _printable(value, template) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_printable(value, template) for value in data]
    if not isinstance(data, str):
        return data
    text, known = printable(data), typeface_characters()
    if lacking := next((letter for letter in text if letter not in known), ""):
        raise OutputError(
            f"The character “{lacking}” (U+{ord(lacking):04X}) in “{text[:60]}” is not in the "
            f"typeface of {template}. Write it another way."
        )
    return text


def blocks_data(blocks: tuple[Block, ...], context: BlockContext = NO_CONTEXT) -> list[Data]:
    """Blocks as plain values, each with its `kind`: paragraph, list, table or figure."""
    return [_block_data(block, context) for block in blocks]


def _block_data(block: Block, context: BlockContext) -> Data:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "runs": [_run_data(run, context) for run in block.runs]}
    if isinstance(block, Bullets):
        items = [blocks_data(item, context) for item in block.items]
        return {"kind": "list", "items": items, "marks": block.marks}
    if isinstance(block, Figure):
        return _figure_data(block, context)
    return {
        "kind": "table",
        "wide": block.is_wide,
        "longest": block.longest_words,
        "caption": block.caption,
        "columns": [_cell_data(cell, context) for cell in block.columns],
        "rows": [[_cell_data(cell, context) for cell in row] for row in block.rows],
    }


def attributes(source: object, *names: str) -> dict[str, Any]:
    """Attributes as a template gets them, by their names with hyphens."""
    return {name.replace("_", "-"): getattr(source, name) for name in names}


def common_data(document: Blank | Paper) -> dict[str, Any]:
    """What the template of any document gets: what and whose it is, its code and its colours."""
    return {
        **attributes(document, "title", "organisation", "edition", "notice", "colour"),
        "short-notice": "Worked example" if document.notice else "",
        "logo": _logo_data(document.logo, document.organisation),
        "code": document.stamp.code,
        "ink": ink(document.colour),
    }


def _logo_data(logo: Logo | None, organisation: str) -> Data:
    """An organisation's logo, with its name as the description; empty where there is none."""
    if logo is None:
        return {}
    shape = logo.width / logo.height
    return {"data": [*logo.data], "format": logo.ending, "shape": shape, "alt": organisation}


def _figure_data(figure: Figure, context: BlockContext) -> Data:
    """A picture as SVG; `width` is in points."""
    picture = draw(figure.diagram, document_ink(context.colour), "wide")
    return {
        "kind": "figure",
        "title": figure.title,
        "svg": picture.svg,
        "alt": picture.alt,
        "width": picture.width * POINTS,
    }


def _cell_data(cell: Cell, context: BlockContext) -> Data:
    return {"blocks": blocks_data(cell.blocks, context), "colour": cell.colour}


def _run_data(run: Run, context: BlockContext) -> Data:
    return {
        **attributes(run, "text", "strong", "emphasis", "mark"),
        "target": _target(run.target, context.targets),
        "note": _note_data(run.target, context),
    }


def _note_data(target: str, context: BlockContext) -> list[list[Data]]:
    """The paragraphs of the footnote that a mark refers to, each as runs; none for all else."""
    note = context.notes.get(target.removeprefix(NOTE), ()) if target.startswith(NOTE) else ()
    return [
        [
            _run_data(run, context)
            for run in (block.runs if isinstance(block, Paragraph) else (Run(plain((block,))),))
        ]
        for block in note
    ]


def _target(target: str, targets: frozenset[str]) -> str:
    if target in targets:
        return f"#{target}"
    return target if target.startswith((*_WEB, FIELD)) else ""
