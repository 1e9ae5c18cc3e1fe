"""The command line: every command with its options; what a command needs is imported by none here.

A command's work is done by `run(options, root)` in the module of `formulary.cli` that is named
beside it. It gives the exit code, or nothing where all is well.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from formulary import __version__, defaults
from formulary.cli.values import (
    number_reader,
    read_day,
    read_formats,
    read_jobs,
    read_sample,
    read_server,
    read_threshold,
    read_year,
    usual_jobs,
)
from formulary.project import COMMAND, PROGRAM

Commands = Any
"""What `argparse` gives for adding commands; it has no public type."""

EPILOG = f"""\
examples
  {COMMAND}                       make everything into site/
  {COMMAND} --org oak-trust       one organisation only
  {COMMAND} --year 2027           next year's edition, every date moved
  {COMMAND} new oak-trust         make the folder of a new organisation
  {COMMAND} check                 list every mistake in the content, make nothing
  {COMMAND} edit                  change it in a browser
  {COMMAND} serve                 look at the handbook while you edit the files
  {COMMAND} bundle                one zip of it all, for a USB stick

exit codes
  0  all is well                        2  the command was not understood
  1  the content has errors             3  something could not be read or written
  4  a mistake in Formulary itself: run the same command with --debug, and send what it shows
"""

NOTHING_CHANGED = "stopped. Everything that was there before is unchanged"
GOES_ON = "Run the same command again: it carries on from where it stopped."
FILES_ARE_WHOLE = f"stopped. Every file that is there is whole. {GOES_ON}"


def command_line() -> argparse.ArgumentParser:
    """The parser of all commands; what it gives holds `module`, the name of the command's module.

    `about_people` says whether the command reads what is known of people, and `stopped` what is
    said to a user who stops it with Ctrl-C.
    """
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description=(
            "Make the blank forms, the policy and the handbook from the YAML of content/ and forms/"
        ),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Formulary {__version__}")
    _add_choices(parser)
    _add_jobs(parser)
    parser.set_defaults(module="build", about_people=False, stopped=NOTHING_CHANGED)
    _add_debug(parser, default=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (
        _add_build,
        _add_check,
        _add_serve,
        _add_edit,
        _add_new,
        _add_import,
        _add_take_back,
        _add_schema,
        _add_upgrade,
        _add_restore,
        _add_changes,
        _add_keep_edition,
        _add_next_year,
        _add_bundle,
        _add_packs,
        _add_collect,
        _add_roll,
        _add_send,
        _add_person,
    ):
        add(commands)
    for command in commands.choices.values():
        _add_debug(command, default=argparse.SUPPRESS)
    return parser


# ---- The commands, in the order of the help ----


def _add_build(commands: Commands) -> None:
    parser = commands.add_parser(
        "build", help="make everything into site/ (what happens without a command)"
    )
    _add_choices(parser, again=True)
    _add_jobs(parser, again=True)


def _add_check(commands: Commands) -> None:
    parser = commands.add_parser(
        "check",
        help="list every mistake in the content and make nothing",
        description=(
            "List every mistake in the content and make nothing. With --org: those in the files of "
            "that organisation, in the forms that it offers, and in what all share."
        ),
    )
    _add_organisations(parser, again=True)
    parser.add_argument("--json", action="store_true", help="print the mistakes as data")
    parser.add_argument(
        "--sources",
        action="store_true",
        help="list the forms, house documents, library files, theme and settings that a build "
        "uses: which are the project's own, and which are Formulary's",
    )
    parser.set_defaults(module="check")


def _add_serve(commands: Commands) -> None:
    parser = commands.add_parser(
        "serve",
        help="show the handbook in a browser, made again whenever the YAML or a template changes",
    )
    _add_choices(parser, again=True)
    parser.add_argument("--port", type=int, default=8000, help="the port on this computer (8000)")
    parser.set_defaults(module="edit", pencils=False, browser=False)


def _add_edit(commands: Commands) -> None:
    parser = commands.add_parser(
        "edit",
        help="change the words, dates and numbers of the handbook in a browser",
        description=(
            "Open the handbook in a browser on this computer, with a pencil on each text. What you "
            "save is written into the YAML files; comments and all other lines stay as they are."
        ),
    )
    parser.add_argument("--year", type=read_year, help="the year in which the cycles start")
    parser.add_argument("--port", type=int, default=8001, help="the port on this computer (8001)")
    parser.add_argument(
        "--no-browser", dest="browser", action="store_false", help="only print the address"
    )
    parser.add_argument(
        "--no-commit",
        dest="commit",
        action="store_false",
        help="do not commit each save, where the folder is under git",
    )
    parser.set_defaults(module="edit", pencils=True, org=None)


def _add_new(commands: Commands) -> None:
    parser = commands.add_parser(
        "new",
        help="make the folder of a new organisation, as commented YAML that builds at once",
        description="Make content/organisations/ID. In a terminal, it asks for anything that you "
        "leave out.",
    )
    add = parser.add_argument
    add("id", metavar="ID", help="the folder's name: small letters, digits and hyphens (oak-trust)")
    add("--name", help="the organisation's name")
    add(
        "--from",
        dest="start",
        metavar="ORG",
        help="start from this organisation of the project (in Formulary's source: an example too)",
    )
    add("--kind", help="what it is: School, Trust, College, Council … (Trust)")
    add("--process", help="what you call it, such as appraisal (performance management)")
    add("--pay", choices=("yes", "no"), help="whether a decision on pay follows the review (no)")
    add(
        "--ratings",
        metavar="LEVELS",
        help="rating levels, the best first: “Exceeded, Met, Not met”",
    )
    add("--stages", metavar="STAGES", help="career stages: “Early, Established, Leading”")
    add(
        "--group",
        action="append",
        metavar="GROUP",
        help="a staff group and its cycle's first day, “Teachers: 1 September”; may be repeated",
    )
    add("--numbering", choices=("clauses", "paragraphs", "none"), help="how clauses are numbered")
    add("--form", action="append", metavar="FORM", help="a form that you offer; may be repeated")
    add("--topic", action="append", metavar="TOPIC", help="a guidance topic; may be repeated")
    add("--year", type=read_year, default=2026, help="the year in which the cycle starts (2026)")
    parser.set_defaults(module="new")


def _add_import(commands: Commands) -> None:
    parser = commands.add_parser(
        "import",
        help="make the folder of a new organisation from its Word policy and its Word forms",
        description=(
            "Read a policy that was written in Word, and make content/organisations/ID of it: its "
            "sections, clauses, lists, tables and numbers. Forms in Word become forms/*.yaml. "
            "If the organisation already exists, only forms are added to it. "
            "import-report.html says what was imported, what was not, and what to look at first."
        ),
    )
    add = parser.add_argument
    add(
        "policy",
        metavar="POLICY",
        type=Path,
        help="the policy, a Word document (.docx); or a form, if the organisation already exists",
    )
    add("forms", metavar="FORM", type=Path, nargs="*", help="a blank form, a Word document (.docx)")
    add("--org", required=True, metavar="ID", help="the folder's name: oak-trust")
    add("--name", default="", help="the organisation's name (made from ID)")
    add("--kind", default="Trust", help="what it is: School, Trust, Council … (Trust)")
    add("--year", type=read_year, default=2026, help="the year in which the cycle starts (2026)")
    add(
        "--replace",
        action="store_true",
        help="replace an organisation that is there; its folder is kept in replaced/",
    )
    parser.set_defaults(module="import_")


def _add_take_back(commands: Commands) -> None:
    parser = commands.add_parser(
        "take-back",
        help="bring back the policy that trustees changed in Word",
        description=(
            "Compare a policy that was edited in Word with the one that the content makes. The "
            "command shows what each change does to the YAML. It writes nothing without --write."
        ),
    )
    add = parser.add_argument
    add("file", metavar="POLICY", type=Path, help="the edited policy, a Word document (.docx)")
    add("--org", metavar="ORG", help="whose policy it is, if the file no longer says so")
    add(
        "--base",
        metavar="STATE",
        help="the state that the file was made from: a folder, a file of editions/, or a revision "
        "in git; found by the file's code if left out",
    )
    add("--write", action="store_true", help="write the changes into the YAML files")
    add(
        "--rules",
        action="store_true",
        help="also change the numbers, dates and words that are kept in one place",
    )
    add(
        "--updates",
        action="store_true",
        help="with --write: add a draft for each changed clause to the change log too",
    )
    add("--json", action="store_true", help="print what was found as data")
    parser.set_defaults(module="take_back")


def _add_schema(commands: Commands) -> None:
    parser = commands.add_parser(
        "schema", help="write content/schema/, which tells editors what the YAML may hold"
    )
    parser.set_defaults(module="schema")


def _add_restore(commands: Commands) -> None:
    parser = commands.add_parser(
        "restore",
        help="bring back Formulary's file in place of your own, which is kept beside it",
        description=(
            "Bring back Formulary's own house document, form or library file where yours does not "
            "work any more. Yours is kept beside it, with .yours at the end of its name."
        ),
    )
    parser.add_argument(
        "file", nargs="+", metavar="FILE", help="form.docx, or a path as check --sources lists it"
    )
    parser.set_defaults(module="restore")


def _add_upgrade(commands: Commands) -> None:
    parser = commands.add_parser(
        "upgrade",
        help="change content that was written for an earlier version to what this one reads",
        description=(
            "Change the YAML of organisations to the version that this Formulary writes, and write "
            "content/schema/. Comments and all other lines stay as they are. Nothing is written if "
            "any file cannot be changed."
        ),
    )
    _add_organisations(parser, again=True)
    parser.set_defaults(module="upgrade")


def _add_changes(commands: Commands) -> None:
    parser = commands.add_parser(
        "changes",
        help="say what changed since an earlier state of the content, clause by clause",
        description=(
            "Compare the content with an earlier state: another copy of the project, a kept "
            "edition, or a revision in git. Added and deleted words are marked."
        ),
    )
    _add_choices(parser, again=True)
    parser.add_argument(
        "--since",
        metavar="STATE",
        help="a project folder, a kept edition's file, or a revision in git (the kept edition)",
    )
    parser.add_argument("--json", action="store_true", help="print the changes as data")
    parser.add_argument("--word", type=Path, metavar="FILE", help="write them as a Word document")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="write them as a PDF document")
    parser.set_defaults(module="changes")


def _add_keep_edition(commands: Commands) -> None:
    parser = commands.add_parser(
        "keep-edition",
        help="keep the edition as it is now, for its returns and for the next comparison",
        description=(
            "Keep the edition in content/organisations/ID. Its words go into last-edition.json, "
            "for the next one to be compared with. All of it goes into editions/, so that its "
            "returned forms can be read when the forms have changed. Do this when an edition is "
            "approved, and before you change a form within the year."
        ),
    )
    parser.add_argument("--org", required=True, metavar="ID", help="the organisation")
    parser.add_argument("--name", default="", help="what readers call it (its year and version)")
    parser.add_argument(
        "--at", metavar="STATE", help="an earlier state: a folder or a revision in git (now)"
    )
    parser.set_defaults(module="keep_edition")


def _add_next_year(commands: Commands) -> None:
    parser = commands.add_parser(
        "next-year",
        help="keep the edition that ends, move the year on, and say what to do next",
        description=(
            "Keep the edition as keep-edition does, and set the year in organisation.yaml to the "
            "next one. Then list what to do: days that the texts state themselves, approval, staff "
            "list and packs. Do this before you change anything for the new year."
        ),
    )
    add = parser.add_argument
    add("--org", required=True, metavar="ID", help="the organisation")
    add("--year", type=read_year, metavar="YEAR", help="the year that begins (the next)")
    add(
        "--from",
        dest="register",
        type=Path,
        metavar="DIR",
        help="the registers of the year that ends, for the commands that are listed",
    )
    add("--staff", type=Path, metavar="STAFF", help="the new staff list, for the same")
    add(
        "--today",
        type=read_day,
        metavar="DATE",
        help="the day on which you do it, such as 2027-07-01",
    )
    add("--json", action="store_true", help="print the outcome as data")
    parser.set_defaults(module="next_year")


def _add_bundle(commands: Commands) -> None:
    parser = commands.add_parser(
        "bundle",
        help="pack the site into one zip that works from a USB stick",
        description=(
            "Pack site/ with checksums and a text to read first. The site is made first if there "
            "is none, or if --build, --org or --year says so."
        ),
    )
    _add_choices(parser, again=True)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE.zip",
        help=f"the zip to write ({defaults.BUNDLE} in the project's folder)",
    )
    parser.add_argument("--build", action="store_true", help="make the site again first")
    parser.set_defaults(module="bundle")


STAFF = "the staff lists: CSV or XLSX files, or folders of them; several are read as one"
ENCODING = "the encoding of CSV files if it cannot be worked out, such as windows-1252"

PACKS = f"""\
A pattern may hold {", ".join(f"{{{place}}}" for place in defaults.PLACES)},
words, and / between folders. Each person's files need {{person}} or {{id}}, and {{form}}.

