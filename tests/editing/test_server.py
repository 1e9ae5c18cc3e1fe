"""Who may ask the server, and what it answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formulary.editing.live import LiveProject
from formulary.editing.server import LARGEST, PageServer
from formulary.problems import OutputError
from tests.editing.conftest import TINY, Client, serving

QUESTIONS = (TINY / "questions.yaml").as_posix()
CHANGE = {
    "kind": "set",
    "spot": f"{QUESTIONS}:questions/=away/asks",
    "old": "What if I was away?",
    "value": "Away?",
}
BODY = json.dumps({"organisation": "tiny", "operations": [CHANGE], "label": "Changed"}).encode()


REFUSED: tuple[tuple[dict[str, str], int], ...] = (
    ({"Host": "evil.example"}, 421),
    ({"Host": ""}, 421),
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": ""}, 403),
    ({"Cookie": ""}, 403),
    ({"Cookie": "formulary=x"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({"Content-Length": str(LARGEST + 1)}, 413),
    ({"Content-Length": "many"}, 413),
)
PRIVATE = ("/", "/tiny/index.html", "/-/state?organisation=tiny", "/-/editor.js", "/?key=wrong")
ELSEWHERE = (
    "../outside.yaml:x",
    "/etc/passwd:x",
    "mkdocs.yml:site_name",
    "content/organisations/tiny/../../../mkdocs.yml:site_name",
    f"{QUESTIONS}:",
    "nothing",
    3,
)
OUT = ("/tiny/../../etc/passwd", "/tiny/%2e%2e/%2e%2e/mkdocs.yml", "/-/../server.py", "/x/")


def test_nobody_else_can_write_or_read(client: Client, project: Path) -> None:
    before = (project / QUESTIONS).read_bytes()
    for headers, status in REFUSED:
        assert client.ask("POST", "/-/save", BODY, **headers)[0] == status, headers
    for path in PRIVATE:
        assert client.ask("GET", path, Cookie="")[0] == 403, path
        assert client.ask("GET", path, Host="evil.example")[0] == 421, path
    assert (project / QUESTIONS).read_bytes() == before


def test_only_content_of_the_project_can_be_changed_and_no_path_leads_out(
    client: Client, project: Path
) -> None:
    before = {path: path.read_bytes() for path in project.glob("*.yml")}
    for spot in ELSEWHERE:
        status, _ = client.post("save", operations=[{**CHANGE, "spot": spot}])
        assert status in (400, 404, 409, 422), spot
    assert {path: path.read_bytes() for path in project.glob("*.yml")} == before
    for path in OUT:
        assert client.ask("GET", path)[0] == 404, path


def test_a_link_out_of_the_project_is_not_followed(client: Client, project: Path) -> None:
    outside = project.parent / "outside.yaml"
    outside.write_bytes((project / QUESTIONS).read_bytes())
    (project / QUESTIONS).unlink()
    (project / QUESTIONS).symlink_to(outside)
    before = outside.read_bytes()
    status, _ = client.post("save", operations=[CHANGE])
    assert status != 200 and outside.read_bytes() == before


def test_a_page_names_no_key_and_may_not_be_framed(client: Client) -> None:
    status, page, headers = client.ask("GET", "/tiny/questions.html")
    assert status == 200 and client.server.key.encode() not in page
    assert headers["X-Frame-Options"] == "DENY" and headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_the_first_address_lets_one_browser_in(client: Client) -> None:
    path = client.server.opening.removeprefix(client.server.url.removesuffix("/"))
    status, _, headers = client.ask("GET", path, Cookie="")
    cookie = headers["Set-Cookie"]
    assert status == 200 and "HttpOnly" in cookie and "SameSite=Strict" in cookie


def test_a_save_is_on_the_next_page_and_the_state_says_so(client: Client) -> None:
    before = json.loads(client.get("/-/state?organisation=tiny"))["number"]
    assert client.post("save", operations=[CHANGE], label="Changed")[0] == 200
    assert "Away?" in client.get("/tiny/questions.html")
    assert json.loads(client.get("/-/state?organisation=tiny"))["number"] > before
    status, now = client.post("save", operations=[CHANGE], label="Changed")
    assert status == 409 and now["now"] == "Away?"


def test_the_check_answers_at_the_field_while_one_types(client: Client) -> None:
    spot = f"{(TINY / 'cycle.yaml').as_posix()}:cycles/=teachers/events/=pay-decision/when"
    asked = {"kind": "set", "spot": spot, "old": "by 31 October after the cycle", "value": "soon"}
    status, answer = client.post("check", operations=[asked], spot=spot.rsplit("/", 1)[0])
    assert status == 200
    assert [error["spot"] for error in answer["errors"]] == [spot]


def test_word_and_pdf_are_made_when_they_are_asked_for(client: Client) -> None:
    page = client.get("/tiny/forms/cpd-needs.html")
    assert "cpd-needs-2026-27.docx" in page
    assert client.ask("GET", "/tiny/downloads/cpd-needs-2026-27.docx")[1][:2] == b"PK"
    assert client.ask("GET", "/tiny/downloads/cpd-needs.pdf")[1][:4] == b"%PDF"


def test_without_an_editor_the_pages_are_as_staff_see_them(project: Path) -> None:
    with serving(None, LiveProject(project, organisations=["tiny"])) as client:
        page = client.get("/tiny/questions.html")
        assert "data-edit" not in page and "editor.js" not in page and "watch.js" in page
        for path in ("/-/editor.js", "/-/history", "/-/year", "/-/published/index.html"):
            status = client.ask("GET", path)[0]
            assert status == (200 if path == "/-/editor.js" else 404), path
        assert client.ask("POST", "/-/save", BODY)[0] == 403
        assert client.ask("GET", "/tiny/questions.html", Cookie="")[0] == 403
        # what a form is filled in with in the browser, and what the search reads
        assert "assets/fill/fill.js" in client.get("/tiny/fill/cpd-needs.html")
        assert client.get("/tiny/fill/cpd-needs.pdf.js") and client.get("/assets/fill/fill.css")
        assert "tiny/questions.html" in client.get("/search/site.js")
        assert client.ask("GET", "/tiny/downloads/cpd-needs-2026-27.png")[1][:4] == b"\x89PNG"


def test_a_project_s_own_theme_is_read_again(client: Client, project: Path) -> None:
    (project / "theme" / "partials").mkdir(parents=True)
    footer = project / "theme" / "partials" / "footer.html"
    footer.write_text("<p>Own foot</p>", encoding="utf-8")
    assert "Own foot" in client.get("/tiny/questions.html")
    footer.write_text("<p>Another foot</p>", encoding="utf-8")
    assert "Another foot" in client.get("/tiny/questions.html")


def test_files_that_cannot_be_read_are_named_and_the_last_pages_stay(
    client: Client, project: Path
) -> None:
    assert "was away" in client.get("/tiny/questions.html")
    (project / TINY / "cycle.yaml").write_text("cycles: [", encoding="utf-8")
    state = json.loads(client.get("/-/state?organisation=tiny"))
    assert state["errors"] and "was away" in client.get("/tiny/questions.html")


def test_a_port_that_is_taken_is_said(client: Client) -> None:
    with pytest.raises(OutputError, match="another port"):
        PageServer(LiveProject(client.server.live.root), client.server.server_port)
