"""Bytes as a file that is only in memory, the way in which qpdf, through pikepdf, is quickest."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from pikepdf import AccessMode


@contextmanager
def memory_file(data: bytes = b"") -> Iterator[tuple[BinaryIO, AccessMode]]:
    """A file that holds `data`, to be read and written, and how pikepdf is to open it.

    On Linux it is one of the system's, which qpdf reads and writes without Python in between.
    """
    if not hasattr(os, "memfd_create"):
        yield io.BytesIO(data), AccessMode.stream
        return
    with os.fdopen(os.memfd_create("document"), "w+b") as file:
        file.write(data)
        file.seek(0)
        yield file, AccessMode.mmap
