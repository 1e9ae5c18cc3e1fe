"""Deliberate mistakes in content: each is named once, at its place, all in one run."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest

from formulary.check.context import Reference, report_lost
from formulary.content.loading import load
from formulary.content.source import Document
from formulary.pipeline import content as pipeline_content
from formulary.problems import errors_in
from tests.helpers import tiny_project

TINY = "content/organisations/tiny"


@dataclass(frozen=True)
class Mistake:
    """The first `old` of the file becomes `new`; `at` is the part of `new` that is to be named."""

    file: str
    old: str
    new: str
    code: str
    at: str


MISTAKES = (
    Mistake(
        "forms/pm-form.yaml",
        "from: previous.objectives_assessed",
        "from: previous.objectives_asessed",
        "unknown-reference",
        "previous.objectives_asessed",
    ),
    Mistake(
        "forms/pm-form.yaml",
        "unless: [impact, met]",
        "unless: [impact, done]",
        "unknown-reference",
        "done",
    ),
    Mistake(
        f"{TINY}/organisation.yaml", "status: example", "status: exmaple", "bad-value", "exmaple"
    ),
    Mistake(f"{TINY}/organisation.yaml", "\nmarking:", "\nmarkings:", "unknown-key", "markings"),
    Mistake(f"{TINY}/organisation.yaml", "year: 2026", 'year: "2026"', "wrong-type", '"2026"'),
    Mistake(
        f"{TINY}/organisation.yaml", 'colour: "#5b2a66"', "colour: purple", "bad-value", "purple"
    ),
    Mistake(
        f"{TINY}/organisation.yaml",
        "kind: Trust",
        "kind: Trust\nlogo: absent.svg",
        "unusable-logo",
        "absent.svg",
    ),
    Mistake(
        f"{TINY}/organisation.yaml",
        "\nabout: ",
        "\ntypeface: {titles: absent.ttf}\nabout: ",
        "unusable-typeface",
        "absent.ttf",
    ),
    Mistake(
        f"{TINY}/organisation.yaml",
        "  - id: executive-headteacher",
        "  - id: ceo\n    reviewee: A\n    reviewers: B\n  - id: executive-headteacher",
        "repeated-id",
        "ceo",
    ),
    Mistake(
        f"{TINY}/policy.yaml", "  on: 2023-05-24", "  on: 2023-05-34", "bad-date", "2023-05-34"
    ),
    Mistake(
        f"{TINY}/policy.yaml", "\nnumbering: clauses", "\nnumbering: roman", "bad-value", "roman"
    ),
    Mistake(
        f"{TINY}/policy.yaml",
        "updates:\n  - clause: concerns",
        "updates:\n  - clause: consern",
        "unknown-reference",
        "consern",
    ),
    Mistake(
        f"{TINY}/policy.yaml",
        "{{ rules.short_service.unit }}",
        "{{ rules.short_servise.unit }}",
        "unknown-fact",
        "{{ rules.short_servise.unit }}",
    ),
    Mistake(
        f"{TINY}/policy.yaml",
        "The cycle for teachers runs from {{ period('teachers') }}.",
        "The cycle for teachers runs from {{ period('teachers' }}.",
        "bad-expression",
        "{{ period('teachers' }}",
    ),
    Mistake(
        f"{TINY}/policy.yaml",
        "as the {{ document('pay-policy') }} requires",
        "as the {{ document('pay-polcy') }} requires",
        "unknown-reference",
        "{{ document('pay-polcy') }}",
    ),
    Mistake(
        f"{TINY}/policy.yaml",
        "      - id: short-contracts\n",
        "      - id: who-is-covered\n        text: Twice.\n      - id: short-contracts\n",
        "repeated-id",
        "who-is-covered",
    ),
    Mistake(
        f"{TINY}/cycle.yaml",
        "        when: by 31 October after the cycle",
        "        when: by 31 Oktober after the cycle",
        "bad-date",
        "by 31 Oktober",
    ),
    Mistake(
        f"{TINY}/cycle.yaml",
        "        when: before spring-review",
        "        when: before spring-revue",
        "unknown-reference",
        "before spring-revue",
    ),
    Mistake(
        f"{TINY}/cycle.yaml",
        "    groups: [support-staff]",
        "    groups: [supportstaff]",
        "unknown-reference",
        "supportstaff",
    ),
    Mistake(
        f"{TINY}/cycle.yaml",
        "  - id: summer\n    name: Summer term\n    starts: April",
        "  - id: summer\n    name: Summer term\n    starts: Aprl",
        "bad-date",
        "Aprl",
    ),
    Mistake(  # rules that can be read, and cannot be the end of a term or a cycle
        f"{TINY}/cycle.yaml",
        "    ends: July",
        "    ends: as needed",
        "bad-date",
        "as needed",
    ),
    Mistake(
        f"{TINY}/cycle.yaml",
        "    groups: [teachers]\n    starts: 1 September",
        "    groups: [teachers]\n    starts: 0 working days before x",
        "bad-date",
        "0 working days before x",
    ),
    Mistake(
        f"{TINY}/cycle.yaml",
        "    ends: 31 August\n    clauses: [teachers-cycle]",
        "    ends: spring term\n    clauses: [teachers-cycle]",
        "bad-date",
        "spring term",
    ),
    Mistake(
        f"{TINY}/ratings.yaml", "\npay-from: green", "\npay-from: gren", "unknown-reference", "gren"
    ),
    Mistake(
        f"{TINY}/ratings.yaml",
        "    cells:\n      red: |-\n        Not all standards are met. There are small issues "
        "spread over several standards, or one or\n"
        "        more bigger issues within a single standard.\n",
        "    cells:\n",
        "missing-cell",
        "cells",
    ),
    Mistake(
        f"{TINY}/career-stages.yaml",
        "    cells:\n      m1-m2: ",
        "    cells:\n      m1-m3: ",
        "unknown-reference",
        "m1-m3: ",
    ),
    Mistake(
        f"{TINY}/coverage.yaml",
        "  F37: ",
        "  F37: policy.nowhere # ",
        "unknown-reference",
        "policy.nowhere",
    ),
    Mistake(
        "forms/pm-form.yaml",
        "        from: staff.name",
        "        from: staff.nam",
        "unknown-reference",
        "staff.nam",
    ),
    Mistake("forms/pm-form.yaml", "    rows: 4", "    rows: many", "bad-value", "many"),
    Mistake("forms/cpd-needs.yaml", "header: common", "header: comon", "bad-value", "comon"),
)

BROKEN_FILES = (
    Mistake("content/library/glossary.yaml", "terms:\n", "terms:\n\t", "yaml-syntax", "\t"),
    Mistake("forms/house/header.yaml", "    label: ", '    label: "', "yaml-syntax", '"'),
)


def make(root: Path, mistake: Mistake) -> None:
    path = root / mistake.file
    text = path.read_text(encoding="utf-8")
    assert mistake.old in text, mistake
    path.write_text(text.replace(mistake.old, mistake.new, 1), encoding="utf-8")


def expected(root: Path, mistake: Mistake) -> str:
    """The place and the code that the message about a mistake should have."""
    text = (root / mistake.file).read_text(encoding="utf-8")
    index = text.index(mistake.new) + mistake.new.index(mistake.at)
    column = index - text.rfind("\n", 0, index)
    return f"{mistake.file}:{text.count(chr(10), 0, index) + 1}:{column} {mistake.code}"


def found_in(root: Path) -> list[str]:
    """What stops a build; judgements have tests of their own."""
    found = errors_in(pipeline_content.check(root, datetime.date(2026, 11, 22)).problems)
    return [f"{problem.place} {problem.kind.code}" for problem in found]


def test_content_without_a_mistake_has_no_problem(tmp_path: Path) -> None:
    assert found_in(tiny_project(tmp_path)) == []


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("colour: #1d4f91", 'Put it in quotation marks: colour: "#1d4f91"'),
        ("contact: {email: hr at example}", "Write an email address, such as hr@example.org."),
        (
            "contact: {email: hr@x.example, form: x.example/form}",
            "Write an address that starts with https://, such as https://example.org/form.",
        ),
        (
            "contact: hr@x.example",
            "Write its keys below it, each on a line of its own: email, who, phone, post, form, "
            "reply.",
        ),
        ("logo: ../crest.jpg", "Name a picture beside organisation.yaml, such as logo.svg."),
    ],
)
def test_a_mistake_in_how_an_organisation_looks_says_what_to_write(
    tmp_path: Path, value: str, advice: str
) -> None:
    root = tiny_project(tmp_path)
    path = root / TINY / "organisation.yaml"
    kept = path.read_text(encoding="utf-8")
    if value.startswith("colour"):
        kept = kept.replace('colour: "#5b2a66"\n', "")
    path.write_text(f"{kept.rstrip()}\n{value}\n", encoding="utf-8")
    _, problems = load(root)
    assert advice in [problem.fix for problem in problems]


@pytest.mark.parametrize("value", ["{{ words.head }} reads it.", "@all read it.", '"All" read it.'])
def test_a_text_that_yaml_cannot_read_is_one_mistake(tmp_path: Path, value: str) -> None:
    root = tiny_project(tmp_path)
    old = "text: The procedure covers every employee."
    make(root, Mistake(f"{TINY}/policy.yaml", old, f"text: {value}", "", ""))
    (found,) = found_in(root)
    assert found.endswith("yaml-syntax")


def test_many_mistakes_are_each_named_once_in_one_run(tmp_path: Path) -> None:
    root = tiny_project(tmp_path)
    mistakes = (*MISTAKES, *BROKEN_FILES)
    for mistake in mistakes:
        make(root, mistake)
    assert len(mistakes) >= 20
    assert sorted(found_in(root)) == sorted(expected(root, mistake) for mistake in mistakes)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.code}-{mistake.at}")
def test_each_mistake_alone_is_the_only_one_named(mistake: Mistake, tmp_path: Path) -> None:
    root = tiny_project(tmp_path)
    make(root, mistake)
    assert found_in(root) == [expected(root, mistake)]


@pytest.mark.parametrize(
    ("count", "end"), [(0, "none."), (12, "form-12."), (13, "form-12 and 1 more.")]
)
def test_a_long_list_of_known_names_says_how_many_more_there_are(count: int, end: str) -> None:
    known = frozenset(f"form-{number:02}" for number in range(1, count + 1))
    reference = Reference(Document(Path("organisation.yaml")), (), "zzz", "form", known)
    assert report_lost(reference).fix.endswith(end)
