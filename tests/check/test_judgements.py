"""Deliberate policy mistakes, one each, in a small clean organisation: found at their place."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from formulary import problems
from formulary.check.dictionary_words import FOLDER
from tests.check.samples import CLEAN, HILL, TODAY, linted, list_problems, write

ORGANISATION = f"{HILL}/organisation.yaml"
POLICY = f"{HILL}/policy.yaml"
CYCLE = f"{HILL}/cycle.yaml"
RATINGS = f"{HILL}/ratings.yaml"
GUIDANCE = f"{HILL}/guidance.yaml"
QUESTIONS = f"{HILL}/questions.yaml"
CHECKLISTS = f"{HILL}/checklists.yaml"
COVERAGE = f"{HILL}/coverage.yaml"
REVIEW, LETTER = "forms/review.yaml", "forms/letter.yaml"
AIMS = "The policy helps everyone to do their work well."


@dataclass(frozen=True)
class Mistake:
    """The first `old` of the file becomes `new`; `at` is what is named.

    `at` stands in `new`, or after `near`, in `seen` where that is another file.
    """

    file: str
    old: str
    new: str
    code: str
    at: str
    near: str = ""
    seen: str = ""

    def spoilt(self) -> dict[str, str]:
        """The sample's files with this mistake in them."""
        assert self.old in CLEAN[self.file], self.old
        return {**CLEAN, self.file: CLEAN[self.file].replace(self.old, self.new, 1)}

    def expected(self) -> str:
        """The place and the code that the finding should have."""
        file = self.seen or self.file
        text = self.spoilt()[file]
        if self.seen or self.near:
            index = text.index(self.at, text.index(self.near))
        else:
            index = CLEAN[file].index(self.old) + self.new.index(self.at)
        column = index - text.rfind("\n", 0, index)
        return f"{file}:{text.count(chr(10), 0, index) + 1}:{column} {self.code}"


def aims(sentence: str, code: str, at: str) -> Mistake:
    """A sentence put in the place of what the first clause says."""
    return Mistake(POLICY, AIMS, sentence, code, at)


STRUCTURE = (
    Mistake(GUIDANCE, "clauses: [objectives]", "clauses: [aimz]", "unknown-reference", "aimz"),
    Mistake(QUESTIONS, "[records]", "[record]", "unknown-reference", "record"),
    Mistake(CHECKLISTS, "[report]", "[reports]", "unknown-reference", "reports"),
    Mistake(GUIDANCE, "    clauses: [year]", "    clauses: [yeer]", "unknown-reference", "yeer"),
    Mistake(POLICY, "diagram: steps", "diagram: stairs", "unknown-reference", "stairs"),
    Mistake(POLICY, "topic: growth", "topic: groth", "unknown-reference", "groth"),
    Mistake(POLICY, "[before-reviewer]", "[before]", "unknown-reference", "before"),
    Mistake(POLICY, "[how-long-kept]", "[how-long]", "unknown-reference", "how-long"),
    Mistake(ORGANISATION, "clauses: [appeals]", "clauses: [appeal]", "unknown-reference", "appeal"),
    Mistake(ORGANISATION, "with: [later]", "with: [latter]", "unknown-reference", "latter"),
    Mistake(
        ORGANISATION,
        "    with: [later]",
        "    with: [later]\n    without: [maybe]",
        "unknown-reference",
        "maybe",
    ),
    Mistake(
        ORGANISATION, "      wellbeing: How", "      wellbing: How", "unknown-reference", "wellbing"
    ),
    Mistake(
        ORGANISATION,
        "    with: [later]",
        "    with: [later]\n    titles:\n      meting: Talk",
        "unknown-reference",
        "meting",
    ),
    Mistake(
        ORGANISATION,
        "    with: [later]",
        "    with: [later]\n    options:\n      rating: [Good, Bad]",
        "unknown-reference",
        "rating",
    ),
    Mistake(LETTER, "[[met_on]]", "[[met]]", "unknown-reference", "[[met]]"),
    Mistake(
        CYCLE,
        "recorded-as: [final-meeting]",
        "recorded-as: [final-meeting, letter.met_at]",
        "unknown-reference",
        "letter.met_at",
    ),
    Mistake(
        CYCLE,
        "recorded-as: [final-meeting]",
        "recorded-as: [final-meeting, rating]",
        "unknown-reference",
        "rating",
    ),
    Mistake(
        GUIDANCE,
        "    summary: How to talk about work.\n",
        "",
        "missing-key",
        "talking",
        near="topics",
    ),
    Mistake(
        QUESTIONS, "questions:", "questions:\n  - id: who\n    asks: Who?", "missing-key", "who"
    ),
    Mistake(
        CHECKLISTS,
        "checklists:",
        "checklists:\n  - id: after\n    who: both",
        "missing-key",
        "after",
    ),
    Mistake(GUIDANCE, "      - id: review\n", "      - id: plan\n", "repeated-id", "plan"),
    Mistake(
        COVERAGE,
        "guidance.growth.goal",
        "guidance.growth.gaol",
        "unknown-reference",
        "guidance.growth.gaol",
    ),
)
"""Mistakes that stop a build, in what guidance, questions, checklists and letters name."""

