"""The accessibility statement: what it says, what links to it, and when its test is too old."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lxml import html
from ruamel.yaml import YAML

from formulary import publish
from formulary.cli import main
from formulary.content.accessibility import Accessibility, Check, Contact, Finding, Recorded
from formulary.content.loading import load_accessibility
from formulary.edition.edition import Edition
from formulary.formats.handbook.site import Pages, build_site
from formulary.formats.handbook.statement import statement_page
from formulary.formats.handbook.writer import make_environment
from formulary.pipeline import content, site
from tests.checkers.axe import html_pages
from tests.checkers.record import written
from tests.helpers import ROOT, Quiet, replace_once, small_project, tiny_project

KEPT = Path("content") / "library" / "accessibility.yaml"
ORGANISATION = Path("content") / "organisations" / "tiny" / "organisation.yaml"
BARE = "prepared: 2026-01-02\nreviewed: 2026-03-04\n"
TESTED = """\
recorded:
  tested: 2026-05-06
  checks:
    - {tool: axe-core, version: 4.14.1, looks-at: WCAG, checked: 7 pages, found: 0}
"""
ISSUE = """\
issues:
  - {id: one, problem: "A *map* <b>.", criterion: "1.1.1 Non-text Content", kind: fails,
     because: It is a picture., instead: Ask for the words., planned: by March 2027}
