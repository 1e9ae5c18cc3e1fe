"""What writer and reader of a Word file agree on: tags, titles, bookmarks, placeholders, the stamp.

Question ids and titles become names that Word accepts. A stamp is written as custom document
properties and read from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import Any

from lxml import etree

from formulary.documents.blank import Kind, Question
from formulary.documents.stamp import CARRIED, PERSON, Stamp
from formulary.returns.submission import Identity, identity_from, strip_controls

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
XML = "http://www.w3.org/XML/1998/namespace"
NAMESPACES = {"w": WORD, "w14": WORD_2010}

LONGEST_BOOKMARK = 40
"""Characters. Word keeps no longer bookmark name (ECMA-376 part 1, 17.13.6.2)."""

LONGEST_TITLE = 64
"""Characters. Word's own window takes no longer title or tag of a content control."""

CHECKED, UNCHECKED = "☒", "☐"
"""The glyphs of a check box, as Word draws them (U+2612, U+2610)."""

TICK_FONT = "MS Gothic"
"""Word's font for those glyphs; another program puts in its own."""

ROOM = "\u2002" * 5
"""What an empty line shows: room to click into. Its title is what a screen reader says."""

PLACEHOLDERS: dict[Kind, str] = {
    "text": ROOM,
    "multiline": ROOM,
    "date": "dd/mm/yyyy",
    "choice": "Choose an item",
    "checkbox": UNCHECKED,
}
"""What an empty control shows. A reader takes these words for no answer."""


def letter_placeholder(question: Question) -> str:
    """What an empty control shows in the sentence of a letter: “[name of the employee]”.

    A reader takes these words for no answer.
    """
    return _in_brackets(question, ())


def earlier_placeholder(question: Question) -> str:
    """The same as letters of earlier editions show it: “[date, dd/mm/yyyy, required]”."""
    day = (PLACEHOLDERS["date"],) if question.kind == "date" else ()
    return _in_brackets(question, (*day, *(("required",) if question.required else ())))


def _in_brackets(question: Question, notes: tuple[str, ...]) -> str:
    if question.kind == "checkbox":
        return PLACEHOLDERS["checkbox"]
    label = question.label
    first = label[:1].lower() if label[1:2].islower() else label[:1]
    hint = f": {question.hint}" if question.hint else ""
    return f"[{', '.join((first + label[1:], *notes))}{hint}]"


def box_tag(id: str, place: int) -> str:
    """The tag of the box of a choice: `outcome__2` for the second; no id has two underscores."""
    return f"{id}__{place}"


def box_tags(question: Question) -> frozenset[str]:
    """The tags of the boxes of a choice."""
    return frozenset(box_tag(question.id, place + 1) for place in range(len(question.options)))


def box_title(title: str, option: str) -> str:
    """The title of the box of a choice, for screen readers: “Outcome: Partly met”."""
    return _shorten(f"{title}: {option}", LONGEST_TITLE)


