"""The scripts of the pages: one classic script for all, and for each form what it is written from.

Pages are also opened as files, from a folder, where browsers run no modules, fetch nothing and
have no workers. So the script is joined of its parts here, and what a form needs comes in scripts
of its own, which the page loads when it first saves or opens a file.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "scripts"

WRITERS = ("bytes", "payload", "typeface", "pdf-write", "pdf-more", "word-write")
"""What needs no page, so that Node runs it too."""

RULES = ("dates", "answers", "times", "rules")

PAGE = (*WRITERS, *RULES, "word-read", "pdf-read", "page")
"""All that a page runs."""


@cache
def join_scripts(names: Iterable[str] = WRITERS, end: str = "") -> str:
    """The scripts of these names as one, without their comments."""
    texts = [(FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in names]
    lines = (line.rstrip() for text in (*texts, end) for line in text.splitlines())
    kept = (line for line in lines if line and not line.lstrip().startswith("//"))
    return '"use strict";\n(() => {\n' + "\n".join(kept) + "\n})();\n"


def write_payload(name: str, plan: Any, rest: bytes = b"") -> bytes:
    """A script that brings a plan, and bytes that belong to it, under a name."""
    said = json.dumps(plan, ensure_ascii=False, separators=(",", ":")).encode()
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflater.compress(said + b"\n" + rest) + deflater.flush()
    return b'formulary.take("%s","%s");\n' % (name.encode(), base64.b64encode(packed))


def style_sheet() -> str:
    """The style sheet of the pages."""
    return (FOLDER.parent / "fill.css").read_text(encoding="utf-8")
