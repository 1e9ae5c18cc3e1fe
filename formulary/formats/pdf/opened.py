"""A PDF that came from outside, opened with care: its bytes come in, what stands in it goes out.

pypdf reads it, within limits far above what any form needs. Where the file had to be repaired, it
is read anew from its objects in their order, so that no older answer passes for the last one.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject

from formulary.formats.pdf.fields import PdfField, fields_in
from formulary.formats.pdf.held import text_of
from formulary.model.submission import CannotRead
from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_EMPTY,
    RETURN_LOCKED,
    RETURN_OTHER_FORMAT,
    RETURN_TOO_BIG,
)

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 300
MOST_OBJECTS = 30_000
MOST_NOTES = 2_000
LONGEST_OBJECT = 1_000_000
"""More than the largest form has many times over."""

_LIMITS: Mapping[str, Any] = {
    "disable_legacy_handling": True,
    "maximum_declared_stream_length": MOST_BYTES,
    "array_based_stream_maximum_output_length": 2_000_000,
    "array_maximum_element_count": 20_000,
    "dictionary_maximum_element_count": 20_000,
    "lzw_maximum_output_length": 2_000_000,
    "run_length_maximum_output_length": 2_000_000,
    "zlib_maximum_output_length": 2_000_000,
    "zlib_maximum_recovery_input_length": 200_000,
    "brotli_maximum_output_length": 2_000_000,
    "stream_decoding_work_maximum_length": 8_000_000,
    "stream_parsing_work_maximum_count": 30_000,
    "xmp_maximum_input_length": 1_000_000,
    "xmp_maximum_element_count": 10_000,
    "page_tree_maximum_entries": 2_000,
    "page_tree_maximum_page_entries": 20_000,
    "xform_maximum_invocations_per_extraction": 100,
    "jbig2dec_binary": None,
}
"""For one stream, and bytes where it is a length: text is decoded, a picture never is."""

_PARTS = re.compile(rb"endobj|endstream|stream")
"""Between these are objects; between the last two are the bytes of a stream (7.3.8)."""

_MOST_SEARCHED = 250_000_000
"""Bytes that may be searched for objects that are not where the file says that they are."""

_ONE_SEARCH = 100_000
"""Bytes that take as long as a search takes in an empty file."""

_REPAIRS = re.compile(
    r"incorrect startxref|startxref pointing|xref table invalid|xref table\. Rebuilding"
    r"|Invalid parent xref|parsing for Object Streams|Ignoring wrong pointing|ref repaired"
    r"|\d found$|Previous trailer|can not be read|Overwriting cache|Root|Catalog"
    r"|\bError\b|Error\(|Stream length not defined"
)
"""What pypdf says when it has put something in order; an object that is not there is just none."""

_TOO_DEEP = "Error reading PDF file"
"""What pypdf says when it has given up an object that goes too deep, before it tries it anew."""

_LISTENED = ("pypdf._reader", "pypdf._doc_common", "pypdf.generic._data_structures")

_MOST_TRIED = 2_000
"""How many objects may be tried for the catalogue where the file does not say which it is."""

_REBUILT = b"\nstartxref\n0\n%%EOF\n"
"""Behind a file, this makes pypdf look for every object instead of trusting the file's table."""

_PAGES_OF_TEXT = 20
"""How many pages are searched for a form's code."""


@dataclass
class Watch:
    """What was found out about a file while it was read."""

    size: int
    searched: int = 0
    repaired: bool = False

    def heard(self, message: str) -> None:
        """Take a warning of pypdf's.

        Raises LimitReachedError where there is no end of them, and for a file that is too deep:
        how deep pypdf gets depends on who calls it, and so would what it finds.
        """
        if _TOO_DEEP in message:
            raise LimitReachedError("an object is too deep")
        self.repaired = self.repaired or _REPAIRS.search(message) is not None
        self.searched += self.size + _ONE_SEARCH
        if self.searched > _MOST_SEARCHED:
            raise LimitReachedError("too many objects are not where they should be")


class _Listener(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.WARNING)
        self.watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        if record.name in _LISTENED:
            self.watch.heard(record.getMessage())


