"""Write a new organisation's folder from a few answers: commented YAML that builds at once.

The texts are the templates of `content/starter/`, in which `[[ … ]]` is filled in here, once, and
`{{ … }}` stays for every later build.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from formulary.content.base import LONGEST_ID
from formulary.content.carrying import carrying_parts
from formulary.content.cycle import MONTHS, british, read_rule
from formulary.content.form import Form
from formulary.content.loading import TAKEN_FOLDERS, File
from formulary.content.policy import Numbering
from formulary.content.versions import latest
from formulary.problems import UsageError
from formulary.project import STARTER, project_at

_WORDS = {"head": "headteacher", "school": "school", "pupils": "pupils"}
_WORDS_OF_KIND = {
    "college": {"head": "principal", "school": "college", "pupils": "students"},
    "council": {"head": "head of service", "school": "service", "pupils": "residents"},
    "service": {"head": "head of service", "school": "service", "pupils": "service users"},
    "charity": {"head": "chief executive", "school": "service", "pupils": "service users"},
}
"""The usual words for who leads, a part of the organisation, and who it is there for."""

CRITERIA = ("Objectives", "The standards of the role", "Conduct and teamwork")
AREAS = ("Practice", "Outcomes", "Working with others", "Development")

NEXT_STEPS = (
    "Each file says at its top what to do next in it; check lists every “Write here” that is left",
    "organisation.yaml: check your own words, the numbers under rules, and your colour",
    "policy.yaml: read every clause; change anything that is different for you",
    "cycle.yaml: set the meetings and deadlines of each staff group",
    "once your board has approved it: status, version, approval and next-review in policy.yaml, and"
    " status: approved in organisation.yaml",
)


@dataclass(frozen=True)
class Named:
    """A level, a stage or a criterion: its name, and the id that is made of it."""

    id: str
    name: str


@dataclass(frozen=True)
class NewGroup:
    """A staff group and the first and last day of its cycle, such as 1 September and 31 August."""

    id: str
    name: str
    starts: str
    ends: str

    @property
    def pay_by(self) -> str:
        """Two months after the cycle, as a rule: schools decide on teachers' pay by 31 October."""
        number = (MONTHS.index(self.ends.split()[1]) + 2) % 12 + 1
        return f"by {monthrange(2001, number)[1]} {MONTHS[number - 1]} after the cycle"


@dataclass(frozen=True)
class Adopter:
    """What is asked about a new organisation.

    `ratings` are the levels of its scale, the best first, and `stages` its career stages; either
    is empty where it has none. `pay` says whether a decision on pay follows the review. Where
    `forms` is empty, the usual ones are offered.
    """

    id: str
    name: str
    kind: str
    year: int
    numbering: str
    groups: tuple[NewGroup, ...]
    forms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    process: str = "performance management"
    pay: bool = False
    ratings: tuple[Named, ...] = ()
    stages: tuple[Named, ...] = ()
    criteria: tuple[Named, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def offered(self) -> tuple[str, ...]:
        """The forms that it offers."""
        usual = ["planning-statement", "one-to-one", "cpd-needs", "objective-change", "appeal"]
        usual += ["support-plan", "concern-letter", "meeting-note"]
        usual += ["career-stage-audit"] if self.stages else []
        usual += ["pay-recommendation"] if self.pay else []
        return self.forms or tuple(usual)


def read_names(text: str) -> tuple[Named, ...]:
    """Names with commas between them, each once; none for “none” or nothing. Raises UsageError."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    if [name.casefold() for name in names] in ([], ["none"], ["no"]):
        return ()
    found = {id: Named(id, name) for name in names if (id := id_of(name))}
    if len(found) != len(names) or len(names) < 2:
        raise UsageError(
            f"“{text}” does not give two or more different names. Write them with commas between, "
            "such as “Exceeded, Met, Not met”, or “none”."
        )
    return tuple(found.values())


def read_yes(text: str) -> bool:
    """Yes or no, as people write it. Raises UsageError."""
    if text.casefold() in ("y", "yes", "true"):
        return True
    if text.casefold() in ("n", "no", "false", "none"):
        return False
    raise UsageError(f"“{text}” is neither yes nor no. Write yes or no.")


def read_id(text: str) -> str:
    """The id of an organisation. Raises UsageError where it cannot be one."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", text):
        raise UsageError(
            f"“{text}” cannot be an id. Use small letters, digits and hyphens: oak-trust."
        )
    if text in TAKEN_FOLDERS:
        raise UsageError(f"“{text}” is a folder of the site itself. Choose another id.")
    return text


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
    id = id_of(name)
    if rule.kind != "day" or not id:
        raise UsageError(f"“{text}” is not a group. Write one such as “Teachers: 1 September”.")
    first = datetime.date(
        2001, rule.months[0], min(rule.day, 28) if rule.months[0] == 2 else rule.day
    )
    last = first - datetime.timedelta(days=1)
    return NewGroup(id, name, starts, british(last, year=False))


