"""The texts of an edition: each is filled in once, and knows its source and its place.

`TextFiller` walks over content as HR wrote it and gives the same models with a `FilledText` for
every text. Pages and papers print it as the words that it is; `check` and the comparison of
editions ask it where those words come from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache, cached_property
from operator import is_
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from formulary import problems
from formulary.content.base import ContentModel
from formulary.content.loading import File
from formulary.content.source import Document, Loc
from formulary.content.walk import AnyItem, rewrite_texts
from formulary.edition.facts import FACTS
from formulary.edition.text import (
    EXPRESSION,
    FILTERS,
    Evaluated,
    Facts,
    Fault,
    fill,
    plain,
    without_links,
)
from formulary.problems import Problem

TextKind = Literal["policy", "organisation", "cycle", "table", "guidance", "form", "other"]
"""What a text belongs to. Nobody judges the wording of `other`: notes on the published document and
reasons for accepting a finding quote mistakes, and the library's themes are no organisation's."""

_KINDS_WITHIN: Mapping[tuple[TextKind, str | int], TextKind] = {
    ("policy", "notes"): "other",
    ("policy", "updates"): "other",
    ("organisation", "accept"): "other",
    ("organisation", "words"): "other",
    ("organisation", "forms"): "form",
}
"""The kind of the texts under a key of a file, where it is not that of the file."""

Composed = TypeVar("Composed")

GAP = "▯"
"""Replaces each expression in curly brackets where only the typed words count."""

_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-Z“▯])|\n{2,}|\n\s*(?=- )")


class FilledText(str):
    """A text with its facts filled in, its light Markdown kept: the words that readers get.

    `source` is the text as it was written, `document` and `loc` are its place; `clauses` are the
    ids of the clauses behind it, for an organisation's own guidance. `is_prose` says whether it may
    have light Markdown.
    """

    source: str
    document: Document
    loc: Loc
    kind: TextKind
    clauses: tuple[str, ...]
    is_prose: bool

    def __new__(
        cls,
        words: str,
        source: str,
        document: Document,
        loc: Loc,
        kind: TextKind,
        clauses: tuple[str, ...] = (),
        is_prose: bool = True,
    ) -> FilledText:
        text = super().__new__(cls, words)
        text.source, text.document, text.loc = source, document, loc
        text.kind, text.clauses, text.is_prose = kind, clauses, is_prose
        return text

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # another process gets the words alone: the document would be sent along with each blank
        return str, (str(self),)

    @cached_property
    def plain(self) -> str:
        """The words without light Markdown, on one line."""
        return " ".join(plain(self).split())

    @cached_property
    def typed(self) -> str:
        """What was typed, with a gap for every expression."""
        return typed_words(self.source)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences and list items, with references as plain words."""
        parts = _SENTENCE_END.split(without_links(self))
        return tuple(" ".join(part.split()) for part in parts if part.strip())

    @cached_property
    def setting(self) -> tuple[str, ...]:
        """Its kind, its file and the keys on its way, without the places in lists."""
        keys = (step for step in self.loc if isinstance(step, str))
        return self.kind, self.document.path.stem, *keys

    @cached_property
    def clause(self) -> str:
        """The id of the clause of the policy that it is in; empty where it is in none."""
        if self.kind != "policy" or "clauses" not in self.loc:
            return ""
        ids = ids_on_the_way(self.document, self.loc)
        depth = self.loc.count("clauses")
        return ids[depth] if len(ids) > depth else ""


def typed_words(source: str) -> str:
    """The words of a text as it was written, with a gap for every expression."""
    return " ".join(_EXPRESSION.sub(GAP, source).split())


def source_of(text: str) -> str:
    """The text as it was written: the same where no fact is filled in."""
    return text.source if isinstance(text, FilledText) else text


