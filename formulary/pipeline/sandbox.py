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
from typing import NamedTuple, TypeVar

from pebble import ProcessExpired, ProcessPool

from formulary.documents.blank import Blank
from formulary.documents.stamp import Stamp
from formulary.pipeline.formats import FORMATS
from formulary.pipeline.workers import end_with_parent
from formulary.problems import (
    EDITION_NOT_KEPT,
    RETURN_ELSEWHERE,
    RETURN_NOT_OURS,
    RETURN_TOO_BIG,
    RETURN_TOO_SLOW,
    OutputError,
)
from formulary.returns.file_kinds import kind_of
from formulary.returns.files import Mail, open_attachments
from formulary.returns.submission import CannotRead, Identity, Submission, quote

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
"""In a reading process: the blanks of the edition that is collected, by form."""


class BlankWanted(NamedTuple):
    """What a reading process says of a form that is none of the edition that is collected."""

    identity: Identity


def read_in_subprocess(
    files: Iterable[tuple[Key, bytes]],
    blanks: Mapping[str, Blank],
    find_blank: Callable[[Stamp], Blank | None],
    jobs: int,
) -> Iterator[tuple[Key, Submission | CannotRead]]:
    """Each file with what it answers, or with why it cannot be read.

    `blanks` are those of the edition that is collected, by form. A form of another edition is read
    a second time, with what `find_blank` gives for its stamp; it is called in this process, since
    loading an edition takes longer than a single file may.
    """
    under_way: deque[tuple[Key, bytes, Future[Submission | CannotRead | BlankWanted]]] = deque()

    def finish(
        data: bytes, made: Future[Submission | CannotRead | BlankWanted]
    ) -> Submission | CannotRead:
        outcome = _outcome(made)
        if isinstance(outcome, BlankWanted):
            blank = find_blank(outcome.identity.stamp)
            if blank is None:
                return _unknown_form(outcome.identity, blanks)
            outcome = _outcome(pool.schedule(read_one, args=(data, blank), timeout=SECONDS))
        assert not isinstance(outcome, BlankWanted)
        return outcome

    with ProcessPool(
        max_workers=jobs,
        max_tasks=_READ_BEFORE_A_NEW_PROCESS,
        initializer=_begin,
        initargs=(dict(blanks),),
    ) as pool:
        try:
            for key, data in files:
                under_way.append(
                    (key, data, pool.schedule(read_one, args=(data,), timeout=SECONDS))
                )
                if len(under_way) >= jobs * _AHEAD:
                    first, data, made = under_way.popleft()
                    yield first, finish(data, made)
            while under_way:
                first, data, made = under_way.popleft()
                yield first, finish(data, made)
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


def _begin(blanks: Mapping[str, Blank]) -> None:
    global _blanks
    _blanks = blanks
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


def read_one(data: bytes, blank: Blank | None = None) -> Submission | CannotRead | BlankWanted:
    """One file, in a reading process: told by its content, identified, read for its blank.

    With `blank` it is read for that one; without, for one of the edition that is collected.
    """
    try:
        kind = kind_of(data)
        way = next((found for found in FORMATS if found.name == kind), None)
        if way is None:
            return CannotRead(RETURN_NOT_OURS, "The file is no form")
        return way.read(data, (lambda _: blank) if blank else _blank_for)
    except _NoneOfThisEdition as error:
        return BlankWanted(error.identity)
    except CannotRead as error:
        return CannotRead(error.kind, error.message)
    except (MemoryError, RecursionError):
        return CannotRead(RETURN_TOO_BIG, "The file is larger, or deeper, than any form")


class _NoneOfThisEdition(Exception):  # noqa: N818 - it is no fault
    def __init__(self, identity: Identity) -> None:
        self.identity = identity


def _blank_for(identity: Identity) -> Blank:
    """The blank of this edition that a return is of. Raises CannotRead for another organisation's.

    Raises _NoneOfThisEdition where the edition has no such form with the same questions.
    """
    stamp = identity.stamp
    organisation = next((blank.stamp.organisation for blank in _blanks.values()), "")
    if stamp.organisation != organisation:
        raise CannotRead(RETURN_ELSEWHERE, f"The form is one of “{stamp.organisation}”")
    found = _blanks.get(stamp.form)
    if found is None or not _is_copy(stamp, found.stamp):
        raise _NoneOfThisEdition(identity)
    return found


def _is_copy(stamp: Stamp, of: Stamp) -> bool:
    return stamp.year == of.year and stamp.has_same_questions(of)


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
