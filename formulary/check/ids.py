"""Find ids that are given twice, and entries that say nothing.

Checked are the files of one organisation and the library: every id, the words of every clause, and
every entry of guidance that neither library nor organisation completes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from formulary import problems
from formulary.check.context import (
    CheckContext,
    find_repeats,
    locate_footnotes,
    locate_ids,
    locate_sections,
    problem,
)
from formulary.content.guidance import Checklist, Diagram, StaffQuestion, Topic, complete_entry
from formulary.content.loading import Content, File
from formulary.content.policy import Clause, clauses_in
from formulary.content.source import Document, Loc
from formulary.problems import Problem

PARTS = {"topics": "points", "checklists": "entries", "questions": ""}
"""The kinds of guidance, and what each is a list of."""


def id_problems(context: CheckContext) -> Iterator[Problem]:
    """Ids that must be unique inside their list or file, and entries that say nothing."""
    yield from _check_organisation(context)
    yield from _check_policy(context)
    cycles = context.own.cycles
    yield from find_repeats(cycles.document, locate_ids(cycles.item.cycles, ("cycles",)), "cycle")
    for i, cycle in enumerate(cycles.item.cycles):
        events = locate_ids(cycle.events, ("cycles", i, "events"))
        yield from find_repeats(cycles.document, events, "event")
    own, library = context.own, context.content
    yield from _check_guidance(own.guidance, library.guidance, "topics")
    yield from _check_guidance(own.questions, library.questions, "questions")
    yield from _check_guidance(own.checklists, library.checklists, "checklists")
    if own.guidance:
        yield from _check_diagrams(own.guidance.document, own.guidance.item.diagrams)


def library_problems(content: Content) -> Iterator[Problem]:
    """Ids of the library's own lists, and entries of it that are not complete."""
    if content.standards:
        document = content.standards.document
        sets = content.standards.item.sets
        yield from find_repeats(document, locate_ids(sets, ("sets",)), "set")
        for i, standards in enumerate(sets):
            ids: list[tuple[str, Loc]] = []
            for j, part in enumerate(standards.parts):
                loc: Loc = ("sets", i, "parts", j)
                ids.append((part.id, (*loc, "id")))
                ids.extend(locate_ids(part.standards, (*loc, "standards")))
            yield from find_repeats(document, ids, "part or standard")
    yield from _check_guidance(content.guidance, None, "topics")
    yield from _check_guidance(content.questions, None, "questions")
    yield from _check_guidance(content.checklists, None, "checklists")


def _check_organisation(context: CheckContext) -> Iterator[Problem]:
    file, folder = context.own.organisation, context.own.folder.name
    organisation = file.item
    if organisation.id != folder:
        message = f"The id “{organisation.id}” is not the folder's name, “{folder}”"
        fix = "Make both the same."
        yield problem(problems.BAD_VALUE, file.document, ("id",), message, fix)
    lists = {
        "staff group": (organisation.groups, "groups"),
        "panel": (organisation.panels, "panels"),
        "role": (organisation.roles, "roles"),
        "document": (organisation.related, "related"),
    }
    for what, (items, key) in lists.items():
        yield from find_repeats(file.document, locate_ids(items, (key,)), what)
    offered: list[tuple[str, Loc]] = [
        (offer.form, ("forms", i, "form")) for i, offer in enumerate(organisation.forms)
    ]
    yield from find_repeats(file.document, offered, "form")


def _check_policy(context: CheckContext) -> Iterator[Problem]:
    file = context.own.policy
    ids: list[tuple[str, Loc]] = []
    for loc, section in locate_sections(file.item):
        ids.append((section.id, (*loc, "id")))
        for inner, clause, _ in clauses_in(section):
            at = (*loc, *inner)
            ids.append((clause.id, (*at, "id")))
            points = [(point.id, (*at, *there, "id")) for there, point in clause.all_points()]
            yield from find_repeats(file.document, points, "point")
            yield from _check_bodies(file.document, at, clause, whole=context.content.whole)
    notes = [(note.id, loc) for loc, note in locate_footnotes(file.item)]
    yield from find_repeats(file.document, notes, "footnote")
    yield from find_repeats(file.document, ids, "section or clause")
    yield from find_repeats(file.document, locate_ids(file.item.notes, ("notes",)), "note")


