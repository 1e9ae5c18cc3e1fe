"""The command that imports Word: a project that builds, or a sentence and nothing written."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from formulary.cli import main
from formulary.content.loading import load
from tests.checkers.axe import Browser
from tests.helpers import files_of
from tests.imports.documents import W, cell, docx, footnotes, note, p, run, table

LINE = "_" * 20


def policy_docx() -> bytes:
    return docx(
        p("Appraisal Policy", style="Title"),
        table(
            ["Approved by", "The Trust Board"], ["Version", "2.1"], ["Next review", "1 May 2027"]
        ),
        p("Foreword", bold=True, size=32),
        p("The chair thanks everyone for what they do. See the <b>Leave Request</b> form."),
        p("Purpose", style="NumberedHeading"),
        p("This policy helps. It goes with the Pay Policy.", style="NumberedClause"),
        p("A teacher has at most three objectives, see clause 2.1.", style="NumberedClause"),
        p("Meetings", style="NumberedHeading"),
        p("The headteacher decides by 31 October:", style="NumberedClause"),
        p("pay", list_id=2),
        p("support", list_id=2),
        table(["Stage", "When"], [cell("Review"), "within four weeks"]),
        p(
            runs=run("Continuing professional development (CPD) counts") + note(1),
            style="NumberedClause",
        ),
        parts=footnotes(_1="As the law says."),
    )


def form_docx() -> bytes:
    return docx(p("Leave Request", style="Title"), p(f"Name: {LINE}"), p("☐ Paid ☐ Unpaid"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    (made / "content" / "organisations").mkdir(parents=True)
    (made / "policy.docx").write_bytes(policy_docx())
    (made / "form.docx").write_bytes(form_docx())
    return made


def bring_in(root: Path, *more: str) -> int:
    policy = str(root / "policy.docx")
    return main(["import", policy, str(root / "form.docx"), "--org", "oak-trust", *more], root)


def test_a_policy_and_a_form_become_a_project_that_builds(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring_in(root, "--name", "Oak & “Elm” Trust") == 0
    said = capsys.readouterr().out
    assert "“Appraisal Policy”: 3 sections, 5 clauses." in said
    assert "All 6 numbers are as in the document." in said
    assert [line for line in said.splitlines() if "schema" in line] == ["content/schema"]
    assert main(["check", "--org", "oak-trust", "--json"], root) == 0
    found = json.loads(capsys.readouterr().out)
    assert not [one for one in found["problems"] if one["severity"] == "error"]
    left = [one["file"] for one in found["problems"] if one["code"] == "placeholder"]
    assert left.count("forms/leave-request.yaml") == 2  # who fills it in, and when
    own = load(root)[0].organisations[0].organisation.item
    assert (own.process, own.words["reviewer"]) == ("appraisal", "reviewer")
    assert main(["--org", "oak-trust"], root) == 0
    listed = json.loads((root / "site" / "manifest.json").read_text(encoding="utf-8"))["downloads"]
    assert {entry["form"] for entry in listed} >= {"policy", "leave-request"}


def test_the_report_is_one_page_that_quotes_and_never_runs_what_the_document_says(
    root: Path,
) -> None:
    assert bring_in(root) == 0
    page = (root / "content/organisations/oak-trust/import-report.html").read_text(encoding="utf-8")
    assert "See the &lt;b&gt;Leave Request&lt;/b&gt; form." in page
    assert not re.search(r"<script|\ssrc=|<link|https?://", page)
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert set(reader.targets) <= set(reader.ids)
    assert len(reader.ids) == len(set(reader.ids))
    for words in (
        "Look at this first",
        "Numbers that differ",
        "What was left out",
        "Leave Request",
    ):
        assert words in page


class Reader(HTMLParser):
    """Notes ids, targets, and elements that nobody closes."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if named := values.get("id"):
            self.ids.append(named)
        if (values.get("href") or "").startswith("#"):
            self.targets.append((values["href"] or "")[1:])
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_axe_finds_nothing_in_the_reports_and_they_fit_a_phone(root: Path) -> None:
    form = str(root / "form.docx")
    assert bring_in(root) == 0
    assert main(["import", form, "--org", "oak-trust"], root) == 0
    folder = root / "content/organisations/oak-trust"
    with Browser() as browser:
        pages = ["import-report.html", "import-report-forms.html"]
        assert browser.violations(folder, pages, (("light", 1280),)) == []
        assert browser.outside_requests == []
        with browser.showing(folder, "import-report.html", width=320) as tab:
            assert tab.evaluate("document.documentElement.scrollWidth") == 320


