"""What changed: each kind of edit is found as what it is, and nothing else is reported."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulary.content.loading import load
from formulary.content.policy import Update
from formulary.content.snapshot import (
    EditionSnapshot,
    Piece,
    SnapshotEntry,
    as_json,
    find_used_keys,
)
from formulary.documents.changes_paper import compose_changes, describe_change, summary
from formulary.edition.changes import Comparison, compare
from formulary.edition.text import plain
from formulary.edition.wording import changed_passages, words_of
from formulary.problems import BAD_VALUE
from tests.edits import EDITS, TINY, Edit, edited, edition_in
from tests.helpers import tiny_project


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> EditionSnapshot:
    return edition_in(tiny_project(tmp_path_factory.mktemp("before")))[1]


def changed(comparison: Comparison) -> dict[str, str]:
    return {change.key: " ".join(change.what) for change in comparison.differences}


def marks(comparison: Comparison) -> list[tuple[str, str]]:
    """The words taken out and put in at each place, in order."""
    found: list[tuple[str, str]] = []
    for change in comparison.differences:
        for passage in change.passages:
            removed = " ".join(r.text.strip() for r in passage.runs if r.mark == "removed")
            added = " ".join(r.text.strip() for r in passage.runs if r.mark == "added")
            found.append((removed, added))
    return found


@pytest.mark.parametrize("edit", EDITS, ids=[edit.id for edit in EDITS])
def test_each_edit_is_reported_as_what_it_is_and_nothing_else(
    edit: Edit, before: EditionSnapshot, tmp_path: Path
) -> None:
    comparison = compare(before, edition_in(edited(tmp_path, edit.id))[1])
    assert changed(comparison) == edit.changed
    numbers = tuple((one.before.number, one.after.number) for one in comparison.renumbered)
    assert numbers == edit.renumbered
    for key, expected in edit.follows.items():
        (change,) = (one for one in comparison.differences if one.key == key)
        assert expected <= {entry.key for entry in change.follows}
    for pair in edit.says:
        assert pair in marks(comparison)


def test_all_edits_at_once_are_each_found(before: EditionSnapshot, tmp_path: Path) -> None:
    comparison = compare(before, edition_in(edited(tmp_path))[1])
    expected = {key: what for edit in EDITS for key, what in edit.changed.items()}
    assert changed(comparison) == expected
    assert comparison.years == (2026, 2027)


def test_without_an_edit_nothing_has_changed(before: EditionSnapshot) -> None:
    comparison = compare(before, before)
    assert not comparison
    assert comparison.differences == () and comparison.renumbered == ()


def test_another_year_is_told_apart_from_a_change_of_rule(
    before: EditionSnapshot, tmp_path: Path
) -> None:
    comparison = compare(before, edition_in(edited(tmp_path, "another-year"))[1])
    assert comparison and comparison.differences == ()
    said = plain(summary(comparison))
    assert "No rule and no form has changed since 2026-27" in said
    assert "every date has moved with the year" in said


def test_the_questions_of_a_withdrawn_form_are_not_listed_as_changes(
    before: EditionSnapshot, tmp_path: Path
) -> None:
    comparison = compare(before, edition_in(edited(tmp_path, "form-withdrawn"))[1])
    (change,) = comparison.differences
    assert "field:moderation.findings" not in changed(comparison)
    assert {"part:moderation.sample", "table:moderation.sampled"} <= {e.key for e in change.parts}


def test_the_log_gives_reason_approver_and_day(before: EditionSnapshot, tmp_path: Path) -> None:
    after = edition_in(edited(tmp_path, "clause-removed", "clause-reworded"))[1]
    log = (
        Update(
            clause="objectives-timing",
            text="It was dropped.",
            reason="The year page says it.",
            approved_by="Trust Board",
            on=datetime.date(2026, 5, 20),
            replaced_by="smart",
        ),
        Update(clause="capability", text="Nothing in truth."),
    )
    comparison = compare(before, after, log)
    said = {
        c.key: plain(describe_change(comparison, c, words=True)) for c in comparison.differences
    }
    removed = said["clause:objectives-timing"]
    for words in (
        "It is replaced by clause 5.1.",
        "It was dropped. Why: The year page says it.",
        "Approved by Trust Board on 20 May 2026.",
    ):
        assert words in removed
    assert "No reason is given." not in removed
    assert "No reason is given." in said["clause:year-round-review"]
    assert [entry.clause for entry in comparison.loose] == ["capability"]


def test_a_rule_tells_whose_entry_of_the_log_it_shows(
    before: EditionSnapshot, tmp_path: Path
) -> None:
    after = edition_in(edited(tmp_path, "rule"))[1]
    log = (Update(clause="concerns", text="Ten weeks at most.", reason="More time."),)
    comparison = compare(before, after, log)
    (change,) = comparison.differences
    said = plain(describe_change(comparison, change, words=True))
    assert "The change log says of clause 9.1: Ten weeks at most. Why: More time." in said
    assert not change.lacks_reason and comparison.loose == ()


def test_what_is_not_in_a_kept_part_of_an_edition_was_as_it_is_now(before: EditionSnapshot) -> None:
    old = next(entry for entry in before.entries if entry.key == "clause:feedback")
    pieces = (Piece(id="text", text="Feedback is given."),)
    part = before.model_copy(
        update={"whole": False, "entries": (old.model_copy(update={"pieces": pieces}),)}
    )
    assert changed(compare(part, before)) == {"clause:feedback": "reworded"}


def test_a_kept_edition_is_read_as_it_was_written(before: EditionSnapshot, tmp_path: Path) -> None:
    root = tiny_project(tmp_path)
    path = root / TINY / "last-edition.json"
    path.write_bytes(as_json(before))
    content, problems = load(root)
    assert problems == ()
    own = next(one for one in content.organisations if one.id == "tiny")
    assert own.last_edition == before


@pytest.mark.parametrize("text", ["", "[]", '{"organisation": "tiny"}', "\xff\x00"])
def test_a_damaged_kept_edition_is_named(text: str, tmp_path: Path) -> None:
    root = tiny_project(tmp_path)
    (root / TINY / "last-edition.json").write_text(text, encoding="latin-1")
    _, problems = load(root)
    assert [(p.kind, p.place.file.name) for p in problems] == [(BAD_VALUE, "last-edition.json")]


def test_the_paper_for_trustees_says_every_change_in_words(
    before: EditionSnapshot, tmp_path: Path
) -> None:
    edition, after = edition_in(edited(tmp_path))
    comparison = compare(before, after, edition.policy.updates)
    paper = compose_changes(edition, comparison)
    said = {clause.title: plain(clause.blocks) for clause in paper.clauses()}
    assert len(said) == len(comparison.differences)
    when = said["Changed: Decision on pay (Support staff)"]
    assert "by [deleted: 31 March] [added: 30 April]" in when
    assert "[added: and fluent]" in said["Reworded: Professional practice at M5-M6"]
    assert paper.file_stem == "changes-2027-28"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("It is **done**.", "It is\n*done*.", []),
        ("See [clause 5.1](clause:smart).", "See [clause 6.2](clause:smart).", []),
        ("At most three.", "At most four.", ["At most [-three-] {+four+}."]),
        ("A b c.", "A b c. D e f.", ["A b c. {+D e f.+}"]),
        ("One two three.\n\nFour.", "One two three.", ["[-Four.-]"]),
        ("- one\n- two", "- one\n- new thing\n- two", ["{+new thing+}"]),
        ("[here](https://example.org/a)", "[here](https://example.org/b)", ["[-here-] {+here+}"]),
        (
            "The head and the chair decide by March every year.",
            "The board and the clerk decide by March every year.",
            ["The [-head and the chair-] {+board and the clerk+} decide by March every year."],
        ),
    ],
)
def test_words_are_compared_and_sentences_stay_readable(
    old: str, new: str, shown: list[str]
) -> None:
    signs = {"": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}
    found = [
        "".join(signs[run.mark].format(run.text) for run in passage.runs)
        for passage in changed_passages(old, new)
    ]
    assert found == shown


def test_the_facts_of_a_text_are_known_by_their_keys() -> None:
    text = (
        "{{ rules.monitoring.max | words }} {{ words.head | capital }} {{ day('teachers.pay') }} "
        "{{ deadlines('pay') }} {{ period(\"teachers\") }} {{ level('red') }} {{ clause('x') }}"
    )
    assert sorted(find_used_keys(text)) == [
        "cycle:teachers",
        "event:*.pay",
        "event:teachers.pay",
        "level:red",
        "rule:monitoring",
        "word:head",
    ]


# ---- Any edits at all ----

WORDS = st.text(st.sampled_from("abc <>{}*_[]&|#\n-1.é"), min_size=1, max_size=40)


@st.composite
def kept(draw: st.DrawFn) -> EditionSnapshot:
    """A small edition with clauses in two sections."""
    ids = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1, max_size=8))
    homes = {id: draw(st.sampled_from(["one", "two"])) for id in ids}
    entries = tuple(
        SnapshotEntry(
            key=f"clause:{id}",
            name=f"clause {id}",
            home=homes[id],
            place=place,
            pieces=(Piece(id="text", text=draw(WORDS)),),
        )
        for place, id in enumerate(ids, start=1)
    )
    return EditionSnapshot(organisation="oak", name="2026-27", year=2026, entries=entries)


@settings(max_examples=150, deadline=None)
@given(kept(), kept())
def test_turned_round_what_was_added_is_removed(
    one: EditionSnapshot, other: EditionSnapshot
) -> None:
    there, back = unmoved(compare(one, other)), unmoved(compare(other, one))
    turned = {"added": "removed", "removed": "added"}
    assert there == {key: turned.get(what, what) for key, what in back.items()}
    assert not compare(one, one)


def unmoved(comparison: Comparison) -> dict[str, str]:
    """What changed but for places: of several that changed them, either may be called moved."""
    found = {key: set(what.split()) - {"moved"} for key, what in changed(comparison).items()}
    return {key: " ".join(sorted(what)) for key, what in found.items() if what}


@settings(max_examples=150, deadline=None)
@given(kept())
def test_as_few_clauses_as_can_be_are_called_moved(one: EditionSnapshot) -> None:
    first, *others = one.entries
    places = [entry.model_copy(update={"place": n}) for n, entry in enumerate(others, start=1)]
    last = first.model_copy(update={"place": len(one.entries)})
    other = one.model_copy(update={"entries": (*places, last)})
    mates = [entry for entry in others if entry.home == first.home]
    assert len(changed(compare(one, other))) == min(len(mates), 1)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS)
def test_marked_passages_hold_both_texts(old: str, new: str) -> None:
    passages = changed_passages(old, new)
    if words_of(old) == words_of(new):
        assert passages == ()
    for passage in passages:
        assert any(run.mark for run in passage.runs)
    added = "".join(r.text for p in passages for r in p.runs if r.mark != "removed")
    removed = "".join(r.text for p in passages for r in p.runs if r.mark != "added")
    assert squeezed(added) in squeezed(" ".join(words(new))) or len(passages) > 1
    assert squeezed(removed) in squeezed(" ".join(words(old))) or len(passages) > 1


def words(text: str) -> tuple[str, ...]:
    return tuple(word.partition("\n")[0] for word in words_of(text))


def squeezed(text: str) -> str:
    return "".join(text.split())
