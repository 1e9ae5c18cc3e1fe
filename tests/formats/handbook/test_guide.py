"""The guide for HR: complete, led to the right places, and not in the way of readers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from ruamel.yaml import YAML

from formulary.content.base import ContentModel, Id, Name, When
from formulary.content.schema import SCHEMAS
from formulary.content.source import read_document
from formulary.formats.handbook.guide import (
    CHAPTERS,
    FILES_PAGE,
    PROBLEMS_PAGE,
    PROGRAMMERS,
    REFERENCE,
    TITLE,
    YEAR,
    Chapter,
    Guide,
    chapter_page,
    file_page,
)
from formulary.formats.handbook.guide_pages import guide_navigation, guide_pages
from formulary.formats.handbook.guide_text import anchor_of, chapter_text
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.reference import FILES, collect_models, part_id
from formulary.formats.handbook.writer import make_environment
from formulary.pipeline.guide import guide_of
from formulary.problems import CATALOGUE, OutputError, group_kinds
from tests.formats.handbook.conftest import Make
from tests.helpers import ROOT, copy_project

LAW = {"breach": "Breach Act, section 1", "complaints": "Complaints Act, section 2"}
"""The source of each fact of law that a chapter names."""
NOT_CHAPTERS = {"architecture", "newcomer"}
"""Files of docs/ that only a maintainer reads, on the code host."""
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]


@pytest.fixture(scope="module")
def guide() -> Guide:
    found = guide_of(ROOT, LAW)
    assert found
    return found


@pytest.fixture(scope="module")
def pages(guide: Guide) -> dict[str, str]:
    made = guide_pages(guide, make_environment(), "#1d4f6e")
    return {path: text for path, text in made.items() if isinstance(text, str)}


MODELS = list(dict.fromkeys(inner for model in SCHEMAS.values() for inner in collect_models(model)))
SHARED = {
    mark.description
    for kind in (Id, Name, When)
    for mark in kind.__metadata__
    if hasattr(mark, "description")
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_described_and_explained(
    model: type[ContentModel], pages: dict[str, str]
) -> None:
    home = next(name for name, top in SCHEMAS.items() if model in collect_models(top))
    page = pages[f"yaml/{home}.md"]
    part = "key--" if model is SCHEMAS[home] else f"{part_id(model)}--"
    assert (model.__doc__ or "").strip()
    for name, field in model.model_fields.items():
        key = field.alias or name
        assert field.description, key
        assert key == "id" or field.description not in SHARED, f"{key}: say what it is for here"
        assert page.count(f'<dt id="{part}{key}">') == 1


def keys_in(data: Any) -> set[str]:
    if isinstance(data, dict):
        return set(data) | {key for value in data.values() for key in keys_in(value)}
    return {key for value in data for key in keys_in(value)} if isinstance(data, tuple) else set()


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_example_of_a_file_is_sound_and_shows_every_key(
    name: str, pages: dict[str, str]
) -> None:
    path = ROOT / "docs" / "reference" / f"{name}.yaml"
    document, problems = read_document(path)
    assert problems == ()
    SCHEMAS[name].model_validate(document.data)
    wanted = {
        field.alias or key
        for model in collect_models(SCHEMAS[name])
        for key, field in model.model_fields.items()
    }
    if name != "form-header":  # its parts are those of a form
        assert wanted - keys_in(document.data) == set()
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    assert first == f"# yaml-language-server: $schema=../../content/schema/{name}.json"
    page = html.fromstring(pages[f"yaml/{name}.md"])
    assert page.xpath("//pre/code/text()") == ["\n".join(rest)]


def test_every_file_has_its_place_and_page(pages: dict[str, str]) -> None:
    assert list(FILES) == list(SCHEMAS)
    for name, (_, places, _) in FILES.items():
        assert f'href="{name}.html"' in pages[FILES_PAGE]
        for place in places:
            folder, _, file = place.rpartition("/")
            pattern = f"{folder}/{file}".replace("<id>", "*").replace("<form>", "*")
            assert list(ROOT.glob(pattern)), place


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_problem_has_an_anchor_and_says_what_to_do(code: str, pages: dict[str, str]) -> None:
    kind = CATALOGUE[code]
    assert [group for group, kinds in group_kinds().items() if kind in kinds]
    page = html.fromstring(pages[PROBLEMS_PAGE])
    (entry,) = page.xpath(f'//dt[@id="{code}"]')
    said = " ".join(entry.text_content().split())
    assert said.startswith(f"{code} {kind.severity}:")
    assert ("may be accepted" in said) == kind.judged
    words = " ".join(entry.getnext().text_content().split())
    assert words.replace("’", "'") == f"{kind.title}. {kind.remedy}".replace("’", "'")
    assert not re.search(r"\w'\w", words), "an apostrophe on a page is curly"


def test_every_file_of_docs_is_a_chapter_or_known_not_to_be() -> None:
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} <= {*CHAPTERS, *NOT_CHAPTERS}


def test_a_chapter_names_the_source_of_a_fact_of_law(guide: Guide) -> None:
    privacy = next(chapter.text for chapter in guide.chapters if chapter.name == "privacy")
    assert "Source: Breach Act, section 1." in privacy
    with pytest.raises(OutputError, match="names the fact of law “complaints”, which is not"):
        guide_of(ROOT, {"breach": LAW["breach"]})


def test_a_guide_without_its_first_chapter_is_none(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    (root / "pyproject.toml").unlink()
    assert guide_of(root, LAW) == guide_of(ROOT, LAW)
    (root / "docs" / "running.md").unlink()
    assert guide_of(root, LAW) is None


def anchors_of(path: Path) -> set[str]:
    """The anchors that a code host gives the headings of a file."""
    outside = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    return {anchor_of(found.replace("`", "")) for found in re.findall(r"^#+ +(.+)$", outside, re.M)}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_the_documentation_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lost = []
    for address in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = address.partition("#")
        if re.match(r"[a-z]+:", address):
            continue
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            lost.append(address)
    assert lost == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_example_of_yaml_can_be_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for indent, block in re.findall(r"^( *)```yaml\n(.*?)^ *```", text, re.S | re.M):
        YAML(typ="safe").load("\n".join(line.removeprefix(indent) for line in block.splitlines()))


AWKWARD = """\
# A *chapter*

