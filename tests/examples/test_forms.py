"""The form library against the source sheets: who offers which form, what it asks, in which order.

The lists of labels are written by hand from the sheets. What a form adds to its sheet, such as the
common header, stands in a list of its own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from formulary.check.forms import LONGEST_ID
from formulary.content.form import Form, fields_of
from formulary.content.loading import Content
from formulary.content.organisation import Offer
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import Edition
from tests.helpers import ROOT

FORMS = {
    "pm-form": "pclc dgat",
    "planning-statement": "staploe ealing",
    "cpd-needs": "cwac pclc staploe ealing dgat",
    "pre-review": "staploe ealing",
    "pre-review-reviewee": "staploe ealing",
    "one-to-one": "cwac pclc staploe ealing dgat",
    "growth-goals": "cwac",
    "observation": "cwac pclc staploe ealing dgat",
    "support-plan": "pclc staploe ealing dgat",
    "concern-letter": "pclc ealing dgat",
    "objective-change": "pclc staploe ealing dgat",
    "career-stage-audit": "pclc dgat",
    "review-checklist": "ealing",
    "appeal": "pclc staploe ealing dgat",
    "pay-recommendation": "pclc staploe",
    "moderation": "pclc staploe dgat",
    "panel-record": "pclc dgat",
    "meeting-note": "cwac pclc staploe",
    "job-description-change": "ealing",
    "disposal-log": "staploe ealing dgat",
}
"""Which organisations have something to record on which form."""

HEADER = ("Name", "Job title", "Reviewer", "School or team", "Cycle from", "Cycle to")
"""The common header, as ealing has it: one staff group, so the form does not ask for it."""

NOT_SIGNED = {"pre-review", "pre-review-reviewee", "review-checklist"}
"""What a person prepares or ticks off alone."""


@dataclass(frozen=True)
class Shelf:
    """The forms of every organisation."""

    editions: dict[str, Edition]

    def offer_form(self, organisation: str, form: str) -> tuple[Offer, Form]:
        return next(pair for pair in self.editions[organisation].forms if pair[0].form == form)

    def blank(self, organisation: str, form: str) -> Blank:
        return compose_blank(self.editions[organisation], *self.offer_form(organisation, form))


@pytest.fixture(scope="session")
def shelf(editions: tuple[Edition, ...]) -> Shelf:
    return Shelf({edition.id: edition for edition in editions})


def labels(blank: Blank) -> Iterator[str]:
    """The printed labels in reading order; those of a table once, after the row's name."""
    for part in blank.parts:
        yield from (question.label for question in part.questions)
        if part.grid:
            yield from (column.label for column in part.grid.columns)


OFFERS = [(o, form) for form, organisations in FORMS.items() for o in organisations.split()]

every_offer = pytest.mark.parametrize(("organisation", "form"), OFFERS)


def test_the_library_holds_exactly_these_forms(content: Content) -> None:
    assert sorted(content.forms) == sorted(FORMS)


def test_each_organisation_offers_the_forms_of_its_records(shelf: Shelf) -> None:
    actual = {(id, offer.form) for id, found in shelf.editions.items() for offer, _ in found.forms}
    assert actual == set(OFFERS)


@every_offer
def test_ids_are_unique_and_fit_a_bookmark(shelf: Shelf, organisation: str, form: str) -> None:
    ids = [question.id for question in shelf.blank(organisation, form).questions()]
    assert [id for id, times in Counter(ids).items() if times > 1] == []
    assert [id for id in ids if len(id) > LONGEST_ID] == []
    assert [id for id in ids if not re.fullmatch(r"[a-z][a-z0-9_]*", id)] == []


@every_offer
def test_titles_are_unique(shelf: Shelf, organisation: str, form: str) -> None:
    titles = [question.title for question in shelf.blank(organisation, form).questions()]
    assert [title for title, times in Counter(titles).items() if times > 1] == []


@every_offer
def test_no_part_is_empty_and_no_choice_is_without_options(
    shelf: Shelf, organisation: str, form: str
) -> None:
    made = shelf.blank(organisation, form)
    assert [p.id for p in made.parts if not p.questions and not (p.grid and p.grid.columns)] == []
    assert [q.id for q in made.questions() if q.kind == "choice" and len(q.options) < 2] == []
    assert [q.id for q in made.questions() if "{{" in f"{q.title}{q.label}{q.hint}"] == []


