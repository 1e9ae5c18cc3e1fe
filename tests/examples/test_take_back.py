"""An example’s policy that trustees edited in Word becomes changes of the YAML, and no others.

Every kind of edit is in tests/test_take_back_kinds.py, on the tests' own organisation.
"""

from __future__ import annotations

import difflib
import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from formulary.cli import main
from formulary.content.kept_edition import FOLDER
from formulary.edition.rewording import printed_paragraphs, reword, values_in
from formulary.formats.word.edited_policy import EditedPolicy, read_edited_policy
from formulary.formats.word.policy import write_policy
from formulary.pipeline.take_back import print_policy, write_taken_back
from formulary.problems import UsageError
from formulary.takeback.found import TakenBack
from formulary.takeback.printed import PrintedPolicy
from formulary.takeback.writing import NO_WISHES, Wishes, take_changes
from tests.checkers.fill_word import resave_with_libreoffice
from tests.helpers import ROOT, copy_project
from tests.policy_edits import (
    Edit,
    W,
    edited,
    find,
    put_below,
    swap,
    take_out,
    track,
    words_of,
)

POLICY = Path("content/organisations/pclc/policy.yaml")


@pytest.fixture(scope="module")
def printed() -> PrintedPolicy:
    return print_policy(ROOT, "pclc")


@pytest.fixture(scope="module")
def document(printed: PrintedPolicy) -> bytes:
    return write_policy(printed.paper, ROOT / "forms" / "house")


def compare(
    printed: PrintedPolicy, returned: EditedPolicy, root: Path = ROOT, wishes: Wishes = NO_WISHES
) -> TakenBack:
    return take_changes(root, printed.own, printed, returned, wishes)


def diff_of(found: TakenBack, path: Path = POLICY) -> list[str]:
    """The changed lines of a file, with - and + before them."""
    if path not in found.files:
        return []
    old = (ROOT / path).read_text(encoding="utf-8").splitlines()
    lines = difflib.unified_diff(old, found.files[path].splitlines(), lineterm="", n=0)
    return [
        line[0] + " ".join(line[1:].split())
        for line in lines
        if not line.startswith(("---", "+++", "@@")) and line[1:].strip()
    ]


def test_a_policy_that_nobody_edited_changes_nothing(
    printed: PrintedPolicy, document: bytes
) -> None:
    assert not compare(printed, read_edited_policy(document))


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        pytest.param(
            put_below("A committee holds two meetings", "It meets twice more if needed."),
            ["+It meets twice more if needed."],
            id="a new paragraph",
        ),
        pytest.param(
            put_below(
                "are able to go on improving", "There is more.", like="Where a person has less than"
            ),
            ["+closing: There is more."],
            id="closing words below points",
        ),
        pytest.param(
            swap("have the skills", "*have* [the] {% skills"),
            [
                "-text: have the skills for their job, and the support to do it well",
                r"+text: \*have\* \[the\] {{ { }}% skills for their job, and the support to do "
                "it well",
            ],
            id="signs of Markdown and of facts are words",
        ),
    ],
)
def test_an_edit_arrives_as_the_right_change_and_nothing_else(
    printed: PrintedPolicy, document: bytes, edit: Edit, lines: list[str]
) -> None:
    found = compare(printed, read_edited_policy(edited(document, edit)))
    assert sorted(without_yaml_marks(diff_of(found))) == sorted(without_yaml_marks(lines))
    assert list(found.files) == [POLICY]
    assert (found.rules, found.not_taken, found.conflicts) == ((), (), ())


def without_yaml_marks(lines: list[str]) -> list[str]:
    """Lines without the quotation marks or the | that YAML needs around some words."""
    return [line.replace("'", "").replace('"', "").replace("\\\\", "\\") for line in lines]


def test_a_changed_number_is_named_and_stays_a_fact(
    printed: PrintedPolicy, document: bytes
) -> None:
    edit = swap("has less than one year", "now has less than two year")
    found = compare(printed, read_edited_policy(edited(document, edit)))
    (rule,) = found.rules
    assert (rule.was, rule.now) == ("one", "two")
    assert rule.place.file.name == "organisation.yaml"
    (added,) = [line for line in diff_of(found) if line.startswith("+")]
    assert "now has less than {{ rules." in added
    assert rule.also_in