examples
  {COMMAND} packs staff.xlsx --org ORG --preflight
  {COMMAND} packs staff.xlsx --org ORG --out /private/packs
  {COMMAND} packs staff.xlsx --org ORG --out /private/packs --only "North School"
"""


def _add_packs(commands: Commands) -> None:
    parser = commands.add_parser(
        "packs",
        help="make a prefilled set of forms for everyone on a staff list",
        description=(
            "Check a staff list (CSV or XLSX) against the policy, then make each person's forms. "
            "They are filled in as far as the list and the cycle say. People with an error in "
            "their row are left out and listed. Run it again after the list has changed: only what "
            "differs is made again."
        ),
        epilog=PACKS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("staff", metavar="STAFF", nargs="+", type=Path, help=STAFF)
    _add_making_of_packs(parser)
    parser.add_argument(
        "--year", type=read_year, metavar="YEAR", help="the year in which the cycles start"
    )
    parser.set_defaults(module="packs", about_people=True, stopped=FILES_ARE_WHOLE)


COLLECT = f"""\
Forms may be in folders, in archives (.zip) and in saved emails (.eml); their names do not matter.
Run it again as more arrive: only what is new is read, and nothing that was read is ever lost.

example
  {COMMAND} collect /private/returns --staff staff.xlsx --org ORG --out /private/register
