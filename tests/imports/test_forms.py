"""A Word form of others becomes a form: what it asks, of which kind, and none of its words lost."""

from __future__ import annotations

import pytest

from formulary.content.form import Form, FormField
from formulary.imports.forms import ImportedForm, import_form
from tests.imports.documents import cell, docx, p, run, table

LINE = "_" * 20


def read(*body: str) -> ImportedForm:
    """What comes of a document; every word of it must be in the YAML or in the list."""
    found = import_form(docx(*body), "form.docx", set())
    assert found.problems == ()
    assert not found.words.missing
    return found


def form_of(*body: str) -> Form:
    form = read(*body).form
    assert form is not None
    return form


def asked(form: Form) -> list[tuple[str, str]]:
    """The label and the kind of every question, in order."""
    found: list[FormField] = []
    for section in form.sections:
        found += [*section.fields, *(section.table.columns if section.table else ())]
    return [(one.label, one.type) for one in found]


def test_labels_with_a_blank_cell_after_each() -> None:
    form = form_of(
        p("Return to Work Form", bold=True, size=40),
        table(
            [cell("Section A: The employee", span=4, shaded=True)],
            ["Name (required)", "", "Date of birth", ""],
            ["Job title:", "", "E-mail", ""],
            [cell("Reason for absence"), cell("", span=3)],
            [cell("Signed"), cell(""), cell("Date"), cell("")],
        ),
    )
    assert form.title == "Return to Work Form"
    assert form.sections[0].title == "Section A: The employee"
    assert asked(form) == [
        ("Name", "text"),
        ("Date of birth", "date"),
        ("Job title", "text"),
        ("E-mail", "email"),
        ("Reason for absence", "multiline"),
        ("Signed", "signature"),
        ("Date", "date"),
    ]
    assert form.sections[0].fields[0].required
    assert [one.prefill for one in form.sections[0].fields[:3]] == [
        "staff.name",
        None,
        "staff.job_title",
    ]


def test_numbered_lines_under_one_label() -> None:
    form = form_of(
        p("Plan", bold=True, size=40),
        table(
            [cell("Priority (required)", span=2)],
            ["1.", ""],
            ["2.", ""],
            ["3.", ""],
            [cell("Date agreed", span=2)],
            [cell("", span=2)],
        ),
    )
    assert asked(form) == [
        ("Priority 1", "text"),
        ("Priority 2", "text"),
        ("Priority 3", "text"),
        ("Date agreed", "date"),
    ]
    assert [one.required for one in form.sections[0].fields] == [True, True, True, False]


def test_labels_above_their_boxes_two_in_a_row() -> None:
    form = form_of(
        p("Plan", bold=True, size=40),
        p("1 The meeting", style="Heading1"),
        table(
            ["Name", "", "Job title"],
            ["", "", ""],
            [cell("Reasons for the change", span=3)],
            [cell("", span=3)],
            [cell("Decision", span=3)],
            [cell("☐ Agreed   ☐ Refused", span=3)],
        ),
    )
    assert asked(form) == [
        ("Name", "text"),
        ("Job title", "text"),
        ("Reasons for the change", "multiline"),
        ("Decision", "choice"),
    ]


def test_lines_to_write_on() -> None:
    form = form_of(
        p("Leave request", style="Title"),
        p("Please give this to your line manager."),
        p(f"Name: {LINE}\tSchool: {LINE}"),
        p("First day of leave: ............................"),
        p("What do you need the leave for?"),
        p(LINE * 3),
        p(LINE * 3),
        p(f"Signed: {LINE}   Date: {LINE}"),
    )
    assert asked(form) == [
        ("Name", "text"),
        ("School", "text"),
        ("First day of leave", "date"),
        ("What do you need the leave for?", "multiline"),
        ("Signed", "signature"),
        ("Date", "date"),
    ]
    assert form.sections[0].intro == "Please give this to your line manager."


@pytest.mark.parametrize(
    ("words", "label", "options"),
    [
        ("Kind of leave: ☐ Paid ☐ Unpaid ☐ Other", "Kind of leave", ("Paid", "Unpaid", "Other")),
        ("Kind of leave?  Paid ☐  Unpaid ☐", "Kind of leave", ("Paid", "Unpaid")),
        ("Kind of leave: □ Paid\n□ Unpaid", "Kind of leave", ("Paid", "Unpaid")),
    ],
)
def test_boxes_are_a_choice(words: str, label: str, options: tuple[str, ...]) -> None:
    form = form_of(p("Leave request", style="Title"), p(words))
    (one,) = form.sections[0].fields
    assert (one.label, one.type, one.options) == (label, "choice", options)


