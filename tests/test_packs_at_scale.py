"""Many people, three forms, two formats: read back and drawn by programs not ours.

Two thousand instead of 100: FORMULARY_PEOPLE=2000.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pikepdf
import pytest

from formulary.cli import main
from formulary.content.loading import Content
from tests.checkers.fill_pdf import read_pdf_fields
from tests.checkers.fill_word import read_word_fields
from tests.checkers.openxml import openxml_errors
from tests.checkers.render import docx_to_pdf, fields_shown, pdf_text
from tests.checkers.verapdf import pdfua_failures
from tests.helpers import ROOT
from tests.staff_lists import HARD_NAMES, make_staff

pytestmark = pytest.mark.slow

PEOPLE = int(os.environ.get("FORMULARY_PEOPLE", "100"))
FORMS = ("pm-form", "one-to-one", "cpd-needs")
STAGES = {"m1-m2": "M1-M2", "ups3": "UPS3"}
"""Career stages as the list has them, and as the forms say them."""


@dataclass(frozen=True)
class Run:
    """What went in, by the person's id, and what came out."""

    staff: dict[str, dict[str, str]]
    out: Path
    entries: list[dict[str, str]]

    def of(self, id: str, format: str) -> list[Path]:
        return [
            self.out / entry["file"]
            for entry in self.entries
            if entry["person"] == id and entry["format"] == format
        ]


@pytest.fixture(scope="module")
def run(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("scale")
    (own,) = (found for found in content.organisations if found.id == "pclc")
    data = make_staff(PEOPLE, own.organisation.item, 11, tuple(STAGES))
    (folder / "staff.csv").write_bytes(data)
    out = folder / "out"
    forms = [word for form in FORMS for word in ("--form", form)]
    words = ["packs", str(folder / "staff.csv"), "--org", "pclc", "--out", str(out)]
    assert main([*words, *forms, "--jobs", "2"], ROOT) == 0
    rows = csv.DictReader(io.StringIO(data.decode()))
    staff = {row["Employee Number"]: row for row in rows}
    entries = json.loads((out / "manifest.json").read_text("utf-8"))["files"]
    return Run(staff, out, entries)


@pytest.fixture(scope="module")
def sample(run: Run) -> Sequence[str]:
    """Sixteen people, all the hard names among them."""
    hard = {row["Full Name"]: id for id, row in run.staff.items()}
    chosen = [hard[name] for name in HARD_NAMES]
    rest = sorted(set(run.staff) - set(chosen))
    return [*chosen, *Random(4).sample(rest, 16 - len(chosen))]


def test_everyone_has_the_forms_of_their_group_in_two_formats(run: Run) -> None:
    teachers = sum(row["Staff Group"] == "Teachers" for row in run.staff.values())
    count = PEOPLE * 4 + teachers * 2  # one of the forms is for teachers only
    assert 0 < teachers < PEOPLE
    assert len(run.entries) == count
    assert len({entry["file"].casefold() for entry in run.entries}) == count
    assert all((run.out / entry["file"]).stat().st_size for entry in run.entries)


def test_sixteen_people_are_who_they_are_in_both_formats(run: Run, sample: Sequence[str]) -> None:
    names = {id: row["Full Name"] for id, row in run.staff.items()}
    for id in sample:
        row = run.staff[id]
        reviewer = names.get(row["Line Manager"], row["Line Manager"])
        for path in run.of(id, "PDF"):
            with pikepdf.open(path) as document:
                held = {
                    str(field.T): str(field.get("/V", ""))
                    for field in document.Root.AcroForm.Fields
                    if field.FT != "/Btn"
                }
            word = read_word_fields(path.with_suffix(".docx"))
            texts = {id: text for id, text in word.items() if isinstance(text, str)}
            assert {id: text for id, text in texts.items() if text or id in held} == held
            assert {row["Full Name"], reviewer} <= set(held.values()), path
            if "cycle_from" in held:
                # pclc's source: one cycle for all, from 1 September to 31 August
                assert (held["cycle_from"], held["cycle_to"]) == ("01/09/2026", "31/08/2027")
            shown = fields_shown(path)
            assert {name: text for name, text in held.items() if text} == {
                name: " ".join(text.split()) for name, text in shown.items() if text
            }, path


def test_the_teachers_among_them_have_their_stage(
    run: Run, sample: Sequence[str], tmp_path: Path
) -> None:
    """On the form that is for teachers only: the others get none.

    `--only` with the id of a reviewer brings those whom they review too.
    """
    staff = run.out.parent / "staff.csv"
    only = [word for id in sample for word in ("--only", id)]
    words = ["packs", str(staff), "--org", "pclc", "--out", str(tmp_path / "out")]
    assert main([*words, "--form", "career-stage-audit", *only, "--jobs", "1"], ROOT) == 0
    found = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["files"]
    teachers = {id for id in sample if run.staff[id]["Staff Group"] == "Teachers"}
    found = [entry for entry in found if entry["person"] in sample]
    assert {entry["person"] for entry in found} == teachers
    stages = {id: STAGES[run.staff[id]["Career Stage"]] for id in teachers}
    assert set(stages.values()) == set(STAGES.values())
    for entry in found:
        path = tmp_path / "out" / entry["file"]
        said = read_pdf_fields(path) if entry["format"] == "PDF" else read_word_fields(path)
        assert said["current_stage"] == stages[entry["person"]], path


def test_names_can_be_seen_where_the_forms_are_drawn(
    run: Run, sample: Sequence[str], tmp_path: Path
) -> None:
    people = sample[: len(HARD_NAMES)]
    words = [run.of(id, "Word")[0] for id in people]
    unlike = [
        path.rename(path.with_stem(f"{path.stem}-{id}"))
        for path, id in zip(words, people, strict=True)
    ]
    drawn = dict(zip(people, docx_to_pdf(unlike, tmp_path), strict=True))
    for path, old in zip(unlike, words, strict=True):
        path.rename(old)
    for id in people:
        name = run.staff[id]["Full Name"]
        for path in (run.of(id, "PDF")[0], drawn[id]):
            text = "".join(pdf_text(path).split())
            # A long name may stand on several lines, with words of the next column between.
            parts = ["".join(name.split())] if len(name) < 40 else name.replace("-", " ").split()
            assert [part for part in parts if part not in text] == [], path


def test_some_of_each_pass_the_outside_checkers(run: Run, sample: Sequence[str]) -> None:
    chance = Random(5)
    pdfs = [chance.choice(run.of(id, "PDF")) for id in sample[4:12]]
    words = [chance.choice(run.of(id, "Word")) for id in sample[4:8]]
    assert {path: faults for path, faults in pdfua_failures(pdfs).items() if faults} == {}
    assert {path: faults for path, faults in openxml_errors(words).items() if faults} == {}
