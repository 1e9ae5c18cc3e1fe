"""A small organisation that is complete and clean: “hill”, as YAML, for tests that spoil it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from formulary.check.content import Findings, lint
from formulary.content.loading import Content, load
from formulary.edition.edition import compose_edition
from formulary.problems import Problem, in_order
from formulary.project import PACKAGE

TODAY = datetime.date(2026, 11, 22)

ORGANISATION = """\
id: hill
name: Hill Schools
short: Hill
kind: Trust of schools
status: draft
year: 2026
about: A trust of three schools.
words:
  reviewer: reviewer
  reviewee: reviewee
  employee: employee
  organisation: the Trust
  school: school
  head: headteacher
  pupils: pupils
  objective: objective
groups:
  - id: teachers
    name: Teachers
    who: Everyone who teaches.
  - id: support
    name: Support staff
    who: Everyone else.
panels:
  - id: headteachers
    reviewee: Headteacher
    reviewers: The Chief Executive Officer
    groups: [teachers]
  - id: chief-executive
    reviewee: Chief Executive Officer
    reviewers: A panel of trustees
    groups: [teachers]
  - id: others
    reviewee: Teachers and support staff
    reviewers: A line manager whom the headteacher names
    groups: [teachers, support]
roles:
  - id: pay-committee
    name: Pay Committee
    does: Decides on pay.
    clauses: [pay]
rules:
  objectives:
    states: The most objectives in a cycle.
    clause: objectives
    unit: objectives
    max: 3
  monitoring:
    states: The length of a support period.
    clause: support
    unit: working weeks
    min: 4
    max: 8
  visits: {states: The most visits to one person in a year., clause: year, max: 2}
  retention:
    states: How long records are kept.
    clause: records
    unit: years
    exactly: 6
related:
  - id: pay-policy
    name: Pay Policy
    about: Says how pay is decided.
    clauses: [pay]
forms:
  - form: review
    clauses: [report]
    with: [later]
    hints:
      wellbeing: How are you?
    serves:
      meeting: report
  - form: letter
at-a-glance:
  appeals:
    text: A person can appeal to the governors.
    clauses: [appeals]
"""

POLICY = """\
title: Performance Management Policy
summary: How performance is reviewed in {{ words.organisation }}.
version: "2.1"
status: approved
approval:
  by: Board of Trustees
  on: 2026-03-10
review-cycle: Every two years
next-review: 2028-03-10
numbering: clauses
sections:
  - id: introduction
    title: Introduction
    clauses:
      - id: aims
        title: Aims
        text: The policy helps everyone to do their work well.
      - id: equality
        title: Equality
        text: |-
          Nobody is treated worse in a review for any of these:
        points:
          - id: age
            text: age
          - id: disability
            text: disability
          - id: reassignment
            text: gender reassignment
          - id: marriage
            text: marriage and civil partnership
          - id: pregnancy
            text: pregnancy and maternity
          - id: race
            text: race
          - id: religion
            text: religion or belief
          - id: sex
            text: sex
          - id: orientation
            text: sexual orientation
  - id: cycle
    title: The cycle
    clauses:
      - id: year
        title: The year
        text: |-
          The cycle for teachers runs from {{ period('teachers') }}. The steps of the year are shown
          in a picture.
        diagram: steps
        prints:
          topic: growth
          checklists: [before-reviewer]
          questions: [how-long-kept]
      - id: objectives
        title: Setting objectives
        text: |-
          The reviewer and the reviewee agree no more than {{ rules.objectives.max | words }}
          {{ rules.objectives.unit }} by {{ day('teachers.objectives') }}. The rule on support is in
          {{ clause('support') }} below.
      - id: report
        title: Final report
        text: |-
          At the end of the cycle the reviewer and the reviewee discuss three things:
        points:
          - id: progress
            text: progress on the objectives
          - id: wellbeing
            text: the wellbeing of the reviewee
          - id: development
            text: training, with the leader of continuing professional development (CPD)
        closing: |-
          The reviewer gives one of the ratings and writes the report ({{ form('review') }}).
        shows: ratings
      - id: pay
        title: Pay
        text: |-
          The Pay Committee decides on pay progression by {{ deadlines('pay-decision') }}, as
          section 4 of the {{ document('pay-policy') }} says.
  - id: concerns
    title: Concerns
    clauses:
      - id: support
        title: Support period
        text: |-
          Where performance is unsatisfactory, a support period is set. It lasts
          {{ rules.monitoring.min | words }} to {{ rules.monitoring.max | words }}
          {{ rules.monitoring.unit }}. The letter {{ form('letter') }} confirms it. The capability
          procedure follows where there is no improvement.
      - id: appeals
        title: Appeals
        text: |-
          A reviewee may appeal to the governors against any entry in the report, in writing, within
          ten working days.
      - id: records
        title: Records
        text: |-
          Papers are confidential. Records are kept for {{ rules.retention.exactly | words }}
          {{ rules.retention.unit }} under the law on data protection, and then destroyed.
