"""Where pages of a PDF break: headings left alone, parts torn apart, a last page almost empty.

It looks at pages as poppler sees them, so a PDF that LibreOffice made of a Word file will do, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pikepdf

from tests.checkers import tools
from tests.checkers.render import POPPLER

MARGIN = 70.0
"""Points at the head and the foot of a page that hold its running lines."""

LEAST = 0.12
"""The share of a page's height that the last page has something on, at least."""

_XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class Line:
    """A line of words, or the box of an answer, which has none; from the page's top, in points."""

    words: str
    top: float
    bottom: float


def read_lines(pdf: Path) -> list[list[Line]]:
    """Of each page, what is between its running lines, from top to bottom."""
    pdftotext = tools.program("pdftotext", POPPLER)
    found = tools.run([pdftotext, "-bbox-layout", pdf, "-"])
    found = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", found)
    boxes = _read_boxes(pdf)
    pages = []
    for number, page in enumerate(ElementTree.fromstring(found).iter(f"{_XHTML}page")):
        foot = float(page.attrib["height"]) - MARGIN
        lines = [
            Line(
                " ".join(word.text or "" for word in line.iter(f"{_XHTML}word")),
                float(line.attrib["yMin"]),
                float(line.attrib["yMax"]),
            )
            for line in page.iter(f"{_XHTML}line")
        ]
        inside = [one for one in (*lines, *boxes[number]) if one.top < foot and one.bottom > MARGIN]
        pages.append(sorted(inside, key=lambda one: one.top))
    return pages


def _read_boxes(pdf: Path) -> list[list[Line]]:
    with pikepdf.open(pdf) as document:
        return [
            [
                Line("", height - float(one.Rect[3]), height - float(one.Rect[1]))
                for one in page.obj.get("/Annots", ())
                if one.get("/Subtype") == "/Widget"
            ]
            for page in document.pages
            for height in (float(page.obj.MediaBox[3]),)
        ]


def find_faults(
    pdf: Path, headings: Sequence[str], together: Sequence[Sequence[str]] = ()
) -> list[str]:
    """What a person would not have broken so; empty where all is well.

    `headings` are those of the paper; each of `together` lists headings whose parts are on one
    page, such as a decision and its signatures.
    """
    pages = read_lines(pdf)
    return [*_find_stranded(pages, headings), *_find_short_end(pages), *_find_torn(pages, together)]


def _find_stranded(pages: list[list[Line]], headings: Sequence[str]) -> Iterator[str]:
    wanted = {" ".join(heading.split()) for heading in headings}
    for number, lines in enumerate(pages[:-1], start=1):
        for line in lines[-1:]:
            if any(
                one.top < line.bottom and line.top < one.bottom for one in lines if not one.words
            ):
                continue  # a box is beside it, such as that of an option
            if re.sub(r"^[\dA-Z.]{1,5} +", "", line.words) in wanted or line.words in wanted:
                yield f"page {number} ends with the heading “{line.words}”"


def _find_short_end(pages: list[list[Line]]) -> Iterator[str]:
    if len(pages) > 1:
        used = max((line.bottom for line in pages[-1]), default=MARGIN) - MARGIN
        if used < LEAST * 842:
            yield f"the last page, {len(pages)}, holds {used:.0f} points of words and boxes"


def _find_torn(pages: list[list[Line]], together: Sequence[Sequence[str]]) -> Iterator[str]:
    for titles in together:
        places = {
            number
            for number, lines in enumerate(pages, start=1)
            for line in lines
            for title in titles
            if re.sub(r"^\d+ +", "", line.words).startswith(title)
        }
        if len(places) > 1:
            yield f"{' and '.join(titles)} are on pages {sorted(places)}"