JUDGED = (
    # Approval and review
    Mistake(
        POLICY, "next-review: 2028-03-10", "next-review: 2026-11-21", "review-overdue", "2026-11-21"
    ),
    Mistake(POLICY, "next-review: 2028-03-10\n", "", "no-review-date", "Performance", near="title"),
    Mistake(POLICY, 'version: "2.1"\n', "", "no-version", "Performance", near="title"),
    Mistake(POLICY, "status: approved", "status: draft", "status-approval", "draft"),
    Mistake(POLICY, "2026-03-10", "2027-03-10", "status-approval", "by: Board", near="approval"),
    Mistake(
        POLICY,
        "review-cycle: Every",
        "consultation:\n  - {with: Staff, from: 2026-02-01, to: 2026-03-11}\nreview-cycle: Every",
        "approval-order",
        "- {with",
        near="consultation",
    ),
    Mistake(
        POLICY,
        "review-cycle: Every",
        "in-force: 2026-03-09\nreview-cycle: Every",
        "approval-order",
        "2026-03-09",
    ),
    Mistake(
        POLICY,
        "next-review: 2028-03-10",
        "in-force: 2027-09-01\nnext-review-in: summer 2027",
        "approval-order",
        "2027-09-01",
    ),
    # The year
    Mistake(CYCLE, "by 31 October after the cycle", "by 31 May", "deadline-order", "by 31 May"),
    Mistake(CYCLE, "when: by 31 July", "when: by 31 October", "deadline-order", "by 31 October"),
    Mistake(
        CYCLE, "spring term", "by 31 January after the cycle", "outside-cycle", "by 31 January"
    ),
    Mistake(CYCLE, "by 31 October after", "by 31 March after", "late-decision", "by 31 March"),
    Mistake(CYCLE, "by 30 November", "as needed", "missing-deadline", "as needed"),
    Mistake(
        CYCLE,
        "by 30 November\n        recorded-as: [final-meeting]\n",
        "by 30 November\n",
        "meeting-without-event",
        "id: support",
        near="cycles:",
    ),
    Mistake(CYCLE, "ends: 31 December", "ends: 30 June", "cycle-length", "30 June"),
    Mistake(
        CYCLE,
        "    ends: 31 December",
        "    ends: 31 December\n    period: May to May",
        "cycle-length",
        "May to May",
    ),
    # Who reviews whom
    Mistake(
        ORGANISATION,
        "reviewee: Chief Executive Officer",
        "reviewee: Chief of Finance",
        "no-reviewer",
        "The Chief",
        near="panels",
    ),
    Mistake(
        ORGANISATION,
        "    groups: [teachers]\n  - id: others",
        "  - id: others",
        "post-without-group",
        "id: chief",
        near="panels",
    ),
    aims("The Standards Committee helps everyone.", "undefined-body", "Standards Committee"),
    # Forms and the policy
    Mistake(
        POLICY,
        "{{ form('letter') }} ",
        "",
        "form-not-mentioned",
        "letter",
        near="- form: l",
        seen=ORGANISATION,
    ),
    Mistake(
        REVIEW, "type: rating", "type: text", "form-lacks", "Ratings", near="title", seen=RATINGS
    ),
    Mistake(REVIEW, "header: common", "header: own", "form-lacks", "own"),
    aims("See the example overleaf.", "loose-reference", "overleaf"),
    # References typed into sentences
    aims("More is said in clause 5.9.", "lost-reference", "clause 5.9"),
    aims("More is said in section 14.", "lost-reference", "section 14"),
    aims("The form is in Appendix C.", "lost-reference", "Appendix C"),
    aims("More is said in paragraph 31.", "lost-reference", "paragraph 31"),
    aims("More is said in clause 2.", "wrong-reference", "clause 2"),
    aims("For the support period see 2.4.", "wrong-reference", "see 2.4"),
    Mistake(
        POLICY,
        "{{ clause('support') }} below",
        "{{ clause('support') }} above",
        "wrong-reference",
        "{{ clause('support') }} above",
    ),
    Mistake(POLICY, "in writing, within", "see 1.1 below, within", "wrong-reference", "see 1.1"),
    aims("More is said in clause 2.1.", "typed-reference", "clause 2.1"),
    # Numbers
    Mistake(POLICY, "title: Aims", "title: 1.1 Aims", "numbering", "1.1 Aims"),
    Mistake(GUIDANCE, "Step 3, review", "Step 4, review", "numbering", "Step 4"),
    Mistake(GUIDANCE, "Step 2, do", "Step 1, do", "numbering", "Step 1, do"),
    Mistake(
        GUIDANCE,
        "    lanes:\n",
        "    lanes:\n      - id: late\n        name: After all\n"
        "        boxes:\n          - id: rest\n            name: Rest\n",
        "numbering",
        "Before the meeting",
        near="lanes",
    ),
    Mistake(POLICY, "        title: Aims\n", "", "unnamed-clause", "aims", near="clauses"),
    Mistake(
        POLICY,
        "      - id: aims\n",
        "      - id: alone\n        title: Alone\n      - id: aims\n",
        "title-alone",
        "id: alone",
    ),
    Mistake(
        ORGANISATION, "    clause: support\n", "", "rule-unstated", "states", near="  monitoring:"
    ),
    Mistake(POLICY, "discuss three things", "discuss two things", "miscount", "two things"),
    Mistake(POLICY, "{{ rules.objectives.max | words }}", "four", "number-disagrees", "four"),
    Mistake(POLICY, "{{ rules.objectives.max | words }}", "three", "typed-number", "three"),
    Mistake(
        QUESTIONS,
        "{{ rules.retention.exactly | words }} {{ rules.retention.unit }}",
        "7 years",
        "number-disagrees",
        "7 years",
    ),
    Mistake(
        ORGANISATION, "How long records", "The 7 years that records", "number-disagrees", "7 years"
    ),
    aims("They agree by 1 October.", "day-disagrees", "1 October"),
    # Words
    aims("The appraiser helps everyone.", "two-terms", "appraiser"),
    aims("The line manager sets the aims of the appraisal.", "two-terms", "line manager"),
    aims("The policy helps every student.", "two-terms", "student"),
    aims("The Performance Development process helps.", "two-names", "Performance Development"),
    aims("A drop-in, or lesson dip, helps everyone.", "two-names", "lesson dip"),
    aims("The DCEO helps everyone.", "abbreviation", "DCEO"),
    aims("Higher rewards (HR) help everyone.", "two-expansions", "HR"),
    # Law and open ends
    Mistake(
        POLICY,
        "          - id: race\n            text: race\n",
        "",
        "equality-list",
        "id: eq",
        near="sections",
    ),
    aims("The Disability Discrimination Act helps.", "old-law", "Disability Discrimination Act"),
    aims("The Data Protection Act 1998 helps.", "old-law", "Data Protection Act 1998"),
    aims(
        "The Education (School Teacher Performance Management) (England) Regulations 2006 apply.",
        "old-law",
        "School Teacher Performance",
    ),
    aims(
        "The Education (School Teacher Appraisal) (England) Regulations 2001 apply.",
        "old-law",
        "School Teacher Appraisal",
    ),
    aims("The career stage of a person helps.", "no-scale", "career stage"),
    aims("A reasonable time is given.", "left-open", "reasonable time"),
    aims("A reasonable number of meetings is held.", "left-open", "reasonable number"),
    Mistake(
        POLICY,
        AIMS,
        "The outcome is not linked to pay.",
        "contradiction",
        "pay progression",
        near="id: pay",
    ),
    Mistake(RATINGS, "[teachers, support]", "[teachers]", "group-without-scale", "[teachers]"),
    Mistake(POLICY, "Papers are confidential. ", "", "policy-silent", "Performance", near="title"),
    aims("A tutor meets the reviewer.", "two-terms", "tutor"),
    aims("The central team and the operational team help.", "two-names", "operational team"),
    # Slips of the pen
    aims("The policy helps the the people.", "slip", "the the"),
    aims("The policy helps plan//role.", "slip", "//"),
    aims("The policy helps good behavior.", "spelling", "behavior"),
    aims("The рolicy helps everyone.", "look-alike", "р"),
    Mistake(
        RATINGS,
        "      met: The standards are met.",
        "      met: The objectives are met.",
        "repeated-text",
        "The objectives are met.",
    ),
    Mistake(
        POLICY,
        AIMS,
        "A reviewee may appeal to the governors against any entry in the report, "
        "in writing, within\n          ten working days.",
        "repeated-text",
        "|-",
        near="id: appeals",
    ),
    # Acceptance
    Mistake(
        ORGANISATION,
        "at-a-glance:",
        "accept:\n  - code: old-law\n    because: Kept.\nat-a-glance:",
        "unused-acceptance",
        "old-law",
    ),
)
"""Mistakes that a careful reader sees."""


