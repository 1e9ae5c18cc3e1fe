"""A form is composed for one organisation: what it switches on, renames, and asks in what order."""

from __future__ import annotations

from formulary.content.form import Form, FormField, FormSection
from formulary.content.organisation import Offer
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import Edition
from formulary.edition.offered_form import Holdings, offer_form

FORM = Form.model_validate(
    {
        "id": "note",
        "title": "Note",
        "purpose": "To note.",
        "filled-by": "Both",
        "when": "Now",
        "header": "own",
        "sections": (
            FormSection(
                id="letter",
                title="Letter",
                letter="Dear [[name]], we met on [[met_on]].",
                fields=(
                    FormField(id="met_on", label="Met on", type="date"),
                    FormField(id="copy_to", label="Copy to", type="text"),
                    FormField(id="name", label="Name", type="text"),
                ),
            ),
            FormSection(
                id="extra",
                title="Extra",
                optional=True,
                fields=(
                    FormField(id="body", label="Heard by", type="choice", options=("A", "B")),
                    FormField(id="spare", label="Spare", type="text"),
                ),
            ),
        ),
    }
)


def composed(editions: tuple[Edition, ...], **offer: object) -> Blank:
    own = Offer.model_validate({"form": "note", **offer})
    return compose_blank(editions[0], *offer_form(FORM, own, None, Holdings()))


def test_a_letters_questions_come_as_the_letter_mentions_them(
    editions: tuple[Edition, ...],
) -> None:
    blank = composed(editions)
    assert [question.id for question in blank.questions()] == ["name", "met_on", "copy_to"]
    assert [question.id for question in blank.parts[0].asked_apart] == ["copy_to"]


def test_an_offer_switches_parts_on_and_off_and_gives_them_its_own_words(
    editions: tuple[Edition, ...],
) -> None:
    blank = composed(
        editions,
        **{
            "with": ("extra",),
            "without": ("spare",),
            "labels": {"body": "Heard by which body"},
            "options": {"body": ("Governors", "Head", "Trust")},
            "titles": {"extra": "The hearing"},
        },
    )
    assert blank.parts[1].title == "The hearing"
    (question,) = blank.parts[1].questions
    assert (question.label, question.options) == (
        "Heard by which body",
        ("Governors", "Head", "Trust"),
    )


def test_another_list_of_options_is_another_set_of_questions(editions: tuple[Edition, ...]) -> None:
    plain = composed(editions, **{"with": ("extra",)})
    other = composed(editions, **{"with": ("extra",), "options": {"body": ("C", "D")}})
    assert plain.stamp.digest != other.stamp.digest