def _check_bodies(document: Document, at: Loc, clause: Clause, *, whole: bool) -> Iterator[Problem]:
    """A clause that prints nothing, and a row of a table that has not a cell for each column.

    Where the content is not `whole`, its text is perhaps what could not be read.
    """
    if whole and clause.is_empty and not clause.title:
        message = f"The clause “{clause.id}” says nothing"
        yield problem(problems.MISSING_KEY, document, at, message, "Add its text.")
    for inner, body in clause.bodies():
        for i, row in enumerate(body.table.rows if body.table else ()):
            wanted = len(body.table.columns) if body.table else 0
            if len(row) != wanted:
                message = f"The row has {len(row)} cells, and the table has {wanted} columns"
                fix = 'Write one cell for each column; an empty one is "".'
                where = (*at, *inner, "table", "rows", i)
                yield problem(problems.BAD_VALUE, document, where, message, fix)


def _check_guidance(
    file: File[Any] | None, library: File[Any] | None, kind: str
) -> Iterator[Problem]:
    """The ids of one kind of guidance, and what an entry lacks once the library has had its say."""
    if file is None:
        return
    entries = getattr(file.item, kind)
    shared = {entry.id: entry for entry in getattr(library.item, kind)} if library else {}
    yield from find_repeats(file.document, locate_ids(entries, (kind,)), kind.removesuffix("s"))
    for i, entry in enumerate(entries):
        parts = PARTS[kind]
        if parts:
            inner = locate_ids(getattr(entry, parts), (kind, i, parts))
            yield from find_repeats(file.document, inner, "point" if kind == "topics" else "entry")
        whole = complete_entry(entry, shared)
        lacking = [key for key, given in _required_values(whole).items() if not given]
        if lacking:
            where = "" if whole is not entry or not library else ", and the library has none"
            message = f"“{entry.id}” has no {' and no '.join(lacking)}{where}"
            fix = "Add what is missing, or correct the id to one of the library's."
            yield problem(problems.MISSING_KEY, file.document, (kind, i, "id"), message, fix)


def _required_values(entry: Topic | StaffQuestion | Checklist) -> dict[str, object]:
    """What a complete entry gives, by the name of the key."""
    if isinstance(entry, Topic):
        said = entry.text or entry.points
        return {"title": entry.title, "summary": entry.summary, "text or points": said}
    if isinstance(entry, StaffQuestion):
        return {"asks": entry.asks, "answer": entry.answer}
    return {
        "title": entry.title,
        "when": entry.when,
        "who": entry.who,
        "entries": entry.entries,
    }


def _check_diagrams(document: Document, diagrams: tuple[Diagram, ...]) -> Iterator[Problem]:
    yield from find_repeats(document, locate_ids(diagrams, ("diagrams",)), "diagram")
    for i, diagram in enumerate(diagrams):
        at: Loc = ("diagrams", i)
        boxes = list(locate_ids(diagram.steps, (*at, "steps")))
        for j, lane in enumerate(diagram.lanes):
            boxes.append((lane.id, (*at, "lanes", j, "id")))
            boxes.extend(locate_ids(lane.boxes, (*at, "lanes", j, "boxes")))
        yield from find_repeats(document, boxes, "lane or box")
        wanted, other = ("steps", "lanes") if diagram.kind == "circle" else ("lanes", "steps")
        if not getattr(diagram, wanted):
            message = f"The diagram “{diagram.id}” has no {wanted}"
            yield problem(problems.MISSING_KEY, document, at, message, f"Add “{wanted}:”.")
        if getattr(diagram, other):
            message = f"A diagram of the kind {diagram.kind} has no {other}"
            fix = f"Delete “{other}:”, or change the kind."
            yield problem(problems.BAD_VALUE, document, (*at, other), message, fix)
