"""What is in a returned Word form beside its answers: words, objects, copies, what was deleted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from formulary.formats.word.content import DocumentContent
from formulary.formats.word.form import write_blank
from formulary.formats.word.ooxml import NAMESPACES, WORD, Element, w
from formulary.formats.word.prefill import prepare
from formulary.returns.submission import Submission
from tests.formats.word.samples import HOUSE, blank, controls, part, read
from tests.formats.word.test_reader import VALUES, edited, names_of

DOCUMENT = "word/document.xml"
WORDS = "Ann wrote this here"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)

Change = Callable[[Element], None]


@pytest.fixture(scope="module")
def filled() -> bytes:
    return prepare(write_blank(blank(), HOUSE), blank()).fill(VALUES, "P7")


def made(xml: str) -> Element:
    """An element from its XML, whose names are those of `SPACES`."""
    return etree.fromstring(f"<x {SPACES}>{xml}</x>")[0]


def paragraph(words: str = WORDS) -> Element:
    return made(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")


def changed(data: bytes, change: Change, name: str = DOCUMENT) -> bytes:
    def edit(text: str) -> str:
        root = etree.fromstring(text.encode())
        change(root)
        return etree.tostring(root, encoding="unicode")

    return edited(data, edit, name)


def read_changed(data: bytes, change: Change, name: str = DOCUMENT) -> Submission:
    found = read(changed(data, change, name), blank())
    given = {id: answer.value for id, answer in found.answers.items() if answer.value}
    assert given == {
        id: answer.value for id, answer in read(data, blank()).answers.items() if answer.value
    }
    return found


def control_of(root: Element, id: str) -> Element:
    return controls(root)[id]


def around(node: Element, name: str) -> Element:
    return next(node.iterancestors(w(name)))


def row_of(*cells: str, span: int = 0) -> Element:
    properties = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span else ""
    body = "".join(
        f"<w:tc>{properties}<w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>" for words in cells
    )
    return made(f"<w:tr>{body}</w:tr>")


def text_box(words: str) -> str:
    box = f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:txbx>'
        f"{box}</wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
        f"<v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def above_in_cell(root: Element) -> None:
    around(control_of(root, "objectives_2_objective"), "p").addprevious(paragraph())


def below_in_cell(root: Element) -> None:
    around(control_of(root, "objectives_2_objective"), "p").addnext(paragraph())


def after_in_paragraph(root: Element) -> None:
    around(control_of(root, "objectives_2_objective"), "p").append(paragraph()[0])


def nested_table(root: Element) -> None:
    cell = around(control_of(root, "objectives_2_objective"), "tc")
    table = made("<w:tbl/>")
    table.append(row_of(WORDS))
    cell.insert(len(cell) - 1, table)


def text_box_in_cell(root: Element) -> None:
    around(control_of(root, "objectives_2_objective"), "p").append(made(text_box(WORDS)))


BESIDE: dict[str, Change] = {
    "above the field in its cell": above_in_cell,
    "below the field in its cell": below_in_cell,
    "in the field's paragraph": after_in_paragraph,
    "in a table in the field's cell": nested_table,
    "in a text box in the field's cell": text_box_in_cell,
}


@pytest.mark.parametrize("place", BESIDE)
def test_words_in_the_cell_of_a_field_are_beside_it(filled: bytes, place: str) -> None:
    found = read_changed(filled, BESIDE[place])
    assert found.answers["objectives_2_objective"].beside == WORDS
    assert found.unknown == {}
    assert found.remarks == ()


def label_of(root: Element, id: str) -> Element:
    """The cell of a label, which is in the row above the answer."""
    row = around(control_of(root, id), "tr").getprevious()
    return next(row.iter(w("tc")))


def in_label(root: Element) -> None:
    label = label_of(root, "pay")
    label.find(f".//{w('p')}").append(paragraph()[0])


def second_paragraph_of_label(root: Element) -> None:
    label = label_of(root, "pay")
    label.append(paragraph())


def in_number_cell(root: Element) -> None:
    row = around(control_of(root, "objectives_2_objective"), "tr")
    next(row.iter(w("p"))).append(paragraph(f" {WORDS}")[0])


def in_heading_row(root: Element) -> None:
    row = around(control_of(root, "objectives_2_objective"), "tbl").find(w("tr"))
    next(row.iter(w("p"))).append(paragraph(f" {WORDS}")[0])


def merged_row(root: Element) -> None:
    around(control_of(root, "objectives_2_objective"), "tr").addnext(row_of(WORDS, span=3))


def row_above_the_first(root: Element) -> None:
    row = around(control_of(root, "objectives_1_objective"), "tr")
    row.addprevious(row_of("0", WORDS, "measured"))


def row_in_control(root: Element) -> None:
    wrapped = made("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
    wrapped[1].append(row_of("3", WORDS, "measured"))
    around(control_of(root, "objectives_2_objective"), "tr").addnext(wrapped)


def under_the_table(root: Element) -> None:
    around(control_of(root, "objectives_2_objective"), "tbl").addnext(paragraph())


def end_of_document(root: Element) -> None:
    root[0][-1].addprevious(paragraph())


def start_of_document(root: Element) -> None:
    root[0].insert(0, paragraph())


def in_a_block_control(root: Element) -> None:
    wrapped = made("<w:sdt><w:sdtPr><w:id w:val='7'/></w:sdtPr><w:sdtContent/></w:sdt>")
    wrapped[1].append(paragraph())
    around(control_of(root, "objectives_2_objective"), "tbl").addnext(wrapped)


def inserted_with_tracking(root: Element) -> None:
    words = made(
        f'<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>{WORDS}</w:t></w:r></w:ins>'
        f'<w:moveTo w:id="2"><w:r><w:t> and this</w:t></w:r></w:moveTo></w:p>'
    )
    around(control_of(root, "objectives_2_objective"), "tbl").addnext(words)


def text_box_below(root: Element) -> None:
    box = made(f"<w:p>{text_box(WORDS)}</w:p>")
    around(control_of(root, "objectives_2_objective"), "tbl").addnext(box)


def old_text_box_below(root: Element) -> None:
    box = f"<w:txbxContent><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:txbxContent>"
    old = made(f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>")
    around(control_of(root, "objectives_2_objective"), "tbl").addnext(old)


def link_by_a_field(root: Element) -> None:
    link = made(
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "a" '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>'
        f'{WORDS}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    around(control_of(root, "objectives_2_objective"), "tbl").addnext(link)


def old_form_field(root: Element) -> None:
    typed = made(
        f'<w:p><w:fldSimple w:instr=" FORMTEXT "><w:r><w:t>{WORDS}</w:t></w:r></w:fldSimple></w:p>'
    )
    around(control_of(root, "objectives_2_objective"), "tbl").addnext(typed)


def new_column(root: Element) -> None:
    row = around(control_of(root, "objectives_2_objective"), "tr")
    row.append(row_of(WORDS)[0])


ELSEWHERE: dict[str, tuple[Change, str]] = {
    "in a label": (in_label, "near “Pay”"),
    "in a second paragraph of a label": (second_paragraph_of_label, "near “Pay”"),
    "in a number cell": (in_number_cell, "near “Objective 2: Objective”"),
    "in a heading row": (in_heading_row, "near “Objective 1: Objective”"),
    "in a merged row": (merged_row, "a row that was added near “Objective 2: Measure”"),
    "in a row above the first": (
        row_above_the_first,
        "a row that was added near “Objective 1: Objective”",
    ),
    "in a row in a control": (row_in_control, "a row that was added near “Objective 2: Measure”"),
    "under a table": (under_the_table, "near “Objective 2: Measure”"),
    "as a link": (link_by_a_field, "near “Objective 2: Measure”"),
    "in an old form field": (old_form_field, "near “Objective 2: Measure”"),
    "in a new column": (new_column, "near “Objective 2: Measure”"),
    "at the end": (end_of_document, "near “Signed: date”"),
    "at the start": (start_of_document, "near “Name”"),
    "in a control around paragraphs": (in_a_block_control, "near “Objective 2: Measure”"),
    "inserted with tracking": (inserted_with_tracking, "near “Objective 2: Measure”"),
    "in a text box": (text_box_below, "near “Objective 2: Measure”"),
    "in a text box of Word 2003": (old_text_box_below, "near “Objective 2: Measure”"),
}


@pytest.mark.parametrize("place", ELSEWHERE)
def test_words_outside_of_the_fields_are_quoted_with_the_nearest_question(
    filled: bytes, place: str
) -> None:
    change, name = ELSEWHERE[place]
    found = read_changed(filled, change)
    assert list(found.unknown) == [name]
    assert found.unknown[name].count(WORDS) == 1
    assert found.altered == ()
    assert all(answer.beside == "" for answer in found.answers.values())


@pytest.mark.parametrize("place", ["word/header", "word/footer"])
def test_words_in_headers_and_footers_are_quoted(filled: bytes, place: str) -> None:
    name = next(name for name in names_of(filled) if name.startswith(place))
    found = read_changed(filled, lambda root: root.append(paragraph()), name)
    assert found.unknown == {"in the header or footer": WORDS}


def test_other_page_numbers_in_a_footer_are_no_words(filled: bytes) -> None:
    name = next(name for name in names_of(filled) if name.startswith("word/footer"))

    def renumbered(root: Element) -> None:
        for node in root.iter(w("t")):
            if (node.text or "").isdigit():
                node.text = "12"

    assert read_changed(filled, renumbered, name).unknown == {}


def test_only_what_was_added_to_a_printed_line_is_quoted(filled: bytes) -> None:
    def added(root: Element) -> None:
        label = label_of(root, "pay")
        words = next(label.iter(w("t")))
        words.text = f"{words.text}: not before May"

    assert read_changed(filled, added).unknown == {"near “Pay”": "Pay: not before May (£)"}


def test_a_line_that_was_changed_since_is_told_from_words_that_were_typed(filled: bytes) -> None:
    def reworded(root: Element) -> None:
        for node in root.iter(w("t")):
            if node.text == "A worked example.":
                node.text = "Another worked example."

    found = read_changed(filled, reworded)
    assert found.unknown == {}
    (remark,) = found.remarks
    assert "“Another worked example.”" in remark


def test_a_pasted_document_is_quoted_in_one_place(filled: bytes) -> None:
    def pasted(root: Element) -> None:
        for number in range(300):
            root[0][-1].addprevious(paragraph(f"Line {number} of the minutes."))

    found = read_changed(filled, pasted)
    (words,) = found.unknown.values()
    assert words.splitlines()[::299] == ["Line 0 of the minutes.", "Line 299 of the minutes."]


PICTURE = "<w:r><w:drawing><wp:inline><a:blip/></wp:inline></w:drawing></w:r>"
INK = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wpi"><w:drawing><wp:anchor>'
    '<w14:contentPart xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"/>'
    "</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:imagedata/></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)
LINE = "<w:r><w:pict><v:shape><o:signatureline/></v:shape></w:pict></w:r>"
OBJECTS = {
    "a picture": (PICTURE, "Something is drawn over “Signed”: a picture."),
    "a picture of Word 2003": (
        "<w:r><w:pict><v:imagedata/></w:pict></w:r>",
        "Something is drawn over “Signed”: a picture.",
    ),
    "two pictures": (PICTURE * 2, "Something is drawn over “Signed”: a picture (2 times)."),
    "ink": (INK, "Something is drawn over “Signed”: ink."),
    "a signature line": (LINE, "Something is drawn over “Signed”: a signature line."),
    "an object": (
        "<w:r><w:object/></w:r>",
        "Something is drawn over “Signed”: an object of another program.",
    ),
    "a footnote": (
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
        "There is a footnote at “Signed”. It is not read.",
    ),
    "an endnote": (
        '<w:r><w:endnoteReference w:id="2"/></w:r>',
        "There is an endnote at “Signed”. It is not read.",
    ),
    "a comment": (
        '<w:r><w:commentReference w:id="2"/></w:r>',
        "There is a comment at “Signed”. It is not read.",
    ),
}


@pytest.mark.parametrize("kind", OBJECTS)
@pytest.mark.parametrize("inside", [True, False])
def test_what_is_no_text_is_remarked_with_its_question(
    filled: bytes, kind: str, inside: bool
) -> None:
    xml, remark = OBJECTS[kind]

    def put_in(root: Element) -> None:
        control = control_of(root, "signed")
        place = control.find(w("sdtContent")) if inside else control.getparent()
        for node in made(f"<w:p>{xml}</w:p>"):
            place.append(node)

    assert read_changed(filled, put_in).remarks == (remark,)


def test_a_document_put_into_the_form_is_remarked(filled: bytes) -> None:
    found = read_changed(filled, lambda root: root[0].insert(0, made("<w:altChunk/>")))
    assert found.remarks == ("There is another document at “Name”. It is not read.",)


def test_a_picture_in_a_header_is_remarked(filled: bytes) -> None:
    name = next(name for name in names_of(filled) if name.startswith("word/header"))
    found = read_changed(filled, lambda root: root.append(made(f"<w:p>{PICTURE}</w:p>")), name)
    assert found.remarks == ("Something is drawn over the header or footer: a picture.",)


# copies


def test_the_answers_of_a_copied_row_are_kept(filled: bytes) -> None:
    def copied(root: Element) -> None:
        row = around(control_of(root, "objectives_1_objective"), "tr")
        text = etree.tostring(row, encoding="unicode").replace("Read more.", "Run more.")
        for mark in row.iter(w("bookmarkStart")):
            text = text.replace(f'w:name="{mark.get(w("name"))}"', 'w:name="_copy"')
        row.addprevious(etree.fromstring(text))

    found = read_changed(filled, copied)
    assert found.unknown == {
        "a row that was added: Objective 1: Objective": "Run more.\nWrite more."
    }
    assert found.remarks == ("“Objective 1: Objective” is there twice, with different answers.",)


def test_a_field_copied_over_another_is_kept(filled: bytes) -> None:
    def copied(root: Element) -> None:
        first = control_of(root, "objectives_1_objective")
        text = etree.tostring(first, encoding="unicode").replace("Read more.", "Run more.")
        other = control_of(root, "objectives_2_objective")
        place = other.getparent()
        for mark in place.findall(w("bookmarkStart")):
            place.remove(mark)
        place.replace(other, etree.fromstring(text))

    found = read(changed(filled, copied), blank())
    assert found.value("objectives_1_objective") == "Read more.\nWrite more."
    assert found.answers["objectives_2_objective"].state == "lost"
    assert list(found.unknown.values()) == ["Run more.\nWrite more."]


def beside(root: Element, id: str, *answers: str) -> None:
    """Put controls beside one, of its title and without a tag, as LibreOffice 7.4 saves them."""
    first = control_of(root, id)
    title = next(first.iter(w("alias"))).get(w("val"))
    for words in answers:
        runs = "".join(f"<w:t>{line}</w:t>" for line in words.split("\n"))
        first.addnext(
            made(
                f'<w:sdt><w:sdtPr><w:alias w:val="{title}"/><w:text/></w:sdtPr><w:sdtContent>'
                f"<w:r>{runs}</w:r></w:sdtContent></w:sdt>"
            )
        )
    for tag in list(root.iter(w("tag"))):
        tag.getparent().remove(tag)


WHOLE = "Łucja &amp; &lt;Ó&gt;"


@pytest.mark.parametrize(
    ("id", "repeats"),
    [
        ("reviewee", [WHOLE]),
        ("reviewee", [WHOLE, f"&lt;Ó&gt;\n{WHOLE}", f" &amp; \n{WHOLE}"]),
        ("pay", ["000.50\n45,000.50", "45,000.50"]),
        ("notes", ["Three\nOne\tand a half\n\n  Three", "One\tand a half\n\n  Three"]),
        ("objectives_1_objective", ["more.\nWrite \nRead more.\nWrite more."]),
    ],
)
def test_an_answer_that_libreoffice_repeats_is_one_answer(
    filled: bytes, id: str, repeats: list[str]
) -> None:
    found = read_changed(filled, lambda root: beside(root, id, *repeats))
    assert (found.unknown, found.remarks, found.altered) == ({}, (), ())


@pytest.mark.parametrize("copy", ["50,000", "000.50", "45,000.50 a year", "More\n45,000.50"])
def test_another_answer_beside_the_first_is_kept(filled: bytes, copy: str) -> None:
    found = read_changed(filled, lambda root: beside(root, "pay", copy))
    assert found.unknown == {"a field that was copied: Pay": copy}
    assert found.remarks == ("“Pay” is there twice, with different answers.",)


# what does not count


def test_a_row_that_was_deleted_with_tracking_counts_for_nothing(filled: bytes) -> None:
    def deleted(root: Element) -> None:
        row = around(control_of(root, "objectives_1_objective"), "tr")
        row.find(w("trPr")).append(made('<w:del w:id="9" w:author="x"/>'))

    found = read(changed(filled, deleted), blank())
    assert found.value("objectives_1_objective") == ""
    assert found.answers["objectives_1_objective"].state == "blank"
    assert any("tracked" in remark for remark in found.remarks)
    assert found.unknown == {}


def test_a_cell_that_was_deleted_with_tracking_counts_for_nothing(filled: bytes) -> None:
    def deleted(root: Element) -> None:
        cell = around(control_of(root, "standards_1_met"), "tc")
        cell.find(w("tcPr")).append(made('<w:cellDel w:id="9" w:author="x"/>'))

    found = read(changed(filled, deleted), blank())
    assert found.value("standards_1_met") == ""
    assert any("tracked" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("<w:strike/>", "struck out"),
        ('<w:dstrike w:val="1"/>', "struck out"),
        ("<w:vanish/>", "hidden"),
    ],
)
def test_hidden_and_struck_out_words_do_not_count_and_are_quoted(
    filled: bytes, mark: str, said: str
) -> None:
    def marked(root: Element) -> None:
        content = control_of(root, "pay").find(w("sdtContent"))
        content.append(made(f"<w:r><w:rPr>{mark}</w:rPr><w:t> or 46,000</w:t></w:r>"))

    (remark,) = read_changed(filled, marked).remarks
    assert remark == f"Text at “Pay” is {said}, and does not count: “or 46,000”."


STYLES = (
    '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Child"><w:basedOn w:val="Gone"/></w:style>'
    '<w:style w:type="character" w:styleId="Back"><w:basedOn w:val="Gone"/>'
    '<w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="GoneLine"><w:rPr><w:vanish w:val="1"/></w:rPr>'
    "</w:style>"
    '<w:style w:type="paragraph" w:styleId="Round"><w:basedOn w:val="Round"/></w:style></w:styles>'
)


@pytest.mark.parametrize(
    ("line", "run", "is_hidden"),
    [
        ("", '<w:rStyle w:val="Gone"/>', True),
        ("", '<w:rStyle w:val="Child"/>', True),
        ("", '<w:rStyle w:val="Back"/>', False),
        ("", '<w:rStyle w:val="Gone"/><w:vanish w:val="false"/>', False),
        ("GoneLine", "", True),
        ("GoneLine", '<w:rStyle w:val="Gone"/>', False),
        ("Round", "", False),
    ],
)
def test_words_that_a_style_hides_do_not_count_and_are_quoted(
    filled: bytes, line: str, run: str, is_hidden: bool
) -> None:
    def styled(root: Element) -> None:
        words = f"<w:r><w:rPr>{run}</w:rPr><w:t>Never mind</w:t></w:r>"
        style = f'<w:pPr><w:pStyle w:val="{line}"/></w:pPr>'
        cell = around(control_of(root, "pay"), "tc")
        cell.append(made(f"<w:p>{style}{words}</w:p>"))

    data = edited(filled, lambda text: text.replace("</w:styles>", STYLES), "word/styles.xml")
    found = read_changed(data, styled)
    assert found.answers["pay"].beside == ("" if is_hidden else "Never mind")
    said = "Text at “Pay” is hidden, and does not count: “Never mind”."
    assert found.remarks == ((said,) if is_hidden else ())


def test_words_that_are_marked_as_not_struck_out_count(filled: bytes) -> None:
    def marked(root: Element) -> None:
        run = next(control_of(root, "pay").find(w("sdtContent")).iter(w("r")))
        run.insert(0, made('<w:rPr><w:strike w:val="false"/><w:vanish w:val="0"/></w:rPr>'))

    assert read_changed(filled, marked).remarks == ()


# letters


def put_into_pay(filled: bytes, xml: str) -> Submission:
    def put(root: Element) -> None:
        content = control_of(root, "pay").find(w("sdtContent"))
        for child in list(content):
            content.remove(child)
        for node in made(f"<w:p>{xml}</w:p>"):
            content.append(node)

    return read(changed(filled, put), blank())


def run(xml: str) -> str:
    return f"<w:r>{xml}</w:r>"


def sym(font: str, code: str) -> str:
    return run(f'<w:sym w:font="{font}" w:char="{code}"/>')


def maths(xml: str) -> str:
    return f"{run('<w:t>by </w:t>')}<m:oMath>{xml}</m:oMath>{run('<w:t> more</w:t>')}"


def number(words: str) -> str:
    return f"<m:r><m:t>{words}</m:t></m:r>"


IN_LETTERS = {
    "at least": (sym("Symbol", "F0B3"), "≥"),
    "at most, short code": (sym("Symbol", "A3"), "≤"),
    "an arrow of Symbol": (sym("Symbol", "F0AE"), "→"),
    "the arrow that Word makes": (sym("Wingdings", "F0E0"), "→"),
    "the smile that Word makes": (sym("Wingdings", "F04A"), "☺"),
    "a frown": (sym("Wingdings", "F04C"), "☹"),
    "a tick": (sym("Wingdings", "F0FC"), "✓"),
    "a tick of Wingdings 2": (sym("Wingdings 2", "F050"), "✓"),
    "a Greek letter": (sym("Symbol", "F061"), "α"),
    "a letter of a plain font": (sym("Arial", "2192"), "→"),
    "a letter typed in Symbol": (
        run('<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr><w:t>\uf0b3 5</w:t>'),
        "≥ 5",
    ),
    "a fraction": (
        maths(f"<m:f><m:num>{number('3')}</m:num><m:den>{number('4')}</m:den></m:f>"),
        "by 3/4 more",
    ),
    "a typed fraction": (maths(number("3/4")), "by 3/4 more"),
    "a fraction of sums": (
        maths(f"<m:f><m:num>{number('a+b')}</m:num><m:den>{number('2')}</m:den></m:f>"),
        "by (a+b)/2 more",
    ),
    "a square": (
        maths(f"<m:sSup><m:e>{number('m')}</m:e><m:sup>{number('2')}</m:sup></m:sSup>"),
        "by m² more",
    ),
    "a power": (
        maths(f"<m:sSup><m:e>{number('x')}</m:e><m:sup>{number('ab')}</m:sup></m:sSup>"),
        "by x^ab more",
    ),
    "an equation of its own": (
        f"<m:oMathPara><m:oMath>{number('x=2')}</m:oMath></m:oMathPara>",
        "x=2",
    ),
    "a root": (maths(f"<m:rad><m:deg/><m:e>{number('2')}</m:e></m:rad>"), "by √2 more"),
    "a reading aid": (
        "<w:r><w:ruby><w:rt><w:r><w:t>toukyou</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t>"
        "</w:r></w:rubyBase></w:ruby></w:r>",
        "東京",
    ),
    "a comment's anchor in a word": (
        run("<w:t>twen</w:t><w:annotationRef/><w:t>ty</w:t>"),
        "twenty",
    ),
    "an XML comment in a word": (run("<w:t>twen<!-- x -->ty</w:t>"), "twenty"),
    "an instruction in a word": (run("<w:t>twen<?x y?>ty</w:t>"), "twenty"),
    "a text box once": (text_box("Lead maths"), "\nLead maths"),
    "a text box without words": (
        run(
            "<mc:AlternateContent><mc:Choice/><mc:Fallback><w:t>:)</w:t></mc:Fallback>"
            "</mc:AlternateContent>"
        ),
        ":)",
    ),
    "a tracked move": (
        f'<w:moveFrom w:id="1">{run("<w:t>old</w:t>")}</w:moveFrom>'
        f'<w:moveTo w:id="2">{run("<w:t>new</w:t>")}</w:moveTo>',
        "new",
    ),
}


@pytest.mark.parametrize("kind", IN_LETTERS)
def test_what_word_shows_as_letters_is_read_as_letters(filled: bytes, kind: str) -> None:
    xml, value = IN_LETTERS[kind]
    found = put_into_pay(filled, xml)
    assert found.value("pay") == value.strip()
    assert not any("no letter" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    "xml",
    [
        sym("Wingdings 3", "F022"),
        sym("Wingdings", "F0C4"),
        sym("Symbol", "x"),
        maths("<m:nary><m:e/></m:nary>"),
        maths("<m:m><m:mr/></m:m>"),
    ],
)
def test_what_no_letter_shows_is_a_box_with_a_remark(filled: bytes, xml: str) -> None:
    found = put_into_pay(filled, xml)
    assert "□" in found.value("pay")
    assert found.remarks == ("A symbol or an equation at “Pay” has no letter: □ is in its place.",)


# dates


@pytest.mark.parametrize(
    ("shown", "stored", "value", "remarks"),
    [
        ("2/1/2027", "2027-02-01", "02/01/2027", 1),
        ("01/02/2027", "2027-02-01", "01/02/2027", 0),
        ("1 February 2027", "2027-02-01", "01/02/2027", 0),
        ("10/31/2026", "2026-10-31", "31/10/2026", 0),
        ("10-31-2026", "2026-10-31", "31/10/2026", 0),
        ("31/10/2026", "2026-10-30", "31/10/2026", 1),
        ("next Tuesday", "2026-10-30", "next Tuesday", 1),
        ("31/10/2026", "nonsense", "31/10/2026", 0),
    ],
)
def test_a_date_that_is_shown_and_one_that_is_stored(
    filled: bytes, shown: str, stored: str, value: str, remarks: int
) -> None:
    def dated(root: Element) -> None:
        control = control_of(root, "cycle_to")
        control.find("w:sdtPr/w:date", NAMESPACES).set(w("fullDate"), f"{stored}T00:00:00Z")
        next(control.iter(w("t"))).text = shown

    found = read(changed(filled, dated), blank())
    assert found.value("cycle_to") == value
    assert len(found.remarks) == remarks
    if remarks:
        day = "/".join(reversed(stored.split("-")))
        assert shown in found.remarks[0]
        assert day in found.remarks[0]


# lines that LibreOffice 7.4 joins


def moved_lines(filled: bytes, words: str, count: int, *, inside: bool) -> Submission:
    def moved(root: Element) -> None:
        control = control_of(root, "notes")
        content = control.find(w("sdtContent"))
        for child in list(content):
            content.remove(child)
        ends = made(f"<w:r>{'<w:br/>' * count}</w:r>")
        if inside:
            content.append(ends)
        else:
            control.addprevious(ends)
        content.append(made(f"<w:r><w:t>{words}</w:t></w:r>"))

    return read(changed(filled, moved), blank())


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    ("words", "count", "value"),
    [
        ("One, plain.Two: £1,234.50.Three.", 2, "One, plain.\nTwo: £1,234.50.\nThree."),
        ("Τρίτη.Четвёртый: yes", 1, "Τρίτη.\nЧетвёртый: yes"),
        ("Comment 1Comment 2", 1, "Comment 1\nComment 2"),
        ("first lineSecond line", 1, "first line\nSecond line"),
        ("One.Two, after an empty line.", 2, "One.\nTwo, after an empty line."),
        ("one two three", 2, "one two three"),
        ("See e.g.this.And that.And so on.", 2, "See e.g.this.And that.And so on."),
    ],
)
def test_lines_that_libreoffice_has_joined_are_parted_or_remarked(
    filled: bytes, words: str, count: int, value: str, inside: bool
) -> None:
    found = moved_lines(filled, words, count, inside=inside)
    assert found.value("notes") == value
    (remark,) = found.remarks
    assert remark.startswith("The lines of “Notes” were joined")
    assert ("split" in remark) == ("\n" in value)
    assert found.answers["notes"].beside == ""


@pytest.mark.parametrize("inside", [True, False])
def test_lines_that_are_where_they_were_typed_are_left(filled: bytes, inside: bool) -> None:
    words = "One.</w:t><w:br/><w:t>Two.Three"
    assert moved_lines(filled, words, 1, inside=inside).remarks == ()


@pytest.mark.parametrize(
    ("words", "count", "value"),
    [
        ("One, plain.Two: £1,234.50.Three.", 2, "One, plain.\nTwo: £1,234.50.\nThree."),
        ("McDonald", 1, "McDonald"),
    ],
)
def test_lines_joined_by_way_of_another_format_are_parted(
    filled: bytes, words: str, count: int, value: str
) -> None:
    """LibreOffice leaves the bookmark, and no control, of a form that was an .odt meanwhile."""

    def bare(root: Element) -> None:
        control = control_of(root, "notes")
        control.addprevious(made(f"<w:r>{'<w:br/>' * count}<w:t>{words}</w:t></w:r>"))
        control.getparent().remove(control)

    found = read(changed(filled, bare), blank())
    assert found.value("notes") == value
    assert len([one for one in found.remarks if "were joined" in one]) == ("\n" in value)


def test_an_empty_line_before_an_answer_is_no_joined_line(filled: bytes) -> None:
    assert moved_lines(filled, "All well.", 1, inside=True).remarks == ()


def test_one_pass_reads_the_words_of_a_control_in_a_control_once(filled: bytes) -> None:
    body = part(filled, DOCUMENT)
    content = DocumentContent(body)
    words = [control.words for control in content.controls if "notes" in control.tags]
    assert words == [VALUES["notes"]]


# an organisation's own document


@pytest.fixture
def own_house(tmp_path: Path) -> Path:
    """A folder of house documents, beside which the form is the organisation's own document.

    That has words, a picture, a page number and a control which belong to no question.
    """

    def without_tags(root: Element) -> None:
        for node in root.iter(w("t")):
            node.text = (node.text or "").replace("{", "(")  # it is no template

    def add_own(root: Element) -> None:
        without_tags(root)
        root[0].insert(0, paragraph("Our own words, said by Ann wrote this here too."))
        root[0].insert(1, made(f"<w:p>{PICTURE.replace('<a:blip/>', '')}</w:p>"))
        field = (
            '<w:fldSimple w:instr="DATE"><w:r><w:t>1 May</w:t></w:r></w:fldSimple>'
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>p. 1</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        root[0].insert(2, made(f"<w:p><w:r><w:t>Printed on </w:t></w:r>{field}</w:p>"))
        loose = (
            '<w:p><w:sdt><w:sdtPr><w:tag w:val="logo_words"/></w:sdtPr><w:sdtContent><w:r><w:t>'
            "In our care</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        )
        root[0].insert(3, made(loose))

    house = tmp_path / "house"
    shutil.copytree(HOUSE, house)
    written = changed(write_blank(blank(), HOUSE), add_own)
    for name in names_of(written):
        if name.startswith("word/header"):
            written = changed(written, without_tags, name)
    (tmp_path / "review.docx").write_bytes(written)
    return house


def test_words_and_pictures_of_an_own_document_are_not_quoted(own_house: Path) -> None:
    filled = prepare(write_blank(blank(), own_house), blank()).fill(VALUES, "P7")

    def as_printed_later(root: Element) -> None:
        for node in root.iter(w("t")):
            node.text = {"1 May": "12 June", "p. 1": "p. 7"}.get(node.text, node.text)

    for data in (filled, changed(filled, as_printed_later)):
        found = read(data, blank(), own_house)
        assert (found.unknown, found.remarks) == ({}, ())
        assert [id for id, answer in found.answers.items() if answer.beside] == []
    typed = read(changed(filled, under_the_table), blank(), own_house)
    assert typed.unknown == {"near “Objective 2: Measure”": WORDS}


def test_where_the_blank_cannot_be_written_it_is_said_that_nothing_was_compared(
    filled: bytes, tmp_path: Path
) -> None:
    found = read(filled, blank(), tmp_path)
    assert found.value("pay") == VALUES["pay"]
    (remark,) = found.remarks
    assert "not looked at" in remark
