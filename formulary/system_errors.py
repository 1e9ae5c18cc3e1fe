"""What an error of the operating system means for a person, and what to do about it."""

from __future__ import annotations

import errno
from pathlib import Path

_REMEDIES = {
    errno.ENOSPC: "Make room on the disk.",
    errno.EDQUOT: "Your share of the disk is used up: make room in it.",
    errno.EACCES: "If it is open in another program, close it. If not, ask for the right to use "
    "it, or name another place.",
    errno.EPERM: "Ask for the right to use it, or name another place.",
    errno.EROFS: "This disk cannot be written: use a place on another one.",
    errno.ENAMETOOLONG: "Use a folder with a shorter path or, for packs, a shorter --pattern.",
    errno.ENOTDIR: "A file is where a folder is needed: move it away, or name another folder.",
    errno.EEXIST: "A file is where a folder is needed: move it away, or name another folder.",
    errno.EISDIR: "A folder is where a file is needed: move it away, or name another place.",
    errno.EMFILE: "Too many files are open: close other programs.",
    errno.ENOMEM: "Close other programs.",
}
_USUAL_REMEDY = "Check that it is there and not in use."


def describe_system_error(
    error: OSError, path: Path | None = None, *, continues: bool = False
) -> str:
    """What the system refused, and what to do.

    Without `path`, the message names the files of the error itself. `continues`: the command goes
    on where it was when it is run again.
    """
    named = [str(name) for name in (error.filename, error.filename2) if name]
    what = path.as_posix() if path else " and ".join(named) or "a file, or the output,"
    reason = error.strerror or type(error).__name__
    remedy = _REMEDIES.get(error.errno or 0, _USUAL_REMEDY)
    ending = ": it carries on from where it stopped." if continues else "."
    fault = f"{what} cannot be read or written: {reason}."
    return f"{fault} {remedy} Then run the command again{ending}"
