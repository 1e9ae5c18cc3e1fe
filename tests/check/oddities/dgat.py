"""Test content: the faults that section 14 of sheet 004 lists, in an organisation of our own."""

from __future__ import annotations

ORGANISATION = """\
id: dgat
name: A diocesan trust
short: DGAT
kind: Trust
status: example
year: 2026
about: A trust of schools.
words:
  reviewer: reviewer
  reviewee: reviewee
  objective: objective
groups:
  - {id: teachers, name: Teachers and headteachers, who: Everyone who teaches.}
  - {id: central, name: Central team, who: Everyone in the central team.}
panels:
  - id: headteachers
    reviewee: Headteachers
    reviewers: The DCEO
    groups: [teachers]
  - id: central
    reviewee: Central team
    reviewers: The line manager
    groups: [central]
"""

POLICY = """\
title: Performance Management Policy and Procedure
summary: How performance is reviewed.
status: draft
next-review: 2025-08-31
numbering: none
sections:
  - id: purpose
    title: 2. Purpose and Scope
    clauses:
      - id: framework
        text: 2. This is a framework for teachers. Targets should be set for those who join late.
      - id: no-pay
        text: 3. Outcomes are not tied to pay, save at the top of the ISR.
      - id: cycles
        text: 6. The cycle runs from December and December.
      - id: confidential
        text: 8. Papers are confidential, but headteachers read them for pay progression.
      - id: heads
        text: 10. The DCEO appraises headteachers. The appraiser is helped by a governor.
      - id: school-staff
        text: The headteacher decides who appraises the staff of the school.
      - id: staff
        text: |-
          12. The line manager works out objectives and timelines. Suitable targets are linked to
          the SDP, as the DfE says.
      - id: stages
        text: 16. Career stage expectations stand in other guidance.
      - id: live
        text: |-
          18. The aim is to encourage a culture where all staff take charge of improving their own
          performance.
      - id: observing
        text: 19. Lesson dips help. Drop-ins vary in length.
      - id: targets
        text: 22. Feedback on progress towards targets makes reaching them likelier.
      - id: support
        text: 24. Where targets are missed, a reasonable time to improve is given.
      - id: appeal
        text: 27. An appeal follows the Grievance Policy.
      - id: evidence
        text: |-
          29. The aim is to encourage a culture where all staff take charge of improving their own
          performance.
      - id: proformas
        text: 33. The proformas are on the website.
      - id: records
        text: 34. Records are kept for six years and then destroyed. Capability may follow.
"""

CYCLE = """\
cycles:
  - id: teachers
    name: Teachers
    groups: [teachers]
    starts: 1 October
    ends: 30 September
    period: October to October
    events:
      - {id: report, name: Report, who: Reviewer, when: by 31 October after the cycle,
         text: A report is written.}
  - id: central
    name: Central team
    groups: [central]
    starts: 1 September
    ends: 31 August
"""

FILES = {"organisation": ORGANISATION, "policy": POLICY, "cycle": CYCLE}
FORMS: dict[str, str] = {}
LIBRARY: dict[str, str] = {}
