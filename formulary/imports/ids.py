"""Permanent ids from words: short, readable, each used once."""

from __future__ import annotations

import re
import unicodedata

from formulary.imports.vocabulary import vocabulary

_READ_OTHERWISE = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])
"""Words that YAML reads as something else than text."""

_LONGEST = 40


class Ids:
    """Gives ids, and remembers which are taken."""

    def __init__(self, separator: str = "-", longest: int = _LONGEST) -> None:
        self.separator, self.longest = separator, longest
        self.taken: set[str] = set()

    def take(self, words: str, otherwise: str, most: int = 4) -> str:
        """An id of the first `most` words that say something; `otherwise` where there are none."""
        return self.reserve(slug(words, most, self.separator, self.longest) or otherwise)

    def reserve(self, wanted: str) -> str:
        """The id itself, or with a number behind it where it is taken."""
        if wanted in _READ_OTHERWISE:
            wanted = f"{wanted}{self.separator}part"
        id, number = wanted, 1
        while id in self.taken:
            number += 1
            id = f"{wanted[: self.longest - 4].rstrip(self.separator)}{self.separator}{number}"
        self.taken.add(id)
        return id


def slug(words: str, most: int, separator: str = "-", longest: int = _LONGEST) -> str:
    """The first words that say something, in small letters: “agreeing-objectives”."""
    plain = unicodedata.normalize("NFKD", words.replace("’", "").replace("'", ""))
    found = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    small = vocabulary()["small"]
    chosen = [word for word in found if word not in small] or found
    while chosen and not chosen[0][0].isalpha():
        chosen.pop(0)
    id = ""
    for word in chosen[:most]:
        longer = f"{id}{separator}{word}" if id else word[:longest]
        if len(longer) > longest:
            break
        id = longer
    return id
