"""What is kept comes back as it was or not at all, and equal values alone have equal keys."""

from __future__ import annotations

import datetime
import os
import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from formulary import store as store_module
from formulary.store import Store, key_of


def test_what_is_put_is_got_and_nothing_else(tmp_path: Path) -> None:
    store, key = Store(tmp_path), key_of("one")
    assert store.get(key) is None and key not in store
    store.put(key, b"data")
    assert Store(tmp_path).get(key) == b"data" and key in store
    assert store.get(key_of("two")) is None


@pytest.mark.parametrize("harm", ["cut", "empty", "changed", "swapped", "folder"])
def test_what_is_damaged_is_not_there(harm: str, tmp_path: Path) -> None:
    store, key, other = Store(tmp_path), key_of("one"), key_of("two")
    store.put(key, b"data")
    store.put(other, b"more")
    path = tmp_path / key[:2] / key[2:]
    if harm == "folder":
        path.unlink()
        path.mkdir()
    else:
        whole, swapped = path.read_bytes(), (tmp_path / other[:2] / other[2:]).read_bytes()
        harmed = {"cut": whole[:-1], "empty": b"", "changed": b"x" + whole[1:], "swapped": swapped}
        path.write_bytes(harmed[harm])
    assert store.get(key) is None
    if harm != "folder":
        store.put(key, b"data")
        assert store.get(key) == b"data"


def test_what_cannot_be_kept_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = Store(tmp_path / "file" / "store")
    store.put(key_of("one"), b"data")
    assert store.get(key_of("one")) is None
    store.tidy()


def test_the_longest_unused_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "SMALLEST_LIMIT", 500)
    keys = [key_of(number) for number in range(8)]
    for age, key in enumerate(keys):
        Store(tmp_path).put(key, bytes(100 - 32))
        os.utime(tmp_path / key[:2] / key[2:], (1000 - age, 1000 - age))
    (tmp_path / keys[0][:2] / "left.1.part").write_bytes(b"half")
    store = Store(tmp_path)
    assert store.get(keys[7])  # the oldest, but in use: it stays, and room is left for four more
    store.tidy()
    assert [key in Store(tmp_path) for key in keys] == [True] * 4 + [False] * 3 + [True]
    assert not list(tmp_path.glob("*/*.part"))


@dataclass(frozen=True)
class One:
    value: object


@dataclass(frozen=True)
class Two:
    value: object


DIFFERENT = [
    *(None, True, 1, 1.0, "1", b"1", datetime.date(2026, 1, 1), "2026-01-01", "", ()),
    *(("",), ("", ""), ("",) * 3),
    *(("a", "b"), ("ab",), (("a",), "b"), ("a", ("b",)), {"a": "b"}, {"b": "a"}, {"a": 1, "b": 2}),
    *({"b": 2, "a": 1}, frozenset("ab"), frozenset("abc"), One(1), Two(1), One(One(1)), One("1")),
]  # fmt: skip


def test_different_values_have_different_keys_and_equal_ones_equal_keys() -> None:
    assert len({key_of(value) for value in DIFFERENT}) == len(DIFFERENT)
    assert key_of("a", "b") != key_of("ab")
    assert key_of(frozenset(["a", "b", "c"])) == key_of(frozenset(["c", "b", "a"]))
    assert key_of(One(("a", 1))) == key_of(One(("a", 1)))


def test_what_has_no_key_says_so() -> None:
    with pytest.raises(TypeError, match="object"):
        key_of((1, object()))


def test_a_store_for_another_process_carries_nothing_that_this_one_may_change(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    store.put("a" * 64, b"data")
    other = pickle.loads(pickle.dumps(store))
    assert other.get("a" * 64) == b"data"
    assert pickle.dumps(Store(tmp_path)) == pickle.dumps(store)
