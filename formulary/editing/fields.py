"""What the panel shows of one element of the content: its fields, with labels from the models."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from formulary.content.base import Colour, ContentModel, Id, Prose, When, Words
from formulary.content.form import FormField, FormSection
from formulary.content.organisation import Offer
from formulary.content.source import Document, Loc
from formulary.content.splicing import value_at
from formulary.content.walk import hint_of, hints_of, model_at
from formulary.content.ways import way_to
from formulary.editing.form_parts import ANSWERS, COUNTED_BY, first_values
from formulary.editing.labels import choice_words, help_of, label_of, name_of
from formulary.editing.operations import as_shown
from formulary.editing.places import Spot, read_spot, spot_of
from formulary.editing.time_rules import rule_choices, rule_parts
from formulary.edition.edition import Edition
from formulary.edition.text import plain

Choices = list[tuple[str, str]]
"""What can be chosen: the value, and the words for it."""

_TITLES = ("asks", "title", "name", "label", "reviewee", "about", "states", "words", "text", "id")


@dataclass(frozen=True)
class Element:
    """A part of a file that one panel edits: where it is, and its model."""

    document: Document
    model: type[ContentModel]
    loc: Loc

    @property
    def spot(self) -> Spot:
        """How a browser names it."""
        return spot_of(self.document, self.loc)

    @property
    def data(self) -> Any:
        """Its values."""
        return value_at(self.document.data, self.loc)


def find_element(document: Document, model: type[ContentModel], loc: Loc) -> Element:
    """The element that a place is in: the innermost with fields of its own.

    What is no more than a line of a list is edited in the panel of what has the list.
    """
    found = [
        loc[:length]
        for length in range(len(loc) + 1)
        if isinstance(value_at(document.data, loc[:length]), dict)
        and model_at(model, loc[:length]) is not None
    ]
    inner = found[-1]
    while len(found) > 2 and _is_row(model_at(model, inner)):
        found.pop()
        inner = found[-1]
    own = model_at(model, inner)
    assert own is not None
    return Element(document, own, inner)


def _is_row(model: type[ContentModel] | None) -> bool:
    """Whether a model is a line of a list: a few plain values, and at most more lines within."""
    if model is None:
        return False
    hints = [hint for _, hint, _ in hints_of(model) if model not in get_args(hint)]
    plain_ones = [hint for hint in hints if not _holds_models(hint)]
    return len(plain_ones) == len(hints) <= 4 and all(kind_of(h)[0] in _SIMPLE for h in hints)


def _holds_models(hint: Any) -> bool:
    if isinstance(hint, type) and issubclass(hint, ContentModel):
        return True
    return any(_holds_models(part) for part in get_args(hint))


_SIMPLE = {"line", "prose", "plain", "number", "date", "yesno", "choice", "colour", "id", "when"}


_LISTS = {
    "id": "ids",
    "choice": "choices",
    "line": "lines",
    "plain": "lines",
    "prose": "lines",
    "lines": "grid",
}
"""The kind of control for a list of things of a kind."""


def kind_of(hint: Any) -> tuple[str, Any]:
    """The kind of control for a type hint, and the hint of what is in it (of a list, a mapping)."""
    if hint is When or hint is Colour or hint is Id:
        return {When: "when", Colour: "colour", Id: "id"}[hint], None
    origin, parts = get_origin(hint), get_args(hint)
    if int in parts and str in parts:
        return "count", None
    if origin in (Union, types.UnionType):
        return kind_of(next(part for part in parts if part is not type(None)))
    if origin is Annotated:
        if any(isinstance(mark, Prose) for mark in hint.__metadata__):
            return "prose", None
        if any(isinstance(mark, Words) for mark in hint.__metadata__):
            return "line", None
        return kind_of(parts[0])
    if origin is Literal:
        return "choice", parts
    if origin is tuple:
        inner = parts[0]
        if isinstance(inner, type) and issubclass(inner, ContentModel):
            return ("rows" if _is_row(inner) else "list"), inner
        kind = kind_of(inner)[0]
        return _LISTS.get(kind, "other"), inner
    if origin in (dict, Mapping):
        kind = kind_of(parts[1])[0]
        if kind == "part":
            return "map", parts[1]
        return ("cells" if kind in ("prose", "line", "plain") else "other"), parts[1]
    if isinstance(hint, type) and issubclass(hint, ContentModel):
        return "part", hint
    simple = {bool: "yesno", int: "number", float: "number", str: "plain"}
    name = getattr(hint, "__name__", "")
    return simple.get(hint, "date" if name == "date" else "other"), None


def all_fields(fields: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The fields of an element, and those of the parts within."""
    for found in fields:
        yield found
        yield from all_fields(found.get("fields", ()))


