"""Make a policy of the lines of a document: sections, clauses, lists and their numbers."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from formulary.imports.blocks import SourceDocument, SourceParagraph, SourceRun
from formulary.imports.cover import PolicyCover, read_cover, read_title
from formulary.imports.draft import (
    ClauseDraft,
    Entry,
    ListBlock,
    Part,
    PolicyDraft,
    SectionDraft,
    with_inner,
)
from formulary.imports.headings import Heading, find_headings
from formulary.imports.labels import NO_LABEL, Label, is_roman, value_of
from formulary.imports.lines import Line, read_lines, words_in_line
from formulary.imports.scheme import Scheme, find_scheme, section_value

YEAR_PAGES = "the-year"
"""The section that Formulary adds to a policy: what is in it is in cycle.yaml."""

_LONGEST_SUMMARY = 150
"""Words before the first heading that are a summary; more are a section."""

_GOES_ON = re.compile(
    r"(?:This|These|Those|They|It|Such|He|She|Both|Neither|However|Therefore|Otherwise|Also"
    r"|In (?:addition|such cases?|th(?:is|at|ese|ose) (?:case|event|circumstance|situation)s?)"
    r"|If (?:so|not|this|that|these|they|it)|Where (?:this|that|these|they|it)|The same)\b"
    r"(?!\s+(?:policy|document|procedure|handbook|section|appendix|code|guidance|scheme)\b)"
)
"""How a paragraph begins that speaks of the one before it, and is no clause by itself."""
_LONGEST_RUN_IN = 8
_FEWEST_RUN_INS = 3
"""So many paragraphs with a bold beginning are a habit; one or two may be a stressed word."""


def read_policy(document: SourceDocument) -> PolicyDraft:
    """The policy that a document holds."""
    lines = read_lines(document)
    if is_own_paper(document):
        return _read_own(lines, document)
    cover = read_title(lines, document)
    headings = find_headings(lines, cover.used)
    title_at = (
        min(cover.used, default=0) if cover.title_line else 0
    )  # a guess above the title is the organisation's name
    headings = {at: one for at, one in headings.items() if at > title_at or not one.is_guess}
    for at in range(title_at):
        if at not in headings and lines[at].table is None and len(lines[at].words.split()) <= 14:
            why = "It is above the title, and no field of policy.yaml takes it."
            words = words_in_line(lines[at])
            document.leave("cover", words, "above the title", why)
            cover.used.add(at)
    read_cover(cover, lines, document, min(headings, default=len(lines)))
    headings = without(headings, cover.used)
    title = " ".join(cover.title.split()).casefold()
    again = [at for at in sorted(headings)[:3] if lines[at].words.casefold() == title]
    for at in again:
        why = "The title is taken already."
        document.leave("title once more", words_in_line(lines[at]), "the front", why)
        cover.used.add(at)
    return _PolicyBuilder(lines, without(headings, cover.used), cover, document).build()


def without(headings: dict[int, Heading], used: set[int]) -> dict[int, Heading]:
    """The headings that are no part of the cover, their levels counted from 1."""
    kept = {at: heading for at, heading in headings.items() if at not in used}
    steps = sorted({heading.level for heading in kept.values()})
    return {
        at: replace(heading, level=steps.index(heading.level) + 1) for at, heading in kept.items()
    }


def is_own_paper(document: SourceDocument) -> bool:
    """Whether Formulary wrote it: its bookmarks say what is a section and what a clause."""
    return bool(document.own_form) and any(
        _is_mark(name)
        for block in document.blocks
        if isinstance(block, SourceParagraph)
        for name in block.bookmarks
    )


class _PolicyBuilder:
    def __init__(
        self,
        lines: list[Line],
        headings: dict[int, Heading],
        cover: PolicyCover,
        document: SourceDocument,
    ) -> None:
        self.lines, self.headings, self.cover, self.document = lines, headings, cover, document
        self.scheme = find_scheme(lines, headings)
        self.sections: list[SectionDraft] = []
        self.summary: list[SourceParagraph] = []
        self.current: ClauseDraft | None = None
        """The clause that is being read."""
        self.run_ins = _find_run_ins(lines, headings, self.scheme)
        self.expected = 1
        """The next running number, where paragraphs are numbered through."""
        self.numbered = False
        """Whether the clauses of this section have numbers."""

    def build(self) -> PolicyDraft:
        tops = [at for at, heading in self.headings.items() if heading.level == 1]
        first = min(tops, default=len(self.lines))
        front = [at for at in range(first) if at not in self.cover.used]
        self.read_front(front)
        for at in range(first, len(self.lines)):
            if at not in self.cover.used:
                self.take(at)
        if not self.sections:  # a cover alone
            words = SourceParagraph((SourceRun("Write here what the policy says."),))
            self.open(ClauseDraft(NO_LABEL, None, [words]))
        return PolicyDraft(self.cover, self.scheme, self.summary, self.sections)

    def read_front(self, front: list[int]) -> None:
        """What is before the first section: a summary where it is short, a section where not."""
        lines = [self.lines[at] for at in front]
        words = sum(len(line.words.split()) for line in lines)
        plain = not any(line.table is not None or line.label.kind for line in lines)
        sentences = [at for at in front if self.lines[at].words.endswith((".", "!", "?"))]
        is_cover = plain and not self.headings.keys() & set(front)
        if self.headings and is_cover and (words <= _LONGEST_SUMMARY or not sentences):
            for at in front:
                if at in sentences:
                    self.summary.append(self.lines[at].paragraph)
                else:
                    self.leave_front(at)
        elif front:
            self.numbered = self.has_numbers(0)
            for at in front:
                self.take(at)

    def leave_front(self, at: int) -> None:
        why = "It is on the cover, and no field of policy.yaml takes it."
        self.document.leave("cover", words_in_line(self.lines[at]), "before the first heading", why)

    # line by line

    def take(self, at: int) -> None:
        line = self.lines[at]
        heading = self.headings.get(at)
        if heading and heading.level == 1 and not self.is_clause(line):
            self.begin_section(at, line, heading)
        elif self.is_clause(line):
            self.begin_clause(line, is_title=heading is not None)
            self.take_run_in(at)
        elif self.scheme.is_inner(line.label) and self.begin_inner(line, heading is not None):
            return
        elif heading:
            self.subheading(line, heading)
        elif line.table is not None:
            self.add(line.table)
        elif line.label.kind:
            self.list_entry(line)
        elif at in self.run_ins and not self.numbered and self.may_run_in():
            self.open(ClauseDraft(NO_LABEL, None, [line.paragraph]))
            self.take_run_in(at)
        else:
            self.text(line.paragraph)

    def may_run_in(self) -> bool:
        """Whether a bold beginning is a title here, and not a part of a clause with a heading."""
        return self.current is None or self.current.title is None or self.current.is_run_in

    def take_run_in(self, at: int) -> None:
        """Make the bold beginning of the clause that has begun its title: “Purpose. The policy”."""
        if at in self.run_ins and self.current is not None and self.current.title is None:
            title, rest = self.run_ins[at]
            self.current.title, self.current.is_run_in = title, True
            self.current.parts[0] = rest

    def begin_section(self, at: int, line: Line, heading: Heading) -> None:
        self.numbered = self.has_numbers(at + 1)
        section = SectionDraft(
            line.paragraph,
            line.label,
            heading.why,
            heading.is_guess,
            is_appendix=line.label.is_appendix,
        )
        if line.label.kind and not self.prints(line.label):
            section.title, section.label = _with_label(line), NO_LABEL
        if not line.words:  # “Appendix A” alone
            section.title, section.invented_title = None, line.label.printed
        self.sections.append(section)
        self.current = None

    def prints(self, label: Label) -> bool:
        """Whether the scheme prints the number of a section as the document has it."""
        if label.is_appendix:
            return True
        if self.scheme.numbering == "none" or label.kind == "bullet":
            return False
        if self.scheme.numbering == "paragraphs" and not self.scheme.sections:
            return False
        usual = "Article" if self.scheme.numbering == "articles" else ""
        if label.word and label.word not in (self.scheme.sections or usual).lower():
            return False
        return section_value(self.scheme, label) is not None

    @property
    def section(self) -> SectionDraft:
        """The section that is being read; one of ours where the document has begun none."""
        if not self.sections:
            title = "Introduction" if self.headings else "The policy"
            self.sections.append(SectionDraft(None, invented_title=title))
        return self.sections[-1]

    def subheading(self, line: Line, heading: Heading) -> None:
        titled = line.paragraph if not line.label.kind else _with_label(line)
        deeper = heading.level > 2 and self.current is not None and self.current.title is not None
        if deeper and self.current is not None and self.current.parts:
            self.add(titled.with_bold(True))
        else:
            self.open(ClauseDraft(NO_LABEL, titled))

    def has_numbers(self, start: int) -> bool:
        """Whether a clause from this line on, up to the next section, has a number."""
        for at in range(start, len(self.lines)):
            if self.scheme.is_clause(self.lines[at].label):
                return True
            if at in self.headings and self.headings[at].level == 1:
                return False
        return False

    def is_clause(self, line: Line) -> bool:
        label = line.label
        if not self.scheme.is_clause(label):
            return False
        if self.scheme.numbering == "paragraphs" and label.number.isdigit():
            in_appendix = bool(self.sections) and self.section.is_appendix
            return abs(int(label.number) - self.expected) <= 2 or in_appendix
        return True

    def begin_clause(self, line: Line, *, is_title: bool) -> None:
        self.open(_clause_of(line, is_title))
        if self.scheme.numbering == "paragraphs" and line.label.number.isdigit():
            self.expected = int(line.label.number) + 1

    def begin_inner(self, line: Line, is_title: bool) -> bool:
        """Begin a clause inside the clause whose number it goes on from, where there is one."""
        above = line.label.number.rpartition(".")[0]
        home = next(
            (
                clause
                for last in self.section.clauses[-1:]
                for clause in with_inner(last)
                if clause.label.number == above
            ),
            None,
        )
        if home is None:
            return False
        self.current = _clause_of(line, is_title)
        home.clauses.append(self.current)
        return True

    def open(self, clause: ClauseDraft) -> None:
        """Begin a clause of the section."""
        self.current = clause
        self.section.clauses.append(clause)

    def text(self, paragraph: SourceParagraph) -> None:
        clause = self.current
        if clause is None and self.numbered:
            self.section.intro.append(paragraph)
        elif clause is None or (
            not clause.label.kind and clause.title is None and not _continues(clause, paragraph)
        ):
            self.open(ClauseDraft(NO_LABEL, None, [paragraph]))
        else:
            clause.parts.append(paragraph)

    def add(self, part: Part) -> None:
        """Put a table or a bold line into the clause that it is in."""
        if self.current is not None:
            self.current.parts.append(part)
        else:
            self.open(ClauseDraft(NO_LABEL, None, [part]))

    def list_entry(self, line: Line) -> None:
        if self.current is None and not self.numbered:
            self.open(ClauseDraft())
        parts = self.current.parts if self.current else self.section.intro
        if line.label.kind == "named" or line.label.depth >= 2:
            parts.append(_with_label(line))  # its number is part of its words
        else:
            add_entry(parts, line)


def add_entry(parts: list[Part], line: Line) -> None:
    """Put a line with a label into the list that it goes on with, or into a new one."""
    entry = Entry(line.label, [line.paragraph])
    last = parts[-1] if parts else None
    if isinstance(last, ListBlock):
        chain = [last]
        while chain[-1].entries[-1].inner:
            chain.append(chain[-1].entries[-1].inner[-1])
        for block in reversed(chain):
            if _goes_on(block, line):
                block.entries.append(entry)
                return
        deepest = chain[-1]
        if _is_deeper(deepest, line):
            deepest.entries[-1].inner.append(ListBlock([entry]))
            return
        for outer, block in reversed(list(itertools.pairwise(chain))):
            if _is_beside(block, line) and _is_deeper(outer, line):
                outer.entries[-1].inner.append(ListBlock([entry]))
                return
    parts.append(ListBlock([entry]))


def _goes_on(block: ListBlock, line: Line) -> bool:
    """Whether an entry follows the last one of a list."""
    last = block.entries[-1]
    before, here = last.paragraphs[0], line.paragraph
    if last.label.kind == "bullet" or line.label.kind == "bullet":
        same = last.label.kind == line.label.kind
        level = (here.level, here.list_id != "") == (before.level, before.list_id != "")
        return same and level and abs(here.indent - before.indent) <= 200
    if here.list_id and before.list_id:
        return here.level == before.level and (
            here.list_id == before.list_id or _follows(last.label, line.label)
        )
    return _follows(last.label, line.label)


def _follows(before: Label, after: Label) -> bool:
    """Whether a label is the next after another: (b) after (a), iv after iii."""
    if (before.kind in ("number",)) != (after.kind in ("number",)) or not after.number:
        return False
    for roman in (False, True):
        if roman and not (is_roman(before.number) and is_roman(after.number)):
            continue
        if value_of(after.number, roman=roman) == value_of(before.number, roman=roman) + 1:
            return True
    return False


def _is_deeper(block: ListBlock, line: Line) -> bool:
    before = block.entries[-1].paragraphs[0]
    here = line.paragraph
    if here.list_id and before.list_id:
        return here.level > before.level or (
            here.level == before.level and here.indent > before.indent + 200
        )
    return here.indent > before.indent + 200 or (
        line.label.number in ("a", "i", "1") and block.entries[-1].label.kind != line.label.kind
        and line.label.kind != "bullet"
    )  # fmt: skip


def _is_beside(block: ListBlock, line: Line) -> bool:
    """Whether an entry is as deep as those of a list, and so in the same entry as that list."""
    before, here = block.entries[-1].paragraphs[0], line.paragraph
    if here.list_id and before.list_id:
        return here.level == before.level
    return bool(here.indent) and abs(here.indent - before.indent) <= 200


def _continues(clause: ClauseDraft, paragraph: SourceParagraph) -> bool:
    """Whether a paragraph goes on with an unnumbered clause: it speaks of it, or is led to."""
    last = clause.parts[-1] if clause.parts else None
    if last is not None and _GOES_ON.match(paragraph.words):
        return True
    return (
        isinstance(last, SourceParagraph)
        and last.words.endswith((":", ",", "–"))
        and not paragraph.words.endswith(":")
    )


def _find_run_ins(
    lines: list[Line], headings: dict[int, Heading], scheme: Scheme
) -> dict[int, tuple[SourceParagraph, SourceParagraph]]:
    """Place of a line -> its bold beginning and its other words, where that is a habit."""
    found = {}
    for at, line in enumerate(lines):
        if at in headings or line.table is not None:
            continue
        if line.label.kind and not scheme.is_clause(line.label):
            continue
        if parts := _split_run_in(line.paragraph):
            found[at] = parts
    return found if len(found) >= _FEWEST_RUN_INS else {}


def _split_run_in(paragraph: SourceParagraph) -> tuple[SourceParagraph, SourceParagraph] | None:
    """The bold beginning of a paragraph, up to a full stop, a colon or a dash, and the rest."""
    bold = "".join(run.text for run in itertools.takewhile(_is_bold, paragraph.pieces))
    rest = paragraph.without_start(len(bold))
    title = " ".join(bold.split())
    if not title.endswith((".", ":", "–", "—")):
        after = re.match(r"\s*[.:–—](?=\s)", rest.text)
        if after is None:
            return None
        rest = rest.without_start(after.end())
    title = title.rstrip(" .:–—")
    if not title[:1].isupper() or not 1 <= len(title.split()) <= _LONGEST_RUN_IN:
        return None
    if len(rest.words.split()) < 3 or any(run.bold for run in rest.solid[:1]):
        return None
    return replace(paragraph, pieces=(SourceRun(title),)), replace(rest, label="", marks="")


def _is_bold(run: SourceRun) -> bool:
    return run.bold or not run.text.strip()


def _clause_of(line: Line, is_title: bool) -> ClauseDraft:
    """A clause with a number that begins with a line: its title, or its text."""
    if is_title:
        return ClauseDraft(line.label, line.paragraph)
    return ClauseDraft(line.label, None, [line.paragraph])


def _with_label(line: Line) -> SourceParagraph:
    first = SourceRun(f"{line.label.printed} ", bold=line.paragraph.is_bold)
    return replace(line.paragraph, pieces=(first, *line.paragraph.pieces), label="", marks="")


def _read_own(lines: list[Line], document: SourceDocument) -> PolicyDraft:
    """A policy that Formulary wrote, and that may have been edited since: its bookmarks tell."""
    marks = [next(filter(_is_mark, line.paragraph.bookmarks), "") for line in lines]
    first = next((at for at, mark in enumerate(marks) if mark), len(lines))
    cover = read_title(lines, document)
    read_cover(cover, lines, document, first)
    for name in [name for name, value in cover.values.items() if value == "Not stated"]:
        document.leave(f"cover: {name}", cover.values.pop(name), "the cover", "Nothing is stated.")
    summary: list[SourceParagraph] = []
    sections: list[SectionDraft] = []
    in_updates = in_year = False
    for at, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        if at in cover.used:
            continue
        style = line.paragraph.style.lower()
        is_list = bool(line.label.kind) and style not in ("normal", "clausetext")
        known = mark.partition("_")[2].replace("_", "-")
        if mark.startswith("section_"):
            in_year = known == YEAR_PAGES
        if at < first:
            in_updates = in_updates or "updates" in line.paragraph.bookmarks
            plain = line.table is None and style in ("normal", "") and not line.label.kind
            if plain and not in_updates:
                summary.append(line.paragraph)
            else:
                why = "Formulary prints it from other files."
                document.leave("front page", words_in_line(line), "the front", why)
        elif in_year:
            why = "Formulary prints the year from cycle.yaml."
            document.leave("the year", words_in_line(line), "the end", why)
        elif mark.startswith("section_"):
            is_appendix = line.label.is_appendix
            sections.append(
                SectionDraft(line.paragraph, line.label, _BOOKMARK, is_appendix=is_appendix,
                             known_id=known)
            )  # fmt: skip
        elif mark and sections:
            titled = line.paragraph.outline is not None
            title, parts = (line.paragraph, []) if titled else (None, [line.paragraph])
            sections[-1].clauses.append(ClauseDraft(line.label, title, [*parts], known_id=known))
        elif sections:
            clauses = sections[-1].clauses
            held = clauses[-1].parts if clauses else sections[-1].intro
            if line.table is not None:
                held.append(line.table)
            elif is_list:
                add_entry(held, line)
            else:
                held.append(_with_label(line) if line.label.kind else line.paragraph)
    heads = {
        at: Heading(at, 1, _BOOKMARK, False)
        for at, mark in enumerate(marks)
        if mark.startswith("section_")
    }
    marked = [
        line if mark else replace(line, label=NO_LABEL)
        for line, mark in zip(lines, marks, strict=True)
    ]
    return PolicyDraft(cover, find_scheme(marked, heads), summary, sections)


_BOOKMARK = "its bookmark says so"


def _is_mark(bookmark: str) -> bool:
    return bookmark.startswith(("section_", "clause_"))
