"""What a label of a Word form asks: its kind, its hint, its options, and where to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from formulary.edition.text import first_capital
from formulary.imports.blocks import (
    BOX,
    GAP,
    TICKED,
    FormPlace,
    SourceCell,
    SourceParagraph,
)
from formulary.imports.numbering import ORDINALS
from formulary.imports.vocabulary import vocabulary

GAP_LINE = re.compile(
    rf"_{{2,}} ?/ ?_{{2,}} ?/ ?_{{2,}}|[_.…‥]{{4,}}|…{{2,}}|{GAP}[\u2002 ]*|(?:_ ){{3,}}_?"
)
YES_NO = re.compile(
    r"(?P<lead>.+[?:])\s*(?P<options>yes\s*/\s*no(?:\s*/\s*n/?a)?)\W*", re.IGNORECASE
)
"""“Is it agreed? Yes / No”."""
BOXES = f"{BOX}{TICKED}"
_LONG = re.compile(
    r"\b(?:describe|comments?|evidence|details?|reasons?|actions?|explain|summary|notes|outcomes?|objectives?|targets?|"
    r"feedback|reflections?|support needed|training needs|achievements?|concerns?|how|why|what)\b",
    re.IGNORECASE,
)
_KINDS = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "signature": r"^(?!.*date).*\bsign(?:ed|ature|atures)?\b",
        "date": r"^(?!.*(?:dates? and|up.to.date|which dates))(?:.*\bdate\b|dates\b"
        r"|(?:first|last) day\b|.*d\.o\.b|.*\bdob\b|when$|.*\bby when\b|.*\w (?:on|until)$"
        r"|.*\b(?:to be \w+|needed|due|required) by$"
        r"|.*\b(?:cycle|period|absence|term|leave|suspended|employed|year) (?:from|to)$)",
        "email": r"\be-?mail\b",
        "time": r"^time\b|\btime of\b",
        "money": r"£|\bsalary\b|\bcosts?\b|\bamount\b",
        "number": r"^(?:number of|how many|no\. of)\b",
    }.items()
}
"""What a label in small letters asks for; the first that fits counts."""
_PRINTED = r"\s*(?:\((?:(?:required|mandatory|dd/mm/yy(?:yy)?)[, ]*)+\)|\*)$"
_SIGN = re.compile(r"\s*(?:\([^()]*(?:required|mandatory|yyyy)[^()]*\)|\*)", re.IGNORECASE)
LINE, TALL = 360, 700
"""Twips of a line that is written by hand, and from which a row has room for more than one."""
MOST_LABEL = 300
SAME_ROWS = "Each row of a table asks the same; Formulary numbers them."
"""Why words of rows are left out."""
ROOM, ENDS_SO = "room is left under it", "it ends so"
"""Why a line without a place of its own is a question."""
_BRACKET = re.compile(
    r"(?P<label>.{3,}?)\s*\((?P<hint>(?:tick|choose|circle|delete|please|select)\b[^()]{2,200}"
    r"|(?:give|state|list|write|enter|describe|explain|attach|continue|includ(?:e|ing)|use|see|note|"
    r"such as|maximum|e\.g|i\.e|for example|to be|as|if you|if there|what|how|which|why)\b"
    r"[^() ]*(?: [^() ]+){4,40}|(?=[^()]*(?:\byour?\b|[.!?]\)))[^() ]+(?: [^() ]+){4,40})\)",
    re.IGNORECASE,
)
"""Words in brackets that say what to do. Any others are part of the label: “(for leavers only)”."""
DELETE = re.compile(
    r"(?P<lead>.*[:?]\s*|(?:.*?\s)??)(?P<options>[\w’' -]+(?:\s*/\s*[\w’'-]+(?: [\w’'-]+){0,3})+)"
    r"\s*[*(\[]*\s*(?:please )?(?:delete|circle|cross out|strike out|underline)\b[^()]*[)\]]?",
    re.IGNORECASE,
)
"""“Paid / Unpaid (delete as appropriate)”."""


_COUNT_MARKS = re.compile(r"[\s().:#–-]+|\bno\.(?= ?\d)", re.IGNORECASE)
"""What is around the number of a row."""
_COUNTS = tuple(
    {figure: place for place, figure in enumerate(figures.split())}
    for figures in (
        " ".join(map(str, range(1, 31))),
        " ".join("abcdefghijklmnopqrst"),
        "i ii iii iv v vi vii viii ix x xi xii",
        "one two three four five six seven eight nine ten",
        ORDINALS,
        "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th",
    )
)
"""How rows are counted, each with its place from 0."""


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


def listed(draft: FormDraft) -> Iterator[tuple[str, FieldDraft]]:
    """Every question with the title of its part."""
    for section in draft.sections:
        for one in section.fields:
            yield section.title, one
        if section.table:
            for column in section.table.columns:
                yield section.title, column


def label_lines(cell: SourceCell) -> list[str]:
    """The label in a cell, then its hints: further paragraphs, and words that look lighter."""
    first, *others = [p for p in cell.paragraphs if p.words]
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


def parse_boxes(text: str) -> tuple[str, tuple[str, ...], int] | None:
    """The words before the boxes, the options, and how many are ticked; None without boxes."""
    places = [at for at, sign in enumerate(text) if sign in BOXES]
    if not places:
        return None
    ticked = sum(text[at] == TICKED for at in places)
    parts = [part.strip(" \t\n\u00a0/:") for part in re.split(f"[{BOXES}]", text)]
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
    words, hint = clean_label(label), ""
    sign = re.search(_PRINTED, words, re.IGNORECASE)
    dropped = sign[0].strip() if sign else ""
    words = words[: sign.start()].strip() if sign else words
    if match := _BRACKET.fullmatch(words):
        words, hint = match["label"], match["hint"]
    low = words.casefold()
    options: tuple[str, ...] = ()
    if control is not None and control.kind in ("date", "choice", "checkbox"):
        kind, options, why = control.kind, control.options, "its control says so"
        if kind == "choice":
            kind = kind_of_choice(options) if len(options) > 1 else "text"
    elif "yyyy" in dropped.casefold():
        kind = "date"
    else:
        kind = next((kind for kind, pattern in _KINDS.items() if pattern.search(low)), "text")
    if kind == "text" and (lines > 1 or _LONG.search(low) or low.endswith("?")):
        kind, lines = "multiline", lines if lines > 1 else 2 if in_table else 3
    room = min(lines, 30) if kind == "multiline" else 1
    return FieldDraft(words, kind, why, hint, options, room, dropped)


def ask(
    cell: SourceCell,
    why: str,
    control: FormPlace | None = None,
    *,
    lines: int = 1,
    in_table: bool = False,
) -> FieldDraft:
    """The question of a cell that holds a label, and its hints."""
    first, *hints = label_lines(cell)
    asked = guess_field(first, why, control, lines=lines, in_table=in_table)
    asked.hint = " ".join(filter(None, (asked.hint, *hints)))
    return asked


def clean_label(label: str) -> str:
    return " ".join(GAP_LINE.sub(" ", label).split()).strip(" :\t")


def has_place(paragraph: SourceParagraph) -> bool:
    """Whether a paragraph has a place to answer in: a line, a box or a control."""
    return bool(
        paragraph.controls
        or GAP_LINE.search(paragraph.text)
        or any(sign in BOXES for sign in paragraph.text)
    )


def name_counted(leads: Sequence[str]) -> str | None:
    """The name of rows of which the first cell only counts: “Action” of “Action 1”, “Action 2”.

    It is empty for bare numbers, letters, or figures in words; None where the cells do not count
    up one by one, or where a name is not counted from its first number: “Year 7”, “Year 8”.
    """
    said = [_COUNT_MARKS.sub(" ", lead).split() for lead in leads]
    if not said or not all(said):
        return None
    for counted in _COUNTS:
        for at in (-1, 0):
            places = [counted.get(words[at].casefold(), -1) for words in said]
            names = [words[:-1] if at else words[1:] for words in said]
            steps = range(places[0], places[0] + len(said))
            is_same = all(
                " ".join(one).casefold() == " ".join(names[0]).casefold() for one in names
            )
            from_first = places[0] == 0 or (len(said) > 1 and not names[0])
            if list(steps) == places and places[0] >= 0 and is_same and from_first:
                return " ".join(names[0]) if len(names[0]) <= 4 else None
    return None


def count_rows(rows: Sequence[tuple[SourceCell, ...]], column: int) -> tuple[int, str]:
    """How many rows, from the first, only count in this column; and the name that they count."""
    leads: list[str] = []
    for row in rows:
        cell = next((c for c in row if c.column == column), None)
        marks = {p.marks for p in cell.paragraphs} if cell else set()
        counts = str(len(leads) + 1) if marks - {"", "bullet"} else ""
        if cell is None or not (cell.words or counts):
            break
        leads.append(cell.words or counts)
    for count in range(len(leads), 0, -1):
        if (name := name_counted(leads[:count])) is not None:
            return count, first_capital(name)
    return 0, ""


def is_wide(header: Sequence[SourceCell]) -> bool:
    """Whether the first column is so wide that something is written beside its number."""
    first, *others = (cell.width for cell in header)
    return bool(others) and first > 1.25 * sum(others) / len(others)


def is_one_box(cell: SourceCell) -> bool:
    """Whether a cell holds one box and nothing else."""
    return cell.words in (BOX, TICKED)


def is_value(cell: SourceCell) -> bool:
    """Whether a cell holds a date or a figure that somebody has filled in."""
    return bool(re.fullmatch(r"[\d/.\-: £%]+", cell.words))


def lines_of(cell: SourceCell) -> int:
    """How many lines the height of a cell has room for; 1 where nothing says so."""
    return max(1, cell.height // LINE) if cell.height > TALL else 1


def is_prose(cell: SourceCell) -> bool:
    """Whether a cell holds a heading and sentences below it: instructions."""
    texts = [p.words for p in cell.paragraphs if p.words]
    return (
        len(texts) > 1
        and not texts[0].endswith((":", "?"))
        and all(t.endswith(".") for t in texts[1:])
    )
