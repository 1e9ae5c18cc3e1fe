"""How fast returned forms are read, side by side with what people would use instead.

    python benchmarks/collect.py [--returns 100 1000 10000] [--repeat 3]
                                 [--write benchmarks/collect.md]

Every contestant reads the same files of one form and gives every answer; that the answers are equal
is looked at, once, before the times are taken. Each runs in a process of its own, in turns, and
says how long its loop took and how much memory it held; starting Python is outside the loop, for
all alike. Ratios are taken within one run. Then the whole command `collect` reads the same returns.
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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common import ROOT, Figures, ran, store, told
from packs import most_held

ORGANISATION, FORM = "pclc", "pm-form"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"

Values = Mapping[str, str]


@dataclass(frozen=True)
class Contestant:
    """Something that reads a return; `reader()` gives a function from bytes to raw values."""

    name: str
    format: str
    reader: Callable[[Any], Callable[[bytes], Values]]


def ours(ending: str) -> Callable[[Any], Callable[[bytes], Values]]:
    def reader(blank: Any) -> Callable[[bytes], Values]:
        from formulary.pipeline.formats import FORMATS

        way = next(one for one in FORMATS if one.ending == ending)

        def read(data: bytes) -> Values:
            found = way.read(data, lambda identity: blank)
            return {id: answer.value for id, answer in found.answers.items()}

        return read

    return reader


def pypdf_loop(blank: Any) -> Callable[[bytes], Values]:
    from pypdf import PdfReader

    def read(data: bytes) -> Values:
        fields = PdfReader(io.BytesIO(data)).get_fields() or {}
        return {name: str(field.get("/V", "")) for name, field in fields.items()}

    return read


def docx_walk(blank: Any) -> Callable[[bytes], Values]:
    """Paragraphs and tables by python-docx, and in each the content controls by their tag."""
    from docx import Document

    def read(data: bytes) -> Values:
        document = Document(io.BytesIO(data))
        held: dict[str, str] = {}
        for block in document.iter_inner_content():
            if hasattr(block, "rows"):
                table(block, held)
            else:
                controls(block._p, held)
        # controls round whole rows, cells or paragraphs are in no paragraph of python-docx's
        for node in document.element.body.iter(f"{WORD}sdt"):
            control(node, held)
        return held

    def table(found: Any, held: dict[str, str]) -> None:
        for row in found.rows:
            for cell in row.cells:
                for block in cell.iter_inner_content():
                    if hasattr(block, "rows"):
                        table(block, held)
                    else:
                        controls(block._p, held)

    def controls(paragraph: Any, held: dict[str, str]) -> None:
        for node in paragraph.iter(f"{WORD}sdt"):
            control(node, held)

    def control(node: Any, held: dict[str, str]) -> None:
        properties = node.find(f"{WORD}sdtPr")
        tag = properties.find(f"{WORD}tag") if properties is not None else None
        if tag is None or tag.get(f"{WORD}val") in held:
            return
        ticked = properties.find(f"{WORD_2010}checkbox/{WORD_2010}checked")
        if ticked is not None:
            value = "yes" if ticked.get(f"{WORD_2010}val") == "1" else ""
        elif properties.find(f"{WORD}showingPlcHdr") is not None:
            value = ""
        else:
            value = words(node.find(f"{WORD}sdtContent"))
        held[tag.get(f"{WORD}val")] = value

    def words(content: Any) -> str:
        pieces = []
        for node in content.iter(f"{WORD}t", f"{WORD}br"):
            pieces.append("\n" if node.tag == f"{WORD}br" else node.text or "")
        return "".join(pieces)

    return read


CONTESTANTS = (
    Contestant("Formulary", "pdf", ours("pdf")),
    Contestant("pypdf get_fields loop", "pdf", pypdf_loop),
    Contestant("Formulary", "docx", ours("docx")),
    Contestant("python-docx walk", "docx", docx_walk),
)


def contest(place: int, folder: Path, count: int) -> None:
    """Run one contestant in this process, and print its seconds and its memory in MB as JSON."""
    one = CONTESTANTS[place]
    read = one.reader(pickle.loads((folder / "blank.pickle").read_bytes()))
    files = sorted((folder / "returns").glob(f"*.{one.format}"))[:count]
    read(files[0].read_bytes())
    started = time.perf_counter(), time.process_time()
    for path in files:
        read(path.read_bytes())
    seconds, busy = time.perf_counter() - started[0], time.process_time() - started[1]
    print(json.dumps({"seconds": seconds, "busy": busy, "memory": most_held()}))


def run(place: int, folder: Path, count: int) -> dict[str, float]:
    words = [sys.executable, __file__, "--contest", str(place), str(folder), str(count)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def prepare(folder: Path, count: int) -> dict[str, dict[str, int]]:
    """Write `count` returns in each format, and the blank.

    A third of the PDFs are as our filler left them, saved as an update; a third were saved anew by
    another program; a third have gone through PDFium, as in a browser. Gives how many of each.
    """
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
    (folder / "blank.pickle").write_bytes(pickle.dumps(blank))
    house = ROOT / "forms" / "house"
    ready = {
        "pdf": prepare_pdf(write_pdf(blank, house), blank),
        "docx": prepare_word(write_word(blank, house), blank),
    }
    (folder / "staff.csv").write_bytes(make_staff(count, edition.organisation, 1))
    staff = read_staff((folder / "staff.csv").read_bytes(), "staff.csv", edition.organisation, None)
    going = preflight(edition, staff).going
    returns = folder / "returns"
    returns.mkdir()
    ways: dict[str, dict[str, int]] = {"pdf": {}, "docx": {}}
    for place in range(count):
        one = going[place % len(going)]
        given = {**answers(blank, place), **values(one, edition, blank)}
        for ending, form_ in ready.items():
            misfits = {misfit.field for misfit in form_.misfits(given)}
            fitting = {id: value for id, value in given.items() if id not in misfits}
            way, resaved = (
                (("an update", same), ("saved anew", saved_anew), ("through PDFium", by_pdfium))[
                    place % 3
                ]
                if ending == "pdf"
                else ("filled in", same)
            )
            data = resaved(form_.filled(fitting, one.person.id))
            (returns / f"{place:05}.{ending}").write_bytes(data)
            ways[ending][way] = ways[ending].get(way, 0) + 1
    return ways


def answers(blank: Any, place: int) -> dict[str, str]:
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


def same(data: bytes) -> bytes:
    return data


def saved_anew(data: bytes) -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def by_pdfium(data: bytes) -> bytes:
    import pypdfium2

    out = io.BytesIO()
    document = pypdfium2.PdfDocument(data)
    try:
        document.save(out, flags=0)
    finally:
        document.close()
    return out.getvalue()


def compared(folder: Path, count: int) -> Iterator[str]:
    """Whether all contestants of a format give the same answers, file by file."""
    blank = pickle.loads((folder / "blank.pickle").read_bytes())
    questions = {question.id: question for question in blank.questions()}

    def bare(id: str, value: str) -> str:
        if questions[id].kind == "checkbox":
            value = "yes" if value in ("yes", "/Yes") else ""
        return value.replace("\r\n", "\n").replace("\r", "\n")

    for ending, title in (("pdf", "PDF"), ("docx", "Word")):
        readers = [one.reader(blank) for one in CONTESTANTS if one.format == ending]
        unequal = 0
        for path in sorted((folder / "returns").glob(f"*.{ending}"))[:count]:
            first, *rest = (
                {
                    id: bare(id, value)
                    for id, value in read(path.read_bytes()).items()
                    if id in questions
                }
                for read in readers
            )
            unequal += any(other != first for other in rest)
        said = "the same answers" if not unequal else f"OTHER answers in {unequal} files"
        yield f"{title}: of {count:,} files the contestants give {said}."


def tables(counts: list[int], repeat: int, folder: Path, figures: Figures) -> Iterator[str]:
    for ending, title in (("pdf", "PDF"), ("docx", "Word")):
        yield f"\n### One form in {title}\n"
        yield "| returns | way | ms a return | returns a second | Formulary is faster by | memory |"
        yield "|---:|---|---:|---:|---:|---:|"
        places = [n for n, one in enumerate(CONTESTANTS) if one.format == ending]
        for count in counts:
            best: dict[int, dict[str, float]] = {}
            for _ in range(repeat):
                for place in places:
                    told(f"{title}, {count:,}: {CONTESTANTS[place].name}")
                    found = run(place, folder, count)
                    if place not in best or found["busy"] < best[place]["busy"]:
                        best[place] = found
            own = best[places[0]]["busy"]
            for place in places:
                busy, memory = best[place]["busy"], best[place]["memory"]
                faster = "" if place == places[0] else f"{busy / own:.1f}"
                figures.append(
                    {"format": title, "count": count, "way": CONTESTANTS[place].name}
                    | {"ms": busy / count * 1000, "slower": busy / own, "memory": memory}
                )
                yield (
                    f"| {count:,} | {CONTESTANTS[place].name} | {busy / count * 1000:.2f} "
                    f"| {count / busy:,.0f} | {faster} | {memory:.0f} MB |"
                )


def whole(counts: list[int], folder: Path, figures: Figures) -> Iterator[str]:
    """The table of the command itself, over as many files of both formats."""
    yield "\n### The command `collect`, two processes\n"
    yield "| files | run | seconds | files a second | memory of all processes |"
    yield "|---:|---|---:|---:|---:|"
    for count in counts:
        some, out = folder / f"in-{count}", folder / f"out-{count}"
        some.mkdir()
        for path in sorted((folder / "returns").iterdir())[:count]:
            shutil.copyfile(path, some / path.name)
        words = ["build.py", "collect", str(some), "--org", ORGANISATION]
        words += ["--staff", str(folder / "staff.csv"), "--out", str(out), "--jobs", "2"]
        for which in ("first", "nothing new"):
            told(f"collect {count:,} files, {which}")
            run = ran(words, ROOT)
            speed = f"{count / run.seconds:,.0f}"
            figures.append(
                {"files": count, "run": which, "seconds": run.seconds, "memory": run.memory}
            )
            yield f"| {count:,} | {which} | {run.seconds:.1f} | {speed} | {run.memory:.0f} MB |"
        shutil.rmtree(out)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--contest", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--returns", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", type=Path, default=None)
    options = parser.parse_args()
    if options.contest:
        place, load, count = options.contest
        contest(int(place), Path(load), int(count))
        return
    with tempfile.TemporaryDirectory(prefix="collect-") as name:
        folder = Path(name)
        ways = prepare(folder, max(options.returns))
        figures: Figures = []
        lines = [
            "PDF returns: " + ", ".join(f"{n:,} {way}" for way, n in ways["pdf"].items()) + "."
        ]
        for part in (
            compared(folder, min(options.returns)),
            tables(options.returns, options.repeat, folder, figures),
            whole(options.returns, folder, figures),
        ):
            lines.extend(part)
    store(options.write, "Collecting, side by side", lines, figures, in_short(figures))


def in_short(figures: Figures) -> list[tuple[str, str]]:
    """The rows of the README's table."""
    rows = []
    for title in ("Word", "PDF"):
        own, other = [one for one in figures if one.get("format") == title][-2:]
        said = f"{own['ms']:.2f} ms; {other['way']} {other['slower']:.1f} times as long"
        rows.append((f"Reading a returned form in {title}", said))
    first, again = [one for one in figures if "run" in one][-2:]
    said = f"{first['seconds']:.0f} s; {again['seconds']:.0f} s again with nothing new"
    rows.append(
        (f"Collecting {first['files']:,} returned forms", f"{said}; {first['memory']:.0f} MB")
    )
    return rows


if __name__ == "__main__":
    main()
