"""How fast returned forms are read, beside what people would use instead.

    python benchmarks/collect.py [--returns 1000] [--files 1000] [--write FILE.md]

Every contestant reads the same files of one form and gives every answer; that the answers are equal
is checked once, before anything is measured. Each runs in a process of its own; starting Python is
outside the loop, for all alike. Then the whole command `collect` reads returns in both formats.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
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
    stop,
    store,
    table,
    take_turns,
)

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
FIRST, AGAIN = "first", "nothing new"
"""The runs of the command, in the order in which they take turns."""
ENDINGS = {"PDF": "pdf", "Word": "docx"}

Answers = Mapping[str, str]


# The contestants: each makes a function from the bytes of a file to its answers


def formulary(ending: str) -> Callable[[], Callable[[bytes], Answers]]:
    def make() -> Callable[[bytes], Answers]:
        import product

        return lambda data: product.read_answers(ending, data)

    return make


def pypdf_reader() -> Callable[[bytes], Answers]:
    from pypdf import PdfReader

    def read(data: bytes) -> Answers:
        fields = PdfReader(io.BytesIO(data)).get_fields() or {}
        return {name: str(field.get("/V", "")) for name, field in fields.items()}

    return read


def pikepdf_reader() -> Callable[[bytes], Answers]:
    import pikepdf

    def read(data: bytes) -> Answers:
        with pikepdf.open(io.BytesIO(data)) as document:
            fields = document.Root.AcroForm.Fields
            return {str(field.T): str(field.get("/V", "")) for field in fields}

    return read


def python_docx_reader() -> Callable[[bytes], Answers]:
    """python-docx has no content controls of its own, so they are looked up in its tree."""
    from docx import Document

    return lambda data: answers_in(Document(io.BytesIO(data)).element.body)


def lxml_reader() -> Callable[[bytes], Answers]:
    """The floor: one part is unpacked, and its tree is read."""
    from lxml import etree

    def read(data: bytes) -> Answers:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return answers_in(etree.fromstring(archive.read("word/document.xml")))

    return read


def answers_in(body: Any) -> Answers:
    """The answers in the content controls of a tree of WordprocessingML, by their tag."""
    found: dict[str, str] = {}
    for control in body.iter(f"{WORD}sdt"):
        properties = control.find(f"{WORD}sdtPr")
        tag = properties.find(f"{WORD}tag") if properties is not None else None
        if tag is None:
            continue
        ticked = properties.find(f"{WORD_2010}checkbox/{WORD_2010}checked")
        if ticked is not None:
            value = "yes" if ticked.get(f"{WORD_2010}val") == "1" else ""
        elif properties.find(f"{WORD}showingPlcHdr") is not None:
            value = ""
        else:
            content = control.find(f"{WORD}sdtContent")
            value = "".join(
                "\n" if node.tag == f"{WORD}br" else node.text or ""
                for node in content.iter(f"{WORD}t", f"{WORD}br")
            )
        found.setdefault(tag.get(f"{WORD}val"), value)
    return found


READERS: tuple[tuple[str, str, Callable[[], Callable[[bytes], Answers]]], ...] = (
    ("Formulary", "Word", formulary("docx")),
    ("zipfile and lxml", "Word", lxml_reader),
    ("python-docx", "Word", python_docx_reader),
    ("Formulary", "PDF", formulary("pdf")),
    ("pikepdf, fields only", "PDF", pikepdf_reader),
    ("pypdf get_fields", "PDF", pypdf_reader),
)
"""Name, format, and what makes the reader."""


def returns_in(folder: Path, title: str) -> list[Path]:
    return sorted((folder / "returns").glob(f"*.{ENDINGS[title]}"))


def reading(
    title: str, make: Callable[[], Callable[[bytes], Answers]]
) -> Callable[[Path, int], Iterator[None]]:
    """The work of a reader: to read so many files, from the first again after the last."""

    def work(folder: Path, count: int) -> Iterator[None]:
        read, files = make(), returns_in(folder, title)
        for place in range(count):
            read(files[place % len(files)].read_bytes())
            yield

    return work


LOOPS = tuple(Loop(name, title, reading(title, make)) for name, title, make in READERS)


def compare_answers(folder: Path, count: int) -> Iterator[str]:
    """Says that all readers of a format give the same answers, file by file; else it stops."""
    for title in ENDINGS:
        readers = {name: make() for name, format, make in READERS if format == title}
        files = returns_in(folder, title)[:count]
        for path in files:
            data = path.read_bytes()
            found = {name: dict(in_words(read(data))) for name, read in readers.items()}
            for name, given in found.items():
                if given != found["Formulary"]:
                    stop(f"{path.name}: {name} does not give the answers that Formulary gives.")
        yield f"{title}: of {len(files)} files, all give the same answers."


def in_words(found: Answers) -> Iterator[tuple[str, str]]:
    """The answers as people read them: each reader gives a box as the format has it."""
    import product

    for question in product.blank().questions():
        options = dict(enumerate(question.options, 1))
        ticked = [o for n, o in options.items() if found.get(product.box_tag(question.id, n))]
        value = "".join(ticked) or found.get(question.id, "").removeprefix("/")
        value = {"Off": "", "Yes": "yes"}.get(value, value)
        yield question.id, value.replace("\r\n", "\n").replace("\r", "\n")


# What they are given


def prepare(folder: Path, count: int) -> None:
    """Write a staff list, and `count` returns in each format.

    A third of the PDFs are as Formulary filled them, saved as an update; a third were saved again
    by qpdf; a third have gone through PDFium, as in a browser.
    """
    import product

    (folder / "staff.csv").write_bytes(product.staff_list(count))
    ready = {
        ending: product.prepared_blank(ending, product.blank_file(ending))
        for ending in ENDINGS.values()
    }
    people = product.reviewees(count)
    returns = folder / "returns"
    returns.mkdir()
    for place in range(count):
        one = people[place % len(people)]
        given = {**written_answers(product.blank(), place), **product.known_answers(one)}
        for ending, prepared in ready.items():
            data = prepared.fill(product.fitting(prepared, given), one.person.id)
            if ending == "pdf":
                data = (bytes, saved_by_qpdf, saved_by_pdfium)[place % 3](data)
            (returns / f"{place:05}.{ending}").write_bytes(data)


def written_answers(blank: Any, place: int) -> dict[str, str]:
    """What somebody answers: seven of eight questions, in words of their own."""
    found = {}
    for number, question in enumerate(blank.questions()):
        if (number + place) % 8 == 0:
            continue
        if question.kind == "date":
            found[question.id] = f"{1 + place % 28:02}/{1 + number % 12:02}/2027"
        elif question.kind == "checkbox":
            found[question.id] = "yes"
        elif question.kind == "choice":
            found[question.id] = question.options[place % len(question.options)]
        else:
            found[question.id] = f"What return {place} says to question {number}"
    return found


def saved_by_qpdf(data: bytes) -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def saved_by_pdfium(data: bytes) -> bytes:
    import pypdfium2

    out = io.BytesIO()
    document = pypdfium2.PdfDocument(data)
    try:
        document.save(out, flags=0)
    finally:
        document.close()
    return out.getvalue()


# The whole command


def whole(counts: Sequence[int], folder: Path, repeat: int, figures: Figures) -> Iterator[str]:
    """The table of the command itself, over as many files of both formats."""
    import product

    out = folder / "out"
    rows = []

    def runner(some: Path, run: str) -> Callable[[], Cost]:
        words = ["collect", str(some), "--org", product.ORGANISATION, "--jobs", "2"]
        words += ["--staff", str(folder / "staff.csv"), "--out", str(out)]

        def collect() -> Cost:
            if run == FIRST:
                shutil.rmtree(out, ignore_errors=True)
            return run_build_py(words)

        return collect

    for count in counts:
        some = folder / f"in-{count}"
        some.mkdir()
        for path in sorted((folder / "returns").iterdir())[:count]:
            shutil.copyfile(path, some / path.name)
        say(f"collect {count:,} files:")
        runs = {run: runner(some, run) for run in (FIRST, AGAIN)}
        for run, cost in take_turns(runs, repeat).items():
            figures.append({"files": count, "run": run, **asdict(cost)})
            rows.append((f"{count:,} files, {run}", *cells_a_file(cost, count)))
    yield from table(
        "The command `collect`, two processes",
        ("run", *A_FILE),
        rows,
    )


def in_short(figures: Figures) -> list[Short]:
    """The rows of the README's table."""
    commands = [row for row in figures if "run" in row]
    if not commands:
        return []
    first, again = commands[-2:]
    loops = {(row["format"], row["way"]): row["processor"] for row in figures if "way" in row}
    beside = ", ".join(
        f"{way} {loops[title, way] * 1000:.0f} ms"
        for title, way in (("Word", "python-docx"), ("PDF", "pypdf get_fields"))
        if (title, way) in loops
    )
    each = f"{first['processor'] / first['files'] * 1000:.1f} ms of processor time a file"
    return [
        Short(
            f"Collecting {first['files']:,} returned forms",
            cost_in(first),
            f"{each}; a bare loop that only reads: {beside}",
        ),
        Short("The same again, nothing new", cost_in(again)),
    ]


def main() -> None:
    parser = options_of(__doc__)
    parser.add_argument("--loop", nargs=3, help="for the benchmark's own use")
    parser.add_argument("--returns", type=int, default=1000, help="files that each reader reads")
    parser.add_argument("--files", type=int, nargs="*", default=[1000])
    options = parser.parse_args()
    if options.loop:
        answer_loop(LOOPS, *options.loop)
        return
    figures: Figures = []
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="collect-", dir=options.folder) as name:
        folder = Path(name)
        say("the returns are made")
        prepare(folder, max(options.returns, *(count // 2 for count in options.files)))
        lines += compare_answers(folder, 100)
        lines += compare_loops(__file__, LOOPS, folder, options.returns, options.repeat, figures)
        lines += whole(options.files, folder, options.repeat, figures)
    store(options.write, "Collecting", lines, figures, in_short(figures))


if __name__ == "__main__":
    main()
