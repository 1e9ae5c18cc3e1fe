"""The round trip: packs of four organisations are filled in by programs that are not ours.

Missing, wrong and odd entries are planted, listed beforehand. What the real commands collect is
every answer as it was typed, every planted fault, and no other.

As many people as the faults need, one fault of each kind among those that can be typed; and 300
with FORMULARY_RETURNS=300, where each of these is planted twice.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest

from formulary.cli import main
from formulary.content.form import PREVIOUS
from formulary.documents.blank import Blank, Question, compose_blank
from formulary.edition.edition import Edition
from tests.checkers.fill_pdf import (
    fill_all_with_pdfjs,
    fill_all_with_pdflib,
    fill_with_pdfium,
    read_pdf_fields,
)
from tests.checkers.fill_word import fill_all_with_libreoffice, read_word_fields
from tests.helpers import copy_project
from tests.returns.test_checks import MISTAKES, right

RETURNS = int(os.environ.get("FORMULARY_RETURNS", "0"))
TIMES = 2 if RETURNS >= 240 else 1
"""How often each mistake that can be typed is planted."""

FORMS = {
    "pclc": (
        *("pm-form", "one-to-one", "pm-form", "observation", "support-plan"),
        *("pm-form", "appeal", "pay-recommendation"),
    ),
    "ealing": ("planning-statement", "cpd-needs"),
    "staploe": ("planning-statement", "observation"),
    "dgat": ("pm-form", "one-to-one"),
}
PEOPLE = (
    dict.fromkeys(FORMS, RETURNS // 4) if RETURNS else dict(zip(FORMS, (25, 7, 8, 13), strict=True))
)
"""In each organisation; each sends one form back."""
PROGRAMS = ("PDFium", "pdf.js", "pdf-lib") * 3 + ("LibreOffice",)
BOSS, LEAVER = "Vera Boss", "110"

AFTERWARDS = "Green (4)"
"""An answer that no program lets people choose, or that is in no field, put into a file."""

TOO_LONG = ": Longer than its box, so a print shows it cut off"
"""Said of what people typed at length in narrow boxes; `differences` finds that nothing is lost."""

Spoil = Callable[[bytes], bytes]
Editor = Callable[[pikepdf.Pdf], None]


@dataclass(frozen=True)
class Fault:
    """One thing planted in a form: what is typed, and what is done to the file afterwards.

    `answers` are by a question's id, meaning or prefill. `codes` are the findings that it must
    give; none for what is odd and no fault. `program` is who must have filled the form, if that
    matters; `person` is whose form it must be.
    """

    organisation: str
    form: str
    codes: tuple[str, ...]
    answers: Mapping[str, str]
    spoil: Spoil | None = None
    program: str = ""
    person: str = ""


def in_pdf(edit: Editor) -> Spoil:
    def spoil(data: bytes) -> bytes:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as document:
            edit(document)
            document.save(out)
        return out.getvalue()

    return spoil


def field(document: pikepdf.Pdf, name: str) -> Any:
    return next(one for one in document.Root.AcroForm.Fields if str(one.get("/T")) == name)


def another_edition(document: pikepdf.Pdf) -> None:
    document.docinfo["/FormularyYear"], document.docinfo["/FormularyEdition"] = "2025", "2025-26"


def another_question(document: pikepdf.Pdf) -> None:
    field(document, "objective_1_objective").TU = pikepdf.String("What went wrong")


def without_a_field(document: pikepdf.Pdf) -> None:
    def kept(listed: Any) -> Any:
        return pikepdf.Array(
            [one for one in listed if str(one.get("/T")) != "objective_4_measures"]
        )

    document.Root.AcroForm.Fields = kept(document.Root.AcroForm.Fields)
    for page in document.pages:
        page.Annots = kept(page.Annots)


def with_words_over(name: str, words: str) -> Editor:
    """Put a text box over a field, as browsers and viewers offer it."""

    def edit(document: pikepdf.Pdf) -> None:
        place = field(document, name)
        page = next(one for one in document.pages if any(place == note for note in one.Annots))
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.FreeText,
            Rect=place.Rect,
            Contents=pikepdf.String(words),
        )
        page.Annots.append(document.make_indirect(note))

    return edit


def rated_green_four(document: pikepdf.Pdf) -> None:
    rating = next(
        one
        for one in document.Root.AcroForm.Fields
        if any("/Green (2)" in box.AP.N for box in one.get("/Kids", ()) if "/AP" in box)
    )
    for box in rating.Kids:
        box.AS = pikepdf.Name.Off
    rating.V = pikepdf.Name(f"/{AFTERWARDS}")


def with_a_note(document: pikepdf.Pdf) -> None:
    box = pikepdf.Array([1, 1, 2, 2])
    words = pikepdf.String("Sent from my telephone")
    note = pikepdf.Dictionary(Subtype=pikepdf.Name.Text, Rect=box, Contents=words)
    document.pages[0].Annots.append(document.make_indirect(note))


def nothing(document: pikepdf.Pdf) -> None:
    """Only save it, as another program does."""


CAN_BE_TYPED = [
    Fault(organisation, form, (code,), {name: str(value) for name, value in changes.items()})
    for organisation, form, changes, code in MISTAKES
    if all(isinstance(value, str) for value in changes.values())
    and code not in ("rating-disagrees", "reviews-self")  # depend on the person, or on a list
]
TYPED = (
    tuple(CAN_BE_TYPED) * TIMES
    if RETURNS
    else tuple({fault.codes: fault for fault in reversed(CAN_BE_TYPED)}.values())
)
"""What can be typed into a form as it is: the mistakes that the rules are proved on."""

MORE = {f"objective_{n}_{end}": "More" for n in (3, 4) for end in ("objective", "measures")}
DAYS = {f"objective_{n}_by_when": "01/03/2027" for n in (3, 4)}

ODD = (
    Fault("pclc", "pm-form", ("reviews-self",), {"staff.reviewer": "{NAME}"}),
    Fault("ealing", "cpd-needs", ("reviews-self",), {"staff.reviewer": "{NAME}"}),
    Fault("dgat", "pm-form", ("objectives-number",), {**MORE, **DAYS}),
    Fault("dgat", "pm-form", ("answer-missing",), {"initial-meeting": ""}),
    Fault("ealing", "cpd-needs", ("answer-unclear",), {"need_1_needed_by": "next spring"}),
    Fault("staploe", "observation", ("answer-unclear",), {"observed": "31/02/2026"}),
    Fault("dgat", "pm-form", ("not-on-list",), {}, person=LEAVER),
    Fault(
        "pclc",
        "one-to-one",
        ("rating-disagrees", "return-remark"),
        {},
        in_pdf(rated_green_four),
        "pdf.js",
    ),
    Fault("pclc", "pm-form", ("other-edition",), {}, in_pdf(another_edition), "PDFium"),
    Fault("dgat", "pm-form", ("questions-altered",), {}, in_pdf(another_question), "pdf-lib"),
    Fault("pclc", "pm-form", ("answer-lost",), {}, in_pdf(without_a_field), "pdf.js"),
    Fault(
        "pclc",
        "pm-form",
        ("answer-beside",),
        {},
        in_pdf(with_words_over("objective_1_objective", "Learn to drive the minibus")),
        "PDFium",
    ),
    Fault(
        "dgat",
        "pm-form",
        ("return-remark",),
        {"comments": ""},
        in_pdf(with_words_over("employee_comments", AFTERWARDS)),
    ),
    Fault("staploe", "observation", ("return-remark",), {}, in_pdf(with_a_note), "pdf-lib"),
    Fault("ealing", "planning-statement", (), {}, in_pdf(nothing), "PDFium"),
    Fault("pclc", "pm-form", (), {"signed-reviewee": "", "comments": "I do not agree."}),
    Fault("pclc", "one-to-one", (), {"signed-reviewee": "", "signed-reviewer": ""}),
)
"""What depends on the person, what is done to a file, and what is odd and no fault."""


@dataclass(frozen=True)
class Sent:
    """One person's form: who fills it, what is planted in it, where it lies, and what is typed."""

    edition: Edition
    person: str
    blank: Blank
    program: str
    fault: Fault | None
    pack: Path
    back: Path
    values: Mapping[str, str]
    """Every answer by question id as it is to come back, those of the pack too."""

    @property
    def is_of_another_edition(self) -> bool:
        return self.fault is not None and "other-edition" in self.fault.codes

    def typed(self, prefilled: Mapping[str, str | bool]) -> dict[str, str | bool]:
        """What the program has to put in."""
        boxes = {q.id for q in self.blank.questions() if q.kind == "checkbox"}
        shown = {id: value == "yes" if id in boxes else value for id, value in self.values.items()}
        return {id: value for id, value in shown.items() if value != prefilled[id]}


