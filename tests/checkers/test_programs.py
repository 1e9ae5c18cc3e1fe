"""The table of programs in CONTRIBUTING has a row for each program that the tests install."""

from __future__ import annotations

from collections import Counter

from tests.checkers.programs import BEGIN, END, PROGRAMS
from tests.helpers import ROOT

NOT_INSTALLED = {"MuPDF", "pdftk"}
"""Programs that .ci/run does not install, so not every table has them."""


def rows() -> Counter[tuple[str, str]]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    _, _, table = text.partition(f"{BEGIN}\n")
    lines = [line for line in table.partition(END)[0].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]
    return Counter((program, did) for program, _, _, did, *_ in cells)


def test_the_table_has_a_row_for_all_that_a_program_does() -> None:
    wanted = Counter((one.name, one.did) for one in PROGRAMS)
    found = rows()
    assert found - wanted == Counter()
    assert {pair for pair in wanted - found if pair[0] not in NOT_INSTALLED} == set()
