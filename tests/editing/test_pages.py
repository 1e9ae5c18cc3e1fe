"""A page made by itself is that of a whole build, and its pencils are in the right places."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formulary.content.loading import load
from formulary.content.ways import place_of_way, way_to
from formulary.editing.editor import Editor
from formulary.editing.fields import all_fields
from formulary.editing.journal import Journal
from formulary.editing.live import LiveProject
from formulary.editing.papers import OfferedFiles
from formulary.editing.places import number_blocks, read_spot
from formulary.edition.edition import edition_of
from formulary.formats.handbook.guide import FOLDER, TITLE
from formulary.formats.handbook.guide_pages import guide_navigation, guide_pages
from formulary.formats.handbook.masthead import make_mastheads, site_colour
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.pages import write_pages
from formulary.formats.handbook.site import Pages, build_site
from formulary.formats.handbook.writer import make_environment
from formulary.pipeline.guide import guide_of
from formulary.project import SETTINGS
from formulary.publish import write_files
from tests.editing.conftest import TINY, Client, serving
from tests.helpers import ROOT, replace_once

_TAG = re.compile(r"</?[a-zA-Z][\w-]*")


def article(page: str) -> str:
    start = page.index("<article")
    return page[start : page.index("</article>", start)]


FACTS_OF_FILES = re.compile(
    r",? \(?\d+ kB(, \d+ pages?)?\)?|<p class=\"file-facts\">.*?</p>|<br>SHA-256: <code>\w+</code>"
    r'|<dt>SHA-256.*|"[0-9a-f]{64}":\[[^]]*\],?'
)
"""What a page says of files that are made already."""


def as_served(page: str) -> str:
    """The article of a built page, as it is before there are files."""
    return re.sub(r"\n+", "\n", FACTS_OF_FILES.sub("", article(page)))


def assert_same_site(client: Client, site: Path) -> None:
    """Each address of a built site answers, and a page with the same article."""
    for file in sorted(site.rglob("*.*")):
        path = file.relative_to(site).as_posix()
        if "/fill/" in path or "/downloads/" in path or path == "manifest.json":
            continue
        status, data, _ = client.ask("GET", f"/{path}")
        assert status == 200, path
        if file.suffix == ".html":
            built = file.read_text(encoding="utf-8")
            assert as_served(data.decode()) == as_served(built), path
        elif re.search(r"search/\w+\.js$", path) and "/minisearch/" not in path:
            built, served = (
                found_by(script) for script in (file.read_text("utf-8"), data.decode())
            )
            assert served == built, path
        else:
            assert data == file.read_bytes(), path


def test_serve_shows_every_page_of_the_built_site(project: Path, tmp_path: Path) -> None:
    other = project / TINY.with_name("other")
    shutil.copytree(project / TINY, other)
    own = (other / "organisation.yaml").read_text(encoding="utf-8")
    (other / "organisation.yaml").write_text(own.replace("id: tiny", "id: other"), "utf-8")
    replace_once(project / SETTINGS, "  guide: false\n", "")
    shutil.copytree(ROOT / "docs", project / "docs")
    shutil.copy(ROOT / "content" / "library" / "law.yaml", project / "content" / "library")
    content, _ = load(project)
    found = [edition_of(content, own)[0] for own in content.organisations]
    editions = [edition for edition in found if edition]
    files = [file for edition in editions for file in OfferedFiles(edition)("")]
    assert content.law
    guide = guide_of(project, content.law.item.sources())
    assert len(editions) == 2 and guide
    docs, beside = tmp_path / "docs", tmp_path / "guide"
    write_files(docs, as_files(write_pages(editions, files)))
    write_files(docs, {file.path: b"x" for file in files})
    write_files(docs, {file.lasting_path: b"x" for file in files})
    write_files(docs, {file.picture: b"x" for file in files if file.is_pictured})
    for edition in editions:
        write_files(docs, {f"{edition.id}/fill/{o.form}.html": b"x" for o, _ in edition.forms})
    write_files(beside, as_files(guide_pages(guide, make_environment(), site_colour(editions))))
    extra = Pages(beside, project / SETTINGS, guide_navigation(guide), TITLE, folder=FOLDER)
    tops = make_mastheads(editions)
    pages = Pages(docs, project / SETTINGS, navigation(editions), mastheads=tops)
    build_site(replace(pages, beside={FOLDER: extra}), tmp_path / "site")
    with serving(None, LiveProject(project)) as client:
        assert_same_site(client, tmp_path / "site")
        status, page, _ = client.ask("GET", "/tiny/nowhere.html")
        assert status == 404 and b"Page not found" in page


@pytest.mark.release
def test_serve_shows_every_page_of_all_organisations(built: Path) -> None:
    with serving(None, LiveProject(ROOT)) as client:
        assert_same_site(client, built / "site")


def as_files(pages: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {path: k if isinstance(k, bytes) else k.encode() for path, k in pages.items()}


def found_by(script: str) -> list[str]:
    """What a file of the search says, in no order, without the sizes of files."""
    data = json.loads(script[script.index(",") + 1 : script.rindex(")")])
    documents = [re.sub(r",? \d+ kB(, \d+ pages?)?", "", json.dumps(d)) for d in data["documents"]]
    return [data["name"], *data["others"], *sorted(documents)]


def test_marks_change_no_page_and_every_text_is_reached(project: Path) -> None:
    handbook, reading = LiveProject(project).handbook("tiny")
    assert handbook and reading.own
    edition, marks = handbook.marked
    spots: set[str] = set()
    for path in handbook.site.pages:
        clean, marked = handbook.site.page(path), handbook.site.page_of(edition, path)
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
    texts = {
        f"{text.document.path.as_posix()}:{way_to(text.document.data, text.loc)}"
        for texts in marks.texts.values()
        for text in texts
    }
    own = {spot for spot in texts if spot.startswith((f"{TINY.as_posix()}/", "forms/"))}
    # an element is reached by any of its texts
    elements = {spot.rpartition("/")[0] for spot in spots}
    left = {spot for spot in own - spots if spot.rpartition("/")[0] not in elements}
    assert len(left) < 0.05 * len(own)
    assert left - found_in_panels(project, spots, left) == set()


def test_own_words_of_a_question_lead_to_the_question(editor: Editor, project: Path) -> None:
    own = f"{TINY.as_posix()}/organisation.yaml:forms/=objective-change"
    replace_once(
        project / TINY / "organisation.yaml",
        "    clauses: [changing-objectives]\n",
        "    clauses: [changing-objectives]\n"
        "    labels: {settled: Agreed?}\n    options: {settled: [A, B]}\n",
    )
    element = editor.describe("tiny", read_spot(f"{own}/labels/settled"))
    assert element["spot"].startswith("forms/objective-change.yaml:")
    fields = {field["key"]: field for field in all_fields(element["fields"])}
    assert fields["options"]["only"] == {"spot": f"{own}/options/settled", "value": ["A", "B"]}
    assert fields["label"]["only"]["value"] == "Agreed?"
    for other in (own, f"{own}/clauses"):
        assert editor.describe("tiny", read_spot(other))["spot"].startswith(TINY.as_posix()), other


def found_in_panels(project: Path, spots: set[str], wanted: set[str]) -> set[str]:
    """Which of these are in a panel that a pencil or the bar opens, or in one that it leads to."""
    editor = Editor(LiveProject(project), Journal(project))
    near = {spot for spot in spots if any(leads_to(spot, one) for one in wanted)}
    found: set[str] = set()
    panels = [f"{TINY.as_posix()}/organisation.yaml:", *sorted(near)]
    for panel in panels:
        element = editor.describe("tiny", read_spot(panel))
        panels += [spot for spot, _ in element["files"] if spot not in panels]
        for field in all_fields(element["fields"]):
            only = (field.get("only") or {"spot": field["spot"]})["spot"]
            inside = {one for one in wanted if is_in(one, field["spot"]) or is_in(one, only)}
            if field["kind"] in ("list", "map"):
                rows = [spot for spot, *_ in field["rows"]]
                panels += [row for row in rows if any(is_in(one, row) for one in inside)]
            elif field["kind"] != "other":  # which the panel does not change
                found |= inside
    return found


def is_in(spot: str, outer: str) -> bool:
    return f"{spot}/".startswith(f"{outer}/")


def leads_to(spot: str, wanted: str) -> bool:
    """Whether the panel of a text may be of what a wanted text is in, or is about."""
    element = spot.rpartition("/")[0]
    return (
        is_in(wanted, element)
        or wanted.rpartition("/")[0].rpartition("/")[2] == (spot.rpartition("/")[2])
    )


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
