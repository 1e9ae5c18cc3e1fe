"""Everything that an organisation says: each text with its facts filled in, its clause and place.

One organisation comes in; a `Said` goes out for every text of its policy, guidance, questions,
checklists, cycles, tables and offered forms, those that it takes from the library included. Notes
on the published document and reasons for accepting a finding quote mistakes, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from formulary.model.base import Item
from formulary.model.content import Content, File, OrganisationContent
from formulary.model.edition import naming
from formulary.model.form import Form, FormField, is_kept
from formulary.model.organisation import Offer
from formulary.model.policy import numbers
from formulary.model.structure import rewrite_texts
from formulary.model.text import fill, plain
from formulary.problems import Kind, Problem
from formulary.source import Document, Loc

Kinds = Literal["policy", "organisation", "cycle", "table", "guidance", "form"]

GAP = "▯"
"""Stands in a typed text where an expression in curly brackets was."""

_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-Z“▯])|\n{2,}|\n\s*(?=- )")


@dataclass(frozen=True)
class Said:
    """One text: where it stands, as it was written, as it reads, and the clause it belongs to."""

    document: Document
    loc: Loc
    kind: Kinds
    raw: str
    text: str
    """With facts filled in and light Markdown taken away."""
    clause: str = ""
    clauses: tuple[str, ...] = ()
    """The clauses behind it, for guidance and questions."""

    @property
    def typed(self) -> str:
        """What was typed, with a gap for every expression."""
        return " ".join(_EXPRESSION.sub(GAP, self.raw).split())

    def sentences(self) -> tuple[str, ...]:
        """The sentences and list items of the text as it reads, references as plain words."""
        filled = re.sub(r"\[([^\]]*)\]\([a-z]+:[^)]*\)", r"\1", self.filled)
        return tuple(" ".join(part.split()) for part in _SENTENCE_END.split(filled) if part.strip())

    filled: str = field(default="", repr=False)
    """With facts filled in, and its light Markdown kept."""


@dataclass(frozen=True)
class Voice:
    """An organisation with everything that it says."""

    content: Content
    own: OrganisationContent
    all: tuple[Said, ...]
    numbers: Mapping[str, str]
    names: Mapping[str, Any]
    forms: tuple[tuple[int, Offer, Form], ...]
    """The forms offered, each as this organisation has it, with the place of its offer."""

    @property
    def policy(self) -> tuple[Said, ...]:
        return tuple(said for said in self.all if said.kind == "policy")

    @property
    def readers(self) -> tuple[Said, ...]:
        """What readers of the policy and the guidance see: all but the organisation's own data."""
        return tuple(said for said in self.all if said.kind in ("policy", "guidance", "form"))

    @property
    def declared(self) -> frozenset[str]:
        """The organisation's own words, in small letters."""
        words = " or ".join(self.own.organisation.item.words.values())
        return frozenset(re.sub("^the ", "", word) for word in words.lower().split(" or "))

    def clause_name(self, id: str) -> str:
        return f"clause {self.numbers[id]} “{id}”" if id in self.numbers else f"clause “{id}”"

    def finding(
        self,
        kind: Kind,
        said: Said,
        message: str,
        *,
        words: str = "",
        about: tuple[str, ...] = (),
        fix: str = "",
    ) -> Problem:
        """A finding about a text, at `words` if they can be found in the file."""
        place = said.document.place_of(said.loc, words) if words else None
        found = self.at(kind, said.document, said.loc, message, about=about, fix=fix)
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
        """A finding about what stands at `loc`, which need not be a text."""
        ids = ids_on_the_way(document, loc)
        where = self._where(document, loc, ids)
        place = document.place(loc, key=key)
        about = tuple(dict.fromkeys((*about, *ids, ".".join(ids))))
        return Problem(kind, place, message, fix or kind.remedy, where, about)

    def _where(self, document: Document, loc: Loc, ids: tuple[str, ...]) -> str:
        """The clause, form or entry that `loc` stands in, in a reader's words."""
        top = loc[0] if loc else ""
        if not ids:
            return ""
        if document.path == self.own.policy.document.path and top in ("sections", "appendices"):
            return self.clause_name(ids[1]) if "clauses" in loc[2:4] else f"section “{ids[0]}”"
        if top == "sections":
            return f"form “{document.path.stem}”, {'.'.join(ids)}"
        what = {"cycles": "cycle", "forms": "form", "diagrams": "diagram"}.get(
            str(top), document.path.stem
        )
        return f"{what} “{'.'.join(ids)}”"


def ids_on_the_way(document: Document, loc: Loc) -> tuple[str, ...]:
    """The ids of everything that a place stands in, from the outside in; keys where no id is."""
    found: list[str] = []
    data = document.data
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, dict):
            id = data.get("id") or data.get("form")
            if isinstance(id, str):
                found.append(id)
            elif isinstance(step, str):
                found.append(step)
    return tuple(found)


def voice_of(content: Content, own: OrganisationContent) -> Voice:
    """Everything that an organisation says, facts filled in; a text at fault stays as it is."""
    organisation, policy = own.organisation.item, own.policy.item
    names, _ = naming(content, own, organisation.year)
    forms = tuple(
        (i, offer, _as_offered(content, own, offer, content.forms[offer.form].item))
        for i, offer in enumerate(organisation.forms)
        if offer.form in content.forms
    )
    listener = _Listener(content, own, names)
    return Voice(content, own, tuple(listener.all()), numbers(policy), names, forms)


