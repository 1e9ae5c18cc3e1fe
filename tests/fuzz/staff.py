"""Staff lists on hostile files.

The first byte of an input says whose list it is, and whether the others are the file itself or the
parts of a workbook, one after another behind lines that name them. Whatever that is, reading and
judging the list give people and catalogued problems.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.target import Attempt, Target

if TYPE_CHECKING:
    from formulary.content.loading import Content

PROJECT = Path(__file__).parents[2]

PARTS = 64
"""The bit of the first byte that says that a workbook comes in parts."""

_PART = re.compile(rb"^==([\x21-\x7e]{1,80})==\n", re.MULTILINE)


def file_of(data: bytes) -> bytes:
    """The file that an input stands for."""
    if not data or not data[0] & PARTS:
        return data[1:]
    pieces = _PART.split(data[1:])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in zip(pieces[1::2], pieces[2::2], strict=True):
            package.writestr(name.decode("ascii"), part)
    return made.getvalue()


def input_of(whose: int, file: bytes) -> bytes:
    """The input that stands for a workbook, in parts."""
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    text = b"".join(b"==" + name.encode() + b"==\n" + part + b"\n" for name, part in parts)
    return bytes([whose | PARTS]) + text


@cache
def _content() -> Content:
    from formulary.content.loading import load

    return load(PROJECT)[0]


def make() -> Attempt:
    """The target: one input in, nothing out, an exception where the project would break."""
    from formulary.pipeline.content import editions_of
    from formulary.problems import CATALOGUE
    from formulary.staff.preflight import as_data, preflight, summary
    from formulary.staff.reading import ListFile, read_staff

    content = _content()
    editions, _ = editions_of(content, (), None)
    columns = {own.id: own.staff_columns for own in content.organisations}

    def one(data: bytes) -> None:
        edition = editions[(data[0] if data else 0) % PARTS % len(editions)]
        own = columns[edition.id]
        staff = read_staff(
            [ListFile("list", file_of(data))],
            edition.organisation,
            own.item if own else None,
            edition.career_stages,
        )
        found = preflight(edition, staff)
        for problem in found.problems:
            assert problem.kind.code in CATALOGUE
            str(problem).encode()
        json.dumps(as_data(found), ensure_ascii=False).encode()
        summary(found)
        places = [len(part) for part in (found.recipients, found.left_out, found.stopped)]
        assert sum(places) == len(found.people), "somebody is in no place, or in two"

    return one


CELLS = (
    "", "0", "00123", "1e400", "-1", "9" * 400, "31/10/2026", "10/31/2026", "2026-10-31",
    "31 Oct 26", "46326", "29/02/2025",
    "1/1/1", "0001-01-01", "9999-12-31", "99/99/9999", "2026-10-31T00:00:00Z", "yes", "TRUE",
    "#REF!", "=1+1",
    "=HYPERLINK(\"http://x\")", "@SUM(1)", "'0123", "Zażółć", "Ã©ric", "\ufffd", "\u202e",
    "\u00a0", "\u200b", "\ufeff",
    "\0", "\x1b[31m", "_xD800_", "_x0000_", "&#x0;", "&#xD800;", "&a;", "<", "Total", "Page 1",
    "1 rows", "Teachers",
    "Teacher", "Support staff", "In probation", "Agency", "Fixed term", "Casual", "ECT", "M1",
    "Headteacher", "000001",
    "000002", "Ada Oakhanger", "Oakhanger, Ada", "Mr A Oakhanger", "person000001@school.example",
    "a" * 5000, "a b " * 300,
    "{{ 7 * 7 }}", "Employee Number", "Full Name", "Line Manager", "Start Date", "End Date",
    "Staff Group", "Email Address",
    "sep=;", '"', '""', "\r", "\n", "İ", "ß", "ﬁ", "e\u0301", "\U0001f393",
)  # fmt: skip
"""What may be dangerous in a cell."""

PIECES = (
    b' t="e"', b' t="s"', b' t="b"', b' t="d"', b' t="n"', b' t="inlineStr"', b' t="str"',
    b' s="1"', b' s="9999"',
    b' r="XFD1048576"', b' r="A0"', b' r="A99999999"', b' hidden="1"', b"<f>1+1</f>",
    b"<v>1e999</v>", b"<v>-1</v>",
    b"<v>99999999999</v>", b"<v>nan</v>", b"<v>2958466</v>", b"<v>-693595</v>", b"<c/>",
    b"<row>", b"</row>",
    b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCell ref="A2:A9"/>',
    b'<dimension ref="A1:XFD1048576"/>',
    b'<!DOCTYPE a [<!ENTITY a "b">]>', b"<!-- -->", b"<![CDATA[x]]>", b"&a;", b"&#0;",
    b"<is><t>x</t></is>",
    b' date1904="1"', b' state="hidden"', b' Target="../../x"',
    b' Target="http://x" TargetMode="External"',
    b'<?xml version="1.0" encoding="utf-7"?>', b'<?xml version="1.0" encoding="utf-16"?>',
    b"\xff\xfe",
)  # fmt: skip
"""What may be dangerous in a part of a workbook."""


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Another input: cells exchanged, rows moved, parts of workbooks bent."""
    first = data[:1] or b"\0"
    if chance.random() < 0.05:
        first = bytes([first[0] & PARTS | chance.randrange(5)])
    body = bytearray(data[1:])
    for _ in range(1 + chance.randrange(4)):
        body = _bent(body, chance) if first[0] & PARTS else _another_row(body, chance)
    return first + bytes(body)


