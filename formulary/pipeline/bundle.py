"""Pack the published site into a zip that works from a USB stick.

The zip holds the site in the folder `handbook/`, a short text to read first, and the checksums of
all of it, in the form that `sha256sum -c` reads. The same site gives the same bytes.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from formulary import publish
from formulary.archive import UNIX, add_file
from formulary.problems import OutputError, UsageError
from formulary.project import COMMAND
from formulary.system_errors import describe_system_error

FOLDER = "handbook"
READ_ME = "Read me first.txt"
CHECKSUMS = "SHA256SUMS"
LONGEST = 200
"""Characters. Windows opens paths of up to 260, which leaves 60 for where the zip is unpacked."""
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\..*)?")
"""Names that Windows keeps for devices, whatever their ending (Naming Files, Paths, Namespaces)."""
REFUSED = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]|[ .]$')
"""Signs that a name must not hold in Windows, nor end with."""


@dataclass(frozen=True)
class Bundle:
    """What was written: the zip, how many files of the site it holds, and sizes in bytes."""

    path: Path
    files: int
    unpacked: int
    packed: int


def bundle(root: Path, out: Path) -> Bundle:
    """Pack `root/site` into the zip `out`, which is replaced only once it is whole.

    Raises OutputError where there is no site, where a name would not work in Windows, or where a
    file cannot be read or written; UsageError where `out` is no zip or lies inside the site.
    """
    site = root / "site"
    if not (site / "index.html").is_file():
        raise OutputError(f"There is no site/index.html to pack. Run: {COMMAND} bundle --build")
    if out.suffix.lower() != ".zip" or out.is_dir():
        raise UsageError(f"{out} is not the name of a zip file. Write one such as handbook.zip.")
    if out.resolve().is_relative_to(site.resolve()):
        raise UsageError(f"{out} lies inside site/, which is packed. Write it somewhere else.")
    names = [path.relative_to(site).as_posix() for path in _files(site)]
    if faults := [*unsafe_names(names)]:
        raise OutputError("The site cannot be packed: " + "; ".join(faults))
    return _write(site, names, out)


def unsafe_names(names: Sequence[str]) -> Iterator[str]:
    """What is wrong with the site's paths for people with Windows, a sentence each."""
    folded: dict[str, str] = {}
    for name in names:
        if len(f"{FOLDER}/{name}") > LONGEST:
            yield f"the path {name} has more than {LONGEST} characters: shorten an id"
        for part in PurePosixPath(name).parts:
            if RESERVED.fullmatch(part) or REFUSED.search(part):
                yield f"Windows cannot keep the name “{part}” ({name}): choose another id"
        for above in (PurePosixPath(name), *PurePosixPath(name).parents):
            path = above.as_posix()
            if folded.setdefault(path.casefold(), path) != path:
                other = folded[path.casefold()]
                yield f"{path} and {other} are one name in Windows: choose another id"
                break


def _files(site: Path) -> Iterator[Path]:
    """The files of the site, by name; raises OutputError where one is a link to elsewhere."""
    for path in sorted(site.rglob("*"), key=lambda path: path.relative_to(site).as_posix()):
        if path.is_symlink():
            raise OutputError(f"{path} is a link to another place. Put the file itself there.")
        if path.is_file():
            yield path


def _write(site: Path, names: Sequence[str], out: Path) -> Bundle:
    made = out.with_name(f"{out.name}.part")
    sums: dict[str, str] = {}
    unpacked = 0
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
            for name in names:
                data = (site / name).read_bytes()
                unpacked += len(data)
                _add(package, sums, f"{FOLDER}/{name}", data)
            _add(package, sums, READ_ME, _read_me(site).encode())
            lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
            _add(package, sums, CHECKSUMS, lines.encode())
        size = made.stat().st_size
        made.replace(out)
    except OSError as error:
        raise OutputError(describe_system_error(error)) from error
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
    return Bundle(out, len(names), unpacked, size)


def _add(package: zipfile.ZipFile, sums: dict[str, str], name: str, data: bytes) -> None:
    add_file(package, name, data, system=UNIX, mode=0o100644)
    sums[name] = publish.checksum(data)


def _read_me(site: Path) -> str:
    """The text to read first, with the line ends that every Windows editor shows."""
    listed = "\n".join(f"  {name}, {edition}" for name, edition in _editions(site).items())
    return READ_ME_TEXT.format(listed=listed, folder=FOLDER, checksums=CHECKSUMS).replace(
        "\n", "\r\n"
    )


def _editions(site: Path) -> Mapping[str, str]:
    """The id of each organisation in the site, and its edition, as the site's own list has them."""
    try:
        listed = json.loads((site / "manifest.json").read_text(encoding="utf-8"))["downloads"]
        return {str(entry["organisation"]): str(entry["edition"]) for entry in listed}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"site/manifest.json is missing or damaged. Run: {COMMAND} bundle --build"
        ) from error


READ_ME_TEXT = """\
Performance management handbook
===============================

This folder holds the handbook, with the policy and the forms to fill in:

{listed}

To read it

1. Unpack the whole zip first: in Windows, right-click it and choose
   "Extract All". Links do not work inside a zip that is not unpacked.
2. Open the folder "{folder}" and double-click "index.html" (it may be
   shown as "index"). It opens in your web browser.

Nothing is installed, and no network is needed. It also works from a USB
stick or a shared drive.

To check that nothing has changed on the way

The file "{checksums}" holds a checksum of every file. In a terminal, in
this folder:

  Linux       sha256sum --check --quiet {checksums}
  macOS       shasum -a 256 --check --quiet {checksums}
  Windows     certutil -hashfile "{folder}\\index.html" SHA256
              and compare with the line of that file in {checksums}

The first two print nothing when all is well.
"""
