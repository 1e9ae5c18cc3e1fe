"""The linter: what the models cannot see, because it needs two places at once.

`check_content` finds what stops a build: references that lead nowhere, ids given twice, time rules
that cannot be read, tables with gaps, forms that cannot be filled, facts of the source sheet
without a place. `lint` adds what a careful reader would say about the policy itself, and sets apart
what the organisation has accepted.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from formulary.check.abbreviations import abbreviation_findings
from formulary.check.accepting import AcceptedFinding, split_accepted
from formulary.check.accessibility import accessibility_problems, contact_findings, testing_findings
from formulary.check.approval import approval_findings
from formulary.check.carrying import carrying_findings
from formulary.check.colours import colour_problems
from formulary.check.concerns import concern_findings
from formulary.check.context import CheckContext
from formulary.check.counting import counting_findings
from formulary.check.coverage import coverage_problems
from formulary.check.deadlines import deadline_findings
from formulary.check.dictionary_words import word_findings
from formulary.check.forms import form_problems, offer_problems, section_problems
from formulary.check.ids import id_problems, library_problems
from formulary.check.law import law_fact_findings, law_findings
from formulary.check.markup import markup_findings
from formulary.check.naming import naming_findings
from formulary.check.numbering import numbering_findings
from formulary.check.placeholders import placeholder_findings
from formulary.check.pointers import pointer_findings
from formulary.check.records import record_findings
from formulary.check.references import reference_problems
from formulary.check.reviewers import reviewer_findings
from formulary.check.scope import prefill_problems, scope_problems
from formulary.check.spelling import spelling_findings
from formulary.check.synonyms import synonym_findings
from formulary.check.tables import rule_problems, table_problems
from formulary.check.texts import OrganisationTexts
from formulary.check.times import time_problems
from formulary.content.loading import Content
from formulary.edition.edition import Edition
from formulary.problems import Problem


@dataclass(frozen=True)
class Findings:
    """What the linter says: problems, and the findings that organisations have accepted."""

    problems: tuple[Problem, ...]
    accepted: tuple[AcceptedFinding, ...] = ()


def lint(content: Content, editions: Sequence[Edition], today: datetime.date) -> Findings:
    """Every problem of `check_content`, and every judgement about the policies as of `today`.

    `editions` are those of the organisations to judge (`edition.compose_edition`). The policies are
    judged only where all files are sound: a faulty part, left out, would look like something that
    the policy lacks.
    """
    judged = judge_policies(content, editions, today)
    return replace(judged, problems=(*check_content(content), *judged.problems))


def judge_policies(content: Content, editions: Sequence[Edition], today: datetime.date) -> Findings:
    """What `lint` says beside the problems of `check_content`."""
    found = [
        *testing_findings(content.accessibility, today),
        *law_fact_findings(content.law, today),
    ]
    accepted: list[AcceptedFinding] = []
    # an organisation whose id is not its folder's name is named, and judged all the same
    organisations = {own.organisation.item.id: own for own in content.organisations}
    for edition in editions if content.whole else ():
        texts = OrganisationTexts(content, organisations[edition.id], edition)
        left, set_apart = split_accepted(texts, judgements(texts, today))
        found.extend(left)
        accepted.extend(set_apart)
    return Findings(tuple(found), tuple(accepted))


def judgements(texts: OrganisationTexts, today: datetime.date) -> Iterator[Problem]:
    """Everything that a careful reader would say about one organisation's policy and forms."""
    yield from approval_findings(texts, today)
    yield from contact_findings(texts)
    yield from deadline_findings(texts)
    yield from concern_findings(texts)
    yield from reviewer_findings(texts)
    yield from record_findings(texts)
    yield from carrying_findings(texts)
    yield from pointer_findings(texts)
    yield from numbering_findings(texts)
    yield from naming_findings(texts)
    yield from counting_findings(texts)
    yield from synonym_findings(texts)
    yield from abbreviation_findings(texts)
    yield from law_findings(texts)
    yield from spelling_findings(texts)
    yield from markup_findings(texts)
    yield from placeholder_findings(texts)
    yield from word_findings(texts)


def check_content(content: Content) -> tuple[Problem, ...]:
    """Every problem that needs more than one place to see, and that stops a build.

    Where `content` is not whole, a name that is somewhere in it is taken to exist.
    """
    return tuple(_structure(content))


def _structure(content: Content) -> Iterator[Problem]:
    for own in content.organisations:
        context = CheckContext(content, own)
        yield from reference_problems(context)
        yield from id_problems(context)
        yield from rule_problems(context)
        yield from time_problems(context)
        yield from table_problems(context)
        yield from offer_problems(context)
        yield from scope_problems(context)
        yield from coverage_problems(context)
        yield from colour_problems(own)
    for form in content.forms.values():
        yield from form_problems(form.document, form.item, form.item.id)
    if content.header:
        sections = ((("section",), content.header.item.section),)
        yield from section_problems(content.header.document, sections)
    yield from prefill_problems(content)
    yield from library_problems(content)
    yield from accessibility_problems(content)
