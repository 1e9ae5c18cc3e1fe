"""How fast prefilled copies are made, side by side with what people would use instead.

    python benchmarks/packs.py [--people 100 1000 10000] [--most 1000] [--write benchmarks/packs.md]

Every contestant makes the same copies of one form from the same staff list, and writes them.
Each runs in a process of its own, which says how long its loop took and how much memory it held;
starting Python and preparing a template once are outside the loop, for all alike. Ratios are taken
within one run. `--most` is the longest list for the contestants that would take hours.

PyPDFForm needs an older pypdf than this project: name a Python that has it with --pypdfform-python,
or its row is left out. docx-mailmerge2 is read from this Python, or left out.
`--write` also stores the figures beside the tables, as JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from common import ROOT, Figures, ran, store, told

ORGANISATION, FORM = "pclc", "pm-form"


@dataclass(frozen=True)
class Contestant:
    """Something that makes copies: `make(load, folder)` yields after each file it has written."""

    name: str
    format: str
    slow: bool
    make: Callable[[dict[str, Any], Path], Iterator[None]]


def copying(ending: str) -> Callable[[dict[str, Any], Path], Iterator[None]]:
    """The floor: the blank, copied by the system."""

    def make(load: dict[str, Any], folder: Path) -> Iterator[None]:
        blank = folder.parent / f"blank.{ending}"
        blank.write_bytes(load[ending])
        for place in range(load["count"]):
            shutil.copyfile(blank, folder / f"{place}.{ending}")
            yield

    return make


def ours(ending: str) -> Callable[[dict[str, Any], Path], Iterator[None]]:
    def make(load: dict[str, Any], folder: Path) -> Iterator[None]:
        prepared = load["prepared"][ending]
        for place, (person, values) in enumerate(load["values"]):
            (folder / f"{place}.{ending}").write_bytes(prepared.filled(values, person))
            yield

    return make


def docxtpl_loop(load: dict[str, Any], folder: Path) -> Iterator[None]:
    """The blank as a docxtpl template, whose body comes out as ours does."""
    from docxtpl import DocxTemplate

    template = folder.parent / "template.docx"
    template.write_bytes(load["docxtpl"])
    for place in range(load["count"]):
        document = DocxTemplate(template)
        document.render(load["contexts"][place], autoescape=True)
        document.save(folder / f"{place}.docx")
        yield


def mailmerge_loop(load: dict[str, Any], folder: Path) -> Iterator[None]:
    """The blank with a merge field in place of each prefilled control."""
    from mailmerge import MailMerge

    template = folder.parent / "template.docx"
    template.write_bytes(load["mailmerge"])
    for place, (_, values) in enumerate(load["values"]):
        with MailMerge(str(template)) as document:
            document.merge(**values)
            document.write(str(folder / f"{place}.docx"))
        yield


def pypdf_loop(load: dict[str, Any], folder: Path) -> Iterator[None]:
    from pypdf import PdfReader, PdfWriter

    for place, (_, values) in enumerate(load["values"]):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(load["pdf"])))
        for page in writer.pages:
            writer.update_page_form_field_values(page, values, auto_regenerate=False)
        writer.write(folder / f"{place}.pdf")
        yield


def pikepdf_loop(load: dict[str, Any], folder: Path) -> Iterator[None]:
    """Values set and nothing drawn: what a raw edit does."""
    import pikepdf

    for place, (_, values) in enumerate(load["values"]):
        with pikepdf.open(io.BytesIO(load["pdf"])) as document:
            for field in document.Root.AcroForm.Fields:
                name = str(field.T)
                if name in values:
                    field.V = pikepdf.String(values[name])
            document.save(folder / f"{place}.pdf")
        yield


def pypdfform_loop(load: dict[str, Any], folder: Path) -> Iterator[None]:
    from PyPDFForm import PdfWrapper

    for place, (_, values) in enumerate(load["values"]):
        filled = PdfWrapper(load["pdf"]).fill(values)
        (folder / f"{place}.pdf").write_bytes(filled.read())
        yield


CONTESTANTS = (
    Contestant("copying the blank file", "docx", False, copying("docx")),
    Contestant("Formulary", "docx", False, ours("docx")),
    Contestant("docxtpl loop", "docx", True, docxtpl_loop),
    Contestant("docx-mailmerge2 loop", "docx", True, mailmerge_loop),
    Contestant("copying the blank file", "pdf", False, copying("pdf")),
    Contestant("Formulary", "pdf", False, ours("pdf")),
    Contestant("pikepdf raw edit", "pdf", True, pikepdf_loop),
    Contestant("pypdf loop", "pdf", True, pypdf_loop),
    Contestant("PyPDFForm loop", "pdf", True, pypdfform_loop),
)


def contest(place: int, load: Path, count: int) -> None:
    """Run one contestant in this process, and print its seconds and its memory in MB as JSON."""
    one = CONTESTANTS[place]
    given = pickle.loads(load.read_bytes())
    given["count"] = count
    for key in ("values", "contexts"):
        given[key] = given[key][:count]
    with tempfile.TemporaryDirectory(dir=load.parent) as name:
        folder = Path(name) / "made"
        folder.mkdir()
        loop = one.make(given, folder)
        next(loop)  # imports, templates and caches are warm from here on
        started = time.perf_counter()
        made = sum(1 for _ in loop)
        seconds = (time.perf_counter() - started) / made * count
        kept = load.parent / f"kept-{place}-{count}.{one.format}"
        shutil.copyfile(folder / f"{count - 1}.{one.format}", kept)
    print(json.dumps({"seconds": seconds, "memory": most_held()}))


def most_held() -> float:
    """The most memory that this process has held, in MB; 0 where the system does not say."""
    try:
        text = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in text.splitlines() if line[:6] == "VmHWM:") / 1024


def prepare(folder: Path, count: int) -> tuple[Path, Path]:
    """What the contestants need, as a file each: for ours, and without our classes for others."""
    from formulary.formats.pdf.blank import write_blank as write_pdf
    from formulary.formats.pdf.fill import prepare as prepare_pdf
    from formulary.formats.word.form import write_blank as write_word
    from formulary.formats.word.prefill import prepare as prepare_word
    from formulary.model.assignment import values
    from formulary.model.blank import compose_blank
    from formulary.model.content import load
    from formulary.model.edition import edition_of
    from formulary.people import read_staff
    from formulary.rules.preflight import preflight
    from tests.staff import make_staff

    content, _ = load(ROOT)
    own = next(found for found in content.organisations if found.id == ORGANISATION)
    edition, _ = edition_of(content, own)
    assert edition is not None
    offer, form = next(pair for pair in edition.forms if pair[1].id == FORM)
    blank = compose_blank(edition, offer, form)
    house = ROOT / "forms" / "house"
    documents = {"docx": write_word(blank, house), "pdf": write_pdf(blank, house)}
    staff = read_staff(
        make_staff(count, edition.organisation, 1), "staff.csv", edition.organisation, None
    )
    going = preflight(edition, staff).going
    answers = [(one.person.id, values(one, edition, blank)) for one in going]
    answers = [answers[place % len(answers)] for place in range(count)]
    prefilled = sorted(answers[0][1])
    dates = {question.id for question in blank.questions() if question.kind == "date"}
    load_ = {
        **documents,
        "values": answers,
        "contexts": [context(given, dates) for _, given in answers],
        "docxtpl": docxtpl_template(documents["docx"], blank, prefilled),
        "mailmerge": mailmerge_template(documents["docx"], prefilled),
    }
    theirs, mine = folder / "theirs.pickle", folder / "ours.pickle"
    theirs.write_bytes(pickle.dumps(load_))
    ready = {
        "docx": prepare_word(documents["docx"], blank),
        "pdf": prepare_pdf(documents["pdf"], blank),
    }
    mine.write_bytes(pickle.dumps({**load_, "prepared": ready}))
    return theirs, mine


def context(answers: dict[str, str], dates: set[str]) -> dict[str, str]:
    """What the docxtpl template asks for: every answer, and each date as an attribute holds it."""
    whole = {
        f"{id}_iso": "-".join(reversed(value.split("/"))) + "T00:00:00Z"
        for id, value in answers.items()
        if id in dates
    }
    return {**answers, **whole}


def rewritten(document: bytes, body: bytes) -> bytes:
    """A Word file with another main part."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, body if name == "word/document.xml" else source.read(name))
    return out.getvalue()


