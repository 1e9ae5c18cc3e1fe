"""The content loader on hostile files.

The first byte of an input names a file of a small organisation, the others are what stands in it.
Whatever that is, loading, checking, judging and composing give values or catalogued problems.
"""

from __future__ import annotations

import datetime
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.target import Attempt, Target

PROJECT = Path(__file__).parents[2]

FILES = (
    "content/organisations/oak/organisation.yaml",
    "content/organisations/oak/policy.yaml",
    "content/organisations/oak/cycle.yaml",
    "content/organisations/oak/ratings.yaml",
    "content/organisations/oak/career-stages.yaml",
    "content/organisations/oak/guidance.yaml",
    "content/organisations/oak/questions.yaml",
    "content/organisations/oak/checklists.yaml",
    "content/organisations/oak/coverage.yaml",
    "content/organisations/oak/staff-columns.yaml",
    "content/organisations/oak/last-edition.json",
    "content/library/standards.yaml",
    "content/library/glossary.yaml",
    "content/library/guidance.yaml",
    "content/library/questions.yaml",
    "content/library/checklists.yaml",
    "content/library/accessibility.yaml",
    "forms/pm-form.yaml",
    "forms/house/header.yaml",
)

TODAY = datetime.date(2026, 9, 1)


def make() -> Attempt:
    """The target: one input in, nothing out, an exception where the project would break."""
    from formulary.check.content import lint
    from formulary.content.loading import load, load_library
    from formulary.documents.blank import compose_blank
    from formulary.documents.changes_paper import compose_changes
    from formulary.documents.paper import compose_paper
    from formulary.edition.edition import compose_edition
    from formulary.pipeline.changes import since_last_editions
    from formulary.pipeline.content import editions_of
    from formulary.pipeline.scaffold import Adopter, new_group, starter_files
    from formulary.problems import CATALOGUE, errors_in, in_order

    root = Path(tempfile.mkdtemp(prefix="fuzz-loader-"))
    own = root / "content" / "organisations" / "oak"
    for folder in (own, root / "content" / "library", root / "forms" / "house"):
        folder.mkdir(parents=True)
    (root / "formulary").symlink_to(PROJECT / "formulary")
    adopter = Adopter(
        "oak",
        "Oak Trust",
        "Trust",
        2026,
        "clauses",
        (new_group("Teachers: 1 September"), new_group("Support staff: 1 April")),
        ("pm-form",),
        (),
    )
    for name, text in starter_files(PROJECT, adopter, load_library(PROJECT).forms).items():
        (own / name).write_text(text, encoding="utf-8")
    (root / "forms" / "pm-form.yaml").write_bytes((PROJECT / "forms" / "pm-form.yaml").read_bytes())
    usual = {name: (root / name).read_bytes() for name in FILES if (root / name).exists()}

    def one(data: bytes) -> None:
        name = FILES[(data[0] if data else 0) % len(FILES)]
        path = root / name
        path.write_bytes(data[1:])
        try:
            content, found = load(root)
            composed = [compose_edition(content, own)[0] for own in content.organisations]
            findings = lint(content, composed, TODAY)
            editions, faults = editions_of(content, (), None)
            problems = in_order((*found, *findings.problems, *faults))
            for problem in problems:
                assert problem.kind.code in CATALOGUE
                str(problem).encode()
                json.dumps(problem.as_data(), ensure_ascii=False).encode()
            if errors_in(problems):
                return
            for edition in since_last_editions(content, editions):
                compose_paper(edition)
                if edition.changes:
                    compose_changes(edition, edition.changes)
                for offer, form in edition.forms:
                    compose_blank(edition, offer, form)
        finally:
            path.unlink()
            if name in usual:
                path.write_bytes(usual[name])

    return one


