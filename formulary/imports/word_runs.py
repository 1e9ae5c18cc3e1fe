"""Read what is in one paragraph of a Word document: runs, fields, controls, notes, drawings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from formulary.formats.word.ooxml import w
from formulary.formats.word.symbols import NO_LETTER, letter_of, words_of_equation
from formulary.imports.blocks import (
    BOX,
    GAP,
    TICKED,
    FormPlace,
    SourceBlock,
    SourceRun,
    paragraphs_in,
)
from formulary.imports.word_styles import value_at

if TYPE_CHECKING:
    from formulary.imports.word_reader import WordReader

Element = Any

_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DELETED = frozenset((w("del"), w("moveFrom")))
_OPEN_BOXES = frozenset("□▢◻❑❏⬜🗆☐")
_FULL_BOXES = frozenset("☑☒🗹🗷")
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


@dataclass
class _Field:
    """A field of the older kind that is being read."""

    instruction: str = ""
    control: FormPlace | None = None
    in_result: bool = False
    toc: bool = False
    target: str = ""


@dataclass
class ReadingState:
    """What runs on from one paragraph to the next."""

    fields: list[_Field] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)


class RunReader:
    """Reads what is in one paragraph."""

    def __init__(self, reader: WordReader, style: str, depth: int) -> None:
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
                        reader.document.leave("placeholder", words, reader.where, why)
                    self.pieces.append(SourceRun(BOX if control.kind == "checkbox" else GAP))
                elif content is not None:
                    self.walk(content, target)
            elif tag in DELETED:
                reader.tracked["del"] += 1
            elif tag in (w("ins"), w("moveTo")):
                reader.tracked["ins"] += 1
                self.walk(child, target)
            elif tag == w("bookmarkStart"):
                reader.state.bookmarks.append(child.get(w("name"), ""))
            elif tag in (w("smartTag"), w("customXml"), w("fldSimple"), w("dir"), w("bdo")):
                self.walk(child, target)
            elif isinstance(tag, str) and tag.startswith(MATH):
                for equation in child.iter(MATH + "oMath"):
                    self.pieces.append(SourceRun(words_of_equation(equation)))

    def run(self, node: Element, target: str) -> None:
        reader, fields = self.reader, self.reader.state.fields
        look = reader.styles.look(node.find(w("rPr")), self.style)
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
                code = child.get(w("char"), "")
                letter = letter_of(child.get(w("font"), ""), code)
                words.append(letter if letter != NO_LETTER or code[-2:].upper() == "6F" else "•")
            elif tag in (w("footnoteReference"), w("endnoteReference")):
                note = ("e" if tag == w("endnoteReference") else "") + child.get(w("id"), "")
            elif tag == w("fldChar"):
                self.field_sign(child)
            elif tag == w("instrText"):
                if fields:
                    fields[-1].instruction += child.text or ""
            elif tag in (w("drawing"), w("pict"), w("object")):
                self.drawing(child)
            elif tag == COMPATIBLE + "AlternateContent":
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
            why = "They are not meant to be read."
            reader.document.leave(what, text.strip(), reader.where, why)
            return
        piece = SourceRun(
            text, look.bold, look.italic, look.size, look.underlined, look.struck, target, note
        )
        last = self.pieces[-1] if self.pieces else None
        if last and not note and not last.note and replace(last, text=text) == piece:
            self.pieces[-1] = replace(last, text=last.text + text)
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
            state, self.reader.state = self.reader.state, ReadingState()
            inner = tuple(self.reader.blocks(box, self.depth + 1))
            self.reader.state = state
            if sum(len(p.words.split()) for p in paragraphs_in(inner)) >= 25:
                self.inner.extend(inner)
            else:
                why = "It is in a box of its own beside the text."
                self.reader.leave_out("text box", inner, why)


def read_control(node: Element) -> FormPlace | None:
    """What a content control asks for; None for one that only holds text of the document."""
    properties = node.find(w("sdtPr"))
    if properties is None or properties.find(w("docPartObj")) is not None:
        return None
    title = value_at(properties, "alias") or value_at(properties, "tag")
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


def is_placeholder(control: Element) -> bool:
    """Whether a content control shows no answer, only what to do."""
    return control.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is not None


def read_old_field(data: Element | None) -> FormPlace | None:
    """What a form field of the older kind (`w:ffData`) asks for."""
    if data is None:
        return None
    name = value_at(data, "name")
    if data.find(w("checkBox")) is not None:
        return FormPlace("checkbox", name)
    drop = data.find(w("ddList"))
    if drop is not None:
        return FormPlace(
            "choice", name, tuple(i.get(w("val"), "") for i in drop.findall(w("listEntry")))
        )
    kind = value_at(data, "textInput", "type")
    return FormPlace("date" if kind == "date" else "text", name)
