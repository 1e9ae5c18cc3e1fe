"""Small numbers hidden in a table of counts, so that they cannot be worked out from the rest.

Counts of people by group come in; what may be shown goes out. Whoever reads the table is taken to
know the size of every group and of the whole. A count from 1 to below the threshold is hidden,
every count of a group that is smaller than the threshold, and, where it is asked for, the only
count of a group that is all alike. Then as many others are hidden, the smallest first, as it takes
to leave each of these a span of possible values. That is looked at exactly: the counts are a flow
from the rows through the columns to the totals, and what a hidden count can be is how far that flow
can be changed around it by other hidden counts (Gusfield, “A graph theoretic approach to
statistical data security”, SIAM Journal on Computing 17, 1988).
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

Cell = tuple[int, int]
"""Row and column; the row behind the last is that of the totals."""

_TOTAL_COSTS = 1_000_000
"""A total is hidden only where nothing else helps."""


@dataclass(frozen=True)
class Shown:
    """A count as it may be shown: the lowest and the highest that a reader can take it for."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class Suppressed:
    """A table as it may be shown: its rows, and the totals where it has several rows."""

    rows: tuple[tuple[Shown, ...], ...]
    totals: tuple[Shown, ...]
    hidden_totals: frozenset[int]


def suppressed(
    rows: Sequence[Sequence[int]],
    threshold: int,
    *,
    ranges: bool,
    alike: bool,
    hidden_totals: Collection[int] = (),
) -> Suppressed | None:
    """The table as it may be shown; None where no part of it may.

    `ranges`: the reader is told that a small number is from 1 to below the threshold, and may not
    learn which; without it a hidden number may be anything, and must be uncertain by the threshold.
    `alike`: a group in which all have the same is hidden too. `hidden_totals` are columns whose
    total another table hides; the total of a single row is that row.
    """
    if not rows:
        return None
    flow = _Flow(rows, threshold, ranges=ranges, alike=alike, hidden_totals=hidden_totals)
    if not all(flow.protect(cell, need) for cell, need in sorted(flow.needs.items())):
        return None
    last, columns = len(rows), range(len(rows[0]))
    return Suppressed(
        tuple(tuple(flow.shown(row, column) for column in columns) for row in range(last)),
        tuple(flow.shown(last, column) for column in columns) if last > 1 else (),
        frozenset(column for column in columns if (flow.whole, column) in flow.bounds),
    )


class _Flow:
    """The counts as edges: from a row to a column, and from a column to the totals.

    `bounds` has the hidden ones, with the lowest and highest that the reader is told; `needs` those
    that must be uncertain, and by how much.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[int]],
        threshold: int,
        *,
        ranges: bool,
        alike: bool,
        hidden_totals: Collection[int],
    ) -> None:
        self.height, self.width = len(rows), len(rows[0])
        self.table: list[Sequence[int]] = [
            *rows,
            [sum(column) for column in zip(*rows, strict=True)],
        ]
        self.sums = [sum(row) for row in self.table]
        self.bounds: dict[Cell, tuple[int, int]] = {}
        self.needs: dict[Cell, int] = {}
        self.whole = self.height if self.height > 1 else 0
        for row, values in enumerate(self.table):
            size = self.sums[row]
            if row == self.height == 1:
                self.bounds |= {(row, column): (0, size) for column in range(self.width)}
                continue
            uniform = alike and max(values) == size
            for column, value in enumerate(values):
                small, told = 0 < value < threshold, (1, threshold - 1)
                if small or size < threshold or (uniform and value):
                    inside = ranges and small and size >= threshold
                    self.bounds[row, column] = told if inside else (0, size)
                    if size:
                        self.needs[row, column] = 1 if ranges else min(threshold - 1, size)
        for column in hidden_totals:
            self.bounds.setdefault((self.whole, column), (0, self.sums[-1]))
            self.needs.setdefault((self.whole, column), 1)
        self.threshold = threshold

    def protect(self, cell: Cell, need: int) -> bool:
        """Hide others until the cell can be anything in a span of `need`; False if none helps."""
        got = 0
        for step in (1, -1):
            changed: dict[Cell, int] = {}
            while got < need and self.room(cell, step, changed):
                path = self.way_round(cell, step, changed)
                if path is None:
                    break
                for edge, change in [*path, (cell, step)]:
                    self.bounds.setdefault(edge, (0, self.sums[edge[0]]))
                    changed[edge] = changed.get(edge, 0) + change
                got += 1
        return got >= need

    def room(self, edge: Cell, step: int, changed: dict[Cell, int]) -> bool:
        """Whether a reader can take the count for one more, or one less."""
        low, high = self.bounds.get(edge, (0, self.sums[edge[0]]))
        value = self.table[edge[0]][edge[1]] + changed.get(edge, 0) + step
        return low <= value <= high

    def way_round(
        self, cell: Cell, step: int, changed: dict[Cell, int]
    ) -> list[tuple[Cell, int]] | None:
        """The cheapest changes of others that make up for a step of the cell (Dijkstra)."""
        start, goal = self.ends(cell)[::step][::-1]
        seen: set[int] = set()
        queue: list[tuple[int, int, list[tuple[Cell, int]]]] = [(0, start, [])]
        while queue:
            cost, node, path = heapq.heappop(queue)
            if node == goal:
                return path
            if node in seen:
                continue
            seen.add(node)
            for edge, change, other in self.leaving(node):
                if edge != cell and other not in seen and self.room(edge, change, changed):
                    dear = 0 if edge in self.bounds else self.price(edge)
                    heapq.heappush(queue, (cost + dear, other, [*path, (edge, change)]))
        return None

    def price(self, edge: Cell) -> int:
        """What is lost by hiding a count: small ones first, a small one before a nought."""
        value = self.table[edge[0]][edge[1]] or self.threshold
        return value + (_TOTAL_COSTS if edge[0] == self.height else 0)

    def ends(self, edge: Cell) -> tuple[int, int]:
        """The nodes of an edge: rows, then columns, then the one behind the totals."""
        row, column = edge
        middle = self.height + column
        return (middle, self.height + self.width) if row == self.height else (row, middle)

    def leaving(self, node: int) -> Iterator[tuple[Cell, int, int]]:
        """The edges at a node: +1 along one that begins here, -1 along one that ends."""
        for row in range(self.height + 1):
            for column in range(self.width):
                begins, ends = self.ends((row, column))
                if begins == node:
                    yield (row, column), 1, ends
                elif ends == node:
                    yield (row, column), -1, begins

    def shown(self, row: int, column: int) -> Shown:
        """What the row alone tells a reader of a count."""
        value = self.table[row][column]
        if (row, column) not in self.bounds:
            return Shown(value, value)
        low, high = self.bounds[row, column]
        size = self.sums[row]
        others = [
            self.bounds.get((row, other), (self.table[row][other],) * 2)
            for other in range(self.width)
            if other != column
        ]
        return Shown(
            max(low, size - sum(one for _, one in others)),
            min(high, size - sum(one for one, _ in others)),
        )
