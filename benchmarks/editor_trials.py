"""The editor under random trials: what its tests try in small.

python editor_trials.py kill     a save is killed (-9) at a random moment, 100 times
python editor_trials.py ops      random changes from two tabs, a text editor and a sync client
python editor_trials.py texts    every text of all examples into the control and out again
python editor_trials.py keys     runs of random keystrokes: words seen are words saved
python editor_trials.py pencils  how many texts of each example have a pencil
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import product
from common import ROOT, options_of, say

from formulary.content.relaying import unwrap
from formulary.content.source import read_document
from formulary.content.ways import way_to
from formulary.editing.editor import Editor, RefusedError
from formulary.editing.journal import Journal
from formulary.editing.live import LiveProject
from formulary.editing.operations import ConflictError, Operation
from formulary.editing.places import Spot
from formulary.editing.server import PageServer
from tests.checkers.axe import Browser
from tests.editing.conftest import QUESTIONS, TINY
from tests.editing.typing_runs import TEXTS, type_at_random
from tests.helpers import tiny_project

SAVES = """
import sys
from pathlib import Path
from formulary.editing.journal import Journal
root = Path(sys.argv[1])
journal = Journal(root)
files = [root / "content" / name for name in ("a.yaml", "b.yaml")]
number = 0
print("ready", flush=True)
while True:
    number += 1
    changes = {path: (path.read_bytes(), b"a: %d\\n" % number + b"x" * 20000) for path in files}
    journal.write(str(number), changes)