def way_to_list(document: Document, loc: Loc) -> str:
    """The way to a list, which need not be there yet."""
    above = way_to(document.data, loc[:-1])
    return f"{above}/{loc[-1]}" if above else str(loc[-1])


def _as_new(found: dict[str, Any], at: str) -> dict[str, Any]:
    """A field of an entry that is to be added to the list at a spot.

    Entries of its own that need one text are asked for as lines.
    """
    needed = [one for one in found.get("row", ()) if one["needed"]]
    if found["kind"] == "rows" and len(needed) == 1 and needed[0]["kind"] in ("line", "prose"):
        found = {**found, "kind": "newlines", "in": needed[0]["key"]}
    return {**found, "spot": f"{at}/=new/{found['key']}"}


def _note(entry: Any) -> str:
    """What a list says of an entry beside its heading: the kind of answer of a question."""
    return choice_words(entry["type"]) if isinstance(entry, dict) and "type" in entry else ""


def _quick(model: type[ContentModel]) -> list[dict[str, Any]]:
    """The fields that are asked for where an entry is added in one line; none where more is needed.

    The choice comes first, then one line of words.
    """
    needed = [(k, *kind_of(h), i) for k, h, i in hints_of(model) if i.is_required() and k != "id"]
    kinds = sorted(kind for _, kind, _, _ in needed)
    if kinds not in (["line"], ["choice", "line"]):
        return []
    return [
        {
            "key": key,
            "kind": kind,
            "label": info.title or label_of(key, model.__name__),
            "choices": [(one, choice_words(one, key)) for one in inner] if kind == "choice" else [],
        }
        for key, kind, inner, info in sorted(needed, key=lambda one: one[1])
    ]


