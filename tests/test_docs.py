"""The commands of the documentation, run as a reader would run them, on a small project.

Every `formulary …` and `python build.py …` in a block or in a line of README.md, SECURITY.md or
docs/ is run in its order, in a copy of the project with one small organisation, its staff list, its
packs and its registers. What waits for a browser or needs a cluster is only read.
"""

from __future__ import annotations

import io
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from formulary.cli import main
from formulary.cli.parser import command_line
from formulary.content.loading import load
from formulary.content.source import parse
from formulary.documents.blank import compose_blank
from formulary.formats.word.form import write_blank
from formulary.formats.word.policy import write_policy
from formulary.pipeline.take_back import print_policy
from formulary.project import HOUSE
from tests.helpers import ROOT, replace_once, small_project
from tests.staff_lists import make_staff

DOCUMENTS = [
    path
    for path in (ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md")))
    if path.is_file()
]
ONLY_READ = (" edit", " serve", " --dask", " --help")
"""A command with one of these is not run: it waits for a browser, needs a cluster, or stops."""
PLACEHOLDERS = {
    "STAFF": "/private/staff.csv",
    "ORG": "pclc",
    "DIR": "/private/register",
    "DIR-2027": "/private/packs-2027",
    "DIR-MAILS": "/private/mails",
    "FILE": "/private/person.zip",
    "staff.xlsx": "/private/staff.xlsx",
    "staff-2027.xlsx": "/private/staff.xlsx",
    "/private/north.xlsx": "/private/staff.xlsx",
    "/private/south.csv": "/private/staff.csv",
    "000102": "000001",
    "STATE": "v2025",
    "RETURNS": "/private/returns",
    "/private/register-2026-27": "/private/register",
    "POLICY": "/private/policy.docx",
    "POLICY.docx": "/private/policy.docx",
    "policy-2026-27.docx": "/private/policy.docx",
    "Appraisal policy.docx": "/private/policy.docx",
    "Return to work.docx": "/private/return.docx",
    "Leave request.docx": "/private/leave.docx",
    "Exit interview.docx": "/private/leave.docx",
}


def commands(path: Path) -> list[str]:
    """The commands of a document in their order, each once, without the program and remarks.

    A command in a line may go on in the next one.
    """
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(
        r"(?:(?<=`)|^ *)(?:formulary|python build\.py)(?![\w./-])"
        r"([^`\n]*(?:\n(?=[^`\n]*`)[^`\n]*)?)",
        text,
        re.M,
    )
    return list(dict.fromkeys(" ".join(one.partition("#")[0].split()) for one in found))


def turn_of(words: Sequence[str]) -> int:
    """Whole builds come before there are more organisations to build, and the year moves last."""
    builds = words[:1] in ((), ("--year",), ("bundle",))
    return 2 if words[:1] == ("next-year",) else 0 if builds else 1


def words_of(command: str, private: str) -> list[str]:
    """The arguments of a command, what it leaves to the reader filled in."""
    words = [PLACEHOLDERS.get(word, word) for word in shlex.split(command)]
    return [re.sub(r"^/private\b", private, word) for word in words]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `project`, a git repository, `handbook-2025`, a copy of it, and `private`."""
    folder = tmp_path_factory.mktemp("docs")
    root = folder / "project"
    root.mkdir()
    small_project(root)
    offered = [f"--form={form}" for form in ("pm-form", "cpd-needs")]
    assert main(["new", "pclc", "--group", "Teachers: 1 September", *offered], root) == 0
    shutil.copytree(root, folder / "handbook-2025", symlinks=True)
    for arguments in (
        ("init", "--quiet"),
        ("add", "content", "forms"),
        ("-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "--quiet", "-m", "2025"),
        ("tag", "v2025"),
    ):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    private = folder / "private"
    private.mkdir()
    (organisation,) = load(root)[0].organisations
    staff = make_staff(2, organisation.organisation.item)
    (private / "staff.csv").write_bytes(staff)
    book = openpyxl.Workbook()
    for line in io.StringIO(staff.decode()):
        book.active.append(line.strip().split(","))
    book.save(private / "staff.xlsx")
    printed = print_policy(root, "pclc")
    (private / "policy.docx").write_bytes(write_policy(printed.paper, ROOT / HOUSE))
    blank = compose_blank(printed.edition, *printed.edition.forms[0])
    for name in ("return", "leave"):
        blank = replace(blank, title=f"Form of {name}")
        (private / f"{name}.docx").write_bytes(write_blank(blank, ROOT / HOUSE))
    told = [str(private / "staff.csv"), "--org", "pclc", "--jobs", "1"]
    assert main(["packs", *told, "--out", str(private / "packs")], root) == 0
    shutil.copytree(private / "packs", private / "returns")
    back = ["collect", str(private / "returns"), "--staff", *told]
    assert main([*back, "--out", str(private / "register")], root) == 0
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of `prepared`, in whose project the commands are run."""
    copied = shutil.copytree(prepared, tmp_path / "own", symlinks=True)
    monkeypatch.chdir(copied / "project")
    yield copied


def test_the_commands_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "Run `formulary check`, or `python build.py changes\n--since STATE`; not\n"
        "`.venv/bin/python build.py x` or `formulary/x`.\n\n```sh\npython build.py  # all\n"
        "python build.py packs STAFF --out '/private/a b'\n```\n"
    )
    found = commands(path)
    assert found == [
        "check",
        "changes --since STATE",
        "",
        "packs STAFF --out '/private/a b'",
    ]
    assert words_of(found[3], "/p") == ["packs", "/p/staff.csv", "--out", "/p/a b"]