def found(root: Path, mistake: Mistake, today: datetime.date = TODAY) -> list[str]:
    return list_problems(linted(write(root, mistake.spoilt()), today).problems)


def test_the_sample_has_no_finding(tmp_path: Path) -> None:
    assert [str(problem) for problem in linted(write(tmp_path, CLEAN)).problems] == []


def test_there_are_sixty_mistakes_of_every_judged_kind() -> None:
    assert len(JUDGED) >= 60
    judged = {code for code, kind in problems.CATALOGUE.items() if kind.judged}
    elsewhere = {
        "no-approver",
        "form-not-offered",
        "no-contact",
        "nothing-carried",
        "event-without-forms",
        "form-without-event",
        "for-others",
        "date-unstated",
        "pay-link",
        "placeholder",
        "unknown-word",
        "footnote",
        *(code for code in judged if code.startswith("text-")),
    }
    assert judged - {mistake.code for mistake in JUDGED} == elsewhere


@pytest.mark.parametrize("mistake", STRUCTURE, ids=lambda m: f"{m.code}-{m.at}")
def test_a_mistake_that_stops_a_build_is_named(mistake: Mistake, tmp_path: Path) -> None:
    assert found(tmp_path, mistake) == [mistake.expected()]


@pytest.mark.parametrize("mistake", JUDGED, ids=lambda m: f"{m.code}-{m.at}")
def test_a_policy_mistake_is_found_at_its_place(mistake: Mistake, tmp_path: Path) -> None:
    assert found(tmp_path, mistake) == [mistake.expected()]


