"""Make a new organisation, from a few answers or from its Word policy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from formulary.editing.tasks.job import Work
from formulary.editing.tasks.pages import Desk, Task
from formulary.editing.tasks.parts import (
    FormFaultError,
    PageLink,
    PageList,
    PageWords,
    Part,
    ProblemList,
    TaskField,
    TaskPage,
)
from formulary.editing.tasks.problem_links import show_problems
from formulary.editing.tasks.sent import SentFile, SentForm
from formulary.pipeline.scaffold import (
    NEXT_STEPS,
    STARTER_QUESTIONS,
    TOPICS,
    Adopter,
    id_of,
    read_id,
)
from formulary.problems import Problem, UsageError, errors_in
from formulary.project import ORGANISATIONS

WORD = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class StartOrganisation(Task):
    """Make the files of an organisation from the answers to a few questions."""

    id = "new"
    title = "Add an organisation"
    about = "Makes a first policy, year and forms from eight answers. You can change all of it."
    needs_handbook = False

    def show(self, desk: Desk) -> TaskPage:
        """What it asks."""
        asked = [
            TaskField(
                one.key,
                one.words,
                one.hint[:1].upper() + one.hint[1:],
                "radios" if one.choices else "line",
                one.usual,
                [(choice, choice[:1].upper() + choice[1:]) for choice in one.choices],
            )
            for one in STARTER_QUESTIONS
        ]
        return TaskPage(fields=[*_who(desk), *asked], button="Add the organisation")

    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """Read the answers, all at once."""
        answers, faults = _read_who(desk, sent)
        for one in STARTER_QUESTIONS:
            answers[one.key] = _try(one.key, one.read, sent.value(one.key) or one.usual, faults)
        if faults:
            raise FormFaultError(faults)
        return lambda progress: _start(desk, Adopter(**answers, topics=TOPICS))


def _who(desk: Desk) -> list[TaskField]:
    """The questions that every new organisation is asked."""
    return [
        TaskField("name", "Name of the organisation", "As it is printed on forms: Oak Trust"),
        TaskField(
            "id",
            "Short name for addresses",
            "Small letters, digits and hyphens: oak-trust. Empty: made from the name.",
        ),
        TaskField(
            "year",
            "Year in which the cycle starts",
            f"For example {desk.today.year}",
            value=str(desk.today.year),
        ),
    ]


def _read_who(desk: Desk, sent: SentForm) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers to these questions, and what is wrong with them, each by its field."""
    answers: dict[str, Any] = {"name": sent.value("name")}
    faults: dict[str, str] = {}
    if not answers["name"]:
        faults["name"] = "Enter the name of the organisation"
    else:
        id = sent.value("id") or id_of(answers["name"])
        answers["id"] = _try("id", read_id, id, faults)
        if (desk.root / ORGANISATIONS / id).exists() and "id" not in faults:
            faults["id"] = f"There is an organisation “{id}” already. Enter another short name"
    year = sent.value("year")
    if not (year.isdigit() and 2000 <= int(year) <= 2100):
        faults["year"] = "Enter a year, such as 2026"
    else:
        answers["year"] = int(year)
    return answers, faults


def _try(name: str, read: Callable[[str], Any], text: str, faults: dict[str, str]) -> Any:
    try:
        return read(text)
    except UsageError as error:
        faults[name] = error.in_page
        return None


def _start(desk: Desk, adopter: Adopter) -> TaskPage:
    from formulary.pipeline import content

    made = content.new(desk.root, adopter)
    return TaskPage(
        [
            PageWords(f"{adopter.name} has a handbook now.", "done"),
            _open(desk, adopter.id),
            PageWords("What to write next", "heading"),
            PageList(NEXT_STEPS),
            _files(made),
        ]
    )


def _open(desk: Desk, id: str) -> PageList:
    alone = len(desk.live.organisations()) == 1
    return PageList(
        [PageLink("Open the handbook", "/index.html" if alone else f"/{id}/index.html")]
    )


def _files(made: Iterable[Path]) -> PageList:
    return PageList([path.as_posix() for path in made], "Files that were written")


class ImportPolicy(Task):
    """Make the files of an organisation from its Word policy and its Word forms."""

    id = "import"
    title = "Import a Word policy"
    about = (
        "Makes a new organisation from a policy in Word, and from forms in Word if you have them."
    )
    needs_handbook = False

    def show(self, desk: Desk) -> TaskPage:
        """What it asks."""
        words = (
            "The policy’s sections, clauses, lists, tables and numbers are imported. A report "
            "says what was taken, what was not, and what to look at first. Your document stays "
            "as it is."
        )
        hint = "A Word document (.docx), 60 MB at most"
        fields = [
            *_who(desk),
            TaskField("kind", "Kind", "School, Trust, College, Council", value="Trust"),
            TaskField("policy", "The policy", hint, "file", accept=WORD),
            TaskField(
                "forms",
                "Blank forms, if you have them",
                "Word documents (.docx). You can choose several.",
                "file",
                accept=WORD,
                several=True,
            ),
        ]
        return TaskPage([PageWords(words)], fields, "Import", after=_forms_alone(desk))

    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """Read the answers, all at once."""
        answers, faults = _read_who(desk, sent)
        policies = sent.files.get("policy", ())
        if not policies:
            faults["policy"] = "Choose the policy, a Word document"
        if faults:
            raise FormFaultError(faults)
        kind = sent.value("kind") or "Trust"
        forms = sent.files.get("forms", ())
        return lambda progress: _import(desk, {**answers, "kind": kind}, policies[0], forms)


