"""A text of the content with its lines on the paper, and what the text is to say now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from formulary.content.source import Loc
from formulary.edition.filled_text import FilledText
from formulary.edition.restyling import restyle
from formulary.edition.rewording import (
    PLAIN,
    FactChange,
    Rewording,
    TextStyle,
    reword,
    words_of_expressions,
)
from formulary.formats.word.looks import NO_LOOK, Look
from formulary.takeback.printed import PlacedLine

_OWN_LOOK = re.compile(r"heading|title|cover|caption|table heading|appendix", re.IGNORECASE)
"""The styles of lines that look as they do, whatever is typed in them."""


@dataclass
class SourceText:
    """A text of the content, with the lines of the paper that are its paragraphs.

    `lines` has each line before and after; None where it is gone, or new. `entries` is how many
    were put in as entries of a list.
    """

    text: FilledText
    place: str
    lines: list[tuple[PlacedLine | None, PlacedLine | None]] = field(default_factory=list)
    entries: int = 0
    authors: list[str] = field(default_factory=list)

    @property
    def was(self) -> list[str]:
        """What it said, paragraph by paragraph."""
        return [old.words for old, _ in self.lines if old]

    @property
    def now(self) -> list[str]:
        """What it says on the paper."""
        return [new.words for _, new in self.lines if new]

    @property
    def has_changed(self) -> bool:
        """Whether its words, or how they look, are others."""
        return any(
            not (old and new) or old.words != new.words or looks_of(old) != looks_of(new)
            for old, new in self.lines
        )

    @property
    def key(self) -> str | int:
        """The key of the text in its file."""
        return self.text.loc[-1]

    @property
    def is_point(self) -> bool:
        """Whether it is an entry of a list."""
        return "points" in self.text.loc

    def reword(
        self,
        values: Mapping[str, str],
        labels: Mapping[str, str],
        can_set: Callable[[FactChange], object],
    ) -> tuple[Rewording, tuple[str, ...]]:
        """The text as the paper has it, and what became of the looks of its words."""
        source = self.text.source
        entry = "- " if self.entries or re.search(r"^\s*- ", source, re.M) else ""
        is_prose = self.text.is_prose
        made = reword(source, values, self.now, labels, entry, is_prose=is_prose, can_set=can_set)
        notes = tuple(dict.fromkeys(self._odd_looks()))
        if made.is_plainer:
            notes = (*notes, "Bold words in it are now plain. Make them bold again in the YAML.")
        if not is_prose:
            words = "bold or slanted words of it: it is a name, which has plain words only"
            is_styled = bool(self._new_looks() - {NO_LOOK})
            return made, (*notes, f"Not taken: {words}.") if is_styled else notes
        wanted = self._wanted_styles()
        if not made.is_exact or not any(one is not None for one in wanted):
            return made, notes
        if made.facts and not self._new_looks() - {NO_LOOK}:
            return made, notes
        styled = restyle(made.source, words_of_expressions(values, labels), wanted)
        if styled is None:
            words = "its bold words, slanted words or links were changed. Change them in the YAML"
            return made, (*notes, f"Not taken: {words}.")
        return Rewording(styled, made.facts, made.dropped), notes

    def _wanted_styles(self) -> list[TextStyle | None]:
        found: list[TextStyle | None] = []
        for old, new in self.lines:
            if new is not None:
                found += wanted_styles(old, new)
        return found

    def _new_looks(self) -> set[Look]:
        """Looks of words that none had before."""
        before = {look for old, _ in self.lines if old for look in looks_of(old)}
        return {look for _, new in self.lines if new for look in looks_of(new)} - before

    def _odd_looks(self) -> Iterator[str]:
        """Looks that light Markdown does not have, where they are new."""
        for old, new in self.lines:
            before = looks_of(old) if old else ()
            known = {name for look in before for name in (*look.others, look.target)}
            for look in looks_of(new) if new else ():
                for name in look.others:
                    if name not in known:
                        yield f"Not taken: words in it are {name}; a text can have bold words."
                if look.target.startswith("#") and look.target not in known:
                    yield "Not taken: a link to a place in the paper. Type the clause’s number."


def looks_of(line: PlacedLine) -> tuple[Look, ...]:
    """How the letters of a line look, without what is printed before it; none for a heading."""
    if _OWN_LOOK.match(line.line.style):
        return ()
    return line.line.looks[len(line.line.looks) - len("".join(line.words.split())) :]


def wanted_styles(old: PlacedLine | None, new: PlacedLine) -> list[TextStyle | None]:
    """The style of each letter of a line that was made another one; None where it is as it was."""
    letters, looks = "".join(new.words.split()), looks_of(new)
    if not looks:
        return [None] * len(letters)
    before, known = ("".join(old.words.split()), looks_of(old)) if old else ("", ())
    wanted: list[TextStyle | None] = [_style(look) for look in looks]
    if known:
        found = SequenceMatcher(None, before, letters, autojunk=False)
        for tag, a, b, c, _ in found.get_opcodes():
            for at in range(b - a) if tag == "equal" else ():
                if known[a + at] == looks[c + at]:
                    wanted[c + at] = None
    elif all(style == PLAIN for style in wanted):
        return [None] * len(letters)
    return wanted


def _style(look: Look) -> TextStyle:
    return TextStyle(look.strong, look.emphasis, "" if look.target.startswith("#") else look.target)


def entry_loc(loc: Loc) -> Loc:
    """The entry of the innermost list that a place is in."""
    at = len(loc) - 1 - loc[::-1].index("points")
    return loc[: at + 2]
