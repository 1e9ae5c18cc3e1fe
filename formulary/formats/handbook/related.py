"""Find the topics, questions and forms that content ties to a clause: it names the clause itself.

Two of them that only name the same clause are not tied, for a clause says many things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formulary.content.guidance import Diagram, StaffQuestion, Topic
from formulary.content.organisation import Offer
from formulary.edition.edition import Edition
from formulary.formats.handbook.downloads import Download


@dataclass(frozen=True)
class RelatedGuidance:
    """What else there is on a page's subject, each in the organisation's own order.

    `forms` holds pairs of id and title.
    """

    topics: tuple[Topic, ...] = ()
    questions: tuple[StaffQuestion, ...] = ()
    forms: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.topics or self.questions or self.forms)


def find_related(edition: Edition, section: str, clauses: Iterable[str]) -> RelatedGuidance:
    """The topics that explain a section or its clauses, and the questions about it as a whole."""
    wanted = {section, *clauses}
    return RelatedGuidance(
        tuple(topic for topic in edition.topics if wanted & set(topic.clauses)),
        tuple(question for question in edition.questions if section in question.clauses),
    )


def find_forms(edition: Edition, topic: Topic) -> RelatedGuidance:
    """The forms that the clauses which a topic explains ask for."""
    titles, wanted = edition.references.forms, set(topic.clauses)
    asked = (form.id for offer, form in edition.forms if wanted & set(offer.clauses))
    return RelatedGuidance(forms=tuple((id, titles[id]) for id in asked))


def find_questions(edition: Edition, offer: Offer) -> tuple[StaffQuestion, ...]:
    """The questions about the clauses that ask for a form, as far as they concern its groups."""
    concerned, groups = edition.policy.groups_concerned(), set(offer.groups)
    wanted = {
        id
        for id in offer.clauses
        if not groups or not concerned.get(id) or groups & set(concerned[id])
    }
    return tuple(question for question in edition.questions if wanted & set(question.clauses))


def group_questions_by_clause(
    edition: Edition, clauses: Iterable[str]
) -> dict[str, tuple[StaffQuestion, ...]]:
    """The questions that name each of `clauses`, by clause; a clause without any is left out."""
    found = {id: tuple(q for q in edition.questions if id in q.clauses) for id in clauses}
    return {id: questions for id, questions in found.items() if questions}


@dataclass(frozen=True)
class ServingForm:
    """A form that serves a clause: its id, its title, and its files."""

    id: str
    title: str
    files: tuple[Download, ...]


@dataclass(frozen=True)
class Margin:
    """What is shown beside a clause: the forms that serve it, and the questions about it."""

    forms: tuple[ServingForm, ...] = ()
    questions: tuple[StaffQuestion, ...] = ()


def group_by_clause(
    edition: Edition, clauses: Iterable[str], files: Iterable[Download]
) -> dict[str, Margin]:
    """The margin of each of `clauses`, by its id; a clause that would have none is left out."""
    wanted = tuple(clauses)
    questions = group_questions_by_clause(edition, wanted)
    titles, offered = edition.references.forms, tuple(files)
    found: dict[str, Margin] = {}
    for id in wanted:
        forms = tuple(
            ServingForm(form.id, titles[form.id], tuple(f for f in offered if f.form == form.id))
            for offer, form in edition.forms
            if id in offer.clauses or id in offer.serves.values()
        )
        if forms or id in questions:
            found[id] = Margin(forms, questions.get(id, ()))
    return found


def diagrams_of(edition: Edition, topic: Topic) -> tuple[Diagram, ...]:
    """The diagrams that a topic's page shows: those with its id."""
    return tuple(diagram for diagram in edition.diagrams if diagram.id == topic.id)


def loose_diagrams(edition: Edition) -> tuple[Diagram, ...]:
    """The diagrams that no topic shows; they are on the list of all guidance."""
    topics = {topic.id for topic in edition.topics}
    return tuple(diagram for diagram in edition.diagrams if diagram.id not in topics)


def topic_title(topic: Topic) -> str:
    return topic.title or _title_from_id(topic.id)


def question_title(question: StaffQuestion) -> str:
    return question.asks or f"{_title_from_id(question.id)}?"


def _title_from_id(id: str) -> str:
    """The title where neither the organisation nor the library gives one."""
    words = id.replace("-", " ")
    return words[:1].upper() + words[1:]
