"""A form filled in in the browser: from a folder, by keyboard, on a phone, with the network cut."""

# ruff: noqa: E501, N802, N815 - JavaScript, and names of http.server

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html
from lxml.html import HtmlElement
from markupsafe import escape

from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.pdf.prefill import prepare as prepare_pdf
from formulary.formats.pdf.reader import read_for as read_pdf
from formulary.formats.web.page import POLICY
from formulary.formats.word.prefill import prepare as prepare_word
from formulary.formats.word.reader import read_for as read_word
from formulary.returns.submission import Submission
from tests.checkers.axe import TAGS, Browser, Mode, Silent, pages_of_each_kind, serving
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures
from tests.helpers import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

ORGANISATION, FORM = "pclc", "pm-form"
HARD = (
    "Żółć O'Neil & <Sons> (a\\b)",
    "ŵ ŷ Ŵ Ŷ “quotes” ‘single’ – — … €/£",
    "Ελλάδα Кирилл #hash ](x) ]]>",
)
LONG = "\n".join(f"{number}. " + "What was agreed, ŵ and “quoted”. " * 18 for number in range(5))
PERSON = "T-0042"


@dataclass(frozen=True)
class Saved:
    """What a journey left: the files that it saved, and what had been typed."""

    word: Path
    pdf: Path
    values: Mapping[str, str]
    again: Mapping[str, str]
    """What the page showed after the PDF was opened again."""
    said: str
    stored: int


@pytest.fixture(scope="module")
def blank(editions: tuple[Edition, ...]) -> Blank:
    edition = next(one for one in editions if one.id == ORGANISATION)
    offer, form = next(pair for pair in edition.forms if pair[0].form == FORM)
    return compose_blank(edition, offer, form)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as found:
        yield found


def answers(blank: Blank) -> dict[str, str]:
    """An answer to every question: hard ones, and one that goes on behind the form."""
    found: dict[str, str] = {}
    for place, question in enumerate(blank.questions()):
        kinds = {"date": "29/02/2028", "checkbox": "yes"}
        text = LONG if question.kind == "multiline" and place % 7 == 0 else HARD[place % len(HARD)]
        found[question.id] = (
            question.options[0] if question.options else kinds.get(question.kind, text)
        )
    return found


def fill_in(tab: Page, values: Mapping[str, str], blank: Blank) -> None:
    """Type the values, by keyboard: each control is reached by its label, as a reader hears it."""
    for question in blank.questions():
        place = tab.locator(f'[data-q="{question.id}"]')
        value = values[question.id]
        control = tab.locator(f"#q-{question.id}")
        if question.kind == "date":
            for box, part in zip(place.locator("input").all(), value.split("/"), strict=True):
                box.fill(part)
        elif question.kind == "checkbox":
            control.focus()
            if not control.is_checked():
                tab.keyboard.press("Space")
        elif place.locator("input[type=radio]").count():
            place.locator(f"input[type=radio][value={json.dumps(value)}]").check()
        elif question.options:
            control.select_option(value)
        else:
            control.fill(value)


def shown(tab: Page) -> dict[str, str]:
    """What the page holds, read from its controls."""
    return dict(
        tab.evaluate(
            """() => [...document.querySelectorAll("[data-q]")].map((place) => {
              const inputs = [...place.querySelectorAll("input, textarea, select")];
              const one = inputs[0];
              if (place.dataset.kind === "date") return [place.dataset.q, inputs.map((i) => i.value).filter(Boolean).join("/")];
              if (one.type === "checkbox") return [place.dataset.q, one.checked ? "yes" : ""];
              if (one.type === "radio") return [place.dataset.q, inputs.find((i) => i.checked).value];
              return [place.dataset.q, one.value];
            })"""
        )
    )


def save(tab: Page, format: str, folder: Path) -> Path:
    button = tab.locator(f"[data-save={format}]")
    with tab.expect_download() as waiting:
        button.focus()
        tab.keyboard.press("Enter")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.fixture(scope="module")
