"""The readers of returned forms: a spoilt form is read as `collect` reads it, or refused."""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
import zlib
from copy import deepcopy
from dataclasses import replace
from functools import cache, partial
from random import Random
from typing import Any

import pikepdf
from lxml import etree

from formulary.documents.blank import Blank
from formulary.formats.pdf.form import write_blank as write_pdf
from formulary.formats.pdf.prefill import prepare as prepare_pdf
from formulary.formats.word.form import write_blank as write_word
from formulary.formats.word.prefill import prepare as prepare_word
from formulary.pipeline import sandbox
from formulary.problems import CATALOGUE
from formulary.returns.returned_file import ReturnedFile, returned_file_from
from formulary.returns.submission import CannotRead, Submission
from tests.formats.pdf.samples import sample_blank
from tests.formats.word.samples import HOUSE
from tests.formats.word.samples import blank as word_blank
from tests.fuzz.target import PIECES, Attempt, Target, mutated_bytes

LONGEST_INPUT = 1_000_000
"""Bytes."""

LONGEST_MESSAGE = 400
"""Letters that a reason may have, whatever stands in the file."""


def attempt(data: bytes, blank: Blank) -> Submission | CannotRead:
    """Read a file as a reading process does. Raises AssertionError for an outcome that is none."""
    sandbox._blanks = {blank.id: blank}
    outcome = sandbox.read_one(data)
    if isinstance(outcome, sandbox.BlankWanted):  # a form of another edition is read again
        outcome = sandbox.read_one(data, blank)
    assert not isinstance(outcome, sandbox.BlankWanted)
    assert_sound(outcome, blank)
    return outcome


def assert_sound(outcome: Submission | CannotRead, blank: Blank) -> None:
    """Whether it can be kept, shown and filed, whatever stood in the file."""
    if isinstance(outcome, CannotRead):
        assert CATALOGUE[outcome.kind.code] is outcome.kind
        assert outcome.kind.remedy
        assert 0 < len(outcome.message) <= LONGEST_MESSAGE, len(outcome.message)
        assert_showable(outcome.message)
        return
    assert list(outcome.answers) == [question.id for question in blank.questions()]
    record = ReturnedFile("form", None, "0" * 64, outcome)
    kept = json.dumps(record.as_data(), ensure_ascii=False).encode()
    assert returned_file_from(json.loads(kept)) == record
    for answer in outcome.answers.values():
        assert answer.state == "answered" or not answer.value
        assert_showable(answer.value + answer.beside)
    said = (*outcome.altered, *outcome.remarks)
    for text in (*said, *outcome.unknown, *outcome.unknown.values(), outcome.identity.person):
        assert_showable(text)
    assert all(len(text) <= LONGEST_MESSAGE for text in said)


def assert_showable(text: str) -> None:
    """Whether a terminal, a workbook and a text file can show it, and nothing in it steers them."""
    odd = {c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"}
    assert not odd, odd


# Word

_PARTS = ("word/document.xml", "word/document.xml", "word/footer1.xml", "docProps/custom.xml")


@cache
def word_seeds() -> tuple[bytes, ...]:
    """A filled form as ours writes it, and with what other programs leave out."""
    values = {"reviewee": "Ann Ng", "cycle_to": "31/08/2027", "level": "Blue", "notes": "a\nb"}
    blank = word_blank()
    filled = prepare_word(write_word(blank, HOUSE), blank).fill(values, "P7")
    parts = _unpacked(filled)
    kept = {name: data for name, data in parts.items() if name in {*_PARTS, "[Content_Types].xml"}}
    kept |= {name: data for name, data in parts.items() if name.startswith("word/footer")}
    body = kept["word/document.xml"]
    bare = re.sub(rb"<w:(tag|alias) [^>]*/>", b"", body)
    unnamed = {name: data for name, data in kept.items() if name != "docProps/custom.xml"}
    return (
        _packed(kept),
        _packed({**kept, "word/document.xml": bare}),
        _packed(unnamed),
    )


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def mutated_word(data: bytes, chance: Random) -> bytes:
    """A spoilt Word file: mostly one of its parts, as XML or as text; else the file as bytes."""
    try:
        parts = _unpacked(data)
        name = chance.choice([name for name in parts if name.endswith(".xml")])
        if chance.random() < 0.7:
            name = "word/document.xml"
        way = chance.random()
        if way < 0.1:
            return mutated_bytes(data, chance)
        parts[name] = (mutated_bytes if way < 0.3 else _mutated_xml)(parts[name], chance)
        return _packed(parts)
    except Exception:  # an input that is no package any more
        return mutated_bytes(data, chance)


def _mutated_xml(data: bytes, chance: Random) -> bytes:
    root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False))
    for _ in range(chance.choice((1, 2, 5))):
        nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
        if nodes:
            _spoil(chance.choice(nodes), chance.choice(nodes), chance)
    return bytes(etree.tostring(root, encoding="UTF-8"))


