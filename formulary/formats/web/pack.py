"""Write the small page of a pack, which opens a form in the handbook with a person's answers in it.

The answers are in the file alone: no address holds them, and no server gets them. The file opens
the handbook's page and hands them over as a message between windows (HTML, 9.3), which that page
takes only when the person agrees. The file may run its own script and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from formulary.documents.blank import Blank, Question
from formulary.documents.filling import Prepared
from formulary.formats.web.page import template
from formulary.formats.web.script import FOLDER


@dataclass(frozen=True)
class PreparedPage(Prepared):
    """A form's page in the handbook, at `address`, ready to be opened for many people.

    `mail` is the address of whoever gets the form next; empty where it is not known.
    """

    blank: Blank
    address: str
    mail: str = ""

    @property
    def asked(self) -> Mapping[str, Question]:
        """The questions by their ids, in the order of the form."""
        return {question.id: question for question in self.blank.questions()}

    def fill(self, values: Mapping[str, str], person: str, carried: str = "") -> bytes:
        """The page for one person; see `Prepared.fill`."""
        self.refuse_misfits(values)
        blank, stamp = self.blank, self.blank.stamp
        asked = [(q, values.get(q.id) or q.value) for q in blank.questions()]
        shown = [(q, value) for q, value in asked if value]
        given = {q.id: value for q, value in shown}
        name = self.name_in(given)
        copy = {
            "marks": {
                "Form": stamp.form,
                "Organisation": stamp.organisation,
                "Edition": stamp.edition,
                "Digest": stamp.digest,
                "Person": person,
                "Carried": carried,
            },
            "values": given,
            "name": name,
            "mail": self.mail,
        }
        address = urlsplit(self.address)
        origin = "" if address.scheme == "file" else f"{address.scheme}://{address.netloc}"
        data = {"address": self.address, "origin": origin, "copy": copy}
        script, style = (_read(f"pack.{ending}") for ending in ("js", "css"))
        made: str = template("pack.html.j2").render(
            blank=blank,
            name=name,
            shown=[(q, "ticked" if q.kind == "checkbox" else value) for q, value in shown],
            address=self.address,
            script=Markup(script),
            style=Markup(style),
            policy="default-src 'none'; base-uri 'none'; form-action 'none'; "
            f"script-src '{_hash_of(script)}'; style-src '{_hash_of(style)}'",
            data=Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")),
        )
        return made.encode()


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _hash_of(text: str) -> str:
    """How a content security policy names an inline script or style sheet (CSP 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
