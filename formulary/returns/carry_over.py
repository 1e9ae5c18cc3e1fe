"""Take first values for this year's form from last year's return.

The form itself says what goes where (`from: previous.<id>`, and `carries` of its tables). Whatever
has answers and no place is named, so that a person can put it in by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from formulary.content.form import PREVIOUS, Carried, Form, FormField, FormTable, fields_of
from formulary.documents.blank import DATE_FORMAT, Blank, Question
from formulary.edition.days import read_day
from formulary.edition.edition import Edition
from formulary.returns.submission import Answer, Submission
from formulary.words import count_of

GONE = "this year’s form does not ask it"
_NONE = Answer("blank")


@dataclass(frozen=True)
class NotCarried:
    """Something of last year's form that has no place in this year's: what, its words, and why."""

    what: str
    words: str
    why: str


@dataclass
class CarriedValues:
    """What one form takes over: values by question id, and what it could not take.

    `stays` names every other answer, which this year's form does not want: the signature, the
    rating, a need that is met.
    """

    values: dict[str, str] = field(default_factory=dict)
    left: list[NotCarried] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)


def has_carry_over(form: Form) -> bool:
    """Whether the form takes anything over from last year's."""
    fields = (found for section in form.sections for found in fields_of(section))
    return any((found.prefill or "").startswith(PREVIOUS) for found in fields)


def rename_answers(last: Submission, blank: Blank) -> Submission:
    """A return with its answers under the ids that this year's questions have (`was`)."""
    answers = dict(last.answers)
    for question in blank.questions():
        former = next((id for id in question.was if id in answers), None)
        if question.id not in answers and former:
            answers[question.id] = answers.pop(former)
    return replace(last, answers=answers)


def carry_over(
    edition: Edition, form: Form, blank: Blank, last: Submission, last_blank: Blank
) -> CarriedValues:
    """What this year's copy of a form begins with, from last year's return of the same person.

    `form` is one of `edition.forms`, and `last` a return of `last_blank`. A choice is taken where
    this year's form has it; whether a text fits its field is for each format to say
    (`fill.Prepared.misfits`).
    """
    names = question_names(last_blank)
    for question in blank.questions():
        former = next((id for id in question.was if id in names), None)
        if former and question.id not in names:
            names[question.id] = names[former]
    return _CarryOver(edition, form, blank, rename_answers(last, blank), names).take_all()


def question_names(blank: Blank) -> dict[str, str]:
    """What each question that people answer is called, whatever its row: “Objective: Outcome”.

    What a pack fills in from the staff list is left out.
    """
    asked = [q for q in blank.questions() if not q.prefill or q.prefill.startswith(PREVIOUS)]
    names = {question.id: question.title for question in asked}
    for part in blank.parts:
        for row in part.grid.rows if part.grid else ():
            for question in row.questions:
                if part.grid and question.id in names:
                    column = question.title.removeprefix(row.title)
                    names[question.id] = f"{part.grid.row}{column}"
    return names


_Row = Mapping[str, str]
"""A row of last year's form: ids of answers by the ids that the columns have now."""


