"""Policies in Word as offices make them, each with what it should become.

The contents are few, the habits many: styles or only bold letters, numbers automatic or typed,
banners, layout in tables, covers, contents, tracked changes, and files that other programs saved.
"""

# ruff: noqa: E501  (a line of a table or of a document is a line)

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from office_contents import CONTENTS
from office_programs import PROGRAMS

from tests.imports.documents import W, cell, deleted, docx, inserted, note, table, text_box
from tests.imports.documents import run as plain_run


@dataclass(frozen=True)
class Item:
    """A line of the shorthand; `number` is what the document prints before it."""

    kind: str
    words: str
    number: str = ""


@dataclass(frozen=True)
class Habits:
    """How an office writes. See the branches of `Printer` for the names."""

    scheme: str = "clauses"
    section: str = "styled-auto"
    title: str = "h2"
    clause: str = "auto"
    points: str = "auto"
    cover: str = "table"
    contents: str = ""
    head: str = "style"
    extras: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    """The formats that a program saved it in, one after the other."""


@dataclass
class Gold:
    """What a document should become, as `gold.json` says it."""

    title: str
    numbering: str
    sections: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)


def read_items(text: str, scheme: str) -> list[Item]:
    """The lines of a content, numbered in a scheme."""
    items: list[Item] = []
    section = clause = inner = running = appendix = 0
    in_appendix = False
    for line in text.strip().splitlines():
        kind, _, words = line.partition(" ")
        if kind.startswith("("):
            kind, words = "-", words
        number = ""
        if kind == "##":
            section, clause, in_appendix = section + 1, 0, False
            number = {
                "clauses": f"{section}", "sections": f"{section}", "articles": f"{section}",
                "roman": ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"][section - 1],
                "letters": chr(64 + section),
            }.get(scheme, "")  # fmt: skip
        elif kind == "##A":
            appendix, in_appendix, clause = appendix + 1, True, 0
            number = chr(64 + appendix)
        elif kind == "##!":
            in_appendix = True
        elif kind in (">", ">#", ">:") and not in_appendix:
            clause, inner, running = clause + 1, 0, running + 1
            if scheme == "clauses":
                number = f"{section}.{clause}"
            elif scheme in ("running", "letters"):
                number = f"{running}"
            elif scheme == "articles":
                number = f"{clause}"
        elif kind == ">>":
            inner += 1
            number = f"{section}.{clause}.{inner}" if scheme == "clauses" else ""
        items.append(Item(kind, words.strip(), number))
    return items


def gold_of(items: list[Item], scheme: str, way: str) -> Gold:
    numbering = {
        "running": "paragraphs",
        "letters": "paragraphs",
        "none": "none",
        "articles": "articles",
    }.get(scheme, "clauses")
    if any(i.kind == "##A" for i in items) and numbering == "none":
        numbering = "clauses"  # so that appendices have their letters  # fmt: skip
    zero = ".0" if way == "zero" else ""
    gold = Gold(next(i.words for i in items if i.kind == "="), numbering)
    entry: dict[str, Any] | None = None
    for at, item in enumerate(items):
        bare = re.sub(r"\[\^.*?\]", "", item.words)
        if item.kind in ("##", "##!", "##A"):
            gold.sections.append({"id": f"s{at}", "title": bare, "clauses": []})
            gold.numbers[f"s{at}"] = item.number + (zero if item.number.isdigit() else "")
            entry = None
        elif item.kind == ">:":
            title, text = bare.split(" | ")
            entry = {"id": f"c{at}", "title": title, "text": text, "points": []}
            gold.sections[-1]["clauses"].append(entry)
            gold.numbers[f"c{at}"] = item.number
        elif item.kind in (">", ">>", "###", ">#") or (item.kind == "+" and entry is None):
            titled = item.kind in ("###", ">#")
            if entry is not None and entry["title"] and not (titled or item.number):
                continue  # a clause with a title holds what follows
            entry = {"id": f"c{at}", "title": bare if titled else None,
                     "text": "" if titled else bare, "points": []}  # fmt: skip
            gold.sections[-1]["clauses"].append(entry)
            gold.numbers[f"c{at}"] = item.number
        elif item.kind in ("-", "--") and entry is not None:
            entry["points"].append(bare)
    return gold


