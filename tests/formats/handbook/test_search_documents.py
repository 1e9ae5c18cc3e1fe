"""The documents that the search reads: what a page is cut into, and what is left out."""

from __future__ import annotations

import json

from formulary.content.synonyms import SynonymGroup
from formulary.formats.handbook.search_documents import (
    SITE,
    cut_page,
    search_files,
    synonyms_script,
)

POLICY = """
<h1 id="aims">6 Aims <span class="unseen">(Oak)</span></h1>
<div class="notice"><p>Worked example</p></div>
<p>What this part is for.</p>
<div class="with-questions"><div class="clause" id="change" data-name="Changing objectives">
<h2 id="change--number"><a class="number" href="#change"><span class="unseen">Clause </span>6.3</a>
<span>Changing objectives</span></h2>
<p>They <a href="x">may change</a> in the year.</p><ul><li>by agreement</li></ul></div>
<div class="beside no-print"><p>Question about clause 6.3</p></div></div>
<h2 id="page--see-also">See also</h2><p>Guidance</p>
"""


def test_a_clause_is_found_by_its_number_its_name_and_its_words() -> None:
    page, clause = cut_page(POLICY, "oak/policy/aims.html", "6 Aims", "oak", "The aims.")
    assert page == {
        "at": "oak/policy/aims.html",
        "title": "6 Aims",
        "page": "6 Aims",
        "kind": "policy",
        "text": "The aims.\nWhat this part is for.",
    }
    assert clause["at"] == "oak/policy/aims.html#change"
    assert (clause["number"], clause["title"]) == ("6.3", "Changing objectives")
    assert clause["text"] == "They may change in the year.\nby agreement"


def test_what_every_form_repeats_is_left_out() -> None:
    blocks = '<p>What it is for.</p><h3 id="sign_off">Signatures</h3><p>Sign here.</p>'
    blocks += '<h3 id="reasons">Reasons</h3><p>Say why.</p><h3 id="empty">Nothing</h3>'
    found = cut_page(blocks, "oak/forms/appeal.html", "Appeal", "oak", "To appeal.")
    assert [one["at"].partition("#")[2] for one in found] == ["", "reasons"]
    assert {one["kind"] for one in found} == {"form"}


def test_editor_s_notes_are_one_place_and_what_checks_look_for_is_none() -> None:
    notes = '<h2 id="notes">Notes</h2><h3 id="note--targets">Targets</h3><p>Two names.</p>'
    notes += '<h3 id="note--title">The title</h3><p>As printed.</p>'
    notes += '<h2 id="accepted">Accepted</h2><p>It says nothing about equality.</p>'
    _, found = cut_page(notes, "oak/about.html", "About", "oak", "About it.")
    assert (found["at"], found["title"]) == ("oak/about.html#notes", "Notes")
    assert found["text"] == "Targets\nTwo names.\nThe title\nAs printed."


def test_what_is_said_under_a_name_is_a_line_of_its_own() -> None:
    table = '<h2 id="list">Late forms</h2><table><tr><th><a href="appeal.html">Appeal</a>'
    table += '<span class="about">Asks for <em>another</em> look.</span></th></tr></table>'
    _, found = cut_page(table, "oak/forms/index.html", "Forms", "oak", "All forms.")
    assert found["text"] == "Appeal\nAsks for another look."


def test_each_organisation_has_a_file_and_no_text_can_end_the_script() -> None:
    made = [{"at": "oak/year.html", "title": "</script>", "page": "", "kind": "year"}]
    names = {"oak": "Oak", "elm": "Elm"}
    files = dict(search_files([("oak", made), ("elm", []), (SITE, [])], names))
    assert list(files) == ["search/oak.js", "search/elm.js", "search/site.js"]
    assert "<" not in files["search/oak.js"]
    held = json.loads(files["search/oak.js"].partition(",")[2].removesuffix(");\n"))
    assert (held["name"], held["others"], held["documents"]) == ("Oak", ["elm"], made)


def test_every_typed_word_of_a_group_leads_to_its_meanings() -> None:
    script = synonyms_script("oak", [SynonymGroup(typed=("sick", "<ill>"), means=("absent",))])
    pairs = json.loads(script.partition(",")[2].removesuffix(");\n"))
    assert pairs == [[["sick", "<ill>"], ["absent"]]]
    assert "<" not in script


def test_a_form_is_found_with_the_ways_to_get_it() -> None:
    page = (
        '<div data-search-exclude><p class="get big"><a href="../fill/appeal.html">Fill in here'
        '<span class="unseen">: Appeal</span></a> <a href="../downloads/appeal.pdf">PDF'
        '<span class="unseen">: Appeal, 1.2 MB, 2 pages</span></a></p>'
        "</div><p>What it is for.</p>"
    )
    (found,) = cut_page(page, "oak/forms/appeal.html", "Appeal", "oak", "To appeal.")
    assert found["get"] == (
        ("Fill in here", "oak/fill/appeal.html"),
        ("PDF 1.2 MB", "oak/downloads/appeal.pdf"),
    )
    assert found["text"] == "To appeal.\nWhat it is for."
