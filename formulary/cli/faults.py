"""Say what to do about an error that nobody foresaw, and give the details that `--debug` shows.

The details can be passed on: they hold places in the code, versions and times, and nothing that a
command about people has read.
"""

from __future__ import annotations

import platform
import re
import sys
import traceback
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from formulary import __version__

OUT_OF_MEMORY = (
    "the memory of this computer does not suffice. Close other programs, or give the command "
    "less at a time: --org ID for one organisation, --jobs 1 for one process."
)


def describe_own_fault(error: BaseException, *, shown: bool) -> str:
    """Say that Formulary has a mistake, and where; `shown`: the details are above already."""
    place = _place(error)
    message = f"this is a mistake in Formulary, not in your files ({type(error).__name__}{place})."
    if shown:
        return f"{message} Send what is above to those who look after Formulary for you."
    return (
        f"{message} Everything that was there before is unchanged. Run the same command again "
        "with --debug to "
        "see everything, and send that to those who look after Formulary for you."
    )


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "formulary" in re.split(r"[/\\]", frame.filename)]
    if not ours:
        return ""
    parts = re.split(r"[/\\]", ours[-1].filename)
    start = len(parts) - 1 - parts[::-1].index("formulary")
    return f" in {'/'.join(parts[start:])}, line {ours[-1].lineno}"


def debug_lines(error: BaseException, *, about_people: bool) -> Iterator[str]:
    """Lines for `--debug`: where it happened, and which versions of what were at work.

    `about_people`: what exceptions say is left out, since it may quote a staff list or a form.
    """
    yield "What happened, the last step last:"
    for line in "".join(traceback.format_exception(error)).splitlines():
        if not about_people or _is_code(line):
            yield f"  {line}"
        elif exception := re.match(r"[\w.]+(?=:|$)", line):
            yield f"  {exception[0]}: (its words are left out: they may name people)"
    yield f"Formulary {__version__}, Python {platform.python_version()} on {platform.platform()}"
    encoding = getattr(sys.stdout, "encoding", None)
    yield f"output as {encoding}, file names as {sys.getfilesystemencoding()}"
    yield ", ".join(_versions())


def _is_code(line: str) -> bool:
    """Whether a line of a traceback names a place in the code or joins two tracebacks."""
    return bool(re.match(r'  File "|Traceback |The above exception|During handling', line))


def _versions() -> Iterator[str]:
    try:
        needed = requires("formulary-papers") or []
    except PackageNotFoundError:  # run from its folder, as by build.py
        needed = ["docxtpl", "lxml", "mkdocs", "mkdocs-material", "pydantic", "pypdf", "typst"]
    for requirement in needed:
        name = re.split(r"[^A-Za-z0-9._-]", requirement)[0]
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is not installed"
