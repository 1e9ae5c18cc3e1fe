"""The formats that forms and policies are written in; a new one is one line more here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from formulary.formats.pdf.blank import write_blank as write_pdf_blank
from formulary.formats.pdf.policy import write_policy as write_pdf_policy
from formulary.formats.word.blank import write_blank as write_word_blank
from formulary.formats.word.policy import write_policy as write_word_policy
from formulary.model.blank import Blank
from formulary.model.paper import Paper


@dataclass(frozen=True)
class Format:
    """A format that forms and policies are written in; writers take the house templates' folder."""

    name: str
    ending: str
    write_blank: Callable[[Blank, Path], bytes]
    write_policy: Callable[[Paper, Path], bytes]


FORMATS = (
    Format("Word", "docx", write_word_blank, write_word_policy),
    Format("PDF", "pdf", write_pdf_blank, write_pdf_policy),
)