def _forms_alone(desk: Desk) -> list[Part]:
    """The way to import forms without a policy, where there is an organisation to take them."""
    links = [
        PageLink(f"Add forms to {_name_of(desk, id)}", f"/-/year/forms?organisation={id}")
        for id in desk.live.organisations()
    ]
    return [PageWords("Forms without a policy", "heading"), PageList(links)] if links else []


def _name_of(desk: Desk, id: str) -> str:
    own = desk.live.handbook(id)[1].own
    return own.organisation.item.name if own else id


class ImportForms(Task):
    """Put Word forms into the organisation whose handbook is open."""

    id = "forms"
    title = "Import Word forms"
    about = "Adds your own blank forms in Word to this handbook. The policy stays as it is."

    def show(self, desk: Desk) -> TaskPage:
        """What it asks."""
        words = (
            "The questions, tables, choices and signatures of each form are imported. A report "
            "says what was taken and what to look at first. Your documents stay as they are."
        )
        hint = "Word documents (.docx), 60 MB at most together. You can choose several."
        fields = [TaskField("forms", "Blank forms", hint, "file", accept=WORD, several=True)]
        return TaskPage([PageWords(words)], fields, "Import the forms")

    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """Read which files were chosen."""
        forms = sent.files.get("forms", ())
        if not forms:
            raise FormFaultError({"forms": "Choose at least one form, a Word document"})
        return lambda progress: _import_forms(desk, forms)


def _import_forms(desk: Desk, forms: tuple[SentFile, ...]) -> TaskPage:
    from formulary.pipeline.import_documents import describe_import, import_forms

    count = "1 form" if len(forms) == 1 else f"{len(forms)} forms"

    def write(root: Path, files: Mapping[str, bytes]) -> None:
        written = {root / path: data for path, data in files.items()}
        desk.editor.replace(f"Imported {count} from Word", written)

    with _files_of(forms) as paths:
        done = import_forms(desk.root, desk.organisation, paths, desk.today, write)
    folder = f"/{desk.organisation}/forms"
    pages = [PageLink(f"Open “{form.title}”", f"{folder}/{form.id}.html") for form in done.forms]
    report = f"/-/year/forms-report?organisation={desk.organisation}"
    parts: list[Part] = [
        PageWords(f"{_name_of(desk, desk.organisation)} offers {count} more now.", "done"),
        PageList([PageLink("Read the report first", report), *pages]),
        PageList(list(describe_import(done))),
        *_list_errors(desk, desk.organisation, done.problems),
    ]
    return TaskPage([*parts, _files(done.files)])


@contextmanager
def _files_of(sent: Iterable[SentFile]) -> Iterator[list[Path]]:
    """Files that were sent, in a folder that is there as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="formulary-") as folder:
        paths = []
        for number, one in enumerate(sent):
            path = Path(folder, str(number), one.name)  # two of one name stay apart
            path.parent.mkdir()
            path.write_bytes(one.data)
            paths.append(path)
        yield paths


def _list_errors(desk: Desk, id: str, problems: Iterable[Problem]) -> list[Part]:
    """What keeps the handbook from being built, if anything does."""
    errors = errors_in(problems)
    if not errors:
        return []
    words = "These places keep the handbook from being built. Correct them first."
    return [PageWords(words, "warning"), ProblemList(show_problems(desk.editor, id, errors))]


def _import(
    desk: Desk, answers: dict[str, Any], policy: SentFile, forms: tuple[SentFile, ...]
) -> TaskPage:
    # what reads Word takes longer to import than most pages to make
    from formulary.imports.organisation_yaml import NewOrganisation
    from formulary.pipeline.import_documents import describe_import, import_documents

    new = NewOrganisation(answers["id"], answers["name"], answers["kind"], answers["year"])
    with _files_of((policy, *forms)) as paths:
        done = import_documents(desk.root, new, paths[0], paths[1:], desk.today)
    parts: list[Part] = [
        PageWords(f"{new.name} has a handbook now.", "done"),
        PageList(
            [
                PageLink("Read the report first", f"/-/year/report?organisation={new.id}"),
                *_open(desk, new.id).lines,
            ]
        ),
        PageList(list(describe_import(done))),
        *_list_errors(desk, new.id, done.problems),
    ]
    return TaskPage([*parts, _files(done.files)])
