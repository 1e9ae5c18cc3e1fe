"""Word forms that come back: what real programs and people do to them, and what is read of them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from formulary.formats.word.form import write_blank
from formulary.formats.word.ooxml import WORD, w
from formulary.formats.word.parts import MOST_PARTS
from formulary.formats.word.prefill import prepare
from formulary.returns.submission import Answer, CannotRead, Identity, Submission
from formulary.words import strip_unseen
from tests.formats.word.samples import HARD, HOUSE, STAMP, blank, read

VALUES = {
    "reviewee": "Łucja & <Ó>",
    "cycle_to": "31/08/2027",
    "level": "Blue",
    "notes": "One\tand a half\n\n  Three",
    "pay": "45,000.50",
    "objectives_1_objective": "Read more.\nWrite more.",
    "standards_1_met": "yes",
}
DOCUMENT = "word/document.xml"

Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def filled() -> bytes:
    return prepare(write_blank(blank(), HOUSE), blank()).fill(VALUES, "P7")


def edited(data: bytes, edit: Edit, part: str = DOCUMENT) -> bytes:
    """The file with one of its parts changed as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if name == part:
                changed = edit(body.decode())
                assert changed != body.decode()
                body = changed.encode()
            target.writestr(name, body)
    return out.getvalue()


def without(data: bytes, part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
    return out.getvalue()


def control(id: str) -> re.Pattern[str]:
    """The whole control of a question, as it stands in the text of the part."""
    return re.compile(rf'<w:sdt>(?:(?!<w:sdt>).)*?<w:tag w:val="{id}"/>.*?</w:sdt>', re.DOTALL)


def typed(id: str, words: str) -> Edit:
    """Change what the control of a question shows."""

    def edit(text: str) -> str:
        found = control(id).search(text)
        assert found
        body = re.sub(r"(<w:t[^>]*>)[^<]*(</w:t>)", rf"\g<1>{words}\g<2>", found[0], count=1)
        return text.replace(found[0], body.replace("<w:showingPlcHdr/>", ""))

    return edit


def identify(data: bytes) -> Identity:
    return read(data, blank()).identity


def code_of(data: bytes) -> str:
    with pytest.raises(CannotRead) as caught:
        read(data, blank())
    return caught.value.kind.code


def clean(found: Submission) -> bool:
    odd = [a for a in found.answers.values() if a.beside or a.state == "lost"]
    return not (odd or found.altered or found.unknown or found.remarks)


def test_a_filled_form_says_whose_it_is_and_what_it_answers(filled: bytes) -> None:
    identity = identify(filled)
    assert (identity.stamp, identity.person) == (STAMP, "P7")
    found = read(filled, blank())
    given = {id: answer.value for id, answer in found.answers.items() if answer.value}
    kept = {"cycle_from": "01/09/2026", "stage": HARD, "checked": "yes"}
    assert given == {**kept, **VALUES}
    assert found.answers["signed_date"] == Answer("blank")
    assert list(found.answers) == [question.id for question in blank().questions()]
    assert clean(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=80),
    st.lists(st.text("abc żó<&'\"", min_size=1), min_size=1, max_size=5),
)
def test_any_words_come_back_as_they_went_in(name: str, lines: list[str]) -> None:
    values = {"reviewee": name, "notes": "\n".join(lines)}
    data = READY.fill({id: words for id, words in values.items() if words.strip()}, "")
    found = read(data, blank())
    for id, words in values.items():
        if words.strip() and found.answers[id].value:
            assert found.answers[id].value == strip_unseen(words)
    assert clean(found)


READY = prepare(write_blank(blank(), HOUSE), blank())


def test_a_lost_place_is_told_from_a_blank_one(filled: bytes) -> None:
    def gone(text: str) -> str:
        text = control("pay").sub("", text)
        return re.sub(r'<w:bookmarkStart [^>]*w:name="pay"[^>]*/>', "", text)

    found = read(edited(filled, gone), blank())
    assert found.answers["pay"].state == "lost"
    assert found.answers["signed_date"].state == "blank"


