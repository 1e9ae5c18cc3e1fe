"""Word forms filled by LibreOffice: a form and values go in, the file it saves comes out.

Keys are field ids; values are str for text, date and drop-down controls, bool for check boxes.
A choice of several boxes has the words beside the box that is ticked, or "".
"""

import functools
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checkers import tools

Values = Mapping[str, str | bool]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
TRUE = ("1", "true", "on")
BOX = "__"
"""Between the id of a choice and the number of one of its boxes."""


def fill_with_libreoffice(docx: Path, values: Values, out: Path) -> None:
    """Fill the content controls of `docx` in headless LibreOffice and save it as .docx again.

    Text goes in with line breaks for "\\n", a date as its text, a drop-down as one of its shown
    items, a choice of several boxes as a tick in the box beside these words. Raises ToolError for
    a name without a control, and for an unknown item.

    What LibreOffice 7.4 makes of a form: it drops w:tag everywhere, and w:alias too from dates,
    drop-downs, boxes and rich text; bookmarks stay, but begin inside the control. It takes a plain-
    text control (w:text) for an input field, and when saving forgets that its hint was one, and its
    line breaks, of which only w:t next to w:t in one run is left; empty lines are gone. A rich text
    control (no w:text) keeps both.
    """
    fill_all_with_libreoffice([(docx, values, out)])


def fill_all_with_libreoffice(jobs: Sequence[tuple[Path, Values, Path]]) -> None:
    """`fill_with_libreoffice` for many files (docx, values, out), with one start of the program."""
    if not jobs:
        return
    soffice = tools.program("soffice", "apt-get install libreoffice-writer-nogui")
    order = {
        "soffice": soffice,
        "jobs": [
            {"docx": str(docx.resolve()), "values": dict(values), "out": str(out.resolve())}
            for docx, values, out in jobs
        ],
    }
    script = tools.HERE / "libreoffice_fill.py"
    tools.run([_python_with_uno(soffice), script], stdin=json.dumps(order))


def edit_with_libreoffice(jobs: Sequence[tuple[Path, bool, Sequence[Sequence[str]], Path]]) -> None:
    """Edit Word documents (file, whether to track changes, edits, out), with one start.

    An edit is its kind, the words that it is about, and new words: see libreoffice_edit.py.
    """
    soffice = tools.program("soffice", "apt-get install libreoffice-writer-nogui")
    order = {
        "soffice": soffice,
        "jobs": [
            {
                "docx": str(file.resolve()),
                "record": record,
                "edits": edits,
                "out": str(out.resolve()),
            }
            for file, record, edits, out in jobs
        ],
    }
    script = tools.HERE / "libreoffice_edit.py"
    tools.run([_python_with_uno(soffice), script], stdin=json.dumps(order))


KINDS = {"docx": "docx:MS Word 2007 XML", "doc": "doc:MS Word 97", "odt": "odt:writer8"}
"""LibreOffice's names for kinds of files, by their ending."""


def resave_with_libreoffice(files: Sequence[Path], folder: Path, ending: str = "docx") -> None:
    """Open each file in headless LibreOffice and save it into `folder` under its own name."""
    soffice = tools.program("soffice", "apt-get install libreoffice-writer-nogui")
    with tempfile.TemporaryDirectory() as profile:
        user = f"-env:UserInstallation={Path(profile).as_uri()}"
        order = ["--convert-to", KINDS[ending], "--outdir", str(folder)]
        tools.run([soffice, user, "--headless", *order, *map(str, files)])


def read_word_fields(docx: Path) -> dict[str, str | bool]:
    """Every control's value by its field id, line ends as "\\n", one never filled in as "".

    A plain walk over word/document.xml with lxml; it asks nothing of the project's code. A control
    is known by its w:tag; where that is gone, by the shortest bookmark around it or begun in it.
    A bookmark around no control is a field too. w:br, w:cr, the end of a paragraph, and w:t right
    after w:t (see `fill_with_libreoffice`) count as "\\n", w:tab as a tab. A hint is left out where
    w:showingPlcHdr says that it is one. Bookmarks whose names begin with "_" are Word's own.
    Boxes of one name are a choice: w:tag counts them, as in outcome__2, or one bookmark is around
    them all. Raises ValueError where two other controls have one name, or two boxes are ticked.
    """
    etree = tools.python_module("lxml.etree", "pip install lxml")
    with zipfile.ZipFile(docx) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    bookmarks = list(_bookmarks(root))
    controls: dict[str, list[Any]] = {}
    for control in root.iter(f"{W}sdt"):
        name = (_tag(control) or _bookmark_of(control, bookmarks)).partition(BOX)[0]
        if name:
            controls.setdefault(name, []).append(control)
    found = {name: _value_of_all(name, alike) for name, alike in controls.items()}
    for bookmark in bookmarks:
        if bookmark.name not in found and not any(
            part.tag == f"{W}sdt" for part in bookmark.inside
        ):
            found[bookmark.name] = _text(bookmark.inside)
    return found


