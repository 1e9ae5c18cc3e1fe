"""Fill a finished Word form for many people, each with answers of their own.

Everything that copies share is made ready beforehand, see `zip_template`; how a filled control
looks is asked of `controls.set_value`, once for each control.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from xml.sax.saxutils import escape

from lxml import etree

from formulary.documents.blank import Blank, Kind, Question
from formulary.documents.filling import Misfit, Prepared, day_of, explain_unfit, has_lines
from formulary.formats.word.controls import (
    full_date,
    kind_element,
    set_tick,
    set_value,
    with_plain_breaks,
)
from formulary.formats.word.ooxml import (
    CHECKED,
    NAMESPACES,
    UNCHECKED,
    WORD_2010,
    Element,
    box_tags,
    person_properties,
    tag_of,
    w,
)
from formulary.formats.word.zip_template import (
    GapText,
    StaticParts,
    make_gap_text,
    make_static_parts,
    pack_part,
    pack_template,
)
from formulary.problems import OutputError

DOCUMENT = "word/document.xml"
PROPERTIES = "docProps/custom.xml"

LONGEST: dict[Kind, int] = {"text": 1_000, "multiline": 32_767}
"""Characters. A line of a form, and the most that a cell of a spreadsheet holds."""

SHEETS_KEPT = 128
"""Sheets ready to be filled that a process keeps: a few for each form of a pack, 0.1 MB each."""

_NOT_TEXT = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 1 << 16)
    )
    + "]"
)
"""What XML 1.0 forbids (section 2.2, Char) or advises against: no program shows it."""


@dataclass(frozen=True)
class _FillableControl:
    """A control in XML: as the blank has it, and around the gaps that an answer fills.

    The boxes of a choice are one, from the first box to the last; `options` are theirs.
    """

    question: Question
    blank: bytes
    around: tuple[bytes, ...]
    one_line: bytes = b""
    """What makes it a plain text control, for an answer of one line."""
    line_break: bytes = b""
    tab: bytes = b""
    options: tuple[str, ...] = ()

    def words(self, value: str) -> Iterator[bytes]:
        """What an answer puts into each gap."""
        ticks = ("yes",) if self.question.kind == "checkbox" else self.options
        for tick in ticks:
            yield b"1" if value == tick else b"0"
            yield (CHECKED if value == tick else UNCHECKED).encode()
        if ticks:
            return
        if self.question.kind == "date":
            day = day_of(value)
            yield full_date(day).encode() if day else b""
        if self.question.kind == "multiline":
            yield b"" if has_lines(value) else self.one_line
        text = escape(with_plain_breaks(value)).encode()
        yield text.replace(b"\n", self.line_break).replace(b"\t", self.tab)


# eq=False: one is equal to itself alone, so that it is a quick key of `_sheet`.
@dataclass(frozen=True, eq=False)
class PreparedWord(Prepared):
    """A blank in Word, ready to be copied; see `formulary.documents.filling.Prepared`."""

    controls: Mapping[str, _FillableControl]
    between: tuple[bytes, ...]
    """What is before, between and after the controls."""
    stamp: GapText
    same: StaticParts

    @cached_property
    def asked(self) -> Mapping[str, Question]:
        """The questions by their ids, in the order of the document."""
        return {id: control.question for id, control in self.controls.items()}

    def find_misfit(self, question: Question, value: str) -> Misfit | None:
        """As in `Prepared`, and what no file of Word can hold."""
        if strange := _NOT_TEXT.search(value):
            code = f"U+{ord(strange.group()):04X}"
            message = f"a Word document cannot hold the character {code}"
            return Misfit(question.id, message, strange.group())
        excess = len(value) - LONGEST.get(question.kind, len(value))
        if excess > 0 and not explain_unfit(question, value):
            unit = "character" if excess == 1 else "characters"
            return Misfit(question.id, f"the text is {excess} {unit} too long for its field")
        return super().find_misfit(question, value)

    def fill(self, values: Mapping[str, str], person: str, carried: str = "") -> bytes:
        """A copy with these values; see `Prepared.fill`."""
        self.refuse_misfits(values)
        if _NOT_TEXT.search(person):
            raise ValueError("The person’s id has a character that a Word file cannot hold")
        answered = tuple(id for id in self.controls if values.get(id))
        words = [word for id in answered for word in self.controls[id].words(values[id])]
        return pack_template(
            self.same,
            (
                pack_part(PROPERTIES, self.stamp, (escape(person).encode(), carried.encode())),
                pack_part(DOCUMENT, _sheet(self, answered), words),
            ),
        )


def prepare(document: bytes, blank: Blank) -> PreparedWord:
    """Make a finished blank (of `write_blank`) ready to be copied.

    Raises OutputError where a question of `blank` has no control in the document, or no stamp.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    if PROPERTIES not in parts:
        raise OutputError(f"The form “{blank.title}” in Word has no stamp, so it cannot be filled.")
    # A document cannot hold its own digest, so this marks a gap and nothing else.
    mark = sha256(document).hexdigest()
    controls, between = _controls(parts.pop(DOCUMENT), blank, mark)
    properties = person_properties(parts.pop(PROPERTIES), mark, mark)
    return PreparedWord(
        controls,
        between,
        make_gap_text(properties.split(mark.encode())),
        make_static_parts(parts.items()),
    )


