"""Make bare content controls the ones of their questions, so that Word can fill them.

The house document says how a control looks; what it is (its number, title, tag, lock, kind, choices
and value) is set here on the tree, after the house document is rendered, so that no value from a
person ever passes through a template.
"""

from __future__ import annotations

import datetime
from copy import deepcopy

from lxml import etree

from formulary.documents.arrangement import has_boxes
from formulary.documents.blank import Blank, Question
from formulary.documents.filling import day_of, has_lines
from formulary.edition.text import letter_fields
from formulary.formats.word.ooxml import (
    CHECKED,
    NAMESPACES,
    PLACEHOLDERS,
    TICK_FONT,
    UNCHECKED,
    WORD,
    WORD_2010,
    XML,
    Element,
    bookmark_name,
    box_tag,
    box_tags,
    box_title,
    control_numbers,
    control_titles,
    keep_with_next,
    letter_placeholder,
    printable,
    w,
)
from formulary.problems import OutputError


def with_plain_breaks(value: str) -> str:
    """The text with every line end as one line feed, whichever program wrote it."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value


def full_date(day: datetime.date) -> str:
    """A day as `w:fullDate` has it (ECMA-376 part 1, 17.18.9 ST_DateTime)."""
    return f"{day.isoformat()}T00:00:00Z"


def complete_controls(
    body: Element, blank: Blank, *, in_letters: bool = True, as_boxes: bool = True
) -> None:
    """Make every control that is tagged with the id of a question the one of that question.

    `in_letters` says that the form's letters are in the document, with their controls; `as_boxes`
    that few choices become boxes to tick, except in a letter's sentence. Raises OutputError where a
    question has no control.
    """
    questions = {question.id: question for question in blank.questions()}
    tags = {str(tag.get(w("val"))) for tag in body.iterfind(".//w:sdtPr/w:tag", NAMESPACES)}
    missing = {id for id, q in questions.items() if not q.options or not tags >= box_tags(q)}
    letters = zip(blank.parts, blank.letter_roles, strict=True) if in_letters else ()
    mentioned = {
        id
        for part, role in letters
        for id in (
            [q.id for q in part.questions] if role == "address" else letter_fields(part.letter)
        )
    }
    titles, numbers = control_titles(questions.values()), control_numbers(questions)
    used = [int(mark.get(w("id"))) for mark in body.iter(w("bookmarkStart"))]
    for place, control in enumerate(list(body.iter(w("sdt"))), start=max(used, default=0) + 1):
        tag = control.find(f"{w('sdtPr')}/{w('tag')}")
        question = questions.get(tag.get(w("val"))) if tag is not None else None
        if question:
            missing.discard(question.id)
            title, number = titles[question.id], numbers[question.id]
            if question.id in mentioned:
                _complete(control, question, title, number, letter_placeholder(question))
                _put_words_beside(control, question)
                _keep_lead(control)
            elif as_boxes and has_boxes(question):
                _put_boxes(control, question, title, place)
                continue
            else:
                _complete(control, question, title, number)
            _bookmark(control, question.id, place)
    if missing:
        first = next(id for id in questions if id in missing)
        raise OutputError(
            f"The house document form.docx has no control for “{questions[first].title}”. "
            "Controls need {{ q.id }} as their tag: Word keeps tags when it saves, LibreOffice not."
        )


_LONGEST_IN_LINE = 44
"""Letters of a choice that shares its line with others, which no choice in a column does."""


def _put_boxes(control: Element, question: Question, title: str, place: int) -> None:
    """A box to tick for each choice in place of the control, with its words, in one bookmark.

    The bookmark says whose boxes they are where a program has dropped the tags.
    """
    _check_option(question, question.value)
    tags = [box_tag(question.id, number) for number in range(1, len(question.options) + 1)]
    numbers = control_numbers(tags)
    lengths = [len(option) for option in question.options]
    in_line = max(lengths, default=0) <= _LONGEST_IN_LINE and not _is_in_columns(control)
    made: list[Element] = []
    colours = question.colours or ("",) * len(tags)
    for tag, option, colour in zip(tags, question.options, colours, strict=True):
        if made and in_line:
            made.append(_run_of("     "))
        elif made:
            line = etree.Element(w("r"))
            etree.SubElement(line, w("br"))
            made.append(line)
        box = etree.Element(w("sdt"))
        properties = etree.SubElement(box, w("sdtPr"))
        _add(properties, "alias", box_title(title, option))
        _add(properties, "tag", tag)
        _add(properties, "id", str(numbers[tag]))
        _add(properties, "lock", "sdtLocked")
        properties.append(_box_element())
        etree.SubElement(box, w("sdtContent"))
        set_tick(box, question.value == option)
        words = option.replace(" ", "\u00a0") if in_line else option
        made.append(box)
        if colour:
            made += [_run_of("\u00a0"), _swatch(colour)]
        made.append(_run_of(f"\u00a0{words}"))
    for node in made:
        control.addprevious(node)
    control.getparent().remove(control)
    start = etree.Element(
        w("bookmarkStart"), {w("id"): str(place), w("name"): bookmark_name(question.id)}
    )
    made[0].addprevious(start)
    made[-1].addnext(etree.Element(w("bookmarkEnd"), {w("id"): str(place)}))


def _is_in_columns(control: Element) -> bool:
    """Whether it is in a table that has a head."""
    table = next(control.iterancestors(w("tbl")), None)
    return table is not None and next(table.iter(w("tblHeader")), None) is not None


def _swatch(colour: str) -> Element:
    """The colour of a rating: blanks on that ground, since a letter would be read out."""
    run = _run_of("\u00a0\u00a0\u00a0")
    properties = etree.Element(w("rPr"))
    values = {"val": "clear", "color": "auto", "fill": colour.lstrip("#").upper()}
    etree.SubElement(properties, w("shd"), {w(key): value for key, value in values.items()})
    run.insert(0, properties)
    return run


def _keep_lead(control: Element) -> None:
    """Keep the sentence that leads to an answer with it, where that is in a line of its own."""
    paragraph = control.getparent()
    lead = paragraph.getprevious()
    alone = all(node is control or node.tag == w("pPr") for node in paragraph)
    if alone and lead is not None and lead.tag == w("p"):
        keep_with_next(lead)


def _complete(
    control: Element, question: Question, title: str, number: int, placeholder: str = ""
) -> None:
    """Make the control (`w:sdt`) the one of `question`, with its prefilled value or placeholder.

    `number` is its `w:id`; `placeholder` replaces that of its kind. Raises ValueError
    where the value is no date or no option.
    """
    properties = control.find(w("sdtPr"))
    kept = properties.find(w("rPr"))
    for child in list(properties):
        properties.remove(child)
    if kept is not None:
        properties.append(kept)
    _add(properties, "alias", title)
    _add(properties, "tag", question.id)
    _add(properties, "id", str(number))
    _add(properties, "lock", "sdtLocked")
    properties.append(kind_element(question))
    set_value(control, question, question.value, placeholder)


def set_value(control: Element, question: Question, value: str, placeholder: str = "") -> None:
    """Put `value` into a complete control; an empty one brings the placeholder back.

    `placeholder` replaces that of its kind, for the controls of a letter.

    A date is dd/mm/yyyy, a ticked check box “yes”, a choice one of its options; ValueError if not.
    Line breaks and tabs stay what they are. An answer of several lines makes a rich text control,
    which has no element for its kind: opening a plain one, LibreOffice joins its lines.
    """
    properties, content = control.find(w("sdtPr")), control.find(w("sdtContent"))
    if question.kind == "checkbox":
        set_tick(control, value == "yes")
        return
    for shown in properties.findall(w("showingPlcHdr")):
        properties.remove(shown)
    if question.kind == "date":
        _set_date(properties.find(w("date")), question, value)
    if question.kind == "multiline":
        for plain in properties.findall(w("text")):
            properties.remove(plain)
        if not has_lines(value):
            properties.append(kind_element(question))
    if question.kind == "choice":
        _check_option(question, value)
    if value:
        _write(content, value, _answer_style(control))
        return
    marker = etree.Element(w("showingPlcHdr"))
    properties.insert(properties.index(properties.find(w("lock"))) + 1, marker)
    style = _LETTER_PLACE if placeholder else _PLACE
    _write(content, placeholder or PLACEHOLDERS[question.kind], _placeholder_style(style))


def _check_option(question: Question, value: str) -> None:
    if value and value not in question.options:
        raise ValueError(f"{question.title}: “{value}” is not one of the options")


def set_tick(control: Element, ticked: bool) -> None:
    """Tick a complete check box, or empty it."""
    box = control.find("w:sdtPr/w14:checkbox/w14:checked", NAMESPACES)
    box.set(f"{{{WORD_2010}}}val", "1" if ticked else "0")
    _write(control.find(w("sdtContent")), CHECKED if ticked else UNCHECKED, _tick_style())


def _bookmark(control: Element, id: str, number: int) -> None:
    """Set a bookmark around the control: LibreOffice drops tags when it saves, never bookmarks."""
    start = etree.Element(w("bookmarkStart"), {w("id"): str(number), w("name"): bookmark_name(id)})
    end = etree.Element(w("bookmarkEnd"), {w("id"): str(number)})
    control.addprevious(start)
    control.addnext(end)


def _put_words_beside(control: Element, question: Question) -> None:
    """In a letter: the pound sign before an amount, the label after a check box.

    Call it before the bookmark is set, so that these words stay outside of that.
    """
    if question.money:
        control.addprevious(_run_of("£ "))
    if question.kind == "checkbox":
        control.addnext(_run_of(f" {question.label}"))


def _run_of(text: str) -> Element:
    run = etree.Element(w("r"))
    etree.SubElement(run, w("t"), {f"{{{XML}}}space": "preserve"}).text = printable(text)
    return run


def _add(parent: Element, name: str, value: str) -> Element:
    return etree.SubElement(parent, w(name), {w("val"): printable(value)})


def kind_element(question: Question) -> Element:
    """The element of `w:sdtPr` that says what kind of control it is (ECMA-376 part 1, 17.5.2)."""
    if question.kind == "date":
        date = etree.Element(w("date"))
        _add(date, "dateFormat", "dd/MM/yyyy")
        _add(date, "lid", "en-GB")
        _add(date, "storeMappedDataAs", "dateTime")
        _add(date, "calendar", "gregorian")
        return date
    if question.kind == "choice":
        choices = etree.Element(w("dropDownList"))
        # Word writes an item without an answer as a value alone; chosen, it clears the control.
        etree.SubElement(choices, w("listItem"), {w("value"): PLACEHOLDERS["choice"]})
        for option in map(printable, question.options):
            etree.SubElement(choices, w("listItem"), {w("displayText"): option, w("value"): option})
        return choices
    if question.kind == "checkbox":
        return _box_element()
    text = etree.Element(w("text"), nsmap={"w": WORD})
    if question.kind == "multiline":
        text.set(w("multiLine"), "1")
    return text


def _box_element() -> Element:
    box = etree.Element(f"{{{WORD_2010}}}checkbox", nsmap={"w14": WORD_2010})
    _add_2010(box, "checked", val="0")
    _add_2010(box, "checkedState", val=f"{ord(CHECKED):04X}", font=TICK_FONT)
    _add_2010(box, "uncheckedState", val=f"{ord(UNCHECKED):04X}", font=TICK_FONT)
    return box


def _add_2010(parent: Element, name: str, **values: str) -> None:
    attributes = {f"{{{WORD_2010}}}{key}": value for key, value in values.items()}
    etree.SubElement(parent, f"{{{WORD_2010}}}{name}", attributes)


def _set_date(date: Element, question: Question, value: str) -> None:
    date.attrib.pop(w("fullDate"), None)
    if not value:
        return
    day = day_of(value)
    if day is None:
        raise ValueError(f"{question.title}: “{value}” is not a date as dd/mm/yyyy")
    date.set(w("fullDate"), full_date(day))


def _write(content: Element, text: str, style: Element | None) -> None:
    for child in list(content):
        content.remove(child)
    for place, line in enumerate(with_plain_breaks(text).split("\n")):
        run = etree.SubElement(content, w("r"))
        if style is not None:
            run.append(deepcopy(style))
        if place:
            etree.SubElement(run, w("br"))
        for column, stretch in enumerate(line.split("\t")):
            if column:
                etree.SubElement(run, w("tab"))
            words = etree.SubElement(run, w("t"), {f"{{{XML}}}space": "preserve"})
            words.text = stretch


_PLACE, _LETTER_PLACE = "PlaceholderText", "FormPlace"
"""The styles of what an empty control shows: in a box, and in the sentence of a letter."""


def _placeholder_style(name: str) -> Element:
    style = etree.Element(w("rPr"))
    _add(style, "rStyle", name)
    return style


def _tick_style() -> Element:
    style = etree.Element(w("rPr"))
    names = {w(name): TICK_FONT for name in ("ascii", "eastAsia", "hAnsi")}
    etree.SubElement(style, w("rFonts"), {**names, w("hint"): "eastAsia"})
    return style


def _answer_style(control: Element) -> Element | None:
    """How an answer is written: as the sample run, but not as a placeholder; or as the control's.

    Word itself types with the run properties of the control (ECMA-376 part 1, 17.5.2.28 rPr).
    """
    for place in ("w:sdtContent/w:r/w:rPr", "w:sdtPr/w:rPr"):
        found = control.find(place, {"w": WORD})
        if found is None:
            continue
        style = deepcopy(found)
        for shown in style.findall(w("rStyle")):
            if shown.get(w("val")) in (_PLACE, _LETTER_PLACE):
                style.remove(shown)
        if len(style):
            return style
    return None
