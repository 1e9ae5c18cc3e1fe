"""What the panel calls the fields, the elements and the choices of the models."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from formulary.content.base import ContentModel

PANELS: dict[str, dict[str, str | list[str]]] = tomllib.loads(
    (Path(__file__).parent / "panels.toml").read_text(encoding="utf-8")
)
"""The labels of fields, and hints, by the name of their model or “any”, and by their key."""

NAMES = {
    "StaffQuestion": "Question",
    "Criterion": "Row of the table",
    "FormField": "Question",
    "FormSection": "Part of the form",
    "FormTable": "Table",
    "Carried": "What comes from last year",
    "RelatedDocument": "Related document",
    "RatedCriterion": "Row of the table",
    "ChecklistEntry": "Thing to do",
    "Group": "Staff group",
    "Panel": "Who reviews",
    "Offer": "Form",
    "Document": "Document",
    "Event": "Date of the year",
    "Stage": "Career stage",
    "Level": "Level of rating",
    "Rule": "Number",
    "Topic": "Guidance",
    "ShortCycle": "Part of a year",
    "Exclusion": "Who is left out",
    "AtAGlance": "Main point",
    "ClauseBody": "More of the clause",
    "Accepted": "Accepted finding",
    "StandardsSet": "Set of standards",
    "StandardsPart": "Part of the set",
    "GlossaryTerm": "Word or abbreviation",
    "SynonymGroup": "Words that mean the same",
    "Lane": "Column of the picture",
    "Diagram": "Picture",
    "Issue": "What is not accessible",
    "Enforcer": "Where to complain",
    "LegalFact": "Fact of law",
}
"""What an element is called, where its model's name would not tell HR."""

FILES = {
    "organisation": "Words and numbers",
    "policy": "The policy",
    "cycle": "Cycles, their dates and the terms",
    "ratings": "Ratings",
    "career-stages": "Career stages",
    "guidance": "Guidance",
    "questions": "Questions and answers",
    "checklists": "Checklists",
    "staff-columns": "Columns of the staff list",
    "themes": "Themes of the report",
    "mails": "Mails that go with forms",
    "synonyms": "Words that a search takes for the same",
}
"""What is in the files of an organisation that HR writes."""

CHOICES = {
    "text": "Short text",
    "multiline": "Long text",
    "choice": "Choice from a list",
    "yes-no": "Yes or no",
    "checkbox": "Tick box",
    "money": "Amount of money",
    "email": "E-mail address",
    "time": "Time of day",
    "stage": "Career stage",
    "everyone": "Everyone, each year",
    "when-needed": "Those who have cause for it",
    "office": "The office alone",
    "review": "Reviews",
    "concern": "When something is not right",
    "others": "Observers, heads, committees and the office",
    "common": "With the usual opening part",
    "own": "With an opening part of its own",
    "expectations": "What is expected at each stage",
    "criteria": "Once for each row of the ratings",
    "none": "Nothing",
    "pay": "Decisions on pay",
    "board": "The board",
    "support": "HR, or others who help",
    "example": "A worked example, reworded from a published document",
    "full": "White words on the colour",
    "light": "Dark words on a light tint, which needs little toner",
    "clauses": "5, 5.3, 5.3.1",
    "paragraphs": "1, 2, 3 through all sections",
    "articles": "Article V, Section 3",
    "numbering.none": "No numbers",
    "joiners": "Those who start during the cycle",
    "leavers": "Those who leave during the cycle",
    "fixed-term": "Those on a fixed term",
    "in-cycle": "The part of the cycle in which they are there",
    "contract": "The whole contract",
    "no-pack": "They get no forms until they are back",
    "pack": "They get forms as everyone does",
    "posts.main": "Forms for the main post",
    "posts.each": "Forms for each post",
    "posts.ask": "Forms for the main post; the check lists both",
    "circle": "Steps in a ring",
    "lanes": "Boxes in columns",
    "objectives": "Objectives are set",
    "interim-review": "A review during the cycle",
    "final-review": "The review at the end",
    "report": "The report is given",
    "pay-decision": "Pay is decided",
    "fails": "It must be fixed",
    "burden": "Fixing it would be a disproportionate burden",
    "outside": "The law does not cover it",
    "untested": "Nobody has tried it yet",
}
"""The words for what is chosen, where the value alone says too little."""


def label_of(key: str, model: str = "") -> str:
    """The label of a field, from its key and the name of its model."""
    return _words_of(key, model)[0]


def _words_of(key: str, model: str) -> tuple[str, str | None]:
    """The label of a field; and its hint, or None where the model's description is one."""
    found = PANELS.get(model, {}).get(key) or PANELS["any"].get(key)
    if isinstance(found, list):
        return found[0], found[1]
    words = key.replace("-", " ").replace("_", " ")
    return found or words[:1].upper() + words[1:], None


_FOR_FILES = re.compile(r"yaml|\bids?\b|`|left out|\bkeys?\b|\[\]|lower-case")
_LITTLE_WORDS = frozenset(
    # of English, which say nothing that a label does not
    {"a", "an", "and", "are", "by", "for", "form", "in", "is", "it", "its", "of", "order", "that"}
    | {"the", "they", "this", "to", "what", "when", "which", "who"}
)


def help_of(key: str, description: str, model: str = "") -> str:
    """What a panel says below the label of a field; empty where it would say no more than that.

    It is the model's description, without what concerns the files alone.
    """
    label, hint = _words_of(key, model)
    if hint is None:
        sentences = re.split(r"(?<=[.:])\s+", description)
        hint = " ".join(found for found in sentences if not _FOR_FILES.search(found))
    return hint if _telling(hint) - _telling(label) else ""


def _telling(words: str) -> set[str]:
    return set(re.findall(r"\w+", words.lower())) - _LITTLE_WORDS


def name_of(model: type[ContentModel]) -> str:
    """What an element of a model is called."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()
    return NAMES.get(model.__name__, words[:1].upper() + words[1:])


def choice_words(value: Any, key: str = "") -> str:
    """The words for what can be chosen, in the field with a key."""
    words = str(value).replace("-", " ")
    found = CHOICES.get(f"{key}.{value}") or CHOICES.get(str(value))
    return found or words[:1].upper() + words[1:]
