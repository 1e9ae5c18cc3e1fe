"""Take a snapshot of an edition: all that can change, as one list of entries with permanent keys.

It holds the policy, its dates and numbers, what is expected at each stage, who reviews each post,
and what every form asks. Each text is there as it is printed; and as it was written, where that
differs, so that a text is not called changed when only a fact in it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from formulary.content.cycle import Cycle, Event, read_rule
from formulary.content.form import Form, FormField, FormSection, FormTable
from formulary.content.organisation import Rule
from formulary.content.policy import (
    Clause,
    ClauseBody,
    Footnote,
    Section,
    clauses_in,
    points_in,
    write_marks,
)
from formulary.content.ratings import Criterion
from formulary.content.snapshot import MARKS, EditionSnapshot, Piece, SnapshotEntry
from formulary.edition.changes import compare
from formulary.edition.edition import Edition
from formulary.edition.facts import period
from formulary.edition.filled_text import source_of
from formulary.edition.quotations import Quotation, quote_guidance
from formulary.edition.text import first_capital, plain

SHOWN = {
    "panels": "Who reviews who",
    "cycles": "Cycles",
    "ratings": "The rating levels",
    "career-stages": "What is expected at each career stage",
    "standards": "The standards",
    "related": "Related documents",
    "roles": "Who does what",
}
KINDS = {
    "text": "one line",
    "multiline": "several lines",
    "date": "a date",
    "choice": "a choice",
    "yes-no": "yes or no",
    "checkbox": "a box to tick",
    "money": "an amount of money",
    "number": "a number",
    "email": "an email address",
    "time": "a time of day",
    "rating": "a rating level",
    "stage": "a career stage",
    "signature": "a signature and its date",
}


def take_snapshot(edition: Edition, name: str = "") -> EditionSnapshot:
    """The edition as it is compared with others, and as it can be kept; `name` if not its own."""
    return EditionSnapshot(
        organisation=edition.id,
        name=name or edition.name,
        year=edition.year,
        entries=tuple(_Recorder(edition).entries()),
    )


def compare_with_last(edition: Edition, last: EditionSnapshot | None) -> Edition:
    """The edition with what changed since the last one; as it is where none is kept."""
    if last is None:
        return edition
    changes = compare(last, take_snapshot(edition), edition.policy.updates)
    return replace(edition, changes=changes)


@dataclass(frozen=True)
class _Recorder:
    """Makes the entries of one edition."""

    edition: Edition

    def entries(self) -> Iterator[SnapshotEntry]:
        yield from self.policy()
        yield from self.dates()
        yield from self.rules()
        yield from self.stages()
        yield from self.ratings()
        yield from self.standards()
        yield from self.people()
        yield from self.forms()
        yield from self.others()

    # ---- The policy ----

    def policy(self) -> Iterator[SnapshotEntry]:
        policy = self.edition.policy
        yield _entry("policy:title", "the title of the policy", _pieces(policy.title))
        yield _entry("policy:summary", "the summary of the policy", _pieces(policy.summary))
        places = {False: 0, True: 0}
        for section, appendix in policy.parts():
            places[appendix] += 1
            yield self.section(section, appendix, places[appendix])
            for place, (_, clause, _) in enumerate(clauses_in(section), start=1):
                yield self.clause(section, clause, place)

    def section(self, section: Section, appendix: bool, place: int) -> SnapshotEntry:
        number = self.edition.numbers.get(section.id, "")
        title = plain(section.title)
        name = f"appendix “{title}”" if appendix else f"section “{title}”"
        return _entry(
            f"section:{section.id}",
            f"{self.edition.label(section.id)}: {title}" if number else name,
            (*_pieces(section.text, Title=section.title), *_footnotes(section.footnotes)),
            number=number,
            home="appendices" if appendix else "sections",
            place=place,
            clauses=(section.id,),
        )

    def clause(self, section: Section, clause: Clause, place: int) -> SnapshotEntry:
        number = self.edition.numbers.get(clause.id, "")
        title = plain(clause.title) if clause.title else ""
        if number:
            name = self.edition.label(clause.id) + (f": {title}" if title else "")
        else:
            name = f"“{title}”" if title else f"“{plain(section.title)}”, paragraph {place}"
        return _entry(
            f"clause:{clause.id}",
            name,
            self.clause_pieces(clause),
            number=number,
            home=section.id,
            place=place,
            clauses=(clause.id,),
        )

    def clause_pieces(self, clause: Clause) -> Iterator[Piece]:
        if clause.title:
            yield _piece("title", clause.title, "Heading")
        yield from _pieces(clause.text)
        yield from _list_pieces(clause, "")
        if clause.diagram:
            titles = {found.id: found.title for found in self.edition.diagrams}
            yield _piece("diagram", titles[clause.diagram], "Picture")
        if clause.shows:
            yield _piece("shows", SHOWN[clause.shows], "Table")
        for quotation in quote_guidance(self.edition, clause):
            yield from _quotation_pieces(quotation)
        if clause.sample:
            title = self.edition.references.forms[clause.sample]
            yield _piece("sample", f"[{title}](form:{clause.sample})", "Sample")
        for place, body in enumerate(clause.more, start=1):
            if body.text:
                yield _piece(f"text:{place}", body.text)
            yield from _list_pieces(body, f":{place}")
        if clause.closing:
            yield _piece("closing", clause.closing)
        yield from _footnotes(clause.footnotes)

    # ---- Dates and numbers ----

    def dates(self) -> Iterator[SnapshotEntry]:
        for term in self.edition.cycles.terms:
            pieces = _pieces(Name=term.name, Runs=f"{term.starts} to {term.ends}")
            yield _entry(f"term:{term.id}", plain(term.name), pieces)
        for cycle in self.edition.cycles.cycles:
            runs = f"{cycle.starts} to {cycle.ends}"
            pieces = _pieces(Name=cycle.name, Runs=runs, Months=period(cycle))
            name = plain(cycle.name)
            yield _entry(f"cycle:{cycle.id}", f"the cycle: {name}", pieces, clauses=cycle.clauses)
            for event in cycle.events:
                who = _pieces(event.text, **{"Who acts": event.who})
                yield _entry(
                    f"event:{cycle.id}.{event.id}",
                    f"{plain(event.name)} ({name})",
                    (*_pieces(Name=event.name), self.when(cycle, event), *who),
                    clauses=event.clauses,
                    parts_of=(f"cycle:{cycle.id}",),
                )

    def when(self, cycle: Cycle, event: Event) -> Piece:
        """When it happens, without a year; written, with what the time counts from."""
        dated = next(c for c in self.edition.calendars if c.cycle.id == cycle.id)
        rule = read_rule(event.when)
        counted = {
            "relative": f"day('{cycle.id}.{rule.anchor}')",
            "term": f"term('{rule.anchor}')",
            "edge": f"period('{cycle.id}')",
        }.get(rule.kind, f"period('{cycle.id}')" if rule.side != "in" else "")
        printed = self.edition.when(dated.event(event.id), year=False)
        written = f"{event.policy_says or ''} {event.when} {{{{ {counted} }}}}".lstrip()
        return _derive_piece("when", printed, written, "When")

    def rules(self) -> Iterator[SnapshotEntry]:
        for id, rule in self.edition.organisation.rules.items():
            pieces = _pieces(Number=in_numbers(rule), Meaning=rule.states)
            name = plain(rule.states).rstrip(".")
            yield _entry(f"rule:{id}", name, pieces, clauses=tuple(filter(None, (rule.clause,))))

    # ---- What is expected ----

    def stages(self) -> Iterator[SnapshotEntry]:
        matrix = self.edition.career_stages
        if matrix is None:
            return
        behind = (matrix.clause,)
        stages = {stage.id: plain(stage.name) for stage in matrix.stages}
        for stage in matrix.stages:
            name = f"career stage {stages[stage.id]}"
            pieces = _pieces(stage.about, Name=stage.name)
            yield _entry(f"stage:{stage.id}", name, pieces, clauses=behind)
        yield from self.cells("area", "stage", matrix.areas, stages, matrix.clause, "at")
        if matrix.note:
            name = "the note under the career stages"
            yield _entry("note:career-stages", name, _pieces(matrix.note), clauses=behind)

    def ratings(self) -> Iterator[SnapshotEntry]:
        ratings = self.edition.ratings
        if ratings is None:
            return
        behind = (ratings.clause,)
        levels = {level.id: plain(level.name) for level in ratings.levels}
        for level in ratings.levels:
            number = "" if level.number is None else str(level.number)
            pieces = _pieces(Name=level.name, Number=number)
            yield _entry(
                f"level:{level.id}", f"the level {levels[level.id]}", pieces, clauses=behind
            )
        yield from self.cells("criterion", "level", ratings.criteria, levels, ratings.clause, "for")
        if least := ratings.pay_from:
            piece = _derive_piece("text", levels[least], f"{least} {{{{ level('{least}') }}}}")
            name = "the level from which pay may rise"
            yield _entry("note:pay-from", name, (piece,), clauses=behind)

    def cells(
        self,
        row: str,
        column: str,
        rows: tuple[Criterion, ...],
        columns: Mapping[str, str],
        clause: str,
        word: str,
    ) -> Iterator[SnapshotEntry]:
        """The rows of a table of judgement, and its cells; `word` leads to the column’s name."""
        for found in rows:
            name, own = plain(found.name), f"{row}:{found.id}"
            yield _entry(own, f"the row {name}", _pieces(Name=found.name), clauses=(clause,))
            for id, title in columns.items():
                yield _entry(
                    f"cell:{row}.{found.id}.{id}",
                    f"{name} {word} {title}",
                    _pieces(found.cells[id]),
                    clauses=(clause,),
                    parts_of=(own, f"{column}:{id}"),
                )

    def standards(self) -> Iterator[SnapshotEntry]:
        for chosen in self.edition.standards:
            for part in chosen.parts:
                for standard in part.standards:
                    code = f"{plain(standard.code)} " if standard.code else ""
                    yield _entry(
                        f"standard:{chosen.id}.{part.id}.{standard.id}",
                        f"the standard {code}{plain(standard.name)}",
                        _pieces(standard.text, Code=standard.code, Name=standard.name),
                    )

    # ---- People ----

    def people(self) -> Iterator[SnapshotEntry]:
        organisation = self.edition.organisation
        for group in organisation.groups:
            pieces = _pieces(Name=group.name, Who=group.who)
            yield _entry(f"group:{group.id}", f"the staff group {plain(group.name)}", pieces)
        stating = tuple(c.id for _, c in self.edition.policy.clauses() if c.shows == "panels")
        for panel in organisation.panels:
            said = {"Reviewed by": panel.reviewers, "Overseen by": panel.overseen_by}
            pieces = _pieces(Post=panel.reviewee, **said)
            name = f"the reviewers of {plain(panel.reviewee)}"
            yield _entry(f"panel:{panel.id}", name, pieces, clauses=stating)
        for role in organisation.roles:
            pieces = _pieces(role.does, Name=role.name)
            name = f"the role {plain(role.name)}"
            yield _entry(f"role:{role.id}", name, pieces, clauses=role.clauses)

    # ---- Forms ----

    def forms(self) -> Iterator[SnapshotEntry]:
        for _, form in self.edition.forms:
            said = {"Filled in by": form.filled_by, "When": form.when}
            said |= {"Instructions": form.guidance} if form.guidance else {}
            pieces = _pieces(form.purpose, Title=form.title, **said)
            yield _entry(f"form:{form.id}", f"the form {plain(form.title)}", pieces)
            for place, section in enumerate(form.sections, start=1):
                yield from self.part(form, section, place)

    def part(self, form: Form, section: FormSection, place: int) -> Iterator[SnapshotEntry]:
        title, whole = plain(form.title), f"form:{form.id}"
        part = f"part:{form.id}.{section.id}"
        yield _entry(
            part,
            f"{title}: the part {plain(section.title)}",
            _pieces(section.intro, Title=section.title, Letter=section.letter),
            home=form.id,
            place=place,
            parts_of=(whole,),
        )
        yield from self.questions(title, form.id, section.fields, section.id, (whole, part))
        if table := section.table:
            own = f"table:{form.id}.{table.id}"
            wholes = (whole, part, own)
            pieces = (*_pieces(**{"A row for each": table.row}), self.rows(table))
            yield _entry(own, f"{title}: the table {plain(table.row)}", pieces, parts_of=wholes[:2])
            yield from self.questions(title, form.id, table.columns, table.id, wholes)

    def questions(
        self, title: str, form: str, fields: Iterable[FormField], home: str, wholes: tuple[str, ...]
    ) -> Iterator[SnapshotEntry]:
        """The fields of the part of a form, or the columns of the table, with the id `home`."""
        inside = f"{form}.{home}" if len(wholes) > 2 else form
        for number, field in enumerate(fields, start=1):
            yield _entry(
                f"field:{inside}.{field.id}",
                f"{title}: {plain(field.label)}",
                self.question(field),
                home=f"{form}.{home}",
                place=number,
                parts_of=wholes,
            )

    def rows(self, table: FormTable) -> Piece:
        if table.rows == "career-stages.areas":
            return _piece("rows", "one for each professional area", "Rows")
        if table.rows == "standards":
            return _piece("rows", "one for each standard", "Rows")
        if isinstance(table.rows, tuple):
            asked, source = (
                "\n".join(f"- {_one_item(row)}" for row in rows)
                for rows in (table.rows, [source_of(row) for row in table.rows])
            )
            return _derive_piece("rows", asked, source, "Rows")
        if isinstance(table.rows, int):
            return _piece("rows", str(table.rows), "Rows")
        _, rule, value = table.rows.split(".")
        number = str(getattr(self.edition.organisation.rules[rule], value))
        return _derive_piece("rows", number, f"{{{{ rules.{rule}.{value} }}}}", "Rows")

    def question(self, field: FormField) -> Iterator[Piece]:
        lines = str(field.lines) if field.type == "multiline" else ""
        said = {"Kind of answer": KINDS[field.type], "Lines": lines, "Help": field.hint}
        needed = "yes" if field.required else ""
        yield from _pieces(Label=field.label, **said, **{"Must be filled in": needed})
        for option in field.options:
            # the id is what was written, so that another name for a fact is not another choice
            yield _piece(f"option:{source_of(option)}", option, "Choice")
        ratings, stages = self.edition.ratings, self.edition.career_stages
        if field.type == "rating" and ratings:
            levels = ", ".join(plain(level.name) for level in ratings.levels)
            yield _derive_piece("levels", levels, "{{ every('level') }}", "Choices")
        if field.type == "stage" and stages:
            names = ", ".join(plain(stage.name) for stage in stages.stages)
            yield _derive_piece("stages", names, "{{ every('stage') }}", "Choices")

    # ---- Names ----

    def others(self) -> Iterator[SnapshotEntry]:
        organisation = self.edition.organisation
        for which, name in (("name", organisation.name), ("short", organisation.short)):
            called = "the name of the organisation" if which == "name" else "its short name"
            yield _entry(f"organisation:{which}", called, _pieces(name))
        for id, word in organisation.words.items():
            yield _entry(f"word:{id}", f"the word for “{id.replace('_', ' ')}”", _pieces(word))
        for document in organisation.related:
            name = f"the related document {first_capital(plain(document.name))}"
            pieces = _pieces(document.about, Name=document.name)
            yield _entry(f"document:{document.id}", name, pieces, clauses=document.clauses)


def _entry(key: str, name: str, pieces: Iterable[Piece], **where: Any) -> SnapshotEntry:
    return SnapshotEntry(key=key, name=name, pieces=tuple(pieces), **where)


def in_numbers(rule: Rule) -> str:
    """The number of a rule in words: “4 to 8 working weeks (normally)”, “at most 3 objectives”."""
    parts = []
    if rule.exactly is not None:
        parts.append(str(rule.exactly))
    if rule.normal is not None:
        parts.append(f"normally {rule.normal}")
    if rule.min is not None and rule.max is not None:
        parts.append(f"{rule.min}" if rule.min == rule.max else f"{rule.min} to {rule.max}")
    elif rule.max is not None:
        parts.append(f"at most {rule.max}")
    elif rule.min is not None:
        parts.append(f"at least {rule.min}")
    strength = f" ({rule.strength})" if rule.strength else ""
    return f"{', '.join(parts)} {rule.unit or ''}".strip() + strength


def _list_pieces(body: ClauseBody, suffix: str) -> Iterator[Piece]:
    """The list and the table of a clause, or of a later part of it; `suffix` ends their ids."""
    if body.points:
        first = write_marks(body.marks, 1, 1) or ("bullets",)
        yield _piece(f"{MARKS}{suffix}", first[0], "The marks of the list")
    if body.start > 1 and body.points:
        for mark in write_marks(body.marks, body.start, 1):
            yield _piece(f"start{suffix}", mark.strip("()."), "The list begins at")
    for _, point in points_in(body.points):
        item, source = (f"- {_one_item(text)}" for text in (point.text, source_of(point.text)))
        yield _derive_piece(f"point:{point.id}", item, source)
    if body.table:
        table = body.table
        if table.caption:
            yield _piece(f"caption{suffix}", table.caption, "Table")
        rows = (table.columns, *table.rows)
        printed, source = (
            "\n".join((_row(first), f"|{'---|' * len(first)}", *(_row(row) for row in rest)))
            for first, *rest in (rows, [[source_of(cell) for cell in row] for row in rows])
        )
        yield _derive_piece(f"table{suffix}", printed, source)


def _row(cells: Iterable[str]) -> str:
    """A row of a table in light Markdown."""
    words = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(words)} |"


def _footnotes(found: Iterable[Footnote]) -> Iterator[Piece]:
    return (_piece(f"footnote:{note.id}", note.text, "Footnote") for note in found)


def _one_item(text: str) -> str:
    """The text of a point, its further lines indented so that they stay in its list entry."""
    return text.strip().replace("\n", "\n  ")


def _derive_piece(id: str, printed: str, source: str, label: str = "") -> Piece:
    """A piece that is made from other entries, which the expressions in `source` name.

    `snapshot.find_used_keys` reads them.
    """
    return _make_piece(id, label, str(printed), str(source) if source != printed else None)


@lru_cache(maxsize=8192)
def _make_piece(id: str, label: str, text: str, written: str | None) -> Piece:
    return Piece(id=id, label=label, text=text, written=written)


def _quotation_pieces(quotation: Quotation) -> Iterator[Piece]:
    """What a clause prints of the guidance: its heading and text, and each entry of its list."""
    at = f"prints:{quotation.id}"
    for part, words in (("heading", quotation.heading), ("text", quotation.text)):
        if words:
            yield _piece(f"{at}.{part}", words)
    for entry in quotation.entries:
        name = f"**{entry.name}.** " if entry.name else ""
        source = f"**{source_of(entry.name)}.** " if entry.name else ""
        printed = f"- {name}{_one_item(entry.text)}"
        written = f"- {source}{_one_item(source_of(entry.text))}"
        yield _derive_piece(f"{at}.{entry.id}", printed, written)


def _piece(id: str, text: str, label: str = "") -> Piece:
    return _derive_piece(id, text, source_of(text), label)


def _pieces(text: str | None = None, **labelled: str | None) -> tuple[Piece, ...]:
    """The pieces that say something: those with a label first, then the text itself."""
    named = [
        _piece(label.lower().replace(" ", "-"), words, label)
        for label, words in labelled.items()
        if words
    ]
    return (*named, *((_piece("text", text),) if text else ()))
