"""What the server sends back."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True)
class Response:
    """What is sent back."""

    status: HTTPStatus
    kind: str
    data: bytes
    headers: Mapping[str, str] | None = None


def plain_text(status: HTTPStatus, words: str) -> Response:
    return Response(status, "text/plain; charset=utf-8", words.encode())


def as_json(data: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(status, "application/json", json.dumps(data, ensure_ascii=False).encode())


def redirect(to: str, status: HTTPStatus = HTTPStatus.FOUND) -> Response:
    return Response(status, "text/plain", b"", {"Location": to})


def file_response(path: str, data: bytes) -> Response:
    return Response(
        HTTPStatus.OK, mimetypes.guess_type(path)[0] or "application/octet-stream", data
    )