_FORBIDDEN = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\r")
_BOOKMARK = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The format id of every custom property ([MS-OSHARED] 2.3.3.2.3.1, user-defined properties)."""


Element = Any
"""An lxml element; lxml ships no types."""


@cache
def w(name: str) -> str:
    """A WordprocessingML name as lxml writes it: `{namespace}name`."""
    return f"{{{WORD}}}{name}"


def make(name: str, /, *inside: Element, **attributes: object) -> Element:
    """A WordprocessingML element with what is inside it: `make("tab", val="left", pos=680)`."""
    values = {w(key): str(value) for key, value in attributes.items()}
    made = etree.Element(w(name), values, nsmap={"w": WORD})
    made.extend(inside)
    return made


def value_of(node: Element, path: str) -> str:
    """The `w:val` of what is at a path below an element, “w:pPr/w:jc”; empty for nothing."""
    found = node.find(path, NAMESPACES)
    return "" if found is None else str(found.get(w("val"), ""))


def style_of(block: Element) -> str:
    """The id of the style that a paragraph names; empty where it names none."""
    return value_of(block, "w:pPr/w:pStyle")


def tag_of(control: Element) -> str:
    """The tag of a content control; empty where it has none."""
    return value_of(control, "w:sdtPr/w:tag")


def bookmarks_at(control: Element) -> Iterator[str]:
    """The names of the bookmarks that begin just before a control, or in it."""
    before = control.getprevious()
    while before is not None and before.tag == w("bookmarkStart"):
        yield str(before.get(w("name")))
        before = before.getprevious()
    for mark in control.iter(w("bookmarkStart")):
        yield str(mark.get(w("name")))


def printable(text: str) -> str:
    """The text without the control characters that XML 1.0 forbids (section 2.2)."""
    return text.translate(_FORBIDDEN)


def bookmark_name(id: str) -> str:
    """The bookmark of a question, clause or section; hyphens turn into underscores.

    Raises ValueError for a name that Word would drop or cut.
    """
    name = id.replace("-", "_")
    if not _BOOKMARK.fullmatch(name) or len(name) > LONGEST_BOOKMARK:
        raise ValueError(
            f"“{id}” cannot be a bookmark in Word: it needs letters, digits and underscores, "
            f"a letter first, and at most {LONGEST_BOOKMARK} characters"
        )
    return name


def anchor_names(ids: Iterable[str], prefix: str) -> dict[str, str]:
    """A bookmark for each id, `clause_appeals`; one too long ends in part of its SHA-256."""
    names: dict[str, str] = {}
    for id in ids:
        name = f"{prefix}_{id.replace('-', '_')}"
        if len(name) > LONGEST_BOOKMARK:
            name = f"{name[: LONGEST_BOOKMARK - 9]}_{sha256(id.encode()).hexdigest()[:8]}"
        names[id] = bookmark_name(name)
    return names


def control_titles(questions: Iterable[Question]) -> dict[str, str]:
    """The title of each question's control, by question id: unique, at most 64 characters.

    A long title is shortened in its first part, because the part after its last colon tells the
    columns of one row apart.
    """
    titles: dict[str, str] = {}
    used: set[str] = set()
    for question in questions:
        title, number = _shorten(question.title, LONGEST_TITLE), 1
        while title in used:
            number += 1
            ending = f" ({number})"
            title = _shorten(question.title, LONGEST_TITLE - len(ending)) + ending
        used.add(title)
        titles[question.id] = title
    return titles


def _shorten(title: str, longest: int) -> str:
    if len(title) <= longest:
        return title
    row, colon, column = title.rpartition(": ")
    ending = f"…{colon}{column}"
    if not colon or len(ending) > longest // 2:
        return title[: longest - 1].rstrip() + "…"
    return row[: longest - len(ending)].rstrip() + ending


def control_numbers(ids: Iterable[str]) -> dict[str, int]:
    """The `w:id` of each control: positive, unique, and the same in every edition that asks it."""
    numbers: dict[str, int] = {}
    used: set[int] = set()
    for id in ids:
        number = int.from_bytes(sha256(id.encode()).digest()[:4], "big") % 0x7FFFFFFE + 1
        while number in used:
            number = number % 0x7FFFFFFE + 1
        used.add(number)
        numbers[id] = number
    return numbers


def keep_with_next(paragraph: Element) -> None:
    """Keep a paragraph on one page with what follows it (`w:keepNext`, second in `w:pPr`)."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = make("pPr")
        paragraph.insert(0, properties)
    if properties.find(w("keepNext")) is None:
        properties.insert(int(properties.find(w("pStyle")) is not None), make("keepNext"))


def stamp_properties(stamp: Stamp) -> bytes:
    """The stamp as `docProps/custom.xml` (ECMA-376 part 1, 22.3)."""
    root = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={None: _PROPERTIES, "vt": _TYPES})
    for pid, (name, value) in enumerate(stamp.properties.items(), start=2):
        _add_property(root, pid, name, value)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def person_properties(custom: bytes, person: str, carried: str) -> bytes:
    """`docProps/custom.xml` with the person's id and the mark of what was carried, in this order.

    They are beside the stamp.
    """
    root = etree.fromstring(custom)
    taken = [int(node.get("pid")) for node in root.findall(f"{{{_PROPERTIES}}}property")]
    free = max(taken, default=1) + 1
    _add_property(root, free, PERSON, person)
    _add_property(root, free + 1, CARRIED, carried)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _add_property(root: Any, pid: int, name: str, value: str) -> None:
    node = etree.SubElement(root, f"{{{_PROPERTIES}}}property")
    node.set("fmtid", _CUSTOM)
    node.set("pid", str(pid))
    node.set("name", name)
    etree.SubElement(node, f"{{{_TYPES}}}lpwstr").text = value


def read_identity(custom: bytes) -> Identity | None:
    """What `docProps/custom.xml` says of the file; None where it has no whole stamp."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(custom, parser)
    except etree.XMLSyntaxError:
        return None
    properties = root.findall(f"{{{_PROPERTIES}}}property")
    return identity_from(
        {str(node.get("name")): strip_controls("".join(node.itertext())) for node in properties}
    )