@contextmanager
def careful(size: int) -> Iterator[Watch]:
    """Keep pypdf within limits and its warnings to ourselves; all that it raises is CannotRead."""
    watch = Watch(size)
    log, listener = logging.getLogger("pypdf"), _Listener(watch)
    passed_on, log.propagate = log.propagate, False
    log.addHandler(listener)
    try:
        with apply_configuration(**_LIMITS):
            yield watch
    except CannotRead:
        raise
    except (DependencyError, NotImplementedError) as error:  # a cipher that pypdf does not know
        raise CannotRead(RETURN_LOCKED, "The PDF is locked") from error
    except (LimitReachedError, MemoryError) as error:
        if watch.searched > _MOST_SEARCHED:
            raise CannotRead(RETURN_DAMAGED, "The PDF is broken") from error
        raise CannotRead(RETURN_TOO_BIG, "The PDF needs more memory than any form does") from error
    except Exception as error:
        raise CannotRead(RETURN_DAMAGED, "The PDF is cut off or broken") from error
    finally:
        log.removeHandler(listener)
        log.propagate = passed_on


def whole(data: bytes) -> bytes:
    """The bytes from the PDF's header to its end.

    Raises CannotRead for what is no PDF, too big, or cut off: the part that is left of a file that
    was saved several times would pass for an earlier state of it.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise CannotRead(RETURN_EMPTY, "The file is empty")
    start = data.find(b"%PDF-", 0, 1024)
    if start < 0:
        raise CannotRead(RETURN_OTHER_FORMAT, "The file is no PDF")
    if len(data) > MOST_BYTES:
        raise CannotRead(RETURN_TOO_BIG, f"The PDF has {len(data) // 1024**2} MB")
    end = data.rfind(b"%%EOF")
    rest = data[end + 5 :].strip(b"\0 \r\n\t")
    if end < 0 or rest[:1].isdigit() or re.search(rb"obj|stream|xref|trailer", rest):
        raise CannotRead(RETURN_DAMAGED, "The PDF is cut off: its end is missing")
    kept = data[start : end + 5] + b"\n"
    if _objects(kept) > MOST_OBJECTS:
        raise CannotRead(RETURN_TOO_BIG, "The PDF holds more objects than any form does")
    if len(kept) > LONGEST_OBJECT and _longest_object(kept) > LONGEST_OBJECT:
        raise CannotRead(RETURN_TOO_BIG, "The PDF holds a text that is longer than any form")
    return kept


def _objects(data: bytes) -> int:
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


def rebuilt(data: bytes) -> bytes:
    """A file in a state in which its objects are found by looking for them.

    Raises CannotRead for a file that was saved several times: where the last state of an answer is
    broken, an older one would be found.
    """
    if data.count(b"startxref") > 1:
        raise CannotRead(RETURN_DAMAGED, "The PDF is broken")
    return data + _REBUILT


@dataclass(frozen=True)
class Note:
    """An annotation: the number of its page, from 1, and its rectangle (left, low, right, top)."""

    page: int
    entries: DictionaryObject
    box: tuple[float, float, float, float]

    @property
    def kind(self) -> str:
        return str(self.entries.get("/Subtype", ""))


class Opened:
    """A PDF's parts. Make and use it inside `careful`."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reader = PdfReader(
            io.BytesIO(data),
            root_object_recovery_limit=_MOST_TRIED,
            xref_stream_maximum_entries=MOST_OBJECTS,
        )
        locked = self.reader.is_encrypted and (
            self.reader.decrypt("") == PasswordType.NOT_DECRYPTED
        )
        if locked:
            raise CannotRead(RETURN_LOCKED, "The PDF is locked with a password")

    @cached_property
    def root(self) -> DictionaryObject:
        """The catalogue (PDF 1.7, 7.7.2)."""
        return self.reader.root_object

    @cached_property
    def form(self) -> DictionaryObject:
        """The `/AcroForm`; empty where there is none (12.7.2)."""
        return _dictionary(self.root.get("/AcroForm"))

    @cached_property
    def information(self) -> dict[str, str]:
        """The texts of the document information (14.3.3)."""
        found = _dictionary(self.reader.trailer.get("/Info"))
        return {str(key): text_of(found.get(key)) for key in found}

    @cached_property
    def metadata(self) -> dict[str, str]:
        """The same as some programs keep it in XMP, by the same names."""
        try:
            found = self.reader.xmp_metadata
            return {f"/{key}": str(text) for key, text in found.custom_properties.items()}  # type: ignore[union-attr]
        except Exception:  # as with broken XMP, there is none
            return {}

    @cached_property
    def pages(self) -> tuple[Any, ...]:
        """Raises CannotRead where there are more than any form has."""
        if len(self.reader.pages) > MOST_PAGES:
            raise CannotRead(RETURN_TOO_BIG, f"The PDF has {len(self.reader.pages):,} pages")
        return tuple(self.reader.pages)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Every annotation that has a place. Raises CannotRead where there are too many."""
        found = []
        for number, page in enumerate(self.pages, start=1):
            listed = page.get("/Annots")
            listed = listed.get_object() if listed is not None else None
            for reference in listed if isinstance(listed, ArrayObject) else ():
                entries = reference.get_object()
                box = _box(entries.get("/Rect")) if isinstance(entries, DictionaryObject) else None
                if box:
                    found.append(Note(number, entries, box))
            if len(found) > MOST_NOTES:
                raise CannotRead(RETURN_TOO_BIG, "The PDF holds more fields than any form does")
        return tuple(found)

    @cached_property
    def fields(self) -> tuple[PdfField, ...]:
        """Every field: those that the form lists, and those that only stand on a page.

        Programs that take pages out of a file, or put files together, forget the list.
        """
        listed = tuple(fields_in(self.form))
        seen = {id(widget) for found in listed for widget in found.widgets}
        loose: dict[int, list[DictionaryObject]] = {}
        owners: dict[int, tuple[str, DictionaryObject]] = {}
        for note in self.notes:
            if note.kind == "/Widget" and id(note.entries) not in seen:
                name, owner = _owner(note.entries)
                owners[id(owner)] = (name, owner)
                loose.setdefault(id(owner), []).append(note.entries)
        return (
            *listed,
            *(PdfField(*owners[key], tuple(widgets)) for key, widgets in loose.items()),
        )

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts of the first pages; empty for a page whose text cannot be had."""
        return tuple(_text(page) for page in self.pages[:_PAGES_OF_TEXT])

    @property
    def has_pictures(self) -> bool:
        return any(_has_picture(page, 3) for page in self.pages)


