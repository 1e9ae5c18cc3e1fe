"""Read how the letters of a paragraph look: strong, slanted, underlined, marked, or a link.

What a named style of the paragraph does is no look of its letters: a heading is not strong words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from formulary.formats.word.content import OFF
from formulary.formats.word.ooxml import Element, value_of, w


class Look(NamedTuple):
    """How a letter looks. `target` is where its link leads: a web address, or #bookmark.

    `others` are looks that light Markdown does not have, in a reader's words.
    """

    strong: bool = False
    emphasis: bool = False
    target: str = ""
    others: tuple[str, ...] = ()


NO_LOOK = Look()

_DELETED = (w("del"), w("moveFrom"))


class LookReader:
    """Knows the character styles of a document, and the addresses of its links by their ids."""

    def __init__(self, styles: Element | None, targets: Mapping[str, str]) -> None:
        self.targets = targets
        found = styles.iterchildren(w("style")) if styles is not None else ()
        self.styles = {
            style.get(w("styleId"), ""): style.find(w("rPr"))
            for style in found
            if style.get(w("type")) == "character"
        }

    def of_words(self, words: str, paragraphs: Sequence[Element]) -> list[Look]:
        """The look of each letter of the words of these paragraphs, blanks left out.

        A letter that is in no run as it is, such as a symbol, has the look of the one before it.
        """
        letters = [one for paragraph in paragraphs for one in self._letters(paragraph)]
        looks, at, last = list[Look](), 0, NO_LOOK
        for letter in "".join(words.split()):
            if at < len(letters) and letters[at][0] == letter:
                last = letters[at][1]
                at += 1
            looks.append(last)
        return looks

    def _letters(self, paragraph: Element) -> Iterator[tuple[str, Look]]:
        for run in paragraph.iter(w("r")):
            if next(run.iterancestors(*_DELETED), None) is not None or _is_unseen(run):
                continue
            look = self._look(run)
            for text in run.iterchildren(w("t")):
                for letter in "".join((text.text or "").split()):
                    yield letter, look

    def _look(self, run: Element) -> Look:
        link = next(run.iterancestors(w("hyperlink")), None)
        target = ""
        if link is not None:
            anchor = link.get(w("anchor"))
            target = f"#{anchor}" if anchor else self.targets.get(link.get(_ID, ""), "")
        target = _BARE_HOST.sub(r"\1", target)
        own = run.find(w("rPr"))
        if own is None:
            return Look(target=target)
        style = self.styles.get(value_of(own, "w:rStyle"))
        others = [] if target else [*_others(own)]
        return Look(_has(own, style, "b"), _has(own, style, "i"), target, tuple(others))


_BARE_HOST = re.compile(r"^(https?://[^/]+)/$")
"""An address with nothing after its host; LibreOffice adds a slash."""

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _is_unseen(run: Element) -> bool:
    own = run.find(w("rPr"))
    return own is not None and any(_has(own, None, n) for n in ("vanish", "strike", "dstrike"))


def _has(own: Element, style: Element | None, name: str) -> bool:
    """Whether a property is on (17.17.4), in the run itself or else in its style."""
    for properties in (own, style):
        found = properties.find(w(name)) if properties is not None else None
        if found is not None:
            return found.get(w("val"), "1") not in OFF
    return False


def _others(own: Element) -> Iterator[str]:
    for name, look in (("w:u", "underlined"), ("w:highlight", "highlighted")):
        if value_of(own, name) not in ("", "none"):
            yield look
