"""Whatever fails: words that say what to do, the right exit code, and no traceback."""

from __future__ import annotations

import ast
import datetime
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

import formulary
from formulary import cli
from formulary.documents.blank import compose_blank
from formulary.edition.edition import Edition
from formulary.formats.handbook.calendars import site_address
from formulary.formats.handbook.site import Pages, build_site
from formulary.pipeline import content as content_pipeline
from formulary.pipeline import staff as staff_pipeline
from formulary.pipeline import workers
from formulary.pipeline.formats import FORMATS
from formulary.problems import OutputError
from tests.helpers import ROOT, small_project

WORD, PDF = FORMATS


@pytest.fixture(scope="module")
def oak() -> Iterator[Path]:
    """A project with one small organisation, in a folder that other users can look into."""
    folder = Path(tempfile.mkdtemp(prefix="formulary żółw "))
    folder.chmod(0o755)
    root = small_project(folder)
    shutil.copy(ROOT / "build.py", root)
    assert cli.main(["new", "oak", "--group", "Żółte: 1 September"], root) == 0
    yield root
    shutil.rmtree(folder)


def run(
    root: Path, *arguments: str, python: tuple[str, ...] = (), **more: Any
) -> subprocess.CompletedProcess[str]:
    """`python build.py …` as a user starts it."""
    command = [sys.executable, *python, str(root / "build.py"), *arguments]
    more = {"capture_output": True, "text": True, "encoding": "utf-8"} | more
    return subprocess.run(command, check=False, **more)


def surroundings(**changed: str) -> dict[str, str]:
    return {**os.environ, **changed}


# before anything is loaded