"""


def kill(count: int, folder: Path) -> str:
    """Both files of a save are the old or the new ones after a kill, and after the next start."""
    choose, found = random.Random(1), Counter[str]()
    for number in range(count):
        root = folder / str(number)
        (root / "content").mkdir(parents=True)
        for name in ("a.yaml", "b.yaml"):
            (root / "content" / name).write_bytes(b"a: 0\n")
        words = [sys.executable, "-c", SAVES, str(root)]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(choose.random() * 0.1)
            os.kill(process.pid, signal.SIGKILL)
        torn = [path for path in (root / "content").glob("*.yaml") if not is_whole(path)]
        found["torn before the next start"] += len(torn)
        Journal(root).recover()
        files = [(root / "content" / name).read_bytes() for name in ("a.yaml", "b.yaml")]
        found["files that differ after it"] += files[0] != files[1]
        found["temporary files after it"] += len(list((root / "content").glob(".*")))
        journal = Journal(root)
        for _ in range(3):
            if last := journal.last():
                journal.write("Undone", journal.plan_undoing(last), last.number)
                found["saves undone"] += 1
    return f"{count} kills: {dict(found)}"


def is_whole(path: Path) -> bool:
    data = path.read_bytes()
    return data == b"a: 0\n" or (data.startswith(b"a: ") and data.endswith(b"x" * 20000))


def ops(count: int, folder: Path) -> str:
    """What every entry says is what was last written to it, whoever wrote and moved it."""
    root = tiny_project(folder / "project")
    path = root / TINY / "questions.yaml"
    path.write_text(QUESTIONS, encoding="utf-8")
    tabs = [Editor(LiveProject(root), Journal(root)), Editor(LiveProject(root), Journal(root))]
    shown: list[dict[str, str]] = [{}, {}]
    words = {"joined": "What if I joined during the year?", "away": "What if I was away?"}
    choose, found = random.Random(7), Counter[str]()
    file = (TINY / "questions.yaml").as_posix()
    for number in range(count):
        who, act = choose.randrange(2), choose.random()
        tab, id = tabs[who], choose.choice(sorted(words))
        if act < 0.15:  # a text editor
            path.write_text(
                path.read_text("utf-8").replace(words[id], f"Outside {number}?"), "utf-8"
            )
            words[id] = f"Outside {number}?"
            found["text editor"] += 1
        elif act < 0.25:  # a sync client puts another file in its place
            part = path.with_name("questions.yaml.part")
            part.write_bytes(path.read_bytes().replace(words[id].encode(), b"Synced %d?" % number))
            part.replace(path)
            words[id] = f"Synced {number}?"
            found["sync client"] += 1
        elif act < 0.4 and len(words) > 1:
            spot = Spot(file, f"questions/={id}")
            tab.save("tiny", [Operation("move", spot, index=choose.randrange(len(words)))], "M")
            found["moved"] += 1
        elif act < 0.5:
            value = {"asks": f"New {number}?", "answer": "Yes."}
            tab.save("tiny", [Operation("insert", Spot(file, "questions"), value, index=0)], "N")
            words[f"new-{number}"] = f"New {number}?"
            found["added"] += 1
        elif act < 0.55 and len(words) > 3:
            tab.save("tiny", [Operation("remove", Spot(file, f"questions/={id}"))], "R")
            del words[id]
            found["taken out"] += 1
        elif act < 0.65:
            shown[who] = dict(words)  # the tab is loaded again
        else:
            old = shown[who].get(id, words[id])
            change = Operation("set", Spot(file, f"questions/={id}/asks"), f"In {number}?", old)
            try:
                tab.save("tiny", [change], "C")
                assert old == words[id], "a change was overwritten"
                words[id] = f"In {number}?"
                shown[who][id] = words[id]
                found["changed"] += 1
            except ConflictError as error:
                assert old != words[id] and error.now == words[id], "a conflict that is none"
                shown[who][id] = words[id]
                found["refused, both texts given"] += 1
            except RefusedError:
                found["refused at the same moment"] += 1
        now = read_document(path)[0].data["questions"]
        assert {one["id"]: one["asks"] for one in now} == words, (number, "lost or misplaced")
    return f"{count} changes, none lost and none misplaced: {dict(found)}"


@contextmanager
def opened(root: Path, page: str) -> Iterator[Any]:
    live = LiveProject(root)
    editor = Editor(live, Journal(root))
    with Browser() as browser, PageServer(live, 0, editor) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with browser.reader(width=1280) as tab:
            tab.goto(server.opening)
            tab.wait_for_url("**/index.html")
            tab.goto(f"{server.url}{page}")
            tab.wait_for_selector(".fe-ready")
            yield tab
        server.shutdown()


def texts(count: int, folder: Path) -> str:
    """Every text of a file of content, as the panel gets it, comes back as it was."""
    found = sorted({unwrap(text).rstrip("\n") for text in _all_texts(ROOT)})
    with opened(tiny_project(folder / "project"), "tiny/people.html") as tab:
        rich, wrong = tab.evaluate(TEXTS, found)
    for before, after in wrong[:5]:
        say(f"{before!r}\n  came back as {after!r}")
    return f"{len(found)} texts, {rich} of them with their style: {len(wrong)} differ"


def _all_texts(root: Path) -> Iterator[str]:
    for path in (*root.glob("content/**/*.yaml"), *root.glob("forms/**/*.yaml")):
        document, _ = read_document(path)
        yield from _strings(document.data)


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    for part in data.values() if isinstance(data, dict) else ():
        yield from _strings(part)
    for part in data if isinstance(data, tuple) else ():
        yield from _strings(part)


def keys(count: int, folder: Path) -> str:
    """Runs of random keystrokes."""
    with opened(tiny_project(folder / "project"), "tiny/people.html") as tab:
        runs = [type_at_random(tab, seed) for seed in range(count)]
    wrong = [(seed, run.fault) for seed, run in enumerate(runs) if run.fault]
    for seed, fault in wrong[:10]:
        say(f"{seed}: {fault}")
    refused = sum(bool(run.refused) for run in runs)
    return f"{count} runs: {len(wrong)} differ, {refused} were refused"


def pencils(count: int, folder: Path) -> str:
    """Of each example: own texts with a pencil, and pages whose blocks are the same when marked."""
    lines = []
    root = product.copy_project(folder / "project", 5)
    live = LiveProject(root)
    for id in live.organisations():
        handbook, reading = live.handbook(id)
        assert handbook and reading.own
        edition, marks = handbook.marked
        spots: set[str] = set()
        same = 0
        for path in handbook.site.pages:
            found = handbook.pencils(path.replace(".md", ".html"))
            spots.update(spot for several in found.values() for spot in several.split(" "))
            same += _shape(handbook.site.page(path)) == _shape(handbook.site.page_of(edition, path))
        own = {
            f"{text.document.path.as_posix()}:{way_to(text.document.data, text.loc)}"
            for some in marks.texts.values()
            for text in some
            if "organisations" in text.document.path.parts
        }
        elements = {spot.rpartition("/")[0] for spot in spots}
        direct = sum(spot in spots for spot in own)
        reached = [spot for spot in own if spot in spots or spot.rpartition("/")[0] in elements]
        rest = Counter(
            f"{Path(spot.partition(':')[0]).name}: {spot.rpartition('/')[2]}"
            for spot in own
            if spot not in reached
        )
        lines.append(
            f"{id}: {len(reached)} of {len(own)} own texts are in the panel of a pencil "
            f"({100 * len(reached) / len(own):.1f} %), {direct} have one of their own; blocks are "
            f"the same on {same} of {len(handbook.site.pages)} pages; not reached: {dict(rest)}"
        )
    return "\n".join(lines)


def _shape(page: str | None) -> list[str]:
    from formulary.editing.places import number_blocks

    return [part.split('"')[0] for part in number_blocks(page or "").split('data-block="')[1:]]


TRIALS = {"kill": kill, "ops": ops, "texts": texts, "keys": keys, "pencils": pencils}


def main() -> None:
    parser = options_of(__doc__)
    parser.add_argument("trial", choices=TRIALS)
    parser.add_argument("--count", type=int, default=0, help="how often")
    options = parser.parse_args()
    count = options.count or {"kill": 100, "ops": 200, "keys": 1000}.get(options.trial, 0)
    with tempfile.TemporaryDirectory(prefix="editor-", dir=options.folder) as name:
        print(TRIALS[options.trial](count, Path(name)))


if __name__ == "__main__":
    main()
