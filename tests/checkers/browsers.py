"""Chromium, Firefox and WebKit, driven alike: a page from a folder, on a phone, by keyboard alone.

Chromium is driven by Playwright, Firefox by WebDriver BiDi and WebKit by WebDriver. Playwright
drives no Firefox of Debian, and Selenium needs a driver that Debian does not have. The two
protocols of W3C have the same actions for keys, so a client of each is short.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from tests.checkers import tools
from tests.checkers.axe import Browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH, HEIGHT = 390, 844
KEYS = {
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Space": " ",
    "ArrowUp": "\ue013",
    "ArrowDown": "\ue015",
    "ArrowRight": "\ue014",
}
_NOWHERE = ("127.0.0.1", 9)
"""Where nothing answers: the proxy of browsers that have no switch for the network."""

_LOOK_AGAIN = "await new Promise((end) => setTimeout(end, 30));"
_TURNS = 400


class Phone(ABC):
    """One page of a browser on a screen as wide as a phone, without a network."""

    def open(self, page: Path) -> None:
        """Show a page of a folder, or show it again, and wait until it is loaded."""
        self.go(page.as_uri())

    @abstractmethod
    def go(self, address: str) -> None:
        """Show the page at an address, and wait until it is loaded."""

    @abstractmethod
    def ask(self, script: str, *values: object) -> Any:
        """What the body of an asynchronous function returns; `values` are its `arguments`."""

    @abstractmethod
    def press(self, *keys: str) -> None:
        """Press keys one after the other: names as in `KEYS`, or letters."""

    @abstractmethod
    def give(self, selector: str, file: Path) -> None:
        """Choose a file for a control, which no keyboard can do without a window of the system."""

    @abstractmethod
    def save(self, folder: Path) -> Path:
        """Press Enter on what has the focus, and put the file that it saves into `folder`."""

    @abstractmethod
    def follow(self) -> None:
        """Press Enter on what has the focus, and go on in the window that it opens."""

    def wait(self, condition: str) -> None:
        """Wait until an expression holds in the page; ToolError says which never does."""
        look = f"if ({condition}) return true; {_LOOK_AGAIN}"
        script = f"for (let turn = 0; turn < {_TURNS}; turn += 1) {{ {look} }}"
        try:
            holds = self.ask(script)
        except tools.ToolError:  # the page was left meanwhile, so the next one is asked
            holds = self.ask(script)
        if holds is not True:
            raise tools.ToolError(f"never holds: {condition}")

    def paste(self, text: str) -> None:
        """Put text where the cursor is, as from the clipboard: thousands of keys take long."""
        self.ask("document.execCommand('insertText', false, arguments[0])", text)

    def _take_file(self, downloads: Path, folder: Path) -> Path:
        """Move the one file of a folder of downloads, once the browser has written it."""
        for _ in range(_TURNS):
            files = list(downloads.iterdir())
            if len(files) == 1 and files[0].suffix in (".docx", ".pdf") and files[0].stat().st_size:
                return files[0].rename(folder / files[0].name)
            self.ask(_LOOK_AGAIN)
        raise tools.ToolError("no file was saved")


class _Chromium(Phone):
    def __init__(self, tab: Page) -> None:
        self.tab = tab

    def go(self, address: str) -> None:
        self.tab.goto(address)

    def ask(self, script: str, *values: object) -> Any:
        return self.tab.evaluate(f"(own) => (async function () {{{script}}})(...own)", values)

    def press(self, *keys: str) -> None:
        for is_name, some in itertools.groupby(keys, KEYS.__contains__):
            if is_name:
                for key in some:
                    self.tab.keyboard.press(key)
            else:
                self.tab.keyboard.type("".join(some))

    def give(self, selector: str, file: Path) -> None:
        self.tab.locator(selector).set_input_files(file)

    def save(self, folder: Path) -> Path:
        with self.tab.expect_download() as waiting:
            self.press("Enter")
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def follow(self) -> None:
        with self.tab.context.expect_page() as opening:
            self.press("Enter")
        self.tab = opening.value
        self.tab.on("dialog", lambda dialog: dialog.accept())
        self.tab.wait_for_load_state()


@contextmanager
def chromium(home: Path) -> Iterator[Phone]:
    """Debian's Chromium; it needs no folder of its own."""
    with Browser() as browser, browser.reader(width=WIDTH, offline=True) as tab:
        tab.on("dialog", lambda dialog: dialog.accept())
        yield _Chromium(tab)


