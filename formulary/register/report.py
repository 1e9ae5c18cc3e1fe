"""Write the reports for leaders and for HR: HTML pages about what is expected and what came.

The one that can be passed on counts people, never names them, and shows no number from which one of
a small group could be made out (`suppression`). The one for HR shows every number, and who has not
finished what. Either needs no other file: no script, nothing fetched.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from formulary.content.cycle import british
from formulary.defaults import THRESHOLD
from formulary.diagrams.colour import DARK, WHITE, Shades, contrast, make_shades
from formulary.diagrams.typeface import data_address, font_rules, house_rules, web_fonts
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.problems import Kind, Severity
from formulary.register.summaries import form_of, group_of, parts_by_key, site_of, split_by
from formulary.register.suppression import HiddenCounts, Position, hide_small_counts
from formulary.returns.expected import ExpectedReturn, RegisterEntry

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
    note: str = ""


@dataclass(frozen=True)
class Completion:
    """How many of so many forms are in; None where the number may not be shown."""

    count: int | None
    whole: int | None

    @property
    def share(self) -> int | None:
        """In hundredths; never 100 while one is missing, nor 0 while one is in."""
        if self.count is None or not self.whole:
            return None
        if 0 < self.count < self.whole:
            return min(99, max(1, round(100 * self.count / self.whole)))
        return 100 * self.count // self.whole


@dataclass(frozen=True)
class FormProgress:
    """How many of a form are in: of all, and of each school or group (None where none is due)."""

    title: str
    due: str
    all: Completion
    parts: tuple[Completion | None, ...]


@dataclass(frozen=True)
class ProgressTable:
    """Forms by school or by group, worst first; `names` are those of the schools or groups."""

    id: str
    title: str
    names: tuple[str, ...]
    forms: tuple[FormProgress, ...]

    @property
    def ranked(self) -> bool:
        """Whether the order of the forms is known from what is shown of them."""
        return all(form.all.share is not None for form in self.forms)


@dataclass(frozen=True)
class Headline:
    """All forms together. `overdue` are those missing whose day is past; None if not shown."""

    all: Completion
    overdue: int | None
    unfinished: int | None
    behind: str
    """The form that is furthest behind; empty where none is, or where it cannot be shown."""


@dataclass(frozen=True)
class FindingGroup:
    """Kinds of finding that ask for the same: how many returns have each, in words."""

    id: str
    title: str
    findings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LeadersReport:
    """What the page says. `outstanding` is there only in the one for HR, which hides nothing."""

    edition: Edition
    today: str
    process: str
    shades: Shades
    fonts: str
    """The rules of the organisation's typefaces, with their files in them; empty without."""
    threshold: int
    headline: Headline
    progress: tuple[ProgressTable, ...]
    findings: tuple[FindingGroup, ...]
    unread: str
    ratings: tuple[Chart, ...]
    limits: Chart
    outstanding: Chart | None


