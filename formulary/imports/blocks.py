"""What a Word document of others holds, read into paragraphs and tables, with nothing lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

BOX, TICKED = "☐", "☒"
"""How boxes of any make are written: pictures of letters, controls and legacy fields."""

GAP = "\u2002" * 5
"""Where something is to be filled in between words."""


@dataclass(frozen=True)
class SourceRun:
    """A stretch of words in one look. `note` is the number of a footnote that is called here."""

    text: str
    bold: bool = False
    italic: bool = False
    size: float = 0
    """Points; 0 where it is not known."""
    underlined: bool = False
    struck: bool = False
    target: str = ""
    note: str = ""


@dataclass(frozen=True)
class FormPlace:
    """Something to fill in: a content control, or a field of the older kind."""

    kind: str
    """text, date, choice or checkbox"""
    name: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceParagraph:
    """A paragraph. `label` is the number or mark that Word prints before it."""

    pieces: tuple[SourceRun, ...]
    style: str = ""
    outline: int | None = None
    """0 for the first level of headings."""
    label: str = ""
    marks: str = ""
    """What kind of label: bullet, decimal, lowerLetter, upperLetter, lowerRoman, upperRoman."""
    level: int = 0
    list_id: str = ""
    indent: int = 0
    """Twips from the margin."""
    centred: bool = False
    bookmarks: tuple[str, ...] = ()
    controls: tuple[FormPlace, ...] = ()
    in_contents: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    @property
    def solid(self) -> tuple[SourceRun, ...]:
        """The pieces that show something."""
        return tuple(piece for piece in self.pieces if piece.text.strip())

    @property
    def is_bold(self) -> bool:
        return bool(self.solid) and all(piece.bold for piece in self.solid)

    @property
    def is_underlined(self) -> bool:
        return bool(self.solid) and all(piece.underlined for piece in self.solid)

    @property
    def is_capitals(self) -> bool:
        return self.text.isupper() and sum(letter.isalpha() for letter in self.text) > 3

    @property
    def size(self) -> float:
        return max((piece.size for piece in self.solid), default=0)

    def with_bold(self, bold: bool) -> SourceParagraph:
        """The paragraph with all of it bold, or none."""
        return replace(self, pieces=tuple(replace(piece, bold=bold) for piece in self.pieces))

    def without_start(self, count: int) -> SourceParagraph:
        """The paragraph without its first `count` characters and the space after them."""
        left: list[SourceRun] = []
        for piece in self.pieces:
            cut = min(count, len(piece.text))
            count -= cut
            left.append(replace(piece, text=piece.text[cut:]))
        while left and not left[0].text.strip() and not left[0].note:
            left.pop(0)
        if left:
            left[0] = replace(left[0], text=left[0].text.lstrip())
        return replace(self, pieces=tuple(left))


@dataclass(frozen=True)
class SourceCell:
    """A cell; `column` and `span` count columns of the grid, from 0."""

    blocks: tuple[SourceBlock, ...]
    column: int
    span: int = 1
    is_continued: bool = False
    """Whether it goes on from the cell above."""
    is_shaded: bool = False
    height: int = 0
    """Twips that its row has at least; 0 where it is as high as its words."""
    width: int = 0
    """Twips; 0 where the file does not say."""

    @property
    def paragraphs(self) -> tuple[SourceParagraph, ...]:
        """Every paragraph in it, those of tables inside it included."""
        return tuple(paragraphs_in(self.blocks))

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.paragraphs)

    @property
    def words(self) -> str:
        return " ".join(p.words for p in self.paragraphs if p.words)

    @property
    def control(self) -> FormPlace | None:
        """The first thing to fill in that it holds."""
        return next((control for p in self.paragraphs for control in p.controls), None)


@dataclass(frozen=True)
class SourceTable:
    rows: tuple[tuple[SourceCell, ...], ...]

    @property
    def width(self) -> int:
        return max((cell.column + cell.span for row in self.rows for cell in row), default=0)


SourceBlock = SourceParagraph | SourceTable


@dataclass(frozen=True)
class OmittedWords:
    """Words of the document that were not taken: what they are, where, and why."""

    what: str
    words: str
    where: str = ""
    why: str = ""


@dataclass
class SourceDocument:
    """A Word document as it was read."""

    name: str
    blocks: tuple[SourceBlock, ...]
    notes: dict[str, tuple[SourceParagraph, ...]] = field(default_factory=dict)
    left_out: list[OmittedWords] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    title: str = ""
    """The title among the file's properties."""
    all_words: Counter[str] = field(default_factory=Counter)
    """Every word of the file, deleted ones excepted, counted apart from the blocks."""
    pictures: int = 0
    own_form: str = ""
    """The form that a file of our own says to be: “policy”, or a form's id."""

    def leave(self, what: str, words: str, where: str = "", why: str = "") -> None:
        """List words that are not taken."""
        if words:
            self.left_out.append(OmittedWords(what, words, where, why))


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words_of(text: str) -> list[str]:
    """The words of a text, for counting: letters and digits, in small letters."""
    return _WORD.findall(text.casefold().replace("\u00ad", ""))


def count_words(texts: Sequence[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(words_of(text))
    return counted


def paragraphs_in(blocks: Sequence[SourceBlock]) -> Iterator[SourceParagraph]:
    """Every paragraph, those in cells included, in reading order."""
    for block in blocks:
        if isinstance(block, SourceParagraph):
            yield block
        else:
            for row in block.rows:
                for cell in row:
                    yield from paragraphs_in(cell.blocks)


def text_of(blocks: Sequence[SourceBlock]) -> str:
    """All words of the blocks, a paragraph a line."""
    return "\n".join(p.words for p in paragraphs_in(blocks) if p.words)
