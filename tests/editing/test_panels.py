"""The words of the panels: what they call each field, and what they say below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from formulary.content.base import ContentModel
from formulary.content.form import Form, FormHeader
from formulary.content.loading import LIBRARY_FILES, ORGANISATION_FILES
from formulary.content.walk import hints_of
from formulary.editing.fields import kind_of
from formulary.editing.labels import PANELS, help_of, label_of

OF_FILES = re.compile(
    r"yaml|\bids?\b|\bkeys?\b|`|\{\{|\[\[|linter|\bstamp|anchor|register column|left out\)|\.\.",
    re.I,
)
"""What only a reader of the files knows."""


def models_in(hint: Any) -> Iterator[type[ContentModel]]:
    if isinstance(hint, type) and issubclass(hint, ContentModel):
        yield hint
    for part in get_args(hint):
        yield from models_in(part)


def all_models() -> dict[str, type[ContentModel]]:
    """Every model that a panel can be of."""
    waiting = [*ORGANISATION_FILES.values(), *LIBRARY_FILES.values(), Form, FormHeader]
    found: dict[str, type[ContentModel]] = {}
    while waiting:
        model = waiting.pop()
        if found.setdefault(model.__name__, model) is model:
            waiting += [
                inner
                for _, hint, _ in hints_of(model)
                for inner in models_in(hint)
                if inner.__name__ not in found
            ]
    return found


def test_a_hint_says_more_than_its_label_and_nothing_of_files() -> None:
    for name, model in all_models().items():
        if name == "Coverage":  # which has no panel
            continue
        labels = []
        for key, hint, info in hints_of(model):
            if key in ("id", "schema") or kind_of(hint)[0] == "other":
                continue
            label, said = label_of(key, name), help_of(key, info.description or "", name)
            labels.append(label)
            assert not OF_FILES.search(f"{label} {said}"), (name, key, label, said)
            assert said == "" or re.search(r"[.:”]$", said), (name, key, said)
            assert said.rstrip(".").lower() not in (label.lower(), f"the {label.lower()}")
        assert len(labels) == len(set(labels)), (name, labels)


def test_a_hint_that_repeats_its_label_is_dropped() -> None:
    for label, said in (
        ("filled-by", "Who fills it in."),
        ("filled-by", "Who fills in the form."),
        ("name", "The name."),
        ("forms", "The forms, in order."),
        ("title", "What the title is."),
    ):
        assert help_of(label, said) == "", said
    assert help_of("name", "The name that readers see.") == "The name that readers see."


def test_every_label_is_of_a_field_that_there_is() -> None:
    models = all_models()
    for name, words in PANELS.items():
        keys = {key for key, _, _ in hints_of(models[name])} if name != "any" else set(words)
        assert set(words) <= keys, (name, set(words) - keys)
