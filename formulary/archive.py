"""Zip archives whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterable

FAT, UNIX = 0, 3
"""The systems that an entry can say it was made on (APPNOTE.TXT 4.4.2.2)."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that an entry can carry (APPNOTE.TXT 4.4.6): it means no time at all."""


def zip_files(
    files: Iterable[tuple[str, bytes]], *, system: int = FAT, stored: Collection[str] = ()
) -> bytes:
    """Pack files, each a name and its bytes, in the order given; those named in `stored` as is."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        for name, data in files:
            add_file(package, name, data, system=system, stored=name in stored)
    return archive.getvalue()


def add_file(
    package: zipfile.ZipFile,
    name: str,
    data: bytes,
    *,
    system: int = FAT,
    mode: int = 0o600,
    stored: bool = False,
) -> None:
    """Add a file to an open archive, deflated unless `stored`.

    `mode` is what the file is on Unix: its permissions, and above them its type.
    """
    entry = zipfile.ZipInfo(name, FIRST_DAY)
    entry.create_system = system  # zipfile would take the one that it runs on
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    package.writestr(entry, data)
