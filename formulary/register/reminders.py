"""Write each reviewer an email text and a calendar of the forms that are not done."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from formulary.calendar_file import REMINDER, DayEntry, calendar_file
from formulary.content.cycle import british
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.returns.expected import NOT_FILLED_IN, NOT_RETURNED, ExpectedReturn
from formulary.words import name_key, normalise, one_line

STATE_WORDS = {
    NOT_RETURNED: "not come back yet",
    NOT_FILLED_IN: "came back as sent out, with nothing filled in",
    "begun": "begun, with answers missing",
    "complete": "filled in, and not yet signed",
    "signed by one": "signed by one of you",
}
"""What a form still needs, by its state."""

_KINDS = {"docx": "Word", "pdf": "PDF", "html": "page"}
"""The kinds of file by the end of their names."""


@dataclass(frozen=True)
class Reminder:
    """What one reviewer is sent. `id` is empty for a reviewer who is not on the staff list.

    `calendar` is None where no day is to come.
    """

    id: str
    name: str
    text: str
    calendar: bytes | None


class ReminderWriter:
    """Writes the reminders of one edition, all as of `today`.

    `emails` are the addresses by id, where they are known. `packs` are the files of packs, by the
    person's id and the form's; `packs_folder` names where they are, `forms_page`
    is the address of the handbook's list of forms; either may be empty.
    """

    def __init__(
        self,
        edition: Edition,
        today: datetime.date,
        emails: Mapping[str, str],
        packs: Mapping[tuple[str, str], Sequence[str]],
        packs_folder: str = "",
        forms_page: str = "",
    ) -> None:
        self.edition, self.today, self.emails = edition, today, emails
        self.packs, self.packs_folder = packs, packs_folder
        self.forms_page = forms_page

    def write(self, owed: Sequence[ExpectedReturn]) -> Iterator[Reminder]:
        """A reminder for each reviewer of whose people a form is not done, in the list's order."""
        by_reviewer: dict[tuple[str, str], list[ExpectedReturn]] = {}
        for one in owed:
            if not one.is_done:
                id, name = one.reviewer
                by_reviewer.setdefault((id, "" if id else name_key(name)), []).append(one)
        for (id, _), found in by_reviewer.items():
            name = one_line(found[0].reviewer[1])
            yield Reminder(id, name, self.text(id, name, found), self.calendar(id, name, found))

    def text(self, id: str, name: str, owed: Sequence[ExpectedReturn]) -> str:
        edition, email = self.edition, self.emails.get(id, "")
        process = first_capital(edition.organisation.process)
        number = "1 form" if len(owed) == 1 else f"{len(owed)} forms"
        lines = [f"To: {one_line(email)}"] if email else []
        lines += [f"Subject: {process} {edition.name}: {number} to finish", ""]
        lines += [
            f"Dear {name or 'colleague'},",
            "",
            f"On {british(self.today)}, {number} for people you review "
            f"{'was' if len(owed) == 1 else 'were'} not finished.",
            f"Please finish {'it and send it' if len(owed) == 1 else 'them and send them'} to "
            f"{self.ask()} by the date given.",
            "",
        ]
        lines += self.forms("Overdue", [one for one in owed if one.is_overdue])
        lines += self.forms("Still to come", [one for one in owed if not one.is_overdue])
        if self.packs and self.packs_folder:
            lines += [f"The files named above are in {self.packs_folder}.", ""]
        if self.forms_page:
            lines += [f"All forms, and what each is for: {self.forms_page}", ""]
        lines += [
            "If you have sent a form in the last few days, thank you. There is nothing more to do.",
            f"If something keeps you from finishing one, please tell {self.ask()}.",
            "",
            "Thank you,",
            edition.organisation.name,
        ]
        if edition.notice:
            lines += ["", edition.notice]
        return "\n".join(lines) + "\n"

    def ask(self) -> str:
        """Who is asked: as the organisation's contact has it, or the writer of the mail."""
        contact = self.edition.organisation.contact
        if contact is None:
            return "us"
        phone = f", {contact.phone}" if contact.phone else ""
        return f"{contact.who or 'us'} ({contact.email}{phone})"

    def forms(self, heading: str, owed: Sequence[ExpectedReturn]) -> list[str]:
        """Each form and its day once, with the people who have not done it."""
        if not owed:
            return []
        lines = [heading, ""]
        for (due, title, _), found in _by_day_and_form(owed):
            lines.append(f"* {title}, due by {british(due)}:")
            for state, some in _by_state(found):
                state_words = STATE_WORDS.get(state, state)
                if any(self.files(one) for one in some):
                    lines.append(f"  - {state_words}:")
                    lines += [f"    {self.person(one)}" for one in some]
                else:
                    people = "; ".join(self.person(one) for one in some)
                    lines.append(f"  - {state_words}: {people}")
                lines += self.signatures(some)
        return [*lines, ""]

    def signatures(self, owed: Sequence[ExpectedReturn]) -> list[str]:
        """What is wrong with signatures that nobody has typed."""
        return [
            f"    {one_line(one.assignment.person.name)}: {remark} Please type the name and the "
            "date there."
            for one in owed
            for remark in (one.entry.signature_remarks if one.entry else ())
        ]

    def person(self, one: ExpectedReturn) -> str:
        """A name, and where their form is, if that is known: each file once, with its kinds."""
        kinds: dict[str, list[str]] = {}
        for file in self.files(one):
            path, _, ending = file.rpartition(".")
            kinds.setdefault(path, []).append(_KINDS.get(ending, ending))
        files = "; ".join(f"{path} ({', '.join(some)})" for path, some in kinds.items())
        return one_line(one.assignment.person.name) + (f": {files}" if files else "")

    def files(self, one: ExpectedReturn) -> Sequence[str]:
        """The files of a person's form in their pack."""
        return self.packs.get((one.assignment.person.id, one.expected.form.id), ())

    def calendar(self, id: str, name: str, owed: Sequence[ExpectedReturn]) -> bytes | None:
        """A deadline for each form and day to come, with the people whose form is not done."""
        edition = self.edition
        to_come = [one for one in owed if one.expected.due >= self.today]
        if not to_come:
            return None
        entries = []
        for (due, title, form), found in _by_day_and_form(to_come):
            people = "1 person" if len(found) == 1 else f"{len(found)} people"
            names = "\n".join(one_line(one.assignment.person.name) for one in found)
            entries.append(
                DayEntry(
                    name=f"{edition.id}/{edition.year}/{form}/{due}/{id or normalise(name)}",
                    first=due,
                    last=due,
                    said=f"{title} ({people})",
                    description=f"Not finished on {british(self.today)}:\n{names}",
                    categories=(first_capital(edition.organisation.process),),
                    deadline=True,
                    alarm=due + REMINDER >= self.today,
                    private=True,
                )
            )
        process = first_capital(edition.organisation.process)
        about = f"{process}, {edition.name}. {edition.notice}".strip()
        title = f"{edition.organisation.short}: forms of the people {name or 'nobody'} reviews"
        return calendar_file(title, about, entries, self.today)


DayAndForm = tuple[datetime.date, str, str]
"""A day, and the title and the id of a form that is due by it."""


def _by_day_and_form(
    owed: Sequence[ExpectedReturn],
) -> list[tuple[DayAndForm, list[ExpectedReturn]]]:
    parts: dict[DayAndForm, list[ExpectedReturn]] = {}
    for one in owed:
        key = (one.expected.due, one.expected.title, one.expected.form.id)
        parts.setdefault(key, []).append(one)
    return sorted(parts.items(), key=lambda part: part[0])


def _by_state(owed: Sequence[ExpectedReturn]) -> list[tuple[str, list[ExpectedReturn]]]:
    """Forms by their state, from those that did not come back to those almost done."""
    parts: dict[str, list[ExpectedReturn]] = {state: [] for state in STATE_WORDS}
    for one in owed:
        parts.setdefault(one.state, []).append(one)
    return [(state, found) for state, found in parts.items() if found]
