"""Open and read files that may be hostile in other processes, within limits of time and memory.

A process that hangs or dies takes nobody else's return with it. Time is that of the processor, so
that a computer with other work to do refuses no file that another one reads.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import TimeoutError
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from formulary.documents.blank import Blank
from formulary.documents.stamp import Stamp
from formulary.pipeline.formats import FORMATS
from formulary.pipeline.workers import end_with_parent, keep_ahead
from formulary.problems import (
    EDITION_NOT_KEPT,
    RETURN_ELSEWHERE,
    RETURN_NOT_OURS,
    RETURN_TOO_BIG,
    RETURN_TOO_SLOW,
    OutputError,
)
from formulary.project import HOUSE, PRODUCT
from formulary.returns.file_kinds import kind_of
from formulary.returns.files import LARGEST_ARCHIVE, FoundFile, OpenFile, open_file
from formulary.returns.submission import CannotRead, Identity, Submission, quote

SECONDS = 5.0
"""Of the processor, for one file; an archive or a mail has more, by its bytes."""

LAST_RESORT = 120.0
"""Seconds by the clock for one file, for a process that waits and does not work."""

MEGABYTES = 500
"""For one file, beside what the process holds before it."""

_READ_BEFORE_A_NEW_PROCESS = 500

_BYTES_A_SECOND = 5_000_000
"""Of an archive or a mail, on a slow computer: of what goes in, and of what comes out."""

_TIME_IS_UP = getattr(signal, "SIGPROF", None)
"""What ends a process whose processor time is up; Windows has no such limit, but the last resort"""

Key = TypeVar("Key")

_blanks: Mapping[str, Blank] = {}
"""In a reading process: the blanks of the edition that is collected, by form."""
_house = PRODUCT / HOUSE
"""The folder of the house documents that the blanks are written with."""


class BlankWanted(NamedTuple):
    """What a reading process says of a form that is none of the edition that is collected."""

    identity: Identity


_Outcome = Submission | CannotRead | BlankWanted


def read_in_subprocess(
    files: Iterable[tuple[Key, bytes]],
    blanks: Mapping[str, Blank],
    find_blank: Callable[[Stamp], Blank | None],
    jobs: int,
    house: Path = PRODUCT / HOUSE,
) -> Iterator[tuple[Key, Submission | CannotRead]]:
    """Each file with what it answers, or with why it cannot be read.

    `blanks` are those of the edition that is collected, by form. A form of another edition is read
    a second time, with what `find_blank` gives for its stamp; it is called in this process, since
    loading an edition takes longer than a single file may. `house` is the folder of the house
    documents that the blanks are written with.
    """

    def start(data: bytes, blank: Blank | None = None) -> ProcessFuture[_Outcome]:
        task = (data, blank, SECONDS)
        return pool.schedule(_read_within_limit, args=task, timeout=LAST_RESORT)

    def finish(data: bytes, made: ProcessFuture[_Outcome]) -> Submission | CannotRead:
        outcome = _outcome(made)
        if isinstance(outcome, BlankWanted):
            blank = find_blank(outcome.identity.stamp)
            if blank is None:
                return _unknown_form(outcome.identity, blanks)
            outcome = _outcome(start(data, blank))
        assert not isinstance(outcome, BlankWanted)
        return outcome

    with ProcessPool(
        max_workers=jobs,
        max_tasks=_READ_BEFORE_A_NEW_PROCESS,
        initializer=_begin,
        initargs=(dict(blanks), house),
    ) as pool:
        try:
            for (key, data), made in keep_ahead(files, lambda file: start(file[1]), jobs):
                yield key, finish(data, made)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _read_within_limit(data: bytes, blank: Blank | None, seconds: float) -> _Outcome:
    with _processor_time(seconds):
        return read_one(data, blank)


def _outcome(made: ProcessFuture[_Outcome]) -> _Outcome:
    try:
        return made.result()
    except TimeoutError:
        return _waited_in_vain()
    except MemoryError:
        return _too_much_memory()
    except ProcessExpired as error:
        return _why_it_ended(error.exitcode)
    except OSError as error:
        raise _cannot_start(error) from error


def _waited_in_vain() -> CannotRead:
    return CannotRead(RETURN_TOO_SLOW, f"Reading the file did not end within {LAST_RESORT:.0f} s")


def _too_much_memory() -> CannotRead:
    return CannotRead(RETURN_TOO_SLOW, f"Reading the file took more than {MEGABYTES} MB")


def _why_it_ended(exitcode: int | None) -> CannotRead:
    """Why a process is no more that was at work on a file."""
    if _TIME_IS_UP and exitcode == -_TIME_IS_UP:
        message = f"Reading the file took longer than {SECONDS:.0f} s of the processor's time"
        return CannotRead(RETURN_TOO_SLOW, message)
    # killed by the system, or a library has crashed
    return CannotRead(RETURN_TOO_SLOW, "The process that read the file broke down over it")


def _cannot_start(error: OSError) -> OutputError:
    said = f"A process could not be started: {error}."
    return OutputError(f"{said} Try --jobs 1.", f"{said} Close other programs, then try again.")


@contextmanager
def file_opener(known: Collection[str] = ()) -> Iterator[OpenFile]:
    """Give a function that does what `open_file` does, in a process of its own.

    `known` are checksums of files whose bytes nobody needs again: they come without them.
    """
    opener = _Opener(known)
    try:
        yield opener.open
    finally:
        opener.end()


class _Opener:
    """A process that opens files, and another one once a file has brought it down."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.process: BaseProcess | None = None
        self.connection: Connection | None = None
        self.opened = 0

    def open(self, path: Path, source: str) -> Iterator[FoundFile]:
        connection = self.ready()
        connection.send((path, source, SECONDS))
        is_done = False
        try:
            while not is_done:
                answer = self.receive(connection)
                if isinstance(answer, CannotRead):
                    yield FoundFile(source, None, fault=answer)
                    return
                if answer:
                    yield answer
                is_done = answer is None
        finally:
            if not is_done:
                self.end()

    def ready(self) -> Connection:
        """The way to a process that waits for a file. Raises OutputError."""
        self.opened += 1
        if self.opened % _READ_BEFORE_A_NEW_PROCESS == 0 or not self.is_alive():
            self.end()
        if self.connection is None:
            try:
                self.connection, theirs = multiprocessing.Pipe()
                self.process = multiprocessing.Process(
                    target=_open_for, args=(theirs, self.known), daemon=True
                )
                self.process.start()
            except OSError as error:
                raise _cannot_start(error) from error
            theirs.close()
        return self.connection

    def is_alive(self) -> bool:
        return self.process is not None and self.process.is_alive()

    def receive(self, connection: Connection) -> FoundFile | CannotRead | None:
        """The next file, or why there is none; None after the last."""
        end = time.monotonic() + LAST_RESORT
        # What tells that the other end is closed may be held open by a process started since.
        while not connection.poll(1.0):
            if not self.is_alive() and not connection.poll(0):
                return _why_it_ended(self.process.exitcode if self.process else None)
            if time.monotonic() > end:
                return _waited_in_vain()
        try:
            answer: FoundFile | CannotRead | None = connection.recv()
        except (EOFError, OSError):
            assert self.process
            self.process.join(1.0)
            return _why_it_ended(self.process.exitcode)
        return answer

    def end(self) -> None:
        if self.process and self.connection:
            self.process.kill()
            self.process.join()
            self.connection.close()
        self.process = self.connection = None


