"""What a change of the content reaches: what names it, says the same, or would go with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from formulary.content.loading import File
from formulary.content.relaying import unwrap
from formulary.content.source import Document, Loc
from formulary.content.splicing import value_at
from formulary.content.ways import innermost, parts_of, place_of_way, way_to
from formulary.editing.live import OrganisationReading
from formulary.editing.operations import Operation, as_shown, ids_in
from formulary.editing.places import Spot, spot_of
from formulary.edition.edition import Edition
from formulary.edition.filled_text import FilledText
from formulary.edition.uses import naming_of
from formulary.problems import Problem

_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_NAMES = ("name", "title", "asks", "label", "reviewee", "states", "words", "about")

_KINDS = {
    "policy": "clause",
    "questions": "question",
    "guidance": "guidance page",
    "checklists": "checklist",
    "cycle": "date",
    "ratings": "table",
    "career-stages": "table",
    "standards": "table",
}
"""What the parts of a file are called where they are counted."""


@dataclass(frozen=True)
class Mention:
    """A place that names something: its kind, where it is in a reader's words, and its spot.

    `words` is what would be taken out of it, where that is no more than a line.
    """

    kind: str
    where: str
    spot: str
    words: str = ""


@dataclass(frozen=True)
class Removal:
    """How a part can be taken out: the changes, what they take out elsewhere, what bars them.

    `warnings` are what to know before, though nothing bars it.
    """

    operations: tuple[Operation, ...]
    mentions: tuple[Mention, ...]
    first: tuple[Mention, ...]
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What the browser gets: the operations as it would send them."""
        return {
            "operations": [
                {"kind": o.kind, "spot": str(o.spot), "value": as_shown(o.value), "old": o.old}
                for o in self.operations
            ],
            "mentions": [asdict(one) for one in self.mentions],
            "first": [asdict(one) for one in self.first],
            "warnings": list(self.warnings),
        }


def find_mentions(reading: OrganisationReading, spot: Spot) -> Iterator[Mention]:
    """The places that name what a spot is about: in a text, or by its id."""
    expression, id = naming_of(spot.way, Path(spot.file))
    if not id or reading.edition is None:
        return
    texts = {(text.document.path, text.loc) for text in reading.edition.texts}
    own_words = spot.way.startswith("words/")
    for document in _documents(reading):
        for loc, value in parts_of(document.data):
            if not isinstance(value, str):
                continue
            by_id = value == id and loc[-1] not in ("id", "form") and loc[0] != "words"
            named = by_id and not own_words and (document.path, loc) not in texts
            if not named and not expression.search(value):
                continue
            if _is_within(document, loc, spot):
                continue
            yield _mention(reading.edition, document, loc)
    own = {document.path for document in _documents(reading)}
    for text in reading.edition.texts:
        if text.document.path not in own and expression.search(text.source):
            yield _mention(reading.edition, text.document, text.loc)


Twins = Mapping[str, Sequence[FilledText]]
"""The texts of an edition by what they say, as the panel shows it."""


def index_twins(edition: Edition) -> Twins:
    """The texts that are written word for word in several places."""
    found: dict[str, list[FilledText]] = {}
    for text in edition.texts:
        found.setdefault(unwrap(text.source), []).append(text)
    return {words: texts for words, texts in found.items() if len(texts) > 1}


def find_twins(edition: Edition, twins: Twins, spot: str, value: Any) -> list[dict[str, str]]:
    """The other places that say what one says now, word for word."""
    texts = twins.get(value, ()) if isinstance(value, str) else ()
    mentions = (_mention(edition, t.document, t.loc) for t in texts if not _is_spot(t, spot))
    return [asdict(one) for one in dict.fromkeys(mentions)]


