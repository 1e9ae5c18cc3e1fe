"""Run a function over chunks of work in this process, several processes, or a Dask cluster.

Results come in the order of the chunks, with a bounded number of chunks under way, so that memory
does not grow with the list.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Thread, active_count
from typing import Any, Generic, TypeVar

from formulary import __version__
from formulary.problems import OutputError, UsageError

Shared = TypeVar("Shared")
Chunk = TypeVar("Chunk")
Made = TypeVar("Made")

_AHEAD = 3
"""Chunks under way for each worker: enough that none waits."""

_shared: Any = None
"""In a worker process: what it was given when it started."""


class WorkerPool(Generic[Shared]):
    """Runs a function over chunks of work; every worker has `shared`."""

    def __init__(
        self, executor: Executor | None, shared: Any, workers: int, shares_disk: bool
    ) -> None:
        self.executor = executor
        """What runs the function; None for this process."""
        self.shared = shared
        self.workers = workers
        self.shares_disk = shares_disk
        """Whether a worker can write where this process can; a cluster's may not."""

    def run(
        self, function: Callable[[Shared, Chunk], Made], chunks: Iterable[Chunk]
    ) -> Iterator[tuple[Chunk, Made]]:
        """Each chunk with what the function made of it, in order.

        Raises what the function raises, and OutputError where a worker has died.
        """
        executor = self.executor
        if executor is None:
            yield from ((chunk, function(self.shared, chunk)) for chunk in chunks)
            return

        def submit(chunk: Chunk) -> Future[Made]:
            return executor.submit(_call, function, self.shared, chunk)

        with _worker_death_explained():
            for chunk, made in keep_ahead(chunks, submit, self.workers):
                yield chunk, made.result()


def keep_ahead(
    tasks: Iterable[Chunk], start: Callable[[Chunk], Made], workers: int
) -> Iterator[tuple[Chunk, Made]]:
    """Each task with what `start` gave for it, in order; a few are begun for each worker."""
    under_way: deque[tuple[Chunk, Made]] = deque()
    for task in tasks:
        under_way.append((task, start(task)))
        if len(under_way) >= workers * _AHEAD:
            yield under_way.popleft()
    while under_way:
        yield under_way.popleft()


@contextmanager
def _worker_death_explained() -> Iterator[None]:
    """Raises OutputError where a worker has died."""
    try:
        yield
    except BrokenExecutor as error:
        said = "A worker process was ended from outside, most likely because memory ran out."
        raise OutputError(
            f"{said} Run the command again with --jobs 1: it carries on from where it stopped.",
            f"{said} Close other programs, then do it again: it carries on from where it stopped.",
        ) from error


def _call(function: Callable[[Any, Chunk], Made], shared: Any, chunk: Chunk) -> Made:
    return function(_shared if shared is None else shared, chunk)


@contextmanager
def worker_pool(
    shared: Shared, jobs: int, dask: str | None, *, own_threads: bool = False
) -> Iterator[WorkerPool[Shared]]:
    """Workers that have `shared`: `jobs` processes, or those of the Dask scheduler at `dask`.

    `own_threads`: the work uses a library that starts threads of its own, as Typst does. Raises
    UsageError where Dask is not installed or does not answer, and OutputError where a worker dies
    at its start.
    """
    if dask:
        with _cluster(shared, dask) as found:
            yield found
    elif jobs == 1:
        yield WorkerPool(None, shared, 1, True)
    else:
        context = _context() if own_threads else None
        executor = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(shared,))
        gc.freeze()  # what there is now is not looked through again, so that pages stay shared
        try:
            with _worker_death_explained():
                executor.submit(int).result()  # starts them, before this process holds more
            yield WorkerPool(executor, None, jobs, True)
        finally:
            executor.shutdown(cancel_futures=True)
            gc.unfreeze()


def _context() -> BaseContext:
    """How processes start: as copies of this one, or afresh where it has threads of a library.

    A copy has none of those threads, and the library in it would wait for them for ever.
    """
    tasks = Path("/proc/self/task")
    if tasks.is_dir() and len(list(tasks.iterdir())) > active_count():
        return get_context("spawn")
    return get_context()


def _begin(shared: Any) -> None:
    """Start a worker process: leave Ctrl-C to the process that waits, and end with it."""
    global _shared
    _shared = shared
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def end_with_parent() -> None:
    """In a worker process: a worker whose parent was killed would work or wait for ever."""
    parent = parent_process()
    if parent:
        Thread(target=_end_after, args=(parent.join,), daemon=True).start()


def _end_after(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)


@contextmanager
def _cluster(shared: Shared, address: str) -> Iterator[WorkerPool[Shared]]:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            "Dask is not installed. Install it with pip install 'formulary-papers[dask]', "
            "or leave --dask out."
        ) from error
    try:
        client = Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UsageError(f"No Dask scheduler answers at {address}. Check the address.") from error
    with client:
        _require_formulary(client, dask_address=address)
        workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        shared = client.scatter(shared, broadcast=True, hash=False)  # type: ignore[no-untyped-call]
        executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
        yield WorkerPool(executor, shared, workers, False)


_VERSION = "__import__('formulary').__version__"
"""What a scheduler or a worker is asked: a text, which goes to one that lacks our code, too."""


def _require_formulary(client: Any, dask_address: str) -> None:
    """Raise UsageError where the scheduler or a worker lacks this version of Formulary."""
    package = f"formulary-papers=={__version__}"
    install = f"Install it there, in the Python that runs them: pip install {package}"
    try:
        versions = {client.run_on_scheduler(eval, _VERSION), *client.run(eval, _VERSION).values()}
    except ImportError as error:
        raise UsageError(
            f"The Dask scheduler at {dask_address}, or one of its workers, has no Formulary. "
            f"Scheduler and workers all need it. {install}"
        ) from error
    if others := versions - {__version__}:
        raise UsageError(
            f"The Dask scheduler at {dask_address}, or one of its workers, has Formulary "
            f"{min(others)}; this is {__version__}. {install}"
        )
