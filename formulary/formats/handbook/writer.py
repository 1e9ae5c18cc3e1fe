"""Write one page of the handbook from its template.

In a template every value that
is not `Markdown` already is escaped, so what content says can never become a sign or a tag.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
)

from formulary.content.cycle import british
from formulary.content.guidance import Diagram, StaffQuestion, Topic
from formulary.documents.paper import compose_paper, diagram_blocks
from formulary.edition.approval import due
from formulary.edition.edition import Edition
from formulary.edition.text import Block, Figure, Run, Table, blocks, line, plain
from formulary.formats.handbook.addresses import Addresses, LinkResolver
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.glossary_terms import TermFinder, find_common
from formulary.formats.handbook.markdown import (
    Explain,
    Markdown,
    built_address,
    escape,
    escape_html,
    render_blocks,
    render_html,
    render_html_inline,
    render_inline,
    render_swatch,
    render_table,
)
from formulary.formats.handbook.related import question_title, topic_title
from formulary.formats.handbook.review_dates import review_note, time_element


def _escape_value(value: Any) -> str:
    return value if isinstance(value, Markdown) else escape(str(value))


def make_environment(
    compiled: BytecodeCache | None = None, theme: Path | None = None
) -> Environment:
    """The templates of the pages, with our escaping in place of HTML's; `compiled` keeps them.

    A template in `theme`, the project's own, comes before that of the product.
    """
    ours = PackageLoader("formulary.formats.handbook", "templates")
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(theme), ours]) if theme else ours,
        autoescape=False,  # for HTML; `finalize` escapes for Markdown, which covers HTML too
        finalize=_escape_value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=compiled,
    )
    made.globals |= {
        "british": british,
        "due": due,
        "question_title": question_title,
        "review_note": review_note,
        "time_element": time_element,
    }
    made.filters["first_sentence"] = first_sentence
    made.filters["short_answer"] = short_answer
    made.filters["later_sentences"] = later_sentences
    made.filters["raw"] = Markdown  # ids, whose pattern allows no sign
    made.filters["html"] = escape_html
    return made


def _explained_texts(edition: Edition) -> tuple[str, ...]:
    """What the pages that explain words say, page by page: sections, topics and questions."""
    sections = (
        " ".join(
            plain(tuple(block for block in clause.blocks if not isinstance(block, Table)))
            for clause in section.clauses
        )
        for section in compose_paper(edition).sections
    )
    topics = (
        " ".join((topic.text or "", *(p.text for p in topic.points), topic.closing or ""))
        for topic in edition.topics
    )
    questions = " ".join(question.answer or "" for question in edition.questions)
    return (*sections, *topics, questions)


@dataclass(frozen=True)
class Writer:
    """Writes one page of an edition. `path` is the page's, from the root of the docs folder."""

    templates: Environment
    addresses: Addresses
    path: str
    within: frozenset[str] = frozenset()
    terms: TermFinder | None = None
    """What explains the words of the glossary on this page, where any are explained."""
    only: str | None = None
    """The path of the one page that is wanted; the others are then left empty."""

    @property
    def edition(self) -> Edition:
        return self.addresses.edition

    @property
    def is_wanted(self) -> bool:
        """Whether the page is to be written, or left empty."""
        return self.only in (None, self.path)

    @property
    def lead(self) -> LinkResolver:
        return LinkResolver(self.addresses, self.path, self.within)

    def page(
        self,
        template: str,
        title: str,
        description: str,
        *,
        search: bool = True,
        wide: bool = False,
        explained: bool = False,
        **values: Any,
    ) -> dict[str, str]:
        """The page's path and text, its front matter before the filled template.

        `explained`: whether words of the glossary are marked; the template then ends with them.
        """
        if not self.is_wanted:
            return {self.path: ""}
        glossary = self.edition.glossary if explained else None
        writer = self
        if glossary:
            common = find_common(glossary, _explained_texts(self.edition))
            writer = replace(self, terms=TermFinder(glossary, common))
        body = self.templates.get_template(f"{template}.md.j2").render(
            w=writer, edition=self.edition, title=title, **values
        )
        matter = front_matter(title, description, search, wide, self.short)
        return {self.path: matter + tidy(body)}

    @property
    def short(self) -> str:
        """The organisation's short name, where there are others to be told apart from."""
        return "" if self.addresses.alone else self.edition.organisation.short

    def whose(self) -> Markdown:
        """What the page's first heading adds, so that a search result tells the organisation."""
        unseen = f' <span class="unseen">({escape(self.short)})</span>'
        return Markdown(unseen if self.short else "")

    def to(self, path: str) -> Markdown:
        """The address of a page of this organisation, such as `year.md` or `year.md#teachers`."""
        return Markdown(self.lead.to(self.addresses.page(path)))

    def built_address(self, path: str) -> Markdown:
        """The address of the built page of a path from the root, for HTML written as such."""
        return Markdown(html.escape(built_address(self.lead.to(path))))

    def text(self, light: str | None) -> Markdown:
        """A text of the content (light Markdown) as paragraphs and lists."""
        return self.blocks(blocks(light)) if light else Markdown("")

    def blocks(self, found: tuple[Block, ...]) -> Markdown:
        return render_blocks(found, self.lead, explain=self.explain)

    @property
    def explain(self) -> Explain | None:
        """Cuts a text at the words of the glossary and leads them there."""
        terms, page = self.terms, self.to("glossary.md")
        if terms is None:
            return None
        return lambda text: (
            (piece, f"{page}#{anchor}" if anchor else "") for piece, anchor in terms(text)
        )

    def explanations(self) -> list[tuple[str, Markdown, Markdown]]:
        """The words that the page marked: each with its built address and its meaning as HTML."""
        if self.terms is None:
            return []
        page = self.lead.to(self.addresses.page("glossary.html"))
        found = [(self.terms.meaning_of(term, anchor), anchor) for term, anchor in self.terms.used]
        return [
            (name, Markdown(f"{page}#{anchor}"), self.cell(means))
            for (name, means), anchor in found
        ]

    def line(self, light: str) -> Markdown:
        """A text that is one line."""
        return render_inline(line(light), self.lead)

    def item(self, light: str, depth: int = 1) -> Markdown:
        """A text that continues a list item."""
        return Markdown(render_blocks(blocks(light), self.lead, depth, self.explain).lstrip())

    def ref(self, id: str) -> Markdown:
        """A link to a clause, section or appendix by its printed name."""
        return render_inline((Run(self.edition.label(id), target=f"clause:{id}"),), self.lead)

    def refs(self, ids: Iterable[str]) -> Markdown:
        """Links to several clauses: “clause 5.3, clause 5.4 and clause 6.1”."""
        # two clauses without numbers can be under one heading: it is named once
        first = {self.edition.label(id): id for id in reversed(tuple(ids))}
        links = [self.ref(id) for id in reversed(first.values())]
        if len(links) < 2:
            return Markdown("".join(links))
        return Markdown(f"{', '.join(links[:-1])} and {links[-1]}")

    def see(self, ids: Iterable[str], said: str = "") -> Markdown:
        """“See clause 5.3.” for the clauses that a text does not link itself; empty if none."""
        linked = {self.edition.label(id) for id in REFERENCE.findall(said)}
        left = [id for id in ids if self.edition.label(id) not in linked]
        return Markdown(f"See {self.refs(left)}." if left else "")

    def about_link(self) -> Markdown:
        """A link to the page about what the edition is based on."""
        return Markdown(f"[About this edition]({self.to('about.md')})")

    def form_path(self, id: str) -> Markdown:
        return Markdown(self.lead.to(self.addresses.form(id)))

    def cell_refs(self, ids: Iterable[str]) -> Markdown:
        """Links to several clauses as HTML: for the cells of tables."""
        links = [Run(self.edition.label(id), target=f"clause:{id}") for id in ids]
        return Markdown("; ".join(render_html_inline((link,), self.lead) for link in links))

    def topic_link(self, topic: Topic) -> Markdown:
        path = self.lead.to(self.addresses.topic(topic.id))
        return Markdown(f"[{escape(topic_title(topic))}]({path})")

    def question_link(self, question: StaffQuestion) -> Markdown:
        path = self.lead.to(self.addresses.question(question.id))
        return Markdown(f"[{escape(question_title(question))}]({path})")

    def diagram(self, diagram: Diagram, *, listed: bool = True) -> Markdown:
        """A diagram: what opens it, its picture, and the same as a list unless the page has it."""
        found = diagram_blocks(diagram) if listed else diagram_blocks(diagram)[:-1]
        at = next(place for place, block in enumerate(found) if isinstance(block, Figure))
        said = f'<div class="pictured" markdown>\n\n{self.blocks(found[at:])}\n\n</div>'
        return Markdown(f"{self.blocks(found[:at])}\n\n{said}")

    def stage_link(self, id: str, name: str) -> Markdown:
        return Markdown(f"[{escape(name)}]({self.lead.to(self.addresses.stage(id))})")

    def section_link(self, id: str, name: str) -> Markdown:
        return Markdown(f"[{escape(name)}]({self.lead.to(self.addresses.section(id))})")

    def download(self, found: Download) -> Markdown:
        """A link to a file that tells its name, type and size."""
        return Markdown(f"[{escape(f'{found.title} ({found.kind})')}]({self.lead.to(found.path)})")

    def download_beside(self, found: Download) -> Markdown:
        """The same beside its name: type and size are seen, the name is heard with them."""
        unseen = f'<span class="unseen">{escape(found.title)}: </span>'
        return Markdown(f"[{unseen}{escape(found.kind)}]({self.lead.to(found.path)})")

    def get_it(
        self, form: str, title: str, files: Iterable[Download], big: bool = False
    ) -> Markdown:
        """The ways to get a form, as HTML: filled in here, in Word, as PDF.

        What is seen is short (“Word”); what is heard tells the form, and the file's size too.
        """
        fill = self.addresses.fill_page(form) if form in self.edition.references.forms else ""
        links = [(fill, "Fill in here", title)]
        for file in files:
            links.append((file.path, file.format, ", ".join(filter(None, (title, file.size)))))
        written = " ".join(
            f'<a href="{self.built_address(path)}">{seen}'
            f'<span class="unseen">: {escape_html(heard)}</span></a>'
            for path, seen, heard in links
            if path
        )
        return Markdown(f'<p class="{"get big" if big else "get"}">{written}</p>')

    def table(self, found: Table, classes: str = "plain") -> Markdown:
        return render_table(found, self.lead, classes)

    def cell(self, light: str) -> Markdown:
        """A text as HTML on one line."""
        return Markdown(render_html(blocks(light), self.lead))

    def swatch(self, colour: str | None) -> Markdown:
        return render_swatch(colour or "")


