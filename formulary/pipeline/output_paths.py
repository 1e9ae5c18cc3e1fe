"""Where the files of a pack go: a pattern of folders and names, and the path a form gets by it."""

from __future__ import annotations

from string import Formatter

from formulary.defaults import PLACES
from formulary.delivery import LONGEST_IN_FILE, safe_id, safe_name
from formulary.edition.edition import Edition
from formulary.problems import UsageError
from formulary.staff.assignment import Assignment

Pattern = tuple[tuple[tuple[str, str], ...], ...]
"""A pattern as read: for each folder and for the name, pairs of plain words and a place, or “”."""


def read_pattern(pattern: str) -> Pattern:
    """A pattern, made ready for many paths.

    Raises UsageError where it cannot be read, could leave the folder, or could give two files one
    name: a path holds the person or their id, and the form.
    """
    try:
        parsed = [list(Formatter().parse(part)) for part in pattern.split("/")]
    except ValueError:
        raise _pattern_error(pattern, "A curly bracket has no partner") from None
    found = tuple(tuple((words, place or "") for words, place, *_ in part) for part in parsed)
    places = {place for part in found for _, place in part if place}
    for part in parsed:
        for words, place, *more in part:
            if place is not None and (place not in PLACES or any(more)):
                raise _pattern_error(pattern, f"“{{{place}}}” is not known")
            if words.strip(". ") and safe_name(words) != words.strip(". "):
                raise _pattern_error(pattern, f"No file can have “{words}” in its name")
        if not any(place or words.strip(". ") for words, place, *_ in part):
            raise _pattern_error(pattern, "A folder has no name")
    if "form" not in places or not places & {"person", "id"}:
        raise _pattern_error(
            pattern, "It needs {form}, and {person} or {id}, to tell the files apart"
        )
    return found


def _pattern_error(pattern: str, fault: str) -> UsageError:
    known = ", ".join(f"{{{place}}}" for place in PLACES)
    return UsageError(
        f"The pattern “{pattern}” cannot be used. {fault}. "
        f"It may hold {known}, words, and / between folders."
    )


def path_for(pattern: Pattern, edition: Edition, one: Assignment, form: str) -> str:
    """The path of a form's file without its ending, each part safe by itself.

    People of one name are told apart by their ids.
    """
    person = one.person
    known = {
        "school": safe_name(person.site or "No school or team"),
        "group": safe_name(one.group.name),
        "reviewer": safe_name(one.reviewer_name or "None named", person.reviewer),
        "person": safe_name(person.name, person.id),
        "name": safe_name(person.name, longest=LONGEST_IN_FILE),
        "id": safe_id(person.id),
        "form": form,
        "edition": safe_name(edition.name),
        "": "",
    }
    parts = ("".join([words + known[place] for words, place in part]) for part in pattern)
    return "/".join([part.strip(". ") for part in parts])