def test_what_is_made_elsewhere_is_listed(printed: PrintedPolicy, document: bytes) -> None:
    def rename_in_contents(root: Any) -> None:
        line = next(
            p
            for p in root.iter(f"{W}p")
            if "Scope" in words_of(p) and list(p.iter(f"{W}hyperlink"))
        )
        next(t for t in line.iter(f"{W}t") if t.text == "Scope").text = "Reach"

    edits = (rename_in_contents, swap("2026-27", "2027-28"))
    found = compare(printed, read_edited_policy(edited(document, *edits)))
    assert found.files == {}
    assert [one.where for one in found.not_taken] == ["the contents", "the front page"]
    assert "Reach" in found.not_taken[0].words
    assert "2027-28" in found.not_taken[1].words


def test_comments_are_listed_with_their_clause(printed: PrintedPolicy, document: bytes) -> None:
    comments = (
        f'<w:comments xmlns:w="{W[1:-1]}"><w:comment w:id="7" w:author="A Governor" '
        'w:date="2026-10-02T09:00:00Z"><w:p><w:r><w:t>Is this enough?</w:t></w:r></w:p>'
        "</w:comment></w:comments>"
    )

    def note(root: Any) -> None:
        put_below("A committee holds two meetings", "It meets twice more if needed.")(root)
        paragraph = find(root, "A committee holds two meetings")
        for name in ("commentRangeStart", "commentRangeEnd"):
            mark = etree.Element(W + name)
            mark.set(f"{W}id", "7")
            paragraph.insert(1, mark) if name.endswith("Start") else paragraph.append(mark)
        run = etree.SubElement(paragraph, f"{W}r")
        etree.SubElement(run, f"{W}commentReference").set(f"{W}id", "7")

    changed = io.BytesIO(edited(document, note))
    with zipfile.ZipFile(changed, "a") as package:
        package.writestr("word/comments.xml", comments)
    found = compare(printed, read_edited_policy(changed.getvalue()))
    (draft,) = found.updates
    assert (draft.clause, draft.reason) == ("reviewers", "Is this enough?")
    assert draft.approved_by == "PCLC Trustees"
    ((where, comment),) = found.comments
    assert where == "clause 3.1"
    assert (comment.author, comment.words) == ("A Governor", "Is this enough?")
    assert comment.about.startswith("A committee holds two meetings")


def test_the_words_of_every_text_lead_back_to_it_after_random_edits(
    printed: PrintedPolicy,
) -> None:
    """Words put in, taken out and replaced, paragraphs split and joined: each prints as edited."""
    draw = random.Random(19)
    values = values_in(printed.edition.texts)
    texts = [text for text in printed.edition.texts if text.kind == "policy"]
    kept = 0
    for text in draw.sample(texts, 150):
        lines = ["".join(p.words for p in one) for one in printed_paragraphs(text.source, values)]
        words = " ¶ ".join(lines).split(" ")
        at = draw.randrange(len(words))
        for change in (["governors"], ["*", "two", "governors"], ["¶"], []):
            made = [*words[:at], *change, *words[at + draw.randrange(2) :]]
            new = [line.strip() for line in " ".join(made).split("¶") if line.strip()]
            found = reword(text.source, values, new)
            assert found.is_exact, (text.source, new, found.source)
            kept += not found.dropped
    assert kept > 550  # of 600: a fact goes only where its own words went


def test_a_paragraph_split_inside_a_fact_is_two_paragraphs() -> None:
    values = {"words.head": "Head of Governance and People"}
    now = ["The Head of Governance", "and People decides."]
    made = reword("The {{ words.head }} decides.", values, now)
    assert made.is_exact
    assert (made.source, made.facts) == ("\n\n".join(now), ())
    assert made.dropped == ("words.head",)


