"""Workflow files: their path goes in, what their public JSON Schema or zizmor says comes out.

The schemas are those of the JSON Schema Store, as the package check-jsonschema carries them;
zizmor looks for what is unsafe, offline.
"""

import sys
from pathlib import Path

from tests.checkers import tools

BESIDE = Path(sys.executable).parent
"""Where the commands of this Python's packages stand."""


def schema_faults(file: Path, schema: str) -> str:
    """What a schema, such as “github-workflows”, says of a file; empty if it fits."""
    tools.python_module("check_jsonschema", "pip install check-jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    said = tools.run([*command, file], accept=(0, 1))
    return "" if said.strip() == "ok -- validation done" else said


def unsafe(file: Path) -> str:
    """What zizmor finds in a workflow of GitHub; empty if it finds nothing."""
    zizmor = BESIDE / "zizmor"
    if not zizmor.is_file():
        tools.missing("zizmor", "pip install zizmor")
    options = ["--offline", "--persona=pedantic", "--format=plain", "--no-progress"]
    said = tools.run([zizmor, *options, file], accept=(0, 10, 11, 12, 13, 14))
    return "" if "No findings to report" in said else said
