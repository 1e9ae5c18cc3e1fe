"""The whole job: what one change changes, what another year changes, and what a failure leaves."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from lxml import etree, html

from formulary.cli import main
from formulary.content.loading import TAKEN_FOLDERS
from formulary.pipeline import content, site
from formulary.problems import ContentError, OutputError, UsageError
from tests.edits import CYCLE
from tests.helpers import ROOT, Quiet, copy_project, replace_once, tiny_project

TINY = Path("content") / "organisations" / "tiny"


def page_words(path: Path) -> str:
    tree = html.fromstring(path.read_bytes())
    (main,) = tree.xpath("//article") or tree.xpath("//main")  # a form to fill in has no article
    for end in main.iter("br", "th", "td"):
        end.tail = f" {end.tail or ''}"
    return " ".join("".join(main.xpath(".//text()[not(parent::script)]")).split())


def word_words(path: Path) -> str:
    with ZipFile(path) as package:
        names = [
            name for name in package.namelist() if re.match(r"word/(document|header|footer)", name)
        ]
        trees = [etree.fromstring(package.read(name)) for name in sorted(names)]
    paragraphs = [
        "".join(part.text or " " for part in p.iter("{*}t", "{*}tab"))
        for tree in trees
        for p in tree.iter("{*}p")
    ]
    return " ".join(" ".join(paragraphs).split())


def pdf_words(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return " ".join(
        text.replace("\ufffe", "-").split()
    )  # how PDFium writes a hyphen at a line's end


def words_of(site: Path) -> dict[str, str]:
    """The words of every page and document of a site, by its path.

    Of a document that is there twice, with its year and without, only the one with it.
    """
    readers = {".html": page_words, ".docx": word_words, ".pdf": pdf_words}
    return {
        path.relative_to(site).as_posix(): readers[path.suffix](path)
        for path in sorted(site.rglob("*"))
        if path.suffix in readers
        and path.name != "404.html"
        and (path.suffix == ".html" or re.search(r"-\d{4}(-\d\d)?$", path.stem))
    }


def unsized(words: str) -> str:
    """Words without sizes, pages, checksums and codes of downloads, which follow from the words."""
    marks = r"\d+ kB|, \d+ pages?|\b[0-9a-f]{64}\b|\b[0-9A-F]{4}-[0-9A-F]{4}\b"
    return re.sub(marks, "", words)


def test_one_date_changed_in_one_place_changes_everything_that_tells_it(
    tiny_built: Path, tmp_path: Path
) -> None:
    root, progress = tiny_project(tmp_path), Quiet()
    replace_once(root / CYCLE, "by 31 October after the cycle", "by 15 November after the cycle")
    site.build(root, (), None, progress)
    assert tuple(progress.stages) == site.STAGES
    assert "tiny/downloads/pm-form-2026-27.pdf" in progress.steps
    before = words_of(tiny_built / "site" / "tiny")
    after = words_of(root / "site" / "tiny")
    changed = {path for path in after if unsized(before[path]) != unsized(after[path])}
    assert {
        "policy/cycle.html",
        "policy/whole.html",
        "downloads/policy-2026-27.docx",
        "downloads/policy-2026-27.pdf",
        "year.html",
        "downloads/pm-form-2026-27.docx",
        "downloads/pm-form-2026-27.pdf",
    } <= changed
    for path in changed:
        assert "31 October" in before[path], path
        assert "31 October" not in after[path], path
        assert "15 November" in after[path], path


PUBLISHED = (
    *("22 September 2025", "August 2025", "pring 2025", "pring 2028"),
    *("26 November 2026", "Schools Act 2026"),
)
"""Days and seasons of the published documents and of the law, which no edition moves."""


def a_year_later(words: str) -> str:
    """Every year from 2025 on moved by one: 2026 to 2027, and 2026-27 to 2027-28.

    The published documents' own dates stay.
    """
    moved = re.sub(
        r"(?<!\d)(20[23]\d)([-–])(\d\d)(?!\d)",
        lambda found: f"{int(found[1]) + 1}{found[2]}{int(found[3]) + 1}",
        unsized(words),
    )
    stays = "|".join(re.escape(words) for words in PUBLISHED)
    return re.sub(
        rf"(?P<stays>{stays})|(?<!\d)(?P<year>20(?:2[5-9]|3\d))(?!\d|[-–]\d\d(?!\d))",
        lambda found: found["stays"] or str(int(found["year"]) + 1),
        moved,
    )


def test_no_organisation_can_be_called_like_a_folder_of_the_site(
    built: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folders = {path.name for path in (built / "site").iterdir() if path.is_dir()}
    organisations = {path.name for path in (ROOT / "content" / "organisations").iterdir()}
    assert folders - organisations == TAKEN_FOLDERS
    root = copy_project(tmp_path)
    (root / "content/organisations/cwac").rename(root / "content/organisations/guide")
    assert main(["check"], root) == 1
    assert "content/organisations/guide: error bad-value" in capfd.readouterr().out


@pytest.mark.slow
def test_another_year_moves_every_date_and_nothing_else(
    request: pytest.FixtureRequest, whole: bool, tmp_path: Path
) -> None:
    """On the tests' own organisation; on all examples before a release."""
    root = copy_project(tmp_path) if whole else tiny_project(tmp_path, guide=True)
    assert main(["--year", "2027"], root) == 0
    this_year: Path = request.getfixturevalue("built" if whole else "tiny_built")
    now, later = words_of(this_year / "site"), words_of(root / "site")
    assert {a_year_later(path) for path in now} == set(later)
    # the days of the last test, and of the guide's examples, are those of no edition
    for path in [path for path in now if path.startswith(("accessibility.", "guide/"))]:
        assert unsized(later[path]) == unsized(now.pop(path)), path
    different = [
        path
        for path, words in now.items()
        if a_year_later(words) != unsized(later[a_year_later(path)])
    ]
    assert different == []


