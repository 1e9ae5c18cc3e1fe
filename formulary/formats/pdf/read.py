"""Reading a PDF form that came back: bytes come in, a `Submission` goes out.

An answer is found by its field's name, which is the question's id; where a program that joins files
has put something before or after it, by what is left of it. What can be said of a file that is no
readable return is raised as `CannotRead`.
"""

from __future__ import annotations

import codecs
import io
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    StreamObject,
)

from formulary.formats.pdf import names
from formulary.formats.pdf.fields import PdfField, fields_in, options_of
from formulary.model.blank import Blank, Question
from formulary.model.stamp import Stamp, stamps_printed
from formulary.model.submission import Answer, CannotRead, Identity, Submission, as_value
from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_FLATTENED,
    RETURN_LOCKED,
    RETURN_NOT_OURS,
    RETURN_OTHER_FORMAT,
    RETURN_SCANNED,
    RETURN_SEVERAL,
    RETURN_TOO_BIG,
    RETURN_XFA,
)

MOST_PAGES = 300
"""More than the longest form has many times over."""

_RENAMED = (re.compile(r"^.*\."), re.compile(r"#\d+$"), re.compile(r"(?:_\d+|\(\d+\))$"))
"""What programs that join files put before or after a field's name."""


def identify(data: bytes) -> Identity:
    """What a PDF says of itself. Raises CannotRead where it is no form of ours."""
    with _named():
        return _File(data).identity


def read(data: bytes, blank: Blank) -> Submission:
    """The answers of a PDF to the questions of `blank`.

    Raises CannotRead where no answer can be told from the file.
    """
    with _named():
        return _Reading(_File(data), blank).submission()


@contextmanager
def _named() -> Iterator[None]:
    """Whatever pypdf raises, it raises for a file that it cannot make sense of."""
    log = logging.getLogger("pypdf")
    before, log.disabled = log.disabled, True
    try:
        yield
    except CannotRead:
        raise
    except DependencyError as error:  # what pypdf needs for AES, which only a locked file has
        raise CannotRead(RETURN_LOCKED, "The PDF is locked") from error
    except MemoryError as error:
        raise CannotRead(RETURN_TOO_BIG, "The PDF needs more memory than any form does") from error
    except Exception as error:
        raise CannotRead(RETURN_DAMAGED, "The PDF is cut off or broken") from error
    finally:
        log.disabled = before


class _File:
    """A PDF that came from outside."""

    def __init__(self, data: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(data))
        if self.reader.is_encrypted and not self._opened():
            raise CannotRead(RETURN_LOCKED, "The PDF is locked with a password")
        self.root = _catalogue(self.reader)
        form = self.root.get("/AcroForm")
        found = form.get_object() if form is not None else None
        self.form = found if isinstance(found, DictionaryObject) else DictionaryObject()
        if len(self.reader.pages) > MOST_PAGES:
            raise CannotRead(RETURN_TOO_BIG, f"The PDF has {len(self.reader.pages):,} pages")

    def _opened(self) -> bool:
        return self.reader.decrypt("") != PasswordType.NOT_DECRYPTED

    @cached_property
    def entries(self) -> dict[str, str]:
        """The texts of the document information."""
        found: Mapping[str, Any] = self.reader.metadata or {}
        return {str(key): str(found[key]) for key in found}

    @cached_property
    def stamp(self) -> Stamp | None:
        return names.stamp_from(self.entries)

    @cached_property
    def text(self) -> str:
        return "\n".join(page.extract_text() for page in self.reader.pages)

    @cached_property
    def identity(self) -> Identity:
        if self.stamp:
            return Identity(self.stamp, names.person_from(self.entries))
        printed = stamps_printed(" ".join(self.text.split()))
        if len(printed) > 1:
            raise CannotRead(RETURN_SEVERAL, f"The PDF holds {len(printed)} forms")
        if printed:
            return Identity(printed[0])
        raise self._other()

    def _other(self) -> CannotRead:
        """What a PDF is that nothing says to be a form of ours."""
        if "/Collection" in self.root:
            return CannotRead(RETURN_OTHER_FORMAT, "The PDF is a portfolio: files inside a PDF")
        if "/XFA" in self.form:
            return CannotRead(RETURN_XFA, "The PDF is a form of another kind (XFA)")
        if not self.text.strip() and any(_has_picture(page) for page in self.reader.pages):
            return CannotRead(RETURN_SCANNED, "The PDF holds nothing but pictures")
        return CannotRead(RETURN_NOT_OURS, "Nothing in the PDF says that it is a form of ours")

    @cached_property
    def fields(self) -> tuple[PdfField, ...]:
        return tuple(fields_in(self.form))

    @cached_property
    def widgets(self) -> tuple[tuple[int, str, Any], ...]:
        """Every widget on a page, with the page's number from 1 and its field's name."""
        return tuple(
            (number, _full_name(note), note)
            for number, note in self.notes
            if note.get("/Subtype") == "/Widget"
        )

    @cached_property
    def notes(self) -> tuple[tuple[int, Any], ...]:
        """Every annotation with the number of its page, from 1."""
        found: list[tuple[int, Any]] = []
        for number, page in enumerate(self.reader.pages, start=1):
            listed: Any = page.get("/Annots")
            for note in listed.get_object() if listed is not None else ():
                if isinstance(shown := note.get_object(), DictionaryObject):
                    found.append((number, shown))
        return tuple(found)