def _as_offered(content: Content, own: OrganisationContent, offer: Offer, form: Form) -> Form:
    """The form with the sections and fields that this organisation's edition of it has."""
    header = content.header.item.section if content.header and form.header == "common" else None
    holds = own.holds()
    sections = [
        section.model_copy(
            update={
                "fields": tuple(f for f in section.fields if is_kept(f, offer, holds)),
                "table": section.table
                and section.table.model_copy(
                    update={
                        "columns": tuple(
                            f for f in section.table.columns if is_kept(f, offer, holds)
                        )
                    }
                ),
            }
        )
        for section in (*((header,) if header else ()), *form.sections)
        if is_kept(section, offer, holds)
    ]
    return form.model_copy(update={"sections": tuple(sections)})


class _Listener:
    """Walks one organisation's texts."""

    def __init__(
        self, content: Content, own: OrganisationContent, names: Mapping[str, Any]
    ) -> None:
        self.content, self.own, self.names = content, own, names
        self.holds = own.holds()

    def all(self) -> Iterator[Said]:
        own = self.own
        for said in self.file(own.policy, "policy"):
            if said.loc[0] not in ("notes", "updates"):
                yield said
        for said in self.file(own.organisation, "organisation"):
            if said.loc[0] == "forms":
                yield replace(said, kind="form")
            elif said.loc[0] not in ("accept", "words"):
                yield said
        yield from self.file(own.cycles, "cycle")
        yield from self.file(own.ratings, "table")
        yield from self.file(own.career_stages, "table")
        yield from self.standards()
        for file, library, key in (
            (own.guidance, self.content.guidance, "topics"),
            (own.questions, self.content.questions, "questions"),
            (own.checklists, self.content.checklists, "checklists"),
        ):
            yield from self.guidance(file, library, key)
        yield from self.forms()

    def file(self, file: File[Any] | None, kind: Kinds) -> Iterator[Said]:
        if file:
            yield from self.item(file.item, file.document, (), kind)

    def item(
        self, item: Item, document: Document, at: Loc, kind: Kinds, clauses: tuple[str, ...] = ()
    ) -> Iterator[Said]:
        found: list[Said] = []

        def hear(text: str, loc: Loc, _: bool) -> str:
            filled, _faults = fill(text, self.names)
            ids = ids_on_the_way(document, loc)
            inside = loc[0] in ("sections", "appendices") and "clauses" in loc
            clause = ids[1] if inside and kind == "policy" and len(ids) > 1 else ""
            words = " ".join(plain(filled).split())
            found.append(Said(document, loc, kind, text, words, clause, clauses, filled))
            return text

        rewrite_texts(item, hear, at)
        yield from found

    def standards(self) -> Iterator[Said]:
        library = self.content.standards
        for i, standards in enumerate(library.item.sets if library else ()):
            if library and standards.id in self.own.organisation.item.standards:
                yield from self.item(standards, library.document, ("sets", i), "table")

    def guidance(
        self, file: File[Any] | None, library: File[Any] | None, key: str
    ) -> Iterator[Said]:
        """The organisation's entries, and of the library's what they do not replace."""
        if file is None:
            return
        entries = getattr(library.item, key) if library else ()
        shared = {entry.id: (i, entry) for i, entry in enumerate(entries)}
        for i, entry in enumerate(getattr(file.item, key)):
            yield from self.item(entry, file.document, (key, i), "guidance", entry.clauses)
            if library and entry.id in shared:
                place, whole = shared[entry.id]
                for said in self.item(whole, library.document, (key, place), "guidance"):
                    if said.loc[2] not in entry.model_fields_set:
                        yield said
        if key == "topics":
            for i, diagram in enumerate(file.item.diagrams):
                loc: Loc = ("diagrams", i)
                yield from self.item(diagram, file.document, loc, "guidance", diagram.clauses)

    def forms(self) -> Iterator[Said]:
        """The texts of offered forms, without the parts that the organisation leaves out."""
        for offer in self.own.organisation.item.forms:
            file = self.content.forms.get(offer.form)
            if file is None:
                continue
            for said in self.item(file.item, file.document, (), "form"):
                if self.heard(offer, file.item, said.loc):
                    yield said

    def heard(self, offer: Offer, form: Form, loc: Loc) -> bool:
        """Whether a text of the form is in this organisation's edition, in the form's own words."""
        if loc[0] != "sections" or not isinstance(loc[1], int):
            return getattr(offer, str(loc[0]).replace("-", "_"), None) is None
        section = form.sections[loc[1]]
        if not is_kept(section, offer, self.holds):
            return False
        inside = loc[2:]
        changed = {"title": offer.titles, "intro": offer.intros, "letter": offer.letters}
        if inside[0] in changed:
            return section.id not in changed[str(inside[0])]
        if inside[0] == "fields" and isinstance(inside[1], int):
            return self.asked(offer, section.fields[inside[1]], inside[2])
        if section.table and inside[1] == "columns" and isinstance(inside[2], int):
            return self.asked(offer, section.table.columns[inside[2]], inside[3])
        return True

    def asked(self, offer: Offer, field: FormField, key: str | int) -> bool:
        """Whether a field is kept, and what it says under `key` is not replaced."""
        replaced = {
            "label": frozenset(offer.labels),
            "hint": frozenset(offer.hints),
            "options": frozenset(offer.options),
        }.get(str(key), frozenset())
        return is_kept(field, offer, self.holds) and field.id not in replaced
