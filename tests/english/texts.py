"""Everything that people read, by kind: words of the YAML, documentation, messages and pages.

A `Passage` is a paragraph, a list item, a cell or a message, with the place to change it.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from formulary.content.base import ContentModel
from formulary.content.loading import Content
from formulary.content.source import Document, Loc
from formulary.content.walk import rewrite_texts
from formulary.edition.edition import Edition
from formulary.edition.filled_text import FilledText, texts_in
from tests.helpers import ROOT

LABELS = frozenset(
    {"asks", "columns", "heading", "label", "labels", "levels", "name", "options", "row", "title"}
)
"""Keys of the YAML whose texts are names: no sentences, and some are part of a form's digest."""

STAMPED = frozenset({"label", "labels", "options"})
"""Keys of a form's YAML whose texts are in the digest of its questions."""

QUOTED = frozenset({"coverage", "staff-columns"})
"""Files that hold other people's words: where a fact is, and what a staff list says."""


FOR_DEVELOPERS = frozenset({"CONTRIBUTING", "SECURITY", "architecture", "newcomer"})
"""Documents that nobody needs who only runs the handbook."""


@dataclass(frozen=True)
class Passage:
    """Words that are read in one go: a title or label (`is_name`) is no sentence.

    `is_stamped` says that forms which were sent out are known by them, so they do not change.
    """

    kind: str
    place: str
    words: str
    is_name: bool = False
    is_stamped: bool = False


def passages(content: Content, editions: Sequence[Edition]) -> Iterator[Passage]:
    """Every passage that the project publishes or prints."""
    yield from _content_passages(content, editions)
    yield from _document_passages()
    yield from _problem_passages()
    yield from _code_passages()
    yield from _template_passages()
    yield from _script_passages()
    yield from _editor_passages()


def _content_passages(content: Content, editions: Sequence[Edition]) -> Iterator[Passage]:
    """The texts of every edition, filled in; then those of the library that no edition uses."""
    seen: set[tuple[Path, Loc]] = set()
    for edition in editions:
        # what nobody judges is read all the same: notes on the document, accepted findings
        apart = (*texts_in(edition.policy), *texts_in(edition.organisation))
        for text in (*edition.texts, *apart):
            if (text.document.path, text.loc) not in seen:
                seen.add((text.document.path, text.loc))
                yield from _yaml_passages(text)
    library: Sequence[Any] = (
        *content.forms.values(),
        *(content.standards, content.glossary, content.guidance, content.questions),
        *(content.checklists, content.accessibility, content.themes, content.mails),
    )
    for file in filter(None, library):
        for text in _texts_of(file.item, file.document):
            if (text.document.path, text.loc) not in seen:
                yield from _yaml_passages(text)


def _texts_of(item: ContentModel, document: Document) -> list[FilledText]:
    """The texts of a file, one word in place of each fact."""
    found: list[FilledText] = []

    def keep(source: str, loc: Loc, _prose: bool) -> str:
        words = re.sub(r"\{\{.*?\}\}|\[\[.*?\]\]", "X", source, flags=re.DOTALL)
        found.append(FilledText(words, source, document, loc, "other"))
        return source

    rewrite_texts(item, keep)
    return found


def _yaml_passages(text: FilledText) -> Iterator[Passage]:
    path = text.document.path
    if path.stem in QUOTED:
        return
    keys = [key for key in text.loc if isinstance(key, str)]
    is_name = bool(LABELS & set(keys[-2:])) and keys[-1] not in ("text", "about", "hint", "guide")
    if path.parts[0] == "forms" or text.kind == "form":
        kind = "forms"
    elif path.stem in ("questions", "policy"):
        kind = {"questions": "questions", "policy": "policies"}[path.stem]
        kind = "notes" if {"notes", "updates"} & set(keys) else kind
    elif path.stem in ("guidance", "checklists"):
        kind = "guidance"
    elif "accept" in keys:
        kind = "notes"
    else:
        kind = "facts"
    is_stamped = kind == "forms" and bool(STAMPED & set(keys[-2:]))
    place = str(text.document.place_of(text.loc, ""))
    for words in _blocks(text):
        yield Passage(kind, place, words, is_name, is_stamped)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def _blocks(markdown: str) -> Iterator[str]:
    """The paragraphs, list items and cells of a text, without marks and code blocks."""
    for _, _, words in _marked_blocks(markdown):
        yield words


def _marked_blocks(markdown: str) -> Iterator[tuple[int, str, str]]:
    """The same with the line and the kind of what holds each: `p`, `h2`, `td`."""
    tokens = _MARKDOWN.parse(markdown)
    line = 0
    for place, token in enumerate(tokens):
        line = token.map[0] + 1 if token.map else line
        if token.type == "inline":
            words = "".join(map(_words, token.children or ()))
            yield line, tokens[place - 1].tag, " ".join(words.split())


