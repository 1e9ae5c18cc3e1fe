"""Read what a field of a returned form holds, in whatever way a program has written it."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

from pikepdf import Name, Object, Pdf, PdfError, Stream

from formulary.formats.pdf.conventions import option_of
from formulary.formats.pdf.fields import (
    PdfField,
    entry,
    export_value,
    items_of,
    normal_appearance,
    on_states,
)
from formulary.formats.pdf.page_text import extract_text
from formulary.formats.pdf.values import read_stream, text_of
from formulary.returns.submission import strip_controls

LONGEST_DRAWING = 200_000
"""Bytes of an appearance that are looked at."""

_PARAGRAPHS = re.compile(r"</p>\s*<p[^<>]*>|<br\s*/?>", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_SHOWS_TEXT = re.compile(rb"T[jJ]|['\"]")
"""The operators that show text (ISO 32000-2, table 107)."""


def read_text(field: PdfField) -> str:
    """What a text field or a list holds; empty for nothing (12.7.5.3 and 12.7.5.4)."""
    held = text_of(field.find_entry("/V")) or _strip_markup(text_of(field.find_entry("/RV")))
    if field.kind != "choice":
        return held
    pairs = [_option(item) for item in items_of(field.find_entry("/Opt"))]
    if not held:
        places = (place for place in items_of(field.find_entry("/I")) if isinstance(place, int))
        return "; ".join(pairs[place][1] for place in places if 0 <= place < len(pairs))
    if any(shown == held for _, shown in pairs):
        return held
    return next((shown for export, shown in pairs if export == held), held)


def read_note(document: Pdf, note: Object) -> str:
    """The words of an annotation: its text, its rich text, or else what it shows (12.5.6)."""
    words = text_of(entry(note, "/Contents")) or _strip_markup(text_of(entry(note, "/RC")))
    if not words.strip():
        words, _ = read_drawing_words(document, PdfField("", note, (note,)))
    return words.strip()


def _strip_markup(rich: str) -> str:
    """The words of a rich text (12.7.4.4)."""
    return html.unescape(_TAGS.sub("", _PARAGRAPHS.sub("\n", rich))).strip() if rich else ""


def _option(item: Any) -> tuple[str, str]:
    """What a list stores for an item, and what it shows (table 234, Opt)."""
    pair = items_of(item)
    stored, shown = pair if len(pair) == 2 else (item, item)
    return text_of(stored), text_of(shown)


def read_pressed_state(field: PdfField) -> tuple[str, bool]:
    """The choice that a button's state means, empty where it is off, and whether in doubt.

    In doubt is a button that holds another state than it shows: programs that fill forms forget
    the one or the other, and what they forget is to tick (12.7.5.2).
    """
    value = field.find_entry("/V")
    held = _on_state(value)
    shown = [_on_state(widget["/AS"]) for widget in field.widgets if "/AS" in widget]
    on = next(filter(None, shown), "")
    if held:
        return export_value(field, held), bool(shown) and not on
    # where one of several boxes is turned off and another on, Firefox leaves the field at off
    several = len(field.widgets) > 1
    return export_value(field, on), bool(on) and value is not None and not several


def _on_state(value: Any) -> str:
    """The state that a name says, or what some programs write for it; empty for off."""
    if isinstance(value, bool):
        return "Yes" if value else ""
    state = text_of(value)
    off = ("off",) if isinstance(value, Name) else ("off", "no", "false", "0")
    return "" if state.casefold() in off else state


def button_choices(field: PdfField) -> list[str]:
    """The choices of the buttons of a group."""
    return [option_of(state) for widget in field.widgets for state in on_states(widget)]


def read_drawing_words(document: Pdf, field: PdfField) -> tuple[str, bool]:
    """The words that a field shows, and whether they are certain; both empty for none.

    They are certain where every font says which letters its glyphs are (9.10.2).
    """
    for widget in field.widgets:
        look = normal_appearance(widget)
        if not isinstance(look, Stream):
            continue
        try:
            drawing = read_stream(look)
            if len(drawing) > LONGEST_DRAWING:
                return "", False
            if not _SHOWS_TEXT.search(drawing):
                continue
            words = extract_text(document, look, entry(look, "/Resources"))
        except (PdfError, ValueError):  # a drawing that cannot be read is one in doubt
            return "", False
        words = unicodedata.normalize("NFC", words).replace("\r\n", "\n").strip()
        shown = strip_controls(words)
        sure = "\ufffd" not in words and len(shown) == len(words) and _letters_known(look)
        if shown or not sure:
            return (shown, True) if shown and sure else ("", False)
    return "", True


def _letters_known(look: Stream) -> bool:
    fonts = entry(entry(look, "/Resources"), "/Font")
    listed = [fonts[name] for name in fonts.keys()] if fonts is not None else []  # noqa: SIM118
    return bool(listed) and all(
        entry(font, "/ToUnicode") is not None
        or text_of(entry(font, "/Subtype")) in ("Type1", "TrueType")
        for font in listed
    )
