"""Twenty-odd edits of all kinds to the tests' own organisation, each with what it changes.

Each edit changes a copy of that project. What it changes is written down here by hand: the keys of
the entries, and how each of them changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from formulary.content.loading import load
from formulary.content.snapshot import EditionSnapshot
from formulary.edition.edition import Edition, edition_of
from formulary.edition.entries import take_snapshot
from tests.helpers import replace_once, tiny_project

TINY = Path("content") / "organisations" / "tiny"
POLICY, ORGANISATION, CYCLE = (
    TINY / f"{name}.yaml" for name in ("policy", "organisation", "cycle")
)
TRAP = "<script>alert(1)</script> & <b>bold</b> #x"

OPEN, CLOSE = "{{ '{' }}", "{{ '}' }}"
"""How a curly bracket is written where it is no sign."""

Changed = dict[str, str]
"""The keys of the entries that changed, and how: “moved reworded”."""


@dataclass(frozen=True)
class Edit:
    """One edit: what it does to a copy of the project, and what must be reported for it.

    `follows` are keys of entries that must stand under the change named, and `says` words that a
    reader must find, as “taken out” and “put in”.
    """

    id: str
    act: Callable[[Path], None]
    changed: Changed
    follows: dict[str, set[str]] = field(default_factory=dict)
    says: tuple[tuple[str, str], ...] = ()
    renumbered: tuple[tuple[str, str], ...] = ()


def edited(folder: Path, *ids: str) -> Path:
    """The tests' own project in `folder`, with the edits of these ids; all if none."""
    root = tiny_project(folder)
    for edit in EDITS:
        if edit.id in ids or not ids:
            edit.act(root)
    return root


def edition_in(root: Path, organisation: str = "tiny") -> tuple[Edition, EditionSnapshot]:
    """The edition of an organisation as a project folder has it, and as it would be kept."""
    content, found = load(root)
    assert found == ()
    own = next(one for one in content.organisations if one.id == organisation)
    edition, faults = edition_of(content, own)
    assert edition is not None and faults == ()
    return edition, take_snapshot(edition)


def _replacing(path: Path | str, *pairs: tuple[str, str]) -> Callable[[Path], None]:
    def act(root: Path) -> None:
        for old, new in pairs:
            replace_once(root / path, old, new)

    return act


def _cut(path: Path, start: str, end: str) -> str:
    """What stands in the file from `start` up to `end`, taken out of it."""
    text = path.read_text(encoding="utf-8")
    first = text.index(start)
    found = text[first : text.index(end, first + len(start))]
    path.write_text(text.replace(found, ""), encoding="utf-8")
    return found


def _move_feedback(root: Path) -> None:
    found = _cut(root / POLICY, "      - id: feedback\n        title", "      - id: development\n")
    replace_once(root / POLICY, "      - id: absence\n", f"{found}      - id: absence\n")


def _move_and_reword(root: Path) -> None:
    found = _cut(root / POLICY, "      - id: absence\n", "\n  - id: unsatisfactory\n")
    found = found.replace("it also takes account of", "it takes account of")
    replace_once(root / POLICY, "      - id: capability\n", f"{found}      - id: capability\n")


def _remove_objectives_timing(root: Path) -> None:
    _cut(root / POLICY, "      - id: objectives-timing\n", "      - id: smart\n")
    for rest in ("agreeing", "senior"):
        text = (root / CYCLE).read_text(encoding="utf-8")
        text = text.replace(f"[objectives-timing, {rest}-objectives]", f"[{rest}-objectives]")
        (root / CYCLE).write_text(text, encoding="utf-8")


def _split_records(root: Path) -> None:
    replace_once(
        root / POLICY,
        "\n          Improper access to employee data,",
        "      - id: data-breach\n        text: |-\n          Improper access to employee data,",
    )


def _move_point(root: Path) -> None:
    found = _cut(root / POLICY, "          - id: specific\n", "          - id: measurable\n")
    replace_once(
        root / POLICY,
        "          - id: time-bound\n            text: time-bound\n",
        f"          - id: time-bound\n            text: time-bound\n{found}",
    )