def _catalogue(reader: PdfReader) -> Any:
    """The root of the document's objects (PDF 1.7, 7.7.2)."""
    return reader.trailer["/Root"]


@dataclass
class _Reading:
    """One PDF, read for one blank."""

    file: _File
    blank: Blank
    remarks: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)

    def submission(self) -> Submission:
        identity = self.file.identity
        if not self.file.stamp:
            self.remarks.append(
                "The file’s properties are lost; what it is was read from the code in its footer."
            )
        questions = {question.id: question for question in self.blank.questions()}
        self.refuse_several(questions)
        joined, unknown = self.joined(questions)
        if not joined:
            kind = RETURN_XFA if "/XFA" in self.file.form else RETURN_FLATTENED
            raise CannotRead(kind, "The PDF says which form it is, and has none of its fields")
        beside = self.written_over(questions)
        answers = {
            id: self.answer(question, joined.get(id), beside.get(id, ""))
            for id, question in questions.items()
        }
        if not identity.stamp.asks_as(self.blank.stamp):
            self.altered.insert(0, "The form was made with other questions than this edition’s.")
        return Submission(
            identity, "PDF", answers, tuple(self.altered), unknown, tuple(self.remarks)
        )

    def refuse_several(self, questions: Mapping[str, Question]) -> None:
        """Raise CannotRead for several forms in one file: most fields are on several pages."""
        pages: dict[str, set[int]] = {}
        for number, name, _ in self.file.widgets:
            pages.setdefault(_asked(name, questions) or name, set()).add(number)
        asked = [found for name, found in pages.items() if name in questions]
        twice = sum(len(found) > 1 for found in asked)
        if twice > 2 and twice * 2 > len(asked):
            raise CannotRead(RETURN_SEVERAL, "The PDF holds several copies of the form")

    def joined(
        self, questions: Mapping[str, Question]
    ) -> tuple[dict[str, PdfField], dict[str, str]]:
        """The field of each question, and the values of fields that belong to none."""
        joined: dict[str, PdfField] = {}
        others: list[PdfField] = []
        for found in self.file.fields:
            if found.kind == "signature":
                if found.fact("/V") is not None:
                    self.remarks.append("The file is digitally signed.")
            elif found.name in questions and found.name not in joined:
                joined[found.name] = found
            elif found.kind != "button":
                others.append(found)
        unknown: dict[str, str] = {}
        renamed = 0
        for found in others:
            id = _asked(found.name, questions)
            if id and id not in joined:
                joined[id] = found
                renamed += 1
            elif value := _value(found):
                unknown[found.name] = value
        if renamed:
            self.remarks.append(
                f"The names of {renamed} fields were changed by another program; "
                "their questions could be told."
            )
        return joined, unknown

    # one answer

    def answer(self, question: Question, found: PdfField | None, beside: str) -> Answer:
        if found is None:
            return Answer("lost", beside=beside)
        self.compare(question, found)
        value = self.value(question, found)
        return Answer("answered" if value else "blank", value, beside)

    def value(self, question: Question, found: PdfField) -> str:
        if question.kind == "checkbox" and found.kind in ("checkbox", "buttons"):
            return names.TICKED_VALUE if _state(found) else ""
        if found.kind in ("checkbox", "buttons"):
            return as_value(question, names.option_of(_state(found) or names.NOT_TICKED))
        words = _value(found)
        if not words and question.kind not in ("choice", "checkbox"):
            words = self.drawn(question, found)
        return as_value(question, words)

    def drawn(self, question: Question, found: PdfField) -> str:
        """What a field shows without holding it, as some programs that fill forms leave it."""
        page = self.file.reader.pages[0]
        for widget in found.widgets:
            shown = widget.get("/AP", {}).get("/N")
            look = shown.get_object() if shown is not None else None
            if isinstance(look, StreamObject) and b"Tj" in look.get_data().replace(b"TJ", b"Tj"):
                words = page.extract_xform_text(look, (0, 90, 180, 270), 200.0, None)  # type: ignore[arg-type]
                if words.strip():
                    self.remarks.append(
                        f"“{question.title}” shows an answer that its field does not hold; it was "
                        "read from what is shown."
                    )
                    return words.strip()
        return ""

    def compare(self, question: Question, found: PdfField) -> None:
        """Note where a field no longer asks what the blank asks."""
        shown = str(found.fact("/TU") or "")
        if shown and _bare(question.title) not in _bare(shown):
            self.altered.append(f"“{question.title}” is now called “{shown}”.")
        if question.kind == "choice" and found.kind == "choice":
            offered = [option for option in options_of(found) if option.strip()]
            if sorted(map(_bare, offered)) != sorted(map(_bare, question.options)):
                self.altered.append(f"“{question.title}” has other choices than were published.")

    def written_over(self, questions: Mapping[str, Question]) -> dict[str, str]:
        """What was typed on the page instead of into a field, by the question that it covers.

        Browsers and viewers offer it as “add text” (a FreeText annotation, PDF 1.7, 12.5.6.6).
        """
        beside: dict[str, str] = {}
        drawn = set()
        for number, note in self.file.notes:
            kind = str(note.get("/Subtype", ""))
            if kind in ("/Widget", "/Link", "/Popup"):
                continue
            words = str(note.get("/Contents", "") or "").strip()
            id = next(
                (
                    _asked(name, questions)
                    for page, name, widget in self.file.widgets
                    if page == number and _overlap(widget, note)
                ),
                "",
            )
            if kind == "/FreeText" and words and id:
                beside[id] = "\n".join(filter(None, (beside.get(id), words)))
            elif words:
                self.remarks.append(f"On page {number} stands a note: “{words}”.")
            elif number not in drawn:
                drawn.add(number)
                self.remarks.append(f"On page {number} something is drawn over the form.")
        return beside


