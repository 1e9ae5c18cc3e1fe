"""The files of the pages on which forms are filled in in the browser."""

from __future__ import annotations

from collections.abc import Mapping

from formulary.formats.handbook.downloads import Download
from formulary.formats.pdf.plan import font_table, shared_streams
from formulary.formats.web.script import join_scripts, write_payload

ASSETS = "assets/fill"
"""Where the script, the style sheet and the typeface are that all these pages share."""


def fill_script(download: Download, script: bytes) -> Mapping[str, bytes]:
    """The script that a form's page fills one of its documents from, by path; none without."""
    name = f"{download.organisation}/fill/{download.form}.{download.format.lower()}.js"
    return {name: script} if script else {}


def shared_fill_files() -> Mapping[str, bytes]:
    """What the pages of all forms share, by path from the root of the site."""
    streams = shared_streams()
    return {
        f"{ASSETS}/fill.js": join_scripts().encode(),
        f"{ASSETS}/typeface.js": write_payload("typeface", font_table()),
        f"{ASSETS}/typeface-file.js": write_payload(
            "file", [len(stream) for stream in streams], b"".join(streams)
        ),
    }
