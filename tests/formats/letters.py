"""A letter with a field of every kind: in sentences, in a list, and in boxes of their own.

It stands here because both the Word and the PDF tests write it.
"""

from __future__ import annotations

from formulary.documents.blank import Blank, Part, Question
from formulary.documents.stamp import Stamp
from formulary.edition.text import blocks

TEXT = """\
[sent_on](field:sent_on)

Dear [employee](field:employee),

**Concerns about your work**

When we met on [met_on](field:met_on) I explained that I have concerns about how you do your work
as [job](field:job). They are: [concerns](field:concerns).

You told me how you see this. [own_view](field:own_view) I have taken it into account.

During the support period

- you will have help from [helper](field:helper);
- we will meet [often](field:often) to look at progress;
- your pay stays at [pay](field:pay) a year.

[enclosed](field:enclosed)

Yours sincerely,

[manager](field:manager)
"""

IN_LETTER = (
    "sent_on",
    "employee",
    "met_on",
    "job",
    "concerns",
    "own_view",
    "helper",
    "often",
    "pay",
    "enclosed",
    "manager",
)
APART = ("copy_to", "outcome")


def letter_blank() -> Blank:
    """A form whose one part is a letter."""
    questions = (
        Question("manager", "Name of the manager", "Name of the manager", "text"),
        Question("employee", "Name of the employee", "Name of the employee", "text", required=True),
        Question("job", "Job title", "Job title", "text", value="Teaching assistant & Żak"),
        Question("copy_to", "Copy sent to", "Copy sent to", "text"),
        Question("sent_on", "Date of the letter", "Date of the letter", "date"),
        Question("met_on", "Date of the meeting", "Date of the meeting", "date"),
        Question(
            "concerns", "Concerns", "Concerns", "multiline", "What falls short, with dates", lines=5
        ),
        Question("own_view", "Your view", "Your view", "multiline", lines=3),
        Question("helper", "Who gives support", "Who gives support", "text", "Name and role"),
        Question(
            "often", "How often we meet", "How often we meet", "choice", options=("weekly", "daily")
        ),
        Question("pay", "Salary", "Salary", "text", format="money"),
        Question("enclosed", "A copy of the policy", "A copy of the policy", "checkbox"),
        Question("outcome", "Outcome", "Outcome", "multiline", lines=2),
    )
    order = (*IN_LETTER, *APART)
    questions = tuple(sorted(questions, key=lambda question: order.index(question.id)))
    part = Part("letter", "The letter", (), questions, None, "clause 9.2", blocks(TEXT))
    return Blank(
        id="concern-letter",
        title="Confirmation of concerns",
        organisation="Sample Trust",
        edition="2026-27",
        marking="Confidential",
        notice="",
        guidance=blocks("Fill in the letter, sign it and keep a copy."),
        parts=(part,),
        stamp=Stamp("concern-letter", "sample", 2026, "2026-27", "0123456789abcdef"),
        colour="#1d4f6e",
    )
