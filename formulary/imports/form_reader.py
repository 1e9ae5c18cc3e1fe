"""Find the questions of a Word form: tables, lines to write on, boxes, controls.

What is no question is kept as the words of a section, as a hint, or in the list of what was left
out, so that no word is lost.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from formulary.imports.blocks import (
    BOX,
    GAP,
    TICKED,
    FormPlace,
    OmittedWords,
    SourceBlock,
    SourceCell,
    SourceDocument,
    SourceParagraph,
    SourceTable,
    paragraphs_in,
)
from formulary.imports.headings import body_size
from formulary.imports.lines import Line
from formulary.imports.vocabulary import vocabulary

_GAP = re.compile(rf"[_.…‥]{{4,}}|…{{2,}}|{GAP}[\u2002 ]*|(?:_ ){{3,}}_?")
_BOXES = f"{BOX}{TICKED}"
_LONG = re.compile(
    r"\b(?:describe|comments?|evidence|details?|reasons?|actions?|explain|summary|notes|outcomes?|objectives?|targets?|"
    r"feedback|reflections?|support needed|training needs|achievements?|concerns?|how|why|what)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\(?(?:\d{1,2}[.)]?|[a-zA-Z][.)]|[ivx]{1,4}[.)])")
"""What numbers a line, and says nothing else."""
_TICK = re.compile(r"[xX✓✔√☒☑]")
"""How somebody ticks a cell."""
_DELETE = re.compile(
    r"(?P<lead>.*[:?]\s*|(?:.*?\s)??)(?P<options>[\w’' -]+(?:\s*/\s*[\w’'-]+(?: [\w’'-]+){0,3})+)"
    r"\s*[*(\[]*\s*(?:please )?(?:delete|circle|cross out|strike out|underline)\b[^()]*[)\]]?",
    re.IGNORECASE,
)
"""“Paid / Unpaid (delete as appropriate)”."""
_EITHER = re.compile(r"yes\s*/\s*no(?:\s*/\s*n/?a)?\*?", re.IGNORECASE)
_CARD = re.compile(
    r"(?P<what>.*\D)\s*(?P<number>\d{1,2}|[A-F]|one|two|three|four|five|six)\W*", re.I
)
"""The heading of a part that comes again: “Target 2”."""
_NUMBERING = re.compile(r"(?:no\.?|number|#|ref\.?|item|\W*)\s*", re.IGNORECASE)
_DATE = (
    r"\bdate\b|^dates\b|^(?:first|last) day\b|d\.o\.b|\bdob\b|^when$|\bby when\b|\w (?:on|until)$"
    r"|\b(?:to be \w+|needed|due|required) by$"
    r"|\b(?:cycle|period|absence|term|leave|suspended|employed|year) (?:from|to)$"
)
"""Labels that ask for a day."""
_PRINTED = r"\s*(?:\((?:(?:required|mandatory|dd/mm/yy(?:yy)?)[, ]*)+\)|\*)$"
_SIGN = re.compile(r"\s*(?:\([^()]*(?:required|mandatory|yyyy)[^()]*\)|\*)", re.IGNORECASE)
_LINE, _TALL = 360, 700
"""Twips of a line that is written by hand, and from which a row has room for more than one."""
MOST_LABEL = 300
ROOM, ENDS_SO = "room is left under it", "it ends so"
"""Why a line without a place of its own is a question."""


@dataclass
class FieldDraft:
    """One question. `kind` is a type of field of forms/*.yaml."""

    label: str
    kind: str
    why: str
    hint: str = ""
    options: tuple[str, ...] = ()
    lines: int = 1
    dropped: str = ""
    """Words of the label that Formulary prints itself: “required”, “dd/mm/yyyy”."""

    @property
    def is_required(self) -> bool:
        return bool(re.search(r"required|mandatory|\*", self.dropped, re.IGNORECASE))


@dataclass
class TableDraft:
    """Rows that ask the same: so many, or those that are named."""

    row: str
    rows: int | tuple[str, ...]
    columns: list[FieldDraft]


@dataclass
class FormSectionDraft:
    title: str
    intro: list[str] = field(default_factory=list)
    fields: list[FieldDraft] = field(default_factory=list)
    table: TableDraft | None = None


@dataclass
class FormDraft:
    """A form as it was found in a document."""

    title: str
    sections: list[FormSectionDraft]
    values: int = 0
    """Places that hold an answer: a form that somebody has filled in."""

    @property
    def questions(self) -> int:
        return sum(len(s.fields) + (len(s.table.columns) if s.table else 0) for s in self.sections)


def read_form(document: SourceDocument) -> FormDraft:
    """The form that a document holds."""
    return _WordFormReader(document).read()


class _WordFormReader:
    def __init__(self, document: SourceDocument) -> None:
        self.document = document
        self.title = ""
        self.sections: list[FormSectionDraft] = []
        self.waiting: list[str] = []
        """Words after the questions of a section: a hint of the next one, if there is one."""
        self.question: str = ""
        """A line that asks something, and whose place to answer is still to come."""
        self.blanks = 0
        self.values = 0
        self.under = self.was_under = False
        """Whether a line to write on was read whose label is below it."""
        flat = [Line(p) for p in paragraphs_in(document.blocks)]
        self.body = body_size(flat)

    def read(self) -> FormDraft:
        for at, block in enumerate(self.document.blocks):
            self.block(block, at)
        self.ask_question()
        self.flush_waiting()
        self.join_cards()
        if not self.title:
            self.title = self.document.title or self.document.name.rsplit(".", 1)[0]
        kept = [s for s in self.sections if s.fields or s.table or s.intro or s.title]
        return FormDraft(self.title, kept, self.values)

    # sections and fields

    @property
    def section(self) -> FormSectionDraft:
        if not self.sections:
            self.sections.append(FormSectionDraft(""))
        return self.sections[-1]

    def begin(self, title: str) -> None:
        self.ask_question()
        self.flush_waiting()
        last = self.sections[-1] if self.sections else None
        if last and last.title and not (last.fields or last.table or last.intro):
            last.title = f"{last.title}: {title}"
        else:
            self.sections.append(FormSectionDraft(title))

    def add(self, found: FieldDraft) -> None:
        if self.section.table is not None:
            self.sections.append(FormSectionDraft(""))
        if self.waiting:
            hint = " ".join(self.waiting)
            if len(hint) <= MOST_LABEL and not found.hint:
                found.hint = hint
                self.waiting = []
            else:
                self.flush_waiting()
        self.section.fields.append(found)

    def say(self, words: str) -> None:
        """Words that ask nothing."""
        if not self.section.fields and self.section.table is None:
            self.section.intro.append(words)
        else:
            self.waiting.append(words)

    def flush_waiting(self) -> None:
        for words in self.waiting:
            why = "It asks nothing, and comes after the questions of its part."
            self.document.left_out.append(
                OmittedWords("text between questions", words, self.section.title, why)
            )
        self.waiting = []

    def ask_question(self) -> None:
        """The line that is waiting was a question: its answer is as long as the room below it."""
        if self.question:
            words, self.question = self.question, ""
            if self.blanks or words.rstrip().endswith((":", "?")):
                lines = min(30, max(self.blanks, 1))
                self.add(guess_field(words, ROOM if self.blanks else ENDS_SO, lines=lines))
            else:
                self.say(words)
        self.blanks = 0

    def join_cards(self) -> None:
        """Parts that ask the same one after the other, “Target 1” and “Target 2”, are a table."""
        joined: list[FormSectionDraft] = []
        for what, group in itertools.groupby(self.sections, key=_card):
            parts = list(group)
            if not what or len(parts) < 2:
                joined += parts
                continue
            first, *others = parts
            above, colon, own = first.title.rpartition(": ")
            words = [own]
            for one in others:
                words += [one.title, *one.intro]
                for asked in one.fields:
                    words += [asked.label, asked.hint, asked.dropped, *asked.options]
            why = "Each row of a table asks the same; Formulary numbers them."
            self.document.left_out.append(
                OmittedWords("rows of a table", " ".join(filter(None, words)), first.title, why)
            )
            first.table = TableDraft(what[0], len(parts), first.fields)
            first.title, first.fields = above if colon else what[0], []
            joined.append(first)
        self.sections = joined

    # blocks

    def block(self, block: SourceBlock, at: int = -1) -> None:
        if isinstance(block, SourceTable):
            if block.rows:
                self.table(block)
            return
        self.paragraph(block, at)

    def paragraph(self, paragraph: SourceParagraph, at: int) -> None:
        words = paragraph.words
        if not words and not paragraph.controls:
            self.blanks += 1 if self.question else 0
            return
        if _is_gap(paragraph):
            if words:
                self.blanks += 1
                if not self.question and self.is_line_above(at):
                    self.under = self.was_under = True
                elif not self.question and self.section.fields:
                    self.section.fields[-1].lines = min(30, self.section.fields[-1].lines + 1)
                    if self.section.fields[-1].kind == "text":
                        self.section.fields[-1].kind = "multiline"
            return
        self.was_under = self.under
        if self.under:
            self.under = False
            for part in re.split(r"\t+| {4,}", paragraph.text.strip()):
                self.add(guess_field(part, "a line to write on is above it"))
            return
        if not self.title and self.is_title(paragraph):
            self.title = words
            return
        if self.is_heading(paragraph):
            self.begin(words.rstrip(":"))
            return
        if self.fields_in(paragraph):
            return
        self.ask_question()
        if words.endswith((":", "?")) and len(words) <= MOST_LABEL and not paragraph.label:
            self.question = words
        elif paragraph.label and not words.endswith("?"):
            self.say(f"{paragraph.label} {words}" if paragraph.marks == "bullet" else words)
        else:
            self.question = words if len(words) <= MOST_LABEL else ""
            if not self.question:
                self.say(words)

    def is_line_above(self, at: int) -> bool:
        """Whether a line to write on has its label below it, and not beside or above it."""
        rest = [b for b in self.document.blocks[at + 1 : at + 5] if at >= 0 and not _is_blank(b)]
        if not rest or not isinstance(rest[0], SourceParagraph):
            return False
        label, *after = rest
        words = label.words
        if self.has_place(label) or self.is_heading(label) or not 0 < len(words.split()) <= 10:
            return False
        is_signed = re.match(r"(?:sign|date|name|print)", words, re.IGNORECASE)
        return not words.endswith((":", "?", ".")) and bool(
            is_signed
            or self.was_under
            or (after and isinstance(after[0], SourceParagraph) and _is_gap(after[0]))
        )

    def is_title(self, paragraph: SourceParagraph) -> bool:
        style = paragraph.style.lower()
        if style == "title":
            return True
        prominent = paragraph.size >= self.body + 2 or (paragraph.is_bold and paragraph.centred)
        return (
            not self.sections
            and len(paragraph.words.split()) <= 14
            and (prominent or paragraph.outline == 0)
            and not self.has_place(paragraph)
        )

    def is_heading(self, paragraph: SourceParagraph) -> bool:
        words = paragraph.words
        if self.has_place(paragraph) or len(words.split()) > 12:
            return False
        if paragraph.outline is not None:
            return True
        if words.endswith(("?", ".", ";", ",")):
            return False
        short = len(words.split()) <= 8
        return short and (
            (paragraph.is_bold and not words.endswith(":"))
            or paragraph.size >= self.body + 2
            or (paragraph.is_capitals and len(words) > 6 and not words.endswith(":"))
        )

    @staticmethod
    def has_place(paragraph: SourceParagraph) -> bool:
        return bool(
            paragraph.controls
            or _GAP.search(paragraph.text)
            or any(c in _BOXES for c in paragraph.text)
        )

    def fields_in(self, paragraph: SourceParagraph) -> bool:
        """Find the questions that a paragraph asks with places to answer in it."""
        text = paragraph.text
        if any(sign in text for sign in _BOXES):
            self.boxes(text)
            return True
        if match := _DELETE.fullmatch(paragraph.words):
            self.deletion(match)
            return True
        if not self.has_place(paragraph):
            parts = [part.strip() for part in re.split(r"\t+| {4,}", text) if part.strip()]
            if len(parts) > 1 and all(part.endswith(":") for part in parts):
                self.ask_question()
                for part in parts:
                    self.add(guess_field(part, "it ends with a colon before a gap"))
                return True
            if text.rstrip(" ").endswith("\t") and text.strip().endswith(":"):
                self.ask_question()
                self.add(guess_field(text, "a gap follows it"))
                return True
            return False
        controls = list(paragraph.controls)
        pieces = _GAP.split(text)
        labels = [
            part
            for piece in pieces
            for part in re.split(r"\t+| {4,}", piece)
            if part.strip(" .:\t\n")
        ]
        if not labels:
            control = controls[0] if controls else None
            words, self.question = self.question or (control.name if control else ""), ""
            if words:
                self.add(guess_field(words, "a place to answer follows it", control))
            return True
        self.ask_question()
        for at, label in enumerate(labels):
            control = controls[at] if at < len(controls) else None
            if (
                at == len(labels) - 1
                and at
                and not _GAP.search(text[text.rindex(label) :])
                and not control
            ):
                self.waiting.append(label.strip())
                continue
            self.add(
                guess_field(
                    label,
                    "a line to write on follows it" if not control else "a control follows it",
                    control,
                )
            )
        return True

    def boxes(self, text: str, label: str = "", options_only: bool = False) -> None:
        """A line with boxes: a choice, or one thing to tick."""
        found = parse_boxes(text)
        if found is None:
            return
        lead, options, ticked = found
        self.values += ticked
        question = (label or lead or self.question).strip(" :")
        if lead and label and lead.strip(" :") != label.strip(" :"):
            question = f"{label.strip(' :')}: {lead.strip(' :')}"
        last = self.section.fields[-1] if self.section.fields else None
        if (
            not label
            and not lead
            and not self.question
            and last
            and last.kind in ("choice", "yes-no")
            and last.why == "boxes"
        ):
            last.options = (*last.options, *options)  # the same group, on the next line
            last.kind = kind_of_choice(last.options)
            return
        if question or len(options) > 1:
            if not lead and not label:
                self.question = ""
            else:
                self.ask_question()
            if len(options) == 1 and not question:
                self.add(FieldDraft(options[0], "checkbox", "a box is beside it"))
            elif question and len(options) == 1 and options[0] == "":
                self.add(FieldDraft(question, "checkbox", "a box is beside it"))
            else:
                self.add(choice(question or "Choose", options))
        elif options:
            self.add(FieldDraft(options[0] or "Tick", "checkbox", "a box is beside it"))

    def deletion(self, match: re.Match[str], label: str = "") -> None:
        """Options of which all but one are crossed out."""
        lead, options = match["lead"].strip(" :*"), [o.strip() for o in match["options"].split("/")]
        head, _, first = options[0].rpartition(" ")
        if head and not match["lead"].rstrip().endswith((":", "?")) and not label:
            lead, options[0] = f"{lead} {head}".strip(), first  # no sign parts it from the question
        question = label or lead or self.question
        if not (label or lead):
            self.question = ""
        self.ask_question()
        said = match[0][match.end("options") :].strip(" *")
        self.leave_value(said, question, "The options are there to choose from.")
        self.add(choice(question or "Choose", options))

    def leave_value(
        self, words: str, where: str, why: str = "It seems to be an answer, or an explanation."
    ) -> None:
        if words:
            self.document.left_out.append(
                OmittedWords("words beside a question", words, where[:60], why)
            )

    # tables

    def table(self, table: SourceTable) -> None:
        self.hold_question()
        rows = list(table.rows)
        at = 0
        while at < len(rows):
            at += self.rows(table, rows, at)
        self.ask_question()

    def hold_question(self) -> None:
        """A line above a table introduces it."""
        if self.question:
            words, self.question = self.question, ""
            self.blanks = 0
            self.say(words)

    def rows(self, table: SourceTable, rows: Sequence[tuple[SourceCell, ...]], at: int) -> int:
        """Read one row, or several that belong together; gives how many."""
        row = rows[at]
        filled = [cell for cell in row if cell.words or _has_controls(cell)]
        if not filled:
            if self.section.fields and at:
                self.section.fields[-1].lines = min(30, self.section.fields[-1].lines + 1)
            return 1
        if len(filled) == 1 and not self.has_places(filled[0]):
            first = next((p for p in paragraphs_in(filled[0].blocks) if p.words), None)
            if first is not None and first.outline is not None and first.words == filled[0].words:
                self.begin(first.words.rstrip(":"))
                return 1
        if count := self.series(rows, at) or self.labels_above(rows, at):
            return count
        whole = len(filled) == 1 and (len(row) == 1 or filled[0].span >= table.width)
        if whole:
            self.whole_row(filled[0])
            return 1
        if len(filled) >= 2 and all(_is_prose(cell) for cell in filled):
            for cell in filled:
                for paragraph in paragraphs_in(cell.blocks):
                    if paragraph.words:
                        self.say(paragraph.words)
            return 1
        if len(filled) >= 2 and (count := self.repeating(table, rows, at)):
            return count
        self.pairs(row)
        return 1

    def has_places(self, cell: SourceCell) -> bool:
        return any(self.has_place(p) for p in paragraphs_in(cell.blocks))

    def series(self, rows: Sequence[tuple[SourceCell, ...]], at: int) -> int:
        """Read one label above numbered lines, a question each; gives how many rows, or 0."""
        labels = [cell for cell in rows[at] if cell.words]
        if len(labels) != 1 or not self.is_label(labels[0]) or is_scale(labels[0].words):
            return 0
        places: list[tuple[str, SourceCell]] = []
        for row in rows[at + 1 :]:
            if len(row) != 2 or not _NUMBER.fullmatch(row[0].words) or not self.only_place(row[1]):
                break
            places.append((row[0].words.strip("(.)"), row[1]))
        if len(places) < 2:
            return 0
        self.ask_question()
        first, *hints = label_lines(labels[0])
        for number, place in places:
            control = next((c for p in paragraphs_in(place.blocks) for c in p.controls), None)
            why = "its number is beside a blank cell"
            found = guess_field(first, why, control, lines=_lines_of(place))
            found.label = f"{found.label} {number}"
            found.hint = " ".join(filter(None, (found.hint, *hints)))
            self.add(found)
            hints = []
        return 1 + len(places)

    def labels_above(self, rows: Sequence[tuple[SourceCell, ...]], at: int) -> int:
        """Read labels with the places to answer in the row below; gives how many rows, or 0."""
        labels = [cell for cell in rows[at] if cell.words]
        if not labels or any(not self.is_label(cell) or is_scale(cell.words) for cell in labels):
            return 0
        below: list[tuple[SourceCell, ...]] = []
        for row in rows[at + 1 :]:
            if not all(self.is_place(cell) or _is_value(cell) for cell in row):
                break
            if row[0].words and not rows[at][0].words and _is_count(row[0].words):
                return 0  # the rows of a table are numbered
            below.append(row)
            if any(cell.words for cell in row):
                break
        if not below or (len(below) > 1 and len(labels) > 1 and len(labels) == len(rows[at])):
            return 0
        below = below if len(labels) == 1 and not below[-1][0].words else below[:1]
        for label in labels:
            end = label.column + label.span
            places = [c for c in below[0] if c.column < end and label.column < c.column + c.span]
            if not places:
                return 0
        for label in labels:
            end = label.column + label.span
            places = [c for c in below[0] if c.column < end and label.column < c.column + c.span]
            self.label_above(label, places, len(below))
        return 1 + len(below)

    def label_above(self, label: SourceCell, places: Sequence[SourceCell], rows: int) -> None:
        blocks = tuple(block for place in places for block in place.blocks)
        place = SourceCell(blocks, label.column, height=max(cell.height for cell in places))
        first, *hints = label_lines(label)
        if parse_cell_boxes(place) is not None:
            text = "\n".join(p.text for p in paragraphs_in(blocks))
            self.boxes(text, label=first)
            self.section.fields[-1].hint = " ".join(hints)
            return
        if place.words and not self.only_place(place):
            self.values += 1
            why = "It seems to be an answer, or an explanation."
            self.document.left_out.append(
                OmittedWords("words below a question", place.words, first[:60], why)
            )
        control = next((c for p in paragraphs_in(blocks) for c in p.controls), None)
        found = guess_field(
            first, "the cell below it is blank", control, lines=max(rows, _lines_of(place))
        )
        found.hint = " ".join(filter(None, (found.hint, *hints)))
        self.add(found)

    def whole_row(self, cell: SourceCell) -> None:
        inner = list(paragraphs_in(cell.blocks))
        first = next((p for p in inner if p.words), None)
        alone = sum(1 for p in inner if p.words) == 1
        room = len(inner) > 1 and not cell.is_shaded
        if (
            first
            and alone
            and not room
            and not self.has_place(first)
            and (cell.is_shaded or first.is_bold or first.is_capitals)
            and len(first.words.split()) <= 14
            and not first.words.endswith("?")
        ):
            if not self.title and not self.sections and first.size >= self.body + 2:
                self.title = first.words
            else:
                self.begin(first.words.rstrip(":"))
            return
        self.cell(cell)

    def repeating(self, table: SourceTable, rows: Sequence[tuple[SourceCell, ...]], at: int) -> int:
        """A header above blank or numbered rows, or above statements with a scale; 0 if none."""
        header = rows[at]
        names = {cell.column: cell for cell in header if cell.words}
        if len(names) < 2 or any(
            self.has_place(p) for c in header for p in paragraphs_in(c.blocks)
        ):
            return 0
        body: list[tuple[SourceCell, ...]] = []
        for row in rows[at + 1 :]:
            if {cell.column for cell in row} - {cell.column for cell in header} or len(row) < 2:
                break
            body.append(row)
        if not body:
            return 0
        scale = [cell.words for cell in header if is_scale(cell.words)]
        first = header[0].column
        if len(scale) >= 2 and len(scale) >= len(names) - 2:
            return self.matrix(header, body)
        if count := self.spanned_scale(rows, at):
            return count
        blank = 0
        for row in body:
            if any(c.words and c.column != first and not self.is_place(c) for c in row):
                break
            lead = next((c.words for c in row if c.column == first), "")
            if lead and not _is_count(lead):
                break
            blank += 1
        has_count = any(
            _is_count(c.words) for row in body[:blank] for c in row if c.column == first
        )
        if blank:
            columns = [
                cell for cell in header
                if cell.words
                and not (cell.column == first and (has_count or _NUMBERING.fullmatch(cell.words)))
            ]  # fmt: skip
            self.add_table(columns, header, body[:blank])
            return blank + 1
        labelled = [
            row
            for row in body
            if row[0].words and all(not c.words or self.only_place(c) for c in row[1:])
        ]
        if len(labelled) == len(body) and (not header[0].words or len(header) > 2):
            self.grid(header, body)
            return len(body) + 1
        return 0

    def add_table(
        self,
        header: Sequence[SourceCell],
        whole: Sequence[SourceCell],
        body: Sequence[tuple[SourceCell, ...]],
    ) -> None:
        columns: list[FieldDraft] = []
        for cell in header:
            below = next((c for row in body for c in row if c.column == cell.column), None)
            control = (
                next((c for p in paragraphs_in(below.blocks) for c in p.controls), None)
                if below
                else None
            )
            boxes = parse_cell_boxes(below) if below else None
            first, *hints = label_lines(cell)
            if boxes and not boxes[0]:
                options = tuple(filter(None, boxes[1]))
                column = choice(first, options) if options else guess_field(first, "boxes")
                column.kind = column.kind if options else "checkbox"
                column.hint = " ".join(filter(None, (column.hint, *hints)))
                columns.append(column)
                continue
            column = guess_field(first, "its column is blank", control, in_table=True)
            column.hint = " ".join(filter(None, (column.hint, *hints)))
            if column.kind == "text" and below and below.height > _TALL:
                column.kind, column.lines = "multiline", min(30, below.height // _LINE)
            columns.append(column)
        if not columns:
            return
        for number, row in enumerate(body):
            again = " ".join(c.words for c in row if c.words and (number or _is_count(c.words)))
            if number == 0 and len(header) < sum(1 for c in whole if c.words):
                again = " ".join((*(c.words for c in whole if c.words and c not in header), again))
            if again:
                why = "Each row of a table asks the same; Formulary numbers them."
                self.document.left_out.append(
                    OmittedWords("rows of a table", again, self.section.title, why)
                )
        if len(body) == 1:
            for column in columns:
                self.add(column)
            return
        self.begin_table(TableDraft("Row", min(len(body), 30), columns[:10]))
        for column in columns[10:]:
            self.document.left_out.append(
                OmittedWords("column", column.label, self.section.title, "A table has ten at most.")
            )

    def spanned_scale(self, rows: Sequence[tuple[SourceCell, ...]], at: int) -> int:
        """A scale below a cell that spans it: “Please tick one” above Yes, No, N/A; 0 if none."""
        scale = [cell for row in rows[at + 1 : at + 2] for cell in row if cell.words]
        if len(scale) < 2 or not all(is_scale(cell.words) for cell in scale):
            return 0
        wide = [c for c in rows[at] if c.words and c.column <= scale[0].column < c.column + c.span]
        if not wide or wide[0].span < 2:
            return 0
        header = [cell for cell in rows[at] if cell.words and cell is not wide[0]]
        body = list(itertools.takewhile(lambda row: len(row) > 1, rows[at + 2 :]))
        self.say(wide[0].words)
        count = self.matrix(sorted((*header, *scale), key=lambda cell: cell.column), body)
        return count and count + 1

    def matrix(self, header: Sequence[SourceCell], body: Sequence[tuple[SourceCell, ...]]) -> int:
        """Statements with a scale to choose from: a choice for each."""
        options = tuple(cell.words for cell in header if is_scale(cell.words))
        others = [cell for cell in header if cell.words and not is_scale(cell.words)]
        lead = others[0] if others and others[0].column == header[0].column else None
        rows: list[str] = []
        for row in body:
            ticks = [cell for cell in row if _TICK.fullmatch(cell.words)]
            if not ticks and not any(self.is_place(cell) for cell in row):
                break
            self.values += len(ticks)
            said = [c.words for c in row if c.words and c not in ticks and not self.only_place(c)]
            rows.append(" ".join(said))
            for cell in ticks:
                self.leave_value(cell.words, said[0] if said else "")
        named = [row.strip(" :")[:MOST_LABEL] for row in rows if row]
        if not named:
            return 0
        why = "it has a scale beside it"
        columns = [FieldDraft("Answer", kind_of_choice(options), why, options=options)]
        columns += [
            guess_field(label_lines(cell)[0], "its column is blank", in_table=True)
            for cell in others
            if cell is not lead
        ]
        self.begin_table(TableDraft(lead.words if lead else "Row", tuple(named), columns[:10]))
        return len(rows) + 1

    def begin_table(self, table: TableDraft) -> None:
        self.ask_question()
        if self.section.fields or self.section.table:
            self.flush_waiting()
            self.sections.append(FormSectionDraft(""))
        self.section.table = table

    def grid(self, header: Sequence[SourceCell], body: Sequence[tuple[SourceCell, ...]]) -> None:
        """Rows and columns that both have names: a question for each blank cell."""
        if header[0].words:
            self.say(header[0].words)
        for row in body:
            for cell in row[1:]:
                name = next(
                    (h.words for h in header if h.column <= cell.column < h.column + h.span), ""
                )
                label = f"{row[0].words.rstrip(':')}: {name}" if name else row[0].words
                self.add(guess_field(label, "its cell is blank"))

    def is_place(self, cell: SourceCell) -> bool:
        """Whether a cell is there to be filled in: blank, or with boxes to choose from."""
        boxes = parse_cell_boxes(cell)
        return self.only_place(cell) or (boxes is not None and not boxes[0])

    def only_place(self, cell: SourceCell) -> bool:
        """Whether a cell holds nothing but a place to answer in."""
        text = "".join(p.text for p in paragraphs_in(cell.blocks))
        bare = re.sub(rf"[{_BOXES}\s£%/()]", "", _GAP.sub("", text))
        return not bare

    def pairs(self, row: Sequence[SourceCell]) -> None:
        """Labels, each with a blank cell after it."""
        cells = list(row)
        at = 0
        while at < len(cells):
            cell = cells[at]
            following = cells[at + 1] if at + 1 < len(cells) else None
            if not cell.words and not _has_controls(cell):
                at += 1
                continue
            if _is_box(cell) and following is not None and self.is_label(following):
                self.values += TICKED in cell.words
                first, *hints = label_lines(following)
                self.add(
                    FieldDraft(_clean(first), "checkbox", "a box is beside it", " ".join(hints))
                )
                at += 2
                continue
            if (
                self.is_label(cell)
                and following is not None
                and (self.only_place(following) or _has_controls(following))
            ):
                self.pair(cell, following)
                at += 2
                continue
            if (
                self.is_label(cell)
                and following is not None
                and parse_cell_boxes(following) is not None
            ):
                text = "\n".join(p.text for p in paragraphs_in(following.blocks))
                first, *hints = label_lines(cell)
                self.boxes(text, label=first)
                if hints and self.section.fields:
                    self.section.fields[-1].hint = " ".join(hints)
                at += 2
                continue
            either = _EITHER.fullmatch(following.words) if following else None
            chosen = _DELETE.fullmatch(following.words) if following else None
            if self.is_label(cell) and (chosen or (either and following)):
                label = label_lines(cell)[0]
                if chosen:
                    self.deletion(chosen, _clean(label))
                elif following:
                    self.add(choice(label, following.words.strip("* ").split("/", 2)))
                at += 2
                continue
            if (
                self.is_label(cell)
                and following is not None
                and following.words
                and (cell.words.endswith(":") or cell.is_shaded)
                and not following.is_shaded
                and not self.has_label(following)
            ):
                self.values += 1
                self.add(guess_field(cell.words, "its answer is beside it"))
                why = "It seems to be an answer, or an explanation."
                self.document.left_out.append(
                    OmittedWords("words beside a question", following.words, cell.words[:60], why)
                )
                at += 2
                continue
            self.cell(cell)
            at += 1

    def is_label(self, cell: SourceCell) -> bool:
        return (
            bool(cell.words)
            and len(cell.words) <= MOST_LABEL
            and not any(self.has_place(p) for p in paragraphs_in(cell.blocks))
        )

    @staticmethod
    def has_label(cell: SourceCell) -> bool:
        return cell.words.rstrip().endswith((":", "?"))

    def pair(self, label: SourceCell, place: SourceCell) -> None:
        inner = label_lines(label)
        control = next((c for p in paragraphs_in(place.blocks) for c in p.controls), None)
        room = max(sum(1 for p in paragraphs_in(place.blocks) if not p.words), _lines_of(place))
        hint = " ".join(inner[1:])
        text = "".join(p.text for p in paragraphs_in(place.blocks))
        if any(sign in text for sign in _BOXES):
            self.add(FieldDraft(_clean(inner[0]), "checkbox", "a box is beside it", hint))
            return
        found = guess_field(
            inner[0], "the cell beside it is blank", control, lines=room if room > 1 else 1
        )
        if "£" in text:
            found.kind = "money"
        found.hint = " ".join(filter(None, (found.hint, hint)))
        self.add(found)

    def cell(self, cell: SourceCell) -> None:
        """A cell that holds its own questions: “Comments:” and room below it."""
        inner: list[SourceBlock] = list(cell.blocks)
        texts = [p for p in paragraphs_in(inner) if p.words]
        room = sum(1 for p in paragraphs_in(inner) if not p.words and not p.controls)
        room = max(room, _lines_of(cell) - 1)
        if len(texts) == 1 and not self.has_place(texts[0]) and texts[0].words.endswith((":", "?")):
            self.ask_question()
            self.add(guess_field(texts[0].words, "room is left in its cell", lines=max(1, room)))
            return
        every = list(paragraphs_in(inner))
        ends_blank = bool(every) and not every[-1].words and not every[-1].controls
        if (
            texts
            and ends_blank
            and not any(self.has_place(p) for p in texts)
            and len(label_lines(cell)[0].split()) <= 25
        ):
            self.ask_question()
            first, *hints = label_lines(cell)
            found = guess_field(first, "room is left in its cell", lines=room if room > 1 else 1)
            if found.kind == "text" and cell.span > 1:
                found.kind, found.lines = "multiline", 2
            found.hint = " ".join(filter(None, (found.hint, *hints)))
            self.add(found)
            return
        for block in inner:
            self.block(block)
        self.ask_question()


def _card(section: FormSectionDraft) -> tuple[str, tuple[str, ...]] | None:
    """What a part that comes again is called, and what it asks; None where it may not come again."""
    match = _CARD.fullmatch(section.title.rpartition(": ")[2])
    if match is None or section.table or not section.fields or len(section.fields) > 10:
        return None
    return match["what"].strip(" –—-:"), tuple(one.label for one in section.fields)


def _is_gap(paragraph: SourceParagraph) -> bool:
    """Whether a paragraph is nothing but a line to write on, or blank."""
    return not _GAP.sub("", paragraph.text).strip() and not paragraph.controls


def _is_blank(block: SourceBlock) -> bool:
    return isinstance(block, SourceParagraph) and not block.words and not block.controls


def label_lines(cell: SourceCell) -> list[str]:
    """The label in a cell, then its hints: further paragraphs, and words that look lighter."""
    first, *others = [p for p in paragraphs_in(cell.blocks) if p.words]
    return [*split_label(first), *(p.words for p in others)]


def split_label(paragraph: SourceParagraph) -> list[str]:
    """The label of a paragraph, and the words after it that are not bold, or smaller: a hint."""
    runs = paragraph.solid
    lead = runs[0]
    others = (at for at, r in enumerate(runs) if (r.bold, r.size) != (lead.bold, lead.size))
    count = next(others, len(runs))
    label = "".join(run.text for run in runs[:count])
    rest = "".join(run.text for run in runs[count:])
    if sign := _SIGN.match(rest):
        label, rest = label + sign[0], rest[sign.end() :]
    lighter = count < len(runs) and (lead.bold or lead.size > runs[count].size)
    if not lighter or len(rest.split()) < 2 or not label.strip():
        return [paragraph.words]
    return [" ".join(label.split()), " ".join(rest.split())]


def is_scale(words: str) -> bool:
    """Whether the heading of a column is a point of a scale: Yes, N/A, 3, Mon."""
    bare = " ".join(words.casefold().split()).strip(" .:()*")
    return bare in vocabulary()["scale"] or bool(re.fullmatch(r"\d{1,2}", bare))


def parse_cell_boxes(cell: SourceCell) -> tuple[str, tuple[str, ...], int] | None:
    return parse_boxes("\n".join(p.text for p in paragraphs_in(cell.blocks)))


def parse_boxes(text: str) -> tuple[str, tuple[str, ...], int] | None:
    """The words before the boxes, the options, and how many are ticked; None without boxes."""
    places = [at for at, sign in enumerate(text) if sign in _BOXES]
    if not places:
        return None
    ticked = sum(text[at] == TICKED for at in places)
    parts = [part.strip(" \t\n\u00a0/:") for part in re.split(f"[{_BOXES}]", text)]
    before, after = parts[:-1], parts[-1]
    if not after and len(places) >= 1:  # “Yes ☐ No ☐”: the words come first
        first = re.split(r"\t+|[:?]\s+| {3,}", before[0])
        lead = " ".join(first[:-1]).strip() if len(first) > 1 else ""
        options = [first[-1].strip(), *before[1:]]
        if len(options) == 1 and not lead:
            return options[0], ("",), ticked
        return lead, tuple(filter(None, options)), ticked
    lead = parts[0]
    return lead, tuple(filter(None, parts[1:])), ticked


def choice(label: str, options: Sequence[str]) -> FieldDraft:
    """A choice among options."""
    chosen = tuple(dict.fromkeys(" ".join(option.split()) for option in options if option.strip()))
    asked = guess_field(label, "boxes")
    kind = kind_of_choice(chosen)
    return FieldDraft(asked.label, kind, "boxes", asked.hint, chosen, dropped=asked.dropped)


def kind_of_choice(options: Sequence[str]) -> str:
    return "yes-no" if tuple(option.casefold() for option in options) == ("yes", "no") else "choice"


def guess_field(
    label: str,
    why: str,
    control: FormPlace | None = None,
    *,
    lines: int = 1,
    in_table: bool = False,
) -> FieldDraft:
    """A question, with its type from its control, its words, or the room that it has."""
    words, hint = _clean(label), ""
    sign = re.search(_PRINTED, words, re.IGNORECASE)
    dropped = sign[0].strip() if sign else ""
    words = words[: sign.start()].strip() if sign else words
    match = re.fullmatch(r"(.{3,}?)\s*\(([^()]{4,200})\)", words)
    asks = match is not None and re.match(
        r"tick|choose|circle|delete|please|select", match[2], re.IGNORECASE
    )
    is_long = match is not None and len(match[1].split()) <= 12 and not words.startswith("Sign")
    if match and is_long and (asks or len(match[2].split()) > 4):
        words, hint = match[1], match[2]
    low = words.casefold()
    has_date = "yyyy" in dropped.casefold()
    kind = "multiline" if lines > 1 else "text"
    options: tuple[str, ...] = ()
    if control is not None and control.kind in ("date", "choice", "checkbox"):
        kind, options = control.kind, control.options
        if kind == "choice":
            kind = kind_of_choice(options) if len(options) > 1 else "text"
        why = "its control says so"
    elif re.search(r"\bsign(?:ed|ature|atures)?\b", low) and "date" not in low:
        kind = "signature"
    elif has_date or (
        re.search(_DATE, low) and not re.search(r"dates? and|up.to.date|which dates", low)
    ):
        kind = "date"
    elif re.search(r"\be-?mail\b", low):
        kind = "email"
    elif re.search(r"^time\b|\btime of\b", low):
        kind = "time"
    elif re.search(r"£|\bsalary\b|\bcosts?\b|\bamount\b", low):
        kind = "money"
    elif re.search(r"^(?:number of|how many|no\. of)\b", low):
        kind = "number"
    elif lines == 1 and (_LONG.search(low) or low.endswith("?")):
        kind, lines = "multiline", 2 if in_table else 3
    elif lines > 1:
        kind = "multiline"
    return FieldDraft(
        words, kind, why, hint, options, min(lines, 30) if kind == "multiline" else 1, dropped
    )


def _clean(label: str) -> str:
    return " ".join(_GAP.sub(" ", label).split()).strip(" :\t")


def _is_count(words: str) -> bool:
    return bool(re.fullmatch(r"(?:\w+ )?\d{1,2}[.)]?|[a-zA-Z][.)]|[ivx]{1,4}[.)]?", words.strip()))


def _is_box(cell: SourceCell) -> bool:
    """Whether a cell holds one box and nothing else."""
    return cell.words in (BOX, TICKED)


def _is_value(cell: SourceCell) -> bool:
    """Whether a cell holds a date or a figure that somebody has filled in."""
    return bool(re.fullmatch(r"[\d/.\-: £%]+", cell.words))


def _lines_of(cell: SourceCell) -> int:
    """How many lines the height of a cell has room for; 1 where nothing says so."""
    return max(1, cell.height // _LINE) if cell.height > _TALL else 1


def _is_prose(cell: SourceCell) -> bool:
    """Whether a cell holds a heading and sentences below it: instructions."""
    texts = [p.words for p in paragraphs_in(cell.blocks) if p.words]
    return (
        len(texts) > 1
        and not texts[0].endswith((":", "?"))
        and all(t.endswith(".") for t in texts[1:])
    )


def _has_controls(cell: SourceCell) -> bool:
    return any(p.controls for p in paragraphs_in(cell.blocks))


def listed(draft: FormDraft) -> Iterator[tuple[str, FieldDraft]]:
    """Every question with the title of its part."""
    for section in draft.sections:
        for one in section.fields:
            yield section.title, one
        if section.table:
            for column in section.table.columns:
                yield section.title, column
