"""How fast prefilled forms are made, beside what people would use instead.

    python benchmarks/packs.py [--copies 100] [--people 1000] [--write FILE.md]

Every contestant makes the same copies of one form from the same staff list, and writes them. Each
runs in a process of its own; starting Python and preparing a template once are outside the loop,
for all alike. Then the whole command `packs` makes three forms in both formats for everyone.
"""

from __future__ import annotations

import io
import pickle
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from common import (
    A_FILE,
    Cost,
    Figures,
    Loop,
    Short,
    answer_loop,
    cells_a_file,
    compare_loops,
    cost_in,
    options_of,
    run_build_py,
    say,
    store,
    table,
    take_turns,
)

FORMS = ("pm-form", "one-to-one", "cpd-needs")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAIN = "word/document.xml"


# The contestants


def given(folder: Path, count: int) -> Iterator[dict[str, str]]:
    """The answers of each copy, by question."""
    people = pickle.loads((folder / "people.pickle").read_bytes())
    for place in range(count):
        yield people[place % len(people)][1]


def fresh(folder: Path, name: str) -> Path:
    """An empty folder for the copies."""
    made = folder / name
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    return made


def copying(ending: str) -> Callable[[Path, int], Iterator[None]]:
    """The floor: the system copies the blank file."""

    def work(folder: Path, count: int) -> Iterator[None]:
        made = fresh(folder, f"copied-{ending}")
        for place in range(count):
            shutil.copyfile(folder / f"blank.{ending}", made / f"{place}.{ending}")
            yield

    return work


def formulary(ending: str) -> Callable[[Path, int], Iterator[None]]:
    def work(folder: Path, count: int) -> Iterator[None]:
        made = fresh(folder, f"formulary-{ending}")
        prepared = pickle.loads((folder / f"prepared-{ending}.pickle").read_bytes())
        people = pickle.loads((folder / "people.pickle").read_bytes())
        for place in range(count):
            person, values = people[place % len(people)]
            (made / f"{place}.{ending}").write_bytes(prepared.fill(values, person))
            yield

    return work


def with_dates(values: dict[str, str]) -> dict[str, str]:
    """The answers, and each that is a date once more, as an attribute in Word holds it."""
    iso = {
        f"{id}_iso": "-".join(reversed(value.split("/"))) + "T00:00:00Z"
        for id, value in values.items()
        if value.count("/") == 2
    }
    return {**values, **iso}


def docxtpl_loop(folder: Path, count: int) -> Iterator[None]:
    from docxtpl import DocxTemplate

    made = fresh(folder, "docxtpl")
    for place, values in enumerate(given(folder, count)):
        document = DocxTemplate(folder / "docxtpl.docx")
        document.render(with_dates(values), autoescape=True)
        document.save(made / f"{place}.docx")
        yield


def mailmerge_loop(folder: Path, count: int) -> Iterator[None]:
    from mailmerge import MailMerge

    made = fresh(folder, "mailmerge")
    for place, values in enumerate(given(folder, count)):
        with MailMerge(str(folder / "mailmerge.docx")) as document:
            document.merge(**values)
            document.write(str(made / f"{place}.docx"))
        yield


def replace_loop(folder: Path, count: int) -> Iterator[None]:
    """docxtpl's template without docxtpl: the text of its main part, and `str.replace`."""
    made = fresh(folder, "replaced")
    with zipfile.ZipFile(folder / "docxtpl.docx") as source:
        parts = {name: source.read(name) for name in source.namelist()}
    text = parts[MAIN].decode()
    for place, values in enumerate(given(folder, count)):
        body = text
        for id, value in with_dates(values).items():
            body = body.replace(f"{{{{ {id} }}}}", escape(value))
        with zipfile.ZipFile(made / f"{place}.docx", "w", zipfile.ZIP_DEFLATED) as target:
            for name, data in parts.items():
                target.writestr(name, body if name == MAIN else data)
        yield