@dataclass(frozen=True)
class Describer:
    """Describes elements of files of one model to the browser, in the words of one edition."""

    edition: Edition
    root: type[ContentModel]
    say: Callable[[str], str]
    """Fills the facts in a text."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """The title of every form that there is, by id."""

    def describe(self, element: Element, library: Element | None = None) -> dict[str, Any]:
        """The element as JSON: its name, heading, place among its like, and fields.

        `library` is the entry whose words it has where it says nothing itself.
        """
        data = {**(library.data if library else {}), **element.data}
        above, last = element.loc[:-1], element.loc[-1] if element.loc else ""
        entries = value_at(element.document.data, above) if isinstance(last, int) else ()
        count = f"{last + 1} of {len(entries)}" if isinstance(last, int) else ""
        name = name_of(element.model)
        return {
            "spot": str(element.spot),
            "kicker": f"{name} {count}".strip(),
            "name": name,
            "heading": self._heading(element, data),
            "place": last if isinstance(last, int) else None,
            "count": len(entries),
            "list": str(self._spot(element, above)) if isinstance(last, int) else "",
            "above": self._above(element),
            "homes": list(self._homes(element)),
            "fields": [
                self._inherited(found, library) if library else found
                for found in self._fields(element, element.model, element.loc)
            ],
        }

    def _inherited(self, found: dict[str, Any], library: Element) -> dict[str, Any]:
        """A field with the library's words, where the organisation has none of its own."""
        value = library.data.get(found["key"])
        if found["here"] or value is None or found["kind"] not in ("line", "prose", "choice"):
            return found
        return {**found, "value": as_shown(value), "here": True, "inherited": True}

    def describe_new(
        self, document: Document, model: type[ContentModel], loc: Loc
    ) -> dict[str, Any]:
        """An entry that is not there yet, for the list at a place. Raises KeyError."""
        above = model_at(model, loc[:-1])
        hint = hint_of(above, loc[-1])
        kind, inner = kind_of(hint)
        if kind not in ("rows", "list", "map"):
            raise KeyError(loc)
        bare = Document(document.path, {"new": {}})
        element = Element(bare, inner, ("new",))
        at = str(Spot(document.path.as_posix(), way_to_list(document, loc)))
        fields = [_as_new(found, at) for found in self._fields(element, inner, ("new",))]
        offered = self.edition.references.forms
        for found in fields:
            if inner is Offer and found["key"] == "form":
                found["choices"] = [one for one in found["choices"] if one[0] not in offered]
            if found["kind"] == "when":
                found["rules"] = rule_choices(self.edition, read_spot(found["spot"]))
        return {
            "spot": str(spot_of(document, loc[:-1])),
            **dict.fromkeys(("kicker", "name"), name_of(inner)),
            "heading": "",
            "list": "",
            "count": 0,
            "place": None,
            "above": None,
            "homes": [],
            "fields": [
                found
                for found in fields
                if found["kind"] not in ("rows", "list", "map", "part", "other")
            ],
        }

    def _above(self, element: Element) -> tuple[str, str] | None:
        """The spot and the heading of what an element is part of, if that has a panel."""
        above = element.loc
        while above:
            above = above[:-1]
            model = model_at(self.root, above)
            data = value_at(element.document.data, above)
            if isinstance(data, dict) and model is not None:
                outer = Element(element.document, model, above)
                return str(outer.spot), self._heading(outer, data) or name_of(model)
        return None

    def _homes(self, element: Element) -> Iterator[tuple[str, str]]:
        """The lists of other sections that a part of a section can be moved to, and their names."""
        loc = element.loc
        is_in_section = len(loc) > 3 and isinstance(loc[-3], int)
        if element.model.__name__ not in ("Clause", "FormField") or not is_in_section:
            return
        for place, section in enumerate(value_at(element.document.data, loc[:-3])):
            found = (*loc[:-3], place, loc[-2])
            model = model_at(self.root, found[:-1])
            if place == loc[-3] or not section.get(loc[-2]) or model is None:
                continue
            name = self._heading(Element(element.document, model, found[:-1]), section)
            title = self.say(section.get("title", ""))
            yield str(self._spot(element, found)), name if title in name else f"{name}: {title}"

    def table_of(self, document: Document) -> dict[str, Any]:
        """A table of judgement as a grid: its columns, and each row with its cells and their spots.

        Raises KeyError where there is none.
        """
        data = document.data
        columns = data.get("levels") or data["stages"]
        key = "criteria" if "criteria" in data else "areas"
        file = document.path.as_posix()
        return {
            "title": plain(str(data.get("title", ""))),
            "columns": [column["name"] for column in columns],
            "rows": [
                {
                    "name": row["name"],
                    "cells": [
                        {
                            "spot": str(Spot(file, f"{key}/={row['id']}/cells/{column['id']}")),
                            "value": as_shown(row["cells"].get(column["id"])),
                        }
                        for column in columns
                    ],
                }
                for row in data[key]
            ],
        }

    def insertable(self) -> Choices:
        """What a text can name: the expression, and its words."""
        edition, known = self.edition, self.edition.references
        found: Choices = [
            (f"{{{{ clause('{id}') }}}}", label[:1].upper() + label[1:])
            for id, label in known.clauses.items()
        ]
        found += [(f"{{{{ form('{id}') }}}}", title) for id, title in known.forms.items()]
        for name, rule in edition.organisation.rules.items():
            for part in ("min", "max", "normal", "exactly"):
                number = getattr(rule, part)
                if number is not None:
                    expression = f"{{{{ rules.{name}.{part} | words }}}}"
                    found.append((expression, f"{number}: {plain(rule.states)}"))
        for name, words in edition.organisation.words.items():
            found.append((f"{{{{ words.{name} }}}}", plain(str(words))))
        for calendar in edition.calendars:
            for dated in calendar.events:
                if dated.first is not None:
                    expression = f"{{{{ day('{calendar.cycle.id}.{dated.event.id}') }}}}"
                    words = edition.when(dated, year=False)
                    found.append(
                        (expression, f"{dated.event.name}, {calendar.cycle.name}: {words}")
                    )
        return found

    def _spot(self, element: Element, loc: Loc) -> Spot:
        return spot_of(element.document, loc)

    def _heading(self, element: Element, data: Any) -> str:
        if element.model.__name__ in ("Clause", "Section") and data.get("id"):
            try:
                said = self.edition.label(data["id"])
                if said[:1] != "“":  # it has no number, and would be called by its section
                    return said[:1].upper() + said[1:]
            except KeyError:
                pass
        words = next((str(data[key]) for key in _TITLES if data.get(key)), "")
        words = " ".join(plain(re.sub(r"\{\{.*?\}\}", "…", self.say(words))).split())
        return words if len(words) <= 70 else words[:69].rsplit(" ", 1)[0] + "…"

    def _fields(
        self, element: Element, model: type[ContentModel], loc: Loc
    ) -> Iterator[dict[str, Any]]:
        data = value_at(element.document.data, loc)
        at = self._spot(element, loc)
        for key, hint, info in hints_of(model):
            if key in ("id", "schema"):
                continue
            kind, inner = kind_of(hint)
            value = data.get(key)
            made: dict[str, Any] = {
                "key": key,
                "spot": f"{at}/{key}" if at.way else f"{at}{key}",
                "label": info.title or label_of(key, model.__name__),
                "help": help_of(key, info.description or "", model.__name__),
                "kind": kind,
                "value": as_shown(value),
                "needed": info.is_required(),
                "here": key in data,
                "of": (model.__name__, data.get("id", "")),
            }
            if kind in ("choice", "choices"):
                options = inner if kind == "choice" else get_args(inner)
                made["choices"] = [(found, choice_words(found, key)) for found in options]
            if kind == "when":
                made["rule"] = rule_parts(value) if isinstance(value, str) else {}
                made["rules"] = rule_choices(self.edition, read_spot(made["spot"]))
            if kind == "count":
                rules = self.edition.organisation.rules
                made["choices"] = COUNTED_BY + [
                    (f"rules.{id}.{part}", f"{getattr(rule, part)}: {plain(rule.states)}")
                    for id, rule in rules.items()
                    for part in ("max", "exactly", "normal", "min")
                    if getattr(rule, part) is not None
                ]
            if model is FormField and key in ANSWERS:
                made["for"] = ANSWERS[key]
            if model is FormField and key == "from":
                made["kind"] = "choice"
                made["choices"] = first_values(element.document.data)
            if kind in ("id", "ids"):
                made["choices"] = self._choices(key, element)
                if not made["choices"]:
                    made["kind"] = "other"
            if kind == "rows":
                made["row"] = [
                    {
                        "key": k,
                        "label": i.title or label_of(k, inner.__name__),
                        "kind": kind_of(h)[0],
                        "needed": i.is_required(),
                    }
                    for k, h, i in hints_of(inner)
                    if k != "id" and kind_of(h)[0] in _SIMPLE
                ]
                made["rows"] = [
                    str(self._spot(element, (*loc, key, place)))
                    for place in range(len(value or ()))
                ]
            if kind == "list":
                made["name"] = name_of(inner)
                made["rows"] = [
                    (
                        str(self._spot(element, (*loc, key, place))),
                        self._heading(Element(element.document, inner, (*loc, key, place)), entry),
                        _note(entry),
                    )
                    for place, entry in enumerate(value or ())
                ]
                made["new"] = _quick(inner)
                if model is FormSection and "table" not in data:
                    made["tableSpot"] = f"{at}/table"
            if kind in ("rows", "list"):
                made["copies"] = inner.__name__ not in ("Group", "Cycle", "Offer")
            if kind == "map":
                made["name"] = name_of(inner)
                made["fixed"] = get_origin(get_args(hint)[0]) is Literal
                made["rows"] = [
                    (
                        str(self._spot(element, (*loc, key, name))),
                        self._heading(Element(element.document, inner, (*loc, key, name)), entry),
                    )
                    for name, entry in (value or {}).items()
                ]
            if kind == "cells":
                if key == "cells":
                    cells = made["value"] or {}
                    made["value"] = dict.fromkeys(self._columns(element), "") | cells
                made["names"] = {k: self._cell_name(k) for k in made["value"] or ()}
                made["each"] = kind_of(inner)[0]
            if kind == "part" and isinstance(value, dict):
                made["fields"] = list(self._fields(element, inner, (*loc, key)))
            yield made

    def _columns(self, element: Element) -> tuple[str, ...]:
        """The ids of the columns of the table that an element is a row of."""
        ratings, stages = self.edition.ratings, self.edition.career_stages
        if element.document.path.stem == "career-stages":
            return tuple(one.id for one in stages.stages) if stages else ()
        return tuple(one.id for one in ratings.levels) if ratings else ()

    def _cell_name(self, id: str) -> str:
        edition = self.edition
        named: dict[str, str] = {}
        if edition.ratings:
            named |= {level.id: level.name for level in edition.ratings.levels}
        if edition.career_stages:
            named |= {stage.id: stage.name for stage in edition.career_stages.stages}
        named |= {group.id: group.name for group in edition.organisation.groups}
        return named.get(id, label_of(id))

    def _choices(self, key: str, element: Element) -> Choices:
        edition = self.edition
        known = edition.references
        if key in ("clauses", "clause", "replaced-by"):
            return [
                (id, label[:1].upper() + label[1:])
                for names in (known.clauses, known.sections, known.appendices)
                for id, label in names.items()
            ]
        if key in ("groups", "group"):
            return [(group.id, group.name) for group in edition.organisation.groups]
        if element.model is Offer and key == "form":
            return [(id, known.forms.get(id, title)) for id, title in self.forms.items()]
        if key in ("forms", "form", "sample"):
            return list(known.forms.items())
        if key == "acts":
            return [(role.id, role.name) for role in edition.organisation.roles]
        if key == "after":
            steps = element.spot.way.replace("=", "/").split("/")
            cycles = (found for found in edition.cycles.cycles if found.id in steps)
            return [(event.id, event.name) for cycle in cycles for event in cycle.events]
        if key == "diagram":
            return [(found.id, found.title) for found in edition.diagrams]
        if key == "standards":
            return [(found.id, found.title) for found in edition.standards]
        if key == "pay-from" and edition.ratings:
            return [(level.id, level.name) for level in edition.ratings.levels]
        return []