def _asked(name: str, questions: Mapping[str, Question]) -> str:
    """The question whose field a name was, before a program that joins files changed it."""
    candidates = [name]
    for pattern in _RENAMED:
        candidates += [pattern.sub("", one) for one in candidates]
    return next((one for one in candidates if one in questions), "")


def _full_name(widget: Any) -> str:
    """The full name of a widget's field (PDF 1.7, 12.7.3.2)."""
    parts: list[str] = []
    at = widget
    for _ in range(50):
        if not isinstance(at, DictionaryObject):
            break
        if "/T" in at:
            parts.append(str(at["/T"]))
        above = at.get("/Parent")
        at = above.get_object() if above is not None else None
    return ".".join(reversed(parts))


def _state(found: PdfField) -> str:
    """The state of a button that is on; empty where none is (PDF 1.7, 12.7.4.2)."""
    held = [found.fact("/V"), *(widget.get("/AS") for widget in found.widgets)]
    states = [str(state) for state in held if isinstance(state, NameObject)]
    return next((state for state in states if state != names.NOT_TICKED), "")


def _value(found: PdfField) -> str:
    """What a field holds, as text; empty for nothing."""
    if found.kind in ("checkbox", "buttons"):
        return names.option_of(_state(found) or names.NOT_TICKED)
    held = _text(found.fact("/V"))
    if not held and found.fact("/RV") is not None:
        held = re.sub(r"<[^>]*>", "", re.sub(r"</p>\s*<p[^>]*>", "\n", _text(found.fact("/RV"))))
    if found.kind == "choice" and held:
        pairs = [_pair(option) for option in found.fact("/Opt") or ()]
        return next((shown for export, shown in pairs if export == held), held)
    return held


def _pair(option: Any) -> tuple[str, str]:
    """What a list stores for an item, and what it shows (PDF 1.7, table 231, Opt)."""
    item = option.get_object()
    if isinstance(item, ArrayObject) and len(item) == 2:
        return _text(item[0]), _text(item[1])
    return _text(item), _text(item)


def _text(held: Any) -> str:
    """A text string, however it is written (PDF 1.7, 7.9.2.2)."""
    value = held.get_object() if held is not None else None
    if value is None:
        return ""
    if isinstance(value, ArrayObject):
        return "; ".join(filter(None, map(_text, value)))
    data = value.get_data() if isinstance(value, StreamObject) else value
    if isinstance(data, ByteStringObject | bytes):
        return _decoded(bytes(data))
    return str(data).removeprefix("/") if isinstance(data, NameObject) else str(data)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return data.decode("utf-16", "replace")
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", "replace")
    return data.decode("cp1252", "replace")


def _overlap(widget: Any, note: Any) -> bool:
    """Whether an annotation lies over a widget, at least in part."""
    boxes = []
    for one in (widget, note):
        x, y, x2, y2 = (float(number) for number in one["/Rect"])
        boxes.append((min(x, x2), min(y, y2), max(x, x2), max(y, y2)))
    (left, low, right, high), (left2, low2, right2, high2) = boxes
    return left < right2 and left2 < right and low < high2 and low2 < high


def _has_picture(page: Any) -> bool:
    resources = page.get("/Resources", DictionaryObject()).get_object()
    held = resources.get("/XObject", DictionaryObject()).get_object()
    return any(held[name].get("/Subtype") == "/Image" for name in held)


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()
