"""What is made once for all tests, and which of them need a program outside Python."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from formulary.content.loading import Content, load
from formulary.edition.edition import Edition, edition_of
from formulary.pipeline import site
from tests.checkers.needed import needs_a_program
from tests.helpers import ROOT, Quiet, copy_project, make_once, tiny_project

Shared = Callable[[str, Callable[[Path], object]], Path]
"""Gives the folder of a name, which the function fills the first time that any worker asks."""


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: a third of the time a test waits for a program."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(2, (cores or 1) * 3 // 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and needs_a_program(item):
            item.add_marker(pytest.mark.outside)
        if item.get_closest_marker("release"):
            item.add_marker(pytest.mark.slow)
    # what takes minutes begins at once, or all other workers wait for it at the end
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.release)], ids=["share", "all"])
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether a test is to see everything, as before a release, or a share that shows each kind."""
    return bool(request.param)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Folders that all workers of pytest-xdist share, each filled by the first who needs it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def share(name: str, fill: Callable[[Path], object]) -> Path:
        return make_once(folder / f"shared-{name}", fill)

    return share


@pytest.fixture(scope="session")
def content() -> Content:
    """The project's own content."""
    found, problems = load(ROOT)
    assert problems == ()
    return found


@pytest.fixture(scope="session")
def editions(content: Content) -> tuple[Edition, ...]:
    """The edition of every organisation for its own year."""
    made = [edition_of(content, own) for own in content.organisations]
    assert all(problems == () for _, problems in made)
    return tuple(edition for edition, _ in made if edition)


@pytest.fixture
def some(editions: tuple[Edition, ...], whole: bool) -> tuple[Edition, ...]:
    """The editions of the organisations with the most and the fewest papers; all for a release."""
    by_papers = sorted(editions, key=lambda edition: (len(edition.forms), len(edition.numbers)))
    return editions if whole else (by_papers[-1], by_papers[0])


@pytest.fixture
def few(some: tuple[Edition, ...], whole: bool) -> tuple[Edition, ...]:
    """The edition of the organisation with the fewest papers, which builds fast; all if `whole`."""
    return some if whole else some[-1:]


@pytest.fixture(scope="session")
def built(shared: Shared) -> Path:
    """A project folder whose `site/` was built from the content as it is; not to be changed."""
    return shared("built", lambda root: site.build(copy_project(root), (), None, Quiet()))


@pytest.fixture(scope="session")
def tiny_built(shared: Shared) -> Path:
    """A project of the tests' own organisation with its `site/`, guide too; not to be changed."""

    def build(root: Path) -> None:
        site.build(tiny_project(root, guide=True), (), None, Quiet())

    return shared("tiny", build)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where no test may be skipped, say which was; `pytest_sessionfinish` fails the run."""
    if os.environ.get("FORMULARY_NO_SKIP") == "1" and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("FORMULARY_NO_SKIP=1: no test may be skipped", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("FORMULARY_NO_SKIP") == "1" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
