"""The stamp of a document: its form, organisation and edition, and the questions it asks."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from formulary.words import one_line, strip_unseen


@dataclass(frozen=True)
class Stamp:
    """What a form carries so that a return can be known without its file name.

    `digest` is the first 16 hexadecimal digits of a SHA-256 over the questions.
    """

    form: str
    organisation: str
    year: int
    edition: str
    digest: str

    @property
    def dated(self) -> datetime.date:
        """The day that the files of the edition are dated: 1 January of the cycle's first year.

        Files carry no day of making, so that the same content gives the same bytes.
        """
        return datetime.date(self.year, 1, 1)

    def has_same_questions(self, other: Stamp) -> bool:
        """Whether both were made with the same questions, as far as their digests go."""
        return other.digest.startswith(self.digest) or self.digest.startswith(other.digest)

    @property
    def properties(self) -> dict[str, str]:
        """What a file carries of the stamp, by the name of the property: “FormularyForm”."""
        return {_property(name): str(value) for name, value in vars(self).items()}

    @property
    def code(self) -> str:
        """The short code printed in the footer: `pclc pm-form 2026-27 3F9A-01BC`."""
        short = self.digest[:8].upper()
        return f"{self.organisation} {self.form} {self.edition} {short[:4]}-{short[4:]}"


_CODE = re.compile(
    r"\b([a-z][a-z0-9-]*)\s+([a-z][a-z0-9-]*)\s+((\d{4})(?:-\d\d)?)"
    r"\s+([0-9A-F]{4})-([0-9A-F]{4})(?![0-9A-F])"
)
_HYPHENS = re.compile("-?[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]-?")
"""What programs that print or convert a form make of its hyphens.

A soft hyphen beside a hyphen only says that the line may break there.
"""

PERSON, CARRIED = "FormularyPerson", "FormularyCarried"
"""The properties that a copy has beside those of the stamp: the id of the person whose copy it is,
and the mark of what was carried into it from last year's form."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_WRITTEN = {
    "form": _NAME,
    "organisation": _NAME,
    "year": re.compile(r"\d{4}", re.ASCII),
    "edition": re.compile(r"\d{4}(?:-\d\d)?", re.ASCII),
    "digest": re.compile(r"[0-9a-f]{16}"),
}
"""How each part of a stamp is written."""


def _property(name: str) -> str:
    return f"Formulary{name.capitalize()}"


def stamp_from(properties: Mapping[str, str]) -> Stamp | None:
    """The stamp that a file's properties give; None where one is not as a stamp is written."""
    found = {name: properties.get(_property(name), "") for name in _WRITTEN}
    if not all(pattern.fullmatch(found[name]) for name, pattern in _WRITTEN.items()):
        return None
    form, organisation, year, edition, digest = found.values()
    return Stamp(form, organisation, int(year), edition, digest)


def find_stamps(text: str) -> tuple[Stamp, ...]:
    """The stamps whose codes a text has, each once; of a digest a code has half.

    A code is known with other hyphens and blanks than were printed.
    """
    codes = _CODE.findall(_HYPHENS.sub("-", text))
    return tuple(
        dict.fromkeys(
            Stamp(form, organisation, int(year), edition, f"{first}{last}".lower())
            for organisation, form, edition, year, first, last in codes
        )
    )


def digest_of(questions: Iterable[tuple[str, str, str, tuple[str, ...]]]) -> str:
    """The digest of a form's questions, each as (id, title, kind, options), in their order."""
    # this text is what the stamps on forms in use were made of: another separator or order would
    # make every one of them look like a form with other questions
    data = json.dumps([list(q) for q in questions], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def mark_of(answers: Mapping[str, str]) -> str:
    """The first 16 hexadecimal digits of a SHA-256 over answers by question id; empty for none.

    Programs that save a form may change line breaks and blanks, and what nobody sees is taken off
    when a form is read, so these do not count.
    """
    bare = {id: one_line(strip_unseen(value)) for id, value in answers.items()}
    given = sorted((id, value) for id, value in bare.items() if value)
    if not given:
        return ""
    data = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    # a damaged file can give half of a surrogate pair, which strict UTF-8 refuses
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:16]
