"""The content that is shipped: what the linter says of it is true, and accepted with a reason."""

from __future__ import annotations

import datetime

from formulary.model.content import Content
from formulary.rules.content import lint

READ_ON = datetime.date(2026, 11, 22)
"""The day on which the findings were read and accepted."""


def test_every_finding_is_accepted_with_a_reason(content: Content) -> None:
    findings = lint(content, READ_ON)
    assert [str(problem) for problem in findings.problems] == []
    assert all(accepted.because for accepted in findings.accepted)
