"""A project's own files come before the product's, and messages tell the two apart."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from formulary.cli import main
from formulary.pipeline.house_folder import house_folder
from formulary.problems import OutputError
from formulary.project import PRODUCT, project_at
from tests.helpers import ROOT, files_of, replace_once

OWN = {
    "theme/assets/extra.css": "/* ours */\n",
    "theme/partials/footer.html": "<footer>Our own foot</footer>\n",
    "theme/people.md.j2": "# {{ title }} { #top }\n\nOur own page of people.\n",
    "mkdocs.yml": "site_url: https://oak.example/handbook/\n",
    "docs/trouble.md": "# When something goes wrong\n\nAsk Jo in the office.\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one organisation, which has one file of its own of each kind, and its site."""
    root = tmp_path_factory.mktemp("own")
    assert main(["new", "oak", "--form", "one-to-one", "--form", "cpd-needs"], root) == 0
    for name in ("forms/one-to-one.yaml", "forms/house/form.typ", "content/library/glossary.yaml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    replace_once(root / "forms/one-to-one.yaml", "title: One-to-one", "title: Our chat")
    look = root / "forms" / "house" / "form.typ"
    look.write_text(look.read_text(encoding="utf-8") + "\n#par[Typeset as Oak likes it]\n")
    (root / "content/library/glossary.yaml").write_text(
        "terms:\n  - {term: Appeal, means: What Oak calls an appeal.}\n"
    )
    for name, text in OWN.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    assert main([], root) == 0
    return root


def page(project: Path, path: str) -> str:
    return (project / "site" / path).read_text(encoding="utf-8")


def test_a_form_of_the_project_takes_the_place_of_the_products(project: Path) -> None:
    index = page(project, "oak/forms/index.html")
    assert "Our chat" in index
    assert "cpd-needs" in index, "the other form is the product's"


def test_a_house_document_of_the_project_is_used_with_the_others_of_the_product(
    project: Path,
) -> None:
    downloads = project / "site" / "oak" / "downloads"
    texts = [
        "".join(page.extract_text() for page in PdfReader(downloads / name).pages)
        for name in ("one-to-one-2026-27.pdf", "policy-2026-27.pdf")
    ]
    assert ["Typeset as Oak likes it" in text for text in texts] == [True, False]
    assert (downloads / "one-to-one-2026-27.docx").is_file()


def test_a_library_file_of_the_project_takes_the_place_of_the_products(project: Path) -> None:
    words = page(project, "oak/glossary.html")
    assert "What Oak calls an appeal." in words
    assert "Capability procedure" not in words, "a word of the product's"


def test_files_of_the_theme_come_before_the_products(project: Path) -> None:
    assert page(project, "assets/extra.css") == OWN["theme/assets/extra.css"]
    assert "Our own foot" in page(project, "index.html")
    assert (project / "site" / "assets" / "reading.css").read_bytes() == (
        ROOT / "formulary/formats/handbook/theme/assets/reading.css"
    ).read_bytes()


def test_a_template_of_a_page_comes_before_the_products(project: Path) -> None:
    assert "Our own page of people." in page(project, "oak/people.html")
    assert [name for name in files_of(project / "site") if name.endswith(".j2")] == []


def test_a_setting_is_laid_over_the_products(project: Path) -> None:
    assert '<link rel="canonical" href="https://oak.example/handbook/' in page(
        project, "oak/glossary.html"
    )
    assert (project / "site" / "search" / "site.js").is_file(), "another setting is kept"


def test_a_chapter_of_the_guide_comes_before_the_products(project: Path) -> None:
    assert "Ask Jo in the office." in page(project, "guide/trouble.html")
    assert (project / "site" / "guide" / "packs.html").is_file()


def test_a_changed_file_of_the_theme_is_seen(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], project) == 0
    assert "Nothing has changed" in capsys.readouterr().out
    path = project / "theme" / "assets" / "extra.css"
    path.write_text("/* ours, changed */\n")
    assert main([], project) == 0
    assert page(project, "assets/extra.css") == "/* ours, changed */\n"
    path.write_text(OWN["theme/assets/extra.css"])
    assert main([], project) == 0


def test_check_lists_whose_each_file_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--sources", "--json"], project) == 0
    origin = {entry["path"]: entry["from"] for entry in json.loads(capsys.readouterr().out)}
    assert origin["forms/one-to-one.yaml"] == "project"
    assert origin["forms/pm-form.yaml"] == "product"
    assert origin["forms/house/form.typ"] == "project"
    assert origin["forms/house/house.typ"] == "product"
    assert origin["content/library/glossary.yaml"] == "project"
    assert origin["content/library/guidance.yaml"] == "product"
    assert origin["theme/assets/extra.css"] == "project"
    assert origin["mkdocs.yml"] == "both"
    assert main(["check", "--sources"], project) == 0
    said = capsys.readouterr().out
    assert "forms/one-to-one.yaml: your project\n" in said
    assert f"Formulary's files are in {PRODUCT}\n" in said


def test_a_problem_in_a_file_of_the_product_says_whose_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "oak", "--form", "objective-change"], tmp_path) == 0
    path = tmp_path / "content" / "organisations" / "oak" / "organisation.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("words:")
    word = text.index("  head:", start)
    path.write_text(text[:word] + text[text.index("\n", word) + 1 :], encoding="utf-8")
    capsys.readouterr()
    assert main(["check"], tmp_path) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if "words.head" in line]
    foreign = [
        line for line in lines if line.startswith("formulary's forms/objective-change.yaml:")
    ]
    assert foreign
    assert all(
        line.endswith("copy it into your project as forms/objective-change.yaml.")
        for line in foreign
    )


def test_a_fault_in_a_house_document_names_it_where_its_owner_has_it(project: Path) -> None:
    with pytest.raises(OutputError) as raised, house_folder(project) as house:
        raise OutputError(f"{house / 'form.typ'} and {house / 'policy.typ'} are wrong.")
    message = "forms/house/form.typ and formulary's forms/house/policy.typ are wrong."
    assert str(raised.value) == message


def test_a_project_may_hold_the_product_or_be_inside_it(tmp_path: Path) -> None:
    inside = project_at(ROOT / "build" / "elsewhere")
    assert not inside.is_product
    assert inside.is_own(inside.folder / "forms" / "a.yaml")
    assert not inside.is_own(ROOT / "forms" / "pm-form.yaml")
    assert project_at(ROOT).is_product