def _words(token: Token) -> str:
    """The words of a part of a line; code is one word."""
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "code_inline":
        return re.sub(r"\W+", "_", token.content)
    return "" if token.type == "image" else token.content


def _document_passages() -> Iterator[Passage]:
    names = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
    for path in (*sorted((ROOT / "docs").glob("*.md")), *(ROOT / name for name in names)):
        kind = "code-docs" if path.stem in FOR_DEVELOPERS else "docs"
        markdown = re.sub(r"<!--.*?-->", "", path.read_text("utf-8"), flags=re.DOTALL)
        for line, tag, words in _marked_blocks(markdown):
            place = f"{path.relative_to(ROOT).as_posix()}:{line}"
            yield Passage(kind, place, words, is_name=tag.startswith("h") or tag == "th")


def _problem_passages() -> Iterator[Passage]:
    path = ROOT / "formulary" / "problems.toml"
    for group in tomllib.loads(path.read_text("utf-8"))["group"]:
        yield Passage("messages", path.name, group["title"], is_name=True)
        for entry in group["kind"]:
            for words in (entry["title"], entry["remedy"]):
                yield Passage("messages", f"{path.name}: {entry['code']}", words)


def _code_passages() -> Iterator[Passage]:
    """What the code says: messages and help, the reference of keys, and words of pages."""
    for path in sorted((ROOT / "formulary").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        kind = "messages"
        if name.startswith("formulary/content/"):
            kind = "reference"
        elif name.startswith("formulary/formats/"):
            kind = "pages"
        for line, words in _strings(ast.parse(path.read_text("utf-8")), kind == "reference"):
            for block in words.split("\n\n"):
                yield Passage(kind, f"{name}:{line}", " ".join(block.split()))


def _strings(tree: ast.Module, models: bool) -> Iterator[tuple[int, str]]:
    """Strings that read as sentences, X for what is put into them; docstrings only of `models`."""
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inner.add(id(node.value))  # a docstring
        if isinstance(node, ast.JoinedStr):
            inner.update(id(part) for part in ast.walk(node) if part is not node)
    if models:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and (said := ast.get_docstring(node)):
                yield node.lineno, said.partition("\n\n")[0]
    for node in ast.walk(tree):
        if id(node) in inner or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        words = _string(node)
        is_list = not re.search(r"[^a-z ]", words)  # of small words, which is no sentence
        if (
            len(words.split()) > 3
            and not is_list
            and not re.search(r"[<\\;^|]|\bSELECT\b|\bCREATE\b", words)
        ):
            yield node.lineno, words


def _string(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_string(part) or "X" for part in node.values)
    return ""


def _template_passages() -> Iterator[Passage]:
    """The words of templates: pages, reports, and the files of a new organisation."""
    for path in sorted((ROOT / "formulary").rglob("*.j2")):
        text = path.read_text("utf-8")
        text = re.sub(r"\{%-? *(?:el)?if.*?%\}|\{%-? *else.*?%\}", "\n\n", text, flags=re.DOTALL)
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|<(style|script)\b.*?</\1>", "", text, flags=re.DOTALL)
        text = re.sub(r"\{\{.*?\}\}", "X", text, flags=re.DOTALL)
        text = re.sub(r"</?(?:p|li|td|th|h\d|dd|dt|div|tr|caption)\b[^>]*>", "\n\n", text)
        text = re.sub(r"<[^>]+>|\{ *[#:.][^}]*\}", "", text)
        name = path.relative_to(ROOT).as_posix()
        for _, tag, words in _marked_blocks("\n".join(map(str.strip, text.splitlines()))):
            yield Passage("pages", name, words, is_name=tag.startswith("h"))


def _script_passages() -> Iterator[Passage]:
    """What scripts say: strings that begin as a sentence does and have four words or more."""
    for path in sorted((ROOT / "formulary").rglob("*.js")):
        if path.parent.name == "minisearch":
            continue  # another project's
        text = re.sub(r"^ *//.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
        for found in re.finditer(r'"([^"\n\\]*)"|`([^`\n\\]*)`', text):
            words = re.sub(r"\$\{[^}]*\}", "X", found.group(1) or found.group(2) or "")
            if re.match(r"[A-Z][\w’]* (?:[\w’,:.]+ ){2}", words) and not re.search(r"[<;{]", words):
                line = text.count("\n", 0, found.start()) + 1
                yield Passage("pages", f"{path.relative_to(ROOT).as_posix()}:{line}", words)


def _editor_passages() -> Iterator[Passage]:
    """The labels and hints of the editor's panels."""
    for name in ("panels.toml", "words.toml"):
        data = tomllib.loads((ROOT / "formulary" / "editing" / name).read_text("utf-8"))
        for part, entries in data.items():
            for key, value in entries.items() if isinstance(entries, dict) else [("", entries)]:
                for words in value if isinstance(value, list) else [value]:
                    yield Passage("pages", f"{name}: {part}.{key}", str(words))