def _text(page: Any) -> str:
    try:
        return " ".join(page.extract_text().split())
    except Exception:  # whatever it is, the page has no text for us
        return ""


def _owner(widget: DictionaryObject) -> tuple[str, DictionaryObject]:
    """The full name of a widget's field, and the field itself (PDF 1.7, 12.7.3.2)."""
    parts: list[str] = []
    owner, at = widget, widget
    for _ in range(50):
        if "/T" in at:
            if not parts:
                owner = at
            parts.append(text_of(at.get("/T")))
        at = _dictionary(at.get("/Parent"))
        if not at:
            break
    return ".".join(reversed(parts)), owner


def _dictionary(held: Any) -> DictionaryObject:
    found = held.get_object() if held is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _box(held: Any) -> tuple[float, float, float, float] | None:
    """A rectangle with its corners in order (PDF 1.7, 7.9.5); None where it is none."""
    try:
        x, y, x2, y2 = (float(number.get_object()) for number in held.get_object())
    except (AttributeError, TypeError, ValueError):
        return None
    return min(x, x2), min(y, y2), max(x, x2), max(y, y2)


def _has_picture(holder: Any, depth: int) -> bool:
    """Whether a page, or what is drawn in it, has a picture (PDF 1.7, 8.9 and 8.10)."""
    drawn = _dictionary(_dictionary(holder.get("/Resources")).get("/XObject"))
    for name in drawn:
        found = _dictionary(drawn.get(name))
        kind: Literal["/Image", "/Form", ""] = found.get("/Subtype", "")
        if kind == "/Image" or (kind == "/Form" and depth and _has_picture(found, depth - 1)):
            return True
    return False
