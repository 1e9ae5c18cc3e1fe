"""Tables of judgement with gaps, rules without numbers, and numbers or dates in wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from formulary import problems
from formulary.check.context import (
    CheckContext,
    Reference,
    find_repeats,
    locate_ids,
    problem,
    report_lost,
)
from formulary.content.ratings import Criterion
from formulary.content.source import Document, Loc
from formulary.problems import Problem


def table_problems(context: CheckContext) -> Iterator[Problem]:
    """Gaps and unknown columns in the rating table and the career stages."""
    if ratings := context.own.ratings:
        item, document = ratings.item, ratings.document
        yield from find_repeats(document, locate_ids(item.levels, ("levels",)), "level")
        levels = {level.id: level.name for level in item.levels}
        yield from _check_cells(context, document, "criteria", item.criteria, levels)
    if stages := context.own.career_stages:
        matrix, document = stages.item, stages.document
        yield from find_repeats(document, locate_ids(matrix.stages, ("stages",)), "stage")
        names = {stage.id: stage.name for stage in matrix.stages}
        yield from _check_cells(context, document, "areas", matrix.areas, names)


def _check_cells(
    context: CheckContext,
    document: Document,
    key: str,
    rows: tuple[Criterion, ...],
    columns: Mapping[str, str],
) -> Iterator[Problem]:
    yield from find_repeats(document, locate_ids(rows, (key,)), "row")
    for i, row in enumerate(rows):
        at: Loc = (key, i, "cells")
        unknown = [column for column in row.cells if column not in columns]
        for column in unknown:
            if not context.maybe_defined(column):
                known = frozenset(columns)
                yield report_lost(Reference(document, (*at, column), column, "column", known, True))
        for column in columns:
            absent = column not in row.cells and (*at, column) not in document.dropped
            if absent and not get_close_matches(column, unknown):
                message = f"“{row.name}” has no text under “{column}”"
                place = document.place(at, key=True)
                yield Problem(problems.MISSING_CELL, place, message, f"Add “{column}:”.")


def rule_problems(context: CheckContext) -> Iterator[Problem]:
    """Rules without a number, or whose numbers or dates are in the wrong order."""
    document = context.own.organisation.document
    for id, rule in context.own.organisation.item.rules.items():
        if (rule.min, rule.max, rule.normal, rule.exactly) == (None, None, None, None):
            message, fix = f"The rule “{id}” has no number", "Add min, max, normal or exactly."
            yield problem(problems.MISSING_KEY, document, ("rules", id), message, fix)
        if rule.min is not None and rule.max is not None and rule.min > rule.max:
            message = f"The rule “{id}” has a min of {rule.min} above its max of {rule.max}"
            yield problem(problems.BAD_ORDER, document, ("rules", id, "min"), message)
    policy, document = context.own.policy.item, context.own.policy.document
    approved = policy.approval.on if policy.approval else None
    if approved and policy.next_review and policy.next_review <= approved:
        message = "The next review is not later than the approval"
        yield problem(problems.BAD_ORDER, document, ("next-review",), message)
