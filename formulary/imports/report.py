"""Write `import-report.html`: the document beside what came of it, and what to look at first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from formulary.content.policy import numbers
from formulary.imports.blocks import SourceParagraph, SourceTable
from formulary.imports.draft import ClauseDraft, Part
from formulary.imports.forms import ImportedForm
from formulary.imports.policy import ImportedPolicy
from formulary.imports.proposals import Proposals

_KINDS = {"clauses": "clause by clause (5.3)", "paragraphs": "paragraphs, numbered through",
          "articles": "articles and sections", "none": "no numbers"}  # fmt: skip


@dataclass(frozen=True)
class ReportRow:
    """A piece of the document, and what it is now. `level` is 1 for a section."""

    number: str
    words: str
    became: str
    id: str
    printed: str
    level: int
    is_guess: bool = False
    why: str = ""


@dataclass(frozen=True)
class Advice:
    """One thing to look at; `target` is the part of the page that shows it."""

    text: str
    target: str


def import_report(
    imported: ImportedPolicy | None,
    forms: Sequence[ImportedForm],
    proposals: Proposals,
    organisation: str,
) -> str:
    """The report as a page that needs no other file; of forms alone where there is no policy."""
    rows = list(_rows(imported)) if imported else []
    return (
        _environment()
        .get_template("import-report.html.j2")
        .render(
            i=imported,
            organisation=organisation,
            rows=rows,
            advice=[*(_advice(imported, rows) if imported else ()), *_advice_on(forms)],
            forms=forms,
            proposals=proposals,
            scheme=_KINDS[imported.draft.scheme.numbering] if imported else "",
            sections=len(imported.draft.sections) if imported else 0,
            clauses=sum(1 for _ in imported.draft.clauses()) if imported else 0,
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("formulary.imports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _rows(imported: ImportedPolicy) -> Iterator[ReportRow]:
    printed = numbers(imported.policy) if imported.policy else {}
    for section in imported.draft.sections:
        words = section.title.words if section.title else section.invented_title
        kind = "appendix" if section.is_appendix else "section"
        if section.title is None:
            kind += ", whose title is ours"
        yield ReportRow(
            section.label.printed, words, kind, section.id, printed.get(section.id, ""), 1,
            section.is_guess, section.why,
        )  # fmt: skip
        for part in section.intro:
            yield from _part_rows(part, "text of the section")
        for clause in section.clauses:
            yield from _clause_rows(clause, printed, 2)


def _clause_rows(clause: ClauseDraft, printed: dict[str, str], level: int) -> Iterator[ReportRow]:
    parts = list(clause.parts)
    words = clause.title.words if clause.title else ""
    became = "clause with a title" if words else "clause"
    if not words and parts and isinstance(parts[0], SourceParagraph):
        words = parts.pop(0).words  # type: ignore[union-attr]
    yield ReportRow(
        clause.label.printed, words, became, clause.id, printed.get(clause.id, ""), level
    )
    for part in parts:
        yield from _part_rows(part, "text of the clause")
    for inner in clause.clauses:
        yield from _clause_rows(inner, printed, level + 1)


def _part_rows(part: Part, became: str) -> Iterator[ReportRow]:
    if isinstance(part, SourceParagraph):
        if part.words:
            yield ReportRow("", part.words, became, "", "", 3)
    elif isinstance(part, SourceTable):
        for number, row in enumerate(part.rows):
            words = " | ".join(cell.words for cell in row)
            yield ReportRow("", words, "table: header" if number == 0 else "table: row", "", "", 3)
    else:
        for entry in part.entries:
            words = " ".join(paragraph.words for paragraph in entry.paragraphs)
            yield ReportRow(entry.label.printed, words, "entry of a list", "", "", 3)
            for inner in entry.inner:
                yield from _part_rows(inner, became)


def _advice(imported: ImportedPolicy, rows: Sequence[ReportRow]) -> Iterator[Advice]:
    """What to look at first, the most important first."""
    cover = imported.draft.cover
    for problem in imported.problems:
        yield Advice(f"policy.yaml has an error: {problem.message}", "document")
    if imported.words.missing:
        count = imported.words.missing.total()
        yield Advice(f"{count} words were not placed. Find them under “other words”.", "left")
    if imported.differences:
        count = len(imported.differences)
        named = "One number is" if count == 1 else f"{count} numbers are"
        yield Advice(f"{named} not as in the document.", "numbers")
    if cover.is_title_guess:
        yield Advice(
            f"Is “{cover.title}” the title? It was guessed: {cover.why_title}.", "document"
        )
    guesses = [row for row in rows if row.is_guess]
    if guesses:
        yield Advice(
            f"{len(guesses)} headings have no style of headings. Their look says what they are.",
            "document",
        )
    if imported.written.summary_is_ours:
        yield Advice("The summary is ours: write two or three sentences of your own.", "document")
    for remark in (*imported.document.remarks, *imported.written.remarks):
        yield Advice(remark, "left")
    if imported.written.unresolved:
        words = ", ".join(dict.fromkeys(p.words.strip() for p in imported.written.unresolved))
        yield Advice(f"These references lead to nothing in this document: {words}.", "pointers")


def _advice_on(forms: Sequence[ImportedForm]) -> Iterator[Advice]:
    for form in forms:
        target = f"form-{form.id}"
        for problem in form.problems:
            yield Advice(f"forms/{form.id}.yaml has an error: {problem.message}", target)
        if form.is_filled:
            yield Advice(
                f"{form.source} seems to be filled in. Import the blank form instead.", target
            )
        elif form.questions == 0:
            yield Advice(f"No question was found in {form.source}.", target)
        yield Advice(
            f"Say in forms/{form.id}.yaml what the form is for, who fills it in, and when.", target
        )
        if form.title.isupper() and len(form.title.split()) > 1:
            yield Advice(
                f"The title “{form.title}” is in capitals. Write it in forms/{form.id}.yaml as "
                "pages should show it.",
                target,
            )
        asked = itertools.pairwise(one for _, one in form.listing)
        if any(one.kind == "signature" and two.label == "Date" for one, two in asked):
            yield Advice(
                f"Each signature has a date of its own. Delete the questions “Date” after them in "
                f"forms/{form.id}.yaml, if you want one date only.",
                target,
            )
