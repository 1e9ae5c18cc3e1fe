"""Small numbers hidden: no row or column gives away what is hidden in it."""

from __future__ import annotations

import itertools
import random

import pytest

from formulary.register.suppression import hide_small_counts


@pytest.mark.parametrize("hide_uniform", [True, False])
def test_no_row_or_column_gives_a_small_number_away(hide_uniform: bool) -> None:
    draw, threshold, looked_at = random.Random(11), 5, 0
    for _ in range(2000):
        width, height = draw.choice([2, 3, 4]), draw.choice([1, 2, 3, 6])
        rows = [
            [draw.choice([0, 0, 1, 2, 3, 5, 9, 20]) for _ in range(width)] for _ in range(height)
        ]
        hidden = hide_small_counts(rows, threshold, hide_uniform=hide_uniform)
        totals = [sum(column) for column in zip(*rows, strict=True)]
        table = [
            list(hidden.visible_counts(row, values)) for row, values in enumerate([*rows, totals])
        ]
        for row, column in itertools.product(range(height), range(width)):
            if not 0 < rows[row][column] < threshold:
                continue
            looked_at += 1
            assert table[row][column] is None
            beside = [rows[row][c] for c in range(width) if table[row][c] is None]
            assert sum(beside) >= min(threshold, sum(rows[row])), (rows, table)
            assert len(beside) > 1 or sum(rows[row]) < threshold
            under = [rows[r][column] for r in range(height) if table[r][column] is None]
            if table[-1][column] is not None:
                assert len(under) > 1, (rows, table)
                assert sum(under) >= threshold, (rows, table)
        assert sum(count is None for count in table[-1]) != 1, (rows, table)
    assert looked_at > 1000


def test_a_lone_small_number_takes_another_of_its_row_and_column_with_it() -> None:
    rows = [[20, 2, 9], [30, 8, 7]]
    hidden = hide_small_counts(rows, 5)
    assert hidden.visible_counts(0, rows[0]) == (20, None, None)
    assert hidden.visible_counts(1, rows[1]) == (30, None, None)
    assert hidden.totals == frozenset()


def test_a_rating_that_a_whole_group_has_is_hidden() -> None:
    rows = [[12, 0], [20, 9]]
    assert hide_small_counts(rows, 5, hide_uniform=True).visible_counts(0, rows[0]) == (None, None)
    assert hide_small_counts(rows, 5).visible_counts(0, rows[0]) == (12, 0)


def test_a_small_group_is_hidden_whole_and_takes_others_with_it() -> None:
    rows = [[2, 1], [20, 9], [14, 11]]
    hidden = hide_small_counts(rows, 5)
    assert hidden.visible_counts(0, rows[0]) == (None, None)
    others = {hidden.visible_counts(row, rows[row]) for row in (1, 2)}
    assert (None, None) in others


def test_what_another_table_hides_of_the_totals_is_hidden_here() -> None:
    rows = [[20, 10], [30, 40]]
    assert not hide_small_counts(rows, 5).positions
    hidden = hide_small_counts(rows, 5, known_hidden=[(2, 0)])
    assert hidden.totals == {0, 1}  # the number of people in all would tell a single one


def test_an_empty_group_hides_nothing() -> None:
    rows = [[0, 0], [20, 9]]
    assert not hide_small_counts(rows, 5).positions