def report_of(
    edition: Edition,
    owed: Sequence[ExpectedReturn],
    entries: Sequence[RegisterEntry],
    findings: Mapping[Kind, int],
    today: datetime.date,
    *,
    threshold: int = THRESHOLD,
    for_hr: bool = False,
) -> bytes:
    """The page, as HTML in UTF-8. `findings` is how many returns have each kind of finding.

    The one `for_hr` shows every number, and who has not handed in what.
    """
    if for_hr:
        threshold = 1
    own = edition.faces
    reviewer = first_capital(edition.word("reviewer"))
    headline, progress = _progress(owed, threshold, today)
    unread = sum(found.standing == "unread" for found in entries)
    report = LeadersReport(
        edition=edition,
        today=british(today),
        process=first_capital(edition.organisation.process),
        shades=make_shades(edition.organisation.colour),
        fonts=house_rules() + font_rules(own, partial(data_address, web_fonts(own))),
        threshold=threshold,
        headline=headline,
        progress=progress,
        findings=tuple(_finding_groups(findings, threshold)),
        unread=_count(unread, threshold) if unread else "",
        ratings=tuple(_rating_charts(edition, entries, threshold)),
        limits=_time_limits_chart(edition, entries, threshold),
        outstanding=_outstanding_chart(owed, reviewer) if for_hr else None,
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


# forms in, by form and by school or group


def _progress(
    owed: Sequence[ExpectedReturn], threshold: int, today: datetime.date
) -> tuple[Headline, tuple[ProgressTable, ...]]:
    """All forms together, and by school and by group.

    Each table counts people, by form and part: how many have handed the form in, and how many have
    not. What one table hides of a form's total, none of the others may show.
    """
    ways = (("school", "Forms in, by school or team", site_of),) * bool(owed)
    ways += (("group", "Forms in, by staff group", group_of),) * bool(owed)
    forms = split_by(owed, form_of)
    totals = [_in_and_missing(found) for _, found in forms]
    parts = [split_by(owed, key) for _, _, key in ways]
    names = [tuple(name for name, _ in some) for some in parts]
    tables = []
    for some, (_, _, key) in zip(parts, ways, strict=True):
        by_form = [parts_by_key(found, key) for _, found in forms]
        keys = [key(found[0]) for _, found in some]
        tables.append([[_in_and_missing(found.get(one, ())) for one in keys] for found in by_form])
    hidden: set[Position] = set()
    while True:
        together = hide_small_counts(totals, threshold, known_hidden=hidden)
        by_part = [
            [
                hide_small_counts(
                    rows,
                    threshold,
                    known_hidden=[(len(rows), column) for row, column in hidden if row == form],
                )
                for form, rows in enumerate(table)
            ]
            for table in tables
        ]
        found = {one for one in together.positions if one[0] < len(forms)}
        found |= {
            (form, column)
            for table in by_part
            for form, one in enumerate(table)
            for column in one.totals
        }
        if found <= hidden:
            break
        hidden |= found
    all_of = [
        _shown(row, together.visible_counts(form, row), threshold)
        for form, row in enumerate(totals)
    ]
    made = [
        ProgressTable(
            id,
            title,
            some,
            tuple(
                FormProgress(
                    title,
                    _due_words(found, today),
                    whole,
                    tuple(
                        _shown(row, one.visible_counts(part, row), threshold) if sum(row) else None
                        for part, row in enumerate(rows)
                    ),
                )
                for (title, found), whole, rows, one in zip(
                    forms, all_of, table, shown, strict=True
                )
            ),
        )
        for (id, title, _), some, table, shown in zip(ways, names, tables, by_part, strict=True)
    ]
    sums = [sum(column) for column in zip(*totals, strict=True)] or [0, 0]
    whole = _shown(sums, together.visible_counts(len(forms), sums), threshold)
    return _headline(owed, whole, made, threshold), tuple(
        _worst_first(table)
        for place, table in enumerate(made)
        if not place or len(table.names) > 1  # one group alone is all of them again
    )


def _in_and_missing(owed: Sequence[ExpectedReturn]) -> tuple[int, int]:
    back = sum(one.is_returned for one in owed)
    return back, len(owed) - back


def _shown(values: Sequence[int], counts: Sequence[int | None], threshold: int) -> Completion:
    whole = sum(values)
    return Completion(counts[0], whole if not 0 < whole < threshold else None)


def _headline(
    owed: Sequence[ExpectedReturn],
    whole: Completion,
    tables: Sequence[ProgressTable],
    threshold: int,
) -> Headline:
    missing = [one for one in owed if not one.is_returned]
    late = sum(one.is_overdue for one in missing)
    unfinished = sum(one.is_returned and not one.is_done for one in owed)
    back = len(owed) - len(missing)

    def shown(part: int, of: int) -> int | None:
        """A part of what is shown, if neither it nor the rest is small."""
        small = any(0 < one < threshold for one in (part, of - part))
        return None if whole.count is None or small else part

    forms = [one for table in tables[:1] for one in table.forms]
    behind = [one for one in forms if one.all.share != 100]
    # a form whose number is not shown may be the one that is furthest behind
    known = len(forms) > 1 and all(one.all.share is not None for one in behind)
    worst = min(behind, key=lambda one: one.all.share or 0).title if known and behind else ""
    return Headline(whole, shown(late, len(missing)), shown(unfinished, back), worst)


def _worst_first(table: ProgressTable) -> ProgressTable:
    """The table with its forms and its schools in the order of what is shown of their shares."""

    def rank(share: float | None) -> tuple[bool, float]:
        return share is None, share or 0

    def part_rank(place: int) -> tuple[bool, float]:
        found = [one.parts[place] for one in table.forms]
        seen = [one.share for one in found if one and one.share is not None]
        return rank(sum(seen) / len(seen) if seen else None)

    order = sorted(range(len(table.names)), key=part_rank)
    forms = sorted(table.forms, key=lambda one: rank(one.all.share))
    return replace(
        table,
        names=tuple(table.names[place] for place in order),
        forms=tuple(
            replace(one, parts=tuple(one.parts[place] for place in order)) for one in forms
        ),
    )


def _due_words(owed: Sequence[ExpectedReturn], today: datetime.date) -> str:
    days = sorted({one.expected.due for one in owed})
    if not days:
        return ""
    span = british(days[0]) if len(days) == 1 else f"{british(days[0])} to {british(days[-1])}"
    return f"due {span}{', past' if days[-1] < today else ''}"


# charts


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


def _total(
    rows: Sequence[Sequence[int]], hidden: HiddenCounts
) -> tuple[list[int], tuple[int | None, ...]]:
    """The totals of a table's columns, and as they may be shown."""
    sums = [sum(column) for column in zip(*rows, strict=True)]
    return sums, hidden.visible_counts(len(rows), sums)


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
    hidden = hide_small_counts(rows, threshold, hide_uniform=threshold > 1)

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


_FINDING_GROUPS: tuple[tuple[Severity, str], ...] = (
    ("error", "To correct"),
    ("warning", "To look at"),
    ("info", "For information"),
)


def _finding_groups(findings: Mapping[Kind, int], threshold: int) -> Iterator[FindingGroup]:
    """The kinds of finding by what they ask for, the most frequent first.

    Those that few returns have are in the order of their titles, which tells nothing of them.
    """
    for severity, title in _FINDING_GROUPS:
        found = [
            (kind.title, count) for kind, count in findings.items() if kind.severity == severity
        ]
        found.sort(key=lambda one: (-one[1] if one[1] >= threshold else 0, one[0]))
        words = tuple((_count(count, threshold), title) for title, count in found)
        yield FindingGroup(severity, title, words)


_MOST_OUTSTANDING = 1000
"""Rows of the list in the report for HR; a page of many more would not open on a phone."""


def _outstanding_chart(owed: Sequence[ExpectedReturn], reviewer: str) -> Chart:
    """Who has not finished what, what is overdue first."""
    found = [one for one in owed if not one.is_done]
    found.sort(key=lambda one: (not one.is_overdue, one.expected.due, one.assignment.person.site))
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
        for one in found[:_MOST_OUTSTANDING]
    )
    headings = ("Name", "School or team", reviewer, "Form", "State", "Due by", "Overdue")
    said = "" if rows else "Everything is done."
    more = len(found) - len(rows)
    note = f"{more:,} more are in register.xlsx." if more else ""
    return Chart("outstanding", "Who has not finished", headings, rows, said=said, note=note)


def _count(number: int, threshold: int) -> str:
    return f"fewer than {threshold}" if 0 < number < threshold else f"{number:,}"


def _words(count: int | None) -> str:
    return _NOT_SHOWN if count is None else f"{count:,}"


def _share(count: int | None, size: int) -> str:
    return _NOT_SHOWN if count is None or not size else f"{round(100 * count / size)}%"
