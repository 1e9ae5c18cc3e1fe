"""Write YAML as this project's files have it: block texts, two spaces, a hundred columns."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence

WIDTH = 100

_GLUE = "\x00"
"""Keeps what is between curly brackets in one line."""

_PLAIN = re.compile(r"[A-Za-z][\w ,’'“”()/&.+–;!?-]*[\w)’”.!?]|[A-Za-z]")
_WORDS_OF_YAML = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])
_LIST_LINE = re.compile(r"\s*(?:[-+*] |\d{1,9}[.)] |\([a-z]{1,5}\) |\||#|>)")


def scalar(text: str) -> str:
    """A value in one line, in quotation marks where YAML would read it as something else."""
    if (
        _PLAIN.fullmatch(text)
        and text.lower() not in _WORDS_OF_YAML
        and " #" not in text
        and ": " not in text
    ):
        return text
    return json.dumps(text, ensure_ascii=False)


def block(key: str, text: str, indent: int) -> list[str]:
    """`key: |-` and the text below it, wrapped; lines of lists and tables keep their lines."""
    room = " " * (indent + 2)
    lines = [f"{' ' * indent}{key}: |-"]
    for part in text.split("\n"):
        if not part:
            lines.append("")
            continue
        for line in _wrap(part, WIDTH - len(room)):
            lines.append(f"{room}{line}")
    return lines


def comment(lines: Sequence[str], indent: int = 0) -> list[str]:
    return [f"{' ' * indent}# {line}".rstrip() for line in lines]


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
