"""Unchanged work is not repeated, and what is made by parts is what is made from nothing."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from formulary.content.loading import load
from formulary.formats.handbook import page_cache
from formulary.formats.handbook import site as handbook
from formulary.formats.handbook.page_cache import FinishedPages, PageCache
from formulary.pipeline import build_record, documents, site
from formulary.pipeline.compose import load_compositions
from formulary.pipeline.workers import worker_pool
from formulary.problems import ContentError, OutputError
from formulary.store import Store
from tests.helpers import (
    LIBRARIES,
    ROOT,
    Quiet,
    files_of,
    replace_once,
    run,
    small_project,
    tiny_project,
)

OAK = Path("content") / "organisations" / "oak"
Edit = Callable[[Path], None]
words = st.text("abcdefghijklmnopqrstuvwxyz éß&<#*_", min_size=3, max_size=30).map(
    lambda text: f"Word {text.strip()}."
)


def rewrite(path: str, pattern: str, new: Callable[[str], str]) -> st.SearchStrategy[Edit]:
    """Edits that put something else in place of one of the finds of a pattern in a file."""

    def edit(draw: tuple[int, str]) -> Edit:
        def act(root: Path) -> None:
            text = (root / path).read_text(encoding="utf-8")
            finds = list(re.finditer(pattern, text))
            if finds:
                found = finds[draw[0] % len(finds)]
                text = text[: found.start(1)] + new(draw[1]) + text[found.end(1) :]
                (root / path).write_text(text, encoding="utf-8")

        return act

    return st.tuples(st.integers(0, 30), words).map(edit)


def restyle(colour: str) -> Edit:
    """The Word template with another accent, as somebody who restyles it in Word leaves it."""

    def act(root: Path) -> None:
        path = root / "forms" / "house" / "form.docx"
        with zipfile.ZipFile(path) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        parts["word/styles.xml"] = re.sub(
            rb'w:sz w:val="2\d"', f'w:sz w:val="{colour}"'.encode(), parts["word/styles.xml"]
        )
        with zipfile.ZipFile(path, "w") as target:
            for name, data in parts.items():
                target.writestr(name, data)

    return act


def deletes(pattern: str) -> Edit:
    def act(root: Path) -> None:
        path = root / OAK / "policy.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(pattern, "", text, count=1), encoding="utf-8")

    return act


def adds(after: str, new: str) -> Edit:
    def act(root: Path) -> None:
        path = root / OAK / "policy.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(after, f"{new}{after}", 1), encoding="utf-8")

    return act


def renames(root: Path) -> None:
    (root / "content" / "organisations" / "elm").rename(root / "content/organisations/ash")
    path = root / "content" / "organisations" / "ash" / "organisation.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: elm", "id: ash"), "utf-8")


POLICY, ORGANISATION, CYCLE = (
    f"{OAK.as_posix()}/{n}.yaml" for n in ("policy", "organisation", "cycle")
)
EDITS: st.SearchStrategy[Edit] = st.one_of(
    rewrite(POLICY, r"\n          ([A-Z][a-z ]+\.)\n", lambda word: word),
    rewrite(POLICY, r"\n    title: (.*)\n", lambda word: f'"{word}"'),
    rewrite(ORGANISATION, r"\n    max: (\d+)", lambda word: str(9 + len(word))),
    rewrite(ORGANISATION, r'colour: ("#\w+")', lambda word: f'"#{20 + len(word)}4f6e"'),
    rewrite(ORGANISATION, r'\nname: (".*")', lambda word: f'"{word}"'),
    rewrite(ORGANISATION, r"  objective: (objective)", lambda word: "target"),
    rewrite(CYCLE, r"        when: (spring term)", lambda word: f"by {1 + len(word) % 28} March"),
    rewrite(CYCLE, r"        name: (.*)\n", lambda word: f'"{word}"'),
    rewrite("forms/one-to-one.yaml", r"        label: (\w.*)\n", lambda word: f'"{word}"'),
    rewrite("forms/one-to-one.yaml", r"      rows: (\d)", lambda word: str(1 + len(word) % 6)),
    rewrite("content/library/glossary.yaml", r"      (A [a-z ]+\.)\n", lambda word: word),
    rewrite("forms/house/form.typ", r"above: (1\.7mm)", lambda word: f"1.{len(word)}mm"),
    rewrite("mkdocs.yml", r"\n(site_name)", lambda word: "site_url: https://example.org/\nsite_name"),
    st.sampled_from(
        [
            restyle("24"),
            deletes(r"      - id: capability\n(?:        .*\n)+"),
            deletes(r"        title: Equality\n"),
            adds("      - id: appeals\n", "      - id: help\n        text: Ask.\n"),
            adds("  - id: concerns\n", "  - id: new\n    title: N\n    clauses:\n"
                 "      - id: newest\n        text: New.\n\n"),
            renames,
        ]
    ),
)  # fmt: skip
HARM = st.sampled_from(["none", "none", "none", "cut", "emptied", "record"])
"""What may befall the store meanwhile."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project of two small organisations that has been built; its build folder is kept."""
    root = small_project(tmp_path_factory.mktemp("parts"), "oak", "elm")
    site.build(root, (), None, Quiet())
    yield root