"""

CYCLE = """\
terms:
  - id: spring
    name: Spring term
    starts: January
    ends: March
cycles:
  - id: teachers
    name: Teachers
    groups: [teachers]
    starts: 1 September
    ends: 31 August
    clauses: [year]
    events:
      - id: objectives
        name: Objectives set
        who: Both
        when: by 30 September
        clauses: [aims, objectives]
        text: They agree the objectives.
      - id: mid-year-review
        name: Mid-year review
        who: Both
        when: spring term
        text: They look at progress.
      - id: final-review
        name: Final review
        who: Both
        when: by 31 July
        recorded-as: [final-meeting]
        text: They look back.
      - id: pay-decision
        name: Decision on pay
        who: Pay Committee
        when: by 31 October after the cycle
        text: Pay is decided.
  - id: support
    name: Support staff
    groups: [support]
    starts: 1 January
    ends: 31 December
    events:
      - id: final-review
        name: Final review
        who: Both
        when: by 30 November
        recorded-as: [final-meeting]
        text: They look back.
      - id: pay-decision
        name: Decision on pay
        who: Pay Committee
        when: by 31 March after the cycle
        text: Pay is decided.
"""

RATINGS = """\
title: Ratings
intro: Performance is rated on two criteria.
clause: report
groups: [teachers, support]
pay-from: met
levels:
  - id: not-met
    name: Not met
  - id: met
    name: Met
criteria:
  - id: objectives
    name: Objectives
    cells:
      not-met: The objectives are not met.
      met: The objectives are met.
  - id: standards
    name: Standards
    cells:
      not-met: The standards are not met.
      met: The standards are met.
"""

GUIDANCE = """\
topics:
  - id: growth
    clauses: [objectives]
  - id: talking
    title: Talking about work
    summary: How to talk about work.
    text: Begin with what went well.
    clauses: [report]
diagrams:
  - id: steps
    title: The steps of the year
    kind: circle
    steps:
      - id: plan
        name: Step 1, plan
      - id: do
        name: Step 2, do
      - id: review
        name: Step 3, review
    clauses: [year]
  - id: way
    title: The way through a review
    kind: lanes
    lanes:
      - id: before
        name: Before the meeting
        boxes:
          - id: invite
            name: Invite
      - id: after
        name: After the meeting
        boxes:
          - id: file
            name: File the papers
"""

QUESTIONS = """\
questions:
  - id: how-long-kept
    answer: |-
      For {{ rules.retention.exactly | words }} {{ rules.retention.unit }}.
    clauses: [records]
"""

CHECKLISTS = """\
checklists:
  - id: before-reviewer
    clauses: [report]
"""

COVERAGE = """\
facts:
  F1: guidance.growth.goal
  F2: guidance.diagrams.steps.plan
  F3: questions.how-long-kept
  F4: checklists.before-reviewer.room
