"""How long a policy in Word and PDF takes, beside what people would use instead.

    python benchmarks/policy.py [--write FILE.md]

Every contestant is a whole command, start and reading included, that makes one file of the same
policy: LibreOffice of the Word file, pandoc and WeasyPrint of the article in the handbook's page.
veraPDF says which PDFs conform to PDF/UA-1, the standard for accessible PDF.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from common import (
    COST,
    ROOT,
    Cost,
    Figures,
    MissingError,
    cells,
    options_of,
    run_build_py,
    run_command,
    say,
    store,
    table,
    take_turns,
)

STYLE = """
@page { size: A4; margin: 25mm }
body { font-family: "Source Sans Pro", sans-serif; font-size: 11pt; line-height: 1.4 }
table { border-collapse: collapse } td, th { border: 1px solid; padding: 2mm; text-align: left }
"""
"""WeasyPrint's style: with that of the handbook, made for a screen, it loses the later pages."""

ACCESSIBLE = (
    'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
"""LibreOffice's filter for the most accessible PDF that it makes."""


@dataclass(frozen=True)
class Maker:
    """What makes a policy: its command for a folder of sources and a file to write."""

    name: str
    file: str
    command: Callable[[Path, Path], list[str | Path]]
    note: str


def formulary(source: Path, made: Path) -> list[str | Path]:
    return [sys.executable, __file__, "--make", made]


def libreoffice(source: Path, made: Path) -> list[str | Path]:
    profile = f"-env:UserInstallation={(source / 'profile').as_uri()}"
    words = [program("soffice"), profile, "--headless", "--convert-to", ACCESSIBLE]
    return [*words, "--outdir", made.parent, source / made.with_suffix(".docx").name]


def weasyprint(source: Path, made: Path) -> list[str | Path]:
    words = [program("weasyprint"), "--quiet", "--pdf-variant", "pdf/ua-1"]
    return [*words, source / "policy.html", made]


def pandoc(source: Path, made: Path) -> list[str | Path]:
    return [program("pandoc"), "--toc", source / "policy.html", "-o", made]


MAKERS = (
    Maker(
        "Formulary, from YAML to PDF",
        "formulary.pdf",
        formulary,
        "reads the organisation's content first",
    ),
    Maker(
        "LibreOffice, from Word to PDF",
        "policy.pdf",
        libreoffice,
        "needs the Word file first",
    ),
    Maker(
        "WeasyPrint, from HTML to PDF",
        "weasyprint.pdf",
        weasyprint,
        "needs the page first, and a style; no cover, no contents, no code of the edition",
    ),
    Maker(
        "Formulary, from YAML to Word",
        "formulary.docx",
        formulary,
        "reads the organisation's content first",
    ),
    Maker(
        "pandoc, from HTML to Word",
        "pandoc.docx",
        pandoc,
        "needs the page first; makes no form fields, so no forms; contents once Word updates them",
    ),
)


def program(name: str) -> str:
    """The path of a program on the path or beside this Python; pandoc may be pypandoc's."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if not found and name == "pandoc":
        try:
            import pypandoc

            found = pypandoc.get_pandoc_path()
        except (ImportError, OSError):
            pass
    if not found:
        raise MissingError(f"there is no {name}")
    return found


def prepare(folder: Path) -> None:
    """Build the handbook of the organisation, and write what the others make the policy of."""
    import product
    from lxml import html

    root = product.copy_project(folder / "project", 5)
    run_build_py(("--org", product.ORGANISATION), root)
    site = root / "site" / product.ORGANISATION
    shutil.copyfile(next((site / "downloads").glob("policy-*.docx")), folder / "policy.docx")
    page = html.parse(str(site / "policy" / "whole.html"))
    article = page.find(".//article")
    for part in article.xpath(
        ".//*[contains(@class, 'headerlink') or contains(@class, 'no-print')]"
    ):
        part.drop_tree()
    title = page.findtext(".//h1").strip()
    (folder / "policy.html").write_text(
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>{html.tostring(article, encoding='unicode')}"
        "</body></html>",
        encoding="utf-8",
    )


def runner(maker: Maker, folder: Path) -> Callable[[], Cost]:
    def run() -> Cost:
        made = folder / "made" / maker.file
        made.unlink(missing_ok=True)
        cost = run_command(maker.command(folder, made), ROOT)
        if not made.is_file():
            raise MissingError("it made no file")
        return cost

    return run


def accessibility(files: list[Path]) -> dict[Path, str]:
    """What veraPDF says of each PDF; nothing where it is not installed."""
    import pytest

    from tests.checkers.verapdf import pdfua_failures

    try:
        found = pdfua_failures(files)
    except (pytest.skip.Exception, pytest.fail.Exception) as reason:
        say(f"  veraPDF is left out: {reason}")
        return {}
    return {
        path: f"breaks {len({line.split()[0] for line in lines})} rules" if lines else "conforms"
        for path, lines in found.items()
    }


def compared(folder: Path, repeat: int, figures: Figures) -> Iterator[str]:
    """The table of all makers."""
    found = take_turns({maker.name: runner(maker, folder) for maker in MAKERS}, repeat)
    makers = [maker for maker in MAKERS if maker.name in found]
    made = {maker: folder / "made" / maker.file for maker in makers}
    judged = accessibility([path for path in made.values() if path.suffix == ".pdf"])
    rows = []
    for maker in makers:
        cost, path = found[maker.name], made[maker]
        size, conforms = path.stat().st_size / 1000, judged.get(path, "")
        facts = {"kB": size, "PDF/UA-1": conforms}
        figures.append({"way": maker.name, **asdict(cost), **facts})
        rows.append((maker.name, *cells(cost), f"{size:.0f} kB", conforms))
    yield from table("One policy", ("way", *COST, "size", "PDF/UA-1"), rows)
    yield ""
    yield from (f"- {maker.name}: {maker.note}." for maker in makers)


def main() -> None:
    parser = options_of(__doc__)
    parser.add_argument("--make", type=Path, help="for the benchmark's own use")
    options = parser.parse_args()
    if options.make:
        import product

        options.make.write_bytes(product.policy_file(options.make.suffix[1:]))
        return
    figures: Figures = []
    with tempfile.TemporaryDirectory(prefix="policy-", dir=options.folder) as name:
        folder = Path(name)
        (folder / "made").mkdir()
        prepare(folder)
        lines = [*compared(folder, options.repeat, figures)]
    store(options.write, "The policy", lines, figures, ())


if __name__ == "__main__":
    main()
