"""Invented staff lists, as HR systems export them: the same for the same count, words and seed."""

from __future__ import annotations

import csv
import datetime
import io
import random
from collections.abc import Iterator, Sequence

from formulary.content.organisation import Organisation

HARD_NAMES = (
    "Zażółć Gęślą-Jaźń",
    "Finn O'Neil & <Sons>",
    "=cmd('calc')",
    "Odysséas Παπαδόπουλος",
    "Ольга Щукина",
    "Bobby {{ 7 * 7 }} Tables",
    "Anne-Sophie d’Été-Ñuñez",
    "Þórdís Ægisdóttir",
    'Jim "Jimbo" [Smythe]',
    "Wolfgang Maximilian Ferdinand von Hohenstaufen-Wittelsbach und Zweibrücken",
)
"""Names that break careless programs, in letters that the house typeface has."""

NAMES_BEYOND_THE_TYPEFACE = ("שרה כהן", "مريم الفهد", "山田 花子", "Ann 🎓 Apple")
"""Names that can be read, and cannot be drawn in it."""

_FIRST = (
    *("Ada", "Ben", "Cleo", "Dev", "Ewa", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kiran"),
    *("Lena", "Milo", "Nadia", "Otis", "Pia", "Quentin", "Rosa", "Samir", "Tessa", "Umar"),
    *("Vera", "Wanda", "Xenia", "Yusuf", "Zoe"),
)
_LAST = (
    *("Appleyard", "Birchwood", "Cloverfield", "Dunmore", "Elderbrook", "Fernley", "Gorseland"),
    *("Hazelgrove", "Ivydale", "Juniperson", "Kelpworth", "Larkspur", "Mossman", "Nettleship"),
    *("Oakhanger", "Plumridge", "Quillfeather", "Rushbrook", "Sedgewick", "Thistlewood"),
)
_JOBS = ("Class teacher", "Teaching assistant", "Site manager", "Finance officer", "Tutor", "Cook")

HEADINGS = (
    *("Employee Number", "Full Name", "Job Title", "Staff Group", "School", "Career Stage"),
    *("Line Manager", "Start Date", "End Date", "Email Address"),
)

TEAM = 8
"""People whom one reviewer reviews."""


def make_staff(
    count: int, organisation: Organisation, seed: int = 0, stages: Sequence[str] = ()
) -> bytes:
    """A list of `count` people of an organisation, in whom nothing is wrong, as CSV in UTF-8.

    Everyone is reviewed by a person further up the list, the first by a committee that is not on
    it. `stages` are career stages by id, given to those of the first group. Every tenth or so has
    one of HARD_NAMES.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(_rows(count, organisation, random.Random(seed), stages))
    return text.getvalue().encode("utf-8")


def _rows(
    count: int, organisation: Organisation, chance: random.Random, stages: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    groups = [group for group in organisation.groups if group.id != "fixed-term"]
    sites = organisation.sites or ("North School", "Weir & Mill Street School", "")
    for place in range(count):
        id = f"{place + 1:06d}"
        name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
        if place % 10 == 3:
            name = HARD_NAMES[place // 10 % len(HARD_NAMES)]
        group = groups[chance.randrange(len(groups))]
        starts = datetime.date(2000, 1, 1) + datetime.timedelta(days=chance.randrange(8000))
        yield (
            id,
            name,
            chance.choice(_JOBS),
            group.name,
            chance.choice(sites),
            chance.choice(stages) if stages and group is groups[0] else "",
            f"{(place - 1) // TEAM + 1:06d}" if place else "Committee of trustees",
            starts.strftime("%d/%m/%Y"),
            "",
            f"person{id}@school.example",
        )
