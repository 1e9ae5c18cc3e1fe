"""Read the parts of a Word file from outside, within limits on their number, size and depth."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lxml import etree

from formulary.formats.word.ooxml import WORD
from formulary.problems import RETURN_DAMAGED, RETURN_LOCKED, RETURN_NOT_OURS, RETURN_TOO_BIG
from formulary.returns.submission import CannotRead

MOST_BYTES = 50_000_000
"""Unpacked, of the parts that are read. The largest form has less than a hundredth of it."""

MOST_PARTS = 2_000

STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The namespace of files saved as “Strict Open XML” (ISO/IEC 29500-1, Annex A)."""

_MAIN = ("word/document.xml", "word/document2.xml")
_EDGES = ("word/header", "word/footer")
_DRAWN = (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".emf", ".wmf")


@dataclass(frozen=True)
class Parts:
    """What a reader needs of a Word file: its main part, by its name, properties, styles, unread.

    `file` is the whole file; the headers and footers are taken from it only where they are asked
    for. `edges` are their checksums by name, as the package has them.
    """

    file: bytes
    name: str
    main: bytes
    custom: bytes
    styles: bytes
    has_pictures: bool
    edges: Mapping[str, int]


def parts_of(data: bytes) -> Parts:
    """The parts of a Word file. Raises CannotRead where it is none, or is larger than any form."""
    with _open(data) as package:
        names = {entry.filename for entry in package.infolist()}
        main = next((name for name in _MAIN if name in names), None)
        if main is None:
            raise CannotRead(RETURN_NOT_OURS, "The file is not a Word document")
        left = _Allowance(package)
        return Parts(
            data,
            main,
            left.read(main),
            left.read("docProps/custom.xml") if "docProps/custom.xml" in names else b"",
            left.read("word/styles.xml") if "word/styles.xml" in names else b"",
            any(n.startswith("word/media/") and n.lower().endswith(_DRAWN) for n in names),
            {
                entry.filename: entry.CRC
                for entry in package.infolist()
                if entry.filename.startswith(_EDGES) and entry.filename.endswith(".xml")
            },
        )


def read_parts(data: bytes, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The parts of a Word file whose name is wanted, by name.

    Raises CannotRead where it is no package, or larger than any document should be.
    """
    with _open(data) as package:
        left = _Allowance(package)
        names = sorted({entry.filename for entry in package.infolist()})
        return {name: left.read(name) for name in names if wanted(name)}


def read_trees(data: bytes, names: Iterable[str]) -> tuple[Any, ...]:
    """The trees of those of these parts that a Word file has.

    Raises CannotRead as `read_parts` and `tree_of` do.
    """
    parts = read_parts(data, frozenset(names).__contains__)
    return tuple(tree_of(name, part) for name, part in parts.items())


def tree_of(name: str, part: bytes) -> Any:
    """A part as a tree. Raises CannotRead where it is no XML, or defines entities."""
    try:
        root = etree.fromstring(part.replace(STRICT, WORD.encode()), _PARSER)
    except etree.XMLSyntaxError as error:
        raise CannotRead(RETURN_DAMAGED, f"The part {name} of the file is broken") from error
    if root.getroottree().docinfo.doctype:
        raise CannotRead(RETURN_DAMAGED, f"The part {name} defines entities, as no form does")
    return root


_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    collect_ids=False,  # a form has none, and to look for them takes time
    remove_comments=True,
    remove_pis=True,  # inside words they would part them
)


@contextmanager
def _open(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The package, with what can be wrong with it, or with its parts, as a CannotRead."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if len(package.infolist()) > MOST_PARTS:
                count = len(package.infolist())
                raise CannotRead(RETURN_TOO_BIG, f"The file has {count:,} parts")
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError) as error:
        raise CannotRead(RETURN_DAMAGED, "The file is cut off or broken") from error
    except (NotImplementedError, ValueError, KeyError) as error:
        if isinstance(error, CannotRead):
            raise
        raise CannotRead(RETURN_DAMAGED, "The file is packed in a way that no form is") from error
    except RuntimeError as error:
        raise CannotRead(RETURN_LOCKED, "The file is locked with a password") from error


class _Allowance:
    """Reads parts, as long as all of them together stay below the limit."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.left = MOST_BYTES

    def read(self, name: str) -> bytes:
        with self.package.open(name) as part:
            data = part.read(self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise CannotRead(RETURN_TOO_BIG, "Unpacked, the file is larger than 50 MB")
        return data
