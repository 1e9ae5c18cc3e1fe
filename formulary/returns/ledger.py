"""The ledger: a database beside the registers, of every file that `collect` ever read.

It is one SQLite file in the work folder. `files` has a row a file, in the order in which they came;
`answers` and `remarks` hold what was read from it; `findings` and `last_run` are what the last run
made of it all. Nothing in the first three is ever changed. docs/collect.md lists the columns for
those who read it with other programs.

Every step is one transaction, and on the disk before the next begins. The journal is SQLite's
oldest kind, a file beside the database, since it alone works on network shares too.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from formulary.delivery import WORK, OutputFolder
from formulary.documents.stamp import Stamp
from formulary.problems import Kind, OutputError, Place, Problem
from formulary.publish import checksum
from formulary.returns.returned_file import ReturnedFile, returned_file_from
from formulary.system_errors import describe_system_error

LEDGER = "returns.sqlite"
"""In the work folder: every file that was read."""

BEFORE, TAKEN_OVER = "returns.jsonl", "returns-taken-over.jsonl"
"""The ledger of earlier versions, a line of JSON a file; its name once it is taken over."""

_VERSION = 1

_TABLES = """
CREATE TABLE files (
  file INTEGER PRIMARY KEY,
  known_by TEXT NOT NULL,
  source TEXT NOT NULL,
  received TEXT,
  sha256 TEXT NOT NULL,
  unread TEXT,
  why_unread TEXT,
  organisation TEXT,
  form TEXT,
  year INTEGER,
  edition TEXT,
  digest TEXT,
  person TEXT,
  carried TEXT,
  format TEXT,
  further TEXT NOT NULL
);
CREATE INDEX files_known_by ON files (known_by);
CREATE VIEW latest_files AS
  SELECT * FROM files WHERE file IN (SELECT max(file) FROM files GROUP BY known_by);