def test_taken_back_once_there_is_nothing_left_to_take(
    printed: PrintedPolicy, document: bytes, tmp_path: Path
) -> None:
    root = copy_project(tmp_path, "pclc")
    edits = (
        swap("have the skills for their job", "have the time for their job"),
        put_below("A committee holds two meetings", "It meets twice more if needed."),
        take_out("where an external adviser is used"),
        put_below("have the time", "know who to ask"),
    )
    returned = read_edited_policy(edited(document, *edits))
    found = compare(printed, returned)
    (gone,) = [one for one in found.entries if one.what == "the point is gone"]
    assert any(place.endswith("now names “policy.trust-board”") for place in gone.along)
    write_taken_back(root, found)
    again = compare(print_policy(root, "pclc"), returned, root)
    assert (again.texts, again.entries, again.files) == ((), (), {})


def test_the_command_shows_first_and_writes_when_told(
    document: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_project(tmp_path / "project", "pclc")
    file = tmp_path / "policy.docx"
    edit = track("have the skills", " and the time")
    file.write_bytes(edited(document, edit))
    before = (root / POLICY).read_bytes()
    assert main(["take-back", str(file)], root) == 0
    said = capsys.readouterr().out
    assert "by A Trustee" in said
    assert "now: have the skills and the time for their job" in said
    assert "Nothing is written yet." in said
    assert (root / POLICY).read_bytes() == before
    assert main(["take-back", str(file), "--write", "--updates"], root) == 0
    said = capsys.readouterr().out
    assert f"Changed: {POLICY.as_posix()}" in said
    text = (root / POLICY).read_text(encoding="utf-8")
    assert "have the skills and the time for their job" in text
    assert "clause: aims" in text[text.index("updates:") :]
    assert [path.name for path in (root / POLICY.parent).iterdir() if FOLDER in path.name] == []


def test_a_policy_of_other_words_or_no_policy_gets_a_plain_sentence(
    document: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_project(tmp_path / "project", "pclc")
    path = root / POLICY
    path.write_text(
        path.read_text(encoding="utf-8").replace("have the skills", "have the right skills"),
        encoding="utf-8",
    )
    file = tmp_path / "policy.docx"
    file.write_bytes(document)
    assert main(["take-back", str(file)], root) == 2
    assert "was made from other words" in capsys.readouterr().err
    file.write_bytes(b"no Word document")
    assert main(["take-back", str(file)], root) == 2
    assert "save it as a Word document" in capsys.readouterr().err
    assert main(["take-back", str(tmp_path / "missing.docx")], root) == 2
    assert "cannot be opened" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_a_policy_that_libreoffice_saved_again_is_read_the_same(
    printed: PrintedPolicy, document: bytes, tmp_path: Path, ending: str
) -> None:
    edits = (
        track("have the skills", " and the time"),
        put_below("A committee holds two meetings", "It meets twice more if needed."),
        swap("has less than one year", "now has less than two year"),
    )
    file = tmp_path / "policy.docx"
    file.write_bytes(edited(document, *edits))
    folder = tmp_path / "saved"
    resave_with_libreoffice([file], folder, ending)
    if ending != "docx":
        resave_with_libreoffice([folder / f"policy.{ending}"], folder)
    found = compare(printed, read_edited_policy((folder / "policy.docx").read_bytes()))
    as_sent = compare(printed, read_edited_policy(file.read_bytes()))
    assert diff_of(found) == diff_of(as_sent) != []
    assert [rule.now for rule in found.rules] == ["two"]
    assert found.not_taken == ()


def test_nothing_is_asked_of_an_organisation_that_is_not_there(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "pclc")
    with pytest.raises(UsageError, match="nobody"):
        print_policy(root, "nobody")


def test_the_words_of_the_library_never_replace_what_was_deleted() -> None:
    """A question of an organisation's own whose words go would be printed as the library has it."""
    printed = print_policy(ROOT, "ealing")
    document = write_policy(printed.paper, ROOT / "forms" / "house")
    edit = take_out("I am a teaching assistant (TA). What if")
    found = compare(printed, read_edited_policy(edited(document, edit)))
    assert found.files == {}
    (left,) = found.not_taken
    assert "other words would be printed" in left.why
