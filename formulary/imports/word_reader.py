"""Read any Word document into blocks: words, looks, labels, tables, notes, controls.

Tracked changes are taken as accepted. What is hidden, struck out, deleted, drawn, or printed at the
edges of a page is listed as left out, with its words. A second, plain count of all words is kept,
against which everything that is made of the document can be compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from formulary.formats.word.content import OFF
from formulary.formats.word.ooxml import read_identity, w
from formulary.formats.word.parts import read_parts, tree_of
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
    SourceRun,
    SourceTable,
    count_words,
    paragraphs_in,
)
from formulary.imports.numbering import Numbering
from formulary.problems import RETURN_NOT_OURS, RETURN_TOO_BIG
from formulary.returns.submission import CannotRead

Element = Any

_WANTED = re.compile(
    r"word/(?:document2?|styles|numbering|footnotes|endnotes|comments|settings|(?:header|footer)\d*)\.xml"
    r"|word/_rels/document2?\.xml\.rels|docProps/(?:core|custom)\.xml"
)
_MOST_DEPTH = 24
"""Tables inside tables, and the like."""
_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DELETED = frozenset((w("del"), w("moveFrom")))
_OPEN_BOXES = frozenset("□▢◻❑❏⬜🗆☐")
_FULL_BOXES = frozenset("☑☒🗹🗷")
_SYMBOL_BOXES = {"F06F": BOX, "F0A8": BOX, "F071": BOX, "F072": BOX, "F0FE": TICKED, "F0FD": TICKED,
                 "F052": TICKED, "F054": TICKED, "00A8": BOX, "006F": BOX}  # fmt: skip
"""Letters of Wingdings and its like that are drawn as boxes."""
_HEADING = re.compile(r"heading ?([1-9])$", re.IGNORECASE)
_BULLET_STYLE = re.compile(r"(?:list|clause) ?bullet ?(\d?)$", re.IGNORECASE)


def read_word_document(data: bytes, name: str) -> SourceDocument:
    """Read a .docx. Raises CannotRead where it is none, or too large or deep to be a document."""
    return _Reader(read_parts(data, lambda part: bool(_WANTED.fullmatch(part))), name).read()


@dataclass
class _Style:
    id: str
    name: str
    parent: str
    is_paragraph: bool
    run: Element | None
    paragraph: Element | None


@dataclass
class _Look:
    """What a run looks like, as far as it is said anywhere up to its style."""

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    struck: bool = False
    hidden: bool = False
    capitals: bool = False
    size: float = 0


@dataclass
class _Field:
    """A field of the older kind that is being read."""

    instruction: str = ""
    control: FormPlace | None = None
    in_result: bool = False
    toc: bool = False
    target: str = ""


@dataclass
class _ReadingState:
    """What runs on from one paragraph to the next."""

    fields: list[_Field] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, parts: dict[str, bytes], name: str) -> None:
        self.parts = parts
        main = next((part for part in parts if part.startswith("word/document")), None)
        if main is None:
            raise CannotRead(RETURN_NOT_OURS, "The file is no Word document")
        self.body = self.tree(main).find(w("body"))
        self.styles: dict[str, _Style] = {}
        self.default_run: Element | None = None
        self.default_style = ""
        self.read_styles()
        part = parts.get("word/numbering.xml")
        of_style = {id: self.own_list(id) for id in self.styles}
        self.numbering = Numbering(
            self.tree("word/numbering.xml") if part else None,
            {id: list_id for id, list_id in of_style.items() if list_id},
        )
        self.links = self.read_links(main)
        self.document = SourceDocument(PurePath(name).name, ())
        self.left = self.document.left_out
        self.state = _ReadingState()
        self.where = ""
        self.tracked: Counter[str] = Counter()
        self.struck = 0

    def tree(self, part: str) -> Element:
        root = tree_of(part, self.parts[part])
        for transitional in root.iter(_COMPATIBLE + "AlternateContent"):
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
            if child.tag in _DELETED or child.tag == w("p"):
                continue
            if child.tag == w("t"):
                yield child.text or ""
            elif child.tag in (w("tab"), w("br"), w("cr"), w("txbxContent")):
                yield " "
            elif child.tag == w("noBreakHyphen"):
                yield "-"
            elif child.tag == _MATH + "t":
                yield child.text or ""
            elif child.tag != w("txbxContent"):
                yield from self.raw_words(child, paragraph)

    # styles and links

    def read_styles(self) -> None:
        if "word/styles.xml" not in self.parts:
            return
        root = self.tree("word/styles.xml")
        self.default_run = root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        for node in root.findall(w("style")):
            id = node.get(w("styleId"), "")
            kind = node.get(w("type"), "")
            named = node.find(w("name"))
            based = node.find(w("basedOn"))
            self.styles[id] = _Style(
                id,
                named.get(w("val"), id) if named is not None else id,
                based.get(w("val"), "") if based is not None else "",
                kind == "paragraph",
                node.find(w("rPr")),
                node.find(w("pPr")),
            )
            if kind == "paragraph" and node.get(w("default"), "0") not in OFF:
                self.default_style = id

    def chain(self, id: str) -> list[_Style]:
        """A style and those that it is based on, the style itself first."""
        found: list[_Style] = []
        while id in self.styles and self.styles[id] not in found:
            found.append(self.styles[id])
            id = self.styles[id].parent
        return found

    def own_list(self, id: str) -> str:
        for style in self.chain(id):
            if style.paragraph is not None:
                node = style.paragraph.find(f"{w('numPr')}/{w('numId')}")
                if node is not None:
                    return str(node.get(w("val"), ""))
        return ""

    def read_links(self, main: str) -> dict[str, str]:
        part = f"word/_rels/{main.removeprefix('word/')}.rels"
        if part not in self.parts:
            return {}
        return {
            node.get("Id", ""): node.get("Target", "")
            for node in tree_of(part, self.parts[part])
            if str(node.get("Type", "")).endswith("/hyperlink")
        }

    def look(self, run: Element | None, style: str) -> _Look:
        """The look of a run in a paragraph of a style."""
        look = _Look()
        layers = [self.default_run]
        layers += [one.run for one in reversed(self.chain(style or self.default_style))]
        if run is not None:
            named = run.find(w("rStyle"))
            if named is not None:
                layers += [one.run for one in reversed(self.chain(named.get(w("val"), "")))]
            layers.append(run)
        for layer in layers:
            if layer is None:
                continue
            for node in layer:
                value = node.get(w("val"))
                if node.tag == w("b"):
                    look.bold = value not in OFF
                elif node.tag == w("i"):
                    look.italic = value not in OFF
                elif node.tag in (w("strike"), w("dstrike")):
                    look.struck = value not in OFF
                elif node.tag == w("u"):
                    look.underlined = value not in (None, "none")
                elif node.tag in (w("vanish"), w("specVanish")):
                    look.hidden = value not in OFF
                elif node.tag == w("caps"):
                    look.capitals = value not in OFF
                elif node.tag == w("sz"):
                    look.size = _float(value) / 2
        return look

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
            elif node.tag in _DELETED:
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
            height = 0 if tall is None else int(_float(tall.get(w("val"))))
            before = None if properties is None else properties.find(w("gridBefore"))
            column = 0 if before is None else int(_float(before.get(w("val"))))
            for cell in self.cells_of(row):
                own = cell.find(w("tcPr"))
                span, continued, shaded = 1, False, False
                if own is not None:
                    wide = own.find(w("gridSpan"))
                    span = (
                        max(1, min(63, int(_float(wide.get(w("val")))))) if wide is not None else 1
                    )
                    merged = own.find(w("vMerge"))
                    continued = merged is not None and merged.get(w("val"), "continue") != "restart"
                    shade = own.find(w("shd"))
                    shaded = shade is not None and shade.get(w("fill"), "auto").lower() not in (
                        "auto",
                        "ffffff",
                    )
                blocks = tuple(self.blocks(cell, depth + 1))
                cells.append(SourceCell(blocks, column, span, continued, shaded, height))
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
        name = self.styles[style].name if style in self.styles else style
        layers = [one.paragraph for one in reversed(self.chain(style or self.default_style))]
        for layer in (*layers, properties):
            if layer is None:
                continue
            for child in layer:
                value = child.get(w("val"))
                if child.tag == w("outlineLvl"):
                    depth_of_heading = int(_float(value))
                    outline = depth_of_heading if depth_of_heading < 9 else None
                elif child.tag == w("numPr"):
                    number, at = child.find(w("numId")), child.find(w("ilvl"))
                    if number is not None:
                        list_id = number.get(w("val"), "")
                        if layer is not properties:
                            level = self.numbering.level_of_style(list_id, style)
                    if at is not None:
                        level = int(_float(at.get(w("val"))))
                elif child.tag == w("ind"):
                    left = child.get(w("left"), child.get(w("start")))
                    indent = indent if left is None else int(_float(left))
                elif child.tag == w("jc"):
                    centred = value == "center"
        heading = _HEADING.match(name)
        if heading and outline is None:
            outline = int(heading[1]) - 1
        reader = _Runs(self, style, depth)
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
            yield SourceParagraph((), name)
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


class _Runs:
    """Reads what is in one paragraph."""

    def __init__(self, reader: _Reader, style: str, depth: int) -> None:
        self.reader = reader
        self.style = style
        self.depth = depth
        self.pieces: list[SourceRun] = []
        self.controls: list[FormPlace] = []
        self.inner: list[SourceBlock] = []
        self.in_contents = any(one.toc for one in reader.state.fields)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def walk(self, node: Element, target: str = "") -> None:
        reader = self.reader
        for child in node:
            tag = child.tag
            if tag == w("r"):
                self.run(child, target)
            elif tag == w("hyperlink"):
                id = next((child.get(ns + "id") for ns in _RELATIONS if child.get(ns + "id")), "")
                anchor = child.get(w("anchor"), "")
                link = reader.links.get(id, "") or (f"#{anchor}" if anchor else "")
                self.walk(child, link or target)
            elif tag == w("sdt"):
                control = read_control(child)
                if control:
                    self.controls.append(control)
                content = child.find(w("sdtContent"))
                if content is not None and control and is_placeholder(child):
                    words = " ".join("".join(content.itertext(w("t"))).split())
                    if words not in ("", BOX):
                        why = "It only says that something is filled in here."
                        reader.left.append(OmittedWords("placeholder", words, reader.where, why))
                    self.pieces.append(SourceRun(BOX if control.kind == "checkbox" else GAP))
                elif content is not None:
                    self.walk(content, target)
            elif tag in _DELETED:
                reader.tracked["del"] += 1
            elif tag in (w("ins"), w("moveTo")):
                reader.tracked["ins"] += 1
                self.walk(child, target)
            elif tag == w("bookmarkStart"):
                reader.state.bookmarks.append(child.get(w("name"), ""))
            elif tag in (w("smartTag"), w("customXml"), w("fldSimple"), w("dir"), w("bdo")):
                self.walk(child, target)
            elif isinstance(tag, str) and tag.startswith(_MATH):
                words = "".join(child.itertext(_MATH + "t"))
                if words.strip():
                    self.pieces.append(SourceRun(words))

    def run(self, node: Element, target: str) -> None:
        reader, fields = self.reader, self.reader.state.fields
        look = reader.look(node.find(w("rPr")), self.style)
        words: list[str] = []
        note = ""
        for child in node:
            tag = child.tag
            if tag == w("t"):
                words.append(child.text or "")
            elif tag in (w("tab"), w("ptab")):
                words.append("\t")
            elif tag in (w("br"), w("cr")):
                words.append("\n" if child.get(w("type")) not in ("page", "column") else " ")
            elif tag == w("noBreakHyphen"):
                words.append("-")
            elif tag == w("sym"):
                code = child.get(w("char"), "").upper()
                font = child.get(w("font"), "").lower()
                drawn = "wingding" in font or "webding" in font or "symbol" in font
                words.append(_SYMBOL_BOXES.get(code, "•") if drawn else "•")
            elif tag in (w("footnoteReference"), w("endnoteReference")):
                note = ("e" if tag == w("endnoteReference") else "") + child.get(w("id"), "")
            elif tag == w("fldChar"):
                self.field_sign(child)
            elif tag == w("instrText"):
                if fields:
                    fields[-1].instruction += child.text or ""
            elif tag in (w("drawing"), w("pict"), w("object")):
                self.drawing(child)
            elif tag == _COMPATIBLE + "AlternateContent":
                for inner in child.iter(w("drawing"), w("pict"), w("object")):
                    self.drawing(inner)
                    break
        if fields and not fields[-1].in_result and any(words):
            words = []
        text = "".join(words)
        text = "".join(BOX if c in _OPEN_BOXES else TICKED if c in _FULL_BOXES else c for c in text)
        if look.capitals and not text.isupper():
            text = text.upper()
        if fields and fields[-1].target and not target:
            target = fields[-1].target
        if not text and not note:
            return
        if (look.hidden or look.struck) and text.strip():
            what = "hidden words" if look.hidden else "words struck through"
            if look.struck:
                reader.struck += 1
            reader.left.append(
                OmittedWords(what, text.strip(), reader.where, "They are not meant to be read.")
            )
            return
        piece = SourceRun(
            text, look.bold, look.italic, look.size, look.underlined, look.struck, target, note
        )
        last = self.pieces[-1] if self.pieces else None
        if last and not note and not last.note and _alike(last, piece):
            self.pieces[-1] = SourceRun(**{**last.__dict__, "text": last.text + text})
        else:
            self.pieces.append(piece)

    def field_sign(self, node: Element) -> None:
        fields = self.reader.state.fields
        kind = node.get(w("fldCharType"))
        if kind == "begin":
            fields.append(_Field(control=read_old_field(node.find(w("ffData")))))
            if fields[-1].control:
                self.controls.append(fields[-1].control)
                if fields[-1].control.kind == "checkbox":
                    self.pieces.append(SourceRun(BOX))
        elif kind == "separate" and fields:
            fields[-1].in_result = True
            instruction = fields[-1].instruction.split()
            fields[-1].toc = bool(instruction) and instruction[0].upper() == "TOC"
            if fields[-1].toc:
                self.in_contents = True
            if instruction and instruction[0].upper() == "HYPERLINK":
                quoted = re.findall(r'"([^"]*)"', fields[-1].instruction)
                local = "\\l" in fields[-1].instruction
                fields[-1].target = (f"#{quoted[0]}" if local else quoted[0]) if quoted else ""
        elif kind == "end" and fields:
            fields.pop()

    def drawing(self, node: Element) -> None:
        boxes = list(node.iter(w("txbxContent")))
        if not boxes:
            self.reader.document.pictures += 1
            return
        for box in boxes:
            if any(other is not box and other in box.iterancestors() for other in boxes):
                continue
            state, self.reader.state = self.reader.state, _ReadingState()
            inner = tuple(self.reader.blocks(box, self.depth + 1))
            self.reader.state = state
            if sum(len(p.words.split()) for p in paragraphs_in(inner)) >= 25:
                self.inner.extend(inner)
            else:
                why = "It is in a box of its own beside the text."
                self.reader.leave_out("text box", inner, why)


def choose(alternatives: Element) -> None:
    """Leave only what the newest programs read, so that nothing is read twice."""
    fallback = alternatives.find(_COMPATIBLE + "Fallback")
    choice = alternatives.find(_COMPATIBLE + "Choice")
    if fallback is not None and choice is not None:
        alternatives.remove(fallback)


def is_placeholder(control: Element) -> bool:
    """Whether a content control shows no answer, only what to do."""
    return control.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is not None


def read_control(node: Element) -> FormPlace | None:
    """What a content control asks for; None for one that only holds text of the document."""
    properties = node.find(w("sdtPr"))
    if properties is None or properties.find(w("docPartObj")) is not None:
        return None
    title = next(
        (
            n.get(w("val"), "")
            for name in ("alias", "tag")
            if (n := properties.find(w(name))) is not None
        ),
        "",
    )
    for name, kind in (("date", "date"), ("dropDownList", "choice"), ("comboBox", "choice")):
        found = properties.find(w(name))
        if found is not None:
            options = [
                item.get(w("displayText")) or item.get(w("value"), "")
                for item in found.findall(w("listItem"))
                if item.get(w("value"))
            ]
            return FormPlace(kind, title, tuple(dict.fromkeys(o for o in options if o)))
    if properties.find(_W14 + "checkbox") is not None:
        return FormPlace("checkbox", title)
    if properties.find(w("text")) is not None or properties.find(w("showingPlcHdr")) is not None:
        return FormPlace("text", title)
    return None


def read_old_field(data: Element | None) -> FormPlace | None:
    """What a form field of the older kind (`w:ffData`) asks for."""
    if data is None:
        return None
    named = data.find(w("name"))
    name = named.get(w("val"), "") if named is not None else ""
    if data.find(w("checkBox")) is not None:
        return FormPlace("checkbox", name)
    drop = data.find(w("ddList"))
    if drop is not None:
        return FormPlace(
            "choice", name, tuple(i.get(w("val"), "") for i in drop.findall(w("listEntry")))
        )
    kind = data.find(f"{w('textInput')}/{w('type')}")
    return FormPlace("date" if kind is not None and kind.get(w("val")) == "date" else "text", name)


def _alike(one: SourceRun, other: SourceRun) -> bool:
    return (one.bold, one.italic, one.size, one.underlined, one.target) == (
        other.bold,
        other.italic,
        other.size,
        other.underlined,
        other.target,
    )


def _float(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0
