"""Whether what is written in a line is the number, email address or time that a form asks for.

Returns, staff lists and the page on which a form is filled in are all held against this.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Literal

from formulary.words import one_line, strip_unseen

Format = Literal["", "money", "number", "email", "time"]
"""How a line is to be written; empty for any words."""

YES_OR_NO = ("Yes", "No")
"""The choices of a question that is answered with yes or no."""

_NUMBER = re.compile(r"([-+\u2212]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(?:([ap])\.?\s?m\.?|h(?:rs?)?)?", re.I)
_BARE_NUMBER = re.compile(r"\d{1,2}")
_EMAIL = re.compile(r"[^@\s<>()\",;]+@[^@\s<>()\"',;.]+(?:\.[^@\s<>()\"',;.]+)+")
_WORDS_FOR_TIMES = {
    "noon": datetime.time(12),
    "midday": datetime.time(12),
    "12 noon": datetime.time(12),
    "midnight": datetime.time(0),
}


def read_number(text: str, unit: str = "") -> Decimal | None:
    """The number that a text is: “37.5”, “1,250”, or “30 hours” where the unit is hours.

    None for any other text. A full stop is the decimal point, and commas part thousands.
    """
    words = _words(text)
    endings = {unit, unit.removesuffix("s")} - {""}
    for ending in sorted(endings, key=len, reverse=True):
        if words.casefold().endswith(ending.casefold()):
            words = words[: -len(ending)].rstrip()
            break
    found = _NUMBER.fullmatch(words)
    if not found or not (found[2] or found[3]):
        return None
    sign = "-" if found[1] in ("-", "\u2212") else ""
    return Decimal(f"{sign}{(found[2] or '0').replace(',', '')}{found[3] or ''}")


def read_time(text: str) -> datetime.time | None:
    """The time of day that a text is: “14:30”, “2.30 pm”, “9am”, “noon”; None for any other."""
    words = _words(text).casefold()
    if words in _WORDS_FOR_TIMES:
        return _WORDS_FOR_TIMES[words]
    found = _TIME.fullmatch(words)
    if not found or _BARE_NUMBER.fullmatch(words):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime.time(hour, minute) if hour < 24 and minute < 60 else None


def is_email(text: str) -> bool:
    """Whether a text is one email address, and nothing else."""
    return bool(_EMAIL.fullmatch(_words(text)))


def explain_misfit(
    text: str,
    format: Format,
    *,
    unit: str = "",
    least: float | None = None,
    most: float | None = None,
) -> str:
    """What is wrong with an answer, after its own words: “is not a number of hours, such as 30”.

    Empty where nothing is wrong, or nothing is asked of the line.
    """
    if format == "email" and not is_email(text):
        return "is not an email address, such as name@example.org"
    if format == "time" and read_time(text) is None:
        return "is not a time of day, such as 14:30"
    if format == "number":
        number = read_number(text, unit)
        if number is None:
            return f"is not a number{f' of {unit}' if unit else ''}, such as 7.5"
        if least is not None and number < Decimal(str(least)):
            return f"is less than {write_number(least, unit)}, the least that is allowed"
        if most is not None and number > Decimal(str(most)):
            return f"is more than {write_number(most, unit)}, the most that is allowed"
    return ""


def describe_wanted(
    format: Format, *, unit: str = "", least: float | None = None, most: float | None = None
) -> str:
    """What is to be written in a line, as a hint: “A number of hours, from 0 to 100”; or empty."""
    if format == "email":
        return "Such as name@example.org"
    if format == "time":
        return "Such as 14:30"
    if format != "number":
        return ""
    said = f"A number of {unit}" if unit else "A number"
    if least is not None and most is not None:
        return f"{said}, from {write_number(least)} to {write_number(most)}"
    if least is not None:
        return f"{said}, {write_number(least)} or more"
    return said if most is None else f"{said}, {write_number(most)} at most"


def write_number(number: float, unit: str = "") -> str:
    """A number as people write it, with its unit: “37.5 hours”."""
    one = unit.removesuffix("s") if number == 1 else unit
    return f"{number:g} {one}".strip()


def _words(text: str) -> str:
    return one_line(strip_unseen(text)).strip()
