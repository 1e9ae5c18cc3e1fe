"""Put a comparison into words: headings, sentences and marked passages, and all of it as a paper.

The handbook's page and the paper that the Word and PDF writers take are made of the same blocks, so
that trustees read the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from formulary.content.cycle import british
from formulary.content.policy import Update
from formulary.content.snapshot import SnapshotEntry
from formulary.documents.paper import Paper, PaperClause, PaperSection, cover
from formulary.documents.stamp import Stamp, digest_of
from formulary.edition.changes import HOMES, Comparison, Difference, Group, Renumbering, What
from formulary.edition.edition import Edition
from formulary.edition.filled_text import with_plain_words
from formulary.edition.text import (
    Block,
    Bullets,
    Paragraph,
    Run,
    blocks,
    first_capital,
    number_in_words,
    plain,
)
from formulary.edition.wording import Passage

TITLES: dict[Group, str] = {
    "policy": "The policy",
    "dates": "Dates",
    "numbers": "Numbers",
    "expected": "What is expected",
    "people": "Who does what",
    "forms": "Forms",
    "names": "Names and words",
}
SAID: dict[What, str] = {
    "added": "new",
    "removed": "withdrawn",
    "moved": "moved",
    "reordered": "put in a different order",
    "reworded": "reworded",
}
VALUES = frozenset({"dates", "numbers", "forms"})
"""The groups in which a text is a value, so that it is called changed and not reworded."""

NAMING = frozenset({"Heading", "Title", "Label", "Name", "Post"})
"""The labels of texts that the name of an entry gives already."""

STATED = "stated"
"""The id of the part of a paper that lists what has another number only."""


def comparison_title(comparison: Comparison) -> str:
    """The title of a comparison: “What changed since 2025-26”."""
    return f"What changed since {comparison.before}"


def describe_kind(group: Group, what: tuple[What, ...]) -> str:
    """How something changed: “new”, “moved and reworded”."""
    said = {**SAID, "reworded": "changed"} if group in VALUES else SAID
    return " and ".join(said[one] for one in what)


def heading(comparison: Comparison, change: Difference) -> str:
    """The heading of a change: “Reworded: clause 9.1”, “Withdrawn: clause 5.1 of 2025-26”."""
    of = f" of {comparison.before}" if change.what == ("removed",) and change.entry.number else ""
    return f"{first_capital(describe_kind(change.group, change.what))}: {change.entry.name}{of}"


def anchor(key: str) -> str:
    """The permanent anchor of an entry's change: `clause--appeals`."""
    return key.replace(":", "--").replace(".", "--")


def summary(comparison: Comparison) -> tuple[Block, ...]:
    """The comparison in a few sentences, with a line for each group that changed."""
    total = len(comparison.differences)
    found: list[Block] = []
    if total == 1:
        found.append(_paragraph(f"One thing has changed since {comparison.before}."))
    elif total:
        opening = f"{first_capital(number_in_words(total))} things have changed"
        found.append(_paragraph(f"{opening} since {comparison.before}:"))
        lines = [_count_changes(comparison, group) for group, _ in comparison.group_differences()]
        found.append(Bullets(tuple((_paragraph(line),) for line in lines)))
    else:
        found.append(_paragraph(f"No rule and no form has changed since {comparison.before}."))
    before, after = comparison.years
    if before != after:
        found.append(
            _paragraph(
                f"The cycles start in {after} and no longer in {before}, so every date has moved "
                "with the year. That is not a change of a rule, and is not listed."
            )
        )
    if comparison.renumbered:
        count = len(comparison.renumbered)
        said = "One clause or section has another number and is otherwise where it was."
        if count > 1:
            said = f"{count} clauses or sections have another number and are otherwise where they "
            said += "were."
        found.append(_paragraph(said))
    return tuple(found)


def _count_changes(comparison: Comparison, group: Group) -> str:
    counts = comparison.count_kinds(group)
    said = [f"{counts[what]} {describe_kind(group, what)}" for what in sorted(counts, key=_rank)]
    return f"{TITLES[group]}: {', '.join(said)}"


def _rank(what: tuple[What, ...]) -> list[int]:
    """The order in which kinds of change are counted: what is new first, what is gone last."""
    order: tuple[What, ...] = ("added", "reworded", "reordered", "moved", "removed")
    return [order.index(one) for one in what]


def describe_change(
    comparison: Comparison, change: Difference, *, words: bool
) -> tuple[Block, ...]:
    """A change as blocks: where it was, its words with marks, what follows, why, who approved it.

    `words`: print “taken out” and “put in” beside the marks, for papers on which a mark alone
    could be missed.
    """
    return (
        *_where(comparison, change),
        *_passages(change, words),
        *_parts(change),
        *_list_followers(change),
        *_reasons(comparison, change),
    )


def _where(comparison: Comparison, change: Difference) -> Iterator[Block]:
    old, new = change.before, change.after
    if old is None or new is None:
        return
    home = comparison.names.get(new.home, _name_home(new))
    if old.home != new.home:
        was = f"It was {short_name(old)}, in {comparison.names.get(old.home, _name_home(old))}"
        yield _paragraph(f"{was}. It is now in {home}.")
    elif "moved" in change.what:
        number = f" It was {short_name(old)}." if old.number != new.number else ""
        yield _paragraph(f"It has another place in {home}.{number}")
    elif old.number != new.number:
        yield _paragraph(f"It was {short_name(old)}.")


def _name_home(entry: SnapshotEntry) -> str:
    """What an entry is in, where that has no name of its own."""
    return {"sections": "the sections", "appendices": "the appendices"}.get(entry.home, "the form")


