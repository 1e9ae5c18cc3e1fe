"""Walk over content models by their type hints: every text in them, and the keys they know."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from formulary.content.base import ContentModel, Prose, Words
from formulary.content.source import Loc

AnyItem = TypeVar("AnyItem", bound=ContentModel)

Rewrite = Callable[[str, Loc, bool], str]
"""Takes a text, its place, and whether it is prose; gives the text to put there."""


@cache
def _fields(model: type[ContentModel]) -> tuple[tuple[str, str, Any], ...]:
    """Every field of a model: its name, the key it has in YAML, and its type hint."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        (name, info.alias or name, hints[name]) for name, info in model.model_fields.items()
    )


@cache
def _holds_text(hint: Any, within: frozenset[type[ContentModel]] = frozenset()) -> bool:
    """Whether a hint can hold texts; `within` are the models that it is in, for some hold others
    of their own kind."""
    if isinstance(hint, type) and issubclass(hint, ContentModel):
        inner = () if hint in within else _fields(hint)
        return any(_holds_text(part, within | {hint}) for _, _, part in inner)
    if get_origin(hint) is Annotated:
        return any(isinstance(mark, Words) for mark in hint.__metadata__)
    return any(_holds_text(part, within) for part in get_args(hint))


@cache
def _text_fields(model: type[ContentModel]) -> tuple[tuple[str, str, Any], ...]:
    """The fields of a model that can hold texts, as `_fields` gives them."""
    return tuple(field for field in _fields(model) if _holds_text(field[2]))


def rewrite_texts(item: AnyItem, rewrite: Rewrite, loc: Loc = ()) -> AnyItem:
    """The same item, every text that it was given (see `base.Words`) passed through `rewrite`."""
    given = item.model_fields_set
    changes = {
        name: _rewrite_value(value, hint, rewrite, (*loc, key))
        for name, key, hint in _text_fields(type(item))
        if name in given and (value := getattr(item, name)) is not None
    }
    return item.model_copy(update=changes) if changes else item


def _rewrite_value(value: Any, hint: Any, rewrite: Rewrite, loc: Loc) -> Any:
    if isinstance(value, ContentModel):
        return rewrite_texts(value, rewrite, loc)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        hint = next((h for h in get_args(hint) if _holds_text(h)), hint)
        return _rewrite_value(value, hint, rewrite, loc)
    if isinstance(value, str) and origin is Annotated and _holds_text(hint):
        prose = any(isinstance(mark, Prose) for mark in hint.__metadata__)
        return rewrite(value, loc, prose)
    if isinstance(value, tuple):
        inner = get_args(hint)[0]
        return tuple(
            _rewrite_value(part, inner, rewrite, (*loc, i)) for i, part in enumerate(value)
        )
    if isinstance(value, Mapping):
        inner = get_args(hint)[1]
        return {
            key: _rewrite_value(part, inner, rewrite, (*loc, key)) for key, part in value.items()
        }
    return value


def known_keys(model: type[ContentModel], loc: Loc) -> tuple[str, ...]:
    """The keys that the mapping at `loc` of a file of that model may have; none if it is free."""
    found = model_at(model, loc)
    return tuple(key for _, key, _ in _fields(found)) if found else ()


def hints_of(model: type[ContentModel]) -> tuple[tuple[str, Any, FieldInfo], ...]:
    """The key of each field of a model in YAML, its type hint, and what pydantic knows of it."""
    return tuple((key, hint, model.model_fields[name]) for name, key, hint in _fields(model))


def hint_of(model: type[ContentModel] | None, key: str | int) -> Any:
    """The type hint of what a model has under a key in YAML; None where it has nothing."""
    fields = _fields(model) if model else ()
    return next((hint for _, known, hint in fields if known == key), None)


def placeholder_for(model: type[ContentModel], loc: Loc, key: str) -> str | int | None:
    """A value that can replace a faulty one under `key` of the mapping at `loc`.

    Only for what nothing refers to: texts, numbers and choices; None for ids, lists and the like.
    """
    hint = hint_of(model_at(model, loc), key)
    if get_origin(hint) is Literal:
        return str(get_args(hint)[0])
    if get_origin(hint) is Annotated and _holds_text(hint):
        return "…"
    number = hint is int or (get_origin(hint) is Annotated and get_args(hint)[0] is int)
    return 2000 if number else None


def model_at(model: type[ContentModel], loc: Loc) -> type[ContentModel] | None:
    """The model of the mapping at `loc` of a file of that model; None if there is none."""
    hint: Any = model
    for step in loc:
        hint = _step(hint, step)
    return _model_in(hint)


def _step(hint: Any, step: str | int) -> Any:
    model = _model_in(hint)
    if model is not None:
        return hint_of(model, step)
    for part in (hint, *get_args(hint)):
        arguments = get_args(part)
        if get_origin(part) is dict:
            return arguments[1]
        if get_origin(part) is tuple:
            return arguments[0]
    return None


def _model_in(hint: Any) -> type[ContentModel] | None:
    if isinstance(hint, type) and issubclass(hint, ContentModel):
        return hint
    if get_origin(hint) in (Union, types.UnionType):
        return next((found for h in get_args(hint) if (found := _model_in(h))), None)
    return None
