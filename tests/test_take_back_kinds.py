"""Every kind of edit of a policy in Word is the right change, or is listed; none is lost."""

from __future__ import annotations

import copy
import datetime
import difflib
import random
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from formulary.cli import main
from formulary.content.source import parse
from formulary.formats.word.edited_policy import read_edited_policy
from formulary.formats.word.policy import write_policy
from formulary.pipeline.content import check
from formulary.pipeline.take_back import print_policy, write_taken_back
from formulary.problems import errors_in
from formulary.takeback.found import TakenBack
from formulary.takeback.printed import PrintedPolicy
from formulary.takeback.writing import NO_WISHES, Wishes, take_changes
from tests.checkers.fill_word import edit_with_libreoffice
from tests.helpers import tiny_project
from tests.policy_edits import (
    Edit,
    W,
    decide_changes,
    edited,
    find,
    move_below,
    new_row,
    put_below,
    strip_bookmarks,
    strip_styles,
    style,
    swap,
    take_out,
    track,
    track_move,
    track_removal,
    track_row,
    words_of,
)
from tests.word_edits import Outcome, Round

FOLDER = Path("content/organisations/tiny")
POLICY = FOLDER / "policy.yaml"

MORE = """\
      - id: what-is-assessed
        text: Performance is assessed on the objectives. {{ footnote('basis') }}
        footnotes:
          - id: basis
            text: This is the law.
        table:
          columns: [What, Who]
          rows:
            - [The report, The head]
            - [The letter, The clerk]
"""


def make_project(folder: Path) -> Path:
    """The tests' own organisation with a footnote, a table, bold words, a link and a twin."""
    root = tiny_project(folder)
    text = (root / POLICY).read_text("utf-8")
    for old, new in (
        (
            "      - id: what-is-assessed\n        text: Performance is assessed on the "
            "objectives.\n",
            MORE,
        ),
        ("title: All staff", "title: All of the staff"),
        ("Work is observed in proportion", "Work is **observed** in proportion"),
        ("Constructive feedback", "[Constructive](https://example.org) feedback"),
        ("text: Objectives are moderated", "text: Objectives are *moderated*"),
    ):
        assert old in text
        text = text.replace(old, new)
    (root / POLICY).write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("kinds") / "project")


@pytest.fixture(scope="module")
def printed(root: Path) -> PrintedPolicy:
    return print_policy(root, "tiny")


@pytest.fixture(scope="module")
def document(root: Path, printed: PrintedPolicy) -> bytes:
    return write_policy(printed.paper, root / "forms" / "house")


def take(root: Path, printed: PrintedPolicy, data: bytes, wishes: Wishes = NO_WISHES) -> TakenBack:
    return take_changes(root, printed.own, printed, read_edited_policy(data), wishes)


def diff_of(root: Path, found: TakenBack) -> list[str]:
    """The changed lines of all files, without their indent and their quotation marks."""
    lines: list[str] = []
    for path, text in found.files.items():
        old = (root / path).read_text("utf-8").splitlines()
        for line in difflib.unified_diff(old, text.splitlines(), lineterm="", n=0):
            if not line.startswith(("---", "+++", "@@")) and line[1:].strip():
                lines.append(line[0] + " ".join(line[1:].split()).replace('"', ""))
    return lines


