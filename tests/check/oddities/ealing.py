"""Test content: the faults that section 14 of sheet 003 lists, in an organisation of our own."""

from __future__ import annotations

ORGANISATION = """\
id: ealing
name: A borough
short: Borough
kind: Council
status: example
year: 2026
about: Support staff in schools.
words:
  reviewer: reviewer
  reviewee: reviewee
groups:
  - {id: support, name: Support staff, who: Everyone who does not teach.}
rules:
  complete:
    states: The days in which the form is completed.
    clause: after
    unit: days
    exactly: 5
forms:
  - form: statement
    clauses: [after]
"""

POLICY = """\
title: Support staff guidance
summary: A model process.
status: model
numbering: none
sections:
  - id: background
    title: Background
    clauses:
      - id: model
        text: Generic descriptions on EGFL may help. Examples are SMSAs. It links to the SEF.
      - id: exemplar
        text: Examples of objectives are in the objectives exemplar document.
  - id: steps
    title: Steps
    clauses:
      - id: preparation
        text: A TA and the reviewer read the JD and fill in the form (copy attached).
      - id: after
        text: |-
          The reviewer completes the statement and gives it back within
          {{ rules.complete.exactly | words }} {{ rules.complete.unit }}. The plan is in the
          Plan//job role and should and agrees.
      - id: poor
        text: |-
          Where performance is unsatisfactory, a document states a reasonable timeframe for
          improvement.
      - id: scores
        text: Rating scores are agreed where possible. CPD is noted.
      - id: appeal
        text: The GB hears an appeal. Papers are confidential and are kept for six years.
      - id: disability
        text: |-
          Discuss whether the employee has a disability as the Disability Discrimination Act defines
          it.
"""

CYCLE = """\
cycles:
  - id: support
    name: Support staff
    groups: [support]
    starts: 1 September
    ends: 31 August
    events:
      - {id: final-review, name: Review, who: Both, when: July, text: They meet.}
"""

GUIDANCE = """\
topics:
  - id: smart
    title: SMART
    summary: Five letters.
    points:
      - {id: specific, mark: S, name: Specific, text: Clear.}
      - {id: measurable, mark: M, name: Measurable, text: Can be seen.}
      - {id: achievable, mark: A, name: Achievable, text: Within reach.}
      - {id: related, mark: R, name: Related to the job, text: Fits the role.}
      - {id: time, mark: T, name: Time-bound, text: By when.}
diagrams:
  - id: flowchart
    title: Flowchart
    kind: lanes
    lanes:
      - {id: after, name: After the meeting, boxes: [{id: file, name: File}]}
      - {id: meeting, name: The meeting, boxes: [{id: hold, name: Meet}]}
      - {id: preparation, name: Preparation, boxes: [{id: prepare, name: Prepare}]}
      - {id: arrangements, name: Arrangements, boxes: [{id: date, name: Set a date}]}
"""

QUESTIONS = """\
questions:
  - id: no-ideas
    asks: "I have no ideas for objectives. Are there FAQ's?"
    answer: The examples section may start you off.
"""

GLOSSARY = """\
terms:
  - term: SMART
    stands-for: Specific, measurable, achievable, realistic, time-bound
    means: A good objective.
"""

FORM = """\
id: statement
title: Planning and review statement
purpose: The record of a review.
filled-by: Both
when: After the meeting
header: own
sections:
  - id: assessment
    title: Assessment
    fields:
      - {id: assessment, label: Agreed assessment, type: multiline}
      - {id: signed, label: Signed and dated by reviewee, type: signature}
"""

FILES = {
    "organisation": ORGANISATION,
    "policy": POLICY,
    "cycle": CYCLE,
    "guidance": GUIDANCE,
    "questions": QUESTIONS,
}
FORMS = {"statement": FORM}
LIBRARY = {"glossary": GLOSSARY}
