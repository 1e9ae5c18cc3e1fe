"""Every save is whole, can be undone, and is not lost whatever happens while it is made."""

from __future__ import annotations

import datetime
import errno
import os
from pathlib import Path

import pytest

from formulary.editing import journal as journal_module
from formulary.editing.journal import Change, Journal, OutsideChangeError, take_back
from formulary.problems import OutputError

A, B = b"one\ntwo\nthree\nfour\nfive\n", b"one\n2\nthree\nfour\nfive\n"


def folder_of_two(place: Path) -> Path:
    (place / "content").mkdir(parents=True)
    for name in ("a.yaml", "b.yaml"):
        (place / "content" / name).write_bytes(A)
    return place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return folder_of_two(tmp_path / "project")


def files(root: Path) -> tuple[bytes, bytes]:
    return (root / "content" / "a.yaml").read_bytes(), (root / "content" / "b.yaml").read_bytes()


def both(root: Path) -> dict[Path, Change]:
    return {root / "content" / name: (A, B) for name in ("a.yaml", "b.yaml")}


class Killed(BaseException):
    """What ends a run at one of its steps."""


def test_a_run_killed_at_any_step_of_a_save_leaves_the_old_or_the_new_of_both_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is stopped before its first step, its second, and so on, until it ends by itself."""
    real_fsync, real_replace = os.fsync, Path.replace
    step = 0
    while True:
        root = folder_of_two(tmp_path / str(step))
        count = 0

        def may_die() -> None:
            nonlocal count
            count += 1
            if count > step:  # noqa: B023 (called within this round)
                raise Killed

        def fsync(file: int) -> None:
            may_die()
            real_fsync(file)

        def replace(path: Path, target: Path) -> Path:
            may_die()
            return real_replace(path, target)

        with monkeypatch.context() as patched:
            patched.setattr(journal_module.os, "fsync", fsync)
            patched.setattr(Path, "replace", replace)
            try:
                Journal(root).write("Changed", both(root))
                finished = True
            except Killed:
                finished = False
        assert all(data in (A, B) for data in files(root))
        Journal(root).recover()
        after = files(root)
        assert after in ((A, A), (B, B)), step
        assert not [path for path in (root / "content").iterdir() if path.suffix != ".yaml"]
        if after == (B, B):
            again = Journal(root)
            last = again.last()
            assert last is not None
            again.write("Undone", again.plan_undoing(last), last.number)
            assert files(root) == (A, A)
        if finished:
            break
        step += 1
    assert step > 8


def test_a_file_that_somebody_else_changed_is_not_overwritten(root: Path) -> None:
    (root / "content" / "a.yaml").write_bytes(A + b"six\n")
    with pytest.raises(OutsideChangeError):
        Journal(root).write("Changed", both(root))
    assert files(root) == (A + b"six\n", A)
    assert Journal(root).saves() == ()


def test_fifty_saves_are_undone_byte_for_byte(root: Path) -> None:
    journal, path = Journal(root), root / "content" / "a.yaml"
    states = [A]
    for number in range(50):
        after = states[-1].replace(b"five", b"five %d\r\nfive" % number, 1)
        journal.write(f"Changed {number}", {path: (states[-1], after)})
        states.append(after)
    for before in reversed(states[:-1]):
        last = journal.last()
        assert last is not None
        journal.write("Undone", journal.plan_undoing(last), last.number)
        assert path.read_bytes() == before
    assert journal.last() is None


def test_an_earlier_save_is_undone_and_a_later_one_stays(root: Path) -> None:
    journal, path = Journal(root), root / "content" / "a.yaml"
    first = journal.write("First", {path: (A, B)})
    later = B.replace(b"five", b"5")
    journal.write("Second", {path: (B, later)})
    journal.write("Undone", journal.plan_undoing(first), first.number)
    assert path.read_bytes() == A.replace(b"five", b"5")
    assert journal.undone() == {first.number}


@pytest.mark.parametrize(
    "now",
    [
        b"one\ndeux\nthree\nfour\nfive\n",
        b"",
        b"one\n2\nthree\nfour\nfive\none\n2\nthree\nfour\nfive\n",
    ],
)
def test_what_was_changed_since_is_not_taken_back(now: bytes) -> None:
    with pytest.raises(OutsideChangeError):
        take_back(A, B, now)


def test_a_file_that_a_save_made_is_gone_when_it_is_undone(root: Path) -> None:
    path, journal = root / "content" / "new.yaml", Journal(root)
    save = journal.write("Added", {path: (None, A)})
    journal.write("Undone", journal.plan_undoing(save), save.number)
    assert not path.exists()
    journal.write("Added", {path: (None, A)})
    path.write_bytes(B)
    with pytest.raises(OutsideChangeError):
        journal.plan_undoing(save)


def test_a_new_file_and_a_torn_line_of_the_journal(root: Path) -> None:
    path = root / "content" / "new.yaml"
    journal = Journal(root)
    journal.write("Added", {path: (None, A)})
    with (journal.folder / "journal.jsonl").open("ab") as file:
        file.write(b'{"save": 2, "at"')
    again = Journal(root)
    again.recover()
    assert path.read_bytes() == A and len(again.saves()) == 1
    again.write("Changed", {path: (A, B)})
    assert [save.label for save in again.saves()] == ["Added", "Changed"]


def test_a_full_disk_at_any_step_is_said_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at the first step of a save, at the second, and so on, until it is saved."""
    real = {"fsync": os.fsync, "replace": Path.replace}
    step, refused = 0, 0
    while True:
        root = folder_of_two(tmp_path / str(step))
        count = 0

        def may_fail() -> None:
            nonlocal count
            count += 1
            if count == step + 1:  # noqa: B023 (called within this round)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def fsync(file: int) -> None:
            may_fail()
            real["fsync"](file)

        def replace(path: Path, target: Path) -> Path:
            may_fail()
            return real["replace"](path, target)

        with monkeypatch.context() as patched:
            patched.setattr(journal_module.os, "fsync", fsync)
            patched.setattr(Path, "replace", replace)
            try:
                Journal(root).write("Changed", both(root))
                failed = False
            except OutputError as error:
                failed, refused = True, refused + 1
                assert "full" in str(error)
        if count <= step:
            break
        left = [path.name for path in (root / "content").iterdir() if path.suffix != ".yaml"]
        assert left == []
        again = Journal(root)
        if failed and files(root) == (A, A):
            assert again.saves() == ()
        again.recover()
        assert files(root) == ((A, A) if failed and not again.saves() else (B, B)), step
        again.write("Again", {root / "content" / "a.yaml": (files(root)[0], b"new\n")})
        assert again.last().label == "Again"  # type: ignore[union-attr]
        step += 1
    assert step > 8 and refused >= step - 1


