"""The command that imports a Word policy and forms."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from formulary.cli.output import CONTENT_HAS_ERRORS, FINE, print_problems
from formulary.imports.organisation_yaml import NewOrganisation
from formulary.imports.policy import ImportedPolicy
from formulary.pipeline.import_documents import Import, import_documents, import_forms
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
    for path in done.files:
        print(path.as_posix())
    _describe(done)
    errors = errors_in(done.problems)
    if errors:
        print_problems(errors, sys.stderr)
        return CONTENT_HAS_ERRORS
    print(f"It builds as it is. Read {done.report.as_posix()} first, in a browser.")
    print(f"Then: {COMMAND} check --org {options.org}, and {COMMAND} --org {options.org}")
    return FINE


def _describe(done: Import) -> None:
    """Print what was taken, and what to look at."""
    if done.policy is not None:
        _describe_policy(done.policy)
    else:
        count = "One form was" if len(done.forms) == 1 else f"{len(done.forms)} forms were"
        print(f"{count} added. The policy and the other files are as before.")
    for form in done.forms:
        print(f"“{form.title}”: {form.questions} questions.")
        if form.is_filled:
            print(f"{form.source} seems to be filled in. Import the blank form instead.")
    count = sum(1 for _ in done.proposals.all())
    if count:
        print(f"{count} facts are proposed, behind # in organisation.yaml and cycle.yaml.")
    if done.replaced:
        print(f"What was there before is in {done.replaced.as_posix()}.")


def _describe_policy(policy: ImportedPolicy) -> None:
    clauses = sum(1 for _ in policy.draft.clauses())
    print(
        f"“{policy.draft.cover.title}”: {len(policy.draft.sections)} sections, {clauses} clauses."
    )
    words = policy.words
    print(
        f"Of {words.total:,} words, {words.taken:,} are in policy.yaml. The report lists the other "
        f"{words.total - words.taken:,}."
    )
    if policy.differences:
        print(
            f"{len(policy.differences)} numbers are not as in the document. The report lists them."
        )
    elif policy.numbers:
        print(f"All {policy.numbers} numbers are as in the document.")
