"""Write the report for leaders: one HTML page about the forms expected and the returns that count.

It counts people, never names them unless asked to, and shows no number from which one of a small
group could be made out (`suppression`). The page needs no other file: no script, nothing fetched.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from formulary.content.cycle import british
from formulary.defaults import THRESHOLD
from formulary.diagrams.colour import DARK, WHITE, contrast, ink
from formulary.edition.edition import Edition
from formulary.problems import Kind
from formulary.register.summaries import group_of, site_of, split_by
from formulary.register.suppression import HiddenCounts, hide_small_counts
from formulary.returns.expected import ExpectedReturn, RegisterEntry

_STATES = ("Finished", "Under way", "Overdue")
_FILL_CLASSES = ("done", "way", "late")

_NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class BarPart:
    """A stretch of a bar, from and so wide in hundredths. `fill` is a class, `colour` a colour."""

    start: float
    width: float
    fill: str
    colour: str = ""
    letters: str = ""
    ink: str = ""


@dataclass(frozen=True)
class Bar:
    label: str
    parts: tuple[BarPart, ...]


@dataclass(frozen=True)
class LegendEntry:
    """What a filling of the bars means."""

    name: str
    fill: str
    colour: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart, and the table with the same numbers; `said` is set where nothing may be shown."""

    id: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...] = ()
    keys: tuple[LegendEntry, ...] = ()
    said: str = ""
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeadersReport:
    """What the page says. `outstanding` is empty where nobody is to be named."""

    edition: Edition
    today: str
    colour: str
    threshold: int
    facts: tuple[tuple[str, str], ...]
    completion: tuple[Chart, ...]
    ratings: tuple[Chart, ...]
    limits: Chart
    findings: Chart
    outstanding: Chart | None