def short_name(entry: SnapshotEntry) -> str:
    """An entry by its kind and number: “clause 5.3”; by its name where it has no number."""
    if not entry.number:
        return entry.name
    if entry.kind == "section":
        return f"{'Appendix' if entry.home == 'appendices' else 'section'} {entry.number}"
    return f"clause {entry.number}"


def _passages(change: Difference, words: bool) -> Iterator[Block]:
    found = change.passages
    if change.after is None or change.before is None:
        found = tuple(one for one in found if one.label not in NAMING)
    if change.what == ("added",):
        found = tuple(replace(one, runs=_remove_marks(one.runs)) for one in found)
    elif change.what == ("removed",) and found:
        yield _paragraph("The deleted words:")
    elif words:
        found = tuple(replace(one, runs=tuple(_write_out_marks(one.runs))) for one in found)
    for is_list, group in groupby(found, lambda passage: bool(passage.entry)):
        lines = [Paragraph((*_label(passage), *passage.runs)) for passage in group]
        yield from [Bullets(tuple((line,) for line in lines))] if is_list else lines


def _label(passage: Passage) -> tuple[Run, ...]:
    return (Run(f"{passage.label}: ", strong=True),) if passage.label else ()


def _remove_marks(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(replace(run, mark="") for run in runs)


def _write_out_marks(runs: tuple[Run, ...]) -> Iterator[Run]:
    """Marked runs between brackets that say what the mark means."""
    opening = {"added": "[added: ", "removed": "[deleted: "}
    for place, run in enumerate(runs):
        last = runs[place - 1].mark if place else ""
        following = runs[place + 1].mark if place + 1 < len(runs) else ""
        if run.mark and run.mark != last:
            yield Run(opening[run.mark])
        yield run
        if run.mark and run.mark != following:
            yield Run("]")


def _parts(change: Difference) -> Iterator[Block]:
    if change.parts:
        came = "With it came" if change.what == ("added",) else "With it went"
        whole = change.entry.name.removeprefix("the form ")
        names = (e.name.removeprefix(f"{whole}: ") for e in change.parts if e.kind not in HOMES)
        yield _paragraph(f"{came}: {'; '.join(names)}.")


def _list_followers(change: Difference) -> Iterator[Block]:
    if change.follows:
        yield _paragraph("It shows in these, which have no change of their own:")
        yield Bullets(tuple((Paragraph((link(entry),)),) for entry in change.follows))


def link(entry: SnapshotEntry) -> Run:
    """An entry of the present edition by its name, leading to its place."""
    if entry.kind in ("clause", "section"):
        return Run(entry.name, target=entry.key)
    if entry.kind in ("form", "part", "table", "field"):
        return Run(entry.name, target=f"form:{entry.id.partition('.')[0]}")
    return Run(entry.name)


def _reasons(comparison: Comparison, change: Difference) -> Iterator[Block]:
    if change.replaced_by:
        yield Paragraph((Run("It is replaced by "), link(change.replaced_by), Run(".")))
    own = change.entry.kind in ("clause", "section")
    for logged in change.log:
        if not own:
            at = Run(comparison.name_of(logged.clause), target=f"clause:{logged.clause}")
            yield Paragraph((Run("The change log says of "), at, Run(":")))
        yield from blocks(logged.text)
        if logged.reason:
            why, *others = blocks(logged.reason)
            lead = Run("Why: ", strong=True)
            yield Paragraph((lead, *why.runs)) if isinstance(why, Paragraph) else why
            yield from others
        if approved := approval(logged):
            yield _paragraph(f"{approved}.")
    if change.lacks_reason:
        yield Paragraph((Run("No reason is given.", emphasis=True),))


def approval(logged: Update) -> str:
    """Who approved a change, and when; empty where the log does not say."""
    if not logged.approved_by and not logged.on:
        return ""
    by = f" by {plain(logged.approved_by)}" if logged.approved_by else ""
    return f"Approved{by}" + (f" on {british(logged.on)}" if logged.on else "")


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def list_renumbered(found: Sequence[Renumbering]) -> tuple[Block, ...]:
    """What has another number, as a list."""
    lines = (f"{first_capital(short_name(one.before))} is now {one.after.name}" for one in found)
    return (Bullets(tuple((_paragraph(line),) for line in lines)),)


def compose_changes(edition: Edition, comparison: Comparison) -> Paper:
    """The comparison as a paper of its own, for those who approve the policy."""
    sections = [
        PaperSection(
            id=f"changes-{group}",
            number="",
            title=TITLES[group],
            appendix=False,
            blocks=(),
            clauses=tuple(
                PaperClause(
                    anchor(c.key),
                    "",
                    heading(comparison, c),
                    describe_change(comparison, c, words=True),
                )
                for c in changes
            ),
        )
        for group, changes in comparison.group_differences()
    ]
    if comparison.renumbered:
        said = list_renumbered(comparison.renumbered)
        sections.append(PaperSection(STATED, "", "Other numbers, same words", False, said, ()))
    organisation = edition.organisation
    digest = digest_of(_words(sections))
    paper = Paper(
        title=comparison_title(comparison),
        organisation=organisation.name,
        edition=edition.name,
        notice=edition.notice,
        summary=summary(comparison),
        cover=(
            ("Policy", plain(edition.policy.title)),
            ("Compared with", comparison.before),
            *cover(edition),
        ),
        changes=(),
        sections=tuple(sections),
        stamp=Stamp("changes", organisation.id, edition.year, edition.name, digest),
        colour=organisation.colour,
        faces=edition.faces,
    )
    return with_plain_words(paper)


def _words(sections: Iterable[PaperSection]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for section in sections:
        yield section.id, section.title, plain(section.blocks), ()
        for clause in section.clauses:
            yield clause.id, clause.title, plain(clause.blocks), ()