PLACEHOLDERS = {
    "It helps all. Write here who is left out.": "Write here who is left out",
    "The policy helps [insert name of school].": "[insert name of school]",
    "The policy begins on DD/MM/YYYY.": "DD/MM/YYYY",
    "The policy is looked after by TBC.": "TBC",
    "The policy helps ________ do well.": "________",
    "The policy of <name of school> helps.": "<name of school>",
}


@pytest.mark.parametrize(("sentence", "words"), PLACEHOLDERS.items())
def test_a_placeholder_is_a_warning_in_a_draft_and_an_error_in_what_is_approved(
    tmp_path: Path, sentence: str, words: str
) -> None:
    policy = CLEAN[POLICY].replace(AIMS, sentence)
    draft = policy.replace("status: approved", "status: draft", 1)
    for folder, text, code in (("a", policy, "placeholder-approved"), ("b", draft, "placeholder")):
        found = linted(write(tmp_path / folder, {**CLEAN, POLICY: text})).problems
        (problem,) = (one for one in found if one.kind.code.startswith("placeholder"))
        assert (problem.kind.code, words in problem.message) == (code, True)
        line = text[: text.index(words.split()[0])].count("\n") + 1
        assert problem.place.line == line
        assert "abbreviation" not in {one.kind.code for one in found}


