"""Write words that were made bold, slanted or a link on paper with the marks of light Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from formulary.edition.rewording import PLAIN, PrintedPiece, TextStyle, printed_paragraphs

_BEFORE = re.compile(r"[*_\[]*\Z")
_AFTER = re.compile(r"(?:[*_]|\]\([^()\s]*\))*")
"""Marks that may be before the first and after the last printed letter of a paragraph."""


def restyle(
    source: str, values: Mapping[str, str], wanted: Sequence[TextStyle | None]
) -> str | None:
    """The text with the style that is wanted of each printed letter, blanks left out.

    None for a letter leaves its style. Gives None where the letters are not those that the text
    prints, or Markdown cannot say it.
    """
    paragraphs = printed_paragraphs(source, values)
    left = list(wanted)
    made = source
    expected: list[TextStyle] = []
    changed: list[tuple[Sequence[PrintedPiece], list[PrintedPiece]]] = []
    for pieces in paragraphs:
        styled: list[PrintedPiece] = []
        for piece in pieces:
            length = len("".join(piece.words.split()))
            here, left = left[:length], left[length:]
            if len(here) < length:
                return None
            style = next((one for one in here if one is not None), None) or piece.style
            if piece.expression:
                style = style._replace(target=piece.style.target)
                if any((one or piece.style)._replace(target=style.target) != style for one in here):
                    return None  # only some letters of a fact, which is one piece of the source
            styled.append(replace(piece, style=style))
            expected += [style] * length
        if any(one.style != other.style for one, other in zip(pieces, styled, strict=True)):
            changed.append((pieces, styled))
    if left:
        return None
    for before, styled in reversed(changed):
        start, end = before[0].start, before[-1].end
        start -= len(_BEFORE.findall(source[:start])[0])
        after = _AFTER.match(source, end)
        end = after.end() if after else end
        made = made[:start] + _write(source, _with_blanks(styled)) + made[end:]
    again = printed_paragraphs(made, values)
    styles = [p.style for one in again for p in one for _ in "".join(p.words.split())]
    words = ["".join(p.words for p in one) for one in again]
    is_same = words == ["".join(p.words for p in one) for one in paragraphs]
    return made if is_same and styles == expected else None


def _with_blanks(pieces: Sequence[PrintedPiece]) -> list[PrintedPiece]:
    """The pieces, with blanks in the style that is on both sides of them."""
    made = list(pieces)
    for at, piece in enumerate(pieces):
        if piece.words.strip():
            continue
        before = next((one.style for one in reversed(pieces[:at]) if one.words.strip()), PLAIN)
        after = next((one.style for one in pieces[at + 1 :] if one.words.strip()), PLAIN)
        made[at] = replace(
            piece,
            style=TextStyle(
                before.strong and after.strong,
                before.emphasis and after.emphasis,
                before.target if before.target == after.target else "",
            ),
        )
    return made


def _write(source: str, pieces: Sequence[PrintedPiece]) -> str:
    """The pieces as they are written, each run of one style between its marks."""
    written = ""
    for target, linked in groupby(pieces, key=lambda piece: piece.style.target):
        inner = ""
        for strong, bold in groupby(linked, key=lambda piece: piece.style.strong):
            words = ""
            for emphasis, run in groupby(bold, key=lambda piece: piece.style.emphasis):
                typed = "".join(source[piece.start : piece.end] for piece in run)
                words += f"*{typed}*" if emphasis else typed
            inner += f"**{words}**" if strong else words
        written += f"[{inner}]({target})" if target else inner
    return written
