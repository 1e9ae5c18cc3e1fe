"""Outside checkers find nothing wrong with anything that a build makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree

from tests.checkers.axe import (
    Browser,
    every_mode,
    html_pages,
    modes_of_each_kind,
    share_of,
)
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures
from tests.helpers import cover, one_of_each


def made(built: Path, ending: str) -> list[Path]:
    """The dated files. Each is there without its year too, in the same bytes."""
    files = sorted((built / "site").glob(f"*/downloads/*.{ending}"))
    found = [path for path in files if re.search(r"-\d{4}(-\d\d)?$", path.stem)]
    assert len(found) == 62, found  # five policies, one comparison, and all forms
    others = {path.read_bytes() for path in files if path not in found}
    assert others == {path.read_bytes() for path in found}
    return found


def policies_and_forms(paths: list[Path], whole: bool) -> list[Path]:
    """Every policy, and each form as one of the organisations has it, or as all have it."""
    policies = [path for path in paths if path.name.startswith("policy-")]
    others = [path for path in paths if path not in policies]
    return [*policies, *(others if whole else one_of_each(others, lambda path: path.name))]


def elements(word: Path) -> set[object]:
    """What a schema can find wrong: each element with attributes, parent and neighbour.

    Of values those that a schema may list; names of fields are no such, but look like them.
    """
    with ZipFile(word) as file:
        parts = [file.read(name) for name in file.namelist() if name.endswith((".xml", ".rels"))]

    def worded(one: etree._Element) -> Iterator[tuple[str, str]]:
        named = one.tag.endswith(("}tag", "}bookmarkStart"))
        for name, value in sorted(one.attrib.items()):
            yield name, value if value.isalpha() and value[0].islower() and not named else ""

    return {
        (one.tag, *worded(one), *(getattr(near, "tag", None) for near in around))
        for part in parts
        for one in etree.fromstring(part).iter(etree.Element)
        for around in [(one.getparent(), one.getprevious())]
    }


def test_every_pdf_is_pdf_ua_1(built: Path, whole: bool) -> None:
    """Every policy, and each form as one of the organisations has it."""
    failures = pdfua_failures(policies_and_forms(made(built, "pdf"), whole))
    assert len(failures) > 25
    assert failures == {path: [] for path in failures}


def test_word_files_are_valid_open_xml(built: Path, whole: bool) -> None:
    """A few that have between them whatever any has, since the validator starts for each file."""
    files = made(built, "docx")
    errors = openxml_errors(files if whole else cover({path: elements(path) for path in files}))
    assert len(errors) > (25 if whole else 4)
    assert errors == {path: [] for path in errors}


def test_every_pdf_form_is_small(built: Path) -> None:
    forms = [path for path in made(built, "pdf") if not path.name.startswith("policy-")]
    assert [path.name for path in forms if path.stat().st_size >= 230_000] == []


EXAMINED = {
    ("color-contrast", "imgNode"): "words of a picture; measured below",
    ("color-contrast", "shortTextContent"): "a number of a picture; measured below",
    ("color-contrast", "bgOverlap"): "words on a box of a picture; measured below",
    ("color-contrast", "pseudoContent"): "the sheet before a form's name; no words are on it",
    ("color-contrast", "emptyValue"): "an empty box below the foot of a page to fill in",
    ("color-contrast", "elmPartiallyObscured"): "a cell scrolled out of sight; measured below",
    ("color-contrast", "elmPartiallyObscuring"): "code that scrolls; its words have more than 7:1",
}
"""What axe cannot decide and a person has looked at, with the reason why it may stay."""

CONTRAST = """() => {
    const parse = c => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    const over = (ink, share, back) => [0, 1, 2].map(i => ink[i] * share + back[i] * (1 - share));
    const light = c => c.slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ratio = (a, b) => {
        const [x, y] = [light(a), light(b)];
        return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    };
    const ground = e => {
        for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length === 3 || c[3] === 1) return c;
        }
        return [255, 255, 255];
    };
    const found = [];
    for (const text of document.querySelectorAll("svg text")) {
        const ink = parse(getComputedStyle(text).fill);
        const paper = ground(text);
        const tinted = over(ink, 0.08, paper);  // a diagram's box
        found.push([Math.min(ratio(ink, paper), ratio(ink, tinted)), text.textContent]);
    }
    for (const cell of document.querySelectorAll("td, th, .bar .name, .lane p")) {
        found.push([ratio(parse(getComputedStyle(cell).color), ground(cell)), cell.textContent]);
    }
    return found.filter(([value]) => value < 4.5).map(String);
}"""
TARGETS = """() => [...document.querySelectorAll("button, summary, input, dialog a, nav a")]
    .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: false}))
    .map(e => [e.textContent.trim() || e.getAttribute("aria-label"), e.getBoundingClientRect()])
    .filter(([, b]) => b.width > 1 && (b.width < 24 || b.height < 24))
    .map(([name, b]) => `${name}: ${b.width} x ${b.height}`)"""
WIDTH = """() => document.documentElement.scrollWidth > innerWidth
    ? [`${document.documentElement.scrollWidth} pixels`] : []"""
SPACING = """() => {
    if (innerWidth > 320) return [];
    const style = document.createElement("style");
    style.textContent = `* {line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important} p {margin-bottom: 2em !important}`;
    document.head.append(style);
    const wide = document.documentElement.scrollWidth > innerWidth ? ["wider"] : [];
    const cut = [...document.querySelectorAll("article *, header *, nav *")].filter(e => {
        const style = getComputedStyle(e);
        const clips = style.overflowX === "hidden" || style.overflowY === "hidden";
        return clips && !e.closest(".unseen") && e.clientWidth > 1 && e.textContent.trim() &&
            (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
    }).map(e => e.className + ": " + e.textContent.trim().slice(0, 40));
    style.remove();
    return [...wide, ...cut];
}"""
EXPLAINED = """() => [...document.querySelectorAll(
    ":is(h1, h2, h3, table, nav, summary, .notice, a a) .explained")].map(e => e.textContent)"""
MEASURES = {
    "contrast of pictures and cells, WCAG 1.4.3": CONTRAST,
    "targets of 24 pixels, WCAG 2.5.8": TARGETS,
    "no wider than the window, WCAG 1.4.10": WIDTH,
    "text spacing, WCAG 1.4.12": SPACING,
    "no word explained in a heading, a table or a link": EXPLAINED,
}
"""320 px is also 1280 px at a zoom of 400 %. A link in a sentence may be small, as axe knows."""


PARTS = 2
"""The pages are read in parts, so that no worker is left alone with them at the end."""


@pytest.mark.longest
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_in_light_and_dark_wide_and_narrow(
    built: Path, whole: bool, part: int
) -> None:
    """Each kind of element wide, and each kind of page narrow; `share_of` is measured on a phone.

    Before a release each page is read in all four modes; `tests.checkers.record` does so too.
    """
    site = built / "site"
    pages = html_pages(site)
    assert len(pages) > 200
    readings = every_mode(pages) if whole else modes_of_each_kind(site, pages)
    own = {mode: read[part::PARTS] for mode, read in readings.items()}
    rest = sorted({*share_of(pages), *readings["light", 1280]} - {*readings["light", 320]})
    with Browser() as browser:
        found = browser.read(site, own, MEASURES)
        found.measured += browser.measure(site, rest[part::PARTS], MEASURES, width=320)
    assert found.violations == []
    assert found.measured == []
    assert found.outside == []
    doubts = {(doubt.rule, doubt.reason): doubt for doubt in found.doubts}
    assert {kind: doubt for kind, doubt in doubts.items() if kind not in EXAMINED} == {}
