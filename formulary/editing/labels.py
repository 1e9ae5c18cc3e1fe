"""What the panel calls the fields, the elements and the choices of the models."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from formulary.content.base import ContentModel

PANELS: dict[str, dict[str, str | list[str]]] = tomllib.loads(
    (Path(__file__).parent / "panels.toml").read_text(encoding="utf-8")
)
"""The labels of fields, and hints, by the name of their model or “any”, and by their key."""

WORDS: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text(encoding="utf-8")
)
"""All other words, by what they are for; see the comments of the file."""

FILES = WORDS["files"]
"""What is in the files of an organisation that HR writes."""


def label_of(key: str, model: str = "") -> str:
    """The label of a field, from its key and the name of its model."""
    return _words_of(key, model)[0]


def _words_of(key: str, model: str) -> tuple[str, str | None]:
    """The label of a field; and its hint, or None where the model's description is one."""
    found = PANELS.get(model, {}).get(key) or PANELS["any"].get(key)
    if isinstance(found, list):
        return found[0], found[1]
    words = key.replace("-", " ").replace("_", " ")
    return found or words[:1].upper() + words[1:], None


_FOR_FILES = re.compile(r"yaml|\bids?\b|`|left out|\bkeys?\b|\[\]|lower-case")
_LITTLE_WORDS = frozenset(
    # of English, which say nothing that a label does not
    {"a", "an", "and", "are", "by", "for", "form", "in", "is", "it", "its", "of", "order", "that"}
    | {"the", "they", "this", "to", "what", "when", "which", "who"}
)


def help_of(key: str, description: str, model: str = "") -> str:
    """What a panel says below the label of a field; empty where it would say no more than that.

    It is the model's description, without what concerns the files alone.
    """
    label, hint = _words_of(key, model)
    if hint is None:
        sentences = re.split(r"(?<=[.:])\s+", description)
        hint = " ".join(found for found in sentences if not _FOR_FILES.search(found))
    return hint if _telling(hint) - _telling(label) else ""


def _telling(words: str) -> set[str]:
    return set(re.findall(r"\w+", words.lower())) - _LITTLE_WORDS


def name_of(model: type[ContentModel]) -> str:
    """What an element of a model is called."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()
    return WORDS["names"].get(model.__name__, words[:1].upper() + words[1:])


def choice_words(value: Any, key: str = "") -> str:
    """The words for what can be chosen, in the field with a key."""
    words = str(value).replace("-", " ")
    choices = WORDS["choices"]
    found = choices.get(f"{key}.{value}") or choices.get(str(value))
    return found or words[:1].upper() + words[1:]