@every_offer
def test_an_offer_names_only_what_the_form_has(shelf: Shelf, organisation: str, form: str) -> None:
    offer, _ = shelf.offer_form(organisation, form)
    edition = shelf.editions[organisation]
    header, item = edition.header, edition.library_forms[form]
    sections = [*([header.section] if header and item.header == "common" else []), *item.sections]
    parts = {section.id: section for section in sections}
    fields = {field.id: field for section in sections for field in fields_of(section)}
    tables = {section.table.id for section in sections if section.table}
    assert set(offer.rows) <= tables
    assert {*offer.labels, *offer.hints, *offer.options} <= set(fields)
    assert {*offer.titles, *offer.intros} <= set(parts)
    assert set(offer.leaves_out) <= set(parts) | set(fields)
    optional = {part.id for part in parts.values() if part.optional}
    optional |= {field.id for field in fields.values() if field.optional}
    assert set(offer.shows) <= optional


@every_offer
def test_what_is_agreed_is_signed(shelf: Shelf, organisation: str, form: str) -> None:
    signed = [
        question for question in shelf.blank(organisation, form).questions() if question.signature
    ]
    assert bool(signed) is (form not in NOT_SIGNED)


@pytest.mark.parametrize("form", FORMS)
def test_every_place_of_a_letter_is_a_field_of_its_section(content: Content, form: str) -> None:
    for section in content.forms[form].item.sections:
        if section.letter:
            places = re.findall(r"\[\[([a-z0-9_]+)\]\]", section.letter)
            assert sorted(places) == sorted(field.id for field in section.fields)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_who_fills_each_field(content: Content, form: str) -> None:
    fields = (f for s in content.forms[form].item.sections for f in fields_of(s))
    silent = [field.id for field in fields if not field.filled_by]
    assert silent == []


@pytest.mark.parametrize("form", FORMS)
def test_the_library_names_no_organisation(form: str) -> None:
    path = ROOT / "forms" / f"{form}.yaml"
    words = path.read_text(encoding="utf-8")
    names = r"\b(PCLC|DGAT|Ealing|Staploe|Passmores|Cheshire|S&E|ALDAS|EGFL)\b|clause\("
    assert re.findall(names, words) == []


def test_pclc_performance_management_form_is_the_sample_form(shelf: Shelf) -> None:
    """001 F194 to F217, in that order; the two labels over six words are our own.

    What was agreed the year before comes ahead of the objectives, and F64 and F65 behind them.
    """
    assert list(labels(shelf.blank("pclc", "pm-form"))) == [
        "Name of reviewee",
        "Job title",
        "Name of reviewer",
        "PM cycle dates: from",
        "PM cycle dates: to",
        "Professional standards applicable to the role",
        *(f"Improvement plan priority {number}" for number in range(1, 6)),
        "Date of initial meeting",
        *(f"Date of informal review meeting {number}" for number in range(1, 4)),
        "Date of final review meeting",
        "Last year’s assessment against objectives",
        "Objective",
        "Success and achievements",
        "Objectives",
        "Measures/Milestones",
        "Success and achievements this year",
        "Goes on",
        "Basis for judging progress",
        "Development required",
        "Delivery",
        "Examples of application/impact",
        "Assessment against objectives",
        "Assessment of performance against job role",
        "Teaching quality against professional standards",
        "Assessment of reviewee’s CPD activity",
        # the sample has them last; both sign below the decision, so they come before it
        "Employee’s comments",
        "Pay recommendation (if applicable)",
        "Current pay level",
        "Pay progression recommendation: new pay level",
        "Signed (reviewer)",
        "Date",
        "Signed (reviewee)",
        "Date",
    ]


@pytest.mark.parametrize(
    ("form", "digest"),
    [
        ("pm-form", "A090-CD2A"),
        ("career-stage-audit", "5910-9113"),
        ("cpd-needs", "BE16-BC78"),
    ],
)
def test_the_questions_of_forms_already_published_do_not_change(
    shelf: Shelf, form: str, digest: str
) -> None:
    assert shelf.blank("pclc", form).stamp.code.endswith(digest)


def test_ealing_planning_statement_follows_the_printed_one(shelf: Shelf) -> None:
    """003 F114 to F122; F119 asks for actions with deadlines, so it is a text and a date."""
    before = ["Date of the meeting", "Objective", "Outcome", "If it was missed, why?"]
    after = [
        "Given to the reviewee on",
        "Returned to the reviewer on",
        "Sent to the headteacher on",
    ]
    assert list(labels(shelf.blank("ealing", "planning-statement"))) == [
        *HEADER,
        *before,
        "Agreed assessment of the cycle that has ended",
        "What are my new objectives?",
        "Link to occupational standards, job role and improvement plan",
        "How I will recognise success",
        "What I will do, and by which dates",
        "To be achieved by",
        "Support, training or development I need",
        "Mid year review comments (if applicable)",
        "Signed and dated by reviewee",
        "Date",
        "Signed and dated by reviewer",
        "Date",
        *after,
    ]
    grids = [part.grid for part in shelf.blank("ealing", "planning-statement").parts if part.grid]
    assert [len(grid.rows) for grid in grids] == [3, 3]


