"""The server behind the editor and `serve`: for the browser on this computer, and nobody else.

It is the standard library's: one person reads it, a page takes no time to hand over, and whatever
else could be installed would bring more than it saves. What it answers needs a key, which the
address that is opened first carries and a cookie keeps; so no other person who is logged in to the
computer, and no page of another site in the same browser, can read or write anything.
"""

from __future__ import annotations

import datetime
import gc
import html
import json
import secrets
import socket
import socketserver
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from formulary.editing.editor import Editor, RefusedError
from formulary.editing.live import LiveProject
from formulary.editing.operations import ConflictError, Operation, read_operation
from formulary.editing.papers import make_file, make_shared_file
from formulary.editing.places import Spot, number_blocks, read_spot
from formulary.editing.responses import Response, as_json, file_response, plain_text, redirect
from formulary.editing.tasks.all import all_tasks
from formulary.editing.tasks.pages import LARGEST_FORM, Answered, TaskPages
from formulary.editing.tasks.sent import read_sent_form
from formulary.editing.whole_site import WholeSite
from formulary.edition.wording import changed_passages
from formulary.problems import ContentError, OutputError, Problem, UsageError
from formulary.project import ORGANISATIONS

STATIC = Path(__file__).parent / "static"
OWN = "-"
"""The first step of the addresses that are the editor's own; no organisation's id begins so."""
COOKIE = "formulary"
LARGEST = 2_000_000
"""Bytes of a request. The longest policy has a tenth of it."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

SCRIPTS = tuple(
    f"{name}.js"
    for name in ("basics", "findings", "paste", "words", "controls", "lists", "preview", "editor")
)
"""The editor's scripts, in the order in which they build on one another."""
HELPERS = '<link rel="stylesheet" href="/-/editor.css">' + "".join(
    f'<script src="/-/{name}" defer></script>' for name in SCRIPTS
)

REPORTS = {"report": "import-report.html", "forms-report": "import-report-forms.html"}
"""The reports of imports, by their address below that of the year."""
YEAR_BAR = (
    '<nav class="fe-bar" aria-label="Editor">'
    '<a class="fe-barlink" href="/-/year">The year</a></nav>'
)
"""The editor's bar on a page that belongs to no organisation."""