def test_without_its_tag_an_answer_is_found_by_its_bookmark(filled: bytes) -> None:
    bare = edited(filled, lambda text: re.sub(r"<w:(tag|alias) [^>]*/>", "", text))
    found = read(bare, blank())
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert found.value("checked") == "yes"


def test_without_tag_and_bookmark_an_answer_is_found_by_its_title(filled: bytes) -> None:
    def bare(text: str) -> str:
        text = text.replace('<w:tag w:val="pay"/>', "")
        return re.sub(r'<w:bookmarkStart [^>]*w:name="pay"[^>]*/>', "", text)

    assert read(edited(filled, bare), blank()).value("pay") == "45,000.50"


def test_without_any_tag_answers_are_found_by_their_titles(filled: bytes) -> None:
    found = read(edited(filled, lambda text: re.sub(r"<w:tag [^>]*/>", "", text)), blank())
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert clean(found)


@pytest.mark.parametrize(
    "words",
    ["Type here", "Click or tap here to enter text.", "  ", "TYPE  HERE"],
)
def test_a_placeholder_is_no_answer(filled: bytes, words: str) -> None:
    assert read(edited(filled, typed("pay", words)), blank()).answers["pay"] == Answer("blank")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("31.8.2027", "31/08/2027"),
        ("31 August 2027", "31/08/2027"),
        ("2027-08-31", "31/08/2027"),
        ("13/13/2027", "13/13/2027"),
        ("next Tuesday", "next Tuesday"),
    ],
)
def test_a_date_is_read_however_it_is_written(filled: bytes, words: str, value: str) -> None:
    assert read(edited(filled, typed("cycle_to", words)), blank()).value("cycle_to") == value


def test_a_choice_in_other_capitals_is_that_choice(filled: bytes) -> None:
    assert read(edited(filled, typed("level", "bLUE ")), blank()).value("level") == "Blue"
    assert read(edited(filled, typed("level", "Purple")), blank()).value("level") == "Purple"


def test_what_is_typed_beside_a_control_is_told_apart(filled: bytes) -> None:
    found = control("pay").search(body_of(filled))
    assert found
    beside = f"{found[0]}<w:r><w:t>and a bonus</w:t></w:r>"
    answer = read(edited(filled, lambda text: text.replace(found[0], beside)), blank())
    assert answer.answers["pay"].value == "45,000.50"
    assert "and a bonus" in answer.answers["pay"].beside


def body_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(DOCUMENT).decode()


def test_tracked_changes_count_as_if_accepted_and_are_remarked(filled: bytes) -> None:
    def tracked(text: str) -> str:
        old = re.search(r"<w:r>(?:(?!<w:r>).)*?<w:t[^>]*>45,000\.50</w:t></w:r>", text)
        assert old
        gone = old[0].replace("<w:t", "<w:delText").replace("</w:t>", "</w:delText>")
        new = old[0].replace("45,000.50", "46,000")
        return text.replace(
            old[0],
            f'<w:del w:id="9001" w:author="x">{gone}</w:del>'
            f'<w:ins w:id="9002" w:author="x">{new}</w:ins>',
        )

    found = read(edited(filled, tracked), blank())
    assert found.value("pay") == "46,000"
    assert any("tracked" in remark for remark in found.remarks)


def test_a_pasted_list_with_a_link_is_read_as_lines(filled: bytes) -> None:
    old = control("notes").search(body_of(filled))
    assert old
    pasted = re.sub(
        r"<w:sdtContent>.*</w:sdtContent>",
        "<w:sdtContent><w:r><w:rPr><w:b/></w:rPr><w:t>Bold</w:t></w:r><w:r><w:br/></w:r>"
        '<w:hyperlink w:anchor="x"><w:r><w:t>a link</w:t></w:r></w:hyperlink></w:sdtContent>',
        old[0],
        flags=re.DOTALL,
    )
    found = read(edited(filled, lambda text: text.replace(old[0], pasted)), blank())
    assert found.value("notes") == "Bold\na link"