"""

LIBRARY_GUIDANCE = """\
topics:
  - id: growth
    title: The growth model
    summary: Letters that help to set an objective.
    points:
      - id: goal
        mark: G
        name: Goal
        text: What is to be achieved?
      - id: results
        mark: R
        name: Results
        text: What will be seen?
"""

LIBRARY_QUESTIONS = """\
questions:
  - id: how-long-kept
    asks: How long are records kept?
    answer: As long as the policy says.
"""

LIBRARY_CHECKLISTS = """\
checklists:
  - id: before-reviewer
    title: Before the meeting
    when: before
    who: reviewer
    entries:
      - id: room
        text: Find a quiet room.
"""

GLOSSARY = """\
terms:
  - term: HR
    stands-for: Human resources
    means: The people who look after staff matters.
"""

REVIEW = """\
id: review
title: Review form
purpose: The record of a review.
filled-by: Both
when: At the end of the cycle
header: common
sections:
  - id: meeting
    title: The meeting
    fields:
      - id: rating
        label: Rating
        type: rating
      - id: wellbeing
        label: Wellbeing
        type: multiline
      - id: met_on
        label: Date of the final review
        type: date
        means: final-meeting
      - id: later
        label: Later
        type: text
        optional: true
      - id: signed
        label: Signed (reviewee)
        type: signature
"""

LETTER = """\
id: letter
title: Letter about concerns
purpose: Confirms what was said.
filled-by: Reviewer
when: When there is a concern
header: own
sections:
  - id: letter
    title: Letter
    letter: |-
      Dear [[name]], we met on [[met_on]].
    fields:
      - id: name
        label: Name
        type: text
      - id: met_on
        label: Date of meeting
        type: date
"""

HEADER = """\
section:
  id: header
  title: Whose review this is
  fields:
    - id: reviewee_name
      label: Name
      type: text
      from: staff.name
    - id: cycle_from
      label: Cycle from
      type: date
      from: cycle.starts
"""

HILL = "content/organisations/hill"
CLEAN: Mapping[str, str] = {
    f"{HILL}/organisation.yaml": ORGANISATION,
    f"{HILL}/policy.yaml": POLICY,
    f"{HILL}/cycle.yaml": CYCLE,
    f"{HILL}/ratings.yaml": RATINGS,
    f"{HILL}/guidance.yaml": GUIDANCE,
    f"{HILL}/questions.yaml": QUESTIONS,
    f"{HILL}/checklists.yaml": CHECKLISTS,
    f"{HILL}/coverage.yaml": COVERAGE,
    "content/library/guidance.yaml": LIBRARY_GUIDANCE,
    "content/library/questions.yaml": LIBRARY_QUESTIONS,
    "content/library/checklists.yaml": LIBRARY_CHECKLISTS,
    "content/library/glossary.yaml": GLOSSARY,
    "forms/review.yaml": REVIEW,
    "forms/letter.yaml": LETTER,
    "forms/house/header.yaml": HEADER,
}


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Put the files into the folder `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    code = root / "formulary"
    if not code.exists():
        code.symlink_to(PACKAGE)  # nothing comes from the product but what is in the folder
    return root


def loaded(root: Path) -> Content:
    """The content of a folder, which must be sound."""
    content, problems = load(root)
    assert problems == (), "\n".join(str(problem) for problem in problems)
    return content


def linted(root: Path, today: datetime.date = TODAY) -> Findings:
    """What the linter says about the content of a folder."""
    return checked(loaded(root), today)


def checked(content: Content, today: datetime.date = TODAY) -> Findings:
    """What the linter says about loaded content."""
    editions = [compose_edition(content, own)[0] for own in content.organisations]
    return lint(content, editions, today)


def list_problems(problems: tuple[Problem, ...]) -> list[str]:
    """Every problem as `file:line:column code`, in order."""
    return [f"{problem.place} {problem.kind.code}" for problem in in_order(problems)]
