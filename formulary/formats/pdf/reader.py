"""Read a returned PDF form into a `Submission`.

An answer is found by its field's name, which is the question's id; where a program that joins files
has changed it, by the field's tooltip, which is the question's title, or by what is left of the
name. What can be said of a file that is no readable return is raised as `CannotRead`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from pikepdf import Dictionary, Rectangle

from formulary.documents.arrangement import written_as
from formulary.documents.blank import DATE_FORMAT, Question
from formulary.documents.stamp import Stamp, find_stamps
from formulary.formats.pdf import conventions
from formulary.formats.pdf.appearance import SMALLEST, overflows
from formulary.formats.pdf.field_values import (
    button_choices,
    read_drawing_words,
    read_note,
    read_pressed_state,
    read_text,
)
from formulary.formats.pdf.fields import (
    PdfField,
    box_of,
    dictionary_of,
    entry,
    items_of,
    options_of,
)
from formulary.formats.pdf.untrusted import (
    Annotation,
    UntrustedPdf,
    open_untrusted,
    trim,
)
from formulary.formats.pdf.values import is_bare_utf8, text_of
from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_FLATTENED,
    RETURN_NOT_OURS,
    RETURN_OTHER_FORMAT,
    RETURN_SCANNED,
    RETURN_SEVERAL,
    RETURN_XFA,
)
from formulary.returns.submission import (
    LONGEST_QUOTED,
    BlankFor,
    CannotRead,
    FormReading,
    Identity,
    Submission,
    as_value,
    quote,
    strip_controls,
)
from formulary.words import normalise

NEAR = 18.0
"""Points between an answer's place and words that were typed beside it: about a line."""

CLEARLY = 3.0
"""Points by which one place must be nearer than the next."""

LARGE = 150_000.0
"""Square points, about a third of a page: what covers so much is over no one field."""

MOST_PAGES_DRAWN = 20
"""How many pages with fields are searched for what was drawn onto them."""

_TICKS = frozenset(("x", "✓", "✔", "☑", "☒", "√", "yes"))
"""What people type over a check box."""

_RENAMED = (re.compile(r"^.*\."), re.compile(r"#\d+$"), re.compile(r"(?:[_ -]\d+|\(\d+\))$"))
"""What programs that join files put before or after a field's name."""

_MARKS = frozenset(("Highlight", "Underline", "StrikeOut", "Squiggly"))
_SILENT = frozenset(("Widget", "Link", "Popup"))

_REPAIRED = "The file was broken and has been repaired; look whether the answers are whole."

_SEVERAL = 2
"""Above so many questions that are there twice, or fields of no question, look for other forms."""


def read_for(data: bytes, blank_for: BlankFor) -> Submission:
    """The answers of a PDF to the questions of the blank that it says to have come from.

    Raises CannotRead where no answer can be told from the file, or what `blank_for` raises.
    """
    data = trim(data)
    try:
        with open_untrusted(data) as file:
            return _FormReader(file, blank_for).submission()
    except CannotRead as fault:
        if fault.kind is not RETURN_DAMAGED:
            raise
    with open_untrusted(data, repair=True) as file:
        found = _FormReader(file, blank_for).submission()
    return replace(found, remarks=(_REPAIRED, *found.remarks))


def _identify(file: UntrustedPdf) -> tuple[Identity, bool]:
    """What a file says of itself, and whether only its footer says so."""
    for read_entries in (file.read_information, file.read_metadata):
        identity = conventions.read_identity(read_entries())
        if identity:
            return identity, False
    stamp = _find_printed_stamp(file)
    if not stamp:
        raise _other_kind(file) or _refuse_foreign(file)
    return Identity(stamp), True


def _find_printed_stamp(file: UntrustedPdf) -> Stamp | None:
    """The stamp of the code in the footers, which the first and the last page have to agree on.

    Raises CannotRead where they have the codes of different forms.
    """
    printed: set[Stamp] = set()
    for place, text in enumerate(file.iterate_texts(), start=1):
        printed.update(find_stamps(text))
        if len(printed) > 1:
            raise CannotRead(RETURN_SEVERAL, "The PDF holds several forms")
        if printed and place > 1:
            break
    return next(iter(printed), None)


