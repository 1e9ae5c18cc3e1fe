"""The quick way to read a Word form that came back in order: parts come in, a `Submission` goes out.

The main part is cut into its frame, which is all that stands around the words in its controls, and
those words. A frame that comes a second time is tried once: with a word of our own in each control
it is read with care. If each word is then the answer to a question and nothing is odd, what other
files with the same frame have in these controls are their answers. Of any file that cannot be cut
so, or whose frame is new or odd, this way gives None, and the careful way must say what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from formulary.formats.word.careful import read_carefully, value_of
from formulary.formats.word.parts import STRICT, Parts, tree_of
from formulary.formats.word.tags import WORD, WORD_2010, read_identity, w
from formulary.model.blank import Blank
from formulary.model.submission import Answer, BlankFor, CannotRead, Submission

LONGEST = 1_000_000
"""Bytes of a main part that is read quickly."""

FRAMES_KEPT = 32
"""Frames that a process remembers: a few for each form, mostly 0.1 MB each."""

_CONTROL = b"<w:sdt><w:sdtPr>"
_ABOUT_END = b"</w:sdtPr>"
_OPEN, _CLOSE = b"<w:sdtContent>", b"</w:sdtContent>"
_GAP = b"\0"
"""Stands in a frame where words were; no XML can hold it."""

_TICK = re.compile(rb'<w14:checked w14:val="([01])"/>')
_DAY = re.compile(rb'<w:date w:fullDate="[-0-9TZ:]*"')
_VARIES = re.compile(
    rb'<w(?::id w:val="-?[0-9]+"|:showingPlcHdr|14:checked w14:val="[01]"'
    rb'|:text(?: xmlns:w="%b")?(?: w:multiLine="1")?)/>' % WORD.encode()
)
"""What a control's properties say that tells no question apart (ECMA-376 part 1, 17.5.2)."""

_SAVING = re.compile(
    rb"<w:(p|r|tr|sectPr)"
    rb'(?: (w:rsid[A-Za-z]*|w14:paraId|w14:textId)="[0-9A-F]{8}"(?![^<>]* \2=))+(/?)>'
)
"""Marks by which Word tells one saving from another (17.15.1.70 rsid, [MS-DOCX] 2.2.4 paraId)."""

