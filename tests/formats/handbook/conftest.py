"""A small organisation whose texts are as awkward as texts can be, and its built handbook."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from formulary.content.loading import load
from formulary.edition.edition import Edition, edition_of
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.masthead import make_mastheads
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.pages import site_name, write_pages
from formulary.formats.handbook.site import Pages, build_site
from tests.checkers.axe import Browser
from tests.conftest import Shared
from tests.helpers import ROOT

ORGANISATION = """\
id: {id}
name: Mill <Lane> & Sons
short: Mill & Sons
kind: school
status: example
year: 2026
about: "A school of *one* class. <script>alert(1)</script>"
groups:
  - {{id: teachers, name: Teachers, who: "All who teach, see {{{{ clause('notice') }}}}."}}
panels:
  - {{id: all, reviewee: Everyone, reviewers: The head}}
roles:
  - {{id: head, name: Head, does: Reviews everyone., clauses: [notice]}}
related:
  - {{id: pay-policy, name: Pay policy, about: "Who is paid what."}}
forms:
  - {{form: note, clauses: [notice]}}
"""
POLICY = """\
title: The policy
summary: What we do.
status: draft
numbering: clauses
sections:
  - id: start
    title: "Start [1] *here* #2 <b>"
    clauses:
      - id: notice
        text: |
          1\\. is not a list. <script>alert(2)</script> a_b_c `code` {{ '{' }}: #x } | ~~ ![i](j)

          See {{ form('note') }}, {{ document('pay-policy') }} and {{ appendix('extra') }}.
        points:
          - {id: one, text: "- dashes, and **strong** words"}
          - {id: two, text: "First paragraph.\\n\\nSecond paragraph."}
      - {id: who, title: "Who & <when>", text: "See {{ clause('notice') }}.", shows: panels}
      - {id: steps, text: "Do this:\\n\\n1. one\\n2. two"}
appendices:
  - {id: extra, title: Extra, clauses: [{id: extra-one, text: "See {{ section('start') }}."}]}
updates:
  - {clause: who, text: "New <i>words</i>."}
notes:
  - {id: n1, about: Clause 1.1, found: "Two *readings*.", settled: The first., clause: notice}
"""
CYCLE = """\
terms:
  - {id: spring, name: Spring, starts: January, ends: March}
cycles:
  - id: teachers
    name: "Teachers & <others>"
    groups: [teachers]
    starts: 1 September
    ends: 31 August
    events:
      - {id: meet, name: "First <meeting>", who: Head, when: by 31 October, text: "They meet."}
      - {id: spring, name: Interim, who: Head, when: spring term, text: "They meet again."}
      - {id: pay, name: Pay, who: Head, when: by 31 October after the cycle, text: "Pay."}
      - {id: report, name: Report, who: Head, when: before pay, text: "A report."}
      - {id: talk, name: Talk, who: Head, when: as needed, text: "They talk."}
"""
FORM = """\
id: note
title: Note of a meeting
purpose: "To note <things>."
filled-by: Head
when: After a meeting
header: own
sections:
  - id: about
    title: About
    fields:
      - {id: name, label: "Name * of <who>", type: text, required: true}
      - {id: signed, label: Signed, type: signature}
    table:
      id: goals
      row: Goal
      rows: 2
      columns:
        - {id: goal, label: Goal, type: multiline}
        - {id: done, label: Done, type: choice, options: [yes_, no_]}
"""

MORE = (
    "".join(f"  - {{form: note-{n}}}\n" for n in range(6))
    + """\
  - {form: letter, clauses: [who]}
  - {form: review-checklist}
rules:
  objectives: {states: How many., clause: notice, unit: goals, max: 3}
  monitoring: {states: How long., clause: notice, unit: weeks, min: 4, max: 8}
words: {reviewer: team leader}
at-a-glance:
  pay: {text: "Pay & <none>, see {{ clause('who') }}.", clauses: [steps]}
accept:
  - {code: unknown-fact, at: notice, because: "So <b>says</b> the document."}
  - {code: some-code, at: the cover, because: It is known.}
logo: logo.svg
typeface: {text: Source Serif}
contact: {email: hr@example.org, who: "HR <office>", phone: 01632 960000}
"""
)
GUIDED = {
    "logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>',
    "guidance.yaml": """\
topics:
  - id: index
    title: "Grow <well>"
    summary: Two steps.
    text: "Take them in order; see {{ clause('who') }}."
    points:
      - {id: goal, mark: G, name: "Goal & <aim>", text: "See {{ clause('notice') }}."}
      - {id: top, name: Top, text: "First.\\n\\nSecond."}
    closing: That is all.
    clauses: [notice]
  - {id: flow, title: The flow, text: Words., clauses: [who]}
diagrams:
  - {id: ring, title: "The <ring>", kind: circle, steps: [{id: a, name: Meet}, {id: b, name: Talk}]}
  - id: flow
    title: Who does what
    kind: lanes
    lanes: [{id: l, name: First, boxes: [{id: x, name: Prepare, text: Take notes.}]}]
""",
    "questions.yaml": """\
questions:
  - {id: who, asks: "Who reviews <me>?", answer: "The {{ words.reviewer }}.", clauses: [who]}
  - {id: why, asks: Why?, answer: Because.}
  - {id: how, asks: How?, answer: "By {{ clause('who') }}.", clauses: [who, notice]}
  - {id: what, asks: What?, answer: "This, see {{ clause('who') }}.", clauses: [who]}