"""


def _add_collect(commands: Commands) -> None:
    parser = commands.add_parser(
        "collect",
        help="read the forms that came back, check them, and make the registers",
        description=(
            "Read completed Word and PDF forms, and check each by the policy. Write a register "
            "(who has returned what, every answer, findings), the training audit and a report for "
            "leaders. Also write a sample to moderate, when each record is due for destruction, "
            "and a reminder for each reviewer."
        ),
        epilog=COLLECT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("returns", metavar="RETURNS", nargs="+", type=Path, help="folders or files")
    add("--staff", required=True, nargs="+", action="extend", type=Path, metavar="S", help=STAFF)
    add("--org", required=True, metavar="ID", help="the organisation whose forms they are")
    add("--out", required=True, type=Path, metavar="DIR", help="a folder only HR can open")
    add("--year", type=read_year, metavar="YEAR", help="the year in which the cycles start")
    add(
        "--today",
        type=read_day,
        metavar="DATE",
        help="show what is overdue on this day, such as 2026-10-31",
    )
    add(
        "--threshold",
        type=read_threshold,
        default=defaults.THRESHOLD,
        metavar="N",
        help=f"numbers of people below N are not in the report ({defaults.THRESHOLD})",
    )
    add(
        "--sample",
        type=read_sample,
        metavar="SIZE",
        help="people to moderate: a number, or a share such as 15%% (as the policy says; if it "
        f"does not, {defaults.SHARE}%%)",
    )
    add("--seed", default="", metavar="WORD", help="a different word draws a different sample")
    add("--packs", type=Path, metavar="FOLDER", help="the packs, for reminders to say where")
    add("--sheet", default="", metavar="NAME", help="the only sheet of a workbook to read")
    add("--encoding", default="", metavar="NAME", help=ENCODING)
    _add_jobs(parser)
    add("--force", action="store_true", help="also replace registers that someone has changed")
    add("--json", action="store_true", help="print the outcome as data")
    parser.set_defaults(
        module="collect", about_people=True, stopped=f"stopped. What was read is kept. {GOES_ON}"
    )


ROLL = f"""\
DIR is the folder into which collect put the registers of the year before. The forms themselves say
what carries over (“from: previous…”). {defaults.NOT_CARRIED} in the packs' folder lists what
could not be carried, with its words.