def plan_removal(
    spot: Spot,
    edition: Edition,
    read: Callable[[str], Document],
    attempt: Callable[[Sequence[Operation]], tuple[Sequence[Problem], Iterable[Document]]],
) -> Removal:
    """How a part is taken out together with all that names it.

    `read` gives a file as it is, `attempt` what is wrong after operations, and the files that they
    change. Raises ConflictError and RefusedError, as it does.
    """
    document = read(spot.file)
    gone = value_at(document.data, place_of_way(document.data, spot.way))
    names = _names_within(spot, gone)
    operations = [Operation("remove", spot)]
    mentions: list[Mention] = []
    for _ in range(5):  # what is found wrong can hide more of the same
        problems, changed = attempt(operations)
        if not problems:
            return Removal(tuple(operations), tuple(mentions), ())
        known = {found.path: found for found in changed}
        places = {
            (file.path, loc): file
            for problem in problems
            if (file := known.get(problem.place.file) or _read(read, problem.place.file))
            and (loc := innermost(problem, file))
        }
        first = [p for p in problems if not any(p.place.file == path for path, _ in places)]
        barred = [Mention("file", p.where or p.message, "", p.message) for p in first]
        for (_, loc), file in sorted(places.items(), key=lambda one: _last_first(one[0][1])):
            found = _without(file, loc, names)
            if found is None:
                barred.append(_mention(edition, file, loc))
            else:
                operations.append(found[0])
                mentions.append(_mention(edition, file, loc, found[1]))
        if barred:
            return Removal((), tuple(mentions), tuple(barred))
    return Removal((), tuple(mentions), (Mention("file", "Other places name it.", ""),))


def home_of(document: Document, loc: Loc) -> str:
    """What a place is part of, in a reader's words: “Senior leaders: Decision on pay”."""
    found, data = [], document.data
    for step in loc:
        data = data[step]
        if isinstance(data, dict):
            name = next((str(data[key]) for key in _NAMES if isinstance(data.get(key), str)), "")
            found += [_shortened(name)] if name else []
    top = document.data.get("title") if isinstance(document.data, dict) else None
    found = found or ([top] if isinstance(top, str) else [document.path.stem.capitalize()])
    return ": ".join(dict.fromkeys(found[-2:]))


def say_expressions(say: Callable[[str], tuple[str, bool]], found: Any) -> dict[str, str]:
    """Every expression in the texts of an element, with the words that it gives."""
    facts = {}
    texts = (part for _, part in parts_of(found) if isinstance(part, str))
    for expression in dict.fromkeys(one for text in texts for one in _EXPRESSION.findall(text)):
        words, done = say(expression)
        facts[expression] = words if done else ""
    return facts


_LEADS = (
    (re.compile(r"\{\{\s*rules\.(\w+)\."), "organisation", "rules/{0}"),
    (re.compile(r"\{\{\s*words\.(\w+)"), "organisation", "words/{0}"),
    (re.compile(r"\{\{\s*day\(['\"]([\w-]+)\.([\w-]+)['\"]"), "cycles", "cycles/={0}/events/={1}"),
    (re.compile(r"\{\{\s*level\(['\"]([\w-]+)['\"]"), "ratings", "levels/={0}"),
    (re.compile(r"\{\{\s*stage\(['\"]([\w-]+)['\"]"), "career_stages", "stages/={0}"),
)
"""What an expression names, the file that has it, and the way to it there."""


def find_leads(reading: OrganisationReading, expressions: Iterable[str]) -> dict[str, str]:
    """For expressions, the spot of what they name: a number, a word, a date, a level, a stage."""
    found = {}
    for expression in expressions:
        for pattern, name, way in _LEADS:
            match = pattern.match(expression)
            file = getattr(reading.own, name, None)
            if match and file:
                spot = Spot(file.document.path.as_posix(), way.format(*match.groups()))
                found[expression] = str(spot)
    return found


# ---- how it is done ----


