"""What the writers and the reader of PDF forms agree on: ids, check box states, the stamp.

A field's name (`/T`) is the question's id, so nothing needs to be looked up on the way back.
"""

from __future__ import annotations

from collections.abc import Mapping

from formulary.documents.stamp import CARRIED, PERSON, Stamp
from formulary.returns.submission import Identity, identity_from

FIELD_SCHEME = "field:"
"""In a typeset form an answer is a link with this scheme and the question's id."""

TICKED = "/Yes"
NOT_TICKED = "/Off"
"""The appearance states of a check box (ISO 32000-2, 12.7.5.2.3)."""

TICKED_VALUE = "yes"
"""How a question's value says that its box is ticked."""

FIELD_FONT = "/SourceSans"
"""The name of the field font: in drawings it is the font of all our letters, and in the form's
`/DR` a simple one over the same font file, for programs that write one byte a letter."""

PDFIUM_FONT = "/Wingdings"
"""What PDFium, which is Chrome's and Edge's viewer, is to take for the field font while one types.

It asks for each letter whether the font's character set is that of the letter's Unicode block
(`CPDF_BAFontMap`), and no embedded font but a symbol font has that of “ŵ”, “’” or “•”; by this name
it takes a font for a symbol font. It reads the first `Tf` of a `/DA`, those that carry the string
out keep the last. Empty switches this off; then such letters are drawn in fonts of the computer.
"""

DRAWING_FONTS = tuple(filter(None, (FIELD_FONT, PDFIUM_FONT)))
"""The names of the font with all our letters in the resources of every drawing."""

CONTINUATION = "/FormularyContinuation"
"""The entry of a page that continues answers: each that begins there, by its question's id, as it
was when the page was made."""

INFO_PERSON, INFO_CARRIED = f"/{PERSON}", f"/{CARRIED}"
"""The keys of the person's id and of the mark of what was carried into a copy.

They and the stamp are custom entries of the document information (ISO 32000-2, 14.3.3), and stay
out of the XMP metadata, which PDF/UA-1 (7.1) asks only for its own mark and the title.
"""


def stamp_entries(stamp: Stamp) -> dict[str, str]:
    """The entries of the document information that carry the stamp."""
    return {f"/{name}": value for name, value in stamp.properties.items()}


def read_identity(entries: Mapping[str, str]) -> Identity | None:
    """What a document's information says of it; None where it holds no whole stamp."""
    return identity_from({key.removeprefix("/"): value for key, value in entries.items()})


def continuation_note(page: int) -> str:
    """What a box says at its end where its answer continues on a page behind the form, from 1."""
    return f"… see Continuation {page}"


def state_of(option: str) -> str:
    """The appearance state of the button of a choice (ISO 32000-2, 12.7.5.2.4)."""
    return f"/{option}"


def option_of(state: str) -> str:
    """The choice that a button's state means; empty where none is chosen."""
    return "" if state == NOT_TICKED else state.removeprefix("/")


def tooltip(title: str, written: str = "") -> str:
    """A field's tooltip (`/TU`): the visible label, and how the answer is written."""
    return f"{title} ({written})" if written else title
