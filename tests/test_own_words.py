"""An organisation of appraisers: no form, page, mail or report speaks in the words of another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from lxml import html

from formulary.cli import main
from formulary.content.loading import load, load_library
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import Edition, compose_edition
from formulary.pipeline.content import new
from formulary.pipeline.scaffold import Adopter, new_group, read_names

OTHERS = re.compile(
    r"review(?:er|ee)s?\b|performance management|Teachers’ Standards|observations/cpd"
    r"|(?:my|your) objectives?\b",
    re.IGNORECASE,
)
"""Words of the examples, which the organisation has its own for."""

FORGE = Adopter(
    id="forge",
    name="Forge Kitchens",
    kind="Service",
    year=2026,
    numbering="clauses",
    groups=(new_group("Cooks"), new_group("Drivers: 1 April")),
    topics=("setting-objectives", "feedback", "preparing"),
    process="appraisal",
    pay=True,
    ratings=read_names("Great, Good, Poor"),
    stages=read_names("New, Settled in"),
    criteria=read_names("Taste, Speed, Care"),
    words={"reviewer": "appraiser", "reviewee": "appraisee", "objective": "target"},
)
STAFF = """\
Employee number,Full name,Job title,Staff group,Line manager,E-mail,Career stage
1,Ada Ash,Head cook,Cooks,Bo Birch,ada@example.org,New
2,Bo Birch,Cook,Cooks,Ada Ash,bo@example.org,New
3,Cy Cedar,Driver,Drivers,Ada Ash,cy@example.org,
4,Di Dill,Driver,Drivers,,di@example.org,
5,Ed Elm,Driver,Drivers,Somebody Else,ed@example.org,
6,Flo Fir,Driver,Drivers,Flo Fir,flo@example.org,
"""


def without_code(said: str) -> str:
    """What a command printed, without the codes of its kinds of problem."""
    return re.sub(r"\b(?:error|warning|info) [a-z-]+:|who review others", "", said)


def others_in(text: str) -> list[str]:
    return [
        " ".join(text[max(0, found.start() - 40) : found.end() + 40].split())
        for found in OTHERS.finditer(text)
    ]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from strings(part)


def read_page(path: Path) -> str:
    """What a person sees or hears of a page, and what a search engine shows of it."""
    root = html.parse(str(path)).getroot()
    for unseen in root.xpath("//script|//style"):
        unseen.drop_tree()
    heard = root.xpath("//@title|//@alt|//@content|//@aria-label|//@placeholder|//@value")
    return " ".join([root.text_content(), *heard])


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The organisation with every form of the library."""
    root = tmp_path_factory.mktemp("forge")
    new(root, replace(FORGE, forms=tuple(load_library(root).forms)))
    content, problems = load(root)
    assert problems == ()
    made, faults = compose_edition(content, content.organisations[0])
    assert faults == ()
    return made


@pytest.fixture(scope="module")
def blanks(edition: Edition) -> tuple[Blank, ...]:
    return tuple(compose_blank(edition, offer, form) for offer, form in edition.forms)


def test_no_form_speaks_of_reviewers(blanks: tuple[Blank, ...]) -> None:
    assert len(blanks) >= 20
    said = [
        (blank.id, found)
        for blank in blanks
        for text in strings(blank)
        if " " in text or text[:1].isupper()  # an id is no word that anybody reads
        for found in others_in(text)
    ]
    assert said == []


def test_no_text_of_the_library_speaks_of_reviewers(edition: Edition) -> None:
    assert [found for text in edition.texts for found in others_in(text)] == []


def test_ratings_are_asked_for_its_own_criteria(blanks: tuple[Blank, ...]) -> None:
    asked = {
        blank.id: [
            q.label for q in blank.questions() if q.options == ("Great (1)", "Good (2)", "Poor (3)")
        ]
        for blank in blanks
    }
    own = ["Taste", "Speed", "Care"]
    assert (asked["one-to-one"], asked["pay-recommendation"]) == (own, own)


def test_no_page_mail_or_report_speaks_of_reviewers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = tmp_path / "project", tmp_path / "private"
    root.mkdir()
    new(root, replace(FORGE, forms=("one-to-one",)))
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    staff, packs = str(tmp_path / "staff.csv"), str(out / "packs")
    org, to = ["--org", "forge"], str(out / "register")
    assert main(org, root) == 0
    assert main(["packs", staff, *org, "--out", packs], root) == 0
    assert main(["send", packs, *org, "--out", str(out / "mails")], root) == 0
    day = ["--today", "2027-10-01"]
    assert main(["collect", packs, "--staff", staff, *org, "--out", to, *day], root) == 0
    printed = capsys.readouterr()
    assert "has no appraiser" in printed.err + printed.out
    assert others_in(without_code(printed.err + printed.out)) == []
    tables = list((out / "register").rglob("*.csv"))
    assert any(path.name == "by-appraiser.csv" for path in tables)
    pages = [path for path in (root / "site").rglob("*.html") if "guide" not in path.parts]
    reports = list((out / "register").rglob("*.html"))
    mails = [*(out / "mails").rglob("*.eml"), *(out / "register").rglob("reminders/*")]
    calendars = list((root / "site").rglob("*.ics"))
    assert pages and reports and mails and calendars
    said = [
        (path.name, found)
        for path in (*pages, *reports, *mails, *calendars, *tables)
        for found in others_in(
            read_page(path) if path.suffix == ".html" else path.read_text("utf-8")
        )
    ]
    assert said == []
    shown = " ".join(map(read_page, reports))
    assert "Appraisal 2026-27" in shown
    assert any("Appraisal 2026-27" in path.read_text("utf-8") for path in mails)
