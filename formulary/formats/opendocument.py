"""OpenDocument texts beside the Word files: Word files come in, .odt files go out, by LibreOffice.

LibreOffice is asked once for all files that it has not turned before; what it wrote is freed of
times and chance, so that one Word file always gives the same .odt on one machine.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from formulary.archive import zip_files
from formulary.problems import OutputError

Element = Any
"""An lxml element; lxml ships no types."""

ENDING = "odt"
FORMAT = "OpenDocument"

_ELSEWHERE = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
"""Where LibreOffice stands on a Mac and on Windows, which do not put it on the path."""

_PATIENCE = 60.0
"""Seconds without a new file after which LibreOffice is taken to hang: to start it needs about 3,
for a file 0.3, and now and then it stops at its start for good."""

_TRIES = 2

_LOOK = 0.5
"""Seconds between two looks at how far it is."""

_MIMETYPE = "mimetype"
_LEFT_OUT = ("Thumbnails/", "Configurations2/")
"""A picture of the first page, and folders for toolbars: nothing of the document."""

_META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
_CONFIG = "urn:oasis:names:tc:opendocument:xmlns:config:1.0"
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_CHANCE = ("Rsid", "RsidRoot", "PrinterName", "PrinterSetup")
"""Settings that LibreOffice draws by lot or takes from the machine."""


def office() -> str | None:
    """The LibreOffice program of this machine, or None."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _ELSEWHERE if Path(place).is_file()), None)


def open_documents(
    words: Mapping[str, bytes],
    program: str,
    cache: Path,
    made: Callable[[str], None] = lambda name: None,
    patience: float = _PATIENCE,
) -> dict[str, bytes]:
    """The OpenDocument text of each Word file, by the same name; what could not be made is absent.

    `cache` is a folder that keeps what was made, by the Word file's SHA-256 and the version of
    LibreOffice. `made` is told each name as it is done. After `patience` seconds without a new file
    LibreOffice is stopped, and tried once more. Raises OutputError where it cannot be run at all.
    """
    with tempfile.TemporaryDirectory(prefix="open-document-") as folder:
        work = Path(folder)
        version = _version(_start(program, work / "profile"))
        keys = {name: _key(data, version) for name, data in words.items()}
        told: set[str] = set()

        def tell(done: Iterable[str]) -> None:
            for name, key in keys.items():
                if key in done and name not in told:
                    told.add(name)
                    made(name)

        for number in range(_TRIES):
            lacking = {
                key: words[name] for name, key in keys.items() if not (cache / _file(key)).is_file()
            }
            tell(set(keys.values()) - set(lacking))
            if not lacking:
                break
            out = work / str(number)
            # a profile of its own: one that was stopped may be left locked
            _convert(_start(program, work / f"profile-{number}"), lacking, out, patience, tell)
            _keep(out, lacking, cache)
    found = {name: cache / _file(key) for name, key in keys.items()}
    return {name: place.read_bytes() for name, place in found.items() if place.is_file()}


def _start(program: str, profile: Path) -> list[str]:
    return [program, f"-env:UserInstallation={profile.as_uri()}", "--headless"]