def test_yes_and_no_and_one_box_alone() -> None:
    form = form_of(
        p("Consent form", style="Title"),
        table(["Is it agreed?", "Yes ☐ No ☐"], ["I have read the policy", "☐"]),
        p("☐ I agree to the terms"),
    )
    assert asked(form) == [
        ("Is it agreed?", "yes-no"),
        ("I have read the policy", "checkbox"),
        ("I agree to the terms", "checkbox"),
    ]


def test_a_header_above_blank_rows_is_a_table() -> None:
    form = form_of(
        p("Objectives", style="Title"),
        p("Objectives of the year", style="Heading1"),
        table(
            ["No.", "Objective", "Evidence", "By when"],
            ["1", "", "", ""],
            ["2", "", "", ""],
            ["3", "", "", ""],
        ),
    )
    held = form.sections[0].table
    assert held is not None
    assert held.rows == 3
    assert [(one.label, one.type) for one in held.columns] == [
        ("Objective", "multiline"),
        ("Evidence", "multiline"),
        ("By when", "date"),
    ]


_NUMBERED = [cell(p("", list_id=3))] * 3


@pytest.mark.parametrize(
    ("head", "first", "row", "rows"),
    [
        ("Action", ["1", "2", "3", "4"], "Action", 4),
        ("No.", ["1.", "2.", "3."], "Row", 3),
        ("Target", ["Target 1", "Target 2"], "Target", 2),
        ("Ref", ["Action no. 1:", "Action no. 2:"], "Action", 2),
        ("", ["(a)", "(b)", "(c)"], "Row", 3),
        ("Step", ["i)", "ii)", "iii)", "iv)"], "Step", 4),
        ("", ["First goal", "Second goal"], "Goal", 2),
        ("Action", ["4", "5", "6"], "Action", 3),
        ("Goal", ["1", "2", ""], "Goal", 3),
        ("Action", _NUMBERED, "Action", 3),
        ("Year", ["Year 7", "Year 8", "Year 9"], "Year", ("Year 7", "Year 8", "Year 9")),
    ],
)
def test_a_first_column_that_counts_rows_is_no_question(
    head: str, first: list[str], row: str, rows: int | tuple[str, ...]
) -> None:
    body = [[one, "", "☐ Lead   ☐ Member", ""] for one in first]
    form = form_of(p("Plan", style="Title"), table([head, "Name", "Part", "By when"], *body))
    held = form.sections[0].table
    assert held is not None
    assert (held.row, held.rows) == (row, rows)
    assert asked(form) == [("Name", "text"), ("Part", "choice"), ("By when", "date")]


def test_a_number_before_the_name_of_a_row() -> None:
    rows = [["1", "Teaching", ""], ["2", "Behaviour", ""]]
    form = form_of(p("Plan", style="Title"), table(["No", "Area", "Comments"], *rows))
    held = form.sections[0].table
    assert held is not None
    assert (held.row, held.rows) == ("Area", ("Teaching", "Behaviour"))