"""


def words(path: Path) -> str:
    (article,) = html.fromstring(path.read_bytes()).xpath("//article")
    return " ".join(article.text_content().split())


@dataclass(frozen=True)
class Shown:
    """The words and the links of a built statement."""

    words: str
    links: list[str]


Show = Callable[..., Shown]


@pytest.fixture
def shown(editions: tuple[Edition, ...], tmp_path: Path) -> Show:
    """Builds the statement of Ealing alone, its own draft, from the text of what is known."""
    (ealing,) = [edition for edition in editions if edition.id == "ealing"]

    def build(known: str, contact: Contact | None = None) -> Shown:
        given = {"status": "draft", "contact": contact}
        edition = replace(ealing, organisation=ealing.organisation.model_copy(update=given))
        (tmp_path / KEPT).parent.mkdir(parents=True)
        (tmp_path / KEPT).write_text(known, encoding="utf-8")
        file = load_accessibility(tmp_path)
        assert file is not None
        pages = {"index.md": "# Home", **statement_page((edition,), make_environment(), file.item)}
        publish.write_files(tmp_path / "pages", {name: t.encode() for name, t in pages.items()})
        nav = [{"Home": "index.md"}, {"Accessibility": "accessibility.md"}]
        build_site(Pages(tmp_path / "pages", ROOT / "mkdocs.yml", nav), tmp_path / "site")
        page = tmp_path / "site" / "accessibility.html"
        links = html.fromstring(page.read_bytes()).xpath("//article//li/a/@href")
        return Shown(words(page), links)

    return build


def test_every_page_leads_to_it(built: Path) -> None:
    pages = html_pages(built / "site")
    assert "accessibility.html" in pages
    for page in pages:
        foot = html.fromstring((built / "site" / page).read_bytes()).xpath("//footer//a/@href")
        up = "/" if page == "404.html" else "../" * page.count("/")
        assert f"{up}accessibility.html" in foot, page


def test_it_is_among_the_pages_that_search_engines_are_told_of(tmp_path: Path) -> None:
    root = small_project(tmp_path, "oak")
    replace_once(
        root / "mkdocs.yml", "docs_dir:", "site_url: https://example.org/handbook/\ndocs_dir:"
    )
    site.build(root, (), None, Quiet())
    listed = (root / "site" / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://example.org/handbook/accessibility.html</loc>" in listed


def test_what_ships_says_what_the_law_asks_for(built: Path) -> None:
    said = words(built / "site" / "accessibility.html")
    for part in (
        "This accessibility statement applies to the handbooks of ",
        "partially compliant with the Web Content Accessibility Guidelines version 2.2 AA "
        "standard, due to the non-compliances listed below.",
        "This fails WCAG 2.2 success criterion 1.4.10 Reflow.",
        "No words of a PDF file are smaller than 10.5 points, and no answer in it smaller than 9.",
        "Compliance status",
        "Non-accessible content",
        "Non-compliance with the accessibility regulations",
        "Feedback and contact information",
        "Enforcement procedure",
        "is responsible for enforcing the Public Sector Bodies (Websites and Mobile Applications) "
        "(No. 2) Accessibility Regulations 2018 (the ‘accessibility regulations’). If you’re not "
        "happy with how we respond to your complaint, contact",
        "Preparation of this accessibility statement",
        "They do not cover everything: see What was not tested.",
        "Nobody who uses a screen reader",
        "Screen readers, Microsoft Word and Adobe Acrobat were not used in the tests.",
        "Equality and Human Rights Commission (EHRC)",
        "Equality Advisory and Support Service (EASS)",
        "Equality Commission for Northern Ireland (ECNI)",
        "(No. 2) Accessibility Regulations 2018",
        "A worked example gives no contact.",
    ):
        assert part in said
    known = YAML(typ="safe").load((built / KEPT).read_text(encoding="utf-8"))
    day = known["recorded"]["tested"]
    assert f"last tested on {day.day} {day:%B %Y}" in said
    for check in known["recorded"]["checks"]:
        assert f"{check['tool']} {check['version']}" in said


def test_where_nothing_was_recorded_it_says_so(shown: Show) -> None:
    said = shown(BARE).words
    assert "prepared on 2 January 2026. It was last reviewed on 4 March 2026." in said
    assert "has not been tested yet" in said
    assert "compliant with" not in said
    assert "London Borough of Ealing has not yet said who to ask." in said
    assert "worked example" not in said


def test_with_sound_checks_and_no_issue_it_is_compliant(shown: Show) -> None:
    said = shown(BARE + TESTED).words
    assert "This website is fully compliant with" in said
    assert "They do not cover everything" not in said
    assert "last tested on 6 May 2026" in said
    assert "axe-core 4.14.1WCAG7 pagesnothing" in said
    assert "listed below" not in said
    assert "We know of no content that is not accessible." in said


def test_an_issue_is_told_with_what_to_do_instead(shown: Show) -> None:
    said = shown(BARE + TESTED + ISSUE).words
    assert "AA standard, due to the non-compliances listed below." in said
    assert "The content listed below is non-accessible for the following reasons." in said
    assert "Non-compliance with the accessibility regulations" in said
    assert "Disproportionate burden" not in said
    assert (
        "A *map* <b>. This fails WCAG 2.2 success criterion 1.1.1 Non-text Content. It is a "
        "picture. What you can do instead: Ask for the words. To be fixed: by March 2027." in said
    )


def test_the_contact_of_an_organisation_is_told(shown: Show) -> None:
    contact = Contact(
        email="hr_team@example.org",
        who="the HR office",
        phone="01632 960000",
        form="https://example.org/a_(b)",
        reply="10 working days",
    )
    made = shown(BARE, contact)
    assert "get in touch with the HR office" in made.words
    assert "Telephone: 01632 960000" in made.words
    assert "We will answer within 10 working days." in made.words
    assert "mailto:hr_team@example.org" in made.links
    assert "https://example.org/a_(b)" in made.links


FINDING = Finding(
    tool="axe-core", rule="image-alt", what="Words are missing", places=2, example="a"
)
CHECK = Check(tool="axe-core", version="1", looks_at="WCAG", checked="1 page", found=2)
DAY = datetime.date(2026, 5, 6)


def test_what_a_tool_found_is_listed_and_not_called_compliant(
    editions: tuple[Edition, ...],
) -> None:
    known = Accessibility(
        prepared=DAY,
        reviewed=DAY,
        recorded=Recorded(tested=DAY, checks=(CHECK,), findings=(FINDING,)),
    )
    (said,) = statement_page(editions, make_environment(), known).values()
    assert "**partially compliant**" in said
    assert "Words are missing" in said
    assert "in 2 places, first on a (rule image-alt)" in said


def test_recording_keeps_every_other_line(tmp_path: Path) -> None:
    root = tiny_project(tmp_path)
    before = (ROOT / KEPT).read_text(encoding="utf-8")
    recorded = Recorded(tested=DAY, checks=(CHECK,), findings=(FINDING,))
    after = written(before, recorded)
    above, _, _ = before.partition("recorded:")
    assert after.startswith(above)
    assert written(after, recorded) == after
    (root / KEPT).write_text(after, encoding="utf-8")
    found = load_accessibility(root)
    assert found is not None
    assert found.item.recorded == recorded


@pytest.mark.parametrize(
    ("today", "codes"), [((2027, 5, 7), []), ((2027, 5, 8), ["old-test"]), ((2026, 5, 6), [])]
)
def test_a_test_more_than_a_year_ago_is_named_with_its_line(
    today: tuple[int, int, int], codes: list[str], tmp_path: Path
) -> None:
    root = tiny_project(tmp_path)
    (root / KEPT).write_text(BARE + TESTED, encoding="utf-8")
    found = content.testing(root, datetime.date(*today))
    assert [problem.kind.code for problem in found] == codes
    assert all((p.place.file, p.place.line) == (KEPT, 4) for p in found)


def test_a_build_warns_of_an_old_test_and_builds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_project(tmp_path, "oak")
    old = BARE + TESTED.replace("2026-05-06", "2019-05-06")
    (root / KEPT).write_text(old, encoding="utf-8")
    assert main([], root) == 0
    said = capsys.readouterr().err
    assert f"{KEPT.as_posix()}:4:11: warning old-test: " in said
    (root / KEPT).write_text(BARE, encoding="utf-8")
    assert main(["check"], root) == 0
    assert "warning not-tested" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (BARE + "compliance: fully\n", "compliance-claim"),
        (BARE + TESTED + ISSUE + "compliance: fully\n", "compliance-claim"),
        (BARE.replace("2026-03-04", "2026-01-01"), "bad-order"),
        (
            BARE + "issues:\n  - {id: a, problem: x, kind: burden}\n  - {id: a, problem: y, "
            "kind: outside}\n",
            "repeated-id",
        ),
        (BARE + "issues:\n  - {id: a, problem: x, kind: later}\n", "bad-value"),
        (BARE + "tested: 2026-01-01\n", "unknown-key"),
    ],
)
def test_what_does_not_fit_stops_a_build(
    known: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny_project(tmp_path)
    (root / KEPT).write_text(known, encoding="utf-8")
    assert main(["--org", "tiny"], root) == 1
    assert f"{KEPT.as_posix()}:" in (said := capsys.readouterr().err)
    assert f" error {code}: " in said


def test_an_approved_handbook_without_a_contact_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny_project(tmp_path)
    replace_once(root / ORGANISATION, "status: example", "status: approved")
    main(["check"], root)
    lines = capsys.readouterr().out.splitlines()
    (found,) = [line for line in lines if "no-contact" in line]
    assert found.startswith(ORGANISATION.as_posix())
