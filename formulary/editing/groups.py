"""A staff group with all that it needs: one change of several files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from formulary.content.loading import OrganisationContent
from formulary.content.ways import map_leaves
from formulary.editing.operations import Operation, as_shown, ids_in, make_id
from formulary.editing.places import Spot
from formulary.problems import UsageError


def group_choices(own: OrganisationContent) -> dict[str, Any]:
    """What is chosen for a new staff group: a cycle, the forms, and whether it is rated."""
    organisation = own.organisation.item
    return {
        "cycles": [(one.id, one.name) for one in own.cycles.item.cycles],
        "forms": [offer.form for offer in organisation.forms],
        "panels": [(one.id, one.reviewee) for one in organisation.panels],
        "ratings": own.ratings is not None,
        "stages": own.career_stages is not None,
    }


def plan_group(own: OrganisationContent, asked: Mapping[str, Any]) -> list[Operation]:
    """The operations that add a staff group.

    `asked` has `name`, `who`, `cycle` (the id of one that is there), `own` (whether the group gets
    a copy of that cycle), `forms` (the ids of those that it uses), `panel` (the id of who reviews
    it; may be empty), `ratings` and `stages`. Raises UsageError where one is missing.
    """
    organisation = own.organisation
    name, who = str(asked.get("name", "")).strip(), str(asked.get("who", "")).strip()
    if not name or not who:
        raise UsageError("Write the name of the group, and who belongs to it.")
    cycle = next((c for c in own.cycles.item.cycles if c.id == asked.get("cycle")), None)
    if cycle is None:
        raise UsageError("Choose the cycle of the group.")
    taken = ids_in(organisation.document.data) | ids_in(own.cycles.document.data)
    id = make_id({"name": name}, taken)
    file = organisation.document.path.as_posix()
    made = [
        Operation("insert", Spot(file, "groups"), {"id": id, "name": name, "who": who}, index=999)
    ]
    cycles = own.cycles.document
    if asked.get("own"):
        place = own.cycles.item.cycles.index(cycle)
        data = _renamed(cycles.data["cycles"][place], cycle.id, id)
        for event in data.get("events", ()):
            event.pop("groups", None)  # those are groups of the other cycle
        copied = {**data, "id": id, "name": name, "groups": [id]}
        made.append(Operation("insert", Spot(cycles.path.as_posix(), "cycles"), copied, index=999))
    else:
        made.append(_with(cycles.path.as_posix(), f"cycles/={cycle.id}/groups", cycle.groups, id))
    for offer in organisation.item.forms:
        wanted = offer.form in asked.get("forms", ())
        way = f"forms/={offer.form}/groups"
        if wanted and offer.groups:
            made.append(_with(file, way, offer.groups, id))
        elif not wanted and not offer.groups:  # it was for all, and is now for all the others
            groups = [group.id for group in organisation.item.groups]
            made.append(Operation("set", Spot(file, way), groups, None))
    for panel in organisation.item.panels:
        if panel.id == asked.get("panel"):
            made.append(_with(file, f"panels/={panel.id}/groups", panel.groups, id))
    for key, found in (("ratings", own.ratings), ("stages", own.career_stages)):
        if found is not None and asked.get(key):
            path = found.document.path.as_posix()
            made.append(_with(path, "groups", found.item.groups, id))
    return made


def _renamed(value: Any, old: str, new: str) -> Any:
    """The data of a cycle, in which texts name dates of a copy in place of its own."""
    named = re.compile(rf"(['\"]){re.escape(old)}(?=[.'\"])")
    return map_leaves(
        value, lambda one: named.sub(rf"\g<1>{new}", one) if isinstance(one, str) else one, list
    )


def _with(file: str, way: str, groups: tuple[str, ...], id: str) -> Operation:
    old = as_shown(groups) or None
    return Operation("set", Spot(file, way), [*groups, id], old)
