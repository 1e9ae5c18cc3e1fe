"""The quick way to read a Word form that came back in order: parts in, a `Submission` out.

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

LONGEST_LOOKS = 2_000
"""Bytes of run properties."""

FRAMES_KEPT = 32
"""Frames that a process remembers: a few for each form, mostly 0.1 MB each."""

_CONTROL = b"<w:sdt><w:sdtPr>"
_ABOUT_END = b"</w:sdtPr>"
_OPEN, _CLOSE = b"<w:sdtContent>", b"</w:sdtContent>"
_BINDS_2010 = b'xmlns:w14="%b"' % WORD_2010.encode()
_GAP = b"\0"
"""Stands in a frame where words were; no XML can hold it."""

_TICK = re.compile(rb'<w14:checked w14:val="([01])"/>')
_DAY = re.compile(rb'<w:date w:fullDate="[-0-9TZ:]*"(?=/?>)')
_VARIES = re.compile(
    rb'(?<=>)<w:(?:id w:val="-?[0-9]+"|showingPlcHdr|text(?: xmlns:w="%b")?(?: w:multiLine="1")?)/>'
    % WORD.encode()
)
"""What a control's properties say that tells no question apart (ECMA-376 part 1, 17.5.2)."""

_SAVING = re.compile(
    rb"<w:(p|r|tr|sectPr)"
    rb'(?: (w:rsid[A-Za-z]*|w14:paraId|w14:textId)="[0-9A-F]{8}"(?![^<>]* \2=)){1,8}(/?)>'
)
"""Marks by which Word tells one saving from another (17.15.1.70 rsid, [MS-DOCX] paraId)."""

_SOON = 10_000
"""Bytes within which a document with such marks has one."""

