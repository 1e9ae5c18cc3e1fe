"""What a field of a PDF that came back holds, in whatever way a program has written it.

A field comes in; its text, or the state of its button, goes out, and whether that is in doubt.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from typing import Any

from pypdf import PageObject, apply_configuration
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NullObject,
    StreamObject,
)

from formulary.formats.pdf.fields import PdfField, normal_appearance
from formulary.model.submission import plain

_LANGUAGE = re.compile("\x1b[^\x1b]{2,8}\x1b")
"""A language's code inside a text string (PDF 1.7, 7.9.2.2)."""

_PARAGRAPHS = re.compile(r"</p>\s*<p[^<>]*>|<br\s*/?>", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
SHOWS_TEXT = re.compile(rb"T[jJ]|['\"]")

LONGEST_DRAWING = 200_000
"""Bytes of an appearance that are looked at."""


def text_of(held: Any) -> str:
    """A text string, name, number, list or stream as text with plain line ends (7.9.2.2)."""
    value = held.get_object() if held is not None else None
    if value is None or isinstance(value, NullObject | DictionaryObject | BooleanObject):
        if not isinstance(value, StreamObject):
            return ""
        value = value.get_data()
    if isinstance(value, ArrayObject):
        return "; ".join(filter(None, map(text_of, value)))
    if isinstance(value, ByteStringObject | bytes):
        text = _decoded(bytes(value))
    else:
        text = str(value).removeprefix("/") if isinstance(value, NameObject) else str(value)
    return plain(_LANGUAGE.sub("", text))


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return data.decode("utf-16", "replace")
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def value_of(found: PdfField) -> str:
    """What a text field or a list holds; empty for nothing (12.7.4.3 and 12.7.4.4)."""
    held = text_of(found.fact("/V")) or _plain(text_of(found.fact("/RV")))
    if found.kind != "choice":
        return held
    pairs = [_pair(option) for option in _items(found.fact("/Opt"))]
    if not held:
        places = [int(place) for place in _items(found.fact("/I")) if str(place).isdigit()]
        return "; ".join(pairs[place][1] for place in places if place < len(pairs))
    if any(shown == held for _, shown in pairs):
        return held
    return next((shown for export, shown in pairs if export == held), held)


def _plain(rich: str) -> str:
    """The words of a rich text (12.7.3.4)."""
    return html.unescape(_TAGS.sub("", _PARAGRAPHS.sub("\n", rich))).strip()


def _items(held: Any) -> list[Any]:
    found = held.get_object() if held is not None else None
    return [item.get_object() for item in found] if isinstance(found, ArrayObject) else []


def _pair(item: Any) -> tuple[str, str]:
    """What a list stores for an item, and what it shows (table 231, Opt)."""
    if isinstance(item, ArrayObject) and len(item) == 2:
        return text_of(item[0]), text_of(item[1])
    return text_of(item), text_of(item)


def state_of(found: PdfField) -> tuple[str, bool]:
    """The choice that a button's state stands for, empty where it is off, and whether in doubt.

    In doubt is a button that holds another state than it shows: programs that fill forms forget
    the one or the other, and what they forget is to tick (12.7.4.2).
    """
    value = found.fact("/V")
    held = _state(value)
    shown = [_state(widget.get("/AS")) for widget in found.widgets if "/AS" in widget]
    on = next(filter(None, shown), "")
    if held:
        return _exported(found, held), bool(shown) and not on
    return _exported(found, on), bool(on) and value is not None


def _state(held: Any) -> str:
    """The state that a name says, or what some programs write for it; empty for off."""
    value = held.get_object() if held is not None else None
    if isinstance(value, BooleanObject):
        return "Yes" if value.value else ""
    state = text_of(value)
    off = ("off",) if isinstance(value, NameObject) else ("off", "no", "false", "0")
    return "" if state.casefold() in off else state


def _exported(found: PdfField, state: str) -> str:
    """A state is the place of its value where a list of values is kept apart (table 227, Opt)."""
    values = _items(found.fact("/Opt"))
    if state.isdigit() and int(state) < len(values):
        return text_of(values[int(state)])
    return state


def drawn_in(found: PdfField, page: PageObject) -> tuple[str, bool]:
    """The words that a field shows, and whether they are certain; both empty for none.

    They are certain where every font says which letters its glyphs stand for (9.10.2).
    """
    for widget in found.widgets:
        look = normal_appearance(widget)
        if not isinstance(look, StreamObject):
            continue
        try:
            with apply_configuration(zlib_maximum_output_length=LONGEST_DRAWING):
                if not SHOWS_TEXT.search(look.get_data()):
                    continue
                words = page.extract_xform_text(look, (0, 90, 180, 270), 200.0)  # type: ignore[arg-type]
        except Exception:  # a drawing that cannot be read is one in doubt
            return "", False
        words = unicodedata.normalize("NFC", words).replace("\r\n", "\n").strip()
        shown = plain(words)
        sure = "\ufffd" not in words and len(shown) == len(words) and _letters_known(look)
        if shown or not sure:
            return (shown, True) if shown and sure else ("", False)
    return "", True


def _letters_known(look: StreamObject) -> bool:
    resources = look.get("/Resources", DictionaryObject()).get_object()
    fonts = resources.get("/Font", DictionaryObject()).get_object()
    found = [fonts[name].get_object() for name in fonts]
    return bool(found) and all(
        "/ToUnicode" in font or font.get("/Subtype") in ("/Type1", "/TrueType") for font in found
    )
