"""A file is changed at one value, and every other character of it stays as it was."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from formulary.content.relaying import relay, unwrap
from formulary.content.source import Document, Loc, parse, read_document
from formulary.content.splicing import (
    SpliceError,
    copy,
    encode_like,
    insert,
    move,
    put_key,
    remove,
    set_value,
    value_at,
)
from tests.helpers import ROOT

FILES = sorted(
    path
    for folder in ("content/organisations/*", "content/library", "forms", "forms/house")
    for path in ROOT.glob(f"{folder}/*.yaml")
)
SHARE = 0.01
"""Of the values that ship: one in a hundred, and all before a release."""

ODD = """\
---
# top comment
title: 'It''s odd'   # after
list:
- id: a
  text: |2
      indented first
    second
- # comment after the dash
  id: b
  text: >-
    folded words
    go on

    second paragraph
  more: {a: 1, b: [x, y]}

# comment of the third
- id: c
  text: |+
    keeps its ends


  note: "escaped \\
    fold and \\u00e9"
  plain: a plain value
    that goes on
flow: [one, # first
  two,
  three]
steps: [{id: a, text: "b, c"}, {id: d, text: e}]
empty:
tilde: ~
nested:
    deep:
        - one
        - two
    other: x
"quoted key": yes
last: end"""
"""The layout of somebody else: all that YAML allows and none of the project's files has."""

NASTY = (
    *("a: b", "# x", "yes", "007", "- x", "{a", "1.5", "=", "<<", "1:30", "a\nb", "a\n\nb", "\n"),
    *("x\n", "x\n\n", " lead", "trail ", "\ttab", "a\tb", "a\u2028b", "\ufeffx", "", "null", "~"),
    *("'q'", '"q"', "back\\slash", "a #b", "a:", "- a\n- b\n\nc", "\u2029", "\x85a", "😀", "%x"),
    *("@x", "`x", "&a", "*a*", "!t", "|", "> x", "? y", "[a, b]", "a, b", "---", "2026-01-01"),
    *("0x1F", "1e3", "\U000f0001x", " \n a\n", "a\n  b\n c"),
)


def odd() -> Document:
    document, faults = parse(ODD, Path("odd.yaml"))
    assert faults == ()
    return document


def documents() -> Iterator[Document]:
    yield odd()
    for path in FILES:
        yield read_document(path)[0]


def values(data: Any, loc: Loc = ()) -> Iterator[tuple[Loc, Any]]:
    yield loc, data
    if isinstance(data, dict | tuple):
        steps = data if isinstance(data, dict) else range(len(data))
        for step in steps:
            yield from values(data[step], (*loc, step))


def chosen(
    seed: int, kinds: type | tuple[type, ...], whole: bool
) -> Iterator[tuple[Document, Loc, Any]]:
    """Values of these kinds: all of the odd file, and a share of those that ship, or all."""
    choose = random.Random(seed)
    for document in documents():
        share = 1.0 if whole or document.path.name == "odd.yaml" else SHARE
        for loc, value in values(document.data):
            if isinstance(value, kinds) and choose.random() < share:
                yield document, loc, value


def changed_lines(old: Document, new: Document) -> tuple[int, int, int]:
    """The first and the last line that changed in the old text, and how many are new."""
    a, b = old.text.split("\n"), new.text.split("\n")
    most = min(len(a), len(b))
    head = next((n for n in range(most) if a[n] != b[n]), most)
    tail = next((n for n in range(most - head) if a[-1 - n] != b[-1 - n]), most - head)
    return head, len(a) - tail - 1, len(b) - tail - head


def lines_of(document: Document, loc: Loc) -> tuple[int, int]:
    start, end = document.spans[loc]
    text = document.text
    return text.count("\n", 0, start), text.count("\n", 0, max(start, end))


