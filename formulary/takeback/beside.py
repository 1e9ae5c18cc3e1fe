"""Compare what is beside the texts of a policy: contents, pictures, headers, footers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from formulary.formats.word.edited_policy import EditedPolicy
from formulary.takeback.found import NotTaken
from formulary.takeback.printed import PlacedLine, bare_entry

PlacedPaper = tuple[EditedPolicy, Sequence[PlacedLine]]
"""A paper and all its lines."""


def compare_contents(base: PlacedPaper, returned: PlacedPaper) -> Iterator[NotTaken]:
    """What was changed in the contents, which are made again from the headings."""
    known, there = (
        Counter(bare_entry(line.words) for line in paper.lines if line.in_contents)
        for paper, _ in (base, returned)
    )
    why = "the contents are made from the headings"
    for words in (there - known).elements():
        yield NotTaken("the contents", words, why)
    if there and not there - known:
        for words in (known - there).elements():
            yield NotTaken("the contents", words, f"deleted: {why}")


def compare_others(
    where: Callable[[str], str], base: PlacedPaper, returned: PlacedPaper
) -> Iterator[NotTaken]:
    """Pictures and other things without words, headers and footers.

    `where` says a clause or section as a sentence names it.
    """
    before, after = (
        Counter(
            (kind, where(lines[at].place) if at < len(lines) else "the paper")
            for kind, at in policy.others
        )
        for policy, lines in (base, returned)
    )
    for kind, place in after - before:
        why = "taken as deleted" if kind in ("struck out", "hidden") else "it is not a text"
        yield NotTaken(place, kind, why)
    for kind, place in before - after:
        yield NotTaken(place, kind, "it was deleted")
    for edge in returned[0].edges:
        if edge not in base[0].edges and not edge.isdigit():
            why = "headers and footers are made from data of the content"
            yield NotTaken("the header or footer", edge, why)
