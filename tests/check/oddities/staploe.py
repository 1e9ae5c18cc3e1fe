"""Test content: the faults that section 14 of sheet 002 lists, in an organisation of our own."""

from __future__ import annotations

ORGANISATION = """\
id: staploe
name: An education trust
short: Trust
kind: Trust
status: example
year: 2026
about: A trust of schools.
words:
  reviewer: reviewer
  reviewee: reviewee
groups:
  - {id: associate, name: Associate staff, who: Everyone who does not teach.}
  - {id: learning-support, name: Learning support, who: The learning support staff of one school.}
panels:
  - id: staff
    reviewee: All staff
    reviewers: The reviewer
    groups: [associate, learning-support]
"""

POLICY = """\
title: Associate Staff Performance Management Policy
summary: How the work of associate staff is reviewed.
dated: Spring 2025
version: "4.0"
status: approved
approval:
  by: Infrastructure Committee
  on: 2025-03-01
next-review: 2028-03-01
numbering: none
sections:
  - id: introduction
    title: Introduction
    clauses:
      - id: aims
        text: |-
          Performance and development review serves the Trust Strategic Objectives. Later it serves
          the Trust Strategic Priorities.
      - id: heads
        text: |-
          The executive headteacher answers for the operational team, for central services and for
          what is called the operation team.
  - id: meeting
    title: The review meeting
    clauses:
      - id: gains
        text: "The Trust gains:"
        points:
          - {id: communication, text: "; better communication"}
          - {id: standards, text: better standards}
          - {id: staff, text: "staff with more motivation;"}
      - id: record
        text: |-
          At the end both fill in the online form. The reviewing line manager keeps papers about
          performance management confidential.
      - id: termly
        text: |-
          Both plan termly review meetings. How long they last is dependant on the job.
      - id: regular
        text: |-
          Regular review meetings strengthen good behavior.
  - id: pay
    title: Pay
    clauses:
      - id: appeal
        text: A person has a right of appeal about a decision on salary.
      - id: difficulties
        text: A support plan lasts four weeks. Then the capability procedure takes over.
      - id: records
        text: Records are kept for six years and then destroyed.
      - id: monitoring
        text: The Trust Review Committee receives a report.
"""

CYCLE = """\
cycles:
  - id: associate
    name: Associate staff
    groups: [associate]
    starts: 1 January
    ends: 31 December
    events:
      - {id: annual-review, name: Annual review, who: Both, when: January, text: They meet.}
  - id: learning-support
    name: Learning support
    groups: [learning-support]
    starts: 1 June
    ends: 31 May
"""

FILES = {"organisation": ORGANISATION, "policy": POLICY, "cycle": CYCLE}
FORMS: dict[str, str] = {}
LIBRARY: dict[str, str] = {}
