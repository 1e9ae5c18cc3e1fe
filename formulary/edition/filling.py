"""Say who fills in a form, by its own words: “Reviewer and reviewee”, “The committee”."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from formulary.content.form import Form
from formulary.content.organisation import Role
from formulary.edition.edition import Edition


def who_fills_in(edition: Edition, filled_by: str) -> str:
    """Who fills in a form, by its own words: reviewer-and-reviewee, reviewee, reviewer or others.

    Both, where both are named in the organisation's words for them; else the one who is named
    first of all; else others.
    """
    words = edition.organisation.words
    names = {role: words.get(role, role) for role in ("reviewer", "reviewee")}
    spoken = {role: rf"(?:{role}|{re.escape(name)})\b" for role, name in names.items()}
    if all(re.search(rf"\b{name}", filled_by, re.IGNORECASE) for name in spoken.values()):
        return "reviewer-and-reviewee"
    first = (role for role, name in spoken.items() if re.match(name, filled_by, re.IGNORECASE))
    return next(first, "others")


def acting_roles(edition: Edition, ids: Collection[str]) -> tuple[Role, ...]:
    """The roles with these ids, in the organisation's order."""
    return tuple(role for role in edition.organisation.roles if role.id in ids)


def fills_in(edition: Edition, role: Role, form: Form, acting: Iterable[Role]) -> bool:
    """Whether a role that acts at an event fills in a form, or a part of it.

    `acting` are all the roles that act there. Who has neither the reviewer's part nor the
    reviewee's fills in the reviewer's forms where a reviewee acts and no reviewer does, as a
    headteacher does who reviews everyone.
    """
    who = who_fills_in(edition, form.filled_by)
    if role.part == "reviewee":
        return who.endswith("reviewee")
    if role.part == "reviewer":
        return who == "others" or who.startswith("reviewer")
    if who == "others" or _is_named(edition, role, form):
        return True
    parts = {one.part for one in acting}
    return who != "reviewee" and "reviewee" in parts and "reviewer" not in parts


def _is_named(edition: Edition, role: Role, form: Form) -> bool:
    """Whether a form says of itself, or of a part or a question, that a role fills it in."""
    names = [role.name]
    if role.part == "head":
        names.append(edition.organisation.words.get("head", role.name))
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    filled_by: list[str | None] = [form.filled_by]
    for section in form.sections:
        filled_by += [section.filled_by, *(field.filled_by for field in section.fields)]
    return any(named.search(who or "") for who in filled_by)
