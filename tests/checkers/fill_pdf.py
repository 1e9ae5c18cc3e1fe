"""PDF forms filled by software that is not ours: a form and values go in, a filled form comes out.

Keys are full field names; values are str for text, date and drop-down fields, bool for check boxes.
"""

import ctypes
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checkers import tools

Values = Mapping[str, str | bool]
Job = tuple[Path, Values, Path]


def fill_with_pdfium(pdf: Path, values: Values, out: Path, *, exact: bool = True) -> None:
    """Fill `pdf` as a person does in Chrome or Edge: click into each field, type, leave it.

    Each field is found by its rectangle, so one that lies outside its page or under another
    cannot be filled. Raises KeyError for a name without a field and ValueError where the field
    holds something else than what was typed: an unknown item, or a text beyond /MaxLen. Where
    `exact` is false, what PDFium makes of a text is kept: of an emoji, half of its letter.

    PDFium stores line ends as CR LF. For a letter that the field's font lacks it adds a font of
    its own that is not embedded: the file is then no PDF/UA.
    """
    pdfium = tools.python_module("pypdfium2", "pip install pypdfium2")
    document = pdfium.PdfDocument(pdf)
    try:
        document.init_forms()
        filler = _Person(pdfium.raw, document.formenv, exact)
        left = dict(values)
        for number in range(len(document)):
            page = document[number]
            for widget in list(filler.widgets(page)):
                if widget.name in left:
                    filler.fill(page, widget, left.pop(widget.name))
        if left:
            raise KeyError(f"no field {sorted(left)} in {pdf}")
        document.save(out, flags=0)
    finally:
        document.close()


def fill_with_pdfjs(pdf: Path, values: Values, out: Path) -> None:
    """Fill `pdf` as Firefox does, through pdf.js's annotationStorage and saveDocument().

    Raises ToolError for a name without a field or an unknown item of a drop-down. The file is
    saved as an update to the old one. /MaxLen does not hold pdf.js back here, as it does a person.
    """
    fill_all_with_pdfjs([(pdf, values, out)])


def fill_all_with_pdfjs(jobs: Sequence[Job]) -> None:
    """`fill_with_pdfjs` for many files (pdf, values, out), in one process."""
    tools.node_module("pdfjs-dist")
    _node("pdfjs.mjs", jobs)


def fill_with_pdflib(pdf: Path, values: Values, out: Path) -> None:
    """Fill `pdf` with pdf-lib, given the form's own embedded font from /DR.

    Left to itself pdf-lib keeps the values but draws them with a Helvetica that it does not put
    into the file, "?" for letters such as Ż; PDF/UA-1 is then lost (7.21.4.1). Here it draws with
    the Type0 font that /DA names: nothing is embedded, and the file stays PDF/UA-1. pdf-lib reads
    the size in /DA without undoing escapes: where "/" is written \\057, as pypdf does for text
    strings, it picks a size of its own.
    Raises ToolError for a name without a field, an unknown item, or a text beyond /MaxLen.
    """
    fill_all_with_pdflib([(pdf, values, out)])


def fill_all_with_pdflib(jobs: Sequence[Job]) -> None:
    """`fill_with_pdflib` for many files (pdf, values, out), in one process."""
    tools.node_module("@cantoo/pdf-lib")
    tools.node_module("@pdf-lib/fontkit")
    _node("pdflib.mjs", jobs)


def fill_with_pikepdf(pdf: Path, values: Values, out: Path) -> None:
    """Fill `pdf` with pikepdf, which is qpdf: the values only, for viewers to draw.

    Raises KeyError for a name without a field and StopIteration for an unknown item.
    """
    pikepdf = tools.python_module("pikepdf", "pip install pikepdf")
    fields = tools.python_module("pikepdf.form", "pip install pikepdf")
    with pikepdf.open(pdf) as document:
        form = fields.Form(document)
        for name, value in values.items():
            field = form[name]
            if isinstance(value, bool):
                field.checked = value
            elif isinstance(field, fields.ChoiceField):
                item = next(one for one in field.options if one.display_value == value)
                field.selected = item
            else:
                field.value = value
        document.save(out)


def fill_with_pypdf(pdf: Path, values: Values, out: Path) -> None:
    """Fill `pdf` with pypdf, which draws what Windows-1252 has. A ticked box is /Yes."""
    pypdf = tools.python_module("pypdf", "pip install pypdf")
    writer = pypdf.PdfWriter(clone_from=pdf)
    states = {True: "/Yes", False: "/Off"}
    typed = {name: states.get(value, value) for name, value in values.items()}
    writer.update_page_form_field_values(None, typed)
    writer.write(out)