example
  {COMMAND} roll --from /private/register --staff staff.xlsx --org ORG --year 2027 \\
      --out /private/packs-2027
"""


def _add_roll(commands: Commands) -> None:
    parser = commands.add_parser(
        "roll",
        help="make next year's packs, with last year's objectives and unmet needs in them",
        description=(
            "Make a prefilled set of forms for everyone on this year's staff list. Put into each "
            "what carries over from last year's returned forms: the objectives and their outcomes, "
            "objectives that continue, and unmet development needs."
        ),
        epilog=ROLL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--from", required=True, dest="returns", type=Path, metavar="DIR", help="the registers")
    add("--staff", required=True, nargs="+", action="extend", type=Path, metavar="S", help=STAFF)
    add("--year", required=True, type=read_year, metavar="YEAR", help="the year that begins")
    _add_making_of_packs(parser)
    parser.set_defaults(module="roll", about_people=True, stopped=FILES_ARE_WHOLE)


SEND = f"""\
FOLDER is what packs or roll wrote; or what collect wrote, for its reminders. A draft opens in
Outlook, Apple Mail or Thunderbird as ready to send. The words of the emails are in mails.yaml.

A mail server's password comes from FORMULARY_SMTP_PASSWORD, or from the computer's keyring.

examples
  {COMMAND} send /private/packs --org ORG --out /private/mails
  {COMMAND} send /private/packs --org ORG --out /private/mails --to person --zip school
  {COMMAND} send /private/packs --org ORG --out /private/mails --smtp mail.example:587 \\
      --from hr@school.example --user hr@school.example --dry-run
