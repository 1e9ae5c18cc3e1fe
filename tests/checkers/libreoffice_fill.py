"""Fills Word forms in headless LibreOffice: run by a Python that has `uno`, not by the test's own.

Standard input: {"soffice": path, "jobs": [{"docx": path, "out": path, "values": {name: value}}]}.
LibreOffice 7.4 shows plain-text controls as input fields and gives no control's tag away; so a
control is found by its tag where there is one (7.5 on), or by the bookmark around it. Of the boxes
of a choice (tags such as outcome__2, or one bookmark around them all) the one beside the words that
are its value is ticked.
"""

import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 90
uno: Any = importlib.import_module("uno")


def main() -> None:
    """Do every job with one start of LibreOffice."""
    order = json.load(sys.stdin)
    with open_office(order["soffice"]) as desktop:
        for job in order["jobs"]:
            _fill(desktop, Path(job["docx"]), Path(job["out"]), job["values"])


@contextmanager
def open_office(soffice: str) -> Iterator[Any]:
    with tempfile.TemporaryDirectory(prefix="formulary-office-") as profile:
        address = f"pipe,name={Path(profile).name.replace('-', '')};urp"
        command = [
            soffice,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault", f"--accept={address};"),
        ]
        quiet = subprocess.DEVNULL
        office = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
        try:
            desktop = _desktop(f"uno:{address};StarOffice.ComponentContext")
            yield desktop
            desktop.terminate()
            office.wait(30)
        finally:
            if office.poll() is None:
                office.kill()
                office.wait()


def _desktop(address: str) -> Any:
    local = uno.getComponentContext()
    name = "com.sun.star.bridge.UnoUrlResolver"
    resolver = local.ServiceManager.createInstanceWithContext(name, local)
    late = time.monotonic() + START_SECONDS
    while True:
        try:
            context = resolver.resolve(address)
            break
        except Exception:
            if time.monotonic() > late:
                raise
            time.sleep(0.05)
    name = "com.sun.star.frame.Desktop"
    return context.ServiceManager.createInstanceWithContext(name, context)


def _fill(desktop: Any, docx: Path, out: Path, values: dict[str, str | bool]) -> None:
    hidden = make_property("Hidden", True)
    document = desktop.loadComponentFromURL(docx.as_uri(), "_blank", 0, (hidden,))
    try:
        controls = _find(document, values)
        unknown = sorted(values.keys() - controls.keys())
        if unknown:
            raise SystemExit(f"no control {unknown} in {docx}")
        for name, value in values.items():
            if isinstance(value, str) and _get(controls[name][0][0], "Checkbox"):
                _tick(name, controls[name], value)
            else:
                _set(name, controls[name][-1][0], value)
        document.TextFields.refresh()
        document.storeToURL(out.as_uri(), (make_property("FilterName", "MS Word 2007 XML"),))
    finally:
        document.close(True)


def _find(document: Any, names: Iterable[str]) -> dict[str, list[tuple[Any, list[str]]]]:
    """The controls of each field with what is written after them.

    Each object that LibreOffice hands over costs milliseconds. So only what is inside the fields'
    bookmarks is looked at, and the whole text where a name has no bookmark around its control.
    """
    found = {}
    for name in names:
        if document.Bookmarks.hasByName(name):
            around = document.Bookmarks.getByName(name).Anchor
            found[name] = _by_name(_each(around)).get(name, [])
    return found if all(map(found.get, names)) else _by_name(_paragraphs(document.Text))


def _by_name(paragraphs: Iterable[Any]) -> dict[str, list[tuple[Any, list[str]]]]:
    controls: dict[str, list[tuple[Any, list[str]]]] = {}
    for name, control, words in _controls(paragraphs):
        controls.setdefault(name.partition("__")[0], []).append((control, words))
    return controls


def _controls(paragraphs: Iterable[Any]) -> Iterator[tuple[str, Any, list[str]]]:
    """Each control under its field's name with what is written after it."""
    for paragraph in paragraphs:
        around: list[str] = []
        found: list[tuple[str, Any, list[str]]] = []
        for portion in _each(paragraph):
            kind = portion.TextPortionType
            if kind == "Bookmark" and portion.IsStart:
                around.append(portion.Bookmark.Name)
            elif kind == "Bookmark" and portion.Bookmark.Name in around:
                around.remove(portion.Bookmark.Name)
            elif kind == "ContentControl":
                control = portion.ContentControl
                tag = _get(control, "Tag") or (around[-1] if around else _get(control, "Alias"))
                found.append((tag, control, []))
            elif kind == "TextField" and around and _is_input(portion.TextField):
                found.append((around[-1], portion.TextField, []))
            elif found:
                found[-1][2].append(portion.String)
        yield from (one for one in found if one[0])


def _paragraphs(text: Any) -> Iterator[Any]:
    """Those of the text and of the cells of its tables."""
    for part in _each(text):
        if part.supportsService("com.sun.star.text.TextTable"):
            for cell in part.CellNames:
                yield from _paragraphs(part.getCellByName(cell))
        else:
            yield part


def _tick(name: str, boxes: list[tuple[Any, list[str]]], value: str) -> None:
    shown = [" ".join("".join(words).partition("\n")[0].split()) for _, words in boxes]
    if value and value not in shown:
        raise SystemExit(f"{name} has no box {value!r}, only {shown}")
    for (box, _), words in zip(boxes, shown, strict=True):
        _set(name, box, words == value)


def _set(name: str, control: Any, value: str | bool) -> None:
    if control.supportsService("com.sun.star.text.TextField.Input"):
        control.Content = value
        return
    if _get(control, "Checkbox"):
        control.Checked = value
        _write(control, control.CheckedState if value else control.UncheckedState)
        return
    items = [_item(item) for item in _get(control, "ListItems") or ()]
    if items and value not in items:
        raise SystemExit(f"{name} has no item {value!r}, only {items}")
    control.ShowingPlaceHolder = False
    _write(control, value)


def _write(control: Any, text: str | bool) -> None:
    """Put the text in the place of all that the control holds.

    The old text is emptied first: `setString` adds in front of it, and text set through a cursor
    over the whole control lands outside.
    """
    held = control.getAnchor()
    held.Text.createTextCursorByRange(held).setString("")
    control.setString(text)


def _item(item: Any) -> str:
    facts = {part.Name: part.Value for part in item}
    return str(facts.get("DisplayText") or facts.get("Value", ""))


def _is_input(field: Any) -> bool:
    return bool(field.supportsService("com.sun.star.text.TextField.Input"))


def _get(control: Any, name: str) -> Any:
    known = control.PropertySetInfo.hasPropertyByName(name)
    return control.getPropertyValue(name) if known else None


def _each(container: Any) -> Iterator[Any]:
    parts = container.createEnumeration()
    while parts.hasMoreElements():
        yield parts.nextElement()


def make_property(name: str, value: Any) -> Any:
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


if __name__ == "__main__":
    main()