class _Firefox(Phone):
    def __init__(self, connection: Any, downloads: Path) -> None:
        self.socket = connection
        self.numbers = itertools.count(1)
        self.downloads = downloads
        asked = {"unhandledPromptBehavior": {"default": "accept"}}
        self._call("session.new", capabilities={"alwaysMatch": asked})
        self.tab = self._call("browsingContext.create", type="tab")["context"]
        self._hold()

    def _hold(self) -> None:
        # without the focus of the window, Enter presses no button
        self._call("browsingContext.activate", context=self.tab)
        screen = {"width": WIDTH, "height": HEIGHT}
        self._call("browsingContext.setViewport", context=self.tab, viewport=screen)

    def _call(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (said := json.loads(self.socket.recv(60))).get("id") != number:
            pass
        if said["type"] == "error":
            raise tools.ToolError(f"{method}: {said['error']}: {said['message']}")
        return said["result"]

    def go(self, address: str) -> None:
        self._call("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def ask(self, script: str, *values: object) -> Any:
        run = f"await (async function () {{{script}}})(...{json.dumps(values)})"
        said = self._run(f"async () => JSON.stringify({run} ?? null)")
        return json.loads(said["value"])

    def _run(self, function: str) -> Any:
        said = self._call(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=True,
            target={"context": self.tab},
        )
        if said["type"] != "success":
            raise tools.ToolError(said["exceptionDetails"]["text"])
        return said["result"]

    def press(self, *keys: str) -> None:
        self._call("input.performActions", context=self.tab, actions=_key_actions(keys))

    def give(self, selector: str, file: Path) -> None:
        found = self._run(f"() => document.querySelector({json.dumps(selector)})")
        own = {"sharedId": found["sharedId"]}
        self._call("input.setFiles", context=self.tab, element=own, files=[str(file)])

    def save(self, folder: Path) -> Path:
        self.press("Enter")
        return self._take_file(self.downloads, folder)

    def follow(self) -> None:
        known = self._windows()
        self.press("Enter")
        for _ in range(_TURNS):
            if opened := self._windows() - known:
                (self.tab,) = opened
                return self._hold()
            self.ask(_LOOK_AGAIN)
        raise tools.ToolError("no window was opened")

    def _windows(self) -> set[str]:
        return {one["context"] for one in self._call("browsingContext.getTree")["contexts"]}


@contextmanager
def firefox(home: Path) -> Iterator[Phone]:
    """Debian's Firefox ESR, with a profile and downloads in the folder `home`."""
    program = tools.program("firefox-esr", "apt-get install firefox-esr")
    downloads = _folder(home / "downloads")
    host, port = _NOWHERE
    preferences = {
        "browser.download.alwaysOpenPanel": False,
        "browser.download.dir": str(downloads),
        "browser.download.folderList": 2,
        "browser.helperApps.neverAsk.saveToDisk": "application/pdf",
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "network.proxy.type": 1,
        **{f"network.proxy.{kind}": host for kind in ("http", "ssl")},
        **{f"network.proxy.{kind}_port": port for kind in ("http", "ssl")},
        "focusmanager.testmode": True,
        "pdfjs.disabled": True,
    }
    lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in preferences.items())
    (_folder(home / "profile") / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(home / "profile")]
    env = {**os.environ, "HOME": str(home), "MOZ_CRASHREPORTER_DISABLE": "1"}
    begins = "WebDriver BiDi listening on "
    client = tools.python_module("websockets.sync.client", "pip install websockets")
    with (
        _running([*command, "--remote-debugging-port=0"], env, begins) as said,
        client.connect(f"{said}/session", max_size=None) as connection,
    ):
        yield _Firefox(connection, downloads)


class _WebKit(Phone):
    def __init__(self, address: str, downloads: Path) -> None:
        self.address, self.session, self.downloads = address, "", downloads
        asked = {
            "unhandledPromptBehavior": "accept",
            "webkitgtk:browserOptions": {"binary": str(_mini_browser()), "args": ["--automation"]},
        }
        made = self._call("POST", "/session", capabilities={"alwaysMatch": asked})
        self.session = f"/session/{made['sessionId']}"
        self._hold()

    def _hold(self) -> None:
        self._call("POST", "/window/rect", width=WIDTH, height=HEIGHT)

    def _call(self, method: str, path: str, **params: Any) -> Any:
        request = urllib.request.Request(
            f"{self.address}{self.session}{path}",
            data=json.dumps(params).encode() if method == "POST" else None,
            headers={"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            raise tools.ToolError(f"{path}: {refused.read().decode()[:500]}") from None

    def go(self, address: str) -> None:
        self._call("POST", "/url", url=address)

    def ask(self, script: str, *values: object) -> Any:
        run = (
            "const end = arguments[arguments.length - 1];"
            f"(async function () {{{script}}})(...arguments).then(end, (why) => end(String(why)));"
        )
        return self._call("POST", "/execute/async", script=run, args=list(values))

    def press(self, *keys: str) -> None:
        self._call("POST", "/actions", actions=_key_actions(keys))

    def give(self, selector: str, file: Path) -> None:
        found = self._call("POST", "/element", using="css selector", value=selector)
        (element,) = found.values()
        self._call("POST", f"/element/{element}/value", text=str(file))

    def save(self, folder: Path) -> Path:
        self.press("Enter")
        return self._take_file(self.downloads, folder)

    def follow(self) -> None:
        known = self._windows()
        self.press("Enter")
        for _ in range(_TURNS):
            if opened := self._windows() - known:
                (handle,) = opened
                self._call("POST", "/window", handle=handle)
                return self._hold()
            self.ask(_LOOK_AGAIN)
        raise tools.ToolError("no window was opened")

    def _windows(self) -> set[str]:
        return set(self._call("GET", "/window/handles"))

    def close(self) -> None:
        self._call("DELETE", "")


@contextmanager
def webkit(home: Path) -> Iterator[Phone]:
    """Debian's WebKitGTK in its own small browser, on a screen that nobody sees."""
    driver = tools.program("WebKitWebDriver", "apt-get install webkit2gtk-driver")
    screen = tools.program("Xvfb", "apt-get install xvfb")
    downloads = _folder(home / "downloads")
    settings = _folder(home / "config" / "gtk-3.0")
    # or the bar of buttons above the page is wider than a phone
    bar = "* {min-width: 0; padding: 0; margin: 0; border: 0; border-spacing: 0; font-size: 4px}"
    (settings / "gtk.css").write_text(bar, encoding="utf-8")
    (home / "config" / "user-dirs.dirs").write_text(
        f'XDG_DOWNLOAD_DIR="{downloads}"\n', encoding="utf-8"
    )
    own = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_RUNTIME_DIR": home}
    own |= {"XDG_CACHE_HOME": home / "cache", "XDG_DATA_HOME": home / "data"}
    host, port = _NOWHERE
    nowhere = {"http_proxy": f"http://{host}:{port}", "https_proxy": f"http://{host}:{port}"}
    env = {**os.environ, **{name: str(value) for name, value in own.items()}, **nowhere}
    env |= {"no_proxy": "127.0.0.1", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
    shown = [screen, "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with _running(shown, env, "") as number:
        env["DISPLAY"] = f":{number}"
        place = _free_port()
        with _running(["sh", "-c", f"echo; exec {driver} --port={place}"], env, ""):
            _wait_for_port(place)
            phone = _WebKit(f"http://127.0.0.1:{place}", downloads)
            try:
                yield phone
            finally:
                phone.close()


BROWSERS: Mapping[str, Callable[[Path], AbstractContextManager[Phone]]] = {
    "Chromium": chromium,
    "Firefox": firefox,
    "WebKit": webkit,
}
"""Each gives a phone; the folder is its own, and empty."""


def _key_actions(keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """The actions of a keyboard as both protocols of W3C take them."""
    pressed = [
        {"type": way, "value": KEYS.get(key, key)} for key in keys for way in ("keyDown", "keyUp")
    ]
    return [{"type": "key", "id": "keyboard", "actions": pressed}]


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for_port(port: int) -> None:
    """Wait until a program that says nothing of it listens."""
    for _ in range(_TURNS):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        Event().wait(0.03)
    raise tools.ToolError(f"nothing listens on port {port}")


def _mini_browser() -> Path:
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
    return found[-1] if found else tools.missing("MiniBrowser", "apt-get install webkit2gtk-driver")


@contextmanager
def _running(command: Sequence[str], env: Mapping[str, str], begins: str) -> Iterator[str]:
    """A program while it runs, and the rest of the first line of its output that begins so."""
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as program:
        try:
            assert program.stdout
            said = next((line for line in program.stdout if line.startswith(begins)), None)
            if said is None:
                raise tools.ToolError(f"{command[0]} stopped before it began")
            Thread(target=program.stdout.read, daemon=True).start()
            yield said.removeprefix(begins).strip()
        finally:
            program.terminate()
            program.wait(30)
