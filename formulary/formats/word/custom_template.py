"""Join the controls of an organisation's own form in Word to the questions of a blank.

A control belongs to the question whose id is its tag, or that the form's `own-templates` names for
its tag or title; where LibreOffice has dropped the tag, the bookmark around the control tells. What
does not fit is named with the control's title and the words beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.shared import RGBColor
from docxtpl import DocxTemplate

from formulary.content.source import Document
from formulary.documents.blank import Blank, Kind, Question
from formulary.documents.own_template import TemplateCheck, quote_all
from formulary.formats.word.ooxml import (
    NAMESPACES,
    PLACEHOLDERS,
    Element,
    bookmarks_at,
    box_tags,
    make,
    tag_of,
    value_of,
    w,
)
from formulary.problems import Problem

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_KINDS = {
    "w14:checkbox": "check box",
    "w:date": "date",
    "w:dropDownList": "drop-down list",
    "w:comboBox": "combo box",
    "w:picture": "picture",
    "w:docPartList": "building block",
    "w15:repeatingSection": "repeating section",
    "w:group": "group",
}
"""What Word calls a kind of control, by the element that says so (ECMA-376 part 1, 17.5.2)."""
_PLAIN = "text"
_W15 = {"w15": "http://schemas.microsoft.com/office/word/2012/wordml"}

_FITTING: dict[Kind, tuple[str, ...]] = {
    "text": (_PLAIN,),
    "multiline": (_PLAIN,),
    "date": ("date", _PLAIN),
    "choice": ("drop-down list", "combo box", _PLAIN),
    "checkbox": ("check box",),
}
"""The kinds of control that can become the question's; a text control can become most."""

_WORDS_SHOWN = 60
"""Characters of a paragraph that tell where it is."""


@dataclass(frozen=True)
class _TemplateControl:
    """A control of the document; `key` is the entry of the map that joins it, if one does."""

    control: Element
    tag: str
    title: str
    near: str
    id: str = ""
    key: str = ""

    def __str__(self) -> str:
        name = self.title or self.tag
        called = f"the control “{name}”" if name else "a control without a title"
        return f"{called} near “{self.near}”" if self.near else called


def has_tags(document: DocxTemplate) -> bool:
    """Whether the document is a template as the house's is, with names in curly brackets."""
    return any(mark in text for text in _texts(document) for mark in ("{{", "{%", "{#"))


def join_controls(
    document: DocxTemplate, blank: Blank, file: Path, form: Document | None = None
) -> tuple[Problem, ...]:
    """Join the document's controls to the questions of `blank`, each tagged with its id.

    `file` is the document's path in the project; `form`, the form's YAML, gives the lines of its
    map. Everything that does not fit is returned; a control that is named is left alone.
    """
    body = document.docx.element.body
    joiner = _ControlJoiner(blank, file, form)
    joiner.check_document(body, document.docx.settings.element)
    _dissolve_frames(body, {*joiner.questions, *blank.own.word})
    joiner.find_boxes(body)
    joiner.join(list(_controls_of(body, blank)))
    _remove_bookmarks(body, joiner.questions.keys() - joiner.in_boxes)
    _make_placeholder_style(document)
    return tuple(joiner.problems)


def print_stamp(document: DocxTemplate, blank: Blank) -> None:
    """Print the stamp's code in every footer that lacks it, and the notice if it is nowhere."""
    if blank.notice and not any(blank.notice in text for text in _texts(document)):
        made = document.docx.add_paragraph(blank.notice)._p
        document.docx.element.body[0].addprevious(made)
    for first, footer in _edges(document, "footer"):
        if first or not footer.is_linked_to_previous:
            footer.is_linked_to_previous = False
            if blank.stamp.code not in "".join(footer._element.itertext()):
                footer.add_paragraph(f"Edition {blank.edition}  ·  {blank.stamp.code}")


def _texts(document: DocxTemplate) -> Iterator[str]:
    """All that the document says, and each of its headers and footers."""
    yield "".join(document.docx.element.itertext())
    for end in ("header", "footer"):
        for _, edge in _edges(document, end):
            if not edge.is_linked_to_previous:
                yield "".join(edge._element.itertext())


def _edges(document: DocxTemplate, end: str) -> Iterator[tuple[bool, Any]]:
    """Every header or footer in use, and whether it is one of the first section."""
    both_sides = document.docx.settings.odd_and_even_pages_header_footer
    for place, section in enumerate(document.docx.sections):
        yield place == 0, getattr(section, end)
        if section.different_first_page_header_footer:
            yield place == 0, getattr(section, f"first_page_{end}")
        if both_sides:
            yield place == 0, getattr(section, f"even_page_{end}")


