"""A small project that is edited, and a server of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from formulary.editing.editor import Editor
from formulary.editing.journal import Journal
from formulary.editing.live import LiveProject
from formulary.editing.server import PageServer
from tests.checkers.axe import Browser
from tests.helpers import tiny_project

TINY = Path("content") / "organisations" / "tiny"
QUESTIONS = """\
# what staff ask
questions:
  - id: joined
    asks: What if I joined during the year?
    answer: |-
      The cycle is adapted to the date on which your contract starts and to its length, if you have
      less than {{ rules.short_service.exactly | words }} {{ rules.short_service.unit }} of service.
    clauses: [short-contracts]
  - id: away
    asks: What if I was away?
    answer: Your {{ words.reviewer }} takes it into account.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The tests' own organisation, with two questions."""
    root = tiny_project(tmp_path / "project")
    (root / TINY / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    return root


@pytest.fixture
def editor(project: Path) -> Editor:
    return Editor(LiveProject(project), Journal(project))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all; no browser of another package's tests may run at the same time."""
    with Browser() as started:
        yield started


@dataclass(frozen=True)
class Client:
    """Asks a server as a browser would: with its cookie, and from its own page."""

    server: PageServer

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, Any]:
        """The status, the bytes and the headers of an answer; a header that is "" is left out."""
        port = self.server.server_port
        given = {
            "Host": f"127.0.0.1:{port}",
            "Cookie": f"formulary-{port}={self.server.key}",
            **({"Origin": f"http://127.0.0.1:{port}"} if method == "POST" else {}),
            **({"Content-Type": "application/json"} if method == "POST" else {}),
            **headers,
        }
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in given.items():
            if value:
                connection.putheader(name, value)
        if body is not None and "Content-Length" not in given:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        found = answer.status, answer.read(), answer.headers
        connection.close()
        return found

    def get(self, path: str) -> str:
        status, data, _ = self.ask("GET", path)
        assert status == 200, data
        return data.decode()

    def post(self, action: str, **data: Any) -> tuple[int, Any]:
        body = json.dumps({"organisation": "tiny", **data}).encode()
        status, answer, _ = self.ask("POST", f"/-/{action}", body)
        return status, json.loads(answer) if answer[:1] == b"{" else answer.decode()


@pytest.fixture
def client(editor: Editor) -> Iterator[Client]:
    with serving(editor) as found:
        yield found


@contextmanager
def serving(editor: Editor | None, live: LiveProject | None = None) -> Iterator[Client]:
    """A server of the project of an editor, or of one without, for as long as the block lasts."""
    live = editor.live if editor else live
    assert live
    day = datetime.date(2026, 11, 2)
    with PageServer(live, 0, editor, today=lambda: day) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Client(server)
        server.shutdown()
        thread.join()
