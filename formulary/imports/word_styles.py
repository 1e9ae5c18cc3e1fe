"""The styles of a Word document: which are based on which, and how a run looks in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from formulary.formats.word.content import OFF
from formulary.formats.word.ooxml import w

Element = Any


@dataclass
class WordStyle:
    id: str
    name: str
    parent: str
    run: Element | None
    paragraph: Element | None


@dataclass
class RunLook:
    """What a run looks like, as far as it is said anywhere up to its style."""

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    struck: bool = False
    hidden: bool = False
    capitals: bool = False
    size: float = 0


class WordStyles:
    """The styles of `word/styles.xml`; `root` is None where a document has none."""

    def __init__(self, root: Element | None) -> None:
        self.named: dict[str, WordStyle] = {}
        self.default_run: Element | None = None
        self.default_style = ""
        if root is not None:
            self.read(root)

    def read(self, root: Element) -> None:
        self.default_run = root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        for node in root.findall(w("style")):
            id = node.get(w("styleId"), "")
            kind = node.get(w("type"), "")
            named = node.find(w("name"))
            based = node.find(w("basedOn"))
            self.named[id] = WordStyle(
                id,
                named.get(w("val"), id) if named is not None else id,
                based.get(w("val"), "") if based is not None else "",
                node.find(w("rPr")),
                node.find(w("pPr")),
            )
            if kind == "paragraph" and node.get(w("default"), "0") not in OFF:
                self.default_style = id

    def chain(self, id: str) -> list[WordStyle]:
        """A style and those that it is based on, the style itself first."""
        found: list[WordStyle] = []
        while id in self.named and self.named[id] not in found:
            found.append(self.named[id])
            id = self.named[id].parent
        return found

    def own_list(self, id: str) -> str:
        for style in self.chain(id):
            if style.paragraph is not None:
                node = style.paragraph.find(f"{w('numPr')}/{w('numId')}")
                if node is not None:
                    return str(node.get(w("val"), ""))
        return ""

    def look(self, run: Element | None, style: str) -> RunLook:
        """The look of a run in a paragraph of a style."""
        look = RunLook()
        layers = [self.default_run]
        layers += [one.run for one in reversed(self.chain(style or self.default_style))]
        if run is not None:
            named = run.find(w("rStyle"))
            if named is not None:
                layers += [one.run for one in reversed(self.chain(named.get(w("val"), "")))]
            layers.append(run)
        for layer in layers:
            if layer is None:
                continue
            for node in layer:
                value = node.get(w("val"))
                if node.tag == w("b"):
                    look.bold = value not in OFF
                elif node.tag == w("i"):
                    look.italic = value not in OFF
                elif node.tag in (w("strike"), w("dstrike")):
                    look.struck = value not in OFF
                elif node.tag == w("u"):
                    look.underlined = value not in (None, "none")
                elif node.tag in (w("vanish"), w("specVanish")):
                    look.hidden = value not in OFF
                elif node.tag == w("caps"):
                    look.capitals = value not in OFF
                elif node.tag == w("sz"):
                    look.size = read_number(value) / 2
        return look


def read_number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0
