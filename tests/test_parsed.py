"""A document that was kept is the document that the parser gives, and mistakes are never kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from formulary.pipeline.parsed import kept_parse
from formulary.source import parse
from formulary.store import Store
from tests.helpers import ROOT

FILES = sorted((ROOT / "content").rglob("*.yaml")) + sorted((ROOT / "forms").rglob("*.yaml"))
ODD = """\
day: 2026-10-31
text: "2026-10-31"
days: [2026-01-01, {at: 2026-02-02}]
number: 3
part: 1.5
none:
yes: true
"12": [[], {}, ""]
"""


@pytest.mark.parametrize("text", [ODD, *(path.read_text("utf-8") for path in FILES[::5])])
def test_what_is_kept_is_what_the_parser_gives(text: str, tmp_path: Path) -> None:
    kept, path = kept_parse(Store(tmp_path), "tools"), Path("content/file.yaml")
    fresh = parse(text, path)
    assert fresh[1] == ()
    assert kept(text, path) == fresh
    assert list(tmp_path.glob("*/*"))
    again = kept(text, path)
    assert again == fresh
    assert repr(again) == repr(fresh)  # kinds of values and their order too


def test_a_file_with_a_mistake_is_read_each_time(tmp_path: Path) -> None:
    kept, path = kept_parse(Store(tmp_path), "tools"), Path("content/file.yaml")
    for _ in range(2):
        _, problems = kept("a: 1\na: 2\n", path)
        assert [problem.kind.code for problem in problems] == ["repeated-key"]
    assert list(tmp_path.glob("*/*")) == []