def _read_groups(text: str) -> tuple[NewGroup, ...]:
    groups = tuple(new_group(part) for part in text.split(",") if part.strip())
    if len({group.id for group in groups}) != len(groups) or not groups:
        raise UsageError(f"“{text}” has a group twice, or none. Write each group once.")
    return groups


def _read_numbering(text: str) -> str:
    known = get_args(Numbering)
    if text not in known:
        raise UsageError(f"There is no numbering “{text}”. Known: {', '.join(known)}.")
    return text


class StarterQuestion(NamedTuple):
    """What is asked about a new organisation: the field of `Adopter` that the answer goes to.

    `read` raises UsageError for an answer that it cannot read; `usual` is the usual answer.
    """

    key: str
    words: str
    hint: str
    usual: str
    read: Callable[[str], Any] = str
    choices: tuple[str, ...] = ()

    @property
    def in_one_line(self) -> str:
        """The question as a terminal asks it."""
        return f"{self.words}{'' if self.words.endswith('?') else ':'} {self.hint}"


STARTER_QUESTIONS = (
    StarterQuestion("kind", "Kind", "School, Trust, College, Council", "Trust"),
    StarterQuestion(
        "process",
        "What you call it",
        "performance management, appraisal, professional growth",
        "performance management",
    ),
    StarterQuestion(
        "groups",
        "Staff groups and the day each cycle starts",
        "separated by commas: Teachers: 1 September, Support staff: 1 April",
        "Staff: 1 September",
        _read_groups,
    ),
    StarterQuestion(
        "pay", "Does a decision on pay follow?", "yes or no", "no", read_yes, ("yes", "no")
    ),
    StarterQuestion(
        "ratings",
        "Rating levels, the best first",
        "separated by commas: Exceeded, Met, Not met; or none",
        "none",
        read_names,
    ),
    StarterQuestion(
        "stages",
        "Career stages",
        "separated by commas: Early, Established, Leading; or none",
        "none",
        read_names,
    ),
    StarterQuestion(
        "numbering",
        "Numbering",
        "clauses (5.3), paragraphs (running through), articles (Article V) or none",
        "clauses",
        _read_numbering,
        get_args(Numbering),
    ),
)
"""All but the name of the organisation, in the order in which they are asked."""

TOPICS = ("setting-objectives", "smart", "feedback", "preparing")
"""The guidance topics that a new organisation has, unless others are asked for."""


def usual_name(id: str) -> str:
    """The name of an organisation where none is given: “oak-trust” is “Oak Trust”."""
    return id.replace("-", " ").title()


def id_of(name: str) -> str:
    """The id that is made of a name: “Oak Trust” is “oak-trust”, “Môn” is “mon”.

    Empty where the name has no Latin letter or digit. An id begins with a letter and is not long.
    """
    bare = re.sub(r"[\u0300-\u036f’']", "", unicodedata.normalize("NFKD", name.lower()))
    found = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    if found[:1].isdigit():
        found = f"number-{found}"
    if len(found) <= LONGEST_ID:
        return found
    return found[:LONGEST_ID].rpartition("-")[0] or found[:LONGEST_ID]