def controls_of(document: bytes, wanted: list[str]) -> tuple[Any, dict[str, Any]]:
    """The main part as a tree, and its controls for the questions that are prefilled."""
    from lxml import etree

    from formulary.formats.word.ooxml import NAMESPACES, WORD, w

    with zipfile.ZipFile(io.BytesIO(document)) as source:
        root = etree.fromstring(source.read("word/document.xml"))
    found = {}
    for control in root.iter(w("sdt")):
        tag = control.find("w:sdtPr/w:tag", NAMESPACES).get(f"{{{WORD}}}val")
        if tag in wanted:
            found[tag] = control
    return root, found


def docxtpl_template(document: bytes, blank: Any, wanted: list[str]) -> bytes:
    """The blank with `{{ id }}` in place of each prefilled answer."""
    from lxml import etree

    from formulary.formats.word.controls import set_value
    from formulary.formats.word.ooxml import NAMESPACES, w

    root, controls = controls_of(document, wanted)
    questions = {question.id: question for question in blank.questions()}
    for id, control in controls.items():
        date = questions[id].kind == "date"
        set_value(control, questions[id], "31/12/1999" if date else "x")
        for text in control.iterfind("w:sdtContent//w:t", NAMESPACES):
            text.text = f"{{{{ {id} }}}}"
        for node in control.iterfind("w:sdtPr/w:date", NAMESPACES):
            node.set(w("fullDate"), f"{{{{ {id}_iso }}}}")
    return rewritten(document, etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def mailmerge_template(document: bytes, wanted: list[str]) -> bytes:
    """The blank with a merge field in place of each prefilled control, as mail merge has it."""
    from lxml import etree

    from formulary.formats.word.ooxml import w

    root, controls = controls_of(document, wanted)
    for id, control in controls.items():
        field = etree.Element(w("fldSimple"), {w("instr"): f" MERGEFIELD {id} "})
        text = etree.SubElement(etree.SubElement(field, w("r")), w("t"))
        text.text = id
        control.getparent().replace(control, field)
    return rewritten(document, etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def same_body(one: Path, other: Path) -> bool:
    """Whether two Word files have the same main part, as canonical XML."""
    from lxml import etree

    def body(path: Path) -> bytes:
        with zipfile.ZipFile(path) as source:
            root = etree.fromstring(source.read("word/document.xml"))
        return bytes(etree.tostring(root, method="c14n2"))

    return body(one) == body(other)


def run(
    place: int, load: Path, count: int, repeat: int, python: str = sys.executable
) -> dict[str, float] | None:
    """One contestant, each time in a process of its own, at its best; None if not installed."""
    command = [python, __file__, "--contest", str(place), str(load), str(count)]
    found: list[dict[str, float]] = []
    for _ in range(repeat):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1]
            told(f"  left out: {last}")
            return None
        found.append(json.loads(done.stdout))
    return min(found, key=lambda one: one["seconds"])


def copies(
    counts: list[int],
    most: int,
    repeat: int,
    folder: Path,
    pypdfform: str | None,
    figures: Figures,
) -> Iterator[str]:
    """The table of single copies, a line of Markdown at a time."""
    theirs, mine = prepare(folder, max(counts))
    for ending, title in (("docx", "Word"), ("pdf", "PDF")):
        yield f"\n### One form in {title}\n"
        yield "| copies | way | ms a copy | times the floor | Formulary is faster by | memory |"
        yield "|---:|---|---:|---:|---:|---:|"
        for count in counts:
            rows = []
            for place, one in enumerate(CONTESTANTS):
                if one.format != ending or (one.slow and count > most):
                    continue
                own = one.name == "Formulary"
                python = pypdfform if one.make is pypdfform_loop and pypdfform else sys.executable
                told(f"{title}, {count:,} copies: {one.name}")
                again = 1 if one.slow else repeat
                found = run(place, mine if own else theirs, count, again, python)
                if found:
                    rows.append((one.name, found["seconds"] / count * 1000, found["memory"]))
            floor, ours_ = rows[0][1], next(ms for name, ms, _ in rows if name == "Formulary")
            for name, ms, memory in rows:
                facts = {"way": name, "ms": ms, "floors": ms / floor, "slower": ms / ours_}
                figures.append(
                    {"what": "copy", "format": title, "count": count, **facts, "memory": memory}
                )
                faster = "" if ms <= ours_ else f"{ms / ours_:.1f}"
                yield (
                    f"| {count:,} | {name} | {ms:.3f} | {ms / floor:.1f} | {faster} "
                    f"| {memory:.0f} MB |"
                )
    kept = [
        folder / f"kept-{place}-{min(counts)}.docx"
        for place, one in enumerate(CONTESTANTS)
        if one.make is docxtpl_loop or (one.name, one.format) == ("Formulary", "docx")
    ]
    if all(path.exists() for path in kept):
        word = "the same" if same_body(*kept) else "NOT the same"
        yield f"\nThe last copies of Formulary and of the docxtpl loop have {word} body.\n"


def whole(
    counts: list[int], most: int, repeat: int, folder: Path, figures: Figures
) -> Iterator[str]:
    """The table of the command itself: three forms in two formats for everyone.

    One process and two take turns; lists of up to `most` people are done `repeat` times.
    """
    from formulary.model.content import load
    from tests.staff import make_staff

    content, _ = load(ROOT)
    own = next(found for found in content.organisations if found.id == ORGANISATION)
    yield "\n### The command `packs`: three forms in two formats\n"
    yield (
        "| people | files | processes | seconds | of which at work on people "
        "| files a second of these | faster than one | plain writing: faster than one | memory |"
    )
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for count in counts:
        staff = folder / f"staff-{count}.csv"
        staff.write_bytes(make_staff(count, own.organisation.item, 1))
        out, again = folder / "packs", folder / "again"
        runs: dict[int, list[tuple[float, float, float]]] = {1: [], 2: []}
        plain: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(repeat if count <= most else 1):
            for jobs in (1, 2):
                told(f"packs for {count:,} people, {jobs} processes")
                runs[jobs].append(command(staff, out, jobs))
                files = [path for path in out.rglob("*") if path.suffix in (".docx", ".pdf")]
                plain[jobs].append(written_again(files, again, jobs))
                shutil.rmtree(out)
        alone, floor = min(working for _, working, _ in runs[1]), min(plain[1])
        for jobs in (1, 2):
            seconds, working, _ = min(runs[jobs], key=lambda run: run[1])
            memory = max(memory for _, _, memory in runs[jobs])
            faster, plainly = alone / working, floor / min(plain[jobs])
            facts = {"seconds": seconds, "working": working, "faster": faster, "floor": plainly}
            figures.append(
                {"what": "packs", "people": count, "processes": jobs, **facts, "memory": memory}
            )
            yield (
                f"| {count:,} | {len(files):,} | {jobs} | {seconds:.1f} | {working:.1f} "
                f"| {len(files) / working:,.0f} | {faster:.2f} | {plainly:.2f} | {memory:.0f} MB |"
            )


def written_again(files: Sequence[Path], folder: Path, jobs: int) -> float:
    """The seconds in which so many plain processes read, sum and write the same files."""
    parts = [(files[place::jobs], folder / str(place)) for place in range(jobs)]
    started = time.perf_counter()
    with ProcessPoolExecutor(jobs) as pool:
        list(pool.map(write_again, parts))
    seconds = time.perf_counter() - started
    shutil.rmtree(folder)
    return seconds


def write_again(part: tuple[Sequence[Path], Path]) -> None:
    """Write each file anew, in folders of forty: the least that any program does for a pack."""
    files, folder = part
    for place, path in enumerate(files):
        if not place % 40:
            (folder / str(place // 40)).mkdir(parents=True)
        data = path.read_bytes()
        sha256(data).hexdigest()
        (folder / str(place // 40) / f"{place}{path.suffix}").write_bytes(data)


def command(staff: Path, out: Path, jobs: int) -> tuple[float, float, float]:
    """Run `packs` as HR does.

    Gives the seconds in all, those from the first person looked at (before it the content is
    loaded and the blanks are made), and the most memory of all its processes in MB.
    """
    words = ["build.py", "packs", str(staff), "--org", ORGANISATION]
    words += ["--out", str(out), "--jobs", str(jobs), "--skip-problems"]
    words += ["--form", "pm-form", "--form", "one-to-one", "--form", "cpd-needs"]
    run = ran(words, ROOT)
    return run.seconds, run.stages["Preflight"] + run.stages["Fill"], run.memory


def in_short(figures: Figures) -> list[tuple[str, str]]:
    """The rows of the README's table."""
    rows = []
    for title in ("Word", "PDF"):
        copies = [one for one in figures if one.get("format") == title]
        most = max(one["count"] for one in copies if one["slower"] > 1)
        found = {one["way"]: one for one in copies if one["count"] == most}
        own = found.pop("Formulary")
        others = [
            f"{name} {one['slower']:.0f} times" for name, one in found.items() if one["slower"] > 1
        ]
        said = f"{own['ms']:.2f} ms, {own['floors']:.1f} times copying the blank file"
        rows.append((f"A prefilled form in {title}", f"{said}; {', '.join(others)} as long"))
    most = max(one["people"] for one in figures if one["what"] == "packs")
    one, two = (found for found in figures if found.get("people") == most)
    said = f"{two['seconds']:.0f} s with two processes, {one['seconds']:.0f} s with one"
    rows.append((f"Packs of six files for {most:,} people", f"{said}; {two['memory']:.0f} MB"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--contest", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--people", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--pypdfform-python", default=None)
    parser.add_argument("--folder", type=Path, default=None, help="where the copies are made")
    parser.add_argument("--write", type=Path, default=None)
    options = parser.parse_args()
    if options.contest:
        place, load, count = options.contest
        contest(int(place), Path(load), int(count))
        return
    figures: Figures = []
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="packs-", dir=options.folder) as name:
        folder, people, repeat = Path(name), options.people, options.repeat
        python = options.pypdfform_python
        lines += copies(people, options.most, repeat, folder, python, figures)
        lines += whole(people, options.most, repeat, folder, figures)
    store(options.write, "Packs, side by side", lines, figures, in_short(figures))


if __name__ == "__main__":
    main()
