"""The blocks of a document as lines with their labels: contents and layout unfolded or left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from formulary.imports.blocks import (
    SourceBlock,
    SourceDocument,
    SourceParagraph,
    SourceRun,
    SourceTable,
    paragraphs_in,
    text_of,
)
from formulary.imports.labels import NO_LABEL, Label, find_label


@dataclass(frozen=True)
class Line:
    """A paragraph with its label apart, or a table."""

    paragraph: SourceParagraph
    label: Label = NO_LABEL
    table: SourceTable | None = None
    is_banner: bool = False
    """Whether it was the only cell of a table, shaded or bold: how some people make headings."""

    @property
    def words(self) -> str:
        return self.paragraph.words


_DOTS = re.compile(r"(?:\.{4,}|…{2,}|·{4,}|_{4,})\s*\d{1,3}\s*$")
_LEADERS = re.compile(rf"{_DOTS.pattern}|\t\s*\d{{1,3}}\s*$")
_CONTENTS = re.compile(r"(?:table of )?contents?(?: page)?\s*:?$", re.IGNORECASE)


def read_lines(document: SourceDocument) -> list[Line]:
    """The lines of a document, in reading order; contents lists are left out, and listed so."""
    blocks = list(_unfold(document.blocks))
    blocks = _drop_contents(blocks, document)
    lines: list[Line] = []
    for block, is_banner in blocks:
        if isinstance(block, SourceTable):
            lines.append(Line(SourceParagraph(()), NO_LABEL, block))
            continue
        for paragraph in _split(block):
            if not paragraph.words and not any(piece.note for piece in paragraph.pieces):
                continue
            label, rest = find_label(paragraph)
            lines.append(Line(rest, label, is_banner=is_banner))
    return _join_labels(lines)


def _join_labels(lines: list[Line]) -> list[Line]:
    """The lines; “ARTICLE I” alone and the title in the line below it are one."""
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        if (
            above is not None
            and above.label.kind == "named"
            and above.table is None
            and not above.words
            and not line.label.kind
            and 0 < len(line.words.split()) <= 14
            and _looks_like(line.paragraph, above.paragraph)
        ):
            joined[-1] = replace(line, label=above.label)
        else:
            joined.append(line)
    return joined


def _looks_like(title: SourceParagraph, label: SourceParagraph) -> bool:
    stands_out = title.is_bold or title.is_capitals or title.centred or title.is_underlined
    return stands_out or (title.outline is not None and title.outline == label.outline)


def _unfold(blocks: Sequence[SourceBlock]) -> Iterator[tuple[SourceBlock, bool]]:
    """Tables that only lay out the page become what is in them."""
    all_words = sum(len(paragraph.words.split()) for paragraph in paragraphs_in(blocks))
    for block in blocks:
        if isinstance(block, SourceParagraph):
            if block.words or block.pieces:
                yield block, False
            continue
        cells = [cell for row in block.rows for cell in row]
        filled = [cell for cell in cells if cell.words]
        if len(filled) == 1 and len(cells) <= 3:
            inner = [p for p in paragraphs_in(filled[0].blocks) if p.words]
            banner = len(inner) == 1 and (filled[0].is_shaded or inner[0].is_bold)
            for one in filled[0].blocks:
                yield from _unfold([one]) if isinstance(one, SourceTable) else [(one, banner)]
        elif labelled := _labelled_rows(block):
            for one in labelled:
                yield one, False
        elif _is_headed(block, all_words):
            for first, *others in block.rows:
                yield from (
                    (p.with_bold(True), True) for p in paragraphs_in(first.blocks) if p.words
                )
                yield from (one for cell in others for one in _unfold(cell.blocks))
        elif _is_layout(block):
            for cell in filled:
                yield from _unfold(cell.blocks)
        elif filled:
            yield block, False


def _labelled_rows(table: SourceTable) -> list[SourceBlock]:
    """The paragraphs of a table that only sets numbers beside what they number; else nothing."""
    found: list[SourceBlock] = []
    for row in table.rows:
        cells = [cell for cell in row if cell.words]
        if len(cells) != 2 or any(cell.is_continued for cell in row):
            return []
        number, *more = [p for p in paragraphs_in(cells[0].blocks) if p.words or p.label]
        first, *rest = cells[1].blocks
        if more or not isinstance(first, SourceParagraph) or first.label or not first.words:
            return []
        sign = replace(
            first, pieces=(SourceRun(f"{number.label or number.words}\t"), *first.pieces)
        )
        label, _ = find_label(sign)
        if label.kind == "" or label.printed.split() != (number.label or number.words).split():
            return []
        found += [sign, *rest]
    is_clause = len(table.rows) == 1 or len(text_of([table]).split()) > 8 * len(table.rows)
    return found if is_clause else []


def _is_headed(table: SourceTable, all_words: int) -> bool:
    """Whether most of a document is in a table that sets headings beside their text."""
    left = [row[0].words for row in table.rows]
    right = [cell.words for row in table.rows for cell in row[1:]]
    return (
        len(left) >= 3
        and all(len(row) == 2 for row in table.rows)
        and all(0 < len(words.split()) <= 8 for words in left)
        and sum(len(words.split()) for words in right) >= max(0.5 * all_words, 10 * len(right))
    )


def _is_layout(table: SourceTable) -> bool:
    """Whether a table of one column or row holds running text, such as several paragraphs."""
    cells = [cell for row in table.rows for cell in row if cell.words]
    if len(table.rows) > 1 and table.width > 1:
        return False
    long = [cell for cell in cells if len(cell.words.split()) > 40]
    several = [cell for cell in cells if sum(1 for p in paragraphs_in(cell.blocks) if p.words) > 2]
    return len(cells) <= 3 and bool(long or several)


def _drop_contents(
    blocks: list[tuple[SourceBlock, bool]], document: SourceDocument
) -> list[tuple[SourceBlock, bool]]:
    """Leave contents lists out: by style, by field, by leaders, or by lines that come again."""
    kept: list[tuple[SourceBlock, bool]] = []
    later = Counter(
        _key(block.text)
        for block, _ in blocks
        if isinstance(block, SourceParagraph) and block.words
    )
    dropped: list[str] = []
    open_list = False
    for at, (block, banner) in enumerate(blocks):
        if not isinstance(block, SourceParagraph):
            open_list = False
            kept.append((block, banner))
            continue
        words = block.words
        if _CONTENTS.fullmatch(words):
            following = [b for b, _ in blocks[at + 1 : at + 4] if isinstance(b, SourceParagraph)]
            if any(
                b.in_contents or _LEADERS.search(b.text) or later[_key(b.text)] > 1
                for b in following
            ) or (at < 40 and "toc" in block.style.lower()):
                open_list = True
                dropped.append(words)
                continue
        is_entry = (
            block.in_contents
            or bool(_DOTS.search(block.text))
            or (open_list and bool(_LEADERS.search(block.text)))
            or ((open_list or bool(_LEADERS.search(block.text))) and later[_key(block.text)] > 1)
        )
        if is_entry:
            dropped.append(" ".join((block.label, words)).strip())
            later[_key(block.text)] -= 1
            continue
        open_list = False
        kept.append((block, banner))
    if dropped:
        why = "Formulary makes the list of contents."
        document.leave("contents list", "\n".join(dropped), "the front", why)
    return kept


def _key(text: str) -> str:
    """What a line of contents and its heading have in common."""
    bare = _LEADERS.sub("", text)
    bare = find_label(SourceParagraph((SourceRun(bare),)))[1].text
    return " ".join(re.findall(r"\w+", bare.casefold()))


def _split(paragraph: SourceParagraph) -> Iterator[SourceParagraph]:
    """A bold first line and what follows it after a soft break are a heading and its text."""
    if "\n" not in paragraph.text:
        yield paragraph
        return
    parts: list[list[SourceRun]] = [[]]
    for piece in paragraph.pieces:
        first, *rest = piece.text.split("\n")
        parts[-1].append(replace(piece, text=first))
        for text in rest:
            parts.append([replace(piece, text=text, note="")])
    lines = [
        replace(paragraph, pieces=tuple(piece for piece in part if piece.text or piece.note))
        for part in parts
    ]
    lines = [line for line in lines if line.words or any(run.note for run in line.pieces)]
    if len(lines) > 1 and lines[0].is_bold and not lines[1].is_bold and len(lines[0].words) < 120:
        yield lines[0]
        rest_of = [
            replace(line, label="", marks="", list_id="", outline=None) for line in lines[1:]
        ]
        yield from _join(rest_of)
        return
    if paragraph.outline is None and any(find_label(line)[0].is_typed for line in lines[1:]):
        yield lines[0]
        yield from (replace(line, label="", marks="", list_id="") for line in lines[1:])
        return
    yield from _join(lines)


def _join(lines: list[SourceParagraph]) -> Iterator[SourceParagraph]:
    """Lines of one paragraph, parted by a line break each, which light Markdown keeps."""
    if not lines:
        return
    pieces = list(lines[0].pieces)
    for line in lines[1:]:
        pieces.append(SourceRun("\n"))
        pieces.extend(line.pieces)
    yield replace(lines[0], pieces=tuple(pieces))


def words_in_line(line: Line) -> str:
    """All words of a line, its label first."""
    if line.table is not None:
        return text_of([line.table])
    return " ".join((line.label.printed, line.words)).strip()
