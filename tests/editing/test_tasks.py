"""The pages of the year: what each says before, what it does, and what it says after."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from formulary.editing.editor import Editor
from formulary.editing.journal import Journal
from formulary.editing.live import LiveProject
from formulary.editing.tasks.job import Work
from formulary.editing.tasks.pages import LARGEST_FORM, Desk
from formulary.editing.tasks.parts import TaskPage
from formulary.editing.tasks.sent import SentForm, read_sent_form
from formulary.pipeline.progress import Progress
from tests.editing.conftest import TINY, Client, serving
from tests.helpers import files_of, replace_once
from tests.imports.documents import cell, docx, p, table

BOUNDARY = "----formulary"
KIND = f"multipart/form-data; boundary={BOUNDARY}"
Files = dict[str, tuple[str, bytes]]


def as_form(values: dict[str, str], files: Files | None = None) -> bytes:
    """A form as a browser sends it (RFC 7578)."""
    body = b""
    for name, value in values.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        body += f"{head}{value}\r\n".encode()
    for name, (file, data) in (files or {}).items():
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        )
        body += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


def page_of(client: Client, task: str = "", organisation: str = "tiny") -> str:
    path = f"/{task}" if task else ""
    return html.unescape(client.get(f"/-/year{path}?organisation={organisation}"))


def do(client: Client, task: str, values: dict[str, str], files: Files | None = None) -> str:
    """Send the form of a task; gives the page that says what came of it."""
    path = f"/-/year/{task}?organisation=tiny"
    status, data, headers = client.ask(
        "POST", path, as_form(values, files), **{"Content-Type": KIND}
    )
    if status == 200:
        return html.unescape(data.decode())
    assert status == 303
    page = client.get(headers["Location"])
    while "data-work" in page:
        page = client.get(headers["Location"])
    return html.unescape(page)


def words_of(page: str) -> str:
    """The words of a page's main part."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("policy.docx", "policy.docx"),
        ("Größe “neu”.docx", "Größe “neu”.docx"),
        ("C:\\\\HR\\\\policy.docx", "policy.docx"),
        ("../../policy.docx", "policy.docx"),
        ("..", "file"),
    ],
)
def test_what_a_form_sends_is_read_byte_for_byte(name: str, shown: str) -> None:
    data = bytes(range(256)) + b"\r\n--" + BOUNDARY.encode()[:-1] + b"\r\r\n\n\r\n"
    sent = read_sent_form(KIND, as_form({"name": "Oak\r\nä"}, {"policy": (name, data)}))
    assert sent.value("name") == "Oak\r\nä"
    assert [(one.name, one.data) for one in sent.files["policy"]] == [(shown, data)]


def test_a_form_without_a_file_or_an_end(client: Client) -> None:
    assert not read_sent_form(KIND, as_form({}, {"policy": ("", b"")})).files
    for kind, body in ((KIND, as_form({"a": "b"})[:-8]), (KIND, b""), ("multipart/form-data", b"")):
        with pytest.raises(ValueError):
            read_sent_form(kind, body)


def test_nobody_else_can_set_a_task_off(client: Client, project: Path) -> None:
    before = files_of(project / "content")
    body = as_form({"year": "2027"})
    refused: tuple[tuple[dict[str, str], int], ...] = (
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Cookie": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "multipart/form-data"}, 400),
        ({"Content-Length": str(LARGEST_FORM + 1)}, 413),
    )
    for headers, status in refused:
        sent = {"Content-Type": KIND, **headers}
        answer = client.ask("POST", "/-/year/next-year?organisation=tiny", body, **sent)
        assert answer[0] == status, headers
    for path in ("/-/year", "/-/year/publish?organisation=tiny", "/-/published/index.html"):
        assert client.ask("GET", path, Cookie="")[0] == 403, path
    for path in ("/-/year/nothing", "/-/published/../mkdocs.yml", "/-/year/report?organisation=.."):
        assert client.ask("GET", path)[0] == 404, path
    assert client.ask("POST", "/-/year/nothing", body, **{"Content-Type": KIND})[0] == 404
    assert files_of(project / "content") == before