def test_a_torn_line_on_a_full_disk_is_taken_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(root)
    journal.write("First", {root / "content" / "a.yaml": (A, B)})
    before = (journal.folder / "journal.jsonl").read_bytes()

    def fsync(file: int) -> None:
        if os.fstat(file).st_ino == (journal.folder / "journal.jsonl").stat().st_ino:
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(journal_module.os, "fsync", fsync)
    with pytest.raises(OutputError):
        journal.write("Second", {root / "content" / "b.yaml": (A, B)})
    assert (journal.folder / "journal.jsonl").read_bytes() == before
    assert files(root) == (B, A)


def test_a_file_that_another_program_holds_is_tried_again_and_then_all_stay_as_they_were(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, held, waited = Path.replace, 2, list[float]()

    def replace(path: Path, target: Path) -> Path:
        nonlocal held
        if target.name == "b.yaml" and held:
            held -= 1
            raise PermissionError(13, "in use")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(journal_module.time, "sleep", waited.append)
    Journal(root).write("Changed", both(root))
    assert files(root) == (B, B) and waited == list(journal_module.PATIENCE[:2])
    held = 99
    with pytest.raises(OutputError):
        Journal(root).write("Back", dict.fromkeys(both(root), (B, A)))
    assert files(root) == (B, B)
    assert [save.label for save in Journal(root).saves()] == ["Changed"]
    Journal(root).recover()
    assert files(root) == (B, B)


def test_copies_are_kept_for_ninety_days_and_the_last_of_each_file_for_ever(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "COPIES", 2)
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    journal, now = Journal(root, lambda: day), A
    for number in range(6):
        after = b"%d\n" % number
        journal.write(str(number), {root / "content" / "a.yaml": (now, after)})
        now, day = after, day + datetime.timedelta(days=1)
    kept = journal.folder / "kept"
    journal.recover()
    assert len(list(kept.iterdir())) == 7
    day += datetime.timedelta(days=200)
    journal.recover()
    assert len(list(kept.iterdir())) == 3
    saves = journal.saves()
    assert len(saves) == 6
    assert journal.plan_undoing(saves[-1]) == {root / "content" / "a.yaml": (b"5\n", b"4\n")}
    with pytest.raises(FileNotFoundError):
        journal.plan_undoing(saves[0])


def test_what_a_killed_first_run_left_is_swept_up(root: Path) -> None:
    left = root / "content" / ".a.yaml.saving"
    left.write_bytes(b"half")
    Journal(root).recover()
    assert not left.exists() and files(root) == (A, A)