@pytest.fixture(scope="module")
def sources(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the project was before any edit."""
    folder = tmp_path_factory.mktemp("sources")
    give(project, folder)
    return folder


def give(source: Path, target: Path) -> None:
    """Put the words, forms and settings of one project in place of another's."""
    for name in ("content", "docs", "forms"):
        shutil.rmtree(target / name, ignore_errors=True)
        shutil.copytree(source / name, target / name)
    for name in ("mkdocs.yml", "pyproject.toml"):
        shutil.copy(source / name, target)
    if not (target / "formulary").exists():
        (target / "formulary").symlink_to(ROOT / "formulary")


def befall(store: Path, harm: str) -> None:
    if harm == "cut":
        for path in sorted(store.glob("*/*"))[::3]:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    if harm == "emptied":
        shutil.rmtree(store)


@pytest.mark.slow
@settings(
    max_examples=int(os.environ.get("FORMULARY_EDITS", "2")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    edits=st.lists(EDITS, min_size=1, max_size=3),
    only=st.sampled_from([(), (), (), ("oak",)]),
    year=st.sampled_from([None, None, 2027]),
    harm=HARM,
)
def test_a_build_by_parts_is_a_build_from_nothing(
    edits: list[Edit],
    only: tuple[str, ...],
    year: int | None,
    harm: str,
    project: Path,
    sources: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    give(sources, project)
    for edit in edits:
        edit(project)
    befall(project / "build" / "store", harm)
    clean = tmp_path_factory.mktemp("clean")
    give(project, clean)
    try:
        site.build(clean, only, year, Quiet())
    except ContentError as error:
        with pytest.raises(ContentError) as again:
            site.build(project, only, year, Quiet())
        assert again.value.problems == error.problems
        return
    site.build(project, only, year, Quiet())
    one, other = files_of(clean / "site"), files_of(project / "site")
    assert set(one) == set(other)
    assert [name for name in one if one[name] != other[name]] == []


class Counted:
    """The documents and pages that were made, where words to search were looked for, and the
    templates that Jinja compiled.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.documents: list[str] = []
        self.html: list[str] = []
        self.searched: list[str] = []
        self.compiled: list[str] = []
        write, finished = documents.write, FinishedPages.on_post_page
        cut, compiled = page_cache.cut_page, Environment.compile

        def document(house: Path, task: documents.DocumentTask) -> documents.WrittenDocument:
            self.documents.append(f"{task.model.stamp.organisation} {task.model.stamp.form}")
            return write(house, task)

        def page(plugin: FinishedPages, output: str, *, page: Page, config: MkDocsConfig) -> None:
            self.html.append(page.file.src_uri)
            finished(plugin, output, page=page, config=config)

        def search(content: str, address: str, *more: str) -> list[dict[str, Any]]:
            self.searched.append(address)
            return cut(content, address, *more)

        def template(environment: Environment, source: Any, name: str | None, *more: Any) -> Any:
            self.compiled.append(name or "")
            return compiled(environment, source, name, *more)

        monkeypatch.setattr(documents, "write", document)
        monkeypatch.setattr(FinishedPages, "on_post_page", page)
        monkeypatch.setattr(page_cache, "cut_page", search)
        monkeypatch.setattr(Environment, "compile", template)


def test_one_clause_changed_makes_its_own_pages_and_documents_only(
    project: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(sources, project)
    site.build(project, (), None, Quiet())
    counted = Counted(monkeypatch)
    site.build(project, (), None, Quiet())
    assert (counted.documents, counted.html, counted.searched) == ([], [], [])
    replace_once(project / OAK / "policy.yaml", "Reviews follow a yearly", "Reviews have a yearly")
    site.build(project, (), None, Quiet())
    assert counted.documents == ["oak policy", "oak policy"]  # in Word and in PDF
    assert {"oak/policy/cycle.md", "oak/policy/whole.md"} <= set(counted.html)
    assert not [path for path in counted.html if path.startswith("elm/")]
    assert "oak/glossary.md" not in counted.html and "oak/year.md" not in counted.html
    assert 0 < len(counted.searched) <= len(counted.html)
    assert not {"main.html", "base.html", "section.md.j2"} & set(counted.compiled)


@pytest.mark.slow
def test_several_processes_make_the_same_site_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small_project(tmp_path, "oak", guide=True)
    site.build(root, (), None, Quiet(), jobs=1)
    one = files_of(root / "site")
    shutil.rmtree(root / "build")
    monkeypatch.setattr(handbook, "WORTH_SHARING", 2)
    monkeypatch.setattr(site, "WORTH_A_CREW", 2)
    share_out, shared = handbook._share_out, []

    def noted(*arguments: Any) -> handbook.Finished:
        shared.append(share_out(*arguments))
        return shared[-1]

    monkeypatch.setattr(handbook, "_share_out", noted)
    site.build(root, (), None, Quiet(), jobs=2)
    own = ("404.html", "fill/")  # written without MkDocs, or by it alone
    pages = [path for path in one if path.endswith(".html") and not any(o in path for o in own)]
    assert sum(map(len, shared)) == len(pages)  # those of the guide too, a site of its own
    assert files_of(root / "site") == one


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_link_that_leads_nowhere_stops_a_build_of_finished_pages_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(handbook, "WORTH_SHARING", 2)
    docs, name = tmp_path / "pages", "# A page\n\n## There {{ #{} }}\n\n[a link](b.md#there)\n"
    docs.mkdir()
    for page in ("index", "a", "b"):
        (docs / f"{page}.md").write_text(name.format("there"))
    nav = [{"Home": "index.md"}, {"A": "a.md"}, {"B": "b.md"}]
    pages = handbook.Pages(docs, ROOT / "mkdocs.yml", nav, "Test", PageCache(Store(tmp_path), ""))
    with worker_pool(None, jobs, None) as workers:
        handbook.build_site(pages, tmp_path / "site", workers)
    (docs / "b.md").write_text(name.format("gone"))
    for _ in range(2):  # what has a mistake is not kept
        with (
            worker_pool(None, jobs, None) as workers,
            pytest.raises(OutputError, match=r"b\.md#there"),
        ):
            handbook.build_site(pages, tmp_path / "site", workers)


def test_another_logo_of_the_same_name_makes_another_edition(tmp_path: Path) -> None:
    """A logo is a file of its own: the YAML that names it stays as it was."""
    root = tiny_project(tmp_path / "project")
    own = root / "content" / "organisations" / "tiny"
    organisation = (own / "organisation.yaml").read_text("utf-8")
    (own / "organisation.yaml").write_text(f"{organisation}\nlogo: logo.svg\n", "utf-8")
    kept, looks = PageCache(Store(tmp_path / "store"), ""), documents.Appearance("", {}, "")
    keys = set()
    for width in (300, 301, 301):
        box = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 200"/>'
        (own / "logo.svg").write_text(box, "utf-8")
        keys.add(load_compositions(load(root)[0], None, kept, looks).keys["tiny"])
    assert len(keys) == 2


def test_a_page_is_made_again_when_its_neighbour_has_another_name(tmp_path: Path) -> None:
    docs = tmp_path / "pages"
    docs.mkdir()
    for page in ("index", "a", "b"):
        (docs / f"{page}.md").write_text(f'---\ntitle: "{page}"\n---\n\n# Page\n')
    kept = PageCache(Store(tmp_path / "store"), "")
    for name in ("one", "other"):
        (docs / "b.md").write_text(f'---\ntitle: "{name}"\n---\n\n# Page\n')
        nav: list[Any] = [{"Home": "index.md"}, {"A": "a.md"}, "b.md"]
        pages = handbook.Pages(docs, ROOT / "mkdocs.yml", nav, "Test", kept)
        handbook.build_site(pages, tmp_path / "site")
        assert f">{name}</a>" in (tmp_path / "site" / "a.html").read_text("utf-8")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one organisation whose site is as the last build made it; leave it so."""
    root = small_project(tmp_path_factory.mktemp("settled"), "oak")
    site.build(root, (), None, Quiet())
    return root


def standing(root: Path, **changes: object) -> bool:
    asked = build_record.BuildRequest((), None)._replace(**changes)
    return build_record.find_unchanged_build(root, asked, datetime.date(2026, 11, 25)) is not None


@pytest.mark.parametrize(
    "arguments", [[], ["build"], ["--jobs", "2"], ["--debug"], ["build", "--debug"]]
)
def test_where_nothing_changed_a_build_says_so_and_imports_nothing_that_makes(
    settled: Path, arguments: list[str]
) -> None:
    before = files_of(settled / "site")
    done = run(settled, *arguments)
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing has changed")
    assert not done.imported & {*LIBRARIES, "formulary.cli.making", "formulary.content"}
    assert files_of(settled / "site") == before


@pytest.mark.parametrize(
    "path",
    [
        "content/organisations/oak/policy.yaml",
        "content/library/glossary.yaml",
        "forms/one-to-one.yaml",
        "forms/house/house.typ",
        "mkdocs.yml",
        "site/index.html",
        "site/oak.txt",
        "build/last-build.json",
    ],
)
def test_whatever_is_touched_there_is_something_to_do(settled: Path, path: str) -> None:
    assert standing(settled)
    place = settled / path
    before = place.read_bytes() if place.exists() else None
    place.write_bytes((before or b"") + b"\n# more")
    assert not standing(settled)
    place.unlink() if before is None else place.write_bytes(before)
    assert standing(settled)


def test_another_question_or_a_missing_file_is_something_to_do(settled: Path) -> None:
    assert not standing(settled, year=2027)
    assert not standing(settled, organisations=("oak",))
    home = settled / "site" / "index.html"
    home.rename(settled / "home.html")
    assert not standing(settled)
    (settled / "home.html").rename(home)
    assert standing(settled)


def test_a_year_after_the_accessibility_test_the_build_looks_again(settled: Path) -> None:
    record = build_record.read(settled)
    assert record and record.until
    day = datetime.date.fromisoformat(record.until)
    asked, before = build_record.BuildRequest((), None), datetime.timedelta(days=1)
    assert build_record.find_unchanged_build(settled, asked, day - before)
    assert not build_record.find_unchanged_build(settled, asked, day)
