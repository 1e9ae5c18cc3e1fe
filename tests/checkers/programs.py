"""Passes one form through every program on this computer, and records what comes back.

Each program fills in a person's form, or saves again one that is filled in. The product reads the
file as `collect` does. The table goes into CONTRIBUTING.md, between two marks. Run
`python -m tests.checkers.programs`, or `poe programs`.
"""

import functools
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from docx import Document

from formulary.content.loading import load
from formulary.documents.blank import Question
from formulary.edition.edition import edition_of
from formulary.formats.pdf import reader as pdf_reader
from formulary.formats.pdf.untrusted import open_untrusted
from formulary.pipeline.formats import FORMATS
from formulary.pipeline.sandbox import read_in_subprocess
from formulary.problems import RETURN_NOT_OURS, Place
from formulary.returns.edition_shelf import EditionShelf
from formulary.returns.judge import ReturnJudge
from formulary.returns.returned_file import ReturnedFile
from formulary.returns.submission import Answer, CannotRead, Identity, Submission
from formulary.staff.person import Person, StaffList
from tests.checkers import fill_pdf, fill_word, render, tools
from tests.formats.pdf.returned import edited as edit_pdf
from tests.formats.pdf.returned import flat, nothing
from tests.formats.word.test_reader import edited as edit_word
from tests.helpers import ROOT
from tests.test_filled_by_others import answers, as_word_fills

ORGANISATION, FORM, PERSON = "pclc", "pm-form", "000104"
BEGIN, END = "<!-- programs -->", "<!-- /programs -->"
"""The lines of CONTRIBUTING.md between which the table is."""
NOT_REPORTED = "**not reported**"

HARD = {
    "job_title": "Cydlynydd Ŵyn a Ŷd, ½ wythnos",
    "standards": "“Curly” ‘quotes’ – dash — and … •",
    "plan_1": "{{ 7 * 7 }} {% for %} #x $y$ \\z ((",
    "plan_2": "=SUM(A1:A9)",
    "plan_3": "≥ 95 % → ✓ ≠",
    "plan_4": "two  blanks,   three",
    "plan_5": "Party 🎉 time",
    "last_assessed": "One.\n\nThree, after an empty line.",
    "objectives_assessed": "A word and another, to the end. " * 93 + "Last letter of 3,000 or so.",
    "current_pay": "£45,000.50",
}
"""Answers in the place of those of `tests.test_filled_by_others`, which have other scripts."""

Values = Mapping[str, str | bool]
Act = Callable[[Path, Values, Path], None]
"""Makes the last file of the first, with these values where it types."""


@dataclass(frozen=True)
class Program:
    """A program, and one thing that people do with it; `act` and `version` skip where it lacks."""

    name: str
    version: Callable[[], str]
    ending: str
    """Of the file that the program is given: pdf or docx."""
    did: str
    act: Act

    @property
    def types(self) -> bool:
        return self.did == "typed"


def version_of(program: str, package: str, flag: str = "--version") -> Callable[[], str]:
    """The version that a program gives as its own."""

    def ask() -> str:
        found = tools.program(program, f"apt-get install {package}")
        done = subprocess.run([found, flag], capture_output=True, encoding="utf-8", check=False)
        numbers = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
        return numbers[0] if numbers else "?"

    return ask


def command(*words: str) -> Act:
    """A command, in which IN and OUT are the files."""

    def act(given: Path, _: Values, out: Path) -> None:
        files = {"IN": given, "OUT": out}
        tools.run([files.get(word, word) for word in words])

    return act


def pikepdf_saves(edit: Callable[[pikepdf.Pdf], None] = nothing, **saving: object) -> Act:
    def act(given: Path, _: Values, out: Path) -> None:
        out.write_bytes(edit_pdf(given.read_bytes(), edit, **saving))

    return act


def pdfium_saves(given: Path, _: Values, out: Path) -> None:
    with pypdfium2.PdfDocument(given) as document:
        document.save(out)


def pypdf_saves(given: Path, _: Values, out: Path) -> None:
    pypdf.PdfWriter(clone_from=given).write(out)


