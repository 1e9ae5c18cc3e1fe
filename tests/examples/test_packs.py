"""Every example organisation gets its packs: who gets which form is as its own content says."""

from __future__ import annotations

import csv
import io
from hashlib import sha256
from pathlib import Path

import pytest

from formulary.cli import main
from formulary.content.loading import Content
from tests.checkers.fill_pdf import read_pdf_fields
from tests.checkers.fill_word import read_word_fields
from tests.helpers import ROOT
from tests.staff_lists import HARD_NAMES, make_staff
from tests.test_packs import files_in, manifest, stamp_person


@pytest.mark.parametrize("id", ["cwac", "dgat", "ealing", "pclc", "staploe"])
def test_every_organisation_gets_its_packs(content: Content, tmp_path: Path, id: str) -> None:
    organisation = next(one for one in content.organisations if one.id == id).organisation.item
    data = make_staff(24, organisation, 5)
    people = list(csv.DictReader(io.StringIO(data.decode())))
    (tmp_path / "staff.csv").write_bytes(data)
    out = tmp_path / "out"
    words = ["packs", str(tmp_path / "staff.csv"), "--org", id, "--out", str(out)]
    assert main([*words, "--jobs", "1"], ROOT) == 0
    entries = manifest(out)
    assert {entry["person"] for entry in entries} == {row["Employee Number"] for row in people}
    assert {entry["name"] for entry in entries} >= set(HARD_NAMES[:3])
    assert {entry["format"] for entry in entries} == {"Word", "PDF"}
    assert {entry["form"] for entry in entries} <= set(organisation.packs.forms)
    assert set(files_in(out)) == {entry["file"] for entry in entries}
    groups = {group.name: group.id for group in organisation.groups}
    offered = {offer.form: offer.groups for offer in organisation.forms}
    for row in people:
        mine = {entry["form"] for entry in entries if entry["person"] == row["Employee Number"]}
        group = groups[row["Staff Group"]]
        wanted = {
            form for form in organisation.packs.forms if not offered[form] or group in offered[form]
        }
        assert mine == wanted, row
    for entry in entries[:: len(entries) // 8]:
        path = out / entry["file"]
        assert sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert entry["person"] in stamp_person(path)
        read = read_pdf_fields(path) if path.suffix == ".pdf" else read_word_fields(path)
        assert entry["name"] in read.values(), entry