def test_a_wide_column_of_numbers_is_written_in() -> None:
    def wide(words: str, width: int) -> str:
        return cell(words).replace("<w:tcPr>", f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>')

    widths = (5000, 2500, 2000)
    rows = [[wide(f"{number}.", 5000), "", ""] for number in (1, 2, 3)]
    header = [wide(*one) for one in zip(("Objective", "Evidence", "Date"), widths, strict=True)]
    form = form_of(p("Plan", style="Title"), table(header, *rows))
    assert [label for label, _ in asked(form)] == ["Objective", "Evidence", "Date"]
    assert form.sections[0].table is not None and form.sections[0].table.rows == 3


def test_a_figure_that_somebody_filled_in_counts_nothing() -> None:
    form = form_of(p("Leave", style="Title"), table(["Days", "Reason"], ["12", ""]))
    assert [label for label, _ in asked(form)] == ["Days", "Reason"]


def test_numbered_lines_have_the_name_of_their_part() -> None:
    form = form_of(
        p("Plan", style="Title"),
        p("Actions agreed", style="Heading1"),
        table(["1", ""], ["2", ""]),
    )
    assert [label for label, _ in asked(form)] == ["Actions agreed 1", "Actions agreed 2"]


def test_statements_with_a_scale_are_a_table_with_a_row_each() -> None:
    statements = [["Sets high expectations", "", "", ""], ["Knows the subject", "", "", ""]]
    scale = ["Met", "Partly met", "Not met"]
    spanned = [cell(""), cell("Please tick one", span=3)]
    for rows in ([["Standard", *scale], *statements], [spanned, ["Standard", *scale], *statements]):
        form = form_of(p("Checklist", style="Title"), table(*rows))
        held = form.sections[0].table
        assert held is not None
        assert held.rows == ("Sets high expectations", "Knows the subject")
        assert [(one.type, one.options) for one in held.columns] == [("choice", tuple(scale))]


def test_a_scale_that_somebody_ticked() -> None:
    rows = [["Is tidy", "x", ""], ["Is kind", "", "✓"], ["Is early", "X", ""]]
    found = read(p("Checklist", style="Title"), table(["Standard", "Yes", "No"], *rows))
    assert found.is_filled
    assert found.form is not None and found.form.sections[0].table is not None
    assert found.form.sections[0].table.rows == ("Is tidy", "Is kind", "Is early")


def test_a_scale_whose_points_are_in_every_row() -> None:
    scale = ["1", "2", "3"]
    form = form_of(p("Exit", style="Title"), table(["", *scale], ["Pay", *scale], ["Help", *scale]))
    held = form.sections[0].table
    assert held is not None
    assert (held.rows, held.columns[0].options) == (("Pay", "Help"), ("1", "2", "3"))


def test_rows_with_names_and_columns_of_several_kinds() -> None:
    rows = [["Keys", "☐", "", ""], ["Laptop", "☐", "", ""], ["Pass", "☐", "", ""]]
    form = form_of(p("Exit", style="Title"), table(["Item", "Done", "Date", "Initials"], *rows))
    held = form.sections[0].table
    assert held is not None
    assert (held.row, held.rows) == ("Item", ("Keys", "Laptop", "Pass"))
    assert [one.type for one in held.columns] == ["checkbox", "date", "text"]


def test_an_empty_box_belongs_to_the_words_above_it() -> None:
    form = form_of(
        p("Grievance", style="Title"),
        p("What happened", bold=True), p("Say when and where."), table([""]),
        p("What you want", bold=True), table([cell("", "", "", "", "")]),
    )  # fmt: skip
    assert [(one.title, one.intro) for one in form.sections] == [
        ("What happened", None),
        ("What you want", None),
    ]
    assert [(one.fields[0].label, one.fields[0].lines) for one in form.sections] == [
        ("Say when and where.", 3),
        ("What you want", 5),
    ]


def test_numbered_questions_keep_their_number() -> None:
    form = form_of(
        p("Exit", style="Title"), p("1. Why do you leave?"), p(""), p("2. Any news? Yes / No"),
        p("Your post", list_id=3), p(""),
    )  # fmt: skip
    assert asked(form) == [
        ("1. Why do you leave?", "multiline"),
        ("2. Any news?", "yes-no"),
        ("Your post", "text"),
    ]


def test_parts_that_come_again_are_a_table() -> None:
    cards = [
        table(
            [cell(p(f"Target {n}", bold=True), span=2, shaded=True)],
            ["Action", ""],
            ["By when", ""],
        )
        for n in (1, 2, 3)
    ]
    form = form_of(p("Plan", style="Title"), p("Targets", style="Heading1"), *cards)
    (section,) = form.sections
    assert section.table is not None
    assert (section.title, section.table.row, section.table.rows) == ("Targets", "Target", 3)
    assert [one.label for one in section.table.columns] == ["Action", "By when"]


def test_parts_that_count_as_we_do_have_no_number_in_their_title() -> None:
    form = form_of(
        p("Leave", style="Title"),
        p("Section 1: About you", bold=True), p(f"Name: {LINE}"),
        p("2. The leave", bold=True), p(f"From: {LINE}"),
        p("Section C: Decision", bold=True), p(f"Reason: {LINE}"),
    )  # fmt: skip
    assert [one.title for one in form.sections] == ["About you", "The leave", "Section C: Decision"]


def test_words_above_the_first_part_belong_to_it() -> None:
    form = form_of(
        p("Leave", style="Title"), p("Give it to your manager."),
        table([cell(p("1. About you", bold=True), span=2, shaded=True)], ["Name", ""]),
        table([cell(p("2. The leave", bold=True), span=2, shaded=True)], ["From", ""]),
    )  # fmt: skip
    assert [(one.title, one.intro) for one in form.sections] == [
        ("About you", "Give it to your manager."),
        ("The leave", None),
    ]


def test_a_table_after_questions_has_the_words_above_it_as_its_title() -> None:
    found = read(
        p("Return", style="Title"),
        p("1. Support", bold=True), p(f"What helps: {LINE}"), p("Actions agreed"),
        table(["Action", "By whom"], ["", ""], ["", ""]),
        p("2. Signatures", bold=True), table(["Name", ""], ["Employee", "", "Date", ""]),
    )  # fmt: skip
    assert found.form is not None
    assert [one.title for one in found.form.sections] == ["Support", "Actions agreed", "Signatures"]
    assert asked(found.form)[-3:] == [
        ("Name", "text"), ("Employee", "signature"), ("Date", "date"),
    ]  # fmt: skip
    assert "part 3 now" in " ".join(one.why for one in found.left_out)


def test_room_that_line_breaks_leave() -> None:
    broken = cell("What would help you (for example, equipment)\n\n", span=2)
    form = form_of(p("Return", style="Title"), table([broken], ["Name", ""]))
    assert asked(form)[0] == ("What would help you (for example, equipment)", "multiline")


def test_labels_below_their_lines() -> None:
    form = form_of(
        p("Leave", style="Title"), p(LINE), p("Full name"), p(LINE), p("Post held"),
        p(f"{LINE}\t{LINE}"), p("Signature\tDate"),
    )  # fmt: skip
    assert asked(form) == [
        ("Full name", "text"),
        ("Post held", "text"),
        ("Signature", "signature"),
        ("Date", "date"),
    ]


@pytest.mark.parametrize(
    ("words", "label", "options"),
    [
        ("Pay: with / without (delete as appropriate)", "Pay", ("with", "without")),
        ("Type of leave Paid / Unpaid (please circle)", "Type of leave", ("Paid", "Unpaid")),
        ("Was it agreed? Yes / Partly / No *delete as needed", "Was it agreed?",
         ("Yes", "Partly", "No")),
    ],
)  # fmt: skip
def test_options_to_cross_out(words: str, label: str, options: tuple[str, ...]) -> None:
    (one,) = form_of(p("Leave", style="Title"), p(words)).sections[0].fields
    assert (one.label, one.type, one.options) == (label, "choice", options)


def test_yes_or_no_in_the_cell_beside() -> None:
    form = form_of(
        p("Leave", style="Title"), table(["Is cover arranged?", "Yes / No"], ["Agreed", "YES/NO*"])
    )
    assert asked(form) == [("Is cover arranged?", "yes-no"), ("Agreed", "yes-no")]


def test_controls_and_older_fields() -> None:
    choose = (
        "<w:p><w:r><w:t>Outcome: </w:t></w:r><w:sdt><w:sdtPr>"
        '<w:alias w:val="Outcome"/><w:showingPlcHdr/>'
        '<w:dropDownList><w:listItem w:displayText="Agreed" w:value="1"/>'
        '<w:listItem w:displayText="Refused" w:value="2"/></w:dropDownList></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>Choose an item.</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    day = (
        "<w:sdt><w:sdtPr><w:date/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{p('Click or tap to enter a date.')}</w:sdtContent></w:sdt>"
    )
    old = (
        '<w:p><w:r><w:t xml:space="preserve">Copy sent </w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin">'
        '<w:ffData><w:name w:val="Check1"/><w:checkBox/></w:ffData></w:fldChar></w:r>'
        "<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    form = form_of(
        p("Decision", style="Title"),
        choose,
        table(["Decided on the day", f"<w:tc><w:tcPr/>{day}</w:tc>"]),
        old,
    )
    assert asked(form) == [
        ("Outcome", "choice"),
        ("Decided on the day", "date"),
        ("Copy sent", "checkbox"),
    ]
    assert form.sections[0].fields[0].options == ("Agreed", "Refused")


def test_a_form_that_is_filled_in_is_noticed() -> None:
    rows = [["Name:", "Alex Moss"], ["School:", "Elm Primary"], ["Job title:", "Cook"]]
    found = read(p("Leave request", style="Title"), table(*rows))
    assert found.is_filled
    assert asked(found.form or Form.model_validate({})) == [
        ("Name", "text"),
        ("School", "text"),
        ("Job title", "text"),
    ]
    assert "Alex Moss" not in found.text
    assert not read(p("Leave request", style="Title"), table(["Name:", ""])).is_filled


def test_words_that_ask_nothing_are_kept_or_listed() -> None:
    found = read(
        p("Leave request", style="Title"),
        p("Part one", style="Heading1"),
        p("Fill this in first."),
        p(f"Name: {LINE}"),
        p("Give the form to the office."),
    )
    assert found.form is not None
    assert found.form.sections[0].intro == "Fill this in first."
    assert [one.words for one in found.left_out] == ["Give the form to the office."]


def test_room_in_a_cell_and_a_hint() -> None:
    form = form_of(
        p("Review", style="Title"),
        table(
            [
                cell(
                    p(runs=run("Progress so far", bold=True)),
                    p("Include the evidence"),
                    p(""),
                    p(""),
                    p(""),
                )
            ]
        ),
    )
    (one,) = form.sections[0].fields
    assert (one.label, one.hint, one.type, one.lines) == (
        "Progress so far",
        "Include the evidence",
        "multiline",
        3,
    )


def test_ids_do_not_meet_those_that_are_there() -> None:
    taken = {"leave-request"}
    body = docx(p("Leave request", style="Title"), p(f"Name: {LINE}"))
    assert import_form(body, "a.docx", taken).id == "leave-request-2"
    assert import_form(body, "b.docx", taken).id == "leave-request-3"


@pytest.mark.parametrize(
    "label",
    [
        "External adviser (for the headteacher’s review only)",
        "Line manager (or the person who acts for them)",
        "Second observer (where the school has one in post)",
        "Hours taught (in the autumn and spring terms)",
        "Reviewer (the head of the department or faculty)",
    ],
)
@pytest.mark.parametrize("end", ["", ":"])
def test_words_in_brackets_that_narrow_a_label_are_part_of_it(label: str, end: str) -> None:
    form = form_of(p("Record", style="Title"), table([f"{label}{end}", ""]))
    (field,) = form.sections[0].fields
    assert (field.label, field.hint) == (label, None)


@pytest.mark.parametrize(
    "hint",
    [
        "please write no more than a page",
        "tick one",
        "include the dates of all meetings",
        "e.g. a course, a visit or coaching",
        "what you have done since your last review",
    ],
)
def test_words_in_brackets_that_say_what_to_do_are_a_hint(hint: str) -> None:
    form = form_of(p("Record", style="Title"), table([f"Training taken ({hint})", ""]))
    (field,) = form.sections[0].fields
    assert (field.label, field.hint) == ("Training taken", hint)


@pytest.mark.parametrize("first", ["1", "1.", "(a)", "i)", "Action 1", cell(p("", list_id=3))])
def test_one_row_that_is_counted_asks_all_its_columns(first: str) -> None:
    header = ["Action", "By whom", "By when"]
    found = read(p("Plan", style="Title"), table(header, [first, "", ""]))
    assert not found.is_filled
    assert found.form is not None
    assert asked(found.form) == [("Action", "multiline"), ("By whom", "text"), ("By when", "date")]
    assert not any("answer" in one.why for one in found.left_out)


@pytest.mark.parametrize(
    "line",
    [
        "Signature of reviewer:Date signed:E-mail address:",
        "Signature of reviewer: Date signed: E-mail address:",
        "Signature of reviewer:\tDate signed:\tE-mail address:\t",
        "Signature of reviewer\tDate signed\tE-mail address\t",
        "Signature of reviewer:     Date signed:     E-mail address:",
    ],
)
def test_labels_whose_lines_to_write_on_were_lost(line: str) -> None:
    form = form_of(p("Record", style="Title"), p("Sign-off", style="Heading1"), p(line))
    assert asked(form) == [
        ("Signature of reviewer", "signature"),
        ("Date signed", "date"),
        ("E-mail address", "email"),
    ]


@pytest.mark.parametrize("lone", ["☐", "☐ ", " ☐", "☐:", "☐\t"])
def test_a_box_without_words_adds_no_option(lone: str) -> None:
    form = form_of(p("Leave", style="Title"), p("Kind:"), p("☐ Paid   ☐ Unpaid"), p(lone))
    (field,) = form.sections[0].fields
    assert field.options == ("Paid", "Unpaid")