def swap_cell(old: str, new: str) -> Edit:
    """Other words in a cell of the policy's own table."""

    def act(root: Any) -> None:
        table = next(find(root, "The report").iterancestors(f"{W}tbl"))
        next(t for t in table.iter(f"{W}t") if t.text == old).text = new

    return act


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        pytest.param(
            [style("proportion", b="1")],
            [
                "-text: Work is **observed** in proportion to the need.",
                "+text: Work is **observed** in **proportion** to the need.",
            ],
            id="a word made bold",
        ),
        pytest.param(
            [style("observed", b="0")],
            [
                "-text: Work is **observed** in proportion to the need.",
                "+text: Work is observed in proportion to the need.",
            ],
            id="a bold word made plain",
        ),
        pytest.param(
            [style("moderated", i="1", b="1")],
            [
                "-text: Objectives are *moderated*, so that they are fair.",
                "+text: Objectives are ***moderated***, so that they are fair.",
            ],
            id="a slanted word made bold too",
        ),
        pytest.param(
            [swap("in proportion to the need", "whenever somebody asks")],
            [
                "-text: Work is **observed** in proportion to the need.",
                "+text: Work is **observed** whenever somebody asks.",
            ],
            id="other words beside a bold one",
        ),
        pytest.param(
            [swap("The letter", "The written letter")],
            ["-- [The letter, The clerk]", "+- [The written letter, The clerk]"],
            id="a cell of a table of the policy",
        ),
        pytest.param(
            [new_row("The letter", "The note", "The board’s *clerk*")],
            [r"+- [The note, The board’s \*clerk\*]"],
            id="a new row",
        ),
        pytest.param(
            [put_below("specific", "stretching"), put_below("stretching", "shared")],
            ["+- id: stretching", "+text: stretching", "+- id: shared", "+text: shared"],
            id="two new points, in their order",
        ),
        pytest.param(
            [put_below("Objectives are SMART:", "supported", like="specific")],
            ["+- id: supported", "+text: supported"],
            id="a new point before the first",
        ),
        pytest.param(
            [move_below("time-bound", "specific")],
            ["-- id: time-bound", "-text: time-bound", "+- id: time-bound", "+text: time-bound"],
            id="a point moved in its list",
        ),
        pytest.param(
            [move_below("Objectives may change", "The reviewer and the reviewee try", block=2)],
            [
                "-- id: changing-objectives",
                "-text: Objectives may change if circumstances change.",
                "+- id: changing-objectives",
                "+text: Objectives may change if circumstances change.",
            ],
            id="a clause moved in its section",
        ),
        pytest.param(
            [
                put_below(
                    "Everyone takes charge of improving",
                    "How long",
                    like="Feedback",
                ),
                put_below("How long", "As long as *needed*.", like="Everyone takes charge"),
            ],
            ["+- id: how-long", "+title: How long", r"+text: As long as \*needed\*."],
            id="a new clause with a title",
        ),
        pytest.param(
            [
                put_below("Everyone takes charge of improving", "Costs", like="Confidentiality"),
                put_below("Costs", "Who pays", like="Feedback"),
                put_below("Who pays", "The Trust pays.", like="Everyone takes charge"),
            ],
            [
                "+- id: costs",
                "+title: Costs",
                "+clauses:",
                "+- id: pays",
                "+title: Who pays",
                "+text: The Trust pays.",
            ],
            id="a new section with a clause",
        ),
        pytest.param(
            [swap("Roles", "Roles & duties")],
            ["-title: Roles", "+title: Roles & duties"],
            id="signs of Markdown in a title",
        ),
        pytest.param(
            [track_move("time-bound", "specific")],
            ["-- id: time-bound", "-text: time-bound", "+- id: time-bound", "+text: time-bound"],
            id="a point moved with changes tracked",
        ),
        pytest.param(
            [track_move("Objectives may change", "Work is")],
            [
                "-- id: changing-objectives",
                "-text: Objectives may change if circumstances change.",
                "+- id: changing-objectives",
                "+text: Objectives may change if circumstances change.",
            ],
            id="a clause moved to another section with changes tracked",
        ),
        pytest.param(
            [track_removal("realistic")],
            ["-- id: realistic", "-text: realistic"],
            id="a point deleted with changes tracked",
        ),
        pytest.param(
            [track_row("The letter", "del")],
            ["-- [The letter, The clerk]"],
            id="a row deleted with changes tracked",
        ),
        pytest.param(
            [new_row("The letter", "The note", "The head"), track_row("The note", "ins")],
            ["+- [The note, The head]"],
            id="a row put in with changes tracked",
        ),
        pytest.param(
            [put_below("specific", "realistic")],
            ["+- id: realistic-2", "+text: realistic"],
            id="a point copied",
        ),
        pytest.param(
            [swap_cell("What", "Which paper")],
            ["-columns: [What, Who]", "+columns: [Which paper, Who]"],
            id="the head of a column",
        ),
        pytest.param(
            [put_below("Everyone takes charge of improving", "7.3 Ask.", like="Everyone takes")],
            ["+- id: ask", "+text: Ask."],
            id="a new clause with a typed number",
        ),
    ],
)
def test_an_edit_is_the_right_change(
    root: Path, printed: PrintedPolicy, document: bytes, edits: list[Edit], lines: list[str]
) -> None:
    for lost in ((), (strip_bookmarks, strip_styles)):  # another program loses both
        found = take(root, printed, edited(document, *edits, *lost))
        assert sorted(diff_of(root, found)) == sorted(lines)
        assert found.conflicts == ()


