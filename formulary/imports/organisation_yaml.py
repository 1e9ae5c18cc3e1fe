"""Write the files that an imported policy needs beside it: `organisation.yaml` and `cycle.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formulary.content.splicing import write_scalar
from formulary.content.versions import latest
from formulary.imports.proposals import Proposal, Proposals
from formulary.imports.yaml_text import comment


@dataclass(frozen=True)
class NewOrganisation:
    """What is known of the organisation whose policy is imported."""

    id: str
    name: str
    kind: str
    year: int


@dataclass(frozen=True)
class ImportedOffer:
    """An imported form, and the clauses that name it."""

    id: str
    clauses: tuple[str, ...]


def organisation_yaml(
    new: NewOrganisation, proposals: Proposals, forms: Sequence[ImportedOffer]
) -> str:
    """`organisation.yaml`: what a build needs, and the proposals as comments."""
    short = new.name if len(new.name) <= 40 else new.id.replace("-", " ").title()
    word = f"the {new.kind.split()[-1].lower()}"
    lines = [
        "# yaml-language-server: $schema=../../schema/organisation.json",
        "# Who you are, your staff groups, your own words, your numbers, and the forms you offer.",
        "# It was made when your policy was imported. Entries behind # are proposals. Take the #",
        "# and the space after it away from those that are right. Delete the others.",
        f"schema: {latest()}",
        f"id: {new.id}",
        f"name: {write_scalar(new.name)}",
        f"short: {write_scalar(short)}",
        f"kind: {write_scalar(new.kind)}",
        "status: draft  # then, once your board has approved what Formulary prints: approved",
        f"process: {proposals.process}  # what you call it; forms, pages and mails say so",
        f"year: {new.year}  # the year in which the cycle starts; change this number once a year",
        "about: |-",
        f"  Here staff and managers of {scalar_text(new.name)} find how performance is",
        "  reviewed through the year, and the forms to fill in.",
        'colour: "#1d4f6e"  # your own colour, dark enough to read on white',
        "",
        "# Your own words. Forms use them for each role or thing.",
        "words:",
        f"  reviewer: {proposals.reviewer}",
        f"  reviewee: {proposals.reviewee}",
        f"  organisation: {write_scalar(word)}",
        "  school: school",
        "  head: headteacher",
        "  pupils: pupils",
        "  objective: objective",
        "",
        "# Your staff groups. Each has a cycle in cycle.yaml.",
        "groups:",
        "  - id: staff",
        "    name: Staff",
        "    who: Everyone that the policy covers.",
        "",
    ]
    if forms:
        lines.append("# The forms that were imported. `clauses` are those that ask for the form.")
        lines.append("forms:")
        for form in forms:
            lines.append(f"  - form: {form.id}")
            if form.clauses:
                lines.append(f"    clauses: [{', '.join(form.clauses)}]")
        lines.append("")
    else:
        lines += comment(
            ["The forms you offer: formulary check --sources lists those of the library.",
             "forms:", "  - form: one-to-one"]
        )  # fmt: skip
        lines.append("")
    for title, key, found in (
        ("Numbers that the policy states. Policy and checks can share those that are right.",
         "rules", proposals.rules),
        ("People and bodies that the policy names.", "roles", proposals.roles),
        ("Other documents that the policy names.", "related", proposals.related),
    ):  # fmt: skip
        lines += _proposed(title, key, found)
    if proposals.terms:
        lines += _proposed(
            "Abbreviations. They belong into content/library/glossary.yaml, which all pages share.",
            "terms",
            proposals.terms,
        )
    return "\n".join(lines).rstrip() + "\n"


def scalar_text(name: str) -> str:
    """A name inside a text, where curly brackets would be read as a fact."""
    return name.replace("{{", "(").replace("}}", ")")


def _proposed(title: str, key: str, found: Sequence[Proposal]) -> list[str]:
    if not found:
        return []
    lines = [f"# {title}", f"# {key}:"]
    for proposal in found:
        lines += comment(proposal.lines)
    return [*lines, ""]


def cycle_yaml(proposals: Proposals) -> str:
    """`cycle.yaml`: one cycle for everyone, and the dates of the policy as proposed events."""
    starts, ends = proposals.cycle or ("1 September", "31 August")
    lines = [
        "# yaml-language-server: $schema=../../schema/cycle.json",
        "# The year as rules, without years: “by 31 October”, “by the end of the cycle”.",
        "# It was made when your policy was imported: check the first and the last day.",
        "cycles:",
        "  - id: staff",
        "    name: Staff",
        "    groups: [staff]",
        f"    starts: {starts}",
        f"    ends: {ends}",
    ]
    if proposals.events:
        lines.append(
            "# Dates that the policy names. Take the # and the space away from the right ones."
        )
        lines.append("#     events:")
        for proposal in proposals.events:
            lines += [f"#     {line}" for line in proposal.lines]
    return "\n".join(lines) + "\n"
