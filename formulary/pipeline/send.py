"""Make the packs of a folder, or its reminders, ready to be sent, as numbered stages.

Each person or reviewer gets one mail: a draft that HR opens and sends, a row for a mail merge, and
a zip for a share where that is asked for. `pipeline.smtp` sends the same mails itself.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from formulary.archive import zip_files
from formulary.cells import write_csv_file
from formulary.content.cycle import british
from formulary.content.mails import Mail
from formulary.defaults import FORMATS
from formulary.delivery import (
    OutputFolder,
    PackFile,
    Result,
    RunOutputs,
    Writer,
    refuse_inside,
    safe_name,
    writer_of,
)
from formulary.edition.edition import Edition, collect_names
from formulary.edition.mails import MailValues, find_mail, write_mail
from formulary.mail_file import OutgoingMail, draft_of, is_address
from formulary.pipeline.progress import Progress
from formulary.pipeline.smtp import Sending, SentMail, SmtpServer
from formulary.pipeline.staff import load_edition
from formulary.problems import OutputError, UsageError
from formulary.publish import checksum
from formulary.system_errors import describe_system_error
from formulary.words import normalise

STAGES = ("Load", "Mails", "Send")

Group = Literal["reviewer", "person", "school"]

OUTPUTS = "outputs-sent.json"
"""The memory of `RunOutputs` for drafts, zips and the list."""

DRAFTS, ZIPS, MAILING = "drafts", "zips", "mailing.csv"
REMINDERS = "reminders"

_MEGABYTE = 1_000_000
_AS_TEXT = 1.37
"""How much longer an attachment is in a mail (RFC 2045, base64 in lines of 76)."""


@dataclass(frozen=True)
class SendOrder:
    """What HR asks for.

    `folder` holds packs or reminders; `to` is who gets a mail; `zips` whose files go into one zip;
    `largest` is how long a mail may be, in bytes; `again` holds the ids of people whose mail may
    have come already and is to be sent again. `server` is None for drafts.
    """

    folder: Path
    organisation: str
    out: Path
    year: int | None = None
    to: Group = "reviewer"
    formats: tuple[str, ...] = tuple(FORMATS)
    zips: Group | None = None
    largest: int = 20 * _MEGABYTE
    sender: str = ""
    server: SmtpServer | None = None
    per_minute: int = 20
    again: tuple[str, ...] = ()
    dry_run: bool = False
    force: bool = False


@dataclass(frozen=True)
class Parcel:
    """What one recipient gets: files by path, and what a list says of the people they are for.

    `id` is empty for somebody who is not on the staff list. `written` are the words of a mail that
    is there already: subject and text.
    """

    id: str
    name: str
    email: str
    files: tuple[PackFile, ...]
    written: tuple[str, str] | None = None

    @property
    def label(self) -> str:
        """The recipient in a message for HR."""
        return f"{self.name or 'No name'} ({self.id})" if self.id else self.name or "None named"

    @property
    def key(self) -> str:
        """What the journal knows the recipient by."""
        return self.id or normalise(self.name)


@dataclass
class SendReport:
    """What was made or sent, and who gets nothing and why."""

    mails: int = 0
    files: int = 0
    zips: int = 0
    without_address: list[str] = field(default_factory=list)
    not_made: list[tuple[str, str]] = field(default_factory=list)
    """A recipient, or a file, and why nothing goes."""
    results: dict[Result, int] = field(default_factory=dict)
    sending: Sending | None = None


def send(root: Path, order: SendOrder, progress: Progress) -> SendReport:
    """Make drafts, a list for a mail merge and zips; or send the mails, where `server` is given.

    Raises UsageError, OutputError, or ContentError for the content's own errors.
    """
    for folder, what in ((order.folder, "The folder"), (order.out, "The output folder")):
        refuse_inside(root, folder, what)
    progress.stage("Load", 1)  # 1
    content, own, edition = load_edition(root, order.organisation, order.year)
    report = SendReport()
    if (order.folder / "manifest.json").is_file():
        files = tuple(_choose_files(order, edition, report))
        parcels = tuple(_group(files, order.to))
    else:
        files, parcels = (), tuple(_read_reminders(order.folder))
    if not parcels:
        raise UsageError(_describe_nothing(order, edition))
    words = find_mail(
        "packs-for-person" if order.to == "person" else "packs-for-reviewer",
        own.mails.item if own.mails else None,
        content.mails.item if content.mails else None,
    )
    names = collect_names(content, own, edition.year)[0]
    contact = edition.organisation.contact
    who = " or ".join(filter(None, (contact.who, contact.email))) if contact else ""
    sender = order.sender or (contact.email if contact and order.server else "")

    def compose(parcel: Parcel) -> OutgoingMail:
        return _compose(parcel, words, names, who or "the sender of this email", order)

    progress.stage("Mails", len(parcels))  # 2
    ready = tuple(_sort_out(parcels, order, report, edition.word("reviewer")))
    report.mails, report.files = len(ready), sum(len(parcel.files) for parcel in ready)
    if order.dry_run:
        return report
    if order.server:
        if not is_address(sender):
            raise UsageError("Say who the emails come from: --from hr@school.example")
        progress.stage("Send", len(ready))  # 3
        sending = Sending(order.out, order.server, sender, order.per_minute, order.again)
        report.sending = sending
        mails = (SentMail(parcel.key, parcel.label, _sums(parcel), parcel) for parcel in ready)
        sending.send_all(mails, lambda mail, fresh: compose(_only(mail.parcel, fresh)), progress)
        return report
    outputs = _make_outputs(ready, files, order, compose, report, progress)
    with OutputFolder(order.out) as made:
        done = RunOutputs(made, OUTPUTS).write(outputs, order.force)
    report.results = dict(Counter(done.values()))
    return report


def _describe_nothing(order: SendOrder, edition: Edition) -> str:
    """Why nothing is to be sent, and what to do: other editions of the packs are named."""
    said = (
        f"There is nothing to send for {edition.organisation.short}, {edition.name}, in "
        f"{order.folder}."
    )
    others = sorted(
        {
            entry.edition
            for entry in OutputFolder(order.folder).read_manifest()
            if entry.organisation == edition.id and entry.edition != edition.name
        }
    )
    if others:
        return f"{said} It holds packs of {', '.join(others)}: add --year {others[-1][:4]}."
    return f"{said} Name a folder that packs or roll wrote, or that collect wrote."


# ---- Who gets what ----


def _choose_files(order: SendOrder, edition: Edition, report: SendReport) -> Iterator[PackFile]:
    """The files of the edition that are there, in the formats asked for."""
    for entry in OutputFolder(order.folder).read_manifest():
        this = (entry.organisation, entry.edition) == (edition.id, edition.name)
        if not this or entry.result == "gone" or entry.format not in order.formats:
            continue
        if (order.folder / entry.file).is_file():
            yield entry
        else:
            report.not_made.append((entry.file, "the file is no longer there"))


def _group(files: Iterable[PackFile], to: Group) -> Iterator[Parcel]:
    """A parcel for each recipient, in the order of the manifest."""
    by_recipient: dict[str, list[PackFile]] = {}
    for entry in files:
        key = entry.person if to == "person" else entry.reviewer or normalise(entry.reviewer_name)
        by_recipient.setdefault(key, []).append(entry)
    for entries in by_recipient.values():
        first, own = entries[0], tuple(entries)
        if to == "person":
            yield Parcel(first.person, first.name, first.email, own)
        else:
            yield Parcel(first.reviewer, first.reviewer_name, first.reviewer_email, own)


_HEADER = re.compile(r"(To|Subject): ?(.*)")


def _read_reminders(folder: Path) -> Iterator[Parcel]:
    """The reminders that collect wrote: the text of each, with the calendar beside it."""
    place = folder if folder.name == REMINDERS else folder / REMINDERS
    for path in sorted(place.glob("*.txt")):
        lines = _read(path).decode("utf-8", "replace").splitlines()
        headers: dict[str, str] = {}
        while lines and (header := _HEADER.match(lines[0])):
            headers[header[1]] = header[2].strip()
            del lines[0]
        name, _, id = path.stem.rpartition(" (")
        calendar = path.with_suffix(".ics")
        about = path.relative_to(folder).as_posix(), calendar.relative_to(folder).as_posix()
        entry = PackFile("", "", "", "", "", "", about[1], checksum(_read(path)), "new")
        files = (entry,) if calendar.is_file() else ()
        text = "\n".join(lines).strip("\n") + "\n"
        yield Parcel(
            id.removesuffix(")") if name else "",
            name or path.stem,
            headers.get("To", ""),
            files,
            (headers.get("Subject", "Reminder"), text),
        )


def _sums(parcel: Parcel) -> tuple[str, ...]:
    """What the journal knows the contents of a mail by."""
    return tuple(entry.sha256 for entry in parcel.files) or (
        checksum("\n".join(parcel.written or ()).encode("utf-8", "surrogatepass")),
    )


def _only(parcel: Parcel, sums: Iterable[str]) -> Parcel:
    """A parcel with those files only that have not gone out before."""
    wanted = set(sums)
    return replace(parcel, files=tuple(file for file in parcel.files if file.sha256 in wanted))


def _sort_out(
    parcels: Iterable[Parcel], order: SendOrder, report: SendReport, reviewer: str
) -> Iterator[Parcel]:
    """The parcels that can go; the others are named in the report.

    `reviewer` is what the organisation calls the person who gets them.
    """
    for parcel in parcels:
        size = sum(_size(order.folder / entry.file) for entry in parcel.files)
        if not parcel.name:
            for person in dict.fromkeys((e.name, e.person) for e in parcel.files):
                report.not_made.append((f"{person[0]} ({person[1]})", f"no {reviewer} is known"))
        elif size * _AS_TEXT > order.largest:
            megabytes = f"{size * _AS_TEXT / _MEGABYTE:.1f} MB"
            report.not_made.append((parcel.label, f"the email would have {megabytes}"))
        elif not is_address(parcel.email):
            shown = f"“{parcel.email}” is not an address" if parcel.email else "no email is known"
            report.without_address.append(f"{parcel.label}: {shown}")
            if not order.server:
                yield replace(parcel, email="")
        else:
            yield parcel


# ---- The mails ----


def _compose(
    parcel: Parcel, words: Mail, names: Mapping[str, object], contact: str, order: SendOrder
) -> OutgoingMail:
    """The mail of a parcel, with its files."""
    files = tuple(_attachments(parcel, order.folder))
    if parcel.written:
        subject, text = parcel.written
    else:
        people = _list_forms(parcel.files)
        subject, text = write_mail(
            words, names, MailValues(parcel.name, people, len(files), contact)
        )
    return OutgoingMail(parcel.name, parcel.email, subject, text, files)


def _attachments(parcel: Parcel, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file, under a name that no other file of the mail has."""
    taken: set[str] = set()
    for entry in parcel.files:
        path = folder / entry.file
        name = path.name
        if name.casefold() in taken or not (parcel.written or entry.name in name):
            # an own pattern keeps the person in the folder's name only
            name = f"{path.stem} {safe_name(entry.name, entry.person)}{path.suffix}"
        taken.add(name.casefold())
        yield name, _read(path)


