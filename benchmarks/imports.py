"""How much of Word documents of others `import` brings across: expected and measured.

    python benchmarks/imports.py FOLDER [--only WORDS] [--drawn N] [--show]

FOLDER holds policies in Word and `gold.json`: by name, what each should become. A policy in several
styles is `NAME-style.docx`. Beside them it makes documents of its own, in the habits of many
offices, and measures the five examples and their forms, brought in again. `--show` lists misses.
"""

from __future__ import annotations

import argparse
import datetime
import html
import io
import json
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common import ROOT
from lxml import etree
from office_documents import draw_policies, make_policies
from office_forms import FormGold, make_forms

from formulary.content.loading import load
from formulary.content.policy import Policy, numbers
from formulary.documents.blank import compose_blank
from formulary.documents.paper import compose_paper
from formulary.edition.edition import edition_of
from formulary.formats.word.form import write_blank
from formulary.formats.word.policy import write_policy
from formulary.imports.blocks import OmittedWords
from formulary.imports.forms import ImportedForm, import_form
from formulary.imports.organisation_yaml import NewOrganisation
from formulary.imports.policy import import_policy
from formulary.imports.proposals import Proposal, propose
from formulary.pipeline.import_documents import import_documents
from formulary.problems import UsageError, errors_in
from tests.examples.test_imports import HOUSE, is_matrix, outline, prints_more, without_controls
from tests.imports.documents import STRICT, docx, p

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_KEY = 8
"""So many first words tell one clause from another."""


@dataclass(frozen=True)
class Shape:
    """What is compared of a policy: each part by its first words."""

    title: str
    numbering: str
    sections: tuple[str, ...]
    clauses: tuple[str, ...]
    points: tuple[str, ...]
    headings: tuple[tuple[str, int], ...]
    """Titles of sections (1) and of clauses (2)."""
    labels: dict[str, str]
    """The printed number of a section or clause, by its key."""


@dataclass
class Share:
    """How many of some things were found, and how many of those found are right."""

    right: int = 0
    wanted: int = 0
    found: int = 0
    misses: list[str] = field(default_factory=list)

    def count(self, wanted: Iterable[Any], found: Iterable[Any], of: str) -> None:
        """Compare two multisets."""
        one, other = Counter(wanted), Counter(found)
        both = one & other
        self.right += both.total()
        self.wanted += one.total()
        self.found += other.total()
        self.misses += [f"{of}: missed {what}" for what in (one - other).elements()]
        self.misses += [f"{of}: wrong {what}" for what in (other - one).elements()]

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def key(text: str) -> str:
    """The first words of a text, without its marks."""
    first = re.split(r"\n\n|\n(?=[-(|])", plain(text).strip())[0]
    return " ".join(re.findall(r"[^\W_]+", first.casefold())[:_KEY])


def listed_in(text: str) -> list[str]:
    """The entries of the lists in a text of light Markdown."""
    found = re.findall(r"^ *(?:-|\d+\.|\([a-z]+\)) (.+(?:\n {2,}\S.*)*)", text, re.MULTILINE)
    return [key(" ".join(one.split())) for one in found]


def figure(number: str) -> str:
    """A printed number without the words and signs around it."""
    figures: list[str] = re.findall(r"[\w.]+", number)
    return figures[-1].strip(".").upper() if figures else ""


def plain(text: str) -> str:
    """A light Markdown text as it reads."""
    text = re.sub(r"\]\((?:clause|section|https?|mailto):?[^)]*\)", "", text)
    text = re.sub(r"\\\n", "\n", text)
    return html.unescape(re.sub(r"\\(?=[^\w\s])", "", text)).replace("*", "")


def shape_of_policy(policy: Policy, printed_for: dict[str, str]) -> Shape:
    """The shape of an imported policy; `printed_for` are the words of its expressions."""

    def said(text: str | None) -> str:
        for expression, words in printed_for.items():
            text = (text or "").replace(expression, words)
        return text or ""

    printed = numbers(policy)
    sections, clauses, points, headings = [], [], [], []
    labels: dict[str, str] = {}

    def listed(held: Iterable[Any]) -> Iterator[str]:
        for point in held:
            yield key(said(point.text))
            yield from listed(getattr(point, "points", ()) or ())

    for section in (*policy.sections, *policy.appendices):
        name = key(section.title)
        sections.append(name)
        headings.append((name, 1))
        labels[f"# {name}"] = figure(printed.get(section.id, ""))
    for _, clause in policy.clauses():
        first = next(listed(clause.points), "")
        name = key(clause.title or said(clause.text) or first)
        if clause.title is None and re.fullmatch(r"\*+[^*]+\*+", clause.text or ""):
            headings.append((name, 2))  # above clauses with numbers, a title is a line in bold
        if clause.title:
            headings.append((key(clause.title), 2))
        clauses.append(name)
        labels[name] = figure(printed.get(clause.id, ""))
        points += listed_in(said(clause.text)) + listed_in(said(clause.closing))
        points += listed(clause.points)
        for more in clause.more:
            points += [*listed_in(said(more.text)), *listed(more.points)]
    return Shape(
        key(policy.title), policy.numbering, tuple(sections), tuple(clauses), tuple(points),
        tuple(headings), labels,
    )  # fmt: skip