def starter_files(
    root: Path, adopter: Adopter, library: Mapping[str, File[Form]]
) -> dict[str, str]:
    """The YAML files of a new organisation's folder, by name. Raises UsageError.

    `library` has the forms that can be offered, by id.
    """
    read_id(adopter.id)
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
    usual = next((w for k, w in _WORDS_OF_KIND.items() if k in adopter.kind.casefold()), {})
    people = {"reviewer": "reviewer", "reviewee": "reviewee", "objective": "objective"}
    forms = adopter.offered
    criteria = adopter.criteria or tuple(Named(id_of(name), name) for name in CRITERIA)
    facts = {
        "schema": latest(),
        "id": adopter.id,
        "name": adopter.name,
        "short": adopter.name if len(adopter.name) <= 40 else usual_name(adopter.id),
        "kind": adopter.kind,
        "year": adopter.year,
        "numbering": adopter.numbering,
        "process": adopter.process,
        "title": f"{adopter.process[:1].upper()}{adopter.process[1:]} policy",
        "word": f"the {adopter.kind.split()[-1].lower()}",
        "words": people | _WORDS | usual | dict(adopter.words),
        "groups": adopter.groups,
        "forms": forms,
        "packed": [id for id in forms if library[id].item.pack == "everyone"],
        "topics": adopter.topics,
        "carrying": {id: carrying_parts(library[id].item) for id in forms},
        "pay": adopter.pay,
        "ratings": adopter.ratings,
        "criteria": criteria,
        "stages": adopter.stages,
        "areas": tuple(Named(id_of(name), name) for name in AREAS),
    }
    left_out = {"ratings.yaml": adopter.ratings, "career-stages.yaml": adopter.stages}
    names: Sequence[str] = sorted(
        name for name in templates.list_templates() if left_out.get(name.removesuffix(".j2"), True)
    )
    return {name.removesuffix(".j2"): templates.get_template(name).render(facts) for name in names}


_DROPPED_FILES = ("coverage.yaml", "last-edition.json")
_DROPPED_KEYS = {
    "organisation.yaml": ("accept", "contact", "logo", "typeface"),
    "policy.yaml": (
        "notes",
        "updates",
        "version",
        "approval",
        "consultation",
        "in-force",
        "next-review",
        "next-review-in",
    ),
    "cycle.yaml": ("revised",),
}
"""What is true of the organisation that is copied, and of no other."""


def copied_files(folder: Path, id: str, name: str, year: int) -> dict[str, str]:
    """The YAML files of an organisation's folder as those of another one: a draft of its own.

    Comments stay. What was approved, noted and accepted there is left out.
    """
    read_id(id)
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name in _DROPPED_FILES:
            continue
        text = path.read_text("utf-8")
        for key in _DROPPED_KEYS.get(path.name, ()):
            # a key at the top level, with what is indented or commented under it
            text = re.sub(
                rf"(?m)^{key}:[^\n]*\n(?:(?:[ #-][^\n]*)?\n(?![a-z]))*(?:[ #-][^\n]*\n)*", "", text
            )
        if path.name == "policy.yaml":
            text = re.sub(r"(?m)^status:.*$", "status: draft", text)
        if path.name == "organisation.yaml":
            short = name if len(name) <= 40 else usual_name(id)
            for key, value in (
                ("id", id),
                ("name", json.dumps(name, ensure_ascii=False)),
                ("short", json.dumps(short, ensure_ascii=False)),
                ("status", "draft"),
                ("year", str(year)),
            ):
                text = re.sub(
                    rf"(?m)^{key}:.*$", f"{key}: {value}".replace("\\", r"\\"), text, count=1
                )
        files[path.name] = text
    return files
