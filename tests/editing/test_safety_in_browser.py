"""In Chromium: nothing that was typed is lost, nothing is written from outside, all can be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any

from formulary.editing.fields import all_fields
from formulary.editing.places import read_spot
from tests.checkers.axe import Browser
from tests.editing.conftest import Client
from tests.editing.hand import edit, find_violations, opened, read, save, tab_to
from tests.editing.typing_runs import STYLED, paste_styled, type_at_random

CHANGE = (
    '{"organisation":"tiny","label":"x","operations":[{"kind":"set","spot":'
    '"content/organisations/tiny/questions.yaml:questions/=away/asks",'
    '"old":"What if I was away?","value":"Hostile?"}]}'
)


def test_a_correction_an_acceptance_a_text_that_two_people_change_and_a_missing_event(
    browser: Browser, client: Client, project: Path
) -> None:
    with opened(browser, client, "tiny/policy/scope.html") as tab:
        edit(tab, "Somebody in probation")
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" Their behavior counts.")
        tab.wait_for_selector(".fe-note:has-text('American spelling')")
        assert ".yaml" not in tab.inner_text(".fe-panel")
        tab_to(tab, "Write “behaviour”")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-state:text-matches('^Saved')")
        assert "Their behaviour counts" in tab.inner_text("article")
        # a finding among all, accepted with a reason
        tab.locator(".fe-barlink", has_text="to look at").focus()
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-findings")
        tab_to(tab, "Accept with a reason: “SMART” is")
        tab.keyboard.press("Enter")
        tab.keyboard.type("A name.")
        tab_to(tab, "Accept")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-state:text-matches('^Saved. Accepted')")
        assert "because: A name." in read(project, "organisation")
        # somebody else changes the text that is open here
        edit(tab, "Somebody in probation")
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" Mine.")
        text = read(project, "policy").replace("Somebody in probation", "Anybody in probation")
        (project / "content/organisations/tiny/policy.yaml").write_text(text, encoding="utf-8")
        tab.keyboard.press("Control+s")
        tab.wait_for_selector(".fe-note:has-text('Nothing was overwritten')")
        assert tab.inner_text(".fe-note del") == "Anybody"
        assert "Mine." in tab.inner_text(".fe-note ins >> nth=-1")
        assert "Mine." in tab.inner_text(".fe-words")
        # an event that is missing is asked for
        tab.goto(f"{client.server.url}tiny/policy/scope.html")
        tab.locator(".fe-barlink", has_text="to look at").click()
        tab.get_by_role("button", name="Add the event “Written report” to “Teachers”").click()
        tab.wait_for_selector(".fe-panel h2:has-text('New: date of the year')")
        assert find_violations(browser, tab, ".fe-panel") == []
        assert tab.get_by_label("Name", exact=True).inner_text() == "Written report"
        tab.keyboard.press("Control+s")
        tab.wait_for_selector(".fe-panel :text('is needed')")
    assert "Anybody in probation" in read(project, "policy")
    assert "Mine." not in read(project, "policy")


def test_what_was_typed_is_offered_after_a_crash(
    browser: Browser, client: Client, project: Path
) -> None:
    with opened(browser, client, "tiny/questions.html") as tab:
        edit(tab, "What if I was away?")
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" Long?")
        tab.wait_for_selector(".fe-state:has-text('Not saved yet')")
        other = tab.context.new_page()
        tab.close()  # with no chance to save anything
        other.goto(f"{client.server.url}tiny/year.html")
        other.wait_for_selector(".fe-ready")
        other.locator(".fe-barlink", has_text="Not saved: 1").click()
        other.wait_for_selector("dialog:has-text('What if I was away? Long?')")
        tab_to(other, "Continue with")
        other.keyboard.press("Enter")
        other.wait_for_selector(".fe-panel")
        tab_to(other, "Save it")
        other.keyboard.press("Enter")
        other.wait_for_selector(".fe-state:text-matches('^Saved')")
        assert other.locator(".fe-barlink", has_text="Not saved").is_hidden()
    assert "asks: What if I was away? Long?" in read(project, "questions")


@contextmanager
def hostile_site(target: str) -> Iterator[str]:
    """A site of somebody else, at another port, that tries to write through the open editor."""
    page = f"""<!doctype html><title>Win a prize</title><img src="{target}-/undo"><iframe
        name="in" src="{target}tiny/year.html"></iframe><form id="plain" method="post" target="in"
        enctype="text/plain" action="{target}-/save"><input name='{CHANGE[:-1]},"a":"'
        value='"}}'></form><form id="undo" method="post" target="in" action="{target}-/undo"></form>
        <script>
        const body = {CHANGE!r};
        const done = (async () => {{
          const said = [];
          for (const options of [
            {{ mode: "no-cors", headers: {{ "Content-Type": "text/plain" }} }},
            {{ mode: "no-cors" }}, {{ mode: "cors" }},
            {{ mode: "cors", headers: {{ "Content-Type": "application/json" }} }},
          ]) {{
            try {{
              const how = {{ method: "POST", credentials: "include", body, ...options }};
              said.push((await fetch("{target}-/save", how)).type);
            }} catch (error) {{ said.push("refused"); }}
          }}
          document.getElementById("plain").submit();
          await new Promise((next) => setTimeout(next, 300));
          document.getElementById("undo").submit();
          navigator.sendBeacon("{target}-/save", new Blob([body], {{ type: "text/plain" }}));
          const opened = window.open("{target}tiny/questions.html");
          await new Promise((next) => setTimeout(next, 600));
          try {{ said.push(opened ? opened.document.title : "blocked"); }}
          catch (error) {{ said.push("hidden"); }}
          return said;
        }})();
        </script>"""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_hostile_page_in_another_tab_writes_and_reads_nothing(
    browser: Browser, client: Client, project: Path
) -> None:
    before = read(project, "questions")
    with opened(browser, client, "tiny/questions.html") as tab:
        edit(tab, "What if I joined")
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" And now?")
        save(tab)  # so that there is something to undo
        mine = read(project, "questions")
        with hostile_site(client.server.url) as address:
            other = tab.context.new_page()
            other.goto(address)
            said = other.evaluate("done")
            frame = other.frame(name="in")
            assert frame is not None
            assert "Which" not in (frame.content()) and "fe-bar" not in frame.content()
        assert set(said[:4]) <= {"refused", "opaque"}
        assert said[4] in ("hidden", "blocked")
    assert mine != before and read(project, "questions") == mine


SMALL = """() => [...document.querySelectorAll(
    ".fe-panel button, .fe-panel input, .fe-panel select, .fe-bar button, .fe-bar a, dialog button"
)].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && !one.closest("p") && (box.width < 24 || box.height < 24);
}).map((one) => one.outerHTML.slice(0, 120))"""
"""What can be pressed and is smaller than 24 px. A link within a sentence may be as it is."""
MODES = tuple(product((1280, 768), ("light", "dark")))


def test_the_panels_of_elements_pass_axe(browser: Browser, client: Client, whole: bool) -> None:
    """Those that have each kind of control between them; or of each kind of element, in each mode.

    They are opened on the page of the year, as a link opens them.
    """
    handbook, _ = client.server.live.handbook("tiny")
    editor = client.server.editor
    assert handbook and editor
    kinds: dict[str, str] = {}
    for page in handbook.site.pages:
        for spots in handbook.pencils(page.replace(".md", ".html")).values():
            spot = spots.split(" ")[0]
            kinds.setdefault(kind_of_spot(spot), spot)
    assert len(kinds) >= 15
    controls: set[str] = set()
    chosen = []
    for spot in kinds.values():
        fields = all_fields(editor.describe("tiny", read_spot(spot))["fields"])
        found = {field["kind"] for field in fields} - controls
        controls |= found
        chosen += [spot] if found or whole else []
    assert {"prose", "when", "list", "cells"} <= controls
    for width, scheme in MODES if whole else MODES[:1]:
        with opened(browser, client, "tiny/year.html", width) as tab:
            tab.emulate_media(color_scheme=scheme)
            tab.locator(".fe-pencil").first.focus()
            tab.keyboard.press("Enter")
            tab.wait_for_selector(".fe-panel .fe-foot")
            assert find_violations(browser, tab) == []
            tab.keyboard.press("Escape")
            tab.wait_for_selector(".fe-panel", state="detached")
            assert tab.evaluate("document.activeElement.className") == "fe-pencil"
            for spot in chosen:
                tab.evaluate("(spot) => formularyEditor.open(spot)", spot)
                assert find_violations(browser, tab, ".fe-panel") == [], spot
                assert tab.evaluate(SMALL) == [], spot


def kind_of_spot(spot: str) -> str:
    """What of a spot tells which panel it opens: its file and keys, without ids and places."""
    file, _, way = spot.partition(":")
    steps = [step for step in way.split("/")[:-1] if step[:1] not in "=#"]
    return f"{Path(file).parent.name if 'forms/' in file else Path(file).name}:{'/'.join(steps)}"


def test_words_seen_are_words_saved_or_the_save_is_refused(
    browser: Browser, client: Client, whole: bool
) -> None:
    count = 100 if whole else 12
    with opened(browser, client, "tiny/questions.html") as tab:
        runs = [type_at_random(tab, seed) for seed in range(count)]
        assert paste_styled(tab) == [words for _, words in STYLED]
    assert [(seed, run.fault) for seed, run in enumerate(runs) if run.fault] == []
    assert sum(bool(run.refused) for run in runs) < count / 2
