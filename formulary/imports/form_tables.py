"""Find the questions that a table of a Word form asks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from formulary.imports.blocks import (
    TICKED,
    SourceCell,
    SourceTable,
)
from formulary.imports.form_labels import (
    BOXES,
    DELETE,
    GAP_LINE,
    LINE,
    MOST_LABEL,
    SAME_ROWS,
    TALL,
    FieldDraft,
    TableDraft,
    ask,
    choice,
    clean_label,
    count_rows,
    guess_field,
    has_place,
    is_one_box,
    is_prose,
    is_scale,
    is_value,
    is_wide,
    kind_of_choice,
    label_lines,
    lines_of,
    name_counted,
    parse_boxes,
)
from formulary.imports.form_notes import FormNotes

_NUMBER = re.compile(r"\(?(?:\d{1,2}[.)]?|[a-zA-Z][.)]|[ivx]{1,4}[.)])")
"""What numbers a line, and says nothing else."""
_TICK = re.compile(r"[xX✓✔√☒☑]")
"""How somebody ticks a cell."""
_EITHER = re.compile(r"yes\s*/\s*no(?:\s*/\s*n/?a)?\*?", re.IGNORECASE)
_QUANTITY = re.compile(
    r"\b(?:days?|hours?|weeks?|months?|years?|terms?|number|how many|no\. of|score|marks?|grade|"
    r"rating|total|costs?|amount|age|fte|level|points?)\b|[£%]",
    re.IGNORECASE,
)
"""Labels that a figure can answer."""
_NUMBERING = re.compile(r"(?:no\.?|number|#|ref\.?|item|\W*)\s*", re.IGNORECASE)


class FormTables(FormNotes):
    """Reads tables: labels beside or above their cells, rows that ask the same, and scales."""

    def table(self, table: SourceTable) -> None:
        rows = list(table.rows)
        if not any(cell.words or cell.control for row in rows for cell in row):
            self.blank_box(table)
            return
        self.hold_question()
        at = 0
        while at < len(rows):
            at += self.rows(table, rows, at)
        self.ask_question()

    def rows(self, table: SourceTable, rows: Sequence[tuple[SourceCell, ...]], at: int) -> int:
        """Read one row, or several that belong together; gives how many."""
        row = rows[at]
        filled = [cell for cell in row if cell.words or cell.control]
        if not filled:
            if self.section.fields and at:
                self.section.fields[-1].lines = min(30, self.section.fields[-1].lines + 1)
            return 1
        if len(filled) == 1 and not self.has_places(filled[0]):
            first = next((p for p in filled[0].paragraphs if p.words), None)
            if first is not None and first.outline is not None and first.words == filled[0].words:
                self.begin(first.words.rstrip(":"))
                return 1
        if count := self.series(rows, at) or self.labels_above(rows, at):
            return count
        whole = len(filled) == 1 and (len(row) == 1 or filled[0].span >= table.width)
        if whole:
            self.whole_row(filled[0])
            return 1
        if len(filled) >= 2 and all(is_prose(cell) for cell in filled):
            for cell in filled:
                for paragraph in cell.paragraphs:
                    if paragraph.words:
                        self.say(paragraph.words)
            return 1
        if len(filled) >= 2 and (count := self.repeating(table, rows, at)):
            return count
        self.pairs(row)
        return 1

    def blank_box(self, table: SourceTable) -> None:
        """A table without a word is room to write in: for the words above it, or for the part."""
        part = self.section
        asks = self.question or (part.intro.pop() if part.intro and not part.fields else "")
        asks = asks or (part.title if not (part.fields or part.table) else "")
        if not asks:
            return
        self.question, self.blanks = "", 0
        paragraphs = [p for row in table.rows for cell in row for p in cell.paragraphs]
        tall = sum(max(map(lines_of, row), default=1) for row in table.rows)
        lines = min(30, max(3, len(paragraphs), tall))
        short = asks[:MOST_LABEL]
        if short != asks:
            part.intro.append(asks)
            short = part.title or "Answer"
        self.add(guess_field(short, "an empty box is below it", lines=lines))

    def has_places(self, cell: SourceCell) -> bool:
        return any(has_place(p) for p in cell.paragraphs)

    def series(self, rows: Sequence[tuple[SourceCell, ...]], at: int) -> int:
        """Read one label above numbered lines, a question each; gives how many rows, or 0."""
        labels = [cell for cell in rows[at] if cell.words]
        if len(labels) != 1 or not self.is_label(labels[0]):
            return 0
        is_bare = _NUMBER.fullmatch(labels[0].words) is not None
        if is_scale(labels[0].words) and not is_bare:
            return 0
        places: list[tuple[str, SourceCell]] = []
        for row in rows[at + (not is_bare) :]:
            if len(row) != 2 or not _NUMBER.fullmatch(row[0].words) or not self.only_place(row[1]):
                break
            places.append((row[0].words.strip("(.)"), row[1]))
        if len(places) < 2:
            return 0
        self.ask_question()
        title = self.section.title or "Answer"
        first, *hints = [title] if is_bare else label_lines(labels[0])
        for number, place in places:
            why = "its number is beside a blank cell"
            found = guess_field(first, why, place.control, lines=lines_of(place))
            found.label = f"{found.label} {number}"
            found.hint = " ".join(filter(None, (found.hint, *hints)))
            self.add(found)
            hints = []
        return (not is_bare) + len(places)

    def labels_above(self, rows: Sequence[tuple[SourceCell, ...]], at: int) -> int:
        """Read labels with the places to answer in the row below; gives how many rows, or 0."""
        labels = [cell for cell in rows[at] if cell.words]
        if not labels or any(not self.is_label(cell) or is_scale(cell.words) for cell in labels):
            return 0
        head = rows[at][0]
        count, _ = count_rows(rows[at + 1 :], head.column)
        if count > 1 or (count and _NUMBERING.fullmatch(head.words)):
            return 0  # the rows of a table are counted
        below: list[tuple[SourceCell, ...]] = []
        for row in rows[at + 1 :]:
            if not all(self.is_place(cell) or is_value(cell) for cell in row):
                break
            below.append(row)
            if any(cell.words for cell in row):
                break
        if not below or (len(below) > 1 and len(labels) > 1 and len(labels) == len(rows[at])):
            return 0
        below = below if len(labels) == 1 and not below[-1][0].words else below[:1]
        above = [(label, [c for c in below[0] if _is_below(c, label)]) for label in labels]
        if not all(places for _, places in above):
            return 0
        for label, places in above:
            self.label_above(label, places, len(below))
        return 1 + len(below)

    def label_above(self, label: SourceCell, places: Sequence[SourceCell], rows: int) -> None:
        blocks = tuple(block for place in places for block in place.blocks)
        place = SourceCell(blocks, label.column, height=max(cell.height for cell in places))
        if parse_boxes(place.text) is not None:
            first, *hints = label_lines(label)
            self.boxes(place.text, first, " ".join(hints))
            return
        if place.words and not self.only_place(place):
            if name_counted([place.words]) is not None and not _QUANTITY.search(label.words):
                self.leave_value(place.words, label.words, SAME_ROWS)
            else:
                self.values += 1
                self.leave_value(place.words, label.words)
        room = max(rows, lines_of(place))
        self.add(ask(label, "the cell below it is blank", place.control, lines=room))

    def whole_row(self, cell: SourceCell) -> None:
        inner = list(cell.paragraphs)
        first = next((p for p in inner if p.words), None)
        alone = sum(1 for p in inner if p.words) == 1
        room = len(inner) > 1 and not cell.is_shaded
        if (
            first
            and alone
            and not room
            and not has_place(first)
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
        if len(names) < 2 or any(has_place(p) for c in header for p in c.paragraphs):
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
        counted, name = count_rows(body, first)
        blank = 0
        for row in body:
            if any(c.words and c.column != first and not self.is_place(c) for c in row):
                break
            if blank >= counted and any(c.words and c.column == first for c in row):
                break
            blank += 1
        if blank:
            is_number = bool(_NUMBERING.fullmatch(header[0].words))
            is_number = is_number or (counted > 0 and blank > 1 and not is_wide(header))
            columns = [c for c in header if c.words and not (c.column == first and is_number)]
            if counted and not name and not _NUMBERING.fullmatch(header[0].words):
                name = header[0].words if is_number else ""
            self.add_table(columns, header, body[:blank], name)
            return blank + 1
        at = int(counted == len(body) > 1 and len(header) > 2 and not name)  # after the number
        labelled = [
            row
            for row in body
            if len(row) > at and row[at].words and all(self.is_place(c) for c in row[at + 1 :])
        ]
        if len(labelled) == len(body) and (not header[at].words or len(header) > 2):
            named = tuple(row[at].words.strip(" :")[:MOST_LABEL] for row in body)
            columns = [cell for cell in header[at + 1 :] if cell.words]
            counts = " ".join(c.words for row in (header, *body) for c in row[:at])
            self.leave_value(counts, self.section.title, SAME_ROWS)
            self.add_table(
                columns, header[at:], [row[at:] for row in body], header[at].words, named
            )
            return len(body) + 1
        return 0

    def add_table(
        self,
        header: Sequence[SourceCell],
        whole: Sequence[SourceCell],
        body: Sequence[tuple[SourceCell, ...]],
        what: str,
        named: tuple[str, ...] = (),
    ) -> None:
        """Rows that ask the same of `header`: `what` each is, and their names if they have any."""
        columns: list[FieldDraft] = []
        for cell in header:
            below = next((c for row in body for c in row if c.column == cell.column), None)
            boxes = parse_boxes(below.text) if below else None
            column = ask(
                cell, "its column is blank", below.control if below else None, in_table=True
            )
            if boxes and not boxes[0]:
                column.options = choice(column.label, boxes[1]).options
                column.kind = kind_of_choice(column.options) if column.options else "checkbox"
                column.why, column.lines = "boxes", 1
            elif column.kind == "text" and below and below.height > TALL:
                column.kind, column.lines = "multiline", min(30, below.height // LINE)
            columns.append(column)
        if not columns:
            return
        what = what if named or len(body) > 1 else ""
        is_said = any(cell.words == what for cell in whole)
        again = [c.words for c in whole if c.words and c not in header and c.words != what]
        for number, row in enumerate(body):
            said = row[1:] if named else row
            counts = [c.words for c in said if c.words and (number or not self.is_place(c))]
            again += counts if number or is_said else [c.replace(what, "", 1) for c in counts]
        self.document.leave("rows of a table", " ".join(again), self.section.title, SAME_ROWS)
        if len(body) == 1 and not named:
            for column in columns:
                self.add(column)
            return
        self.begin_table(TableDraft(what or "Row", named or min(len(body), 30), columns[:10]))
        for column in columns[10:]:
            self.document.leave(
                "column", column.label, self.section.title, "A table has ten at most."
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
        scale = {(cell.column, cell.words) for cell in header if is_scale(cell.words)}
        others = [cell for cell in header if cell.words and not is_scale(cell.words)]
        lead = others[0] if others and others[0].column == header[0].column else None
        rows: list[str] = []
        repeated: list[str] = []
        for row in body:
            ticks = [cell for cell in row if _TICK.fullmatch(cell.words)]
            again = [cell for cell in row[1:] if (cell.column, cell.words) in scale]
            if not ticks and not again and not any(self.is_place(cell) for cell in row):
                break
            self.values += len(ticks)
            taken = (*ticks, *again)
            said = [c.words for c in row if c.words and c not in taken and not self.only_place(c)]
            rows.append(" ".join(said))
            for cell in ticks:
                self.leave_value(cell.words, said[0] if said else "")
            repeated += [cell.words for cell in again]
        self.leave_value(
            " ".join(repeated), self.section.title, "The options of the table have it."
        )
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

    def is_place(self, cell: SourceCell) -> bool:
        """Whether a cell is there to be filled in: blank, or with boxes to choose from."""
        boxes = parse_boxes(cell.text)
        return self.only_place(cell) or (boxes is not None and not boxes[0])

    def only_place(self, cell: SourceCell) -> bool:
        """Whether a cell holds nothing but a place to answer in."""
        text = "".join(p.text for p in cell.paragraphs)
        bare = re.sub(rf"[{BOXES}\s£%/()]", "", GAP_LINE.sub("", text))
        return not bare

    def pairs(self, row: Sequence[SourceCell]) -> None:
        """Labels, each with a place to answer in the cell after it."""
        cells = list(row)
        while cells:
            cell = cells.pop(0)
            following = cells[0] if cells else None
            if not cell.words and not cell.control:
                continue
            if following and is_one_box(cell) and self.is_label(following):
                self.values += TICKED in cell.words
                self.tick(following)
                cells.pop(0)
            elif following and self.is_label(cell) and self.pair(cell, following):
                cells.pop(0)
            else:
                self.cell(cell)

    def pair(self, label: SourceCell, place: SourceCell) -> bool:
        """Read a label and the cell beside it; gives whether that is where to answer."""
        first, *hints = label_lines(label)
        if self.only_place(place) or place.control:
            if any(sign in place.text for sign in BOXES):
                self.tick(label)
                return True
            blank = sum(1 for p in place.paragraphs if not p.words)
            room = max(1, blank, lines_of(place))
            asked = ask(label, "the cell beside it is blank", place.control, lines=room)
            if "£" in place.text:
                asked.kind = "money"
            self.add(asked)
        elif parse_boxes(place.text) is not None:
            self.boxes(place.text, first, " ".join(hints))
        elif chosen := DELETE.fullmatch(place.words):
            self.deletion(chosen, clean_label(first))
        elif _EITHER.fullmatch(place.words):
            self.add(choice(first, place.words.strip("* ").split("/", 2)))
        elif (
            place.words
            and (label.words.endswith(":") or label.is_shaded)
            and not place.is_shaded
            and not place.words.endswith((":", "?"))
        ):
            self.values += 1
            self.add(guess_field(label.words, "its answer is beside it"))
            self.leave_value(place.words, label.words)
        else:
            return False
        return True

    def tick(self, label: SourceCell) -> None:
        first, *hints = label_lines(label)
        why = "a box is beside it"
        self.add(FieldDraft(clean_label(first), "checkbox", why, " ".join(hints)))

    def is_label(self, cell: SourceCell) -> bool:
        return (
            bool(cell.words)
            and len(cell.words) <= MOST_LABEL
            and not any(has_place(p) for p in cell.paragraphs)
        )

    def cell(self, cell: SourceCell) -> None:
        """A cell that holds its own questions: “Comments:” and room below it."""
        texts = [p for p in cell.paragraphs if p.words]
        room = sum(1 for p in cell.paragraphs if not p.words and not p.controls)
        room = max(room, lines_of(cell) - 1)
        is_open = bool(texts) and not any(has_place(p) for p in texts)
        if is_open and len(texts) == 1 and texts[0].words.endswith((":", "?")):
            self.ask_question()
            self.add(guess_field(texts[0].words, "room is left in its cell", lines=max(1, room)))
            return
        ending = texts[-1].text.rstrip(" ") if texts else ""
        is_broken = len(texts) == 1 and ending.endswith("\n")
        room = max(room, ending.count("\n")) if is_broken else room
        last = cell.paragraphs[-1]
        ends_blank = is_broken or not (last.words or last.controls)
        if is_open and ends_blank and len(label_lines(cell)[0].split()) <= 25:
            self.ask_question()
            asked = ask(cell, "room is left in its cell", lines=max(1, room))
            if asked.kind == "text" and cell.span > 1:
                asked.kind, asked.lines = "multiline", 2
            self.add(asked)
            return
        for block in cell.blocks:
            self.block(block)
        self.ask_question()


def _is_below(cell: SourceCell, label: SourceCell) -> bool:
    """Whether a cell is in a column that a label is above."""
    return cell.column < label.column + label.span and label.column < cell.column + cell.span
