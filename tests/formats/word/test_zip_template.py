"""A zip file joined from parts is one that any program unpacks."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from formulary.formats.word.zip_template import (
    make_gap_text,
    make_static_parts,
    pack_part,
    pack_template,
)

NOISE = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(4000))
"""128,000 bytes that do not deflate."""


@pytest.mark.parametrize("word", [b"", b"x", b"y" * 199, b"z" * 200, NOISE], ids=len)
@pytest.mark.parametrize("between", [b"", b"near", b"far " * 2000], ids=len)
def test_the_words_stand_in_their_gaps(word: bytes, between: bytes) -> None:
    text = make_gap_text([b"<", between, between, b">"])
    made = pack_template(
        make_static_parts([("a", b"A"), ("b", b"")]), (pack_part("c", text, (word, b"|", word)),)
    )
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        assert found.testzip() is None
        assert found.namelist() == ["a", "b", "c"]
        assert [found.read(name) for name in "abc"] == [
            b"A",
            b"",
            b"<" + word + between + b"|" + between + word + b">",
        ]


def test_a_text_without_gaps_and_a_name_beyond_ascii() -> None:
    made = pack_template(make_static_parts([]), (pack_part("Żółć.xml", make_gap_text([b"one"])),))
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        assert {name: found.read(name) for name in found.namelist()} == {"Żółć.xml": b"one"}


def test_what_stands_still_is_deflated_and_words_add_little() -> None:
    far = b"".join(b"%d " % number for number in range(5000))
    text = make_gap_text([far, far])
    bare, filled = (
        pack_template(make_static_parts([]), (pack_part("c", text, (word,)),))
        for word in (b"", b"name")
    )
    assert len(bare) < len(far)
    assert len(filled) - len(bare) < 16
