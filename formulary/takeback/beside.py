"""Compare what is beside the texts of a policy: contents, pictures, headers, footers, comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from formulary.formats.word.edited_policy import EditedComment, EditedPolicy
from formulary.takeback.found import NotTaken
from formulary.takeback.printed import PlaceFinder, bare_entry


@dataclass(frozen=True)
class Beside:
    """Both papers; `where` says a clause or section as a sentence names it."""

    finder: PlaceFinder
    where: Callable[[str], str]
    base: EditedPolicy
    returned: EditedPolicy

    def compare_contents(self) -> Iterator[NotTaken]:
        """What was changed in the contents, which are made again from the headings."""
        known = Counter(bare_entry(line.words) for line in self.base.lines if line.in_contents)
        there = Counter(bare_entry(line.words) for line in self.returned.lines if line.in_contents)
        why = "the contents are made from the headings"
        for words in (there - known).elements():
            yield NotTaken("the contents", words, why)
        if there and not there - known:
            for words in (known - there).elements():
                yield NotTaken("the contents", words, f"deleted: {why}")

    def compare_others(self, *, placed: bool) -> Iterator[NotTaken]:
        """Pictures and other things without words, headers and footers.

        `placed` says that the place of a line is known.
        """
        before = Counter(self._placed_others(self.base, placed=placed))
        after = Counter(self._placed_others(self.returned, placed=placed))
        for kind, where in after - before:
            why = "taken as deleted" if kind in ("struck out", "hidden") else "it is no text"
            yield NotTaken(where, kind, why)
        for kind, where in before - after:
            yield NotTaken(where, kind, "it was deleted")
        for edge in self.returned.edges:
            if edge not in self.base.edges and not edge.isdigit():
                why = "headers and footers are made from data of the content"
                yield NotTaken("the header or footer", edge, why)

    def _placed_others(self, policy: EditedPolicy, *, placed: bool) -> Iterator[tuple[str, str]]:
        where = [self.where(place) for _, place in self.finder.place_all(policy)]
        for kind, line in policy.others:
            yield kind, where[line] if placed and line < len(where) else "the paper"

    def list_comments(self) -> Iterator[tuple[str, EditedComment]]:
        """The comments, each with its clause."""
        where = [self.where(place) for _, place in self.finder.place_all(self.returned)]
        for comment in self.returned.comments:
            yield where[comment.line] if comment.line < len(where) else "", comment
