"""Write data as YAML as this project’s files have it: block texts, two spaces, short lines."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from formulary.content.splicing import WIDTH, write_flow, write_scalar

_GLUE = "\x00"
"""Keeps what is between curly brackets in one line."""

_TEXTS = frozenset(("summary", "text", "closing", "intro"))
"""Keys whose value may have several lines."""
_LIST_LINE = re.compile(r"\s*(?:[-+*] |\d{1,9}[.)] |\([a-z]{1,5}\) |\||#|>)")


def yaml_lines(data: Mapping[str, Any], indent: int = 0) -> Iterator[str]:
    """A mapping as lines. Keys without a value are left away."""
    for key, value in data.items():
        lead = f"{' ' * indent}{key}:"
        if value is None or value in ("", [], {}):
            continue
        if isinstance(value, Mapping):
            yield lead
            yield from yaml_lines(value, indent + 2)
        elif key == "clauses" and isinstance(value[0], str):
            yield f"{lead} {write_flow(value)}"
        elif isinstance(value, list | tuple):
            yield lead
            yield from yaml_entries(value, indent + 2)
        elif key in _TEXTS and _is_block(value, WIDTH - len(lead)):
            yield f"{lead} |-"
            yield from _block(value, indent + 2)
        else:
            yield f"{lead} {write_scalar(value)}"


def yaml_entries(values: Iterable[Any], indent: int) -> Iterator[str]:
    """A list as lines, a dash before the first of each entry."""
    pad = " " * indent
    for value in values:
        if isinstance(value, Mapping):
            first, *others = yaml_lines(value, indent + 2)
        elif isinstance(value, list | tuple):
            first, *others = yaml_entries(value, indent + 2)
        else:
            first, others = write_scalar(value), []
        yield f"{pad}- {first.lstrip()}"
        yield from others


def _is_block(text: str, room: int) -> bool:
    """Whether a text needs lines of its own, or reads better so than with its signs escaped."""
    return "\n" in text or len(text) >= room or '"' in write_scalar(text)


def _block(text: str, indent: int) -> Iterator[str]:
    """The lines of a text, wrapped; lines of lists and tables keep their lines."""
    room = " " * indent
    for part in text.split("\n"):
        if not part:
            yield ""
        yield from (f"{room}{line}" for line in _wrap(part, WIDTH - indent) if part)


def _wrap(line: str, width: int) -> list[str]:
    start = line[: len(line) - len(line.lstrip())]
    if line.lstrip().startswith("|"):
        return [line]
    match = re.match(r"\s*(?:[-+] |\d{1,9}[.)] |\([a-z]{1,5}\) )", line)
    hang = " " * (len(match[0]) if match else len(start))
    hard = line.endswith("\\")
    kept = re.sub(r"\{\{.*?\}\}", lambda found: found[0].replace(" ", _GLUE), line.strip())
    wrapped = textwrap.wrap(
        kept,
        width=width - len(start) - hard,
        subsequent_indent=hang[len(start) :],
        break_long_words=False,
        break_on_hyphens=False,
    )
    safe: list[str] = []
    for at, glued in enumerate(wrapped):
        part = glued.replace(_GLUE, " ")
        if at and _LIST_LINE.match(part):  # the line above takes it, so that it begins no list
            safe[-1] = f"{safe[-1]} {part.strip()}"
        else:
            safe.append(part)
    return [start + part for part in safe]
