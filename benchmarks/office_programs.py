"""Rewrite Word documents as Google Docs and Apple Pages export them.

Google Docs wraps paragraphs, cells and runs in content controls that only it reads, says every look
at the run, gives each list a definition of its own, and marks no row as a header. Pages names its
styles otherwise, links lists through a style, and types bullets and numbers as words.
"""

from __future__ import annotations

import copy
import io
import itertools
import zipfile
from collections.abc import Callable

from lxml import etree

from tests.imports.documents import W

_PAGES_NAMES = {"Normal": "Body", "heading 1": "Heading", "heading 2": "Heading 2",
                "heading 3": "Heading 3", "List Paragraph": "Body 2"}  # fmt: skip


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _element(name: str, **values: str) -> etree._Element:
    return etree.Element(_w(name), {_w(key): value for key, value in values.items()})


def _rewrite(data: bytes, change: Callable[[dict[str, etree._Element]], None]) -> bytes:
    """The document with its parts changed as trees, by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(made, "w") as out:
        trees = {
            name: etree.fromstring(package.read(name))
            for name in package.namelist()
            if name.startswith("word/") and name.endswith(".xml")
        }
        change(trees)
        for name in package.namelist():
            out.writestr(name, etree.tostring(trees[name]) if name in trees else package.read(name))
    return made.getvalue()


def _properties(node: etree._Element, name: str) -> etree._Element:
    found = node.find(_w(name))
    if found is None:
        found = _element(name)
        node.insert(0, found)
    return found


def as_google_docs(data: bytes) -> bytes:
    """A document as Google Docs exports it."""
    return _rewrite(data, _to_google)


def _to_google(parts: dict[str, etree._Element]) -> None:
    body = parts["word/document.xml"].find(_w("body"))
    _say_looks(body, parts["word/styles.xml"])
    _give_lists_of_their_own(body, parts["word/numbering.xml"])
    for header in list(body.iter(_w("tblHeader"))):
        header.getparent().remove(header)
    counter = itertools.count()

    def wrap(node: etree._Element) -> None:
        control, inside = _element("sdt"), _element("sdtContent")
        properties = etree.SubElement(control, _w("sdtPr"))
        properties.append(_element("lock", val="contentLocked"))
        properties.append(_element("id", val=str(next(counter) - 2**30)))
        properties.append(_element("tag", val=f"goog_rdk_{next(counter)}"))
        node.getparent().replace(node, control)
        control.append(inside)
        inside.append(node)

    for kind, every in (("r", 4), ("tc", 2), ("tr", 3), ("p", 3), ("tbl", 1)):
        for at, node in enumerate(list(body.iter(_w(kind)))):
            if at % every == 0:
                wrap(node)


def _say_looks(body: etree._Element, styles: etree._Element) -> None:
    """Say at each run what its style says, and what it does not say as off."""
    looks = {style.get(_w("styleId")): style.find(_w("rPr")) for style in styles.iter(_w("style"))}
    for paragraph in body.iter(_w("p")):
        named = paragraph.find(f"{_w('pPr')}/{_w('pStyle')}")
        look = looks.get("Normal" if named is None else named.get(_w("val")))
        for run in paragraph.iter(_w("r")):
            own = _properties(run, "rPr")
            said = {node.tag for node in own}
            for node in () if look is None else look:
                if node.tag not in said:
                    own.append(copy.deepcopy(node))
            for name, value in (("b", "0"), ("i", "0"), ("u", "none"), ("sz", "22"), ("rtl", "0")):
                if own.find(_w(name)) is None:
                    own.append(_element(name, val=value))


def _give_lists_of_their_own(body: etree._Element, numbering: etree._Element) -> None:
    """Give each list an abstract definition of its own."""
    abstracts = {one.get(_w("abstractNumId")): one for one in numbering.iter(_w("abstractNum"))}
    for num in numbering.findall(_w("num")):
        own = copy.deepcopy(abstracts[num.find(_w("abstractNumId")).get(_w("val"))])
        id = f"1{num.get(_w('numId'))}"
        own.set(_w("abstractNumId"), id)
        numbering.insert(0, own)
        num.find(_w("abstractNumId")).set(_w("val"), id)
        for override in num.findall(_w("lvlOverride")):
            num.remove(override)


def as_pages(data: bytes) -> bytes:
    """A document as Apple Pages exports it."""
    return _rewrite(data, _to_pages)


def _to_pages(parts: dict[str, etree._Element]) -> None:
    body, styles = parts["word/document.xml"].find(_w("body")), parts["word/styles.xml"]
    for style in styles.iter(_w("style")):
        name = style.find(_w("name"))
        name.set(_w("val"), _PAGES_NAMES.get(name.get(_w("val")), name.get(_w("val"))))
        style.attrib.pop(_w("default"), None)
        for outline in list(style.iter(_w("outlineLvl"))):
            outline.getparent().remove(outline)
    cell_style = _element("style", type="paragraph", styleId="TableStyle2")
    cell_style.append(_element("name", val="Table Style 2"))
    styles.append(cell_style)
    for paragraph in body.iter(_w("p")):
        properties = _properties(paragraph, "pPr")
        in_cell = next(paragraph.iterancestors(_w("tc")), None) is not None
        if properties.find(_w("pStyle")) is None:
            name = "TableStyle2" if in_cell else "Normal"
            properties.insert(0, _element("pStyle", val=name))
        for run in paragraph.iter(_w("r")):
            _properties(run, "rPr").append(_element("rtl", val="0"))
    _link_lists(parts["word/numbering.xml"], styles)


def _link_lists(numbering: etree._Element, styles: etree._Element) -> None:
    """Let each list be that of a list style, as “Imported Style 1”."""
    for at, abstract in enumerate(numbering.findall(_w("abstractNum")), start=1):
        style = _element("style", type="numbering", styleId=f"ImportedStyle{at}")
        style.append(_element("name", val=f"Imported Style {at}"))
        list_id = _element("numId", val=f"9{at}")
        etree.SubElement(etree.SubElement(style, _w("pPr")), _w("numPr")).append(list_id)
        styles.append(style)
        linked = copy.deepcopy(abstract)
        for level in linked.findall(_w("lvl")):
            linked.remove(level)
        linked.append(_element("numStyleLink", val=f"ImportedStyle{at}"))
        abstract.addprevious(linked)
        abstract.set(_w("abstractNumId"), f"9{at}")
        num = _element("num", numId=f"9{at}")
        num.append(_element("abstractNumId", val=f"9{at}"))
        numbering.append(num)


PROGRAMS = {"google": as_google_docs, "pages": as_pages}