def _open_for(connection: Connection, known: Collection[str]) -> None:
    """In an opening process: send what is in each file that is asked for, and None behind it."""
    _begin({})
    while True:
        path, source, seconds = connection.recv()
        try:
            size = min(path.stat().st_size, LARGEST_ARCHIVE) if path.exists() else 0
            with _processor_time(seconds + size / _BYTES_A_SECOND) as add:
                for found in open_file(path, source):
                    is_needed = not found.fault and found.sha256 not in known
                    connection.send(found if is_needed else replace(found, data=b""))
                    add(len(found.data) / _BYTES_A_SECOND)
            connection.send(None)
        except (MemoryError, RecursionError):
            connection.send(_too_much_memory())


@contextmanager
def _processor_time(seconds: float) -> Iterator[Callable[[float], None]]:
    """End this process after so much of the processor's time; gives a function that adds more."""
    if _TIME_IS_UP is None:
        yield lambda _: None
        return

    def add(more: float) -> None:
        left, _ = signal.getitimer(signal.ITIMER_PROF)
        signal.setitimer(signal.ITIMER_PROF, left + more)

    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield add
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _begin(blanks: Mapping[str, Blank], house: Path = PRODUCT / HOUSE) -> None:
    global _blanks, _house
    _blanks, _house = blanks, house
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _TIME_IS_UP:
        signal.signal(_TIME_IS_UP, signal.SIG_DFL)
    end_with_parent()
    try:
        import resource
    except ImportError:  # Windows: the time limit is all there is
        return
    held = _address_space()
    limit = held + MEGABYTES * 1024 * 1024
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _address_space() -> int:
    """Bytes of address space that this process has now; 4 GB where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 4 * 1024**3
    import resource

    return pages * resource.getpagesize()


def read_one(data: bytes, blank: Blank | None = None) -> _Outcome:
    """One file, in a reading process: told by its content, identified, read for its blank.

    With `blank` it is read for that one; without, for one of the edition that is collected.
    """
    try:
        kind = kind_of(data)
        way = next((found for found in FORMATS if found.name == kind), None)
        if way is None:
            return CannotRead(RETURN_NOT_OURS, "The file is not a form")
        return way.read(data, (lambda _: blank) if blank else _blank_for, _house)
    except _NoneOfThisEdition as error:
        return BlankWanted(error.identity)
    except CannotRead as error:
        return CannotRead(error.kind, error.message)
    except (MemoryError, RecursionError):
        return CannotRead(RETURN_TOO_BIG, "The file is larger, or deeper, than any form")


class _NoneOfThisEdition(CannotRead):
    """A `CannotRead`, since readers take every other error for a sign of a broken file."""

    def __init__(self, identity: Identity) -> None:
        super().__init__(EDITION_NOT_KEPT, "The form is of another edition")
        self.identity = identity


def _blank_for(identity: Identity) -> Blank:
    """The blank of this edition that a return is of. Raises CannotRead for another organisation's.

    Raises _NoneOfThisEdition where the edition has no such form with the same questions.
    """
    stamp = identity.stamp
    organisation = next((blank.stamp.organisation for blank in _blanks.values()), "")
    if stamp.organisation != organisation:
        raise CannotRead(RETURN_ELSEWHERE, f"The form belongs to “{stamp.organisation}”")
    found = _blanks.get(stamp.form)
    is_of_year = found is not None and stamp.year == found.stamp.year
    if not (found and is_of_year and stamp.has_same_questions(found.stamp)):
        raise _NoneOfThisEdition(identity)
    return found


def _unknown_form(identity: Identity, blanks: Mapping[str, Blank]) -> CannotRead:
    """That neither this edition nor one that was kept has the form."""
    stamp = identity.stamp
    if any(blank.stamp.year == stamp.year for blank in blanks.values()):
        return CannotRead(RETURN_NOT_OURS, f"The form “{stamp.form}” is not offered any more")
    whose = f", made for {quote(identity.person)}," if identity.person else ""
    return CannotRead(
        EDITION_NOT_KEPT,
        f"The form “{stamp.form}” of {stamp.edition}{whose} is of an edition that was not kept",
    )