each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


@each_document
def test_the_command_line_knows_each_command_of_the_documentation(path: Path) -> None:
    unknown = []
    for command in commands(path):
        words = words_of(command, "/private")
        if words[:1] == ["COMMAND"]:
            continue
        try:
            command_line().parse_args(words)
        except SystemExit as ended:
            if ended.code:  # --help and --version end with 0
                unknown.append(command)
    assert unknown == []


@pytest.mark.slow
def test_the_commands_of_the_documentation_do_what_they_say(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All documents are followed in one project; what several of them say is done once."""
    told: dict[tuple[str, ...], str] = {}
    for path in DOCUMENTS:
        for command in commands(path):
            if not any(mark in f" {command}" for mark in ONLY_READ):
                words = tuple(words_of(command, str(folder / "private")))
                told.setdefault(words, f"{path.name}: {command}")
    failed = []
    for words in sorted(told, key=turn_of):
        code = main(list(words), folder / "project")
        said = capsys.readouterr()
        if code != 0:
            failed.append((told[words], code, said.out[-500:], said.err[-500:]))
    assert failed == []


def test_the_message_that_the_documentation_shows_is_the_one_that_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_project(tmp_path, "oak-trust")
    policy = root / "content" / "organisations" / "oak-trust" / "policy.yaml"
    start = "name: The capability procedure\n        text: |-\n          "
    replace_once(policy, start, start + "See {{ clause('apeals') }}. ")
    assert main(["check"], root) == 1
    (printed,) = (line for line in capsys.readouterr().out.splitlines() if "apeal" in line)
    shown = {
        path.name: line.strip().partition(" ")[2]
        for path in DOCUMENTS
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r" *content/.*: error ", line) and "apeal" in line
    }
    assert shown == dict.fromkeys(shown, printed.partition(" ")[2])
    assert {"README.md", "trouble.md", "publishing.md"} <= set(shown)


def test_the_correction_that_the_documentation_shows_is_the_one_that_is_printed() -> None:
    shown = (ROOT / "docs" / "trouble.md").read_text(encoding="utf-8")
    example = re.search(r"content/\S+ error yaml-syntax: [^`]+", shown)
    assert example
    said, *lines = example.group().rstrip().split("\n")
    written = [line.partition(" | ")[2] for line in lines[:3]]
    text = (
        "\n" * 37 + "sections:\n" + "\n" + "\n".join(written).replace("      - id", "      - id", 1)
    )
    _, problems = parse(f"{text}\n", Path(said.partition(":")[0]))
    assert str(problems[0]) == said
    assert [line.strip() for line in problems[0].lines.split("\n")] == [
        line.strip() for line in lines
    ]
