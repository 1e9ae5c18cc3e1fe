"""Diagrams such as the content has: a circle of four, a circle of three, and four lanes."""

from __future__ import annotations

from formulary.content.guidance import Box, Diagram, Lane


def _boxes(*names: str) -> tuple[Box, ...]:
    return tuple(Box(id=f"box-{n}", name=name) for n, name in enumerate(names, start=1))


FOUR_STEPS = Diagram(
    id="four-step-cycle",
    title="The four-step cycle",
    kind="circle",
    intro="Four steps make the year.",
    steps=(
        Box(
            id="set-goals",
            name="Set goals",
            text="The year’s goals and objectives are agreed by the tutor and the manager.",
        ),
        Box(
            id="develop",
            name="Develop and deliver",
            text="The tutor runs courses; the manager supports them towards the goals.",
        ),
        Box(id="review", name="Monitor and review", text="The two meet and look at **progress**."),
        Box(id="act", name="Take action", text="Results are recognised and issues dealt with."),
    ),
)
THREE_STAGES = Diagram(
    id="three-stages",
    title="The three stages of the cycle",
    kind="circle",
    steps=_boxes("The review meeting", "The planning meeting", "Monitoring through the year"),
)
FLOWCHART = Diagram(
    id="review-flowchart",
    title="The review, step by step",
    kind="lanes",
    lanes=(
        Lane(
            id="arrangements",
            name="Arrangements",
            boxes=_boxes(
                "Reviewer sets a date, for one person or a group",
                "Reviewer sends the pre-review form to each reviewee",
                "Both have the current job description",
                "Both can see the year’s training programme",
            ),
        ),
        Lane(
            id="preparation",
            name="Preparation",
            boxes=_boxes(
                "Reviewer gathers earlier forms and notes",
                "Both complete the pre-review form",
            ),
        ),
        Lane(
            id="meeting",
            name="The meeting",
            boxes=_boxes(
                "Hold the review and planning meeting",
                "Consider observations (teaching assistants only) & other evidence",
                "Review job description, roles and responsibilities",
                "Set next year’s objectives",
                "Identify training needs",
                "Agree and sign",
            ),
        ),
        Lane(
            id="after",
            name="After the meeting",
            boxes=_boxes(
                "Reviewer tells the CPD leader of training needs",
                "Appeal, if it applies",
                "File the papers; keep them six years",
                "Keep the dialogue going all year",
            ),
        ),
    ),
)
EVERY = (FOUR_STEPS, THREE_STAGES, FLOWCHART)
