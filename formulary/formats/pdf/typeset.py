"""A Typst template and its data come in; a tagged PDF/UA-1 document goes out, the same each time.

The data reaches the template as JSON, so that content is never read as Typst markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typst

from formulary.formats.pdf.font import font_folder, typeface_characters
from formulary.model.text import Block, Bullets, Cell, Paragraph, Run
from formulary.problems import OutputError

Data = Mapping[str, Any]
Targets = frozenset[str]

_WEB = ("http://", "https://", "mailto:")

_DARK = "#1b1b1b"
_TEXT_CONTRAST = 4.5


def typeset(template: Path, data: Data) -> bytes:
    """Typeset `data` with the template; its folder is all that the template can read.

    Raises OutputError where the template is missing or wrong, or where a text holds a character
    that the typeface lacks.
    """
    _check_characters(data, template.name)
    if not template.is_file():
        raise OutputError(f"The template {template.as_posix()} is missing.")
    with font_folder() as fonts:
        try:
            document = typst.compile(
                str(template),
                root=str(template.parent),
                font_paths=typst.Fonts(
                    include_system_fonts=False,
                    include_embedded_fonts=False,
                    font_paths=[str(fonts)],
                ),
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=["ua-1"],
                format="pdf",
            )
        except typst.TypstError as error:
            raise OutputError(
                f"The template {template.name} cannot be typeset: {error.diagnostic or error}"
            ) from error
    return document


def _check_characters(data: Any, template: str) -> None:
    """Raise OutputError for the first text that holds a character the typeface lacks."""
    for text in _texts(data):
        lacking = next((c for c in text if c != "\n" and ord(c) not in typeface_characters()), None)
        if lacking is not None:
            raise OutputError(
                f"The character “{lacking}” (U+{ord(lacking):04X}) in “{text[:60]}” is not in the "
                f"typeface of {template}. Write it another way."
            )


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)


def blocks_data(blocks: tuple[Block, ...], targets: Targets = frozenset()) -> list[Data]:
    """Blocks as plain values, each with its `kind`: paragraph, list or table.

    `targets` are the labels that the document has; a link to anything else inside the project
    becomes plain text.
    """
    return [_block_data(block, targets) for block in blocks]


def _block_data(block: Block, targets: Targets) -> Data:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "runs": [_run_data(run, targets) for run in block.runs]}
    if isinstance(block, Bullets):
        return {
            "kind": "list",
            "items": [blocks_data(item, targets) for item in block.items],
            "marks": list(block.marks),
        }
    return {
        "kind": "table",
        "caption": block.caption,
        "columns": [_cell_data(cell, targets) for cell in block.columns],
        "rows": [[_cell_data(cell, targets) for cell in row] for row in block.rows],
    }


def _cell_data(cell: Cell, targets: Targets) -> Data:
    return {"blocks": blocks_data(cell.blocks, targets), "colour": cell.colour}


def _run_data(run: Run, targets: Targets) -> Data:
    return {
        "text": run.text,
        "strong": run.strong,
        "emphasis": run.emphasis,
        "target": _target(run.target, targets),
    }


def _target(target: str, targets: Targets) -> str:
    if target in targets:
        return f"#{target}"
    return target if target.startswith(_WEB) else ""


def ink(colour: str) -> str:
    """The organisation's colour where words in it can be read on white, else near-black.

    The limit is 4.5:1 (WCAG 2.2, 1.4.3).
    """
    return colour if contrast_on_white(colour) >= _TEXT_CONTRAST else _DARK


def contrast_on_white(colour: str) -> float:
    """The contrast ratio of a colour such as #1d4f6e on white (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