def test_next_year_shows_the_dates_then_writes_them_and_can_be_undone(
    client: Client, project: Path
) -> None:
    before = files_of(project / "content")
    page = words_of(page_of(client, "next-year"))
    assert "by 31 October 2027 by 31 October 2028" in page and "Begin 2027-28" in page
    assert files_of(project / "content") == before
    wrong = words_of(do(client, "next-year", {"year": "2029"}))
    assert "so the year that begins is 2027" in wrong and files_of(project / "content") == before
    done = words_of(do(client, "next-year", {"year": "2027"}))
    assert "The handbook is now of 2027-28." in done
    assert "year: 2027" in (project / TINY / "organisation.yaml").read_text("utf-8")
    assert (project / TINY / "last-edition.json").is_file()
    assert "2027-28" in client.get("/index.html")
    again = words_of(do(client, "next-year", {"year": "2027"}))
    assert "is of 2027-28 already" in again and "--" not in again
    assert client.post("undo")[0] == 200
    assert files_of(project / "content") == before


def test_keeping_an_edition_asks_for_a_name(client: Client, project: Path) -> None:
    page = do(client, "keep-edition", {"name": " "})
    assert "There is a problem" in page and 'href="#ft-name"' in page
    assert not (project / TINY / "last-edition.json").exists()
    done = words_of(do(client, "keep-edition", {"name": "2026-27, as approved"}))
    assert "Kept as “2026-27, as approved”" in done
    assert "Until now the handbook has compared itself with “2026-27, as approved”" in words_of(
        page_of(client, "keep-edition")
    )


def test_errors_keep_the_handbook_from_being_published_and_lead_to_their_page(
    client: Client, project: Path
) -> None:
    assert "Publish" in page_of(client, "publish")
    replace_once(project / TINY / "questions.yaml", "clauses: [short-contracts]", "clauses: [gone]")
    page = page_of(client, "publish")
    assert "cannot be published before these places are correct" in page
    assert '<button type="submit"' not in page
    found = re.search(r'href="(/tiny/questions\.html)#edit=([^"]+)"', page)
    assert found and "%3Djoined" in found[2]
    # the page as it was before, and for who opens it only now, what is wrong
    assert "was away" in client.get(found[1])
    client.server.live._seen.clear()
    assert "This page cannot be shown yet" in client.get(found[1])
    done = words_of(do(client, "publish", {}))
    assert "was not published" in done and "gone" in done and not (project / "site").exists()


def test_one_thing_is_done_at_a_time_and_publishing_can_be_stopped(client: Client) -> None:
    tasks = client.server.tasks
    assert tasks
    begun, goes_on = Event(), Event()

    class Slow:
        id, title, about = "slow", "Slow", "Waits."
        can_stop, is_private, needs_handbook = True, False, True

        def show(self, desk: Desk) -> TaskPage:
            return TaskPage()

        def begin(self, desk: Desk, sent: SentForm) -> Work:
            return self.wait

        def wait(self, progress: Progress) -> TaskPage:
            progress.stage("Check", 4)
            progress.step("one")
            begun.set()
            goes_on.wait(30)
            progress.step("two")
            return TaskPage()

    tasks.tasks["slow"] = Slow()
    headers = {"Content-Type": KIND}
    assert client.ask("POST", "/-/year/slow?organisation=tiny", as_form({}), **headers)[0] == 303
    assert begun.wait(30)
    now = json.loads(client.get("/-/year/progress"))
    assert now == {"finished": False, "stage": "Checking the words", "done": 1, "steps": 4}
    # another task is not begun meanwhile, and every page says that something is being done
    client.ask("POST", "/-/year/next-year?organisation=tiny", as_form({"year": "2027"}), **headers)
    assert "at this moment" in page_of(client)
    assert client.ask("POST", "/-/year/stop?organisation=tiny", as_form({}), **headers)[0] == 303
    goes_on.set()
    assert "It was stopped" in client.get("/-/year/work?organisation=tiny")
    assert "2026-27" in client.get("/index.html")


