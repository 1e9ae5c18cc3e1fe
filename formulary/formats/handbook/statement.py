"""Write the accessibility statement, one page at the root of the site.

Its parts are those of the model statement to which the Public Sector Bodies (Websites and Mobile
Applications) (No. 2) Accessibility Regulations 2018, regulation 8, refer: Commission Implementing
Decision (EU) 2018/1523, annex, section 1 (compliance, what is not accessible and why, preparation,
feedback, enforcement). No date comes from a clock: they are those of the recorded checks.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from formulary.content.accessibility import Accessibility
from formulary.content.cycle import british
from formulary.edition.edition import Edition
from formulary.formats.handbook.writer import front_matter, tidy

PAGE = "accessibility.md"
TITLE = "Accessibility statement"

KINDS = (
    ("fails", "Non-compliance with the accessibility regulations"),
    ("burden", "Disproportionate burden"),
    ("outside", "Content that’s not within the scope of the accessibility regulations"),
)
"""The kinds of issue, each with the heading under which the statement lists it.

The words are those of the model statement, which must not be changed.
"""


def statement_page(
    editions: Sequence[Edition], templates: Environment, known: Accessibility | None
) -> dict[str, str]:
    """Path -> text of the statement for the handbooks of `editions`.

    Where nothing is `known`, it says that nothing was tested yet.
    """
    issues = known.issues if known else ()
    findings = known.recorded.findings if known and known.recorded else ()
    fails = bool(findings) or any(issue.kind == "fails" for issue in issues)
    exempt = any(issue.kind in ("burden", "outside") for issue in issues)
    examples = [edition for edition in editions if edition.notice]
    body = templates.get_template("statement.md.j2").render(
        title=TITLE,
        editions=editions,
        alone=len(editions) == 1,
        named=_join_names([edition.organisation.name for edition in editions]),
        known=known,
        compliance=(known.compliance or known.known_compliance) if known else "partly",
        due_to=_explain_status(fails, exempt),
        listed=fails or exempt,
        untested=[issue for issue in issues if issue.kind == "untested"],
        issues=[
            (heading, [issue for issue in issues if issue.kind == kind]) for kind, heading in KINDS
        ],
        contacts=[edition for edition in editions if edition.organisation.contact],
        silent=[
            edition
            for edition in editions
            if edition.organisation.contact is None and not edition.notice
        ],
        examples=examples,
        british=british,
    )
    described = "How accessible this handbook is, what is not, who to ask, and how it was tested."
    return {PAGE: front_matter(TITLE, described) + tidy(body)}


def _explain_status(fails: bool, exempt: bool) -> str:
    """Why the site is partially compliant, in the words of the model statement."""
    if fails and exempt:
        return "the non-compliances and exemptions"
    return "the exemptions" if exempt else "the non-compliances"


def _join_names(names: Sequence[str]) -> str:
    """“A”, “A and B”, “A, B and C”."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
