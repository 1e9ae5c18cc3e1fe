"""Find lines that are in another place than they were."""

from __future__ import annotations

from collections.abc import Sequence

from formulary.edition.alignment import Pair
from formulary.takeback.printed import PlacedLine


def find_moved(
    pairs: Sequence[Pair], old: Sequence[PlacedLine], new: Sequence[PlacedLine]
) -> dict[int, int]:
    """The new lines that are word for word one that is gone elsewhere, by their places."""
    gone = {old[before].words: before for before, after in pairs if before is not None is after}
    found: dict[int, int] = {}
    for before, after in pairs:
        if before is None and after is not None and new[after].words in gone:
            found[after] = gone.pop(new[after].words)
    return found
