"""Documents in the habits of offices: what is a heading, and of which level; what is layout."""

from __future__ import annotations

import pytest

from formulary.imports.policy import ImportedPolicy, import_policy
from tests.imports.documents import STYLES, cell, docx, p, run, table

TEXT = "Everyone should read this policy and follow what it says at work each day."


def bring_in(*body: str) -> ImportedPolicy:
    imported = import_policy(docx(p("Leave Policy", bold=True, size=36), *body), "a.docx", "Oak")
    assert imported.problems == ()
    assert not imported.words.missing
    assert imported.differences == ()
    return imported


def outline(imported: ImportedPolicy) -> list[str]:
    """Titles of sections, and those of clauses behind a hyphen, with their printed numbers."""
    found: list[str] = []
    for section in imported.draft.sections:
        title = section.title.words if section.title else section.invented_title
        found.append(f"{section.label.printed} {title}".strip())
        for clause in section.clauses:
            words = clause.title.words if clause.title else ""
            if words or clause.label.printed:
                found.append(f"- {f'{clause.label.printed} {words}'.strip()}")
    return found


def bold(words: str) -> str:
    return p(words, bold=True)


DOCUMENTS: dict[str, tuple[list[str], list[str]]] = {
    "the label of an article above its title": (
        [bold("ARTICLE I"), bold("NAME"), p(TEXT), bold("ARTICLE II"), bold("MEMBERS"),
         bold("Section 1. Who may join"), p(TEXT), bold("Section 2. How to leave"), p(TEXT),
         bold("ARTICLE III"), bold("MEETINGS"), p(TEXT)],
        ["ARTICLE I NAME", "ARTICLE II MEMBERS", "- Section 1. Who may join",
         "- Section 2. How to leave", "ARTICLE III MEETINGS"],
    ),
    "headings beside their text in one table": (
        [table(["Purpose", TEXT], ["Scope", f"{TEXT} {TEXT}"],
               ["Leave", cell(p(TEXT), p("one week", list_id=1))])],
        ["Purpose", "Scope", "Leave"],
    ),
    "numbers beside their text in one table": (
        [table(["1.", "Purpose"], ["1.1", TEXT], ["1.2", TEXT], ["2.", "Scope"], ["2.1", TEXT])],
        ["1. Purpose", "- 1.1", "- 1.2", "2. Scope", "- 2.1"],
    ),
    "a sign-off": (
        [bold("1. Purpose"), p(f"1.1 {TEXT}"), p(f"1.2 {TEXT}"), bold("2. Leave"),
         p(f"2.1 {TEXT}"), bold(f"Signed: {'_' * 12}"), bold("Chair of Governors")],
        ["1. Purpose", "- 1.1", "- 1.2", "2. Leave", "- 2.1"],
    ),
    "the head of columns that tabs part": (
        [bold("1. Purpose"), p(f"1.1 {TEXT}"), p(f"1.2 {TEXT}"), bold("2. Leave"),
         p("2.1 It grows so:"), bold("Years of service\tDays"), p("0 to 2\t20"), p(f"2.2 {TEXT}")],
        ["1. Purpose", "- 1.1", "- 1.2", "2. Leave", "- 2.1", "- 2.2"],
    ),
    "bold titles with a colon above bullets, and lead-ins that are none": (
        [bold("Duties of the headteacher:"), p("approves leave", list_id=1),
         bold("Duties of staff:"), p("ask in time", list_id=1), bold("They must also:"),
         p("return in time", list_id=1)],
        ["Duties of the headteacher:", "Duties of staff:"],
    ),
    "capitals above other bold titles": (
        [bold("PURPOSE"), p(TEXT), bold("Aims"), p(TEXT), bold("Values"), p(TEXT), bold("PAY"),
         p(TEXT), bold("Staff"), p(TEXT), bold("Volunteers"), p(TEXT), bold("PROCESS"), p(TEXT)],
        ["PURPOSE", "- Aims", "- Values", "PAY", "- Staff", "- Volunteers", "PROCESS"],
    ),
    "short lines with a number and no look": (
        [p("1. Purpose"), p(TEXT), p("2. Scope"), p(TEXT), p("3. Kinds of leave"), p(TEXT)],
        ["1. Purpose", "2. Scope", "3. Kinds of leave"],
    ),
    "numbered titles, and others without a number between them": (
        [bold("1. Purpose"), p(TEXT), bold("2. Stages"), bold("Informal"), p(TEXT), bold("Formal"),
         p(TEXT), bold("3. Appeals"), p(TEXT)],
        ["1. Purpose", "2. Stages", "- Informal", "- Formal", "3. Appeals"],
    ),
    "sections counted as 1.0": (
        [bold("1.0\tPurpose"), p(f"1.1\t{TEXT}"), bold("2.0\tScope"), p(f"2.1\t{TEXT}"),
         p(f"2.2\t{TEXT}")],
        ["1.0 Purpose", "- 1.1", "2.0 Scope", "- 2.1", "- 2.2"],
    ),
    "parts above sections that are numbered through": (
        [p("Part A: General", style="Heading1"), p("1. Purpose", style="Heading2"),
         p(f"1.1 {TEXT}"), p("2. Scope", style="Heading2"), p(f"2.1 {TEXT}"),
         p("Part B: Leave", style="Heading1"), p("3. Kinds", style="Heading2"),
         p(f"3.1 {TEXT}")],
        ["Part A: General", "1. Purpose", "- 1.1", "2. Scope", "- 2.1", "Part B: Leave", "3. Kinds",
         "- 3.1"],
    ),
    "a long title with a number": (
        [bold("1. What the trust expects of all leaders, managers and governors when they plan the "
              "year"), p(TEXT), bold("2. Scope"), p(TEXT)],
        ["1. What the trust expects of all leaders, managers and governors when they plan the year",
         "2. Scope"],
    ),
    "a style of headings used for text": (
        [p("1 Purpose", style="Heading1"), p(f"1.1 {TEXT}", style="Heading2"),
         p("1.2 Everyone gains.", style="Heading2"), p("2 Scope", style="Heading1"),
         p(f"2.1 {TEXT}", style="Heading2")],
        ["1 Purpose", "- 1.1", "- 1.2", "2 Scope", "- 2.1"],
    ),
    "appendices of a policy without numbers": (
        [p("Purpose", bold=True, size=28), p(TEXT), p("Scope", bold=True, size=28), p(TEXT),
         p("Appendix A: Letters", bold=True, size=28), p(TEXT)],
        ["Purpose", "Scope", "Appendix A: Letters"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_headings_and_numbers(name: str) -> None:
    body, wanted = DOCUMENTS[name]
    assert outline(bring_in(*body)) == wanted


def test_numbers_that_are_words_are_named_where_figures_are_printed() -> None:
    body = [p("Leave Policy", bold=True, size=36)]
    for number in ("One", "Two", "Three"):
        body += [bold(f"Section {number}: About it"), p(TEXT)]
    imported = import_policy(docx(*body), "a.docx", "Oak")
    assert [(one.in_document, one.printed) for one in imported.differences] == [
        ("Section One:", "Section 1"),
        ("Section Two:", "Section 2"),
        ("Section Three:", "Section 3"),
    ]


def test_a_letterhead_and_a_history_are_listed() -> None:
    imported = import_policy(
        docx(
            p("Oak Academy", bold=True, size=44), p("12 High Street"),
            p("Leave Policy", bold=True, size=36),
            table(["Version", "Date", "Changes"], ["1", "May 2020", "First"]),
            bold("1. Purpose"), p(TEXT), bold("2. Scope"), p(TEXT),
        ), "a.docx", "Oak",
    )  # fmt: skip
    assert outline(imported) == ["1. Purpose", "2. Scope"]
    left = {(one.what, one.words.replace("\n", " ")) for one in imported.document.left_out}
    assert left >= {
        ("cover", "Oak Academy"),
        ("cover", "12 High Street"),
        ("document history", "Version Date Changes 1 May 2020 First"),
    }


def test_bullets_written_with_the_letter_o() -> None:
    listed = [p("o  decides", indent=360), p("o\treports", indent=360)]
    body = [bold("Purpose"), p("The head:"), *listed]
    imported = bring_in(*body, bold("Scope"), p("Of course o is a letter."))
    assert imported.policy is not None
    points = imported.policy.sections[0].clauses[0].points
    assert [one.text for one in points] == ["decides", "reports"]
    assert imported.policy.sections[1].clauses[0].text == "Of course o is a letter."


def test_content_controls_of_google_docs_are_words_like_others() -> None:
    def wrap(inner: str, number: int) -> str:
        return (
            f'<w:sdt><w:sdtPr><w:lock w:val="contentLocked"/><w:tag w:val="goog_rdk_{number}"/>'
            f"</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
        )

    off = '<w:b w:val="0"/><w:rtl w:val="0"/>'
    rows = table(["Who", "When"], ["Heads", "In May"]).replace(cell("When"), wrap(cell("When"), 3))
    imported = bring_in(
        wrap(p("1. Purpose", style="Heading1"), 0),
        p(runs=f"{run('1.1 ', more=off)}{wrap(run(TEXT, more=off), 1)}"),
        wrap(p("2. Scope", style="Heading1"), 2),
        p(f"2.1 {TEXT}"),
        wrap(rows, 4),
    )
    assert outline(imported) == ["1. Purpose", "- 1.1", "2. Scope", "- 2.1"]
    assert imported.policy is not None
    held = imported.policy.sections[1].clauses[0].table
    assert held is not None
    assert (held.columns, held.rows) == (("Who", "When"), (("Heads", "In May"),))


@pytest.mark.parametrize("title", ["Heading", "heading 1", "Heading1", "heading1", "HEADING"])
def test_the_first_heading_of_pages_has_no_number_in_its_name(title: str) -> None:
    styles = STYLES.replace('w:val="heading 1"', f'w:val="{title}"')
    parts = {"word/styles.xml": styles.replace('<w:outlineLvl w:val="0"/>', "").replace(
        '<w:outlineLvl w:val="1"/>', "")}  # fmt: skip
    body = [p("Purpose", style="Heading1"), p("Aims", style="Heading2"), p(TEXT),
            p("Scope", style="Heading1"), p("Staff", style="Heading2"), p(TEXT)]  # fmt: skip
    imported = import_policy(docx(p("Leave Policy", style="Title"), *body, parts=parts), "a", "Oak")
    assert outline(imported) == ["Purpose", "- Aims", "Scope", "- Staff"]


@pytest.mark.parametrize(
    "label",
    ["Review date", "Next review:", "Date of next review", "Review due", "Next review date:"],
)
def test_the_last_row_of_a_cover_may_be_a_table_of_its_own(label: str) -> None:
    imported = bring_in(
        table(["Version", "2", "Approved by", "The board"]),
        table([label, "July 2026"]),
        p("Purpose", style="Heading1"),
        p(TEXT),
    )
    assert outline(imported) == ["Purpose"]
    assert imported.draft.cover.values["next-review"] == "July 2026"


_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def _symbol(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (f'<m:oMath xmlns:m="{_M}"><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r>'
         "<m:t>4</m:t></m:r></m:den></m:f></m:oMath>", "3/4"),
        (f'<m:oMathPara xmlns:m="{_M}"><m:oMath><m:rad><m:deg/><m:e><m:r><m:t>9</m:t></m:r></m:e>'
         "</m:rad></m:oMath></m:oMathPara>", "√9"),
        (_symbol("Wingdings", "F0FC"), "✓"),
        (_symbol("Symbol", "F061"), "α"),
        (_symbol("Symbol", "F0B3"), "≥"),
    ],
)  # fmt: skip
def test_equations_and_symbols_are_read_as_they_look(piece: str, words: str) -> None:
    body = p(runs=f"{run('Staff work ')}{piece}{run(' of the week.')}")
    imported = bring_in(p("Hours", style="Heading1"), body)
    assert imported.policy is not None
    assert imported.policy.sections[0].clauses[0].text == f"Staff work {words} of the week."
