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
    make,
    printable,
    tag_of,
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
    tags = set(map(tag_of, body.iter(w("sdt"))))
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
        question = questions.get(tag_of(control))
        if not question:
            continue
        missing.discard(question.id)
        title, number = titles[question.id], numbers[question.id]
        in_sentence = question.id in mentioned
        if as_boxes and has_boxes(question) and not in_sentence:
            _put_boxes(control, question, title, place)
            continue
        _complete(control, question, title, number, in_sentence)
        if in_sentence:
            _put_words_beside(control, question)
            _keep_lead(control)
        _bookmark(control, control, question.id, place)
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
    longest = max(map(len, question.options), default=0)
    in_line = longest <= _LONGEST_IN_LINE and not _is_in_columns(control)
    made: list[Element] = []
    colours = question.colours or ("",) * len(tags)
    for tag, option, colour in zip(tags, question.options, colours, strict=True):
        if made:
            made.append(_run_of("     ") if in_line else make("r", make("br")))
        names = _names(box_title(title, option), tag, numbers[tag])
        box = make("sdt", make("sdtPr", *names, _box_element()), make("sdtContent"))
        set_tick(box, question.value == option)
        made.append(box)
        if colour:
            made += [_run_of("\u00a0"), _swatch(colour)]
        words = option.replace(" ", "\u00a0") if in_line else option
        made.append(_run_of(f"\u00a0{words}"))
    for node in made:
        control.addprevious(node)
    control.getparent().remove(control)
    _bookmark(made[0], made[-1], question.id, place)


def _is_in_columns(control: Element) -> bool:
    """Whether it is in a table that has a head."""
    table = next(control.iterancestors(w("tbl")), None)
    return table is not None and next(table.iter(w("tblHeader")), None) is not None


def _swatch(colour: str) -> Element:
    """The colour of a rating: blanks on that ground, since a letter would be read out."""
    shade = make("shd", val="clear", color="auto", fill=colour.lstrip("#").upper())
    return make("r", make("rPr", shade), _text("\u00a0\u00a0\u00a0"))


def _keep_lead(control: Element) -> None:
    """Keep the sentence that leads to an answer with it, where that is in a line of its own."""
    paragraph = control.getparent()
    lead = paragraph.getprevious()
    alone = all(node is control or node.tag == w("pPr") for node in paragraph)
    if alone and lead is not None and lead.tag == w("p"):
        keep_with_next(lead)


def _complete(
    control: Element, question: Question, title: str, number: int, in_sentence: bool
) -> None:
    """Make the control (`w:sdt`) the one of `question`, with its prefilled value or placeholder.

    `number` is its `w:id`; a letter's sentence has placeholders of its own. Raises ValueError
    where the value is no date or no option.
    """
    properties = control.find(w("sdtPr"))
    names = _names(title, question.id, number)
    properties[:] = [*properties.findall(w("rPr")), *names, kind_element(question)]
    placeholder = letter_placeholder(question) if in_sentence else ""
    set_value(control, question, question.value, placeholder)


def _names(title: str, tag: str, number: int) -> list[Element]:
    """What a control is called, and that it cannot be deleted."""
    return [
        make("alias", val=printable(title)),
        make("tag", val=tag),
        make("id", val=number),
        make("lock", val="sdtLocked"),
    ]


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
    properties.find(w("lock")).addnext(make("showingPlcHdr"))
    style = make("rPr", make("rStyle", val=_LETTER_PLACE if placeholder else _PLACE))
    _write(content, placeholder or PLACEHOLDERS[question.kind], style)


def _check_option(question: Question, value: str) -> None:
    if value and value not in question.options:
        raise ValueError(f"{question.title}: “{value}” is not one of the options")


def set_tick(control: Element, ticked: bool) -> None:
    """Tick a complete check box, or empty it."""
    box = control.find("w:sdtPr/w14:checkbox/w14:checked", NAMESPACES)
    box.set(f"{{{WORD_2010}}}val", "1" if ticked else "0")
    fonts = make("rFonts", ascii=TICK_FONT, eastAsia=TICK_FONT, hAnsi=TICK_FONT, hint="eastAsia")
    _write(control.find(w("sdtContent")), CHECKED if ticked else UNCHECKED, make("rPr", fonts))


def _bookmark(first: Element, last: Element, id: str, number: int) -> None:
    """Set a bookmark around controls: LibreOffice drops tags when it saves, never bookmarks."""
    first.addprevious(make("bookmarkStart", id=number, name=bookmark_name(id)))
    last.addnext(make("bookmarkEnd", id=number))


def _put_words_beside(control: Element, question: Question) -> None:
    """In a letter: the pound sign before an amount, the label after a check box.

    Call it before the bookmark is set, so that these words stay outside of that.
    """
    if question.money:
        control.addprevious(_run_of("£ "))
    if question.kind == "checkbox":
        control.addnext(_run_of(f" {question.label}"))


def _run_of(text: str) -> Element:
    return make("r", _text(printable(text)))


def _text(words: str) -> Element:
    text = make("t")
    text.set(f"{{{XML}}}space", "preserve")
    text.text = words
    return text


def kind_element(question: Question) -> Element:
    """The element of `w:sdtPr` that says what kind of control it is (ECMA-376 part 1, 17.5.2)."""
    if question.kind == "date":
        return make(
            "date",
            make("dateFormat", val="dd/MM/yyyy"),
            make("lid", val="en-GB"),
            make("storeMappedDataAs", val="dateTime"),
            make("calendar", val="gregorian"),
        )
    if question.kind == "choice":
        # Word writes an item without an answer as a value alone; chosen, it clears the control.
        empty = make("listItem", value=PLACEHOLDERS["choice"])
        options = map(printable, question.options)
        items = (make("listItem", displayText=option, value=option) for option in options)
        return make("dropDownList", empty, *items)
    if question.kind == "checkbox":
        return _box_element()
    return make("text", **({"multiLine": 1} if question.kind == "multiline" else {}))


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
    content[:] = []
    for place, line in enumerate(with_plain_breaks(text).split("\n")):
        parts = [] if style is None else [deepcopy(style)]
        parts += [make("br")] if place else []
        for column, stretch in enumerate(line.split("\t")):
            parts += [make("tab")] if column else []
            parts.append(_text(stretch))
        content.append(make("r", *parts))


_PLACE, _LETTER_PLACE = "PlaceholderText", "FormPlace"
"""The styles of what an empty control shows: in a box, and in the sentence of a letter."""


def _answer_style(control: Element) -> Element | None:
    """How an answer is written: as the sample run, but not as a placeholder; or as the control's.

    Word itself types with the run properties of the control (ECMA-376 part 1, 17.5.2.28 rPr).
    """
    for place in ("w:sdtContent/w:r/w:rPr", "w:sdtPr/w:rPr"):
        found = control.find(place, NAMESPACES)
        if found is None:
            continue
        style = deepcopy(found)
        for shown in style.findall(w("rStyle")):
            if shown.get(w("val")) in (_PLACE, _LETTER_PLACE):
                style.remove(shown)
        if len(style):
            return style
    return None