def texts_in(
    value: object, known: Mapping[int, Sequence[FilledText]] = MappingProxyType({})
) -> Iterator[FilledText]:
    """Every filled text of a model, or of a collection of models, in the order of the fields.

    `known` has the texts of some models, by their identity, where they need not be looked for.
    """
    if id(value) in known:
        yield from known[id(value)]
    elif isinstance(value, FilledText):
        yield value
    elif isinstance(value, ContentModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name), known)
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part, known)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts_in(part, known)


def with_plain_words(document: Composed) -> Composed:
    """A composed document with a plain `str` for every text: what the formats' libraries take.

    pikepdf writes an instance of a subclass of `str` as an array of its letters.
    """
    plain_document: Composed = _plain_words(document)
    return plain_document


def _plain_words(value: Any) -> Any:
    """The same value where it has no filled text, so that most of a document is not made again."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, ContentModel):
        return rewrite_texts(value, lambda text, _loc, _prose: str(text))
    if isinstance(value, tuple):
        parts = tuple([_plain_words(part) for part in value])
        return value if all(map(is_, parts, value)) else parts
    kind: type = type(value)
    names = _field_names(kind)
    parts = tuple([_plain_words(getattr(value, name)) for name in names])
    if all(map(is_, parts, (getattr(value, name) for name in names))):
        return value
    return replace(value, **dict(zip(names, parts, strict=True)))


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of what is no dataclass."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def ids_on_the_way(document: Document, loc: Loc) -> tuple[str, ...]:
    """The ids of everything that a place is in, from the outside in; keys where no id is."""
    ids: list[str] = []
    data = document.data
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, dict):
            id = data.get("id") or data.get("form")
            if isinstance(id, str):
                ids.append(id)
            elif isinstance(step, str):
                ids.append(step)
    return tuple(ids)


Mark = Callable[[FilledText], str]
"""Gives the words of a text with a mark in them by which it is known again on a page."""


@dataclass(frozen=True)
class _FilledItem:
    """An item as it was filled: with which values of its expressions, and what came of it."""

    given: ContentModel
    document: Document
    maybe_defined: frozenset[str]
    values: Mapping[str, Evaluated]
    item: Any
    texts: Sequence[FilledText]
    problems: Sequence[Problem]


_Key = tuple[int, Loc, TextKind, tuple[str, ...]]
_Derived = tuple[tuple[object, ...], Any, Sequence[FilledText]]
"""What something was made of, what was made, and its texts."""


@dataclass
class FillMemory:
    """The items of one edition as they were filled last, for a program that makes it repeatedly.

    An item is filled again when it, or what one of its expressions gives, has changed.
    """

    mark: Mark | None = None
    items: dict[_Key, _FilledItem] = field(default_factory=dict)
    derived: dict[tuple[int, ...], _Derived] = field(default_factory=dict)


class TextFiller:
    """Fills texts with the facts of one organisation, and keeps what could not be filled.

    `maybe_defined` holds the names of things that are written but were too faulty to load: a text
    that names one of them is not at fault.
    """

    def __init__(
        self,
        names: Mapping[str, Any],
        maybe_defined: frozenset[str],
        memory: FillMemory | None = None,
    ) -> None:
        self.names = Facts(names)
        self.memory = memory
        self.mark = memory.mark if memory else None
        self.items: dict[_Key, _FilledItem] = {}
        """The items that were filled, or taken from the memory."""
        self.derived: dict[tuple[int, ...], _Derived] = {}
        self.maybe_defined = maybe_defined and maybe_defined | frozenset(FACTS) | frozenset(FILTERS)
        self.texts: list[FilledText] = []
        self.filled: list[Sequence[FilledText]] = []
        """The texts, by the item that they are of."""
        self.problems: list[Problem] = []

    def fill_file(self, file: File[AnyItem], kind: TextKind) -> AnyItem:
        """What a file says, its texts filled in."""
        return self.fill_item(file.item, file.document, (), kind)

    def derive(self, make: Callable[..., Composed], *parts: object) -> Composed:
        """What is made of filled items and of what goes with them, or was made of the same."""
        key = tuple(map(id, parts))
        kept = self.memory.derived.get(key) if self.memory else None
        if kept is None:
            made = make(*parts)
            kept = parts, made, tuple(texts_in(made))
        self.derived[key] = kept
        found: Composed = kept[1]
        return found

    def texts_within(self, value: object) -> Iterator[FilledText]:
        """Every text of what was filled and derived here."""
        known = {id(made): texts for _, made, texts in self.derived.values()}
        known |= {id(one.item): one.texts for one in self.items.values()}
        yield from texts_in(value, known)

    def remember(self) -> None:
        """Keep what was filled for the next time."""
        if self.memory:
            self.memory.items, self.memory.derived = self.items, self.derived

    def check_file(self, file: File[AnyItem], names: Mapping[str, Any]) -> None:
        """Note what cannot be filled in a file whose texts name more than the edition's do."""
        other = TextFiller(names, self.maybe_defined, self.memory)
        other.fill_file(file, "other")
        self.problems.extend(other.problems)
        self.items |= other.items

    def fill_item(
        self,
        item: AnyItem,
        document: Document,
        at: Loc,
        kind: TextKind,
        clauses: tuple[str, ...] = (),
    ) -> AnyItem:
        """The item that is written at a place of a document, its texts filled in."""
        key = id(item), at, kind, clauses
        made = self._remembered(key, item, document)
        if made is None:
            made = self._fill(item, document, at, kind, clauses)
        self.items[key] = made
        self.texts.extend(made.texts)
        self.filled.append(made.texts)
        self.problems.extend(made.problems)
        filled: AnyItem = made.item
        return filled

    def _remembered(self, key: _Key, item: ContentModel, document: Document) -> _FilledItem | None:
        kept = self.memory.items.get(key) if self.memory else None
        if kept is None or kept.given is not item or kept.document is not document:
            return None
        if kept.maybe_defined != self.maybe_defined:
            return None
        known = self.names.evaluate
        return kept if all(known(one) == value for one, value in kept.values.items()) else None

    def _fill(
        self,
        item: ContentModel,
        document: Document,
        at: Loc,
        kind: TextKind,
        clauses: tuple[str, ...],
    ) -> _FilledItem:
        texts: list[FilledText] = []
        faulty: list[Problem] = []
        values: dict[str, Evaluated] = {}

        def fill_text(source: str, loc: Loc, prose: bool) -> FilledText:
            words, faults = fill(source, self.names)
            if self.memory:
                named = (one.strip() for one in EXPRESSION.findall(source))
                values.update((one, self.names.evaluate(one)) for one in named)
            faulty.extend(
                _problem(document, loc, fault) for fault in faults if not self._may_be_right(fault)
            )
            inner = _KINDS_WITHIN.get((kind, loc[0]), kind)
            text = FilledText(words, source, document, loc, inner, clauses, prose)
            if self.mark and inner != "other":
                text = FilledText(self.mark(text), source, document, loc, inner, clauses, prose)
            texts.append(text)
            return text

        filled = rewrite_texts(item, fill_text, at)
        return _FilledItem(item, document, self.maybe_defined, values, filled, texts, faulty)

    def _may_be_right(self, fault: Fault) -> bool:
        mentioned = re.findall(r"[a-z][a-z0-9_-]*", fault.expression)
        return fault.kind != "syntax" and all(name in self.maybe_defined for name in mentioned)


def _problem(document: Document, loc: Loc, fault: Fault) -> Problem:
    kind = {
        "reference": problems.UNKNOWN_REFERENCE,
        "syntax": problems.BAD_TEMPLATE,
        "fact": problems.UNKNOWN_FACT,
    }[fault.kind]
    return Problem(kind, document.place_of(loc, fault.expression), fault.message, fault.advice)