def another(value: Any, choose: random.Random) -> Any:
    """The value with one word more, or the next one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=1)
    if value is None:
        return "words"
    words = unwrap(value).split(" ")
    words.insert(choose.randrange(len(words) + 1), "quite")
    return relay(value, " ".join(words), 96)


SCALARS = (str, int, float, datetime.date, type(None))


def test_every_value_takes_another_word_and_nothing_else_changes(whole: bool) -> None:
    choose, written = random.Random(7), []
    for document, loc, value in chosen(1, SCALARS, whole):
        made = set_value(document, loc, another(value, choose))
        first, last, count = changed_lines(document, made)
        begins, ends = lines_of(document, loc)
        assert begins <= first and last <= ends, (document.path, loc)
        written.append(count)
    assert len(written) > 60
    assert max(written) <= 6 and sum(written) / len(written) <= 2.5


def test_what_looks_like_yaml_is_written_as_words(whole: bool) -> None:
    for number, (document, loc, _) in enumerate(chosen(2, SCALARS, whole)):
        words = NASTY[number % len(NASTY)]
        made = set_value(document, loc, words)
        first, last, _ = changed_lines(document, made)
        begins, ends = lines_of(document, loc)
        assert value_at(made.data, loc) == words
        assert begins <= first and last <= ends, (document.path, loc, words)


def test_entries_come_go_and_move_as_whole_lines(whole: bool) -> None:
    choose, count = random.Random(3), 0
    for document, loc, entries in chosen(4, tuple, whole):
        if not entries:
            continue
        one, other = choose.randrange(len(entries)), choose.randrange(len(entries))
        acts = {
            "insert": partial(insert, document, loc, one, entries[other]),
            "append": partial(insert, document, loc, len(entries), entries[one]),
            "move": partial(move, document, (*loc, one), other),
            "remove": partial(remove, document, (*loc, one)),
        }
        for name, act in acts.items():
            made = act()
            count += 1
            if document.text[document.spans[loc][0]] == "[":
                continue
            old, new = (Counter(text.split("\n")) for text in (document.text, made.text))
            gone, came = old - new, new - old
            assert not (gone if name in ("insert", "append", "move") else came), (loc, name)
            assert not any(line.strip().startswith("#") for line in gone), (loc, name)
    assert count > 40


def test_keys_come_in_the_order_of_the_model_and_go(whole: bool) -> None:
    for document, loc, mapping in chosen(5, dict, whole):
        first, *_ = mapping
        for order in ((), ("zz", first), (first, "zz")):
            made = put_key(document, loc, "zz", "a: b\n\nc", order)
            keys = list(value_at(made.data, loc))
            assert keys.index("zz") == {(): len(mapping), "zz": 0, first: 1}[order and order[0]]
            back = remove(made, (*loc, "zz"))
            assert back.data == document.data


def test_a_copy_has_an_id_of_its_own() -> None:
    made = copy(odd(), ("list", 1), {("id",): "e"})
    assert [entry["id"] for entry in made.data["list"]] == ["a", "b", "e", "c"]
    assert "# comment after the dash" in made.text and "# comment of the third" in made.text


def test_the_last_entry_takes_its_key_along_and_the_last_key_stays() -> None:
    document, _ = parse("a:\n  - one\nb: 1\n", Path("x.yaml"))
    assert remove(document, ("a", 0)).text == "b: 1\n"
    with pytest.raises(SpliceError):
        remove(remove(document, ("a", 0)), ("b",))


def test_a_comment_is_never_lost() -> None:
    with pytest.raises(SpliceError):
        set_value(odd(), ("flow",), "words")


@pytest.mark.parametrize(
    "raw",
    [
        b"a: 1\r\nb: 2\r\nc: 3\r\n",
        b"\xef\xbb\xbfa: 1\nb: 2\nc: 3\n",
        b"a: 1\r\nb: 2\nc: 3\r\n",
        b"a: 1\nb: 2\r\nc: 3",
    ],
)
def test_line_ends_and_byte_order_mark_stay(raw: bytes) -> None:
    text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    assert encode_like(raw, text) == raw
    assert encode_like(raw, text.replace("b: 2", "b: 9")) == raw.replace(b"b: 2", b"b: 9")
    longer = encode_like(raw, text.replace("b: 2\n", "b: 2\nbb: 5\n"))
    assert len(longer) - len(raw) in (6, 7)
    kept = [line for line in longer.split(b"\n") if b"bb" not in line]
    assert b"\n".join(kept) == raw


def test_a_paragraph_is_one_line_and_its_unchanged_lines_come_back() -> None:
    old = "One two three\nfour five six\nseven eight nine.\n\n- an item that\n  goes on\n- another"
    flat = "One two three four five six seven eight nine.\n\n- an item that goes on\n- another"
    assert unwrap(old) == flat
    assert relay(old, flat, 20) == old
    made = relay(old, flat.replace("five", "5 and a half"), 14)
    assert made.startswith("One two three\nfour 5 and a\n") and made.endswith(
        "\nseven eight nine.\n\n- an item that\n  goes on\n- another"
    )
    assert unwrap(made) == flat.replace("five", "5 and a half")


def test_no_line_is_broken_inside_of_a_value() -> None:
    flat = "Note: with less than {{ rules.short_service.exactly | words }} years of service."
    made = relay("", flat, 40)
    assert "{{ rules.short_service.exactly | words }}" in made and "\n" in made
    assert unwrap(made) == flat


def test_every_text_that_ships_can_be_unwrapped_and_wrapped_again() -> None:
    for path in FILES:
        for _, value in values(read_document(path)[0].data):
            if isinstance(value, str):
                assert relay(value, unwrap(value), 96) == value