def _version(start: list[str]) -> str:
    """What LibreOffice calls itself, such as “LibreOffice 7.4.7.2 40(Build:2)”."""
    try:
        said = subprocess.run(
            [*start, "--version"], capture_output=True, timeout=_PATIENCE, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise OutputError(f"LibreOffice could not be started ({start[0]})") from error
    return said.decode(errors="replace").strip()


def _key(data: bytes, version: str) -> str:
    return hashlib.sha256(hashlib.sha256(data).digest() + version.encode()).hexdigest()


def _file(key: str) -> str:
    return f"{key}.{ENDING}"


def _convert(
    start: list[str],
    words: Mapping[str, bytes],
    out: Path,
    patience: float,
    tell: Callable[[Iterable[str]], None],
) -> None:
    """Turn every file, its key being its name, into `out`; stops LibreOffice when it hangs."""
    out.mkdir()
    for key, data in words.items():
        (out / f"{key}.docx").write_bytes(data)
    options = ["--norestore", "--convert-to", ENDING, "--outdir", str(out)]
    files = [str(out / f"{key}.docx") for key in words]
    with subprocess.Popen(
        [*start, *options, *files],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            done: set[str] = set()
            waited = 0.0
            while waited < patience:
                try:
                    process.wait(min(_LOOK, patience))
                    break
                except subprocess.TimeoutExpired:
                    before, done = done, {key for key in words if (out / _file(key)).is_file()}
                    waited = 0.0 if done > before else waited + _LOOK
                    tell(done)
        finally:
            _stop(process)
    tell({key for key in words if (out / _file(key)).is_file()})


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with the processes that it started, if it still runs."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _keep(out: Path, words: Iterable[str], cache: Path) -> None:
    """Put what was made into the cache; what is broken off is left out."""
    cache.mkdir(parents=True, exist_ok=True)
    for key in words:
        try:
            data = settled((out / _file(key)).read_bytes())
        except (OSError, zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
            continue
        beside = cache / f"{key}.part"
        beside.write_bytes(data)
        beside.replace(cache / _file(key))


def settled(document: bytes) -> bytes:
    """An .odt without times and chance: parts in a fixed order, ids counted (ODF 1.3 part 2, 3.3).

    Its custom properties, which carry the stamp, stay. Raises BadZipFile, KeyError or
    XMLSyntaxError where it is not an OpenDocument text.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as source:
        names = {name for name in source.namelist() if not name.startswith(_LEFT_OUT)}
        parts = {name: source.read(name) for name in (_MIMETYPE, *sorted(names - {_MIMETYPE}))}
    for name, mend in _MENDED.items():
        if name in parts:
            parts[name] = _rewritten(parts[name], mend)
    # the type of the file can be read without unpacking (ODF 1.3 part 2, 3.3)
    return zip_files(parts.items(), stored=[_MIMETYPE])


def _rewritten(data: bytes, mend: Callable[[Element], None]) -> bytes:
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    mend(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _mend_meta(root: Element) -> None:
    """The time of the last change is that of the edition; no count that depends on a layout."""
    made = root.findtext(f".//{{{_META}}}creation-date")
    for node in root.iter(f"{{{_DUBLIN_CORE}}}date"):
        node.text = made
    for node in root.iter(f"{{{_META}}}generator"):
        node.text = (node.text or "").partition("$")[0]
    for name in ("document-statistic", "editing-duration"):
        _drop(root.iter(f"{{{_META}}}{name}"))


def _mend_settings(root: Element) -> None:
    items = root.iter(f"{{{_CONFIG}}}config-item")
    _drop(item for item in items if item.get(f"{{{_CONFIG}}}name") in _CHANCE)


def _mend_manifest(root: Element) -> None:
    entries = root.iter(f"{{{_MANIFEST}}}file-entry")
    path = f"{{{_MANIFEST}}}full-path"
    _drop(entry for entry in entries if entry.get(path).startswith(_LEFT_OUT))


def _mend_ids(root: Element) -> None:
    """Lists are numbered in their order; LibreOffice draws their ids by lot."""
    ids = [node.get(_XML_ID) for node in root.iter() if node.get(_XML_ID)]
    counted = {id: f"id{place}" for place, id in enumerate(dict.fromkeys(ids), start=1)}
    names = (_XML_ID, f"{{{_TEXT}}}continue-list", f"{{{_TEXT}}}id")
    for node in root.iter(etree.Element):
        for name in names:
            if node.get(name) in counted:
                node.set(name, counted[node.get(name)])


def _drop(nodes: Iterable[Element]) -> None:
    for node in list(nodes):
        node.getparent().remove(node)


_MENDED: dict[str, Callable[[Element], None]] = {
    "meta.xml": _mend_meta,
    "settings.xml": _mend_settings,
    "META-INF/manifest.xml": _mend_manifest,
    "content.xml": _mend_ids,
    "styles.xml": _mend_ids,
}
