"""A text of an edition knows its words, its source and its place, and is there once."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from formulary.content.base import ContentModel
from formulary.content.loading import Content
from formulary.documents.blank import compose_blank
from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition, compose_edition
from formulary.edition.filled_text import FilledText, texts_in


@pytest.fixture(scope="module")
def pclc(editions: tuple[Edition, ...]) -> Edition:
    return next(edition for edition in editions if edition.id == "pclc")


def test_a_text_knows_where_it_is_written(editions: tuple[Edition, ...]) -> None:
    for edition in editions:
        assert edition.texts
        for text in edition.texts:
            at = text.document.data
            for step in text.loc:
                at = at[step]
            assert at == text.source


def test_a_text_is_filled_once(pclc: Edition) -> None:
    places = Counter((text.document.path, text.loc) for text in pclc.texts)
    assert set(places.values()) == {1}


def test_the_texts_are_those_of_the_models(pclc: Edition) -> None:
    held = {id(text) for text in texts_in((pclc.policy, pclc.topics, pclc.forms))}
    kinds = {text.kind for text in pclc.texts if id(text) in held}
    # the criteria of the ratings, in the table, are the labels of the ratings that forms ask for
    assert kinds == {"policy", "guidance", "form", "table"}
    assert all(isinstance(clause.text, FilledText | None) for _, clause in pclc.policy.clauses())


def test_a_text_with_a_fact_says_what_was_typed(pclc: Edition) -> None:
    text = next(text for text in pclc.texts if "{{ rules." in text.source)
    assert "{{" in text.source
    assert "{{" not in text
    assert "▯" in text.typed
    assert "▯" not in text.plain


def test_a_text_of_the_policy_names_its_clause(pclc: Edition) -> None:
    ids = {clause.id for _, clause in pclc.policy.clauses()}
    clauses = {text.clause for text in pclc.texts if text.kind == "policy"}
    assert clauses - {""} <= ids
    assert {text.clause for text in pclc.texts if text.kind == "guidance"} == {""}


def test_another_process_gets_the_words_alone(pclc: Edition) -> None:
    sent = pickle.loads(pickle.dumps(pclc.texts[0]))
    assert sent == pclc.texts[0]
    assert type(sent) is str


def test_what_is_left_out_of_the_library_is_no_text_of_the_edition(content: Content) -> None:
    for own in content.organisations:
        edition, _ = compose_edition(content, own)
        for offer, form in edition.forms:
            left = {*offer.leaves_out} - {part.id for part in form.sections}
            written = {
                text.loc[1]
                for text in edition.texts
                if text.document is content.forms[form.id].document and text.loc[0] == "sections"
            }
            sections = content.forms[form.id].item.sections
            assert not {sections[int(place)].id for place in written} & left


def words_in(value: object) -> Iterator[str]:
    """Every text of a composed document, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from words_in(part)
    elif is_dataclass(value):
        for one in fields(value):
            yield from words_in(getattr(value, one.name))
    elif isinstance(value, ContentModel):
        yield from words_in(tuple(dict(value).values()))


def test_a_composed_document_has_plain_words_alone(editions: tuple[Edition, ...]) -> None:
    """A library that writes PDF makes an array of letters of any other kind of text."""
    for edition in editions:
        assert {type(words) for words in words_in(compose_paper(edition))} == {str}
        for offer, form in edition.forms:
            blank = compose_blank(edition, offer, form)
            assert {type(words) for words in words_in(blank)} == {str}
