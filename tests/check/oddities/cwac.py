"""Test content: the faults that section 14 of sheet 000 lists, in an organisation of our own."""

from __future__ import annotations

ORGANISATION = """\
id: cwac
name: An adult education service
short: CW&C
kind: Council service
status: example
year: 2026
about: Adult education.
words:
  reviewer: contract manager
  reviewee: tutor
  pupils: learners
groups:
  - id: tutors
    name: Tutors
    who: Everyone who teaches a course.
  - id: managers
    name: Managers
    who: Everyone who manages tutors.
panels:
  - id: tutors
    reviewee: Tutors
    reviewers: The contract manager
    groups: [tutors]
"""

POLICY = """\
title: Performance Management Policy
summary: How tutors and managers know what is expected.
dated: September 2025
status: not stated
numbering: none
sections:
  - id: introduction
    title: Introduction
    clauses:
      - id: providers
        text: Providers show that they have a strong processes for performance management.
      - id: equality
        text: |-
          The commitment reaches everyone, whatever their age, caring responsibility, colour,
          disability, ethnic origin, gender, grade, marital status, national origin, race, religion,
          sexual orientation, trade union membership or working pattern.
      - id: observations
        text: The service also carries out graded observations, which feed appraisals.
  - id: steps
    title: The four steps
    clauses:
      - id: goals
        text: |-
          Goals draw on rates from ALDAS reports and on weak points in the SAR/QUIP. Learning walks,
          lesson visits and formal observation show them too. ICT is one of the topics.
      - id: meetings
        text: |-
          The contract manager meets every tutor in January and in April. Regular dialogue between
          tutors and their line managers about objectives is the heart of it.
"""

CYCLE = """\
cycles:
  - id: tutors
    name: Tutors
    groups: [tutors]
    starts: 1 September
    ends: 31 August
    events:
      - id: goals
        name: Goals set
        who: Both
        when: September
        text: They set goals.
"""

GUIDANCE = """\
topics:
  - id: growth-model
    title: Growth
    summary: Letters for setting goals.
    points:
      - {id: goal, mark: G, name: Goal, text: What is to be achieved.}
      - {id: results, mark: R, name: Results, text: What it looks like.}
      - {id: ownership, mark: "0", name: Ownership, text: Whose goal it is.}
      - {id: will, mark: W, name: Will, text: How strong the will is.}
      - {id: timed, mark: Т, name: Timed, text: How long it takes.}
      - {id: how, mark: Н, name: How, text: The way there.}
diagrams:
  - id: circle
    title: The four steps
    kind: circle
    steps:
      - {id: goals, name: Step 1 Set goals}
      - {id: action, name: Step 4 Take action}
      - {id: deliver, name: Step 2 Develop and deliver}
      - {id: monitor, name: Step 3 Monitor and review}
"""

FILES = {
    "organisation": ORGANISATION,
    "policy": POLICY,
    "cycle": CYCLE,
    "guidance": GUIDANCE,
}
FORMS: dict[str, str] = {}
LIBRARY: dict[str, str] = {}
