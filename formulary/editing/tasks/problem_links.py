"""Lead from a problem to the page on which what it is about can be changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from formulary.editing.editor import Editor
from formulary.editing.places import Spot, read_spot
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
    editor: Editor, organisation: str, problems: Iterable[Problem]
) -> list[ShownProblem]:
    """Problems in a reader's words, each with a link to the page where it can be corrected."""
    handbook = editor.live.handbook(organisation)[0] if organisation else None
    if handbook is None:
        return [_show(one, one.message, one.fix, str(one.place)) for one in problems]
    at, writer = handbook.site.at(handbook.site.edition), editor.writer(organisation)
    shown = []
    for problem in problems:
        found = writer.describe(problem)
        where: Line = str(problem.place)
        if found["spot"]:
            spot = read_spot(found["spot"])
            words = problem.where or _words_of(spot)
            where = PageLink(words, f"/{_page_of(spot, at)}#edit={quote(str(spot), safe='')}")
        shown.append(_show(problem, found["message"], found["fix"], where))
    return shown


def _show(problem: Problem, message: str, fix: str, where: Line) -> ShownProblem:
    words = f"{message.rstrip('.')}. {fix}".strip()
    return ShownProblem(problem.kind.severity, problem.kind.title, words, where)


def _page_of(spot: Spot, at: Addresses) -> str:
    """The path of the page that shows a place, in the built site."""
    folder, _, name = spot.file.rpartition("/")
    stem = name.removesuffix(".yaml")
    if folder.endswith("forms"):
        return at.form(stem).removesuffix(".md") + ".html"
    section = re.match(r"sections/=([\w-]+)", spot.way) if stem == "policy" else None
    if section:
        return at.section(section[1]).removesuffix(".md") + ".html"
    return (
        at.page(f"{_PAGES.get(stem, 'index')}.html")
        if stem in _PAGES
        else at.home.removesuffix(".md") + ".html"
    )


def _words_of(spot: Spot) -> str:
    """What a place is called where the problem does not say: “policy, scope, short-contracts”."""
    steps = re.findall(r"=([\w-]+)", spot.way)
    return ", ".join((spot.file.rpartition("/")[2].removesuffix(".yaml"), *steps))