VALUES = (
    "null", "true", "''", "[]", "{}", "-1", "0", "2026", "99999", "9" * 5000, "0x1F", "0o17",
    "1e999",
    ".nan", ".inf", "1_000", "2026-02-30", "2026-10-31", "9999-12-31", "0001-01-01",
    "!!python/name:os.system x",
    "!!binary aGVsbG8=", "!!set {a, b}", "&a [*a]", "*a", "<<: *a", '"\\uD800"', '"\\uFFFF"',
    '"\\0"', '"\\x07"',
    "|\n  text", ">-\n  folded\n\n  text", "'a: b'", "? [a, b]\n: c", "%YAML 1.3\n---",
    "--- a\n--- b", "...",
    "“{{ rules.monitoring.max | words }}”", "'{{ clause(''appeals'') }}'",
    "'{{ ''''.__class__.__mro__ }}'",
    "'{{ ''a''.center(10000000) }}'", "'{{ ''%1000000000s'' % 1 }}'", "'{{ clause.__globals__ }}'",
    "'{{ ((((((((((1)))))))))) }}'", "'{{ [1][2] }}'", "'{{ {}[1] }}'", "'{{ day(1) }}'",
    "'{{ period(''teachers'') }}'",
    "'{{ words }}'", "'{{ rules.monitoring | plural }}'", "'{% for a in b %}'",
    "'{{ -1 | words }}'", "'{{ 1/0 }}'",
    "by 31 February after the cycle", "five days after appeals", "in the autumn term",
    "1 September", "31 April",
    "0 working days before x", "99999999999 weeks after the review", "January to January",
    "by 29 February",
    "five weeks after pay-decision", "#1d4f6e", "red", "javascript:alert(1)",
    "[a](javascript:b)", "**", "- a\n- b",
    "> " * 100, "1. " * 60, "![a](b)", "<script>", "&amp;&#0;&#x110000;", "\u202eabc", "\ufeff",
    "\u2028", "a" * 3000,
    "appeals", "review", "oak", "teachers", "pm-form", "policy", "example", "draft", "approved",
    "text", "rating", "stage",
    "signature", "date", "choice", "checkbox", "money", "multiline", "ratings", "standards",
    "career-stages", "pay",
    "staff.name", "cycle.starts", "previous.objectives", "5.3.", "(a)", "Clause 5.3 and Appendix Z",
)  # fmt: skip
"""What may be dangerous in the place of a value."""


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Another input: lines moved, values exchanged, files crossed."""
    first, text = data[:1] or b"\0", data[1:].decode("utf-8", "surrogateescape")
    if chance.random() < 0.03:
        first = bytes([chance.randrange(len(FILES))])
    lines = text.split("\n")
    for _ in range(1 + chance.randrange(4)):
        place = chance.randrange(len(lines))
        line = lines[place]
        match chance.randrange(9):
            case 0:
                del lines[place : place + chance.randrange(1, 4)]
            case 1:
                lines.insert(chance.randrange(len(lines) + 1), line)
            case 2:
                lines[place] = " " * chance.choice((0, 1, 2, 4, 6)) + line.lstrip()
            case 3:
                other = chance.randrange(len(lines))
                lines[place], lines[other] = lines[other], line
            case 4 | 5 | 6:
                key, colon, _ = line.partition(":")
                lines[place] = f"{key}{colon} {chance.choice(VALUES)}"
            case 7:
                words = line.split(" ")
                words[chance.randrange(len(words))] = chance.choice(VALUES)
                lines[place] = " ".join(words)
            case 8:
                block = lines[place : place + chance.randrange(1, 12)]
                at = chance.randrange(len(lines) + 1)
                lines[at:at] = block
        lines = lines or [""]
    return first + "\n".join(lines).encode("utf-8", "surrogateescape")


def seeds() -> Iterator[bytes]:
    """The content that ships, the beginning of each file as what it is."""
    for place, name in enumerate(FILES):
        last = Path(name).name
        shipped = [PROJECT / name, *sorted((PROJECT / "content/organisations").glob(f"*/{last}"))]
        for path in shipped:
            if path.is_file():
                yield bytes([place]) + path.read_bytes()[:1_500].rpartition(b"\n")[0]
    for place in range(len(FILES)):
        yield bytes([place]) + b"a: &a [1, 2]\nb: *a\n"
        yield bytes([place]) + b"{" * 500
        yield bytes([place]) + b"- " * 500 + b"a"


TARGETS = {"loader": Target(make, seeds, mutate, longest=3_000)}
