"""The quick way to read a Word form: what it reads, the careful way reads alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formulary.formats.word.blank import write_blank
from formulary.formats.word.careful import read_carefully
from formulary.formats.word.fill import prepare
from formulary.formats.word.parts import STRICT, Parts, parts_of
from formulary.formats.word.quick import LONGEST, read_quick
from formulary.formats.word.tags import WORD
from formulary.model.blank import Question
from formulary.model.submission import CannotRead, Submission
from tests.checkers.fill_word import fill_all_with_libreoffice
from tests.formats.word.samples import HOUSE, blank
from tests.fuzz.readers import mutated_word

BLANK = blank()
DOCUMENT = write_blank(BLANK, HOUSE)
READY = prepare(DOCUMENT, BLANK)
VALUES = {
    "reviewee": "Łucja & <Ó> 'x' \"y\"",
    "cycle_to": "31/08/2027",
    "level": "Blue",
    "notes": "One\tand a half\n\n  Three",
    "pay": "45,000.50",
    "objectives_1_objective": "Read more.\nWrite more.",
    "standards_1_met": "yes",
}
FILLED = parts_of(READY.filled(VALUES, "P7"))
OPEN = b"<w:sdtContent>"

Edit = Callable[[bytes], bytes]


def quickly(parts: Parts) -> Submission | None:
    """What the quick way makes of a file that comes again and again."""
    for _ in range(3):
        found = read_quick(parts, lambda _: BLANK)
    return found


def carefully(parts: Parts) -> Submission | CannotRead:
    try:
        return read_carefully(parts, lambda _: BLANK)
    except CannotRead as fault:
        return fault


def edited(edit: Edit, parts: Parts = FILLED) -> Parts:
    main = edit(parts.main)
    assert main != parts.main
    return replace(parts, main=main)


def put(old: bytes, new: bytes) -> Edit:
    return lambda main: main.replace(old, new, 1)


def as_word_saves(main: bytes, chance: Random) -> bytes:
    """With marks of the saving, of the spelling and of the page, which differ from save to save."""

    def marked(found: re.Match[bytes]) -> bytes:
        one, other = (b"%08X" % chance.randrange(1 << 31) for _ in range(2))
        if found[1] == b"r":
            return b'<w:r w:rsidRPr="%b">' % one
        marks = b'w14:paraId="%b" w14:textId="77777777" w:rsidR="%b"' % (one, other)
        return b"<w:%b %b>" % (found[1], marks)

    main = re.sub(rb"<w:(p|tr|r)>", marked, main)
    ends = b"<w:sdtEndPr/>", b"<w:sdtEndPr><w:rPr><w:b/></w:rPr></w:sdtEndPr>", b""
    main = re.sub(rb"(?<=</w:sdtPr>)", lambda _: chance.choice(ends), main)
    return main.replace(
        b"<w:sdtContent><w:r ",
        b'<w:sdtContent><w:proofErr w:type="spellStart"/><w:r ',
    ).replace(b">Three</w:t>", b">Three</w:t><w:lastRenderedPageBreak/>")


def test_a_form_that_comes_a_second_time_is_read_quickly() -> None:
    """Whoever filled it in, and whatever they answered: its answers are no part of the frame."""
    read_quick(parts_of(DOCUMENT), lambda _: BLANK)
    read_quick(parts_of(DOCUMENT), lambda _: BLANK)
    for values, person in (
        ({}, ""),
        (VALUES, "P7"),
        ({"checked": "yes", "standards_2_met": "yes", "notes": "a\tb"}, "P8"),
        ({"signed_date": "01/02/2027", "level": "Green", "reviewee": "É “Ada” – (x)"}, "P9"),
    ):
        fitting = {id: value for id, value in values.items() if id in READY.controls}
        parts = parts_of(READY.filled(fitting, person))
        quick = read_quick(parts, lambda _: BLANK)
        assert quick is not None
        assert quick == carefully(parts)
        assert quick.identity.person == person


WORDS = st.text("abcXYZ 019 żółć ÅØ'\"<&>;()[]\\ Ωд–“”☒☐\u00a0\u200b\U0001f600", max_size=40)


def any_value(question: Question) -> st.SearchStrategy[str]:
    if question.kind == "checkbox":
        return st.just("yes")
    if question.kind == "choice":
        return st.sampled_from(question.options)
    if question.kind == "date":
        return st.dates().map(lambda day: f"{day:%d/%m/}{day.year:04}")
    if question.kind == "text":
        return WORDS
    return st.lists(st.sampled_from(["", "\t", "Type here", " a ", "b\tc", "&amp;"])).map("\n".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {}, optional={question.id: any_value(question) for question in BLANK.questions()}
    )
)
def test_any_answers_are_read_as_the_careful_way_reads_them(values: dict[str, str]) -> None:
    quickly(FILLED)
    parts = parts_of(READY.filled(values, "P7"))
    quick = read_quick(parts, lambda _: BLANK)
    begins_empty = any(value.startswith("\n") for value in values.values())
    assert quick == carefully(parts) or (quick is None and begins_empty)


def test_what_word_marks_when_it_saves_is_no_part_of_the_frame() -> None:
    chance = Random(5)
    saved = [edited(lambda main: as_word_saves(main, chance)) for _ in range(4)]
    found = [read_quick(parts, lambda _: BLANK) for parts in saved]
    assert found[2] == found[3] == carefully(saved[0])


def test_what_libreoffice_saves_is_read_quickly(tmp_path: Path) -> None:
    jobs = []
    for number in range(3):
        given_, saved = tmp_path / f"{number}.docx", tmp_path / f"saved-{number}.docx"
        given_.write_bytes(READY.filled({**VALUES, "pay": str(number)} if number else {}, "P7"))
        jobs.append((given_, {"reviewee": f"Ann {number}"}, saved))
    fill_all_with_libreoffice(jobs)
    saved_parts = [parts_of(saved.read_bytes()) for _, _, saved in jobs]
    found = [read_quick(parts, lambda _: BLANK) for parts in saved_parts]
    assert found[2] is not None
    assert found[2] == carefully(saved_parts[2])
    assert found[2].value("pay") == "2"
    assert found[2].value("standards_1_met") == "yes"


# what is odd


INS = b'<w:ins w:id="9001" w:author="x">'
PAY = re.compile(rb'<w:sdt>(?:(?!<w:sdt>).)*?<w:tag w:val="pay"/>.*?</w:sdt>', re.DOTALL)


def after_pay(new: bytes) -> Edit:
    return lambda main: PAY.sub(lambda found: found[0] + new, main)


def swapped_rows(main: bytes) -> bytes:
    rows = re.findall(rb"<w:tr>.*?</w:tr>", main)
    return main.replace(rows[0], b"\0").replace(rows[1], rows[0]).replace(b"\0", rows[1])


ODD: dict[str, Edit] = {
    "typed beside": after_pay(b"<w:r><w:t>and a bonus</w:t></w:r>"),
    "typed below": lambda main: PAY.sub(
        lambda found: found[0] + b'<w:bookmarkEnd w:id="77"/></w:p><w:p><w:r><w:t>more</w:t></w:r>',
        main,
    ),
    "a control deleted": lambda main: PAY.sub(b"", main),
    "a control twice": lambda main: PAY.sub(
        lambda found: found[0] + found[0].replace(b"45,000.50", b"46,000"), main
    ),
    "two of one tag": put(b'w:tag w:val="reviewee"', b'w:tag w:val="pay"'),
    "another tag": put(b'w:tag w:val="pay"', b'w:tag w:val="salary"'),
    "another title": put(b'w:alias w:val="Pay"', b'w:alias w:val="Bonus"'),
    "an insertion": put(b"<w:r><w:t", INS + b"<w:r/></w:ins><w:r><w:t"),
    "an insertion in an answer": put(OPEN, OPEN + INS + b"<w:r><w:t>x</w:t></w:r></w:ins>"),
    "an inserted line end in an answer": lambda main: re.sub(
        rb"(<w:sdtContent><w:r>)(<w:t)", rb'\1<w:rPr><w:ins w:id="9"/></w:rPr>\2', main, count=1
    ),
    "a comment": after_pay(b'<w:r><w:commentReference w:id="1"/></w:r>'),
    "a row added": lambda main: re.sub(
        rb"(.*)(</w:tbl>)",
        lambda found: (
            found[1]
            + b"<w:tr>"
            + b"<w:tc><w:p><w:r><w:t>A third</w:t></w:r></w:p></w:tc>" * 2
            + b"</w:tr>"
            + found[2]
        ),
        main,
        flags=re.DOTALL,
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_somebody_did_to_a_form_is_left_to_the_careful_way(name: str) -> None:
    quickly(FILLED)
    parts = edited(ODD[name])
    assert quickly(parts) is None
    careful = carefully(parts)
    assert isinstance(careful, Submission)
    assert careful != carefully(FILLED)


IN_ANSWER: dict[str, bytes] = {
    "letters that XML forbids": b"\x01",
    "no UTF-8": b"\xff",
    "a NUL": b"\0",
    "a control letter": "\x85".encode(),
    "a line separator": "\u2028".encode(),
    "no character": "\ufffe".encode(),
    "the end of a CDATA section": b"]]>",
    "an entity": b"&nbsp;",
    "a comment": b"<!-- x -->",
    "a CDATA section": b"<![CDATA[x]]>",
    "a processing instruction": b"<?x y?>",
    "an element inside": b"<w:tab/>",
    "another element": b'</w:t><w:sym w:char="F0FE"/><w:t>',
    "a page break": b'</w:t><w:br w:type="page"/><w:t>',
    "looks twice": b'</w:t></w:r><w:r><w:rPr><w:b w:val="1" w:val="0"/></w:rPr><w:t>',
    "looks of nowhere": b"</w:t></w:r><w:r><w:rPr><x:b/></w:rPr><w:t>",
    "a paragraph": b"</w:t></w:r><w:p/><w:r><w:t>",
}


@pytest.mark.parametrize("name", IN_ANSWER)
def test_what_is_no_plain_answer_is_left_to_the_careful_way(name: str) -> None:
    quickly(FILLED)
    parts = edited(put(b"45,000.50", b"45" + IN_ANSWER[name] + b"000"))
    assert quickly(parts) is None


SAME_ANSWER: dict[str, bytes] = {
    "words after words": b"</w:t><w:t>",
    "a tab after words": b"</w:t><w:tab/><w:t>",
    "a break after words": b"</w:t><w:br/><w:t>",
    "runs": b"</w:t></w:r><w:r><w:t>",
    "an empty run": b"</w:t></w:r><w:r></w:r><w:r><w:t>",
    "bold": b'</w:t></w:r><w:r><w:rPr><w:b/><w:lang w:val="pl-PL"/></w:rPr><w:t>',
    "letters for mark-up": b"&amp;lt;&lt;&quot;",
    "a hard space": "\u00a0".encode(),
}


@pytest.mark.parametrize("name", SAME_ANSWER)
def test_a_plain_answer_is_read_quickly_however_it_is_written(name: str) -> None:
    quickly(FILLED)
    parts = edited(put(b"45,000.50", b"45" + SAME_ANSWER[name] + b"000"))
    quick = read_quick(parts, lambda _: BLANK)
    assert quick is not None
    assert quick == carefully(parts)
    assert quick.value("pay") != "45000" or "run" in name or name == "bold"


DAMAGE: dict[str, Edit] = {
    "properties without an end": put(b"</w:sdtPr>", b""),
    "an element in an attribute": put(b'"reviewee"/>', b'"revi<w:text/>ewee"/>'),
    "an element in a tag": put(b"<w:lock", b"<w:lo<w:text/>ck"),
    "marks twice": put(b"<w:p>", b'<w:p w:rsidR="00AA00AA" w:rsidR="00AA00AB">'),
    "a day twice": put(b"<w:date w", b'<w:date w:fullDate="2027-01-01T00:00:00Z" w'),
    "looks twice at a control's end": put(
        b"</w:sdtPr>",
        b'</w:sdtPr><w:sdtEndPr><w:rPr><w:b w:val="1" w:val="0"/></w:rPr></w:sdtEndPr>',
    ),
    "a NUL in place of a control": lambda main: PAY.sub(b"\0", main),
    "two documents": lambda main: main + b"<w:document/>",
    "another encoding": put(b"encoding='UTF-8'", b"encoding='UTF-16'"),
    "entities": lambda main: (
        b'<!DOCTYPE x [<!ENTITY a "aaa">]>' + main[main.index(b"<w:document") :]
    ),
    "depth": put(b"<w:body>", b"<w:body>" + b"<w:p>" * 300 + b"</w:p>" * 300),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_no_whole_xml_is_left_to_the_careful_way(name: str) -> None:
    quickly(FILLED)
    parts = edited(DAMAGE[name])
    assert quickly(parts) is None
    careful = carefully(parts)
    assert isinstance(careful, CannotRead)
    assert careful.kind.code == "return-damaged"


def without_2010(main: bytes) -> bytes:
    main = re.sub(rb"<w14:checkbox>.*?</w14:checkbox>", b"", main)
    return re.sub(rb' (xmlns:w14|mc:Ignorable)="[^"]*"', b"", main)


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        (without_2010, put(b"<w:p>", b'<w:p w14:paraId="00AA00AA">')),
        (
            lambda main: re.sub(rb'<w:bookmarkStart [^>]*"reviewee"/>', b"", main),
            put(b"</w:pPr><w:sdt>", b"<w:rPr>" + INS[:-1] + b"/></w:rPr></w:pPr><w:sdt>"),
        ),
        (
            lambda main: re.sub(rb'<w:bookmarkStart [^>]*"reviewee"/>', b"", main),
            put(b"</w:pPr><w:sdt>", b"<w:rPr><w:b><w:ins/></w:b></w:rPr></w:pPr><w:sdt>"),
        ),
        (put(b"<w:lock ", b'<w:lock w:x=">" '), put(b'w:x=">"', b'w:x="><w:text/>"')),
        (put(b"</w:pPr>", b" w:rsid</w:pPr>"), put(b" w:rsid<", b"<!-- --> w:rsid<")),
    ],
)
def test_what_is_odd_in_another_frame_is_left_to_the_careful_way(
    change: Edit, damage: Edit
) -> None:
    base = edited(change)
    assert quickly(base) in (None, carefully(base))
    parts = edited(damage, base)
    assert quickly(parts) is None


ONE, NONE = b'<w14:checked w14:val="1"/>', b'<w14:checked w14:val="0"/>'


@pytest.mark.parametrize(
    "edit",
    [
        put(ONE, NONE),
        lambda main: re.sub(rb"(<w14:checkbox>)(?=%b)" % ONE, ONE + rb"\1" + NONE, main),
    ],
)
def test_a_tick_that_does_not_show_is_left_to_the_careful_way(edit: Edit) -> None:
    quickly(FILLED)
    parts = edited(edit)
    assert quickly(parts) is None
    assert carefully(parts) != carefully(FILLED)


def test_a_tick_of_a_control_around_another_is_left_to_the_careful_way() -> None:
    def nested(main: bytes) -> bytes:
        return re.sub(
            rb'("checked"/>(?:(?!</w:sdt>).)*)(<w:sdtContent>)(.*?</w:sdt>)',
            rb"\1\2<w:sdt><w:sdtPr></w:sdtPr>\2\3</w:sdtContent></w:sdt>",
            main,
            count=1,
        )

    parts = edited(put(b'w14:checked w14:val="1"', b'w14:checked w14:val="0"'), edited(nested))
    assert quickly(parts) is None
    assert carefully(parts) != carefully(FILLED)


def test_a_frame_is_known_for_its_own_blank_alone() -> None:
    quickly(FILLED)
    title = replace(BLANK.questions()[0], title="Another title")
    first = BLANK.parts[0]
    other = replace(
        BLANK, parts=(replace(first, questions=(title, *first.questions[1:])), *BLANK.parts[1:])
    )
    for _ in range(3):
        assert read_quick(FILLED, lambda _: other) is None


def test_another_encoding_is_left_to_the_careful_way() -> None:
    """Even where all that the form itself prints is the same in both."""
    first = BLANK.parts[0]
    form = replace(BLANK, parts=(replace(first, questions=first.questions[:1], grid=None),))
    data = prepare(write_blank(form, HOUSE), form).filled({"reviewee": "Łucja"}, "")
    utf8 = parts_of(data)
    latin = edited(put(b"encoding='UTF-8'", b"encoding='ISO-8859-1'"), utf8)
    for parts, quick in ((utf8, True), (latin, False)):
        for _ in range(3):
            found = read_quick(parts, lambda _: form)
        assert (found is not None) is quick
        assert (read_carefully(parts, lambda _: form).value("reviewee") == "Łucja") is quick


def test_other_questions_another_standard_and_a_huge_part_are_left_to_the_careful_way() -> None:
    quickly(FILLED)
    digest = BLANK.stamp.digest.encode()
    assert quickly(replace(FILLED, custom=FILLED.custom.replace(digest, b"f" * 16))) is None
    assert quickly(replace(FILLED, custom=b"")) is None
    assert quickly(edited(lambda main: main.replace(WORD.encode(), STRICT))) is None
    assert quickly(edited(put(b"45,000.50", b"x" * LONGEST))) is None


PIECES = [
    *(b"<w:t>", b"</w:t>", b"<w:br/>", b"<w:tab/>", b"<w:r>", b"</w:r>", b"<w:rPr>", b"</w:rPr>"),
    *(b"<w:b/>", b"<w:ins/>", b"&amp;", b"&#13;", b"&x;", b"\0", b"\n", b"\r", b"]]>", b">", b'"'),
    *(b"<!---->", b"<?x?>", b"\xff", b"\xc2\x85", b"\xe2\x80\xa8", b"<w:sdt>", b"</w:sdt>"),
    *(b"<w:sdtPr>", b"</w:sdtPr>", OPEN, b"</w:sdtContent>", b"<w:showingPlcHdr/>", b"<w:text/>"),
    *(b'<w14:checked w14:val="1"/>', b'<w:tag w:val="pay"/>', b'<w:alias w:val="Pay"/>'),
    *(b'<w:bookmarkStart w:id="9" w:name="pay"/>', b"<w:commentReference/>", b"<w:p>", b"</w:p>"),
    *(b' w:rsidR="00AA00AA"', b' w14:paraId="00AA00AA"', b"\xe2\x98\x92", b"Type here", b"x", b" "),
]


def spoilt(main: bytes, chance: Random) -> bytes:
    """A document with a piece put in, put over others, or taken out, mostly in a control."""
    controls = [found.span() for found in re.finditer(rb"<w:sdtPr>.*?</w:sdtContent>", main)]
    for _ in range(chance.choice((1, 1, 2))):
        low, high = chance.choice(controls) if chance.random() < 0.8 else (0, len(main))
        tags = [at.start() for at in re.finditer(rb"<|(?<=>)", main[low:high])]
        at = low + (
            chance.choice(tags) if tags and chance.random() < 0.7 else chance.randrange(high - low)
        )
        piece = chance.choice(PIECES)
        gone = chance.choice((0, 0, len(piece), chance.randrange(1, 30)))
        main = main[:at] + chance.choice((piece, piece, b"")) + main[at + gone :]
    return main


def test_the_quick_way_never_reads_another_answer_than_the_careful_way() -> None:
    chance = Random(11)
    saved = edited(lambda main: as_word_saves(main, chance))
    quickly(FILLED), quickly(saved)
    read_both_ways = 0
    for _ in range(1500):
        base = chance.choice((FILLED, FILLED, saved))
        parts = replace(base, main=spoilt(base.main, chance))
        quick = quickly(parts)
        if quick is not None:
            read_both_ways += 1
            assert quick == carefully(parts)
    assert read_both_ways > 100


def test_files_spoilt_as_a_whole_are_read_alike_or_left() -> None:
    chance = Random(12)
    data = READY.filled(VALUES, "P7")
    for _ in range(60):
        try:
            parts = parts_of(mutated_word(data, chance))
        except CannotRead:
            continue
        quick = quickly(parts)
        assert quick is None or quick == carefully(parts)
