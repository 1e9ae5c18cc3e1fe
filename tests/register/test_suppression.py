"""Small numbers hidden: every table that fits what is shown is tried."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

import pytest

from formulary.register.suppression import Shown, Suppressed, suppressed

Table = tuple[tuple[int, ...], ...]


def all_that_fit(rows: Sequence[Sequence[int]], shown: Suppressed) -> Iterator[Table]:
    """Every table that a reader who knows the size of each group cannot rule out."""

    def of_row(counts: Sequence[Shown], size: int) -> list[tuple[int, ...]]:
        spans = [range(one.low, one.high + 1) for one in counts]
        return [values for values in itertools.product(*spans) if sum(values) == size]

    parts = [of_row(one, sum(row)) for one, row in zip(shown.rows, rows, strict=True)]
    for table in itertools.product(*parts):
        totals = [sum(column) for column in zip(*table, strict=True)]
        told = shown.totals or [Shown(0, total) for total in totals]
        if all(one.low <= total <= one.high for one, total in zip(told, totals, strict=True)):
            yield table


@pytest.mark.parametrize("ranges", [True, False])
def test_no_small_number_can_be_worked_out(ranges: bool) -> None:
    draw, threshold, looked_at = random.Random(11), 3, 0
    for _ in range(250):
        rows = [
            [draw.choice([0, 0, 1, 2, 3, 5]) for _ in range(draw.choice([2, 3]))]
            for _ in range(draw.choice([1, 2, 3]))
        ]
        rows = [row[: len(rows[0])] + [0] * (len(rows[0]) - len(row)) for row in rows]
        shown = suppressed(rows, threshold, ranges=ranges, alike=not ranges)
        if shown is None:
            continue
        fits = list(all_that_fit(rows, shown))
        assert tuple(map(tuple, rows)) in fits
        for (row, values), column in itertools.product(enumerate(rows), range(len(rows[0]))):
            possible = {table[row][column] for table in fits}
            if 0 < values[column] < threshold:
                looked_at += 1
                need = 1 if ranges else min(threshold - 1, sum(values))
                assert max(possible) - min(possible) >= need, (rows, shown)
        for column, total in enumerate(map(sum, zip(*rows, strict=True))):
            if shown.totals and 0 < total < threshold:
                possible = {sum(row[column] for row in table) for table in fits}
                assert len(possible) > 1, (rows, shown)
    assert looked_at > 100


def test_a_lone_small_number_takes_another_of_its_row_and_column_with_it() -> None:
    shown = suppressed([[20, 2, 9], [30, 8, 7]], 5, ranges=False, alike=True)
    assert shown
    hidden = [[not one.exact for one in row] for row in shown.rows]
    assert hidden == [[False, True, True], [False, True, True]]
    assert [one.low for one in shown.totals] == [50, 10, 16]


def test_a_rating_that_a_whole_group_has_is_hidden() -> None:
    shown = suppressed([[12, 0], [20, 9]], 5, ranges=False, alike=True)
    assert shown is None or not shown.rows[0][0].exact
    assert suppressed([[12, 0]], 5, ranges=True, alike=False).rows[0][0] == Shown(12, 12)  # type: ignore[union-attr]


def test_what_another_table_hides_is_hidden_here() -> None:
    plain = suppressed([[20, 10], [30, 40]], 5, ranges=True, alike=False)
    assert plain
    assert plain.hidden_totals == frozenset()
    told = suppressed([[20, 10], [30, 40]], 5, ranges=True, alike=False, hidden_totals=[0])
    assert told
    assert 0 in told.hidden_totals
    assert not all(one.exact for row in told.rows for one in row)
