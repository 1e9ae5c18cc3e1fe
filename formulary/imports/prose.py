"""Write paragraphs, lists and tables as the light Markdown that a text of the YAML takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from formulary.imports.blocks import SourceParagraph, SourceRun, SourceTable
from formulary.imports.draft import ListBlock, Part
from formulary.imports.labels import is_roman, value_of

_SPECIAL = re.compile(r"[\\*\[\]]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(
    r"([-+])(?=\s)|(\d{1,9})([.)])(?=\s)|(\()(?=[a-zA-Z]{1,5}\)\s)|([|#>])|(`)|(~)"
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Signs that show nothing, or that YAML does not take."""

_SPACE = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")

Link = Callable[[str], str]
"""Turns “see clause 6.3” into the words with a pointer; words without one stay as they are."""


def escape(text: str) -> str:
    """Words that light Markdown reads as they are, in the middle of a line."""
    clean = _CONTROL.sub("", text)
    escaped = _SPECIAL.sub(lambda match: "&amp;" if match[0] == "&" else f"\\{match[0]}", clean)
    return re.sub(r"([{}])(?=[{}%])|(?<=%)\}", lambda m: f"&#{ord(m[0])};", escaped)


def escape_start(line: str) -> str:
    """A line that does not begin a list, a table or a heading."""

    def write(match: re.Match[str]) -> str:
        if match[2]:
            return f"{match[2]}\\{match[3]}"
        return f"\\{match[0]}"

    return _LINE_START.sub(write, line, count=1) if _LINE_START.match(line) else line


def plain_line(paragraph: SourceParagraph) -> str:
    """One line without any look, for titles and labels."""
    return _SPACE.sub(" ", escape(paragraph.text.replace("\n", " "))).strip()


def markdown_line(paragraph: SourceParagraph, link: Link, note: Callable[[str], str]) -> str:
    """A paragraph as one piece of light Markdown; “\\n” is a line break that the document has."""
    parts: list[str] = []
    pieces = list(_joined(paragraph.pieces))
    for at, piece in enumerate(pieces):
        if piece.note and not piece.text:
            parts.append(note(piece.note))
            continue
        text = _SPACE.sub(" ", piece.text.replace("\u200b", ""))
        written = "\n".join(_styled(line, piece, link) for line in text.split("\n"))
        before = pieces[at - 1].text[-1:] if at else ""
        after = pieces[at + 1].text[:1] if at + 1 < len(pieces) else ""
        if (written.startswith("*") and (before.isalnum() or before == "*")) or (
            written.endswith("*") and after.isalnum()
        ):
            written = link(escape(text))
        parts.append(written)
        if piece.note:
            parts.append(note(piece.note))
    lines = [_SPACE.sub(" ", line).strip() for line in "".join(parts).split("\n")]
    return "\n".join(escape_start(line) for line in lines if line)


def _styled(text: str, piece: SourceRun, link: Link) -> str:
    words = text.strip()
    if not words:
        return text
    start = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip()) :]
    inner = escape(words)
    if re.match(r"https?://|mailto:", piece.target) and re.fullmatch(r"[^\s()<>]+", piece.target):
        inner = f"[{inner}]({piece.target})"
    else:
        inner = link(inner)
    signs = "*" * (2 * piece.bold + piece.italic)
    if signs and (re.match(r"[^\w“‘\"'(\[{]", words) or not re.search(r"[\w)”’.!?:,;]$", words)):
        signs = ""  # light Markdown would read the stars as stars beside such signs
    return f"{start}{signs}{inner}{signs}{end}"


def _joined(pieces: Sequence[SourceRun]) -> Sequence[SourceRun]:
    """Pieces whose look is the same in Markdown, as one; space between two bold ones is bold."""
    joined: list[SourceRun] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        blank = not piece.text.strip() and "\n" not in piece.text
        look = (piece.bold, piece.italic, piece.target)
        if (
            last
            and not (last.note or piece.note)
            and (blank or look == (last.bold, last.italic, last.target))
        ):
            joined[-1] = replace(last, text=last.text + piece.text)
        else:
            joined.append(piece)
    return joined


def marks_of(block: ListBlock) -> str:
    """The marks of a list as `marks` names them: “bullets”, or the first mark as printed: “a)”."""
    kind = list_kind(block)
    if kind in ("", "bullets"):
        return "bullets"
    label = block.entries[0].label
    sign = {"letters": "a", "roman": "i", "numbers": "1"}[kind]
    sign = sign.upper() if label.number.isupper() else sign
    shape = re.fullmatch(r"(\(?)\w+([.)]?)", label.printed)
    before, after = (shape[1], shape[2]) if shape else ("", ".")
    example = f"{before}{sign}{after or '.'}"
    return {"(a)": "letters", "(i)": "roman", "1.": "numbers"}.get(example, example)


