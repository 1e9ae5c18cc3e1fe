"""Edits of a policy in Word by hand, as Word writes them."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Edit = Callable[[Any], None]


def edited(document: bytes, *edits: Edit, part: str = "word/document.xml") -> bytes:
    """The document with a part of it changed, as Word would save it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                root = etree.fromstring(data)
                for edit in edits:
                    edit(root)
                data = etree.tostring(root)
            new.writestr(name, data)
    return made.getvalue()


def words_of(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t"))


def find(root: Any, words: str) -> Any:
    """The paragraph, not of the contents, that has these words."""
    found = [
        paragraph
        for paragraph in root.iter(f"{W}p")
        if words in words_of(paragraph) and not list(paragraph.iter(f"{W}hyperlink"))
    ]
    return found[0]


def swap(old: str, new: str) -> Edit:
    def act(root: Any) -> None:
        paragraph = find(root, old)
        run = next(text for text in paragraph.iter(f"{W}t") if old in (text.text or ""))
        run.text = run.text.replace(old, new)

    return act


def take_out(words: str) -> Edit:
    def act(root: Any) -> None:
        paragraph = find(root, words)
        paragraph.getparent().remove(paragraph)

    return act


def put_below(words: str, *new: str, like: str = "") -> Edit:
    """New paragraphs below the one that has `words`, in its style or in that of another."""

    def act(root: Any) -> None:
        at = find(root, words)
        for line in new:
            made = copy.deepcopy(find(root, like or words))
            for name in ("bookmarkStart", "bookmarkEnd", "tab"):
                for node in list(made.iter(W + name)):
                    node.getparent().remove(node)
            first, *others = made.iter(f"{W}t")
            first.text = line
            for other in others:
                other.text = ""
            at.addnext(made)
            at = made

    return act


def track(words: str, put_in: str = "", *, delete: str = "") -> Edit:
    """Words put in behind `words`, or words deleted, with changes tracked."""

    def act(root: Any) -> None:
        text = next(t for t in find(root, words).iter(f"{W}t") if words in (t.text or ""))
        run = text.getparent()
        before, after = copy.deepcopy(run), copy.deepcopy(run)
        cut = delete or words
        place = text.text.index(cut) + (0 if delete else len(cut))
        set_words(before, text.text[:place])
        set_words(after, text.text[place + len(delete) :])
        change = etree.Element(W + ("del" if delete else "ins"))
        change.set(f"{W}author", "A Trustee")
        change.set(f"{W}date", "2026-10-01T10:00:00Z")
        inner = copy.deepcopy(run)
        set_words(inner, delete or put_in)
        if delete:
            next(inner.iter(f"{W}t")).tag = f"{W}delText"
        change.append(inner)
        run.addnext(after)
        run.addnext(change)
        run.addnext(before)
        run.getparent().remove(run)

    return act


def set_words(run: Any, words: str) -> None:
    text = next(run.iter(f"{W}t"))
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def move_below(words: str, target: str, *, block: int = 1) -> Edit:
    """The paragraph with `words`, and those after it in its block, moved below another."""

    def act(root: Any) -> None:
        moved = [find(root, words)]
        for _ in range(block - 1):
            moved.append(moved[-1].getnext())
        at = find(root, target)
        for paragraph in moved:
            at.addnext(paragraph)
            at = paragraph

    return act


def mark_paragraph(paragraph: Any, change: str) -> None:
    """A whole paragraph put in, deleted or moved with changes tracked: "ins", "del", "moveTo"..."""
    for run in paragraph.findall(f"{W}r"):
        box = etree.Element(W + change)
        box.set(f"{W}author", "A Trustee")
        run.addprevious(box)
        box.append(run)
    for text in paragraph.iter(f"{W}t") if change == "del" else ():
        text.tag = f"{W}delText"
    properties = paragraph.find(f"{W}pPr")
    for name in (f"{W}rPr", W + change):
        properties = etree.SubElement(properties, name)


def track_move(words: str, target: str) -> Edit:
    """A paragraph moved below another with changes tracked, as Word writes it."""

    def act(root: Any) -> None:
        source, at = find(root, words), find(root, target)
        made = copy.deepcopy(source)
        for name in ("bookmarkStart", "bookmarkEnd"):
            for mark in list(made.iter(W + name)):
                mark.getparent().remove(mark)
        at.addnext(made)
        mark_paragraph(made, "moveTo")
        mark_paragraph(source, "moveFrom")

    return act


def track_removal(words: str) -> Edit:
    """A paragraph deleted with changes tracked."""
    return lambda root: mark_paragraph(find(root, words), "del")


def track_row(words: str, change: str) -> Edit:
    """A row put in or deleted with changes tracked."""

    def act(root: Any) -> None:
        row = next(find(root, words).iterancestors(f"{W}tr"))
        for paragraph in row.iter(f"{W}p"):
            mark_paragraph(paragraph, change)

    return act


def strip_bookmarks(root: Any) -> None:
    """As a policy that was copied into another program."""
    for name in ("bookmarkStart", "bookmarkEnd"):
        for mark in list(root.iter(W + name)):
            mark.getparent().remove(mark)


def strip_styles(root: Any) -> None:
    """As a program that keeps headings and bullets, and no style of ours."""
    for named in list(root.iter(f"{W}pStyle")):
        was = named.get(f"{W}val", "")
        if "ullet" in was:
            bullets = etree.SubElement(named.getparent(), f"{W}numPr")
            etree.SubElement(bullets, f"{W}numId").set(f"{W}val", "1")
        if was not in ("Title", "Heading1", "Heading2"):
            named.set(f"{W}val", "Normal")


def join(words: str) -> Edit:
    """The paragraph with `words` joined with the one below it."""

    def act(root: Any) -> None:
        paragraph = find(root, words)
        following = paragraph.getnext()
        for tab in list(following.iter(f"{W}tab")):
            if tab.getparent().tag == f"{W}r":
                tab.getparent().getparent().remove(tab.getparent())
        last = [*paragraph.iter(f"{W}t")][-1]
        last.text = f"{last.text} "
        last.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        for child in list(following):
            if child.tag != f"{W}pPr":
                paragraph.append(child)
        following.getparent().remove(following)

    return act


def style(words: str, **properties: str) -> Edit:
    """`words` of a paragraph in a run of their own, with properties such as b="1"."""

    def act(root: Any) -> None:
        text = next(t for t in find(root, words).iter(f"{W}t") if words in (t.text or ""))
        run = text.getparent()
        before, _, after = text.text.partition(words)
        runs = [copy.deepcopy(run) for _ in range(3)]
        for made, said in zip(runs, (before, words, after), strict=True):
            set_words(made, said)
        own = runs[1].find(f"{W}rPr")
        if own is None:
            own = etree.Element(f"{W}rPr")
            runs[1].insert(0, own)
        for node in list(own):
            own.remove(node)
        for name, value in properties.items():
            etree.SubElement(own, W + name).set(f"{W}val", value)
        for made in reversed(runs):
            run.addnext(made)
        run.getparent().remove(run)

    return act


def new_row(words: str, *cells: str) -> Edit:
    """A new row below the one with `words`."""

    def act(root: Any) -> None:
        row = next(find(root, words).iterancestors(f"{W}tr"))
        made = copy.deepcopy(row)
        for cell, said in zip(made.iter(f"{W}tc"), cells, strict=True):
            first, *others = cell.iter(f"{W}t")
            first.text = said
            for other in others:
                other.text = ""
        row.addnext(made)

    return act


def decide_changes(root: Any, *, accept: bool) -> None:
    """All tracked changes accepted or rejected, as Word does it."""
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    for change in list(root.iter(W + gone)):
        change.getparent().remove(change)
    for change in list(root.iter(W + kept)):
        for text in change.iter(f"{W}delText"):
            text.tag = f"{W}t"
        for run in list(change):
            change.addprevious(run)
        change.getparent().remove(change)
