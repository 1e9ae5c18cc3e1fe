"""The command that names every mistake in the content."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from formulary.cli.output import CONTENT_HAS_ERRORS, FINE, print_data, print_problems
from formulary.pipeline import content
from formulary.problems import errors_in


def run(options: argparse.Namespace, root: Path) -> int:
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
            f"{sum(p.kind.severity == severity for p in problems)} {name}"
            for severity, name in (("error", "errors"), ("warning", "warnings"), ("info", "notes"))
        ]
        print(f"{', '.join(counts)}, {len(findings.accepted)} accepted")
    return CONTENT_HAS_ERRORS if errors_in(problems) else FINE
