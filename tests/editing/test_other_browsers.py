"""The editor in Firefox and in WebKit: a clause is changed from its pencil, and saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checkers.browsers import BROWSERS
from tests.editing.conftest import Client
from tests.editing.hand import read


@pytest.mark.parametrize("name", ["Firefox", "WebKit"])
def test_a_clause_is_edited_and_saved(
    name: str, client: Client, project: Path, tmp_path: Path
) -> None:
    with BROWSERS[name](tmp_path / "home") as phone:
        phone.go(client.server.opening)
        phone.wait("location.pathname === '/index.html'")
        phone.go(f"{client.server.url}tiny/policy/scope.html")
        phone.wait("document.querySelector('.fe-ready')")
        pencil = ".fe-pencil[aria-label^='Edit: Somebody in probation']"
        phone.ask("document.querySelector(arguments[0]).focus()", pencil)
        phone.press("Enter")
        phone.wait("document.activeElement.closest('.fe-words')")
        phone.ask("getSelection().selectAllChildren(document.activeElement)")
        phone.press("ArrowRight", *" Again.")
        phone.ask("document.querySelector('.fe-panel .fe-main').focus()")
        phone.press("Enter")
        phone.wait("/^Saved/.test((document.querySelector('.fe-state') || {}).textContent)")
        assert "Again." in phone.ask("return document.querySelector('article').innerText")
    said = "Somebody in probation is outside this procedure. Again."
    assert said in " ".join(read(project, "policy").split())
