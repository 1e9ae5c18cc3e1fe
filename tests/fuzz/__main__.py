"""The command line of the fuzzers."""

from __future__ import annotations

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import tests.fuzz
from tests.fuzz.running import blindly, guided
from tests.fuzz.target import Target

MODULES = {
    "files": ("files", ["formulary", "oxmsg"]),
    "loader": ("loader", ["formulary"]),
    "staff": ("staff", ["formulary", "openpyxl"]),
    "word": ("readers", ["formulary"]),
    "pdf": ("readers", ["formulary", "pypdf"]),
}
"""The module of each target, and the packages whose branches guide the search."""


def main() -> int:
    """Fuzz one target by the words of the command line; 1 where faults were found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=tests.fuzz.__doc__)
    parser.add_argument("target", choices=MODULES)
    parser.add_argument("--seconds", type=int, default=60, help="how long to run (60)")
    parser.add_argument("--work", type=Path, default=Path("build") / "fuzz", help="its folder")
    parser.add_argument("--seed", type=int, default=0, help="0 for another one each time")
    parser.add_argument("--blind", action="store_true", help="do without atheris")
    options = parser.parse_args()
    work = options.work / options.target
    module, packages = MODULES[options.target]
    atheris = None if options.blind else _atheris()
    with _instrumented(atheris, packages):
        target: Target = import_module(f"tests.fuzz.{module}").TARGETS[options.target]
        attempt = target.make()
    if atheris is None:
        return blindly(target, attempt, work, options.seconds, options.seed)
    guided(atheris, target, attempt, work, options.seconds, options.seed)
    return 0


def _atheris() -> Any:
    """The library, where it is there."""
    try:
        return import_module("atheris")
    except ImportError:
        print("Without atheris, as with --blind.", file=sys.stderr)
        return None


def _instrumented(atheris: Any, packages: list[str]) -> AbstractContextManager[object]:
    if atheris is None:
        return nullcontext()
    found = atheris.instrument_imports(include=packages, enable_loader_override=False)
    return cast(AbstractContextManager[object], found)


if __name__ == "__main__":
    sys.exit(main())
