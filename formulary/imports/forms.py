"""A Word form, read and written as `forms/<form>.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from formulary.content.form import Form
from formulary.content.loading import validate
from formulary.content.source import parse
from formulary.imports.account import WordAccount, count_all
from formulary.imports.blocks import OmittedWords
from formulary.imports.form_labels import ENDS_SO, ROOM, FieldDraft, FormDraft, listed
from formulary.imports.form_reader import read_form
from formulary.imports.ids import Ids, slug
from formulary.imports.prose import escape
from formulary.imports.vocabulary import vocabulary
from formulary.imports.word_reader import read_word_document
from formulary.imports.yaml_text import block, scalar
from formulary.problems import Problem

IMPORTED = "# Imported from a Word document."
"""What the file of each imported form says of itself."""
_MOST_WORDS = 150
"""A form has a place to answer in for each so many words; a policy has hardly any."""
_ANSWERED = 3
"""So many places with an answer make a form one that is filled in."""


@dataclass(frozen=True)
class ListedQuestion:
    """A question as the report shows it."""

    section: str
    label: str
    kind: str
    options: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class ImportedForm:
    """A form that was imported. `form` is None where what was written does not validate."""

    id: str
    title: str
    source: str
    text: str
    form: Form | None
    problems: tuple[Problem, ...]
    listing: tuple[ListedQuestion, ...]
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
    for section, one in listed(draft):
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
    listing = tuple(
        ListedQuestion(section, one.label, one.kind, one.options, one.why)
        for section, one in listed(draft)
    )
    return ImportedForm(
        id, draft.title, document.name, text, file.item if file and not (found or faults) else None,
        (*found, *faults), listing, tuple(document.left_out), account, draft.values >= _ANSWERED,
        document.own_form != "policy"
        and account.total <= _MOST_WORDS * sum(one.why not in (ENDS_SO, ROOM) for one in listing),
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
        lines = [
            "# yaml-language-server: $schema=../content/schema/form.json",
            f"{IMPORTED} import-report.html lists its questions.",
            "# Say below what the form is for, who fills it in, and when.",
            f"id: {self.id}",
            f"title: {scalar(title)}",
            f"purpose: {scalar(f'The form “{title}”.')}",
            "filled-by: Write here who fills it in",
            "when: Write here when it is filled in",
            "header: own",
            "",
            "sections:",
        ]
        for number, section in enumerate(self.draft.sections, start=1):
            heading = section.title or (self.draft.title if number == 1 else f"Part {number}")
            lines.append(f"  - id: {self.names.take(heading, f'part_{number}', 4)}")
            lines.append(f"    title: {scalar(escape(heading)[:390])}")
            if section.intro:
                lines += block("intro", "\n\n".join(escape(words) for words in section.intro), 4)
            if section.fields:
                lines.append("    fields:")
                for one in section.fields:
                    lines += self.field(one, 6, self.names.take(one.label, "question", 4))
            if section.table:
                name = Ids("_", 12)
                name.taken = self.names.taken
                lines += [
                    "    table:",
                    f"      id: {name.take(heading, 'rows', 2)}",
                    f"      row: {scalar(escape(section.table.row))}",
                ]
                if isinstance(section.table.rows, int):
                    lines.append(f"      rows: {section.table.rows}")
                else:
                    lines.append("      rows:")
                    lines += [f"        - {scalar(escape(row))}" for row in section.table.rows]
                lines.append("      columns:")
                columns = Ids("_", 20)
                for one in section.table.columns:
                    lines += self.field(one, 8, columns.take(one.label, "column", 3))
            lines.append("")
        if not self.draft.sections:
            lines += ["  - id: part_1", f"    title: {scalar(title)}", ""]
        return "\n".join(lines).rstrip() + "\n"

    def field(self, one: FieldDraft, indent: int, id: str) -> list[str]:
        room = " " * (indent + 2)
        label = one.label or "Question"
        lines = [f"{' ' * indent}- id: {id}", f"{room}label: {scalar(escape(label)[:390])}"]
        lines.append(f"{room}type: {one.kind}")
        if one.is_required:
            lines.append(f"{room}required: true")
        if one.hint:
            lines.append(f"{room}hint: {scalar(escape(one.hint)[:390])}")
        if one.kind == "choice":
            lines.append(f"{room}options:")
            lines += [f"{room}  - {scalar(escape(option)[:390])}" for option in one.options]
        if one.kind == "multiline":
            lines.append(f"{room}lines: {max(one.lines, 2)}")
        if indent == 6 and one.kind == "text":
            for value, pattern in vocabulary()["prefill"].items():
                if value not in self.prefilled and re.fullmatch(pattern, one.label, re.IGNORECASE):
                    self.prefilled.add(value)
                    lines.append(f"{room}from: {value}")
                    break
        return lines
