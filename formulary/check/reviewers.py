"""Find posts that review and are not reviewed, posts without a cycle, and undefined bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.problems import Problem

POSTS = re.compile(
    r"(?:(?:executive|associate|deputy|assistant) )?head ?teachers?"
    r"|(?:deputy )?chief executive(?: officer)?|chief financial officer|CEO|DCEO|CFO"
    r"|(?:co-|vice-)?principals?|contract managers?|regional [a-z]+ leads?"
    r"|heads? of [a-z]+(?: and [a-z]+)?",
    re.IGNORECASE,
)
"""Posts held by one person. Bodies, advisers and “the line manager” are not among them."""

CHOOSES = re.compile(r",? (?:to )?whom? .*|,? (?:named|chosen|appointed|nominated) by .*")
"""What follows a reviewer tells who chooses that person, and names no further reviewer."""

EVERYONE = re.compile(r"\b(all (other )?(staff|employees)|everyone|every (employee|post))\b", re.I)
BODY = re.compile(r"\b((?:[A-Z][\w’'-]+ (?:and |of )?){1,4}(?:Committee|Panel|Working Group))\b")


def reviewer_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """What the panels leave open."""
    organisation, document = texts.own.organisation.item, texts.own.organisation.document
    if not organisation.panels:
        message = "No panel says who reviews each post"
        fix = (
            "Add panels to organisation.yaml, an entry for each post, for example "
            "“- {id: teachers, reviewee: Teachers, reviewers: Their line manager}”."
        )
        at = ("groups",)
        yield texts.at(problems.NO_REVIEWER, document, at, message, about=("panels",), fix=fix)
    yield from _find_unreviewed(texts)
    several = len(organisation.groups) > 1
    for i, panel in enumerate(organisation.panels):
        if several and not panel.groups:
            message = f"“{panel.reviewee}” is reviewed, and belongs to no staff group"
            yield texts.at(problems.POST_WITHOUT_GROUP, document, ("panels", i), message)
    yield from _find_undefined_bodies(texts)


def _find_unreviewed(texts: OrganisationTexts) -> Iterator[Problem]:
    panels, document = texts.edition.organisation.panels, texts.own.organisation.document
    reviewees = " / ".join(panel.reviewee for panel in panels)
    if EVERYONE.search(reviewees):
        return
    known = {_normalise_post(match.group()) for match in POSTS.finditer(reviewees)}
    known |= {_normalise_post(part) for part in re.split(r" / |, | and | or ", reviewees)}
    named: set[str] = set()
    for i, panel in enumerate(panels):
        for match in POSTS.finditer(CHOOSES.sub("", panel.reviewers)):
            post = _normalise_post(match.group())
            if post in known or post in named:
                continue
            named.add(post)
            reviewer = texts.edition.word("reviewer")
            message = f"No {reviewer} is given for the {match.group()}"
            at = ("panels", i, "reviewers")
            yield texts.at(problems.NO_REVIEWER, document, at, message, about=(match.group(),))


def _normalise_post(post: str) -> str:
    post = post.lower().replace("head teacher", "headteacher").strip()
    short = {
        "ceo": "chief executive",
        "dceo": "deputy chief executive",
        "cfo": "chief financial",
    }
    return short.get(post, post.removesuffix(" officer").removesuffix("s"))


def _find_undefined_bodies(texts: OrganisationTexts) -> Iterator[Problem]:
    """A committee in the policy of which no role, panel or glossary entry tells."""
    own = texts.own.organisation.item
    explained = " / ".join(
        [*(role.name for role in own.roles), *(panel.reviewers for panel in own.panels)]
    )
    terms = texts.content.glossary.item.terms if texts.content.glossary else ()
    explained += " / ".join(term.term for term in terms)
    seen: set[str] = set()
    for text in texts.policy:
        for match in BODY.finditer(text.plain):
            body = re.sub(r"^(The|A|An|Its|Our) ", "", match.group(1))
            if body not in explained and body not in seen:
                seen.add(body)
                message = f"The {body} is mentioned, but no role says what it does"
                yield texts.finding(
                    problems.UNDEFINED_BODY, text, message, words=body, about=(body,)
                )
