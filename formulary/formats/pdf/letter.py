"""Prepare the text of a letter that is filled in, for the Typst template.

A short answer is part of its sentence; a longer one has a box of its own after the words that
lead to it, and what the sentence says after it goes on below.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from formulary.documents.blank import Part
from formulary.edition.text import FIELD, Block, Bullets, Paragraph, Run, plain
from formulary.formats.pdf.typst import Data, blocks_data


def letter_data(part: Part) -> list[Data]:
    """The letter's blocks as plain values; a box of its own is one of the kind “answer”.

    A paragraph that `leads` to such a box stays on its page.

    Raises OutputError where the letter names a question twice, or one that the part does not ask.
    """
    part.check_letter()
    boxes = frozenset(f"{FIELD}{q.id}" for q in part.questions if q.kind == "multiline")
    return _letter_blocks(part.letter, boxes)


def _letter_blocks(blocks: tuple[Block, ...], boxes: frozenset[str]) -> list[Data]:
    found: list[Data] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found += _split_at_boxes(block, boxes)
        elif isinstance(block, Bullets):
            items = [_letter_blocks(item, boxes) for item in block.items]
            found.append({"kind": "list", "items": items, "marks": list(block.marks)})
        else:
            found += blocks_data((block,))
    kinds = [str(data["kind"]) for data in found]
    return [
        {**data, "leads": kinds[place + 1 : place + 2] == ["answer"]}
        if data["kind"] == "paragraph"
        else {**data, "led": place > 0 and _leads(found[place - 1])}
        for place, data in enumerate(found)
    ]


def _leads(before: Data) -> bool:
    """Whether a block ends with a colon, and so says itself what is in the box after it."""
    runs: Any = before.get("runs", ())
    return bool(runs) and str(runs[-1]["text"]).rstrip().endswith(":")


def _split_at_boxes(paragraph: Paragraph, boxes: frozenset[str]) -> Iterator[Data]:
    """A paragraph parted at each box; what is only a full stop after a box is left out."""
    words: list[Run] = []
    for run in paragraph.runs:
        if run.target in boxes:
            yield from _paragraph(words)
            yield {"kind": "answer", "target": run.target}
            words = []
        else:
            words.append(run)
    yield from _paragraph(words)


def _paragraph(words: list[Run]) -> Iterator[Data]:
    runs = tuple(words)
    if runs:
        runs = (replace(runs[0], text=runs[0].text.lstrip()), *runs[1:])
    said = plain(runs).strip(string.punctuation + string.whitespace)
    if said or any(run.target for run in runs):
        yield from blocks_data((Paragraph(runs),))
