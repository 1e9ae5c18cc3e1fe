"""Describe in words what every YAML file may hold, from the models and an example of each file.

Each kind of file becomes a `FileReference`: its keys and those of its parts, each with its kind,
whether it is required, its default, and what it is for.
"""

from __future__ import annotations

import datetime
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from formulary.content.base import ContentModel, Id, Name, Prose, When
from formulary.content.schema import SCHEMAS
from formulary.edition.text import number_in_words

OWN = "content/organisations/<id>"
LIBRARY = "content/library"

FILES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "organisation": (
        "Your organisation",
        (f"{OWN}/organisation.yaml",),
        "Who you are, who you review, your words and the numbers that policy, forms and checks "
        "share.",
    ),
    "policy": (
        "The policy",
        (f"{OWN}/policy.yaml",),
        "The policy: its approval, sections, clauses and changes.",
    ),
    "cycle": (
        "The year and its dates",
        (f"{OWN}/cycle.yaml",),
        "The year: cycles and their events, as rules without years.",
    ),
    "ratings": (
        "The scale of ratings",
        (f"{OWN}/ratings.yaml",),
        "The scale on which performance is judged.",
    ),
    "career-stages": (
        "Career stages",
        (f"{OWN}/career-stages.yaml",),
        "What is expected in each area at each career stage.",
    ),
    "guidance": (
        "Guidance",
        (f"{OWN}/guidance.yaml", f"{LIBRARY}/guidance.yaml"),
        "Topics of guidance, and your own diagrams.",
    ),
    "questions": (
        "Questions and answers",
        (f"{OWN}/questions.yaml", f"{LIBRARY}/questions.yaml"),
        "What staff ask, and the answers.",
    ),
    "checklists": (
        "Checklists",
        (f"{OWN}/checklists.yaml", f"{LIBRARY}/checklists.yaml"),
        "What to do before, during and after a meeting.",
    ),
    "coverage": (
        "Where an example has each fact",
        (f"{OWN}/coverage.yaml",),
        "For a worked example: where each fact of its source sheet is.",
    ),
    "staff-columns": (
        "Words of your staff lists",
        (f"{OWN}/staff-columns.yaml",),
        "The words of your staff lists, where they are not those of organisation.yaml.",
    ),
    "themes": (
        "Themes of training",
        (f"{LIBRARY}/themes.yaml",),
        "What training needs are sorted by, for all; a themes.yaml in your own folder comes first.",
    ),
    "mails": (
        "Emails to staff",
        (f"{OWN}/mails.yaml", f"{LIBRARY}/mails.yaml"),
        "The words of the emails that `formulary send` makes.",
    ),
    "synonyms": (
        "Words for the search",
        (f"{OWN}/synonyms.yaml", f"{LIBRARY}/synonyms.yaml"),
        "Words that readers type in the search, and the handbook's words for them.",
    ),
    "standards": (
        "Professional standards",
        (f"{LIBRARY}/standards.yaml",),
        "Standards of a profession, for all to use.",
    ),
    "glossary": (
        "Words explained",
        (f"{LIBRARY}/glossary.yaml",),
        "Words and abbreviations, and what they mean.",
    ),
    "accessibility": (
        "The accessibility statement",
        (f"{LIBRARY}/accessibility.yaml",),
        "What the accessibility statement is based on.",
    ),
    "law": (
        "Facts of law",
        (f"{LIBRARY}/law.yaml",),
        "What pages and checks say about the law: facts with source and the day of a check.",
    ),
    "form": (
        "A form",
        ("forms/<form>.yaml",),
        "What a form asks: its sections, fields, tables and letters.",
    ),
    "form-header": (
        "The fields that open a form",
        ("forms/house/header.yaml",),
        "The fields that open every form that has no header of its own.",
    ),
}
"""The title of each kind of file, where it is and what it holds, by the name of its schema."""


@dataclass(frozen=True)
class YamlKey:
    """One key: `kind` says what is written behind it, `default` what holds when it is left out.

    `home` is the file and the part (`form`, `form-field`) whose keys its entries have; or None.
    """

    name: str
    kind: str
    is_required: bool
    default: str
    about: str
    home: tuple[str, str] | None = None


@dataclass(frozen=True)
class YamlPart:
    """A mapping inside a file: its id (an anchor), its name, what it is, and its keys."""

    id: str
    title: str
    about: str
    keys: tuple[YamlKey, ...]


@dataclass(frozen=True)
class FileReference:
    """One kind of YAML file: its title, places, what it holds, its keys, its parts, an example."""

    name: str
    title: str
    places: tuple[str, ...]
    about: str
    keys: tuple[YamlKey, ...]
    parts: tuple[YamlPart, ...]
    example: str


Homes = Mapping[type[ContentModel], str]
"""The file on whose page a model is explained."""


def describe_files(examples: Mapping[str, str]) -> tuple[FileReference, ...]:
    """Every kind of file; `examples` are texts of YAML files by the name of the schema.

    A model in two kinds of file is a part of the first only.
    """
    homes: dict[type[ContentModel], str] = {}
    for name, model in SCHEMAS.items():
        for inner in collect_models(model):
            homes.setdefault(inner, name)
    return tuple(
        _describe_file(name, model, examples.get(name, ""), homes)
        for name, model in SCHEMAS.items()
    )