def _controls_of(body: Element, blank: Blank) -> Iterator[_TemplateControl]:
    """Every control of the document that can hold an answer, with the question it is joined to."""
    ids = {question.id for question in blank.questions()}
    boxes = {tag for question in blank.questions() for tag in box_tags(question)}
    entries = blank.own.word
    for control in body.iter(w("sdt")):
        if next(control.iterancestors(_FALLBACK), None) is not None:
            continue  # The same text box again, for older programs.
        if control.find("w:sdtPr/w:docPartObj", NAMESPACES) is not None:
            continue  # A table of contents or a cover page.
        if control.find(w("sdtPr")) is None:
            control.insert(0, make("sdtPr"))
        tag, title = tag_of(control), value_of(control, "w:sdtPr/w:alias")
        key = next((name for name in (tag, title) if name in entries), "")
        if tag in boxes:
            continue  # A box of a choice, complete as it is.
        names = (tag, *bookmarks_at(control))
        id = entries[key] if key else next((name for name in names if name in ids), "")
        yield _TemplateControl(control, tag, title, _words_near(control), id, key)


def _dissolve_frames(body: Element, names: Collection[str]) -> None:
    """Take away controls around other controls; LibreOffice puts such around some in tables.

    One with a kind of its own, or with one of `names` as its tag, stays.
    """
    for control in list(body.iter(w("sdt"))):
        inner = control.find(f"{w('sdtContent')}//{w('sdt')}")
        if inner is None or _kind(control) != _PLAIN or tag_of(control) in names:
            continue
        if control.find("w:sdtPr/w:docPartObj", NAMESPACES) is None:
            for node in list(control.find(w("sdtContent"))):
                control.addprevious(node)
            control.getparent().remove(control)


def _words_near(control: Element) -> str:
    """The words beside a control: its paragraph's, or those of the cell or paragraph before."""
    own = set(control.iter())
    places = (
        next(control.iterancestors(w("p")), None),
        next(control.iterancestors(w("tr")), None),
        control.getprevious(),
        next(iter(control.itersiblings(w("p"), w("tbl"), preceding=True)), None),
    )
    for place in places:
        if place is None:
            continue
        words = " ".join("".join(t.text or "" for t in place.iter(w("t")) if t not in own).split())
        if words:
            return words if len(words) <= _WORDS_SHOWN else words[: _WORDS_SHOWN - 1] + "…"
    return ""


def _kind(control: Element) -> str:
    spaces = {**NAMESPACES, **_W15}
    kinds = (
        name for path, name in _KINDS.items() if control.find(f"w:sdtPr/{path}", spaces) is not None
    )
    return next(kinds, _PLAIN)


class _ControlJoiner(TemplateCheck):
    """Joins controls to questions and collects what does not fit."""

    def __init__(self, blank: Blank, file: Path, form: Document | None) -> None:
        super().__init__(blank, file, form, "word")
        self.in_boxes: frozenset[str] = frozenset()

    def find_boxes(self, body: Element) -> None:
        """Note the choices that have all their boxes, as in a form that we made and HR changed."""
        tags = set(map(tag_of, body.iter(w("sdt"))))
        self.in_boxes = frozenset(
            id
            for id, question in self.questions.items()
            if question.options and tags >= box_tags(question)
        )

    def check_document(self, body: Element, settings: Element) -> None:
        if body.find(f".//{w('ffData')}") is not None:
            self.report(
                "The document has form fields of an older kind, which cannot be filled or read",
                "Replace them in Word by content controls (Developer, Controls).",
                loose=True,
            )
        guard = settings.find(w("documentProtection"))
        if guard is not None and guard.get(w("enforcement")) in ("1", "true", "on"):
            self.report(
                "The document is protected, so screen readers cannot reach its headings",
                "Stop the protection in Word (Review, Restrict Editing) and save.",
                loose=True,
            )

    def join(self, found: list[_TemplateControl]) -> None:
        """Join each control; reports every question, entry and control that does not fit."""
        names = {name for one in found for name in (one.tag, one.title) if name}
        self.check_entries(names, "control with the tag or title")
        first: dict[str, _TemplateControl] = {}
        for one in found:
            if one.id not in self.questions:
                if not one.key:
                    self.report(
                        f"{_capital(one)} belongs to no question",
                        "Give it the id of a question as its tag, name it under own-templates, "
                        "or leave it.",
                        loose=True,
                    )
            elif one.id in first:
                self.report(
                    f"{_capital(one)} is joined to “{one.id}”, and {first[one.id]} is too",
                    "A question has one control: change the tag of one of them, or remove it.",
                )
            else:
                first[one.id] = one
        for id, one in first.items():
            known = len(self.problems)
            self.check_control(one, self.questions[id])
            if len(self.problems) == known:
                _make_inline(one.control)
                _forget_placeholder(one.control)
                _set_tag(one.control, id)
        for id, question in self.questions.items():
            if id not in first and id not in self.in_boxes:
                self.report(
                    f"No control is joined to the question “{question.title}”",
                    f"Add a content control with the tag {id} "
                    "(Developer, Properties), or name one under own-templates.",
                )

    def check_control(self, one: _TemplateControl, question: Question) -> None:
        """Report why a control cannot become the one of its question."""
        kind = _kind(one.control)
        fitting = _FITTING[question.kind]
        if kind not in fitting:
            self.report(
                f"{_capital(one)} is a {kind} control, and “{question.title}” needs another kind",
                f"Replace it in Word by a {fitting[0]} content control.",
            )
        elif question.kind == "choice":
            self.check_items(one, question)
        if not _can_stand_inline(one.control):
            self.report(
                f"{_capital(one)} is not within one paragraph",
                "Put it into a line of text or a table cell, with one paragraph in it. "
                "A text box, a group or another control will not do.",
            )

    def check_items(self, one: _TemplateControl, question: Question) -> None:
        """Report a list that offers something else; one without items gets the form's."""
        items = [
            str(item.get(w("displayText")) or item.get(w("value"), ""))
            for item in one.control.iterfind("w:sdtPr/*/w:listItem", NAMESPACES)
            if item.get(w("displayText")) and item.get(w("value"), "")
        ]
        offered = [item for item in items if item != PLACEHOLDERS["choice"]]
        if not offered:
            return
        for what, names in (
            ("lacks", [option for option in question.options if option not in offered]),
            ("offers", [item for item in offered if item not in question.options]),
        ):
            if names:
                told = "can be answered with" if what == "lacks" else "does not have"
                self.report(
                    f"{_capital(one)} {what} {quote_all(names)}, which “{question.title}” {told}",
                    "Correct its list in Word, or empty it: then it gets the form's own options.",
                )


