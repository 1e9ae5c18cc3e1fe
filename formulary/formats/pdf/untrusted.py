"""A PDF that came from outside: opened within limits, with the parts that a reader looks at.

Nothing is repaired unless that is asked for, and what qpdf finds wrong is remembered: in a file
that was saved several times, a repair would let an older answer pass for the last one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

from pikepdf import (
    Object,
    PasswordError,
    Pdf,
    PdfError,
    Rectangle,
    settings,
)

from formulary.formats.pdf.additions import find_additions, streams_of
from formulary.formats.pdf.document import memory_file
from formulary.formats.pdf.fields import (
    PdfField,
    dictionary_of,
    entry,
    items_of,
    iterate_fields,
    lineage,
)
from formulary.formats.pdf.page_text import DrawnPiece, extract_text
from formulary.formats.pdf.values import read_stream, text_of
from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_EMPTY,
    RETURN_LOCKED,
    RETURN_OTHER_FORMAT,
    RETURN_TOO_BIG,
)
from formulary.returns.submission import CannotRead

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 300
MOST_OBJECTS = 30_000
MOST_ANNOTATIONS = 2_000
LONGEST_OBJECT = 1_000_000
"""More than the largest form has many times over."""

_MOST_DECODED = 2_000_000
"""Bytes of one stream, decoded: a text always is, a picture never."""

_LIMITS: dict[str, Any] = {
    "parser_max_nesting": 100,
    "parser_max_container_size": 20_000,
    "parser_max_container_size_damaged": 20_000,
    "max_stream_filters": 3,
    "flate_max_memory": _MOST_DECODED,
    "png_max_memory": _MOST_DECODED,
    "tiff_max_memory": _MOST_DECODED,
    "run_length_max_memory": _MOST_DECODED,
}

_PARTS = re.compile(rb"endobj|endstream|stream")
"""Between these are objects; between the last two are the bytes of a stream (7.3.8)."""

_BLANKS_AND_TABLE = re.compile(rb"\s+(xref)\b")

_HARMLESS = re.compile("reported number of objects|memory limit exceeded|object has offset 0")
"""What qpdf says of files from which every answer can be read all the same."""

_NOT_ENDED = re.compile(r"offset (\d+)\): input stream is complete but output may still be valid")
_FLUSHED = b"\0\0\xff\xff"

_BEYOND_LIMITS = re.compile(r"limits error\((?!parser-max-errors)")
"""What it says of too much; too many errors are just damage."""

_WITHOUT_TABLE = b"\nstartxref\n0\n%%EOF\n"
"""Behind a file, this makes qpdf look for every object instead of trusting the file's table."""

_PAGES_OF_TEXT = 20
"""How many pages are searched for a form's code."""

_MOST_CONTENT = 600_000
"""Bytes of pages whose words are looked at: some 20 pages of a form, and two seconds at most."""

_DEEPEST_PICTURE = 3
_PDFX = "{http://ns.adobe.com/pdfx/1.3/}"
"""The XMP namespace for entries that the document information has beside its own."""

# what pikepdf finds odd in XMP is of no use to those who collect forms
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)