def _other_kind(file: UntrustedPdf) -> CannotRead | None:
    if "/Collection" in file.root:
        return CannotRead(RETURN_OTHER_FORMAT, "The PDF is a portfolio: files inside a PDF")
    if "/XFA" in file.form:
        return CannotRead(RETURN_XFA, "The PDF is a form of another kind (XFA)")
    return None


def _refuse_foreign(file: UntrustedPdf) -> CannotRead:
    if file.has_pictures and not any(file.iterate_texts()):
        return CannotRead(RETURN_SCANNED, "The PDF holds nothing but pictures")
    return CannotRead(RETURN_NOT_OURS, "Nothing in the PDF says that it is one of our forms")


class _FormReader(FormReading):
    """One PDF, read for one blank."""

    def __init__(self, file: UntrustedPdf, blank_for: BlankFor) -> None:
        identity, by_code = _identify(file)
        super().__init__(identity, by_code, blank_for(identity))
        self.file = file
        self.joined: dict[str, list[PdfField]] = {}
        self.others: list[PdfField] = []
        self.values: dict[str, list[str]] = {}

    def submission(self) -> Submission:
        self.match_fields()
        if self.joined or self.others:
            self.refuse_several()
        if not self.joined:
            raise _other_kind(self.file) or CannotRead(
                RETURN_FLATTENED, "The PDF says which form it is, and has none of its fields"
            )
        self.remark_pages()
        self.values = {id: self.read_values(question) for id, question in self.questions.items()}
        self.match_notes()
        self.match_additions()
        self.remark_long_answers()
        held = {strip_controls(found.name): _read_any(found) for found in self.others}
        self.unknown = {name: value for name, value in held.items() if value}
        return self.make_submission("PDF", {id: self.value(id) for id in self.questions})

    # which field is whose

    def match_fields(self) -> None:
        """Give every question its fields."""
        renamed = 0
        for found in self.file.fields:
            if found.kind == "signature":
                self.remark_signature(found)
            elif found.kind != "button":
                id = self.find_question(found.name)
                if not id:
                    id = self.find_renamed_question(found)
                    renamed += bool(id)
                (self.joined.setdefault(id, []) if id else self.others).append(found)
        if renamed:
            self.remarks.append(
                f"Names of fields were changed by another program ({renamed}); their questions "
                "could be told."
            )

    def find_question(self, name: str) -> str:
        """The question that has, or in an earlier edition had, this id; empty for none."""
        return name if name in self.questions else self.former_ids.get(name, "")

    @cached_property
    def former_ids(self) -> Mapping[str, str]:
        claims = [(was, id) for id, question in self.questions.items() for was in question.was]
        return _map_unambiguous(claims)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The question of every tooltip."""
        return _map_unambiguous(
            (normalise(words), id)
            for id, question in self.questions.items()
            for words in _tooltips(question)
        )

    def find_renamed_question(self, found: PdfField) -> str:
        """The question of a field that another program has renamed; empty where in doubt."""
        shown = normalise(text_of(found.find_entry("/TU")))
        if shown in self.titles:
            return self.titles[shown]
        candidates = [found.name]
        for pattern in _RENAMED:
            candidates += [pattern.sub("", one) for one in candidates]
        id = next(filter(None, map(self.find_question, candidates)), "")
        title = normalise(self.questions[id].title) if id else ""
        return id if not shown or title in shown else ""

    def refuse_several(self) -> None:
        """Raise CannotRead for several forms in one file.

        Most questions of one form are there twice, or pages have the codes of different forms.
        """
        twice = sum(
            len(fields) > 1 or len({place.page for place in self.places(fields[0])}) > 1
            for fields in self.joined.values()
        )
        if twice > _SEVERAL and twice * 2 > len(self.joined):
            raise CannotRead(RETURN_SEVERAL, "The PDF holds several copies of the form")
        if len(self.others) > _SEVERAL or twice > _SEVERAL or self.fieldless_pages:
            printed = {stamp for text in self.file.iterate_texts() for stamp in find_stamps(text)}
            stamps = {self.identity.stamp, *printed}
            if len({(stamp.organisation, stamp.form, stamp.edition) for stamp in stamps}) > 1:
                raise CannotRead(RETURN_SEVERAL, "The PDF holds several forms")

    @cached_property
    def by_widget(self) -> Mapping[tuple[int, int], Annotation]:
        """The place of each widget, by the number of its object."""
        return {one.dictionary.objgen: one for one in self.file.annotations if one.kind == "Widget"}

    def places(self, found: PdfField) -> list[Annotation]:
        """The widgets of a field that are on a page."""
        by_widget = self.by_widget
        return [by_widget[w.objgen] for w in found.widgets if w.objgen in by_widget]

    @cached_property
    def fieldless_pages(self) -> set[int]:
        """The pages without any field; of our own, only those that continue answers are."""
        held = {note.page for note in self.by_widget.values()}
        return {
            number
            for number, page in enumerate(self.file.pages, start=1)
            if number not in held and entry(page, conventions.CONTINUATION) is None
        }

    # one answer

    def read_values(self, question: Question) -> list[str]:
        """What the fields of a question hold; mostly one value, or none."""
        fields = self.joined.get(question.id, [])
        if fields:
            self.remark_changes(question, fields[0])
        read = filter(None, (self.read_value(question, one) for one in fields))
        values = list(dict.fromkeys(read))
        if len(values) > 1:
            self.remark_differing(question)
        return values

    def value(self, id: str) -> str | None:
        """What answers a question; None where its place is gone."""
        if self.values[id]:
            return self.values[id][0]
        return "" if any(map(self.places, self.joined.get(id, ()))) else None

    def read_value(self, question: Question, found: PdfField) -> str:
        if found.kind in ("checkbox", "buttons"):
            state, doubtful = read_pressed_state(found)
            if doubtful:
                self.remarks.append(
                    f"“{question.title}” is ticked in one way of looking at the file and not in "
                    "another; it counts as ticked."
                )
            if question.kind == "checkbox":
                return conventions.TICKED_VALUE if state else ""
            return as_value(question, state)
        text = read_text(found)
        if not text.isascii() and is_bare_utf8(found.find_entry("/V")):
            self.remarks.append(
                "A program has written answers in another encoding (UTF-8) than it says; they were "
                "read in that. Check that accented letters are right."
            )
        return as_value(question, text or self.read_drawing(question, found))

    def read_drawing(self, question: Question, found: PdfField) -> str:
        """What a field shows without holding it, as some programs that fill forms leave it."""
        words, sure = read_drawing_words(self.file.document, found)
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

    def remark_changes(self, question: Question, found: PdfField) -> None:
        """Note where a field no longer asks what the blank asks."""
        shown = text_of(found.find_entry("/TU"))
        if shown and normalise(question.title) not in normalise(shown):
            self.remark_title(question, shown)
        if question.kind == "choice":
            offered = options_of(found)
            if found.kind == "buttons" and not offered:
                offered = button_choices(found)
            if _normalise_all(offered) != _normalise_all(question.options):
                self.altered.append(f"“{question.title}” has other choices than were published.")
        elif (question.kind == "checkbox") != (found.kind in ("checkbox", "buttons")):
            self.altered.append(f"“{question.title}” is another kind of field than was published.")

    # the rest of the file

    def remark_signature(self, found: PdfField) -> None:
        """Remark a digital signature, and whether the file was changed after it (12.8.1)."""
        value = found.find_entry("/V")
        if not isinstance(value, Dictionary):
            return
        self.remarks.append("The file is digitally signed; the signature was not checked.")
        signed = items_of(entry(value, "/ByteRange"))
        if len(signed) == 4 and sum(map(int, signed[2:])) < len(self.file.data.rstrip()):
            self.remarks.append("The file was changed after it had been digitally signed.")

    def remark_pages(self) -> None:
        """Remark pages that are gone or have lost their fields, and a form of another kind."""
        hidden = sum(not any(map(self.places, fields)) for fields in self.joined.values())
        if hidden:
            self.remarks.append(
                f"Pages were taken out of the file; answers that are on no page: {hidden}."
            )
        bare = sorted(self.fieldless_pages)
        flat = [page for page in bare if find_stamps(self.file.text_of_page(page))]
        if flat:
            pages = ", ".join(map(str, flat))
            self.remarks.append(f"Pages that were printed or flattened were not read: {pages}.")
        if "/XFA" in self.file.form:
            self.remarks.append("The file holds a second form, of another kind (XFA): not read.")
        if "/EmbeddedFiles" in dictionary_of(entry(self.file.root, "/Names")):  # 7.11.4
            self.remarks.append("Other files are attached inside the PDF: not read. Look at them.")

    def remark_long_answers(self) -> None:
        """Remark answers that a print of the file shows in part only, or as they were before.

        The first are longer than their boxes, and no page behind the form has the whole of them.
        """
        continued: dict[str, str] = {}
        for page in self.file.pages:
            held = dictionary_of(entry(page, conventions.CONTINUATION))
            for key in held.keys():  # noqa: SIM118
                continued[self.find_question(key.removeprefix("/"))] = text_of(held[key])
        cut, stale = [], []
        for id, values in self.values.items():
            title = f"“{self.questions[id].title}”"
            if id in continued:
                if " ".join(continued[id].split()) != " ".join(" ".join(values[:1]).split()):
                    stale.append(title)
            elif values and self.is_cut_off(id, values[0]):
                cut.append(title)
        if cut:
            self.remarks.append(
                "Longer than its box, so a print shows it cut off or in very small letters; the "
                f"register has all of it: {', '.join(cut)}."
            )
        if stale:
            self.remarks.append(
                "The page behind the form that continues an answer is older than the answer; the "
                f"register has the newer one: {', '.join(stale)}."
            )

    def is_cut_off(self, id: str, value: str) -> bool:
        """Whether the answer does not fit into any of its boxes, in letters that can be read."""
        fields = [field for field in self.joined.get(id, ()) if field.kind == "text"]
        try:
            boxes = [box_of(one, place.dictionary) for one in fields for place in self.places(one)]
        except (TypeError, ValueError, ArithmeticError):  # entries of a kind that no viewer takes
            return False
        boxes = [box for box in boxes if min(box.width, box.height) > SMALLEST]  # as any printed is
        return bool(boxes) and all(overflows(value, box) for box in boxes)

    def match_notes(self) -> None:
        """Find the questions of what was put on a page as an annotation instead of into a field.

        Browsers and viewers offer words so as “add text” (FreeText, 12.5.6.6). Where they cover
        nothing but one empty field, they are its answer.
        """
        taken: dict[str, list[str]] = {}
        for note in self.file.annotations:
            if note.kind in _SILENT:
                continue
            words = read_note(self.file.document, note.dictionary)
            covered = self.covered_question(note) if note.kind == "FreeText" and words else None
            question = covered or self.nearest_question(note.page, note.box)
            if covered:
                taken.setdefault(covered.id, []).append(words)
            elif note.kind == "FreeText" and words and question:
                self.note_beside(question.id, words)
            elif words:
                self.remarks.append(f"On page {note.page} is a note: “{quote(words)}”.")
            elif note.kind not in _MARKS:
                self.remark_drawing(note.page, question)
        titles = [id for id, words in taken.items() if self.take_answer(id, words)]
        if titles:
            listed = ", ".join(f"“{self.questions[id].title}”" for id in titles)
            self.remarks.append(
                "Words that were typed onto the page, over an empty field, were taken as its "
                f"answer: {listed}."
            )

    def take_answer(self, id: str, words: list[str]) -> bool:
        """Whether the only words over a question's empty field can be its answer, and are now."""
        question = self.questions[id]
        value = as_value(question, words[0])
        if question.kind == "checkbox":
            value = conventions.TICKED_VALUE if words[0].casefold() in _TICKS else ""
        if len(words) > 1 or not value:
            self.note_beside(id, *words)
            return False
        self.values[id] = [value]
        return True

    def match_additions(self) -> None:
        """Find the questions of what a program has drawn into the pages themselves."""
        for page in sorted({note.page for note in self.by_widget.values()})[:MOST_PAGES_DRAWN]:
            try:
                additions = self.file.find_additions(page)
            except ValueError:
                self.remarks.append(
                    f"Page {page} cannot be searched for words that were drawn onto it."
                )
                continue
            told, untold = 0, list[str]()
            for one in additions:
                question = self.nearest_question(page, one.box)
                if not one.words:
                    self.remark_drawing(page, question)
                elif question:
                    told += 1
                    self.note_beside(question.id, one.words)
                else:
                    untold += one.words.splitlines()
            if told:
                self.remarks.append(
                    f"On page {page} words were drawn onto the page instead of typed into a field "
                    f"(places: {told})."
                )
            self.remarks += (
                f"On page {page} words were drawn onto the page: “{quote(words)}”."
                for words in _join_short(untold)
            )

    def remark_drawing(self, page: int, question: Question | None) -> None:
        where = f"“{question.title}”" if question else "the form"
        empty = question is not None and not self.values[question.id]
        counts = ", which is empty and counts as not answered" if empty else ""
        self.remarks.append(f"On page {page} something is drawn over {where}{counts}.")

    @cached_property
    def places_by_page(self) -> Mapping[int, list[tuple[Annotation, Question]]]:
        """The places of answers on every page."""
        found: dict[int, list[tuple[Annotation, Question]]] = {}
        for id, fields in self.joined.items():
            for place in (place for one in fields for place in self.places(one)):
                found.setdefault(place.page, []).append((place, self.questions[id]))
        return found

    def covered_question(self, note: Annotation) -> Question | None:
        """The question whose empty field is the only one that a note covers."""
        covered = {
            question.id
            for place, question in self.places_by_page.get(note.page, ())
            if _overlap(place.box, note.box)
        }
        id = covered.pop() if len(covered) == 1 else ""
        return self.questions[id] if id and not self.values[id] else None

    def nearest_question(self, page: int, box: Rectangle) -> Question | None:
        """The question whose place a box covers most, or lies nearest to; None where in doubt."""
        ranked = sorted(
            ((_distance(place.box, box), q) for place, q in self.places_by_page.get(page, ())),
            key=lambda found: found[0],
        )
        clear = (
            ranked
            and ranked[0][0] < NEAR
            and (ranked[0][0] < 0 or len(ranked) == 1 or ranked[0][0] < ranked[1][0] - CLEARLY)
        )
        return ranked[0][1] if clear and box.width * box.height < LARGE else None