def _mention(edition: Edition, document: Document, loc: Loc, words: str = "") -> Mention:
    spot = str(spot_of(document, loc))
    folder, file = document.path.parent.name, document.path.stem
    kind = "form" if folder in ("forms", "house") else _KINDS.get(file, "entry")
    if file == "organisation":
        kind = {"forms": "form", "checks": "check", "rules": "number"}.get(str(loc[0]), "entry")
    where = home_of(document, loc)
    if file == "organisation" and kind == "form":
        form = document.data["forms"][loc[1]].get("form") if len(loc) > 1 else ""
        where = edition.references.forms.get(form, where)
    if kind == "clause":
        data = document.data
        for step in loc:
            data = data[step]
            if isinstance(data, dict) and isinstance(id := data.get("id"), str):
                try:
                    label = edition.label(id)
                except KeyError:
                    continue
                where = label[:1].upper() + label[1:]
    return Mention(kind, where, spot, words)


def _documents(reading: OrganisationReading) -> Iterator[Document]:
    """The organisation's own files, and the forms that it offers."""
    own = reading.own
    for found in vars(own).values() if own else ():
        if isinstance(found, File):
            yield found.document
    offered = {offer.form for offer in own.organisation.item.forms} if own else set()
    for id, form in reading.content.forms.items():
        if id in offered:
            yield form.document


def _is_within(document: Document, loc: Loc, spot: Spot) -> bool:
    way = way_to(document.data, loc)
    return document.path.as_posix() == spot.file and f"{way}/".startswith(f"{spot.way}/")


def _is_spot(text: FilledText, spot: str) -> bool:
    path, loc = text.document.path.as_posix(), text.loc
    return str(Spot(path, way_to(text.document.data, loc))) == spot


def _names_within(spot: Spot, gone: Any) -> re.Pattern[str]:
    """A pattern for expressions that name something that is taken out, or something in it."""
    expression, _ = naming_of(spot.way, Path(spot.file))
    ids = "|".join(re.escape(id) for id in sorted(ids_in(gone)))
    quoted = rf"|['\"](?:[a-z0-9-]+\.)?(?:{ids})['\"]|['\"](?:{ids})\." if ids else ""
    return re.compile(expression.pattern + quoted)


def _read(read: Callable[[str], Document], file: Path) -> Document | None:
    try:
        return read(file.as_posix())
    except (KeyError, OSError, ValueError):
        return None


def _last_first(loc: Loc) -> list[tuple[int, str]]:
    """Sorts places so that what is taken out of a list moves nothing that is still to come."""
    return [(-step, "") if isinstance(step, int) else (0, step) for step in loc]


def _without(document: Document, loc: Loc, names: re.Pattern[str]) -> tuple[Operation, str] | None:
    """The operation that takes a mention out of a value, and the words that go with it."""
    value = value_at(document.data, loc)
    spot = spot_of(document, loc)
    if isinstance(value, dict):  # a row with a cell for a column that goes
        key = next((key for key in value if names.search(f"'{key}'")), None)
        inner = Spot(spot.file, f"{spot.way}/{key}")
        return key and (Operation("remove", inner, old=as_shown(value[key])), "")
    if not isinstance(value, str):
        return None
    if isinstance(loc[-1], int) and not _EXPRESSION.search(value):
        return Operation("remove", spot, old=as_shown(value)), ""
    if not any(names.search(found) for found in _EXPRESSION.findall(value)):
        return None
    shown = unwrap(value)
    kept, gone = _sentences_without(shown, names)
    return (Operation("set", spot, kept, shown), gone) if kept else None


def _sentences_without(text: str, names: re.Pattern[str]) -> tuple[str, str]:
    lines, gone = [], []
    for line in text.split("\n"):
        sentences = re.split(r"(?<=[.!?])\s+", line)
        kept = [
            one
            for one in sentences
            if not any(names.search(found) for found in _EXPRESSION.findall(one))
        ]
        gone += [one for one in sentences if one not in kept]
        if kept or not line:
            lines.append(" ".join(kept) if len(kept) < len(sentences) else line)
    said = " ".join(_EXPRESSION.sub("…", one) for one in gone)
    return "\n".join(lines).strip(), said


def _shortened(words: str) -> str:
    words = " ".join(_EXPRESSION.sub("…", words).split())
    return words if len(words) < 60 else words[:59].rsplit(" ", 1)[0] + "…"