_TEXT = rb"(?:[^<>&\x00-\x1f\x7f]++|&(?:amp|lt|gt|quot|apos);)*+"
_WORDS = rb'<w:t(?: xml:space="preserve")?>(%b)</w:t>|<w:(br|tab)/>' % _TEXT
_LOOKS = rb"<w:rPr>(?:<[^<>]{1,300}/>){0,30}</w:rPr>"
_RUN = rb"<w:r>(?:%b)?(?:%b|<w:lastRenderedPageBreak/>)*</w:r>" % (_LOOKS, _WORDS)
_CONTENT = re.compile(
    rb'((?:<w:bookmarkStart [^<>]*/>)*)((?:%b|<w:proofErr w:type="[A-Za-z]+"/>)*)' % _RUN
)
_PIECES, _STYLES = re.compile(_WORDS), re.compile(_LOOKS)
_END_LOOKS = re.compile(rb"(?:<w:sdtEndPr/>|<w:sdtEndPr>(%b)</w:sdtEndPr>)?" % _LOOKS)
_BREAKS = {b"": b"", b"br": b"\n", b"tab": b"\t"}
_ODD_LETTERS = re.compile("[\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Letters that `plain` takes out or changes, or that XML forbids."""

_STYLING = frozenset(
    w(name)
    for name in (
        *("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "color"),
        *("spacing", "kern", "position", "sz", "szCs", "highlight", "u", "shd", "vertAlign"),
        *("lang", "noProof", "webHidden"),
    )
)
"""Run properties that say how words look and no more (17.3.2)."""

_BLANK = Answer("blank")


class _Odd(Exception):  # noqa: N818 - no error: a reason to read with care
    """Something in a file is not as in a form that was only filled in."""


def read_quick(parts: Parts, blank_for: BlankFor) -> Submission | None:
    """The answers of a Word file that is in order; None where it may not be."""
    identity = read_identity(parts.custom)
    if identity is None:
        return None
    try:
        blank = blank_for(identity)
        _need(identity.stamp.asks_as(blank.stamp))
        frame, held = _cut(parts.main)
        places = _met(frame).places(parts, blank)
        _need(len(held) == len(set(places.values())))
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
    for following in (b"<w:t>", b"<w:t "):
        runs = runs.replace(b"</w:t>" + following, b"</w:t><w:br/>" + following)
    found = _PIECES.findall(runs)
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
    if _SAVING.search(main, 0, _SOON):
        _need(_BINDS_2010 in main[: main.find(b"<w:body")])
        main = _SAVING.sub(rb"<w:\1\3>", main)
    before, *after = main.split(_OPEN)
    kept: list[bytes] = []
    held: list[_Held] = []
    for piece in after:
        content, closed, rest = piece.partition(_CLOSE)
        outside, about, ticked = _parted(before)
        kept += outside, about, _OPEN
        if not closed:  # a control around others, as LibreOffice sets them
            _need(ticked is None)
            before = piece
            continue
        found = _CONTENT.fullmatch(content)
        if found is None:
            raise _Odd
        kept += found[1], _GAP, _CLOSE
        held.append(_Held(found[2], ticked))
        before = rest
    kept.append(before)
    _need(all(map(_only_looks, set(_STYLES.findall(b"".join(one.runs for one in held))))))
    return b"".join(kept), held


def _parted(before: bytes) -> tuple[bytes, bytes, bool | None]:
    """What stands before a control's properties; these, without what varies; and its tick.

    LibreOffice sets the looks of the paragraph before a control (17.3.1.29 rPr) by its answer.
    """
    at = before.rfind(_CONTROL)
    outside, (about, ended, more) = before[:at], before[at:].partition(_ABOUT_END)
    ticks = _TICK.findall(about) if b"checked" in about else []
    end = _END_LOOKS.fullmatch(more)
    if at < 0 or not end or (end[1] and not _only_looks(end[1])) or len(ticks) > 1:
        raise _Odd
    if ticks:
        about = _TICK.sub(b"<w14:gone/>", about)
    if b"fullDate" in about:
        about = _DAY.sub(b"<w:date", about)
    if outside.endswith(b"</w:rPr></w:pPr>"):
        outside = _without_looks(outside)
    return outside, _VARIES.sub(b"", about) + ended, ticks[0] == b"1" if ticks else None


def _without_looks(outside: bytes) -> bytes:
    """The same without the run properties at its end, where they are nothing but looks."""
    start, end = outside.rfind(b"<w:rPr>"), len(outside) - len(b"</w:pPr>")
    looks = outside[start:end]
    if len(looks) > LONGEST_LOOKS or not _only_looks(looks):
        return outside
    return outside[:start] + outside[end:]


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
        self.frame = frame
        self.blank: Blank | None = None
        self.tried = False
        self.found: Mapping[str, int] = {}

    def places(self, parts: Parts, blank: Blank) -> Mapping[str, int]:
        """The number of the gap for each question of `blank`. Raises _Odd where it is not known."""
        if self.blank is not blank:
            self.blank, self.tried, self.found = blank, False, {}
        elif not self.tried:
            self.tried = True
            self.found = _tried(self.frame, parts, blank)
        _need(bool(self.found))
        return self.found


_met = lru_cache(maxsize=FRAMES_KEPT)(_Frame)


def _tried(frame: bytes, parts: Parts, blank: Blank) -> dict[str, int]:
    """The gap in which the careful way finds each answer; raises _Odd if it finds anything else."""
    first, *pieces = frame.split(_GAP)
    words = [f"Word of gap {number}" for number in range(len(pieces))]
    runs = [f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>".encode() for text in words]
    main = first + b"".join(run + piece for run, piece in zip(runs, pieces, strict=True))
    _need(b"<!" not in main and main.count(b"<?") == main.startswith(b"<?xml "))
    _need(main.count(b"<") == main.count(b">"))  # so that ">" is the end of a tag, wherever
    encoding = tree_of(parts.name, main).getroottree().docinfo.encoding
    _need(str(encoding).upper() == "UTF-8")
    read = read_carefully(replace(parts, main=main), lambda _: blank)
    _need(not (read.altered or read.unknown or read.remarks))
    gaps = {text: number for number, text in enumerate(words)}
    _need(all(one.value in gaps and not one.beside for one in read.answers.values()))
    places = {id: gaps[one.value] for id, one in read.answers.items()}
    _need(set(places.values()) == set(gaps.values()))
    return places
