"""Compare what is beside the texts of a policy: contents, pictures, headers, footers, comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from formulary.formats.word.edited_policy import EditedComment, EditedPolicy
from formulary.takeback.found import NotTaken
from formulary.takeback.printed import PlacedLine, bare_entry

PlacedPaper = tuple[EditedPolicy, Sequence[PlacedLine]]
"""A paper and all its lines."""


@dataclass(frozen=True)
class Beside:
    """Both papers, with their lines; `where` says a clause or section as a sentence names it."""

    where: Callable[[str], str]
    base: PlacedPaper
    returned: PlacedPaper

    def compare_contents(self) -> Iterator[NotTaken]:
        """What was changed in the contents, which are made again from the headings."""
        known, there = (
            Counter(bare_entry(line.words) for line in paper.lines if line.in_contents)
            for paper, _ in (self.base, self.returned)
        )
        why = "the contents are made from the headings"
        for words in (there - known).elements():
            yield NotTaken("the contents", words, why)
        if there and not there - known:
            for words in (known - there).elements():
                yield NotTaken("the contents", words, f"deleted: {why}")

    def compare_others(self) -> Iterator[NotTaken]:
        """Pictures and other things without words, headers and footers."""
        before, after = (Counter(self._others(paper)) for paper in (self.base, self.returned))
        for kind, where in after - before:
            why = "taken as deleted" if kind in ("struck out", "hidden") else "it is no text"
            yield NotTaken(where, kind, why)
        for kind, where in before - after:
            yield NotTaken(where, kind, "it was deleted")
        for edge in self.returned[0].edges:
            if edge not in self.base[0].edges and not edge.isdigit():
                why = "headers and footers are made from data of the content"
                yield NotTaken("the header or footer", edge, why)

    def _others(self, paper: PlacedPaper) -> Iterator[tuple[str, str]]:
        policy, lines = paper
        for kind, line in policy.others:
            yield kind, self.where(lines[line].place) if line < len(lines) else "the paper"

    def list_comments(self) -> Iterator[tuple[str, str, EditedComment]]:
        """The comments, each with its clause: its id, and what a sentence calls it."""
        policy, lines = self.returned
        for comment in policy.comments:
            place = lines[comment.line].place if comment.line < len(lines) else ""
            yield place, self.where(place), comment
