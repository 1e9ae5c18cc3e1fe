"""Pages as a person sees them: PDF and Word files go in, PDF files and text come out.

Of filled fields, poppler's text takes in their appearances, and PDFium's leaves them out.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.checkers import tools

POPPLER = "apt-get install poppler-utils"


def docx_to_pdf(paths: Sequence[Path], out_dir: Path) -> list[Path]:
    """Turn Word files into PDF files of the same names in `out_dir`, with one start of LibreOffice.

    Raises ToolError where a file came to nothing, and ValueError where two have one name.
    """
    if len({path.stem for path in paths}) != len(paths):
        raise ValueError("two files of one name")
    if not paths:
        return []
    soffice = tools.program("soffice", "apt-get install libreoffice-writer-nogui")
    out_dir.mkdir(parents=True, exist_ok=True)
    made = [out_dir / f"{path.stem}.pdf" for path in paths]
    for old in made:
        old.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="formulary-office-") as profile:
        user = f"-env:UserInstallation={Path(profile).as_uri()}"
        options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(out_dir)]
        tools.run([soffice, user, *options, *(str(path.resolve()) for path in paths)])
    lacking = [path.name for path in made if not path.is_file()]
    if lacking:
        raise tools.ToolError(f"LibreOffice did not make {lacking}")
    return made


def pdf_text(pdf: Path) -> str:
    """The text of all pages by poppler, laid out in reading order; it takes in filled fields."""
    return tools.run([tools.program("pdftotext", POPPLER), "-enc", "UTF-8", pdf, "-"])


def pdfium_text(pdf: Path) -> str:
    """The text of all pages by PDFium, a form feed between them, with what filled fields show.

    PDFium leaves fields out of a page's text, so their appearances are first drawn into the page
    (FPDFPage_Flatten), in memory only.
    """
    pdfium = tools.python_module("pypdfium2", "pip install pypdfium2")
    document = pdfium.PdfDocument(pdf)
    try:
        texts = []
        for number in range(len(document)):
            page = document[number]
            pdfium.raw.FPDFPage_Flatten(page, pdfium.raw.FLAT_NORMALDISPLAY)
            texts.append(document[number].get_textpage().get_text_range())
    finally:
        document.close()
    return "\f".join(texts).replace("\r\n", "\n")


def fields_shown(pdf: Path) -> dict[str, str]:
    """The text that each text and drop-down field's appearance draws, by full field name.

    Each appearance is laid alone on a page of its own and read by poppler, so this is what a
    viewer shows before it makes anything anew, to hold against the field's value. Blanks at line
    ends are cut. A field without a normal appearance has "".
    """
    pikepdf = tools.python_module("pikepdf", "pip install pikepdf")
    with pikepdf.open(pdf) as source, pikepdf.new() as alone:
        names = []
        for page in source.pages:
            for widget in page.get("/Annots", []):
                drawn = widget.get("/AP", {}).get("/N")
                if widget.get("/Subtype") != "/Widget" or _kind(widget) not in ("/Tx", "/Ch"):
                    continue
                names.append(_name(widget))
                sheet = alone.add_blank_page(page_size=(2000, 2000))
                if drawn is not None:
                    sheet.Resources = pikepdf.Dictionary(
                        XObject=pikepdf.Dictionary(Field=alone.copy_foreign(drawn))
                    )
                    sheet.Contents = alone.make_stream(b"q 1 0 0 1 200 800 cm /Field Do Q")
        with tempfile.TemporaryDirectory() as folder:
            alone.save(Path(folder) / "fields.pdf")
            texts = pdf_text(Path(folder) / "fields.pdf").split("\f")
    lines = ("\n".join(line.rstrip() for line in text.strip().splitlines()) for text in texts)
    return dict(zip(names, lines, strict=False))


def _kind(widget: Any) -> str:
    return next(iter(_inherited(widget, "/FT")), "")


def _name(widget: Any) -> str:
    return ".".join(reversed(_inherited(widget, "/T")))


def _inherited(field: Any, key: str) -> list[str]:
    """The key's values from a widget up to its topmost parent."""
    found = []
    at = field
    while at is not None:
        if key in at:
            found.append(str(at[key]))
        at = at.get("/Parent")
    return found
