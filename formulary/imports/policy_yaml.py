"""Write the draft of a policy as `policy.yaml`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from formulary.content.cycle import british
from formulary.imports.blocks import SourceDocument, SourceParagraph
from formulary.imports.cover import read_cover_day
from formulary.imports.draft import (
    Body,
    ClauseDraft,
    ListBlock,
    Part,
    PolicyDraft,
    SectionDraft,
    leading_text,
    split_parts,
    with_inner,
)
from formulary.imports.ids import Ids
from formulary.imports.labels import NO_LABEL
from formulary.imports.prose import (
    markdown,
    markdown_line,
    marks_of,
    plain_line,
    start_of,
    table_cells,
)
from formulary.imports.scheme import own_value, section_value
from formulary.imports.yaml_text import yaml_entries, yaml_lines

SCHEMA = "# yaml-language-server: $schema=../../schema/policy.json"


@dataclass(frozen=True)
class Pointer:
    """A reference in the text that leads to a clause now, or could not be resolved."""

    words: str
    target: str
    where: str


@dataclass
class WrittenPolicy:
    """`policy.yaml` as text, and what the report says of it."""

    text: str
    summary_is_ours: bool
    pointers: list[Pointer] = field(default_factory=list)
    unresolved: list[Pointer] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    printed_for: dict[str, str] = field(default_factory=dict)
    """The words of the document that an expression such as `{{ clause('x') }}` replaces."""


def write_policy(draft: PolicyDraft, document: SourceDocument, organisation: str) -> WrittenPolicy:
    """The draft as YAML that builds. Its sections and clauses get their ids here."""
    give_ids(draft)
    return _Writer(draft, document, organisation).write()


def give_ids(draft: PolicyDraft) -> None:
    """Sections and clauses share one name space; ids that are known already come first."""
    ids = Ids()
    known = [section.known_id for section in draft.sections]
    known += [clause.known_id for _, clause in draft.clauses()]
    for name in filter(None, known):
        ids.taken.add(name)
    for section in draft.sections:
        title = section.title.words if section.title else section.invented_title
        section.id = section.known_id or ids.take(title, "section", most=5)
        for outer in section.clauses:
            for clause in with_inner(outer):
                words = clause_words(clause)
                kind = "table" if clause.parts and not words else "part"
                clause.id = clause.known_id or ids.take(
                    words, f"{section.id[:30].rstrip('-')}-{kind}"
                )


def clause_words(clause: ClauseDraft) -> str:
    """The words that a clause is known by: its title, or its first words."""
    if clause.title is not None and clause.title.words:
        return clause.title.words
    for part in clause.parts:
        if isinstance(part, SourceParagraph):
            return part.words
        if isinstance(part, ListBlock):
            return part.entries[0].paragraphs[0].words
    return ""  # the header of a table says what a column holds, not what the clause is about


class _Writer:
    def __init__(self, draft: PolicyDraft, document: SourceDocument, organisation: str) -> None:
        self.draft, self.document, self.organisation = draft, document, organisation
        self.result = WrittenPolicy("", False)
        self.where = ""
        self.targets = _targets(draft)
        self.ids = Ids()
        self.ids.taken.update(one.id for one in draft.sections)
        self.ids.taken.update(clause.id for _, clause in draft.clauses())
        self.notes: list[str] = []
        """The footnotes called in the clause that is being written."""
        self.note_ids: dict[str, str] = {}
        self.note_names = Ids()
        self.positions: dict[str, int] = {}
        self.clause_position = self.running = 0

    def write(self) -> WrittenPolicy:
        lines = [
            SCHEMA,
            "# Imported from a Word document. import-report.html says what was imported, what was",
            "# not, and what to look at first.",
            *self.head(),
        ]
        sections = [section for section in self.draft.sections if not section.is_appendix]
        appendices = [section for section in self.draft.sections if section.is_appendix]
        if not sections:
            sections, appendices = appendices, []
        for key, found in (("sections", sections), ("appendices", appendices)):
            lines += ["", f"{key}:"] if found or key == "sections" else []
            for at, section in enumerate(found):
                lines += ["", *yaml_entries([self.section(section)], 2)][at == 0 :]
        self.result.text = "\n".join(lines) + "\n"
        return self.result

    def head(self) -> Iterator[str]:
        cover, scheme = self.draft.cover, self.draft.scheme
        self.where = "the cover"
        title = " ".join(cover.title.split()) or "Policy"
        yield from yaml_lines({"title": title[:400]})
        summary = "\n\n".join(
            markdown_line(p, self.link, self.note).replace("\n", " ") for p in self.draft.summary
        )
        if not summary:
            self.result.summary_is_ours = True
            yield "# No summary was found. Write two or three sentences instead of this one."
            summary = f"The {title} of {self.organisation}."
        labels = {
            "sections": scheme.sections,
            "clauses": scheme.clauses,
            "appendices": scheme.appendices,
        }
        labels = {name: pattern for name, pattern in labels.items() if pattern}
        yield from yaml_lines(
            {"summary": summary, **self.cover(), "numbering": scheme.numbering, "labels": labels}
        )

    def cover(self) -> dict[str, Any]:
        values = dict(self.draft.cover.values)

        def day(name: str) -> datetime.date | None:
            found = read_cover_day(values[name]) if name in values else None
            if found is not None:
                words = values.pop(name)
                why = f"It is written as {found.isoformat()} and printed as “{british(found)}”."
                self.document.leave("date on the cover", words, "the cover", why)
            return found

        self.part_approval(values)
        approved, force, review = day("approval-on"), day("in-force"), day("next-review")
        dated = next((values.pop(n) for n in ("dated", "approval-on") if n in values), None)
        version = values.pop("version", "")
        bare = re.sub(r"^v(?:ersion)?\.?\s*(?=\d)", "", version, flags=re.IGNORECASE)
        by, minute = values.pop("approval-by", ""), values.pop("minute", "")
        status = values.get("status", "").casefold()
        if status in ("draft", "approved", "model"):
            why = f"It is written as status: {status}."
            self.document.leave("status", values.pop("status"), "the cover", why)
        else:
            status = "approved" if by and approved else "not stated"
        data: dict[str, Any] = {
            "dated": dated,
            "version": bare if re.fullmatch(r"[\w.]+", bare) else version,
            "status": status,
            "approval": {"by": by, "on": approved, "minute": minute}
            if by or approved or minute
            else None,
            "in-force": force,
            "in-force-in": None if force else values.pop("in-force", None),
            "next-review": review,
            "next-review-in": None if review else values.pop("next-review", None),
        }
        for name in ("review-cycle", "written-by", "kept-by"):
            data[name] = values.pop(name, None)
        for name, value in values.items():
            why = "No field of policy.yaml takes it."
            self.document.leave(f"cover: {name}", value, "the cover", why)
        return data

    def part_approval(self, values: dict[str, str]) -> None:
        """Part “24 May 2023, by the board” and “the board on 24 May 2023” into body and day."""
        words = values.get("approval-by", "") or values.get("approval-on", "")
        date = r"(?:on )?(?P<on>\d{1,2}(?:st|nd|rd|th)? \w+ \d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})"
        match = re.fullmatch(rf"{date},? (?:by )(?P<by>.+)", words, re.IGNORECASE) or re.fullmatch(
            rf"(?:by )?(?P<by>.+?)[,:]? [-–(]?{date}\)?", words, re.IGNORECASE
        )
        if match and ("approval-on" not in values or "approval-by" not in values):
            values["approval-by"], values["approval-on"] = match["by"], match["on"]
        elif "approval-by" in values:
            values["approval-by"] = re.sub(r"^by ", "", values["approval-by"], flags=re.IGNORECASE)
        if "approval-by" in values and values["approval-by"] != words:
            said = " ".join(set(re.findall(r"\b(?:by|on)\b", words, re.IGNORECASE)))
            if said:
                self.document.leave("cover", said, "the cover", "Formulary prints it.")

    # sections and clauses

    def section(self, section: SectionDraft) -> dict[str, Any]:
        self.where = section.title.words if section.title else section.invented_title
        title = plain_line(section.title) if section.title else ""
        data: dict[str, Any] = {"id": section.id, "title": title or section.invented_title}
        data |= self.count_section(section)
        words, rest = leading_text(section.intro)
        data["text"] = self.markdown(words)
        data["footnotes"] = self.footnotes()
        if rest:
            first = ClauseDraft(NO_LABEL, None, list(rest))
            first.id = self.ids.reserve(f"{section.id}-opening")
            section.clauses.insert(0, first)
        self.clause_position = self.running if self.runs_on(section) else 0
        data["clauses"] = [self.clause(clause, section) for clause in section.clauses]
        if self.runs_on(section):
            self.running = self.clause_position
        return data

    def runs_on(self, section: SectionDraft) -> bool:
        return self.draft.scheme.numbering == "paragraphs" and not section.is_appendix

    def count_section(self, section: SectionDraft) -> dict[str, Any]:
        """What makes the section and its clauses carry the numbers that the document prints."""
        scheme = self.draft.scheme
        data: dict[str, Any] = {}
        if scheme.numbering == "none":
            return data
        has_numbers = any(clause.label.kind for clause in section.clauses)
        value = section_value(scheme, section.label)
        if value is None and has_numbers and scheme.numbering == "clauses":
            heads = {
                clause.label.number.split(".")[0] for clause in section.clauses if clause.label.kind
            }
            value = int(heads.pop()) if len(heads) == 1 else None
        if section.is_appendix or scheme.numbering != "paragraphs" or scheme.sections:
            position = "appendices" if section.is_appendix else "sections"
            expected = self.positions.get(position, 0) + 1
            if value is None and not has_numbers:
                return {"number": "none"}
            value = expected if value is None else value
            if value != expected:
                data["number"] = value
            if isinstance(value, int):
                self.positions[position] = value
        if section.clauses and not has_numbers:
            data["numbered"] = False
        return data

    def count_clause(self, clause: ClauseDraft, section: SectionDraft | None) -> dict[str, Any]:
        if self.draft.scheme.numbering == "none":
            return {}
        if section is not None and not any(one.label.kind for one in section.clauses):
            return {}
        value = own_value(clause.label, self.draft.scheme.clauses)
        if value is None:
            return {"number": "none"}
        expected = self.clause_position + 1
        if isinstance(value, int):
            self.clause_position = value
        return {"number": value} if value != expected else {}

    def clause(self, clause: ClauseDraft, section: SectionDraft | None) -> dict[str, Any]:
        """A clause; `section` is None for one inside another."""
        data: dict[str, Any] = {"id": clause.id}
        title = clause.title if clause.title is not None and clause.title.words else None
        if title is not None and (clause.parts or clause.clauses):
            data["title"] = plain_line(title)
        data |= self.count_clause(clause, section)
        bodies, closing = split_parts(clause.parts)
        first, *more = [self.body(body) for body in bodies] or [{}]
        if title is not None and "title" not in data:  # a clause must say something
            first = {"text": self.markdown([title.with_bold(True)])}
        data |= {**first, "more": more, "closing": self.markdown(closing)}
        data["footnotes"] = self.footnotes()
        position, self.clause_position = self.clause_position, 0
        data["clauses"] = [self.clause(one, None) for one in clause.clauses]
        self.clause_position = position
        return data

    def body(self, body: Body) -> dict[str, Any]:
        data: dict[str, Any] = {"text": self.markdown(body.text)}
        if body.points is not None:
            data |= self.points(body.points)
        if body.table is not None:
            header, *rows = table_cells(body.table, self.link, self.note)
            data["table"] = {"columns": header, "rows": rows}
        return data if any(data.values()) else {"text": "…"}

    def points(self, points: ListBlock) -> dict[str, Any]:
        entries: list[dict[str, Any]] = []
        ids = Ids()
        for entry in points.entries:
            words = "\n\n".join(
                markdown_line(p, self.link, self.note).replace("\n", "\\\n")
                for p in entry.paragraphs
            )
            if len(entry.inner) > 1:  # an entry holds one list, its text any number of them
                words = "\n\n".join((words, self.markdown(entry.inner)))
            id = ids.take(entry.paragraphs[0].words, "point", 3)
            inner = self.points(entry.inner[0]) if len(entry.inner) == 1 else {}
            entries.append({"id": id, "text": words or "…", **inner})
        marks = marks_of(points)
        if marks == "bullets":
            return {"points": entries}
        start = start_of(points)
        return {"points": entries, "marks": marks, "start": start if start > 1 else None}

    def markdown(self, parts: Sequence[Part]) -> str:
        return markdown(parts, self.link, self.note)

    # footnotes and pointers

    def note(self, id: str) -> str:
        """Where a footnote is called: a pointer, and its words follow in the clause."""
        if id not in self.document.notes:
            return ""
        words = " ".join(p.words for p in self.document.notes[id])
        if id not in self.note_ids:
            self.note_ids[id] = self.note_names.take(words, "note", 3)
        self.notes.append(id)
        expression = f"{{{{ footnote('{self.note_ids[id]}') }}}}"
        self.result.printed_for[expression] = ""
        return expression

    def footnotes(self) -> list[dict[str, str]]:
        """The footnotes called in what was written last."""
        called, self.notes = dict.fromkeys(self.notes), []
        found = []
        for id in called:
            words = "\n\n".join(
                markdown_line(p, self.link, lambda _: "").replace("\n", " ")
                for p in self.document.notes.pop(id, ())
            )
            if words:
                found.append({"id": self.note_ids[id], "text": words})
        return found

    def link(self, words: str) -> str:
        """The words with their references to clauses as pointers."""
        return _REFERENCE.sub(self.pointer, words)

    def pointer(self, match: re.Match[str]) -> str:
        word, number = match["word"] or "", match["number"]
        kind = "appendix" if word.lower().startswith(("appendix", "annex", "schedule")) else ""
        targets = self.targets.get((kind, number), [])
        if len(targets) != 1:
            self.result.unresolved.append(Pointer(match[0], "", self.where))
            return match[0]
        what, id = targets[0]
        self.result.pointers.append(Pointer(match[0], id, self.where))
        whole = f"{word} {number}"
        lead = match[0][: match[0].index(whole)] if whole in match[0] else None
        usual = {"appendix": "Appendix", "section": "section", "clause": "clause"}[what]
        if lead is not None and word == usual:
            expression = f"{{{{ {what}('{id}') }}}}"
            self.result.printed_for[expression] = whole
            return f"{lead}{expression}"
        scheme = "clause" if what == "clause" else "section"
        at = match[0].rindex(number) if not word else match[0].index(word)
        return f"{match[0][:at]}[{match[0][at:]}]({scheme}:{id})"


_REFERENCE = re.compile(
    r"(?<![\w.])(?:(?P<word>[Cc]lause|[Pp]aragraph|[Ss]ection|[Pp]oint|[Aa]ppendix|APPENDIX"
    r"|[Aa]nnexe?|[Ss]chedule|[Aa]rticle) "
    r"|(?:(?<=[Ss]ee )|(?<=in )|(?<=at )|(?<=under )|(?<=to )|(?<=and )|(?<=with )|(?<=of ))"
    r"(?=\d+\.\d))(?P<number>\d{1,3}(?:\.\d{1,3}){0,3}|[A-Z])"
    r"(?![\w%]|\.\d|,\d{3}| ?(?:per cent|weeks?|days?|months?|years?|hours?))"
)


def _targets(draft: PolicyDraft) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """What a number of the document leads to: the kind of thing, and its id."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for section in draft.sections:
        if section.label.number:
            kind = "appendix" if section.is_appendix else ""
            what = "appendix" if section.is_appendix else "section"
            found.setdefault((kind, section.label.number), []).append((what, section.id))
        for outer in section.clauses:
            for clause in with_inner(outer):
                if clause.label.number:
                    found.setdefault(("", clause.label.number), []).append(("clause", clause.id))
    return found
