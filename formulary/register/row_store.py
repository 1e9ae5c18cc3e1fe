"""Rows that wait in a file until they are written, so that memory does not grow with them."""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

Row = TypeVar("Row")
Made = TypeVar("Made")


class RowStore(Collection[Row], Generic[Row]):
    """Rows in the order in which they were added, in a file without a name.

    It is gone when the process ends, however it ends. `folder` is where it lies; rows about people
    belong in a folder that only their owner can open.
    """

    def __init__(self, folder: Path | None = None, rows: Iterable[Row] = ()) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the store
        self._places = array("Q")
        self._end = 0
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        self._places.append(self._end)
        self._file.seek(self._end)
        pickle.dump(row, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self._end = self._file.tell()

    def __getitem__(self, place: int) -> Row:
        self._file.seek(self._places[place])
        row: Row = pickle.load(self._file)
        return row

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)


class RowsInOrder(Collection[Made], Generic[Row, Made]):
    """What `make` makes of the rows of a store, in the order of `places`."""

    def __init__(
        self, store: RowStore[Row], places: Iterable[int], make: Callable[[Row], Made]
    ) -> None:
        self._store, self._places, self._make = store, array("Q", places), make

    def __iter__(self) -> Iterator[Made]:
        return map(self._make, map(self._store.__getitem__, self._places))

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)
