"""A page made by itself is that of a whole build, and its pencils are in the right places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from formulary.content.loading import load
from formulary.content.ways import place_of_way, way_to
from formulary.editing.editor import Editor
from formulary.editing.fields import all_fields
from formulary.editing.journal import Journal
from formulary.editing.live import LiveProject
from formulary.editing.papers import offered_files
from formulary.editing.places import number_blocks, read_spot
from formulary.edition.edition import edition_of
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.one_page import OnePage, PageMaker
from formulary.formats.handbook.pages import write_pages
from formulary.formats.handbook.site import Pages, build_site
from formulary.publish import write_files

_TAG = re.compile(r"</?[a-zA-Z][\w-]*")


def article(page: str) -> str:
    start = page.index("<article")
    return page[start : page.index("</article>", start)]


def test_one_page_is_the_page_of_the_whole_build(project: Path, tmp_path: Path) -> None:
    content, _ = load(project)
    edition, _ = edition_of(content, content.organisations[0])
    assert edition
    files = tuple(offered_files(edition))
    docs = tmp_path / "docs"
    pages = write_pages((edition,), files)
    write_files(docs, {k: v if isinstance(v, bytes) else v.encode() for k, v in pages.items()})
    write_files(docs, {file.path: b"x" for file in files})
    write_files(docs, {file.lasting_path: b"x" for file in files})
    write_files(docs, {file.picture: b"x" for file in files if file.is_pictured})
    linked = {f"tiny/fill/{offer.form}.html": b"x" for offer, _ in edition.forms}
    write_files(docs, linked)
    settings = project / "mkdocs.yml"
    build_site(Pages(docs, settings, navigation((edition,))), tmp_path / "site")
    alone = OnePage(PageMaker(settings), edition, files)
    assert len(alone.pages) > 30
    for path in alone.pages:
        whole = (tmp_path / "site" / path).with_suffix(".html").read_text(encoding="utf-8")
        made = alone.page(path)
        assert made is not None and article(made) == article(whole), path
    assert alone.page("tiny/nowhere.md") is None
    built = (tmp_path / "site" / "search" / "site.js").read_text(encoding="utf-8")
    assert sorted(found_by(str(alone.generated("search/site.js")))) == sorted(found_by(built))


def found_by(script: str) -> list[str]:
    """The documents of a file of the search."""
    data = json.loads(script[script.index(",") + 1 : script.rindex(")")])
    return [json.dumps(one) for one in data["documents"]]


def test_marks_change_no_page_and_most_texts_have_a_pencil(project: Path) -> None:
    handbook, reading = LiveProject(project).handbook("tiny")
    assert handbook and reading.own
    edition, marks = handbook.marked
    spots: set[str] = set()
    for path in handbook.site.pages:
        clean, marked = handbook.site.page(path), handbook.site.page(path, edition)
        assert clean and marked
        if "/stages/" not in path:  # which shows the words that differ between two stages
            assert _TAG.findall(article(clean)) == _TAG.findall(article(marked)), path
        numbered = number_blocks(clean)
        assert re.sub(r' data-block="[^"]*"', "", numbered) == clean
        pencils = handbook.pencils(path.replace(".md", ".html"))
        assert set(pencils) <= set(map(int, re.findall(r'data-block="(\d+)"', numbered))), path
        for found in pencils.values():
            spots.update(found.split(" "))
    files = {file.document.path.as_posix(): file.document for file in _files(reading.own)}
    for spot in map(read_spot, spots):
        if spot.file in files:
            place_of_way(files[spot.file].data, spot.way)
    own = {
        f"{text.document.path.as_posix()}:{way_to(text.document.data, text.loc)}"
        for texts in marks.texts.values()
        for text in texts
        if "organisations" in text.document.path.parts
    }
    # an element is reached by any of its texts
    elements = {spot.rpartition("/")[0] for spot in spots}
    reached = [spot for spot in own if spot.rpartition("/")[0] in elements or spot in spots]
    assert len(reached) >= 0.95 * len(own)
    left = own.difference(reached)
    assert left and left == found_from_words_and_numbers(project, left)


def found_from_words_and_numbers(project: Path, wanted: set[str]) -> set[str]:
    """Which spots are in the panel that the bar opens, and those that it leads to."""
    editor = Editor(LiveProject(project), Journal(project))
    found: set[str] = set()
    panels = ["content/organisations/tiny/organisation.yaml:"]
    for panel in panels:
        element = editor.describe("tiny", read_spot(panel))
        panels += [spot for spot, _ in element["files"] if spot not in panels]
        for field in all_fields(element["fields"]):
            inside = {
                one for one in wanted if one == field["spot"] or one.startswith(f"{field['spot']}/")
            }
            if field["kind"] in ("list", "map"):
                rows = [spot for spot, *_ in field["rows"]]
                panels += [row for row in rows if any(one.startswith(f"{row}/") for one in inside)]
            elif field["kind"] != "other":  # which the panel does not show
                found |= inside
    return found


def _files(own: Any) -> list[Any]:
    return [value for value in vars(own).values() if hasattr(value, "document")]


def test_words_that_several_places_say_lead_to_the_one_that_the_page_is_about(
    project: Path,
) -> None:
    """“Teachers” is a staff group, a cycle and the title of a clause."""
    handbook, _ = LiveProject(project).handbook("tiny")
    assert handbook
    for path, file in (("year", "cycle"), ("people", "organisation")):
        page = number_blocks(handbook.page(f"tiny/{path}.html") or "")
        found = re.search(r'data-block="(\d+)"[^>]*>(?:<[^>]*>)*Teachers\b', page)
        assert found, path
        spot = handbook.pencils(f"tiny/{path}.html")[int(found[1])]
        assert spot.startswith(f"content/organisations/tiny/{file}.yaml:"), path