def name_of(person: int) -> str:
    return f"{('Łucja', 'Finn', 'Odysséas', 'Þórdís')[person % 4]} O’Hara-{person} & Sons"


def staff_list(edition: Edition, left_out: str = "") -> bytes:
    """Everyone is of the group that the first cycle is for, and reviewed by one who is away."""
    cycle = edition.calendars[0].cycle
    group = next(g.name for g in edition.organisation.groups if g.id == cycle.groups[0])
    site = next(iter(edition.organisation.sites), "North School")
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("Id", "Name", "Job title", "Staff group", "School", "Reviewer", "Start date"))
    for number in range(100, 100 + PEOPLE[edition.id]):
        if str(number) != left_out:
            rows.writerow((number, name_of(number), "Tutor", group, site, BOSS, "01/09/2015"))
    return out.getvalue().encode()


def planted(organisation: str) -> list[tuple[str, str, str, Fault | None]]:
    """Every person of an organisation with form, program and the fault to plant, if any."""
    forms = FORMS[organisation]
    people = PEOPLE[organisation]
    programs = list(PROGRAMS) * people
    random.Random(organisation).shuffle(programs)
    free: list[tuple[str, str, str, Fault | None]] = [
        (str(100 + n), forms[n % len(forms)], programs[n], None) for n in range(people)
    ]
    for fault in (*ODD, *TYPED):
        if fault.organisation != organisation:
            continue
        place = next(
            place
            for place, (person, form, program, taken) in enumerate(free)
            if form == fault.form
            and taken is None
            and fault.program in ("", program)
            and fault.person in ("", person)
            and (fault.spoil is None or program != "LibreOffice")
        )
        free[place] = (*free[place][:3], fault)
    return free