<script>alert(1)</script> and [there](packs.md#the-list), [here](#next-year), [out](../README.md),
[web](https://example.org/), ![A form](images/form.png) ![none](images/none.png).

## Next `year` & more

```yaml
a: "<b>"

  c: {{ d }}
```

| a | b |
|---|---|
| `x` | y |

| c |
|---|
| z |
"""


def test_a_chapter_is_written_for_the_handbook() -> None:
    chapters = ["running", "packs"]
    text = chapter_text(Chapter("running", AWKWARD), chapters, ["images/form.png"])
    lines = text.splitlines()
    assert lines[0] == "# A chapter { #top }"
    assert "## Next <code>year</code> &amp; more { #next-year--more }" in lines
    page = html.fromstring(f"<div>{text}</div>")
    assert page.xpath("//script") == []
    assert page.xpath("//a/@href") == ["packs.html#the-list", "#next-year", "https://example.org/"]
    assert "out" in page.text_content()
    assert page.xpath("//img/@src") == ["images/form.png"]
    assert page.xpath("//pre/code/text()") == ['a: "<b>"\n\n  c: {{ d }}']
    names = page.xpath("//*[@role='region']/@aria-label")
    assert len(names) == len(set(names)) == 2
    assert page.xpath("//th/@scope") == ["col"] * 3


def test_the_guide_has_a_menu_of_its_own_in_three_parts(make: Make, guide: Guide) -> None:
    menu = guide_navigation(guide)
    assert [title for part in menu for title in part] == [YEAR, REFERENCE, PROGRAMMERS]
    pages = re.findall(r"'([\w/-]+\.md)'", str(menu))
    assert set(pages) == {
        *map(chapter_page, CHAPTERS),
        *map(file_page, ("index", *FILES)),
        PROBLEMS_PAGE,
    }
    for some in (make("mill"), make("mill", "lane")):
        assert TITLE not in str(navigation(some))


def test_the_guide_is_a_site_of_its_own_that_one_link_leads_to(real: Path) -> None:
    for page in ("index.html", "pclc/forms/index.html", "404.html"):
        links = html.fromstring((real / page).read_bytes()).xpath("//a[contains(@href, 'guide/')]")
        assert [
            link.text_content() for link in links if "guide/index.html" in link.get("href")
        ] == [TITLE]
    own = html.fromstring((real / "guide" / "yaml" / "policy.html").read_bytes())
    # on every page the menu shows all three parts
    parts = own.xpath("//nav[@id='handbook-nav']/p[@class='group']/text()")
    assert parts == [YEAR, REFERENCE, PROGRAMMERS]
    assert "../packs.html" in own.xpath("//nav[@id='handbook-nav']//a/@href")
    assert "../../index.html" in own.xpath("//footer//a/@href")
    assert "../../accessibility.html" in own.xpath("//footer//a/@href")
    assert (real / "guide" / "search").is_dir()


@pytest.mark.parametrize("setting", ["no", "[]"])
def test_a_setting_leaves_the_guide_out(tmp_path: Path, setting: str) -> None:
    root = copy_project(tmp_path)
    (root / "pyproject.toml").unlink()
    (root / "mkdocs.yml").write_text("extra:\n  guide: false\n")
    assert guide_of(root, LAW) is None
    (root / "mkdocs.yml").write_text("extra:\n  guide: true\n")
    assert guide_of(root, LAW) == guide_of(ROOT, LAW)
    (root / "mkdocs.yml").write_text(f"extra:\n  guide: '{setting}'\n")
    with pytest.raises(OutputError, match="Write guide: true, or guide: false"):
        guide_of(root, LAW)
