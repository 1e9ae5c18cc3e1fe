"""Guidance, questions, checklists, diagrams, letters and known points as pages of the handbook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from formulary.edition.edition import Edition
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.pages import write_pages
from formulary.formats.handbook.writer import short_answer
from tests.formats.handbook.conftest import GUIDED, Make
from tests.formats.handbook.html_reader import pages_of


def source(site: Path, page: str) -> str:
    return (site / page).read_text(encoding="utf-8")


def test_a_topic_has_its_points_with_mark_name_and_anchor(guided_site: Path) -> None:
    page = pages_of(guided_site)["mill/guidance/index-page.html"]
    assert {"goal", "top", "page--top"} <= set(page.ids)
    assert "G Goal & <aim> See clause 1.1 ." in page.text
    assert "Take them in order; see clause 1.2 ." in page.text
    assert "That is all." in page.text
    assert "This page gives advice. For the rules, see clause 1.1 ." in page.text
    assert "../policy/start.html#notice" in page.links


def test_the_list_of_guidance_names_every_topic(guided_site: Path) -> None:
    page = pages_of(guided_site)["mill/guidance/index.html"]
    assert "Grow <well> Two steps." in page.text
    assert {"index-page.html", "flow.html"} <= set(page.links)


def test_a_diagram_stands_on_its_topic_or_else_on_the_list_with_the_same_in_words(
    guided_site: Path,
) -> None:
    pages = pages_of(guided_site)
    index, topic = pages["mill/guidance/index.html"], pages["mill/guidance/flow.html"]
    assert "diagram--ring" in index.ids
    assert "diagram--flow" not in index.ids
    assert "The <ring>" in index.text
    for page, words in ((index, ("Meet", "Talk")), (topic, ("First", "Prepare"))):
        assert len(page.svg_words) == 1
        for word in words:
            assert word in " ".join(page.svg_words[0])
            assert word in page.text
    assert "Prepare. Take notes." in topic.text


def test_a_picture_of_a_topics_own_points_says_them_once(real: Path) -> None:
    page = pages_of(real)["cwac/guidance/four-step-cycle.html"]
    assert page.svg_words
    assert page.text.count("review progress") == 1
    assert page.text.count("The four steps") == 1
    assert "diagram--four-step-cycle" in page.ids


def test_an_answer_links_a_clause_once(guided_site: Path) -> None:
    text = pages_of(guided_site)["mill/questions.html"].text
    assert "By clause 1.2 . See clause 1.1 ." in text
    assert "This, see clause 1.2 ." in text
    assert "This, see clause 1.2 . See" not in text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Yes. It depends on the scale.", "Yes. It depends on the scale."),
        ("You and the Head. It is shared:\n\n- with one", "You and the Head."),
        ("Only one.\n\nAnother paragraph.", "Only one."),
        ("It depends on:\n\n- the post", "It depends on:"),
        (f"{'Long ' * 20}end. More.", f"{'Long ' * 20}end."),
    ],
)
def test_an_answer_in_short_is_more_than_yes(answer: str, said: str) -> None:
    assert short_answer(answer) == said


def test_questions_have_anchors_answers_and_clauses(guided_site: Path) -> None:
    page = pages_of(guided_site)["mill/questions.html"]
    assert {"who", "why"} <= set(page.ids)
    assert "The team leader." in page.text
    assert "policy/start.html#who" in page.links
    assert re.search(
        r'<h2 id="who">Who reviews &lt;me&gt;\?', source(guided_site, "mill/questions.html")
    )


def test_checklists_stand_in_the_order_of_time_and_of_who(guided_site: Path) -> None:
    page = pages_of(guided_site)["mill/checklists.html"]
    assert [id for id in page.ids if id in ("theirs", "yours", "last")] == [
        "theirs",
        "yours",
        "last",
    ]
    assert {"yours--notes", "yours--pen", "last--keep"} <= set(page.ids)
    assert "For the team leader" in page.text
    assert "What you bring" in page.text
    assert "forms/review-checklist.html" in page.links
    assert "downloads/review-checklist-2026-27.pdf" in page.links


def test_pages_point_to_what_content_ties_to_their_clauses(guided_site: Path) -> None:
    pages = pages_of(guided_site)
    section = pages["mill/policy/start.html"]
    assert "See also" in section.text
    assert {"../guidance/index-page.html", "../questions.html#who"} <= set(section.links)
    assert "../questions.html#why" not in section.links
    assert "See also" not in pages["mill/policy/extra.html"].text
    letter = pages["mill/forms/letter.html"].links
    assert "../questions.html#who" in letter  # it names the clause that asks for the letter
    assert "../guidance/flow.html" not in letter  # it only names the same clause
    assert "../forms/letter.html" in pages["mill/guidance/flow.html"].links


def test_a_letter_shows_its_words_with_the_fields_in_place(guided_site: Path) -> None:
    page = pages_of(guided_site)["mill/forms/letter.html"]
    assert "Dear ‹Name <full>› , we met on ‹Date held› ; see clause 1.1 ." in page.text
    assert {"#notice", "#held", "../policy/start.html#notice"} <= set(page.links)


def test_forms_are_listed_where_each_says(
    guided_site: Path, awkward: Path, guided: tuple[Edition, ...]
) -> None:
    ids = pages_of(guided_site)["mill/forms/index.html"].ids
    wanted = {form.id for _, form in guided[0].forms}
    found = [id for id in ids if id in wanted or id.startswith("list--")]
    assert set(found) == {*wanted, "list--review", "list--concern", "list--others"}
    concern, others = found.index("list--concern"), found.index("list--others")
    assert found[0] == "list--review"
    assert found[concern + 1 : others] == ["letter"]
    assert found[others + 1 :] == ["note-3"]
    few = pages_of(awkward)["mill/forms/index.html"].ids
    assert [id for id in few if id.startswith("list--")] == ["list--review"]


def test_every_page_of_an_organisation_has_its_logo_and_who_to_ask(
    guided_site: Path, several: Path
) -> None:
    logo = (guided_site / "assets/logo-mill.svg").read_text()
    assert logo == GUIDED["logo.svg"]
    for page in ("mill/index.html", "mill/forms/letter.html", "mill/policy/start.html"):
        text = source(guided_site, page)
        assert re.search(
            r'class="plate"[^>]*><img src="(\.\./)+assets/logo-mill\.svg" alt="">', text
        )
        foot = text[text.index("<footer") :]
        assert "Ask HR &lt;office&gt;" in foot
        assert 'href="mailto:hr@example.org"' in foot
        assert "01632 960000" in foot
    assert "Not answered here?" in source(guided_site, "mill/index.html")
    plain = source(several, "mill/index.html")
    assert re.search(r'class="plate"[^>]*>[^<]+</span>', plain)
    assert "mailto:" not in plain


def test_the_pages_have_the_typefaces_of_their_organisation(guided_site: Path) -> None:
    sheet = (guided_site / "assets/colours-mill.css").read_text()
    files = set(re.findall(r'url\("([^"]+)"\)', sheet))
    assert len(files) == 4
    for file in files:
        assert (guided_site / "assets" / file).read_bytes().startswith(b"wOFF")
    assert '--md-text-font-family: "Own text"' in sheet


def test_known_points_are_listed_with_their_reasons(guided_site: Path, awkward: Path) -> None:
    page = pages_of(guided_site)["mill/about.html"]
    assert "accepted" in page.ids
    assert "So says the document." not in page.text
    assert "So <b>says</b> the document." in page.text
    assert "(unknown-fact)" in page.text
    assert "some-code: the cover" in page.text
    assert "policy/start.html#notice" in page.links
    assert "accepted" not in pages_of(awkward)["mill/about.html"].ids


def test_without_guidance_there_is_no_page_and_no_entry_of_it(make: Make) -> None:
    found = make("mill")
    pages = write_pages(found, ())
    for absent in ("mill/guidance/index.md", "mill/questions.md", "mill/checklists.md"):
        assert absent not in pages
        assert absent not in str(navigation(found))
    assert "compare.md" not in pages
    assert "guidance" not in str(pages["index.md"])


def test_an_accepted_point_is_about_something_with_a_name(real: Path) -> None:
    pages = pages_of(real)
    assert "Written report (Central team)." in pages["dgat/about.html"].text
    assert "What if I have no ideas for my objectives?" in pages["ealing/about.html"].text
    for id in ("central-team.report", "no-ideas-for-objectives"):
        assert id not in pages["dgat/about.html"].text + pages["ealing/about.html"].text
