"""Take back a policy that others edited in Word: look at each change, write the ticked ones."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from formulary.content.splicing import encode_like
from formulary.editing.tasks.documents import WORD
from formulary.editing.tasks.job import Work
from formulary.editing.tasks.pages import Desk, Task
from formulary.editing.tasks.parts import (
    FormFaultError,
    PageLink,
    PageList,
    PageWords,
    Part,
    TaskField,
    TaskPage,
)
from formulary.editing.tasks.sent import SentFile, SentForm
from formulary.problems import UsageError
from formulary.takeback.found import EntryChange, RuleChange, TakenBack, TextChange

if TYPE_CHECKING:  # what reads Word takes longer to import than most pages to make
    from formulary.takeback.writing import AnyChange, Wishes


class TakeBackPolicy(Task):
    """Compare a policy that was edited in Word, and write what is ticked."""

    id = "take-back"
    title = "Take an edited policy back"
    about = "Finds what was changed in the policy in Word. You tick the changes to accept."

    def __init__(self) -> None:
        self.waiting: tuple[str, SentFile] | None = None
        """The file whose changes are looked at, in memory only, and the number that names it."""

    def show(self, desk: Desk) -> TaskPage:
        """What it asks."""
        words = (
            "Choose the Word file that was made here and edited by others, with or without tracked "
            "changes. You see each change before anything is written."
        )
        hint = "A Word document (.docx), 50 MB at most"
        chosen = TaskField("policy", "The edited policy", hint, "file", accept=WORD)
        return TaskPage([PageWords(words)], [chosen], "Show the changes")

    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """Compare the file; or write what was ticked of it."""
        number = sent.value("number")
        if not number:
            files = sent.files.get("policy", ())
            if not files:
                raise FormFaultError({"policy": "Choose the edited policy, a Word document"})
            self.waiting = (secrets.token_urlsafe(9), files[0])
            number, file = self.waiting
            return lambda progress: _look(desk, number, file)
        if self.waiting is None or self.waiting[0] != number:
            raise UsageError("These changes are no longer here. Choose the file again.")
        _, file = self.waiting
        ticked = frozenset(sent.values.get("changes", ()))
        updates = "yes" in sent.values.get("updates", ())
        return lambda progress: _write(desk, file, ticked, updates)


def _compare(desk: Desk, file: SentFile, wishes: Wishes) -> TakenBack:
    from formulary.pipeline.take_back import take_back

    with tempfile.TemporaryDirectory(prefix="formulary-") as folder:
        path = Path(folder, file.name)
        path.write_bytes(file.data)
        return take_back(desk.root, path, desk.organisation, wishes)


def _changes_in(found: TakenBack) -> dict[str, AnyChange]:
    """Every change that can be written, by what stays the same when it is found again."""
    changes: tuple[AnyChange, ...] = (
        *found.texts,
        *found.entries,
        *(one for one in found.rules if not one.why),
    )
    return {f"{number} {one.where} {one.place}": one for number, one in enumerate(changes)}


def _look(desk: Desk, number: str, file: SentFile) -> TaskPage:
    from formulary.takeback.writing import Wishes

    found = _compare(desk, file, Wishes(rules=True))
    if not found:
        return TaskPage([PageWords("Nothing was changed in Word.", "done")])
    parts: list[Part] = []
    if found.base:
        parts.append(PageWords(f"The file was made from {found.base}. It is compared with that."))
    if found.by_likeness:
        words = "The file has lost its marks, so lines were found by their words. Look closely."
        parts.append(PageWords(words, "warning"))
    changes = _changes_in(found)
    fields = [
        TaskField("number", "", kind="hidden", value=number),
        TaskField(
            "changes",
            f"Changes in Word ({len(changes)})",
            "Untick any change that you do not want to accept.",
            "ticks",
            choices=[(name, _describe(one)) for name, one in changes.items()],
            ticked=frozenset(changes),
        ),
        TaskField(
            "updates",
            "The change log",
            kind="ticks",
            choices=[("yes", "Add a draft for each changed clause. Say there why it changed.")],
        ),
    ]
    after = [*_rest(found)]
    if not changes:
        parts.append(PageWords("None of the changes can be accepted. They are listed below."))
        return TaskPage([*parts, *after])
    return TaskPage(parts, fields, "Accept the ticked changes", after=after)


def _describe(one: AnyChange) -> str:
    """A change in a few lines."""
    lines: list[str]
    authors: tuple[str, ...] = ()
    if isinstance(one, TextChange):
        lines, authors = [f"was: {one.was}", f"now: {one.now}", *one.remarks], one.authors
    elif isinstance(one, EntryChange):
        lines, authors = [f"{one.what}: {one.words}"], one.authors
        lines += [f"With it, {place}" for place in one.along]
    else:
        lines = [f"was: {one.was}", f"now: {one.now}"]
        if one.also_in:
            lines.append(f"These say it too, and change with it: {', '.join(one.also_in)}")
    by = f", by {' and '.join(authors)}" if authors else ""
    where = one.where[:1].upper() + one.where[1:]
    return "\n".join([f"{where}{by}", *lines])


def _rest(found: TakenBack) -> list[Part]:
    """What cannot be ticked: conflicts, comments, and what has no place in the content."""
    parts: list[Part] = []
    if found.conflicts:
        parts += [
            PageWords("Changed in Word and here", "heading"),
            PageWords("Nothing is written there. Decide, and change these by hand."),
            PageList(
                [
                    f"{one.where}: in Word “{one.returned or 'deleted'}”, here "
                    f"“{one.today or 'deleted'}”"
                    for one in found.conflicts
                ]
            ),
        ]
    if found.comments:
        lines = [
            f"{where}, {comment.author or 'no name'}: {comment.words}"
            for where, comment in found.comments
        ]
        parts += [PageWords("Comments", "heading"), PageList(lines)]
    left = [f"{one.where}: “{one.words}”: {one.why}" for one in found.not_taken]
    left += [f"{one.where}: {one.name} {one.now}: {one.why}" for one in found.rules if one.why]
    if left:
        parts += [PageWords("What cannot be accepted", "heading"), PageList(left)]
    return parts


def _write(desk: Desk, file: SentFile, ticked: frozenset[str], updates: bool) -> TaskPage:
    from formulary.takeback.writing import Wishes

    changes = _changes_in(_compare(desk, file, Wishes(rules=True)))
    if not ticked <= changes.keys():
        raise UsageError("The handbook was changed meanwhile. Choose the file again.")
    chosen = frozenset(changes[name] for name in ticked)
    if not chosen:
        return TaskPage([PageWords("Nothing was ticked, so nothing was written.", "done")])
    found = _compare(desk, file, Wishes(rules=True, updates=updates, chosen=chosen))
    written = {
        desk.root / path: encode_like((desk.root / path).read_bytes(), text)
        for path, text in found.files.items()
    }
    count = "1 change" if len(chosen) == 1 else f"{len(chosen)} changes"
    desk.editor.replace(f"Took back {count} of {file.name}", written)
    rules = [one for one in chosen if isinstance(one, RuleChange)]
    parts: list[Part] = [
        PageWords(f"{count} accepted from {file.name}.", "done"),
        PageList([PageLink("Open the policy", _policy_page(desk))]),
    ]
    if rules:
        words = "Numbers and dates have changed everywhere they appear. Look at these places too."
        parts += [PageWords(words), PageList([line for one in rules for line in one.also_in])]
    parts += [
        PageWords("Undo, in the bar below, takes all of it back."),
        PageList([path.as_posix() for path in found.files], "Files that were written"),
        *_rest(found),
    ]
    return TaskPage(parts)


def _policy_page(desk: Desk) -> str:
    return f"/{desk.organisation}/policy/index.html"