def shape_of_gold(gold: dict[str, Any]) -> Shape:
    """The shape that `gold.json` asks for."""
    sections, clauses, points, headings = [], [], [], []
    labels: dict[str, str] = {}
    for section in gold["sections"]:
        sections.append(key(section["title"]))
        headings.append((key(section["title"]), 1))
        labels[f"# {sections[-1]}"] = figure(gold["numbers"].get(section["id"], ""))
        for clause in section["clauses"]:
            name = key(clause["title"] or clause["text"] or clause["points"][0])
            clauses.append(name)
            if clause["title"]:
                headings.append((key(clause["title"]), 2))
            labels[name] = figure(gold["numbers"].get(clause["id"], ""))
            points += listed_in(clause["text"] or "") + listed_in(clause.get("closing") or "")
            points += map(key, clause["points"])
    return Shape(
        key(gold["title"]), gold["numbering"], tuple(sections), tuple(clauses), tuple(points),
        tuple(headings), labels,
    )  # fmt: skip


def words_of_file(data: bytes) -> Counter[str]:
    """All words of a document as its XML has them, deleted ones left out: an account of its own."""
    counted: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if not re.fullmatch(
                r"word/(?:document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml", name
            ):
                continue
            root = etree.fromstring(package.read(name))
            for unseen in list(root.iter(_FALLBACK, f"{_W}del", f"{_W}moveFrom")):
                if unseen.getparent() is not None and unseen.getparent().tag != f"{_W}rPr":
                    tail = unseen.getparent()
                    tail.remove(unseen)
            for paragraph in root.iter(f"{_W}p"):
                text = ""
                for node in paragraph.iter(
                    f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen", f"{_M}t"
                ):
                    if next(node.iterancestors(f"{_W}p")) is paragraph:
                        bare = {f"{_W}noBreakHyphen": "-"}.get(node.tag, " ")
                        text += (node.text or "") if node.tag in (f"{_W}t", f"{_M}t") else bare
                counted.update(words(text))
    return counted


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.casefold().replace("\u00ad", ""))


def words_accounted(
    data: bytes, yaml: str, printed_for: dict[str, str], left: Sequence[OmittedWords]
) -> tuple[int, Counter[str]]:
    """How many words a document has, and those that neither the YAML nor the list has."""
    have = words_of_file(data)
    for expression, said in printed_for.items():  # references that are pointers now
        yaml = yaml.replace(expression, said)
    kept = Counter(words(plain(yaml)))
    for one in left:
        kept.update(words(one.words))
    return have.total(), have - kept


@dataclass
class Tally:
    """What is counted over a set of policies."""

    files: int = 0
    titles: int = 0
    schemes: int = 0
    sections: Share = field(default_factory=Share)
    clauses: Share = field(default_factory=Share)
    points: Share = field(default_factory=Share)
    headings: Share = field(default_factory=Share)
    levels: Share = field(default_factory=Share)
    labels: Share = field(default_factory=Share)
    words: int = 0
    lost: int = 0
    added: int = 0
    invalid: int = 0
    misses: list[str] = field(default_factory=list)

    def count(self, name: str, data: bytes, gold: Shape) -> None:
        """Import a policy, and count what came of it."""
        imported = import_policy(data, f"{name}.docx", "Oak")
        self.files += 1
        total, lost = words_accounted(
            data, imported.written.text, imported.written.printed_for, imported.document.left_out
        )
        self.words += total
        self.lost += lost.total()
        if lost:
            self.misses.append(f"{name}: lost {' '.join(sorted(lost.elements()))}")
        self.added += imported.words.added.total()
        if imported.words.missing:
            self.misses.append(f"{name}: not placed {' '.join(imported.words.missing.elements())}")
        if imported.policy is None:
            self.invalid += 1
            self.misses.append(f"{name}: {[p.message for p in imported.problems]}")
            return
        shape = shape_of_policy(imported.policy, imported.written.printed_for)
        self.titles += shape.title == gold.title
        self.schemes += shape.numbering == gold.numbering
        for what in ("title", "numbering"):
            if getattr(shape, what) != getattr(gold, what):
                self.misses.append(
                    f"{name}: {what} {getattr(shape, what)!r} for {getattr(gold, what)!r}"
                )
        self.sections.count(gold.sections, shape.sections, name)
        self.clauses.count(gold.clauses, shape.clauses, name)
        self.points.count(gold.points, shape.points, name)
        self.headings.count([h for h, _ in gold.headings], [h for h, _ in shape.headings], name)
        found = [(h, level) for h, level in shape.headings if h in dict(gold.headings)]
        both = [(h, level) for h, level in gold.headings if h in dict(found)]
        self.levels.count(both, found, name)
        printed = {k: number for k, number in gold.labels.items() if number}
        self.labels.count(printed.items(), [(k, shape.labels.get(k, "")) for k in printed], name)

    @property
    def all_misses(self) -> Iterator[str]:
        yield from self.misses
        for what in ("sections", "clauses", "points", "headings", "levels", "labels"):
            yield from (f"{what} {miss}" for miss in getattr(self, what).misses)