_STYLE = (
    '<w:style w:type="paragraph" {more}w:styleId="{id}"><w:name w:val="{name}"/>'
    "<w:pPr>{paragraph}</w:pPr><w:rPr>{look}</w:rPr></w:style>"
)


def _styles() -> str:
    def style(id: str, name: str, paragraph: str = "", look: str = "", more: str = "") -> str:
        return _STYLE.format(id=id, name=name, paragraph=paragraph, look=look, more=more)

    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/>'
        "</w:rPr></w:rPrDefault></w:docDefaults>"
        + style("Normal", "Normal", more='w:default="1" ')
        + style("Title", "Title", look='<w:sz w:val="52"/>')
        + style("Heading1", "heading 1", '<w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="32"/>')
        + style("Heading2", "heading 2", '<w:outlineLvl w:val="1"/>', '<w:b/><w:sz w:val="26"/>')
        + style("Heading3", "heading 3", '<w:outlineLvl w:val="2"/>', '<w:sz w:val="22"/>')
        + style("SectionHead", "Section Heading", "", '<w:b/><w:sz w:val="28"/>')
        + style("ListParagraph", "List Paragraph", '<w:ind w:left="720"/>')
        + style("ListBullet", "List Bullet", '<w:numPr><w:numId w:val="2"/></w:numPr>')
        + style("TOC1", "toc 1")
        + "</w:styles>"
    )


def _numbering() -> str:
    def level(at: int, kind: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{text}"/><w:pPr><w:ind w:left="{360 * (at + 1)}"/></w:pPr></w:lvl>'
        )

    lists = {
        1: level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2")
        + level(2, "decimal", "%1.%2.%3") + level(3, "lowerLetter", "(%4)"),
        2: level(0, "bullet", "\uf0b7") + level(1, "bullet", "o") + level(2, "bullet", "\uf0a7"),
        3: level(0, "lowerLetter", "(%1)") + level(1, "lowerRoman", "(%2)"),
        4: level(0, "decimal", "%1."),
        5: level(0, "upperRoman", "Article %1") + level(1, "decimal", "Section %2."),
        6: level(0, "decimal", "%1)") + level(1, "lowerLetter", "%2)"),
        7: level(0, "upperLetter", "Appendix %1"),
        8: level(0, "upperLetter", "%1."),
    }  # fmt: skip
    nums = "".join(f'<w:num w:numId="{id}"><w:abstractNumId w:val="{id}"/></w:num>' for id in lists)
    restarted = "".join(
        f'<w:num w:numId="{id * 100 + n}"><w:abstractNumId w:val="{id}"/><w:lvlOverride '
        'w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for id in (3, 6)
        for n in range(40)
    )
    return (
        f'<w:numbering xmlns:w="{W}">'
        + "".join(
            f'<w:abstractNum w:abstractNumId="{id}">{levels}</w:abstractNum>'
            for id, levels in lists.items()
        )
        + nums + restarted + "</w:numbering>"
    )  # fmt: skip


