"""Write the page on which a form is filled in in the browser.

It is read and printed without its script; with it, the answers are checked, saved as Word or PDF,
and taken out of a file again. The page may fetch nothing and send nothing: its policy (Content
Security Policy, level 3) allows its own scripts and style sheets, and no connection at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from formulary.content.typeface import Faces
from formulary.diagrams.colour import make_shades
from formulary.documents.arrangement import arrange_answers, has_boxes, shared_options, width_of
from formulary.documents.blank import Blank
from formulary.edition.text import FIELD, Block, Bullets, Cell, Paragraph, Run, Table

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'"
    " data:; connect-src 'none'; form-action 'none'; base-uri 'none'; object-src 'none';"
    " worker-src 'none'; frame-src 'none'"
)


@dataclass(frozen=True)
class FillPage:
    """What a page is made of beside its form.

    `link` gives the address of a run's target, and `assets` that of the shared files; `about` is
    the page about the form, `statement` the accessibility statement, `files` the form's downloads
    by format, and `scripts` the names of the formats that can be written here. `logo` is the
    address of the picture in the plate, which shows `short` where there is none; `email` is that of
    whoever gets the form, or empty.
    """

    blank: Blank
    link: Callable[[str], str]
    assets: str
    about: str
    statement: str
    files: Mapping[str, str]
    scripts: tuple[str, ...]
    short: str
    logo: str
    email: str
    clauses: Mapping[str, str]
    """The address of the clause that a part serves, by the part's id."""
    rules: Mapping[str, Any]
    """What `formulary.returns.rules` says of the form."""


def write_fill_page(page: FillPage) -> str:
    """The page as HTML."""
    made: str = template("fill.html.j2").render(
        page=page,
        blank=page.blank,
        policy=POLICY,
        arrange=arrange_answers,
        has_boxes=has_boxes,
        shared_options=shared_options,
        width_of=width_of,
        html=lambda blocks: _html(blocks, page.link),
        data=_data(page),
    )
    return made


def write_look(colour: str, faces: Faces | None = None, fonts: str = "") -> str:
    """The style sheet of an organisation's colour, with what is made of it for dark pages.

    `fonts` are the rules that say where the files of its typefaces are.
    """
    shades = make_shades(colour)
    light = "".join(f"--{name}:{colour};" for name in ("org", "org-text", "band", "plate"))
    light += f"--org-tint:{shades.tint}"
    if faces:
        light += ';--titles:"Own titles"' + (';--words:"Own text"' if faces.text else "")
    dark = (
        f"--org:{shades.dark_fill};--org-text:{shades.dark_text};"
        f"--org-tint:{shades.dark_tint};--band:{shades.dark_band}"
    )
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"{fonts}:root{{{light}}}\n{dark}\n"


@cache
def template(name: str) -> Any:
    """A template of the pages; whatever it prints is escaped."""
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template(name)


def _html(blocks: Iterable[Block], link: Callable[[str], str]) -> Markup:
    return Markup("").join(_block(block, link) for block in blocks)


def _block(block: Block, link: Callable[[str], str]) -> Markup:
    if isinstance(block, Paragraph):
        runs = Markup("").join(_run(run, link) for run in block.runs)
        return Markup("<p>{}</p>").format(runs)
    if isinstance(block, Bullets):
        marks = block.marks or ("",) * len(block.items)
        items = Markup("").join(
            Markup("<li>{}{}</li>").format(_mark(mark), _html(item, link))
            for mark, item in zip(marks, block.items, strict=True)
        )
        kind = Markup(' class="marked"') if block.marks else ""
        return Markup("<ul{}>{}</ul>").format(kind, items)
    return _table(block, link) if isinstance(block, Table) else Markup("")


def _mark(mark: str) -> Markup:
    return Markup('<span class="mark">{}</span> ').format(mark) if mark else Markup("")


def _table(table: Table, link: Callable[[str], str]) -> Markup:
    def cell(found: Cell, scope: str) -> Markup:
        words = _html(found.blocks, link)
        if not scope or not words:  # an empty heading would only be noise
            return Markup("<td>{}</td>").format(words)
        return Markup('<th scope="{}">{}</th>').format(scope, words)

    heads = Markup("").join(cell(found, "col") for found in table.columns)
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(cell(found, "" if place else "row") for place, found in enumerate(row))
        )
        for row in table.rows
    )
    return Markup(
        '<table class="words"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(heads, rows)


def _run(run: Run, link: Callable[[str], str]) -> Markup:
    if run.target.startswith(FIELD):
        id = run.target.removeprefix(FIELD)
        return Markup('<a class="blank" href="#q-{0}" data-shows="{0}">…</a>').format(id)
    text: Markup = Markup("<br>").join(run.text.split("\n"))
    if run.strong:
        text = Markup("<strong>{}</strong>").format(text)
    if run.emphasis:
        text = Markup("<em>{}</em>").format(text)
    address = link(run.target) if run.target else ""
    return Markup('<a href="{}">{}</a>').format(address, text) if address else text


_SAID = (
    *("id", "title", "kind", "options", "required", "value", "prefill", "was", "means"),
    *("signature", "format", "unit", "least", "most"),
)
"""What the script knows of each question."""


def _data(page: FillPage) -> Markup:
    """What the script knows of the form, as JSON that no text in it can end."""
    blank, stamp = page.blank, page.blank.stamp
    said = {
        **vars(stamp),
        "title": blank.title,
        "stem": blank.file_stem,
        "assets": page.assets,
        "scripts": page.scripts,
        "questions": [{name: getattr(q, name) for name in _SAID} for q in blank.questions()],
        "rules": page.rules,
    }
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))
