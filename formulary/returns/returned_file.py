"""A return as it was collected: where it came from, what became of it, what is wrong with it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from formulary.documents.stamp import Stamp
from formulary.problems import CATALOGUE, Kind, Problem
from formulary.returns.reviewee import ListedReviewee, Reviewee
from formulary.returns.submission import Answer, Identity, Submission
from formulary.staff.person import Person

Standing = Literal["current", "replaced", "other edition", "unread"]
"""current: the return that counts; replaced: a later one of the same person, form and year came;
other edition: it counts in the register of another year; unread: no readable return."""


@dataclass(frozen=True)
class ReturnedFile:
    """One file that was handed in, as it is kept: read once, and never changed.

    `source` says where it lay, archives and mails included (“autumn.zip/North/form.docx”);
    `received` is when it came, as far as the mail, the archive or the file says. Either
    `submission` is there, or `unread` says, as a kind of problem and in words, why not.
    """

    source: str
    received: datetime.datetime | None
    sha256: str
    submission: Submission | None = None
    unread: tuple[Kind, str] | None = None

    def as_data(self) -> dict[str, Any]:
        """The record as plain data, for JSON."""
        found = self.submission
        return {
            "source": self.source,
            "received": self.received.isoformat() if self.received else None,
            "sha256": self.sha256,
            "unread": [self.unread[0].code, self.unread[1]] if self.unread else None,
            "submission": found
            and {
                "stamp": asdict(found.identity.stamp),
                "person": found.identity.person,
                "carried": found.identity.carried,
                "format": found.format,
                "answers": {
                    id: [answer.state, answer.value, answer.beside]
                    for id, answer in found.answers.items()
                },
                "altered": list(found.altered),
                "unknown": dict(found.unknown),
                "remarks": list(found.remarks),
            },
        }


def returned_file_from(data: Mapping[str, Any]) -> ReturnedFile:
    """Read what `ReturnedFile.as_data` gave. Raises KeyError, TypeError or ValueError."""
    received, unread, found = data["received"], data["unread"], data["submission"]
    return ReturnedFile(
        data["source"],
        datetime.datetime.fromisoformat(received) if received else None,
        data["sha256"],
        found
        and Submission(
            Identity(Stamp(**found["stamp"]), found["person"], found.get("carried", "")),
            found["format"],
            {id: Answer(*answer) for id, answer in found["answers"].items()},
            tuple(found["altered"]),
            found["unknown"],
            tuple(found["remarks"]),
        ),
        (CATALOGUE[unread[0]], unread[1]) if unread else None,
    )


@dataclass(frozen=True)
class Return:
    """A record, judged: whose it is, whether it counts, and what is wrong with it.

    `reviewee` is None where the file could not be read.
    """

    record: ReturnedFile
    standing: Standing
    reviewee: Reviewee | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def submission(self) -> Submission | None:
        return self.record.submission

    @property
    def person(self) -> Person | None:
        """The person on the staff list; None where the return is of nobody known."""
        return self.reviewee.person if isinstance(self.reviewee, ListedReviewee) else None

    @property
    def name(self) -> str:
        """The name on the form."""
        return self.reviewee.name if self.reviewee else ""
