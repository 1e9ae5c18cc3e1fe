"""Zip archives that are the same to the byte whenever and wherever they are made."""

from __future__ import annotations

import io
import zipfile

from formulary.archive import UNIX, add_file, zip_files

FILES = {"b.txt": b"b" * 1000, "ż/a.txt": b"a", "mimetype": b"text/plain"}


def test_files_are_packed_in_their_order_and_come_back_as_they_were() -> None:
    data = zip_files(FILES.items(), stored=["mimetype"])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {name: package.read(name) for name in package.namelist()} == FILES
        assert package.namelist() == list(FILES)
        stored = [info.filename for info in package.infolist() if not info.compress_type]
    assert stored == ["mimetype"]


def test_neither_the_clock_nor_the_system_is_in_an_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_files(FILES.items()))) as package:
        for info in package.infolist():
            assert (info.date_time, info.create_system) == ((1980, 1, 1, 0, 0, 0), 0)
            assert info.external_attr == 0o600 << 16


def test_a_file_for_unix_has_its_permissions() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        add_file(package, "a", b"", system=UNIX, mode=0o100644)
    with zipfile.ZipFile(archive) as package:
        (info,) = package.infolist()
    assert (info.create_system, info.external_attr >> 16) == (UNIX, 0o100644)
