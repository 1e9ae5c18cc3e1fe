"""Edits Word documents in headless LibreOffice: run by a Python that has `uno`.

Standard input: {"soffice": path, "jobs": [{"docx": path, "out": path, "record": bool, "edits":
[[kind, words, new words], ...]}]}. With `record`, changes are tracked. Kinds are: replace; bold and
plain; link (the new words are the address); split (after the words); join (the paragraph with the
one below it); below (a new paragraph below the one with the words); delete (the paragraph with the
words); row (a new row below the one whose cell is the words, its cells parted by |).
"""

import json
import sys
from pathlib import Path
from typing import Any

from libreoffice_fill import make_property, open_office, uno

BREAK = 0
"""com.sun.star.text.ControlCharacter.PARAGRAPH_BREAK"""


def main() -> None:
    """Do every job with one start of LibreOffice."""
    order = json.load(sys.stdin)
    with open_office(order["soffice"]) as desktop:
        for job in order["jobs"]:
            hidden = make_property("Hidden", True)
            document = desktop.loadComponentFromURL(
                Path(job["docx"]).as_uri(), "_blank", 0, (hidden,)
            )
            try:
                document.RecordChanges = job["record"]
                for kind, words, new in job["edits"]:
                    edit(document, kind, words, new)
                name = make_property("FilterName", "MS Word 2007 XML")
                document.storeToURL(Path(job["out"]).as_uri(), (name,))
            finally:
                document.close(True)


def edit(document: Any, kind: str, words: str, new: str) -> None:
    """One edit, where the words are found last: not in the contents."""
    if kind == "row":
        add_row(document, words, new.split("|"))
        return
    search = document.createSearchDescriptor()
    search.SearchString = words
    search.SearchCaseSensitive = True
    every = document.findAll(search)
    if not every.Count:
        raise ValueError(f"“{words}” is nowhere")
    found = every.getByIndex(every.Count - 1)
    text = found.Text
    if kind == "replace":
        found.setString(new)
    elif kind in ("bold", "plain"):
        found.CharWeight = 150.0 if kind == "bold" else 100.0
        if kind == "plain":
            found.CharPosture = uno.Enum("com.sun.star.awt.FontSlant", "NONE")
    elif kind == "link":
        found.HyperLinkURL = new
    elif kind == "split":
        text.insertControlCharacter(found.End, BREAK, False)
    elif kind == "below":
        cursor = text.createTextCursorByRange(found.End)
        cursor.gotoEndOfParagraph(False)
        text.insertControlCharacter(cursor, BREAK, False)
        text.insertString(cursor, new, False)
    elif kind == "join":
        cursor = text.createTextCursorByRange(found.End)
        cursor.gotoEndOfParagraph(False)
        cursor.goRight(1, True)
        cursor.setString(" ")
    elif kind == "delete":
        cursor = text.createTextCursorByRange(found)
        cursor.gotoStartOfParagraph(False)
        cursor.gotoNextParagraph(True)
        cursor.setString("")
    else:
        raise ValueError(kind)


def add_row(document: Any, words: str, cells: list[str]) -> None:
    """A row below the one whose cell is `words`."""
    for table in document.TextTables:
        for name in table.CellNames:
            if table.getCellByName(name).String == words:
                row = int(name[1:])
                table.Rows.insertByIndex(row, 1)
                for column, said in zip("ABCDEFG", cells, strict=False):
                    table.getCellByName(f"{column}{row + 1}").setString(said)
                return
    raise ValueError(f"no cell is “{words}”")


if __name__ == "__main__":
    main()
