"""The texts of an edition: each is filled in once, and knows its source and its place.

`TextFiller` walks over content as HR wrote it and gives the same models with a `FilledText` for
every text. Pages and papers print it as the words that it is; `check` and the comparison of
editions ask it where those words come from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, cached_property
from operator import is_
from typing import Any, Literal, TypeVar

from formulary import problems
from formulary.content.base import ContentModel
from formulary.content.loading import File
from formulary.content.source import Document, Loc
from formulary.content.walk import AnyItem, rewrite_texts
from formulary.edition.facts import FACTS
from formulary.edition.text import FILTERS, Fault, fill, plain
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
_REFERENCE = re.compile(r"\[([^\]]*)\]\([a-z]+:[^)]*\)")
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
        parts = _SENTENCE_END.split(_REFERENCE.sub(r"\1", self))
        return tuple(" ".join(part.split()) for part in parts if part.strip())

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


def texts_in(value: object) -> Iterator[FilledText]:
    """Every filled text of a model, or of a collection of models, in the order of the fields."""
    if isinstance(value, FilledText):
        yield value
    elif isinstance(value, ContentModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts_in(part)


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


class TextFiller:
    """Fills texts with the facts of one organisation, and keeps what could not be filled.

    `maybe_defined` holds the names of things that are written but were too faulty to load: a text
    that names one of them is not at fault.
    """

    def __init__(
        self,
        names: Mapping[str, Any],
        maybe_defined: frozenset[str],
        mark: Mark | None = None,
    ) -> None:
        self.names = names
        self.mark = mark
        self.maybe_defined = maybe_defined and maybe_defined | frozenset(FACTS) | frozenset(FILTERS)
        self.texts: list[FilledText] = []
        self.problems: list[Problem] = []

    def fill_file(self, file: File[AnyItem], kind: TextKind) -> AnyItem:
        """What a file says, its texts filled in."""
        return self.fill_item(file.item, file.document, (), kind)

    def check_file(self, file: File[AnyItem], names: Mapping[str, Any]) -> None:
        """Note what cannot be filled in a file whose texts name more than the edition's do."""
        other = TextFiller(names, self.maybe_defined)
        other.fill_file(file, "other")
        self.problems.extend(other.problems)

    def fill_item(
        self,
        item: AnyItem,
        document: Document,
        at: Loc,
        kind: TextKind,
        clauses: tuple[str, ...] = (),
    ) -> AnyItem:
        """The item that is written at a place of a document, its texts filled in."""

        def fill_text(source: str, loc: Loc, prose: bool) -> FilledText:
            words, faults = fill(source, self.names)
            self.problems.extend(
                _problem(document, loc, fault) for fault in faults if not self._may_be_right(fault)
            )
            inner = _KINDS_WITHIN.get((kind, loc[0]), kind)
            text = FilledText(words, source, document, loc, inner, clauses, prose)
            if self.mark and inner != "other":
                text = FilledText(self.mark(text), source, document, loc, inner, clauses, prose)
            self.texts.append(text)
            return text

        return rewrite_texts(item, fill_text, at)

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
