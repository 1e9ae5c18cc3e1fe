"""What a browser needs to fill a finished form in as `prefill` does: the same bytes, from JSON.

A plan is a `PreparedForm` written down: where each answer goes, and the objects that it changes.
The streams of the field font are in every form alike, so they are cut out of the document, and all
forms share one file of them.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from dataclasses import astuple
from functools import cache
from itertools import groupby
from typing import Any

from formulary.documents.blank import Blank
from formulary.formats.pdf import appearance, continuation, conventions
from formulary.formats.pdf.embed import font_streams
from formulary.formats.pdf.font import field_font, plain_twins, unseen_letters
from formulary.formats.pdf.objects import ObjectStart
from formulary.formats.pdf.prefill import PreparedForm, prepare

_BOX = ("width", "height", "many", "size", "colour", "side", "cells", "frame", "open_size")
"""What the plan says of a box, in this order."""

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
                slot.question.title,
                _plain(slot.field),
                [
                    [
                        _plain(place.widget),
                        [getattr(place.box, name) for name in _BOX],
                        _plain(place.drawing),
                        place.state,
                    ]
                    for place in slot.places
                ],
                slot.longest,
            ]
            for id, slot in prepared.slots.items()
        },
        "info": _plain(prepared.information),
        "name": [id for id, asked in prepared.asked.items() if asked.prefill == "staff.name"],
        "more": {_camel(key): _plain(held) for key, held in vars(prepared.continuation).items()},
        "root": prepared.root,
        "size": prepared.size,
        "previous": prepared.previous,
        "id": prepared.first_id.hex(),
    }


def _camel(name: str) -> str:
    """A name as the script has it: `pageKids`."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _plain(value: Any) -> Any:
    """A value as JSON holds it: of an object its number and its start, and bytes as letters."""
    if isinstance(value, ObjectStart):
        return value.number, _text(value.start)
    return _text(value) if isinstance(value, bytes) else value


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
        "font": conventions.FIELD_FONT,
        "fonts": conventions.DRAWING_FONTS[::-1],
        "note": conventions.continuation_note(0).removesuffix("0"),
        "continued": {
            "entry": conventions.CONTINUATION,
            "styles": {
                "main": astuple(continuation.MAIN),
                "heading": astuple(continuation.HEADING),
                "words": astuple(continuation.WORDS),
                "running": astuple(continuation.RUNNING),
            },
            "page": [continuation.PAGE_WIDTH, continuation.PAGE_HEIGHT],
            "left": continuation.LEFT,
            "width": continuation.WIDTH,
            "header": continuation.HEADER,
            "top": continuation.TOP,
            "bottom": continuation.BOTTOM,
            "footer": continuation.FOOTER,
            "shortest": continuation.SHORTEST_RUN,
            "title": continuation.TITLE,
            "warning": continuation.WARNING,
        },
        "classes": _group(letters, {letter: unicodedata.combining(letter) for letter in letters}),
        "heights": _group(letters, {letter: appearance.height_of(letter) for letter in letters}),
        "twins": plain_twins(),
        "unseen": [[run[0], len(run)] for run in _runs(sorted(unseen_letters()), {})],
    }


def _runs(codes: list[int], glyphs: Mapping[int, int]) -> list[list[int]]:
    """The codes in runs in which one follows the other, and so do their glyphs."""
    keyed = groupby(
        enumerate(codes), lambda one: (one[1] - one[0], glyphs.get(one[1], one[0]) - one[0])
    )
    return [[code for _, code in run] for _, run in keyed]


def _group(letters: list[str], numbers: Mapping[str, float]) -> dict[float, str]:
    """The letters of each number but 0."""
    wanted = sorted({number for number in numbers.values() if number})
    return {one: "".join(a for a in letters if numbers[a] == one) for one in wanted}
