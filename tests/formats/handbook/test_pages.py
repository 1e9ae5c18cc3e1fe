"""The pages: what content says stays text, every link leads somewhere, addresses are permanent."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.formats.handbook.pages import write_pages
from formulary.formats.handbook.season import split_when
from formulary.formats.handbook.writer import first_sentence
from formulary.formats.handbook.year import years
from formulary.problems import OutputError
from tests.formats.handbook.conftest import POLICY, Make, downloads_of
from tests.formats.handbook.html_reader import pages_of


def test_html_in_content_comes_out_as_text(awkward: Path) -> None:
    pages = pages_of(awkward)
    for page in pages.values():
        source = page.path.read_text(encoding="utf-8")
        assert "alert(" not in source or "&lt;script" in source
        assert "<script>alert" not in source
        assert not {"b", "lane", "who", "when", "things", "meeting", "others"} & set(page.tags)
        months = len(re.findall(r'<i data-month="[0-9-]{7}"></i>', source))  # of the ruler
        assert page.tags.count("i") == months, page.path
    assert "<script>alert(1)</script>" in pages["index.html"].text
    section = pages["mill/policy/start.html"].text
    assert "1. is not a list. <script>alert(2)</script> a_b_c `code` {: #x } | ~~ !" in section
    assert "1 Start [1] *here* #2 <b>" in section


def test_every_link_and_anchor_exists(
    awkward: Path, several: Path, guided_site: Path, real: Path
) -> None:
    for site in (awkward, several, guided_site, real):
        pages = pages_of(site)
        for path, page in pages.items():
            if path == "404.html":
                continue
            for link in page.links + page.sources:
                if urlsplit(link).scheme:
                    # test_validity.py follows those of the statement and of the chapters for HR
                    told = path.startswith(("accessibility.", "guide/"))
                    assert told or not urlsplit(link).netloc or link in page.text, (path, link)
                    continue
                file, _, anchor = unquote(link).partition("#")
                found = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
                found = path if not file else found
                assert (site / found).is_file(), (path, link)
                if anchor and anchor != "__comments":
                    assert anchor in pages[found].ids, (path, link)


def test_one_page_lists_every_page_and_question(awkward: Path, real: Path) -> None:
    for site, own in ((awkward, "mill"), (real, "pclc")):
        pages = pages_of(site)
        listed = {
            posixpath.normpath(posixpath.join(own, link))
            for link in pages[f"{own}/all-pages.html"].links
        }
        # where the organisation is alone, its home is that of the site
        parts = {path for path in pages if path.startswith(f"{own}/")} - {f"{own}/index.html"}
        unlisted = {path for path in parts - listed if not re.search(r"/(fill|downloads)/", path)}
        assert not unlisted
        if own == "pclc":
            questions = html.parse(site / own / "questions.html").xpath("//main//h2/@id")
            assert {f"{own}/questions.html#{id}" for id in questions} <= listed


def test_a_sentence_is_on_four_pages_at_most(real: Path) -> None:
    """Sentences of eight words or more, without headings, links and the words for the ear."""
    found: dict[str, set[str]] = {}
    left_out = "self::h1|self::h2|self::h3|self::a|self::script|self::style|self::button"
    for file in sorted((real / "ealing").rglob("*.html")):
        path = file.relative_to(real / "ealing").as_posix()
        if path.startswith("fill/") or path == "policy/whole.html":
            continue
        (article,) = html.parse(file).xpath("//article") or [html.Element("p")]
        for element in article.xpath(f".//*[{left_out} or @class='unseen' or @hidden]"):
            element.drop_tree()
        for element in article.iter("p", "li", "dd", "dt", "td", "span", "summary"):
            for sentence in re.split(r"(?<=[.!?])\s+", " ".join(element.text_content().split())):
                if sentence.endswith((".", "!", "?")) and len(sentence.split()) >= 8:
                    found.setdefault(sentence, set()).add(path)
    assert len(found) > 300
    assert {said: pages for said, pages in found.items() if len(pages) > 4} == {}


def test_what_a_form_is_for_is_one_line_of_the_list(editions: tuple[Edition, ...]) -> None:
    long = {
        first_sentence(form.purpose)
        for edition in editions
        for _, form in edition.forms
        if len(first_sentence(form.purpose)) > 56
    }
    assert long == set()


def test_no_id_stands_twice_on_a_page(awkward: Path, guided_site: Path, real: Path) -> None:
    for site in (awkward, guided_site, real):
        for path, page in pages_of(site).items():
            twice = {id for id in page.ids if page.ids.count(id) > 1}
            assert not twice, (path, twice)


def test_nothing_is_fetched_from_another_host(real: Path) -> None:
    for page in pages_of(real).values():
        assert not [s for s in page.sources if urlsplit(s).netloc], page.path
    for sheet in real.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"url\(['\"]?(https?:)?//", text), sheet
        assert "@import" not in text


def test_every_clause_keeps_its_anchor_and_shows_its_number(
    real: Path, editions: tuple[Edition, ...]
) -> None:
    pages = pages_of(real)
    for edition in editions:
        paper = compose_paper(edition)
        whole = pages[f"{edition.id}/policy/whole.html"]
        for section in paper.sections:
            page = pages[f"{edition.id}/policy/{section.id}.html"]
            assert section.id in page.ids
            assert section.id in whole.ids
            for clause in section.clauses:
                assert clause.id in page.ids
                assert clause.id in whole.ids
                assert clause.number in page.words or not clause.number


def test_a_new_title_or_number_moves_no_address(make: Make) -> None:
    changed = POLICY.replace("Who & <when>", "Another title").replace(
        "sections:\n",
        "sections:\n  - {id: new, title: New, clauses: [{id: fresh, text: Words.}]}\n",
    )
    before, after = (write_pages(make("mill", policy=policy), ()) for policy in (POLICY, changed))
    assert set(before) < set(after)
    start = "mill/policy/start.md"
    ids = [re.findall(r'id="([a-z-]+)"', str(pages[start])) for pages in (before, after)]
    assert ids[0] == ids[1]
    assert "notice-one" in ids[0]


def test_the_home_of_a_single_organisation_is_the_root(awkward: Path, several: Path) -> None:
    alone = pages_of(awkward)
    assert "How your work is reviewed in 2026-27" in alone["index.html"].text
    assert "mill/index.html" not in alone
    both = pages_of(several)
    assert {"mill/index.html", "lane/index.html"} <= set(both)
    assert {"mill/index.html", "lane/index.html"} <= set(both["index.html"].links)


def test_every_page_of_a_worked_example_says_so(awkward: Path) -> None:
    for path, page in pages_of(awkward).items():
        assert page.text.count("Worked example") >= 1, path
    assert "Worked example: these words" in pages_of(awkward)["mill/about.html"].text


def test_every_question_of_a_form_has_an_anchor(awkward: Path) -> None:
    page = pages_of(awkward)["mill/forms/note.html"]
    asked = {"name", "signed", "signed_date", "goals_1_goal", "goals_2_goal", "goals_2_done"}
    assert asked <= set(page.ids)
    assert "about" in page.ids
    assert "Name * of <who> (required)" in page.text


def test_downloads_tell_type_and_size(awkward: Path) -> None:
    pages = pages_of(awkward)
    assert ": Note of a meeting, 49 kB" in pages["mill/forms/note.html"].text
    assert ": Policy, 49 kB" in pages["mill/policy/index.html"].text
    assert "../downloads/note-2026-27.docx" in pages["mill/forms/note.html"].links


def test_a_link_to_nowhere_is_an_error(make: Make) -> None:
    broken = POLICY.replace("What we do.", "See [this](clause:gone).")
    with pytest.raises(OutputError, match="clause:gone"):
        write_pages(make("mill", policy=broken), ())


def test_the_picture_and_the_list_of_a_year_say_the_same(
    awkward: Path, real: Path, make: Make, editions: tuple[Edition, ...]
) -> None:
    for site, found in ((awkward, make("mill")), (real, editions)):
        pages = pages_of(site)
        for edition in found:
            text = pages[f"{edition.id}/year.html"].text
            page = html.parse(site / edition.id / "year.html")
            lanes = [lane.text_content() for lane in page.xpath("//*[@class='lane']")]
            whole = years(edition)
            assert len(lanes) == (len(whole) if any(year.dated for year in whole) else 0)
            for year, picture in zip(whole, lanes, strict=False):
                for entry in year.entries:
                    assert entry.name in picture
                    date, counted = split_when(entry)
                    assert f"{first_capital(date)}: {entry.name}" in text
                    assert first_capital(counted) in text


def test_a_picture_of_a_year_tells_what_is_sure_from_what_is_expected(real: Path) -> None:
    page = html.parse(real / "pclc" / "year.html")
    (picture,) = page.xpath("//*[@role='img'][contains(@class, 'lanes')]")
    assert "in 3 lanes: Teachers, Senior leaders, Support staff" in picture.get("aria-label")
    kinds = {
        " ".join(bar.text_content().split()): bar.get("class").split()
        for bar in picture.xpath(".//*[contains(@class, 'bar ')]")
    }
    assert "open" in kinds["Objectives set"]  # the policy gives no date
    # its name is inside it where there is room for the whole page, and beside it elsewhere
    assert {"span", "outside", "roomy"} <= set(kinds["Spring interim review"])
    # as many of the same day in a row as have room
    assert "deadline" in kinds["31 Dec: Final review · Written report (2025-26)"]
    assert "deadline" in kinds["31 Dec: Decision on pay (2025-26)"]
    assert "deadline" in kinds["31 Oct: Final review · Written report · Decision on pay"]
    assert "open" in kinds["Longer objectives carried over"]
    months = page.xpath("//*[contains(@class, 'lanes')]//*[@class='band-months']/span")
    assert (months[0].text, months[-1].text, len(months)) == ("Aug", "Oct", 15)


def test_the_year_holds_what_closes_the_year_before(awkward: Path) -> None:
    text = pages_of(awkward)["mill/year.html"].text
    assert "By 31 October 2026: Pay (2025-26)" in text
    assert "By 31 October 2027: Pay" in text
    assert "January to March 2027: Interim In the spring term." in text.replace(" #", "")
    assert "As needed: Talk" in text


def test_writing_twice_gives_the_same_pages_in_the_same_order(make: Make) -> None:
    found = make("mill", "lane")
    once, again = (write_pages(found, downloads_of(found)) for _ in range(2))
    assert list(once.items()) == list(again.items())