def _capital(one: _TemplateControl) -> str:
    said = str(one)
    return said[:1].upper() + said[1:]


def _can_stand_inline(control: Element) -> bool:
    """Whether the control holds runs, or one paragraph or one cell with one paragraph."""
    content = control.find(w("sdtContent"))
    if content is None or control.find(f".//{w('txbxContent')}") is not None:
        return False
    inside_others = (
        over
        for over in control.iterancestors(w("sdt"), w("txbxContent"))
        if over.find("w:sdtPr/w:docPartObj", NAMESPACES) is None
    )
    if (
        next(inside_others, None) is not None
        or control.find(f".//{w('sdtContent')}//{w('sdt')}") is not None
    ):
        return False
    holder = content[0] if [node.tag for node in content] == [w("tc")] else content
    blocks = [node.tag for node in holder if node.tag in (w("p"), w("tbl"), w("tr"), w("tc"))]
    return blocks in ([], [w("p")]) and (holder is content or blocks == [w("p")])


def _make_inline(control: Element) -> None:
    """Move a control around a paragraph or a cell into that paragraph.

    LibreOffice fills only controls within a paragraph.
    """
    content = control.find(w("sdtContent"))
    paragraph = content.find(f".//{w('p')}")
    if paragraph is None:
        return
    outer = content[0] if content[0].tag == w("tc") else paragraph
    control.addprevious(outer)
    control.getparent().remove(control)
    for child in list(content):
        content.remove(child)
    for child in list(paragraph):
        if child.tag != w("pPr"):
            content.append(child)
    paragraph.append(control)


def _forget_placeholder(control: Element) -> None:
    """Take off the look of Word's own placeholder, so that no answer is written in it."""
    if control.find("w:sdtPr/w:showingPlcHdr", NAMESPACES) is not None:
        for style in control.findall("w:sdtContent/w:r/w:rPr", NAMESPACES):
            style.getparent().remove(style)


def _remove_bookmarks(body: Element, names: Collection[str]) -> None:
    """Make room for the bookmarks that each completed control gets."""
    taken = [mark for mark in body.iter(w("bookmarkStart")) if mark.get(w("name")) in names]
    numbers = {mark.get(w("id")) for mark in taken}
    ends = [mark for mark in body.iter(w("bookmarkEnd")) if mark.get(w("id")) in numbers]
    for mark in (*taken, *ends):
        mark.getparent().remove(mark)


def _set_tag(control: Element, id: str) -> None:
    properties = control.find(w("sdtPr"))
    for tag in properties.findall(w("tag")):
        properties.remove(tag)
    properties.append(make("tag", val=id))


def _make_placeholder_style(document: DocxTemplate) -> None:
    """The style of placeholders, where the document has none under the name that controls use."""
    styles = document.docx.styles
    if any(style.style_id == "PlaceholderText" for style in styles):
        return
    names = (f"Formulary placeholder {number}" for number in count(1))
    name = next(name for name in names if name not in styles)
    style = styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    style.element.set(w("styleId"), "PlaceholderText")
    style.font.color.rgb = RGBColor(0x59, 0x59, 0x59)
