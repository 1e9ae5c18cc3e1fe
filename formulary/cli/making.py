"""The commands that make the papers and the handbook, and those that touch the content only."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from formulary.adopt import NEXT_STEPS, Adopter, new_group
from formulary.cli.common import (
    CONTENT_HAS_ERRORS,
    FINE,
    Commands,
    Display,
    add_choices,
    add_jobs,
    add_open_document,
    print_data,
    print_problems,
    year,
)
from formulary.formats import opendocument
from formulary.formats.handbook.downloads import size_in_words
from formulary.pipeline import content, site
from formulary.problems import ContentError, errors_in


def add(commands: Commands) -> None:
    """Add these commands to the parser."""
    build = commands.add_parser(
        "build", help="make everything into site/ (what happens without a command)"
    )
    add_choices(build, again=True)
    add_open_document(build, again=True)
    add_jobs(build, again=True)
    check = commands.add_parser("check", help="name every mistake in the content and make nothing")
    check.add_argument("--json", action="store_true", help="print the mistakes as data")
    check.set_defaults(run=_check)
    serve = commands.add_parser(
        "serve",
        help="show the handbook in a browser, made anew whenever the YAML or a template changes",
    )
    add_choices(serve, again=True)
    add_jobs(serve, again=True)
    serve.add_argument("--port", type=int, default=8000, help="the port on this computer (8000)")
    serve.set_defaults(run=_serve)
    new = commands.add_parser(
        "new",
        help="make the folder of a new organisation, as commented YAML that builds at once",
        description="Make content/organisations/ID. What is not given is asked, in a terminal.",
    )
    _adopter_options(new)
    new.set_defaults(run=_new)
    schemas = commands.add_parser(
        "schema", help="write content/schema/, which tells editors what the YAML may hold"
    )
    schemas.set_defaults(run=_schema)


def _adopter_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("id", metavar="ID", help="the folder's name: small letters, digits and hyphens (oak-trust)")
    add("--name", help="the organisation's name")
    add("--kind", help="what it is: School, Trust, Council … (Trust)")
    add(
        "--group",
        action="append",
        metavar="GROUP",
        help="a staff group and its cycle's first day, “Teachers: 1 September”; may be given again",
    )
    add("--numbering", choices=("clauses", "paragraphs", "none"), help="how clauses are numbered")
    add("--form", action="append", metavar="FORM", help="a form that you offer; may be given again")
    add("--topic", action="append", metavar="TOPIC", help="a guidance topic; may be given again")
    add("--year", type=year, default=2026, help="the year in which the cycle starts (2026)")


FORMS = ("planning-statement", "one-to-one", "cpd-needs", "support-plan", "meeting-note")
TOPICS = ("setting-objectives", "smart", "feedback", "preparing")


def _adopter(options: argparse.Namespace) -> Adopter:
    """The answers, from the options or asked one by one."""
    asked = sys.stdin.isatty()

    def answer(given: str | None, question: str, usual: str) -> str:
        if given is None and asked:
            given = input(f"{question} [{usual}]: ").strip()
        return given or usual

    def answers(given: list[str] | None, question: str, usual: Sequence[str]) -> tuple[str, ...]:
        if given is None:
            text = answer(None, f"{question}, separated by commas", ", ".join(usual))
            given = [part.strip() for part in text.split(",") if part.strip()]
        return tuple(given)

    name = answer(options.name, "Name of the organisation", options.id.replace("-", " ").title())
    kind = answer(options.kind, "Kind: School, Trust, Council", "Trust")
    days = "Staff groups and the day each cycle starts"
    groups = answers(options.group, days, ["Staff: 1 September"])
    return Adopter(
        id=options.id,
        name=name,
        kind=kind,
        year=options.year,
        numbering=answer(options.numbering, "Numbering: clauses, paragraphs or none", "clauses"),
        groups=tuple(new_group(group) for group in groups),
        forms=answers(options.form, "Forms", FORMS),
        topics=answers(options.topic, "Guidance topics", TOPICS),
    )


def _new(options: argparse.Namespace, root: Path) -> int:
    for path in content.new(root, _adopter(options)):
        print(path.as_posix())
    print("It builds as it is. What to write next:")
    for step in NEXT_STEPS:
        print(f"  - {step}")
    print(f"Then: python build.py check, and python build.py --org {options.id}")
    return FINE


def build(options: argparse.Namespace, root: Path) -> int:
    wanted = not options.no_odt and opendocument.office() is not None
    with Display(timed=options.debug) as display:
        report = site.build(
            root,
            options.org or (),
            options.year,
            display,
            open_document=wanted,
            jobs=options.jobs,
        )
    print_problems(report.warnings, sys.stderr)
    print_problems(content.testing(root, datetime.date.today()), sys.stderr)
    for note in report.notes:
        print(f"build.py: {note}", file=sys.stderr)
    _closing_table(report)
    return FINE


def _check(options: argparse.Namespace, root: Path) -> int:
    findings = content.check(root, datetime.date.today())
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


def _serve(options: argparse.Namespace, root: Path) -> int:
    def failed(error: Exception) -> None:
        if isinstance(error, ContentError):
            print_problems(error.problems, sys.stderr)
        else:
            print(f"build.py: {error}", file=sys.stderr)

    def ready(url: str) -> None:
        print(f"The handbook is at {url} (stop with Ctrl-C)", file=sys.stderr)

    with Display(timed=options.debug) as display:
        site.serve(
            root,
            options.org or (),
            options.year,
            display,
            options.port,
            failed,
            ready,
            options.jobs,
        )
    return FINE


def _schema(options: argparse.Namespace, root: Path) -> int:
    for path in content.write_schemas(root):
        print(path.as_posix())
    return FINE


def _closing_table(report: site.Report) -> None:
    """What was made, for whom, and how long each stage took."""
    console = Console()
    made = Table(title="Made", title_justify="left")
    for heading in ("Organisation", "Edition", "Papers", "Files", "Size"):
        made.add_column(heading, justify="right" if heading in ("Files", "Size") else "left")
    for organisation in dict.fromkeys(found.organisation for found in report.downloads):
        found = [d for d in report.downloads if d.organisation == organisation]
        forms = len({d.form for d in found} - {"policy", "changes"})
        *most, last = dict.fromkeys(d.format for d in found)
        formats = f"{', '.join(most)} and {last}" if most else last
        papers = f"the policy and {forms} forms, in {formats}"
        size = size_in_words(sum(d.bytes for d in found))
        made.add_row(organisation, found[0].edition, papers, str(len(found)), size)
    console.print(made)
    times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.seconds.items())
    console.print(f"{report.pages} pages of the handbook in site/; open site/index.html")
    console.print(f"{times}; all {sum(report.seconds.values()):.1f} s")
