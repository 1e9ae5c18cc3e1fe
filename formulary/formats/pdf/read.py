"""Reading a PDF form that came back: bytes come in, a `Submission` goes out.

An answer is found by its field's name, which is the question's id; where a program that joins files
has changed it, by the field's tooltip, which is the question's title, or by what is left of the
name. What can be said of a file that is no readable return is raised as `CannotRead`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TypeVar

from pypdf.generic import ArrayObject, DictionaryObject

from formulary.formats.pdf import names
from formulary.formats.pdf.fields import PdfField, options_of, states
from formulary.formats.pdf.held import drawn_in, state_of, text_of, value_of
from formulary.formats.pdf.opened import Note, Opened, careful, rebuilt, whole
from formulary.formats.pdf.quick import read_quick
from formulary.model.blank import DATE_FORMAT, Blank, Question
from formulary.model.stamp import stamps_printed
from formulary.model.submission import (
    Answer,
    BlankFor,
    CannotRead,
    Identity,
    Submission,
    as_value,
    plain,
    quoted,
)
from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_FLATTENED,
    RETURN_NOT_OURS,
    RETURN_OTHER_FORMAT,
    RETURN_SCANNED,
    RETURN_SEVERAL,
    RETURN_XFA,
)

NEAR = 18.0
"""Points between an answer's place and words that were typed beside it: about a line."""

CLEARLY = 3.0
"""Points by which one place must be nearer than the next."""

_RENAMED = (re.compile(r"^.*\."), re.compile(r"#\d+$"), re.compile(r"(?:[_ -]\d+|\(\d+\))$"))
"""What programs that join files put before or after a field's name."""

_MARKS = frozenset(("/Highlight", "/Underline", "/StrikeOut", "/Squiggly"))
_SILENT = frozenset(("/Widget", "/Link", "/Popup"))

_REPAIRED = "The file was broken and has been repaired; look whether the answers are whole."

Found = TypeVar("Found")


def identify(data: bytes) -> Identity:
    """What a PDF says of itself. Raises CannotRead where it is no form of ours."""
    return _read(whole(data), lambda file: _identity(file)[0])[0]


def read(data: bytes, blank: Blank) -> Submission:
    """The answers of a PDF to the questions of `blank`.

    Raises CannotRead where no answer can be told from the file.
    """
    return read_for(data, lambda _: blank)


def read_for(data: bytes, blank_for: BlankFor) -> Submission:
    """The answers of a PDF to the questions of the blank that it says to have come from.

    Raises CannotRead as `read` does, or what `blank_for` raises.
    """
    data = whole(data)
    return read_quick(data, blank_for) or read_carefully(data, blank_for)


def read_carefully(data: bytes, blank_for: BlankFor) -> Submission:
    """The same for any file at all, of whole bytes as `opened.whole` gives them."""
    found, repaired = _read(data, lambda file: _Reading(file, blank_for).submission())
    return replace(found, remarks=(_REPAIRED, *found.remarks)) if repaired else found


def _read(data: bytes, way: Callable[[Opened], Found]) -> tuple[Found, bool]:
    """What `way` finds in a file, and whether the file had to be repaired for that."""
    try:
        with careful(len(data)) as watch:
            found = way(Opened(data))
        if not watch.repaired:
            return found, False
    except CannotRead as error:
        if error.kind is not RETURN_DAMAGED and not watch.repaired:
            raise
    with careful(len(data)):
        return way(Opened(rebuilt(data))), True


def _identity(file: Opened) -> tuple[Identity, bool]:
    """What a file says of itself, and whether only its footer says so."""
    for entries in (file.information, file.metadata):
        stamp = names.stamp_from(entries)
        if stamp:
            person, carried = names.person_from(entries), names.carried_from(entries)
            return Identity(stamp, person, carried), False
    printed = stamps_printed("\n".join(file.texts))
    if len(printed) > 1:
        raise CannotRead(RETURN_SEVERAL, f"The PDF holds {len(printed)} forms")
    if not printed:
        raise _other(file)
    return Identity(printed[0]), True