def front_matter(
    title: str,
    description: str,
    search: bool = True,
    wide: bool = False,
    organisation: str = "",
) -> str:
    """YAML before a page. The theme prints these values as HTML, so they are escaped for it.

    `search`: whether the page is searched; `wide`: whether it gives the room of its list of
    headings to a wide table, or has one itself; `organisation`: whose page it is, where there are
    several.
    """
    lines = [
        f"title: {_quote(title)}",
        f"description: {_quote(shorten(description))}",
    ]
    if organisation:
        lines.append(f"organisation: {_quote(organisation)}")
    if not search:
        lines.append("search:\n  exclude: true")
    if wide:
        lines.append("hide: [toc]")
    return "---\n" + "\n".join(lines) + "\n---\n\n"


def _quote(text: str) -> str:
    return json.dumps(html.escape(text), ensure_ascii=False)


def shorten(text: str, limit: int = 155) -> str:
    """The words of a text, cut at a word's end where they are longer than a search result shows."""
    words = plain(text)
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


REFERENCE = re.compile(r"\]\((?:clause|section):([^)\s]+)\)")
"""A link of the content to a clause or a section, with its id."""

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")


def first_sentence(text: str) -> str:
    """The first sentence of a text, as plain words."""
    return SENTENCE_END.split(plain(text), maxsplit=1)[0]


def short_answer(text: str, least: int = 90) -> str:
    """The first sentences of an answer, up to `least` characters or its first paragraph's end.

    “Yes.” and “You and your reviewer.” are no answer without what follows. What opens a list is
    left out.
    """
    sentences = SENTENCE_END.split(plain(text.strip().split("\n\n")[0]))
    said = sentences[0]
    for sentence in sentences[1:]:
        if len(said) >= least or sentence.endswith(":"):
            break
        said = f"{said} {sentence}"
    return said


def later_sentences(text: str) -> str:
    """What a text says after its first sentence, in Markdown; empty where that is all."""
    return "".join(SENTENCE_END.split(text.strip(), maxsplit=1)[1:])


def tidy(text: str) -> str:
    """Markdown with no more than one empty line in a row, and one line end at its end."""
    kept: list[str] = []
    for found in text.splitlines():
        bare = found.rstrip()
        if bare or (kept and kept[-1]):
            kept.append(bare)
    return "\n".join(kept).strip() + "\n"
