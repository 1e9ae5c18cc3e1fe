"""What a page writes in the browser is what `packs` writes: the same PDF, the same Word parts."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from formulary.documents.blank import Blank, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.pdf.font import field_font
from formulary.formats.pdf.form import write_blank as write_pdf
from formulary.formats.pdf.plan import plan_of as plan_pdf
from formulary.formats.pdf.prefill import prepare as prepare_pdf
from formulary.formats.web.script import WRITERS, join_scripts, write_payload
from formulary.formats.word.prefill import prepare as prepare_word
from formulary.pipeline.fill import shared_fill_files
from tests.checkers import tools
from tests.formats.pdf import test_custom_template as custom_template
from tests.helpers import one_of_each

HERE = Path(__file__).parent
SETS = 3
"""Of answers, and twice as many before a release: the first are few, the last long."""
WANTED = "payloads, Typeface, wholeDocument, writePdf, wordParts, writeZip, setText, boxOf"
HARD = (
    "Żółć O'Neil & <Sons> (a\\b)",
    "ŵ ŷ Ŵ Ŷ “quotes” ‘single’ – — … €/£",
    "Ελλάδα Кирилл \u0300 e\u0301\u0323 n\u0303 W\u0302\u0308 q\u0331\u0301",
    "\t tabs\tand  double   blanks \u00a0\u2009|\u200b\u00ad\u2011\u2028|ﬁ ﬂ Ａ ½ ²",
    "#hash ](x) ]]> --> %PDF endobj /Yes",
    "one\r\ntwo\rthree\n\nfive",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 3,
)


def make_text(chance: random.Random, many: bool) -> str:
    """A text of the letters that a field shows, with what is hard among them."""
    letters = [chr(code) for code in field_font().glyphs]
    words = []
    for _ in range(chance.randint(1, 14 if many else 4)):
        kind = chance.random()
        if kind < 0.5:
            words.append("".join(chance.choices("etaoinshrdlu ETAOIN0123456789", k=6)))
        elif kind < 0.8:
            words.append("".join(chance.choices(letters, k=chance.randint(1, 5))))
        else:
            words.append(chance.choice(HARD))
    text = " ".join(words)
    return text if many else text.replace("\r", " ").replace("\n", " ")


def make_answer(chance: random.Random, question: Question) -> str:
    if question.kind == "checkbox":
        return "yes"
    if question.kind == "date":
        return f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.randint(1990, 2099)}"
    if question.kind == "choice":
        return chance.choice(question.options)
    return make_text(chance, question.kind == "multiline")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def expect(
    folder: Path, blank: Blank, chance: random.Random, sets: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What Node is asked for a form of a built site, and what Python makes of the same."""
    stem = folder / "downloads" / blank.file_stem
    pdf = prepare_pdf(stem.with_suffix(".pdf").read_bytes(), blank)
    word = prepare_word(stem.with_suffix(".docx").read_bytes(), blank)
    cases, wanted = [], []
    for number in range(sets):
        share = (number + 1) / sets
        values = {
            q.id: make_answer(chance, q) for q in blank.questions() if chance.random() < share
        }
        if number == sets - 1:
            values |= {
                q.id: "Long words of an answer. " * 150
                for q in blank.questions()
                if q.kind == "multiline"
            }
        for found in (*pdf.misfits(values), *word.misfits(values)):
            values.pop(found.field, None)
        person, carried = ("", "") if number == 0 else (f"Ann (Ng) é{number}", "0123456789abcdef")
        cases.append({"values": values, "person": person, "carried": carried})
        copy = zipfile.ZipFile(io.BytesIO(word.fill(values, person, carried)))
        parts = {name: sha(copy.read(name)) for name in copy.namelist()}
        wanted.append({"pdf": sha(pdf.fill(values, person, carried)), "word": parts})
    scripts = folder / "fill"
    asked = {
        "pdf": str(scripts / f"{blank.id}.pdf.js"),
        "word": str(scripts / f"{blank.id}.word.js"),
        "cases": cases,
    }
    return asked, wanted


def fill_in_node(assets: Path, forms: list[dict[str, Any]]) -> Any:
    """What the page's own script makes of forms, as digests; `assets` has the typeface."""
    node = tools.program("node", "apt-get install nodejs")
    asked: Mapping[str, Any] = {
        "script": join_scripts(WRITERS, f"globalThis.writers = {{{WANTED}}};"),
        "typeface": str(assets / "typeface.js"),
        "file": str(assets / "typeface-file.js"),
        "forms": forms,
    }
    return json.loads(tools.run([node, HERE / "parity.mjs"], stdin=json.dumps(asked)))


def test_the_browser_writes_every_form_as_python_does(
    built: Path, editions: tuple[Edition, ...], whole: bool
) -> None:
    chance = random.Random(18)
    site = built / "site"
    every = [
        compose_blank(edition, offer, form) for edition in editions for offer, form in edition.forms
    ]
    blanks = every if whole else one_of_each(every, lambda blank: blank.id)
    sets = SETS * 2 if whole else SETS
    pairs = [expect(site / blank.stamp.organisation, blank, chance, sets) for blank in blanks]
    said = fill_in_node(site / "assets/fill", [one for one, _ in pairs])
    differ = []
    for blank, (_, wanted), answer in zip(blanks, pairs, said, strict=True):
        for number, (one, other) in enumerate(zip(wanted, answer["cases"], strict=True)):
            where = f"{blank.stamp.organisation} {blank.id} {number}"
            differ += [f"{where} PDF"] if one["pdf"] != other["pdf"] else []
            names = {*one["word"], *other["word"]}
            differ += [
                f"{where} {n}" for n in sorted(names) if one["word"].get(n) != other["word"].get(n)
            ]
        copy = zipfile.ZipFile(io.BytesIO(base64.b64decode(answer["zip"])))
        assert copy.testzip() is None
        assert {name: sha(copy.read(name)) for name in copy.namelist()} == wanted[0]["word"]
    assert len(blanks) >= 20
    assert differ == []


def test_an_organisations_own_pdf_is_written_alike(tmp_path: Path) -> None:
    """It has what no form of ours has: two places, a comb, radio buttons, a longest answer."""
    own = custom_template.own_blank()
    (tmp_path / "sample-form.pdf").write_bytes(custom_template.their_form().saved())
    document = write_pdf(own, tmp_path / "house")
    for path, data in shared_fill_files().items():
        (tmp_path / Path(path).name).write_bytes(data)
    payload = tmp_path / "sample-form.pdf.js"
    payload.write_bytes(write_payload("pdf", *plan_pdf(document, own)))
    prepared = prepare_pdf(document, own)
    sets = [custom_template.VALUES, {}, {"code": "A1"}, {"name": "A" * 30, "pay": "9"}]
    sets = [{id: value for id, value in one.items() if id in prepared.slots} for one in sets]
    cases = [{"values": values, "person": "p1", "carried": ""} for values in sets]
    (said,) = fill_in_node(tmp_path, [{"pdf": str(payload), "cases": cases}])
    assert [one["pdf"] for one in said["cases"]] == [sha(prepared.fill(v, "p1")) for v in sets]