def _list_forms(files: Sequence[PackFile]) -> str:
    """The forms under the people they are for, each once for all its formats, with its day."""
    people: dict[tuple[str, str], dict[str, str]] = {}
    for entry in files:
        day = datetime.date.fromisoformat(entry.due) if entry.due else None
        due = f", due by {british(day)}" if day else ""
        forms = people.setdefault((entry.person, entry.name), {})
        forms[entry.form] = f"  - {entry.title or entry.form}{due}"
    lines = []
    for (_, name), forms in people.items():
        lines += [f"- {name}", *forms.values()]
    return "\n".join(lines)


# ---- What is written ----


def _make_outputs(
    parcels: Sequence[Parcel],
    files: Sequence[PackFile],
    order: SendOrder,
    compose: Callable[[Parcel], OutgoingMail],
    report: SendReport,
    progress: Progress,
) -> Iterator[tuple[str, Writer]]:
    """Every draft and zip, one at a time, then the list for a mail merge."""
    rows: list[tuple[str, ...]] = [_COLUMNS]
    taken: set[str] = set()
    for parcel in parcels:
        mail = compose(parcel)
        path = f"{DRAFTS}/{_free_name(safe_name(parcel.name, parcel.id), taken)}.eml"
        yield path, writer_of(draft_of(mail, order.sender))
        zips = (_zip_of(entry, order.zips) for entry in parcel.files if order.zips)
        rows.append(_row(parcel, mail, path, "; ".join(dict.fromkeys(zips))))
        progress.step(f"{len(rows) - 1:,} drafts")
    by_zip: dict[str, list[PackFile]] = {}
    for entry in files if order.zips else ():
        by_zip.setdefault(_zip_of(entry, order.zips), []).append(entry)
    for path, entries in by_zip.items():
        report.zips += 1
        yield path, writer_of(zip_files(_files_in_zip(entries, order.folder)))
    yield MAILING, lambda out: write_csv_file(out, rows)


