"""A table of a register: headed rows of plain values, whatever file it becomes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from formulary.cells import Cell


@dataclass(frozen=True)
class RegisterTable:
    """A sheet: `headings` over `rows` of as many cells, which may wait in a file (`row_store`).

    `about` says what it holds. `wide` are columns of running text, `marked` those whose words call
    for attention; so many columns from the left stay in view as `fixed` says; `total` adds up the
    rows and is under them.
    """

    title: str
    headings: tuple[str, ...]
    rows: Collection[tuple[Cell, ...]]
    wide: frozenset[int] = frozenset()
    about: str = ""
    marked: frozenset[int] = frozenset()
    fixed: int = 2
    total: tuple[Cell, ...] = ()

    def all_rows(self) -> Iterator[tuple[Cell, ...]]:
        """The rows, and the total under them."""
        yield from self.rows
        if self.total:
            yield self.total