def marker(block: ListBlock, at: int) -> str:
    """What is written in Markdown before an entry: “-”, “5.” or “(a)”."""
    label = block.entries[at].label
    if label.kind == "bullet" or not label.number:
        return "-"
    if label.kind == "number":
        return f"{label.number}."
    return f"({label.number.lower()})"


def list_kind(block: ListBlock) -> str:
    """The kind of marks of a list: bullets, letters, roman or numbers; empty where it is mixed."""
    kinds = {entry.label.kind for entry in block.entries}
    if kinds == {"bullet"}:
        return "bullets"
    if kinds == {"number"}:
        return "numbers"
    if not kinds <= {"letter", "roman"}:
        return ""
    numbers = [entry.label.number for entry in block.entries]
    is_roman_mark = block.entries[0].label.kind == "roman"
    for kind in ("letters", "roman"):
        roman = kind == "roman"
        if (roman and not all(map(is_roman, numbers))) or (not roman and numbers in (["i"], ["I"])):
            continue
        first, *others = [value_of(number, roman=roman) for number in numbers]
        runs_on = others == list(range(first + 1, first + len(numbers)))
        if runs_on and (first == 1 or roman == is_roman_mark):
            return kind
    return ""


def start_of(block: ListBlock) -> int:
    """The number that the first entry has: 5 for a list that goes on with 5."""
    kind = list_kind(block)
    number = block.entries[0].label.number
    return 1 if kind in ("", "bullets") else value_of(number, roman=kind == "roman")


def markdown_list(block: ListBlock, link: Link, note: Callable[[str], str]) -> list[str]:
    """A list as lines of Markdown, lists inside it indented."""
    lines: list[str] = []
    for at, entry in enumerate(block.entries):
        mark = marker(block, at)
        hang = " " * (len(mark) + 1)
        first, *rest = entry.paragraphs
        words = markdown_line(first, link, note).split("\n")
        lines.append(f"{mark} {words[0]}")
        lines.extend(f"{hang}{line}" for line in words[1:])
        for paragraph in rest:
            lines.append("")
            lines.extend(
                f"{hang}{line}" for line in markdown_line(paragraph, link, note).split("\n")
            )
        for inner in entry.inner:
            lines.extend(f"{hang}{line}" for line in markdown_list(inner, link, note))
    return lines


def table_cells(table: SourceTable, link: Link, note: Callable[[str], str]) -> list[list[str]]:
    """The rows of a table, each with a text a column; empty rows are left away.

    What is merged is in its first cell, and the others are empty. The first row and the first
    column are headings, so that their words need not be bold.
    """
    rows: list[list[str]] = []
    for row in table.rows:
        cells = [""] * table.width
        for cell in row:
            words: list[str] = []
            for block in cell.blocks:
                if isinstance(block, SourceParagraph) and (block.words or block.pieces):
                    if not rows or cell.column == 0:
                        block = block.with_bold(False)
                    mark = "•" if block.marks == "bullet" else block.label
                    mark = f"{mark} " if mark else ""
                    words.append(mark + markdown_line(block, link, note).replace("\n", " "))
                elif isinstance(block, SourceTable):
                    words.append(" / ".join(c.words for r in block.rows for c in r if c.words))
            cells[cell.column] = " ".join(filter(None, words))
        if any(cells):
            rows.append(cells)
    return rows


def markdown_table(table: SourceTable, link: Link, note: Callable[[str], str]) -> list[str]:
    """A table as lines of Markdown, where a clause cannot hold it as one of its own."""
    header, *body = table_cells(table, link, note) or [[""]]
    lines = [_row(header), _row(["---"] * len(header))]
    lines.extend(_row(cells) for cells in body)
    return lines


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def markdown(parts: Sequence[Part], link: Link, note: Callable[[str], str]) -> str:
    """Parts of a clause as light Markdown, a blank line between them."""
    written: list[str] = []
    for part in parts:
        if isinstance(part, SourceParagraph):
            line = markdown_line(part, link, note)
            if line:
                written.append(line.replace("\n", "\\\n"))
        elif isinstance(part, ListBlock):
            written.append("\n".join(markdown_list(part, link, note)))
        else:
            written.append("\n".join(markdown_table(part, link, note)))
    return "\n\n".join(written)