def test_ealing_pre_review_form_follows_the_printed_one(shelf: Shelf) -> None:
    """003 F104 to F113; F104 and F105 open the header."""
    assert list(labels(shelf.blank("ealing", "pre-review"))) == [
        *HEADER,
        "Key successes and achievements",
        "What may have helped",
        "Obstacles, and how to solve them",
        "Training and development in the year",
        "Priorities and key areas to take on next",
        "Where the reviewee could learn and develop further",
        "Suggested changes to the job description",
        "Suitable career development",
    ]


@pytest.mark.parametrize("organisation", ["ealing", "staploe"])
def test_both_editions_of_the_pre_review_form_ask_the_same(shelf: Shelf, organisation: str) -> None:
    reviewer, reviewee = (
        [question.id for question in shelf.blank(organisation, form).questions()]
        for form in ("pre-review", "pre-review-reviewee")
    )
    assert reviewer == reviewee


def test_ealing_training_needs_follow_the_printed_form(shelf: Shelf) -> None:
    """003 F123 to F127; priority and date are added, so that the October audit can sort."""
    assert list(labels(shelf.blank("ealing", "cpd-needs"))) == [
        *HEADER,
        "Training and development needs",
        "Action to be taken",
        "Priority",
        "Needed by",
        "Signed and dated by reviewee",
        "Date",
        "Signed and dated by reviewer",
        "Date",
    ]


def test_ealing_checklist_has_a_box_for_each_point(shelf: Shelf) -> None:
    """003 F135 to F163: before, during and after, for the reviewer, the reviewee or both."""
    parts = [
        part for part in shelf.blank("ealing", "review-checklist").parts if part.id != "header"
    ]
    assert [(part.id, len(part.questions)) for part in parts] == [
        ("before_reviewer", 10),
        ("before_reviewee", 3),
        ("during_reviewer", 8),
        ("during_both", 1),
        ("after_reviewer", 7),
    ]
    assert {question.kind for part in parts for question in part.questions} == {"checkbox"}


def test_cwac_goal_sheet_spells_growth(shelf: Shelf) -> None:
    """000 F72 to F77: Goal, Results, Ownership, Will, Timed, How; the date is part of Timed."""
    part = next(part for part in shelf.blank("cwac", "growth-goals").parts if part.id == "growth")
    told = [question.label for question in part.questions if question.kind == "multiline"]
    assert told == ["Goal", "Results", "Ownership", "Will", "Timed", "How"]


def test_cwac_one_to_one_keeps_the_order_of_the_agenda(shelf: Shelf) -> None:
    """000 F78 to F83; lesson visits ask for strengths and for what to improve."""
    part = next(part for part in shelf.blank("cwac", "one-to-one").parts if part.id == "agenda")
    assert [question.id for question in part.questions] == [
        "wellbeing",
        "rates",
        "visit_strengths",
        "visit_improve",
        "walk_feedback",
        "learner_feedback",
        "training",
    ]


def test_pay_is_asked_only_where_it_is_decided_in_the_review(shelf: Shelf) -> None:
    pclc = [part.id for part in shelf.blank("pclc", "pm-form").parts]
    dgat = [part.id for part in shelf.blank("dgat", "pm-form").parts]
    assert "pay" in pclc and "upper_pay" not in pclc
    assert "pay" not in dgat and "upper_pay" in dgat


def test_a_letter_says_what_its_organisation_writes(shelf: Shelf) -> None:
    letters = {
        organisation: [
            part.id for part in shelf.blank(organisation, "concern-letter").parts if part.letter
        ]
        for organisation in ("pclc", "ealing", "dgat")
    }
    assert letters == {
        "pclc": ["confirmation"],
        "ealing": ["confirmation"],
        "dgat": ["capability_notice"],
    }


def test_only_a_scale_brings_ratings_and_only_a_matrix_brings_stages(shelf: Shelf) -> None:
    def having(part: str, form: str) -> list[str]:
        offering = FORMS[form].split()
        return [o for o in offering if part in {p.id for p in shelf.blank(o, form).parts}]

    assert having("standing", "one-to-one") == ["pclc"]
    assert having("judgement", "observation") == ["pclc"]
    assert having("areas", "career-stage-audit") == ["pclc"]


def test_the_forms_in_use_keep_their_stamps(shelf: Shelf) -> None:
    """The digests that were printed on the forms of 2026-27: another would be another form."""
    kept = json.loads((ROOT / "tests" / "fixtures" / "stamps.json").read_text())
    made = {
        f"{edition.id} {form.id}": shelf.blank(edition.id, form.id).stamp.digest
        for edition in shelf.editions.values()
        for _, form in edition.forms
    }
    assert made == kept