def answers_of(
    edition: Edition, blank: Blank, person: str, fault: Fault | None, prefilled: Mapping[str, str]
) -> dict[str, str]:
    """What comes back: right answers, some optional ones left out, and the fault's."""
    chance = random.Random(f"{edition.id} {person}")
    starts = edition.calendars[0].starts
    answers = dict(prefilled)
    for question in blank.questions():
        known = question.prefill and not question.prefill.startswith(PREVIOUS)
        if known or prefilled[question.id]:
            continue
        answer = right(edition, blank, question, starts)
        if question.means or question.required or chance.random() < 0.3:
            answers[question.id] = worded(question, answer, person)
    for key, value in (fault.answers if fault else {}).items():
        id = next(q.id for q in blank.questions() if key in (q.id, q.means, q.prefill))
        answers[id] = value.replace("{NAME}", name_of(int(person)).upper())
    return answers


def worded(question: Question, answer: str, person: str) -> str:
    """An answer in this person's words, with letters and signs that break careless programs."""
    if not answer or question.kind not in ("text", "multiline"):
        return answer
    if question.means in ("hearer", "observer-qualified") or question.signature:
        return answer
    many = "\nŻółć – “two” <b>" if question.kind == "multiline" and question.lines > 2 else ""
    return f"={person} & {answer[:30]}{many}"


def read_pack(pack: Path) -> dict[str, str | bool]:
    return (read_word_fields if pack.suffix == ".docx" else read_pdf_fields)(pack)


def as_values(held: Mapping[str, str | bool]) -> dict[str, str]:
    return {id: ("yes" if v else "") if isinstance(v, bool) else v for id, v in held.items()}


def send(edition: Edition, folder: Path) -> Iterator[Sent]:
    """Make everyone's packs with the real command, and say what each is to be filled with."""
    blanks = {form.id: compose_blank(edition, offer, form) for offer, form in edition.forms}
    (folder / "staff.csv").write_bytes(staff_list(edition))
    people = planted(edition.id)
    made = {}
    for form in dict.fromkeys(FORMS[edition.id]):
        words = ["packs", str(folder / "staff.csv"), "--org", edition.id, "--form", form]
        words += ["--out", str(folder / form), "--jobs", "1"]
        for person in (id for id, own, *_ in people if own == form):
            words += ["--only", person]
        assert main(words, folder / "project") == 0
        listed = json.loads((folder / form / "manifest.json").read_text(encoding="utf-8"))["files"]
        made.update({(one["person"], form, one["format"]): one["file"] for one in listed})
    for person, form, program, fault in people:
        kind = "Word" if program == "LibreOffice" else "PDF"
        pack = folder / form / made[person, form, kind]
        values = answers_of(edition, blanks[form], person, fault, as_values(read_pack(pack)))
        back = folder / "back" / f"document ({person}){pack.suffix}"
        yield Sent(edition, person, blanks[form], program, fault, pack, back, values)


