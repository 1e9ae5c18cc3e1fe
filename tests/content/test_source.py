"""YAML comes back as plain values, and every value and mistake knows its place."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from formulary.content.source import DEEPEST, LARGEST_FILE, Document, parse, read_document

FILE = Path("policy.yaml")


def parsed(text: str) -> Document:
    document, problems = parse(text, FILE)
    assert problems == ()
    return document


def test_values_are_plain_and_lists_are_tuples() -> None:
    document = parsed(
        "on: 2023-05-24\nmax: 4\nlive: true\nnames: [a, 31 October]\nnone:\nyes: no\n"
    )
    assert document.data == {
        "on": datetime.date(2023, 5, 24),
        "max": 4,
        "live": True,
        "names": ("a", "31 October"),
        "none": None,
        "yes": "no",
    }


def test_a_day_that_does_not_exist_stays_text_for_the_model_to_refuse() -> None:
    assert parsed("on: 2023-02-30\n").data == {"on": "2023-02-30"}


def test_every_value_and_key_has_its_line_and_column() -> None:
    document = parsed("a: 1\nb:\n  - c: x\n    d: y\n")
    assert str(document.place(("b", 0, "d"))) == "policy.yaml:4:8"
    assert str(document.place(("b", 0, "d"), key=True)) == "policy.yaml:4:5"
    assert str(document.place(("b", 0, "missing"))) == "policy.yaml:3:5"


def test_places_count_characters_and_no_byte_order_mark() -> None:
    document = parsed("\ufeffżółć: 😀 ł\nb: [é, {c: d}]\n")
    assert str(document.place(("żółć",))) == "policy.yaml:1:7"
    assert str(document.place(("b", 1, "c"))) == "policy.yaml:2:12"
    assert str(document.place_of(("żółć",), "ł")) == "policy.yaml:1:9"


def test_an_empty_value_is_placed_on_its_own_line() -> None:
    document = parsed("a:\n  b:\n  c: 1\n")
    assert document.data == {"a": {"b": None, "c": 1}}
    assert document.place(("a", "b")).line == 2


def test_the_kinds_of_value_are_those_of_yaml_1_2() -> None:
    document = parsed("---\na: [on, yes, Null, TRUE, +1, .5, 0o7, 1e3, 12:30, '1', ! 2]\n")
    assert document.data == {"a": ("on", "yes", None, True, 1, 0.5, "0o7", "1e3", "12:30", "1", 2)}


def test_a_web_address_may_be_written_in_a_list_without_quotation_marks() -> None:
    assert parsed("a: [https://example.org/b, c:d]\n").data == {
        "a": ("https://example.org/b", "c:d")
    }


def test_separators_of_lines_and_paragraphs_are_text() -> None:
    document = parsed("a: b\u2028c\nd: |\n  e\u2029f\ng: h\x85i\n")
    assert document.data == {"a": "b\u2028c", "d": "e\u2029f\n", "g": "h i"}
    assert str(document.place(("g",))) == "policy.yaml:4:4"


def test_a_refused_value_is_passed_over_and_the_rest_is_read() -> None:
    document, problems = parse("a: &x {b: [1, *x], b: 2}\nc: !d [e]\n[f]: {g: h}\ni: j\n", FILE)
    assert document.data == {"a": None, "c": None, "i": "j"}
    assert [(p.place.line, p.place.column) for p in problems] == [(1, 4), (2, 4), (3, 1)]


def test_words_are_found_inside_a_folded_text() -> None:
    document = parsed("text: >\n  First line,\n  then {{ rules.a\n  .max }} weeks.\n")
    assert str(document.place_of(("text",), "{{ rules.a .max }}")) == "policy.yaml:3:8"


def test_places_follow_their_entries_when_one_is_left_out() -> None:
    document = parsed("b:\n  - x: 1\n  - x: 2\n  - x: 3\n").without(("b", 1))
    assert document.data == {"b": ({"x": 1}, {"x": 3})}
    assert document.place(("b", 1, "x")).line == 4


def test_a_folded_text_is_joined_by_spaces_alone() -> None:
    assert parsed("a: >-\n  one\n  two\n\n  three\n").data == {"a": "one two\nthree"}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\n\tb: 2\n", "yaml-syntax", 2, 1),
        ('a: "open\nb: 1\n', "yaml-syntax", 1, 4),
        ("a: b: c\n", "yaml-syntax", 1, 5),
        ("a: 1\nb: 2\na: 3\n", "repeated-key", 3, 1),
        ("a: &x 1\n", "yaml-feature", 1, 4),
        ("a: !!python/object:os.system x\n", "yaml-feature", 1, 4),
        ('a: "ring \\x07 here"\n', "yaml-feature", 1, 4),
        ("%YAML 1.1\n---\na: yes\n", "yaml-syntax", 1, 1),
        ("# ours\n\n%YAML 1.3\n---\na: b\n", "yaml-syntax", 3, 1),
        ("%TAG ! tag:example.org,2000:\n---\na: b\n", "yaml-syntax", 1, 1),
        ("a: {?foo: bar}\n", "yaml-feature", 1, 6),
        ("a: [b, ?c]\n", "yaml-feature", 1, 9),
        ("? a\n: b\n", "yaml-feature", 1, 3),
        ("", "yaml-syntax", 1, 1),
        ("a: 1\n \tb: 2\n", "yaml-syntax", 2, 2),
        ("a: b\nc: d\x07\n", "yaml-syntax", 2, 5),
        ("a: [" + "[" * DEEPEST + "1", "yaml-syntax", 1, 4 + DEEPEST),
        ("a: 1\n---\nb: 2\n", "yaml-syntax", 2, 1),
        ("a: 1\nb: *c\n", "yaml-feature", 2, 4),
        ("a: 1234567890123456\n", "yaml-feature", 1, 4),
    ],
)
def test_a_mistake_in_the_yaml_is_named_with_its_place(
    text: str, code: str, line: int, column: int
) -> None:
    _, problems = parse(text, FILE)
    assert [(p.kind.code, p.place.line or 1, p.place.column or 1) for p in problems] == [
        (code, line, column)
    ]


def test_an_alias_bomb_is_refused_and_not_expanded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + last] * 9)}]\n"
        for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    document, problems = parse(bomb, FILE)
    assert {p.kind.code for p in problems} == {"yaml-feature"}
    assert document.data["i"] is None


def test_endless_nesting_is_refused() -> None:
    _, problems = parse("[" * (DEEPEST + 500) + "]" * (DEEPEST + 500), FILE)
    assert [p.kind.code for p in problems] == ["yaml-syntax"]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    latin, huge = tmp_path / "latin.yaml", tmp_path / "huge.yaml"
    latin.write_bytes("a: 1\nname: Zoë\n".encode("latin-1"))
    huge.write_bytes(b"a: " + b"x" * LARGEST_FILE)
    found = [read_document(path)[1][0] for path in (latin, huge, tmp_path / "absent.yaml")]
    assert [problem.kind.code for problem in found] == ["unreadable-file"] * 3
    assert found[0].place.line == 2