def test_every_python_can_read_the_command() -> None:
    ast.parse((ROOT / "build.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    assert (ROOT / "build.py").read_bytes().isascii(), "Python 2 asks for the encoding of others"


def test_a_python_that_is_too_old_says_so(oak: Path) -> None:
    script = f"""if True:
        import runpy, sys
        sys.version_info = (3, 9, 18)
        runpy.run_path({str(oak / "build.py")!r}, run_name="__main__")
    """
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "this is Python 3.9, and Formulary needs Python 3.11 or later" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_python_without_the_libraries_gives_the_command_of_the_readme(oak: Path) -> None:
    done = run(oak, "check", python=("-S",))
    assert done.returncode == 3 and "Traceback" not in done.stderr
    install, build = done.stderr.splitlines()[-1].strip(), done.stderr.splitlines()[-3].strip()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{install} && {build}" in readme


# the console


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_console_that_lacks_letters_shows_them_another_way(oak: Path, encoding: str) -> None:
    env = surroundings(PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    path = oak / "content" / "organisations" / "oak" / "extra.yaml"
    path.write_text("żółw: 1\n", encoding="utf-8")
    (path.parent / "ratings.yaml").write_text("żółw: 1\n", encoding="utf-8")
    try:
        said = run(oak, "check", env=env, encoding=encoding)
        data = run(oak, "check", "--json", env=env, encoding=encoding)
    finally:
        path.unlink()
        (path.parent / "ratings.yaml").unlink()
    assert (said.returncode, data.returncode, said.stderr) == (1, 1, "")
    mark = '"' if encoding == "ascii" else "“"
    assert rf"The key {mark}\u017c" in said.stdout
    messages = [problem["message"] for problem in json.loads(data.stdout)["problems"]]
    assert any("żółw" in message for message in messages)


def test_output_that_nobody_reads_ends_the_command_quietly(oak: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run(oak, "check", "--json", capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_output_that_has_no_room_is_said(oak: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(oak, "check", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert "No space left on device. Make room on the disk" in done.stderr


# files and folders


@pytest.fixture
def somebody() -> Iterator[None]:
    """Not the administrator, for whom no file is forbidden."""
    administrator = hasattr(os, "geteuid") and os.geteuid() == 0
    if administrator:
        os.seteuid(65534)
    yield
    if administrator:
        os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
@pytest.mark.parametrize(
    ("forbidden", "arguments", "code", "said"),
    [
        (
            "content/organisations/oak/policy.yaml",
            ["check"],
            1,
            "policy.yaml: error unreadable",
        ),
        ("content/organisations/oak", ["check"], 3, "oak"),
        ("content/organisations", ["check"], 3, "content/organisations"),
        ("content/library", ["check"], 3, "content/library"),
        ("forms", ["check"], 3, "forms"),
        ("mkdocs.yml", [], 3, "mkdocs.yml cannot be read"),
    ],
)
def test_what_may_not_be_read_is_named(
    oak: Path,
    forbidden: str,
    arguments: list[str],
    code: int,
    said: str,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli.main(["check"], oak)  # what is imported late is there before rights are given away
    for module in walk_packages(formulary.__path__, "formulary."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    path = oak / forbidden
    rights = path.stat().st_mode
    path.chmod(0)
    capsys.readouterr()
    (oak / "build").mkdir(exist_ok=True)
    (oak / "build").chmod(0o777)
    request.getfixturevalue("somebody")
    try:
        found = cli.main(arguments, oak)
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        path.chmod(rights)
    out = "".join(capsys.readouterr())
    assert (found, "Traceback" in out) == (code, False), out
    assert said in out


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
@pytest.mark.parametrize(
    "arguments", [["schema"], ["new", "elm"], ["keep-edition", "--org", "oak"]]
)
def test_what_may_not_be_written_is_named(
    oak: Path,
    arguments: list[str],
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    request.getfixturevalue("somebody")
    assert cli.main(arguments, oak) == 3
    said = capsys.readouterr().err
    assert "cannot be" in said and "Permission denied" in said and "Traceback" not in said


def test_a_disk_that_is_full_is_said(oak: Path) -> None:
    resource = pytest.importorskip("resource")

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    done = run(oak, "schema", preexec_fn=small)
    assert done.returncode == 3
    assert (
        "cannot be read or written: File too large" in done.stderr
        and "Traceback" not in done.stderr
    )


# our own mistakes


def breaks(*_: object, **__: object) -> None:
    raise KeyError("Ada Oakhanger")


def test_a_mistake_of_ours_is_called_ours_and_debug_shows_where(
    oak: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(content_pipeline, "lint", breaks)
    assert cli.main(["check"], oak) == 4
    said = capsys.readouterr().err
    assert re.fullmatch(
        r"build\.py: this is a mistake in Formulary, not in your files \(KeyError in "
        r"formulary/pipeline/content\.py, line \d+\)\. .* with --debug .*\n",
        said,
    )
    assert cli.main(["check", "--debug"], oak) == 4
    said = capsys.readouterr().err
    for part in ("KeyError: 'Ada Oakhanger'", "in check", "Formulary 0.", "Python 3.", "lxml"):
        assert part in said


def test_what_a_mistake_says_about_people_is_shown_to_nobody(
    oak: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(staff_pipeline, "read_staff", breaks)
    staff = tmp_path / "staff.csv"
    staff.write_text("Employee Number,Full Name\n1,Ada Oakhanger\n", encoding="utf-8")
    arguments = ["packs", str(staff), "--org", "oak", "--preflight"]
    for more, place in (([], "KeyError in formulary/"), (["--debug"], 'staff.py", line')):
        assert cli.main([*arguments, *more], oak) == 4
        said = "".join(capsys.readouterr())
        assert place in said and "Oakhanger" not in said


def test_memory_that_runs_out_is_said(
    oak: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_much(*_: object) -> bytes:
        return bytearray(1 << 62)

    monkeypatch.setattr(content_pipeline, "lint", too_much)
    assert cli.main(["check"], oak) == 3
    assert "the memory of this computer does not suffice" in capsys.readouterr().err


def dies(_: object) -> None:
    os._exit(1)


def test_a_worker_that_dies_at_its_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_begin", dies)
    with (
        pytest.raises(OutputError, match="A worker process was ended from outside"),
        workers.worker_pool("kit", 2, None),
    ):
        pass


def test_a_clock_that_no_file_can_carry_is_said(
    oak: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopped(datetime.date):
        @classmethod
        def today(cls) -> Stopped:
            return cls(1970, 1, 1)

    monkeypatch.setattr(datetime, "date", Stopped)
    assert cli.main(["check"], oak) == 3
    assert "The clock of this computer says 1970-01-01" in capsys.readouterr().err


# the house's own documents


def house(
    folder: Path, name: str, change: Callable[[bytes], bytes], part: str = "word/document.xml"
) -> Path:
    """A copy of forms/house in which a part of a Word document is changed."""
    made = folder / "house"
    shutil.copytree(ROOT / "forms" / "house", made)
    written = io.BytesIO()
    with zipfile.ZipFile(made / name) as source, zipfile.ZipFile(written, "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            changed = change(data) if entry == part or not part else data
            assert entry != part or changed != data
            target.writestr(entry, changed)
    (made / name).write_bytes(written.getvalue())
    return made


@pytest.fixture
def written(editions: tuple[Edition, ...]) -> Callable[[Path], bytes]:
    """Writes a short form in Word with a house folder."""
    edition = next(found for found in editions if found.id == "pclc")
    offer, form = next(pair for pair in edition.forms if pair[1].id == "meeting-note")
    blank = compose_blank(edition, offer, form)
    return lambda folder: WORD.write_blank(blank, folder)


@pytest.mark.parametrize(
    ("old", "new", "near"),
    [
        (rb"\{\{ title \}\}", b"{{ titel }}", "near “{{ titel }}"),
        (rb"\{%tr endfor %\}", b"", "near “{{ line }}{% endfor %}"),
    ],
)
def test_a_wrong_tag_of_a_house_document_is_named_with_its_paragraph(
    tmp_path: Path, written: Callable[[Path], bytes], old: bytes, new: bytes, near: str
) -> None:
    folder = house(tmp_path, "form.docx", lambda data: re.sub(old, new, data, count=1))
    with pytest.raises(OutputError) as failed:
        written(folder)
    said = str(failed.value)
    assert "house/form.docx cannot be used" in said and near in said
    assert "Undo the last change" in said


def test_tags_that_word_has_split_over_runs_are_whole_again(
    tmp_path: Path, written: Callable[[Path], bytes]
) -> None:
    run = (
        b'{</w:t></w:r><w:proofErr w:type="spellStart"/><w:r w:rsidR="00AB12CD">'
        b'<w:rPr><w:lang w:val="de-DE"/></w:rPr><w:t xml:space="preserve">{ '
    )
    usual = written(ROOT / "forms" / "house")
    split = written(house(tmp_path, "form.docx", lambda d: re.sub(rb"(?<=>)\{\{ ", run, d)))
    words = [_words(document) for document in (usual, split)]
    assert words[0] == words[1]


def _words(document: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())


STRICT: Mapping[bytes, bytes] = {
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def test_a_house_document_in_strict_open_xml_is_named_with_what_to_do(
    tmp_path: Path, written: Callable[[Path], bytes]
) -> None:
    def strict(data: bytes) -> bytes:
        for old, new in STRICT.items():
            data = data.replace(old, new)
        return data

    with pytest.raises(OutputError, match="not as “Strict Open XML”"):
        written(house(tmp_path, "form.docx", strict, part=""))


def test_a_broken_typst_template_is_named_with_its_line(
    tmp_path: Path, editions: tuple[Edition, ...]
) -> None:
    shutil.copytree(ROOT / "forms" / "house", tmp_path / "house")
    template = tmp_path / "house" / "form.typ"
    template.write_text(template.read_text(encoding="utf-8").replace("#let", "#lett", 1), "utf-8")
    line = template.read_text(encoding="utf-8").partition("#lett")[0].count("\n") + 1
    edition = editions[0]
    with pytest.raises(OutputError, match=rf"form\.typ:{line}:1"):
        PDF.write_blank(compose_blank(edition, *edition.forms[0]), tmp_path / "house")


# MkDocs


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("site_dir: site", "site_dir: : site", "mapping values are not allowed"),
        ("name: material", "name: materiel", "Unrecognised theme name"),
        ("plugins: []", "plugins: [offlin]", "is not installed"),
        ("- assets/colours.css", "- 3", "TypeError"),
        ("toc_depth: 3", "toc_depth: x", "Failed to load extension"),
    ],
)
def test_settings_that_mkdocs_cannot_use_are_said(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace("custom_dir: formulary", f"custom_dir: {ROOT}/formulary")
    assert old in settings
    (tmp_path / "mkdocs.yml").write_text(settings.replace(old, new), encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text("# Start\n")
    with pytest.raises(OutputError, match=said):
        build_site(
            Pages(tmp_path / "pages", tmp_path / "mkdocs.yml", [{"A": "index.md"}]),
            tmp_path / "site",
        )


@pytest.mark.parametrize("text", ["site_url: : x", "- a", 'site_url: "x', "a: !!python/name:x.y"])
def test_settings_that_are_no_settings_are_named_before_anything_is_made(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "mkdocs.yml").write_text(text)
    with pytest.raises(OutputError, match=r"mkdocs\.yml"):
        site_address(tmp_path / "mkdocs.yml")
