"""Check forms against the policy: asked for and not offered, not asked for, lacking a field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.content.form import Form, fields_of
from formulary.edition.filled_text import FilledText
from formulary.problems import Problem

WELLBEING = re.compile(r"well-?being", re.I)
TALK = re.compile(r"\b(discuss\w*|talk\w*|ask\w*|record\w*|conversation|report)\b", re.I)
FORM_WORDS = re.compile(r"\b(online form|proformas?|pro formas?|the forms?|a form)\b", re.I)
LOOSE = re.compile(
    r"\((?:copy|copies|form|forms) attached\)|\b(?:is|are) attached\b|\boverleaf\b|\bclick here\b"
    r"|\b(?:link|links) (?:below|above)\b|\bexamples? section\b|\bsection of (?:sample|example)\w*"
    r"|\bexemplars?(?: documents?)?\b|\bsee (?:the )?attached\b",
    re.I,
)
REVIEWEE = re.compile(r"\b(reviewee|employee|tutor|appraisee|teacher|member of staff)\b", re.I)
CYCLE_LABEL = re.compile(r"\b(cycle|period|year|term)\b", re.I)


def record_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Where forms and policy do not fit together."""
    yield from _check_offered(texts)
    yield from _check_mentioned(texts)
    yield from _find_lacking_fields(texts)
    yield from texts.find_each(_find_loose, texts.readers)


def _find_loose(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    if match := LOOSE.search(text.plain):
        message = f"“{match.group()}” points to something that is not here"
        yield texts.finding(problems.LOOSE_REFERENCE, text, message, words=match.group())


def _check_offered(texts: OrganisationTexts) -> Iterator[Problem]:
    """The policy speaks of forms, and the organisation offers none at all."""
    if texts.own.organisation.item.forms:
        return
    for text in texts.policy:
        if match := FORM_WORDS.search(text.plain):
            message = f"The policy speaks of “{match.group()}”, and no form is offered"
            yield texts.finding(problems.FORM_NOT_OFFERED, text, message, words=match.group())
            return


def _check_mentioned(texts: OrganisationTexts) -> Iterator[Problem]:
    """A form that neither its offer nor any clause ties to the policy."""
    document = texts.own.organisation.document
    raw = " ".join(text.source for text in texts.policy)
    named = set(re.findall(r"form\(\s*['\"]([a-z0-9-]+)['\"]\s*\)", raw))
    named |= {clause.sample for _, clause in texts.own.policy.item.clauses() if clause.sample}
    for offer, form in texts.edition.forms:
        if not offer.clauses and not offer.serves and form.id not in named:
            message = f"No clause asks for the form “{form.title}”"
            at = ("forms", texts.edition.organisation.forms.index(offer), "form")
            yield texts.at(problems.FORM_NOT_MENTIONED, document, at, message)


def _find_lacking_fields(texts: OrganisationTexts) -> Iterator[Problem]:
    if not texts.edition.forms:
        return
    fields = [f for _, form in texts.edition.forms for s in form.sections for f in fields_of(s)]
    if texts.own.ratings and not any(field.type == "rating" for field in fields):
        message = "Performance is rated, and no form offered has a field for the rating"
        document = texts.own.ratings.document
        at = ("title",)
        yield texts.at(problems.FORM_LACKS, document, at, message, about=("ratings",))
    asked = _find_wellbeing(texts)
    forms = (text for text in texts.all if text.kind == "form")
    if asked and not any(WELLBEING.search(text.plain) for text in forms):
        message = "Wellbeing is talked about, and no form offered has a place for it"
        yield texts.finding(
            problems.FORM_LACKS, asked, message, words="wellbeing", about=("wellbeing",)
        )
    for _, form in texts.edition.forms:
        yield from _check_header(texts, form)


def _find_wellbeing(texts: OrganisationTexts) -> FilledText | None:
    for text in texts.policy:
        for sentence in text.sentences:
            if WELLBEING.search(sentence) and TALK.search(sentence):
                return text
    return None


def _check_header(texts: OrganisationTexts, form: Form) -> Iterator[Problem]:
    """A form about one person that does not ask whose it is, or for which cycle."""
    fields = [f for s in form.sections for f in s.fields]
    signed = [f for f in fields if f.type == "signature" and REVIEWEE.search(f.label)]
    letter = any(section.letter for section in form.sections)
    if form.header == "common" or not signed or letter:
        return
    lacks = []
    if not any(f.prefill == "staff.name" or re.search(r"\bname\b", f.label, re.I) for f in fields):
        lacks.append("name")
    by_cycle = ("cycle.starts", "cycle.ends", "organisation.edition")
    if not any(f.prefill in by_cycle or CYCLE_LABEL.search(f.label) for f in fields):
        lacks.append("cycle")
    if lacks:
        message = f"The form “{form.title}” does not ask for the {' or the '.join(lacks)}"
        fix = "Give it “header: common”, or fields of its own."
        document = texts.content.forms[form.id].document
        yield texts.at(
            problems.FORM_LACKS, document, ("header",), message, about=(form.id, *lacks), fix=fix
        )