def trim(data: bytes) -> bytes:
    """The bytes from the PDF's header to its end.

    Raises CannotRead for what is no PDF, too big, or cut off: the part that is left of a file that
    was saved several times would pass for an earlier state of it.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise CannotRead(RETURN_EMPTY, "The file is empty")
    start = data.find(b"%PDF-", 0, 1024)
    if start < 0:
        raise CannotRead(RETURN_OTHER_FORMAT, "The file is not a PDF")
    if len(data) > MOST_BYTES:
        raise CannotRead(RETURN_TOO_BIG, f"The PDF has {len(data) // 1024**2} MB")
    end = data.rfind(b"%%EOF")
    rest = data[end + 5 :].strip(b"\0 \r\n\t")
    if end < 0 or rest[:1].isdigit() or re.search(rb"obj|stream|xref|trailer", rest):
        raise CannotRead(RETURN_DAMAGED, "The PDF is cut off: its end is missing")
    kept = data[start : end + 5] + b"\n"
    if _count_objects(kept) > MOST_OBJECTS:
        raise CannotRead(RETURN_TOO_BIG, "The PDF holds more objects than any form does")
    if len(kept) > LONGEST_OBJECT and _longest_object(kept) > LONGEST_OBJECT:
        raise CannotRead(RETURN_TOO_BIG, "The PDF holds a text that is longer than any form")
    return _correct_link(kept)


def _correct_link(data: bytes) -> bytes:
    """A linearised file with its first table named by the place where it is.

    pdf.js before its version 4, when it saved such a file, named the end of the first object, and
    there are blanks between that and the table (annex F.3.1); other readers pass over them.
    """
    end = data.find(b"endobj", 0, 1024) + len(b"endobj")
    if b"/Linearized" not in data[:end]:
        return data
    table = _BLANKS_AND_TABLE.match(data, end)
    if not table:
        return data
    named, right = b"/Prev %d" % end, b"/Prev %d" % table.start(1)
    return re.sub(named + rb"\b", right, data) if len(named) == len(right) else data


def _count_objects(data: bytes) -> int:
    """How many objects a file has, or says to have, at most."""
    spaces = data.count(b" ")  # as quickly counted as one of the others
    others = (b" obj", b" n", b" f")
    return spaces if spaces <= MOST_OBJECTS else max(map(data.count, others))


def _longest_object(data: bytes) -> int:
    parts = [0, *(found.start() for found in _PARTS.finditer(data)), len(data)]
    return max(
        after - before
        for before, after in pairwise(parts)
        if not data.startswith(b"stream", before)
    )


@contextmanager
def open_untrusted(data: bytes, *, repair: bool = False) -> Iterator[UntrustedPdf]:
    """The PDF in bytes that `trim` gave, to be read within limits.

    Raises CannotRead, also for whatever goes wrong inside the `with`, and at its end for a file
    that qpdf finds damaged. To `repair` such a file is to look for its objects in their order;
    raises CannotRead for one that was saved several times.
    """
    if repair and data.count(b"startxref") > 1:
        raise CannotRead(RETURN_DAMAGED, "The PDF is broken")
    before: dict[str, Any] = settings.set_qpdf_limits(**_LIMITS)
    try:
        with (
            memory_file(data + _WITHOUT_TABLE if repair else data) as (file, access),
            Pdf.open(
                file, attempt_recovery=repair, inherit_page_attributes=False, access_mode=access
            ) as document,
        ):
            try:
                yield UntrustedPdf(data, document)
            except Exception:
                _refuse_damaged(data, document, repair)
                raise
            _refuse_damaged(data, document, repair)
    except CannotRead:
        raise
    except PasswordError as error:
        raise CannotRead(RETURN_LOCKED, "The PDF is locked with a password") from error
    except Exception as error:  # what a hostile file leads to is never the same
        raise _refusal(error) from error
    finally:
        settings.set_qpdf_limits(**before)


def _refuse_damaged(data: bytes, document: Pdf, repair: bool) -> None:
    """Raise CannotRead where qpdf has left something out of the file that was read."""
    warnings = [str(warning) for warning in document.get_warnings()]
    if any(map(_BEYOND_LIMITS.search, warnings)):
        raise CannotRead(RETURN_TOO_BIG, "The PDF is larger, or deeper, than any form")
    if not repair and not all(
        _HARMLESS.search(one) or _is_left_open(one, data, document) for one in warnings
    ):
        raise CannotRead(RETURN_DAMAGED, "The PDF is broken")


def _is_left_open(warning: str, data: bytes, document: Pdf) -> bool:
    """Whether a warning is of a packed stream that is whole, and only not marked as ended.

    Acrobat writes its tables so: what it packs ends with zlib's mark for “all is written so far”.
    """
    found = _NOT_ENDED.search(warning)
    if not found:
        return False
    start = int(found[1])
    packed = data[start : data.find(b"endstream", start)].rstrip(b"\r\n")
    return document.is_encrypted or packed.endswith(_FLUSHED)


def _refusal(error: Exception) -> CannotRead:
    message = str(error)
    if isinstance(error, MemoryError) or "memory limit" in message:
        return CannotRead(RETURN_TOO_BIG, "The PDF needs more memory than any form does")
    if isinstance(error, PdfError) and "encryption" in message:  # a cipher that qpdf does not know
        return CannotRead(RETURN_LOCKED, "The PDF is locked")
    return CannotRead(RETURN_DAMAGED, "The PDF is cut off or broken")


@dataclass(frozen=True, eq=False)
class Annotation:
    """What lies on a page: the page's number, from 1, and the box, in points."""

    page: int
    dictionary: Object
    box: Rectangle

    @cached_property
    def kind(self) -> str:
        return text_of(entry(self.dictionary, "/Subtype"))


