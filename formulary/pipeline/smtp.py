"""Send mails through an SMTP server so that nobody gets one twice, also after a run was killed.

A journal in the output folder says of every mail what was sent. A mail is entered as doubtful just
before the server gets its last line, and as sent once the server has taken it. Between these two
nobody can tell whether it arrived: such a mail is named, and sent again only on request.
"""

from __future__ import annotations

import datetime
import os
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, TypeVar

from formulary.delivery import JsonLines, OutputFolder
from formulary.mail_file import OutgoingMail, message_of
from formulary.pipeline.progress import Progress
from formulary.problems import OutputError, UsageError

Security = Literal["starttls", "tls", "none"]

PASSWORD = "FORMULARY_SMTP_PASSWORD"
"""The variable of the environment that holds the password."""

KEYRING = "formulary"
"""The name under which the computer's keyring has it, with the user's name."""

JOURNAL = "sent.jsonl"
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
_PATIENCE = 60
"""Seconds that a server may take to answer."""


@dataclass(frozen=True)
class SmtpServer:
    """A server and how to speak to it. `user` is empty where it asks for no password."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""

    def __post_init__(self) -> None:
        if self.security == "none" and self.host not in _LOOPBACK:
            raise UsageError(
                "Forms about people are not sent unencrypted. Leave --tls none out, or use it with "
                "a server on this computer."
            )


AnyParcel = TypeVar("AnyParcel")


@dataclass(frozen=True)
class SentMail(Generic[AnyParcel]):
    """A mail to be sent: what the journal knows its recipient and its contents by.

    `label` is the recipient in a message, `sums` the checksums of the files.
    """

    key: str
    label: str
    sums: tuple[str, ...]
    parcel: AnyParcel


@dataclass
class Sending:
    """A run that sends mails, and what became of them.

    `again` holds ids of people whose doubtful mail is to be sent again.
    """

    out: Path
    server: SmtpServer
    sender: str
    per_minute: int
    again: Sequence[str] = ()
    sent: int = 0
    before: int = 0
    """Mails that an earlier run has sent."""
    doubtful: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """A recipient, and what the server said."""

    def send_all(
        self,
        mails: Iterable[SentMail[AnyParcel]],
        compose: Callable[[SentMail[AnyParcel], Iterable[str]], OutgoingMail],
        progress: Progress,
    ) -> None:
        """Send each mail that was not sent before, slowly enough for the server.

        `compose` makes a mail of those files that have not been sent. Raises OutputError where the
        server cannot be spoken to; what was sent until then is in the journal.
        """
        with OutputFolder(self.out) as folder:
            journal = _Journal(JsonLines(folder, JOURNAL))
            waiting = [(mail, fresh) for mail in mails if (fresh := self._unsent(mail, journal))]
            if not waiting:
                return
            with self._connect() as connection:
                free = time.monotonic()
                for mail, fresh in waiting:
                    time.sleep(max(0.0, free - time.monotonic()))
                    free = time.monotonic() + 60 / self.per_minute
                    self._send(connection, journal, mail, fresh, compose(mail, fresh))
                    progress.step(f"{self.sent:,} emails sent")

    def _unsent(self, mail: SentMail[AnyParcel], journal: _Journal) -> tuple[str, ...]:
        """The checksums of what the recipient has not got, nor may have got."""
        states = journal.states.get(mail.key, {})
        doubtful = [sum for sum in mail.sums if states.get(sum) == "doubtful"]
        if doubtful and mail.key not in self.again:
            self.doubtful.append(mail.label)
            return ()
        fresh = tuple(sum for sum in mail.sums if states.get(sum) != "sent")
        self.before += not fresh
        return fresh

    def _send(
        self,
        connection: smtplib.SMTP,
        journal: _Journal,
        mail: SentMail[AnyParcel],
        sums: Sequence[str],
        outgoing: OutgoingMail,
    ) -> None:
        id, data = message_of(outgoing, self.sender)
        try:
            for code, answer in _begin(connection, self.sender, outgoing.address):
                if code >= 400:
                    self._refuse(connection, mail, code, answer)
                    return
            connection.send(re.sub(rb"(?m)^\.", b"..", data))
            journal.add(mail.key, "doubtful", sums, id)
            connection.send(b"" if data.endswith(b"\r\n") else b"\r\n")
            connection.send(b".\r\n")
            code, answer = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise self._broken(error) from error
        if code == 250:
            journal.add(mail.key, "sent", sums, id)
            self.sent += 1
        else:
            journal.add(mail.key, "refused", sums, id)
            self._refuse(connection, mail, code, answer)

    def _refuse(
        self, connection: smtplib.SMTP, mail: SentMail[AnyParcel], code: int, answer: bytes
    ) -> None:
        words = " ".join(answer.decode("utf-8", "replace").split())
        self.refused.append((mail.label, f"{code} {words}"))
        if code == 421:
            raise self._broken(smtplib.SMTPServerDisconnected(words))
        with suppress(smtplib.SMTPException, OSError):
            connection.rset()

    def _broken(self, error: Exception) -> OutputError:
        return OutputError(
            f"The connection to {self.server.host} broke after {self.sent:,} emails: {error}. Run "
            "the same command again: it carries on from where it stopped, and sends nothing twice."
        )

    @contextmanager
    def _connect(self) -> Iterator[smtplib.SMTP]:
        server = self.server
        known = ssl.create_default_context()
        try:
            if server.security == "tls":
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=_PATIENCE, context=known
                )
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
            if server.security == "starttls":
                connection.starttls(context=known)
            connection.ehlo_or_helo_if_needed()
        except ssl.SSLCertVerificationError as error:
            raise OutputError(
                f"The certificate of {server.host} is not valid: {error.verify_message}. Nothing "
                "was sent. Check the server's name; ask IT for the certificate of your own server."
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise OutputError(
                f"{server.host}:{server.port} offers no encryption (STARTTLS). Nothing was sent. "
                "Try port 465 with --tls tls, or ask IT for the right port."
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise OutputError(
                f"No mail server answers at {server.host}:{server.port}: {error}. Nothing was sent."
                " Check the name and the port."
            ) from error
        try:
            if server.user:
                self._log_in(connection)
            yield connection
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _log_in(self, connection: smtplib.SMTP) -> None:
        try:
            connection.login(self.server.user, find_password(self.server.user))
        except smtplib.SMTPAuthenticationError as error:
            raise OutputError(
                f"{self.server.host} does not take this name and password. Nothing was sent. Some "
                "services need an app password, or have to allow SMTP for the mailbox."
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise OutputError(f"Nobody could log in at {self.server.host}: {error}.") from error


def _begin(connection: smtplib.SMTP, sender: str, to: str) -> Iterator[tuple[int, bytes]]:
    """The server's answers to all that comes before a mail itself (RFC 5321, 3.3)."""
    yield connection.mail(sender)
    yield connection.rcpt(to)
    code, answer = connection.docmd("DATA")
    yield (code, answer) if code != 354 else (250, answer)