def report_of(
    edition: Edition,
    owed: Sequence[ExpectedReturn],
    entries: Sequence[RegisterEntry],
    findings: Mapping[Kind, int],
    today: datetime.date,
    *,
    threshold: int = THRESHOLD,
    names: bool = False,
) -> bytes:
    """The page, as HTML in UTF-8. With `names` it lists who has not finished what."""
    completion, facts = _completion_charts(owed, threshold)
    unread = sum(found.standing == "unread" for found in entries)
    report = LeadersReport(
        edition=edition,
        today=british(today),
        colour=ink(edition.organisation.colour),
        threshold=threshold,
        facts=(*facts, ("Files that could not be read", _count(unread, threshold))),
        completion=completion,
        ratings=tuple(_rating_charts(edition, entries, threshold)),
        limits=_time_limits_chart(edition, entries, threshold),
        findings=_findings_chart(findings, threshold),
        outstanding=_outstanding_chart(owed) if names else None,
    )
    return _environment().get_template("report.html.j2").render(r=report).encode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("formulary.register", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


# completion


def _completion_charts(
    owed: Sequence[ExpectedReturn], threshold: int
) -> tuple[tuple[Chart, ...], tuple[tuple[str, str], ...]]:
    """Who is finished, by school and by group; and the same of all together, as facts."""
    ways = [
        ("school", "By school or team", "School or team", split_by(owed, site_of)),
        ("group", "By staff group", "Staff group", split_by(owed, group_of)),
    ]
    tables = [[_count_people(found) for _, found in parts] for _, _, _, parts in ways]
    totals: frozenset[int] = frozenset()
    while True:  # what one table hides of the totals, the other must not show
        hidden = [hide_small_counts(rows, threshold, hidden_totals=totals) for rows in tables]
        together = totals.union(*(one.totals for one in hidden))
        if together == totals:
            break
        totals = together
    charts = tuple(
        _bar_chart(id, title, heading, [name for name, _ in parts], rows, one, threshold)
        for (id, title, heading, parts), rows, one in zip(ways, tables, hidden, strict=True)
    )
    people = len({one.assignment.person.id for one in owed})
    facts = [("People reviewed", _count(people, threshold))]
    for column, (name, number) in enumerate(zip(_STATES, _count_people(owed), strict=True)):
        facts.append((name, _words(None if column in totals else number)))
    return charts, tuple(facts)


def _count_people(owed: Sequence[ExpectedReturn]) -> tuple[int, ...]:
    """How many people are finished, under way, and overdue with something."""
    people: dict[str, list[ExpectedReturn]] = {}
    for one in owed:
        people.setdefault(one.assignment.person.id, []).append(one)
    done = sum(all(one.is_done for one in found) for found in people.values())
    late = sum(any(one.is_overdue for one in found) for found in people.values())
    return done, len(people) - done - late, late


def _bar_chart(
    id: str,
    title: str,
    heading: str,
    names: Sequence[str],
    rows: Sequence[Sequence[int]],
    hidden: HiddenCounts,
    threshold: int,
) -> Chart:
    headings = (heading, "People", *_STATES, "Share finished")
    if not rows:
        return Chart(id, title, headings, (), said="No one is to be reviewed.")

    def cells(name: str, values: Sequence[int], counts: Sequence[int | None]) -> tuple[str, ...]:
        size = sum(values)
        share = _share(counts[0], size)
        return (name, _count(size, threshold), *map(_words, counts), share)

    counts = [hidden.visible_counts(row, values) for row, values in enumerate(rows)]
    return Chart(
        id,
        title,
        headings,
        tuple(cells(*one) for one in zip(names, rows, counts, strict=True)),
        tuple(
            Bar(name, _parts(values, shown, [LegendEntry(n, f) for n, f in _KEYS]))
            for name, values, shown in zip(names, rows, counts, strict=True)
            if sum(values) >= threshold
        ),
        tuple(LegendEntry(name, fill) for name, fill in (*_KEYS, _HIDDEN)),
        total=cells("All", *_total(rows, hidden)) if len(rows) > 1 else (),
    )


def _total(
    rows: Sequence[Sequence[int]], hidden: HiddenCounts
) -> tuple[list[int], tuple[int | None, ...]]:
    """The totals of a table's columns, and as they may be shown."""
    sums = [sum(column) for column in zip(*rows, strict=True)]
    return sums, hidden.visible_counts(len(rows), sums)


_KEYS = tuple(zip(_STATES, _FILL_CLASSES, strict=True))
_HIDDEN = ("Not shown", "hidden")


def _parts(
    values: Sequence[int], counts: Sequence[int | None], keys: Sequence[LegendEntry]
) -> tuple[BarPart, ...]:
    """A bar's stretches: what is shown, and one for all that is not."""
    size = sum(values)
    start, parts = 0.0, []
    for one, key in zip(counts, keys, strict=True):
        if one and size:
            width = 100 * one / size
            letters = f"{one}" if key.colour and width >= _LEAST_WIDTH else ""
            on = WHITE if key.colour and contrast(key.colour, WHITE) >= 4.5 else DARK
            parts.append(
                BarPart(round(start, 2), round(width, 2), key.fill, key.colour, letters, on)
            )
            start += width
    if size and start < 99.99:
        parts.append(BarPart(round(start, 2), round(100 - start, 2), "hidden"))
    return tuple(parts)


_LEAST_WIDTH = 9
"""Hundredths of a bar that a number in it needs."""


# ratings


def _rating_charts(
    edition: Edition, entries: Sequence[RegisterEntry], threshold: int
) -> list[Chart]:
    """For each thing that is rated, how many people of each group have which rating last."""
    if edition.ratings is None:
        return []
    groups = {found.id: found.name for found in edition.organisation.groups}
    last: dict[tuple[str, str], tuple[str, str]] = {}
    options: dict[str, tuple[str, ...]] = {}
    for entry in sorted(entries, key=_time_received):
        for rated in entry.ratings if entry.person else ():
            assert entry.person
            options[rated.what] = rated.levels
            last[rated.what, entry.person.id] = (groups.get(entry.person.group, ""), rated.level)
    colours = [level.colour or "" for level in edition.ratings.levels]
    charts = []
    for number, (what, levels) in enumerate(options.items(), start=1):
        found = [pair for (one, _), pair in last.items() if one == what]
        names = sorted({name for name, _ in found})
        counts = Counter(found)
        rows = [[counts[name, level] for level in levels] for name in names]
        keys = [LegendEntry(n, "level", c) for n, c in zip(levels, colours, strict=True)]
        charts.append(_rating_chart(f"rated-{number}", what, names, rows, keys, threshold))
    return charts


def _time_received(entry: RegisterEntry) -> tuple[bool, str]:
    received = entry.received
    return received is not None, received.isoformat() if received else ""


def _rating_chart(
    id: str,
    title: str,
    names: Sequence[str],
    rows: Sequence[Sequence[int]],
    keys: Sequence[LegendEntry],
    threshold: int,
) -> Chart:
    headings = ("Staff group", "People rated", *(key.name for key in keys))
    hidden = hide_small_counts(rows, threshold, hide_uniform=True)

    def cells(name: str, values: Sequence[int], counts: Sequence[int | None]) -> tuple[str, ...]:
        return (name, _count(sum(values), threshold), *map(_words, counts))

    counts = [hidden.visible_counts(row, values) for row, values in enumerate(rows)]
    table = list(zip(names, rows, counts, strict=True))
    return Chart(
        id,
        title,
        headings,
        tuple(cells(*one) for one in table),
        tuple(Bar(n, _parts(v, c, keys)) for n, v, c in table if sum(v) >= threshold),
        (*keys, LegendEntry(*_HIDDEN)),
        total=cells("All", *_total(rows, hidden)) if len(rows) > 1 else (),
    )


# time limits, findings, names


def _time_limits_chart(edition: Edition, entries: Sequence[RegisterEntry], threshold: int) -> Chart:
    """How often each time limit was kept, of the returns that record both days."""
    kept: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for case in entries:
        for limit, was_kept in case.time_limits:
            all_[limit.words] += 1
            kept[limit.words] += was_kept
    rows, bars = [], []
    keys = [LegendEntry("Kept", "done"), LegendEntry("Not kept", "late")]
    for limit in edition.organisation.checks.limits:
        size, label = all_[limit.words], edition.label(limit.clause)
        values = (kept[limit.words], size - kept[limit.words])
        name = limit.words[:1].upper() + limit.words[1:]
        counts = hide_small_counts([values], threshold).visible_counts(0, values)
        numbers = (*map(_words, counts), _share(counts[0], size)) if size else ("–",) * 3
        rows.append((name, label, _count(size, threshold) if size else "none", *numbers))
        if size >= threshold:
            bars.append(Bar(name, _parts(values, counts, keys)))
    said = "" if rows else "The policy sets no time limit that a form records."
    headings = ("Time limit", "In the policy", "Returns", "Kept", "Not kept", "Share kept")
    key = (*keys, LegendEntry(*_HIDDEN)) if bars else ()
    return Chart("limits", "Time limits", headings, tuple(rows), tuple(bars), key, said)


def _findings_chart(findings: Mapping[Kind, int], threshold: int) -> Chart:
    """How many returns have each kind of finding, the most frequent first."""
    kinds = {kind.code: kind for kind in findings}
    counts = {kind.code: count for kind, count in findings.items()}
    order = sorted(counts, key=lambda code: (-counts[code], code))
    big = [code for code in order if counts[code] >= threshold]
    small = sorted(set(order) - set(big), key=lambda code: kinds[code].title)
    rows = tuple(
        (kinds[code].title, kinds[code].severity, _count(counts[code], threshold))
        for code in (*big, *small)
    )
    most = max((counts[code] for code in big), default=1)
    bars = tuple(
        Bar(kinds[code].title, (BarPart(0, round(100 * counts[code] / most, 2), "plain"),))
        for code in big
    )
    said = "" if rows else "The checks found nothing."
    return Chart("findings", "Findings", ("Finding", "How bad", "Returns"), rows, bars, (), said)


def _outstanding_chart(owed: Sequence[ExpectedReturn]) -> Chart:
    rows = tuple(
        (
            one.assignment.person.name,
            one.assignment.person.site,
            one.reviewer[1],
            one.expected.title,
            one.state,
            british(one.expected.due),
            "yes" if one.is_overdue else "no",
        )
        for one in sorted(owed, key=lambda one: (one.expected.due, one.assignment.person.site))
        if not one.is_done
    )
    headings = ("Name", "School or team", "Reviewer", "Form", "State", "Due by", "Overdue")
    said = "" if rows else "Everything is done."
    return Chart("outstanding", "Who has not finished", headings, rows, said=said)


def _count(number: int, threshold: int) -> str:
    return f"fewer than {threshold}" if 0 < number < threshold else f"{number:,}"


def _words(count: int | None) -> str:
    return _NOT_SHOWN if count is None else f"{count:,}"


def _share(count: int | None, size: int) -> str:
    return _NOT_SHOWN if count is None or not size else f"{round(100 * count / size)}%"
