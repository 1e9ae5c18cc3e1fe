"""Check who and what events, clauses, forms and rules concern: staff groups and forms.

What a page shows beside an event is what cycle.yaml says under `forms:`; nothing is concluded from
clauses that an event and a form share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.content.cycle import Cycle, Event
from formulary.content.form import Form
from formulary.content.organisation import Role
from formulary.content.source import Document, Loc
from formulary.edition.edition import Edition
from formulary.edition.filling import acting_roles, fills_in, who_fills_in
from formulary.problems import Problem


def concern_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Events whose forms nobody has named, forms at no event, and groups that do not meet."""
    document = texts.own.cycles.document
    for i, cycle in enumerate(texts.own.cycles.item.cycles):
        for j, event in enumerate(cycle.events):
            at: Loc = ("cycles", i, "events", j)
            groups = event.groups or cycle.groups
            yield from _check_forms(texts, at, event, groups)
            yield from _check_fillers(texts, at, event)
            yield from _check_clauses(texts, document, at, event.name, event.clauses, groups)
    yield from _find_loose_forms(texts)
    own = texts.own.organisation
    for i, offer in enumerate(own.item.forms):
        named = (*offer.clauses, *offer.serves.values())
        at = ("forms", i)
        yield from _check_clauses(texts, own.document, at, offer.form, named, offer.groups)
    for id, rule in own.item.rules.items():
        at = ("rules", id)
        yield from _check_clauses(
            texts, own.document, at, id, tuple(filter(None, (rule.clause,))), rule.groups
        )


def _check_forms(
    texts: OrganisationTexts, at: Loc, event: Event, groups: Collection[str]
) -> Iterator[Problem]:
    """Forms that are not for the event's staff; no `forms:`, where a form shares a clause."""
    document = texts.own.cycles.document
    titles = texts.edition.references.forms
    if event.forms is None:
        near = [
            form.id
            for offer, form in texts.edition.forms
            if set(offer.clauses) & set(event.clauses) and texts.edition.is_offered(form.id, groups)
        ]
        if near:
            message = f"Nothing says which forms belong to “{event.name}”"
            fix = f"Write “forms:” there. By its clauses: {', '.join(near)}; or [] for none."
            kind = problems.EVENT_WITHOUT_FORMS
            yield texts.at(kind, document, at, message, about=(event.id,), fix=fix)
    for place, form in enumerate(event.forms or ()):
        if form in titles and not texts.edition.is_offered(form, groups):
            message = f"The form “{titles[form]}” is not for the staff of “{event.name}”"
            loc = (*at, "forms", place)
            yield texts.at(problems.FOR_OTHERS, document, loc, message, about=(event.id, form))


def _check_fillers(texts: OrganisationTexts, at: Loc, event: Event) -> Iterator[Problem]:
    """Forms of an event that none of the roles that act at it fills in."""
    edition = texts.edition
    forms = {form.id: form for _, form in edition.forms}
    acting = acting_roles(edition, event.acts)
    for place, id in enumerate(event.forms or ()):
        form = forms.get(id)
        if form is None or _acts(edition, event, form, acting):
            continue
        title, who = edition.references.forms[id], form.filled_by
        message = f"“{title}” is filled in by “{who}”, and none of them acts at “{event.name}”"
        fix = "Take the form away from the event, or add who fills it in under “acts:”."
        loc = (*at, "forms", place)
        document = texts.own.cycles.document
        yield texts.at(problems.FOR_OTHERS, document, loc, message, about=(event.id, id), fix=fix)


def _acts(edition: Edition, event: Event, form: Form, acting: Collection[Role]) -> bool:
    """Whether somebody who fills in a form acts at an event; by its `who`, if no role is named."""
    if acting:
        return any(fills_in(edition, role, form, acting) for role in acting)
    parts = {who_fills_in(edition, said) for said in (event.who, form.filled_by)}
    return parts != {"others", "reviewee"} and parts != {"others", "reviewer-and-reviewee"}


def _find_loose_forms(texts: OrganisationTexts) -> Iterator[Problem]:
    """Forms of everyone's pack that belong to no event of a group to which they are offered."""
    document = texts.own.organisation.document
    for offer, form in texts.edition.forms:
        if form.pack != "everyone":
            continue
        without = [
            cycle.name
            for cycle in texts.own.cycles.item.cycles
            if _lacks(cycle, offer.groups, form.id)
        ]
        if without:
            title = texts.edition.references.forms[form.id]
            message = f"“{title}” belongs to no event of {_join(without)}"
            at = ("forms", texts.edition.organisation.forms.index(offer), "form")
            kind = problems.FORM_WITHOUT_EVENT
            yield texts.at(kind, document, at, message, about=(form.id,))


def _lacks(cycle: Cycle, groups: Collection[str], form: str) -> bool:
    """Whether a form is offered to staff of a cycle whose events all name forms, and not this."""
    concerned = not groups or set(groups) & set(cycle.groups)
    named = [event.forms for event in cycle.events if event.forms is not None]
    return bool(concerned and named) and not any(form in forms for forms in named)


def _check_clauses(
    texts: OrganisationTexts,
    document: Document,
    at: Loc,
    name: str,
    clauses: Iterable[str],
    groups: Collection[str],
) -> Iterator[Problem]:
    """Clauses that concern none of the groups that what names them is for."""
    concerned = texts.groups_concerned
    for id in dict.fromkeys(clauses):
        only = set(concerned.get(id, ()))
        if groups and only and not only & set(groups):
            message = (
                f"“{name}” is for {_join(groups)}; the clause “{id}” is for {_join(sorted(only))}"
            )
            yield texts.at(problems.FOR_OTHERS, document, at, message, about=(name, id))


def _join(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