CREATE TABLE answers (
  file INTEGER NOT NULL REFERENCES files,
  place INTEGER NOT NULL,
  question TEXT NOT NULL,
  state TEXT NOT NULL,
  value TEXT NOT NULL,
  beside TEXT NOT NULL,
  PRIMARY KEY (file, place)
) WITHOUT ROWID;
CREATE TABLE remarks (
  file INTEGER NOT NULL REFERENCES files,
  place INTEGER NOT NULL,
  kind TEXT NOT NULL,
  about TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (file, place)
) WITHOUT ROWID;
CREATE TABLE findings (
  file INTEGER NOT NULL REFERENCES files,
  place INTEGER NOT NULL,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  about TEXT NOT NULL,
  fix TEXT NOT NULL,
  PRIMARY KEY (file, place)
) WITHOUT ROWID;
CREATE TABLE last_run (made_from TEXT NOT NULL, report TEXT NOT NULL);
"""

_STAMP = ("organisation", "form", "year", "edition", "digest")
_OF_SUBMISSION = ("person", "carried", "format")
_COLUMNS = (
    *("known_by", "source", "received", "sha256", "unread", "why_unread"),
    *_STAMP,
    *_OF_SUBMISSION,
    "further",
)
_INSERT = f"INSERT INTO files ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def known_by(source: str, sha256: str) -> str:
    """What tells a file from others: its bytes; where it has none, its name."""
    return sha256 if sha256 != checksum(b"") else f"name: {_storable(source)}"


def _storable(text: str) -> str:
    """A text as UTF-8 can hold it: a name of a file may have bytes that are no letters."""
    return text.encode("utf-8", "backslashreplace").decode()


class LedgerFile(NamedTuple):
    """A file in the ledger: its number, its name, and the code of why it could not be read."""

    file: int
    source: str
    unread: str | None


class Ledger:
    """The database of a folder, opened; `close` it. Its errors are OutputErrors."""

    def __init__(self, folder: OutputFolder) -> None:
        """Open the ledger of an open folder, make it, or take over that of an earlier version."""
        self.path = folder.work / LEDGER
        before = folder.work / BEFORE
        with self._errors_explained():
            # SQLite gives its journal the rights that the database has.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            self.database = sqlite3.connect(self.path, isolation_level=None)
            self.database.execute("PRAGMA synchronous = FULL")
            (version,) = self.database.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise OutputError(
                    f"{self.path} was written by a newer Formulary. Install that version."
                )
        if not version:
            with self.transaction():
                for statement in _TABLES.split(";"):
                    self.database.execute(statement)
                for record in _records_of_earlier_version(before):
                    self.add(record)
                self.database.execute(f"PRAGMA user_version = {_VERSION}")
        if before.exists():
            with self._errors_explained():
                before.replace(folder.work / TAKEN_OVER)

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done in it is kept together, or, where it is broken off, not at all."""
        with self._errors_explained():
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.database.rollback()
                raise
            self.database.commit()

    def find_last(self, source: str, sha256: str) -> LedgerFile | None:
        """The last reading of a file; None for a file that was never read."""
        with self._errors_explained():
            found = self.database.execute(
                "SELECT file, source, unread FROM files WHERE known_by = ? "
                "ORDER BY file DESC LIMIT 1",
                (known_by(source, sha256),),
            ).fetchone()
        return LedgerFile(*found) if found else None

    def known_files(self, worth_another_try: Collection[str]) -> set[str]:
        """What `known_by` gives for every file, but for those that have one of these faults."""
        with self._errors_explained():
            found = self.database.execute("SELECT known_by, unread FROM latest_files")
            return {key for key, unread in found if unread not in worth_another_try}

    def stamps(self) -> Iterator[Stamp]:
        """The stamp of every form that was read."""
        with self._errors_explained():
            for row in self.database.execute(
                f"SELECT {', '.join(_STAMP)} FROM files WHERE form IS NOT NULL"
            ):
                yield Stamp(**dict(zip(_STAMP, row, strict=True)))

    def add(self, record: ReturnedFile) -> None:
        """Add a file, within a transaction; what the last run made is out of date from then on.

        One that was tried again, and has the same fault, is there already.
        """
        last = self.find_last(record.source, record.sha256) if record.unread else None
        if last and self.record(last.file).unread == record.unread:
            return
        data = record.as_data()
        found = data["submission"] or {"stamp": {}, "answers": {}, "unknown": {}}
        row: list[Any] = [known_by(record.source, record.sha256)]
        row += [data[name] for name in ("source", "received", "sha256")]
        row += data["unread"] or (None, None)
        row += [found["stamp"].get(name) for name in _STAMP]
        row += [found.get(name) for name in _OF_SUBMISSION]
        remarks = [("altered", "", words) for words in found.get("altered", ())]
        remarks += [("unknown", name, words) for name, words in found["unknown"].items()]
        remarks += [("remark", "", words) for words in found.get("remarks", ())]
        self.database.execute("DELETE FROM last_run")
        file = self.database.execute(_INSERT, _all_storable([*row, "{}"])).lastrowid
        answers = enumerate(found["answers"].items())
        self.database.executemany(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)",
            (_all_storable((file, place, id, *answer)) for place, (id, answer) in answers),
        )
        self.database.executemany(
            "INSERT INTO remarks VALUES (?, ?, ?, ?, ?)",
            (_all_storable((file, place, *one)) for place, one in enumerate(remarks)),
        )

    def records(self, is_over: Callable[[LedgerFile], bool] = lambda _: False) -> LedgerRecords:
        """Every file; of one that was read again, the last reading only; and none that is over."""
        with self._errors_explained():
            found = self.database.execute(
                "SELECT file, source, unread FROM latest_files ORDER BY file"
            )
            files = (LedgerFile(*row) for row in found)
            return LedgerRecords(self, [one.file for one in files if not is_over(one)])

    def record(self, file: int) -> ReturnedFile:
        with self._errors_explained():
            select = self.database.execute
            row = select(f"SELECT {', '.join(_COLUMNS)} FROM files WHERE file = ?", (file,))
            answers = select(
                "SELECT question, state, value, beside FROM answers WHERE file = ? ORDER BY place",
                (file,),
            )
            remarks = select(
                "SELECT kind, about, words FROM remarks WHERE file = ? ORDER BY place", (file,)
            )
            try:
                return returned_file_from(_as_data(row.fetchone(), answers, remarks))
            except (KeyError, TypeError, ValueError) as error:
                raise _broken(self.path) from error

    # what the last run made of it

    def replace_findings(self, findings: Iterable[tuple[int, Iterable[Problem]]]) -> None:
        """Keep what is wrong with each file instead of what was kept before, in one transaction."""
        with self.transaction():
            self.database.execute("DELETE FROM last_run")
            self.database.execute("DELETE FROM findings")
            for file, problems in findings:
                rows = (
                    (one.kind.severity, one.kind.code, one.message, one.where, one.fix)
                    for one in dict.fromkeys(problems)
                )
                self.database.executemany(
                    "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (_all_storable((file, place, *row)) for place, row in enumerate(rows)),
                )

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the files, by their names."""
        with self._errors_explained():
            for source, severity, code, message, where, fix in self.database.execute(
                "SELECT source, severity, code, message, findings.about, fix "
                "FROM findings JOIN files USING (file) ORDER BY source, file, place"
            ):
                yield Problem(Kind(code, severity), Place(Path(source)), message, fix, where)

    def read_last_run(self, made_from: str) -> Any:
        """What `keep_last_run` kept, if it was made from the same; None if not."""
        with self._errors_explained():
            found = self.database.execute(
                "SELECT report FROM last_run WHERE made_from = ?", (made_from,)
            ).fetchone()
        return json.loads(found[0]) if found else None

    def keep_last_run(self, made_from: str, report: Mapping[str, Any]) -> None:
        """Keep what a run said. `made_from` is a digest of all that it was made from."""
        with self.transaction():
            self.database.execute("DELETE FROM last_run")
            self.database.execute(
                "INSERT INTO last_run VALUES (?, ?)", (made_from, json.dumps(report))
            )

    @contextmanager
    def _errors_explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(describe_system_error(error, self.path, continues=True)) from error
        except sqlite3.OperationalError as error:
            raise OutputError(_describe(error, self.path)) from error
        except sqlite3.DatabaseError as error:
            raise _broken(self.path) from error


class LedgerRecords(Collection[ReturnedFile]):
    """The files of a ledger, each read when it is its turn; `ids` are their numbers in it."""

    def __init__(self, ledger: Ledger, ids: list[int]) -> None:
        self.ledger, self.ids = ledger, ids

    def __iter__(self) -> Iterator[ReturnedFile]:
        return map(self.ledger.record, self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, record: object) -> bool:
        return any(record == one for one in self)


def has_ledger(path: Path) -> bool:
    """Whether `collect` has written into a folder."""
    return any((path / WORK / name).is_file() for name in (LEDGER, BEFORE))


@contextmanager
def opened_ledger(folder: OutputFolder) -> Iterator[Ledger]:
    """The ledger of a folder, which no other run can use meanwhile."""
    with folder, closing(Ledger(folder)) as ledger:
        yield ledger


def read_collected(path: Path) -> Iterator[ReturnedFile]:
    """Every file that `collect` read into a folder, which is in use until all are read.

    Of a file that was read again, the last record only. Raises OutputError.
    """
    with opened_ledger(OutputFolder(path)) as ledger:
        yield from ledger.records()


def _all_storable(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_storable(cell) if isinstance(cell, str) else cell for cell in row)


def _as_data(
    row: tuple[Any, ...], answers: Iterable[tuple[str, ...]], remarks: Iterable[tuple[str, ...]]
) -> dict[str, Any]:
    """A file as `ReturnedFile.as_data` gave it."""
    cells = dict(zip(_COLUMNS, row, strict=True))
    data = {
        **{name: cells[name] for name in ("source", "received", "sha256")},
        "unread": (cells["unread"], cells["why_unread"]) if cells["unread"] else None,
        "submission": None,
    }
    if cells["form"] is not None:
        kept = list(remarks)
        data["submission"] = {
            "stamp": {name: cells[name] for name in _STAMP},
            **{name: cells[name] for name in _OF_SUBMISSION},
            "answers": {id: answer for id, *answer in answers},
            "altered": [words for kind, _, words in kept if kind == "altered"],
            "unknown": {about: words for kind, about, words in kept if kind == "unknown"},
            "remarks": [words for kind, _, words in kept if kind == "remark"],
        }
    return data


def _records_of_earlier_version(path: Path) -> Iterator[ReturnedFile]:
    """What the ledger of an earlier version has; a last line that a killed run left half is gone.

    Raises OutputError where a whole line is not as it was written.
    """
    if not path.exists():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                yield returned_file_from(json.loads(line.decode("utf-8", "surrogatepass")))
            except (KeyError, TypeError, ValueError) as error:
                raise _broken(path, f", in line {number}") from error


def _broken(path: Path, where: str = "") -> OutputError:
    return OutputError(
        f"{path} is not as it was written{where}. Put the last good one back from your backup."
    )


def _describe(error: sqlite3.OperationalError, path: Path) -> str:
    """What SQLite could not do, as `describe_system_error` says it where it has a word for it."""
    codes = {
        "SQLITE_FULL": errno.ENOSPC,
        "SQLITE_READONLY": errno.EACCES,
        "SQLITE_CANTOPEN": errno.EACCES,
        "SQLITE_BUSY": errno.EACCES,
        "SQLITE_LOCKED": errno.EACCES,
    }
    name = "_".join(str(error.sqlite_errorname).split("_")[:2])
    code = codes.get(name, errno.EIO)
    return describe_system_error(OSError(code, str(error)), path, continues=True)
