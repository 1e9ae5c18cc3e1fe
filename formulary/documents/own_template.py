"""Check an organisation's own document for a form against the questions of the form.

This is what is the same in Word and PDF: where the document is, the entries of the form's
`own-templates`, and how what does not fit is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from formulary.content.source import Document
from formulary.documents.blank import Blank
from formulary.problems import (
    OWN_TEMPLATE,
    OWN_TEMPLATE_LOOSE,
    ContentError,
    Place,
    Problem,
    errors_in,
    in_order,
)


def find_document(blank: Blank, house: Path, ending: str) -> Path | None:
    """The organisation's own document beside the folder `house`; None where there is none."""
    path = house.parent / f"{blank.id}.{ending}"
    return path if path.is_file() else None


def shown_path(document: Path) -> Path:
    """The document's path as messages name it, from the project's folder."""
    return Path(document.parent.name) / document.name


def refuse_errors(problems: Iterable[Problem]) -> None:
    """Raise ContentError where there are errors among the problems of a document."""
    found = tuple(problems)
    if errors_in(found):
        raise ContentError(in_order(found))


class TemplateCheck:
    """Collects what does not fit between a document and the questions of a blank.

    `file` is the document's path in the project; `form`, the form's YAML, gives the lines of its
    map, of which this is the part of one `format`.
    """

    def __init__(
        self, blank: Blank, file: Path, form: Document | None, format: Literal["word", "pdf"]
    ) -> None:
        self.blank, self.file, self.form, self.format = blank, file, form, format
        self.questions = {question.id: question for question in blank.questions()}
        self.entries: Mapping[str, str] = getattr(blank.own, format)
        self.problems: list[Problem] = []

    def report(self, message: str, fix: str, *, loose: bool = False) -> None:
        """Report a fault of the document; one that is `loose` keeps no form from being made."""
        kind = OWN_TEMPLATE_LOOSE if loose else OWN_TEMPLATE
        place = Place(self.file)
        self.problems.append(Problem(kind, place, message, fix, where=self.blank.title))

    def check_entries(self, names: Collection[str], what: str) -> None:
        """Report faults of the map's entries; `names` are those that the document has."""
        for name, id in self.entries.items():
            key = (self.format, name)
            if name not in names:
                message = f"{self.file.as_posix()} has no {what} “{name}”"
                self.report_entry(key, message, name, names)
            if id not in self.questions:
                message = f"“{name}” is joined to “{id}”, which the form does not ask"
                self.report_entry(key, message, id, self.questions)

    def report_entry(
        self, key: tuple[str, ...], message: str, name: str, known: Iterable[str]
    ) -> None:
        """Report a fault of an entry, whose `name` was perhaps meant to be one of those `known`."""
        place = Place(Path("forms") / f"{self.blank.id}.yaml")
        if self.form:
            place = self.form.place(("own-templates", *key), key=True)
        near = get_close_matches(name, known, 1)
        fix = f"Did you mean “{near[0]}”?" if near else "Correct the entry, or delete it."
        self.problems.append(Problem(OWN_TEMPLATE, place, message, fix, where=self.blank.title))


def quote_all(texts: Iterable[str]) -> str:
    """The texts as a list in a message, each between quotation marks."""
    return ", ".join(f"“{text}”" for text in texts)