@lru_cache(maxsize=SHEETS_KEPT)
def _sheet(prepared: PreparedWord, answered: tuple[str, ...]) -> GapText:
    """The document with these questions' controls ready to be filled, the others as they are."""
    wanted = frozenset(answered)
    stretches = [[prepared.between[0]]]
    for (id, control), after in zip(prepared.controls.items(), prepared.between[1:], strict=True):
        first, *others = control.around if id in wanted else (control.blank,)
        stretches[-1].append(first)
        stretches.extend([other] for other in others)
        stretches[-1].append(after)
    return make_gap_text([b"".join(stretch) for stretch in stretches])


def _controls(
    document: bytes, blank: Blank, mark: str
) -> tuple[dict[str, _FillableControl], tuple[bytes, ...]]:
    """Every question's control by id, in the document's order, and what is between them."""
    root = etree.fromstring(document)
    questions = {question.id: question for question in blank.questions()}
    boxes = {tag: id for id, question in questions.items() for tag in box_tags(question)}
    found: dict[str, list[Element]] = {}
    for control in root.iter(w("sdt")):
        id = tag_of(control)
        if id in questions:
            found[id] = [control]
        elif id in boxes:
            found.setdefault(boxes[id], []).append(control)
    for id in questions:
        if id not in found:
            raise OutputError(
                f"The form “{blank.title}” in Word has no control for “{questions[id].title}”."
            )
    for controls in found.values():
        controls[0].addprevious(etree.Comment(mark))
        controls[-1].addnext(etree.Comment(mark))
    border = etree.tostring(etree.Comment(mark))
    before = _serialise(root).split(border)
    for id, controls in found.items():
        for control in controls:
            _mark_gaps(control, questions[id], mark)
    after = _serialise(root).split(border)
    filled = [text.split(mark.encode()) for text in after[1::2]]
    made = {
        id: _control(questions[id], text, stretches)
        for id, text, stretches in zip(found, before[1::2], filled, strict=True)
    }
    return made, tuple(before[0::2])


def _control(question: Question, blank: bytes, stretches: list[bytes]) -> _FillableControl:
    if question.options and len(stretches) == 2 * len(question.options) + 1:
        return _FillableControl(question, blank, tuple(stretches), options=question.options)
    if question.kind in LONGEST:
        *before, line_break, tab, last = stretches
        one_line = etree.tostring(kind_element(question))
        return _FillableControl(question, blank, (*before, last), one_line, line_break, tab)
    return _FillableControl(question, blank, tuple(stretches))


def _mark_gaps(control: Element, question: Question, mark: str) -> None:
    """Fill a control with the mark wherever a copy's words will be."""
    if question.kind in LONGEST:
        set_value(control, question, f"{mark}\n{mark}\t{mark}")
        if question.kind == "multiline":
            control.find(w("sdtPr"))[-1].tail = mark
        return
    if control.find("w:sdtPr/w14:checkbox", NAMESPACES) is not None:
        set_tick(control, True)
    else:
        set_value(control, question, question.options[0] if question.options else "31/12/1999")
    _mark_words(control, mark)


def _mark_words(control: Element, mark: str) -> None:
    for text in control.iterfind("w:sdtContent//w:t", NAMESPACES):
        text.text = mark
    for date in control.iterfind("w:sdtPr/w:date", NAMESPACES):
        date.set(w("fullDate"), mark)
    for state in control.iterfind("w:sdtPr/w14:checkbox/w14:checked", NAMESPACES):
        state.set(f"{{{WORD_2010}}}val", mark)


def _serialise(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
