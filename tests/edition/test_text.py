"""Facts are filled in, faults are all named, and light Markdown becomes runs and lists."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from formulary.edition.text import (
    Block,
    Bullets,
    FactError,
    Paragraph,
    Run,
    Table,
    blocks,
    fill,
    line,
    plain,
    without_links,
    write_link,
)


def lost(name: str) -> str:
    raise FactError(f"There is no clause “{name}”", "Known: appeals.")


FACTS: dict[str, Any] = {
    "rules": SimpleNamespace(monitoring=SimpleNamespace(min=4, max=8)),
    "clause": lost,
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{ rules.monitoring.min | words }} weeks", "four weeks"),
        ("{{ rules.monitoring.max }} {{ rules.monitoring.max | plural('week') }}", "8 weeks"),
        ("{{ rules.monitoring.min | words | capital }}", "Four"),
        ("no facts, 100% { } here", "no facts, 100% { } here"),
    ],
)
def test_facts_are_filled_in(text: str, filled: str) -> None:
    assert fill(text, FACTS) == (filled, ())


def test_every_fault_of_a_text_is_named() -> None:
    text = "{{ rules.no.max }} {{ clause('appeels') }} {{ rules.monitoring. }} {{ rules }} {% if %}"
    _, faults = fill(text, FACTS)
    assert [fault.kind for fault in faults] == [
        "fact",
        "reference",
        "syntax",
        "fact",
        "syntax",
        "syntax",
    ]
    assert faults[1].expression == "{{ clause('appeels') }}"


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__.__mro__",
        "rules.__class__",
        "rules.monitoring.__init__.__globals__",
        "cycler('a')",
        "10 ** 10 ** 10",
    ],
)
def test_a_text_cannot_reach_into_python(expression: str) -> None:
    filled, faults = fill(f"{{{{ {expression} }}}}", FACTS)
    assert filled == ""
    assert len(faults) == 1


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("clause", "fact"),
        ("clause | capital", "fact"),
        ("rules | capital", "fact"),
        ("rules.monitoring | words", "fact"),
        ("table | capital", "fact"),
        ("table", "fact"),
        ("rules.monitoring.most | words", "fact"),
        ("rules.monitoring.most | capital", "fact"),
        ("nothing.at.all | capital", "fact"),
        ("name | words", "fact"),
        ("true", "fact"),
        ("bell", "fact"),
        ("bell | capital", "fact"),
        (r"'\x07'", "fact"),
        ("rules.monitoring.max ~ nothing", "syntax"),
        ("rules.monitoring.max + 1", "syntax"),
        ("[clause]", "syntax"),
        ("{'a': 1}", "syntax"),
        ("'a' if clause", "syntax"),
        ("name.upper()", "syntax"),
    ],
)
def test_nothing_of_python_is_printed(expression: str, kind: str) -> None:
    facts = FACTS | {"table": {"a": 1}, "name": "Ann", "bell": "a\x07b"}
    filled, (fault,) = fill(f"Before {{{{ {expression} }}}} after", facts)
    assert filled == "Before  after"
    assert fault.kind == kind
    assert "0x" not in fault.message and "Undefined" not in fault.message


def test_a_link_begins_with_a_capital() -> None:
    facts = {"clause": lambda id: f"[clause 5]({id})"}
    assert fill("{{ clause('x') | capital }}", facts)[0] == "[Clause 5](x)"


@pytest.mark.parametrize(
    "name", ["Pay *only*", "pay_and_grades_", "Pay [new]", "R&D &amp; A | B", "\\*"]
)
def test_the_name_of_a_link_is_words(name: str) -> None:
    link = write_link(name, "form:pay")
    assert blocks(link) == (Paragraph((Run(name, target="form:pay"),)),)
    assert without_links(f"See {link}.") == f"See {name}."


def marks(found: tuple[Block, ...]) -> list[object]:
    """The marks of every list, and within each of the lists in it."""
    shown: list[object] = []
    for block in found:
        if isinstance(block, Bullets):
            shown.append(list(block.marks) or "bullets")
            inner = [marks(item) for item in block.items]
            shown.extend(part for part in inner if part)
    return shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5. agree\n6. sign", [["5.", "6."]]),
        ("Then:\n5. agree\n6. sign", [["5.", "6."]]),
        ("3) a\n4) b", [["3)", "4)"]]),
        ("(1) a\n(2) b", [["(1)", "(2)"]]),
        ("10. a\n11. b", [["10.", "11."]]),
        ("5. a\n7. b", [["5.", "7."]]),
        ("1. a\n1. b\n1. c", [["1.", "2.", "3."]]),
        ("1999. a\n2000. b", [["1999.", "2000."]]),
        ("12. a", [["12."]]),
        ("(a) a\n(b) b", [["(a)", "(b)"]]),
        ("Then:\n(c) a\n(d) b", [["(c)", "(d)"]]),
        ("a) a\nb) b", [["a)", "b)"]]),
        ("A. a\nB. b", [["A.", "B."]]),
        ("i. a\nii. b\niii. c", [["i.", "ii.", "iii."]]),
        ("(h) a\n(i) b\n(j) c", [["(h)", "(i)", "(j)"]]),
        ("(a)\ta\n(b)\tb", [["(a)", "(b)"]]),
        ("(a) a\n\n(b) b", [["(a)", "(b)"]]),
        ("1. a\n   (a) b\n   (b) c\n2. d", [["1.", "2."], [["(a)", "(b)"]]]),
        ("i. a\n   - b\n   - c\nii. d", [["i.", "ii."], ["bullets"]]),
        ("- a\n  1. b\n  2. c\n     a) d\n     b) e", ["bullets", [["1.", "2."], [["a)", "b)"]]]]),
        ("1. a\n(a) b\n(b) c\n2. d", [["1."], ["(a)", "(b)"], ["2."]]),
        ("(a) alone", []),
        ("A. Smith\nB is second", []),
        ("2026. The year in which this began.", []),
        ("As in clause\n5. It says so.", []),
    ],
)
def test_a_list_has_the_marks_that_were_typed(text: str, expected: list[object]) -> None:
    assert marks(blocks(text)) == expected


@pytest.mark.parametrize("text", ["2026. The year.", "(a) alone", "A. Smith\nC. is here, D. not"])
def test_what_is_no_list_keeps_every_sign(text: str) -> None:
    assert plain(text) == " ".join(text.split())


@pytest.mark.parametrize("sign", ["  ", "     ", "\\"])
def test_a_line_is_broken_where_its_author_broke_it(sign: str) -> None:
    (found,) = blocks(f"The head decides.{sign}\nNobody else\ndoes.")
    assert found == Paragraph((Run("The head decides.\nNobody else does."),))
    assert plain((found,)) == "The head decides. Nobody else does."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| A | B |\n|---|---|\n| 1 | 2 |", [["A", "B"], ["1", "2"]]),
        ("A | B\n--- | :---:\n1 | 2\n3 | 4", [["A", "B"], ["1", "2"], ["3", "4"]]),
        ("| A | |\n|---|---|\n| | 2 |", [["A", ""], ["", "2"]]),
        ("| A |\n|---|\n| **1** \\| 2 |", [["A"], ["1 | 2"]]),
        ("Words:\n\n| A | B |\n|---|---|\n| 1 |", [["A", "B"], ["1", ""]]),
    ],
)
def test_a_table_is_read_in_any_text(text: str, expected: list[list[str]]) -> None:
    (table,) = (block for block in blocks(text) if isinstance(block, Table))
    rows = [[plain(cell.blocks) for cell in row] for row in (table.columns, *table.rows)]
    assert rows == expected


def test_a_table_can_be_in_a_list() -> None:
    (found,) = blocks("- one\n\n  | A | B |\n  |---|---|\n  | 1 | 2 |\n- two")
    assert isinstance(found, Bullets)
    assert [type(block) for block in found.items[0]] == [Paragraph, Table]


def test_light_markdown_is_read_and_html_is_only_text() -> None:
    found = blocks("One **two** *three* [four](clause:appeals) <b>five</b>\n\n1. six\n2. seven")
    assert found == (
        Paragraph(
            (
                Run("One "),
                Run("two", strong=True),
                Run(" "),
                Run("three", emphasis=True),
                Run(" "),
                Run("four", target="clause:appeals"),
                Run(" <b>five</b>"),
            )
        ),
        Bullets(((Paragraph((Run("six"),)),), (Paragraph((Run("seven"),)),)), ("1.", "2.")),
    )


def test_a_link_that_would_run_a_script_stays_text() -> None:
    assert {run.target for run in line("[press](javascript:alert(1))")} == {""}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Within 5 days - no later", "Within 5 days - no later"),
        ("-5 is a number, +5 too", "-5 is a number, +5 too"),
        ("R&amp;D", "R&D"),
        (r"not \*strong\*", "not *strong*"),
        ("one\ntwo", "one two"),
        ("  _one_ ", "one"),
        ("[here](https://example.org)", "here"),
        ("", ""),
    ],
)
def test_a_text_with_and_without_marks_is_one_paragraph(text: str, words: str) -> None:
    assert plain(text) == words
    assert not any(isinstance(block, Bullets) for block in blocks(text))


@pytest.mark.parametrize("text", ["- one", "+ one", "* one", "1. one", "12) one", "-\tone"])
def test_one_entry_alone_is_a_list(text: str) -> None:
    (found,) = blocks(text)
    assert isinstance(found, Bullets)
    assert plain(text) == "one"


def test_plain_words_are_left_of_anything() -> None:
    assert plain("**One**\n\n- two\n- three") == "One two three"


@pytest.mark.parametrize(
    ("word", "many", "one"),
    [
        ("appraiser", "appraisers", "an appraiser"),
        ("line manager", "line managers", "a line manager"),
        ("head of school", "heads of school", "a head of school"),
        ("principal or headteacher", "principals or headteachers", "a principal or headteacher"),
        ("priority", "priorities", "a priority"),
        ("coach", "coaches", "a coach"),
        ("member of staff", "members of staff", "a member of staff"),
        ("the Trust", "the Trusts", "the Trust"),
        ("HLTA", "HLTAs", "an HLTA"),
        ("unit lead", "unit leads", "a unit lead"),
        ("hour", "hours", "an hour"),
        ("support staff", "support staff", "a support staff"),
        ("key day", "key days", "a key day"),
    ],
)
def test_a_word_has_its_plural_and_its_article(word: str, many: str, one: str) -> None:
    words = {"words": SimpleNamespace(it=word)}
    filled = [fill(f"{{{{ words.it | {way} }}}}", words) for way in ("plural", "article")]
    assert filled == [(many, ()), (one, ())]


@pytest.mark.parametrize("way", ["plural", "article"])
def test_what_is_no_word_has_no_plural_and_no_article(way: str) -> None:
    filled, faults = fill(f"{{{{ it | {way} }}}}", {"it": lambda: "x"})
    assert (filled, len(faults)) == ("", 1)