def _describe_file(
    name: str, model: type[ContentModel], example: str, homes: Homes
) -> FileReference:
    title, places, about = FILES[name]
    return FileReference(
        name=name,
        title=title,
        places=places,
        about=about,
        keys=tuple(_describe_keys(model, homes)),
        parts=tuple(
            YamlPart(
                part_id(inner),
                _spell_name(inner),
                _about(inner),
                tuple(_describe_keys(inner, homes)),
            )
            for inner in collect_models(model)[1:]
            if homes[inner] == name
        ),
        example=_without_schema(example).strip(),
    )


def _without_schema(example: str) -> str:
    """An example without the line that names its schema, whose path is that of the example."""
    first, _, rest = example.partition("\n")
    return rest if first.startswith("# yaml-language-server") else example


def collect_models(model: type[ContentModel]) -> tuple[type[ContentModel], ...]:
    """A model and every model inside it, each once, in the order of reading."""
    found: list[type[ContentModel]] = []

    def visit(hint: Any) -> None:
        if isinstance(hint, type) and issubclass(hint, ContentModel) and hint not in found:
            found.append(hint)
            for inner in get_type_hints(hint).values():
                visit(inner)
        for inner in get_args(hint):
            visit(inner)

    visit(model)
    return tuple(found)


def part_id(model: type[ContentModel]) -> str:
    """The part's permanent id: `RelatedDocument` is `related-document`."""
    return _spell_name(model).lower().replace(" ", "-")


def _spell_name(model: type[ContentModel]) -> str:
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in model.__name__)
    return words.strip().capitalize()


def _about(model: type[ContentModel]) -> str:
    """What a model is, in the words of its docstring."""
    return " ".join((model.__doc__ or "").split())


def _describe_keys(model: type[ContentModel], homes: Homes) -> Iterator[YamlKey]:
    hints = get_type_hints(model, include_extras=True)
    for name, info in model.model_fields.items():
        kind, inner = _describe_kind(hints[name])
        yield YamlKey(
            name=info.alias or name,
            kind=kind + _describe_limits(info),
            is_required=info.is_required(),
            default=_describe_default(info.default),
            about=info.description or "",
            home=(homes[inner], part_id(inner)) if inner else None,
        )


def _describe_default(value: Any) -> str:
    if (
        value is PydanticUndefined
        or value is None
        or isinstance(value, ContentModel)
        or value in ((), {})
    ):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _describe_kind(hint: Any) -> tuple[str, type[ContentModel] | None]:
    """What is written for a type hint, in HR's words; and the model that its entries are."""
    if known := _describe_plain(hint):
        return known, None
    if isinstance(hint, type) and issubclass(hint, ContentModel):
        return f"the keys of “{_spell_name(hint)}”", hint
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return (_describe_text(hint), None) if arguments[0] is str else _describe_kind(arguments[0])
    if origin is Literal:
        return f"one of {', '.join(str(choice) for choice in arguments)}", None
    if origin in (Union, types.UnionType):
        kinds = [_describe_kind(inner) for inner in arguments if inner is not type(None)]
        return " or ".join(kind for kind, _ in kinds), next((m for _, m in kinds if m), None)
    if origin is tuple:
        kind, model = _describe_kind(arguments[0])
        return f"a list, each entry {kind}", model
    if origin is dict:
        (name, _), (kind, model) = _describe_kind(arguments[0]), _describe_kind(arguments[1])
        return f"keys ({name}), each with {kind}", model
    raise TypeError(f"No words for {hint}")


def _describe_plain(hint: Any) -> str:
    """The words for a type that needs no closer look; empty for any other."""
    for known, words in (
        (Id, "an id"),
        (Name, "a name"),
        (When, "a time rule"),
        (str, "text"),
        (int, "a whole number"),
        (float, "a number"),
        (bool, "true or false"),
        (datetime.date, "a day"),
    ):
        if hint == known:
            return words
    return ""


def _describe_text(hint: Any) -> str:
    marks = hint.__metadata__
    if any(isinstance(mark, Prose) for mark in marks):
        return "a text"
    described = next((m.description for m in marks if isinstance(m, FieldInfo)), None)
    return described[0].lower() + described[1:].rstrip(".") if described else "a line"


def _describe_limits(info: FieldInfo) -> str:
    """The least and the most that a number or the length of a list may be."""
    least = {
        name: getattr(mark, name)
        for mark in info.metadata
        for name in ("ge", "le", "min_length", "max_length")
        if getattr(mark, name, None) is not None
    }
    is_list = get_origin(info.annotation) is tuple
    if "ge" in least and "le" in least:
        return f", from {least['ge']} to {least['le']}"
    if "ge" in least:
        return f", from {least['ge']}"
    if is_list and "min_length" in least:
        count = f"at least {number_in_words(least['min_length'])}"
        most = least.get("max_length")
        return f"; {count}" + (f" and at most {number_in_words(most)}" if most else "")
    return ""
