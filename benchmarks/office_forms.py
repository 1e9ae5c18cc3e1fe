"""Forms in Word as offices make them, each with the questions that it asks.

A line of the shorthand: `=` the title, `~` words that ask nothing, `##` a part, `?` a question with
its kind (and options after a bar), `#` a table with its rows and columns, `%` statements with a
scale.
"""

# ruff: noqa: E501  (a line of a table or of a document is a line)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from office_documents import openable, save_through

from tests.imports.documents import cell, docx, p, run, table

ABSENCE = """
= Return to Work Form
~ To be completed on the first day back.
## Employee details
? text | Name
? text | Job title
? text | School
? date | Date of birth
## Absence
? date | First day of absence
? date | Date of return
? number | Number of days absent
? long | Reason for absence
? yesno | Was the absence reported on the first day?
? choice | Kind of absence | Sickness | Injury at work | Other
## Support
? long | What would help you at work?
# 3 | Agreed actions | Action | By whom | By when
? tick | I have read the absence policy
## Signatures
? sign | Signed (employee)
? date | Date
? sign | Signed (line manager)
? date | Date
"""

REVIEW = """
= Annual Review Record
## The meeting
? text | Reviewee
? text | Reviewer
? date | Date of meeting
## Objectives
# 3 | Objectives | Objective | Success criteria | Evidence
## Standards
% Standards | Met | Partly met | Not met ; Plans and teaches well structured lessons ; Makes accurate use of assessment ; Manages behaviour effectively
## Discussion
? long | What has gone well this year?
? long | Training needs
? choice | Overall rating | Outstanding | Good | Requires improvement
? long | Comments of the reviewee
## Sign-off
? sign | Signature of reviewer
? date | Date signed
? email | E-mail address
"""

LEAVE = """
= Request for Leave of Absence
~ Please give this form to the school office at least two weeks before the leave begins.
## About you
? text | Full name
? text | Post held
? text | Line manager
## The leave
? date | From (date)
? date | To (date)
? choice | Type of leave | Paid | Unpaid | Toil
? long | Reason for the request
? money | Cost of cover (£)
? yesno | Has cover been arranged?
## Decision
? choice | Decision | Approved | Refused
? long | Comments
? sign | Signature of headteacher
? date | Date
"""

CONTENTS = {"absence": ABSENCE, "review": REVIEW, "leave": LEAVE}


@dataclass(frozen=True)
class FormHabits:
    """How an office makes a form. See the branches of `FormPrinter` for the names."""

    part: str = "style"
    ask: str = "pairs"
    choose: str = "boxes"
    table: str = "blank"
    matrix: str = "blank"
    through: tuple[str, ...] = ()


@dataclass
class FormGold:
    """What a form asks: labels with their kinds, and tables with their columns."""

    title: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


def read_gold(text: str) -> FormGold:
    gold = FormGold()
    for line in text.strip().splitlines():
        sign, _, rest = line.partition(" ")
        parts = [part.strip() for part in rest.split("|")]
        if sign == "=":
            gold.title = rest
        elif sign == "?":
            gold.asked.append((parts[1], parts[0]))
            gold.options[parts[1]] = tuple(parts[2:])
        elif sign == "#":
            gold.columns += parts[2:]
        elif sign == "%":
            _scale, *statements = (part.strip() for part in rest.split(";"))
            gold.statements += statements
    return gold


_LINE = "_" * 24
_WINGDING = '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
_OLD_BOX = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Check1"/><w:checkBox/>'
    "</w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_NEW_BOX = (
    '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>"
)
_OLD_TEXT = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Text1"/><w:textInput/>'
    "</w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>\u2002\u2002\u2002\u2002\u2002</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def _control(kind: str, options: tuple[str, ...] = ()) -> str:
    inner = {"date": "<w:date/>", "choice": "", "text": "<w:text/>"}[kind]
    if kind == "choice":
        items = "".join(f'<w:listItem w:displayText="{o}" w:value="{o}"/>' for o in options)
        inner = f'<w:dropDownList><w:listItem w:displayText="Choose an item." w:value=""/>{items}</w:dropDownList>'
    shown = "Click or tap here to enter text." if kind != "choice" else "Choose an item."
    return (
        f"<w:sdt><w:sdtPr>{inner}<w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run(shown)}"
        "</w:sdtContent></w:sdt>"
    )


