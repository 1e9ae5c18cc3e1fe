"""The send command: drafts, mail merge and zips of packs; and mails through a real server, once."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from formulary.cli import main
from formulary.mail_file import is_address
from tests.edits import ORGANISATION
from tests.helpers import ROOT, replace_once, send_to_all, tiny_project

HEAD = "Id,Name,Job,Staff group,School,Reviewer,Email\n"
PEOPLE = (
    "1,Vera Boss,Head,Teachers,North School,The Governors,vera@school.example\n"
    "2,Ann Lee,Teacher,Teachers,North School,1,ann@school.example\n"
    "3,Ann Lee,Teacher,Teachers,Weir School,1,ann.lee@school.example\n"
    "4,Zoë O’Neil,Teacher,Teachers,North School,2,zoe.school.example\n"
    "5,=cmd(),Teacher,Teachers,North School,2,\n"
    "6,Cy Elm,Teacher,Teachers,North School,4,cy@school.example\n"
)
MANY = "".join(
    f"{n},Person {n},Teacher,Teachers,,{n % 7 + 100},p{n}@school.example\n" for n in range(100, 114)
)


def make_project(folder: Path) -> Path:
    """The tests' own project, with the product's mails."""
    root = send_to_all(tiny_project(folder), "pm-form", "cpd-needs")
    offer = "  - form: pm-form\n"
    replace_once(root / ORGANISATION, offer, f"{offer}    due: pay-decision\n")
    shutil.copy(ROOT / "content" / "library" / "mails.yaml", root / "content" / "library")
    return root


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"))


def make_packs(project: Path, folder: Path, rows: str = PEOPLE) -> Path:
    """The packs of a list, of one form in Word, in a folder of their own."""
    (folder / "staff.csv").write_text(HEAD + rows, "utf-8")
    words = ["packs", str(folder / "staff.csv"), "--org", "tiny", "--out", str(folder / "packs")]
    options = ["--form", "pm-form", "--form", "cpd-needs", "--format", "word", "--jobs", "1"]
    assert main([*words, *options], project) == 0
    return folder / "packs"


@pytest.fixture(scope="module")
def packs(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_packs(project, tmp_path_factory.mktemp("packs"))


@pytest.fixture
def send(project: Path, packs: Path, tmp_path: Path) -> Callable[..., int]:
    def run(*options: str, folder: Path | None = None) -> int:
        words = ["send", str(folder or packs), "--org", "tiny", "--out", str(tmp_path / "mails")]
        return main([*words, *options], project)

    return run


def drafts(folder: Path) -> dict[str, EmailMessage]:
    """Every draft by its name, as Python's own mail parser reads it."""
    found = {}
    for path in sorted((folder / "drafts").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        assert not message.defects
        found[path.stem] = message
    return found


def attachments(message: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def manifest(packs: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((packs / "manifest.json").read_text("utf-8"))["files"]
    return found


# drafts


def test_each_reviewer_has_a_draft_with_the_forms_of_their_people(
    send: Callable[..., int], packs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send() == 0
    found = drafts(tmp_path / "mails")
    assert set(found) == {"The Governors", "Vera Boss (1)", "Ann Lee (2)", "Zoë O’Neil (4)"}
    mail = found["Vera Boss (1)"]
    assert str(mail["To"]) == "Vera Boss <vera@school.example>"
    assert mail["X-Unsent"] == "1"
    assert "Date" not in mail
    assert "Message-ID" not in mail
    files = attachments(mail)
    assert len(files) == 4
    by_name = {Path(entry["file"]).name: entry["file"] for entry in manifest(packs)}
    assert all((packs / by_name[name]).read_bytes() == data for name, data in files.items())
    text = text_of(mail)
    assert text.startswith("Dear Vera Boss,\n")
    assert text.count("- Ann Lee\n") == 2, "two people of one name"
    assert "Review form, due by 31 October 2027" in text
    assert "{{" not in text
    assert "](" not in text
    assert "Ann" not in str(mail["Subject"]), "a subject is seen by those who look over a shoulder"
    for other in ("The Governors", "Zoë O’Neil (4)"):
        assert found[other]["To"] is None
    said = capsys.readouterr()
    assert "The Governors: no email is known" in said.out
    assert "Zoë O’Neil (4): “zoe.school.example” is not an address" in said.out
    assert not re.search("Ann|Vera|Zoë", said.err), "the log of the run names nobody"


def test_each_person_can_have_a_draft_of_their_own(
    send: Callable[..., int], tmp_path: Path
) -> None:
    assert send("--to", "person") == 0
    found = drafts(tmp_path / "mails")
    assert len(found) == 6
    assert {len(attachments(mail)) for mail in found.values()} == {2}
    assert str(found["Ann Lee (3)"]["To"]) == "Ann Lee <ann.lee@school.example>"
    assert "your forms" in str(found["Ann Lee (3)"]["Subject"])


def test_the_same_packs_give_the_same_drafts(
    send: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send("--zip", "school") == 0
    before = {path: path.read_bytes() for path in (tmp_path / "mails").glob("[dmz]*/*")}
    capsys.readouterr()
    assert send("--zip", "school") == 0
    assert "7 files left as before" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in before} == before
    typed = tmp_path / "mails" / "drafts" / "Vera Boss (1).eml"
    typed.write_bytes(b"changed by HR")
    assert send("--to", "person") == 0
    said = capsys.readouterr().out
    assert "1 file kept" in said
    assert typed.read_bytes() == b"changed by HR", "somebody's own draft is never taken away"


def test_the_list_for_a_mail_merge_has_every_cell_in_quotation_marks(
    send: Callable[..., int], tmp_path: Path
) -> None:
    assert send("--to", "person") == 0
    data = (tmp_path / "mails" / "mailing.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "Excel reads the letters right"
    text = data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    again = io.StringIO()
    csv.writer(again, quoting=csv.QUOTE_ALL).writerows(rows)
    assert again.getvalue() == text
    assert all(re.fullmatch("[A-Z][a-z]+", heading) for heading in rows[0])
    by_id = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert by_id["5"]["Name"] == "'=cmd()", "no spreadsheet runs it"
    assert by_id["2"]["Email"] == "ann@school.example"
    assert by_id["4"]["Email"] == ""
    assert (tmp_path / "mails" / by_id["2"]["Draft"]).is_file()


@pytest.mark.parametrize(("group", "names"), [("school", 2), ("reviewer", 4), ("person", 6)])
def test_zips_for_a_share_hold_every_file_once(
    send: Callable[..., int], packs: Path, tmp_path: Path, group: str, names: int
) -> None:
    assert send("--zip", group) == 0
    found: Counter[str] = Counter()
    paths = list((tmp_path / "mails" / "zips").glob("*.zip"))
    assert len(paths) == names
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                assert archive.read(name) == (packs / name).read_bytes()
            found.update(archive.namelist())
    assert found == Counter(entry["file"] for entry in manifest(packs))


def test_an_organisations_own_words_come_first_and_are_checked(
    project: Path, packs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_project(tmp_path / "project")
    own = root / "content" / "organisations" / "tiny" / "mails.yaml"
    mail = "packs-for-person:\n  subject: Hello\n  text: |-\n    {}\n"
    own.write_text(mail.format("Hi {{ mail.name }}, ask {{ mail.nobody }}"), "utf-8")
    assert main(["check"], root) == 1
    assert "mails.yaml:4:" in capsys.readouterr().out
    own.write_text(mail.format("Hi {{ mail.name }}: {{ edition }}, {{ form('pm-form') }}"), "utf-8")
    assert main(["check"], root) == 0
    words = ["send", str(packs), "--org", "tiny", "--out", str(tmp_path / "mails")]
    assert main([*words, "--to", "person"], root) == 0
    text = text_of(drafts(tmp_path / "mails")["Cy Elm (6)"])
    assert text == "Hi Cy Elm: 2026-27, Review form\n"
    assert main(words, root) == 0, "a mail that is left out is the library's"
    assert "Dear Vera Boss," in text_of(drafts(tmp_path / "mails")["Vera Boss (1)"])


def test_a_name_is_never_a_template(project: Path, tmp_path: Path) -> None:
    rows = "1,{{ 7 * 7 }} [a](form:x),Head,Teachers,,Board,a@b.example\n"
    folder = make_packs(project, tmp_path, rows)
    words = ["send", str(folder), "--org", "tiny", "--out", str(tmp_path / "mails")]
    assert main([*words, "--to", "person"], project) == 0
    (mail,) = drafts(tmp_path / "mails").values()
    assert "Dear {{ 7 * 7 }} [a](form:x)," in text_of(mail)


def test_a_mail_that_is_too_large_is_named_and_the_others_are_made(
    send: Callable[..., int],
    project: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = make_packs(project, tmp_path)
    big = next(entry for entry in manifest(folder) if entry["person"] == "2")
    (folder / big["file"]).write_bytes(b"x" * 1_000_000)
    assert send("--largest", "1", folder=folder) == 0
    said = capsys.readouterr().out
    assert re.search(r"Vera Boss \(1\): the email would have 1\.\d MB", said)
    assert "--format word or pdf, --to person, or --zip" in said
    assert "Vera Boss (1)" not in drafts(tmp_path / "mails")
    assert len(drafts(tmp_path / "mails")) == 3


def test_a_file_that_is_gone_and_a_folder_without_packs_are_named(
    send: Callable[..., int], project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_packs(project, tmp_path)
    lost = manifest(folder)[0]["file"]
    (folder / lost).unlink()
    assert send(folder=folder) == 0
    assert f"{lost}: the file is no longer there" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    assert send(folder=tmp_path / "empty") == 2
    assert "There is nothing to send" in capsys.readouterr().err
    assert send("--year", "2031") == 2, "packs of another year"
    said = capsys.readouterr().err
    assert "There is nothing to send" in said and "add --year 2026." in said


def test_reminders_are_drafts_too(
    send: Callable[..., int], project: Path, packs: Path, tmp_path: Path
) -> None:
    (tmp_path / "returns").mkdir()
    words = ["collect", str(tmp_path / "returns"), "--staff", str(packs.parent / "staff.csv")]
    out = tmp_path / "register"
    options = ["--org", "tiny", "--out", str(out), "--today", "2026-10-01", "--jobs", "1"]
    assert main([*words, *options], project) == 0
    assert send(folder=out) == 0
    found = drafts(tmp_path / "mails")
    assert str(found["Vera Boss (1)"]["To"]) == "Vera Boss <vera@school.example>"
    assert list(attachments(found["Vera Boss (1)"])) == ["Vera Boss (1).ics"]
    assert text_of(found["Vera Boss (1)"]).startswith("Dear Vera Boss,")
    assert "to finish" in str(found["Vera Boss (1)"]["Subject"])
    before = (tmp_path / "mails" / "drafts" / "Vera Boss (1).eml").read_bytes()
    assert send(folder=out / "reminders") == 0, "the folder itself does as well"
    assert (tmp_path / "mails" / "drafts" / "Vera Boss (1).eml").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("ann@school.example", True),
        ("ann.o'neil+x@school.example", True),
        ("ann@school", True),
        ("ann", False),
        ("@school.example", False),
        ("ann@", False),
        ("ann@@school.example", False),
        ("ann lee@school.example", False),
        ("ann@school.example, bo@school.example", False),
        ("ann@school.example\r\nBcc: all@school.example", False),
        ("<ann@school.example>", False),
        (".ann@school.example", False),
        ("a..n@school.example", False),
        ("zoë@school.example", False),
        ("", False),
    ],
)
def test_what_is_an_address(text: str, good: bool) -> None:
    assert is_address(text) == good


# through a server


class Server:
    """Keeps what it is sent; `at` names a moment at which `then` is done once, before an answer."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.logins: list[str] = []
        self.at: tuple[str, int] = ("", 0)
        self.then: Callable[[], str | None] = lambda: None
        self.counts: Counter[str] = Counter()

    def moment(self, name: str) -> str | None:
        self.counts[name] += 1
        if (name, self.counts[name]) == self.at:
            return self.then()
        return None

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.moment("MAIL") or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if said := self.moment("RCPT"):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if said := self.moment("BEFORE"):
            return said
        (to,) = envelope.rcpt_tos
        assert isinstance(envelope.content, bytes)
        self.mails.append((to, envelope.content))
        return self.moment("DATA") or "250 OK"

    def log_in(
        self, server: SMTP, session: Session, envelope: Envelope, kind: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)

    def counted(self) -> Counter[str]:
        return Counter(to for to, _ in self.mails)


@pytest.fixture
def server() -> Iterator[tuple[Server, str]]:
    """A plain server on this computer, and its address."""
    handler = Server()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, f"127.0.0.1:{port}"
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


SENDING = ("--tls", "none", "--from", "hr@school.example", "--per-minute", "6000")


def test_mails_go_out_once_with_a_date_and_an_id(
    send: Callable[..., int],
    server: tuple[Server, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler, address = server
    assert send("--smtp", address, *SENDING, "--to", "person", "--dry-run") == 0
    assert "4 emails with 8 files would go" in capsys.readouterr().out
    assert not handler.mails
    assert send("--smtp", address, *SENDING, "--to", "person") == 0
    said = capsys.readouterr()
    assert "4 sent." in said.out
    assert not re.search("Ann|Vera|Zoë|@", said.err)
    assert set(handler.counted().values()) == {1}
    assert len(handler.mails) == 4
    messages = [message_from_bytes(data, policy=policy.default) for _, data in handler.mails]
    assert len({str(message["Message-ID"]) for message in messages}) == 4
    for message in messages:
        assert isinstance(message, EmailMessage)
        assert message["From"] == "hr@school.example"
        assert message["Date"].datetime is not None
        assert "X-Unsent" not in message
        assert len(attachments(message)) == 2
    assert send("--smtp", address, *SENDING, "--to", "person") == 0
    assert "0 sent; 4 had gone before." in capsys.readouterr().out
    assert len(handler.mails) == 4


def test_what_is_new_since_goes_out_and_nothing_else(
    send: Callable[..., int], server: tuple[Server, str], project: Path, tmp_path: Path
) -> None:
    handler, address = server
    folder = make_packs(project, tmp_path)
    assert send("--smtp", address, *SENDING, folder=folder) == 0
    assert handler.counted() == {"vera@school.example": 1, "ann@school.example": 1}
    make_packs(project, tmp_path, PEOPLE + "7,Di Fir,Teacher,Teachers,,1,di@school.example\n")
    assert send("--smtp", address, *SENDING, folder=folder) == 0
    assert handler.counted() == {"vera@school.example": 2, "ann@school.example": 1}
    message = message_from_bytes(handler.mails[-1][1], policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert all("Di Fir" in name for name in attachments(message))
    assert "Ann Lee" not in text_of(message)


KILLED = (
    ("MAIL", 3, 0),
    ("RCPT", 1, 0),
    ("RCPT", 5, 0),
    ("DATA", 1, 1),
    ("DATA", 4, 1),
    ("BEFORE", 6, 1),
)
"""The moment at which the run is killed, and how many mails are then in doubt."""


@pytest.mark.parametrize(("moment", "number", "doubt"), KILLED)
@pytest.mark.skipif(not hasattr(os, "kill"), reason="kills a process")
def test_killed_in_the_middle_and_run_again_every_mail_arrives_once(
    project: Path,
    server: tuple[Server, str],
    tmp_path: Path,
    moment: str,
    number: int,
    doubt: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler, address = server
    folder = make_packs(project, tmp_path, MANY)
    words = ["send", str(folder), "--org", "tiny", "--out", str(tmp_path / "mails")]
    command = [*words, "--smtp", address, *SENDING]
    script = "import sys; from pathlib import Path; from formulary.cli import main; "
    script += "sys.exit(main(sys.argv[2:], Path(sys.argv[1])))"
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(project), *command], cwd=ROOT, stderr=subprocess.PIPE
    )

    def kill() -> str | None:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        return "451 not kept" if moment == "BEFORE" else None

    handler.at, handler.then = (moment, number), kill
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    capsys.readouterr()
    assert main(command, project) == (1 if doubt else 0)
    wanted = {f"p{n}@school.example" for n in range(100, 107)}
    said = capsys.readouterr().out
    if doubt:
        (id,) = re.findall(r"\((\d+)\)$", said, re.M)
        assert "May have arrived or not" in said
        lost = wanted - set(handler.counted())
        assert len(lost) == (moment == "BEFORE"), "what the server has not kept is named"
        assert main([*command, "--again", id], project) == 0
        assert set(handler.counted()) == wanted
        assert sum(handler.counted().values()) == 7 + (moment == "DATA"), "asked for once more"
    else:
        assert handler.counted() == dict.fromkeys(wanted, 1)
    assert main(command, project) == 0
    assert "0 sent; 7 had gone before." in capsys.readouterr().out


def test_a_recipient_refused_by_the_server_keeps_nobody_else(
    send: Callable[..., int], server: tuple[Server, str], capsys: pytest.CaptureFixture[str]
) -> None:
    handler, address = server
    handler.at, handler.then = ("RCPT", 2), lambda: "550 no such mailbox"
    assert send("--smtp", address, *SENDING, "--to", "person") == 1
    said = capsys.readouterr().out
    assert "550 no such mailbox" in said
    assert len(handler.mails) == 3
    assert send("--smtp", address, *SENDING, "--to", "person") == 0
    assert set(handler.counted().values()) == {1}
    assert len(handler.mails) == 4


def test_a_mail_refused_after_its_text_may_go_again(
    send: Callable[..., int], server: tuple[Server, str], capsys: pytest.CaptureFixture[str]
) -> None:
    handler, address = server
    handler.at, handler.then = ("BEFORE", 1), lambda: "452 mailbox full"
    assert send("--smtp", address, *SENDING, "--to", "person") == 1
    assert "452 mailbox full" in capsys.readouterr().out
    assert send("--smtp", address, *SENDING, "--to", "person") == 0
    assert handler.counted() == dict.fromkeys(handler.counted(), 1)
    assert len(handler.mails) == 4


def test_a_password_goes_over_an_encrypted_connection_to_a_server_that_is_known(
    send: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    handler, port = Server(), free_port()
    controller = Controller(
        handler,
        hostname="localhost",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=handler.log_in,
        auth_required=True,
    )
    controller.start()
    address = f"localhost:{port}"
    options = ("--smtp", address, "--from", "hr@school.example", "--user", "hr", "--to", "person")
    try:
        monkeypatch.setenv("FORMULARY_SMTP_PASSWORD", "right")
        assert send(*options) == 3
        assert "The certificate of localhost is not valid" in capsys.readouterr().err
        assert not handler.logins
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        monkeypatch.setenv("FORMULARY_SMTP_PASSWORD", "wrong")
        assert send(*options) == 3
        assert "does not take this name and password" in capsys.readouterr().err
        monkeypatch.setenv("FORMULARY_SMTP_PASSWORD", "right")
        assert send(*options, "--per-minute", "6000") == 0
        assert len(handler.mails) == 4
        monkeypatch.delenv("FORMULARY_SMTP_PASSWORD")
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        (tmp_path / "mails" / ".formulary" / "sent.jsonl").unlink()
        assert send(*options) == 2
        assert "No password for hr." in capsys.readouterr().err
        monkeypatch.setitem(sys.modules, "keyring", None)
        assert send(*options) == 2
        assert "pip install 'formulary-papers[keyring]'" in capsys.readouterr().err
    finally:
        controller.stop()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--smtp", "mail.example"), 2, "write a server and its port"),
        (("--smtp", "mail.example:25", "--tls", "none"), 2, "not sent unencrypted"),
        (("--smtp", "127.0.0.1:9", "--tls", "none", "--from", "a@b.example"), 3, "No mail server"),
        (("--smtp", "127.0.0.1:9", "--tls", "none", "--from", "nobody"), 2, "--from hr@"),
        (("--per-minute", "0"), 2, "is not a number of emails"),
        (("--largest", "x"), 2, "is not a number of megabytes"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    send: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert send(*options) == code
    assert said in capsys.readouterr().err


def test_a_server_that_offers_no_encryption_gets_nothing(
    send: Callable[..., int], server: tuple[Server, str], capsys: pytest.CaptureFixture[str]
) -> None:
    handler, address = server
    assert send("--smtp", address, "--from", "hr@school.example") == 3
    assert "offers no encryption" in capsys.readouterr().err
    assert not handler.mails
