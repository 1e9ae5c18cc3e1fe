"""The formats that forms and policies are written in; a new one is one line more here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from formulary.content.source import Document
from formulary.documents.blank import Blank
from formulary.documents.filling import Prepared
from formulary.documents.paper import Paper
from formulary.formats.pdf.custom_template import find_barriers
from formulary.formats.pdf.document import count_pages
from formulary.formats.pdf.form import draw_blank as draw_pdf_blank
from formulary.formats.pdf.form import preflight as preflight_pdf
from formulary.formats.pdf.form import write_blank as write_pdf_blank
from formulary.formats.pdf.plan import plan_of as plan_pdf
from formulary.formats.pdf.policy import write_policy as write_pdf_policy
from formulary.formats.pdf.prefill import prepare as prepare_pdf
from formulary.formats.pdf.reader import read_for as read_pdf
from formulary.formats.web.script import write_payload
from formulary.formats.word.form import preflight as preflight_word
from formulary.formats.word.form import write_blank as write_word_blank
from formulary.formats.word.plan import plan_of as plan_word
from formulary.formats.word.policy import write_policy as write_word_policy
from formulary.formats.word.prefill import prepare as prepare_word
from formulary.formats.word.reader import read_for as read_word
from formulary.problems import Problem
from formulary.returns.submission import BlankFor, Submission


@dataclass(frozen=True)
class Format:
    """A format that forms and policies are written in; writers take the house templates' folder."""

    name: str
    ending: str
    write_blank: Callable[[Blank, Path], bytes]
    write_policy: Callable[[Paper, Path], bytes]
    prepare: Callable[[bytes, Blank], Prepared]
    """Takes a blank that was written, and makes it ready to be copied for many people."""
    preflight: Callable[[Blank, Path, Document | None], tuple[Problem, ...]]
    """What is wrong with the organisation's own document for a form; nothing where it has none."""
    read: Callable[[bytes, BlankFor, Path], Submission]
    """Reads a form that came back, made with the templates of a folder; raises CannotRead."""
    write_script: Callable[[bytes, Blank], bytes]
    """Takes a blank that was written; gives the script with which a page in the browser fills it.
    Raises ValueError for a document that cannot be filled there."""
    pages: Callable[[bytes], int] | None = None
    """Counts the pages of a file; None where only the reader's program lays it out."""
    barriers: Callable[[bytes], tuple[str, ...]] | None = None
    """What keeps readers out of a file that is made of an organisation's own document, in words;
    what the house templates make keeps out nobody. None where nothing can be told."""
    draw_blank: Callable[[Blank, Path], bytes] | None = None
    """Draws the first page of a form as PNG; None where only the reader's program lays it out."""


def _write_word_script(data: bytes, blank: Blank) -> bytes:
    return write_payload("word", plan_word(data, blank))


def _write_pdf_script(data: bytes, blank: Blank) -> bytes:
    return write_payload("pdf", *plan_pdf(data, blank))


def _read_pdf(data: bytes, blank_for: BlankFor, house: Path) -> Submission:
    return read_pdf(data, blank_for)


FORMATS = (
    Format(
        "Word",
        "docx",
        write_word_blank,
        write_word_policy,
        prepare_word,
        preflight_word,
        read_word,
        _write_word_script,
    ),
    Format(
        "PDF",
        "pdf",
        write_pdf_blank,
        write_pdf_policy,
        prepare_pdf,
        preflight_pdf,
        _read_pdf,
        _write_pdf_script,
        count_pages,
        find_barriers,
        draw_pdf_blank,
    ),
)
