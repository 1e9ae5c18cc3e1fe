"""Check that texts are printed as their author meant them: signs of Markdown and of Word.

Light Markdown has paragraphs, lists, tables, bold, emphasis, links and line breaks. Whatever else
people type or paste is printed letter by letter; each cause has a kind, and the finding says how to
write what was meant. What no typeface of the papers has is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from formulary import problems
from formulary.check.context import locate_footnotes
from formulary.check.texts import OrganisationTexts
from formulary.content.typeface import lacking_letters
from formulary.diagrams.typeface import printable, typeface_characters
from formulary.edition.filled_text import FilledText
from formulary.edition.list_marks import is_next_mark
from formulary.edition.text import NOTE, Block, Bullets, Paragraph, Run, blocks, each_block
from formulary.problems import Kind, Problem
from formulary.words import BULLETS

PRINTED = frozenset({"policy", "organisation", "cycle", "table", "form"})
"""The kinds of texts that papers print."""

_TAGS = (
    "a|abbr|b|big|br|center|code|col|del|div|em|font|h[1-6]|hr|i|img|ins|li|mark|ol|p|pre|s|small"
    "|span|strike|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul"
)
_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--", re.IGNORECASE)
_BULLET = re.compile(rf"(?:^|(?<=\s))[{BULLETS}]\s*\S+|^[ \t]*[·–—o][ \t]+\S+", re.MULTILINE)
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+\S.*$|^[^\n|]+\n={3,}[ \t]*$", re.MULTILINE)
_IMAGE = re.compile(r"(?<!\\)!\[[^\]\n]*\](?:\([^)\n]*\))?")
_FOOTNOTE = re.compile(r"(?<!\\)\[\^[^\]\s]+\]")
_TAB = re.compile(r"\S+[ ]*\t+[ ]*\S+")
_LINE = re.compile(r"^[ ]{0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)
_BOX = re.compile(r"^[ \t]*[-*+][ \t]+\[[ xX]\][ \t].*$", re.MULTILINE)
_OTHER_MARKS = (
    (("`",), re.compile(r"(?<!\\)`[^`\n]+`|^[ ]{0,3}```.*$", re.MULTILINE), "for code"),
    (("~~",), re.compile(r"(?<!\\)~~[^~\n]+~~"), "to strike words out"),
    ((">",), re.compile(r"^[ ]{0,3}>[ \t]?\S.*$", re.MULTILINE), "for a quotation"),
    (("---", "***", "___"), _LINE, "for a line across"),
    (("[",), _BOX, "for a box to tick"),
    (("<",), re.compile(r"<(?:https?://|mailto:)[^>\s]+>"), "for an address"),
)
"""Signs one of which a text has where the pattern finds something; the pattern; what it means."""

_STARS = re.compile(r"(?<![\\*])\*\*(?!\*)|(?<![\\_\w])__(?!_)(?=\w)")
_ROW = re.compile(r"^[ \t]*\|?(?P<cells>.*?)\|?[ \t]*$")
_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_MARK = re.compile(r"(?:^|(?<=\s))\(?(?:\d{1,2}|[a-z]|[ivx]{1,4}|[A-Z](?=\)))[.)](?=\s)")
_SHALLOW = re.compile(
    r"^(?P<in>[ ]*)\(?\w{1,4}[.)][ \t].*\n(?P=in)[ ]{1,2}(?P<entry>[-*+][ \t]\S+)", re.MULTILINE
)
_LEADS = ("https://", "http://", "mailto:", "tel:", "field:", NOTE)
_NAMED = ("clause:", "section:", "form:", "document:")

_LIST = "Begin each entry on a line of its own: “- ” for a bullet, or “1. ” or “(a) ”."
_IN_BLOCK = "Put |- after the colon, the text on the lines below, and each entry on its own line."


def markup_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """What is printed otherwise than its author meant, in every text of an organisation."""
    yield from texts.find_each(_find_all_signs, texts.all)
    yield from _check_footnotes(texts)
    yield from _find_other_letters(texts)


def _find_other_letters(texts: OrganisationTexts) -> Iterator[Problem]:
    """The letters of an organisation's words that its own typeface lacks."""
    own = texts.own
    if own.faces is None or own.faces.text is None:
        return
    printed = (text for text in texts.all if text.kind in PRINTED and not text.isascii())
    ours = frozenset(letter for letter in typeface_characters() if letter.isprintable())
    if lacking := lacking_letters(own.faces.text, ours & frozenset("".join(printed))):
        place = own.organisation.document.place(("typeface", "text"))
        named = ", ".join(_name_character(letter) for letter in lacking)
        kind = problems.TYPEFACE_LETTERS
        yield Problem(kind, place, f"The typeface lacks {named}", kind.remedy)


