"""The papers of the examples, imported again: the same sections, clauses, numbers and questions."""

from __future__ import annotations

import html
import io
import re
import zipfile

import pytest
from lxml import etree

from formulary.content.form import FormSection
from formulary.content.loading import Content
from formulary.content.policy import Clause, Policy, numbers
from formulary.documents.blank import compose_blank
from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition
from formulary.formats.word.form import write_blank
from formulary.formats.word.ooxml import w
from formulary.formats.word.policy import write_policy
from formulary.imports.forms import import_form
from formulary.imports.policy import import_policy
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"


@pytest.mark.parametrize("id", ["cwac", "dgat", "ealing", "pclc", "staploe"])
def test_our_own_policy_comes_back_as_it_was(
    id: str, content: Content, editions: tuple[Edition, ...]
) -> None:
    edition = next(one for one in editions if one.organisation.id == id)
    data = write_policy(compose_paper(edition), HOUSE)
    imported = import_policy(data, "policy.docx", edition.organisation.name)
    assert imported.problems == ()
    assert not imported.words.missing
    assert not imported.words.added
    own, back = edition.policy, imported.policy
    assert back is not None
    printing = frozenset(clause.id for _, clause in own.clauses() if prints_more(clause))
    assert outline(back, printing) == outline(own, printing)
    assert numbers(back) == numbers(own)
    assert imported.differences == ()
    assert (back.title, back.numbering, back.version) == (own.title, own.numbering, own.version)


def outline(policy: Policy, printing: frozenset[str]) -> list[tuple[str, str, str, int]]:
    """Each clause with its section, its title, and how many entries its list has.

    Where a clause prints what is in other files (`printing`), its list is theirs too.
    """
    return [
        (
            section.id,
            clause.id,
            _words(clause.title or ""),
            -1 if clause.id in printing else len(clause.points),
        )
        for section, clause in policy.clauses()
    ]


def prints_more(clause: Clause) -> bool:
    """Whether a clause prints more than its own list: a table of data, or a list in its text."""
    texts = f"{clause.text or ''}\n{clause.closing or ''}"
    lists = re.search(r"^(?:- |\d+\. )", texts, re.MULTILINE)
    return bool(clause.shows or clause.sample or clause.diagram or clause.prints or lists)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", html.unescape(re.sub(r"\{\{.*?\}\}", "", text))))


def without_controls(data: bytes) -> bytes:
    """A form as somebody would make it in Word: the same words and lines, nothing to fill in."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(made, "w") as copy:
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(part)
                for control in list(root.iter(w("sdt"))):
                    home, content = control.getparent(), control.find(w("sdtContent"))
                    at = home.index(control)
                    for place, child in enumerate(list(content)):
                        home.insert(at + place, child)
                    home.remove(control)
                for text in root.iter(w("t")):
                    if (text.text or "").strip() in ("dd/mm/yyyy", "Choose an item"):
                        text.text = ""
                part = etree.tostring(root)
            if name != "docProps/custom.xml":
                copy.writestr(name, part)
    return made.getvalue()


def test_our_own_formswithout_controls_keep_their_questions(editions: tuple[Edition, ...]) -> None:
    first = {
        form.id: (edition, offer, form) for edition in editions for offer, form in edition.forms
    }
    wanted = found = of_kind = too_many = 0
    for edition, offer, form in first.values():
        if any(section.letter or is_matrix(section) for section in form.sections):
            continue
        blank = compose_blank(edition, offer, form)
        imported = import_form(without_controls(write_blank(blank, HOUSE)), "form.docx", set())
        assert imported.form is not None
        assert not imported.words.missing
        ours = {_words(q.label).casefold(): _kind(q.kind) for q in blank.questions()}
        theirs: dict[str, set[str]] = {}
        for _, one in imported.listing:
            theirs.setdefault(_words(one.label).casefold(), set()).add(_kind(one.kind))
        wanted += len(ours)
        found += len(ours.keys() & theirs.keys())
        of_kind += sum(kind in theirs.get(label, ()) for label, kind in ours.items())
        too_many += len(theirs.keys() - ours.keys())
    assert found >= 0.98 * wanted
    assert of_kind >= 0.9 * found
    assert too_many <= 0.02 * wanted


def is_matrix(section: FormSection) -> bool:
    """Whether its table asks of each standard, or each area of the career stages."""
    return section.table is not None and section.table.rows in ("standards", "career-stages.areas")


def _kind(kind: str) -> str:
    alike = {"yes-no": "choice"}
    return alike.get(kind, kind if kind in ("date", "choice", "checkbox", "multiline") else "text")
