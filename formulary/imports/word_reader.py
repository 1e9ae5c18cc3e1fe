"""Read any Word document into blocks: words, looks, labels, tables, notes, controls.

Tracked changes are taken as accepted. What is hidden, struck out, deleted, drawn, or printed at the
edges of a page is listed as left out, with its words. A second, plain count of all words is kept,
against which everything that is made of the document can be compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from formulary.formats.word.ooxml import read_identity, w
from formulary.formats.word.parts import read_parts, tree_of
from formulary.imports.blocks import (
    OmittedWords,
    SourceBlock,
    SourceCell,
    SourceDocument,
    SourceParagraph,
    SourceTable,
    count_words,
    paragraphs_in,
)
from formulary.imports.numbering import Numbering
from formulary.imports.word_runs import (
    COMPATIBLE,
    DELETED,
    MATH,
    ReadingState,
    RunReader,
    is_placeholder,
    read_control,
)
from formulary.imports.word_styles import WordStyles, read_number
from formulary.problems import RETURN_NOT_OURS, RETURN_TOO_BIG
from formulary.returns.submission import CannotRead

Element = Any

_WANTED = re.compile(
    r"word/(?:document2?|styles|numbering|footnotes|endnotes|comments|settings|(?:header|footer)\d*)\.xml"
    r"|word/_rels/document2?\.xml\.rels|docProps/(?:core|custom)\.xml"
)
_MOST_DEPTH = 24
"""Tables inside tables, and the like."""
_HEADING = re.compile(r"heading(?: ?([1-9]))?$", re.IGNORECASE)
_BULLET_STYLE = re.compile(r"(?:list|clause) ?bullet ?(\d?)$", re.IGNORECASE)


def read_word_document(data: bytes, name: str) -> SourceDocument:
    """Read a .docx. Raises CannotRead where it is none, or too large or deep to be a document."""
    return WordReader(read_parts(data, lambda part: bool(_WANTED.fullmatch(part))), name).read()


class WordReader:
    def __init__(self, parts: dict[str, bytes], name: str) -> None:
        self.parts = parts
        main = next((part for part in parts if part.startswith("word/document")), None)
        if main is None:
            raise CannotRead(RETURN_NOT_OURS, "The file is no Word document")
        self.body = self.tree(main).find(w("body"))
        has_styles = "word/styles.xml" in parts
        self.styles = WordStyles(self.tree("word/styles.xml") if has_styles else None)
        part = parts.get("word/numbering.xml")
        of_style = {id: self.styles.own_list(id) for id in self.styles.named}
        self.numbering = Numbering(
            self.tree("word/numbering.xml") if part else None,
            {id: list_id for id, list_id in of_style.items() if list_id},
        )
        self.links = self.read_links(main)
        self.document = SourceDocument(PurePath(name).name, ())
        self.left = self.document.left_out
        self.state = ReadingState()
        self.where = ""
        self.tracked: Counter[str] = Counter()
        self.struck = 0

    def tree(self, part: str) -> Element:
        root = tree_of(part, self.parts[part])
        for transitional in root.iter(COMPATIBLE + "AlternateContent"):
            choose(transitional)
        return root

    def read(self) -> SourceDocument:
        document = self.document
        if self.body is None:
            raise CannotRead(RETURN_NOT_OURS, "The file is no Word document")
        document.all_words = count_words(list(self.raw_texts()))
        document.blocks = tuple(self.blocks(self.body, 0))
        for kind in ("footnote", "endnote"):
            self.read_notes(kind)
        self.read_edges()
        self.read_comments()
        identity = read_identity(self.parts.get("docProps/custom.xml", b"<none/>"))
        document.own_form = identity.stamp.form if identity else ""
        if "docProps/core.xml" in self.parts:
            core = tree_of("docProps/core.xml", self.parts["docProps/core.xml"])
            for node in core.iter("{http://purl.org/dc/elements/1.1/}title"):
                document.title = " ".join((node.text or "").split())
        if self.tracked:
            document.remarks.append(
                f"Changes are tracked in the document ({self.tracked['ins']} insertions, "
                f"{self.tracked['del']} deletions). They were taken as accepted."
            )
        if self.struck:
            document.remarks.append(
                "Some words are struck through. They were taken as deleted; the list has them."
            )
        if document.pictures:
            count = "a picture" if document.pictures == 1 else f"{document.pictures} pictures"
            document.remarks.append(f"The document has {count} or drawings. None was taken.")
        return document

    # words, counted apart

    def raw_texts(self) -> Iterator[str]:
        """Every paragraph's words as they are in the XML, deleted ones left out."""
        for part in self.parts:
            if re.fullmatch(
                r"word/(?:document2?|footnotes|endnotes|comments|header\d*|footer\d*)\.xml", part
            ):
                for paragraph in self.tree(part).iter(w("p")):
                    yield "".join(self.raw_words(paragraph, paragraph))

    def raw_words(self, node: Element, paragraph: Element) -> Iterator[str]:
        for child in node:
            if child.tag in DELETED or child.tag == w("p"):
                continue
            if child.tag == w("t"):
                yield child.text or ""
            elif child.tag in (w("tab"), w("br"), w("cr"), w("txbxContent")):
                yield " "
            elif child.tag == w("noBreakHyphen"):
                yield "-"
            elif child.tag == MATH + "t":
                yield child.text or ""
            elif child.tag != w("txbxContent"):
                yield from self.raw_words(child, paragraph)

    # styles and links

    def read_links(self, main: str) -> dict[str, str]:
        part = f"word/_rels/{main.removeprefix('word/')}.rels"
        if part not in self.parts:
            return {}
        return {
            node.get("Id", ""): node.get("Target", "")
            for node in tree_of(part, self.parts[part])
            if str(node.get("Type", "")).endswith("/hyperlink")
        }

    # blocks

    def blocks(self, parent: Element, depth: int) -> Iterator[SourceBlock]:
        if depth > _MOST_DEPTH:
            raise CannotRead(RETURN_TOO_BIG, "The document has tables inside tables inside tables")
        for node in parent:
            if node.tag == w("p"):
                yield from self.paragraph(node, depth)
            elif node.tag == w("tbl"):
                yield self.table(node, depth)
            elif node.tag == w("sdt"):
                yield from self.block_control(node, depth)
            elif node.tag in (w("ins"), w("moveTo")):
                self.tracked["ins"] += 1
                yield from self.blocks(node, depth + 1)
            elif node.tag in DELETED:
                self.tracked["del"] += 1
            elif node.tag in (w("customXml"), w("smartTag")):
                yield from self.blocks(node, depth + 1)
            elif node.tag == w("bookmarkStart"):
                self.state.bookmarks.append(node.get(w("name"), ""))

    def block_control(self, node: Element, depth: int) -> Iterator[SourceBlock]:
        content = node.find(w("sdtContent"))
        if content is None:
            return
        gallery = node.find(f"{w('sdtPr')}/{w('docPartObj')}/{w('docPartGallery')}")
        inner = tuple(self.blocks(content, depth + 1))
        if gallery is not None and "contents" in gallery.get(w("val"), "").lower():
            self.leave_out("contents list", inner, "Formulary makes the list of contents.")
            return
        control = read_control(node)
        if control and inner and isinstance(inner[0], SourceParagraph):
            first = inner[0]
            if is_placeholder(node):
                self.leave_out(
                    "placeholder", inner, "It only says that something is filled in here."
                )
                yield SourceParagraph(**{**first.__dict__, "pieces": (), "controls": (control,)})
                return
            yield SourceParagraph(**{**first.__dict__, "controls": (*first.controls, control)})
            yield from inner[1:]
            return
        yield from inner

    def leave_out(self, what: str, blocks: tuple[SourceBlock, ...], why: str) -> None:
        words = "\n".join(" ".join((p.label, p.words)).strip() for p in paragraphs_in(blocks))
        if words.strip():
            self.left.append(OmittedWords(what, words.strip(), self.where, why))

    def table(self, node: Element, depth: int) -> SourceTable:
        rows: list[tuple[SourceCell, ...]] = []
        has_header = False
        for row in self.rows_of(node):
            properties = row.find(w("trPr"))
            if properties is not None:
                if properties.find(w("del")) is not None:
                    self.tracked["del"] += 1
                    continue
                has_header = has_header or properties.find(w("tblHeader")) is not None
            cells: list[SourceCell] = []
            tall = None if properties is None else properties.find(w("trHeight"))
            height = 0 if tall is None else int(read_number(tall.get(w("val"))))
            before = None if properties is None else properties.find(w("gridBefore"))
            column = 0 if before is None else int(read_number(before.get(w("val"))))
            for cell in self.cells_of(row):
                own = cell.find(w("tcPr"))
                span, continued, shaded, width = 1, False, False, 0
                if own is not None:
                    wide = own.find(w("gridSpan"))
                    span = (
                        max(1, min(63, int(read_number(wide.get(w("val"))))))
                        if wide is not None
                        else 1
                    )
                    broad = own.find(w("tcW"))
                    if broad is not None and broad.get(w("type"), "dxa") == "dxa":
                        width = int(read_number(broad.get(w("w"))))
                    merged = own.find(w("vMerge"))
                    continued = merged is not None and merged.get(w("val"), "continue") != "restart"
                    shade = own.find(w("shd"))
                    shaded = shade is not None and shade.get(w("fill"), "auto").lower() not in (
                        "auto",
                        "ffffff",
                    )
                blocks = tuple(self.blocks(cell, depth + 1))
                cells.append(SourceCell(blocks, column, span, continued, shaded, height, width))
                column += span
            rows.append(tuple(cells))
        return SourceTable(tuple(row for row in rows if row), has_header)

    def rows_of(self, table: Element) -> Iterator[Element]:
        for node in table:
            if node.tag == w("tr"):
                yield node
            elif node.tag in (w("sdt"), w("sdtContent"), w("ins"), w("customXml")):
                yield from self.rows_of(node)

    def cells_of(self, row: Element) -> Iterator[Element]:
        for node in row:
            if node.tag == w("tc"):
                yield node
            elif node.tag in (w("sdt"), w("sdtContent"), w("ins"), w("customXml")):
                yield from self.cells_of(node)

    def paragraph(self, node: Element, depth: int) -> Iterator[SourceBlock]:
        properties = node.find(w("pPr"))
        style, outline, list_id, level, indent, centred = "", None, "", 0, None, False
        if properties is not None:
            named = properties.find(w("pStyle"))
            style = named.get(w("val"), "") if named is not None else ""
        name = self.styles.named[style].name if style in self.styles.named else style
        layers = [
            one.paragraph for one in reversed(self.styles.chain(style or self.styles.default_style))
        ]
        for layer in (*layers, properties):
            if layer is None:
                continue
            for child in layer:
                value = child.get(w("val"))
                if child.tag == w("outlineLvl"):
                    depth_of_heading = int(read_number(value))
                    outline = depth_of_heading if depth_of_heading < 9 else None
                elif child.tag == w("numPr"):
                    number, at = child.find(w("numId")), child.find(w("ilvl"))
                    if number is not None:
                        list_id = number.get(w("val"), "")
                        if layer is not properties:
                            level = self.numbering.level_of_style(list_id, style)
                    if at is not None:
                        level = int(read_number(at.get(w("val"))))
                elif child.tag == w("ind"):
                    left = child.get(w("left"), child.get(w("start")))
                    indent = indent if left is None else int(read_number(left))
                elif child.tag == w("jc"):
                    centred = value == "center"
        heading = _HEADING.match(name)
        if heading and outline is None:
            outline = int(heading[1] or 1) - 1
        reader = RunReader(self, style, depth)
        reader.walk(node)
        label, marks = "", ""
        if list_id and list_id != "0":
            shown = self.numbering.level(list_id, level)
            if shown is not None and (reader.text.strip() or reader.inner):
                label = self.numbering.next_label(list_id, level)
                marks = shown.kind if label else ""
                if indent is None and shown.indent is not None:
                    indent = shown.indent
        elif match := _BULLET_STYLE.match(name):
            label, marks, level = "•", "bullet", int(match[1] or 1) - 1
        bookmarks, self.state.bookmarks = tuple(self.state.bookmarks), []
        if reader.text.strip() or reader.pieces or reader.controls or bookmarks:
            paragraph = SourceParagraph(
                tuple(reader.pieces),
                name,
                outline,
                label,
                marks,
                level,
                list_id if list_id != "0" else "",
                indent or 0,
                centred,
                bookmarks,
                tuple(reader.controls),
                reader.in_contents
                or bool(re.match(r"(toc|contents) ?\d|table of figures", name, re.I)),
            )
            if outline is not None and paragraph.words:
                self.where = paragraph.words[:60]
            yield paragraph
        else:
            numbered = self.numbering.level(list_id, level) if list_id and depth else None
            yield SourceParagraph((), name, marks=numbered.kind if numbered else "")
        yield from reader.inner

    # what is printed elsewhere

    def read_notes(self, kind: str) -> None:
        part = f"word/{kind}s.xml"
        if part not in self.parts:
            return
        self.where = f"{kind}s"
        prefix = "" if kind == "footnote" else "e"
        for node in self.tree(part).findall(w(kind)):
            if node.get(w("type")) in ("separator", "continuationSeparator", "continuationNotice"):
                continue
            found = tuple(paragraphs_in(tuple(self.blocks(node, 0))))
            self.document.notes[prefix + node.get(w("id"), "")] = tuple(p for p in found if p.words)

    def read_edges(self) -> None:
        seen: set[str] = set()
        for part in self.parts:
            if match := re.fullmatch(r"word/(header|footer)\d*\.xml", part):
                self.where = f"the {match[1]} of the pages"
                blocks = tuple(self.blocks(self.tree(part), 0))
                words = "\n".join(p.words for p in paragraphs_in(blocks))
                if words.strip():
                    why = "Headers and footers come from the house document."
                    again = "the same again" if words in seen else match[1]
                    self.left.append(OmittedWords(again, words.strip(), self.where, why))
                    seen.add(words)

    def read_comments(self) -> None:
        if "word/comments.xml" not in self.parts:
            return
        for node in self.tree("word/comments.xml").findall(w("comment")):
            self.where = "a comment"
            blocks = tuple(self.blocks(node, 0))
            self.leave_out("comment", blocks, "Comments are no part of the policy.")


def choose(alternatives: Element) -> None:
    """Leave only what the newest programs read, so that nothing is read twice."""
    fallback = alternatives.find(COMPATIBLE + "Fallback")
    choice = alternatives.find(COMPATIBLE + "Choice")
    if fallback is not None and choice is not None:
        alternatives.remove(fallback)