def _find_all_signs(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    yield from _find_unprintable(texts, text)
    if not text.isalnum():
        yield from _find_signs(texts, text)
        yield from _find_in_blocks(texts, text)
        yield from _check_rows(texts, text)


def unprintable_problems(texts: Iterable[str]) -> Iterator[Problem]:
    """Every text with characters that the typeface of the papers lacks: what a build stops at.

    A text of an edition that an earlier build kept is a plain `str`: that build was sound.
    """
    for text in texts:
        if isinstance(text, FilledText) and (lacking := _find_lacking(text)):
            place = text.document.place_of(text.loc, lacking[0])
            message, fix = _say_lacking(lacking)
            yield Problem(problems.UNPRINTABLE, place, message, fix)


def _find_unprintable(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    if lacking := _find_lacking(text):
        message, fix = _say_lacking(lacking)
        yield texts.finding(problems.UNPRINTABLE, text, message, words=lacking[0], fix=fix)


def _find_lacking(text: FilledText) -> tuple[str, ...]:
    """The characters of a text for papers that their typeface lacks, each once."""
    diagram = text.kind == "guidance" and text.loc[:1] == ("diagrams",)
    if text.isascii() or not (text.kind in PRINTED or diagram):
        return ()
    known = typeface_characters()
    return tuple(dict.fromkeys(c for c in printable(text) if c not in known))


def _say_lacking(lacking: tuple[str, ...]) -> tuple[str, str]:
    """What cannot be printed, and what to do."""
    named = ", ".join(_name_character(letter) for letter in lacking)
    fix = _LIST if set(lacking) <= set(BULLETS) else problems.UNPRINTABLE.remedy
    return f"No paper can print {named}", fix


def _name_character(letter: str) -> str:
    """“📌” (U+1F4CC, pushpin); without what is in the quotation marks if nobody sees it."""
    code = f"U+{ord(letter):04X}"
    name = unicodedata.name(letter, "").lower()
    seen = letter.isprintable() and not unicodedata.combining(letter)
    what = ", ".join(part for part in (code, name) if part)
    return f"“{letter}” ({what})" if seen else f"the character {what}"


def _find_signs(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    """Signs that can be told from the source alone."""
    source = text.source

    def find(
        kind: Kind, signs: Iterable[str], pattern: re.Pattern[str], message: str, fix: str = ""
    ) -> Iterator[Problem]:
        # few texts have one of the signs, and to look for them takes no time
        found = list(pattern.finditer(source)) if any(sign in source for sign in signs) else []
        if found:
            words = " ".join(found[0].group().split())
            more = f", and {len(found) - 1} more like it" if len(found) > 1 else ""
            said = message.format(f"“{_shorten(words)}”") + more
            yield texts.finding(kind, text, said, words=words, fix=fix)

    as_it_is = "{} is printed as it is, not as a "
    yield from find(problems.TEXT_HEADING, ("#", "==="), _HEADING, f"{as_it_is}heading")
    yield from find(problems.TEXT_IMAGE, ("![",), _IMAGE, f"{as_it_is}picture")
    yield from find(problems.TEXT_FOOTNOTE, ("[^",), _FOOTNOTE, f"{as_it_is}footnote")
    yield from find(problems.TEXT_HTML, ("<",), _HTML, "{} is printed as it is: HTML is only text")
    yield from find(problems.TEXT_TAB, ("\t",), _TAB, "A tab is printed as a blank: {}")
    bullets = [] if _find_lacking(text) else list(_BULLET.finditer(source))
    if len(bullets) > 1 or (bullets and bullets[0].group().strip()[0] in BULLETS):
        fix = _LIST if "\n" in source else _IN_BLOCK
        message = "{} is no entry of a list; it runs on"
        yield from find(problems.TEXT_LIST, ("",), _BULLET, message, fix)
    for match in list(_SHALLOW.finditer(source))[:1] if "\n" in source else ():
        words = match["entry"]
        message = f"“{_shorten(words)}” is not inside the entry above it"
        fix = "Begin the line with three blanks more than that entry."
        yield texts.finding(problems.TEXT_LIST, text, message, words=words, fix=fix)
    for signs, pattern, meaning in _OTHER_MARKS:
        message = f"{{}} is printed as it is: the sign {meaning}"
        yield from find(problems.TEXT_MARK, signs, pattern, message)


def _find_in_blocks(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    """Signs that are left in the words after the light Markdown has been read."""
    said: Counter[Kind] = Counter()

    def say(kind: Kind, words: str, message: str, fix: str = "") -> Iterator[Problem]:
        said[kind] += 1
        if said[kind] == 1:
            yield texts.finding(kind, text, message, words=words, fix=fix)

    pictures = {one[0].split("](")[0][2:] for one in _IMAGE.finditer(text.source)}
    for runs, mark in _paragraphs(blocks(text)):
        words = "".join(run.text for run in runs)
        if words.count("|") > 1:
            row = next((line for line in text.source.split("\n") if line.count("|") > 1), "")
            message = f"“{_shorten(row.strip() or words)}” is printed as it is, not as a table"
            yield from say(problems.TEXT_TABLE, row.strip(), message)
        elif (found := _STARS.search(words)) and _STARS.search(text.source):
            after = words[found.start() :].split("\n")[0][:30]
            message = f"“{after}” is printed with its signs: nothing closes them"
            yield from say(problems.TEXT_MARK, after, message)
        if run_on := _find_run_on(words, mark, text.source):
            fix = _LIST if "\n" in text.source else _IN_BLOCK
            message = f"“{run_on[0]}” and “{run_on[1]}” run on in one paragraph"
            yield from say(problems.TEXT_LIST, run_on[1], message, fix)
        for run in runs:
            if (
                run.target
                and run.text not in pictures
                and not run.target.startswith((*_LEADS, *_NAMED))
            ):
                message = (
                    f"The link “{_shorten(run.text)}” leads to “{run.target}”, which is nowhere"
                )
                yield from say(problems.TEXT_LINK, run.target, message)


def _paragraphs(content: tuple[Block, ...]) -> Iterator[tuple[tuple[Run, ...], str]]:
    """Every paragraph outside tables, with the mark of the entry that it opens."""
    for block in content:
        if isinstance(block, Paragraph):
            yield block.runs, ""
        elif isinstance(block, Bullets):
            for place, item in enumerate(block.items):
                mark = block.marks[place] if block.marks else ""
                for runs, inner in _paragraphs(item):
                    yield runs, inner or mark
                    mark = ""


def _find_run_on(words: str, mark: str, source: str) -> tuple[str, str] | None:
    """Two marks of a list, one after the other, in one paragraph; `mark` is that of its entry.

    “Either (a) this or (b) that” is a sentence: two marks count only where one of them begins the
    paragraph or a line, or follows a colon; three count anywhere.
    """
    found = [(match.group(), match.start()) for match in _MARK.finditer(words)]
    marks = [(mark, 0), *found] if mark else found
    row = [(one, other) for one, other in pairwise(marks) if is_next_mark(one[0], other[0])]
    if not row:
        return None
    (first, at), (second, _) = row[0]
    opens = at == 0 or words[:at].rstrip().endswith(":")
    begins = any(line.lstrip().startswith((first, second)) for line in source.split("\n")[1:])
    enclosed = first.endswith(")")
    if opens or begins or (enclosed and len(row) > 1):
        return first, second
    return None


def _check_rows(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    """A row of a table with more cells than its heading: the words in them would be lost."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if place == 0 or "|" not in line or not _RULE.match(line):
            continue
        columns = _count_cells(lines[place - 1])
        for row in lines[place + 1 :]:
            if "|" not in row:
                break
            if (cells := _count_cells(row)) > columns:
                message = f"A row has {cells} cells, and the table has {columns} columns"
                fix = "Give the heading a cell for each column; write \\| for a bar in the words."
                yield texts.finding(problems.BAD_VALUE, text, message, words=row.strip(), fix=fix)


def _count_cells(line: str) -> int:
    row = _ROW.match(line)
    return len(re.split(r"(?<!\\)\|", row["cells"])) if row else 0


def _check_footnotes(texts: OrganisationTexts) -> Iterator[Problem]:
    """Footnotes without a mark, or with two; marks in another order, or outside the policy."""
    policy = texts.own.policy
    numbers = texts.edition.references.footnotes
    marked: set[str] = set()
    last = 0
    for text in texts.all:
        for id in _marks_of_notes(text):
            number = int(numbers.get(id, "0"))
            if text.kind != "policy" or "footnotes" in text.loc:
                message = f"The mark of the footnote “{id}” is not in a text of the policy"
                fix = "Write here what the note says, or refer to its clause."
            elif id in marked:
                message, fix = f"The footnote “{id}” has two marks", "Give it one."
            elif number < last:
                message = f"The mark of the footnote “{id}”, {number}, comes after that of {last}"
                fix = "Put the notes into the order of their marks."
            else:
                message = fix = ""
            if message:
                yield texts.finding(problems.FOOTNOTE, text, message, words=id, fix=fix)
            last = max(last, number)
            marked.add(id)
    for loc, note in locate_footnotes(policy.item):
        if note.id not in marked:
            message = f"No text has the mark of the footnote “{note.id}”, so it is not printed"
            fix = f"Write {{{{ footnote('{note.id}') }}}} after the words that it explains."
            yield texts.at(problems.FOOTNOTE, policy.document, loc, message, fix=fix)


def _marks_of_notes(text: FilledText) -> tuple[str, ...]:
    """The ids of the footnotes whose marks are in a text, in reading order."""
    found: list[str] = []

    def note(block: Block) -> None:
        runs = block.runs if isinstance(block, Paragraph) else ()
        found.extend(r.target.removeprefix(NOTE) for r in runs if r.target.startswith(NOTE))

    if NOTE in text:
        each_block(blocks(text), note)
    return tuple(found)


def _shorten(words: str) -> str:
    return words if len(words) <= 40 else f"{words[:39]}…"