def pypdf_appends(given: Path, _: Values, out: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.append(given)
    writer.write(out)


def python_docx_saves(given: Path, _: Values, out: Path) -> None:
    Document(str(given)).save(str(out))


def libreoffice_saves(*through: str) -> Act:
    """Saved as each of these kinds in turn; LibreOffice names the files itself."""

    def act(given: Path, _: Values, out: Path) -> None:
        for ending in through:
            folder = out.parent / f"{out.stem}-{ending}"
            folder.mkdir()
            fill_word.resave_with_libreoffice([given], folder, ending)
            given = folder / f"{given.stem}.{ending}"
        given.replace(out)

    return act


def libreoffice_prints(given: Path, _: Values, out: Path) -> None:
    render.docx_to_pdf([given], out.parent)[0].replace(out)


PDFIUM = functools.partial(
    Program, "PDFium, in Chrome and Edge", lambda: str(pypdfium2.PDFIUM_INFO.build), "pdf"
)
PDF_JS = functools.partial(
    Program, "pdf.js, in Firefox", lambda: tools.node_version("pdfjs-dist"), "pdf"
)
PDF_LIB = functools.partial(
    Program, "pdf-lib", lambda: tools.node_version("@cantoo/pdf-lib"), "pdf"
)
PYPDF = functools.partial(Program, "pypdf", lambda: version("pypdf"), "pdf")
QPDF = functools.partial(Program, "qpdf, by pikepdf", lambda: pikepdf.__libqpdf_version__, "pdf")
POPPLER = functools.partial(
    Program, "poppler", version_of("pdftocairo", "poppler-utils", "-v"), "pdf"
)
MUPDF = functools.partial(Program, "MuPDF", version_of("mutool", "mupdf-tools", "-v"), "pdf")
PDFTK = functools.partial(Program, "pdftk", version_of("pdftk", "pdftk-java"), "pdf")
OFFICE = functools.partial(
    Program, "LibreOffice", version_of("soffice", "libreoffice-writer-nogui"), "docx"
)
DOCX = functools.partial(Program, "python-docx", lambda: version("python-docx"), "docx")
PACKED = pikepdf.ObjectStreamMode.generate
AES = pikepdf.Encryption(owner="owner", user="", R=6)

PROGRAMS = (
    PDFIUM("typed", functools.partial(fill_pdf.fill_with_pdfium, exact=False)),
    PDFIUM("saved again", pdfium_saves),
    PDF_JS("typed", fill_pdf.fill_with_pdfjs),
    PDF_LIB("typed", fill_pdf.fill_with_pdflib),
    PYPDF("typed", fill_pdf.fill_with_pypdf),
    PYPDF("saved again", pypdf_saves),
    PYPDF("put the pages into a new file", pypdf_appends),
    QPDF("typed", fill_pdf.fill_with_pikepdf),
    QPDF("saved again, linearised", pikepdf_saves(linearize=True)),
    QPDF("saved again, objects packed", pikepdf_saves(object_stream_mode=PACKED)),
    QPDF("saved again, AES-256 with no password to open", pikepdf_saves(encryption=AES)),
    QPDF("flattened", pikepdf_saves(flat)),
    POPPLER("attached a file", command("pdfattach", "IN", "IN", "OUT")),
    POPPLER("printed to PDF", command("pdftocairo", "-pdf", "IN", "OUT")),
    MUPDF("saved again, cleaned", command("mutool", "clean", "-gggg", "IN", "OUT")),
    MUPDF("printed to PDF", command("mutool", "convert", "-o", "OUT", "IN")),
    PDFTK("saved again", command("pdftk", "IN", "output", "OUT")),
    PDFTK("flattened", command("pdftk", "IN", "output", "OUT", "flatten")),
    OFFICE("typed", fill_word.fill_with_libreoffice),
    OFFICE("saved again", libreoffice_saves("docx")),
    OFFICE("saved as .odt, then as .docx", libreoffice_saves("odt", "docx")),
    OFFICE("saved as .doc, then as .docx", libreoffice_saves("doc", "docx")),
    OFFICE("printed to PDF", libreoffice_prints),
    DOCX("saved again", python_docx_saves),
)


@dataclass(frozen=True)
class Given:
    """The form that a program is given, what it types, and the answers that must come back."""

    path: Path
    typed: Values
    expected: Mapping[str, str]


class Matrix:
    """The form as the programs get it, and the comparison of what comes back."""

    def __init__(self, folder: Path) -> None:
        content, faults = load(ROOT)
        own = next(one for one in content.organisations if one.id == ORGANISATION)
        edition, more = edition_of(content, own)
        assert edition and not faults and not more
        self.folder, self.shelf = folder, EditionShelf(edition)
        self.questions = self.shelf.blanks[FORM].questions()
        self.values = answers(self.shelf.blanks[FORM]) | HARD
        person = Person(PERSON, str(self.values["reviewee_name"]), Place(Path("staff.csv")))
        self.judge = ReturnJudge(self.shelf, StaffList("", (person,), ()))

    def give(self, ending: str, types: bool) -> Given:
        """A person's pack to type into, or a form that is filled in; for Word, as Word does it.

        What our own PDF cannot show (an emoji) is left out where a filled form is saved again.
        """
        blank = self.shelf.blanks[FORM]
        form = next(one for one in FORMATS if one.ending == ending)
        prepared = form.prepare(form.write_blank(blank, ROOT / "forms" / "house"), blank)
        every = {id: {True: "yes", False: ""}.get(v, str(v)) for id, v in self.values.items()}
        unfit = {misfit.field for misfit in prepared.misfits(every)}
        filled = {id: value for id, value in every.items() if value and id not in unfit}
        if types:
            packed = {q.id for q in self.questions if q.prefill.startswith(("staff.", "cycle."))}
            filled = {id: value for id, value in filled.items() if id in packed}
        data = prepared.fill(filled, PERSON)
        if ending == "docx" and not types:
            data = edit_word(data, as_word_fills)
        path = self.folder / f"{'pack' if types else 'filled'}.{ending}"
        path.write_bytes(data)
        typed = {id: value for id, value in self.values.items() if id not in filled}
        expected = every if types else {id: filled.get(id, "") for id in every}
        return Given(path, typed, expected)

    def findings(self, outcome: Submission | CannotRead) -> list[tuple[str, str]]:
        """What `collect` says of a file: codes and messages."""
        read = outcome if isinstance(outcome, Submission) else None
        unread = (outcome.kind, outcome.message) if isinstance(outcome, CannotRead) else None
        record = ReturnedFile("form", None, "0" * 64, read, unread)
        return [(one.kind.code, one.message) for one in self.judge.judge_one(record, True).problems]

    def compare(self, given: Given, outcome: Submission | CannotRead) -> tuple[str, str, str]:
        """The number of equal answers, what is lost, and what the product says of it."""
        if isinstance(outcome, CannotRead):
            return "none", "all fields", f"`{outcome.kind.code}`"
        answered = {
            id: Answer("answered" if value else "blank", value)
            for id, value in given.expected.items()
        }
        stamp = self.shelf.blanks[FORM].stamp
        whole = Submission(Identity(stamp, PERSON), outcome.format, answered)
        said = [one for one in self.findings(outcome) if one not in self.findings(whole)]
        losses: Counter[str] = Counter()
        for question in self.questions:
            if loss := _describe_loss(question, given.expected[question.id], outcome, said):
                losses[loss] += 1
        equal = f"{len(self.questions) - losses.total()} of {len(self.questions)}"
        codes = Counter(f"`{code}`" for code, _ in said)
        return equal, _list(losses), _list(codes)


def _list(counted: Counter[str]) -> str:
    return "; ".join(f"{name} ({number})" for name, number in counted.items()) or "nothing"


def _describe_loss(
    question: Question, value: str, outcome: Submission, said: list[tuple[str, str]]
) -> str:
    """How an answer was changed, and whether the product says so; empty for one that is equal."""
    answer = outcome.answers[question.id]
    if answer.value == value:
        return ""
    if answer.state == "lost":
        return "field gone"
    if re.sub("\n+", "\n", value) == answer.value:
        how = "empty line gone"
    elif "".join(value.split()) == "".join(answer.value.split()):
        how = "lines joined"
    else:
        how = f"“{value[:20]}” became “{answer.value[:20]}”"
    told = answer.beside or any(question.title in message for _, message in said)
    return how if told else f"{how}, {NOT_REPORTED}"


def _known_from(data: bytes, outcome: Submission | CannotRead) -> str:
    """What says whose and which form it is."""
    if isinstance(outcome, Submission):
        return "properties" if outcome.identity.person else "footer code"
    if outcome.kind is RETURN_NOT_OURS or not data.startswith(b"%PDF"):
        return "not"
    with open_untrusted(data) as file:
        return "footer code" if pdf_reader._identify(file)[1] else "properties"


def record_all(folder: Path) -> str:
    """The table of all programs that are here, and a line that names the others."""
    matrix, lacking = Matrix(folder), []
    give = functools.cache(matrix.give)
    made: dict[int, tuple[Given, str, bytes]] = {}
    for number, program in enumerate(PROGRAMS):
        given = give(program.ending, program.types)
        out = folder / f"{number}.{program.ending}"
        try:
            its_version = program.version()
            program.act(given.path, given.typed, out)
        except pytest.skip.Exception:
            lacking.append(program.name)
        else:
            made[number] = given, its_version, out.read_bytes()
            print(f"{program.name} {its_version}: {program.did}")
    files = [(number, data) for number, (_, _, data) in made.items()]
    read = read_in_subprocess(files, matrix.shelf.blanks, matrix.shelf.find_blank, jobs=2)
    lines = [
        "| program | version | form | what it did | fields equal | known from | lost "
        "| what the product says |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for number, outcome in read:
        program, (given, its_version, data) = PROGRAMS[number], made[number]
        kind = {"pdf": "PDF", "docx": "Word"}[program.ending]
        equal, lost, said = matrix.compare(given, outcome)
        cells = (program.name, its_version, kind, program.did, equal, _known_from(data, outcome))
        lines.append(f"| {' | '.join((*cells, *(_cell(text) for text in (lost, said))))} |")
    if lacking:
        names = ", ".join(dict.fromkeys(lacking))
        lines += ["", f"Not on the computer where the table was made: {names}."]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """The text as a cell; letters that only some font knows (private use) by their number."""
    text = re.sub("[\ue000-\uf8ff]", lambda letter: f"U+{ord(letter[0]):X}", text)
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    path = ROOT / "CONTRIBUTING.md"
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, f"{path} has no lines {BEGIN} and {END}"
    with tempfile.TemporaryDirectory() as folder:
        table = record_all(Path(folder))
    path.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
