"""Write the files that an imported policy needs beside it: `organisation.yaml` and `cycle.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from formulary.content.splicing import write_scalar
from formulary.content.versions import latest
from formulary.imports.proposals import Proposals


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
    return (
        _templates()
        .get_template("organisation.yaml.j2")
        .render(
            new=new,
            proposals=proposals,
            forms=forms,
            schema=latest(),
            short=new.name if len(new.name) <= 40 else new.id.replace("-", " ").title(),
            word=f"the {new.kind.split()[-1].lower()}",
            in_text=new.name.replace("{{", "(").replace("}}", ")"),  # they would begin a fact
            proposed=(
                (_RULES, "rules", proposals.rules),
                ("People and bodies that the policy names.", "roles", proposals.roles),
                ("Other documents that the policy names.", "related", proposals.related),
                (_TERMS, "terms", proposals.terms),
            ),
        )
    )


_RULES = "Numbers that the policy states. Policy and checks can share those that are right."
_TERMS = "Abbreviations. They belong into content/library/glossary.yaml, which all pages share."


def cycle_yaml(proposals: Proposals) -> str:
    """`cycle.yaml`: one cycle for everyone, and the dates of the policy as proposed events."""
    starts, ends = proposals.cycle or ("1 September", "31 August")
    template = _templates().get_template("cycle.yaml.j2")
    return template.render(proposals=proposals, starts=starts, ends=ends)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("formulary.imports"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["yaml"] = write_scalar
    return made
