"""What is made once for all tests: the content, its editions, and the built site."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from formulary.model.content import Content, load
from formulary.model.edition import Edition, edition_of
from formulary.pipeline import site
from tests.helpers import ROOT, Quiet, copy_project


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


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder whose `site/` was built from the project's own content."""
    root = copy_project(tmp_path_factory.mktemp("built"))
    site.build(root, (), None, Quiet())
    return root


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where no test may be skipped, say which was; `pytest_sessionfinish` fails the run."""
    if os.environ.get("FORMULARY_NO_SKIP") == "1" and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("FORMULARY_NO_SKIP=1: no test may be skipped", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("FORMULARY_NO_SKIP") == "1" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
