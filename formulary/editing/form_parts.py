"""What is special about the parts of a form: kinds of answers, words of one organisation alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from formulary.content.form import PREFILLS, PREVIOUS
from formulary.content.source import Document, Loc
from formulary.content.ways import parts_of
from formulary.editing.operations import as_shown
from formulary.editing.places import Spot, spot_of

OWN_WORDS = {
    "FormField": {"label": "labels", "hint": "hints", "options": "options"},
    "FormSection": {"title": "titles", "intro": "intros", "letter": "letters"},
    "FormTable": {"rows": "rows"},
    "Form": {key: key for key in ("title", "purpose", "guidance", "filled-by", "when")},
}
"""For a part of a form: its keys, and those of an offer that say the same for one organisation."""

ANSWERS = {
    "options": ["choice"],
    "unit": ["number"],
    "min": ["number"],
    "max": ["number"],
    "lines": ["text", "multiline"],
}
"""The kinds of answer that a key of a question is for, where it is not for all."""

COUNTED_BY = [
    ("career-stages.areas", "One for each area of the career stages"),
    ("standards", "One for each standard"),
]
"""What gives a table its rows, where they are neither counted nor written down."""


def form_of(spot: Spot) -> str:
    """The id of the form that a spot is in, or of the form that an offer is of; or empty."""
    folder, _, name = spot.file.rpartition("/")
    if folder.endswith("forms"):
        return name.removesuffix(".yaml")
    found = re.match(r"forms/=([a-z0-9-]+)", spot.way)
    return found[1] if found and name == "organisation.yaml" else ""


def only_here(offers: Document, form: str, part: str, id: str, key: str) -> dict[str, Any] | None:
    """Where an organisation says something of a form for itself alone, and what it says there.

    `part` is the model's name, `id` the part's. None where there is no such place.
    """
    own = OWN_WORDS.get(part, {}).get(key)
    offer = next((o for o in offers.data.get("forms", ()) if o.get("form") == form), None)
    if own is None or offer is None or (part != "Form" and not id):
        return None
    said = offer.get(own)
    value = said if part == "Form" else (said or {}).get(id)
    way = f"forms/={form}/{own}" if part == "Form" else f"forms/={form}/{own}/{id}"
    return {"spot": str(Spot(offers.path.as_posix(), way)), "value": as_shown(value)}


def part_of_offer(spot: Spot, form: Document) -> Spot | None:
    """The part of a form that a spot of an offer is about; None where it is about another thing.

    What an organisation says of a question is so changed where the whole question is.
    """
    steps = spot.way.split("/")
    own = {key for part, keys in OWN_WORDS.items() if part != "Form" for key in keys.values()}
    if form_of(spot) != form.path.stem or len(steps) < 4 or steps[2] not in own:
        return None
    loc = next((loc for loc, part in _places(form.data) if part.get("id") == steps[3]), None)
    return spot_of(form, loc) if loc else None


def first_values(data: Any) -> list[tuple[str, str]]:
    """Where the first value of a question of a form can come from: the form's data is given."""
    found = [(name, words[:1].upper() + words[1:]) for name, words in PREFILLS.items()]
    for _, part in _places(data):
        if part.get("id") and part.get("label"):
            found.append((f"{PREVIOUS}{part['id']}", f"Last year’s answer to “{part['label']}”"))
    return found


def removal_warnings(data: Any, gone: Any) -> list[str]:
    """What to know before a part is taken out of a form: who else has use for its answers."""
    questions = [one for _, one in _places(gone) if "type" in one]
    ids = {str(one["id"]) for _, one in _places(gone) if one.get("id")}
    if not questions:
        return []
    said = ["Forms that are with staff already still ask this. Registers no longer show it."]
    for _, one in _places(data):
        if str(one.get("from", "")).removeprefix(PREVIOUS) in ids and one not in questions:
            said.append(f"Next year, “{one.get('label')}” would begin with this answer.")
        if isinstance(one.get("carries"), dict) and one["carries"].get("table") in ids:
            said.append("Next year’s form would take rows from this table.")
    if any(str(one.get("from", "")).startswith(PREVIOUS) for one in questions):
        said.append("It begins with last year’s answer, which will then be shown nowhere.")
    return said


def _places(value: Any) -> Iterator[tuple[Loc, dict[str, Any]]]:
    """Every mapping in a value, with its place."""
    return ((loc, part) for loc, part in parts_of(value) if isinstance(part, dict))