EDITS = (
    Edit(
        "clause-added",
        _replacing(
            POLICY,
            (
                "\n  - id: confidentiality\n",
                "      - id: informal-support\n"
                "        title: Informal support\n"
                "        text: The manager first offers help without any formal step.\n"
                "\n  - id: confidentiality\n",
            ),
        ),
        {"clause:informal-support": "added"},
        says=(("", "The manager first offers help without any formal step."),),
    ),
    Edit(
        "clause-removed",
        _remove_objectives_timing,
        {"clause:objectives-timing": "removed"},
        says=(
            ("Objectives are set before each cycle begins, or as soon as possible afterwards.", ""),
        ),
        renumbered=(("5.2", "5.1"), ("5.3", "5.2"), ("5.4", "5.3"), ("5.5", "5.4"), ("5.6", "5.5")),
    ),
    Edit(
        "clause-moved",
        _move_feedback,
        {"clause:feedback": "moved"},
        renumbered=(("7.3", "7.2"), ("8.4", "8.5")),
    ),
    Edit(
        "clause-moved-and-reworded",
        _move_and_reword,
        {"clause:absence": "moved reworded"},
        says=(("also", ""),),
        renumbered=(("9.2", "9.3"),),
    ),
    Edit(
        "clause-reworded",
        _replacing(
            POLICY,
            (
                "There may also be\n          formal review",
                "There are also\n          formal review",
            ),
        ),
        {"clause:year-round-review": "reworded"},
        says=(("may also be", "are also"),),
    ),
    Edit(
        "clause-split",
        _split_records,
        {"clause:records": "reworded", "clause:data-breach": "added"},
        renumbered=(("10.2", "10.3"),),
    ),
    Edit(
        "cell",
        _replacing(
            TINY / "career-stages.yaml",
            ("The teacher is confident on all", "The teacher is confident and fluent on all"),
        ),
        {"cell:area.professional-practice.m5-m6": "reworded"},
        says=(("", "and fluent"),),
    ),
    Edit(
        "rule",
        _replacing(ORGANISATION, ("    min: 4\n    max: 8\n", "    min: 4\n    max: 10\n")),
        {"rule:monitoring": "reworded"},
        {"rule:monitoring": {"clause:concerns", "part:support-plan.period"}},
        says=(("8", "10"),),
    ),
    Edit(
        "time-rule",
        _replacing(CYCLE, ("by 31 March after the cycle", "by 30 April after the cycle")),
        {"event:support-staff.pay-decision": "reworded"},
        {
            "event:support-staff.pay-decision": {
                "clause:support-staff-cycle",
                "event:support-staff.final-review",
                "event:support-staff.report",
                "part:pm-form.pay",
                "part:pay-recommendation.decision",
            }
        },
        says=(("31 March", "30 April"),),
    ),
    Edit("another-year", _replacing(ORGANISATION, ("year: 2026", "year: 2027")), {}),
    Edit(
        "field-added",
        _replacing(
            "forms/objective-change.yaml",
            (
                "      - id: applies_from\n",
                "      - {id: told_on, label: Colleagues told on, type: date}\n"
                "      - id: applies_from\n",
            ),
        ),
        {"field:objective-change.told_on": "added"},
    ),
    Edit(
        "field-removed",
        _replacing(
            "forms/objective-change.yaml",
            (
                "      - id: asked_by\n"
                "        label: Who asks for the change\n"
                "        type: text\n"
                '        filled-by: "{{ words.reviewer | capital }}"\n',
                "",
            ),
        ),
        {"field:objective-change.asked_by": "removed"},
    ),
    Edit(
        "field-relabelled",
        _replacing(
            "forms/objective-change.yaml", ("label: Reason for the change", "label: Why it changes")
        ),
        {"field:objective-change.reason": "reworded"},
        says=(("Reason for the change", "Why it changes"),),
    ),
    Edit(
        "field-retyped",
        _replacing(
            "forms/objective-change.yaml",
            (
                "        hint: Allow enough time for it.\n        type: date",
                "        hint: Allow enough time for it.\n        type: text",
            ),
        ),
        {"field:objective-change.by_when": "reworded"},
        says=(("a date", "one line"),),
    ),
    Edit(
        "option-added",
        _replacing(
            "forms/objective-change.yaml",
            ("          - Agreed by both\n", "          - Agreed by both\n          - Left open\n"),
        ),
        {"field:objective-change.settled": "reworded"},
        says=(("", "Left open"),),
    ),
    Edit(
        "rows",
        _replacing("forms/cpd-needs.yaml", ("rows: 4", "rows: 6")),
        {"table:cpd-needs.need": "reworded"},
        says=(("4", "6"),),
    ),
    Edit(
        "panel",
        _replacing(
            ORGANISATION, ("chair of the Finance and Audit Committee", "chair of the Audit Board")
        ),
        {"panel:cfo": "reworded"},
        says=(("Finance and Audit Committee", "Audit Board"),),
    ),
    Edit(
        "role",
        _replacing(
            ORGANISATION,
            (
                "      Carries out the procedure from beginning to end, and",
                "      Carries out the procedure, and",
            ),
        ),
        {"role:reviewer": "reworded"},
        says=(("from beginning to end", ""),),
    ),
    Edit(
        "title-only",
        _replacing(
            POLICY, ("        title: All staff\n", "        title: Every member of staff\n")
        ),
        {"clause:all-staff": "reworded"},
        says=(("All", "Every member of"),),
    ),
    Edit(
        "number-only",
        _replacing(
            POLICY,
            ("    title: Scope\n    numbered: false\n", "    title: Scope\n"),
        ),
        {},
        renumbered=(("", "2.1"), ("", "2.2"), ("", "2.3")),
    ),
    Edit("point-moved", _move_point, {"clause:smart": "reordered"}),
    Edit(
        "layout-only",
        _replacing(
            POLICY,
            ("Constructive feedback is given", "**Constructive** feedback\n          is given"),
        ),
        {},
    ),
    Edit(
        "hostile",
        _replacing(
            POLICY,
            (
                "It is kept securely.",
                f"It is kept {TRAP} {OPEN}{OPEN} rules.x {CLOSE}{CLOSE} safely.",
            ),
        ),
        {"clause:records": "reworded"},
    ),
    Edit(
        "word",
        _replacing(ORGANISATION, ("  adviser: external adviser", "  adviser: outside adviser")),
        {"word:adviser": "reworded"},
        {
            "word:adviser": {
                "clause:senior-objectives",
                "panel:ceo",
                "event:senior-leaders.objectives",
            }
        },
    ),
    Edit(
        "word-in-choices",
        _replacing(ORGANISATION, ("  reviewer: reviewer\n", "  reviewer: appraiser\n")),
        {"word:reviewer": "reworded"},
        {"word:reviewer": {"field:objective-change.settled"}},
    ),
    Edit(
        "form-withdrawn",
        _replacing(
            ORGANISATION,
            (
                "  - form: moderation\n    clauses: [objective-quality]\n"
                "    serves:\n      sample: objective-quality\n",
                "",
            ),
        ),
        {"form:moderation": "removed"},
    ),
)
