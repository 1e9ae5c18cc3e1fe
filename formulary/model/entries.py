"""Everything of an edition that can change, as one list of entries with permanent keys.

An edition and the content behind it come in; a `KeptEdition` goes out: the policy, its dates and
numbers, what is expected at each stage, who reviews whom, and what every form asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from formulary.model.blank import sections_of
from formulary.model.changes import compare
from formulary.model.content import Content, OrganisationContent
from formulary.model.cycle import Cycle, Event, Term, read_rule
from formulary.model.edition import Edition
from formulary.model.facts import period
from formulary.model.form import Form, FormField, FormSection, FormTable
from formulary.model.kept import Entry, KeptEdition, Piece
from formulary.model.matrix import Criterion
from formulary.model.organisation import Offer, Rule
from formulary.model.policy import Clause, Section
from formulary.model.text import first_capital, plain

SHOWN = {
    "panels": "Who reviews whom",
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
    "checkbox": "a box to tick",
    "money": "an amount of money",
    "rating": "a rating level",
    "stage": "a career stage",
    "signature": "a signature and its date",
}


def keep(
    content: Content, own: OrganisationContent, edition: Edition, name: str = ""
) -> KeptEdition:
    """The edition as it is compared with others, and as it can be kept; `name` if not its own."""
    printed = _Recorder(edition, printed=True).entries()
    written = _Recorder(_as_written(content, own, edition), printed=False).entries()
    return KeptEdition(
        organisation=edition.id,
        name=name or edition.name,
        year=edition.year,
        entries=tuple(_with_source(*pair) for pair in zip(printed, written, strict=True)),
    )


def with_changes(content: Content, own: OrganisationContent, edition: Edition) -> Edition:
    """The edition with what changed since the last one; as it is where none is kept."""
    if own.last_edition is None:
        return edition
    now = keep(content, own, edition)
    return replace(edition, changes=compare(own.last_edition, now, edition.policy.updates))


def _as_written(content: Content, own: OrganisationContent, edition: Edition) -> Edition:
    """The edition with its texts as HR wrote them, nothing filled in."""
    organisation = own.organisation.item
    sets = content.standards.item.sets if content.standards else ()
    return replace(
        edition,
        organisation=organisation,
        policy=own.policy.item,
        cycles=own.cycles.item,
        ratings=own.ratings.item if own.ratings else None,
        career_stages=own.career_stages.item if own.career_stages else None,
        standards=tuple(found for found in sets if found.id in organisation.standards),
        forms=tuple(
            (offer, content.forms[offer.form].item)
            for offer in organisation.forms
            if offer.form in content.forms
        ),
        header=content.header.item if content.header else None,
    )


def _with_source(printed: Entry, written: Entry) -> Entry:
    """The printed entry, each piece with its source where that differs."""
    pieces = tuple(
        piece
        if piece.text == source.text
        else piece.model_copy(update={"id": source.id, "written": source.text})
        for piece, source in zip(printed.pieces, written.pieces, strict=True)
    )
    return printed.model_copy(update={"pieces": pieces})


@dataclass(frozen=True)
class _Recorder:
    """Makes the entries of one edition; `printed`: as readers see it, not as it was written."""

    edition: Edition
    printed: bool

    def entries(self) -> tuple[Entry, ...]:
        return tuple(
            entry
            for part in (
                self.policy(),
                self.dates(),
                self.rules(),
                self.stages(),
                self.ratings(),
                self.standards(),
                self.people(),
                self.forms(),
                self.others(),
            )
            for entry in part
        )

    def fact(self, printed: str, expression: str) -> str:
        """A text that is made from other entries; `expression` names them (see `kept.uses`)."""
        return printed if self.printed else f"{{{{ {expression} }}}}"

    # ---- The policy ----

    def policy(self) -> Iterator[Entry]:
        policy = self.edition.policy
        yield Entry(
            key="policy:title", name="the title of the policy", pieces=_pieces(text=policy.title)
        )
        yield Entry(
            key="policy:summary",
            name="the summary of the policy",
            pieces=_pieces(text=policy.summary),
        )
        places = {False: 0, True: 0}
        for section, appendix in policy.parts():
            places[appendix] += 1
            yield self.section(section, appendix, places[appendix])
            for place, clause in enumerate(section.clauses, start=1):
                yield self.clause(section, clause, place)

    def section(self, section: Section, appendix: bool, place: int) -> Entry:
        number = self.edition.numbers.get(section.id, "")
        title = plain(section.title)
        if appendix:
            name = f"Appendix {number}: {title}" if number else f"appendix “{title}”"
        else:
            name = f"section {number}: {title}" if number else f"section “{title}”"
        return Entry(
            key=f"section:{section.id}",
            name=name,
            number=number,
            home="appendices" if appendix else "sections",
            place=place,
            clauses=(section.id,),
            pieces=(Piece(id="title", label="Title", text=section.title), *_pieces(section.text)),
        )

    def clause(self, section: Section, clause: Clause, place: int) -> Entry:
        number = self.edition.numbers.get(clause.id, "")
        title = plain(clause.title) if clause.title else ""
        if number:
            name = f"clause {number}" + (f": {title}" if title else "")
        else:
            name = f"“{title}”" if title else f"“{plain(section.title)}”, paragraph {place}"
        return Entry(
            key=f"clause:{clause.id}",
            name=name,
            number=number,
            home=section.id,
            place=place,
            clauses=(clause.id,),
            pieces=tuple(self.clause_pieces(clause)),
        )

    def clause_pieces(self, clause: Clause) -> Iterator[Piece]:
        if clause.title:
            yield Piece(id="title", label="Heading", text=clause.title)
        if clause.text:
            yield Piece(id="text", text=clause.text)
        for point in clause.points:
            yield Piece(id=f"point:{point.id}", text=f"- {_one_item(point.text)}")
        if clause.diagram:
            titles = {found.id: found.title for found in self.edition.diagrams}
            yield Piece(id="diagram", label="Picture", text=titles[clause.diagram])
        if clause.shows:
            yield Piece(id="shows", label="Table", text=SHOWN[clause.shows])
        if clause.sample:
            title = self.edition.references.forms[clause.sample]
            yield Piece(id="sample", label="Sample", text=f"[{title}](form:{clause.sample})")
        if clause.closing:
            yield Piece(id="closing", text=clause.closing)

    # ---- Dates and numbers ----

    def dates(self) -> Iterator[Entry]:
        for term in self.edition.cycles.terms:
            yield self.term(term)
        for cycle in self.edition.cycles.cycles:
            yield Entry(
                key=f"cycle:{cycle.id}",
                name=f"the cycle: {plain(cycle.name)}",
                clauses=cycle.clauses,
                pieces=_pieces(
                    Name=cycle.name, Runs=f"{cycle.starts} to {cycle.ends}", Months=period(cycle)
                ),
            )
            for event in cycle.events:
                yield Entry(
                    key=f"event:{cycle.id}.{event.id}",
                    name=f"{plain(event.name)} ({plain(cycle.name)})",
                    clauses=event.clauses,
                    parts_of=(f"cycle:{cycle.id}",),
                    pieces=_pieces(
                        event.text,
                        Name=event.name,
                        When=self.when(cycle, event),
                        **{"Who acts": event.who},
                    ),
                )

    def term(self, term: Term) -> Entry:
        return Entry(
            key=f"term:{term.id}",
            name=plain(term.name),
            pieces=_pieces(Name=term.name, Runs=f"{term.starts} to {term.ends}"),
        )

    def when(self, cycle: Cycle, event: Event) -> str:
        """When it happens, without a year; written, with what the time counts from."""
        if self.printed:
            dated = next(c for c in self.edition.calendars if c.cycle.id == cycle.id)
            return self.edition.when(dated.event(event.id), year=False)
        rule = read_rule(event.when)
        counted = {
            "relative": f"day('{cycle.id}.{rule.anchor}')",
            "term": f"term('{rule.anchor}')",
            "edge": f"period('{cycle.id}')",
        }.get(rule.kind, f"period('{cycle.id}')" if rule.side != "in" else "")
        return f"{event.when} {{{{ {counted} }}}}"

    def rules(self) -> Iterator[Entry]:
        for id, rule in self.edition.organisation.rules.items():
            yield Entry(
                key=f"rule:{id}",
                name=plain(rule.states).rstrip("."),
                clauses=(rule.clause,),
                pieces=_pieces(Number=in_numbers(rule), Meaning=rule.states),
            )

    # ---- What is expected ----

    def stages(self) -> Iterator[Entry]:
        matrix = self.edition.career_stages
        if matrix is None:
            return
        stages = {stage.id: plain(stage.name) for stage in matrix.stages}
        for stage in matrix.stages:
            yield Entry(
                key=f"stage:{stage.id}",
                name=f"career stage {plain(stage.name)}",
                clauses=(matrix.clause,),
                pieces=_pieces(stage.about, Name=stage.name),
            )
        yield from self.cells("area", "stage", matrix.areas, stages, matrix.clause, "at")
        if matrix.note:
            yield Entry(
                key="note:career-stages",
                name="the note under the career stages",
                clauses=(matrix.clause,),
                pieces=_pieces(matrix.note),
            )

    def ratings(self) -> Iterator[Entry]:
        ratings = self.edition.ratings
        if ratings is None:
            return
        levels = {level.id: plain(level.name) for level in ratings.levels}
        for level in ratings.levels:
            number = "" if level.number is None else str(level.number)
            yield Entry(
                key=f"level:{level.id}",
                name=f"the level {plain(level.name)}",
                clauses=(ratings.clause,),
                pieces=_pieces(Name=level.name, Number=number),
            )
        yield from self.cells("criterion", "level", ratings.criteria, levels, ratings.clause, "for")
        if ratings.pay_from:
            yield Entry(
                key="note:pay-from",
                name="the level from which pay may rise",
                clauses=(ratings.clause,),
                pieces=_pieces(
                    self.fact(levels[ratings.pay_from], f"level('{ratings.pay_from}')")
                    if self.printed
                    else f"{ratings.pay_from} {{{{ level('{ratings.pay_from}') }}}}"
                ),
            )

    def cells(
        self,
        row: str,
        column: str,
        rows: tuple[Criterion, ...],
        columns: Mapping[str, str],
        clause: str,
        word: str,
    ) -> Iterator[Entry]:
        """The rows of a table of judgement, and its cells; `word` leads to the column’s name."""
        for found in rows:
            name = plain(found.name)
            yield Entry(
                key=f"{row}:{found.id}",
                name=f"the row {name}",
                clauses=(clause,),
                pieces=_pieces(Name=found.name),
            )
            for id, title in columns.items():
                yield Entry(
                    key=f"cell:{row}.{found.id}.{id}",
                    name=f"{name} {word} {title}",
                    clauses=(clause,),
                    parts_of=(f"{row}:{found.id}", f"{column}:{id}"),
                    pieces=_pieces(found.cells[id]),
                )

    def standards(self) -> Iterator[Entry]:
        for chosen in self.edition.standards:
            for part in chosen.parts:
                for standard in part.standards:
                    code = f"{plain(standard.code)} " if standard.code else ""
                    yield Entry(
                        key=f"standard:{chosen.id}.{part.id}.{standard.id}",
                        name=f"the standard {code}{plain(standard.name)}",
                        pieces=_pieces(standard.text, Code=standard.code, Name=standard.name),
                    )

    # ---- People ----

    def people(self) -> Iterator[Entry]:
        organisation = self.edition.organisation
        for group in organisation.groups:
            yield Entry(
                key=f"group:{group.id}",
                name=f"the staff group {plain(group.name)}",
                pieces=_pieces(Name=group.name, Who=group.who),
            )
        stating = tuple(c.id for _, c in self.edition.policy.clauses() if c.shows == "panels")
        for panel in organisation.panels:
            yield Entry(
                key=f"panel:{panel.id}",
                name=f"the reviewers of {plain(panel.reviewee)}",
                clauses=stating,
                pieces=_pieces(
                    **{
                        "Post": panel.reviewee,
                        "Reviewed by": panel.reviewers,
                        "Overseen by": panel.overseen_by,
                    }
                ),
            )
        for role in organisation.roles:
            yield Entry(
                key=f"role:{role.id}",
                name=f"the role {plain(role.name)}",
                clauses=role.clauses,
                pieces=_pieces(role.does, Name=role.name),
            )

    # ---- Forms ----

    def forms(self) -> Iterator[Entry]:
        for offer, form in self.edition.forms:
            title = offer.title or form.title
            yield Entry(
                key=f"form:{form.id}",
                name=f"the form {plain(title)}",
                pieces=_pieces(
                    offer.purpose or form.purpose,
                    **{
                        "Title": title,
                        "Filled in by": offer.filled_by or form.filled_by,
                        "When": offer.when or form.when,
                        "Instructions": offer.guidance or form.guidance,
                    },
                ),
            )
            for place, section in enumerate(sections_of(self.edition, offer, form), start=1):
                yield from self.part(offer, form, section, place)

    def part(self, offer: Offer, form: Form, section: FormSection, place: int) -> Iterator[Entry]:
        title = plain(offer.title or form.title)
        whole = f"form:{form.id}"
        part = f"part:{form.id}.{section.id}"
        yield Entry(
            key=part,
            name=f"{title}: the part {plain(section.title)}",
            home=form.id,
            place=place,
            parts_of=(whole,),
            pieces=_pieces(section.intro, Title=section.title, Letter=section.letter),
        )
        for number, field in enumerate(section.fields, start=1):
            yield Entry(
                key=f"field:{form.id}.{field.id}",
                name=f"{title}: {plain(field.label)}",
                home=f"{form.id}.{section.id}",
                place=number,
                parts_of=(whole, part),
                pieces=tuple(self.question(field)),
            )
        if section.table:
            yield from self.table(title, section.table, (whole, part))

    def table(self, title: str, table: FormTable, wholes: tuple[str, ...]) -> Iterator[Entry]:
        form = wholes[0].partition(":")[2]
        own = f"table:{form}.{table.id}"
        yield Entry(
            key=own,
            name=f"{title}: the table {plain(table.row)}",
            parts_of=wholes,
            pieces=_pieces(**{"A row for each": table.row, "Rows": self.rows(table)}),
        )
        for number, column in enumerate(table.columns, start=1):
            yield Entry(
                key=f"field:{form}.{table.id}.{column.id}",
                name=f"{title}: {plain(column.label)}",
                home=f"{form}.{table.id}",
                place=number,
                parts_of=(*wholes, own),
                pieces=tuple(self.question(column)),
            )

    def rows(self, table: FormTable) -> str:
        if table.rows == "career-stages.areas":
            return "one for each professional area"
        if table.rows == "standards":
            return "one for each standard"
        if isinstance(table.rows, int):
            return str(table.rows)
        _, rule, value = table.rows.split(".")
        return self.fact(
            str(getattr(self.edition.organisation.rules[rule], value)), f"rules.{rule}.{value}"
        )

    def question(self, field: FormField) -> Iterator[Piece]:
        lines = str(field.lines) if field.type == "multiline" else ""
        yield from _pieces(
            **{
                "Label": field.label,
                "Kind of answer": KINDS[field.type],
                "Lines": lines,
                "Help": field.hint,
                "Must be filled in": "yes" if field.required else "",
            }
        )
        for option in field.options:
            yield Piece(id=f"option:{option}", label="Choice", text=option)
        ratings, stages = self.edition.ratings, self.edition.career_stages
        if field.type == "rating" and ratings:
            levels = ", ".join(plain(level.name) for level in ratings.levels)
            yield Piece(id="levels", label="Choices", text=self.fact(levels, "every('level')"))
        if field.type == "stage" and stages:
            names = ", ".join(plain(stage.name) for stage in stages.stages)
            yield Piece(id="stages", label="Choices", text=self.fact(names, "every('stage')"))

    # ---- Names ----

    def others(self) -> Iterator[Entry]:
        organisation = self.edition.organisation
        for which, name in (("name", organisation.name), ("short", organisation.short)):
            called = "the name of the organisation" if which == "name" else "its short name"
            yield Entry(key=f"organisation:{which}", name=called, pieces=_pieces(text=name))
        for id, word in organisation.words.items():
            called = f"the word for “{id.replace('_', ' ')}”"
            yield Entry(key=f"word:{id}", name=called, pieces=_pieces(text=word))
        for document in organisation.related:
            yield Entry(
                key=f"document:{document.id}",
                name=f"the related document {first_capital(plain(document.name))}",
                clauses=document.clauses,
                pieces=_pieces(document.about, Name=document.name),
            )


def in_numbers(rule: Rule) -> str:
    """The number of a rule as a reader says it: “4 to 8 working weeks”, “at most 3 objectives”."""
    said = []
    if rule.exactly is not None:
        said.append(str(rule.exactly))
    if rule.normal is not None:
        said.append(f"normally {rule.normal}")
    if rule.min is not None and rule.max is not None:
        said.append(f"{rule.min} to {rule.max}")
    elif rule.max is not None:
        said.append(f"at most {rule.max}")
    elif rule.min is not None:
        said.append(f"at least {rule.min}")
    return f"{', '.join(said)} {rule.unit or ''}".strip()


def _one_item(text: str) -> str:
    """The text of a point, its further lines indented so that they stay in its list entry."""
    return text.strip().replace("\n", "\n  ")


def _pieces(text: str | None = None, **labelled: str | None) -> tuple[Piece, ...]:
    """The pieces that say something: those with a label first, then the text itself."""
    named = [
        Piece(id=label.lower().replace(" ", "-"), label=label, text=said)
        for label, said in labelled.items()
        if said
    ]
    return (*named, *((Piece(id="text", text=text),) if text else ()))