def _join_short(texts: Iterable[str]) -> Iterator[str]:
    """The texts, as many joined as a message quotes in full."""
    joined = ""
    for text in texts:
        if joined and len(joined) + len(text) >= LONGEST_QUOTED:
            yield joined
            joined = ""
        joined = f"{joined} {text}".strip()
    if joined:
        yield joined


def _read_any(found: PdfField) -> str:
    return (
        read_pressed_state(found)[0] if found.kind in ("checkbox", "buttons") else read_text(found)
    )


def _map_unambiguous(claims: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The id that each key claims; a key that several ids claim is left out."""
    found: dict[str, set[str]] = {}
    for key, id in claims:
        found.setdefault(key, set()).add(id)
    return {key: ids.pop() for key, ids in found.items() if len(ids) == 1}


def _tooltips(question: Question) -> set[str]:
    """The tooltip of its field, and that of earlier forms, which say only how a date is written."""
    earlier = DATE_FORMAT if question.kind == "date" else ""
    return {conventions.tooltip(question.title, one) for one in (written_as(question), earlier)}


def _overlap(box: Rectangle, other: Rectangle) -> bool:
    """Whether two rectangles clearly share a part of the page."""
    across = min(box.urx, other.urx) - max(box.llx, other.llx)
    up = min(box.ury, other.ury) - max(box.lly, other.lly)
    return across > CLEARLY and up > CLEARLY


def _distance(box: Rectangle, other: Rectangle) -> float:
    """Points between two rectangles; where they overlap, minus the part of `other` that does."""
    across = max(box.llx, other.llx) - min(box.urx, other.urx)
    up = max(box.lly, other.lly) - min(box.ury, other.ury)
    if across < 0 and up < 0:
        return -across * up
    return math.hypot(max(across, 0), max(up, 0))


def _normalise_all(options: Iterable[str]) -> set[str]:
    return {normalise(option) for option in options} - {""}