def test_a_build_with_errors_names_them_and_leaves_the_site_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny_project(tmp_path)
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text("the last one", encoding="utf-8")
    replace_once(root / TINY / "policy.yaml", "\nnumbering: clauses", "\nnumbering: roman")
    assert main([], root) == 1
    assert "policy.yaml:8:12: error bad-value: " in capsys.readouterr().err
    assert (root / "site" / "index.html").read_text(encoding="utf-8") == "the last one"


def test_check_prints_problems_as_lines_and_as_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny_project(tmp_path)
    own = root / TINY / "organisation.yaml"
    own.write_text(f"{own.read_text('utf-8')}\naccept:\n  - {{code: old-law, because: Kept.}}\n")
    old = "The Data Protection Act 1998 says so."
    replace_once(root / TINY / "policy.yaml", "Performance is assessed on the objectives.", old)
    assert main(["check"], root) == 0
    *lines, closing = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"0 errors, \d+ warnings, \d+ notes, 1 accepted", closing)
    (accepted,) = (line for line in lines if ": accepted " in line)
    assert "policy.yaml:129:19: accepted old-law: “Data Protection Act 1998”" in accepted
    assert any(": warning no-version: " in line for line in lines)
    replace_once(own, "year: 2026", "yaer: 2026")
    assert main(["check", "--json"], root) == 1
    found = json.loads(capsys.readouterr().out)["problems"]
    assert [(entry["code"], entry["line"], entry["column"]) for entry in found] == [
        ("missing-key", 1, 1),
        ("unknown-key", 6, 1),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--org", "nobody"],
            "There is no organisation “nobody”. Known: tiny.",
        ),
        (["--year", "soon"], "“soon” is not a year from 2000 to 2100"),
        (["chekc"], "invalid choice: 'chekc'"),
    ],
)
def test_a_command_that_is_not_understood_says_so(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, tiny_project(tmp_path)) == 2
    assert said in capsys.readouterr().err


def test_a_folder_without_content_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"], tmp_path) == 3
    assert "There is no folder" in capsys.readouterr().err


def test_a_site_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny_project(tmp_path)
    (root / "build").write_text("a file where a folder is needed", encoding="utf-8")
    assert main([], root) == 3
    assert "cannot be" in capsys.readouterr().err


def test_help_tells_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], Path()) == 0
    said = capsys.readouterr().out
    for word in ("check", "serve", "schema", "--org", "--year", "exit codes", "python build.py"):
        assert word in said


def test_errors_are_raised_as_what_they_are(tmp_path: Path) -> None:
    root = tiny_project(tmp_path)
    with pytest.raises(UsageError):
        site.build(root, ("nobody",), None, Quiet())
    with pytest.raises(OutputError):
        content.check(tmp_path / "content", datetime.date(2026, 11, 1))
    (root / TINY / "cycle.yaml").unlink()
    with pytest.raises(ContentError):
        site.build(root, (), None, Quiet())
