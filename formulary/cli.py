"""Arguments and progress: the only place where an error becomes a message and an exit code."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from formulary import __version__, pipeline
from formulary.adopt import NEXT_STEPS, Adopter, new_group
from formulary.formats.handbook.downloads import size_in_words
from formulary.problems import ContentError, OutputError, Problem, UsageError, errors_in

FINE, CONTENT_HAS_ERRORS, WRONG_USAGE, COULD_NOT_WRITE = 0, 1, 2, 3
STOPPED = 130
"""What a shell expects of a command that was stopped with Ctrl-C."""

EPILOG = """\
examples
  python build.py                       make everything into site/
  python build.py --org pclc            one organisation only
  python build.py --year 2027           next year's edition, every date moved
  python build.py check                 name every mistake in the content, make nothing
  python build.py serve                 look at the handbook while you edit it

exit codes
  0  all is well                        2  the command was not understood
  1  the content has errors             3  something could not be read or written
"""


def main(arguments: Sequence[str], root: Path) -> int:
    """Run one command on the project folder `root`; gives the exit code."""
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:  # argparse has printed the help or the mistake
        return int(stop.code or 0)
    try:
        return int(options.run(options, root))
    except ContentError as error:
        _print_problems(error.problems, sys.stderr)
        return CONTENT_HAS_ERRORS
    except UsageError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return WRONG_USAGE
    except OutputError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return COULD_NOT_WRITE
    except KeyboardInterrupt:
        print("build.py: stopped; site/ is as it was", file=sys.stderr)
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description=(
            "Make the blank forms, the policy and the handbook from the YAML of content/ and forms/"
        ),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Formulary {__version__}")
    _choices(parser)
    parser.set_defaults(run=_build)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    build = commands.add_parser(
        "build", help="make everything into site/ (what happens without a command)"
    )
    _choices(build, again=True)
    check = commands.add_parser("check", help="name every mistake in the content and make nothing")
    check.add_argument("--json", action="store_true", help="print the mistakes as data")
    check.set_defaults(run=_check)
    serve = commands.add_parser(
        "serve",
        help="show the handbook in a browser, made anew whenever the YAML or a template changes",
    )
    _choices(serve, again=True)
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
    return parser


def _choices(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The options that say what to make. `again`: keep what stood before the command's name."""
    absent = argparse.SUPPRESS if again else None
    parser.add_argument(
        "--org",
        action="append",
        default=absent,
        metavar="ID",
        help="only this organisation, by the name of its folder; may be given again",
    )
    parser.add_argument(
        "--year",
        type=_year,
        default=absent,
        metavar="YEAR",
        help="the year in which the cycles start, such as 2026 (what organisation.yaml says)",
    )


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
    add("--year", type=_year, default=2026, help="the year in which the cycle starts (2026)")


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
    for path in pipeline.new(root, _adopter(options)):
        print(path.as_posix())
    print("It builds as it is. What to write next:")
    for step in NEXT_STEPS:
        print(f"  - {step}")
    print(f"Then: python build.py check, and python build.py --org {options.id}")
    return FINE


def _year(text: str) -> int:
    if not text.isdigit() or not 2000 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"“{text}” is not a year from 2000 to 2100")
    return int(text)


def _build(options: argparse.Namespace, root: Path) -> int:
    with _Display() as display:
        report = pipeline.build(root, options.org or (), options.year, display)
    _print_problems(report.warnings, sys.stderr)
    _closing_table(report)
    return FINE


def _check(options: argparse.Namespace, root: Path) -> int:
    findings = pipeline.check(root, datetime.date.today())
    problems = findings.problems
    if options.json:
        accepted = [
            {**found.problem.as_data(), "because": found.because} for found in findings.accepted
        ]
        data = {"problems": [problem.as_data() for problem in problems], "accepted": accepted}
        print(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        _print_problems(problems, sys.stdout)
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
            _print_problems(error.problems, sys.stderr)
        else:
            print(f"build.py: {error}", file=sys.stderr)

    def ready(url: str) -> None:
        print(f"The handbook is at {url} (stop with Ctrl-C)", file=sys.stderr)

    with _Display() as display:
        pipeline.serve(root, options.org or (), options.year, display, options.port, failed, ready)
    return FINE


def _schema(options: argparse.Namespace, root: Path) -> int:
    for path in pipeline.write_schemas(root):
        print(path.as_posix())
    return FINE


def _print_problems(problems: Sequence[Problem], stream: TextIO) -> None:
    for problem in problems:
        print(problem, file=stream)


class _Display:
    """Progress as a bar in a terminal, as plain lines elsewhere."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.bar: Progress | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> _Display:
        if self.console.is_terminal and os.environ.get("TERM") != "dumb":
            self.bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                console=self.console,
            )
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar:
            self.bar.stop()

    def stage(self, name: str, steps: int) -> None:
        if self.bar:
            if self.task is not None:
                self.bar.update(self.task, completed=self.bar.tasks[-1].total)
            self.task = self.bar.add_task(name, total=steps)
        else:
            print(f"{name}…", file=sys.stderr)

    def step(self, what: str) -> None:
        if self.bar and self.task is not None:
            self.bar.advance(self.task)
        else:
            print(f"  {what}", file=sys.stderr)


def _closing_table(report: pipeline.Report) -> None:
    """What was made, for whom, and how long each stage took."""
    console = Console()
    made = Table(title="Made", title_justify="left")
    for heading in ("Organisation", "Edition", "Papers", "Files", "Size"):
        made.add_column(heading, justify="right" if heading in ("Files", "Size") else "left")
    for organisation in dict.fromkeys(found.organisation for found in report.downloads):
        found = [d for d in report.downloads if d.organisation == organisation]
        forms = len({d.form for d in found}) - 1
        formats = " and ".join(dict.fromkeys(d.format for d in found))
        papers = f"the policy and {forms} forms, in {formats}"
        size = size_in_words(sum(d.bytes for d in found))
        made.add_row(organisation, found[0].edition, papers, str(len(found)), size)
    console.print(made)
    times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.seconds.items())
    console.print(f"{report.pages} pages of the handbook in site/; open site/index.html")
    console.print(f"{times}; all {sum(report.seconds.values()):.1f} s")
