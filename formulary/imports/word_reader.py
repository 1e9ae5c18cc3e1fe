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
from formulary.formats.word.symbols import words_of_equation
from formulary.imports.blocks import (
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
from formulary.imports.word_styles import WordStyles, read_number, value_at
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
            raise CannotRead(RETURN_NOT_OURS, "The file is not a Word document")
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
            raise CannotRead(RETURN_NOT_OURS, "The file is not a Word document")
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
                    yield "".join(self.raw_words(paragraph))

    def raw_words(self, node: Element) -> Iterator[str]:
        for child in node:
            if child.tag == w("t"):
                yield child.text or ""
            elif child.tag in (w("tab"), w("br"), w("cr"), w("txbxContent")):
                yield " "
            elif child.tag == w("noBreakHyphen"):
                yield "-"
            elif child.tag == MATH + "oMath":
                yield words_of_equation(child)
            elif child.tag not in DELETED and child.tag != w("p"):
                yield from self.raw_words(child)

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
        self.document.leave(what, words.strip(), self.where, why)

    def table(self, node: Element, depth: int) -> SourceTable:
        rows: list[tuple[SourceCell, ...]] = []
        for row in children_of(node, "tr"):
            if row.find(f"{w('trPr')}/{w('del')}") is not None:
                self.tracked["del"] += 1
                continue
            height = int(read_number(value_at(row, "trPr", "trHeight")))
            column = int(read_number(value_at(row, "trPr", "gridBefore")))
            cells: list[SourceCell] = []
            for cell in children_of(row, "tc"):
                wide = value_at(cell, "tcPr", "gridSpan", otherwise="1")
                span = max(1, min(63, int(read_number(wide))))
                is_measured = value_at(cell, "tcPr", "tcW", name="type", otherwise="dxa") == "dxa"
                width = int(read_number(value_at(cell, "tcPr", "tcW", name="w"))) * is_measured
                merged = cell.find(f"{w('tcPr')}/{w('vMerge')}")
                continued = merged is not None and merged.get(w("val")) != "restart"
                shade = value_at(cell, "tcPr", "shd", name="fill", otherwise="auto").lower()
                shaded = shade not in ("auto", "ffffff")
                blocks = tuple(self.blocks(cell, depth + 1))
                cells.append(SourceCell(blocks, column, span, continued, shaded, height, width))
                column += span
            if cells:
                rows.append(tuple(cells))
        return SourceTable(tuple(rows))

    def paragraph(self, node: Element, depth: int) -> Iterator[SourceBlock]:
        style = value_at(node, "pPr", "pStyle")
        outline, list_id, level, indent, centred = None, "", 0, None, False
        name = self.styles.named[style].name if style in self.styles.named else style
        properties = node.find(w("pPr"))
        layers = [one.paragraph for one in reversed(self.styles.chain(style))]
        for layer in (*layers, properties):
            for child in () if layer is None else layer:
                value = child.get(w("val"))
                if child.tag == w("outlineLvl"):
                    outline = int(read_number(value))
                elif child.tag == w("numPr"):
                    if number := value_at(child, "numId"):
                        list_id = number
                        if layer is not properties:
                            level = self.numbering.level_of_style(list_id, style)
                    if at := value_at(child, "ilvl"):
                        level = int(read_number(at))
                elif child.tag == w("ind"):
                    left = child.get(w("left"), child.get(w("start")))
                    indent = indent if left is None else int(read_number(left))
                elif child.tag == w("jc"):
                    centred = value == "center"
        if outline is not None and outline > 8:  # running text
            outline = None
        if outline is None and (heading := _HEADING.match(name)):
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
                why = "Headers and footers come from the house document."
                again = "the same again" if words in seen else match[1]
                self.document.leave(again, words.strip(), self.where, why)
                seen.add(words)

    def read_comments(self) -> None:
        if "word/comments.xml" not in self.parts:
            return
        for node in self.tree("word/comments.xml").findall(w("comment")):
            self.where = "a comment"
            blocks = tuple(self.blocks(node, 0))
            self.leave_out("comment", blocks, "Comments are not part of the policy.")


def children_of(parent: Element, kind: str) -> Iterator[Element]:
    """The rows of a table, or the cells of a row, those in controls or insertions too."""
    for node in parent:
        if node.tag == w(kind):
            yield node
        elif node.tag in (w("sdt"), w("sdtContent"), w("ins"), w("customXml")):
            yield from children_of(node, kind)


def choose(alternatives: Element) -> None:
    """Leave only what the newest programs read, so that nothing is read twice."""
    fallback = alternatives.find(COMPATIBLE + "Fallback")
    choice = alternatives.find(COMPATIBLE + "Choice")
    if fallback is not None and choice is not None:
        alternatives.remove(fallback)
