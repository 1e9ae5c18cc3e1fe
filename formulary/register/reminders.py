"""Write each reviewer an e-mail text and a calendar of the forms that are not done."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from formulary.calendar_file import DayEntry, calendar_file
from formulary.content.cycle import british
from formulary.edition.edition import Edition
from formulary.returns.expected import NOT_FILLED_IN, NOT_RETURNED, ExpectedReturn
from formulary.words import name_key, normalise, one_line

STATE_WORDS = {
    NOT_RETURNED: "has not come back",
    NOT_FILLED_IN: "came back as it was sent out",
    "begun": "is begun, and answers are missing",
    "complete": "is filled in, and not yet signed",
    "signed by one": "is signed by one of you",
}
"""The end of a sentence about a form, by its state."""


@dataclass(frozen=True)
class Reminder:
    """What one reviewer is sent. `id` is empty for a reviewer who is not on the staff list."""

    id: str
    name: str
    text: str
    calendar: bytes


def write_reminders(
    edition: Edition,
    owed: Sequence[ExpectedReturn],
    emails: Mapping[str, str],
    today: datetime.date,
    last_change: datetime.date,
) -> Iterator[Reminder]:
    """A reminder for each reviewer of whose people a form is not done, in the order of the list.

    `emails` are the addresses by id, where they are known.
    """
    by_reviewer: dict[tuple[str, str], list[ExpectedReturn]] = {}
    for one in owed:
        if not one.is_done:
            id, name = one.reviewer
            by_reviewer.setdefault((id, "" if id else name_key(name)), []).append(one)
    for (id, _), found in by_reviewer.items():
        name = one_line(found[0].reviewer[1])
        text = _text(edition, name, emails.get(id, ""), found, today)
        yield Reminder(id, name, text, _calendar(edition, id, name, found, last_change))


def _text(
    edition: Edition, name: str, email: str, owed: Sequence[ExpectedReturn], today: datetime.date
) -> str:
    late = [one for one in owed if one.is_overdue]
    to_come = [one for one in owed if not one.is_overdue]
    number = "1 form" if len(owed) == 1 else f"{len(owed)} forms"
    lines = [f"To: {one_line(email)}"] if email else []
    lines += [f"Subject: Performance management {edition.name}: {number} to finish", ""]
    lines += [f"Dear {name or 'colleague'},", ""]
    lines += [
        f"On {british(today)}, {number} of people you review "
        f"{'was' if len(owed) == 1 else 'were'} not finished.",
        "Could you please finish what is left, and send it to us by the day named?",
        "",
    ]
    lines += _list_forms("Overdue", "was due by", late)
    lines += _list_forms("Still to come", "is due by", to_come)
    lines += [
        "If you have sent a form in the last few days, thank you: you need do nothing more.",
        "If something keeps you from finishing one, please tell us.",
        "",
        "Thank you,",
        edition.organisation.name,
    ]
    if edition.notice:
        lines += ["", edition.notice]
    return "\n".join(lines) + "\n"


def _list_forms(heading: str, due: str, owed: Sequence[ExpectedReturn]) -> list[str]:
    if not owed:
        return []
    lines = [heading, ""]
    by_person: dict[str, list[ExpectedReturn]] = {}
    for one in owed:
        by_person.setdefault(one.assignment.person.id, []).append(one)
    for found in by_person.values():
        lines.append(f"* {one_line(found[0].assignment.person.name)}")
        for one in sorted(found, key=lambda one: (one.expected.due, one.expected.title)):
            state = STATE_WORDS.get(one.state, one.state)
            lines.append(f"  - {one.expected.title} {due} {british(one.expected.due)}; it {state}")
            for remark in one.case.signature_remarks if one.case else ():
                lines.append(f"    {remark} Please type the name and the date there.")
    return [*lines, ""]


def _calendar(
    edition: Edition, id: str, name: str, owed: Sequence[ExpectedReturn], last_change: datetime.date
) -> bytes:
    """A deadline for each form and day, with the people whose form is not done."""
    by_day: dict[tuple[datetime.date, str, str], list[ExpectedReturn]] = {}
    for one in owed:
        key = (one.expected.due, one.expected.title, one.expected.form.id)
        by_day.setdefault(key, []).append(one)
    entries = []
    for (due, title, form), found in sorted(by_day.items()):
        people = "1 person" if len(found) == 1 else f"{len(found)} people"
        names = "\n".join(one_line(one.assignment.person.name) for one in found)
        entries.append(
            DayEntry(
                name=f"{edition.id}/{edition.year}/{form}/{due}/{id or normalise(name)}",
                first=due,
                last=due,
                said=f"{title} ({people})",
                description=f"Not finished on {british(last_change)}:\n{names}",
                categories=("Performance management",),
                deadline=True,
                private=True,
            )
        )
    about = f"Performance management, {edition.name}. {edition.notice}".strip()
    title = f"{edition.organisation.short}: forms of the people {name or 'nobody'} reviews"
    return calendar_file(title, about, entries, last_change)