def fill(sent: list[Sent]) -> None:
    """Let the programs fill the forms, each one process for all of its own, side by side."""
    jobs: dict[str, list[Any]] = {program: [] for program in PROGRAMS}
    for one in sent:
        one.back.parent.mkdir(exist_ok=True)
        jobs[one.program].append((one.pack, one.typed(read_pack(one.pack)), one.back))
    ways: dict[str, Callable[[Any], None]] = {
        "pdf.js": fill_all_with_pdfjs,
        "pdf-lib": fill_all_with_pdflib,
        "LibreOffice": fill_all_with_libreoffice,
    }
    with ThreadPoolExecutor() as pool:
        under_way = [pool.submit(way, jobs[program]) for program, way in ways.items()]
        for job in jobs["PDFium"]:
            fill_with_pdfium(*job)
        for done in under_way:
            done.result()
    for one in sent:
        if one.fault and one.fault.spoil:
            one.back.write_bytes(one.fault.spoil(one.back.read_bytes()))


def collected(edition: Edition, folder: Path, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What `collect --json` prints; one person has left the list since the packs were made."""
    (folder / "now.csv").write_bytes(staff_list(edition, LEAVER if edition.id == "dgat" else ""))
    words = ["collect", str(folder / "back"), "--staff", str(folder / "now.csv")]
    words += ["--org", edition.id, "--out", str(folder / "out"), "--jobs", "2", "--json"]
    words += ["--today", "2028-12-31"]
    capfd.readouterr()
    assert main(words, folder / "project") == 0
    return dict(json.loads(capfd.readouterr().out))


def answers_in(folder: Path, blank: Blank) -> dict[str, dict[str, str]]:
    """The sheet of a form's answers in the register: by the name on it, every answer by id."""
    book = openpyxl.load_workbook(folder / "out" / "register.xlsx", read_only=True)
    headings, *rows = book[f"Answers {blank.id}"].iter_rows(values_only=True)
    ids = [question.id for question in blank.questions()]
    assert len(headings) - len(ids) > 0
    return {
        str(row[1]): dict(zip(ids, map(as_typed, row[-len(ids) :]), strict=True)) for row in rows
    }


def as_typed(cell: object) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%d/%m/%Y")
    return "" if cell is None else str(cell)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """For each organisation a folder with a copy of the project that has only it: it loads fast."""
    made = {}
    for organisation in FORMS:
        made[organisation] = tmp_path_factory.mktemp(organisation)
        (made[organisation] / "project").mkdir()
        copy_project(made[organisation] / "project", organisation)
    return made


def test_what_people_answered_is_collected_with_every_planted_fault_and_no_other(
    editions: tuple[Edition, ...],
    folders: Mapping[str, Path],
    capfd: pytest.CaptureFixture[str],
) -> None:
    by_id = {edition.id: edition for edition in editions}
    sent = [one for id, folder in folders.items() for one in send(by_id[id], folder)]
    assert len(sent) == sum(PEOPLE.values())
    assert sum(one.fault is not None for one in sent) == len(ODD) + len(TYPED)
    fill(sent)
    wrong: list[str] = []
    for id, folder in folders.items():
        mine = [one for one in sent if one.edition.id == id]
        report = collected(by_id[id], folder, capfd)
        counting = [one for one in mine if not one.is_of_another_edition]
        assert (report["new"], report["current"]) == (PEOPLE[id], len(counting))
        wanted = Counter(
            (one.back.name, code) for one in mine if one.fault for code in one.fault.codes
        )
        found = Counter(
            (problem["file"], problem["code"])
            for problem in report["problems"]
            if TOO_LONG not in problem["message"]
        )
        for (file, code), number in ((wanted - found) + (found - wanted)).items():
            said = [p["message"] for p in report["problems"] if p["file"] == file]
            wrong.append(f"{id} {file}: {number} {code} planted or found, not both: {said}")
        sheets: dict[str, dict[str, dict[str, str]]] = {}
        for one in counting:
            rows = sheets.setdefault(one.blank.id, {}) or answers_in(folder, one.blank)
            sheets[one.blank.id] = rows
            wrong += differences(one, rows)
    assert wrong == []


def differences(one: Sent, rows: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Where the register does not have what was typed."""
    listed = name_of(int(one.person))
    row = rows.get(listed)
    if row is None:
        yield f"{one.edition.id} {one.back.name}: no answers of {listed}"
        return
    for id, value in one.values.items():
        if row[id] != value and row[id] != AFTERWARDS:
            said = f"{one.edition.id} {one.back.name} ({one.program}) {id}"
            yield f"{said}: {row[id]!r} for {value!r}"
