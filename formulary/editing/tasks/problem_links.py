"""Lead from a problem to the page on which what it is about can be changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from formulary.content.loading import Content, File, OrganisationContent
from formulary.content.source import Document
from formulary.content.ways import innermost, way_to
from formulary.editing.live import LiveProject
from formulary.editing.places import Spot
from formulary.editing.tasks.parts import Line, PageLink, ShownProblem
from formulary.formats.handbook.addresses import Addresses
from formulary.problems import Problem

_PAGES = {
    "organisation": "people",
    "policy": "policy/index",
    "cycle": "year",
    "ratings": "ratings",
    "career-stages": "stages/index",
    "questions": "questions",
    "guidance": "guidance/index",
    "checklists": "checklists",
}
"""The page that shows most of a file, by the file's name."""


def show_problems(
    live: LiveProject, organisation: str, problems: Iterable[Problem]
) -> list[ShownProblem]:
    """Problems in a reader's words, each with a link to the page where it can be corrected."""
    if not organisation:
        return [_show(problem, str(problem.place)) for problem in problems]
    handbook, reading = live.handbook(organisation)
    documents = {document.path: document for document in _documents(reading.content, reading.own)}
    alone = len(live.organisations()) == 1
    at = Addresses(handbook.site.edition, alone) if handbook else None
    shown = []
    for problem in problems:
        document = documents.get(problem.place.file)
        loc = innermost(problem, document) if document else None
        where: Line = str(problem.place)
        if document and loc and at:
            spot = Spot(document.path.as_posix(), way_to(document.data, loc))
            words = problem.where or _words_of(spot)
            where = PageLink(words, f"/{_page_of(spot, at)}#edit={quote(str(spot), safe='')}")
        shown.append(_show(problem, where))
    return shown


def _show(problem: Problem, where: Line) -> ShownProblem:
    message = problem.message.rstrip(".")
    words = f"{message}. {problem.fix}".strip()
    return ShownProblem(problem.kind.severity, problem.kind.title, words, where)


def _documents(content: Content, own: OrganisationContent | None) -> Iterator[Document]:
    for holder in (own, content):
        for value in vars(holder).values() if holder else ():
            if isinstance(value, File):
                yield value.document
    for form in content.forms.values():
        yield form.document


def _page_of(spot: Spot, at: Addresses) -> str:
    """The path of the page that shows a place, in the built site."""
    folder, _, name = spot.file.rpartition("/")
    stem = name.removesuffix(".yaml")
    if folder.endswith("forms"):
        return at.form(stem).removesuffix(".md") + ".html"
    section = re.match(r"sections/=([\w-]+)", spot.way) if stem == "policy" else None
    if section:
        return at.section(section[1]).removesuffix(".md") + ".html"
    return at.page(f"{_PAGES.get(stem, 'index')}.html") if stem in _PAGES else _home(at)


def _home(at: Addresses) -> str:
    return at.home.removesuffix(".md") + ".html"


def _words_of(spot: Spot) -> str:
    """What a place is called where the problem does not say: “policy, scope, short-contracts”."""
    steps = re.findall(r"=([\w-]+)", spot.way)
    return ", ".join((spot.file.rpartition("/")[2].removesuffix(".yaml"), *steps))
