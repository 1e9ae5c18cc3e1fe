"""Begin an organisation's next year: keep the edition that ends, and move the year on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from formulary import publish
from formulary.content.cycle import british, edition_name
from formulary.content.kept_edition import KeptEdition, read_kept_editions, sources_of
from formulary.content.loading import Content, File, OrganisationContent
from formulary.content.snapshot import FILE, as_json
from formulary.content.source import parse
from formulary.content.splicing import encode_like, set_value
from formulary.content.ways import parts_of
from formulary.edition.edition import Edition, edition_of
from formulary.pipeline.changes import whole_edition_file
from formulary.pipeline.content import stop_at_errors
from formulary.pipeline.states import load_without_errors, take_named_snapshot
from formulary.problems import Place, UsageError
from formulary.project import COMMAND, ORGANISATIONS

_YEAR = re.compile(r"(?<![\d-])20\d\d(?![\d-])")
_LEFT_AS_IT_IS = frozenset({"year", "revised", "updates", "notes", "accept", "facts"})
"""Keys of an organisation's files under which a day or a year is history, or is asked for apart."""
_DATES_OF_THE_POLICY = frozenset(
    [
        *("dated", "approval", "consultation", "in-force", "in-force-in"),
        *("next-review", "next-review-in"),
    ]
)


class StatedDay(NamedTuple):
    """A place that says a day or a year itself, and so did not move; `words` are as written."""

    place: Place
    words: str


@dataclass(frozen=True)
class NextYear:
    """What was done: the edition that was kept, and where the year is; and what is to be looked at.

    `stated` are days in the texts, `approval` those of the policy's approval and review.
    """

    organisation: str
    kept: str
    began: str
    year: int
    files: tuple[Path, ...]
    place: Place
    stated: tuple[StatedDay, ...]
    approval: tuple[StatedDay, ...]


@dataclass(frozen=True)
class NextYearPlan:
    """What would be done: the files by name in `folder`, and the edition before and after."""

    done: NextYear
    folder: Path
    files: Mapping[str, bytes]
    before: Edition
    after: Edition


def begin_next_year(
    root: Path, organisation: str, year: int | None, today: datetime.date
) -> NextYear:
    """Keep the edition that the content is of, and set the content's year to the one after it.

    Either all files are written or none. Raises what `plan_next_year` raises, and OutputError.
    """
    plan = plan_next_year(root, organisation, year, today)
    publish.replace_files(plan.folder, plan.files)
    return plan.done


def plan_next_year(
    root: Path, organisation: str, year: int | None, today: datetime.date
) -> NextYearPlan:
    """What beginning the next year would write; nothing is written.

    `year` is the year that begins; without it, the next, if the one that the content is in has
    begun by `today`. Raises UsageError where the year has been moved already, and ContentError
    where the content has errors.
    """
    content, (edition,) = load_without_errors(root, (organisation,), None)
    own = content.get(organisation)
    before, faults = read_kept_editions(root, organisation)
    stop_at_errors(faults)
    _refuse_second_run(edition, year, today, _is_as_kept(content, own, before.values()))
    begins = edition.year + 1
    document = own.organisation.document
    moved = set_value(document, ("year",), begins)
    after, faults = edition_of(content, own, begins)
    stop_at_errors(faults)
    assert after is not None
    snapshot = take_named_snapshot(edition)
    path = own.folder / "organisation.yaml"
    # the year last: until it is moved, the command can be run again and does the same
    files = {
        FILE: as_json(snapshot),
        **whole_edition_file(content, edition, snapshot.name, before),
        path.name: encode_like(path.read_bytes(), moved.text),
    }
    stated = tuple(_stated_days(own))
    done = NextYear(
        organisation=organisation,
        kept=snapshot.name,
        began=edition_name(begins),
        year=begins,
        files=tuple(ORGANISATIONS / organisation / name for name in files),
        place=document.place(("year",)),
        stated=tuple(one for one, of_approval in stated if not of_approval),
        approval=tuple(one for one, of_approval in stated if of_approval),
    )
    return NextYearPlan(done, own.folder, files, edition, after)


def _is_as_kept(content: Content, own: OrganisationContent, before: Iterable[KeptEdition]) -> bool:
    """Whether nothing but the year differs from the edition of the year before, as it was kept."""
    year = own.organisation.item.year
    now, name = sources_of(content, own), own.organisation.document.path.as_posix()

    def without_year(text: str) -> dict[str, Any]:
        return {**parse(text, Path(name))[0].data, "year": None}

    return any(
        {**kept.files, name: ""} == {**now, name: ""}
        and without_year(kept.files[name]) == without_year(now[name])
        for kept in before
        if kept.year == year - 1
    )


def _refuse_second_run(
    edition: Edition, year: int | None, today: datetime.date, is_as_kept: bool
) -> None:
    place = f"{ORGANISATIONS.as_posix()}/{edition.id}/organisation.yaml"
    if year is not None:
        if year == edition.year:
            raise UsageError(
                f"{place} is in {edition.name} already. Nothing was changed. "
                f"If you changed it by hand before the edition of {edition_name(year - 1)} was "
                f"kept, keep it now: {COMMAND} keep-edition --org {edition.id} --at STATE.",
                f"The handbook is of {edition.name} already. Nothing was changed. Open the page "
                "again to see which year begins next.",
            )
        if year != edition.year + 1:
            raise UsageError(
                f"{place} is in {edition.name}, so the year that begins is {edition.year + 1}. "
                "Nothing was changed."
            )
        return
    starts = min(calendar.starts for calendar in edition.calendars)
    if today < starts or is_as_kept:
        why = (
            f"which begins on {british(starts)}"
            if today < starts
            else f"and nothing else differs from {edition_name(edition.year - 1)} as it was kept"
        )
        raise UsageError(
            f"The year has been moved already: {place} is in {edition.name}, {why}. Nothing was "
            f"changed. To move on to {edition_name(edition.year + 1)} all the same, add --year "
            f"{edition.year + 1}."
        )


def _stated_days(own: OrganisationContent) -> Iterator[tuple[StatedDay, bool]]:
    """Every day and year that the organisation's files say themselves; True for the policy's own.

    What counts from a cycle (“by 31 October”) says no year, and moves by itself.
    """
    for file in (
        own.policy,
        own.cycles,
        own.organisation,
        own.ratings,
        own.career_stages,
        own.guidance,
        own.questions,
        own.checklists,
    ):
        if not isinstance(file, File):
            continue
        for loc, value in parts_of(file.document.data):
            if _LEFT_AS_IT_IS.intersection(loc):
                continue
            words = str(value) if isinstance(value, datetime.date) else ""
            if isinstance(value, str) and _YEAR.search(value):
                words = _passage(value)
            if words:
                of_approval = file is own.policy and loc[0] in _DATES_OF_THE_POLICY
                found = _YEAR.search(words)
                place = (
                    file.document.place_of(loc, found.group())
                    if found and isinstance(value, str)
                    else file.document.place(loc)
                )
                yield StatedDay(place, words), of_approval


def _passage(text: str) -> str:
    """The words around the first year in a text, in one line."""
    line = " ".join(text.split())
    found = _YEAR.search(line)
    assert found
    first, last = max(0, found.start() - 40), found.end() + 20
    before = "…" if first else ""
    after = "…" if last < len(line) else ""
    return f"{before}{line[first:last].strip()}{after}"
