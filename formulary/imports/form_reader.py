"""Find the questions of a Word form: tables, lines to write on, boxes, controls.

What is no question is kept as the words of a section, as a hint, or in the list of what was left
out, so that no word is lost.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from formulary.imports.blocks import (
    SourceBlock,
    SourceDocument,
    SourceParagraph,
    SourceTable,
)
from formulary.imports.form_labels import (
    BOXES,
    DELETE,
    GAP_LINE,
    MOST_LABEL,
    SAME_ROWS,
    YES_NO,
    FormDraft,
    FormSectionDraft,
    TableDraft,
    guess_field,
    has_place,
)
from formulary.imports.form_tables import FormTables

_CARD = re.compile(
    r"(?P<what>.*\D)\s*(?P<number>\d{1,2}|[A-F]|one|two|three|four|five|six)\W*", re.I
)
"""The heading of a part that comes again: “Target 2”."""
_COUNTED = re.compile(
    r"(?:(?:section|part|step)\s+)?(?P<number>\d{1,2})\s*(?:[.):–—-]+|\s)\s*(?P<title>\S.*)", re.I
)

_GLUED = re.compile(r"\t+| {4,}|(?<=:)\s*(?=[A-Z])")
"""What parts labels on one line whose lines to write on are tabs, or were lost by a program."""

_SIGNING = re.compile(r"(?:\w{1,2}[.)] )?(?:signatures?|signed(?: by)?|sign(?:ing)?[ -]?off)", re.I)
_NOT_SIGNED = re.compile(
    r"\b(?:names?|job|post|titles?|roles?|positions?|department|school|number|initials)\b", re.I
)


def read_form(document: SourceDocument) -> FormDraft:
    """The form that a document holds."""
    return _WordFormReader(document).read()


class _WordFormReader(FormTables):
    def read(self) -> FormDraft:
        for at, block in enumerate(self.document.blocks):
            self.block(block, at)
        self.ask_question()
        self.flush_waiting()
        self.join_cards()
        if not self.title:
            self.title = self.document.title or self.document.name.rsplit(".", 1)[0]
        kept = [s for s in self.sections if s.fields or s.table or s.intro or s.title]
        self.join_introduction(kept)
        self.drop_counts(kept)
        for section in kept:
            if _SIGNING.fullmatch(section.title):
                for one in section.fields:
                    if one.kind == "text" and not _NOT_SIGNED.search(one.label):
                        one.kind, one.why = "signature", "its part is for signatures"
        return FormDraft(self.title, kept, self.values)

    def join_introduction(self, sections: list[FormSectionDraft]) -> None:
        """Put the words between the title and the first part into that part."""
        if len(sections) < 2:
            return
        above, first = sections[:2]
        if not (above.title or above.fields or above.table) and first.title:
            first.intro[:0] = above.intro
            del sections[0]

    def drop_counts(self, sections: Sequence[FormSectionDraft]) -> None:
        """Take the numbers of parts off their titles, where Formulary counts them as well."""
        counted = [_COUNTED.fullmatch(section.title) for section in sections]
        typed = [int(match["number"]) for match in counted if match]
        are_all = len(typed) > 1 and typed == list(range(1, len(typed) + 1))
        for number, (section, match) in enumerate(zip(sections, counted, strict=True), start=1):
            if match and (are_all or int(match["number"]) == number):
                why = "Formulary numbers the parts of a form."
                if int(match["number"]) != number:
                    why = f"Formulary numbers the parts of a form. This one is part {number} now."
                section.title = match["title"]
                self.leave_value(match[0][: match.start("title")].strip(), match["title"], why)

    def join_cards(self) -> None:
        """Parts that ask the same one after the other, “Target 1” and “Target 2”, are a table."""
        joined: list[FormSectionDraft] = []
        for what, group in itertools.groupby(self.sections, key=_card):
            parts = list(group)
            if not what or len(parts) < 2:
                joined += parts
                continue
            first, *others = parts
            above, colon, own = first.title.rpartition(": ")
            words = [own]
            for one in others:
                words += [one.title, *one.intro]
                for asked in one.fields:
                    words += [asked.label, asked.hint, asked.dropped, *asked.options]
            self.document.leave(
                "rows of a table", " ".join(filter(None, words)), first.title, SAME_ROWS
            )
            first.table = TableDraft(what[0], len(parts), first.fields)
            first.title, first.fields = above if colon else what[0], []
            joined.append(first)
        self.sections = joined

    def block(self, block: SourceBlock, at: int = -1) -> None:
        if isinstance(block, SourceTable):
            if block.rows:
                self.table(block)
            return
        self.paragraph(block, at)

    def paragraph(self, paragraph: SourceParagraph, at: int) -> None:
        words = paragraph.words
        if not words and not paragraph.controls:
            self.blanks += 1 if self.question else 0
            return
        if _is_gap(paragraph):
            if words:
                self.blanks += 1
                if not self.question and self.is_line_above(at):
                    self.under = self.was_under = True
                elif not self.question and self.section.fields:
                    self.section.fields[-1].lines = min(30, self.section.fields[-1].lines + 1)
                    if self.section.fields[-1].kind == "text":
                        self.section.fields[-1].kind = "multiline"
            return
        self.was_under = self.under
        if self.under:
            self.under = False
            for part in re.split(r"\t+| {4,}", paragraph.text.strip()):
                self.add(guess_field(part, "a line to write on is above it"))
            return
        if not self.title and self.is_title(paragraph):
            self.title = words
            return
        if self.is_heading(paragraph):
            self.begin(words.rstrip(":"))
            return
        if self.fields_in(paragraph):
            return
        self.ask_question()
        if words.endswith((":", "?")) and len(words) <= MOST_LABEL and not paragraph.label:
            self.question = words
        elif paragraph.label and (
            paragraph.marks == "bullet" or words.endswith(".") or len(words.split()) > 12
        ):
            self.say(f"{paragraph.label} {words}" if paragraph.marks == "bullet" else words)
        else:
            self.question = words if len(words) <= MOST_LABEL else ""
            if not self.question:
                self.say(words)

    def is_line_above(self, at: int) -> bool:
        """Whether a line to write on has its label below it, and not beside or above it."""
        rest = [b for b in self.document.blocks[at + 1 : at + 5] if at >= 0 and not _is_blank(b)]
        label, *after = rest or [SourceTable(())]
        if not isinstance(label, SourceParagraph):
            return False
        words = label.words
        if has_place(label) or self.is_heading(label) or not 0 < len(words.split()) <= 10:
            return False
        is_signed = re.match(r"(?:sign|date|name|print)", words, re.IGNORECASE)
        return not words.endswith((":", "?", ".")) and bool(
            is_signed
            or self.was_under
            or (after and isinstance(after[0], SourceParagraph) and _is_gap(after[0]))
        )

    def is_title(self, paragraph: SourceParagraph) -> bool:
        style = paragraph.style.lower()
        if style == "title":
            return True
        prominent = paragraph.size >= self.body + 2 or (paragraph.is_bold and paragraph.centred)
        return (
            not self.sections
            and len(paragraph.words.split()) <= 14
            and (prominent or paragraph.outline == 0)
            and not has_place(paragraph)
        )

    def is_heading(self, paragraph: SourceParagraph) -> bool:
        words = paragraph.words
        if has_place(paragraph) or len(words.split()) > 12:
            return False
        if paragraph.outline is not None:
            return True
        if words.endswith(("?", ".", ";", ",")):
            return False
        short = len(words.split()) <= 8
        return short and (
            (paragraph.is_bold and not words.endswith(":"))
            or paragraph.size >= self.body + 2
            or (paragraph.is_capitals and len(words) > 6 and not words.endswith(":"))
        )

    def fields_in(self, paragraph: SourceParagraph) -> bool:
        """Find the questions that a paragraph asks with places to answer in it."""
        text = paragraph.text
        if any(sign in text for sign in BOXES):
            self.boxes(text)
            return True
        if match := DELETE.fullmatch(paragraph.words) or YES_NO.fullmatch(paragraph.words):
            self.deletion(match)
            return True
        if not has_place(paragraph):
            parts = [part.strip() for part in _GLUED.split(text) if part.strip()]
            is_lined = text.rstrip(" ").endswith("\t")
            if any(not part.endswith(":") and not is_lined for part in parts) or not (
                all(len(part.split()) <= 8 for part in parts) and (len(parts) > 1 or is_lined)
            ):
                return False
            self.ask_question()
            for part in parts:
                self.add(guess_field(part, "a gap follows it"))
            return True
        controls = list(paragraph.controls)
        pieces = GAP_LINE.split(text)
        labels = [
            part
            for piece in pieces
            for part in re.split(r"\t+| {4,}", piece)
            if part.strip(" .:\t\n")
        ]
        if not labels:
            control = controls[0] if controls else None
            words, self.question = self.question or (control.name if control else ""), ""
            if words:
                self.add(guess_field(words, "a place to answer follows it", control))
            return True
        self.ask_question()
        for at, label in enumerate(labels):
            control = controls[at] if at < len(controls) else None
            if (
                at == len(labels) - 1
                and at
                and not GAP_LINE.search(text[text.rindex(label) :])
                and not control
            ):
                self.waiting.append(label.strip())
                continue
            self.add(
                guess_field(
                    label,
                    "a line to write on follows it" if not control else "a control follows it",
                    control,
                )
            )
        return True


def _card(section: FormSectionDraft) -> tuple[str, tuple[str, ...]] | None:
    """What a part that comes again is called, and what it asks; None where it is no such part."""
    match = _CARD.fullmatch(section.title.rpartition(": ")[2])
    if match is None or section.table or not section.fields or len(section.fields) > 10:
        return None
    return match["what"].strip(" –—-:"), tuple(one.label for one in section.fields)


def _is_gap(paragraph: SourceParagraph) -> bool:
    """Whether a paragraph is nothing but a line to write on, or blank."""
    return not GAP_LINE.sub("", paragraph.text).strip() and not paragraph.controls


def _is_blank(block: SourceBlock) -> bool:
    return isinstance(block, SourceParagraph) and not block.words and not block.controls
