"""Reading a Word form that came back: bytes come in, a `Submission` goes out.

Most returns are in order and are read quickly; any other is read with care, which may say what is
the matter with it.
"""

from __future__ import annotations

from formulary.formats.word.careful import identify_carefully, read_carefully
from formulary.formats.word.parts import parts_of
from formulary.formats.word.quick import read_quick
from formulary.model.blank import Blank
from formulary.model.submission import BlankFor, Identity, Submission


def identify(data: bytes) -> Identity:
    """What a Word file says of itself. Raises CannotRead where it is no form of ours."""
    return identify_carefully(parts_of(data))


def read(data: bytes, blank: Blank) -> Submission:
    """The answers of a Word file to the questions of `blank`.

    Raises CannotRead where no answer can be told from the file.
    """
    return read_for(data, lambda _: blank)


def read_for(data: bytes, blank_for: BlankFor) -> Submission:
    """The answers of a Word file to the questions of the blank that it says to have come from.

    Raises CannotRead as `read` does, or what `blank_for` raises.
    """
    parts = parts_of(data)
    return read_quick(parts, blank_for) or read_carefully(parts, blank_for)
