"""A policy as it was printed, and the text of the content that each of its lines comes from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from formulary.content.loading import OrganisationContent
from formulary.documents.paper import Paper
from formulary.edition.edition import Edition
from formulary.edition.filled_text import FilledText, ids_on_the_way
from formulary.edition.rewording import printed_paragraphs, values_in
from formulary.formats.word.edited_policy import FOOTNOTE, EditedLine, EditedPolicy
from formulary.formats.word.ooxml import anchor_names
from formulary.formats.word.policy import UPDATES_NAME

_MARK = re.compile(r"(?:\d+(?:\.\d+)*\.?|\([a-z]{1,4}\)|[A-Za-z]\.|[•–-])\t")
"""What Word prints before a clause or an entry of a list."""

FOOTNOTES = "footnotes"
"""The place of the lines of footnotes."""


@dataclass(frozen=True)
class PrintedPolicy:
    """A policy as some state of the content prints it, and its lines as a program reads them."""

    own: OrganisationContent
    edition: Edition
    paper: Paper
    lines: EditedPolicy


@dataclass(frozen=True)
class PlacedLine:
    """A line, and the id of the clause or section that it is in.

    `words` are those without what is printed before them, with single blanks.
    """

    line: EditedLine
    place: str
    words: str


class PlaceFinder:
    """Knows the clause or section of each line, by the bookmarks of a policy."""

    def __init__(self, paper: Paper) -> None:
        clauses = anchor_names((c.id for c in paper.clauses()), "clause")
        sections = anchor_names((s.id for s in paper.printed), "section")
        self.ids = {name: id for id, name in (*sections.items(), *clauses.items())}
        self.ids[UPDATES_NAME] = UPDATES_NAME

    def ids_at(self, line: EditedLine) -> tuple[str, ...]:
        """The clauses and sections whose bookmark begins at a line."""
        return tuple(id for name in line.anchors if (id := self.ids.get(name)))

    def place_all(self, policy: EditedPolicy) -> list[PlacedLine]:
        """Every line with its place.

        Of a paragraph that was joined with the one below it, the place is the first one's.
        """
        found, place = list[PlacedLine](), ""
        for line in policy.lines:
            here = self.ids_at(line)
            carried = [id for name in line.carried if (id := self.ids.get(name))]
            place = here[0] if here else carried[-1] if carried else place
            where = FOOTNOTES if line.style == FOOTNOTE else place
            found.append(PlacedLine(line, where, bare(line.words)))
        return found


def outside_contents(lines: Iterable[PlacedLine]) -> list[PlacedLine]:
    """The lines outside of the contents."""
    return [one for one in lines if not one.line.in_contents]


class Owners:
    """The text that each line was printed from; none for what is made from data.

    A text that is printed twice owns the first of its lines, and is the twin of the others.
    """

    def __init__(self, edition: Edition, lines: Sequence[PlacedLine]) -> None:
        self.values = values_in(edition.texts)
        self.by_words = self._texts_by_words(edition)
        self.texts: list[FilledText | None] = [None] * len(lines)
        self.twins: list[FilledText | None] = [None] * len(lines)
        used: Counter[tuple[int, str]] = Counter()
        elsewhere: list[tuple[int, Sequence[FilledText]]] = []
        for at, line in enumerate(lines):
            candidates = self.by_words.get(line.words, ())
            if here := [text for text in candidates if line.place and line.place in ids_of(text)]:
                self._own(at, line.words, here, used)
            else:
                wanted = candidates if line.line.style != FOOTNOTE else _notes(candidates)
                elsewhere.append((at, wanted))
        for at, wanted in elsewhere:  # no line of a table takes a text from its own clause
            self._own(at, lines[at].words, wanted, used)

    def _own(
        self, at: int, words: str, wanted: Sequence[FilledText], used: Counter[tuple[int, str]]
    ) -> None:
        free = next((text for text in wanted if not used[id(text), words]), None)
        self.texts[at] = free
        self.twins[at] = None if free or not wanted else wanted[0]
        if free:
            used[id(free), words] += 1

    def _texts_by_words(self, edition: Edition) -> Mapping[str, Sequence[FilledText]]:
        """The texts by each line that they print, those of the policy first."""
        found: dict[str, list[FilledText]] = defaultdict(list)
        for text in sorted(edition.texts, key=lambda text: text.kind != "policy"):
            if text.kind == "form" or "notes" in text.loc or text.loc not in text.document.spans:
                continue
            for pieces in printed_paragraphs(text.source, self.values, is_prose=text.is_prose):
                for line in "".join(piece.words for piece in pieces).split("\n"):
                    if words := bare(line):
                        found[words].append(text)
        return found

    def others(self, text: FilledText, words: str) -> list[FilledText]:
        """The other texts of the policy that print the same line."""
        return [one for one in self.by_words.get(words, ()) if one is not text]


def find_labels(edition: Edition) -> dict[str, str]:
    """What names a clause, section or appendix on paper, with the expression for it."""
    names = edition.references
    found: dict[str, str] = {}
    for kind, labels in (
        ("clause", names.clauses),
        ("section", names.sections),
        ("appendix", names.appendices),
    ):
        counted = Counter(labels.values())
        found |= {label: f"{kind}('{id}')" for id, label in labels.items() if counted[label] == 1}
    return found


def _notes(candidates: Sequence[FilledText]) -> list[FilledText]:
    return [text for text in candidates if "footnotes" in text.loc]


def bare(words: str) -> str:
    """A line without what is printed before it, its blanks single."""
    return " ".join(_MARK.sub("", words, count=1).split())


def mark_of(words: str) -> str:
    """The number, letter or bullet that is printed before a line; empty for none."""
    found = _MARK.match(words)
    return found[0].strip() if found else ""


def bare_entry(words: str) -> str:
    """A line of the contents without its number and its page."""
    return bare(re.sub(r"\t\d+$", "", words))


def ids_of(text: FilledText) -> tuple[str, ...]:
    """The ids of everything that a text is in."""
    return ids_on_the_way(text.document, text.loc)
