"""Calendars read by ical.js: iCalendar texts go in, what that parser understood comes out."""

import json
from collections.abc import Sequence
from typing import Any

from tests.checkers import tools


def read_with_ical_js(texts: Sequence[str]) -> list[dict[str, Any]]:
    """The name and the events of each text; raises ToolError where one cannot be parsed.

    An event has uid, summary, description, first and end (days such as 2026-10-31, the end not
    included), days (whether both are days), sequence, stamp and alarms (triggers).
    """
    tools.node_module("ical.js")
    node = tools.program("node", "apt-get install nodejs")
    answer = tools.run([node, tools.HERE / "ical.mjs"], stdin=json.dumps(list(texts)))
    found: list[dict[str, Any]] = json.loads(answer)
    return found