_SAME = {"signature": "words", "text": "words", "multiline": "words", "long": "words",
         "sign": "words", "yesno": "yes-no", "tick": "checkbox"}  # fmt: skip


@dataclass
class FormTally:
    """What is counted over a set of forms."""

    files: int = 0
    titles: int = 0
    labels: Share = field(default_factory=Share)
    kinds: Share = field(default_factory=Share)
    columns: Share = field(default_factory=Share)
    statements: Share = field(default_factory=Share)
    words: int = 0
    lost: int = 0
    misses: list[str] = field(default_factory=list)

    def count(self, name: str, data: bytes, imported: ImportedForm, gold: FormGold) -> None:
        self.files += 1
        total, lost = words_accounted(data, imported.text, {}, imported.left_out)
        self.words, self.lost = self.words + total, self.lost + lost.total()
        if lost:
            self.misses.append(f"{name}: lost {' '.join(sorted(lost.elements()))}")
        if imported.form is None:
            self.misses.append(f"{name}: {[p.message for p in imported.problems]}")
            return
        self.titles += key(imported.form.title) == key(gold.title)
        asked: list[tuple[str, str, tuple[str, ...]]] = []
        columns: list[str] = []
        statements: list[str] = []
        for section in imported.form.sections:
            asked += [(key(f.label), _SAME.get(f.type, f.type), f.options) for f in section.fields]
            if section.table:
                if isinstance(section.table.rows, tuple):
                    statements += map(key, section.table.rows)
                else:
                    columns += [key(one.label) for one in section.table.columns]
        wanted = [
            (key(label), _SAME.get(kind, kind), gold.options[label] if kind == "choice" else ())
            for label, kind in gold.asked
        ]
        self.labels.count([one for one, *_ in wanted], [one for one, *_ in asked], name)
        names = {one for one, *_ in asked}
        known = {one for one, *_ in wanted}
        self.kinds.count(
            [one for one in wanted if one[0] in names],
            [one if one[1] == "choice" else (*one[:2], ()) for one in asked if one[0] in known],
            name,
        )
        self.columns.count(map(key, gold.columns), columns, name)
        self.statements.count(map(key, gold.statements), statements, name)

    @property
    def all_misses(self) -> Iterator[str]:
        yield from self.misses
        for what in ("labels", "kinds", "columns", "statements"):
            yield from (f"{what} {miss}" for miss in getattr(self, what).misses)


def own_papers() -> tuple[Share, Share, Share, Share]:
    """The examples' policies and forms brought in again: clauses, labels, kinds, and rules."""
    content, _ = load(ROOT)
    clauses, labels, kinds, rules = Share(), Share(), Share(), Share()
    seen: set[str] = set()
    for own in content.organisations:
        edition, _ = edition_of(content, own)
        assert edition is not None
        data = write_policy(compose_paper(edition), HOUSE)
        imported = import_policy(data, "policy.docx", edition.organisation.name)
        assert imported.policy is not None
        printing = frozenset(c.id for _, c in edition.policy.clauses() if prints_more(c))
        printed, again = numbers(edition.policy), numbers(imported.policy)
        clauses.count(
            [(*one, printed.get(one[1], "")) for one in outline(edition.policy, printing)],
            [(*one, again.get(one[1], "")) for one in outline(imported.policy, printing)],
            own.id,
        )
        stated = {(r.clause, n) for r in edition.organisation.rules.values() for n in values_of(r)}
        found = {one for made in propose(imported.draft).rules for one in read_proposal(made)}
        rules.count(stated, found, own.id)
        for offer, form in edition.forms:
            if form.id in seen or any(s.letter or is_matrix(s) for s in form.sections):
                continue
            seen.add(form.id)
            blank = compose_blank(edition, offer, form)
            back = import_form(without_controls(write_blank(blank, HOUSE)), "form.docx", set())
            ours = {key(one.label): one.kind for one in blank.questions()}
            theirs = {key(one.label): one.kind for _, one in back.listing}
            labels.count(list(ours), list(theirs), form.id)
            both = ours.keys() & theirs.keys()
            kinds.count(
                [(one, _SAME.get(ours[one], ours[one])) for one in both],
                [(one, _SAME.get(theirs[one], theirs[one])) for one in both],
                form.id,
            )
    return clauses, labels, kinds, rules