def test_a_new_organisation_says_all_that_is_wrong_at_once(tmp_path: Path) -> None:
    """In a folder in which nothing is, as somebody has it who starts."""
    with serving(Editor(LiveProject(tmp_path), Journal(tmp_path))) as client:
        assert client.ask("GET", "/index.html")[2]["Location"] == "/-/year"
        assert "Add an organisation" in page_of(client, organisation="")
        assert "Publish" not in words_of(page_of(client, organisation=""))
        _add_organisations(client)


def _add_organisations(client: Client) -> None:
    page = do(
        client, "new", {"name": "", "year": "next", "groups": "Staff: 31 Foo", "ratings": "One"}
    )
    for name in ("name", "year", "groups", "ratings"):
        assert f'href="#ft-{name}"' in page, name
    assert 'value="Staff: 31 Foo"' in page
    done = do(client, "new", {"name": "Oak Trust", "year": "2026", "pay": "yes", "groups": ""})
    assert "Oak Trust has a handbook now" in done and 'href="/index.html"' in done
    assert "Oak Trust" in client.get("/index.html") and client.get("/oak-trust/year.html")
    taken = do(client, "new", {"name": "Oak Trust", "year": "2026"})
    assert "There is an organisation “oak-trust” already" in taken
    other = do(client, "new", {"name": "Elm", "id": "elm", "year": "2026", "numbering": "none"})
    assert 'href="/elm/index.html"' in other
    start = client.get("/index.html")
    assert 'href="oak-trust/index.html"' in start and 'href="/-/year"' in start
    for needed in re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', start):
        assert client.ask("GET", needed)[0] == 200, needed
    assert "Elm handbook" in page_of(client, "publish", "elm")
    # each has its own home, colours and menu, where the built site has them
    home = client.get("/elm/index.html")
    assert 'href="../assets/colours-elm.css"' in home and client.get("/assets/colours-elm.css")
    assert 'href="year.html"' in home and "Elm" in client.get("/elm/year.html")


def test_a_word_policy_is_imported_and_its_report_runs_nothing(
    client: Client, project: Path
) -> None:
    policy = docx(
        p("Appraisal policy", style="Title"),
        p("Purpose", style="NumberedHeading"),
        p("This policy is about <b>appraisal</b> for all staff.", style="NumberedClause"),
        p("Reviews end by 31 October.", style="NumberedClause"),
    )
    values = {"name": "Elm School", "year": "2026", "kind": "School"}
    lacking = do(client, "import", values)
    assert 'href="#ft-policy"' in lacking
    other = words_of(do(client, "import", values, {"policy": ("policy.docx", b"%PDF-1.7 no")}))
    assert "policy.docx is a PDF" in other and not (project / TINY.parent / "elm-school").exists()
    done = do(client, "import", values, {"policy": ("policy.docx", policy)})
    assert "“Appraisal policy”: 1 section, 2 clauses" in done
    assert (project / TINY.parent / "elm-school" / "policy.yaml").is_file()
    status, report, headers = client.ask("GET", "/-/year/report?organisation=elm-school")
    assert status == 200 and b"Appraisal policy" in report
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_word_forms_are_added_to_a_handbook_and_can_be_undone(
    client: Client, project: Path
) -> None:
    before = files_of(project)
    assert "/-/year/forms?organisation=tiny" in page_of(client, "import")
    assert 'href="#ft-forms"' in do(client, "forms", {})
    policy = docx(p("Purpose", style="Heading1"), p("This policy is about appraisal."))
    refused = words_of(do(client, "forms", {}, {"forms": ("policy.docx", policy)}))
    assert "seems to be no form" in refused and "--" not in refused
    assert files_of(project) == before
    form = docx(
        p("Leave request", style="Title"),
        table([cell(p("Name")), cell(p(""))], [cell(p("First day of leave")), cell(p(""))]),
    )
    done = do(client, "forms", {}, {"forms": ("leave.docx", form)})
    assert "offers 1 form more now" in done and "“Leave request”: 2 questions" in done
    address = re.findall(r'href="(/tiny/forms/[^"]+)"', done)[0]
    assert "First day of leave" in client.get(address)
    status, report, _ = client.ask("GET", "/-/year/forms-report?organisation=tiny")
    assert status == 200 and b"leave.docx" in report
    assert client.post("undo")[0] == 200
    assert "leave" not in (project / TINY / "organisation.yaml").read_text(encoding="utf-8")
    assert client.ask("GET", address)[0] == 404