def _bent(body: bytearray, chance: random.Random) -> bytearray:
    marks = [found.start() for found in re.finditer(rb"[<> ]|(?<=>)[^<]", body)] or [0]
    at = chance.choice(marks)
    match chance.randrange(5):
        case 0:
            body[at:at] = chance.choice(PIECES)
        case 1:
            end = body.find(b"<", at + 1)
            if end > at:
                body[at:end] = b">" + chance.choice(CELLS).encode("utf-8")
        case 2:
            del body[at : at + chance.randrange(1, 60)]
        case 3:
            piece = body[at : at + chance.randrange(1, 300)]
            other = chance.choice(marks)
            body[other:other] = piece
        case 4:
            quote = body.find(b'="', at)
            if quote >= 0:
                end = body.find(b'"', quote + 2)
                body[quote + 2 : end] = chance.choice(CELLS).encode("utf-8")
    return body


def _another_row(body: bytearray, chance: random.Random) -> bytearray:
    lines = bytes(body).split(b"\n")
    place = chance.randrange(len(lines))
    cells = lines[place].split(b",")
    value = chance.choice(CELLS).encode(chance.choice(("utf-8", "utf-8", "utf-8", "utf-16-le")))
    match chance.randrange(7):
        case 0 | 1 | 2:
            cells[chance.randrange(len(cells))] = value
            lines[place] = b",".join(cells)
        case 3:
            lines.insert(chance.randrange(len(lines) + 1), lines[place])
        case 4:
            del lines[place]
        case 5:
            lines[place] = lines[place].replace(b",", chance.choice((b";", b"\t", b"|", b",,")))
        case 6:
            cells.insert(chance.randrange(len(cells) + 1), value)
            lines[place] = b",".join(cells)
    return bytearray(b"\n".join(lines))


def seeds() -> Iterator[bytes]:
    """Small lists of every organisation as CSV and as workbooks, and some that are none."""
    from tests.staff.lists import book, saved
    from tests.staff_lists import make_staff

    content = _content()
    for place, own in enumerate(content.organisations):
        stages = own.career_stages.item.stages if own.career_stages else ()
        text = make_staff(12, own.organisation.item, place, tuple(stage.id for stage in stages))
        yield bytes([place]) + text
        yield bytes([place]) + "\ufeff".encode() + text.replace(b",", b";")
        yield bytes([place]) + text.decode().encode("utf-16")
        rows = [line.split(",") for line in text.decode().splitlines()]
        yield input_of(place, saved(book(rows)))
        yield bytes([place]) + saved(book(rows))
    yield b"\0" + zlib.compress(b"a" * 10_000)
    yield b"\0\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


TARGETS = {"staff": Target(make, seeds, mutate, longest=30_000)}
