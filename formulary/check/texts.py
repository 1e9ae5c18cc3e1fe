"""Everything that an organisation says, for the rules that judge it, and findings about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from formulary.content.loading import Content, OrganisationContent
from formulary.content.source import Document, Loc
from formulary.edition.edition import Edition
from formulary.edition.filled_text import FilledText, ids_on_the_way
from formulary.problems import Kind, Problem

Finder = Callable[["OrganisationTexts", FilledText], Iterator[Problem]]

KEPT = 32_768
"""How many texts a finder remembers what it read in; an organisation has some 1,200."""

_FAULTLESS: dict[Finder, set[tuple[object, ...]]] = {}


@dataclass(frozen=True)
class OrganisationTexts:
    """The texts of an organisation's edition, beside the content that it was made of."""

    content: Content
    own: OrganisationContent
    edition: Edition

    @property
    def all(self) -> tuple[FilledText, ...]:
        return self.edition.texts

    @cached_property
    def policy(self) -> tuple[FilledText, ...]:
        return tuple(text for text in self.all if text.kind == "policy")

    @cached_property
    def readers(self) -> tuple[FilledText, ...]:
        """What readers of the policy and the guidance see: all but the organisation's own data."""
        return tuple(text for text in self.all if text.kind in ("policy", "guidance", "form"))

    @cached_property
    def groups_concerned(self) -> dict[str, tuple[str, ...]]:
        """The staff groups that each section and clause concerns (`Policy.groups_concerned`)."""
        return self.edition.policy.groups_concerned()

    @property
    def declared(self) -> frozenset[str]:
        """The organisation's own words, in small letters."""
        words = " or ".join(self.own.organisation.item.words.values())
        return frozenset(re.sub("^the ", "", word) for word in words.lower().split(" or "))

    def find_each(
        self, find: Finder, texts: Iterable[FilledText], *known: object
    ) -> Iterator[Problem]:
        """What `find` says of each text. One without fault is not read again, here or elsewhere.

        `find` may go by what a text says, its kind, its file and the keys on its way, and by
        `known`.
        """
        faultless = _FAULTLESS.setdefault(find, set())
        for text in texts:
            key = (text.source, text, text.setting, *known)
            if key in faultless:
                continue
            found = list(find(self, text))
            if not found:
                if len(faultless) > KEPT:
                    faultless.clear()
                # the text itself would keep its whole document in memory
                faultless.add((text.source, str(text), text.setting, *known))
            yield from found

    def clause_name(self, id: str) -> str:
        number = self.edition.numbers.get(id)
        return f"clause {number} “{id}”" if number else f"clause “{id}”"

    def finding(
        self,
        kind: Kind,
        text: FilledText,
        message: str,
        *,
        words: str = "",
        about: tuple[str, ...] = (),
        fix: str = "",
    ) -> Problem:
        """A finding about a text, at `words` if they can be found in the file."""
        place = text.document.place_of(text.loc, words) if words else None
        found = self.at(kind, text.document, text.loc, message, about=about, fix=fix)
        if place:
            found = Problem(kind, place, message, found.fix, found.where, found.about)
        return found

    def at(
        self,
        kind: Kind,
        document: Document,
        loc: Loc,
        message: str,
        *,
        about: tuple[str, ...] = (),
        fix: str = "",
        key: bool = False,
    ) -> Problem:
        """A finding about what is at `loc`, which need not be a text."""
        ids = ids_on_the_way(document, loc)
        where = self._where(document, loc, ids)
        place = document.place(loc, key=key)
        about = tuple(dict.fromkeys((*about, *ids, ".".join(ids))))
        return Problem(kind, place, message, fix or kind.remedy, where, about)

    def _where(self, document: Document, loc: Loc, ids: tuple[str, ...]) -> str:
        """The clause, form or entry that `loc` is in, in a reader's words."""
        top = loc[0] if loc else ""
        if not ids:
            return ""
        if document.path == self.own.policy.document.path and top in ("sections", "appendices"):
            depth = loc.count("clauses")
            return self.clause_name(ids[depth]) if depth else f"section “{ids[0]}”"
        if top == "sections":
            return f"form “{document.path.stem}”, {'.'.join(ids)}"
        what = {"cycles": "cycle", "forms": "form", "diagrams": "diagram"}.get(
            str(top), document.path.stem
        )
        return f"{what} “{'.'.join(ids)}”"
