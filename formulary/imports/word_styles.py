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
            self.named[id] = WordStyle(
                id,
                value_at(node, "name", otherwise=id),
                value_at(node, "basedOn"),
                node.find(w("rPr")),
                node.find(w("pPr")),
            )
            is_default = node.get(w("default"), "0") not in OFF
            if node.get(w("type")) == "paragraph" and is_default:
                self.default_style = id

    def chain(self, id: str) -> list[WordStyle]:
        """A style, or the default one, and those that it is based on, the style itself first."""
        found: list[WordStyle] = []
        id = id or self.default_style
        while id in self.named and self.named[id] not in found:
            found.append(self.named[id])
            id = self.named[id].parent
        return found

    def own_list(self, id: str) -> str:
        """The list (`w:numId`) that a style puts its paragraphs into."""
        lists = (value_at(style.paragraph, "numPr", "numId") for style in self.chain(id))
        return next(filter(None, lists), "")

    def look(self, run: Element | None, style: str) -> RunLook:
        """The look of a run in a paragraph of a style."""
        look = RunLook()
        layers = [self.default_run]
        layers += [one.run for one in reversed(self.chain(style))]
        if run is not None:
            if named := value_at(run, "rStyle"):
                layers += [one.run for one in reversed(self.chain(named))]
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


def value_at(node: Element | None, *path: str, name: str = "val", otherwise: str = "") -> str:
    """A value (`w:val`, or what `name` says) of the element that a path of names leads to."""
    found = None if node is None else node.find("/".join(map(w, path)))
    return otherwise if found is None else str(found.get(w(name), otherwise))
