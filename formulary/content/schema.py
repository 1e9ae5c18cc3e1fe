"""The JSON Schemas of the content files, made from the models; editors check by them."""

from __future__ import annotations

import json
from typing import Any

from formulary.content.base import ContentModel
from formulary.content.form import Form, FormHeader
from formulary.content.loading import LIBRARY_FILES, ORGANISATION_FILES

SCHEMAS: dict[str, type[ContentModel]] = {
    **ORGANISATION_FILES,
    **LIBRARY_FILES,
    "form": Form,
    "form-header": FormHeader,
}
"""The schema's name (of `content/schema/<name>.json`), and the model it is made from."""


def schemas() -> dict[str, str]:
    """Every schema as JSON text (draft 2020-12), by file name."""
    return {f"{name}.json": _schema(name, model) for name, model in SCHEMAS.items()}


def _schema(name: str, model: type[ContentModel]) -> str:
    made: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