_TEXT = rb"(?:[^<>&\x00-\x1f\x7f]++|&(?:amp|lt|gt|quot|apos);)*+"
_STYLE = rb"<w:rPr>(?:<[^<>]+/>)*</w:rPr>"
_WORDS = rb'<w:t(?: xml:space="preserve")?>(%b)</w:t>|<w:(br|tab)/>' % _TEXT
_CONTENT = re.compile(
    rb"((?:<w:bookmark(?:Start|End)(?: [^<>]*)?/>)*)((?:<w:r>(?:%b)?(?:%b)*</w:r>)*)"
    % (_STYLE, _WORDS)
)
_STYLES, _PIECES = re.compile(_STYLE), re.compile(_WORDS)
_BREAKS = {b"": b"", b"br": b"\n", b"tab": b"\t"}
_ODD_LETTERS = re.compile("[\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Letters that `plain` takes out or changes, or that XML forbids."""

_STYLING = frozenset(
    w(name)
    for name in (
        "rStyle rFonts b bCs i iCs caps smallCaps strike color spacing kern position sz szCs "
        "highlight u shd vertAlign lang noProof webHidden"
    ).split()
)
"""Run properties that say how words look and no more (17.3.2)."""

_BLANK = Answer("blank")


class _Odd(Exception):  # noqa: N818 - no error: a reason to read with care
    """Something in a file is not as in a form that was only filled in."""


def read_quick(parts: Parts, blank_for: BlankFor) -> Submission | None:
    """The answers of a Word file that is in order; None where it may not be."""
    try:
        identity = read_identity(parts.custom)
        _need(identity is not None)
        assert identity
        blank = blank_for(identity)
        _need(identity.stamp.asks_as(blank.stamp))
        frame, held = _cut(parts.main)
        places = _frame(frame).places(parts, blank)
        _need(places is not None)
        assert places is not None
        return Submission(identity, "Word", dict(_answers(blank, places, held)))
    except (_Odd, CannotRead, UnicodeDecodeError):  # the careful way finds what is wrong
        return None


def _need(right: bool) -> None:
    if not right:
        raise _Odd


@dataclass(frozen=True, slots=True)
class _Held:
    """What a control holds: its words, as runs, and its tick where it is a check box."""

    runs: bytes
    ticked: bool | None


def _answers(
    blank: Blank, places: Mapping[str, int], held: list[_Held]
) -> Iterator[tuple[str, Answer]]:
    for question in blank.questions():
        found = held[places[question.id]]
        value = value_of(question, _words(found.runs))
        if question.kind == "checkbox" and found.ticked is not None:
            _need(value == ("yes" if found.ticked else ""))
        yield question.id, Answer("answered", value) if value else _BLANK


def _words(runs: bytes) -> str:
    """The words of runs; `w:t` after `w:t` is a new line, as the careful way has it."""
    found = _PIECES.findall(runs.replace(b"</w:t><w:t", b"</w:t><w:br/><w:t"))
    text = b"".join([words or _BREAKS[mark] for words, mark in found]).decode()
    if "&" in text:
        for name, letter in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'"), ("amp", "&")):
            text = text.replace(f"&{name};", letter)
    _need(text.isascii() or not _ODD_LETTERS.search(text))
    _need(not text.startswith("\n"))
    return text


def _cut(main: bytes) -> tuple[bytes, list[_Held]]:
    """The frame of a main part, and what its controls hold, those around other controls aside."""
    _need(len(main) <= LONGEST and STRICT not in main)
    if b"rsidR" in main or b"paraId" in main:
        main = _SAVING.sub(rb"<w:\1\3>", main)
    before, *after = main.split(_OPEN)
    kept: list[bytes] = []
    held: list[_Held] = []
    for piece in after:
        content, closed, rest = piece.partition(_CLOSE)
        outside, about = _parted(before)
        ticks = _TICK.findall(about) if b"checked" in about else []
        if b"fullDate" in about:
            about = _DAY.sub(b"<w:date", about)
        kept += outside, _VARIES.sub(b"", about), _ABOUT_END, _OPEN
        if not closed:  # a control around others, as LibreOffice sets them
            _need(not ticks)
            before = piece
            continue
        found = _CONTENT.fullmatch(content)
        _need(len(ticks) <= 1 and found is not None)
        assert found
        _need(all(map(_only_looks, _STYLES.findall(found[2]))))
        kept += found[1], _GAP, _CLOSE
        held.append(_Held(found[2], ticks[0] == b"1" if ticks else None))
        before = rest
    kept.append(before)
    return b"".join(kept), held


def _parted(before: bytes) -> tuple[bytes, bytes]:
    """What stands before a control's properties, and the properties.

    LibreOffice sets the looks of the paragraph before a control (17.3.1.29 rPr) by its answer.
    """
    at = before.rfind(_CONTROL)
    about, _, none = before[at:].partition(_ABOUT_END)
    _need(at >= 0 and not none)
    outside = before[:at]
    if outside.endswith(b"</w:rPr></w:pPr>"):
        start = outside.rfind(b"<w:rPr>")
        if _only_looks(outside[start : -len(b"</w:pPr>")]):
            outside = outside[:start] + b"</w:pPr>"
    return outside, about


@lru_cache(maxsize=256)
def _only_looks(style: bytes) -> bool:
    """Whether run properties are whole, and nothing but looks."""
    try:
        root = etree.fromstring(b'<w:r xmlns:w="%b">%b</w:r>' % (WORD.encode(), style))
    except etree.XMLSyntaxError:
        return False
    return len(root) == 1 and all(node.tag in _STYLING and not len(node) for node in root[0])


class _Frame:
    """A frame that a process has met, and what came of trying it."""

    def __init__(self, frame: bytes) -> None:
        self.pieces = frame.split(_GAP)
        self.blank: Blank | None = None
        self.found: dict[str, int] | None = None

    def places(self, parts: Parts, blank: Blank) -> Mapping[str, int] | None:
        """The gap for each question of `blank`; None where the frame is new or odd."""
        if self.blank is not blank:
            self.blank, self.found, self.tried = blank, None, False
        elif not self.tried:
            self.tried = True
            self.found = self.tried_out(parts, blank)
        return self.found

    def tried_out(self, parts: Parts, blank: Blank) -> dict[str, int] | None:
        """Where the careful way finds each answer, if it finds nothing else."""
        words = [f"Word of gap {number}" for number in range(len(self.pieces) - 1)]
        runs = [f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>".encode() for text in words]
        main = b"".join(
            piece for pair in zip(self.pieces, [*runs, b""], strict=True) for piece in pair
        )
        tree = tree_of(parts.name, main)
        encoding = tree.getroottree().docinfo.encoding or ""
        hidden = b"<!" in main or main.count(b"<?") != main.startswith(b"<?xml ")
        ticks = next(tree.iter(f"{{{WORD_2010}}}checked"), None)
        if hidden or encoding.upper() != "UTF-8" or ticks is not None:
            return None
        read = read_carefully(replace(parts, main=main), lambda _: blank)
        numbers = {text: number for number, text in enumerate(words)}
        answers = read.answers.items()
        odd = read.altered or read.unknown or read.remarks
        if odd or any(one.beside or one.value not in numbers for _, one in answers):
            return None
        return {id: numbers[one.value] for id, one in answers}


_frame = lru_cache(maxsize=FRAMES_KEPT)(_Frame)
