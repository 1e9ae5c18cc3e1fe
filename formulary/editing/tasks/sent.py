"""Read what a form of a page has sent: its values and its files, as `multipart/form-data`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import HeaderParser
from pathlib import PureWindowsPath


@dataclass(frozen=True)
class SentFile:
    """A file that was chosen: its name, without folders, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class SentForm:
    """The values of each field in order, and the files of each field of files."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[SentFile, ...]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The first value of a field without blanks around it; empty where it has none."""
        return next(iter(self.values.get(name, ())), "").strip()


def read_sent_form(kind: str, body: bytes) -> SentForm:
    """The form that a body holds; `kind` is its Content-Type (RFC 7578). Raises ValueError."""
    boundary = HeaderParser().parsestr(f"Content-Type: {kind}").get_boundary()
    if not boundary:
        raise ValueError("no boundary")
    opening, *parts, closing = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if opening or not closing.startswith(b"--"):
        raise ValueError("not a whole form")
    values: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[SentFile, ...]] = {}
    for part in parts:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = HeaderParser().parsestr(head.decode("utf-8"))
        name = str(headers.get_param("name", "", "Content-Disposition"))
        file = headers.get_param("filename", None, "Content-Disposition")
        if file is None:
            values[name] = (*values.get(name, ()), data.decode("utf-8"))
        elif file or data:  # a field of files that was left empty sends one without a name
            # some browsers send the folders too
            sent = SentFile(PureWindowsPath(str(file)).name.strip(". ") or "file", data)
            files[name] = (*files.get(name, ()), sent)
    return SentForm(values, files)