def find_password(user: str) -> str:
    """The password of a mailbox, from the environment or from the computer's keyring.

    Raises UsageError where it is in neither.
    """
    if given := os.environ.get(PASSWORD):
        return given
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise UsageError(
            f"No password for {user}. Put it into the variable {PASSWORD}; or install the keyring "
            "with pip install 'formulary-papers[keyring]' and keep it there."
        ) from error
    with suppress(KeyringError):
        if kept := keyring.get_password(KEYRING, user):
            return kept
    raise UsageError(
        f"No password for {user}. Put it into the variable {PASSWORD}, or into the keyring: "
        f"keyring set {KEYRING} {user}"
    )


class _Journal:
    """What each recipient was sent, by recipient and checksum; the last word counts."""

    def __init__(self, lines: JsonLines) -> None:
        self.lines = lines
        self.states: dict[str, dict[str, str]] = {}
        for entry in lines.entries():
            self._note(entry["to"], entry["state"], entry["files"])

    def add(self, to: str, state: str, sums: Sequence[str], id: str) -> None:
        """Enter what is about to happen or has happened, on the disk before this comes back."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        self.lines.add([{"to": to, "state": state, "files": list(sums), "id": id, "at": now}])
        self._note(to, state, sums)

    def _note(self, to: str, state: str, sums: Iterable[str]) -> None:
        self.states.setdefault(to, {}).update(dict.fromkeys(sums, state))
