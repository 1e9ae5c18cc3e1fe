"""Few choices are boxes to tick in Word, with their words printed; they are read back alike."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from formulary.documents.blank import Blank, Column, Grid, Part, Question, Row
from formulary.documents.stamp import Stamp
from formulary.formats.word.form import write_blank
from formulary.formats.word.prefill import prepare
from tests.formats.word.samples import read
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"
LONG = ("Met", "Partly met, as “agreed” & noted", "Not met through no fault of the reviewee")
SIX = tuple("ABCDEF")


def choice(id: str, options: tuple[str, ...], **more: str) -> Question:
    return Question(id, f"Title of {id}", f"Label of {id}", "choice", options=options, **more)  # type: ignore[arg-type]


QUESTIONS = (
    choice("short", ("Yes", "No")),
    choice("outcome", LONG),
    choice("many", SIX),
    choice("given", ("One", "Two words"), value="Two words"),
    Question("after", "After", "After", "text"),
)
ROW = Row("Member 1", "1", (), (choice("member_1_part", ("Lead", "Member")),))
BLANK = Blank(
    "sample", "Sample", "School", "2026-27", "", "", (),
    (
        Part("one", "One", (), QUESTIONS, None),
        Part("two", "Two", (), (), Grid("member", "Member", (Column("Part", ""),), (ROW,))),
    ),
    Stamp("sample", "school", 2026, "2026-27", "0123456789abcdef"),
    "#1d4f6e",
)  # fmt: skip


@pytest.fixture(scope="module")
def document() -> bytes:
    return write_blank(BLANK, HOUSE)


def answers(data: bytes, blank: Blank = BLANK) -> dict[str, str]:
    found = read(data, blank)
    assert found.unknown == {}
    assert found.altered == ()
    assert [answer.beside for answer in found.answers.values() if answer.beside] == []
    return {id: answer.value for id, answer in found.answers.items() if answer.value}


def rewrite(data: bytes, change: Callable[[str], str]) -> bytes:
    """The file with its document changed as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                part = change(part.decode()).encode()
            copy.writestr(name, part)
    return out.getvalue()


def tick(*tags: str) -> Callable[[str], str]:
    """Ticks the boxes with these tags, as Word does."""

    def change(text: str) -> str:
        for tag in tags:
            begin = text.index(f'w:val="{tag}"')
            end = text.index("</w:sdt>", begin)
            box = text[begin:end].replace('w14:checked w14:val="0"', 'w14:checked w14:val="1"')
            text = text[:begin] + box.replace("☐", "☒") + text[end:]
        return text

    return change


def test_the_words_of_few_choices_are_printed_and_many_are_a_list(document: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(document)) as source:
        text = source.read("word/document.xml").decode()
    assert text.count("<w14:checkbox") == 2 + 3 + 2 + 2
    assert text.count("<w:dropDownList>") == 1
    for option in LONG:  # what fits on a line keeps its words together
        words = option.replace("&", "&amp;").replace(" ", "\u00a0")
        assert f"\u00a0{words}</w:t>" in text
    assert len(re.findall(r'w:name="outcome"', text)) == 1


@pytest.mark.parametrize("option", LONG)
def test_a_filled_copy_is_read_as_it_was_filled(document: bytes, option: str) -> None:
    values = {"short": "No", "outcome": option, "many": "F", "member_1_part": "Member"}
    filled = prepare(document, BLANK).fill(values, "P1")
    assert answers(filled) == values | {"given": "Two words"}


def test_a_value_of_the_blank_is_ticked_and_another_takes_its_place(document: bytes) -> None:
    assert answers(document) == {"given": "Two words"}
    assert answers(prepare(document, BLANK).fill({"given": "One"}, "P1")) == {"given": "One"}


def test_what_somebody_ticks_is_the_answer(document: bytes) -> None:
    ticked = rewrite(document, tick("outcome__3", "member_1_part__1"))
    assert answers(ticked)["outcome"] == LONG[2]
    assert answers(ticked)["member_1_part"] == "Lead"


def test_two_ticked_boxes_are_both_said(document: bytes) -> None:
    assert answers(rewrite(document, tick("outcome__1", "outcome__3")))["outcome"] == (
        f"{LONG[0]}\n{LONG[2]}"
    )


@pytest.mark.parametrize("lost", [r'<w:tag w:val="\w+__\d"/>', r'<w:(tag|alias) w:val="[^"]*"/>'])
def test_boxes_are_known_by_their_titles_or_their_bookmark(document: bytes, lost: str) -> None:
    ticked = rewrite(document, tick("outcome__2", "short__1"))
    found = read(rewrite(ticked, lambda text: re.sub(lost, "", text)), BLANK)
    assert found.value("outcome") == LONG[1]
    assert found.value("short") == "Yes"


def test_a_control_around_the_line_of_boxes_is_no_box(document: bytes) -> None:
    """LibreOffice puts one around a table cell’s only line, with the title of the last box."""

    def wrap(text: str) -> str:
        text = re.sub(r'<w:(tag|alias) w:val="[^"]*"/>', "", text)
        at = text.index('w:name="short"')
        begin, end = text.rindex("<w:p>", 0, at), text.index("</w:p>", at) + len("</w:p>")
        title = '<w:sdtPr><w:alias w:val="Title of short: No"/></w:sdtPr>'
        around = f"<w:sdt>{title}<w:sdtContent>{text[begin:end]}</w:sdtContent></w:sdt>"
        return text[:begin] + around + text[end:]

    found = read(rewrite(rewrite(document, tick("short__1")), wrap), BLANK)
    assert found.value("short") == "Yes"


def test_a_box_that_was_deleted_leaves_no_blank_answer(document: bytes) -> None:
    def remove(text: str) -> str:
        at = text.index('w:val="short__1"')
        begin, end = text.rindex("<w:sdt>", 0, at), text.index("</w:sdt>", at) + len("</w:sdt>")
        return text[:begin] + text[end:]

    assert read(rewrite(document, remove), BLANK).answers["short"].state == "lost"


def test_a_form_made_with_lists_is_still_read() -> None:
    old = replace(BLANK, parts=(Part("one", "One", (), (choice("short", SIX),), None),))
    filled = prepare(write_blank(old, HOUSE), old).fill({"short": "B"}, "P1")
    new = replace(old, parts=(Part("one", "One", (), (choice("short", ("A", "B")),), None),))
    assert read(filled, new).value("short") == "B"


def test_a_choice_that_is_none_of_them_is_refused(document: bytes) -> None:
    (found,) = prepare(document, BLANK).misfits({"short": "Maybe"})
    assert found.field == "short"


def test_the_words_beside_the_boxes_are_nobodys_answer(document: bytes, tmp_path: Path) -> None:
    assert read(document, BLANK).remarks == ()
