"""Test content: the faults that section 14 of sheet 001 lists, in an organisation of our own."""

from __future__ import annotations

ORGANISATION = """\
id: pclc
name: A learning community
short: PCLC
kind: Trust
status: example
year: 2022
about: A trust of academies.
words:
  reviewer: reviewer
  reviewee: reviewee
  head: headteacher
  pupils: pupils
groups:
  - {id: teachers, name: Teachers, who: Everyone who teaches.}
  - {id: support, name: Support staff, who: Everyone else.}
panels:
  - id: cfo
    reviewee: Chief Financial Officer
    reviewers: A committee of the Chief Executive Officer and a trustee
  - id: others
    reviewee: All other staff
    reviewers: A reviewer
    groups: [teachers, support]
standards: [teaching]
related:
  - {id: pay-policy, name: Pay Policy, about: Pay.}
forms:
  - form: sample-form
    clauses: [setting]
"""

POLICY = """\
title: Performance Management Procedure
summary: How performance is reviewed.
dated: May 2023
status: approved
approval:
  by: Trustees
  on: 2023-05-24
numbering: none
sections:
  - id: roles
    title: 3. Roles
    clauses:
      - id: reviewers
        title: 3.1 Reviewers
        text: The principal names the reviewers.
      - id: trust-board
        title: Trust Board
        text: The Board makes sure that the procedures are fair.
      - id: managers
        title: 3.3 Managers
        text: The headteacher and the co-principal manage performance well.
  - id: objectives
    title: 5. Objectives
    clauses:
      - id: setting
        title: 5.1 Setting objectives
        text: |-
          The objectives are put in writing, together with any training and support (see 6.1). The
          form in Appendix A may be used. The number of objectives is reasonable for the role.
  - id: progress
    title: 6. Progress
    clauses:
      - id: pay-progression
        title: 6.1 Pay progression
        text: Pay rises only from Green, on the Upper Pay Range.
        shows: ratings
      - id: checks
        title: 6.2 Checks in the year
        text: |-
          There are two check points:
        points:
          - {id: spring, text: the interim review in spring}
          - {id: summer, text: the interim review in summer}
          - {id: lesson, text: a lesson observation by an observer with QTS}
  - id: support
    title: 7. Support
    clauses:
      - id: training
        title: 7.1 Training and support
        text: PPA time is not used. An LGB governor and an HLTA may take part. UPS staff lead.
  - id: unsatisfactory
    title: 9. Unsatisfactory performance
    clauses:
      - id: concerns
        title: 9.1 Concerns
        text: Concerns about performance are put in writing.
      - id: capability
        title: 9.2 Capability
        text: Where there is no improvement, the capability procedure starts.
  - id: confidentiality
    title: 10. Confidentiality
    clauses:
      - id: records
        title: 10.1 Records
        text: |-
          Papers are confidential, except in the cases in 9.2 below. Personal data is held as the
          retention schedule says.
  - id: appeals
    title: 11. Appeals
    clauses:
      - id: right
        title: 11.1 Right of appeal
        text: |-
          Teachers may appeal, at specified points, against any entry made in the Performance
          Development process.
appendices:
  - id: expectations
    title: Appendix A, career stage expectations
    clauses:
      - id: matrix
        text: The standards and the stages.
        shows: career-stages
  - id: sample
    title: Appendix B, sample form
    clauses:
      - id: sample-clause
        text: This form may be used.
        sample: sample-form
"""

CYCLE = """\
cycles:
  - id: teachers
    name: Teachers
    groups: [teachers]
    starts: 1 September
    ends: 31 August
    events:
      - {id: pay-decision, name: Pay decided, who: Board, when: by 31 October after the cycle,
         text: Pay is decided.}
  - id: support
    name: Support staff
    groups: [support]
    starts: 1 September
    ends: 31 August
    events:
      - {id: pay-decision, name: Pay decided, who: Board, when: by 31 March after the cycle,
         text: Pay is decided.}
"""

RATINGS = """\
title: Levels of performance
intro: Each level has a colour.
clause: pay-progression
groups: [teachers]
pay-from: green
levels:
  - {id: red, name: Red}
  - {id: green, name: Green}
criteria:
  - id: observations
    name: Observations
    cells:
      red: There is a concern about safeguarding or H&S.
      green: Practice is as expected.
  - id: objectives
    name: Objectives
    cells:
      red: There is a concern about safeguarding or H&S.
      green: The objective is met.
"""

STAGES = """\
title: Career stages
intro: What is expected.
clause: matrix
groups: [teachers]
stages:
  - {id: first, name: First}
  - {id: second, name: Second}
areas:
  - id: practice
    name: Practice
    cells:
      first: The teacher is competent.
      second: The teacher is expert on all of them –
"""

STANDARDS = """\
sets:
  - id: teaching
    title: Teaching standards
    about: What teachers do.
    parts:
      - id: one
        title: Teaching
        standards:
          - {id: t1, name: "Set high expectations, which inspire students"}
"""

FORM = """\
id: sample-form
title: Sample form
purpose: The record of a year.
filled-by: Both
when: In the year
header: common
sections:
  - id: objectives
    title: Objectives
    fields:
      - {id: objective, label: Objective, type: multiline}
"""

FILES = {
    "organisation": ORGANISATION,
    "policy": POLICY,
    "cycle": CYCLE,
    "ratings": RATINGS,
    "career-stages": STAGES,
}
FORMS = {"sample-form": FORM}
LIBRARY = {"standards": STANDARDS}
