"""Letters of symbol fonts and equations, as the Unicode letters that show the same.

A letter of such a font has a code of its own, often in Unicode's private use area (U+F000 and the
code): read as it is, it is nothing.
"""

from __future__ import annotations

import re

from formulary.formats.word.ooxml import Element, w

NO_LETTER = "□"
"""In the place of what no letter shows."""

PRIVATE = re.compile("[\uf000-\uf0ff]")
"""A letter of a symbol font in a text (ECMA-376 part 1, 17.3.3.30 sym)."""


def _table(*rows: tuple[int, str]) -> dict[int, str]:
    """The letters by code, from rows of letters that follow each other; a blank is no letter."""
    return {
        first + place: letter
        for first, letters in rows
        for place, letter in enumerate(letters)
        if letter != " "
    } | {0x20: " "}


_FONTS: dict[str, dict[int, str]] = {
    "symbol": _table(
        (0x21, "!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾"),
        (0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
        (0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"),
        (0xE0, "◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ ⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"),
    ),
    "wingdings": _table(
        (0x21, "✏✂✁👓🔔📖🕯☎✆✉"),
        (0x36, "⌛"),
        (0x3E, "✇✍🖎✌👌👍👎☜☞☝☟🖐☺😐☹💣☠🏳🏱✈☼💧❄"),
        (0x58, "✠✡☪☯ॐ☸♈♉♊♋♌♍♎♏♐♑♒♓"),
        (0x6C, "●❍■□"),
        (0x71, "❑❒⬧⧫◆❖⬥⌧"),
        (0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
        (0x9E, "·•▪○"),
        (0xA4, "◉◎"),
        (0xA7, "▪◻"),
        (0xAA, "✦★✶✴✹✵"),
        (0xD5, "⌫⌦"),
        (0xD8, "➢"),
        (0xDF, "←→↑↓↖↗↙↘"),
        (0xE7, "←➔"),
        (0xEF, "⇦⇨⇧⇩⬄⇳"),
        (0xFB, "✗✓☒☑"),
    ),
    "wingdings 2": _table((0x4F, "✗✓☒☑☒☒"), (0x97, "●"), (0xA3, "□☑☒")),
    "webdings": _table((0x61, "✓")),
}
"""By font in small letters: the Symbol encoding of PostScript (its names as Unicode maps them), and
of Microsoft's fonts the letters that Word puts in by itself or that its menu offers first."""

_TICKED = frozenset([0xFE, 0x52, 0xFD, 0x54, 0xFC])
"""Ticks of Wingdings and Wingdings 2, for a symbol that names no font."""


def letter_of(font: str, code: str) -> str:
    """The letter of a symbol (`w:sym`): its font, and its code in hexadecimal digits."""
    try:
        number = int(code, 16)
    except ValueError:
        return NO_LETTER
    table = _FONTS.get(font.strip().casefold())
    is_private = 0xF000 <= number <= 0xF0FF
    if table is None and not is_private and 0x20 <= number <= 0x10FFFF:
        return chr(number) if chr(number).isprintable() else NO_LETTER
    if table is None and not font and number & 0xFF in _TICKED:
        return "☒"
    return (table or {}).get(number & 0xFF, NO_LETTER)


def without_private(text: str, run: Element) -> str:
    """The words of a run with the letters of a symbol font as what they show, where it names one.

    Other letters of the private use area stay as they are.
    """
    fonts = run.find(f"{w('rPr')}/{w('rFonts')}")
    if fonts is None:
        return text
    names = (fonts.get(w(place), "") for place in ("ascii", "hAnsi", "cs"))
    font = next((name for name in names if name.casefold() in _FONTS), "")
    if not font:
        return text
    return PRIVATE.sub(lambda found: letter_of(font, f"{ord(found[0]):X}"), text)


_POWERS = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_INDICES = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_SKIPPED = frozenset(["rPr", "ctrlPr", "fPr", "sSupPr", "sSubPr", "radPr", "dPr", "oMathParaPr"])


def words_of_equation(node: Element) -> str:
    """A simple equation (`m:oMath`) as it is typed in one line: “3/4”, “m²”, “√(2x)”.

    Parts that have no such form are `NO_LETTER` (ECMA-376 part 1, 22.1.2).
    """
    return "".join(map(_words_of_math, node))


def _words_of_math(node: Element) -> str:
    name = str(node.tag).rpartition("}")[2]
    parts = {str(child.tag).rpartition("}")[2]: child for child in node}
    if name in _SKIPPED:
        return ""
    if name == "t":
        return node.text or ""
    if name in ("r", "oMath", "box", "e", "num", "den", "sup", "sub", "deg", "ins"):
        return words_of_equation(node)
    if name == "f" and {"num", "den"} <= parts.keys():
        return f"{_grouped(parts['num'])}/{_grouped(parts['den'])}"
    if name in ("sSup", "sSub") and "e" in parts and len(parts.keys() & {"sup", "sub"}) == 1:
        raised = name == "sSup"
        small = words_of_equation(parts["sup" if raised else "sub"])
        shown = small.translate(_POWERS if raised else _INDICES)
        ending = f"{'^' if raised else '_'}{_bracketed(small)}"
        return _grouped(parts["e"]) + (shown if _all_changed(small, shown) else ending)
    if name == "rad" and not words_of_equation(parts.get("deg", ())) and "e" in parts:
        return f"√{_grouped(parts['e'])}"
    if name == "d":
        return f"({', '.join(words_of_equation(part) for part in node if part.tag.endswith('}e'))})"
    return "" if name == "del" else NO_LETTER


def _grouped(node: Element) -> str:
    return _bracketed(words_of_equation(node))


def _bracketed(words: str) -> str:
    return words if words.replace(".", "").isalnum() or len(words) < 2 else f"({words})"


def _all_changed(words: str, shown: str) -> bool:
    return all(before != after for before, after in zip(words, shown, strict=True))