def read_pdf_fields(pdf: Path) -> dict[str, str | bool]:
    """Every field's value by its full name, line ends as "\\n", an empty field as "".

    A plain walk over /AcroForm /Fields (ISO 32000-1, 12.7.3) with pikepdf; it asks nothing of the
    project's code. A check box is True unless its value is /Off; push buttons and signatures are
    left out. Raises ValueError where two fields share a name.
    """
    pikepdf = tools.python_module("pikepdf", "pip install pikepdf")
    with pikepdf.open(pdf) as document:
        form = document.Root.get("/AcroForm", {})
        found: dict[str, str | bool] = {}
        for name, value in _values(form.get("/Fields", []), "", {}):
            if name in found:
                raise ValueError(f"two fields are called {name}")
            found[name] = value
        return found


def _node(script: str, jobs: Sequence[Job]) -> None:
    node = tools.program("node", "apt-get install nodejs")
    order = [
        {"pdf": str(pdf.resolve()), "out": str(out.resolve()), "values": dict(values)}
        for pdf, values, out in jobs
    ]
    tools.run([node, tools.HERE / script], stdin=json.dumps(order))


INHERITED = ("/FT", "/Ff", "/V")
PUSH_BUTTON = 1 << 16


def _values(
    fields: Any, above: str, inherited: Mapping[str, Any]
) -> Iterator[tuple[str, str | bool]]:
    for field in fields:
        own = {key: field[key] for key in INHERITED if key in field}
        facts = {**inherited, **own}
        name = ".".join(filter(None, (above, str(field.get("/T", "")))))
        children = [kid for kid in field.get("/Kids", []) if "/T" in kid]
        if children:
            yield from _values(children, name, facts)
        elif facts.get("/FT") == "/Btn":
            if not int(facts.get("/Ff", 0)) & PUSH_BUTTON:
                yield name, str(facts.get("/V", "/Off")) != "/Off"
        elif facts.get("/FT") in ("/Tx", "/Ch"):
            yield name, _text(facts.get("/V", ""))


def _text(value: Any) -> str:
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class _Widget:
    name: str
    kind: int
    x: float
    y: float
    checked: bool
    items: tuple[str, ...]


class _Person:
    """Clicks and types through PDFium's form-fill calls (fpdf_formfill.h)."""

    def __init__(self, raw: Any, form: Any, exact: bool) -> None:
        self.raw = raw
        self.form = form
        self.exact = exact

    def widgets(self, page: Any) -> Iterator[_Widget]:
        raw = self.raw
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            try:
                if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
                    yield self._widget(annotation)
            finally:
                raw.FPDFPage_CloseAnnot(annotation)

    def _widget(self, annotation: Any) -> _Widget:
        raw = self.raw
        box = raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(annotation, box)
        items = (
            self._string(raw.FPDFAnnot_GetOptionLabel, self.form, annotation, number)
            for number in range(raw.FPDFAnnot_GetOptionCount(self.form, annotation))
        )
        return _Widget(
            name=self._string(raw.FPDFAnnot_GetFormFieldName, self.form, annotation),
            kind=raw.FPDFAnnot_GetFormFieldType(self.form, annotation),
            x=(box.left + box.right) / 2,
            y=(box.top + box.bottom) / 2,
            checked=bool(raw.FPDFAnnot_IsChecked(self.form, annotation)),
            items=tuple(items),
        )

    def fill(self, page: Any, widget: _Widget, value: str | bool) -> None:
        if isinstance(value, bool):
            if value != widget.checked:
                self._click(page, widget)
        elif widget.kind == self.raw.FPDF_FORMFIELD_COMBOBOX:
            if value not in widget.items:
                raise ValueError(f"{widget.name} has no item {value!r}")
            self._click(page, widget)
            self.raw.FORM_SetIndexSelected(self.form, page, widget.items.index(value), True)
            self._expect(page, widget, value)
        else:
            self._click(page, widget)
            self.raw.FORM_SelectAllText(self.form, page)
            self.raw.FORM_ReplaceSelection(self.form, page, _utf16(value))
            self._expect(page, widget, value)
        self.raw.FORM_ForceToKillFocus(self.form)

    def _click(self, page: Any, widget: _Widget) -> None:
        place = (self.form, page, 0, widget.x, widget.y)
        self.raw.FORM_OnMouseMove(*place)
        self.raw.FORM_OnLButtonDown(*place)
        self.raw.FORM_OnLButtonUp(*place)

    def _expect(self, page: Any, widget: _Widget, value: str) -> None:
        typed = _text(self._string(self.raw.FORM_GetFocusedText, self.form, page))
        if self.exact and typed != value:
            raise ValueError(f"{widget.name} holds {typed!r} where {value!r} was typed")

    def _string(self, call: Any, *arguments: Any) -> str:
        """What one of PDFium's calls writes into a buffer of UTF-16, asked for its size first."""
        size = call(*arguments, None, 0)
        buffer = (self.raw.FPDF_WCHAR * (size // 2 + 1))()
        call(*arguments, buffer, size)
        return bytes(buffer)[:size].decode("utf-16-le").rstrip("\0")


def _utf16(text: str) -> Any:
    data = (text + "\0").encode("utf-16-le")
    return (ctypes.c_ushort * (len(data) // 2)).from_buffer_copy(data)
