"""Where the outside tools stand on this machine, and what a test does where one is missing.

A missing tool skips the test with a line that says what to install; with FORMULARY_NO_SKIP=1 in
the environment, as in CI, it fails the test instead.
"""

import importlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

HERE = Path(__file__).resolve().parent
NODE_MODULES = HERE / "node_modules"


class ToolError(RuntimeError):
    """An outside program broke off, or answered with something that it should not."""


def missing(tool: str, remedy: str) -> NoReturn:
    """Skip the running test, saying that `tool` is not there and that `remedy` brings it.

    Fails the test instead where FORMULARY_NO_SKIP is 1.
    """
    message = f"{tool} is missing: {remedy}"
    if os.environ.get("FORMULARY_NO_SKIP") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def program(name: str, remedy: str) -> str:
    """The full path of a program on PATH, or `missing`."""
    return shutil.which(name) or missing(name, remedy)


def python_module(name: str, remedy: str) -> Any:
    """An imported module of Python, or `missing`. Typed Any: few of these packages are typed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        missing(name, remedy)


def node_module(name: str) -> Path:
    """The folder of an npm package under tests/checkers/node_modules, or `missing`."""
    folder = NODE_MODULES / name
    if not folder.is_dir():
        missing(f"npm package {name}", "run `npm ci` in tests/checkers")
    return folder


def node_version(name: str) -> str:
    """The version of an npm package under tests/checkers/node_modules, or `missing`."""
    described = json.loads((node_module(name) / "package.json").read_text(encoding="utf-8"))
    return str(described["version"])


def cache() -> Path:
    """A folder of this user's, outside the repository, that keeps compiled things between runs.

    Raises ToolError where somebody else owns the folder of that name.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"formulary-checkers-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != user:
        raise ToolError(f"{folder} belongs to somebody else; remove it")
    return folder


def run(
    command: Sequence[str | Path],
    *,
    stdin: str = "",
    timeout: float = 300,
    accept: Sequence[int] = (0,),
) -> str:
    """What a program wrote to standard output, as UTF-8.

    Raises ToolError with the end of its standard error where it exits with a status outside
    `accept`, or runs longer than `timeout` seconds.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, input=stdin, capture_output=True, encoding="utf-8", timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise ToolError(f"{words[0]} ran longer than {timeout:g} seconds") from late
    if done.returncode not in accept:
        end = (done.stderr or done.stdout)[-3000:]
        raise ToolError(f"{words[0]} stopped with status {done.returncode}:\n{end}")
    return done.stdout
