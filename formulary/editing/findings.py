"""What the check says, as the editor shows it: in words without a key, at its place, with a button.

`check` speaks to whoever reads the files. Here a field is called by its label, a file by what it
holds, and advice that only helps in a file is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formulary import problems
from formulary.content.cycle import STEPS, Cycle
from formulary.content.relaying import unwrap
from formulary.content.source import Document, Loc
from formulary.content.splicing import value_at
from formulary.content.ways import innermost
from formulary.editing.labels import WORDS, label_of
from formulary.editing.places import Spot, spot_of
from formulary.edition.edition import Edition
from formulary.edition.filled_text import source_of
from formulary.problems import Problem
from formulary.project import ORGANISATIONS

TITLES = WORDS["problems"]
"""What kinds of problem are called here whose title in the catalogue speaks of files."""

_EXPRESSION = re.compile(r"\{\{\s*(\w+)[^}]*\}\}")
_MISSING = re.compile(r"^“([a-z][a-z_-]*)” is missing here$")
_UNKNOWN = re.compile(r"^The key “([^”]*)” is not known here$")
_FOR_FILES = re.compile(
    r"\{\{|\.ya?ml|\bYAML\b|\bkeys?\b|\bids?\b|“?\b[a-z_-]+:(?=[\s”])|\[|\|-|\bquotation marks\b"
)
_ADVISED = re.compile(r"(?:Did you mean|Write) “([^”]+)”(?: or “([^”]+)”)?(?: or “([^”]+)”)?")
_ID = re.compile(r"\('([^']+)'\)")
_QUOTED = re.compile(r"“([^”]+)”")
_NO_EVENT = re.compile(
    r"^(?:There is no event(?: of (?:this cycle|([a-z0-9-]+)))?|No cycle has an event) "
    r"“([a-z][a-z0-9-]*)”"
)
_RECORDED = re.compile(r"recorded-as: \[([a-z-]+)\]")
_TYPED = re.compile(r"^“(.+)” is typed$")


def in_words(text: str) -> str:
    """A message or a piece of advice without keys, files and signs."""
    said = _EXPRESSION.sub(lambda found: WORDS["facts"].get(found[1], "a value"), text)
    for file, words in WORDS["files-in-messages"].items():
        said = said.replace(f"forms/{file}", words).replace(file, words)
    return said


def advice_in_words(problem: Problem) -> str:
    """What to do about a problem, for somebody who sees no file."""
    own = WORDS["advice"].get(problem.kind.code, "")
    if _ADVISED.search(problem.fix):
        own = ""  # a button says it
    elif not own or (problem.fix != problem.kind.remedy and "{{" not in problem.fix):
        sentences = re.split(r"(?<=[.?])\s+", problem.fix)
        said = (in_words(one) for one in sentences if not one.startswith("Known"))
        own = " ".join(one for one in said if not _FOR_FILES.search(one)) or own
    return own


@dataclass(frozen=True)
class FindingsWriter:
    """Describes what the check found to the browser, for one organisation.

    `read` gives the document of a file as messages name it, or None where there is none to edit.
    """

    organisation: str
    edition: Edition | None
    read: Callable[[Path], Document | None]

    def describe(self, problem: Problem) -> dict[str, Any]:
        """A problem as JSON: what is wrong, where, and what can be done with one button."""
        document = self.read(problem.place.file)
        loc = innermost(problem, document) if document else None
        if loc and loc[-1] == "id":
            loc = loc[:-1]
        spot = ""
        if document and loc:
            spot = str(spot_of(document, loc))
        return {
            "code": problem.kind.code,
            "severity": problem.kind.severity,
            "title": TITLES.get(problem.kind.code, problem.kind.title),
            "message": self._message(problem),
            "fix": advice_in_words(problem),
            "where": self._where(problem, loc),
            "spot": spot,
            "corrections": self._corrections(problem, document, loc, spot),
            "additions": list(self._additions(problem, loc)),
            "accept": self._acceptance(problem),
        }

    def _message(self, problem: Problem) -> str:
        if missing := _MISSING.match(problem.message):
            return f"“{label_of(missing[1])}” is empty, and is needed"
        if unknown := _UNKNOWN.match(problem.message):
            return f"“{label_of(unknown[1])}” is nothing that can be said here"
        return in_words(problem.message)

    def _where(self, problem: Problem, loc: Loc | None) -> str:
        """The clause or entry in a reader's words, and the field."""
        field = next((step for step in reversed(loc or ()) if isinstance(step, str)), "")
        known = self.edition.references if self.edition else None
        for id in problem.about:
            if self.edition and known and id in {**known.clauses, **known.sections}:
                return self.edition.label(id)
        return label_of(field) if field else ""

    def _corrections(
        self, problem: Problem, document: Document | None, loc: Loc | None, spot: str
    ) -> list[dict[str, Any]]:
        """What can be put right with one button: each with its label, the old and the new value."""
        if document is None or not loc:
            return []
        value = value_at(document.data, loc)
        if not isinstance(value, str):
            return []
        quoted = _QUOTED.search(problem.message)
        found = []
        for right in self._right_words(problem):
            wrong = quoted[1] if quoted else ""
            if not wrong or value.count(wrong) != 1:
                continue
            old = unwrap(value)
            found.append(
                {
                    "label": self._label(right),
                    "spot": spot,
                    "old": old,
                    "value": old.replace(wrong, right),
                }
            )
        return found

    def _additions(self, problem: Problem, loc: Loc | None) -> Iterator[dict[str, Any]]:
        """The events that a problem finds missing: each the list it is added to, and what is known.

        The rest, such as when it is, is asked for in the form of a new event.
        """
        cycles = self.edition.cycles.cycles if self.edition else ()
        in_year = problem.place.file.name == "cycle.yaml" and loc and loc[0] == "cycles"
        here = cycles[int(loc[1])] if in_year and loc and len(loc) > 1 else None
        code, known = problem.kind.code, list[tuple[Cycle, dict[str, Any]]]()
        if lost := _NO_EVENT.match(problem.message):
            cycle = next((one for one in cycles if one.id == lost[1]), here or (*cycles, None)[0])
            if cycle:
                known.append((cycle, {"id": lost[2], "name": label_of(lost[2])}))
        elif here and code == problems.MISSING_DEADLINE.code and problem.about[0] in STEPS:
            step = problem.about[0]
            others = (one for cycle in cycles for one in cycle.events if one.step == step)
            if other := next(others, None):
                same = {"name": other.name, "who": other.who, "text": other.text}
                written = {key: unwrap(source_of(words)) for key, words in same.items()}
                known.append((here, {**written, "step": step}))
        elif here and (meeting := _RECORDED.search(problem.fix)):
            name = quoted[1] if (quoted := _QUOTED.search(problem.message)) else ""
            known.append((here, {"name": name, "recorded-as": [meeting[1]]}))
        file = ORGANISATIONS / self.organisation / "cycle.yaml"
        for cycle, value in known:
            yield {
                "label": f"Add the event “{value['name']}” to “{cycle.name}”",
                "spot": str(Spot(file.as_posix(), f"cycles/={cycle.id}/events")),
                "index": len(cycle.events),
                "value": value,
            }

    def _right_words(self, problem: Problem) -> list[str]:
        """What could be written instead of the words that a problem quotes first."""
        if typed := _TYPED.match(problem.message):
            return [right] if (right := self._link_to(typed[1])) else []
        advised = _ADVISED.search(problem.fix)
        return [word for word in advised.groups() if word] if advised else []

    def _link_to(self, words: str) -> str:
        """The expression for a clause, section or appendix that is named by its number."""
        if self.edition is None:
            return ""
        known = self.edition.references
        named = words.casefold().removeprefix("see ").removeprefix("under ").removeprefix("in ")
        for what, names in (
            ("clause", known.clauses),
            ("section", known.sections),
            ("appendix", known.appendices),
        ):
            for id, label in names.items():
                if label.casefold() == named:
                    return f"{{{{ {what}('{id}') }}}}"
        return ""

    def _label(self, right: str) -> str:
        """What the button says that writes these words."""
        link = _ID.search(right)
        names: dict[str, str] = {}
        if self.edition:
            known = self.edition.references
            events = (e for cycle in self.edition.cycles.cycles for e in cycle.events)
            names = {event.id: event.name for event in events}
            names |= {**known.forms, **known.clauses, **known.sections, **known.appendices}
        if link:
            return f"Make “{names[link[1]]}” a link, which follows when numbers change"
        return f"Write “{names.get(right, right).strip('“”')}”"

    def _acceptance(self, problem: Problem) -> dict[str, Any] | None:
        """What accepts a judgement: an entry of `accept`, to which the reason is added."""
        if not problem.kind.judged:
            return None
        value = {"code": problem.kind.code}
        if problem.about:
            first, *_, place = (*problem.about, problem.about[-1])
            # the word or thing that it is about; else the place, which is longer than its parts
            value["at"] = place if first in place.split(".") else first
        file = ORGANISATIONS / self.organisation / "organisation.yaml"
        return {"spot": f"{file.as_posix()}:accept", "value": value}