@pytest.mark.parametrize(
    ("entries", "stray"),
    [
        (("plan;", "do; and", "review."), []),
        (("(a) plan;", "(b) do;", "(c) review."), []),
        (("plan;", "do; or", "review;"), []),
        (("plan;", "do", "review"), [0]),
        (("– plan", "do", "review"), [0]),
    ],
)
def test_a_list_as_lawyers_write_it_has_no_stray_mark(
    tmp_path: Path, entries: tuple[str, ...], stray: list[int]
) -> None:
    points = "".join(
        f"\n          - id: point-{n}\n            text: {entry}" for n, entry in enumerate(entries)
    )
    policy = CLEAN[POLICY].replace(AIMS, f"{AIMS}\n        points:{points}", 1)
    found = linted(write(tmp_path, {**CLEAN, POLICY: policy})).problems
    assert [p.kind.code for p in found] == ["slip" for _ in stray]


@pytest.mark.parametrize(
    ("sentence", "code", "message", "fix"),
    [
        (
            "The policy helps performence.",
            "unknown-word",
            "“performence” is in no",
            "“performance”",
        ),
        ("The policy helps good behavior.", "spelling", "American", "“behaviour”"),
        ("The head organizes it.", "spelling", "American", "“organises”"),
        ("Goverment helps everyone.", "unknown-word", "“Goverment” is in no", "“Government”"),
        ("The head’s colleages help.", "unknown-word", "“colleages” is in no", "“colleagues”"),
        ("They help seperately.", "unknown-word", "“seperately” is in no", "“separately”"),
    ],
)
def test_a_misspelt_word_is_found_with_the_right_one(
    tmp_path: Path, sentence: str, code: str, message: str, fix: str
) -> None:
    policy = CLEAN[POLICY].replace(AIMS, sentence)
    (problem,) = linted(write(tmp_path, {**CLEAN, POLICY: policy})).problems
    assert problem.kind.code == code and message in problem.message and fix in problem.fix
    words = problem.message.split("”")[0].removeprefix("“")
    assert problem.place.line == policy[: policy.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Mrs Appleyard of Hillthorpe helps everyone with iTrent.",
        "See https://example.org/colour-of-behavior, or ask hr@example.org.",
        "Reviewees’ wellbeing, the head’s own, and café talk help.",
        "Its self-review, co-operation and e-mails help 3rd parties.",
        "The Hilly helps, and so do Hilly’s friends of grozzle.",
        "Head Żaneta Łuczak-Ôstrowska of Llanfairpwllgwyngyll helps.",
    ],
)
def test_names_addresses_and_known_words_are_no_spelling_mistakes(
    tmp_path: Path, sentence: str
) -> None:
    organisation = CLEAN[ORGANISATION].replace("groups:", "known-words: [grozzle]\ngroups:", 1)
    policy = CLEAN[POLICY].replace(AIMS, sentence)
    found = linted(write(tmp_path, {**CLEAN, ORGANISATION: organisation, POLICY: policy})).problems
    assert not [str(p) for p in found if p.kind.code in ("spelling", "unknown-word")]


def test_words_that_are_no_fault_in_a_form_are_found_in_a_policy(tmp_path: Path) -> None:
    """What is remembered of a text without fault holds for texts of its own setting alone."""
    words = "Sign ________ here"
    form = CLEAN["forms/review.yaml"].replace("label: Wellbeing", f"label: {words}")
    sound = {**CLEAN, "forms/review.yaml": form}
    assert list_problems(linted(write(tmp_path / "a", sound)).problems) == []
    both = {**sound, POLICY: CLEAN[POLICY].replace(AIMS, words)}
    found = linted(write(tmp_path / "b", both)).problems
    assert "placeholder-approved" in [problem.kind.code for problem in found]


def test_the_dictionary_is_the_one_that_its_readme_names() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    for name in ("en_GB.aff", "en_GB.dic"):
        hashed = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
        assert f"{name}: sha256 {hashed}" in readme
