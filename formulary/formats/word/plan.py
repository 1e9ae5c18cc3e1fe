"""What a browser needs to fill a finished Word form in as `prefill` does: the same, from JSON."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

from formulary.documents.blank import Blank
from formulary.formats.word.ooxml import CHECKED, UNCHECKED
from formulary.formats.word.prefill import DOCUMENT, PROPERTIES, prepare

Plan = dict[str, Any]
"""Anything that JSON can hold."""


def plan_of(document: bytes, blank: Blank) -> Plan:
    """The plan of a finished blank: the controls, what is around them, and all other parts.

    A part that is no text is in Base64. Raises OutputError as `prefill.prepare` does.
    """
    prepared = prepare(document, blank)
    with zipfile.ZipFile(io.BytesIO(document)) as source:
        others = [name for name in source.namelist() if name not in (DOCUMENT, PROPERTIES)]
        parts = [[name, *_part(source.read(name))] for name in others]
    return {
        "between": [text.decode() for text in prepared.between],
        "controls": [
            [
                id,
                control.question.kind,
                control.blank.decode(),
                [text.decode() for text in control.around],
                control.one_line.decode(),
                control.line_break.decode(),
                control.tab.decode(),
                list(control.options),
            ]
            for id, control in prepared.controls.items()
        ],
        "stamp": [text.decode() for text, _ in prepared.stamp],
        "parts": parts,
        "names": [PROPERTIES, DOCUMENT],
        "ticks": [UNCHECKED, CHECKED],
    }


def _part(data: bytes) -> tuple[str, int]:
    """A part as text, and 0; or in Base64, and 1."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode(), 1
    return text, 0
