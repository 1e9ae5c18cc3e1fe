"""Mistakes in YAML are named where they were made, with lines to write instead that work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from formulary.content.source import Document, parse
from formulary.problems import Problem

FILE = Path("policy.yaml")
BEFORE, AFTER = "id: head\nsection:\n  name: Aim\n", "  last: end\nnext: 1\n"
"""What is around each faulty entry, which is in `section`, from line 4."""


def parse_entry(entry: str) -> tuple[Document, tuple[Problem, ...]]:
    return parse(f"{BEFORE}{entry}\n{AFTER}", FILE)


def corrected(problem: Problem) -> str:
    """The lines that a message says to write."""
    shown = problem.lines.partition("write so:\n")[2]
    return "\n".join(line.partition("| ")[2] for line in shown.split("\n"))


QUOTED = [
    ('  text: "Concerns" are raised early', '"Concerns" are raised early'),
    ("  text: 'It's the head who decides'", "It's the head who decides"),
    ('  text: "Met", "Partly met" and "Not met"', '"Met", "Partly met" and "Not met"'),
    ('  text: "The so-called "light touch" review"', 'The so-called "light touch" review'),
    (
        "  text: 'Outstanding' is not a rating\n    that we use",
        "'Outstanding' is not a rating\nthat we use",
    ),
    ('  text: "C:\\Users\\Head" is the folder', '"C:\\Users\\Head" is the folder'),
]
BEGUN = [
    ("  text: *All* staff take part", "*All* staff take part"),
    ("  text: @all is written to", "@all is written to"),
    ("  text: - all staff", "- all staff"),
    ("  text: {{ words.reviewer }} decides", "{{ words.reviewer }} decides"),
    ("  text: [Draft] The policy", "[Draft] The policy"),
    ("  text: % of pay", "% of pay"),
    ("  text: `text`", "`text`"),
    ("  text: & Co decide", "& Co decide"),
    ("  text: > 5 days are late", "5 days are late"),
    ("  text: | When | Who |", "When | Who |"),
    ("  text: !important is this", "!important is this"),
    ("  text: {{ words.reviewer }}", "{{ words.reviewer }}"),
    ("  text: *must*\n    go on", "*must*\ngo on"),
]
COLONS = [
    ("  text: Three things: pay, time, support", "Three things: pay, time, support"),
    ("  text: See below:\n    the list: of things", "See below:\nthe list: of things"),
    ("  text: Note: ask HR", "Note: ask HR"),
    ("  text: The meeting is at 10: 30", "The meeting is at 10: 30"),
    ("  text: The head decides\n    as follows: yes", "The head decides\nas follows: yes"),
]
CUT = [
    ("  text: See appendix #4 of\n    the handbook", "See appendix #4 of\nthe handbook"),
    ("  text: Holds #1\n    and #2\n    and more", "Holds #1\nand #2\nand more"),
]


@pytest.mark.parametrize(("entry", "value"), [*QUOTED, *BEGUN, *COLONS, *CUT])
def test_the_lines_to_write_instead_are_right_and_keep_every_word(entry: str, value: str) -> None:
    document, (problem,) = parse_entry(entry)
    assert problem.place.line in (4, 5) and problem.kind.severity == "error"
    assert document.data["next"] == 1 and document.data["section"]["last"] == "end"
    assert (
        f"{problem.place.line} | " in problem.lines
        and f"> {problem.place.line:>4}" in problem.lines
    )
    again, found = parse_entry(corrected(problem))
    assert found == ()
    assert again.data["section"] == {"name": "Aim", "text": value, "last": "end"}


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ('  text: "The head decides\n  who: HR', 4),
        ('  text: "The head decides\n  who: "HR"', 4),
        ("  who: HR\n  text: 'tis the head who decides", 5),
        ('  text: "Two lines\n    of text\n  who: HR', 4),
        ('  items:\n    - "first\n    - "second"\n    - third', 5),
        ('  text: "The head decides\n\n  who: "HR"\n  when: "May"', 4),
    ],
)
def test_an_open_quotation_mark_is_named_where_it_opens(entry: str, line: int) -> None:
    _, problems = parse_entry(entry)
    assert problems[0].place.line == line
    assert problems[0].message == "A quotation mark opens here and never closes"
    before, _, after = entry.partition(entry.split("\n")[line - 4])
    _, found = parse_entry(before + corrected(problems[0]).replace("\n  who: HR", "") + after)
    assert "opens here" not in " ".join(problem.message for problem in found)


@pytest.mark.parametrize(
    ("entry", "lost", "value"),
    [
        (
            "  text: Holds review #1 and review #2",
            "#1 and review #2",
            "Holds review #1 and review #2",
        ),
        ("  text: Roles #2", "#2", "Roles #2"),
        ("  text: #2 and more", "#2 and more", "#2 and more"),
        (
            "  text: See appendix # 4 of the handbook",
            "# 4 of the handbook",
            "See appendix # 4 of the handbook",
        ),
        ('  text: "Roles" #2', "#2", '"Roles" #2'),
        ("  text: Employee\t#7", "#7", "Employee\t#7"),
    ],
)
def test_text_that_a_hash_cuts_is_named(entry: str, lost: str, value: str) -> None:
    _, (problem,) = parse_entry(entry)
    assert problem.kind.code == "text-cut" and problem.place.line == 4
    assert f"“{lost}”" in problem.message
    again, found = parse_entry(corrected(problem))
    assert found == () and again.data["section"]["text"] == value


@pytest.mark.parametrize("value", [">5", "|3", ">9"])
@pytest.mark.parametrize("end", ["", "\n  more: x"])
def test_a_text_that_is_a_sign_of_a_block_alone_is_named(value: str, end: str) -> None:
    document, (problem,) = parse_entry(f"  text: {value}{end}")
    assert document.data["section"]["text"] == ""
    assert (problem.kind.code, problem.place.line) == ("text-cut", 4)
    assert f"“{value}” is a sign of YAML" in problem.message
    again, found = parse_entry(corrected(problem) + end)
    assert found == () and again.data["section"]["text"] == value


@pytest.mark.parametrize(
    "entry",
    [
        "  list:\n    - Form #1\n    - Form two",
        "  list:\n    - #1\n    - two",
        "  text: |-\n      First\n    #4 of them\n  more: x",
        "  text: Form\n    #1",
        "  list: [one, two]  \n  text: Paper #3  # a comment",
    ],
)
def test_text_that_a_hash_cuts_is_named_wherever_it_is(entry: str) -> None:
    assert [problem.kind.code for problem in parse_entry(entry)[1]] == ["text-cut"]


@pytest.mark.parametrize(
    "entry",
    [
        "  text: Form  # which one",
        "  year: 2026  # the year",
        "  year: 2026 #the year",
        "  status: draft # then: approved",
        "  text: |-\n    Form #1\n    # 2\n  more: 'Form #1'",
        "  text: Form#1 and C# are words",
        "  # text: Form\n  #more: x\n  text: y",
        '  colour: "#1d4f6e"  # dark',
        "  list:  # of all\n    - one",
        "  address: https://example.org/#part",
    ],
)
def test_a_comment_is_a_comment(entry: str) -> None:
    assert parse_entry(entry)[1] == ()


@pytest.mark.parametrize(
    "value", ["“3.10”", "“Support plan”", "‘Support plan’", "„Support plan”", "«Support plan»"]
)
def test_curly_quotation_marks_around_a_value_are_named(value: str) -> None:
    _, (problem,) = parse_entry(f"  text: {value}")
    assert (problem.kind.code, problem.place.line) == ("quotes-in-value", 4)
    assert parse_entry(corrected(problem))[0].data["section"]["text"] in (value[1:-1], 3.1)


@pytest.mark.parametrize(
    "value", ["“Met” and “Not met”", "The “light” review", "‘Met’ or ‘Not met’"]
)
def test_curly_quotation_marks_inside_a_value_are_its_own(value: str) -> None:
    assert parse_entry(f"  text: {value}")[1] == ()


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ("  text:\u00a0All staff", 4, "not a plain one"),
        ("\u00a0\u00a0text: All staff", 4, "not a plain one"),
        ("  text: \u00a0All: staff", 4, "not a plain one"),
        ("  text\uff1a All staff", 4, "looks like a colon"),
        ("  text:All staff", 4, "no space after the colon"),
        ("  text All staff", 4, "no colon"),
        ("  list:\n    - one\n    • two", 6, "“•” does not begin"),
        ("  list:\n    - one\n    – two\n    - three", 6, "“–” does not begin"),
        ("  text: One\n   who: HR", 5, "indented further"),
        ("   text: One", 4, "indented further"),
        (" text: One", 4, "begins after 1 space"),
        ("  text: |-\n      One\n    two\n  who: HR", 6, "indented less"),
        ("  text: One sentence\nand its end\n", 5, "no key"),
        ("  list:\n    - one\n   - two", 6, "begins after 3 spaces"),
        ("  list:\n    - name: one\n    who: HR", 6, "beside the entries of a list"),
        ("  list: [one, two\n  who: HR", 4, "A bracket “[” opens"),
        ("\ttext: One", 4, "A tab"),
        ("  text: |-\n    One\n\ttwo", 6, "A tab"),
        ("  text: 1\n  text: 2", 5, "here twice; the first is in line 4"),
        ("  name: 2", 4, "here twice; the first is in line 3"),
        ("---", 4, "second document"),
        ("%YAML 1.2", 4, "begins with “%”"),
    ],
)
def test_what_is_written_wrongly_is_named_in_its_own_line(entry: str, line: int, said: str) -> None:
    _, problems = parse_entry(entry)
    assert (problems[0].place.line, said in problems[0].message) == (line, True), problems
    for problem in problems:
        assert not re.search("block|token|mapping|scalar|expected", problem.message), problem


def test_all_mistakes_of_a_file_are_named_at_once_and_the_rest_is_read() -> None:
    text = 'a: "x" y\nb: one: two\nc:\n  - *All* of it\n  - good\nd: "open\ne: fine\nf:\u00a0g\n'
    document, problems = parse(text, FILE)
    assert [problem.place.line for problem in problems] == [1, 2, 4, 6, 8]
    assert document.data == {"c": ("good",), "e": "fine", "f": "g"}
    assert document.place(("c", 0)).line == 5


def test_no_more_mistakes_are_looked_for_where_a_file_has_very_many() -> None:
    document, problems = parse("".join(f"k{n}: @x\n" for n in range(40)), FILE)
    assert (document.data, len(problems)) == (None, 10)