@dataclass(frozen=True)
class _Bookmark:
    """`inside` holds the elements that begin between the bookmark's ends, in document order."""

    name: str
    start: Any
    inside: list[Any]


def _bookmark_of(control: Any, bookmarks: Sequence[_Bookmark]) -> str:
    """The name of the shortest bookmark around the control, or begun in it (LibreOffice); or ""."""
    if control.find(f".//{W}sdt") is not None:
        return ""  # LibreOffice puts a second, empty-handed control around some in table cells
    near = (
        one
        for one in bookmarks
        if control in one.inside or control in one.start.iterancestors(f"{W}sdt")
    )
    nearest = min(near, key=lambda one: len(one.inside), default=None)
    return "" if nearest is None else nearest.name


def _tag(control: Any) -> str:
    tag = control.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else str(tag.get(f"{W}val", ""))


def _value_of_all(name: str, controls: Sequence[Any]) -> str | bool:
    tags = [_tag(control) for control in controls]
    if len(controls) == 1 and BOX not in tags[0]:
        return _value(controls[0])
    boxes = [control for control in controls if control.find(f"{W}sdtPr/{W14}checkbox") is not None]
    named = [tag for tag in tags if tag]
    if len(boxes) < len(controls) or len(set(named)) < len(named):
        raise ValueError(f"two controls are called {name}")
    ticked = [_words_after(box) for box in boxes if _value(box)]
    if len(ticked) > 1:
        raise ValueError(f"{name} has two ticks: {ticked}")
    return "".join(ticked)


def _words_after(box: Any) -> str:
    """What is written between a box and the next one, or the end of its line."""
    words: list[str] = []
    for part in box.itersiblings():
        if part.tag == f"{W}sdt" or part.find(f"{W}br") is not None:
            break
        words.extend(text.text or "" for text in part.iter(f"{W}t"))
    return " ".join("".join(words).split())


def _value(control: Any) -> str | bool:
    facts = control.find(f"{W}sdtPr")
    box = facts.find(f"{W14}checkbox")
    if box is not None:
        checked = box.find(f"{W14}checked")
        return checked is not None and checked.get(f"{W14}val", "1") in TRUE
    hint = facts.find(f"{W}showingPlcHdr")
    if hint is not None and hint.get(f"{W}val", "1") in TRUE:
        return ""
    return _text(control.find(f"{W}sdtContent").iter())


def _bookmarks(root: Any) -> Iterator[_Bookmark]:
    open_: dict[str, _Bookmark] = {}
    for part in root.iter(f"{W}*"):
        number = part.get(f"{W}id")
        if part.tag == f"{W}bookmarkStart":
            name = str(part.get(f"{W}name"))
            if not name.startswith("_"):
                open_[number] = _Bookmark(name, part, [])
        elif part.tag == f"{W}bookmarkEnd":
            if number in open_:
                yield open_.pop(number)
        else:
            for bookmark in open_.values():
                bookmark.inside.append(part)


def _text(parts: Any) -> str:
    """What the runs among the elements say; each new paragraph but the first begins a line."""
    words: list[str] = []
    paragraphs = 0
    for part in parts:
        if part.tag == f"{W}t":
            before = part.getprevious()
            lost = before is not None and before.tag == f"{W}t"
            words.append(("\n" if lost else "") + (part.text or ""))
        elif part.tag in (f"{W}br", f"{W}cr"):
            words.append("\n")
        elif part.tag == f"{W}tab" and part.getparent().tag == f"{W}r":
            words.append("\t")
        elif part.tag == f"{W}p":
            words.append("\n" if paragraphs or words else "")
            paragraphs += 1
    return "".join(words)


@functools.cache
def _python_with_uno(soffice: str) -> str:
    """A Python that can `import uno`: the system's, or the one that LibreOffice brings."""
    own = Path(soffice).resolve().parent / "python"
    for candidate in ("/usr/bin/python3", str(own), shutil.which("python3")):
        if candidate and Path(candidate).exists():
            tried = subprocess.run(
                [candidate, "-c", "import uno"], capture_output=True, check=False
            )
            if tried.returncode == 0:
                return candidate
    return tools.missing("Python's uno", "apt-get install python3-uno")
