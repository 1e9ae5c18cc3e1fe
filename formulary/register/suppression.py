"""Hide small numbers in a table of counts, and enough others that none can be worked out.

The reader is taken to know how many people each group has and how many there are in all. A count
from 1 to below the threshold is hidden (primary suppression), and so is every count of a group
smaller than the threshold. Where a row or a column then has a single hidden count, or hidden counts
that add up to less than the threshold, its next smallest count is hidden too (complementary
suppression), until no row or column gives one away. The totals are a row like the others, hidden
last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

Position = tuple[int, int]
"""Row and column of a count; the row behind the last is that of the totals."""


@dataclass(frozen=True)
class HiddenCounts:
    """Which counts of a table of `height` rows may not be shown."""

    height: int
    positions: frozenset[Position]

    @property
    def totals(self) -> frozenset[int]:
        """Columns whose total may not be shown, here or anywhere else."""
        return frozenset(column for row, column in self.positions if row == self.height)

    def visible_counts(self, row: int, values: Sequence[int]) -> tuple[int | None, ...]:
        """The counts of a row as they may be shown: None for a hidden one."""
        return tuple(
            None if (row, column) in self.positions else value
            for column, value in enumerate(values)
        )


def hide_small_counts(
    rows: Sequence[Sequence[int]],
    threshold: int,
    *,
    hide_uniform: bool = False,
    known_hidden: Collection[Position] = (),
) -> HiddenCounts:
    """Which counts of the table may not be shown.

    `rows` are groups of people, each counted by column. `hide_uniform`: a group whose people are
    all in one column is hidden too, since that tells the answer of each. `known_hidden` are counts
    that another table of the same people hides.
    """
    last, columns = len(rows), range(len(rows[0]) if rows else 0)
    table = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
    groups = [row for row in range(last) if sum(rows[row])]  # an empty group hides nobody
    hidden = {
        (row, column)
        for row in groups
        for column in columns
        if 0 < rows[row][column] < threshold
        or sum(rows[row]) < threshold
        or (hide_uniform and max(rows[row]) == sum(rows[row]))
    }
    hidden.update(known_hidden)

    def gives_away(line: Sequence[Position]) -> bool:
        """Whether what is visible of a line tells what is hidden in it."""
        values = [table[row][column] for row, column in line if (row, column) in hidden]
        return len(values) == 1 or (bool(values) and sum(values) < threshold)

    def loss(position: Position) -> tuple[bool, bool, int]:
        """What the reader loses: a small count least, a nought hides nobody, a total most."""
        row, column = position
        value = table[row][column]
        return row == last, value == 0, value

    lines = [[(row, column) for column in columns] for row in (*groups, last)]
    lines += [[(row, column) for row in (*groups, last)] for column in columns]
    while True:
        to_hide = [
            min(visible, key=loss)
            for line in lines
            if gives_away(line) and (visible := [one for one in line if one not in hidden])
        ]
        if not to_hide:
            return HiddenCounts(last, frozenset(hidden))
        hidden.add(to_hide[0])