def pypdf_loop(folder: Path, count: int) -> Iterator[None]:
    from pypdf import PdfReader, PdfWriter

    made = fresh(folder, "pypdf")
    blank = PdfReader(folder / "blank.pdf")
    for place, values in enumerate(given(folder, count)):
        writer = PdfWriter(clone_from=blank)
        writer.update_page_form_field_values(None, values, auto_regenerate=False)
        writer.write(made / f"{place}.pdf")
        yield


def pikepdf_loop(folder: Path, count: int) -> Iterator[None]:
    """Values are set and nothing is drawn: a viewer that draws no fields shows none."""
    import pikepdf

    made = fresh(folder, "pikepdf")
    with pikepdf.open(folder / "blank.pdf") as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
        for place, values in enumerate(given(folder, count)):
            for id, value in values.items():
                fields[id].V = pikepdf.String(value)
            document.save(made / f"{place}.pdf")
            yield


def pypdfform_loop(folder: Path, count: int) -> Iterator[None]:
    from PyPDFForm import PdfWrapper

    made = fresh(folder, "pypdfform")
    for place, values in enumerate(given(folder, count)):
        filled = PdfWrapper(str(folder / "blank.pdf")).fill(values)
        (made / f"{place}.pdf").write_bytes(filled.read())
        yield


def contestants(pypdfform_python: str = sys.executable) -> tuple[Loop, ...]:
    return (
        Loop("copying the blank file", "Word", copying("docx")),
        Loop("Formulary", "Word", formulary("docx")),
        Loop("zipfile and str.replace", "Word", replace_loop),
        Loop("docx-mailmerge2", "Word", mailmerge_loop),
        Loop("docxtpl", "Word", docxtpl_loop),
        Loop("copying the blank file", "PDF", copying("pdf")),
        Loop("Formulary", "PDF", formulary("pdf")),
        Loop("pikepdf, values only", "PDF", pikepdf_loop),
        Loop("pypdf", "PDF", pypdf_loop),
        Loop("PyPDFForm", "PDF", pypdfform_loop, pypdfform_python),
    )


# What they are given


def prepare(folder: Path, count: int) -> None:
    """Write the blank, ready for Formulary and as the others' templates, and the answers."""
    import product

    people = [(one.person.id, product.known_answers(one)) for one in product.reviewees(count)]
    prefilled = sorted(people[0][1])
    (folder / "people.pickle").write_bytes(pickle.dumps(people))
    for ending in ("docx", "pdf"):
        document = product.blank_file(ending)
        (folder / f"blank.{ending}").write_bytes(document)
        ready = pickle.dumps(product.prepared_blank(ending, document))
        (folder / f"prepared-{ending}.pickle").write_bytes(ready)
    blank = (folder / "blank.docx").read_bytes()
    for name, replace in (("docxtpl", put_expression), ("mailmerge", put_merge_field)):
        (folder / f"{name}.docx").write_bytes(template(blank, prefilled, replace))


def template(document: bytes, ids: Sequence[str], replace: Callable[[Any, str], None]) -> bytes:
    """A Word file in which `replace` has changed the control of each of these questions."""
    from lxml import etree

    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        root = etree.fromstring(source.read(MAIN))
        for control in list(root.iter(f"{WORD}sdt")):
            id = control.find(f"{WORD}sdtPr/{WORD}tag").get(f"{WORD}val")
            if id in ids:
                replace(control, id)
        body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        for name in source.namelist():
            target.writestr(name, body if name == MAIN else source.read(name))
    return out.getvalue()


def put_expression(control: Any, id: str) -> None:
    """Put `{{ id }}` in place of an answer, where somebody who fills in the form would write."""
    properties = control.find(f"{WORD}sdtPr")
    for placeholder in properties.findall(f"{WORD}showingPlcHdr"):
        properties.remove(placeholder)
    for date in properties.iter(f"{WORD}date"):
        date.set(f"{WORD}fullDate", f"{{{{ {id}_iso }}}}")
    first, *others = control.find(f"{WORD}sdtContent").iter(f"{WORD}t")
    first.text = f"{{{{ {id} }}}}"
    for text in others:
        text.text = ""


