"""MkDocs, run inside this process: a folder of pages comes in, a folder of HTML goes out.

Nothing of a built site depends on the clock: MkDocs dates its sitemap by the day, so ours carries
no date and its packed copy, which holds the time, is removed. So is what no page asks for, which
would double the weight of a site that is carried about.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer

from formulary.formats.handbook.kept import Kept, KeptHtml
from formulary.formats.handbook.navigation import Nav
from formulary.formats.handbook.settings import load_settings
from formulary.problems import ContentError, OutputError, UsageError

LOGGERS = ("mkdocs", "material")
UNUSED = (
    "sitemap.xml.gz",
    "search/search_index.json",  # pages read its twin, search_index.js, which a folder can give too
    "assets/javascripts/bundle.*",  # the theme's own script, which the pages do without
    "**/*.map",
    "*.j2",  # templates of our pages in a project's theme/, which MkDocs takes for files to copy
)
OTHER_LANGUAGES = "assets/javascripts/lunr"
"""What the search needs for words that are not English."""


def build_site(
    docs_dir: Path,
    site_dir: Path,
    config_file: Path,
    nav: Nav,
    name: str | None = None,
    kept: Kept | None = None,
) -> None:
    """Build the pages in `docs_dir` into `site_dir`, which MkDocs empties first.

    `config_file` is the project's mkdocs.yml, which need not exist (see `load_settings`). `nav` is
    what `navigation.navigation` gave, `name` the site's name if not that of the settings; HTML
    that an earlier build made of the same page is taken from `kept`. Any warning stops the build.
    Raises OutputError with what MkDocs said.
    """
    settings: dict[str, Any] = {"site_name": name} if name else {}
    with _said() as said:
        try:
            config = load_settings(
                config_file,
                docs_dir=str(docs_dir.absolute()),
                site_dir=str(site_dir.absolute()),
                nav=nav,
                strict=True,
                **settings,
            )
            html = KeptHtml(kept) if kept else None
            if html:
                config.plugins["kept"] = html
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config)
            finally:
                config.plugins.on_shutdown()
            if html:
                html.keep()
        except Exception as error:  # themes and plugins may raise anything
            raise OutputError(_message(said, error)) from error
    for path in [found for pattern in UNUSED for found in sorted(site_dir.glob(pattern))]:
        path.unlink(missing_ok=True)
    search = config.plugins.get("material/search")
    if search and list(search.config.lang) == ["en"]:
        shutil.rmtree(site_dir / OTHER_LANGUAGES)


def _message(said: list[str], error: Exception) -> str:
    reasons = said or [str(error)]
    named = "" if isinstance(error, MkDocsException) else f"{type(error).__name__}: "
    return f"MkDocs could not build the pages: {named}{'; '.join(reasons)}"


@contextmanager
def _said() -> Iterator[list[str]]:
    """Gather what MkDocs warns of, instead of printing it."""
    said: list[str] = []
    handler = _Gatherer(said)
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    try:
        yield said
    finally:
        for logger, (level, propagate) in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate


class _Gatherer(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def serve_site(
    docs_dir: Path,
    config_file: Path,
    nav: Nav,
    watch: Sequence[Path],
    rebuild: Callable[[], Nav],
    host: str,
    port: int,
    *,
    name: str,
    failed: Callable[[Exception], None],
    ready: Callable[[str], None] = lambda address: None,
    kept: Callable[[], Kept | None] = lambda: None,
) -> None:
    """Serve the handbook until it is interrupted, and build it again when something changes.

    The pages stand in `docs_dir` already. When a file under `watch` changes, `rebuild` writes them
    anew and gives their navigation; then MkDocs builds and browsers reload. What goes wrong from
    then on is handed to `failed`, and the last whole site stays. `ready` gets the address before
    the first request; `kept` gives what is kept of earlier builds, asked anew for each.

    Raises OutputError where the first build fails or the port cannot be opened.
    """
    with tempfile.TemporaryDirectory(prefix="handbook-") as folder:
        root = Path(folder)

        def again() -> None:
            try:
                _replace(root, docs_dir, config_file, rebuild(), name, kept())
            except (ContentError, OutputError, UsageError) as error:
                failed(error)

        _replace(root, docs_dir, config_file, nav, name, kept())
        server = LiveReloadServer(builder=again, host=host, port=port, root=str(root))
        server.error_handler = lambda code: _error_page(root, code)
        for path in watch:
            server.watch(str(path), recursive=path.is_dir())
        try:
            with _said():
                ready(server.url)
                server.serve()  # type: ignore[no-untyped-call]  # MkDocs has no types here
        except KeyboardInterrupt:
            pass
        except OSError as error:
            message = f"The handbook cannot be served at {host}:{port}: {error}."
            raise OutputError(message) from error
        finally:
            _stop(server)


def _replace(
    root: Path, docs_dir: Path, config_file: Path, nav: Nav, name: str, kept: Kept | None
) -> None:
    """Build beside the site that is shown, then exchange it, so that a failure leaves it whole."""
    with tempfile.TemporaryDirectory(prefix="handbook-") as folder:
        build_site(docs_dir, Path(folder), config_file, nav, name, kept)
        for path in root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(folder, root, dirs_exist_ok=True)


def _stop(server: LiveReloadServer) -> None:
    """End the server's threads, those only that were started."""
    if server.observer.is_alive():
        server.shutdown()
    else:
        server.server_close()


def _error_page(root: Path, code: int) -> bytes | None:
    page = root / f"{code}.html"
    return page.read_bytes() if page.is_file() else None