def _other(file: Opened) -> CannotRead:
    """What a PDF is that nothing says to be a form of ours."""
    if "/Collection" in file.root:
        return CannotRead(RETURN_OTHER_FORMAT, "The PDF is a portfolio: files inside a PDF")
    if "/XFA" in file.form:
        return CannotRead(RETURN_XFA, "The PDF is a form of another kind (XFA)")
    if not any(file.texts) and file.has_pictures:
        return CannotRead(RETURN_SCANNED, "The PDF holds nothing but pictures")
    return CannotRead(RETURN_NOT_OURS, "Nothing in the PDF says that it is a form of ours")


class _Reading:
    """One PDF, read for one blank."""

    def __init__(self, file: Opened, blank_for: BlankFor) -> None:
        self.file = file
        self.identity, self.by_code = _identity(file)
        self.blank = blank_for(self.identity)
        self.questions = {question.id: question for question in self.blank.questions()}
        self.remarks: list[str] = []
        self.altered: list[str] = []
        self.joined: dict[str, list[PdfField]] = {}
        self.others: list[PdfField] = []

    def submission(self) -> Submission:
        if self.by_code:
            self.remarks.append(
                "The file’s properties are lost; what it is was read from the code in its footer."
            )
        self.join()
        self.refuse_several()
        if not self.joined:
            raise self.without_fields()
        self.look_at_pages()
        beside = self.look_at_notes()
        answers = {
            id: self.answer(question, beside.get(id, "")) for id, question in self.questions.items()
        }
        if not self.identity.stamp.asks_as(self.blank.stamp):
            self.altered.insert(0, "The form was made with other questions than this edition’s.")
        return Submission(
            self.identity,
            "PDF",
            answers,
            tuple(dict.fromkeys(self.altered)),
            self.unknown(),
            tuple(dict.fromkeys(self.remarks)),
        )

    def without_fields(self) -> CannotRead:
        if "/Collection" in self.file.root:
            return CannotRead(RETURN_OTHER_FORMAT, "The PDF is a portfolio: files inside a PDF")
        if "/XFA" in self.file.form:
            return CannotRead(RETURN_XFA, "The PDF is a form of another kind (XFA)")
        return CannotRead(
            RETURN_FLATTENED, "The PDF says which form it is, and has none of its fields"
        )

    # which field is whose

    def join(self) -> None:
        """Give every question its fields."""
        renamed = 0
        for found in self.file.fields:
            if found.kind == "signature":
                self.look_at_signature(found)
            elif found.kind != "button":
                id = self.named(found.name) or self.renamed(found)
                renamed += bool(id) and not self.named(found.name)
                if id:
                    self.joined.setdefault(id, []).append(found)
                else:
                    self.others.append(found)
        if renamed:
            self.remarks.append(
                f"Names of fields were changed by another program ({renamed}); their questions "
                "could be told."
            )

    def named(self, name: str) -> str:
        """The question that has, or in an earlier edition had, this id; empty for none."""
        return name if name in self.questions else self.former.get(name, "")

    @cached_property
    def former(self) -> Mapping[str, str]:
        claims = [(was, id) for id, question in self.questions.items() for was in question.was]
        return _once(claims)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The question of every tooltip."""
        return _once((_bare(_tooltip(question)), id) for id, question in self.questions.items())

    def renamed(self, found: PdfField) -> str:
        """The question of a field that another program has named anew; empty where in doubt."""
        shown = _bare(text_of(found.fact("/TU")))
        if shown in self.titles:
            return self.titles[shown]
        candidates = [found.name]
        for pattern in _RENAMED:
            candidates += [pattern.sub("", one) for one in candidates]
        id = next(filter(None, map(self.named, candidates)), "")
        title = _bare(self.questions[id].title) if id else ""
        return id if not shown or title in shown else ""

    def refuse_several(self) -> None:
        """Raise CannotRead for several forms in one file.

        Most questions of one form are there twice, or pages have the codes of different forms.
        """
        twice = 0
        for fields in self.joined.values():
            pages = {place.page for found in fields for place in self.places(found)}
            twice += len(pages) > 1 or len(fields) > 1
        if twice > 2 and twice * 2 > len(self.joined):
            raise CannotRead(RETURN_SEVERAL, "The PDF holds several copies of the form")
        if len(self.others) > 2 or twice > 2 or self.bare_pages:
            stamps = (self.identity.stamp, *stamps_printed("\n".join(self.file.texts)))
            if len({(stamp.organisation, stamp.form, stamp.edition) for stamp in stamps}) > 1:
                raise CannotRead(RETURN_SEVERAL, "The PDF holds several forms")

    @cached_property
    def by_widget(self) -> Mapping[int, Note]:
        return {id(note.entries): note for note in self.file.notes if note.kind == "/Widget"}

    def places(self, found: PdfField) -> list[Note]:
        """The widgets of a field that stand on a page."""
        notes = (self.by_widget.get(id(widget)) for widget in found.widgets)
        return [note for note in notes if note]

    @cached_property
    def bare_pages(self) -> set[int]:
        """The pages without any field; no page of our own forms is."""
        held = {note.page for note in self.by_widget.values()}
        return set(range(1, len(self.file.pages) + 1)) - held

    def unknown(self) -> dict[str, str]:
        """What fields hold that belong to no question."""
        held = {plain(found.name): _value(found) for found in self.others}
        return {name: value for name, value in held.items() if value}

    # one answer

    def answer(self, question: Question, beside: str) -> Answer:
        fields = self.joined.get(question.id)
        if not fields:
            return Answer("lost", beside=beside)
        self.compare(question, fields[0])
        values = list(dict.fromkeys(filter(None, (self.value(question, one) for one in fields))))
        if len(values) > 1:
            self.remarks.append(f"“{question.title}” is there twice, with different answers.")
        if values:
            return Answer("answered", values[0], beside)
        return Answer("blank" if any(map(self.places, fields)) else "lost", beside=beside)

    def value(self, question: Question, found: PdfField) -> str:
        if found.kind in ("checkbox", "buttons"):
            state, doubtful = state_of(found)
            if doubtful:
                self.remarks.append(
                    f"“{question.title}” is ticked in one way of looking at the file and not in "
                    "another; it counts as ticked."
                )
            if question.kind == "checkbox":
                return names.TICKED_VALUE if state else ""
            return as_value(question, state)
        return as_value(question, value_of(found) or self.drawn(question, found))

    def drawn(self, question: Question, found: PdfField) -> str:
        """What a field shows without holding it, as some programs that fill forms leave it."""
        words, sure = drawn_in(found, self.file.pages[0])
        if not sure:
            self.remarks.append(
                f"“{question.title}” shows something that its field does not hold and that cannot "
                "be read."
            )
        elif words:
            self.remarks.append(
                f"“{question.title}” shows an answer that its field does not hold; it was read "
                "from what is shown."
            )
        return words if question.kind == "multiline" else " ".join(words.split())

    def compare(self, question: Question, found: PdfField) -> None:
        """Note where a field no longer asks what the blank asks."""
        shown = text_of(found.fact("/TU"))
        if shown and _bare(question.title) not in _bare(shown):
            self.altered.append(f"“{question.title}” is now called “{quoted(shown)}”.")
        if question.kind == "choice":
            offered = options_of(found)
            if found.kind == "buttons" and not offered:
                offered = [names.option_of(one) for w in found.widgets for one in states(w)]
            if _set(offered) != _set(question.options):
                self.altered.append(f"“{question.title}” has other choices than were published.")
        elif (question.kind == "checkbox") != (found.kind in ("checkbox", "buttons")):
            self.altered.append(f"“{question.title}” is another kind of field than was published.")

    # the rest of the file

    def look_at_signature(self, found: PdfField) -> None:
        """Remark a digital signature, and whether the file was changed after it (12.8.1)."""
        value = found.fact("/V")
        if not isinstance(value, DictionaryObject):
            return
        self.remarks.append("The file is digitally signed; the signature was not checked.")
        signed = value.get("/ByteRange")
        if isinstance(signed, ArrayObject) and len(signed) == 4:
            start, length = (int(number.get_object()) for number in signed[2:])
            if start + length < len(self.file.data.rstrip()):
                self.remarks.append("The file was changed after it had been digitally signed.")

    def look_at_pages(self) -> None:
        """Remark pages that are gone or have lost their fields, and a form of another kind."""
        hidden = sum(not any(map(self.places, fields)) for fields in self.joined.values())
        if hidden:
            self.remarks.append(
                f"Pages were taken out of the file; answers that stand on no page: {hidden}."
            )
        texts = enumerate(self.file.texts if self.bare_pages else (), start=1)
        flat = [page for page, text in texts if page in self.bare_pages and stamps_printed(text)]
        if flat:
            pages = ", ".join(map(str, flat))
            self.remarks.append(f"Pages that were printed or flattened were not read: {pages}.")
        if "/XFA" in self.file.form:
            self.remarks.append("The file holds a second form, of another kind (XFA): not read.")

    def look_at_notes(self) -> dict[str, str]:
        """What was typed on the page instead of into a field, by the question beside it.

        Browsers and viewers offer it as “add text” (a FreeText annotation, 12.5.6.6).
        """
        beside: dict[str, str] = {}
        for note in self.file.notes:
            if note.kind in _SILENT:
                continue
            words = text_of(note.entries.get("/Contents")).strip()
            question = self.nearest(note)
            if note.kind == "/FreeText" and words and question:
                beside[question.id] = "\n".join(filter(None, (beside.get(question.id), words)))
            elif words:
                self.remarks.append(f"On page {note.page} stands a note: “{quoted(words)}”.")
            elif note.kind not in _MARKS:
                where = f"“{question.title}”" if question else "the form"
                self.remarks.append(f"On page {note.page} something is drawn over {where}.")
        return beside

    @cached_property
    def asked_on(self) -> Mapping[int, list[tuple[Note, Question]]]:
        """The places of answers on every page."""
        found: dict[int, list[tuple[Note, Question]]] = {}
        for id, fields in self.joined.items():
            for place in (place for one in fields for place in self.places(one)):
                found.setdefault(place.page, []).append((place, self.questions[id]))
        return found

    def nearest(self, note: Note) -> Question | None:
        """The question whose place a note covers most, or lies nearest to; None where in doubt."""
        ranked = sorted(
            ((_apart(place.box, note.box), q) for place, q in self.asked_on.get(note.page, ())),
            key=lambda found: found[0],
        )
        clear = (
            ranked
            and ranked[0][0] < NEAR
            and (ranked[0][0] < 0 or len(ranked) == 1 or ranked[0][0] < ranked[1][0] - CLEARLY)
        )
        return ranked[0][1] if clear else None


def _value(found: PdfField) -> str:
    return state_of(found)[0] if found.kind in ("checkbox", "buttons") else value_of(found)


def _once(claims: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each key stands for, where it stands for one thing only."""
    found: dict[str, set[str]] = {}
    for key, id in claims:
        found.setdefault(key, set()).add(id)
    return {key: ids.pop() for key, ids in found.items() if len(ids) == 1}


def _tooltip(question: Question) -> str:
    return names.tooltip(question.title, DATE_FORMAT if question.kind == "date" else "")


def _apart(box: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Points between two rectangles; where they overlap, minus the part of `other` that does."""
    across = max(box[0], other[0]) - min(box[2], other[2])
    up = max(box[1], other[1]) - min(box[3], other[3])
    if across < 0 and up < 0:
        return -across * up
    return math.hypot(max(across, 0), max(up, 0))


def _set(options: Iterable[str]) -> set[str]:
    return {_bare(option) for option in options} - {""}


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()