def put_merge_field(control: Any, id: str) -> None:
    """Put a merge field in place of a control, as mail merge has it."""
    from lxml import etree

    field = etree.Element(f"{WORD}fldSimple", {f"{WORD}instr": f" MERGEFIELD {id} "})
    run = etree.SubElement(field, f"{WORD}r")
    etree.SubElement(run, f"{WORD}t").text = id
    control.getparent().replace(control, field)


def same_words(folder: Path, count: int) -> str:
    """Whether the last Word copies of the contestants say the same."""
    from lxml import etree

    def words(name: str) -> str:
        with zipfile.ZipFile(folder / name / f"{count}.docx") as source:
            root = etree.fromstring(source.read(MAIN))
        return " ".join("".join(root.itertext(f"{WORD}t")).split())

    names = [name for name in ("docxtpl", "mailmerge", "replaced") if (folder / name).is_dir()]
    ours = words("formulary-docx")
    other = [name for name in names if words(name) != ours]
    if other:
        return f"The last copies of {', '.join(other)} do NOT say the same as Formulary's."
    return f"The last Word copies say the same: Formulary, {', '.join(names)}."


# The whole command


def whole(counts: Sequence[int], folder: Path, repeat: int, figures: Figures) -> Iterator[str]:
    """The table of the command itself."""
    import product

    out = folder / "packs"
    rows = []

    def runner(staff: Path, jobs: int) -> Callable[[], Cost]:
        words = ["packs", str(staff), "--org", product.ORGANISATION, "--out", str(out)]
        words += ["--jobs", str(jobs), "--skip-problems"]
        words += [word for form in FORMS for word in ("--form", form)]

        def run() -> Cost:
            shutil.rmtree(out, ignore_errors=True)
            return run_build_py(words)

        return run

    for count in counts:
        staff = folder / f"staff-{count}.csv"
        staff.write_bytes(product.staff_list(count))
        say(f"packs for {count:,} people:")
        runs = {f"processes: {jobs}": runner(staff, jobs) for jobs in (1, 2)}
        for jobs, cost in take_turns(runs, repeat).items():
            files = sum(path.suffix in (".docx", ".pdf") for path in out.rglob("*"))
            figures.append({"people": count, "files": files, "jobs": jobs, **asdict(cost)})
            what = f"{count:,} people, {files:,} files, {jobs}"
            rows.append((what, *cells_a_file(cost, files)))
    yield from table(
        f"The command `packs`: {len(FORMS)} forms in Word and PDF for everyone",
        ("list", *A_FILE),
        rows,
    )


def in_short(figures: Figures) -> list[Short]:
    """The rows of the README's table."""
    commands = [row for row in figures if "people" in row]
    if not commands:
        return []
    command = commands[-1]
    loops = {row["way"]: row["processor"] * 1000 for row in figures if "way" in row}
    beside = [f"{name} {loops[name]:.0f} ms" for name in ("docxtpl", "pypdf") if name in loops]
    each = f"{command['processor'] / command['files'] * 1000:.1f} ms of processor time a file"
    what = f"Packs for {command['people']:,} people: {command['files']:,} files"
    return [Short(what, cost_in(command), f"{each}; a bare loop: {', '.join(beside)}")]


def main() -> None:
    parser = options_of(__doc__)
    parser.add_argument("--loop", nargs=3, help="for the benchmark's own use")
    parser.add_argument("--copies", type=int, default=100, help="copies that each contestant makes")
    parser.add_argument("--people", type=int, nargs="*", default=[1000])
    parser.add_argument("--pypdfform-python", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args()
    loops = contestants(options.pypdfform_python)
    if options.loop:
        answer_loop(loops, *options.loop)
        return
    figures: Figures = []
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="packs-", dir=options.folder) as name:
        folder = Path(name)
        prepare(folder, options.copies)
        lines += compare_loops(__file__, loops, folder, options.copies, options.repeat, figures)
        lines += ["", same_words(folder, options.copies)]
        lines += whole(options.people, folder, options.repeat, figures)
    store(options.write, "Packs", lines, figures, in_short(figures))


if __name__ == "__main__":
    main()