class _CarryOver:
    def __init__(
        self, edition: Edition, form: Form, blank: Blank, last: Submission, names: Mapping[str, str]
    ) -> None:
        self.sections, self.last, self.names = form.sections, last, names
        added = {id: Answer("answered", words) for id, words in last.unknown.items()}
        self.answers = {**added, **last.answers}
        self.seen: set[str] = set()
        """The answers of last year's form that are taken, or named with their words."""
        self.questions = {question.id: question for question in blank.questions()}
        # last year's form may have had the parts that are left out this year
        self.known = (*edition.library_forms[form.id].sections, *form.sections)
        self.fields = {one.id: one for section in self.known for one in section.fields}
        self.tables = {one.table.id: one.table for one in self.known if one.table}
        self.labels = {one.id: one.label for part in self.sections for one in fields_of(part)}
        self.result = CarriedValues()

    def take_all(self) -> CarriedValues:
        for section in self.sections:
            for one in section.fields:
                if source := _source(one):
                    self.take(one.id, self.label(self.fields[source]), source)
            if section.table and section.table.carries:
                self.take_table(section.table, section.table.carries)
        self.leave_unknown()
        self.result.stays += [
            self.names[id]
            for id, answer in self.answers.items()
            if id in self.names and id not in self.seen and _answer_text(answer)
        ]
        return self.result

    def take_table(self, target: FormTable, carries: Carried) -> None:
        """Put the rows that are wanted into a table, from its first row on."""
        source = self.tables[carries.table]
        rows = self.rows(source)
        labels = {column.id: self.label(column) for column in source.columns}
        if carries.beside:
            beside = self.tables[carries.beside]
            further = dict(self.rows(beside))
            rows = [(number, {**further.get(number, {}), **row}) for number, row in rows]
            labels |= {column.id: self.label(column) for column in beside.columns}
        columns = {one.id: found for one in target.columns if (found := _source(one))}
        places = [
            {id: f"{target.id}_{place}_{id}" for id in columns}
            for place in range(1, 100)
            if any(f"{target.id}_{place}_{id}" in self.questions for id in columns)
        ]
        wanted = [
            (number, row)
            for number, row in rows
            if any(self.words(row.get(column.id)) for column in source.columns)
            and (not carries.only_if or any(self.words(row.get(id)) for id in carries.only_if))
            and not any(self.words(row.get(id)) for id in carries.unless)
        ]
        for ids, (number, row) in zip(places, wanted, strict=False):
            for id, found in columns.items():
                what = f"{source.row} {number}: {labels[found]}"
                self.take(ids[id], what, row.get(found, ""))
        for number, row in wanted[len(places) :]:
            words = "; ".join(said for id in columns.values() if (said := self.words(row.get(id))))
            self.seen |= {row[id] for id in columns.values() if id in row}
            why = f"“{self.title(target)}” has {count_of(len(places), 'row')}"
            self.result.left.append(NotCarried(f"{source.row} {number}", words, why))

    def title(self, table: FormTable) -> str:
        return next(
            part.title for part in self.sections if part.table and part.table.id == table.id
        )

    def label(self, column: FormField) -> str:
        return self.labels.get(column.id, column.label)

    def words(self, id: str | None) -> str:
        """The words of an answer of last year's form; empty for none."""
        return _answer_text(self.answers.get(id or ""))

    def rows(self, table: FormTable) -> list[tuple[int, _Row]]:
        """The rows of a table that came back, also those that this year's table no longer has."""
        pattern = _cells(table)
        names = {name: one.id for one in table.columns for name in (*reversed(one.was), one.id)}
        rows: dict[int, dict[str, str]] = {}
        for id in self.answers:
            if found := pattern.fullmatch(id):
                row = rows.setdefault(int(found[1]), {})
                if not self.words(row.get(names[found[2]])):
                    row[names[found[2]]] = id
        return sorted(rows.items())

    def leave_unknown(self) -> None:
        """Name answers to what the form does not know by any name: most likely a renamed field."""
        known = {name for section in self.known for one in section.fields for name in _names(one)}
        cells = [_cells(section.table) for section in self.known if section.table]
        for id, answer in self.answers.items():
            asked = id in known or any(pattern.fullmatch(id) for pattern in cells)
            if _answer_text(answer) and not asked and id not in self.seen:
                why = f"{GONE}; if it was renamed, say so under “was:”"
                if id in self.last.unknown:
                    why = "it is in a place that last year’s form does not have"
                what = self.names.get(id, id)
                self.seen.add(id)
                self.result.left.append(NotCarried(what, _answer_text(answer), why))

    def take(self, id: str, what: str, source: str) -> None:
        """Put the answer `source` into a question of this year's form, or say why not."""
        question, answer = self.questions.get(id), self.answers.get(source, _NONE)
        if question is None:
            return
        self.seen.add(source)
        value = answer.value.strip() or answer.beside.strip()
        if answer.state == "lost" and not value:
            why = "its field is gone from the file that came back"
            self.result.left.append(NotCarried(what, "", why))
        elif value:
            if answer.value.strip() and answer.beside.strip():
                why = "it is typed beside the answer, which was carried"
                self.result.left.append(NotCarried(what, answer.beside.strip(), why))
            fitting, why = _fit(question, value)
            if why:
                self.result.left.append(NotCarried(what, value, why))
            else:
                self.result.values[id] = fitting


def _source(one: FormField) -> str:
    """The id of last year's answer that a field takes; empty for none."""
    prefill = one.prefill or ""
    return prefill.removeprefix(PREVIOUS) if prefill.startswith(PREVIOUS) else ""


def _answer_text(answer: Answer | None) -> str:
    return (answer.value.strip() or answer.beside.strip()) if answer else ""


def _fit(question: Question, value: str) -> tuple[str, str]:
    """The value as the question takes it, or why it cannot."""
    if question.kind == "choice":
        options = {option.casefold(): option for option in question.options}
        found = options.get(value.casefold(), "")
        return found, "" if found else f"it is none of the choices of “{question.title}”"
    if question.kind == "date":
        day = read_day(value).date
        return (day.strftime("%d/%m/%Y"), "") if day else ("", f"it is not a date ({DATE_FORMAT})")
    if question.kind == "checkbox":
        return ("yes", "") if value == "yes" else ("", "the field is a box to tick")
    return value, ""


def _ids(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, names))


def _cells(table: FormTable) -> re.Pattern[str]:
    """What the id of an answer of a table is like, under any of its names."""
    columns = _ids(name for one in table.columns for name in (one.id, *one.was))
    return re.compile(rf"(?:{_ids((table.id, *table.was))})_(\d+)_({columns})")


def _names(one: FormField) -> Sequence[str]:
    names = (one.id, *one.was)
    return (*names, *(f"{name}_date" for name in names)) if one.type == "signature" else names