def test_a_paragraph_that_may_be_a_clause_is_listed_where_styles_are_lost(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    new = put_below("Everyone takes charge of improving", "Ask the head.")
    found = take(root, printed, edited(document, new, strip_bookmarks, strip_styles))
    assert [(left.where, left.words) for left in found.not_taken] == [
        ("clause 7.3", "Ask the head.")
    ]
    assert "lost its styles" in found.not_taken[0].why
    assert found.files == {}


def test_a_section_is_moved_with_all_its_clauses(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    move = move_below("The cycle", "Form: Change of an objective", block=5)
    found = take(root, printed, edited(document, move))
    assert [one.what for one in found.entries] == ["the section is elsewhere"]
    assert found.not_taken == ()
    was = parse((root / POLICY).read_text("utf-8"), POLICY)[0].data["sections"]
    now = parse(found.files[POLICY], POLICY)[0].data["sections"]
    assert now == (*was[:3], was[4], was[3], *was[5:])


@pytest.mark.parametrize(
    ("tracked", "edit"),
    [
        (track("Everyone takes charge", " now"), swap("takes charge", "takes charge now")),
        (track("Everyone takes charge", delete=" charge"), swap("takes charge", "takes")),
        (track_removal("realistic"), take_out("realistic")),
    ],
)
def test_tracked_changes_are_as_if_accepted_and_nothing_when_rejected(
    root: Path, printed: PrintedPolicy, document: bytes, tracked: Edit, edit: Edit
) -> None:
    accepted, rejected = (partial(decide_changes, accept=accept) for accept in (True, False))
    files = take(root, printed, edited(document, edit)).files
    assert files
    assert take(root, printed, edited(document, tracked)).files == files
    assert take(root, printed, edited(document, tracked, accepted)).files == files
    assert not take(root, printed, edited(document, tracked, rejected))


def test_a_point_is_found_that_a_table_above_prints_too(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    text = (project / POLICY).read_text("utf-8")
    text = text.replace("text: realistic", "text: Executive head")
    (project / POLICY).write_text(text, "utf-8")
    policy = print_policy(project, "tiny")
    data = write_policy(policy.paper, project / "forms" / "house")

    def act(tree: Any) -> None:
        point = find(tree, "measurable").getnext().getnext()
        assert words_of(point) == "Executive head"
        point.getparent().remove(point)

    found = take(project, policy, edited(data, act))
    assert [(one.what, one.words) for one in found.entries] == [
        ("the point is gone", "Executive head")
    ]


def test_a_word_with_signs_of_markdown_stays_in_its_text(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    edit = swap("The Board sees", "The *Board* of all sees")
    found = take(root, printed, edited(document, edit), Wishes(rules=True))
    assert found.rules == ()
    assert list(found.files) == [POLICY]
    assert any(
        r"\*Board\* of all sees" in line.replace("\\\\", "\\") for line in diff_of(root, found)
    )


def test_a_footnote_is_taken_back(root: Path, printed: PrintedPolicy, document: bytes) -> None:
    change = swap("This is the law.", "This is the law of 2011.")
    found = take(root, printed, edited(document, change, part="word/footnotes.xml"))
    assert diff_of(root, found) == ["-text: This is the law.", "+text: This is the law of 2011."]
    assert found.not_taken == ()


def test_a_title_split_in_two_is_listed_where_bookmarks_are_lost(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    def split(tree: Any) -> None:
        title = find(tree, "All of the staff")
        made = copy.deepcopy(title)
        for paragraph, words in ((title, "All"), (made, "of the staff")):
            *others, last = paragraph.iter(f"{W}t")
            last.text = words
        for node in (*others, *made.iter(f"{W}tab")):
            node.getparent().remove(node)
        title.addnext(made)

    found = take(root, printed, edited(document, split, strip_bookmarks))
    assert [left.words for left in found.not_taken] == ["All"]


def test_a_new_footnote_and_a_typed_number_are_listed(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    def add(notes: Any) -> None:
        *_, last = notes.iter(f"{W}footnote")
        made = copy.deepcopy(last)
        *_, words = made.iter(f"{W}t")
        words.text = "A note of ours."
        last.addnext(made)

    data = edited(document, swap("3.3", "3.4"))
    found = take(root, printed, edited(data, add, part="word/footnotes.xml"))
    assert [(left.where, left.words) for left in found.not_taken] == [
        ("the footnotes", "A note of ours."),
        ("the numbers", "3.4"),
    ]
    assert found.files == {}


def swap_run(old: str, new: str) -> Edit:
    """Other words in the last run that has some."""

    def act(root: Any) -> None:
        text = [t for t in root.iter(f"{W}t") if old in (t.text or "")][-1]
        text.text = text.text.replace(old, new)

    return act


def put_picture(words: str) -> Edit:
    def act(root: Any) -> None:
        from lxml import etree

        run = etree.SubElement(find(root, words), f"{W}r")
        etree.SubElement(run, f"{W}drawing")

    return act


@pytest.mark.parametrize(
    ("edit", "where", "words"),
    [
        (swap("2026-27", "2027-28"), "the front page", "2027-28"),
        (swap_run("The last point now also", "The last point also"), "the updates", "also speaks"),
        (swap_run("Moderation record", "Old form"), "clause 5.5", "Old form"),
        (put_picture("Work is"), "clause 7.1", "a picture"),
        (style("in proportion", u="single"), "clause 7.1", "Work is"),
        (style("in proportion", strike="1"), "clause 7.1", "struck out"),
        (new_row("Reviewed by", "The caretaker", "The head"), "clause 3.1", "The caretaker"),
        (put_below("Form: Moderation", "One more.", like="Everyone keeps"), "clause 5.5", "One"),
        (put_below("Form: Moderation", "one more", like="specific"), "clause 5.5", "one more"),
        (style("runs from September", b="1"), "clause 4.1", "The cycle for teachers"),
        (style("named by", i="1"), "clause 3.1", "A reviewer named"),
    ],
    ids=[
        *("cover", "updates", "forms", "picture", "underlined", "struck", "row"),
        *("below a form", "point below a form", "half a fact", "name"),
    ],
)
def test_what_has_no_place_in_the_content_is_listed(
    root: Path, printed: PrintedPolicy, document: bytes, edit: Edit, where: str, words: str
) -> None:
    found = take(root, printed, edited(document, edit))
    assert any(
        left.where.casefold() == where and words in left.words for left in found.not_taken
    ), found.not_taken
    assert found.entries == ()


def test_the_footer_and_the_contents_are_listed(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    def rename(tree: Any) -> None:
        next(t for t in tree.iter(f"{W}t") if t.text == "Introduction").text = "Preface"

    change = swap_run("Performance Procedure", "Our way")
    footer = edited(document, change, part="word/header1.xml")
    found = take(root, printed, edited(footer, rename))
    assert {left.where for left in found.not_taken} == {"the contents", "the header or footer"}
    assert found.files == {}


def test_a_changed_number_is_written_only_when_that_is_confirmed(
    tmp_path: Path, printed: PrintedPolicy, document: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path / "project")
    file = tmp_path / "policy.docx"
    file.write_bytes(
        edited(
            document,
            swap("normally lasts four to", "normally lasts five to"),
            swap("decided by 31 October", "decided by 30 November"),
        )
    )
    before = (project / FOLDER / "organisation.yaml").read_bytes()
    assert main(["take-back", str(file), "--write"], project) == 0
    said = capsys.readouterr().out
    assert "rules.monitoring.min: four → five" in said
    assert "day('teachers.pay-decision'): 31 October → 30 November" in said
    assert "These say it too:" in said
    assert (project / FOLDER / "organisation.yaml").read_bytes() == before
    assert main(["take-back", str(file), "--write", "--rules"], project) == 0
    assert b"min: 5" in (project / FOLDER / "organisation.yaml").read_bytes()
    assert b"by 30 November after" in (project / FOLDER / "cycle.yaml").read_bytes()
    assert b"normally lasts {{ rules.monitoring.min" in (project / POLICY).read_bytes()


def test_a_sentence_that_names_a_deleted_clause_keeps_its_words(
    tmp_path: Path, printed: PrintedPolicy, document: bytes
) -> None:
    """The clause goes; its name stays as words, which the report and check ask somebody to read."""
    project = make_project(tmp_path / "project")
    found = take(project, printed, edited(document, take_out("starts if concerns are very")))
    (entry,) = found.entries
    assert entry.what == "the clause is gone"
    assert re.search(r"policy.yaml:\d+:\d+: this sentence names", "".join(entry.along))
    assert found.not_taken == ()
    lines = diff_of(project, found)
    assert "-- id: capability" in lines
    words = printed.edition.label("capability")
    assert f"+a monitoring period, except where {words} applies. It involves:" in lines
    write_taken_back(project, found)
    problems = check(project, datetime.date(2026, 9, 1), ("tiny",)).problems
    assert errors_in(problems) == ()
    assert any(one.kind.code.endswith("-reference") and words in one.message for one in problems)


def test_lists_that_name_a_clause_follow_its_removal(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    data = edited(document, take_out("Objectives are set before each cycle begins"))
    found = take(root, printed, data)
    (entry,) = found.entries
    assert any("no longer names" in place for place in entry.along)
    assert "-- id: objectives-timing" in diff_of(root, found)
    assert FOLDER / "cycle.yaml" in found.files


def test_a_title_may_be_left_alone(root: Path, printed: PrintedPolicy, document: bytes) -> None:
    found = take(root, printed, edited(document, take_out("Everyone keeps to this")))
    assert [one.what for one in found.entries] == ["the text is gone"]
    assert found.not_taken == ()


def test_a_title_that_the_content_needs_is_listed(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    def empty_title(body: Any) -> None:
        for text in find(body, "The cycle").iter(f"{W}t"):
            text.text = ""

    found = take(root, printed, edited(document, empty_title))
    assert found.files == {}
    (left,) = found.not_taken
    assert (left.words, left.why.startswith("then check would report:")) == ("The cycle", True)


def test_the_year_as_an_earlier_version_printed_it_is_not_compared(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    """It was a list where there is a table now: one note, and no line of it is a change."""

    def print_as_list(body: Any) -> None:
        for table in list(body.iter(f"{W}tbl")):
            rows = [list(row.iter(f"{W}tc")) for row in table.iter(f"{W}tr")]
            if words_of(rows[0][0]) != "When":
                continue
            for cell in (cell for row in rows[1:] for cell in row):
                for paragraph in list(cell.iter(f"{W}p")):
                    table.addprevious(paragraph)
            table.getparent().remove(table)

    found = take(root, printed, edited(document, print_as_list))
    assert (found.texts, found.entries, found.files) == ((), (), {})
    assert found.not_taken
    for left in found.not_taken:
        assert left.why.startswith("an earlier version of Formulary made this file")


def test_a_text_printed_twice_is_taken_once(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    text = (project / POLICY).read_text("utf-8").replace("Everyone keeps to this", "{{ x }}")
    text = text.replace("text: {{ x }} procedure.", "text: The procedure covers every employee.")
    (project / POLICY).write_text(text, "utf-8")
    printed = print_policy(project, "tiny")
    document = write_policy(printed.paper, project / "forms" / "house")
    found = take(project, printed, edited(document, swap("covers every employee", "is for all")))
    (change,) = found.texts
    assert change.now == "The procedure is for all."
    assert [place.partition(" (")[0] for place in change.also_in] == ["Clause 3.3"]
    assert len(diff_of(project, found)) == 2


def test_a_form_stays_with_its_clause_above_a_new_one(
    root: Path, printed: PrintedPolicy, document: bytes
) -> None:
    found = take(root, printed, edited(document, put_below("Objectives are moderated", "More.")))
    assert [entry.words for entry in found.entries] == ["More."]
    assert [left.words for left in found.not_taken] == ["Form: Moderation record"]


def test_a_new_title_says_which_texts_name_it(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    text = (project / POLICY).read_text("utf-8")
    text = text.replace("title: Appeals\n", "title: Appeals\n    number: none\n")
    text = text.replace("Everyone keeps to this", "Until {{ section('appeals') }}, keep to this")
    (project / POLICY).write_text(text, "utf-8")
    printed = print_policy(project, "tiny")
    document = write_policy(printed.paper, project / "forms" / "house")
    for now in ("Complaints", "Complaints *of staff*", "R&D; pay_scales [new]"):
        found = take(project, printed, edited(document, swap("Appeals", now)))
        (change,) = found.texts
        assert change.now == now
        (use,) = change.named_in
        assert use.startswith("Clause 3.3 (")
        assert use.endswith(f"“Until “{now}”, keep to this procedure.”")
        assert f"changes with it: {use}" in " ".join(change.remarks)
        write_taken_back(project, found)
        words = [line.words for line in print_policy(project, "tiny").lines.lines]
        assert f"Until “{now}”, keep to this procedure." in words
        (project / POLICY).write_text(text, "utf-8")


CHECKLISTS = """\
checklists:
  - id: before
    title: Before the meeting
    when: before
    who: reviewer
    entries:
      - id: place
        text: Choose a quiet place.
"""


@pytest.fixture(scope="module")
def with_checklist(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PrintedPolicy, bytes]:
    """A project, and its policy, in which a clause has a title and prints a checklist."""
    project = make_project(tmp_path_factory.mktemp("checklist") / "project")
    text = (project / POLICY).read_text("utf-8")
    text = text.replace("All of the staff\n        text: ", "Before you meet\n        old: ")
    text = re.sub(" old: .*", " prints: {checklists: [before]}", text)
    (project / POLICY).write_text(text, "utf-8")
    (project / FOLDER / "checklists.yaml").write_text(CHECKLISTS, "utf-8")
    printed = print_policy(project, "tiny")
    return project, printed, write_policy(printed.paper, project / "forms" / "house")


@pytest.mark.parametrize("lost", [(), (strip_bookmarks,)], ids=["with bookmarks", "without"])
def test_a_clause_that_prints_guidance_stays_without_its_title(
    with_checklist: tuple[Path, PrintedPolicy, bytes], lost: tuple[Edit, ...]
) -> None:
    project, printed, document = with_checklist
    found = take(project, printed, edited(document, take_out("Before you meet"), *lost))
    assert diff_of(project, found) == ["-title: Before you meet"]
    assert [one.what for one in found.entries] == ["the title is gone"]


@pytest.mark.parametrize("lost", [(), (strip_bookmarks,)], ids=["with bookmarks", "without"])
def test_new_words_above_guidance_are_the_text_of_the_clause(
    with_checklist: tuple[Path, PrintedPolicy, bytes], lost: tuple[Edit, ...]
) -> None:
    project, printed, document = with_checklist
    new = put_below("Before you meet", "Take time.", "Do not rush.", like="Everyone takes charge")
    found = take(project, printed, edited(document, new, *lost))
    assert diff_of(project, found) == ["+text: |-", "+Take time.", "+Do not rush."]
    assert found.not_taken == ()


@pytest.fixture
def moved_on(tmp_path: Path, document: bytes) -> tuple[Path, Path]:
    """A project whose content has moved on since a policy was sent, and the policy, edited."""
    project = make_project(tmp_path / "project")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    subprocess.run(["git", "add", "content", "forms"], cwd=project, check=True)
    subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "Sent"],
        cwd=project,
        check=True,
    )
    text = (project / POLICY).read_text("utf-8")
    text = text.replace("Everyone takes charge", "Everybody takes charge")
    text = text.replace("covers every employee", "covers all employees")
    (project / POLICY).write_text(text, "utf-8")
    file = tmp_path / "policy.docx"
    file.write_bytes(
        edited(
            document,
            swap("covers every employee", "covers each employee"),
            swap("Everyone may appeal", "Everybody may appeal"),
        )
    )
    return project, file


def check_conflict(said: str, text: str) -> None:
    assert "Everybody may appeal" in text
    assert "covers all employees" in text
    assert "Everybody takes charge" in text
    assert "paper:    The procedure covers each employee." in said
    assert "content:  The procedure covers all employees." in said


def test_the_state_that_the_file_was_made_from_is_found_in_git(
    moved_on: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    project, file = moved_on
    assert main(["take-back", str(file), "--write"], project) == 0
    said = capsys.readouterr().out
    assert "was made from the revision" in said
    check_conflict(said, (project / POLICY).read_text("utf-8"))


def test_the_state_is_found_among_kept_editions_or_is_named(
    moved_on: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, file = moved_on
    today = (project / POLICY).read_bytes()
    assert main(["keep-edition", "--org", "tiny", "--at", "HEAD"], project) == 0
    shutil.rmtree(project / ".git")
    capsys.readouterr()
    assert main(["take-back", str(file), "--write"], project) == 0
    said = capsys.readouterr().out
    assert "the kept edition 2026-27.json" in said
    check_conflict(said, (project / POLICY).read_text("utf-8"))
    kept = tmp_path / "kept.json"
    shutil.move(project / FOLDER / "editions" / "2026-27.json", kept)
    (project / POLICY).write_bytes(today)
    assert main(["take-back", str(file), "--write"], project) == 2
    assert "--base" in capsys.readouterr().err
    assert (project / POLICY).read_bytes() == today
    assert main(["take-back", str(file), "--write", "--base", str(kept)], project) == 0
    check_conflict(capsys.readouterr().out, (project / POLICY).read_text("utf-8"))


EDITED_IN_LIBREOFFICE = [
    ("replace", "how performance is reviewed", "how work is reviewed"),
    ("replace", "covers every employee", "covers every employee and every trainee"),
    ("replace", "the cycle is adapted", "the cycle is changed"),
    ("below", "Somebody in probation", "Ask the head."),
    ("replace", "sees that the procedure", "sees that this procedure"),
    ("replace", "decided by 31 October", "decided by 30 November"),
    ("split", "the reviewer decides.", ""),
    ("replace", "achievable", "within reach"),
    ("delete", "what follows if there", ""),
    ("below", "realistic", "reviewed"),
    ("bold", "reasonable", ""),
    ("replace", "senior leaders.", "all leaders."),
    ("plain", "moderated", ""),
    ("replace", "may change if", "change if"),
    ("link", "proportion", "https://example.org/need"),
    ("replace", "throughout the year", "every term"),
    ("replace", "improving in their job.", "improving in their job. It takes time."),
    ("replace", "The letter", "The note"),
    ("row", "The report", "The form|The *clerk*"),
    ("join", "There may also be", ""),
    ("replace", "written report", "signed report"),
    ("replace", "Where a person has been", "Where somebody was"),
    ("delete", "Improper access", ""),
    ("replace", "Edition 2026-27", "Edition 2027-28"),
    ("replace", "may appeal against", "can appeal against"),
]

CHANGED_BY_THEM = """\
-text: This procedure says how performance is reviewed.
+text: This procedure says how work is reviewed.
-text: The procedure covers every employee.
+text: The procedure covers every employee and every trainee.
-service, the cycle is adapted.
+service, the cycle is changed.
-text: Somebody in probation is outside this procedure.
+text: |-
+Somebody in probation is outside this procedure.
+Ask the head.
-text: {{ words.board | capital }} sees that the procedure is applied fairly.
+text: {{ words.board | capital }} sees that this procedure is applied fairly.
-text: achievable
+text: within reach
+- id: reviewed
+text: reviewed
-The number of objectives is reasonable for the role.
+The number of objectives is **reasonable** for the role.
-The reviewer and the reviewee try to agree. If they cannot, the reviewer decides. The
+The reviewer and the reviewee try to agree. If they cannot, the reviewer decides.
+The
-senior leaders.
+all leaders.
-text: Objectives are *moderated*, so that they are fair.
+text: Objectives are moderated, so that they are fair.
-text: Objectives may change if circumstances change.
+text: Objectives change if circumstances change.
-text: Work is **observed** in proportion to the need.
+text: Work is **observed** in [proportion](https://example.org/need) to the need.
-[Constructive](https://example.org) feedback is given throughout the year.
+[Constructive](https://example.org) feedback is given every term.
-text: Everyone takes charge of improving in their job.
+text: Everyone takes charge of improving in their job. It takes time.
-- [The letter, The clerk]
+- [The form, The \\*clerk\\*]
+- [The note, The clerk]
-formal review meetings during the year.
-Time for planning, preparation and assessment (PPA) is not used, unless this is agreed.
+formal review meetings during the year. Time for planning, preparation and assessment (PPA) is \
not used, unless this is agreed.
-text: At the close of the cycle, each reviewee receives a written report.
+text: At the close of the cycle, each reviewee receives a signed report.
-Where a person has been absent, the judgement rests on the time when they were at work.
+Where somebody was absent, the judgement rests on the time when they were at work.
-- id: consequences
-text: what follows if there is no improvement, or improvement that is not sustained
-Improper access to employee data, or improper disclosure of it, is a data breach, which should be
-reported at once. It may also be a disciplinary offence.
-text: Everyone may appeal against an entry in their record.
+text: Everyone can appeal against an entry in their record.
"""


def test_fifty_edits_in_libreoffice_are_the_right_changes_and_nothing_else(
    root: Path, printed: PrintedPolicy, document: bytes, tmp_path: Path
) -> None:
    """The same 25 edits with changes tracked and without."""
    file = tmp_path / "policy.docx"
    file.write_bytes(document)
    outs = [tmp_path / f"edited-{tracked}.docx" for tracked in (False, True)]
    edit_with_libreoffice([(file, out == outs[1], EDITED_IN_LIBREOFFICE, out) for out in outs])
    for out in outs:
        found = take(root, printed, out.read_bytes())
        assert found.is_tracked is (out == outs[1])
        assert diff_of(root, found) == CHANGED_BY_THEM.splitlines()
        assert [(rule.name, rule.now) for rule in found.rules] == [
            ("day('teachers.pay-decision')", "30 November")
        ]
        assert [left.words for left in found.not_taken] == ["Edition 2027-28"]
        assert found.conflicts == ()


@pytest.mark.parametrize("stripped", [False, True], ids=["with bookmarks", "without"])
def test_random_edits_print_again_as_edited_or_are_listed(stripped: bool, tmp_path: Path) -> None:
    """A small share of what benchmarks/take_back.py makes."""
    policy, draw, made = Round(tiny_project(tmp_path), "tiny"), random.Random(11), Outcome()
    for _ in range(4):
        made.add(policy.run(draw, 25, stripped=stripped))
    assert made.wrong == []
    assert made.made.total() >= 25
    assert made.placed[False] == 0
    assert made.applied.total() + made.named.total() >= 0.8 * made.made.total()