"""


def _add_send(commands: Commands) -> None:
    parser = commands.add_parser(
        "send",
        help="make drafts of emails with the packs or reminders, or send them",
        description=(
            "Make a draft for each reviewer or person with their files, a list for a mail merge, "
            "and zips for a share if asked for. With --smtp, send the emails instead, slowly and "
            "never twice. If it is stopped, run it again."
        ),
        epilog=SEND,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=Path, help="the packs, or the registers with reminders")
    add("--org", required=True, metavar="ID", help="the organisation whose forms they are")
    add("--out", required=True, type=Path, metavar="DIR", help="a folder only HR can open")
    add("--year", type=read_year, metavar="YEAR", help="the year in which the cycles start")
    add("--to", choices=("reviewer", "person"), default="reviewer", help="who gets an email")
    _add_formats(parser)
    add("--zip", choices=("reviewer", "school", "person"), help="one zip for each, for a share")
    add(
        "--largest",
        type=number_reader("a number of megabytes", 1, 1000),
        default=defaults.LARGEST_MAIL,
        metavar="MB",
        help=f"the size above which no email is made ({defaults.LARGEST_MAIL})",
    )
    add("--from", dest="sender", default="", metavar="ADDRESS", help="who the emails come from")
    add("--smtp", type=read_server, metavar="HOST:PORT", help="send through this mail server")
    add("--user", default="", metavar="NAME", help="the mailbox to log in with")
    add(
        "--tls",
        choices=("starttls", "tls", "none"),
        help="how the connection is encrypted (tls at port 465, if not starttls); none: only to a "
        "server on this computer",
    )
    add(
        "--per-minute",
        type=number_reader("a number of emails", 1, 6000),
        default=defaults.MAILS_A_MINUTE,
        metavar="N",
        help=f"emails sent in a minute ({defaults.MAILS_A_MINUTE})",
    )
    add("--dry-run", action="store_true", help="only say what would be made or sent")
    add(
        "--again",
        action="append",
        default=[],
        metavar="ID",
        help="send to this person again, whose email may or may not have arrived; may be repeated",
    )
    add("--force", action="store_true", help="also replace drafts that someone has changed")
    add("--json", action="store_true", help="print the outcome as data")
    parser.set_defaults(module="send", about_people=True, stopped=f"stopped. {GOES_ON}")


PERSON = f"""\
Give every folder that collect, packs or roll wrote, and with --returns the folders with the
returned files, so that the files can be included as they came.