class PageServer(ThreadingHTTPServer):
    """Serves one project at 127.0.0.1; without an `editor`, pages have no pencils."""

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it lets two servers share a port

    def __init__(
        self,
        live: LiveProject,
        port: int,
        editor: Editor | None = None,
        today: Callable[[], datetime.date] = datetime.date.today,
        *,
        alone: bool = False,
    ) -> None:
        """`alone` says that the process does nothing but serve."""
        self.alone = alone
        self.live = live
        self.editor = editor
        self.today = today
        self.site = WholeSite(live)
        self.tasks = TaskPages(editor, all_tasks(), today) if editor else None
        self.key = secrets.token_urlsafe(32)
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise OutputError(
                f"The handbook cannot be served at 127.0.0.1:{port}: {error.strerror}. "
                "Choose another port with --port."
            ) from error

    def server_bind(self) -> None:
        """Bind without asking the network for the computer's name, which can take half a minute."""
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def url(self) -> str:
        """The address of the first page, without the key."""
        return f"http://127.0.0.1:{self.server_port}/"

    @property
    def opening(self) -> str:
        """The address to open, with the key: it lets one browser in."""
        return f"{self.url}?key={self.key}"


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        self._respond(self._get)

    def do_HEAD(self) -> None:
        self._respond(self._get)

    def do_POST(self) -> None:
        self._respond(self._post)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing is logged: addresses can hold words of people."""

    # ---- who may ask ----

    def _refusal(self) -> Response | None:
        own = {f"127.0.0.1:{self.server.server_port}", f"localhost:{self.server.server_port}"}
        if self.headers.get("Host", "") not in own:  # another name for this computer: a trick
            return plain_text(HTTPStatus.MISDIRECTED_REQUEST, "This address is not served here.")
        origin = self.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc not in own:
            return plain_text(HTTPStatus.FORBIDDEN, "Another site asked for this.")
        if self.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return plain_text(HTTPStatus.FORBIDDEN, "Another site asked for this.")
        return None

    def _has_key(self) -> bool:
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        name = f"{COOKIE}-{self.server.server_port}"
        given = cookies[name].value if name in cookies else ""
        return secrets.compare_digest(given.encode(), self.server.key.encode())

    def _respond(self, make: Callable[[], Response]) -> None:
        try:
            answer = self._refusal() or make()
        except UsageError as error:
            answer = plain_text(HTTPStatus.NOT_FOUND, error.in_page)
        except (ContentError, OutputError) as error:
            said = error.in_page if isinstance(error, OutputError) else str(error)
            answer = as_json({"message": said}, HTTPStatus.INTERNAL_SERVER_ERROR)
        except Exception:
            traceback.print_exc()
            answer = as_json(
                {"message": "The editor made a mistake, and nothing was written. Try again."},
                HTTPStatus.INTERNAL_SERVER_ERROR,
            )
        with suppress(BrokenPipeError, ConnectionResetError):  # the browser has gone elsewhere
            self._send(answer)

    def _send(self, answer: Response) -> None:
        self.send_response(answer.status)
        for name, value in {**HEADERS, **(answer.headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.data)))
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.data)

    # ---- pages ----

    def _get(self) -> Response:
        address = urlsplit(self.path)
        asked = parse_qs(address.query)
        if address.path == "/" and "key" in asked:
            if not secrets.compare_digest(asked["key"][0].encode(), self.server.key.encode()):
                return plain_text(HTTPStatus.FORBIDDEN, "This address is of an earlier run.")
            name = f"{COOKIE}-{self.server.server_port}"
            kept = f"{name}={self.server.key}; HttpOnly; SameSite=Strict; Path=/"
            # a redirect would be asked for without the cookie where another program opened it
            page = b'<!doctype html><meta http-equiv="refresh" content="0; url=/">'
            return Response(HTTPStatus.OK, "text/html", page, {"Set-Cookie": kept})
        if not self._has_key():
            return plain_text(HTTPStatus.FORBIDDEN, "Open the address that the command printed.")
        path = unquote(address.path).removeprefix("/")
        if path.startswith(f"{OWN}/"):
            return self._own(path.removeprefix(f"{OWN}/"), asked)
        known = self.server.live.organisations()
        if not known and self.server.tasks:
            return redirect(f"/{OWN}/year")
        home = path.removesuffix("index.html").rstrip("/")
        if not path or (home in known and (len(known) == 1 or home == path.rstrip("/"))):
            return redirect(f"/{home}/index.html" if len(known) > 1 and home else "/index.html")
        organisation = self.server.site.owner(path)
        return self._page(organisation, path) if organisation else self._shared(path)

    def _shared(self, path: str) -> Response:
        """What belongs to no organisation: a page above the handbooks, or of the guide for HR."""
        site = self.server.site
        known = self.server.live.organisations()
        found = make_shared_file(path) or site.find(path)
        if found is None and path.endswith(".html") and site.root() is None and known:
            return self._page(known[0], path)  # which says what is wrong
        if found is None:
            return self._not_found("")
        if isinstance(found, Path):
            return file_response(path, found.read_bytes())
        if not path.endswith(".html"):
            return file_response(path, found if isinstance(found, bytes) else found.encode())
        page = str(found)
        if path == "index.html" and (lacking := site.faulty()):
            page = page.replace("</article>", f"{_list_faulty(lacking)}</article>", 1)
        if self.server.tasks:
            page = page.replace("</head>", '<link rel="stylesheet" href="/-/editor.css"></head>', 1)
            page = page.replace("</body>", f"{YEAR_BAR}</body>", 1)
        return self._html(page, path, "", site.number, pencils=False)

    def _not_found(self, organisation: str) -> Response:
        """The handbook's own page for what is not there, where it can be made."""
        page = None
        if urlsplit(self.path).path.endswith((".html", "/")):
            page = self.server.site.not_found(organisation)
        if page is None:
            return plain_text(HTTPStatus.NOT_FOUND, "There is no such page.")
        return Response(HTTPStatus.NOT_FOUND, "text/html; charset=utf-8", page.encode())

    def _page(self, organisation: str, path: str) -> Response:
        handbook, reading = self.server.live.handbook(organisation)
        if self.server.alone:
            # what is loaded by now stays: to look for garbage in it takes longer than a save
            self.server.alone = False
            gc.freeze()
        if handbook is None:
            return self._faults(organisation, reading.errors, 0)
        pencils = self.server.editor is not None and "staff=1" not in urlsplit(self.path).query
        if path.endswith(".html"):
            try:
                page = handbook.page(path)
            except Exception:
                if not reading.errors:
                    raise
                return self._faults(organisation, reading.errors, handbook.number)
            if page is not None:
                return self._html(page, path, organisation, handbook.number, pencils)
        asset = self.server.live.maker.asset(path)
        if asset is not None and not path.endswith(".html"):
            return file_response(path, asset.read_bytes())
        made = handbook.site.generated(path)
        if made is None and ("/downloads/" in path or "/fill/" in path):
            site = handbook.site
            made = make_file(self.server.live.root, site.edition, path, alone=site.alone)
        if made is None:
            return self._not_found(organisation)
        return file_response(path, made if isinstance(made, bytes) else made.encode())

    def _html(
        self, page: str, path: str, organisation: str, number: int, pencils: bool
    ) -> Response:
        if pencils:
            helpers = _helpers(organisation, number, path)
            page = number_blocks(page).replace("</head>", f"{helpers}</head>", 1)
        else:
            values = f'data-number="{number}" data-organisation="{organisation}"'
            watch = f'<script src="/-/watch.js" {values} defer></script>'
            page = page.replace("</head>", f"{watch}</head>", 1)
        return Response(HTTPStatus.OK, "text/html; charset=utf-8", page.encode())

    def _faults(self, organisation: str, found: tuple[Problem, ...], number: int) -> Response:
        """What is wrong, in place of a page that cannot be made."""
        if self.server.tasks:
            helpers = _helpers(organisation, number)
            page = self.server.tasks.faults(organisation, found, helpers)
        else:
            said = "".join(f"<li>{html.escape(str(problem))}</li>" for problem in found)
            page = (
                '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Correct this '
                'first</title><link rel="stylesheet" href="/-/editor.css"></head><body><main '
                'class="formulary-start"><h1>The handbook cannot be shown yet</h1>'
                f"<ul>{said}</ul></main></body></html>"
            )
            return self._html(page, "", organisation, number, pencils=False)
        return Response(HTTPStatus.OK, "text/html; charset=utf-8", page.encode())

    # ---- what the editor asks ----

    def _own(self, path: str, asked: Mapping[str, list[str]]) -> Response:
        if path in (*SCRIPTS, "editor.css", "watch.js", "tasks.js", "tasks.css"):
            return file_response(path, (STATIC / path).read_bytes())
        organisation = asked.get("organisation", [""])[0]
        if path == "year" or path.startswith("year/"):
            return self._year(path.removeprefix("year").removeprefix("/"), organisation)
        if path.startswith("published/"):
            return self._published(path.removeprefix("published/"))
        if path == "state" and not organisation:
            return as_json({"number": self.server.site.number, "errors": []})
        if path == "state":
            handbook, reading = self.server.live.handbook(organisation)
            number = handbook.number if handbook else 0
            errors = [
                {"place": str(one.place), "message": one.message, "fix": one.fix}
                for one in reading.errors
            ]
            return as_json({"number": number, "errors": errors})
        editor = self.server.editor
        if editor is None:
            return plain_text(HTTPStatus.NOT_FOUND, "There is no such page.")
        if path == "pencils":
            handbook, _ = self.server.live.handbook(organisation)
            page = asked.get("page", [""])[0]
            return as_json({"pencils": handbook.pencils(page) if handbook else {}})
        if path == "history":
            return as_json(_history(editor))
        if path == "findings":
            handbook, reading = self.server.live.handbook(organisation)
            describe = editor.writer(organisation).describe
            return as_json({"findings": [describe(p) for p in reading.judge(self.server.today())]})
        if path == "group":
            return as_json(editor.new_group(organisation))
        if path in ("element", "uses", "date", "table"):
            spot = read_spot(asked.get("spot", [""])[0])
            if path == "uses":
                return as_json({"uses": editor.uses(organisation, spot)})
            if path == "date":
                return _date(editor, organisation, spot, asked.get("rule", [""])[0])
            try:
                if path == "table":
                    return as_json(editor.table(organisation, spot))
                return as_json(editor.describe(organisation, spot, new="fresh" in asked))
            except KeyError:
                return as_json({"message": "This was taken out."}, HTTPStatus.GONE)
        return plain_text(HTTPStatus.NOT_FOUND, "There is no such page.")

    def _year(self, path: str, organisation: str) -> Response:
        """A page of the year, or how far its work is."""
        tasks = self.server.tasks
        if tasks and path == "progress":
            return as_json(tasks.progress())
        if tasks and path in REPORTS:
            return self._report(organisation, REPORTS[path])
        return self._answered(tasks.get(path, organisation) if tasks else None)

    def _answered(self, answer: Answered | None) -> Response:
        if answer is None:
            return plain_text(HTTPStatus.NOT_FOUND, "There is no such page.")
        if answer.to:
            return redirect(answer.to, HTTPStatus.SEE_OTHER)
        return Response(HTTPStatus.OK, "text/html; charset=utf-8", answer.html.encode())

    def _report(self, organisation: str, name: str) -> Response:
        """The report of an import into an organisation: a page that runs nothing."""
        path = self.server.live.root / ORGANISATIONS / organisation / name
        if organisation not in self.server.live.organisations() or not path.is_file():
            return plain_text(HTTPStatus.NOT_FOUND, "There is no such page.")
        rules = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        answer = file_response(path.name, path.read_bytes())
        return replace(answer, headers={"Content-Security-Policy": rules})

    def _published(self, path: str) -> Response:
        """A file of the site as it was published last."""
        site = (self.server.live.root / "site").resolve()
        found = (site / path).resolve()
        if self.server.tasks is None or not found.is_relative_to(site) or not found.is_file():
            return plain_text(HTTPStatus.NOT_FOUND, "There is no such page.")
        return file_response(path, found.read_bytes())

    def _post(self) -> Response:
        editor = self.server.editor
        if not self._has_key():
            return plain_text(HTTPStatus.FORBIDDEN, "Open the address that the command printed.")
        if editor is None or not self.headers.get("Origin"):
            return plain_text(
                HTTPStatus.FORBIDDEN, "Only the editor's own page may change anything."
            )
        address = urlsplit(self.path)
        if address.path.startswith(f"/{OWN}/year/"):
            return self._post_form(address.path.removeprefix(f"/{OWN}/year/"), address.query)
        if self.headers.get_content_type() != "application/json":
            return plain_text(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This is no change.")
        body = self._body(LARGEST)
        if body is None:
            return plain_text(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is too long.")
        try:
            asked = json.loads(body)
            organisation = str(asked["organisation"])
            operations = [read_operation(one) for one in asked.get("operations", ())]
        except (ValueError, KeyError, TypeError, RecursionError):
            return plain_text(HTTPStatus.BAD_REQUEST, "This is no change.")
        try:
            return self._change(editor, organisation, operations, asked)
        except ConflictError as error:
            mine = next((one.value for one in operations if one.spot == error.spot), None)
            return as_json(_conflict(error, mine), HTTPStatus.CONFLICT)
        except RefusedError as error:
            describe = editor.writer(organisation).describe
            said = {"message": str(error), "errors": [describe(p) for p in error.problems]}
            return as_json(said, HTTPStatus.UNPROCESSABLE_ENTITY)

    def _body(self, most: int) -> bytes | None:
        """What was sent; None where it is longer than `most` bytes, or does not say."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > most:
            return None
        return self.rfile.read(int(length))

    def _post_form(self, path: str, query: str) -> Response:
        """What a form of a page of the year has sent."""
        if self.headers.get_content_type() != "multipart/form-data" or self.server.tasks is None:
            return plain_text(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This is no form.")
        body = self._body(LARGEST_FORM)
        if body is None:
            words = "The files are larger than 60 MB together. Go back, and choose fewer."
            return plain_text(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
        try:
            sent = read_sent_form(self.headers["Content-Type"], body)
        except ValueError:
            return plain_text(HTTPStatus.BAD_REQUEST, "This is no form.")
        organisation = parse_qs(query).get("organisation", [""])[0]
        return self._answered(self.server.tasks.post(path, organisation, sent))

    def _change(
        self, editor: Editor, organisation: str, operations: list[Operation], asked: Any
    ) -> Response:
        action = urlsplit(self.path).path.removeprefix(f"/{OWN}/")
        if action == "check":
            tried = editor.trial(organisation, operations)
            found = tried.reading.judge(self.server.today()) if not tried.errors else ()
            before = self.server.live.handbook(organisation)[1].judge(self.server.today())
            known = {(p.kind.code, p.message) for p in before}
            touched = {document.path for _, document in tried.texts.values()}
            describe = editor.writer(organisation, tried.texts).describe
            said = [
                {**describe(problem), "new": (problem.kind.code, problem.message) not in known}
                for problem in found
                if problem.place.file in touched
            ]
            about = str(asked.get("spot", ""))
            here = [one for one in said if about and f"{one['spot']}/".startswith(f"{about}/")]
            return as_json({"errors": [describe(p) for p in tried.errors], "findings": here})
        if action == "save":
            save = editor.save(organisation, operations, str(asked.get("label", "Changed"))[:200])
            return as_json({"saved": save.number if save else 0})
        if action == "preview":
            form = str(asked.get("form", ""))
            return as_json({"page": editor.preview(organisation, form, operations)})
        if action == "removal":
            spot = read_spot(str(asked.get("spot", "")))
            return as_json(editor.removal(organisation, spot).as_json())
        if action == "group":
            save = editor.add_group(organisation, asked)
            return as_json({"saved": save.number if save else 0})
        if action == "undo":
            return as_json({"saved": editor.undo(int(asked.get("number", 0))).number})
        return plain_text(HTTPStatus.NOT_FOUND, "There is no such page.")


def _list_faulty(organisations: Sequence[str]) -> str:
    """A way to each handbook that cannot be shown, below those that can."""
    links = "".join(f'<li><a href="/{id}/index.html">{id}</a></li>' for id in organisations)
    return f"<h2>Cannot be shown yet</h2><p>Their files have mistakes.</p><ul>{links}</ul>"


def _history(editor: Editor) -> dict[str, Any]:
    undone = editor.journal.undone()
    return {
        "saves": [
            {
                "number": save.number,
                "day": save.at.date().isoformat(),
                "time": save.at.strftime("%H:%M"),
                "label": save.label,
                "undone": save.number in undone,
                "undoes": save.undoes,
            }
            for save in reversed(editor.journal.saves()[-500:])
        ]
    }


def _conflict(error: ConflictError, mine: Any) -> dict[str, Any]:
    """What a value is now and what it was to be; of texts also the words that differ."""
    runs = []
    if isinstance(error.now, str) and isinstance(mine, str):
        for passage in changed_passages(error.now, mine):
            runs.append([(run.mark, run.text) for run in passage.runs])
    return {"spot": str(error.spot), "now": error.now, "mine": mine, "passages": runs}


def _helpers(organisation: str, number: int, page: str = "") -> str:
    """What the head of a page needs so that its texts can be edited."""
    about = {"organisation": organisation, "number": number, "page": page}
    said = html.escape(json.dumps(about))
    return f'{HELPERS}<meta name="formulary-editor" content="{said}">'


def _date(editor: Editor, organisation: str, spot: Spot, rule: str) -> Response:
    """What a time rule comes to, or what is wrong with it."""
    try:
        return as_json({"date": editor.date_words(organisation, spot, rule)})
    except ValueError as error:
        return as_json({"fault": str(error)})
