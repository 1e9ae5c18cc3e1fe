"""What a site has beside the handbooks: the pages above several of them, and the guide for HR."""

from __future__ import annotations

from pathlib import Path
from threading import RLock

from formulary.editing.live import Handbook, LiveProject
from formulary.formats.handbook.guide import FOLDER
from formulary.formats.handbook.one_page import NOT_FOUND, GuidePages, PageMaker, PageSet, RootPages
from formulary.pipeline.guide import guide_of
from formulary.project import SETTINGS


class WholeSite:
    """The site of a project, of which pages are made when they are asked for."""

    def __init__(self, live: LiveProject) -> None:
        self.live = live
        self.lock = RLock()
        self._root: tuple[tuple[int, ...], RootPages] | None = None
        self._guide: tuple[PageMaker, GuidePages | None, PageMaker] | None = None

    def owner(self, path: str) -> str:
        """The id of the organisation that a path belongs to; empty for what belongs to none."""
        known = self.live.organisations()
        folder, _, rest = path.partition("/")
        named = (rest or folder).rpartition("/")[2].partition(".")[0]
        own = [id for id in known if folder == id or named == id or named.endswith(f"-{id}")]
        if own and not (folder == FOLDER and FOLDER not in known):
            return max(own, key=len)
        return known[0] if len(known) == 1 and folder != FOLDER else ""

    def find(self, path: str) -> str | bytes | Path | None:
        """What is at a path that belongs to no organisation; a path where it is a file."""
        guide, _, inside = path.partition("/")
        if guide == FOLDER:
            return self._in_guide(inside)
        asset = self.live.maker.asset(path) if path != NOT_FOUND else None
        pages = None if asset else self.root()
        return asset if pages is None else _page_or_file(pages, path)

    def not_found(self, organisation: str) -> str | None:
        """The page for an address that does not exist; None where no handbook can be shown."""
        handbook = self.live.handbook(organisation)[0] if organisation else None
        pages = handbook.site if handbook and handbook.site.alone else self.root()
        return pages.not_found() if pages else None

    def root(self) -> RootPages | None:
        """The pages above all handbooks that can be shown; None where there is none."""
        shown = [found for found in map(self._handbook, self.live.organisations()) if found]
        if not shown:
            return None
        with self.lock:
            state = tuple(handbook.number for handbook in shown)
            if self._root is None or self._root[0] != state:
                sites = [handbook.site for handbook in shown]
                pages = RootPages(self.live.maker, sites, sites[0].accessibility)
                self._root = state, pages
            return self._root[1]

    @property
    def number(self) -> int:
        """Changes whenever one of the handbooks does."""
        shown = map(self._handbook, self.live.organisations())
        return max((handbook.number for handbook in shown if handbook), default=0)

    def faulty(self) -> list[str]:
        """The ids of the organisations whose handbook cannot be shown."""
        return [id for id in self.live.organisations() if self._handbook(id) is None]

    def _handbook(self, organisation: str) -> Handbook | None:
        return self.live.handbook(organisation)[0]

    def _in_guide(self, path: str) -> str | bytes | Path | None:
        with self.lock:
            maker = self.live.maker  # another one once the settings have changed
            if self._guide is None or self._guide[0] is not maker:
                self._guide = (maker, *self._make_guide())
            _, pages, own = self._guide
        if pages is None:
            return None
        asset = own.asset(path)
        return asset or _page_or_file(pages, path)

    def _make_guide(self) -> tuple[GuidePages | None, PageMaker]:
        live = self.live
        root = self.root()
        name = root.name if root else ""
        maker = PageMaker(live.root / SETTINGS, {name: "../index.html"}, FOLDER)
        read = [live.handbook(id)[1] for id in live.organisations()]
        law = read[0].content.law if read else None
        guide = guide_of(live.root, law.item.sources() if law else {})
        editions = root.editions if root else ()
        return GuidePages(maker, guide, editions) if guide else None, maker


def _page_or_file(pages: PageSet, path: str) -> str | bytes | None:
    if path == NOT_FOUND:
        return pages.not_found()
    if path.endswith(".html"):
        return pages.page(path.removesuffix(".html") + ".md")
    return pages.generated(path)
