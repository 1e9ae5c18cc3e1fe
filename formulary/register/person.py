"""Everything held on one person, for their request to see it (UK GDPR, article 15).

It becomes the files of an archive: an index to read and print, the same as data, and a note for
the officer who answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from formulary.returns.returned_file import ReturnedFile

INDEX, DATA, NOTE = "index.html", "data.json", "for-the-officer.txt"

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=lambda name: bool(name) and str(name).endswith(".html.j2"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class GivenAnswer:
    """An answer as it is read: the question, the words, and what to know of it."""

    question: str
    words: str
    note: str = ""


@dataclass(frozen=True)
class FoundForm:
    """A form of theirs that came back.

    `why` says how it is known to be theirs, and `sure` whether nobody has to look; `standing` says
    whether it counts; `blank` is how many questions have no answer; `original` is the file in the
    archive, and empty where it is not there.
    """

    title: str
    organisation: str
    record: ReturnedFile
    why: str
    sure: bool
    standing: str
    answers: tuple[GivenAnswer, ...]
    blank: int
    original: str = ""


@dataclass(frozen=True)
class RegisterRows:
    """Rows of a register that are about them."""

    register: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class FoundPackFile:
    """A file that was made for them; `inside` is where it lies in the archive, if it does."""

    form: str
    edition: str
    format: str
    file: str
    inside: str = ""


@dataclass(frozen=True)
class PersonFile:
    """Everything that was found on one person.

    `made` is the day of the search in words, `folders` where it was made. `unread` are files that
    could not be read and may be theirs, each with why; `other_unread` is how many more there are.
    `named_by` is in how many other people's forms they are named as the reviewer.
    """

    id: str
    names: tuple[str, ...]
    made: str
    folders: tuple[str, ...]
    forms: tuple[FoundForm, ...]
    packs: tuple[FoundPackFile, ...]
    registers: tuple[RegisterRows, ...]
    unread: tuple[tuple[str, str], ...]
    other_unread: int
    named_by: int
    kept_for: Mapping[str, str]
    """What each organisation says of how long it keeps records, by its name."""
    law: Mapping[str, str]
    """Where each fact of law is from, by its id; see law.yaml."""

    @property
    def has_anything(self) -> bool:
        return bool(self.forms or self.packs or self.registers or self.unread)


def pages_of(held: PersonFile) -> dict[str, bytes]:
    """The index, the data and the note for the officer, by file name."""
    data = {
        "id": held.id,
        "names": list(held.names),
        "forms": [form.record.as_data() for form in held.forms],
        "packs": [asdict(pack) for pack in held.packs],
        "registers": [asdict(found) for found in held.registers],
    }
    text = json.dumps(data, indent=1, ensure_ascii=False)
    return {
        INDEX: _page("person.html.j2", held),
        DATA: text.encode("utf-8", "replace"),
        NOTE: _page("officer.txt.j2", held),
    }


def _page(template: str, held: PersonFile) -> bytes:
    return _PAGES.get_template(template).render(held=held).encode("utf-8", "replace")