def _spoil(node: Any, other: Any, chance: Random) -> None:
    """Change one element, by itself or by another of its document."""
    way = chance.randrange(8)
    if way == 0 and node.getparent() is not None:
        node.getparent().remove(node)
    elif way == 1:
        other.append(deepcopy(node))
    elif way == 2:
        node.addprevious(deepcopy(other))
    elif way == 3:
        node.tag = other.tag
    elif way == 4 and node.attrib:
        name = chance.choice(list(node.attrib))
        node.set(name, _text(chance) if chance.random() < 0.5 else "".join(other.attrib.values()))
    elif way == 5 and node.attrib:
        del node.attrib[chance.choice(list(node.attrib))]
    elif way == 6:
        node.text = _text(chance)
    elif way == 7:
        for _ in range(chance.choice((3, 300))):
            inner = etree.SubElement(node, node.tag)
            node = inner


def _text(chance: Random) -> str:
    piece = chance.choice(PIECES)
    text = piece if isinstance(piece, str) else piece.decode("utf-8", "replace")
    return re.sub("[\0-\x08\x0b-\x1f\ufffe\uffff]", "", text)


# PDF

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_TRAILER = re.compile(rb"trailer\s*(<<.*?>>)\s*startxref", re.DOTALL)
_TOKEN = re.compile(
    rb"\d+ 0 R|/[^\s/<>()\[\]]*|[-+.\d]+|\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f]*>|<<|>>|\[|\]|\w+"
)
_STREAM = re.compile(rb"\bstream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def pdf_blank() -> Blank:
    """A form with each kind of question, and few of them."""
    blank = sample_blank()
    return replace(blank, parts=tuple(part for part in blank.parts if part.id != "objectives"))


@cache
def pdf_seeds() -> tuple[bytes, ...]:
    """A filled form without its typefaces, as ours writes it and as others save it."""
    blank = pdf_blank()
    values = {"name": "Ann Ng", "ends": "31/08/2027", "stage": "M1", "notes": "One\n\nTwo"}
    filled = prepare_pdf(write_pdf(blank, HOUSE), blank).fill(values, "P7")
    out = []
    ways: tuple[dict[str, Any], ...] = (
        {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    )
    for saving in ways:
        with pikepdf.open(io.BytesIO(filled)) as document:
            for held in document.objects:
                if isinstance(held, pikepdf.Dictionary) and "/FontFile2" in held:
                    held.FontFile2 = document.make_stream(b"x")
            made = io.BytesIO()
            document.save(made, **saving)
            out.append(made.getvalue())
    note = b"<</Subtype/FreeText/Rect[90 600 300 640]/Contents(Typed)>>"
    signed = b"<</FT/Sig/T(s)/V<</ByteRange[0 5 10 99]>>/Kids[1 0 R]>>"
    rich = b"<</FT/Tx/T(job)/TU(Job title)/RV(<p>a</p>)/Subtype/Widget/Rect[9 9 99 99]>>"
    return (*out, out[0], _assembled(*_taken(out[0], {9001: note, 9002: signed, 9003: rich})))


def _taken(data: bytes, more: dict[int, bytes] | None = None) -> tuple[dict[int, bytes], bytes]:
    """The objects of a PDF by number, with some added to its fields and pages; and its trailer."""
    objects = {int(number): body for number, body in _OBJECT.findall(data)}
    trailers = _TRAILER.findall(data)
    for number, body in (more or {}).items():
        objects[number] = body
        for place, held in objects.items():
            listed = re.sub(rb"/(Fields|Annots)\s*\[", rb"/\1 [%d 0 R " % number, held)
            objects[place] = listed
    return objects, trailers[-1] if trailers else b"<</Root 1 0 R>>"


def _assembled(objects: dict[int, bytes], trailer: bytes) -> bytes:
    """A PDF of these objects with a table that is right."""
    out = bytearray(b"%PDF-1.7\n")
    table = bytearray(b"xref\n0 1\n0000000000 65535 f \n")
    for number, body in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj%bendobj\n" % (number, body)
    return bytes(out + table + b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(out)))


def mutated_pdf(data: bytes, chance: Random) -> bytes:
    """A spoilt PDF: mostly some of its objects, the file around them whole; else it as bytes."""
    if chance.random() < 0.2 or b"/ObjStm" in data:  # whose packed objects are not found here
        return mutated_bytes(data, chance)
    objects, trailer = _taken(data)
    if not objects:
        return mutated_bytes(data, chance)
    for _ in range(chance.choice((1, 2, 4))):
        number = chance.choice(list(objects))
        way = chance.randrange(12)
        if way == 0:
            del objects[number]
            if not objects:
                break
        elif way == 1:
            objects[number] = objects[chance.choice(list(objects))]
        elif way == 2:
            trailer = _mutated_tokens(trailer, objects, chance)
        elif _STREAM.search(objects[number]):
            objects[number] = _mutated_stream(objects[number], chance)
        else:
            objects[number] = _mutated_tokens(objects[number], objects, chance)
    return _assembled(objects, trailer)


def _mutated_tokens(body: bytes, objects: dict[int, bytes], chance: Random) -> bytes:
    """An object with one of its parts taken out, doubled, or replaced by one of any object."""
    found = list(_TOKEN.finditer(body))
    if not found:
        return mutated_bytes(body, chance)
    at = chance.choice(found)
    pool = _TOKEN.findall(objects[chance.choice(list(objects))]) or [b"null"]
    piece = chance.choice(PIECES)
    new = chance.choice(
        (
            *(b"", at[0] * 2, chance.choice(pool), chance.choice(pool), b"null", b"[]", b"<<>>"),
            *(b"%d 0 R" % chance.choice(list(objects)), b"-1", b"(\xfe\xff\xd8\x00)"),
            b"(%b)" % (piece if isinstance(piece, bytes) else piece.encode()),
        )
    )
    return body[: at.start()] + b" " + new + b" " + body[at.end() :]


def _mutated_stream(body: bytes, chance: Random) -> bytes:
    """A stream whose words, if they can be had, are spoilt and packed again."""
    found = _STREAM.search(body)
    assert found
    head, words = body[: found.start()], found[1]
    if chance.random() < 0.3:
        return _mutated_tokens(head, {0: head}, chance) + body[found.start() :]
    try:
        words = zlib.compress(mutated_bytes(zlib.decompress(words), chance))
    except zlib.error:
        words = mutated_bytes(words, chance)
    head = re.sub(rb"/Length\s+\d+( 0 R)?", b"/Length %d" % len(words), head)
    return head + b"stream\n" + words + b"\nendstream"


def make_word() -> Attempt:
    """What reads a Word file."""
    return partial(attempt, blank=word_blank())


def make_pdf() -> Attempt:
    """What reads a PDF."""
    return partial(attempt, blank=pdf_blank())


TARGETS = {
    "word": Target(make_word, word_seeds, mutated_word, LONGEST_INPUT),
    "pdf": Target(make_pdf, pdf_seeds, mutated_pdf, LONGEST_INPUT),
}