def saved(
    built: Path, blank: Blank, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Saved:
    """Open a pack's copy, fill all in, save both, open the PDF again: on a phone, from a folder."""
    folder = tmp_path_factory.mktemp("saved")
    site = built / "site" / ORGANISATION
    stem = site / "downloads" / blank.file_stem
    pack = folder / "pack.docx"
    name = next(q for q in blank.questions() if q.prefill == "staff.name")
    copy = prepare_word(stem.with_suffix(".docx").read_bytes(), blank)
    pack.write_bytes(copy.fill({name.id: "Ann Ng"}, PERSON, "0123456789abcdef"))
    values = answers(blank)
    with browser.reader(width=390, offline=True) as tab:
        faults: list[str] = []
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("dialog", lambda dialog: dialog.accept())
        tab.goto((site / "fill" / f"{FORM}.html").as_uri())
        tab.locator("#open-file").set_input_files(pack)
        tab.locator("#open-said", has_text="1 answer").wait_for()
        assert shown(tab)[name.id] == "Ann Ng"
        tab.locator("#steps").click()
        for button in tab.locator(".add button").all():
            while button.is_visible():
                button.click()
        fill_in(tab, values, blank)
        word = save(tab, "word", folder)
        pdf = save(tab, "pdf", folder)
        tab.reload()
        assert shown(tab)[name.id] == ""
        tab.locator("#open-file").set_input_files(pdf)
        tab.locator("#open-said", has_text=f"{len(values)} answers").wait_for()
        again = shown(tab)
        said = tab.locator("#open-said").inner_text()
        stored = tab.evaluate(
            "localStorage.length + sessionStorage.length + document.cookie.length"
        )
        assert faults == []
    return Saved(word, pdf, values, again, said, stored)


def values_of(found: Submission) -> dict[str, str]:
    return {id: answer.value for id, answer in found.answers.items() if answer.value}


def test_collect_reads_in_both_files_what_was_typed(saved: Saved, blank: Blank) -> None:
    word = read_word(saved.word.read_bytes(), lambda stamp: blank, ROOT / "forms" / "house")
    pdf = read_pdf(saved.pdf.read_bytes(), lambda stamp: blank)
    for found in (word, pdf):
        assert values_of(found) == saved.values
        assert found.identity.person == PERSON
        assert found.altered == () and found.remarks == () and not found.unknown


def test_the_files_are_what_packs_would_write(saved: Saved, blank: Blank, built: Path) -> None:
    stem = built / "site" / ORGANISATION / "downloads" / blank.file_stem
    pdf = prepare_pdf(stem.with_suffix(".pdf").read_bytes(), blank)
    assert saved.pdf.read_bytes() == pdf.fill(saved.values, PERSON, "0123456789abcdef")


def test_a_saved_file_opens_again_with_every_answer(saved: Saved) -> None:
    assert saved.again == saved.values
    assert "Not copied" not in saved.said
    assert saved.stored == 0


def test_validators_find_nothing_in_what_the_browser_made(saved: Saved) -> None:
    assert pdfua_failures([saved.pdf]) == {saved.pdf: []}
    assert openxml_errors([saved.word]) == {saved.word: []}


def test_what_is_wrong_is_listed_and_each_line_leads_to_its_box(
    built: Path, browser: Browser, blank: Blank
) -> None:
    required = next(q for q in blank.questions() if q.required)
    date = next(q for q in blank.questions() if q.kind == "date" and not q.value)
    with browser.reader(width=1280, offline=True) as tab:
        tab.goto((built / "site" / ORGANISATION / "fill" / f"{FORM}.html").as_uri())
        boxes = tab.locator(f'[data-q="{date.id}"] input')
        for box, part in zip(boxes.all(), ("31", "Feb", "2027"), strict=True):
            box.fill(part)
        tab.locator("#check").click()
        summary = tab.locator("#summary")
        assert tab.evaluate("document.activeElement.id") == "summary"
        lines = summary.locator("a").all_inner_texts()
        assert f"“{required.title}” has no answer" in lines
        assert f"“31/Feb/2027” under “{date.title}” is not a date" in lines
        assert tab.title().startswith("Error: ")
        assert "Error: “31/Feb/2027”" in (tab.locator(f"#e-{date.id}").text_content() or "")
        assert boxes.first.get_attribute("aria-invalid") == "true"
        summary.locator("a", has_text=required.title).first.press("Enter")
        assert tab.evaluate("document.activeElement.closest('[data-q]').dataset.q") == required.id
        boxes.nth(1).fill("March")
        boxes.nth(1).blur()
        assert [box.input_value() for box in boxes.all()] == ["31", "03", "2027"]
        assert boxes.first.get_attribute("aria-invalid") is None


def test_opening_over_answers_asks_first_and_can_be_undone(
    built: Path, browser: Browser, saved: Saved, blank: Blank
) -> None:
    own = next(q for q in blank.questions() if q.kind == "multiline")
    with browser.reader(width=1280, offline=True) as tab:
        tab.goto((built / "site" / ORGANISATION / "fill" / f"{FORM}.html").as_uri())
        tab.locator(f"#q-{own.id}").fill("My own words")
        tab.locator("#open-file").set_input_files(saved.word)
        tab.locator("#open-no").click()
        assert shown(tab)[own.id] == "My own words"
        tab.locator("#open-file").set_input_files(saved.word)
        tab.locator("#open-yes").click()
        tab.locator("#undo").wait_for()
        assert shown(tab) == saved.values
        tab.locator("#undo").click()
        assert shown(tab)[own.id] == "My own words"
        tab.locator("#open-file").set_input_files(Path(__file__))
        tab.locator("#open-said", has_text="neither a Word document").wait_for()


SHARING = """
  navigator.canShare = ({ files }) => files[0].type === "application/pdf";
  navigator.share = async ({ files }) => { window.shared = files.map((file) => file.name); };
"""
"""A browser that shares PDFs and no Word files, as those on phones do."""


def test_a_phone_shows_one_part_or_all_keeps_a_draft_when_asked_and_shares(
    built: Path, browser: Browser, blank: Blank, tmp_path: Path
) -> None:
    first, second = (part.id for part in blank.parts[:2])
    part, grid = next((one, one.grid) for one in blank.parts if one.id == "objectives")
    assert grid
    name = next(q for q in blank.questions() if q.prefill == "staff.name")
    with browser.reader(width=390, offline=True) as tab:
        tab.add_init_script(SHARING)
        tab.on("dialog", lambda dialog: dialog.accept())
        page = (built / "site" / ORGANISATION / "fill" / f"{FORM}.html").as_uri()
        tab.goto(page)
        assert tab.locator(".part:visible").count() == 1
        tab.locator("#next").press("Enter")
        assert tab.evaluate("document.activeElement.id") == f"part-{second}"
        tab.locator("#back").press("Enter")
        assert tab.evaluate("document.activeElement.id") == f"part-{first}"
        tab.locator("#steps").press("Enter")
        assert tab.locator(".part:visible").count() == len(blank.parts)

        hidden = tab.locator(f"#part-{part.id} .row").nth(1)
        assert not hidden.is_visible()
        tab.locator(f"#part-{part.id}").get_by_role("button", name="Add objective 2").press("Enter")
        assert hidden.is_visible()
        assert tab.evaluate("document.activeElement.textContent") == grid.rows[1].title

        tab.locator(f"#q-{name.id}").fill("Ann Ng")
        assert tab.evaluate("localStorage.length") == 0
        tab.locator("#keep").check()
        tab.locator(f"#q-{grid.rows[1].questions[0].id}").fill("Ŵords")
        tab.reload()
        assert shown(tab)[name.id] == ""
        tab.locator("#draft-go").press("Enter")
        assert shown(tab)[name.id] == "Ann Ng"
        tab.locator("#steps").press("Enter")
        assert tab.locator(f"#q-{grid.rows[1].questions[0].id}").input_value() == "Ŵords"

        assert not tab.locator("#share").is_visible()
        pdf = save(tab, "pdf", tmp_path)
        tab.locator("#share").press("Enter")
        assert tab.evaluate("window.shared") == [pdf.name]
        save(tab, "word", tmp_path)
        assert not tab.locator("#share").is_visible()

        tab.locator("#clear").press("Enter")
        assert tab.evaluate("localStorage.length") == 0
        assert shown(tab)[name.id] == ""


OUT = """async (base) => {
  const quietly = async (way) => { try { await way(); } catch { /* kept in */ } };
  const add = (name, change) => { const made = document.createElement(name); change(made); document.body.append(made); };
  await quietly(() => fetch(base + "/fetch"));
  await quietly(() => new Promise((end) => { const x = new XMLHttpRequest(); x.onloadend = end; x.open("GET", base + "/xhr"); x.send(); }));
  await quietly(() => navigator.sendBeacon(base + "/beacon", "a"));
  await quietly(() => add("img", (made) => { made.src = base + "/image"; }));
  await quietly(() => add("script", (made) => { made.src = base + "/script"; }));
  await quietly(() => add("iframe", (made) => { made.src = base + "/frame"; }));
  await quietly(() => add("link", (made) => { made.rel = "stylesheet"; made.href = base + "/style"; }));
  await quietly(() => new WebSocket(base.replace("http", "ws") + "/socket"));
  await quietly(() => new EventSource(base + "/events"));
  await quietly(() => add("form", (made) => { made.action = base + "/form"; made.method = "post"; made.target = "elsewhere"; made.submit(); }));
  await new Promise((end) => setTimeout(end, 700));
}"""


def test_nothing_leaves_the_page(built: Path, browser: Browser, tmp_path: Path) -> None:
    hits: list[str] = []

    class Counting(Silent):
        def do_GET(self) -> None:
            hits.append(self.path)
            SimpleHTTPRequestHandler.do_GET(self)

        do_POST = do_GET

    page = built / "site" / ORGANISATION / "fill" / f"{FORM}.html"
    text = page.read_text(encoding="utf-8")
    assert escape(POLICY) in text
    open_page = tmp_path / "open.html"
    open_page.write_text(re.sub(r"<meta http-equiv.*?>", "", text), encoding="utf-8")
    with serving(tmp_path, Counting) as address:
        counts = []
        for path in (open_page, page):
            hits.clear()
            with browser.reader() as tab:
                tab.goto(path.as_uri())
                tab.evaluate(OUT, address)
            counts.append(len(set(hits)))
    assert counts[0] >= 7
    assert counts[1] == 0


def fill_pages_of(built: Path) -> list[str]:
    site = built / "site"
    pages = sorted(path.relative_to(site).as_posix() for path in site.glob("*/fill/*.html"))
    assert len(pages) >= 50
    return pages


def test_pages_that_say_what_is_wrong_read_well_to_axe(built: Path, browser: Browser) -> None:
    """Every page as it opens is read with the others of the site; here with its errors shown."""
    site = built / "site"
    pages = pages_of_each_kind(site, fill_pages_of(built))
    faults: list[str] = []
    modes: tuple[Mode, ...] = (("dark", 320), ("light", 1280))
    with serving(site) as address:
        for place, (scheme, width) in enumerate(modes):
            with browser._context(scheme, width) as context:
                context.add_init_script(browser.axe)
                tab = context.new_page()
                for page in pages[place :: len(modes)]:
                    tab.goto(f"{address}/{page}")
                    found = tab.evaluate(LOOK, TAGS)
                    found += heard_faults(tab)
                    faults += [f"{page} {scheme} {width}: {line}" for line in found]
    assert faults == []


CONTROL_ROLES = {"textbox", "combobox", "checkbox", "radio"}
ASKED = """() => [...document.querySelectorAll("#answers :is(input, textarea, select)")].map((control) => {
  const words = (id) => document.getElementById(id)?.textContent.replace(/\\s+/g, " ").trim() || "";
  const id = control.closest("[data-q]").dataset.q;
  const group = control.closest("fieldset")?.querySelector("legend").textContent || "";
  return { id, group: group.replace(/\\s+/g, " ").trim(), hint: words(`h-${id}`), fault: words(`e-${id}`) };
})"""
SUMMARY = """() => {
  const links = [...document.querySelectorAll("#summary a")];
  const lost = links.filter((link) => !document.querySelector(`[id="${link.hash.slice(1)}"]`));
  const focus = document.activeElement.id === "summary" ? [] : ["the list has no focus"];
  return [...lost.map((link) => `leads nowhere: ${link.textContent}`), ...focus];
}"""


def heard_faults(tab: Page) -> list[str]:
    """What a screen reader would miss on a page that shows errors: names, groups, hints, errors.

    The names are as Chromium works them out for the system's programs, in the order of the page.
    """
    session = tab.context.new_cdp_session(tab)
    nodes = {n["nodeId"]: n for n in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()
    controls = [
        (node, groups_of(node, nodes))
        for node in in_order(nodes)
        if word(node, "role") in CONTROL_ROLES
        and any(word(one, "role") == "form" for one in ancestors(node, nodes))
    ]
    asked = tab.evaluate(ASKED)
    if len(controls) != len(asked):
        return [f"{len(controls)} controls are heard of {len(asked)}"]
    faults = list[str](tab.evaluate(SUMMARY)) if any(one["fault"] for one in asked) else []
    for (node, groups), wanted in zip(controls, asked, strict=True):
        described = " ".join(word(one, "description") for one in (node, *groups))
        invalid = any(
            one["name"] == "invalid" and one["value"]["value"] == "true"
            for one in node.get("properties", ())
        )
        lacks = [
            *(["a name"] if not word(node, "name") else []),
            *(["its group"] if wanted["group"] not in {"", *names_of(groups)} else []),
            *(["its hint"] if wanted["hint"] not in described else []),
            *(["its error"] if wanted["fault"] not in described else []),
            *(["that it is wrong"] if wanted["fault"] and not invalid else []),
        ]
        faults += [f"{wanted['id']} lacks {lack}" for lack in lacks]
    return faults


def word(node: Mapping[str, Any], key: str) -> str:
    """A property of a node of the tree, with single blanks."""
    return " ".join(str(node.get(key, {}).get("value", "")).split())


def names_of(groups: Iterable[Mapping[str, Any]]) -> set[str]:
    return {word(group, "name") for group in groups}


def ancestors(node: Mapping[str, Any], nodes: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    while node := nodes.get(node.get("parentId", "")):
        yield node


def groups_of(node: Mapping[str, Any], nodes: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in ancestors(node, nodes) if word(one, "role") in ("group", "radiogroup")]


def in_order(nodes: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The nodes as they are read."""
    waiting = [next(node for node in nodes.values() if "parentId" not in node)]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += (nodes[id] for id in reversed(node.get("childIds", ())) if id in nodes)


LOOK = """async (tags) => {
  // over the foot that stays in view axe cannot tell colours
  document.getElementById("foot").style.position = "static";
  document.documentElement.classList.remove("steps");
  for (const row of document.querySelectorAll(".row[hidden]")) row.hidden = false;
  document.getElementById("check").click();
  const said = await axe.run({ runOnly: tags, resultTypes: ["violations", "incomplete"] });
  const lines = [...said.violations, ...said.incomplete].map((rule) => `${rule.id} ${rule.nodes[0].target}`);
  if (document.documentElement.scrollWidth > innerWidth) lines.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  return lines;
}"""


def name_of(control: HtmlElement) -> str:
    """The name of a control as it is heard: its group's, and that of its label."""
    (label,) = control.xpath("//label[@for=$id]", id=control.get("id"))
    legends = control.xpath("ancestor::fieldset[1]/legend")
    words = [found.text_content() for found in (*legends, label)]
    return " ".join(" ".join(words).split())


def test_each_control_of_every_page_has_a_name_of_its_own(built: Path) -> None:
    faults = []
    for page in fill_pages_of(built):
        root = html.parse(built / "site" / page).getroot()
        ids = root.xpath("//@id")
        faults += [f"{page}: id {id}" for id in {*ids} if ids.count(id) > 1]
        names = [
            name_of(one)
            for one in root.xpath("//form//*[self::input or self::textarea or self::select]")
        ]
        assert names and all(names)
        faults += [f"{page}: {name}" for name in {*names} if names.count(name) > 1]
    assert faults == []
