"""What a label of a Word form asks: its kind, its hint, its options, and where to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from formulary.imports.blocks import (
    BOX,
    GAP,
    TICKED,
    FormPlace,
    SourceCell,
    SourceParagraph,
    paragraphs_in,
)
from formulary.imports.vocabulary import vocabulary

GAP_LINE = re.compile(rf"[_.…‥]{{4,}}|…{{2,}}|{GAP}[\u2002 ]*|(?:_ ){{3,}}_?")
BOXES = f"{BOX}{TICKED}"
_LONG = re.compile(
    r"\b(?:describe|comments?|evidence|details?|reasons?|actions?|explain|summary|notes|outcomes?|objectives?|targets?|"
    r"feedback|reflections?|support needed|training needs|achievements?|concerns?|how|why|what)\b",
    re.IGNORECASE,
)
_DATE = (
    r"\bdate\b|^dates\b|^(?:first|last) day\b|d\.o\.b|\bdob\b|^when$|\bby when\b|\w (?:on|until)$"
    r"|\b(?:to be \w+|needed|due|required) by$"
    r"|\b(?:cycle|period|absence|term|leave|suspended|employed|year) (?:from|to)$"
)
"""Labels that ask for a day."""
_PRINTED = r"\s*(?:\((?:(?:required|mandatory|dd/mm/yy(?:yy)?)[, ]*)+\)|\*)$"
_SIGN = re.compile(r"\s*(?:\([^()]*(?:required|mandatory|yyyy)[^()]*\)|\*)", re.IGNORECASE)
MOST_LABEL = 300
ROOM, ENDS_SO = "room is left under it", "it ends so"
"""Why a line without a place of its own is a question."""
DELETE = re.compile(
    r"(?P<lead>.*[:?]\s*|(?:.*?\s)??)(?P<options>[\w’' -]+(?:\s*/\s*[\w’'-]+(?: [\w’'-]+){0,3})+)"
    r"\s*[*(\[]*\s*(?:please )?(?:delete|circle|cross out|strike out|underline)\b[^()]*[)\]]?",
    re.IGNORECASE,
)
"""“Paid / Unpaid (delete as appropriate)”."""


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


def clean_label(label: str) -> str:
    return " ".join(GAP_LINE.sub(" ", label).split()).strip(" :\t")


def has_place(paragraph: SourceParagraph) -> bool:
    """Whether a paragraph has a place to answer in: a line, a box or a control."""
    return bool(
        paragraph.controls
        or GAP_LINE.search(paragraph.text)
        or any(sign in BOXES for sign in paragraph.text)
    )
