"""The words of a page or of a drawing, which pypdf extracts.

pypdf sees a new document that pikepdf has written, of one page with this content: what is broken,
encrypted or endless in the file that came back does not reach it.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from typing import Any

from pikepdf import Array, Dictionary, Name, Page, Pdf, StreamDecodeLevel

_LIMITS: Mapping[str, Any] = {
    "array_based_stream_maximum_output_length": 2_000_000,
    "lzw_maximum_output_length": 2_000_000,
    "run_length_maximum_output_length": 2_000_000,
    "zlib_maximum_output_length": 2_000_000,
    "stream_decoding_work_maximum_length": 8_000_000,
    "xform_maximum_invocations_per_extraction": 100,
    "jbig2dec_binary": None,
}
"""Bytes of one stream that are decoded, and drawings within a drawing that are followed."""

# what pypdf finds odd in a font is of no use to those who collect forms
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def extract_text(document: Pdf, content: Any, resources: Any) -> str:
    """The words that `content` shows, a stream or an array of streams, with these resources.

    Both are of `document`. Raises ValueError where the words cannot be had.
    """
    from pypdf import PdfReader, apply_configuration  # slow to load, and no build reads a page

    if content is None:
        return ""
    page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 600, 850]), Contents=content)
    if resources is not None:
        page["/Resources"] = resources
    out = io.BytesIO()
    with Pdf.new() as copy:
        copy.pages.append(Page(document.make_indirect(page)))
        copy.save(out, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
    try:
        with apply_configuration(**_LIMITS):
            return PdfReader(out).pages[0].extract_text()
    except Exception as error:  # pypdf raises whatever the content leads it to
        raise ValueError("the text cannot be extracted") from error
