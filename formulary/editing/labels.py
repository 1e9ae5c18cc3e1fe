"""What the panel calls the fields, the elements and the choices of the models."""

from __future__ import annotations

import re
from typing import Any

from formulary.content.base import ContentModel

LABELS = {
    "asks": "The question",
    "answer": "The answer",
    "clauses": "Based on",
    "clause": "Based on",
    "text": "The words",
    "label": "The question",
    "after": "Comes after",
    "intro": "What opens it",
    "points": "The list",
    "when": "When it happens",
    "who": "Who",
    "acts": "Roles that act",
    "groups": "Staff groups",
    "does": "What they do",
    "shows": "Table to print",
    "entries": "What there is to do",
    "cells": "What each level means",
    "numbered": "Has clauses with numbers",
    "states": "What the number means",
    "min": "At least",
    "max": "At most",
    "normal": "Usually",
    "exactly": "Exactly",
    "unit": "Counted in",
    "forms": "Forms",
    "filled-by": "Who fills it in",
    "purpose": "What it is for",
    "short": "Short name",
    "from": "Begins with",
    "type": "Kind of answer",
    "options": "What can be chosen",
    "lines": "Lines to write on",
    "required": "Must be answered",
    "rows": "Rows",
    "row": "What one row is",
    "fields": "Questions",
    "sections": "Parts of the form",
    "means": "What it means",
}
"""The labels of fields whose key says too little."""

HELP = {
    "type": "What is asked for: words, a date, a choice.",
    "rows": "A number, or what each row asks. Add new ones at the end.",
    "row": "For example “Objective”.",
    "label": "As it is printed beside the answer.",
    "hint": "Printed below the question.",
    "options": "",
    "fields": "",
    "columns": "What each row asks.",
}
"""What is said of a field in place of its model's description."""

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
}
"""The words for what is chosen, where the value alone says too little."""


def label_of(key: str) -> str:
    """The label of a field, from its key."""
    words = key.replace("-", " ").replace("_", " ")
    return LABELS.get(key, words[:1].upper() + words[1:])


_FOR_FILES = re.compile(r"yaml|\bids?\b|`|left out|\bkeys?\b|\[\]|lower-case")


def help_of(key: str, description: str) -> str:
    """What a field is for: its model's description, without what concerns the files alone."""
    if key in HELP:
        return HELP[key]
    sentences = re.split(r"(?<=[.:])\s+", description)
    return " ".join(found for found in sentences if not _FOR_FILES.search(found))


def name_of(model: type[ContentModel]) -> str:
    """What an element of a model is called."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()
    return NAMES.get(model.__name__, words[:1].upper() + words[1:])


def choice_words(value: Any) -> str:
    """The words for what can be chosen."""
    words = str(value).replace("-", " ")
    return CHOICES.get(str(value), words[:1].upper() + words[1:])