example
  {COMMAND} person 000102 --from /private/register /private/packs \\
      --returns /private/returns --out /private/requests/000102.zip
"""


def _add_person(commands: Commands) -> None:
    parser = commands.add_parser(
        "person",
        help="gather everything held on one person, for a subject access request",
        description=(
            "Put everything held on a person into one zip: every form with its answers, their "
            "packs, and the rows of the registers about them. It has an index to read and a note "
            "for the officer."
        ),
        epilog=PERSON,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("id", metavar="ID", help="the person's id, as the staff list has it")
    add(
        "--from",
        required=True,
        dest="folders",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="the folders of registers and packs",
    )
    add("--out", required=True, type=Path, metavar="FILE.zip", help="the archive to write")
    add(
        "--name",
        action="append",
        default=[],
        metavar="NAME",
        help="another name on forms that carry no id; may be repeated",
    )
    add(
        "--returns",
        nargs="+",
        default=[],
        type=Path,
        metavar="RETURNS",
        help="the folders with the returned files",
    )
    add("--force", action="store_true", help="replace an archive that already exists")
    parser.set_defaults(module="person", about_people=True)


# ---- What several commands take; `again` keeps what stood before the command's name ----


def _add_choices(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    _add_organisations(parser, again=again)
    parser.add_argument(
        "--year",
        type=read_year,
        default=argparse.SUPPRESS if again else None,
        metavar="YEAR",
        help="the year in which the cycles start, such as 2026 (what organisation.yaml says)",
    )


def _add_organisations(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    parser.add_argument(
        "--org",
        action="append",
        default=argparse.SUPPRESS if again else None,
        metavar="ID",
        help="only this organisation, by the name of its folder; may be repeated",
    )


def _add_jobs(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    parser.add_argument(
        "--jobs",
        type=read_jobs,
        default=argparse.SUPPRESS if again else usual_jobs(),
        metavar="N",
        help=f"processes to run at once ({usual_jobs()})",
    )


def _add_debug(parser: argparse.ArgumentParser, *, default: bool | str) -> None:
    parser.add_argument(
        "--debug",
        action="store_true",
        default=default,
        help="show the time of every stage and, where it fails, the place in the code and versions",
    )


def _add_formats(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        type=read_formats,
        default=tuple(defaults.FORMATS),
        metavar="LIST",
        help="word, pdf, page, or several with a comma (word,pdf); a page is a small file that "
        "opens the form in the handbook, and is made only when it is asked for",
    )


def _add_making_of_packs(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--org", required=True, metavar="ID", help="the organisation whose staff they are")
    add("--out", type=Path, metavar="DIR", help="where the packs go: a folder only HR can open")
    add("--preflight", action="store_true", help="only say what would be made and what is wrong")
    add("--form", action="append", default=[], metavar="ID", help="only this form; may be repeated")
    _add_formats(parser)
    add(
        "--only",
        action="append",
        default=[],
        metavar="TEXT",
        help="only the person with this id, or those of this school or reviewer; may be repeated",
    )
    add("--sheet", default="", metavar="NAME", help="the only sheet of a workbook to read")
    add("--encoding", default="", metavar="NAME", help=ENCODING)
    add("--pattern", metavar="PATH", help=f"where each file goes in DIR ({defaults.PATTERN})")
    _add_jobs(parser)
    add(
        "--dask",
        metavar="ADDRESS",
        help="let the workers of this Dask scheduler do the work; all of them need Formulary",
    )
    add("--force", action="store_true", help="also replace files that someone has changed")
    add("--strict", action="store_true", help="write nothing at all while there is an error")
    # what it asked for is done without asking; it is taken so that no script of HR's stops
    add("--skip-problems", action="store_true", help=argparse.SUPPRESS)
    add("--json", action="store_true", help="print the outcome as data")
