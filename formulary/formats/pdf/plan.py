"""What a browser needs to fill a finished form in as `prefill` does: the same bytes, from JSON.

A plan is a `PreparedForm` written down: where each answer goes, and the objects that it changes.
The streams of the field font are in every form alike, so they are cut out of the document, and all
forms share one file of them.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from itertools import groupby
from typing import Any

from pikepdf import Stream

from formulary.documents.blank import Blank
from formulary.formats.pdf import appearance
from formulary.formats.pdf.embed import font_streams
from formulary.formats.pdf.font import field_font, plain_twins, unseen_letters
from formulary.formats.pdf.prefill import PreparedForm, prepare

Plan = dict[str, Any]
"""Anything that JSON can hold."""


def plan_of(document: bytes, blank: Blank) -> tuple[Plan, bytes]:
    """The plan of a finished blank, and the document without what all forms share.

    Raises ValueError as `prefill.prepare` does.
    """
    prepared = prepare(document, blank)
    cuts, rest = _cut_shared(document)
    return {**_plan(prepared), "cuts": cuts}, rest


def _plan(prepared: PreparedForm) -> Plan:
    return {
        "slots": {
            id: [
                slot.question.kind,
                [slot.field.number, _text(slot.field.start)] if slot.field else None,
                [
                    [
                        [place.widget.number, _text(place.widget.start)],
                        list(asdict(place.box).values()),
                        [place.drawing.number, _text(place.drawing.start)]
                        if place.drawing
                        else None,
                        place.state,
                    ]
                    for place in slot.places
                ],
                slot.longest,
            ]
            for id, slot in prepared.slots.items()
        },
        "info": [prepared.information.number, _text(prepared.information.start)],
        "root": prepared.root,
        "size": prepared.size,
        "previous": prepared.previous,
        "id": prepared.first_id.hex(),
    }


def _text(data: bytes) -> str:
    """Bytes as the letters of the same numbers, as the script takes them."""
    return data.decode("latin-1")


def _cut_shared(document: bytes) -> tuple[list[tuple[int, int]], bytes]:
    """Where in the document, once cut, a shared stream belongs: place and number; and the rest."""
    found = sorted(
        (at, number)
        for number, stream in enumerate(shared_streams())
        if (at := document.find(stream)) >= 0
    )
    out, begin, cuts = io.BytesIO(), 0, []
    for at, number in found:
        out.write(document[begin:at])
        cuts.append((out.tell(), number))
        begin = at + len(shared_streams()[number])
    out.write(document[begin:])
    return cuts, out.getvalue()


@cache
def shared_streams() -> tuple[bytes, ...]:
    """The streams that every form has in the same bytes, as they are in the file."""
    return tuple(bytes(stream.read_raw_bytes()) for stream in font_streams())


@cache
def font_table() -> Plan:
    """All that is needed to measure and draw a text in a field as `appearance` does."""
    font = field_font()
    codes = sorted(font.glyphs)
    letters = list(map(chr, codes))
    return {
        "runs": [
            [run[0], font.glyphs[run[0]], [font.widths[font.glyphs[code]] for code in run]]
            for run in _runs(codes, font.glyphs)
        ],
        "ascent": font.ascent,
        "descent": font.descent,
        "cap": font.cap_height,
        "size": appearance.SIZE,
        "smallest": appearance.SMALLEST,
        "step": appearance.STEP,
        "leading": appearance.LEADING,
        "margin": appearance.MARGIN,
        "name": appearance.FIELD_FONT,
        "classes": _group(letters, {letter: unicodedata.combining(letter) for letter in letters}),
        "heights": _group(letters, {letter: appearance.height_of(letter) for letter in letters}),
        "twins": plain_twins(),
        "unseen": [[run[0], len(run)] for run in _runs(sorted(unseen_letters()), {})],
    }


def _runs(codes: list[int], glyphs: Mapping[int, int]) -> list[list[int]]:
    """The codes in runs in which one follows the other, and so do their glyphs."""
    keyed = groupby(enumerate(codes), lambda one: (one[1] - one[0], glyphs.get(one[1], one[0]) - one[0]))
    return [[code for _, code in run] for _, run in keyed]


def _group(letters: list[str], numbers: Mapping[str, int]) -> dict[int, str]:
    """The letters of each number but 0."""
    wanted = sorted({number for number in numbers.values() if number})
    return {one: "".join(a for a in letters if numbers[a] == one) for one in wanted}
