"""Read files that may be hostile in another process, within limits of time and memory.

A process that hangs or dies takes nobody else's return with it.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, TimeoutError
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from formulary.documents.blank import Blank
from formulary.pipeline.formats import FORMATS
from formulary.pipeline.workers import end_with_parent
from formulary.problems import (
    RETURN_ELSEWHERE,
    RETURN_NOT_OURS,
    RETURN_TOO_BIG,
    RETURN_TOO_SLOW,
    OutputError,
)
from formulary.project import HOUSE, PRODUCT
from formulary.returns.file_kinds import kind_of
from formulary.returns.files import Mail, open_attachments
from formulary.returns.submission import CannotRead, Identity, Submission

SECONDS = 5.0
"""For one file."""

MEGABYTES = 500
"""For one file, beside what the process holds before it."""

_READ_BEFORE_A_NEW_PROCESS = 500
_AHEAD = 3

_BYTES_A_SECOND = 5_000_000
"""Of a mail, on a slow computer; its files are packed as text."""

Key = TypeVar("Key")
Outcome = TypeVar("Outcome")

_blanks: Mapping[str, Blank] = {}
"""In a reading process: the blanks of the organisation, by form."""
_house = PRODUCT / HOUSE


def read_in_subprocess(
    files: Iterable[tuple[Key, bytes]],
    blanks: Mapping[str, Blank],
    jobs: int,
    house: Path = PRODUCT / HOUSE,
) -> Iterator[tuple[Key, Submission | CannotRead]]:
    """Each file with what it answers, or with why it cannot be read.

    `house` is the folder of the house documents that the blanks are written with.
    """
    under_way: deque[tuple[Key, Future[Submission | CannotRead]]] = deque()
    with ProcessPool(
        max_workers=jobs,
        max_tasks=_READ_BEFORE_A_NEW_PROCESS,
        initializer=_begin,
        initargs=(dict(blanks), house),
    ) as pool:
        try:
            for key, data in files:
                under_way.append((key, pool.schedule(read_one, args=(data,), timeout=SECONDS)))
                if len(under_way) >= jobs * _AHEAD:
                    first, made = under_way.popleft()
                    yield first, _outcome(made)
            while under_way:
                first, made = under_way.popleft()
                yield first, _outcome(made)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


@contextmanager
def mail_opener() -> Iterator[Callable[[bytes], Mail]]:
    """Give a function that opens a mail in a process of its own, as `open_attachments` does."""
    with ProcessPool(
        max_workers=1, max_tasks=_READ_BEFORE_A_NEW_PROCESS, initializer=_begin, initargs=({},)
    ) as pool:

        def open_mail(data: bytes) -> Mail:
            limit = SECONDS + len(data) / _BYTES_A_SECOND
            found = _outcome(pool.schedule(open_attachments, args=(data,), timeout=limit), limit)
            if isinstance(found, CannotRead):
                raise found
            return found

        try:
            yield open_mail
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _outcome(made: Future[Outcome], limit: float = SECONDS) -> Outcome | CannotRead:
    try:
        return made.result()
    except TimeoutError:
        return CannotRead(RETURN_TOO_SLOW, f"Reading the file took longer than {limit:.0f} s")
    except MemoryError:
        return CannotRead(RETURN_TOO_SLOW, f"Reading the file took more than {MEGABYTES} MB")
    except ProcessExpired:  # killed by the system, or a library has crashed
        return CannotRead(RETURN_TOO_SLOW, "The process that read the file broke down over it")
    except OSError as error:
        raise OutputError(f"A process could not be started: {error}. Try --jobs 1.") from error


def _begin(blanks: Mapping[str, Blank], house: Path = PRODUCT / HOUSE) -> None:
    global _blanks, _house
    _blanks, _house = blanks, house
    signal.signal(signal.SIGINT, signal.SIG_IGN)
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


def read_one(data: bytes) -> Submission | CannotRead:
    """One file, in a reading process: told by its content, identified, read for its blank."""
    try:
        kind = kind_of(data)
        way = next((found for found in FORMATS if found.name == kind), None)
        if way is None:
            return CannotRead(RETURN_NOT_OURS, "The file is no form")
        return way.read(data, _blank_for, _house)
    except CannotRead as error:
        return CannotRead(error.kind, error.message)
    except (MemoryError, RecursionError):
        return CannotRead(RETURN_TOO_BIG, "The file is larger, or deeper, than any form")


def _blank_for(identity: Identity) -> Blank:
    """The blank of a return. Raises CannotRead for another organisation's, or one not offered."""
    stamp = identity.stamp
    organisation = next((blank.stamp.organisation for blank in _blanks.values()), "")
    if stamp.organisation != organisation:
        raise CannotRead(RETURN_ELSEWHERE, f"The form is one of “{stamp.organisation}”")
    if stamp.form not in _blanks:
        raise CannotRead(RETURN_NOT_OURS, f"The form “{stamp.form}” is not offered any more")
    return _blanks[stamp.form]
