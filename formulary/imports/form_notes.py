"""The parts and questions of a Word form, as they are found one after the other."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from formulary.imports.blocks import SourceBlock, SourceDocument, paragraphs_in
from formulary.imports.form_labels import (
    ENDS_SO,
    MOST_LABEL,
    ROOM,
    FieldDraft,
    FormSectionDraft,
    TableDraft,
    choice,
    guess_field,
    kind_of_choice,
    parse_boxes,
)
from formulary.imports.headings import body_size
from formulary.imports.lines import Line


class FormNotes(ABC):
    """What was found so far. Words that ask nothing wait until it is known whose hint they are."""

    def __init__(self, document: SourceDocument) -> None:
        self.document = document
        self.title = ""
        self.sections: list[FormSectionDraft] = []
        self.waiting: list[str] = []
        """Words after the questions of a section: a hint of the next one, if there is one."""
        self.question: str = ""
        """A line that asks something, and whose place to answer is still to come."""
        self.blanks = 0
        self.values = 0
        self.under = self.was_under = False
        """Whether a line to write on was read whose label is below it."""
        flat = [Line(p) for p in paragraphs_in(document.blocks)]
        self.body = body_size(flat)

    @abstractmethod
    def block(self, block: SourceBlock) -> None:
        """Read a paragraph or a table."""

    @property
    def section(self) -> FormSectionDraft:
        if not self.sections:
            self.sections.append(FormSectionDraft(""))
        return self.sections[-1]

    def begin(self, title: str) -> None:
        self.ask_question()
        self.flush_waiting()
        last = self.sections[-1] if self.sections else None
        if last and last.title and not (last.fields or last.table or last.intro):
            last.title = f"{last.title}: {title}"
        else:
            self.sections.append(FormSectionDraft(title))

    def begin_table(self, table: TableDraft) -> None:
        self.ask_question()
        if self.section.fields or self.section.table:
            is_title = self.waiting and len(self.waiting[-1].split()) <= 8
            title = self.waiting.pop().rstrip(":") if is_title else ""
            self.flush_waiting()
            self.sections.append(FormSectionDraft(title))
        self.section.table = table

    def add(self, found: FieldDraft) -> None:
        if self.section.table is not None:
            self.sections.append(FormSectionDraft(""))
        if self.waiting:
            hint = " ".join(self.waiting)
            if len(hint) <= MOST_LABEL and not found.hint:
                found.hint = hint
                self.waiting = []
            else:
                self.flush_waiting()
        self.section.fields.append(found)

    def say(self, words: str) -> None:
        """Words that ask nothing."""
        if not self.section.fields and self.section.table is None:
            self.section.intro.append(words)
        else:
            self.waiting.append(words)

    def flush_waiting(self) -> None:
        for words in self.waiting:
            why = "It asks nothing, and comes after the questions of its part."
            self.document.leave("text between questions", words, self.section.title, why)
        self.waiting = []

    def ask_question(self) -> None:
        """The line that is waiting was a question: its answer is as long as the room below it."""
        if self.question:
            words, self.question = self.question, ""
            if self.blanks or words.rstrip().endswith((":", "?")):
                lines = min(30, max(self.blanks, 1))
                self.add(guess_field(words, ROOM if self.blanks else ENDS_SO, lines=lines))
            else:
                self.say(words)
        self.blanks = 0

    def hold_question(self) -> None:
        """A line above a table introduces it."""
        if self.question:
            words, self.question = self.question, ""
            self.blanks = 0
            self.say(words)

    def boxes(self, text: str, label: str = "", hint: str = "") -> None:
        """A line with boxes: a choice, or one thing to tick."""
        found = parse_boxes(text)
        if found is None:
            return
        lead, options, ticked = found
        lead, label = lead.strip(" :"), label.strip(" :")
        self.values += ticked
        question = (label or lead or self.question).strip(" :")
        if lead and label and lead != label:
            question = f"{label}: {lead}"
        last = self.section.fields[-1] if self.section.fields else None
        if not question and last and last.why == "boxes" and last.kind in ("choice", "yes-no"):
            last.options += tuple(filter(None, options))  # the same group, on the next line
            last.kind = kind_of_choice(last.options)
            return
        if lead or label:
            self.ask_question()
        self.question = ""
        if len(options) == 1 and not (question and options[0]):
            asked = FieldDraft(question or options[0] or "Tick", "checkbox", "a box is beside it")
        else:
            asked = choice(question or "Choose", options)
        asked.hint = " ".join(filter(None, (asked.hint, hint)))
        self.add(asked)

    def deletion(self, match: re.Match[str], label: str = "") -> None:
        """Options of which all but one are crossed out."""
        lead, options = match["lead"].strip(" :*"), [o.strip() for o in match["options"].split("/")]
        head, _, first = options[0].rpartition(" ")
        if head and not match["lead"].rstrip().endswith((":", "?")) and not label:
            lead, options[0] = f"{lead} {head}".strip(), first  # no sign parts it from the question
        question = label or lead or self.question
        if not (label or lead):
            self.question = ""
        self.ask_question()
        said = match[0][match.end("options") :].strip(" *")
        self.leave_value(said, question, "It has options to choose from.")
        self.add(choice(question or "Choose", options))

    def leave_value(
        self, words: str, where: str, why: str = "It seems to be an answer, or an explanation."
    ) -> None:
        if words:
            self.document.leave("words beside a question", words, where[:60], why)