def test_a_row_added_by_hand_is_named(filled: bytes) -> None:
    def added(text: str) -> str:
        root = etree.fromstring(text.encode())
        tables = [
            table
            for table in root.iter(w("tbl"))
            if any("objectives_1" in node.get(w("val")) for node in table.iter(w("tag")))
        ]
        words = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
        cells = "".join(words.format(text) for text in ("3", "A third objective", "Done"))
        row = etree.fromstring(f'<w:tr xmlns:w="{WORD}">{cells}</w:tr>')
        tables[0].append(row)
        return etree.tostring(root, encoding="unicode")

    found = read(edited(filled, added), blank())
    assert any("A third objective" in words for words in found.unknown.values())


def test_a_control_of_another_form_is_named(filled: bytes) -> None:
    found = read(edited(filled, lambda t: t.replace('"pay"/>', '"salary"/>', 1)), blank())
    assert "salary" in found.unknown or found.value("pay") == "45,000.50"


def test_a_changed_title_is_an_altered_question(filled: bytes) -> None:
    changed = edited(filled, lambda t: t.replace('w:alias w:val="Pay"', 'w:alias w:val="Bonus"'))
    assert any("Bonus" in said for said in read(changed, blank()).altered)


def test_what_would_steer_a_terminal_is_left_out(filled: bytes) -> None:
    found = read(edited(filled, typed("pay", "1&#x9b;2J&#x85;2")), blank())
    assert found.value("pay") == "12J\n2"
    long = f'w:alias w:val="Bonus&#x9b;{"x" * 3000}"'
    changed = edited(filled, lambda t: t.replace('w:alias w:val="Pay"', long))
    (said,) = read(changed, blank()).altered
    assert said.startswith("“Pay” is now called “Bonusxxx")
    assert len(said) < 300


@pytest.mark.parametrize(
    ("held", "new"),
    [("trust", "x" * 5000), ("trust", "a trust"), (">2026<", ">20266<"), ("3f9a", "")],
)
def test_a_stamp_that_is_none_of_ours_is_none(filled: bytes, held: str, new: str) -> None:
    changed = edited(filled, lambda text: text.replace(held, new, 1), "docProps/custom.xml")
    found = read(changed, blank())
    assert found.identity == Identity(replace(STAMP, digest=STAMP.digest[:8]))
    assert any("footer" in remark for remark in found.remarks)


def test_a_form_with_other_questions_is_altered(filled: bytes) -> None:
    changed = edited(filled, lambda t: t.replace(STAMP.digest, "f" * 16), "docProps/custom.xml")
    assert read(changed, blank()).altered


