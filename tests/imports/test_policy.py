"""A Word policy of others becomes a policy: its structure, its numbers, and all its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from formulary.content.policy import Clause, Policy, clauses_in, numbers
from formulary.edition.text import blocks, plain
from formulary.imports.blocks import count_words
from formulary.imports.policy import ImportedPolicy, import_policy
from formulary.imports.proposals import propose
from formulary.returns.submission import CannotRead
from tests.imports.documents import (
    STRICT,
    cell,
    deleted,
    docx,
    footnotes,
    inserted,
    note,
    p,
    run,
    table,
    text_box,
)

UNDERLINED = '<w:u w:val="single"/>'


def read(*body: str, **options: Any) -> ImportedPolicy:
    """What comes of a document; every word of it must be in the YAML or in the list."""
    imported = import_policy(docx(*body, **options), "policy.docx", "Oak Trust")
    assert imported.problems == ()
    assert imported.policy is not None
    assert not imported.words.missing
    return imported


def policy_of(*body: str, **options: Any) -> Policy:
    policy = read(*body, **options).policy
    assert policy is not None
    return policy


def printed(policy: Policy) -> list[tuple[str, str]]:
    """The number and the first words of every section and clause, in order."""
    return list(_printed(policy))


def _printed(policy: Policy) -> Iterator[tuple[str, str]]:
    number = numbers(policy)
    for section, _ in policy.parts():
        yield number.get(section.id, ""), section.title
        for _, clause, _ in clauses_in(section):
            yield number.get(clause.id, ""), clause.title or plain(clause.text or "")


def clause_of(policy: Policy, start: str) -> Clause:
    """The clause whose title or text begins so."""
    return next(c for _, c in policy.clauses() if (c.title or c.text or "").startswith(start))


def test_headings_that_are_only_bold_are_sections() -> None:
    policy = policy_of(
        p("Leave Policy", bold=True, size=40),
        p("PURPOSE", bold=True, size=26),
        p("Leave is agreed in good time."),
        p("Asking for leave", bold=True, size=26),
        p("Ask your line manager."),
        p("Long leave", bold=True),
        p("Ask the head."),
    )
    assert policy.title == "Leave Policy"
    assert printed(policy) == [
        ("", "PURPOSE"),
        ("", "Leave is agreed in good time."),
        ("", "Asking for leave"),
        ("", "Ask your line manager."),
        ("", "Long leave"),
    ]
    assert clause_of(policy, "Long leave").text == "Ask the head."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (p("Aims", look=UNDERLINED), p("Process", look=UNDERLINED)),
        (p("AIMS OF IT ALL"), p("PROCESS")),
        (p("Aims", size=30), p("Process", size=30)),
        (p("Aims", style="Heading1"), p("Process", style="Heading1")),
        (table([cell("Aims", shaded=True)]), table([cell("Process", shaded=True)])),
        (
            p(runs=run("Aims", bold=True) + run("\nIt has aims that are its own.")),
            p(runs=run("Process", bold=True) + run("\nIt has a process of its own.")),
        ),
    ],
)
def test_what_makes_a_heading(first: str, second: str) -> None:
    policy = policy_of(
        p("Probation policy", bold=True, size=40),
        first,
        p("Probation lasts for six months."),
        second,
        p("There are three meetings in it."),
    )
    titles = [section.title.casefold() for section in policy.sections]
    assert titles in (["aims", "process"], ["aims of it all", "process"])


def test_an_unnumbered_foreword_shifts_no_number() -> None:
    imported = read(
        p("Appraisal Policy", style="Title"),
        p("Foreword", bold=True, size=32),
        p("The chair welcomes you, and thanks you for what you do."),
        p("Thank you again for everything that you have done this year."),
        p("Purpose", style="NumberedHeading"),
        p("This policy helps.", style="NumberedClause"),
        p("It goes with the pay policy.", style="NumberedClause"),
        p("A second paragraph of it."),
        p("Period", style="NumberedHeading"),
        p("In detail:", style="NumberedClause"),
        p("each year", list_id=9, level=2),
        p("each term", list_id=9, level=2),
        p("Objectives are set.", style="NumberedClause"),
    )
    assert imported.policy is not None
    assert printed(imported.policy)[3:] == [
        ("1", "Purpose"),
        ("1.1", "This policy helps."),
        ("1.2", "It goes with the pay policy. A second paragraph of it."),
        ("2", "Period"),
        ("2.1", "In detail:"),
        ("2.1.1", "each year"),
        ("2.1.2", "each term"),
        ("2.2", "Objectives are set."),
    ]
    assert imported.differences == ()
    assert imported.numbers == 8


def test_typed_numbers_are_those_printed() -> None:
    imported = read(
        p("CAPABILITY PROCEDURE", bold=True, size=36),
        p("1.\tINTRODUCTION", bold=True),
        p("1.1\tIt applies to all teachers."),
        p("1.2\tIt does not apply to:"),
        p("b)\tagency staff;"),
        p("c)\tgovernors."),
        p("1.2A\tNor to volunteers."),
        p("1.4\tSee section 3 and paragraph 3.1.2 below."),
        p("3.\tFORMAL MEETING", bold=True),
        p("3.1\tThe chair:"),
        p("3.1.1\topens the meeting;"),
        p("3.1.2\thears both sides."),
    )
    policy = imported.policy
    assert policy is not None
    assert [number for number, _ in printed(policy)] == [
        "1", "1.1", "1.2", "1.2A", "1.4", "3", "3.1", "3.1.1", "3.1.2",
    ]  # fmt: skip
    assert imported.differences == ()
    listed = clause_of(policy, "It does not")
    assert (listed.marks, listed.start) == ("a)", 2)
    assert [point.text for point in listed.points] == ["agency staff;", "governors."]
    assert [(one.words, one.target) for one in imported.written.pointers] == [
        ("section 3", "formal-meeting"),
        ("paragraph 3.1.2", "hears-both-sides"),
    ]
    assert "{{ section('formal-meeting') }}" in (clause_of(policy, "See").text or "")


def test_paragraphs_that_are_numbered_through() -> None:
    body = [p("Pay Policy", style="Title")]
    for number in range(1, 11):
        if number % 4 == 1:
            body.append(p(f"Part that begins with {number}", style="Heading1"))
        body.append(p(f"{number} Paragraph number {number} says something."))
    imported = read(*body)
    assert imported.policy is not None
    assert imported.policy.numbering == "paragraphs"
    found = [number for number, _ in printed(imported.policy) if number]
    assert found == [str(number) for number in range(1, 11)]
    assert imported.differences == ()


def test_articles_and_their_sections() -> None:
    imported = read(
        p("Oak Trust By-laws", bold=True, size=40),
        p("Article I: Name", bold=True, size=28),
        p("Section 1. The name is Oak."),
        p("Section 2. Its seat is in Ely."),
        p("Article II: Members", bold=True, size=28),
        p("Section 1. Anyone may join."),
    )
    assert imported.policy is not None
    assert imported.differences == ()
    assert [number for number, _ in printed(imported.policy)] == [
        "Article I", "Section 1", "Section 2", "Article II", "Section 1",
    ]  # fmt: skip


def test_a_number_that_cannot_be_kept_is_named() -> None:
    imported = read(
        p("Odd Policy", style="Title"),
        p("1 Aims", style="Heading1"),
        p("1.1 First aim is here."),
        p("2.2 A number of another section."),
        p("1.3 Third aim is here."),
    )
    assert [(one.in_document, one.printed) for one in imported.differences] == [("2.2", "1.2")]


def test_lists_with_their_starts_and_those_inside() -> None:
    policy = policy_of(
        p("Steps Policy", style="Title"),
        p("Steps", style="Heading1"),
        p("1.1 First these:"),
        p("one", list_id=3),
        p("two", list_id=3),
        p("then these:"),
        p("five", list_id=5),
        p("third letter", list_id=6),
        p("inner", list_id=6, level=1),
        p("fourth letter", list_id=6),
        p("1.2 At last."),
        p("a bullet", list_id=1),
        p("1.3 The end."),
    )
    clause = clause_of(policy, "First")
    lists = [(b.marks, b.start, [point.text for point in b.points]) for _, b in clause.bodies()]
    assert lists == [
        ("numbers", 1, ["one", "two"]),
        ("numbers", 5, ["five"]),
        ("letters", 3, ["third letter", "fourth letter"]),
    ]
    assert [point.text for point in clause.more[1].points[0].points] == ["inner"]
    assert clause.more[1].points[0].marks == "roman"


def test_tables_footnotes_and_signs_of_markdown() -> None:
    policy = policy_of(
        p("Observation Policy", style="Title"),
        p("Limits", style="Heading1"),
        p("These hold:"),
        table(
            ["Stage", "Teachers"],
            [cell("Review", merge="restart"), "3 hours | in all"],
            [cell("", merge="continue"), "[none] *yet*"],
        ),
        p(runs=run("A note is here") + note(1) + run(", *stars*, {{ braces }} and #signs: here")),
        parts=footnotes(_1="See the Act & the <code>."),
    )
    held = clause_of(policy, "These hold").table
    assert held is not None
    assert held.columns == ("Stage", "Teachers")
    assert [tuple(map(plain, row)) for row in held.rows] == [
        ("Review", "3 hours | in all"),
        ("", "[none] *yet*"),
    ]
    clause = clause_of(policy, "A note")
    assert [one.text for one in clause.footnotes] == ["See the Act & the <code>."]
    text = (clause.text or "").replace("{{ footnote('see-act-code') }}", "")
    assert plain(text) == "A note is here, *stars*, {{ braces }} and #signs: here"


@pytest.mark.parametrize(
    "words", ["- a dash", "1. a figure", "# a hash", "| a bar", "+ plus", "(a) b"]
)
def test_a_line_break_begins_no_list(words: str) -> None:
    policy = policy_of(
        p("Odd Policy", style="Title"), p("One", style="Heading1"), p(f"It says\n{words} here.")
    )
    text = next(c for _, c in policy.clauses()).text or ""
    if words[0] in "#|+":
        assert [type(block).__name__ for block in blocks(text)] == ["Paragraph"]
    assert words.split()[-1] in plain(text) or any(c.points for _, c in policy.clauses())


def test_what_is_left_out_is_listed_with_its_words() -> None:
    imported = read(
        p("Contents", bold=True),
        p("Aims....................2"),
        p("Process\t3"),
        p("Odd Policy", style="Title"),
        p("Approved by: The Trust Board\tDate of approval: 14 May 2024"),
        p("Next review: Spring 2027"),
        text_box("Our motto"),
        p("Aims", style="Heading1"),
        p(
            runs=inserted("Inserted words stay. ")
            + deleted("Deleted words go.")
            + run("Hidden. ", more="<w:vanish/>")
            + run("Struck. ", more="<w:strike/>")
            + run("Shown words.")
        ),
        p("Process", style="Heading1"),
        p("It goes on."),
        parts={
            "word/header1.xml": docx_part("hdr", "Oak Trust"),
            "word/comments.xml": docx_comment("Please check"),
        },
    )
    left = {(one.what, one.words) for one in imported.document.left_out}
    assert left >= {
        ("text box", "Our motto"),
        ("hidden words", "Hidden."),
        ("words struck through", "Struck."),
        ("header", "Oak Trust"),
        ("comment", "Please check"),
        ("contents list", "Contents\nAims....................2\nProcess 3"),
    }
    policy = imported.policy
    assert policy is not None
    assert policy.sections[0].clauses[0].text == "Inserted words stay. Shown words."
    assert policy.approval is not None
    assert (policy.approval.by, str(policy.approval.on)) == ("The Trust Board", "2024-05-14")
    assert (policy.status, policy.next_review_in) == ("approved", "Spring 2027")
    assert "accepted" in " ".join(imported.document.remarks)


def docx_part(name: str, words: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:{name} xmlns:w="{space}">{p(words)}</w:{name}>'


def docx_comment(words: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:comments xmlns:w="{space}"><w:comment w:id="0">{p(words)}</w:comment></w:comments>'


def test_a_word_that_nothing_takes_is_found_by_the_count() -> None:
    words = count_words(["It is here, isn’t it? 12.5 of Ångström"])
    assert words == {
        "it": 2,
        "is": 1,
        "here": 1,
        "isn’t": 1,
        "12": 1,
        "5": 1,
        "of": 1,
        "ångström": 1,
    }
    imported = read(p("One Policy", style="Title"), p("Aims", style="Heading1"), p("It is here."))
    assert imported.words.total == 6
    assert imported.words.taken == 6


def test_cover_tables_of_several_makes() -> None:
    rows = (
        table(["Approved by", "The Board"], ["Version", "3.2"], ["Review date", "1/9/2027"]),
        table(["Approved by", "The Board", "Version", "3.2"], ["Review date", "1/9/2027", "", ""]),
        table(["Approved by", "Version", "Review date"], ["The Board", "3.2", "1/9/2027"]),
    )
    for cover in rows:
        policy = policy_of(
            p("Dress Policy", style="Title"), cover, p("Aims", style="Heading1"), p("Look tidy.")
        )
        assert policy.approval is not None
        assert (policy.approval.by, policy.version) == ("The Board", "3.2")
        assert str(policy.next_review) == "2027-09-01"


def test_strict_open_xml_and_styles_that_go_round() -> None:
    assert (
        policy_of(
            p("Strict Policy", style="Title"),
            p("One", style="Heading1"),
            p("Words."),
            namespace=STRICT,
        )
        .sections[0]
        .title
        == "One"
    )


def test_two_kinds_of_list_in_one_entry() -> None:
    imported = read(
        p("List Policy", style="Title"),
        p("One", style="Heading1"),
        p("The head:"),
        p("decides", list_id=2),
        p("pay", list_id=1, level=1),
        p("support", list_id=1, level=1),
        p("first", list_id=6, level=1),
        p("second", list_id=6, level=1),
        p("reports", list_id=2),
    )
    assert imported.policy is not None
    points = imported.policy.sections[0].clauses[0].points
    assert [one.text for one in points] == [
        "decides\n\n- pay\n- support\n\n(i) first\n(ii) second",
        "reports",
    ]
    assert imported.document.left_out == []


def test_a_document_without_words_is_refused() -> None:
    with pytest.raises(CannotRead, match="no words"):
        import_policy(docx(p("")), "empty.docx", "Oak Trust")


def test_ids_are_of_words_and_each_used_once() -> None:
    policy = policy_of(
        p("Id Policy", style="Title"),
        p("Training", style="Heading1"),
        p("Training", style="Heading2"),
        p("Words here."),
        p("True", style="Heading2"),
        p("Other words."),
        p("2024", style="Heading2"),
        p("Third words."),
    )
    ids = [section.id for section in policy.sections] + [c.id for _, c in policy.clauses()]
    assert ids == ["training", "training-2", "true-part", "training-part"]


@pytest.mark.parametrize(
    ("title", "sentence", "names"),
    [
        ("Appraisal Policy", "Each appraiser, each appraisee.", "appraiser, appraisee, appraisal"),
        (
            "Policy", "Reviewers, not appraisers. A reviewer.",
            "reviewer, reviewee, performance management",
        ),
        ("Policy", "The appraisers meet.", "appraiser, reviewee, performance management"),
        (
            "Performance Development Policy", "An appraisal is held.",
            "reviewer, reviewee, performance development",
        ),
        ("Policy", "Appraisal helps every appraisee.", "reviewer, appraisee, appraisal"),
    ],
)  # fmt: skip
def test_the_own_words_of_the_policy_are_taken(title: str, sentence: str, names: str) -> None:
    found = propose(read(p(title, style="Title"), p("Aims", bold=True), p(sentence)).draft)
    assert ", ".join((found.reviewer, found.reviewee, found.process)) == names


def test_a_proposed_date_is_in_no_second_place() -> None:
    found = propose(
        read(
            p("Policy", style="Title"),
            p("Dates", bold=True),
            p("Objectives are agreed by 31 October."),
            p("By 30 April, progress is looked at."),
            p("It lasts from 1 May to 30 June."),
            table(["Step", "Teachers", "Others"], ["Review", "By 1 July", "By 1 March"]),
        ).draft
    )
    named = [line for one in found.events for line in one.lines if "name:" in line]
    assert [line.partition("name: ")[2].strip('"') for line in named] == [
        "Objectives are agreed",
        "Progress is looked at",
        "It lasts from 1 May to 30 June",
        "It lasts from 1 May to 30 June",
        "Review (Teachers)",
        "Review (Others)",
    ]


@pytest.mark.parametrize(
    ("sentence", "bound"),
    [
        ("Observation does not exceed three hours.", "max: 3"),
        ("It must not exceed two meetings.", "max: 2"),
        ("Visits not exceeding five hours are free.", "max: 5"),
        ("It lasts no more than six weeks.", "max: 6"),
        ("Staff have at least two days.", "min: 2"),
    ],
)
def test_a_limit_is_proposed_as_a_limit(sentence: str, bound: str) -> None:
    read_in = read(p("Policy", style="Title"), p("Aims", bold=True), p(sentence))
    (rule,) = propose(read_in.draft).rules
    assert f"    {bound}" in rule.lines


@pytest.mark.parametrize(
    "body",
    [
        [p("Leave Policy", style="Title")],
        [p("Leave Policy", style="Title"), table(["Version", "2"], ["Approved by", "The board"])],
        [p("Leave Policy", bold=True, size=40), p("Approved by: The board")],
        [table([cell("Leave Policy", span=2)], ["Version", "2"], ["Approved by", "The board"])],
        [p("Leave Policy", style="Title"), table(["Issue", "Date", "Reason"], ["1", "May", ""])],
    ],
)  # fmt: skip
def test_a_cover_without_a_policy_says_what_to_write(body: list[str]) -> None:
    (section,) = policy_of(*body).sections
    assert [clause.text for clause in section.clauses] == ["Write here what the policy says."]


@pytest.mark.parametrize("letters", range(25, 30))
def test_the_id_of_a_table_without_words_has_single_hyphens(letters: int) -> None:
    title = f"{'a' * letters} review"
    body = [p("Leave Policy", style="Title"), p(title, style="Heading1"), p("Words.")]
    body += [p("More", style="Heading1"), p("Words."), p(title, style="Heading1")]
    policy = policy_of(*body, table(["Who", "When"], ["Heads", "In May"]))
    assert "--" not in "".join(clause.id for _, clause in policy.clauses())


@pytest.mark.parametrize("number", [4, 7, 12, 25, 90])
def test_a_policy_may_begin_with_any_number(number: int) -> None:
    body = [p(f"{number}. Purpose", bold=True, size=28)]
    body += [p(f"{at}. Staff keep rule {at} at work.") for at in range(number + 1, number + 10)]
    assert policy_of(p("Leave Policy", style="Title"), *body).sections