def values_of(rule: Any) -> list[int]:
    numbers_ = (getattr(rule, name) for name in ("min", "max", "exactly", "normal"))
    return [one for one in numbers_ if one is not None]


def read_proposal(proposal: Proposal) -> Iterator[tuple[str, int]]:
    """The clause and each number of a proposed rule."""
    for line in proposal.lines:
        name, _, value = line.strip().partition(": ")
        if name in ("min", "max", "exactly", "normal"):
            yield proposal.clause, int(value)


def checked(policies: Iterable[tuple[str, bytes]]) -> tuple[int, list[str]]:
    """How many policies pass `check` once imported, and what it says of their spelling."""
    passed = 0
    said: list[str] = []
    for name, data in policies:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "content" / "organisations").mkdir(parents=True)
            (root / "policy.docx").write_bytes(data)
            new = NewOrganisation("oak", "Oak", "Trust", 2026)
            done = import_documents(root, new, root / "policy.docx", [], datetime.date.today())
            errors = errors_in(done.problems)
            passed += not errors
            said += [f"check {name}: {one.message}" for one in errors]
            said += [
                f"check {name}: {one.message}"
                for one in done.problems
                if one.kind.code in ("spelling", "abbreviation") and one.kind.severity != "info"
            ]
    return passed, said


def odd_files() -> Iterator[tuple[str, bytes]]:
    """Files that are no plain Word document, or a very large one."""
    words = "Everyone reads this policy before the meeting begins and keeps to it. "
    long = [p("Long Policy", style="Title")]
    for number in range(1, 101):
        long.append(p(f"Part {number}", style="Heading1"))
        long += [p(words * 2) for _ in range(15)]
    yield "35,000 words", docx(*long)
    yield "strict", docx(p("Odd Policy", style="Title"), p("Words."), namespace=STRICT)
    yield "empty", b""
    yield "nothing in it", docx(p(""))
    yield "a .doc renamed, or with a password", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)
    yield "a PDF renamed", b"%PDF-1.7\n"
    yield "tables in tables", docx("<w:tbl><w:tr><w:tc>" * 300 + "</w:tc></w:tr></w:tbl>" * 300)
    yield "cut off", docx(p("Odd Policy"))[:-200]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(400_000_000))
    yield "a bomb", bomb.getvalue()


def odd_answers() -> Iterator[tuple[str, bool, float]]:
    """Each odd file: whether it was taken or refused in a sentence, and the seconds it took."""
    for name, data in odd_files():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "content" / "organisations").mkdir(parents=True)
            (root / "policy.docx").write_bytes(data)
            begun = time.process_time()
            try:
                new = NewOrganisation("oak", "Oak", "Trust", 2026)
                import_documents(root, new, root / "policy.docx", [], datetime.date.today())
                is_right = True
            except UsageError as refused:
                is_right = len(str(refused)) > 20
            except Exception as fault:  # what a user may never see
                print(f"{name}: {fault!r}", file=sys.stderr)
                is_right = False
            yield name, is_right, time.process_time() - begun


