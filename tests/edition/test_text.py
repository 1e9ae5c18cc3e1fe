"""Facts are filled in, faults are all named, and light Markdown becomes runs and lists."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from formulary.edition.text import Bullets, FactError, Paragraph, Run, blocks, fill, line, plain


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
