"""The numbers and marks before paragraphs: “5.1”, “(a)”, “Appendix B”, “•”, typed or automatic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from formulary.content.cycle import MONTHS
from formulary.content.policy import write_roman
from formulary.edition.text import NUMBER_WORDS
from formulary.imports.blocks import SourceParagraph
from formulary.words import BULLETS

Kind = Literal["number", "letter", "roman", "bullet", "named", ""]

_MONTHS = {word for month in MONTHS for word in (month.lower(), month[:3].lower())} | {"sept"}

_COUNTED = {word: number for number, word in enumerate(NUMBER_WORDS) if 0 < number <= 20}
_NAMED = re.compile(
    r"(?P<word>appendix|annexe?|schedule|article|section|part|chapter)\s+"
    rf"(?P<number>\d{{1,3}}(?:\.\d{{1,3}})*|[IVXLC]+|[A-Z]|{'|'.join(_COUNTED)})\b"
    r"(?:\s*[:.)–—-](?=\s|$)|(?=\s|$))\s*",
    re.IGNORECASE,
)
_DOTTED = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,3}){1,4}(?:[A-Z](?=[\s.):]))?)[.):]?(?=[\s\u200b]|[A-Z“‘\"'(])\s*"
)
_SIMPLE = re.compile(r"(?P<number>\d{1,3}[A-Z]?)(?:[.):](?=\s|[A-Z])|\t)\s*")
_BARE = re.compile(r"(?P<number>\d{1,3})[ \u00a0]+(?=[A-Z“‘\"'(])")
_PAREN = re.compile(r"\(?(?P<number>[a-z]{1,2}|[ivxlIVXL]{1,5}|[A-Z]|\d{1,2})\)\s*(?=\S)")
_LETTER = re.compile(r"(?P<number>[a-z]|[ivxl]{1,5})\.\s+(?=\S)")
_CAPITAL = re.compile(
    r"(?P<number>[A-Z]|[IVXL]{1,5})\.(?:\t\s*|\s{1,}(?=[A-Z][a-z]+(?:\s|$)|[A-Z]{4}))"
)
_BULLET = re.compile(rf"(?:[{BULLETS}·∙→]\s*|[-–—*]\s+|o(?:\t|[ \u00a0]+)\s*)(?=\S)")


@dataclass(frozen=True)
class Label:
    """A label. `number` is its figure alone: “5.1” of “5.1.”, “a” of “(a)”, “B” of “Appendix B”."""

    kind: Kind = ""
    number: str = ""
    printed: str = ""
    word: str = ""
    """The word before a named one, in small letters: “appendix”."""
    is_typed: bool = False

    @property
    def depth(self) -> int:
        """How many figures a number has: 2 for “5.1”."""
        return len(self.number.split(".")) if self.kind == "number" else 0

    @property
    def is_appendix(self) -> bool:
        return self.word in ("appendix", "annex", "annexe", "schedule")


NO_LABEL = Label()
_ROMAN = {write_roman(number): number for number in range(1, 50)}


def find_label(paragraph: SourceParagraph) -> tuple[Label, SourceParagraph]:
    """The label of a paragraph, and the paragraph without it where it is typed."""
    if paragraph.label:
        return _automatic(paragraph), paragraph
    text = paragraph.text
    start = len(text) - len(text.lstrip())
    bare = text[start:]
    for pattern, kind in (
        (_NAMED, "named"),
        (_DOTTED, "number"),
        (_SIMPLE, "number"),
        (_BARE, "number"),
        (_PAREN, "paren"),
        (_LETTER, "paren"),
        (_CAPITAL, "paren"),
        (_BULLET, "bullet"),
    ):
        match = pattern.match(bare)
        if match is None:
            continue
        rest = bare[match.end() :]
        if kind != "named" and not re.search(r"[^\W_]", rest):
            continue
        if kind == "named" and not _names_a_part(match, rest):
            continue
        if kind == "number" and _is_quantity(match, rest):
            continue
        printed = " ".join(match.group(0).split())
        if kind == "bullet":
            label = Label("bullet", "", "o" if printed == "o" else "•", is_typed=True)
        elif kind == "paren":
            number = match["number"]
            found: Kind = "number" if number.isdigit() else "letter"
            label = Label(found, number, printed, is_typed=True)
        elif kind == "named":
            label = Label("named", _figure(match["number"]), printed, match["word"].lower(), True)
        else:
            label = Label("number", _whole(match["number"]), printed, is_typed=True)
        return label, paragraph.without_start(start + match.end())
    return NO_LABEL, paragraph


def _automatic(paragraph: SourceParagraph) -> Label:
    printed, marks = paragraph.label, paragraph.marks
    if marks == "bullet" or not re.search(r"\w", printed):
        return Label("bullet", "", "•")
    if match := _NAMED.match(printed + " "):
        return Label("named", _figure(match["number"]), printed, match["word"].lower())
    figure = re.sub(r"^[(\s]+|[).:\s]+$", "", printed)
    if re.fullmatch(r"\d+(?:\.\d+)*", figure):
        return Label("number", _whole(figure), printed)
    if marks in ("lowerRoman", "upperRoman"):
        return Label("roman", figure, printed)
    return Label("letter", figure, printed)


def _names_a_part(match: re.Match[str], rest: str) -> bool:
    """Whether “Appendix B” opens a heading, and no sentence such as “Section 5 says …”."""
    if match["word"][0].islower():
        return False
    number = match["number"]
    if number.isalpha() and not number.isupper() and not number.istitle():
        return False
    return not rest or not rest[0].islower()


def _is_quantity(match: re.Match[str], rest: str) -> bool:
    """Whether a number counts something: “12 days”, “5 September”."""
    first = re.match(r"[^\W\d_]+", rest)
    return first is not None and (
        (first[0].lower() in _MONTHS and not match.group(0).rstrip().endswith((".", ")")))
        or (first[0][0].islower() and match.group(0).strip().isdigit())
    )


def _figure(number: str) -> str:
    """The figure of a number that may be written as a word: “2” of “Two”."""
    return str(_COUNTED.get(number.lower(), number))


def _whole(number: str) -> str:
    """The figure of a first level that some offices print as 1.0."""
    return number.removesuffix(".0") if number.count(".") == 1 else number


def is_roman(number: str) -> bool:
    """Whether letters can be a small Roman number."""
    return number.lower() in _ROMAN


def value_of(number: str, *, roman: bool) -> int:
    """What a letter, Roman number or figure counts: 3 for “c”, “iii” and “3”; 0 where nothing."""
    if number.isdigit():
        return int(number)
    if roman:
        return _ROMAN.get(number.lower(), 0)
    return ord(number.lower()[0]) - ord("a") + 1 if number.isalpha() else 0
