"""Find the words that a style hides: Word shows and prints none of them."""

from __future__ import annotations

from formulary.formats.word.content import OFF
from formulary.formats.word.ooxml import Element, make, style_of, value_of, w
from formulary.formats.word.parts import tree_of


def mark_hidden(body: Element, styles: bytes) -> None:
    """Mark each run that a style of `styles` (word/styles.xml) hides, as if it were hidden itself.

    A style is hidden if it or the one that it is based on says so. A paragraph's style and a run's
    cancel each other out, and what a run says itself goes before both (ECMA-376 part 1, 17.7.3).
    Raises CannotRead where the part is no XML.
    """
    if b"vanish" not in styles:
        return
    hiding = _hiding_styles(tree_of("word/styles.xml", styles))
    if not hiding:
        return
    for run in body.iter(w("r")):
        paragraph = next(run.iterancestors(w("p")), None)
        in_paragraph = paragraph is not None and style_of(paragraph) in hiding
        own = run.find(f"{w('rPr')}/{w('vanish')}")
        if own is None and in_paragraph != (value_of(run, "w:rPr/w:rStyle") in hiding):
            properties = run.find(w("rPr"))
            if properties is None:
                properties = make("rPr")
                run.insert(0, properties)
            properties.append(make("vanish"))


def _hiding_styles(styles: Element) -> set[str]:
    """The ids of the styles whose words are hidden."""
    by_id = {style.get(w("styleId"), ""): style for style in styles.iter(w("style"))}
    hiding = set()
    for id in by_id:
        seen: set[str] = set()
        at = id
        while at in by_id and at not in seen:
            seen.add(at)
            mark = by_id[at].find(f"{w('rPr')}/{w('vanish')}")
            if mark is not None:
                if mark.get(w("val")) not in OFF:
                    hiding.add(id)
                break
            at = value_of(by_id[at], "w:basedOn")
    return hiding