@dataclass
class Report:
    """The table of expected and measured figures."""

    show: bool
    missed: int = 0

    def head(self, title: str, misses: Iterable[str]) -> None:
        print(f"\n{title}")
        if self.show:
            print(*(f"    {miss}" for miss in misses), sep="\n")

    def row(self, what: str, expected: float, measured: float, note: str = "") -> None:
        """A share that is to be at least so large."""
        is_met = measured >= expected
        self.missed += not is_met
        mark = "" if is_met else "  MISSED"
        print(f"  {what:34} {expected:6.3f}  {measured:6.3f}  {note}{mark}")

    def share(self, what: str, precision: float, recall: float, share: Share) -> None:
        counts = f"{share.right} of {share.wanted}, {share.found} found"
        self.row(f"{what}: precision", precision, share.precision, counts)
        self.row(f"{what}: recall", recall, share.recall)

    def policies(self, title: str, tally: Tally, clauses: tuple[float, float]) -> None:
        self.head(f"{title}: {tally.files} files", tally.all_misses)
        self.row("title", 1.0, tally.titles / tally.files)
        self.row("scheme", 1.0, tally.schemes / tally.files)
        self.share("sections", 0.95, 0.95, tally.sections)
        self.share("clauses", *clauses, tally.clauses)
        self.share("points", 0.99, 0.99, tally.points)
        self.share("headings", 0.95, 0.93, tally.headings)
        self.row("level of heading", 0.90, tally.levels.recall)
        self.row("number as printed", 0.99, tally.labels.recall, f"of {tally.labels.wanted}")
        self.row("words accounted for", 1.0, 1 - tally.lost / tally.words, f"of {tally.words:,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="policies in Word, and gold.json")
    parser.add_argument("--show", action="store_true", help="list every miss")
    parser.add_argument("--keep", type=Path, help="a folder for the documents that it makes")
    parser.add_argument("--drawn", type=int, default=0, help="so many policies of mixed habits")
    parser.add_argument("--only", default="", help="only documents whose name has these letters")
    options = parser.parse_args()
    report = Report(options.show)
    print(f"  {'':34} {'asked':>6}  {'found':>6}")
    policies: list[tuple[str, bytes]] = []
    gold = json.loads((options.folder / "gold.json").read_text(encoding="utf-8"))
    for style, least in (("proper", 0.95), ("fake", 0.95), ("messy", 0.90)):
        tally = Tally()
        for path in sorted(options.folder.glob(f"*{style}.docx")):
            if options.only in path.name:
                shape = shape_of_gold(gold[path.stem.rpartition("-")[0]])
                policies.append((path.stem, path.read_bytes()))
                tally.count(*policies[-1], shape)
        if tally.files:
            report.policies(f"The folder, {style}", tally, (least, 0.98))
    tally = Tally()
    for name, data, wanted in make_policies(options.only):
        policies.append((name, data))
        tally.count(name, data, shape_of_gold(wanted))
    if tally.files:
        report.policies("Made here, in many habits", tally, (0.95, 0.98))
    tally = Tally()
    for name, data, wanted in draw_policies(options.drawn):
        tally.count(name, data, shape_of_gold(wanted))
    if tally.files:
        report.policies("Drawn, mixed habits", tally, (0.95, 0.95))
    forms = FormTally()
    made = list(make_forms(options.only))
    for name, data, asked in made:
        forms.count(name, data, import_form(data, f"{name}.docx", set()), asked)
    if forms.files:
        report.head(f"Forms made here: {forms.files} files", forms.all_misses)
        report.share("labels", 0.85, 0.88, forms.labels)
        report.row("kind", 0.85, forms.kinds.recall)
        report.row("columns of tables", 0.95, forms.columns.recall)
        report.row("rows of matrices", 0.95, forms.statements.recall)
        report.row("words accounted for", 1.0, 1 - forms.lost / forms.words)
    if options.keep:
        options.keep.mkdir(exist_ok=True)
        for kept in (policies, [(name, data) for name, data, _ in made]):
            for name, data in kept:
                (options.keep / f"{name}.docx").write_bytes(data)
    if policies:
        passed, said = checked(policies)
        report.head(f"check, after {len(policies)} imports", said)
        report.row("no error", 1.0, passed / len(policies))
        report.row("no spelling above advice", 1.0, float(not said))
    if not options.only:
        measure_own(report)
    print(f"\n{report.missed} figures are below what is asked.")
    sys.exit(bool(report.missed))


def measure_own(report: Report) -> None:
    """The papers of the examples, and odd files."""
    clauses, labels, kinds, rules = own_papers()
    report.head("The examples’ papers, brought in again", (*labels.misses, *rules.misses))
    report.share("clauses, ids, numbers, points", 1.0, 1.0, clauses)
    report.share("labels of forms", 0.98, 0.98, labels)
    report.row("kind", 0.85, kinds.recall)
    report.share("rules proposed", 0.75, 0.80, rules)
    answers = list(odd_answers())
    report.head(f"Odd files: {len(answers)}", (f"{n}: {s:.1f} s" for n, _, s in answers))
    report.row("taken, or refused in a sentence", 1.0, sum(o for _, o, _ in answers) / len(answers))
    seconds = max(s for _, _, s in answers)
    report.row("within 5 seconds", 1.0, float(seconds <= 5), f"the longest {seconds:.1f} s")


if __name__ == "__main__":
    main()
