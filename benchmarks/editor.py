"""The editor: how long it takes to start, and from a save until the new words are on the page.

A save is asked for as the browser does it, through HTTP, and so is the page after it. Both are
measured with a few organisations and with many, of which one is opened.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import product
from common import Figures, memory_of, options_of, say, stop, store, table
from product import ORGANISATION

FOLDER = f"content/organisations/{ORGANISATION}"
CHANGES = {
    "a clause": (
        f"{FOLDER}/policy.yaml:sections/=scope/clauses/=who-is-covered/text",
        f"{ORGANISATION}/policy/scope.html",
    ),
    "a date": (
        f"{FOLDER}/cycle.yaml:cycles/=teachers/events/=pay-decision/when",
        f"{ORGANISATION}/year.html",
    ),
    "a form's title": ("forms/pm-form.yaml:title", f"{ORGANISATION}/forms/pm-form.html"),
    "a question": (
        f"{FOLDER}/questions.yaml:questions/=who-reviews-me/answer",
        f"{ORGANISATION}/questions.html",
    ),
    "a cell of the stages": (
        f"{FOLDER}/career-stages.yaml:areas/=professional-practice/cells/m1-m2",
        f"{ORGANISATION}/stages/m1-m2.html",
    ),
}
"""What is changed: its spot, and the page that shows it."""

DATES = ("by 31 October after the cycle", "by 30 October after the cycle")
TIMES = 15


def measure_saves(root: Path) -> dict[str, Any]:
    """Milliseconds of processor time of every kind of change, in this process."""
    from formulary.editing.editor import Editor
    from formulary.editing.journal import Journal
    from formulary.editing.live import LiveProject
    from formulary.editing.places import read_spot
    from formulary.editing.server import PageServer

    live = LiveProject(root)
    editor = Editor(live, Journal(root))
    with PageServer(live, 0, editor, alone=True) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        ask = _asker(server.server_port, server.key)
        ask(
            "GET", "/index.html" if len(live.organisations()) == 1 else f"/{ORGANISATION}/year.html"
        )
        found: dict[str, Any] = {}
        for name, (spot, page) in CHANGES.items():
            shown = editor.describe(ORGANISATION, read_spot(spot))
            value = next(_value(shown["fields"], spot))
            saves, checks, pencils, repeats = [], [], [], []
            for number in range(2 * TIMES + 2):
                new = _other(value, number)
                change = {"kind": "set", "spot": spot, "old": value, "value": new}
                started = time.process_time()
                # each second change is saved without having been checked as it was typed
                answer = not number % 2 or ask("POST", "/-/check", operations=[change], spot=spot)
                checked = time.process_time()
                ask("POST", "/-/save", operations=[change], label="Changed")
                made = ask("GET", f"/{page}")
                seen = time.process_time()
                ask("GET", f"/-/pencils?organisation={ORGANISATION}&page={page}")
                pencilled = time.process_time()
                if not answer or not made:
                    stop(f"{name}: nothing came back")
                value = new
                if number > 1:  # the first warm the templates of the page
                    if number % 2:
                        checks.append(1000 * (checked - started))
                        repeats.append(1000 * (seen - checked))
                    else:
                        saves.append(1000 * (seen - checked))
                    pencils.append(1000 * (pencilled - seen))
            found[name] = {
                "save": statistics.median(saves),
                "most": max(saves),
                "checked": statistics.median(repeats),
                "check": statistics.median(checks),
                "pencils": statistics.median(pencils),
            }
        server.shutdown()
    return found


def _value(fields: list[dict[str, Any]], spot: str) -> Iterator[Any]:
    for field in fields:
        if field["spot"] == spot:
            yield field["value"]
        elif spot.startswith(f"{field['spot']}/") and isinstance(field["value"], dict):
            yield field["value"][spot.rpartition("/")[2]]


def _other(value: str, number: int) -> str:
    if value in DATES:
        return DATES[1 - DATES.index(value)]
    return f"{re.sub(r' No. [0-9]+$', '', value)} No. {number}"


def _asker(port: int, key: str) -> Callable[..., bytes]:
    def ask(method: str, path: str, **data: Any) -> bytes:
        own = f"http://127.0.0.1:{port}"
        headers = {"Cookie": f"formulary-{port}={key}", "Origin": own}
        headers["Content-Type"] = "application/json"
        body = json.dumps({"organisation": ORGANISATION, **data}) if data else None
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        given = answer.read()
        connection.close()
        if answer.status != 200:
            stop(f"{path}: {answer.status} {given[:300]!r}")
        return given

    return ask


def measure_start(root: Path) -> dict[str, float]:
    """Seconds from the command to the first page, and the memory after it."""
    started = time.perf_counter()
    words = [sys.executable, "build.py", "edit", "--no-browser", "--port", "0"]
    with subprocess.Popen(words, cwd=root, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = process.stderr.readline()
        found = re.search(r":(\d+)/\?key=(\S+)", said)
        if not found:
            stop(f"The editor did not start: {said}")
        page = _asker(int(found[1]), found[2])("GET", f"/{ORGANISATION}/year.html")
        seen = time.perf_counter() - started
        stat = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        memory = memory_of(process.pid)
        process.terminate()
    return {
        "start": seen,
        "processor": (int(stat[11]) + int(stat[12])) / 100,
        "memory": memory,
        "bytes": len(page),
    }


def _rows(count: int, root: Path, repeat: int, figures: Figures) -> Iterator[str]:
    say(f"  {count} organisations")
    starts = [measure_start(root) for _ in range(repeat)]
    start = min(starts, key=lambda one: one["processor"])
    ran = subprocess.run(
        [sys.executable, __file__, "--measure", str(root)], capture_output=True, text=True
    )
    if ran.returncode:
        stop(ran.stderr[-2000:])
    saves = json.loads(ran.stdout)
    figures.append({"organisations": count, **start, "saves": saves})
    yield from table(
        f"With {count} organisations",
        ("", "processor time", "by the clock", "memory"),
        [
            (
                "from the command to the first page",
                f"{start['processor']:.2f} s",
                f"{start['start']:.2f} s",
                f"{start['memory']:.0f} MB",
            )
        ],
    )
    yield from table(
        f"From a save to the page, with {count} organisations, in processor time",
        (
            "what is changed",
            "median",
            "slowest",
            "of what was checked as it was typed",
            "that check",
            "its pencils, after",
        ),
        [
            (
                name,
                f"{cost['save']:.0f} ms",
                f"{cost['most']:.0f} ms",
                f"{cost['checked']:.0f} ms",
                f"{cost['check']:.0f} ms",
                f"{cost['pencils']:.0f} ms",
            )
            for name, cost in saves.items()
        ],
    )


def main() -> None:
    parser = options_of(__doc__)
    parser.add_argument("--many", type=int, default=50, help="how many are many organisations")
    parser.add_argument("--measure", type=Path, default=None, help="measure the saves of a project")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure_saves(options.measure)))
        return
    figures: Figures = []
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="editor-", dir=options.folder) as name:
        for count in (5, options.many):
            root = product.copy_project(Path(name) / str(count), count)
            lines += _rows(count, root, options.repeat, figures)
    store(options.write, "The editor", lines, figures, ())


if __name__ == "__main__":
    main()
