"""Content that would do harm: what is refused, and what becomes words and nothing else."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree, html
from pypdf import PdfReader

from formulary.content.loading import MOST_FAULTS, load
from formulary.content.source import LARGEST_FILE, parse, read_document
from formulary.documents.blank import compose_blank
from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition
from formulary.edition.text import LONGEST_FACT, fill
from formulary.pipeline.content import editions_of
from formulary.pipeline.formats import FORMATS
from tests.formats.handbook.conftest import build
from tests.helpers import ROOT, replace_once, tiny_project
from tests.payload import MARK, poison

OWN = Path("content") / "organisations" / "tiny"


# what a file may hold


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "yaml-feature", "An anchor"),
        ("? [&a [x], *a, *a]\n: 1\n", "yaml-feature", "A key that is itself a list"),
        ("&k a: 1\n", "yaml-feature", "A key that is not plain"),
        ("a: &a {x: 1}\nb: {<<: *a}\n", "yaml-feature", "An anchor"),
        ("a: !!python/object/apply:os.system [ls]\n", "yaml-feature", "A tag"),
        ("a: !!binary aGVsbG8=\n", "yaml-feature", "A tag"),
        (f"a: {'9' * 5000}\n", "yaml-feature", "A number of more than 15 digits"),
        (f"a: {'9' * 500}.5\n", "yaml-feature", "A number of more than 15 digits"),
        ('a: "\\x07"\n', "yaml-feature", "A control character"),
        ('a: "\\ud800"\n', "yaml-feature", "A control character"),
        ('a: "\\uffff"\n', "yaml-feature", "A control character"),
        ('"\\x1b[31m": 1\n', "yaml-feature", "A key that is not plain"),
        ("%YAML 1.3\n---\na: 1\n", "yaml-syntax", "A line that begins with “%”"),
        ("{" * 5000, "yaml-syntax", "nested too deeply"),
        ("[\n" * 240_000, "yaml-syntax", "nested too deeply"),
        ("a: !x " + "[" * 400_000, "yaml-syntax", "nested too deeply"),
        ("{a: " * 5000, "yaml-syntax", "nested too deeply"),
        ("- " * 3000 + "a", "yaml-syntax", "nested too deeply"),
        ("a: 1\n--- \nb: 2\n", "yaml-syntax", "A second document begins"),
        ("a: \0\n", "yaml-syntax", "A control character"),
        ("a: \ud800\n", "yaml-syntax", "A control character"),
        ("a: *b\n", "yaml-feature", "An anchor or alias (“b”)"),
        ("*a : 1\n", "yaml-feature", "A key that is not plain"),
        ("a: !!set {b, c}\n", "yaml-feature", "A tag"),
        ("a: *must*\n", "yaml-syntax", "A value cannot begin with “*”"),
        ("a: @b\n", "yaml-syntax", "A value cannot begin with “@”"),
        ("---\n", "yaml-syntax", "The file is empty"),
    ],
)
def test_yaml_that_no_content_needs_is_refused_with_its_place(
    text: str, code: str, said: str
) -> None:
    _, problems = parse(text, Path("a.yaml"))
    assert {problem.kind.code for problem in problems} == {code}
    assert said in problems[0].message


def test_a_file_of_a_hundred_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    _, (problem,) = read_document(path)
    assert problem.message == f"The file has 100,000,000 bytes; the limit is {LARGEST_FILE:,}"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    os.mkfifo(path)
    _, (problem,) = read_document(path)
    assert problem.message == "This is not a file"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_another_encoding_than_utf_8_is_named_and_a_byte_order_mark_is_none(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("a: ż".encode(encoding) if encoding != "latin-1" else b"a: \xe9")
    _, problems = read_document(path)
    assert problems and problems[0].kind.code in ("unreadable-file", "yaml-syntax")
    path.write_bytes("\ufeffa: ż".encode())
    document, problems = read_document(path)
    assert (document.data, problems) == ({"a": "ż"}, ())


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    return tiny_project(tmp_path)


@pytest.mark.parametrize("text", ["word\n", "- a\n- b\n", "2026\n", "2026-10-31\n"])
def test_a_file_that_is_no_mapping_is_named(alone: Path, text: str) -> None:
    (alone / OWN / "ratings.yaml").write_text(text)
    _, problems = load(alone)
    assert [problem.kind.code for problem in problems] == ["wrong-type"]
    assert problems[0].place.file == OWN / "ratings.yaml"


def test_thousands_of_mistakes_are_not_pruned_one_by_one(alone: Path) -> None:
    lines = "".join(f"unknown{place}: 1\n" for place in range(2_000))
    (alone / OWN / "ratings.yaml").write_text(lines)
    _, problems = load(alone)
    assert len(problems) == MOST_FAULTS + 1
    assert problems[-1].message.startswith("The file has 2,00")


@pytest.mark.parametrize("what", ["tiny/ratings.yaml", "tiny"])
def test_a_link_that_leads_out_of_the_content_is_not_followed(
    alone: Path, tmp_path_factory: pytest.TempPathFactory, what: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "it"
    place = alone / "content" / "organisations" / what
    shutil.move(place, elsewhere)
    place.symlink_to(elsewhere)
    content, problems = load(alone)
    assert {problem.kind.code for problem in problems} == {"unreadable-file"}
    assert "is a link to a place outside of content/" in problems[0].message
    assert not content.whole
    if what == "tiny":
        assert content.organisations == ()


def test_a_content_folder_that_is_a_link_itself_is_followed(alone: Path) -> None:
    (alone / "content").rename(alone / "ours")
    (alone / "content").symlink_to(alone / "ours")
    content, problems = load(alone)
    assert problems == () and [own.id for own in content.organisations] == ["tiny"]


# what an expression may do

FACTS = {
    "words": SimpleNamespace(reviewer="team leader", long="a" * (LONGEST_FACT + 1)),
    "clause": lambda id: f"[clause](clause:{id})",
}


@pytest.mark.parametrize(
    "expression",
    [
        "'a'.center(1000000000)",
        "'a'.zfill(1000000000)",
        "'{:1000000000}'.format(1)",
        "'a' * 1000000000",
        "'%1000000000s' % 1",
        "10 ** 10 ** 10",
        "words.reviewer.replace('a', 'aaaa')",
        "range(1000000000) | list",
        "lipsum(1000)",
        "cycler('a')",
        "joiner",
        "''.__class__.__mro__[1].__subclasses__()",
        "clause.__globals__['os']",
        "clause.__code__.co_consts",
        "(words | attr('__class__'))",
        "self",
        "words.__init__.__globals__",
        "[1][2]",
        "{}['a']",
        "(" * 90 + "1" + ")" * 90,
        "1" + "+1" * 150,
        "words.long",
        "words.reviewer ~ words.long",
        "clause",
        "clause()",
        "9" * 250,
        "'{}'.format_map({})",
        "'a'.join",
    ],
)
def test_an_expression_gives_a_fact_or_a_fault_and_nothing_else(expression: str) -> None:
    filled, faults = fill(f"a {{{{ {expression} }}}} b", FACTS)
    assert (filled, len(faults)) == ("a  b", 1)


def test_expressions_do_not_become_templates_again() -> None:
    facts = {"words": SimpleNamespace(a="{{ words.b }}", b="secret")}
    assert fill("{{ words.a }}", facts) == ("{{ words.b }}", ())


# what a text may become


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Edition]:
    """A project in whose every text the payload stands, and its edition."""
    root = tiny_project(tmp_path_factory.mktemp("poisoned"))
    for path in (ROOT / "content" / "library").glob("*.yaml"):
        own = root / "content" / "library" / path.name
        if not own.exists():
            shutil.copy(path, own)
    shutil.copy(ROOT / "forms" / "concern-letter.yaml", root / "forms")
    replace_once(
        root / "content" / "organisations" / "tiny" / "organisation.yaml",
        "  - form: moderation\n",
        "  - {form: concern-letter, clauses: [concerns], serves: {confirmation: concerns}}\n"
        "  - form: moderation\n",
    )
    assert poison(root, "tiny") > 500
    content, problems = load(root)
    (edition,), faults = editions_of(content, (), None)
    assert (problems, faults) == ((), ())
    return root, edition


@pytest.fixture(scope="module")
def site(poisoned: tuple[Path, Edition], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build((poisoned[1],), tmp_path_factory.mktemp("poisoned-site"))


ADDRESSES = ("href", "src", "action", "formaction", "style", "id", "class", "data", "srcset")


def test_a_text_becomes_no_element_attribute_or_address_of_a_page(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    shown = 0
    for page in pages:
        tree = html.fromstring(page.read_bytes())
        for node in tree.iter():
            where = f"{page.relative_to(site)}: {str(node.tag)[:40]}"
            if not isinstance(node.tag, str):
                assert MARK not in str(node.text), where
                continue
            assert MARK not in node.tag, where
            for name, value in node.attrib.items():
                assert MARK not in name and not name.startswith("on"), where
                assert MARK not in value or name.split(":")[-1] not in ADDRESSES, (where, value)
            if node.tag in ("script", "style") and MARK in (node.text or ""):
                assert node.get("type") == "application/json", where
                json.loads(node.text)
        shown += f"<{MARK} on{MARK}=1>" in tree.text_content()
    assert shown > len(pages) / 2, "the payload is not on the pages, so nothing was tried"


def test_the_files_of_the_search_hold_no_sign_of_an_element(site: Path) -> None:
    scripts = [path.read_text(encoding="utf-8") for path in site.glob("search/**/*.js")]
    assert any(MARK in script for script in scripts)
    assert not any("<" in script for script in scripts)


def test_a_text_adds_no_line_of_its_own_to_a_calendar(site: Path) -> None:
    files = sorted(site.rglob("*.ics"))
    assert files
    for path in files:
        data = path.read_bytes()
        assert MARK.encode() in data
        assert data.count(b"\n") == data.count(b"\r\n")
        names = {line.split(b":")[0].split(b";")[0] for line in data.split(b"\r\n")}
        assert b"ATTACH" not in names, path


@pytest.fixture(scope="module")
def papers(poisoned: tuple[Path, Edition]) -> dict[str, bytes]:
    """The policy and two forms of the poisoned edition, in Word and PDF."""
    root, edition = poisoned
    house = root / "forms" / "house"
    made: dict[str, bytes] = {}
    for way in FORMATS:
        made[f"policy.{way.ending}"] = way.write_policy(compose_paper(edition), house)
        for offer, form in edition.forms:
            if form.id in ("pm-form", "concern-letter"):
                made[f"{form.id}.{way.ending}"] = way.write_blank(
                    compose_blank(edition, offer, form), house
                )
    return made


def parts(document: bytes) -> Iterator[tuple[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, etree.fromstring(package.read(name))


def test_a_text_becomes_no_element_link_or_field_of_a_word_file(papers: dict[str, bytes]) -> None:
    for paper, data in papers.items():
        if not paper.endswith(".docx"):
            continue
        for name, tree in parts(data):
            for node in tree.iter():
                assert MARK not in str(node.tag), (paper, name)
                assert all(MARK not in key for key in node.attrib), (paper, name)
                if name.endswith(".rels"):
                    assert MARK not in node.get("Target", ""), (paper, name)
            fields = [*tree.iter("{*}instrText"), *tree.iter("{*}fldSimple")]
            said = [f"{node.text or ''}{''.join(node.attrib.values())}" for node in fields]
            assert not any(MARK in words for words in said), (paper, name)


def test_the_title_of_a_word_file_is_the_text_as_it_is(papers: dict[str, bytes]) -> None:
    core = dict(parts(papers["policy.docx"]))["docProps/core.xml"]
    title = core.findtext("{http://purl.org/dc/elements/1.1/}title")
    assert f"<{MARK} on{MARK}=1>" in title and "&lt;" not in title


def test_a_text_becomes_no_action_of_a_pdf(papers: dict[str, bytes]) -> None:
    for paper, data in papers.items():
        if not paper.endswith(".pdf"):
            continue
        reader = PdfReader(io.BytesIO(data))
        root = reader.trailer["/Root"]
        assert not {"/OpenAction", "/AA"} & set(root), paper
        assert f"<{MARK} on{MARK}=1>" in (reader.metadata.title if reader.metadata else ""), paper
        for page in reader.pages:
            for note in page.get("/Annots") or ():
                found = note.get_object()
                assert "/AA" not in found, paper
                address = str(found.get("/A", {}).get("/URI", "https:"))
                assert address.startswith(("https:", "http:", "mailto:")), (paper, address)
