"""The command that imports a Word policy and forms."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from formulary.cli.output import CONTENT_HAS_ERRORS, FINE, print_files, print_problems
from formulary.imports.organisation_yaml import NewOrganisation
from formulary.pipeline.import_documents import describe_import, import_documents, import_forms
from formulary.problems import errors_in
from formulary.project import COMMAND, ORGANISATIONS


def run(options: argparse.Namespace, root: Path) -> int:
    name = options.name or options.org.replace("-", " ").title()
    today = datetime.date.today()
    if (root / ORGANISATIONS / options.org).is_dir() and not options.replace:
        done = import_forms(root, options.org, [options.policy, *options.forms], today)
    else:
        new = NewOrganisation(options.org, name, options.kind, options.year)
        done = import_documents(
            root, new, options.policy, options.forms, today, replace=options.replace
        )
    print_files(done.files)
    for line in describe_import(done):
        print(line)
    errors = errors_in(done.problems)
    if errors:
        print_problems(errors, sys.stderr)
        return CONTENT_HAS_ERRORS
    print(f"It builds as it is. Read {done.report.as_posix()} first, in a browser.")
    print(f"Then: {COMMAND} check --org {options.org}, and {COMMAND} --org {options.org}")
    return FINE