class UntrustedPdf:
    """The parts of a PDF that a reader looks at; any of them can raise CannotRead."""

    def __init__(self, data: bytes, document: Pdf) -> None:
        self.data = data
        self.document = document
        self._texts: dict[int, str] = {}
        self._bytes_left = _MOST_CONTENT

    @cached_property
    def root(self) -> Object:
        """The catalogue (ISO 32000-2, 7.7.2)."""
        return self.document.Root

    @cached_property
    def form(self) -> Object:
        """The `/AcroForm`; empty where there is none (12.7.3)."""
        return dictionary_of(entry(self.root, "/AcroForm"))

    def read_information(self) -> dict[str, str]:
        """The texts of the document information (14.3.3)."""
        found = dictionary_of(entry(self.document.trailer, "/Info"))
        return {key: text_of(found[key]) for key in found.keys()}  # noqa: SIM118

    def read_metadata(self) -> dict[str, str]:
        """The same as some programs keep it in XMP, by the same names."""
        metadata = entry(self.root, "/Metadata")
        try:
            if metadata is None or len(metadata.read_raw_bytes()) > LONGEST_OBJECT:
                return {}
            found = self.document.open_metadata()
            return {
                f"/{key.removeprefix(_PDFX)}": str(found[key])
                for key in found
                if key.startswith(_PDFX)
            }
        except Exception:  # as with broken XMP, there is none
            return {}

    @cached_property
    def pages(self) -> tuple[Object, ...]:
        """The pages in their order (7.7.3); `Pdf.pages` would change what it does not expect."""
        found: list[Object] = []
        waiting = [entry(self.root, "/Pages")]
        for _ in range(2 * MOST_PAGES):  # and so a tree that grows into itself ends
            if not waiting:
                return tuple(found)
            node = waiting.pop()
            if "/Kids" in node:
                waiting += reversed(items_of(node["/Kids"]))
            else:
                found.append(node)
        raise CannotRead(RETURN_TOO_BIG, "The PDF has more pages than any form does")

    @cached_property
    def annotations(self) -> tuple[Annotation, ...]:
        """Every annotation that has a place. Raises CannotRead where there are too many."""
        found: list[Annotation] = []
        for number, page in enumerate(self.pages, start=1):
            for dictionary in items_of(entry(page, "/Annots")):
                try:
                    box = Rectangle(entry(dictionary, "/Rect"))
                except TypeError:
                    continue
                if not dictionary.is_indirect:
                    dictionary = self.document.make_indirect(dictionary)  # to be told apart
                found.append(Annotation(number, dictionary, box))
            if len(found) > MOST_ANNOTATIONS:
                raise CannotRead(RETURN_TOO_BIG, "The PDF holds more fields than any form does")
        return tuple(found)

    @cached_property
    def fields(self) -> tuple[PdfField, ...]:
        """Every field: those that the form lists, and those that are only on a page.

        Programs that take pages out of a file, or put files together, forget the list.
        """
        listed = tuple(islice(iterate_fields(self.form), MOST_ANNOTATIONS + 1))
        if len(listed) > MOST_ANNOTATIONS:
            raise CannotRead(RETURN_TOO_BIG, "The PDF holds more fields than any form does")
        seen = {widget.objgen for field in listed for widget in field.widgets}
        loose: dict[tuple[int, int], PdfField] = {}
        for one in self.annotations:
            if one.kind == "Widget" and one.dictionary.objgen not in seen:
                name, owner = _owner(one.dictionary)
                before = loose.get(owner.objgen)
                widgets = (*(before.widgets if before else ()), one.dictionary)
                loose[owner.objgen] = PdfField(name, owner, widgets)
        return (*listed, *loose.values())

    def text_of_page(self, number: int) -> str:
        """The words of a page, from 1; empty for a page whose words cannot be had, or have no end.

        Of a long file, only the first pages are read, and the last.
        """
        if number not in self._texts:
            readable = number <= _PAGES_OF_TEXT or number == len(self.pages)
            self._texts[number] = self._read_text(self.pages[number - 1]) if readable else ""
        return self._texts[number]

    def iterate_texts(self) -> Iterator[str]:
        """The words of each page, those first where a form's code is told soonest."""
        count = len(self.pages)
        for number in dict.fromkeys((1, count, *range(2, count))):
            if 0 < number <= count:
                yield self.text_of_page(number)

    def _read_text(self, page: Object) -> str:
        contents, resources = entry(page, "/Contents"), inherited_entry(page, "/Resources")
        try:
            if self._bytes_left <= 0:
                return ""
            self._bytes_left -= sum(len(read_stream(one)) for one in streams_of(contents))
            if self._bytes_left <= 0:
                return ""
            return " ".join(extract_text(self.document, contents, resources).split())
        except (PdfError, ValueError):
            return ""

    def find_additions(self, number: int) -> tuple[DrawnPiece, ...]:
        """What was drawn onto a page, from 1, after it had been made.

        Raises ValueError where that cannot be told.
        """
        page = self.pages[number - 1]
        contents, resources = entry(page, "/Contents"), inherited_entry(page, "/Resources")
        try:
            return find_additions(self.document, contents, resources)
        except PdfError as error:
            raise ValueError("the page cannot be read") from error

    @property
    def has_pictures(self) -> bool:
        return any(
            _has_picture(inherited_entry(page, "/Resources"), _DEEPEST_PICTURE)
            for page in self.pages
        )


def inherited_entry(page: Object, key: str) -> Any:
    """An entry that a page can have from the nodes above it (7.7.3.4)."""
    return PdfField("", page, ()).find_entry(key)


def _owner(widget: Object) -> tuple[str, Object]:
    """The full name of a widget's field, and the field itself (12.7.4.2)."""
    named = [at for at in lineage(widget) if "/T" in at] or [widget]
    return ".".join(text_of(entry(at, "/T")) for at in reversed(named)), named[0]


def _has_picture(resources: Any, depth: int) -> bool:
    """Whether a page, or what is drawn in it, has a picture (8.9 and 8.10)."""
    drawn = dictionary_of(entry(resources, "/XObject"))
    for one in (drawn[name] for name in drawn.keys()):  # noqa: SIM118
        kind = text_of(entry(one, "/Subtype"))
        inner = entry(one, "/Resources") if kind == "Form" and depth else None
        if kind == "Image" or (inner is not None and _has_picture(inner, depth - 1)):
            return True
    return False