class Printer:
    """Prints a content in an office's habits."""

    def __init__(self, items: list[Item], habits: Habits) -> None:
        self.items, self.habits = items, habits
        self.body: list[str] = []
        self.notes: list[str] = []
        self.lists = 0
        self.points: list[str] = []

    def p(
        self, words: str, *, style: str = "", num: tuple[int, int] | None = None, bold: bool = False,
        size: int = 0, look: str = "", more: str = "",
    ) -> str:  # fmt: skip
        own = f'<w:pStyle w:val="{style}"/>' if style else ""
        if num:
            own += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>'
        return f"<w:p><w:pPr>{own}{more}</w:pPr>{self.runs(words, bold, size, look)}</w:p>"

    def runs(self, words: str, bold: bool, size: int, look: str) -> str:
        title, bar, text = words.partition(" | ")
        if bar:
            start, stop = (True, title + "."), (False, f" {text}")
            if "dash" in self.habits.extras:
                start, stop = (True, title), (False, f" – {text}")
            return "".join(plain_run(said, bold=bold) for bold, said in (start, stop))
        text, _, called = words.partition("[^")
        parts = [text]
        if "split" in self.habits.extras:  # spelling checks cut words into runs
            parts = re.findall(r".{1,7}", text, re.DOTALL)
        made = "".join(plain_run(part, bold=bold, size=size, more=look) for part in parts)
        if "tracked" in self.habits.extras and len(text) > 60:
            made = made + inserted(" This was agreed in May.") + deleted(" This was not.")
        if called:
            foot, _, rest = called.partition("]")
            self.notes.append(foot)
            made += note(len(self.notes)) + plain_run(rest, bold=bold, size=size, more=look)
        return made

    def print(self) -> bytes:
        self.front()
        for at, item in enumerate(self.items):
            following = self.items[at + 1] if at + 1 < len(self.items) else None
            self.item(item, following)
        return self.file()

    def file(self) -> bytes:
        parts = {"word/styles.xml": _styles(), "word/numbering.xml": _numbering()}
        if self.notes:
            foot = "".join(
                f'<w:footnote w:id="{at}">{self.p(words)}</w:footnote>'
                for at, words in enumerate(self.notes, start=1)
            )
            parts["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{W}">{foot}</w:footnotes>'
        if "edges" in self.habits.extras:
            page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>'
            parts["word/header1.xml"] = (
                f'<w:hdr xmlns:w="{W}">{self.p("Oak Trust – for staff")}</w:hdr>'
            )
            parts["word/footer1.xml"] = f'<w:ftr xmlns:w="{W}"><w:p>{page}</w:p></w:ftr>'
        if "comments" in self.habits.extras:
            parts["word/comments.xml"] = (
                f'<w:comments xmlns:w="{W}"><w:comment w:id="0">{self.p("Ask the union")}'
                "</w:comment></w:comments>"
            )
        return openable(docx(*self.body, parts=parts))

    # the front

    def front(self) -> None:
        add, habits = self.body.append, self.habits
        title = next(i.words for i in self.items if i.kind == "=")
        cover = [i.words.split(" | ") for i in self.items if i.kind == "@"]
        if "organisation" in habits.extras:
            add(
                self.p("Oak Multi Academy Trust", bold=True, size=44, more='<w:jc w:val="center"/>')
            )
        if habits.head == "style":
            add(self.p(title, style="Title"))
        elif habits.head == "centred":
            add(self.p(title, bold=True, size=36, more='<w:jc w:val="center"/>'))
        elif habits.head == "caps":
            add(self.p(title.upper(), bold=True, more='<w:jc w:val="center"/>'))
        elif habits.head == "heading1":
            add(self.p(title, style="Heading1"))
        elif habits.head == "soft":
            add(self.p(title.replace(" ", "\n", 1), bold=True, size=40))
        if habits.cover == "table":
            add(table(*[[cell(self.p(f"{a}:", bold=True)), cell(b)] for a, b in cover]))
        elif habits.cover == "wide":
            flat = [words for pair in cover for words in pair]
            add(table(*[flat[n : n + 4] for n in range(0, len(flat) // 4 * 4, 4)]))
            if rest := flat[len(flat) // 4 * 4 :]:
                add(table(*[rest[n : n + 2] for n in range(0, len(rest), 2)]))
        elif habits.cover == "header":
            add(table([a for a, _ in cover], [b for _, b in cover]))
        elif habits.cover == "in-table":
            add(table([cell(self.p(title, bold=True, size=32), span=2, shaded=True)], *cover))
        elif habits.cover == "lines":
            for a, b in cover:
                add(self.p(f"{a}:\t{b}"))
        heads = [i for i in self.items if i.kind.startswith("##")]
        if habits.contents == "leaders":
            add(self.p("CONTENTS", bold=True))
            for page, item in enumerate(heads):
                add(self.p(f"{item.number} {item.words} {'.' * 30} {page + 2}".strip()))
        elif habits.contents == "tabs":
            add(self.p("Contents Page", bold=True))
            for page, item in enumerate(heads):
                add(self.p(f"{item.number}\t{item.words}\t{page + 2}".strip()))
        elif habits.contents == "typed":
            add(self.p("Contents:", bold=True))
            for item in heads:
                add(self.p(f"{item.number}. {item.words}" if item.number else item.words))
        elif habits.contents == "field":
            inner = "".join(
                f'<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>{plain_run(f"{i.words}{chr(9)}3")}</w:p>'
                for i in heads
            )
            add(
                '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
                f"</w:docPartObj></w:sdtPr><w:sdtContent>{self.p('Contents', style='Heading1')}"
                f"{inner}</w:sdtContent></w:sdt>"
            )
        if "box" in habits.extras:
            add(text_box("Together we grow"))

    # the text

    def item(self, item: Item, following: Item | None) -> None:
        kind = item.kind
        if kind in ("-", "--"):
            self.point(item, following)
            return
        self.points = []
        if kind == "###":
            self.heading(item.words)
        elif kind.startswith("##"):
            self.section(item)
        elif kind == ">#":
            self.clause(item, bold=True)
        elif kind in (">", ">>", ">:"):
            self.clause(item)
        elif kind == "+":
            self.body.append(self.p(item.words))
        elif kind == "|" and not (self.body and self.body[-1].startswith("<w:tbl>")):
            rows = []
            for one in self.items[self.items.index(item) :]:
                if one.kind != "|":
                    break
                rows.append([cell(words) for words in one.words.split(" | ")])
            self.body.append(table(*rows))

    def section(self, item: Item) -> None:
        words, number, how = item.words, item.number, self.habits.section
        add = self.body.append
        if "landscape" in self.habits.extras and item.kind == "##A":
            add('<w:p><w:pPr><w:sectPr><w:pgSz w:orient="landscape"/></w:sectPr></w:pPr></w:p>')
        if item.kind == "##A":
            number = f"Appendix {item.number}"
        looks: dict[str, dict[str, Any]] = {
            "styled": {"style": "Heading1"}, "bold": {"bold": True}, "caps": {},
            "boldcaps": {"bold": True}, "underline": {"look": '<w:u w:val="single"/>'},
            "large": {"size": 28}, "custom": {"style": "SectionHead"},
            "h2": {"style": "Heading2"}, "outline": {"bold": True, "more": '<w:outlineLvl w:val="0"/>'},
        }  # fmt: skip
        name, _, way = how.partition("-")
        if name == "banner":
            shown = f"{number}. {words}" if number and way == "typed" else words
            shown = f"{number}: {words}" if item.kind == "##A" else shown
            add(table([cell(self.p(shown, bold=True), shaded=True)]))
            return
        if name == "heads":  # headings set in a table beside a number
            add(table([cell(self.p(number, bold=True)), cell(self.p(words, bold=True))]))
            return
        look = dict(looks[name])
        if name in ("caps", "boldcaps"):
            words = words.upper()
        if item.kind == "##!" or not number:
            add(self.p(words, **look))
        elif item.kind == "##A":
            add(self.p(f"{number}: {words}" if way != "dash" else f"{number} – {words}", **look))
        elif way == "auto":
            add(self.p(words, num=(1, 0), **look))
        elif way == "letter":
            add(self.p(words, num=(8, 0), **look))
        else:
            shown = {
                "dot": f"{number}. {words}", "tab": f"{number}\t{words}", "dots": f"{number}.\t{words}",
                "zero": f"{number}.0 {words}", "colon": f"Section {number}: {words}",
                "word": f"Section {_NAMES.get(number, number)}: {words}",
                "article": f"Article {number} – {words}", "paren": f"{number}) {words}",
                "part": f"Part {number} {words}", "none": words, "": words,
                "letterdot": f"{number}. {words}", "romandot": f"{number}. {words}",
                "colonend": f"{number}. {words}:", "bare": f"{number} {words}",
            }[way]  # fmt: skip
            add(self.p(shown, **look))

    def heading(self, words: str) -> None:
        how = self.habits.title
        looks: dict[str, dict[str, Any]] = {
            "h2": {"style": "Heading2"}, "bold": {"bold": True}, "h3": {"style": "Heading3"},
            "italic": {"bold": True, "look": "<w:i/>"}, "underline": {"look": '<w:u w:val="single"/>'},
        }  # fmt: skip
        self.body.append(self.p(words, **looks[how]))

    def clause(self, item: Item, *, bold: bool = False) -> None:
        words, number, how = item.words, item.number, self.habits.clause
        if not number:
            self.body.append(self.p(words, bold=bold))
            return
        if how == "auto":
            depth = number.count(".")
            self.body.append(self.p(words, num=(1, depth), bold=bold))
        elif how == "running":
            self.body.append(self.p(words, num=(4, 0), bold=bold))
        elif how == "table":
            self.body.append(table([cell(number), cell(self.p(words, bold=bold))]))
        elif how == "article":
            self.body.append(self.p(f"Section {number}. {words}"))
        elif how == "h3":  # whole paragraphs in a style of headings, for its look
            self.body.append(self.p(f"{number} {words}", style="Heading3"))
        else:
            shown = {"tab": f"{number}\t{words}", "space": f"{number} {words}",
                     "dot": f"{number}. {words}", "dottab": f"{number}.\t{words}",
                     "paren": f"({number}) {words}", "wide": f"{number}      {words}",
                     "nbsp": f"{number}\u00a0{words}"}[how]  # fmt: skip
            self.body.append(self.p(shown, bold=bold))

    def point(self, item: Item, following: Item | None) -> None:
        deep = item.kind == "--"
        if not self.points:
            self.lists += 1
        self.points.append(item.words)
        at, how, words = len(self.points), self.habits.points, item.words
        letter = chr(96 + min(at, 26))
        roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"][min(at, 10) - 1]
        if "semicolons" in self.habits.extras:
            words += ";" if following and following.kind in ("-", "--") else "."
        indent = f'<w:ind w:left="{1080 if deep else 540}"/>'
        add = self.body.append
        if how == "auto":
            add(self.p(words, num=(2, int(deep))))
        elif how == "deepauto":
            add(self.p(words, style="ListParagraph", num=(2, 1 + deep)))
        elif how == "letters":
            add(self.p(words, num=(300 + self.lists, int(deep))))
        elif how == "numbers":
            add(self.p(words, num=(600 + self.lists, int(deep))))
        elif how == "style":
            add(self.p(words, style="ListBullet"))
        elif how == "soft":  # all the list in one paragraph
            if following is None or following.kind not in ("-", "--"):
                add(self.p("\n".join(f"• {one}" for one in self.points)))
        else:
            sign = {"dot": "•\t", "dash": "- ", "o": "o\t", "ospace": "o  ", "paren": f"({letter}) ",
                    "half": f"{letter}) ", "roman": f"({roman})\t", "number": f"{at}. ",
                    "number)": f"{at}) ", "endash": "– ", "arrow": "➢ ", "wing": "\uf0b7\t"}[how]  # fmt: skip
            add(self.p(f"{sign}{words}", more=indent))


_NAMES = {"1": "One", "2": "Two", "3": "Three", "4": "Four", "5": "Five", "6": "Six", "7": "Seven"}

OFFICES: dict[str, tuple[str, Habits]] = {
    "a-multilevel": ("absence", Habits()),
    "a-typed-tabs": ("absence", Habits(section="styled-tab", clause="tab", points="dot", cover="lines", contents="leaders")),
    "a-bold-typed": ("absence", Habits(section="bold-dot", clause="tab", points="dash", head="centred", contents="typed")),
    "a-caps": ("absence", Habits(section="caps-dot", clause="space", points="paren", head="caps", cover="in-table")),
    "a-boldcaps": ("absence", Habits(section="boldcaps-zero", clause="tab", points="o", head="centred", extras=("edges", "organisation"))),
    "a-banner": ("absence", Habits(section="banner-typed", clause="space", points="wing", cover="in-table", head="none", extras=("split",))),
    "a-underline": ("absence", Habits(section="underline-dots", clause="dottab", points="half", head="centred", cover="wide")),
    "a-word": ("absence", Habits(section="bold-word", clause="tab", points="roman", head="heading1")),
    "a-colon": ("absence", Habits(section="custom-colon", clause="dot", points="endash", contents="tabs", extras=("semicolons",))),
    "a-custom": ("absence", Habits(section="custom-auto", clause="auto", points="style", contents="field", extras=("tracked", "comments", "box"))),
    "a-table-layout": ("absence", Habits(section="bold-bare", clause="table", points="auto", head="centred")),
    "a-sections-only": ("absence", Habits(scheme="sections", section="styled-dot", clause="plain", points="letters")),
    "a-none": ("absence", Habits(scheme="none", section="bold", clause="plain", points="soft", head="centred", cover="lines")),
    "a-h3-body": ("absence", Habits(section="styled-dot", clause="h3", points="auto")),
    "a-articles": ("absence", Habits(scheme="articles", section="boldcaps-article", clause="article", points="paren", head="centred")),
    "a-libre": ("absence", Habits(through=("odt", "docx"))),
    "a-libre-typed": ("absence", Habits(section="bold-dot", clause="tab", points="dot", head="centred", through=("odt", "docx"))),
    "a-old": ("absence", Habits(section="styled-dot", clause="tab", points="letters", through=("doc", "docx"))),
    "a-html": ("absence", Habits(section="styled-dot", clause="space", points="auto", through=("html", "docx"))),
    "r-typed": ("runins", Habits(section="bold-dot", clause="tab", points="dot", head="centred")),
    "r-auto": ("runins", Habits(cover="lines")),
    "r-none": ("runins", Habits(scheme="none", section="styled", clause="plain", points="dash")),
    "r-dash": ("runins", Habits(scheme="none", section="boldcaps", clause="plain", extras=("dash",), head="caps")),
    "r-running": ("runins", Habits(scheme="running", section="bold", clause="dottab", points="half")),
    "p-multilevel": ("appraisal", Habits()),
    "p-typed": ("appraisal", Habits(section="h2-dot", title="h3", clause="tab", points="dash", head="heading1")),
    "p-bold": ("appraisal", Habits(section="boldcaps-dot", title="bold", clause="tab", points="dot", head="centred", cover="lines")),
    "p-large": ("appraisal", Habits(section="large-dot", title="bold", clause="tab", points="arrow", head="soft", cover="header")),
    "p-underline": ("appraisal", Habits(section="bold-dots", title="underline", clause="dottab", points="ospace", head="centred")),
    "p-none": ("appraisal", Habits(scheme="none", section="large", title="bold", clause="plain", points="style")),
    "p-none-styled": ("appraisal", Habits(scheme="none", section="styled", title="h2", clause="plain", points="soft", extras=("edges", "landscape"))),
    "p-outline": ("appraisal", Habits(section="outline-dot", title="italic", clause="nbsp", points="deepauto", head="centred", cover="wide")),
    "p-libre": ("appraisal", Habits(section="styled-dot", clause="tab", points="auto", through=("odt", "docx"))),
    "p-roman": ("appraisal", Habits(scheme="roman", section="bold-romandot", title="underline", clause="plain", points="number", head="centred")),
    "c-running": ("conduct", Habits(scheme="running", section="styled", clause="running", points="letters")),
    "c-running-typed": ("conduct", Habits(scheme="running", section="bold", clause="dottab", points="paren", head="centred", cover="lines")),
    "c-running-caps": ("conduct", Habits(scheme="running", section="boldcaps", clause="tab", points="half", head="caps")),
    "c-letters": ("conduct", Habits(scheme="letters", section="bold-letterdot", clause="running", points="auto", head="centred")),
    "c-running-libre": ("conduct", Habits(scheme="running", section="styled", clause="running", points="auto", through=("doc", "docx"))),
    "c-clauses": ("conduct", Habits(section="bold-auto", clause="auto", points="letters", head="centred", contents="tabs")),
    "c-paren": ("conduct", Habits(section="bold-paren", clause="tab", points="number)", head="centred")),
    "c-heads": ("conduct", Habits(section="heads", clause="tab", points="dot", head="centred")),
    "k-multilevel": ("capability", Habits()),
    "k-typed": ("capability", Habits(section="bold-dot", clause="tab", points="paren", head="centred", cover="lines")),
    "k-colonend": ("capability", Habits(section="bold-colonend", clause="wide", points="dot", head="centred", cover="none")),
    "k-caps": ("capability", Habits(section="caps-tab", clause="tab", points="half", head="caps", contents="leaders")),
    "g-styled": ("absence", Habits(section="styled-dot", clause="tab", points="letters", extras=("google",))),
    "g-bold": ("appraisal", Habits(section="bold-dot", title="bold", clause="tab", points="auto", head="centred", extras=("google", "comments"))),
    "g-running": ("conduct", Habits(scheme="running", section="styled", clause="running", points="auto", cover="in-table", extras=("google",))),
    "m-styled": ("absence", Habits(section="styled-dot", clause="tab", points="dot", extras=("pages",))),
    "m-none": ("appraisal", Habits(scheme="none", section="styled", title="h2", clause="plain", points="auto", cover="lines", extras=("pages",))),
    "m-caps": ("capability", Habits(section="boldcaps-dot", clause="dottab", points="half", head="centred", extras=("pages", "edges"))),
    "k-libre": ("capability", Habits(section="styled-auto", points="letters", through=("odt", "docx"))),
}  # fmt: skip


_KINDS = {"document": "main", "styles": "", "numbering": "", "footnotes": "", "comments": "",
          "header1": "", "footer1": ""}  # fmt: skip
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def openable(data: bytes) -> bytes:
    """A file of the tests with the relations that an office program needs to open it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(made, "w") as out:
        parts = [n.removeprefix("word/").removesuffix(".xml") for n in package.namelist()]
        parts = [part for part in parts if part in _KINDS]
        for part in parts:
            out.writestr(f"word/{part}.xml", package.read(f"word/{part}.xml"))
        xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        types = "".join(
            f'<Override PartName="/word/{part}.xml" ContentType="application/vnd.openxmlformats-'
            f"officedocument.wordprocessingml.{part.rstrip('1')}{'.main' if _KINDS[part] else ''}"
            '+xml"/>'
            for part in parts
        )
        relations = "application/vnd.openxmlformats-package.relationships+xml"
        out.writestr(
            "[Content_Types].xml",
            f'{xml}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="{relations}"/><Default Extension="xml" ContentType="application/xml"/>'
            f"{types}</Types>",
        )
        out.writestr(
            "_rels/.rels",
            f'{xml}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        inner = "".join(
            f'<Relationship Id="rId{at}" Type="{_OFFICE}/{part.rstrip("1")}" Target="{part}.xml"/>'
            for at, part in enumerate(parts)
            if part != "document"
        )
        out.writestr(
            "word/_rels/document.xml.rels",
            f'{xml}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>',
        )
    return made.getvalue()


def make_policies(only: str = "") -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Each policy: its name, the Word file, and its gold."""
    made = [
        (name, *_print(content, habits), habits.through)
        for name, (content, habits) in OFFICES.items()
        if only in name
    ]
    saved = save_through({name: (data, through) for name, data, _, through in made if through})
    for name, data, gold, through in made:
        if not through or name in saved:
            yield name, saved.get(name, data), gold.__dict__


def draw_policies(count: int, seed: int = 1) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Policies that mix the habits of the offices at random, the same for the same seed."""
    chance = random.Random(seed)
    offices = [office for office in OFFICES.values() if not office[1].through]
    extras = sorted({extra for _, habits in offices for extra in habits.extras})
    for at in range(count):
        content, habits = chance.choice(offices)
        names = ("points", "cover", "contents", "head")
        others = {name: getattr(chance.choice(offices)[1], name) for name in names}
        if others["head"] == "none":  # the title is in the table of the cover then
            others["cover"] = "in-table"
        chosen = tuple(chance.sample(extras, chance.randrange(4)))
        data, gold = _print(content, replace(habits, extras=chosen, **others))
        yield f"drawn-{at}", data, gold.__dict__


def _print(content: str, habits: Habits) -> tuple[bytes, Gold]:
    text = CONTENTS[content]
    if habits.scheme == "clauses":
        items = read_items(text, habits.scheme)
    else:
        items = [
            replace(i, kind=">" if i.kind == ">>" else i.kind)
            for i in read_items(text, habits.scheme)
        ]
    data = Printer(items, habits).print()
    for program in habits.extras:
        data = PROGRAMS.get(program, bytes)(data)
    return data, gold_of(items, habits.scheme, habits.section.partition("-")[2])


def save_through(files: dict[str, tuple[bytes, tuple[str, ...]]]) -> dict[str, bytes]:
    """Files as LibreOffice saves them in one format after the other; none where it is missing."""
    office = shutil.which("soffice")
    if office is None or not files:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        current = {name: place / f"{name}.docx" for name in files}
        for name, path in current.items():
            path.write_bytes(files[name][0])
        for step in range(max(len(through) for _, through in files.values())):
            groups: dict[tuple[str, str], list[str]] = {}
            for name, (_, through) in files.items():
                groups.setdefault((current[name].suffix, through[step]), []).append(name)
            for (before, ending), names in groups.items():
                out = place / f"{step}{before}"
                to = f"{ending}:MS Word 2007 XML" if ending == "docx" else ending
                command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
                command += ["--infilter=HTML (StarWriter)"] if before == ".html" else []
                paths = [str(current[name]) for name in names]
                command += ["--convert-to", to, "--outdir", str(out), *paths]
                subprocess.run(command, check=True, capture_output=True, timeout=240)
                current |= {name: out / f"{name}.{ending}" for name in names}
        return {name: path.read_bytes() for name, path in current.items()}
