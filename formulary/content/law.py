"""Facts of law that pages, forms and checks state, each with its source and the day of a check."""

from __future__ import annotations

import datetime

from pydantic import Field

from formulary.content.base import ContentModel, Id, Line
from formulary.content.cycle import british


class LegalFact(ContentModel):
    """One thing that the law says."""

    id: Id
    states: Line = Field(description="What the law says, in a sentence.")
    source: Line = Field(
        description="Where it says so: “Employment Relations Act 1999, section 10”."
    )
    checked: datetime.date = Field(description="The day on which a person last checked it.")


class Law(ContentModel):
    """`law.yaml` of the library; texts name a fact by `law('id')`."""

    facts: tuple[LegalFact, ...] = Field(min_length=1, description="The facts.")

    def sources(self) -> dict[str, str]:
        """Where each fact is from and the day of its last check, as texts name it, by its id."""
        return {
            fact.id: f"{fact.source} (checked on {british(fact.checked)})" for fact in self.facts
        }
