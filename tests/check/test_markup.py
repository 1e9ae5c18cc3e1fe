"""What a text has of Markdown or of Word that is not taken is named, with its line; the rest is
printed as it was typed, and nothing is said of it."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from formulary.problems import Problem
from tests.check.samples import CLEAN, HILL, linted, write

POLICY = f"{HILL}/policy.yaml"

TAKEN = {
    "paragraphs": "One.\n\nTwo.",
    "letters": "They agree:\n\n(a) the plan\n(b) the dates\n(c) the support",
    "letters-at-once": "They agree:\n(a) the plan\n(b) the dates",
    "roman": "i. one\nii. two\niii. three",
    "capitals": "A) one\nB) two",
    "later": "Then:\n\n5. agree\n6. sign",
    "nested": "1. one\n   (a) inner\n   (b) inner\n2. two",
    "year": "2026. The year in which this began.",
    "initial": "A. Smith is the head, and B. Jones is not.",
    "sentence": "Either (a) this, or (b) that, is enough.",
    "table": "| Stage | By |\n|---|---|\n| Plan | a \\| b |",
    "break": "The head decides.  \nNobody else does.",
    "escaped": "\\*\\*not bold\\*\\* and \\`not code\\`",
    "less": "Fewer than <5 people, a < b, snake_case and 3*4*5.",
    "line": "Name: ______ Date: ____",
    "dash": "It began in 2026 – and went on.",
    "link": "[the law](https://example.org) and [the office](mailto:hr@example.org)",
    "hash": "The 1st prize, #1 of all.",
    "twin": "Dates：soon, a\u200dbc",
    "accents": "Żółć, Siân, “quoted”, ≤ 5, ½, €, →, ✓",
}
"""Texts of which nothing is said."""

NAMED = {
    "bullets": ("and\n\n• one\n• two", "text-list", "• one"),
    "bullet-in-line": ("They agree: • one • two", "text-list", "• one"),
    "word-bullet": ("They agree:\n\n\uf0b7 one\n\uf0b7 two", "unprintable", "\uf0b7 one"),
    "dashes": ("They agree:\n– one\n– two", "text-list", "– one"),
    "middle-dots": ("They agree:\n· one\n· two", "text-list", "· one"),
    "run-on-letters": ("(a) the plan (b) the dates (c) the support", "text-list", "(b)"),
    "run-on-colon": ("They agree: a) the plan; b) the dates", "text-list", "b)"),
    "run-on-numbers": ("1. the plan 2. the dates 3. the end", "text-list", "2."),
    "run-on-roman": ("They agree: (i) the plan, (ii) the dates", "text-list", "(ii)"),
    "shallow": ("1. one\n - inner\n2. two", "text-list", "- inner"),
    "pipes": ("| When | Who |\n| Autumn | Head |", "text-table", "| When | Who |"),
    "pipe-line": ("Stage | Teachers | Support", "text-table", "Stage |"),
    "rule-too-long": ("| A | B |\n|---|---|---|\n| 1 | 2 |", "text-table", "| A | B |"),
    "no-rule": ("Key dates:\n\n| Plan | October |\n| End | May |", "text-table", "| Plan"),
    "pipes-in-list": ("- | A | B |\n- | 1 | 2 |", "text-table", "- | A | B |"),
    "heading": ("# Big\n\nText.", "text-heading", "# Big"),
    "heading-three": ("Text.\n\n### Small", "text-heading", "### Small"),
    "heading-at-once": ("Text.\n## Middle\nMore.", "text-heading", "## Middle"),
    "underlined": ("Big\n===\n\nText.", "text-heading", "Big"),
    "six": ("###### Least", "text-heading", "###### Least"),
    "image": ("See ![Chart](chart.png).", "text-image", "![Chart]"),
    "image-empty": ("![](a.png)", "text-image", "![](a.png)"),
    "image-web": ("![Logo](https://example.org/a.png)", "text-image", "![Logo]"),
    "image-in-list": ("- ![a](b.jpg)\n- two", "text-image", "![a]"),
    "image-reference": ("See ![Chart].", "text-image", "![Chart]"),
    "break-tag": ("One<br>two", "text-html", "<br>"),
    "bold-tag": ("<b>One</b> two", "text-html", "<b>"),
    "table-tag": ("<table><tr><td>1</td></tr></table>", "text-html", "<table>"),
    "span": ('<span style="x">One</span>', "text-html", "<span"),
    "comment": ("One <!-- not this -->", "text-html", "<!--"),
    "footnote": ("As the law says[^1].", "text-footnote", "[^1]"),
    "footnote-name": ("As it says[^law].", "text-footnote", "[^law]"),
    "footnote-text": ("[^1]: The law of 2010.", "text-footnote", "[^1]"),
    "footnote-list": ("- one[^a]\n- two", "text-footnote", "[^a]"),
    "footnote-two": ("One[^1] and two[^2].", "text-footnote", "[^1]"),
    "code": ("Run `this` now", "text-mark", "`this`"),
    "struck": ("It is ~~not~~ so", "text-mark", "~~not~~"),
    "quotation": ("> As she said.", "text-mark", "> As she said."),
    "line-across": ("One\n\n***\n\nTwo", "text-mark", "***"),
    "task": ("- [ ] do it\n- [x] done", "text-mark", "- [ ] do it"),
    "bold-open": ("It is **very important.", "text-mark", "**very"),
    "bold-blank": ("It is ** very ** important.", "text-mark", "** very"),
    "address": ("See <https://example.org>.", "text-mark", "<https://example.org>"),
    "tab": ("Years\tRate", "text-tab", "Years"),
    "tabs": ("One:\n\n1 to 5\t\t10 days\n6 to 9\t\t12 days", "text-tab", "5"),
    "tab-in-list": ("- one\ttwo", "text-tab", "one"),
    "tab-after-blank": ("Name \t Rate", "text-tab", "Name"),
    "tab-columns": ("A\tB\tC", "text-tab", "A"),
    "link-file": ("See [our rules](rules.md).", "text-link", "rules.md"),
    "link-www": ("See [the law](www.example.org/law).", "text-link", "www.example.org/law"),
    "link-anchor": ("See [above](#scope).", "text-link", "#scope"),
    "link-ftp": ("See [it](ftp://example.org).", "text-link", "ftp://example.org"),
    "link-path": ("See [it](/docs/a.pdf).", "text-link", "/docs/a.pdf"),
    "gap": ("5. agree\n7. sign", "numbering", "7."),
    "gap-letters": ("(a) agree\n(b) sign\n(d) keep", "numbering", "(d)"),
    "row-too-long": ("| A | B |\n|---|---|\n| 1 | 2 | 3 |", "bad-value", "| 1 | 2 | 3 |"),
    "emoji": ("Key dates 📌 are here.", "unprintable", "📌"),
    "star": ("A ★ teacher", "unprintable", "★"),
    "chinese": ("関 is a letter", "unprintable", "関"),
    "telephone": ("☎ 01234", "unprintable", "☎"),
    "arabic": ("It is كتاب.", "unprintable", "ك"),
    "arrow": ("First ⇒ then", "unprintable", "⇒"),
}
"""Texts, each with the kind of its one finding, and where in it that is."""


def clauses() -> str:
    """A section with a clause for each text."""
    texts = {**TAKEN, **{id: text for id, (text, _, _) in NAMED.items()}}
    return "".join(
        f"      - id: is-{id}\n        title: Number {place}\n        text: |-\n"
        f"{indent(text, ' ' * 10)}\n"
        for place, (id, text) in enumerate(texts.items())
    )


def policy() -> str:
    start = "  - id: written\n    title: Written\n    clauses:\n"
    return CLEAN[POLICY] + start + clauses()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    """What is said of signs in the texts, by the id of the clause."""
    root = write(tmp_path_factory.mktemp("hill"), {**CLEAN, POLICY: policy()})
    ours = ("text-", "unprintable", "bad-value", "numbering")
    by_clause: dict[str, list[Problem]] = {}
    for problem in linted(root).problems:
        if problem.kind.code.startswith(ours):
            by_clause.setdefault(problem.about[1], []).append(problem)
    return by_clause


@pytest.mark.parametrize("id", TAKEN)
def test_of_what_is_taken_nothing_is_said(id: str, found: dict[str, list[Problem]]) -> None:
    assert [str(problem) for problem in found.get(f"is-{id}", [])] == []


@pytest.mark.parametrize("id", NAMED)
def test_what_is_not_taken_is_named_at_its_place(id: str, found: dict[str, list[Problem]]) -> None:
    _, code, at = NAMED[id]
    (problem,) = found[f"is-{id}"]
    assert problem.kind.code == code
    lines = policy().split("\n")
    assert lines[problem.place.line - 1][problem.place.column - 1 :].startswith(at)


def test_all_unprintable_characters_are_named_at_once(found: dict[str, list[Problem]]) -> None:
    named = [p for problems in found.values() for p in problems if p.kind.code == "unprintable"]
    assert len(named) == sum(code == "unprintable" for _, code, _ in NAMED.values())
    assert {p.kind.severity for p in named} == {"error"}


FIRST, SECOND = "{{ footnote('first') }}", "{{ footnote('second') }}"
NOTES = (
    "        footnotes:\n"
    "          - id: first\n            text: The first.\n"
    "          - id: second\n            text: The second.\n"
)


@pytest.mark.parametrize(
    ("text", "notes", "said"),
    [
        (f"One{FIRST}, two{SECOND}.", NOTES, []),
        (f"One{FIRST}.", NOTES, ["No text has the mark of the footnote “second”"]),
        (f"One{FIRST}, two{SECOND}, three{FIRST}.", NOTES, ["The footnote “first” has two marks"]),
        (f"One{SECOND}, two{FIRST}.", NOTES, ["“first”, 1, comes after that of 2"]),
        (
            f"One{FIRST}, two{SECOND}.",
            NOTES.replace("The second.", f"The second{FIRST}."),
            ["“first” is not in a text of the policy"],
        ),
    ],
)
def test_each_footnote_has_one_mark_in_its_place(
    text: str, notes: str, said: list[str], tmp_path: Path
) -> None:
    clause = f"      - id: noted\n        title: Noted\n        text: {text}\n{notes}"
    start = "  - id: written\n    title: Written\n    clauses:\n"
    files = {**CLEAN, POLICY: f"{CLEAN[POLICY]}{start}{clause}"}
    found = [p for p in linted(write(tmp_path, files)).problems if p.kind.code == "footnote"]
    assert len(found) == len(said)
    assert all(words in problem.message for words, problem in zip(said, found, strict=True))


def test_a_mark_outside_the_policy_is_named(tmp_path: Path) -> None:
    clause = f"      - id: noted\n        title: Noted\n        text: A{FIRST}, b{SECOND}.\n{NOTES}"
    start = "  - id: written\n    title: Written\n    clauses:\n"
    organisation = f"{HILL}/organisation.yaml"
    about = CLEAN[organisation].replace("of three schools.", f"of three{FIRST} schools.", 1)
    files = {**CLEAN, POLICY: f"{CLEAN[POLICY]}{start}{clause}", organisation: about}
    found = [p for p in linted(write(tmp_path, files)).problems if p.kind.code == "footnote"]
    assert any("is not in a text of the policy" in problem.message for problem in found)
    assert {problem.place.file.name for problem in found} == {"organisation.yaml"}


def test_a_row_of_a_clauses_table_has_a_cell_for_each_column(tmp_path: Path) -> None:
    clause = (
        "      - id: dates\n        title: Dates\n        table:\n          columns: [A, B]\n"
        "          rows:\n            - [one, two]\n            - [three]\n"
    )
    start = "  - id: written\n    title: Written\n    clauses:\n"
    files = {**CLEAN, POLICY: f"{CLEAN[POLICY]}{start}{clause}"}
    (found,) = linted(write(tmp_path, files)).problems
    assert found.kind.code == "bad-value"
    assert (tmp_path / POLICY).read_text().split("\n")[found.place.line - 1].strip() == "- [three]"


def test_two_clauses_with_one_number_are_named(tmp_path: Path) -> None:
    clause = "      - id: twice\n        title: Twice\n        number: 1\n        text: Words.\n"
    same = clause.replace("twice", "again").replace("Twice", "Again")
    start = "  - id: written\n    title: Written\n    clauses:\n"
    files = {**CLEAN, POLICY: f"{CLEAN[POLICY]}{start}{clause}{same}"}
    (found,) = linted(write(tmp_path, files)).problems
    assert (found.kind.code, found.message) == (
        "numbering",
        "“twice” and “again” are both clause 4.1",
    )
