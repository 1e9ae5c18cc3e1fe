"""What each way of comparing words ignores, and what an error of the system tells a person."""

from __future__ import annotations

import errno
from pathlib import Path

from formulary.system_errors import describe_system_error
from formulary.words import comparison_key, normalise, one_line


def test_each_way_of_comparing_ignores_more_than_the_one_before() -> None:
    assert one_line(" Ann\n  Ng ") == "Ann Ng" != one_line("ann ng")
    assert normalise("ANN\tNg") == normalise("ann ng") != normalise("Ann-Ng")
    assert comparison_key("Élan-Vital") == comparison_key("elan vital")


def test_an_error_of_the_system_names_the_file_and_the_remedy() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "there")
    assert describe_system_error(full).startswith("there cannot be read or written: No space left")
    said = describe_system_error(full, Path("here"), continues=True)
    assert said.startswith("here cannot") and "Make room on the disk." in said
    assert said.endswith("it goes on where it was.")
