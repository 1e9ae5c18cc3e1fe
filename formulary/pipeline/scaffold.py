"""Write a new organisation's folder from a few answers: commented YAML that builds at once.

The texts are the templates of `content/starter/`, in which `[[ … ]]` is filled in here, once, and
`{{ … }}` stays for every later build.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from formulary.content.carrying import carrying_parts
from formulary.content.cycle import british, read_rule
from formulary.content.form import Form
from formulary.content.loading import TAKEN_FOLDERS, File
from formulary.content.versions import latest
from formulary.problems import UsageError
from formulary.project import STARTER, project_at

CLAUSE_FOR = {
    "appeal": "appeals",
    "concern-letter": "support",
    "cpd-needs": "development",
    "growth-goals": "objectives",
    "objective-change": "objectives",
    "observation": "review",
    "one-to-one": "review",
    "planning-statement": "review",
    "pm-form": "review",
    "pre-review": "review",
    "review-checklist": "review",
    "support-plan": "support",
}
"""The clause of the starter's policy that asks for each form; `records` for the others."""

NEXT_STEPS = (
    "organisation.yaml: say in a sentence who belongs to each staff group",
    "organisation.yaml: check your own words, the numbers under rules, and your colour",
    "policy.yaml: write your scope; organisation.yaml: say who reviews the head",
    "policy.yaml: read every clause; change what is not so with you",
    "cycle.yaml: set the meetings and deadlines of each staff group",
    "guidance.yaml and questions.yaml: keep the topics and questions that you want",
    "organisation.yaml: take out the forms that you do not need, or add others (check --sources"
    " lists them)",
    "once your board has approved it: status, version, approval and next-review in policy.yaml, and"
    " status: approved in organisation.yaml",
)


@dataclass(frozen=True)
class NewGroup:
    """A staff group and the first and last day of its cycle, such as 1 September and 31 August."""

    id: str
    name: str
    starts: str
    ends: str


@dataclass(frozen=True)
class Adopter:
    """What is asked about a new organisation."""

    id: str
    name: str
    kind: str
    year: int
    numbering: str
    groups: tuple[NewGroup, ...]
    forms: tuple[str, ...]
    topics: tuple[str, ...]


def new_group(text: str) -> NewGroup:
    """Read a group as people give it: `Teachers`, or `Teachers: 1 January`.

    The cycle starts on 1 September if no day is given, and ends on the day before. Raises
    UsageError.
    """
    name, _, starts = (part.strip() for part in text.partition(":"))
    starts = starts or "1 September"
    try:
        rule = read_rule(starts)
    except ValueError as error:
        raise UsageError(f"{error}. Write a group such as “Teachers: 1 September”.") from error
    id = _id(name)
    if rule.kind != "day" or not id:
        raise UsageError(f"“{text}” is not a group. Write one such as “Teachers: 1 September”.")
    first = datetime.date(
        2001, rule.months[0], min(rule.day, 28) if rule.months[0] == 2 else rule.day
    )
    last = first - datetime.timedelta(days=1)
    return NewGroup(id, name, starts, british(last, year=False))


def _id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def starter_files(
    root: Path, adopter: Adopter, library: Mapping[str, File[Form]]
) -> dict[str, str]:
    """The YAML files of a new organisation's folder, by name. Raises UsageError.

    `library` has the forms that can be offered, by id.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", adopter.id):
        raise UsageError(
            f"“{adopter.id}” cannot be an id. Use small letters, digits and hyphens: oak-trust."
        )
    if adopter.id in TAKEN_FOLDERS:
        raise UsageError(f"“{adopter.id}” is a folder of the site itself. Choose another id.")
    project = project_at(root)
    templates = Environment(
        loader=FileSystemLoader([project.folder / STARTER, project.product / STARTER]),
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    facts = {
        "schema": latest(),
        "id": adopter.id,
        "name": adopter.name,
        "short": adopter.name if len(adopter.name) <= 40 else adopter.id.replace("-", " ").title(),
        "kind": adopter.kind,
        "year": adopter.year,
        "numbering": adopter.numbering,
        "word": f"the {adopter.kind.split()[-1].lower()}",
        "groups": adopter.groups,
        "forms": adopter.forms,
        "topics": adopter.topics,
        "clause_for": CLAUSE_FOR,
        "carrying": {id: carrying_parts(library[id].item) for id in adopter.forms},
    }
    names: Sequence[str] = sorted(templates.list_templates())
    return {name.removesuffix(".j2"): templates.get_template(name).render(facts) for name in names}