def test_an_edited_policy_is_taken_back_as_far_as_it_is_ticked(
    client: Client, project: Path
) -> None:
    before = files_of(project / "content")
    document = client.ask("GET", "/tiny/downloads/policy-2026-27.docx")[1]
    assert "Nothing was changed in Word." in do(
        client, "take-back", {}, {"policy": ("policy.docx", document)}
    )
    edited = reworded(
        document,
        ("With less than", "With hardly more than"),
        ("Everyone keeps to this procedure", "Everyone kindly keeps to this procedure"),
    )
    assert 'href="#ft-policy"' in do(client, "take-back", {})
    page = do(client, "take-back", {}, {"policy": ("policy.docx", edited)})
    assert "Changes in Word (2)" in page and "now: With hardly more than" in page
    assert page.count(" checked") == 2 and files_of(project / "content") == before
    number = re.findall(r'name="number" value="([^"]+)"', page)[0]
    names = re.findall(r'name="changes" value="([^"]+)"', page)
    wanted = next(name for name in names if "clause" in name)
    done = do(client, "take-back", {"number": number, "changes": names[0], "updates": "yes"})
    assert "1 change accepted from policy.docx" in done, wanted
    after = (project / TINY / "policy.yaml").read_text(encoding="utf-8")
    assert ("hardly more" in after) != ("kindly" in after) and "updates:" in after
    again = do(client, "take-back", {"number": "forged", "changes": names[0]})
    assert "Choose the file again" in again
    assert client.post("undo")[0] == 200 and files_of(project / "content") == before
    # a file that was made from words that are nowhere
    replace_once(project / TINY / "policy.yaml", "Everyone keeps", "Everyone here keeps")
    unknown = words_of(do(client, "take-back", {}, {"policy": ("policy.docx", edited)}))
    assert "no kept edition has its code" in unknown and "--" not in unknown


def reworded(document: bytes, *pairs: tuple[str, str]) -> bytes:
    """A Word document with other words, as if somebody had typed them."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode() if name == "word/document.xml" else ""
            for before, after in pairs if data else ():
                assert before in data, before
                data = data.replace(before, after)
            new.writestr(name, data or old.read(name))
    return made.getvalue()


LIST = """\
Id,Name,Group,Job title,Reviewer,Email
7001,Zebedee Quince,Teachers,Teacher,Ottoline Marchbanks,z.quince@example.org
7002,Ottoline Marchbanks,Teachers,Head of year,,o.m@example.org
7003,Xanthe Nobody,Wizards,Wizard,Ottoline Marchbanks,x@example.org
"""


def test_a_staff_list_is_shown_once_and_kept_nowhere(
    client: Client,
    project: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: Any,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    with (project / TINY / "organisation.yaml").open("a", encoding="utf-8") as file:
        file.write("\npacks:\n  forms: [cpd-needs]\n")
    assert 'href="#ft-list"' in do(client, "staff-list", {})
    page = words_of(do(client, "staff-list", {}, {"list": ("staff.csv", LIST.encode())}))
    assert "Zebedee" not in page or "Zebedee Quince" in page
    assert "Xanthe Nobody" in page and "Wizards" in page and "row 4" in page
    again = client.get(client.ask("GET", "/-/year/work?organisation=tiny")[2]["Location"])
    assert "Xanthe" not in again and "Choose" not in again
    assert client.server.tasks and "Xanthe" not in repr(client.server.tasks.bench.job)
    kept = files_of(tmp_path)
    assert not [name for name, data in kept.items() if b"Xanthe" in data or b"Marchbanks" in data]
    said = capfd.readouterr()
    assert "Xanthe" not in said.out + said.err
