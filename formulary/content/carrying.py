"""What a form takes over from last year's, by what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from formulary.content.form import PREVIOUS, Form, FormSection, fields_of
from formulary.content.meaning import Meaning

CARRIED: dict[Meaning, str] = {"objective": "objectives", "need": "training needs"}
"""What people expect to find again in next year's form, and what it is called."""

assert set(CARRIED) <= set(get_args(Meaning))


@dataclass(frozen=True)
class LackingCarryOver:
    """A form asks for something that no form of the organisation's next year takes over.

    `parts` are those of the library's form that take it over, and that are left out here.
    """

    form: str
    title: str
    what: str
    parts: tuple[str, ...]

    @property
    def message(self) -> str:
        return f"“{self.title}” asks for {self.what}, and no form of next year takes them over"

    @property
    def fix(self) -> str:
        if self.parts:
            parts = ", ".join(self.parts)
            return f"Write “with: [{parts}]” under the form {self.form} in organisation.yaml."
        return "Let a field say “from: previous.<field>”; a table says “carries:” as well."


def find_lacking_carry_over(forms: Iterable[tuple[Form, Form]]) -> Iterator[LackingCarryOver]:
    """What the forms of an organisation ask for and none takes over.

    Each is given as it is offered, and as the library has it. Those that people have several of
    can take nothing over, and are left out.
    """
    once = [pair for pair in forms if not pair[0].repeats]
    for meaning, what in CARRIED.items():
        if any(_takes_over(form.sections, form, library, meaning) for form, library in once):
            continue
        for form, library in once:
            if meaning in _meanings(form).values():
                parts = tuple(
                    part.id
                    for part in library.sections
                    if part.optional and _takes_over((part,), library, library, meaning)
                )
                yield LackingCarryOver(form.id, form.title, what, parts)


def carrying_parts(form: Form) -> tuple[str, ...]:
    """The optional parts that a form of the library needs to take over what it asks for."""
    shown = tuple(part for part in form.sections if not part.optional)
    plain = form.model_copy(update={"sections": shown})
    lacking = find_lacking_carry_over([(plain, form)])
    return tuple(dict.fromkeys(part for lack in lacking for part in lack.parts))


def _takes_over(
    sections: Iterable[FormSection], form: Form, library: Form, meaning: Meaning
) -> bool:
    """Whether one of the sections takes over answers that mean this.

    A table that takes only the rows with a mark takes none where the form does not ask for it.
    """
    meanings = {**_meanings(library), **_meanings(form)}
    asked = {one.id for part in form.sections for one in fields_of(part)}
    for part in sections:
        only_if = part.table.carries.only_if if part.table and part.table.carries else ()
        is_open = not only_if or any(id in asked for id in only_if)
        for one in fields_of(part):
            prefill = one.prefill or ""
            source = prefill.removeprefix(PREVIOUS)
            if is_open and prefill.startswith(PREVIOUS) and meanings.get(source) == meaning:
                return True
    return False


def _meanings(form: Form) -> dict[str, Meaning | None]:
    return {one.id: one.means for part in form.sections for one in fields_of(part)}