_COLUMNS = (
    *("Id", "Name", "Email", "People", "Forms", "Due", "Subject", "Text", "Files", "Draft", "Zip"),
)
"""The headings of the list: single words, as the fields of a mail merge have to be."""


def _row(parcel: Parcel, mail: OutgoingMail, draft: str, zip: str) -> tuple[str, ...]:
    days = sorted({entry.due for entry in parcel.files if entry.due})
    return (
        parcel.id,
        parcel.name,
        parcel.email,
        "; ".join(dict.fromkeys(entry.name for entry in parcel.files if entry.name)),
        "; ".join(dict.fromkeys(entry.title for entry in parcel.files if entry.title)),
        "; ".join(british(datetime.date.fromisoformat(day)) for day in days),
        mail.subject,
        mail.text,
        "; ".join(entry.file for entry in parcel.files),
        draft,
        zip,
    )


def _zip_of(entry: PackFile, group: Group | None) -> str:
    """The path of the zip that a file goes into."""
    names = {
        "person": lambda: safe_name(entry.name, entry.person),
        "school": lambda: safe_name(entry.site or "No school or team"),
        "reviewer": lambda: safe_name(entry.reviewer_name or "None named", entry.reviewer),
    }
    return f"{ZIPS}/{names[group or 'person']()}.zip"


def _files_in_zip(entries: Iterable[PackFile], folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a zip, each under its path in the folder, in which no two are one."""
    for entry in entries:
        yield entry.file, _read(folder / entry.file)


def _free_name(name: str, taken: set[str]) -> str:
    """A name that no other file of the folder has, in Windows too."""
    free, number = name, 2
    while free.casefold() in taken:
        free, number = f"{name} {number}", number + 1
    taken.add(free.casefold())
    return free


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise OutputError(describe_system_error(error, path)) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutputError(describe_system_error(error, path)) from error
