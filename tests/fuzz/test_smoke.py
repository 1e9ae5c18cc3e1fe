"""The fuzzers of the loader and of staff lists start, mutate, and find nothing in their seeds."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from tests.fuzz import loader, staff


@pytest.mark.parametrize("target", [loader, staff], ids=["loader", "staff"])
def test_a_few_inputs_give_values_or_catalogued_problems(
    target: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from formulary.model import content

    monkeypatch.setattr(content, "read_document", content.read_document)  # the loader's is put back
    one = target.make()  # type: ignore[attr-defined]
    chance = random.Random(7)
    for seed in islice(target.seeds(), 6):  # type: ignore[attr-defined]
        one(seed)
        one(target.mutate(seed, chance))  # type: ignore[attr-defined]
