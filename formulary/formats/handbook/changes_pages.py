"""Show what changed since the last edition: its page, marks on clauses, notes on what is gone.

Where no last edition is kept there is no page, no mark and no note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from formulary.content.cycle import british
from formulary.content.policy import clauses_in
from formulary.documents.changes_paper import (
    TITLES,
    anchor,
    comparison_title,
    describe_change,
    heading,
    list_renumbered,
    short_name,
    summary,
)
from formulary.edition.changes import Comparison, Difference
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.markdown import Markdown
from formulary.formats.handbook.writer import Writer

PAGE = "changes.md"

MARKS = {"added": "New", "moved": "Moved", "reworded": "Changed", "reordered": "Changed"}


@dataclass(frozen=True)
class ChangeMark:
    """A clause's mark, and the anchors of its changes on the page of all.

    It says “Changed in 2026-27”, or the day of approval where the change log gives it: an edition
    may be younger than its policy.
    """

    text: str
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class RemovedItem:
    """A clause or section that was here: its old anchor, its name, and what is there instead.

    `now` is the id of what replaces it; `moved`: it is itself elsewhere now. `after` is the
    clause that it followed.
    """

    id: str
    name: str
    anchor: str
    now: str
    moved: bool
    after: str
    section: str


def changes_page(writer: Callable[[str], Writer], files: Sequence[Download]) -> dict[str, str]:
    """Path -> text of the page of all changes; nothing where no last edition is kept."""
    addresses = writer("").addresses
    edition = addresses.edition
    comparison = edition.changes
    if not comparison:
        return {}
    own = writer(addresses.page(PAGE))
    return own.page(
        "changes",
        comparison_title(comparison),
        f"What changed in the policy, the dates and the forms since {comparison.before}.",
        comparison=comparison,
        titles=TITLES,
        summary=summary(comparison),
        heading=lambda change: heading(comparison, change),
        place=anchor,
        describe=lambda change: describe_change(comparison, change, words=False),
        link_to_current=lambda change: link_to_current(own, change),
        numbers=list_renumbered(comparison.renumbered),
        files=[file for file in files if file.form == "changes"],
    )


def link_to_current(writer: Writer, change: Difference) -> Markdown:
    """A link to where the handbook now says what changed; empty where it no longer does."""
    entry, edition = change.entry, writer.edition
    if change.after is None:
        return Markdown("")
    if entry.kind in ("clause", "section"):
        return writer.ref(entry.id)
    if entry.kind == "rule":
        return writer.refs(entry.clauses)
    pages = dict(_pages_by_kind(writer.addresses))
    form = entry.id.partition(".")[0]
    if entry.kind in ("form", "part", "table", "field"):
        return Markdown(f"[{edition.references.forms[form]}]({writer.form_path(form)})")
    kind = f"cell-{form}" if entry.kind == "cell" else entry.kind
    if kind not in pages:
        return Markdown("")
    title, path = pages[kind]
    return Markdown(f"[{title}]({writer.to(path)})")


def _pages_by_kind(addresses: Addresses) -> Iterator[tuple[str, tuple[str, str]]]:
    """The page that shows entries of a kind, with its title."""
    for kind in ("term", "cycle", "event"):
        yield kind, ("The year", "year.md")
    for kind in ("stage", "area", "cell-area"):
        yield kind, ("All career stages", "stages/index.md")
    for kind in ("level", "criterion", "cell-criterion"):
        yield kind, ("How we judge performance", "ratings.md")
    for kind in ("group", "panel", "role"):
        yield kind, ("Who does what", "people.md")
    yield "standard", ("Standards", "standards.md")
    yield "document", ("Related documents", "documents.md")


def find_marks(edition: Edition) -> dict[str, ChangeMark]:
    """The mark of every clause and section that changed, or whose words follow from a change."""
    comparison = edition.changes
    if not comparison:
        return {}
    found = {}
    for section, _ in edition.policy.parts():
        for kind, id in (
            ("section", section.id),
            *(("clause", c.id) for _, c, _ in clauses_in(section)),
        ):
            changed = comparison.find_differences(f"{kind}:{id}")
            if changed:
                own = changed[0].key == f"{kind}:{id}"
                what = changed[0].what[0] if own else "reworded"
                days = [entry.on for entry in changed[0].log if entry.on]
                since = f", approved on {british(max(days))}" if days else f" in {edition.name}"
                text = MARKS[what] + since
                found[id] = ChangeMark(text, tuple(anchor(change.key) for change in changed))
    return found


def list_removed(edition: Edition) -> tuple[RemovedItem, ...]:
    """What was in a section of the last edition and no longer is, in the order of changes."""
    comparison = edition.changes
    if not comparison:
        return ()
    there = set(edition.references.clauses) | set(edition.references.sections)
    there |= set(edition.references.appendices)
    return tuple(_find_removed(comparison, there))


def _find_removed(comparison: Comparison, there: set[str]) -> Iterator[RemovedItem]:
    for change in comparison.differences:
        old, new = change.before, change.after
        if old is None or old.kind not in ("clause", "section"):
            continue
        moved = new is not None and old.kind == "clause" and old.home != new.home
        if new is not None and not moved:
            continue
        replaced = next((log.replaced_by for log in change.log if log.replaced_by), "")
        yield RemovedItem(
            id=old.id,
            name=first_capital(short_name(old)),
            anchor=anchor(change.key),
            now=old.id if moved else replaced if replaced in there else "",
            moved=moved,
            after=change.previous_clause,
            section=old.home if old.kind == "clause" else old.id,
        )


def withdrawn_sections(edition: Edition) -> dict[str, str]:
    """The sections of the last edition that are gone, by id, with their names."""
    if not edition.changes:
        return {}
    return {
        change.entry.id: change.entry.name
        for change in edition.changes.find_withdrawn()
        if change.entry.kind == "section"
    }


def withdrawn_pages(writer: Callable[[str], Writer]) -> dict[str, str]:
    """Path -> text of a page for each withdrawn section, so that old links lead somewhere."""
    addresses = writer("").addresses
    notes = list_removed(addresses.edition)
    pages: dict[str, str] = {}
    for id, name in withdrawn_sections(addresses.edition).items():
        pages |= writer(addresses.section(id)).page(
            "withdrawn",
            f"Withdrawn: {name}",
            f"This part of the policy was withdrawn: {name}.",
            section=id,
            found=[note for note in notes if note.section == id and note.id != id],
            itself=next(note for note in notes if note.id == id),
        )
    return pages
