"""A Word form, read and written as `forms/<form>.yaml`."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from formulary.content.form import Form
from formulary.content.loading import validate
from formulary.content.source import parse
from formulary.imports.account import WordAccount, count_all
from formulary.imports.blocks import OmittedWords
from formulary.imports.form_labels import (
    ENDS_SO,
    ROOM,
    FieldDraft,
    FormDraft,
    FormSectionDraft,
    listed,
)
from formulary.imports.form_reader import read_form
from formulary.imports.ids import Ids, slug
from formulary.imports.prose import escape
from formulary.imports.vocabulary import vocabulary
from formulary.imports.word_reader import read_word_document
from formulary.imports.yaml_text import yaml_entries, yaml_lines
from formulary.problems import Problem

IMPORTED = "# Imported from a Word document."
"""What the file of each imported form says of itself."""
_MOST_WORDS = 150
"""A form has a place to answer in for each so many words; a policy has hardly any."""
_ANSWERED = 3
"""So many places with an answer make a form one that is filled in."""


@dataclass(frozen=True)
class ImportedForm:
    """A form that was imported. `form` is None where what was written does not validate."""

    id: str
    title: str
    source: str
    text: str
    form: Form | None
    problems: tuple[Problem, ...]
    listing: tuple[tuple[str, FieldDraft], ...]
    """Every question with the title of its part."""
    left_out: tuple[OmittedWords, ...]
    words: WordAccount
    is_filled: bool
    is_form: bool
    """Whether it has places to answer in, and not only text, as a policy has."""

    @property
    def questions(self) -> int:
        return len(self.listing)


def import_form(data: bytes, name: str, taken: set[str]) -> ImportedForm:
    """Read a Word form. `taken` are ids of forms that are there, and gets that of this one.

    Raises CannotRead where the file is no Word document that can be read.
    """
    document = read_word_document(data, name)
    draft = read_form(document)
    ids = Ids(longest=50)
    ids.taken = taken
    id = ids.reserve(slug(draft.title, 6) or slug(PurePath(name).stem, 6) or "form")
    text = _FormWriter(draft, id).write()
    listing = tuple(listed(draft))
    for section, one in listing:
        if one.kind == "yes-no" and one.options:
            why = "Formulary prints them for every question of this kind."
            document.leave("options", " ".join(one.options), section, why)
        if one.dropped:
            why = "Formulary prints it where a question is required, or asks for a date."
            document.leave("words of a label", one.dropped, section, why)
    parsed, found = parse(text, Path(f"{id}.yaml"))
    file, faults = validate(Form, parsed)
    account = count_all(document, _without_our_words(parsed.data), {})
    if account.missing:
        words = " ".join(sorted(account.missing.elements()))
        document.leave("other words", words, "", "They were not placed.")
    asked = sum(one.why not in (ENDS_SO, ROOM) for _, one in listing)
    return ImportedForm(
        id, draft.title, document.name, text, file.item if file and not (found or faults) else None,
        (*found, *faults), listing, tuple(document.left_out), account, draft.values >= _ANSWERED,
        document.own_form != "policy" and account.total <= _MOST_WORDS * asked,
    )  # fmt: skip


_OURS = {"purpose", "filled-by", "when", "type", "from", "header", "marks", "pack"}


def _without_our_words(data: object) -> object:
    """The values of a form that are words of the document."""
    if isinstance(data, dict):
        return {key: _without_our_words(value) for key, value in data.items() if key not in _OURS}
    if isinstance(data, list | tuple):
        return [_without_our_words(value) for value in data]
    if isinstance(data, str):  # the number of a question is a word of the form, and no mark of ours
        return re.sub(r"^(\d{1,9})\\?[.)](?=\s)", r"\1", data)
    return data


class _FormWriter:
    def __init__(self, draft: FormDraft, id: str) -> None:
        self.draft, self.id = draft, id
        self.names = Ids("_", 30)
        self.prefilled: set[str] = set()

    def write(self) -> str:
        title = escape(" ".join(self.draft.title.split()))[:390]
        data = {
            "id": self.id,
            "title": title,
            "purpose": f"The form “{title}”.",
            "filled-by": "Write here who fills it in",
            "when": "Write here when it is filled in",
            "header": "own",
        }
        lines = [
            "# yaml-language-server: $schema=../content/schema/form.json",
            f"{IMPORTED} import-report.html lists its questions.",
            "# Say below what the form is for, who fills it in, and when.",
            *yaml_lines(data),
            "",
            "sections:",
        ]
        sections = list(map(self.section, self.draft.sections, itertools.count(1)))
        for section in sections or [{"id": "part_1", "title": title}]:
            lines += [*yaml_entries([section], 2), ""]
        return "\n".join(lines[:-1]) + "\n"

    def section(self, section: FormSectionDraft, number: int) -> dict[str, Any]:
        heading = section.title or (self.draft.title if number == 1 else f"Part {number}")
        data: dict[str, Any] = {
            "id": self.names.take(heading, f"part_{number}", 4),
            "title": escape(heading)[:390],
            "intro": "\n\n".join(map(escape, section.intro)),
            "fields": [
                self.field(one, self.names.take(one.label, "question", 4), fills=True)
                for one in section.fields
            ],
        }
        if table := section.table:
            name, columns = Ids("_", 12), Ids("_", 20)
            name.taken = self.names.taken
            data["table"] = {
                "id": name.take(heading, "rows", 2),
                "row": escape(table.row),
                "rows": table.rows
                if isinstance(table.rows, int)
                else list(map(escape, table.rows)),
                "columns": [
                    self.field(one, columns.take(one.label, "column", 3)) for one in table.columns
                ],
            }
        return data

    def field(self, one: FieldDraft, id: str, *, fills: bool = False) -> dict[str, Any]:
        """A question; `fills` says that the staff list may fill it in."""
        data: dict[str, Any] = {
            "id": id,
            "label": escape(one.label or "Question")[:390],
            "type": one.kind,
            "required": one.is_required or None,
            "hint": escape(one.hint)[:390],
        }
        if one.kind == "choice":
            data["options"] = [escape(option)[:390] for option in one.options]
        if one.kind == "multiline":
            data["lines"] = max(one.lines, 2)
        if fills and one.kind == "text":
            for value, pattern in vocabulary()["prefill"].items():
                if value not in self.prefilled and re.fullmatch(pattern, one.label, re.IGNORECASE):
                    self.prefilled.add(value)
                    data["from"] = value
                    break
        return data
