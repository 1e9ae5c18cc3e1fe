"""An organisation takes an entry of the library as it is, or puts its own words in its place."""

from __future__ import annotations

from formulary.content.guidance import Topic, TopicPoint, complete_entry
from formulary.content.walk import rewrite_texts

LIBRARY = Topic(
    id="smart",
    title="SMART objectives",
    summary="Five letters.",
    points=(
        TopicPoint(id="specific", mark="S", name="Specific", text="Tied to {{ words.objective }}."),
    ),
)


def filled(topic: Topic) -> Topic:
    return rewrite_texts(
        topic, lambda text, loc, prose: text.replace("{{ words.objective }}", "it")
    )


def test_what_is_not_given_comes_from_the_library() -> None:
    own = filled(Topic(id="smart", title="Our objectives"))
    made = complete_entry(own, {"smart": filled(LIBRARY)})
    assert made.title == "Our objectives"
    assert made.summary == "Five letters."
    assert [point.text for point in made.points] == ["Tied to it."]


def test_what_is_given_takes_the_place_of_the_library_even_when_empty() -> None:
    made = complete_entry(Topic(id="smart", points=()), {"smart": LIBRARY})
    assert made.points == ()


def test_an_entry_that_the_library_lacks_stands_for_itself() -> None:
    own = Topic(id="ours", title="Ours", summary="Only ours.")
    assert complete_entry(own, {"smart": LIBRARY}) == own
