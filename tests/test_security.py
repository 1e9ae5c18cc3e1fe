"""SECURITY.md: its limits are those of the code."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from tests.helpers import ROOT

ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| (?P<limit>[\d,]+)[^|]*"
    r"\| `(?P<name>[a-z_.]+)\.(?P<constant>[A-Z_]+)` \|$"
)
ROWS = [
    found
    for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    if (found := ROW.match(line))
]


def test_the_table_of_limits_is_read() -> None:
    assert len(ROWS) > 15


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what"])
def test_a_limit_is_that_of_the_code(row: re.Match[str]) -> None:
    limit = getattr(import_module(f"formulary.{row['name']}"), row["constant"])
    assert int(row["limit"].replace(",", "")) == limit
