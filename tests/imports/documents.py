"""Word documents as people and programs write them, made part by part for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)


def _style(id: str, name: str, paragraph: str = "", look: str = "", more: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" {more}w:styleId="{id}"><w:name w:val="{name}"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{look}</w:rPr></w:style>"
    )


STYLES = (
    f'<w:styles xmlns:w="{W}">'
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + _style("Normal", "Normal", more='w:default="1" ')
    + _style("Title", "Title", look='<w:sz w:val="52"/>')
    + _style("Heading1", "heading 1", '<w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="32"/>')
    + _style("Heading2", "heading 2", '<w:outlineLvl w:val="1"/>', '<w:b/><w:sz w:val="26"/>')
    + _style(
        "NumberedHeading",
        "Numbered heading",
        '<w:outlineLvl w:val="0"/><w:numPr><w:numId w:val="9"/></w:numPr>',
        '<w:b/><w:sz w:val="32"/>',
    )
    + _style(
        "NumberedClause",
        "Numbered clause",
        '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="9"/></w:numPr>',
    )
    + "</w:styles>"
)


def _level(at: int, kind: str, text: str, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:numbering xmlns:w="{W}">'
    '<w:abstractNum w:abstractNumId="1">'
    + _level(0, "bullet", "\uf0b7")
    + _level(1, "bullet", "o")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    + _level(0, "lowerLetter", "(%1)")
    + _level(1, "lowerRoman", "(%2)")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="3">'
    + _level(0, "decimal", "%1.")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="9">'
    + _level(0, "decimal", "%1.", more='<w:pStyle w:val="NumberedHeading"/>')
    + _level(1, "decimal", "%1.%2", more='<w:pStyle w:val="NumberedClause"/>')
    + _level(2, "decimal", "%1.%2.%3")
    + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="5"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    '<w:num w:numId="6"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="3"/></w:lvlOverride></w:num>'
    '<w:num w:numId="9"><w:abstractNumId w:val="9"/></w:num>'
    "</w:numbering>"
)


def run(text: str, *, bold: bool = False, size: int = 0, more: str = "") -> str:
    """A run; `size` in half-points, tabs and line breaks as \\t and \\n."""
    look = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{size}"/>' if size else "") + more
    body = ""
    for at, line in enumerate(text.split("\n")):
        body += "<w:br/>" if at else ""
        for place, part in enumerate(line.split("\t")):
            body += "<w:tab/>" if place else ""
            body += f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
    return f"<w:r><w:rPr>{look}</w:rPr>{body}</w:r>"


def p(
    text: str = "",
    *,
    style: str = "",
    list_id: int = 0,
    level: int = 0,
    bold: bool = False,
    size: int = 0,
    look: str = "",
    indent: int = 0,
    runs: str = "",
) -> str:
    """A paragraph; `runs` is XML of runs that comes instead of `text`."""
    own = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list_id:
        own += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    if indent:
        own += f'<w:ind w:left="{indent}"/>'
    return f"<w:p><w:pPr>{own}</w:pPr>{runs or run(text, bold=bold, size=size, more=look)}</w:p>"


def cell(*paragraphs: str, span: int = 1, merge: str = "", shaded: bool = False) -> str:
    """A cell of paragraphs, given as XML or as words; `merge` is restart or continue."""
    own = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    own += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    own += '<w:shd w:fill="D9E2F3"/>' if shaded else ""
    inner = "".join(one if one.startswith("<w:") else p(one) for one in paragraphs) or p("")
    return f"<w:tc><w:tcPr>{own}</w:tcPr>{inner}</w:tc>"


def table(*rows: Iterable[str]) -> str:
    """A table; each row has cells as words, or as XML made by `cell`."""
    body = "".join(
        f"<w:tr>{''.join(c if c.startswith('<w:tc>') else cell(c) for c in row)}</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/>{body}</w:tbl>"


def docx(*body: str, parts: dict[str, str] | None = None, namespace: str = W) -> bytes:
    """A Word document of such paragraphs and tables; `parts` are further parts of the package."""
    main = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"
    )
    files = {
        "[Content_Types].xml": _TYPES,
        "word/document.xml": main,
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        **(parts or {}),
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, text.replace(W, namespace))
    return data.getvalue()


def footnotes(**notes: str) -> dict[str, str]:
    """The part that holds footnotes, by their number: `footnotes(_1="See the law.")`."""
    inner = "".join(
        f'<w:footnote w:id="{id.lstrip("_")}">{p(text)}</w:footnote>' for id, text in notes.items()
    )
    return {"word/footnotes.xml": f'<w:footnotes xmlns:w="{W}">{inner}</w:footnotes>'}


def note(id: int) -> str:
    """A run that calls a footnote."""
    return f'<w:r><w:footnoteReference w:id="{id}"/></w:r>'


def text_box(words: str) -> str:
    """A text box as Word writes it: for new programs, and once more for old ones."""
    inner = f"<w:txbxContent>{p(words)}</w:txbxContent>"
    return (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        f"<wps:txbx>{inner}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def inserted(text: str) -> str:
    return f'<w:ins w:id="1" w:author="A">{run(text)}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="A"><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>'