def test_every_proposal_is_sound_once_its_sign_is_taken_away(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring_in(root) == 0
    folder = root / "content/organisations/oak-trust"
    for name in ("organisation.yaml", "cycle.yaml"):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        start = max(text.find("\n# rules:"), text.find("\n#     events:"))
        head, proposals = text[:start], text[start:]
        proposals = re.sub(r"^# (?=[a-z]+:$| )", "", proposals.split("# terms:")[0], flags=re.M)
        path.write_text(head + proposals, encoding="utf-8")
    assert main(["check", "--org", "oak-trust"], root) == 0
    content, _ = load(root)
    own = next(one for one in content.organisations if one.id == "oak-trust")
    rules = own.organisation.item.rules
    assert {(r.min, r.max, r.exactly, r.unit) for r in rules.values()} == {
        (None, 3, None, "objectives"),
        (None, 4, None, "weeks"),
    }
    assert [event.when for event in own.cycles.item.cycles[0].events] == ["by 31 October"]
    assert [role.name for role in own.organisation.item.roles] == ["Headteacher"]
    assert "Pay Policy" in [one.name for one in own.organisation.item.related]
    text = (folder / "organisation.yaml").read_text(encoding="utf-8")
    assert "CPD" not in text.split("terms:")[0]


def test_what_is_there_is_not_overwritten_unasked(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring_in(root) == 0
    place = root / "content/organisations/oak-trust"
    (place / "organisation.yaml").write_text("mine", encoding="utf-8")
    before = files_of(root)
    assert bring_in(root) == 2
    assert "already exists" in capsys.readouterr().err
    assert files_of(root) == before
    assert bring_in(root, "--replace") == 0
    kept = root / "replaced/oak-trust-1/organisation.yaml"
    assert kept.read_text(encoding="utf-8") == "mine"
    assert (root / "forms/leave-request-2.yaml").exists()


def test_forms_of_the_import_that_is_replaced_are_replaced_with_it(root: Path) -> None:
    assert bring_in(root) == 0
    form = root / "forms/leave-request.yaml"
    edited = form.read_text(encoding="utf-8") + "# ours\n"
    form.write_text(edited, encoding="utf-8")
    assert bring_in(root, "--replace") == 0
    assert [one.name for one in (root / "forms").iterdir()] == ["leave-request.yaml"]
    kept = root / "replaced/oak-trust-1/forms/leave-request.yaml"
    assert kept.read_text(encoding="utf-8") == edited
    assert main(["import", str(root / "policy.docx"), "--org", "elm-trust"], root) == 0
    elm = root / "content/organisations/elm-trust/organisation.yaml"
    elm.write_text(f"{elm.read_text(encoding='utf-8')}forms:\n  - form: leave-request\n")
    assert bring_in(root, "--replace") == 0  # now another organisation offers that form
    assert (root / "forms/leave-request-2.yaml").is_file()


def _zip(**parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/"), text)
    return data.getvalue()


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
_ENTITY = (
    f'<!DOCTYPE a [<!ENTITY e "e">]><w:document xmlns:w="{W}"><w:body>&e;</w:body></w:document>'
)
_NESTED = p("deep")
for _ in range(60):
    _NESTED = table([f"<w:tc>{_NESTED}{p('')}</w:tc>"])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n", "is a PDF"),
        (_OLE + "WordDocument".encode("utf-16-le"), "old format of Word (.doc)"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "save it without one"),
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "A scan has no words"),
        (b"{\\rtf1 policy}", "save it as a Word document (.docx)"),
        (b"A policy in plain text.", "save it as a Word document (.docx)"),
        (_zip(readme="x"), "is an archive"),
        (_zip(mimetype="application/vnd.oasis.opendocument.text"), "OpenDocument text"),
        (docx(p("A policy"))[:700], "cut off or broken"),
        (_zip(word__document="<w:document"), "archive"),
        (docx(p("")), "no words"),
        (docx(_NESTED), "tables inside tables"),
    ],
)
def test_a_file_that_is_no_policy_gets_a_sentence_and_nothing_is_written(
    data: bytes, said: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "policy.docx").write_bytes(data)
    before = files_of(root)
    assert bring_in(root) == 2
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message
    assert files_of(root) == before


def test_entities_are_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = _zip(**{"[Content_Types].xml": "x", "word/document.xml": _ENTITY})
    (root / "policy.docx").write_bytes(data)
    assert bring_in(root) == 2
    assert "entities" in capsys.readouterr().err


def test_a_form_that_cannot_be_read_stops_it_all(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "form.docx").write_bytes(b"%PDF-1.7\n")
    before = files_of(root)
    assert bring_in(root) == 2
    assert "form.docx is a PDF" in capsys.readouterr().err
    assert files_of(root) == before
    assert main(["import", str(root / "none.docx"), "--org", "oak-trust"], root) == 2
    assert "There is no file" in capsys.readouterr().err


def test_forms_alone_are_added_to_an_organisation_that_is_there(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(root / "policy.docx"), "--org", "oak-trust"], root) == 0
    before = files_of(root)
    own = root / "content/organisations/oak-trust/organisation.yaml"
    own.write_text(own.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8", newline="\r\n")
    capsys.readouterr()
    form = str(root / "form.docx")
    assert main(["import", form, form, "--org", "oak-trust"], root) == 0
    said = capsys.readouterr().out
    assert "2 forms were added. The policy and the other files are as before." in said
    added = set(files_of(root)) - set(before)
    assert {Path(name).name for name in map(str, added)} == {
        "leave-request.yaml",
        "leave-request-2.yaml",
        "import-report-forms.html",
    }
    content, problems = load(root)
    assert not [one for one in problems if one.kind.severity == "error"]
    (oak,) = [one for one in content.organisations if one.id == "oak-trust"]
    assert [offer.form for offer in oak.organisation.item.forms] == [
        "leave-request",
        "leave-request-2",
    ]
    assert own.read_bytes().endswith(b"# ours\r\n")
    page = (own.parent / "import-report-forms.html").read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert set(reader.targets) <= set(reader.ids)
    assert "Leave Request" in page and "Numbers that differ" not in page


def test_a_policy_is_no_form_for_an_organisation_that_is_there(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring_in(root) == 0
    before = files_of(root)
    policy, form = str(root / "policy.docx"), str(root / "form.docx")
    assert main(["import", form, policy, "--org", "oak-trust"], root) == 2
    said = capsys.readouterr().err
    assert "policy.docx has hardly a place to answer in" in said
    assert "--replace" in said
    assert files_of(root) == before


@pytest.mark.parametrize("id", ["Oak Trust", "../oak", "assets"])
def test_an_id_that_cannot_be_one(id: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(root / "policy.docx"), "--org", id], root) == 2
    assert "id" in capsys.readouterr().err