def test_strict_open_xml_is_read(filled: bytes) -> None:
    strict = edited(
        filled, lambda t: t.replace(WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    )
    assert read(strict, blank()).value("pay") == "45,000.50"


def test_without_properties_the_footer_says_what_it_is(filled: bytes) -> None:
    bare = without(filled, "docProps/custom.xml")
    stamp = identify(bare).stamp
    assert (stamp.form, stamp.organisation, stamp.edition) == ("review", "trust", "2026-27")
    found = read(bare, blank())
    assert found.value("pay") == "45,000.50"
    assert found.altered == ()
    assert any("footer" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    "hyphen",
    [
        "\u00ad",
        "\u2010",
        "\u2011",
        "-\u00ad",
        "</w:t><w:noBreakHyphen/><w:t>",
        "</w:t><w:softHyphen/><w:t>",
        "</w:t></w:r><w:r><w:t>-",
    ],
)
def test_the_code_in_a_footer_is_known_by_other_hyphens(filled: bytes, hyphen: str) -> None:
    bare = without(filled, "docProps/custom.xml")
    for name in names_of(filled):
        if name.startswith("word/footer"):
            bare = edited(
                bare, lambda text: re.sub(r"(?<=[0-9A-F]{4})-(?=[0-9A-F]{4})", hyphen, text), name
            )
    assert identify(bare).stamp == identify(without(filled, "docProps/custom.xml")).stamp
    assert read(bare, blank()).unknown == {}


@pytest.mark.parametrize("lost", ["", "<w:tag [^>]*/>"])
def test_two_copies_in_one_document_are_refused(filled: bytes, lost: str) -> None:
    def doubled(text: str) -> str:
        body = re.search(r"<w:body>(.*)</w:body>", text, re.DOTALL)
        assert body
        return re.sub(lost, "", text.replace(body[1], body[1] * 2))

    assert code_of(edited(filled, doubled)) == "return-several"


def test_a_form_without_fields_is_flattened(filled: bytes) -> None:
    def flat(text: str) -> str:
        root = etree.fromstring(text.encode())
        for node in [*root.iter(w("sdt")), *root.iter(w("bookmarkStart"))]:
            node.getparent().remove(node)
        return etree.tostring(root, encoding="unicode")

    assert code_of(edited(filled, flat)) == "return-flattened"


def test_what_is_no_form_is_named(filled: bytes) -> None:
    assert code_of(filled[: len(filled) // 2]) == "return-damaged"
    assert code_of(edited(filled, lambda t: t[: len(t) // 2])) == "return-damaged"
    nobody = without(filled, "docProps/custom.xml")
    for name in names_of(filled):
        nobody = without(nobody, name) if name.startswith("word/footer") else nobody
    assert code_of(nobody) == "return-not-ours"
    assert code_of(without(filled, DOCUMENT)) == "return-not-ours"


def names_of(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.namelist()


def bomb(data: bytes, name: str = "docProps/custom.xml") -> bytes:
    """The file with a part that unpacks to 200 MB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.namelist():
            target.writestr(part, bytes(200_000_000) if part == name else source.read(part))
    return out.getvalue()


def test_bombs_are_refused(filled: bytes) -> None:
    assert code_of(bomb(filled)) == "return-too-big"
    assert code_of(bomb(filled, DOCUMENT)) == "return-too-big"
    many = io.BytesIO(filled)
    with zipfile.ZipFile(many, "a") as package:
        for number in range(MOST_PARTS):
            package.writestr(f"word/x{number}.xml", b"")
    assert code_of(many.getvalue()) == "return-too-big"


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/hostname">]>'
)


@pytest.mark.parametrize("entity", ["&c;", "&d;", ""])
def test_entities_are_refused(filled: bytes, entity: str) -> None:
    def hostile(text: str) -> str:
        start = text.index("<w:document")
        return ENTITIES + text[start:].replace("45,000.50", entity)

    assert code_of(edited(filled, hostile)) == "return-damaged"


def test_depth_is_no_trouble(filled: bytes) -> None:
    deep = "<w:smartTag>" * 100_000 + "</w:smartTag>" * 100_000
    hostile = edited(filled, lambda t: t.replace("<w:body>", f"<w:body>{deep}"))
    assert code_of(hostile) == "return-damaged"


def test_no_cut_and_no_change_of_bytes_brings_the_reader_down(filled: bytes) -> None:
    chance = Random(7)
    tries = [filled[:end] for end in range(0, len(filled), 1024)]
    for _ in range(300):
        changed = bytearray(filled)
        for _ in range(chance.randrange(1, 20)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        tries.append(bytes(changed))
    text = body_of(filled)
    for _ in range(200):
        start = chance.randrange(len(text))
        end = start + chance.randrange(200)
        tries.append(edited(filled, lambda t, s=start, e=end: f"{t[:s]}{t[e:]} "))  # type: ignore[misc]
    for data in tries:
        try:
            read(data, blank())
        except CannotRead as fault:
            assert fault.message


# what programs write and people do


OPEN = "<w:sdtContent>"
INS = '<w:ins w:id="9001" w:author="x">'
PAY = re.compile(r'<w:sdt>(?:(?!<w:sdt>).)*?<w:tag w:val="pay"/>.*?</w:sdt>', re.DOTALL)
TICKED, NOT_TICKED = '<w14:checked w14:val="1"/>', '<w14:checked w14:val="0"/>'


def put(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new, 1)


def after_pay(new: str) -> Edit:
    return lambda text: PAY.sub(lambda found: found[0] + new, text)


def as_word_saves(text: str) -> str:
    """With the marks of saving, spelling and pages that Word puts into a document."""
    marks = 'w14:paraId="00AA00AA" w14:textId="77777777" w:rsidR="00AB00AB"'
    text = re.sub(r"<w:(p|tr)>", rf"<w:\1 {marks}>", text)
    text = text.replace("<w:r>", '<w:r w:rsidRPr="00AC00AC">')
    text = text.replace("</w:sdtPr>", "</w:sdtPr><w:sdtEndPr><w:rPr><w:b/></w:rPr></w:sdtEndPr>")
    text = text.replace(f"{OPEN}<w:r ", f'{OPEN}<w:proofErr w:type="spellStart"/><w:r ')
    return text.replace(">Three</w:t>", ">Three</w:t><w:lastRenderedPageBreak/>")


def test_what_word_marks_when_it_saves_changes_no_answer(filled: bytes) -> None:
    assert read(edited(filled, as_word_saves), blank()) == read(filled, blank())


DONE_TO_A_FORM: dict[str, Edit] = {
    "typed beside": after_pay("<w:r><w:t>and a bonus</w:t></w:r>"),
    "typed below": after_pay(
        '<w:bookmarkEnd w:id="77"/></w:p><w:p><w:r><w:t>more</w:t></w:r>',
    ),
    "a control deleted": lambda text: re.sub(
        r'<w:bookmarkStart [^>]*w:name="pay"[^>]*/>', "", PAY.sub("", text)
    ),
    "a control twice": lambda text: PAY.sub(
        lambda found: found[0] + found[0].replace("45,000.50", "46,000"), text
    ),
    "two of one tag": put('w:tag w:val="reviewee"', 'w:tag w:val="pay"'),
    "another tag": put('w:tag w:val="pay"', 'w:tag w:val="salary"'),
    "another title": put('w:alias w:val="Pay"', 'w:alias w:val="Bonus"'),
    "an insertion": put("<w:r><w:t", f"{INS}<w:r/></w:ins><w:r><w:t"),
    "an insertion in an answer": put(OPEN, f"{OPEN}{INS}<w:r><w:t>x</w:t></w:r></w:ins>"),
    "an inserted line end in an answer": lambda text: re.sub(
        rf"({OPEN}<w:r>)(<w:t)", r'\1<w:rPr><w:ins w:id="9"/></w:rPr>\2', text, count=1
    ),
    "a comment": after_pay('<w:r><w:commentReference w:id="1"/></w:r>'),
    "a tick that does not show": put(TICKED, NOT_TICKED),
}


@pytest.mark.parametrize("name", DONE_TO_A_FORM)
def test_what_somebody_did_to_a_form_shows(filled: bytes, name: str) -> None:
    assert read(edited(filled, DONE_TO_A_FORM[name]), blank()) != read(filled, blank())


IN_AN_ANSWER: dict[str, tuple[str, str]] = {
    "words after words": ("</w:t><w:t>", "45\n000"),
    "a tab": ("</w:t><w:tab/><w:t>", "45\t000"),
    "a break": ("</w:t><w:br/><w:t>", "45\n000"),
    "a page break": ('</w:t><w:br w:type="page"/><w:t>', "45\n000"),
    "a hyphen": ("</w:t><w:noBreakHyphen/><w:t>", "45-000"),
    "a tick of Wingdings": ('</w:t><w:sym w:char="F0FE"/><w:t>', "45☒000"),
    "runs": ("</w:t></w:r><w:r><w:t>", "45000"),
    "an empty run": ("</w:t></w:r><w:r></w:r><w:r><w:t>", "45000"),
    "bold": ('</w:t></w:r><w:r><w:rPr><w:b/><w:lang w:val="pl-PL"/></w:rPr><w:t>', "45000"),
    "tab stops": ("</w:t></w:r><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>", "45000"),
    "a paragraph": ("</w:t></w:r><w:p/><w:r><w:t>", "45\n000"),
    "letters for mark-up": ("&amp;lt;&lt;&quot;", '45&lt;<"000'),
    "a CDATA section": ("<![CDATA[<x]]>", "45<x000"),
    "a hard space": ("\u00a0", "45\u00a0000"),
    "a control letter": ("\x85", "45\n000"),
    "a line separator": ("\u2028", "45\n000"),
}


@pytest.mark.parametrize("name", IN_AN_ANSWER)
def test_an_answer_is_read_however_it_is_written(filled: bytes, name: str) -> None:
    held, value = IN_AN_ANSWER[name]
    changed = edited(filled, put("45,000.50", f"45{held}000"))
    assert read(changed, blank()).value("pay") == value


DAMAGE: dict[str, Edit] = {
    "letters that XML forbids": put("45,000.50", "\x01"),
    "a NUL": put("45,000.50", "\0"),
    "no character": put("45,000.50", "\ufffe"),
    "an entity": put("45,000.50", "&nbsp;"),
    "the end of a CDATA section": put("45,000.50", "]]>"),
    "an attribute twice": put("45,000.50", '</w:t><w:b w:val="1" w:val="0"/><w:t>'),
    "an element of nowhere": put("45,000.50", "</w:t><x:b/><w:t>"),
    "properties without an end": put("</w:sdtPr>", ""),
    "an element in an attribute": put('"reviewee"/>', '"revi<w:text/>ewee"/>'),
    "two documents": lambda text: f"{text}<w:document/>",
    "another encoding": put("encoding='UTF-8'", "encoding='UTF-16'"),
    "depth": put("<w:body>", "<w:body>" + "<w:p>" * 300 + "</w:p>" * 300),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_no_whole_xml_is_damaged(filled: bytes, name: str) -> None:
    assert code_of(edited(filled, DAMAGE[name])) == "return-damaged"


def test_the_box_decides_whether_it_is_ticked_and_not_what_it_shows(filled: bytes) -> None:
    assert read(edited(filled, put(TICKED, NOT_TICKED)), blank()).value("checked") == ""


def test_a_tick_counts_for_its_own_control_alone(filled: bytes) -> None:
    """A control around another, as LibreOffice sets them, is no check box for that."""

    def nested(text: str) -> str:
        found = control("checked").search(text)
        assert found
        box = f"<w:sdt><w:sdtPr><w14:checkbox>{NOT_TICKED}</w14:checkbox></w:sdtPr>"
        return text.replace(found[0], f"{box}{OPEN}{found[0]}</w:sdtContent></w:sdt>")

    assert read(edited(filled, nested), blank()).value("checked") == "yes"


def test_a_moved_control_is_read_at_its_new_place(filled: bytes) -> None:
    def moved(text: str) -> str:
        found = control("pay").search(text)
        assert found
        gone = found[0].replace("45,000.50", "44,000")
        here = f'<w:moveFrom w:id="9001">{gone}</w:moveFrom>'
        return text.replace(found[0], f'{here}<w:moveTo w:id="9002">{found[0]}</w:moveTo>')

    found = read(edited(filled, moved), blank())
    assert found.value("pay") == "45,000.50"
    assert len(found.remarks) == 1
    assert "tracked" in found.remarks[0]