""",
    "checklists.yaml": """\
checklists:
  - {id: last, when: after, who: reviewee, entries: [{id: keep, text: Keep a copy.}]}
  - id: yours
    when: before
    who: reviewee
    title: "Before the meeting: what you bring"
    entries: [{id: notes, text: "Notes, see {{ clause('who') }}."}, {id: pen, text: "- A pen"}]
  - {id: theirs, when: before, who: reviewer, entries: [{id: room, text: Book a room.}]}
""",
}
_BY = ("Team leader and reviewee", "Reviewee", "Team leader", "Head", "Reviewee, then team leader")
FORMS = {
    f"note-{n}": FORM.replace("id: note\n", f"id: note-{n}\n").replace(
        "filled-by: Head",
        f"filled-by: {_BY[n % 5]}" + ("\nlisted-under: others" if n == 3 else ""),
    )
    for n in range(6)
} | {
    "review-checklist": FORM.replace("id: note\n", "id: review-checklist\n"),
    "letter": """\
id: letter
title: Letter
listed-under: concern
purpose: To confirm.
filled-by: Head
when: After a meeting
header: own
sections:
  - id: words
    title: The letter
    fields:
      - {id: notice, label: "Name <full>", type: text}
      - {id: held, label: Date held, type: date}
    letter: |
      Dear [[notice]],

      we met on [[held]]; see {{ clause('notice') }}.

      - First [[held]].
""",
}

Make = Callable[..., tuple[Edition, ...]]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes the editions of small organisations with the ids given."""

    def editions(
        *ids: str,
        policy: str = POLICY,
        more: str = "",
        files: Mapping[str, str] | None = None,
        forms: Mapping[str, str] | None = None,
    ) -> tuple[Edition, ...]:
        """`more` ends organisation.yaml; `files` stand beside it; `forms` beside note.yaml."""
        root = tmp_path_factory.mktemp("content")
        (root / "forms").mkdir()
        (root / "formulary").symlink_to(ROOT / "formulary")  # all that there is, is its own
        for name, text in {"note": FORM, **(forms or {})}.items():
            (root / "forms" / f"{name}.yaml").write_text(text)
        for id in ids:
            folder = root / "content" / "organisations" / id
            folder.mkdir(parents=True)
            (folder / "organisation.yaml").write_text(ORGANISATION.format(id=id) + more)
            for name, text in (files or {}).items():
                (folder / name).write_text(text)
            (folder / "policy.yaml").write_text(policy)
            (folder / "cycle.yaml").write_text(CYCLE)
        content, problems = load(root)
        assert problems == ()
        made = [edition_of(content, own) for own in content.organisations]
        assert [problems for _, problems in made if problems] == []
        return tuple(edition for edition, _ in made if edition)

    return editions


def downloads_of(editions: tuple[Edition, ...]) -> list[Download]:
    """Two files for every form and policy, as a build would offer them."""
    return [
        Download(
            edition.id, id, title, edition.name, format, f"{id}-{edition.name}.{ending}", 48_123, ""
        )
        for edition in editions
        for id, title in {"policy": "Policy", **edition.references.forms}.items()
        for format, ending in (("Word", "docx"), ("PDF", "pdf"))
    ]


def build(editions: tuple[Edition, ...], folder: Path) -> Path:
    """The built site of some editions, in `folder`."""
    downloads = downloads_of(editions)
    files: dict[str, str | bytes] = dict(write_pages(editions, downloads))
    files |= {found.path: b"a file" for found in downloads}
    files |= {found.lasting_path: b"a file" for found in downloads}
    for edition in editions:  # a build puts a page to fill in beside every form
        at = Addresses(edition, len(editions) == 1)
        page = (
            '<!doctype html><html lang="en-GB"><head><title>Fill in</title></head>'
            f"<body><main><h1>Fill in</h1><p>{html.escape(edition.notice)}</p></main></body></html>"
        )
        files |= {at.fill_page(id): page for id in edition.references.forms}
    for path, content in files.items():
        place = folder / "pages" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    nav = navigation(editions)
    pages = Pages(
        folder / "pages",
        ROOT / "mkdocs.yml",
        nav,
        site_name(editions),
        mastheads=make_mastheads(editions),
    )
    build_site(pages, folder / "site")
    return folder / "site"


@pytest.fixture(scope="session")
def awkward(make: Make, shared: Shared) -> Path:
    """The built handbook of the awkward organisation, alone."""
    return shared("awkward", lambda folder: build(make("mill"), folder)) / "site"


@pytest.fixture(scope="session")
def several(make: Make, shared: Shared) -> Path:
    """The built handbooks of two organisations."""
    return shared("several", lambda folder: build(make("mill", "lane"), folder)) / "site"


@pytest.fixture(scope="session")
def guided(make: Make) -> tuple[Edition, ...]:
    """Two organisations with guidance, many forms, a letter, and all that is compared."""
    return make("mill", "lane", more=MORE, files=GUIDED, forms=FORMS)


@pytest.fixture(scope="session")
def guided_site(guided: tuple[Edition, ...], shared: Shared) -> Path:
    """The built handbooks of `guided`."""
    return shared("guided", lambda folder: build(guided, folder)) / "site"


@pytest.fixture(scope="session")
def real(built: Path) -> Path:
    """The handbook of the project's own content."""
    return built / "site"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, started once for all tests of the handbook; no other can be meanwhile."""
    with Browser() as started:
        yield started
