"""The command that names every mistake in the content."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from formulary.cli.output import CONTENT_HAS_ERRORS, FINE, print_data, print_problems
from formulary.pipeline import content
from formulary.problems import errors_in
from formulary.project import project_at
from formulary.words import count_of

ORIGINS = {
    "project": "your project",
    "product": "Formulary",
    "both": "your project, laid over Formulary's",
}


def run(options: argparse.Namespace, root: Path) -> int:
    if options.sources:
        return _print_sources(root, as_data=options.json)
    findings = content.check(root, datetime.date.today(), options.org or ())
    problems = findings.problems
    if options.json:
        accepted = [
            {**found.problem.as_data(), "because": found.because} for found in findings.accepted
        ]
        data = {"problems": [problem.as_data() for problem in problems], "accepted": accepted}
        print_data(data)
    else:
        print_problems(problems, sys.stdout)
        for found in findings.accepted:
            problem, because = found.problem, " ".join(found.because.split())
            print(f"{problem.place}: accepted {problem.kind.code}: {problem.message}. {because}")
        counts = [
            count_of(sum(p.kind.severity == severity for p in problems), name)
            for severity, name in (("error", "error"), ("warning", "warning"), ("info", "note"))
        ]
        print(f"{', '.join(counts)}, {len(findings.accepted)} accepted")
    return CONTENT_HAS_ERRORS if errors_in(problems) else FINE


def _print_sources(root: Path, *, as_data: bool) -> int:
    project = project_at(root)
    sources = tuple(project.sources())
    if as_data:
        print_data([{"path": path.as_posix(), "from": origin} for path, origin in sources])
        return FINE
    for path, origin in sources:
        print(f"{path.as_posix()}: {ORIGINS[origin]}")
    if not project.is_product:
        print(f"Formulary's files are in {project.product}")
        print("To change one, copy it to the same path in your project, and change the copy.")
    return FINE
