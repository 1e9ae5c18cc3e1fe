"""Read a returned Word form into a `Submission`, whatever became of it.

An answer is found by its content control's tag; if a program has dropped that, by the control's
title, and last by the bookmark around it. What is in the document beyond the published form is
reported with the nearest question. What can be said of a file that is no readable return is raised
as `CannotRead`.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from formulary.documents.blank import Blank, Question
from formulary.documents.stamp import Stamp, find_stamps
from formulary.edition.days import read_day
from formulary.formats.word.content import (
    MARK,
    Control,
    DocumentContent,
    words_in,
    words_outside,
)
from formulary.formats.word.hidden import mark_hidden
from formulary.formats.word.joined_lines import has_moved_lines, part_lines
from formulary.formats.word.nearest import find_question, is_label_row
from formulary.formats.word.ooxml import (
    CHECKED,
    PLACEHOLDERS,
    UNCHECKED,
    Element,
    bookmark_name,
    bookmarks_at,
    earlier_placeholder,
    letter_placeholder,
    read_identity,
    w,
)
from formulary.formats.word.parts import Parts, parts_of, read_trees, tree_of
from formulary.formats.word.printed_form import (
    EMPTY,
    PROMPTS,
    PrintedForm,
    PrintedWords,
    compare_line,
    edge_key,
    line_key,
)
from formulary.problems import RETURN_FLATTENED, RETURN_NOT_OURS, RETURN_SCANNED, RETURN_SEVERAL
from formulary.project import HOUSE, PRODUCT
from formulary.returns.submission import (
    BlankFor,
    CannotRead,
    FormReading,
    Identity,
    Submission,
    as_value,
    quote,
    strip_controls,
)
from formulary.words import make_distinct, normalise, one_line

_TICKS = frozenset(CHECKED + "☑✓✔✗✘🗹🗷")
_BOXES = frozenset(UNCHECKED + "□▢◻")

_MOST_QUOTED = 3
_MOST_COMPARED = 50
"""Paragraphs that are compared with printed lines; of so many, somebody has pasted a document."""


def read_for(data: bytes, blank_for: BlankFor, house: Path = PRODUCT / HOUSE) -> Submission:
    """The answers of a Word file to the questions of the blank that it says to have come from.

    The look of the blank is that of `house`. Raises CannotRead where no answer can be told from the
    file, or what `blank_for` raises.
    """
    parts = parts_of(data)
    body = tree_of(parts.name, parts.main)
    identity, by_code = _identity(parts, body)
    mark_hidden(body, parts.styles)
    form = _printed_form(blank_for(identity), house)
    return _WordReader(parts, body, form, identity, by_code).submission()


_printed: dict[tuple[Stamp, Path], PrintedForm] = {}
"""What is known of each blank that returns were read for."""


def _printed_form(blank: Blank, house: Path) -> PrintedForm:
    key = (blank.stamp, house)
    found = _printed.get(key)
    if found is None or found.blank != blank:
        found = _printed[key] = PrintedForm(blank, house)
    return found


def _identity(parts: Parts, body: Element) -> tuple[Identity, bool]:
    """What the file says of itself, and whether only its footer says so."""
    identity = read_identity(parts.custom)
    if identity:
        return identity, False
    texts = map(words_in, (*read_trees(parts.file, parts.edges), body))
    stamps = {stamp for text in texts for stamp in find_stamps(text)}
    if len(stamps) > 1:
        raise CannotRead(RETURN_SEVERAL, f"The document holds {len(stamps)} forms")
    if not stamps:
        if parts.has_pictures and not "".join(body.itertext(w("t"))).strip():
            raise CannotRead(RETURN_SCANNED, "The document holds nothing but pictures")
        raise CannotRead(RETURN_NOT_OURS, "Nothing in the file says that it is one of our forms")
    return Identity(stamps.pop()), True


class _WordReader(FormReading):
    """One document, read for one blank."""

    def __init__(
        self, parts: Parts, body: Element, form: PrintedForm, identity: Identity, by_code: bool
    ) -> None:
        super().__init__(identity, by_code, form.blank)
        self.parts, self.form = parts, form
        self.content = DocumentContent(body)
        self.controls = self.find_controls()
        if not all(self.controls.values()):
            self.content = DocumentContent(body, frozenset(form.bookmarks))
            self.controls = self.find_controls()

    def find_controls(self) -> dict[str, list[Control]]:
        """The controls of each question, by its id: those with its tag, its title, its bookmark."""
        self.by_tag: dict[str, list[Control]] = {}
        by_title: dict[str, list[Control]] = {}
        for control in self.content.controls:
            for tag in control.tags:
                self.by_tag.setdefault(tag, []).append(control)
            for title in control.titles:
                by_title.setdefault(title, []).append(control)
        found = {
            id: _without_repeats(self.by_tag.get(id) or by_title.get(title, []))
            for id, title in self.form.titles.items()
        }
        self.boxes = self.find_boxes(found)
        for id, boxes in self.boxes.items():
            found[id] = [box for ticks in boxes.values() for box in ticks]
        for name, bookmark in self.content.bookmarks.items():
            id = self.form.bookmarks[name].id
            if not found[id]:
                found[id] = [bookmark]
                for place, (pieces, at) in enumerate(bookmark.places):
                    pieces[at] = "" if place else MARK
        return found

    def find_boxes(self, found: dict[str, list[Control]]) -> dict[str, dict[str, list[Control]]]:
        """The boxes of each choice that has no list to choose from, by question id and choice.

        LibreOffice puts a control with the title of the last box around the line of them all, and
        leaves a box that is alone in its line to the name of that control.
        """
        inner = [
            (control, list(control.element.iter(w("sdt")))[1:]) for control in self.content.controls
        ]
        around = {boxes[0]: control for control, boxes in inner if len(boxes) == 1}
        boxes: dict[str, dict[str, list[Control]]] = {}
        by_name = self.form.boxes | self.form.box_titles
        for control in self.content.controls:
            if control.element.find(f".//{w('sdt')}") is not None:
                continue
            own = any((*control.tags, *control.titles))
            control_named = control if own else around.get(control.element, control)
            named = control_named.tags if any(control_named.tags) else control_named.titles
            known = next((by_name[name] for name in named if name in by_name), None)
            if known and not found[known[0].id]:
                question, option = known
                boxes.setdefault(question.id, {}).setdefault(option, []).append(control)
        return boxes

    def submission(self) -> Submission:
        """The answers, and what HR should know beside them."""
        self.refuse_unreadable()
        values = {question.id: self.value(question) for question in self.form.questions}
        if self.content.tracked:
            self.remarks.append(
                "Changes are tracked in the file: what was added counts, what was deleted does not."
            )
        self.report_other_controls()
        self.report_beyond_the_form()
        return self.make_submission("Word", values)

    def refuse_unreadable(self) -> None:
        """Raise CannotRead for a form without fields, and for several forms in one document."""
        there = sum(bool(controls) for controls in self.controls.values())
        if not there:
            raise CannotRead(
                RETURN_FLATTENED, "The document says which form it is, and has no fields any more"
            )
        twice = sum(
            any(len(ticks) > 1 for ticks in self.boxes[id].values())
            if id in self.boxes
            else len(controls) > 1
            for id, controls in self.controls.items()
        )
        if twice > 2 and twice * 2 > there:
            raise CannotRead(RETURN_SEVERAL, "The document holds several copies of the form")

    # one answer

    def value(self, question: Question) -> str | None:
        """What answers a question; None where its place is gone."""
        controls = self.controls[question.id]
        if not controls:
            return None
        if question.id in self.boxes:
            return self.value_in_boxes(question)
        self.compare_title(controls[0], question)
        if len(controls) == 1:
            return self.value_in(controls[0], question)
        live = [one for one in controls if not one.is_deleted] or controls[:1]
        first, *copies = _original_first(live, question)
        value = self.value_in(first, question)
        for copy in copies:
            other = self.value_in(copy, question)
            if not value:
                value = other
            elif other and other != value:
                self.remark_differing(question)
                row = _row_of(copy.element)
                added = row is not None and row is not _row_of(first.element)
                where = "a row that was added" if added else "a field that was copied"
                self.add_unknown(f"{where}: {question.title}", other)
        return value

    def value_in_boxes(self, question: Question) -> str | None:
        """The choice whose box is ticked; several, each on a line, where several are."""
        boxes = self.boxes[question.id]
        ticked = [
            option
            for option in question.options
            if any(
                box.ticked if box.ticked is not None else _TICKS & set(box.words)
                for box in boxes.get(option, ())
                if not box.is_deleted
            )
        ]
        if not ticked and len(boxes) < len(question.options):
            return None  # the box that is gone may have been the ticked one
        return "\n".join(ticked)

    def value_in(self, control: Control, question: Question) -> str:
        if question.kind == "checkbox" and control.ticked is not None:
            return "yes" if control.ticked else ""
        words = control.words
        if question.kind == "multiline" and has_moved_lines(control):
            words = self.restore_lines(question, control)
        value = _value_of(question, words)
        if value and control.stored_day and question.kind == "date":
            return self.compare_days(question, words, value, control.stored_day)
        return value

    def compare_days(self, question: Question, words: str, value: str, stored: str) -> str:
        """The day that a date control shows, where that is the one it keeps beside it."""
        try:
            kept = datetime.date.fromisoformat(stored[:10])
        except ValueError:
            return value
        written = kept.strftime("%d/%m/%Y")
        if value == written:
            return value
        numbers = sorted(int(number) for number in re.findall("[0-9]{1,4}", words))
        if read_day(value).date is None and numbers == sorted((kept.day, kept.month, kept.year)):
            return written
        self.remarks.append(
            f"“{question.title}” shows “{quote(words)}”, and the date that was chosen for it is "
            f"{written}: ask which of them is meant."
        )
        return value

    def restore_lines(self, question: Question, control: Control) -> str:
        """The words with their line ends where LibreOffice 7.4 has moved these in front of them."""
        words = strip_controls("".join(control.pieces))
        whole = words.lstrip("\n")
        count = control.lines_before + len(words) - len(whole)
        if "\n" in whole or not whole:
            return control.words
        parted = part_lines(whole, count)
        if not parted and count == 1 and not control.lines_before:
            return control.words  # somebody has typed an empty line first
        self.remarks.append(
            f"The lines of “{question.title}” were joined when LibreOffice saved the file. "
            + (
                "They were split again where a sentence ends."
                if parted
                else "Where each begins is not known: compare them with the form."
            )
        )
        return parted or whole

    def compare_title(self, control: Control, question: Question) -> None:
        title = self.form.titles[question.id]
        if control.titles and title not in control.titles:
            shown = control.titles[0]
            if normalise(shown) != normalise(title):
                self.remark_title(question, shown)

    # the rest of the document

    def add_unknown(self, name: str, words: str) -> None:
        self.unknown[make_distinct(name, self.unknown)] = words

    def report_other_controls(self) -> None:
        """Answers in controls that the blank does not have."""
        for tag, controls in self.by_tag.items():
            if tag and not self.form.question_of(tag):
                words = controls[0].words
                around = self.form.around
                known = around is not None and (tag, normalise(words)) in around.controls
                if not known and normalise(words) not in EMPTY:
                    self.add_unknown(strip_controls(tag), words)

    def report_beyond_the_form(self) -> None:
        """Words and objects around the controls that the blank does not have."""
        printed = self.form.around
        if printed is None:
            self.remarks.append(
                "Words outside of the fields were not looked at: the blank form cannot be made now."
            )
            return
        beyond = [
            (element, words_outside(pieces))
            for element, pieces in self.content.outside
            if pieces and "".join(pieces) not in printed.raw
        ]
        if beyond:
            self.report_words(beyond, printed)
        if self.content.objects:
            self.report_objects(printed)
        changed = [name for name, crc in self.parts.edges.items() if crc not in printed.edges]
        if changed:
            self.report_edges(changed, printed)

    def report_words(self, beyond: list[tuple[Element, str]], printed: PrintedWords) -> None:
        """Quote words that are not printed, with the nearest question."""
        there = {
            element: line_key(words_outside(pieces)) for element, pieces in self.content.outside
        }
        beyond = [
            (element, words)
            for element, words in beyond
            if there[element] not in printed.lines
            and there[element].replace(MARK, "").strip() not in EMPTY
        ]
        missing = list(printed.lines - set(there.values()) - {""})
        places: dict[str, list[str]] = {}
        rows: dict[Element, None] = {}
        reworded: list[str] = []
        for element, words in beyond:
            added = compare_line(words, missing if len(beyond) <= _MOST_COMPARED else [])
            row = _row_of(element)
            if added is None:
                reworded.append(words)
                continue
            if not added or row in rows:
                continue
            nearest = find_question(element, self.anchors)
            if nearest and nearest.is_beside:
                self.note_beside(nearest.question.id, added)
            elif row is not None and self.is_added(row, printed, there):
                rows[row] = None
                cells = [
                    strip_controls(words_in(cell)).replace(MARK, " ").strip()
                    for cell in row.iterdescendants(w("tc"))
                ]
                name = f"a row that was added near “{nearest.question.title}”" if nearest else ""
                self.add_unknown(name or "a row that was added", " | ".join(filter(None, cells)))
            else:
                name = f"near “{nearest.question.title}”" if nearest else "outside of the fields"
                places.setdefault(name, []).append(added)
        for name, lines in places.items():
            self.add_unknown(name, "\n".join(lines))
        if reworded:
            self.remarks.append(_describe_rewording(reworded))

    def is_added(self, row: Element, printed: PrintedWords, there: dict[Element, str]) -> bool:
        """Whether a row is not of the form: no question is in it, and no words that are printed."""
        if is_label_row(row) or any(
            one in self.anchors for one in row.iter(w("sdt"), w("bookmarkStart"))
        ):
            return False
        lines = [there.get(paragraph, "") for paragraph in row.iter(w("p"))]
        return not any(line in printed.lines for line in lines if line and not line.isdigit())

    def report_objects(self, printed: PrintedWords) -> None:
        """Pictures, notes and other things that no answer can hold, with the nearest question."""
        known = Counter(printed.objects)
        found: dict[tuple[str, str], list[Element]] = {}
        for kind, node in self.content.objects:
            nearest = find_question(node, self.anchors)
            key = (kind, nearest.question.id if nearest else "")
            if known[key] > 0:
                known[key] -= 1
            else:
                found.setdefault(key, []).append(node)
        for (kind, id), nodes in found.items():
            where = f"“{self.form.ids[id].title}”" if id else "the form"
            self.remarks.append(_describe_objects(kind, where, nodes))

    def report_edges(self, names: list[str], printed: PrintedWords) -> None:
        """Words and objects in headers and footers."""
        known = Counter(printed.edge_objects)
        added: dict[str, None] = {}
        for tree in read_trees(self.parts.file, names):
            content = DocumentContent(tree)
            around = [words_outside(pieces) for _, pieces in content.outside]
            for words in (*around, *(control.words for control in content.controls)):
                key = edge_key(words)
                if key.replace(MARK, "").strip() and key not in printed.edge_lines:
                    added[one_line(strip_controls(words).replace(MARK, " "))] = None
            for kind, node in content.objects:
                known[kind] -= 1
                if known[kind] < 0:
                    self.remarks.append(_describe_objects(kind, "the header or footer", [node]))
        if added:
            self.add_unknown("in the header or footer", "\n".join(added))

    @cached_property
    def anchors(self) -> dict[Element, Question]:
        """The questions by the elements where they are answered."""
        return {
            control.element: self.form.ids[id]
            for id, controls in self.controls.items()
            for control in controls
        }


def _without_repeats(controls: list[Control]) -> list[Control]:
    """Controls of one question without those in which LibreOffice 7.4 repeats an answer.

    Of an answer in several scripts it writes the whole in a control, and beside that for each run
    of one script another: the run, and the whole after it.
    """
    kept: list[Control] = []
    whole: dict[Element, str] = {}
    for control in controls if controls[1:] else ():
        words, paragraph = "".join(control.words.split()), control.element.getparent()
        first = whole.get(paragraph)
        if first and words.endswith(first) and words.removesuffix(first) in first:
            continue
        whole.setdefault(paragraph, words)
        kept.append(control)
    return kept or controls


def _original_first(controls: list[Control], question: Question) -> list[Control]:
    """Controls of one question, first that which its bookmark is at: Word does not copy it."""
    name = bookmark_name(question.id)
    marked = [one for one in controls if name in bookmarks_at(one.element)]
    return [*marked[:1], *(one for one in controls if one not in marked[:1])]


def _row_of(element: Element) -> Element | None:
    return next(element.iterancestors(w("tr")), None)


def _describe_rewording(lines: list[str]) -> str:
    shown = [f"“{quote(line.replace(MARK, ' '))}”" for line in lines[:_MOST_QUOTED]]
    if lines[_MOST_QUOTED:]:
        shown.append(f"and {len(lines) - _MOST_QUOTED} more")
    return (
        f"Some lines are not worded as in this edition's form: {'; '.join(shown)}. The form may "
        "have been sent out before they were changed, or someone has changed them in it."
    )


def _describe_objects(kind: str, where: str, nodes: list[Element]) -> str:
    times = f" ({len(nodes)} times)" if nodes[1:] else ""
    if kind in ("hidden", "struck out"):
        words = quote(" ".join("".join(node.itertext(w("t"))) for node in nodes))
        return f"Text at {where} is {kind}, and does not count: “{words}”."
    if kind == "symbol":
        return f"A symbol or an equation at {where} has no letter: □ is in its place{times}."
    if kind in _NOT_READ:
        return f"There is {kind} at {where}{times}. It is not read."
    return f"Something is drawn over {where}: {kind}{times}."


_NOT_READ = frozenset(["a footnote", "an endnote", "a comment", "another document"])


def _value_of(question: Question, words: str) -> str:
    """What the words in a question's place answer, as `as_value` has it; empty for a placeholder.

    `words` are as `strip_controls` gives them.
    """
    if question.kind == "checkbox":
        shown = words.strip()
        if _TICKS & set(shown):
            return "yes"
        return "" if not shown or _BOXES & set(shown) else shown
    if question.kind == "choice" and (_TICKS | _BOXES) & set(words):
        return "\n".join(_ticked_words(words))
    if words == PLACEHOLDERS[question.kind] or _is_placeholder(question, words):
        return ""
    return as_value(question, words)


_EACH_BOX = "".join(sorted(_TICKS | _BOXES))
_BOX = re.compile(f"([{_EACH_BOX}])([^{_EACH_BOX}]*)")


def _ticked_words(words: str) -> Iterator[str]:
    """What is written after each box that is ticked, where boxes and words are all that is left."""
    for box, after in _BOX.findall(words):
        if box in _TICKS:
            yield one_line(after)


def _is_placeholder(question: Question, words: str) -> bool:
    shown = normalise(words)
    return shown in _SHOWN_EMPTY[question.kind] or (
        shown.startswith("[")
        and shown in map(normalise, (letter_placeholder(question), earlier_placeholder(question)))
    )


_SHOWN_EMPTY = {
    kind: frozenset(["", placeholder.casefold(), *PROMPTS])
    for kind, placeholder in PLACEHOLDERS.items()
}
"""By its kind, what the place of a question without an answer shows, in small letters."""