class FormPrinter:
    """Prints a form in an office's habits."""

    def __init__(self, text: str, habits: FormHabits) -> None:
        self.lines, self.habits = text.strip().splitlines(), habits
        self.body: list[str] = []
        self.rows: list[list[str]] = []
        self.parts = 0

    def print(self) -> bytes:
        for line in self.lines:
            sign, _, rest = line.partition(" ")
            parts = tuple(part.strip() for part in rest.split("|"))
            if sign == "=":
                self.body.append(p(rest, bold=True, size=36))
            elif sign == "~":
                self.body.append(p(rest))
            elif sign == "##":
                self.part(rest)
            elif sign == "?":
                self.question(parts[0], parts[1], parts[2:])
            elif sign == "#":
                self.table(int(parts[0]), parts[1], parts[2:])
            elif sign == "%":
                scale, *statements = (part.strip() for part in rest.split(";"))
                self.matrix(tuple(part.strip() for part in scale.split("|"))[1:], statements)
        self.close()
        return openable(docx(*self.body))

    def close(self) -> None:
        if not self.rows:
            return
        if self.habits.ask == "fours":
            flat = [one for row in self.rows for one in row]
            self.rows = [flat[n : n + 4] for n in range(0, len(flat), 4)]
            if len(self.rows[-1]) == 2:
                self.rows[-1] = [self.rows[-1][0], *self.rows[-1][1:], "", ""]
        self.body.append(table(*self.rows))
        self.rows = []

    def part(self, title: str) -> None:
        self.parts += 1
        how = self.habits.part
        if how == "row" and self.rows:
            self.rows.append([cell(p(title, bold=True), span=2, shaded=True)])
            return
        self.close()
        if how == "row":
            self.rows.append([cell(p(title, bold=True), span=2, shaded=True)])
        elif how == "style":
            self.body.append(p(title, style="Heading1"))
        elif how == "bold":
            self.body.append(p(title, bold=True))
        elif how == "section":
            self.body.append(p(f"Section {self.parts}: {title}", bold=True))
        elif how == "part":
            self.body.append(p(f"PART {'ABCDEFG'[self.parts - 1]} – {title.upper()}", bold=True))
        elif how == "banner":
            self.body.append(table([cell(p(title, bold=True), shaded=True)]))

    def question(self, kind: str, label: str, options: tuple[str, ...]) -> None:
        if kind in ("choice", "yesno", "tick"):
            self.choice(kind, label, options or ("Yes", "No"))
            return
        how, add = self.habits.ask, self.body.append
        blanks = 3 if kind == "long" else 1
        if how in ("pairs", "fours"):
            self.rows.append([f"{label}:" if how == "pairs" else label, cell(*[""] * blanks)])
        elif how == "bolded":
            self.rows.append([cell(p(label, bold=True), shaded=True), cell(*[""] * blanks)])
        elif how == "above":
            self.rows += [[cell(label, span=2)], [cell("", span=2)]]
        elif how == "incell":
            self.rows.append([cell(f"{label}:", *[""] * blanks, span=2)])
        elif how == "underline":
            add(p(f"{label}: {_LINE}"))
            self.body += [p(_LINE * 3)] * (blanks - 1)
        elif how == "dots":
            add(p(f"{label} {'.' * 40}"))
            self.body += [p("." * 90)] * (blanks - 1)
        elif how == "ellipsis":
            add(p(f"{label} ……………………………………"))
        elif how == "tabs":
            add(p(f"{label}:\t"))
            self.body += [p("")] * (blanks - 1)
        elif how == "room":
            add(p(f"{label}{'' if label.endswith('?') else ':'}"))
            self.body += [p("")] * blanks
        elif how == "under":
            add(p(_LINE))
            add(p(label))
        elif how == "old":
            add(f"<w:p>{run(f'{label}: ')}{_OLD_TEXT}</w:p>")
        elif how == "control":
            control = _control("date" if kind == "date" else "text")
            self.rows.append([label, f"<w:tc><w:tcPr/><w:p>{control}</w:p></w:tc>"])

    def choice(self, kind: str, label: str, options: tuple[str, ...]) -> None:
        how = self.habits.choose
        box = {"wing": _WINGDING, "old": _OLD_BOX, "new": _NEW_BOX}.get(how, run("☐"))
        if kind == "tick":
            inner = f"<w:p>{box}{run(f' {label}')}</w:p>"
        elif how == "after":
            inner = p(f"{label}: {'    '.join(f'{o} ☐' for o in options)}")
        elif how == "drop" and kind == "choice":
            inner = f"<w:p>{run(f'{label}: ')}{_control('choice', options)}</w:p>"
        elif how == "lines":
            made = "".join(f"<w:p>{box}{run(f' {o}')}</w:p>" for o in options)
            inner = p(f"{label}{'' if label.endswith('?') else ':'}") + made
        elif how == "delete":
            inner = p(f"{label} {' / '.join(options)} (delete as appropriate)")
        else:
            made = "".join(f"{box}{run(f' {o}   ')}" for o in options)
            inner = f"<w:p>{run(f'{label}: ')}{made}</w:p>"
        in_table = self.habits.ask in ("pairs", "fours", "bolded", "above", "incell", "control")
        if in_table and how == "cells" and kind != "tick":
            made = "".join(f"{box}{run(f' {o}   ')}" for o in options)
            self.rows.append([label, f"<w:tc><w:tcPr/><w:p>{made}</w:p></w:tc>"])
        elif in_table and self.rows and self.habits.ask != "fours":
            self.rows.append([f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{inner}</w:tc>'])
        else:
            self.close()
            self.body.append(inner)

    def table(self, rows: int, title: str, columns: tuple[str, ...]) -> None:
        self.close()
        how = self.habits.table
        if how == "cards":
            for number in range(1, rows + 1):
                self.body.append(
                    table(
                        [cell(p(f"{columns[0]} {number}", bold=True), span=2, shaded=True)],
                        *[[one, ""] for one in columns],
                    )
                )
                self.body.append(p(""))
            return
        header = [cell(p(one, bold=True)) for one in columns]
        if how == "blank":
            body = [[""] * len(columns)] * rows
        elif how == "numbered":
            header = ["", *header]
            body = [[f"{n}.", *[""] * len(columns)] for n in range(1, rows + 1)]
        elif how == "named":
            header = ["", *header]
            body = [[f"{columns[0]} {n}", *[""] * len(columns)] for n in range(1, rows + 1)]
        else:
            header = [cell(p(title, bold=True), span=len(columns), shaded=True)], header  # type: ignore[assignment]
            body = [[""] * len(columns)] * rows
            self.body.append(table(*header, *body))
            return
        self.body.append(table(header, *body))

    def matrix(self, scale: tuple[str, ...], statements: list[str]) -> None:
        self.close()
        how = self.habits.matrix
        place = "☐" if how == "boxes" else ""
        rows = [[one, *[place] * len(scale)] for one in statements]
        header: list[list[str]] = [["Standard", *scale]]
        if how == "spanned":
            header = [["Standard", cell("Please tick one", span=len(scale))], ["", *scale]]
        elif how == "comments":
            header = [["Standard", *scale, "Comments"]]
            rows = [[*row, ""] for row in rows]
        self.body.append(table(*header, *rows))


OFFICES: dict[str, tuple[str, FormHabits]] = {
    "f-pairs": ("absence", FormHabits()),
    "f-pairs-cells": ("leave", FormHabits(part="row", choose="cells")),
    "f-fours": ("absence", FormHabits(part="bold", ask="fours", choose="after", table="numbered")),
    "f-bolded": ("absence", FormHabits(part="row", ask="bolded", choose="lines", table="titled")),
    "f-above": ("absence", FormHabits(part="section", ask="above", choose="wing")),
    "f-incell": ("review", FormHabits(part="banner", ask="incell", matrix="boxes")),
    "f-underline": ("leave", FormHabits(part="bold", ask="underline", choose="boxes")),
    "f-underline-2": ("absence", FormHabits(part="part", ask="underline", choose="lines")),
    "f-dots": ("leave", FormHabits(part="section", ask="dots", choose="after")),
    "f-ellipsis": ("review", FormHabits(part="style", ask="ellipsis", choose="old", table="named")),
    "f-tabs": ("leave", FormHabits(part="bold", ask="tabs", choose="wing")),
    "f-room": ("review", FormHabits(part="style", ask="room", choose="lines", table="cards")),
    "f-under": ("leave", FormHabits(part="bold", ask="under")),
    "f-old": ("absence", FormHabits(part="part", ask="old", choose="old")),
    "f-control": ("review", FormHabits(ask="control", choose="drop", matrix="comments")),
    "f-control-2": ("leave", FormHabits(part="row", ask="control", choose="new")),
    "f-spanned": ("review", FormHabits(part="section", ask="pairs", matrix="spanned", table="numbered")),
    "f-delete": ("leave", FormHabits(part="bold", ask="pairs", choose="delete")),
    "f-libre": ("absence", FormHabits(part="row", choose="cells", through=("odt", "docx"))),
    "f-old-word": ("review", FormHabits(matrix="boxes", table="numbered", through=("doc", "docx"))),
}  # fmt: skip


def make_forms(only: str = "") -> Iterator[tuple[str, bytes, FormGold]]:
    """Each form: its name, the Word file, and what it asks."""
    made = {
        name: (FormPrinter(CONTENTS[content], habits).print(), habits.through)
        for name, (content, habits) in OFFICES.items()
        if only in name
    }
    saved = save_through({name: one for name, one in made.items() if one[1]})
    for name, (data, through) in made.items():
        if not through or name in saved:
            yield name, saved.get(name, data), read_gold(CONTENTS[OFFICES[name][0]])
