"""Edits of a policy in Word at random, as Word writes them, and what became of each.

Several edits are made in one document, each in a paragraph of its own, so that a round costs one
policy printed again. An edit is applied where the policy printed from the changed content has its
lines, and it is listed where the program names its words.
"""

from __future__ import annotations

import copy
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from formulary.check.content import check_content
from formulary.content.loading import FileMemory, load
from formulary.content.source import parse
from formulary.documents.paper import compose_paper
from formulary.edition.edition import compose_edition
from formulary.formats.word.edited_policy import EditedPolicy, read_edited_policy
from formulary.formats.word.policy import write_policy
from formulary.pipeline.house_folder import house_folder
from formulary.pipeline.take_back import print_policy
from formulary.problems import errors_in
from formulary.project import ORGANISATIONS
from formulary.takeback.found import RuleChange, TakenBack, TextChange
from formulary.takeback.order import place_returned
from formulary.takeback.printed import FOOTNOTES, Owners, PlaceFinder, bare, outside_contents
from formulary.takeback.writing import Wishes, take_changes

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
NEW_WORDS = ("governors", "carefully", "in writing", "every term", "(or their deputy)", "head’s")
SENTENCE = "The governors look at this again every term."


@dataclass
class Outcome:
    """How many edits of each kind were made, applied and listed; and what went wrong."""

    made: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    listed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    dropped: int = 0
    placed: Counter[bool] = field(default_factory=Counter)
    placed_edited: Counter[bool] = field(default_factory=Counter)
    """Without bookmarks: the lines that were led back to their own clause (True), and to another;
    those of all lines that nobody printed so."""

    def add(self, other: Outcome) -> None:
        """Add the figures of another round."""
        self.made += other.made
        self.applied += other.applied
        self.listed += other.listed
        self.named += other.named
        self.wrong += other.wrong
        self.left += other.left
        self.dropped += other.dropped
        self.placed += other.placed
        self.placed_edited += other.placed_edited


@dataclass(frozen=True)
class Edit:
    """One edit that was made: its kind, and the words of the lines before and after."""

    kind: str
    was: tuple[str, ...]
    now: tuple[str, ...]


def words_of(paragraph: Any) -> str:
    """The words of a paragraph as they are in its runs."""
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    found = paragraph.iter(f"{W}t", *signs)
    return "".join(
        signs.get(one.tag, one.text or "") for one in found if one.getparent().tag == f"{W}r"
    )


def set_words(paragraph: Any, words: list[str]) -> None:
    for text, said in zip(paragraph.iter(f"{W}t"), words, strict=True):
        text.text = said
        text.set(SPACE, "preserve")


def long_text(paragraph: Any) -> Any:
    """The text of a run with the most words; None where none has five."""
    texts = [
        t
        for t in paragraph.iter(f"{W}t")
        if len((t.text or "").split()) >= 5 and not list(t.iterancestors(f"{W}hyperlink"))
    ]
    return max(texts, key=lambda t: len(t.text), default=None)


class Editor:
    """Makes edits in the body of a document."""

    def __init__(self, document: bytes, draw: random.Random, own: frozenset[str]) -> None:
        self.document, self.draw, self.own = document, draw, own
        with zipfile.ZipFile(io.BytesIO(document)) as package:
            self.root = etree.fromstring(package.read("word/document.xml"))
            styles = etree.fromstring(package.read("word/styles.xml"))
        self.next_styles = {
            one.getparent().get(f"{W}styleId"): one.get(f"{W}val")
            for one in styles.iter(f"{W}next")
        }
        self.used: set[Any] = set()

    def save(self) -> bytes:
        """The document with the edits."""
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.document)) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "word/document.xml":
                    data = etree.tostring(self.root)
                new.writestr(name, data)
        return made.getvalue()

    def paragraphs(self) -> list[Any]:
        """The paragraphs of the body outside of tables, contents and cover, that have words."""
        found, begun = [], False
        for paragraph in self.root.iter(f"{W}p"):
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            name = "" if style is None else style.get(f"{W}val", "")
            begun = begun or name == "Heading1"
            in_table = next(paragraph.iterancestors(f"{W}tc"), None) is not None
            if begun and not in_table and not name.lower().startswith(("toc", "caption")):
                found.append(paragraph)
        return found

    def choose(self, wanted: Callable[[Any], bool]) -> Any:
        """A paragraph that no edit is near, which is as wanted; None where there is none."""
        paragraphs = self.paragraphs()
        places = list(range(1, len(paragraphs) - 2))
        self.draw.shuffle(places)
        for at in places:
            near = paragraphs[at - 1 : at + 3]
            if not self.used & set(near) and wanted(paragraphs[at]):
                self.used |= set(near)
                return paragraphs[at]
        return None

    def edit(self, kind: str) -> Edit | None:
        """An edit of a kind, named as the function that makes it; None where nothing fits."""
        act: Callable[[Any], tuple[tuple[str, ...], tuple[str, ...]] | None] = getattr(self, kind)
        of_data = kind == "edit_data"
        paragraph = self.choose(
            lambda p: long_text(p) is not None and (bare(words_of(p)) in self.own) is not of_data
        )
        if paragraph is None:
            return None
        made = act(paragraph)
        if made is None:
            return None
        was, now = (
            tuple(bare(part) for one in lines for part in one.split("\n")) for lines in made
        )
        return Edit(kind, was, now)

    def _in_text(self, paragraph: Any, change: Callable[[list[str]], list[str]]) -> Any:
        before, text = words_of(paragraph), long_text(paragraph)
        text.text = " ".join(change(text.text.split(" ")))
        text.set(SPACE, "preserve")
        return (before,), (words_of(paragraph),)

    def edit_data(self, paragraph: Any) -> Any:
        """A word of a line that is made from data."""
        return self.replace_word(paragraph)

    def replace_word(self, paragraph: Any) -> Any:
        def change(words: list[str]) -> list[str]:
            words[self.draw.randrange(1, len(words) - 1)] = self.draw.choice(NEW_WORDS)
            return words

        return self._in_text(paragraph, change)

    def put_in_words(self, paragraph: Any) -> Any:
        def change(words: list[str]) -> list[str]:
            at = self.draw.randrange(1, len(words))
            return [*words[:at], self.draw.choice(NEW_WORDS), "and", "*staff*", *words[at:]]

        return self._in_text(paragraph, change)

    def delete_words(self, paragraph: Any) -> Any:
        def change(words: list[str]) -> list[str]:
            at = self.draw.randrange(1, len(words) - 2)
            return [*words[:at], *words[at + self.draw.randint(1, 2) :]]

        return self._in_text(paragraph, change)

    def beside_a_fact(self, paragraph: Any) -> Any:
        def change(words: list[str]) -> list[str]:
            return [*words[:1], "now", *words[1:-1], "soon", *words[-1:]]

        return self._in_text(paragraph, change)

    def add_sentence(self, paragraph: Any) -> Any:
        before = words_of(paragraph)
        last = [*paragraph.iter(f"{W}t")][-1]
        last.text = f"{last.text} {SENTENCE}"
        last.set(SPACE, "preserve")
        return (before,), (words_of(paragraph),)

    def delete_sentence(self, paragraph: Any) -> Any:
        before, text = words_of(paragraph), long_text(paragraph)
        sentences = re.split(r"(?<=\.) ", text.text)
        if len(sentences) < 2:
            return None
        del sentences[self.draw.randrange(len(sentences))]
        text.text = " ".join(sentences)
        return ((before,), (words_of(paragraph),)) if words_of(paragraph).strip() else None

    def swap_sentences(self, paragraph: Any) -> Any:
        before, text = words_of(paragraph), long_text(paragraph)
        sentences = re.split(r"(?<=\.) ", text.text)
        if len(sentences) < 3:
            return None
        text.text = " ".join([*sentences[:-2], sentences[-1], sentences[-2]])
        return (before,), (words_of(paragraph),)

    def track(self, paragraph: Any) -> Any:
        """Words deleted and others put in with changes tracked."""
        before, text = words_of(paragraph), long_text(paragraph)
        words, run = text.text.split(" "), text.getparent()
        at = self.draw.randrange(1, len(words) - 1)
        parts = [" ".join(words[:at]) + " ", words[at], "together", " " + " ".join(words[at + 1 :])]
        runs = []
        for part in parts:
            made = copy.deepcopy(run)
            set_words(made, [part, *([""] * (len(list(made.iter(f"{W}t"))) - 1))])
            runs.append(made)
        next(runs[1].iter(f"{W}t")).tag = f"{W}delText"
        for place, name in ((1, "del"), (2, "ins")):
            change = etree.Element(W + name)
            change.set(f"{W}author", "A Trustee")
            change.append(runs[place])
            runs[place] = change
        for made in reversed(runs):
            run.addnext(made)
        run.getparent().remove(run)
        return (before,), (words_of(paragraph).replace(words[at] + "together", "together"),)

    def split_paragraph(self, paragraph: Any) -> Any:
        before, text = words_of(paragraph), long_text(paragraph)
        if text is not [*paragraph.iter(f"{W}t")][-1]:
            return None
        words = text.text.split(" ")
        at = self.draw.randrange(2, len(words) - 1)
        made = plain_copy(paragraph)
        _, *others = made.iter(f"{W}t")
        set_words(made, [" ".join(words[at:]), *([""] * len(others))])
        text.text = " ".join(words[:at])
        paragraph.addnext(made)
        return (before,), (words_of(paragraph), words_of(made))

    def join_paragraphs(self, paragraph: Any) -> Any:
        following = paragraph.getnext()
        if following is None or following.tag != f"{W}p" or not words_of(following).strip():
            return None
        if bare(words_of(following)) not in self.own:
            return None
        if style_of(following).startswith("Heading") or style_of(paragraph).startswith("Heading"):
            return None
        before = (words_of(paragraph), words_of(following))
        for tab in list(following.iter(f"{W}tab")):
            if tab.getparent().tag == f"{W}r":
                tab.getparent().getparent().remove(tab.getparent())
        last = [*paragraph.iter(f"{W}t")][-1]
        last.text = f"{last.text} "
        last.set(SPACE, "preserve")
        for child in list(following):
            if child.tag != f"{W}pPr":
                paragraph.append(child)
        following.getparent().remove(following)
        return before, (words_of(paragraph),)

    def delete_paragraph(self, paragraph: Any) -> Any:
        before = words_of(paragraph)
        for text in list(paragraph.iter(f"{W}t", f"{W}tab")):
            if text.getparent().tag == f"{W}r":
                text.getparent().remove(text)
        return (before,), ()

    def delete_clause(self, paragraph: Any) -> Any:
        """A clause with its title and all its lines, as somebody selects it and deletes it."""
        paragraphs = self.paragraphs()
        starts = [n for n, one in enumerate(paragraphs) if list(one.iter(f"{W}bookmarkStart"))]
        at = paragraphs.index(paragraph)
        first = max((n for n in starts if n <= at), default=at)
        end = min((n for n in starts if n > at), default=len(paragraphs))
        clause, near = paragraphs[first:end], paragraphs[max(first - 1, 0) : end + 1]
        beside = set(paragraphs[at - 1 : at + 3])
        is_alone = not self.used & (set(near) - beside)
        has_others = any(one.getnext() is not two for one, two in pairwise(clause))
        if style_of(clause[0]) == "Heading1" or has_others or not is_alone:
            return None
        before = tuple(words for one in clause if (words := words_of(one)))
        self.used |= set(near)
        for one in clause:
            one.getparent().remove(one)
        return before, ()

    def new_paragraph(self, paragraph: Any) -> Any:
        """Enter at the end of a paragraph, and words: in the style that Word goes on with."""
        made = plain_copy(paragraph)
        style = made.find(f"{W}pPr/{W}pStyle")
        if style is not None and (following := self.next_styles.get(style.get(f"{W}val"))):
            made.remove(made.find(f"{W}pPr"))
            properties = etree.SubElement(made, f"{W}pPr")
            etree.SubElement(properties, f"{W}pStyle").set(f"{W}val", following)
            made.insert(0, properties)
        _, *others = made.iter(f"{W}t")
        number = self.draw.randrange(1000, 9999)
        set_words(made, [f"New words, no. {number}, are here.", *([""] * len(others))])
        paragraph.addnext(made)
        return (), (words_of(made),)

    def make_bold(self, paragraph: Any) -> Any:
        """A word in bold letters. Its words stay, so it counts as wrong where nothing is said."""
        text = long_text(paragraph)
        if style_of(paragraph).startswith("Heading"):
            return None
        words, run = text.text.split(" "), text.getparent()
        if run.find(f"{W}rPr") is not None or len(list(run.iter(f"{W}t"))) > 1:
            return None
        at = self.draw.randrange(1, len(words) - 1)
        parts = [" ".join(words[:at]) + " ", words[at], " " + " ".join(words[at + 1 :])]
        runs = []
        for part in parts:
            made = copy.deepcopy(run)
            set_words(made, [part])
            runs.append(made)
        properties = etree.Element(f"{W}rPr")
        etree.SubElement(properties, f"{W}b")
        runs[1].insert(0, properties)
        for made in reversed(runs):
            run.addnext(made)
        run.getparent().remove(run)
        said = words_of(paragraph)
        return (said,), (said,)

    def move_paragraph(self, paragraph: Any) -> Any:
        following = paragraph.getnext()
        if following is None or following.tag != f"{W}p":
            return None
        if style_of(following) != style_of(paragraph) or list(paragraph.iter(f"{W}bookmarkStart")):
            return None
        if list(following.iter(f"{W}bookmarkStart")):
            return None
        following.addnext(paragraph)
        said = words_of(paragraph), words_of(following)
        return said, tuple(reversed(said))

    def change_number(self, paragraph: Any) -> Any:
        def change(words: list[str]) -> list[str]:
            numbers = {"one": "four", "two": "five", "three": "six", "ten": "nine", "five": "eight"}
            return [numbers.get(word, word) for word in words]

        made = self._in_text(paragraph, change)
        return made if made[0] != made[1] else None


KINDS = {
    "edit_data": "a word of a line that is made from data, which can only be listed",
    "replace_word": "another word",
    "put_in_words": "words put in, with signs of Markdown",
    "delete_words": "a word or two deleted",
    "beside_a_fact": "words at both ends of a text, beside what a fact gives",
    "add_sentence": "a sentence at the end",
    "delete_sentence": "a sentence deleted",
    "swap_sentences": "the last sentences in the other order",
    "track": "a word replaced with changes tracked",
    "split_paragraph": "Enter in the middle of a paragraph, or of a title",
    "join_paragraphs": "the mark between two paragraphs deleted, also from clause to clause",
    "delete_paragraph": "a paragraph, a point or a title emptied, its number left to Word",
    "delete_clause": "a clause with all its lines deleted, most of which others name",
    "new_paragraph": "Enter at the end, and words, in the style that Word goes on with",
    "make_bold": "a word made bold",
    "move_paragraph": "a paragraph or point moved below the next",
    "change_number": "a number that is perhaps a rule",
}
"""The kinds of edit, each with what somebody does. They have equal shares, so that whole clauses,
splits and moves are far more than among the edits of trustees, who mostly change words."""


def plain_copy(paragraph: Any) -> Any:
    """A copy without bookmarks, as a paragraph that Word begins below another."""
    made = copy.deepcopy(paragraph)
    for node in list(made.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        node.getparent().remove(node)
    for tab in list(made.iter(f"{W}tab")):
        if tab.getparent().tag == f"{W}r":
            for text in list(made.iter(f"{W}t"))[:1]:
                text.text = ""
            tab.getparent().remove(tab)
    return made


def style_of(paragraph: Any) -> str:
    """The id of a paragraph's style."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val", ""))


class Round:
    """A policy that is edited at random and taken back."""

    def __init__(self, root: Path, organisation: str) -> None:
        self.root, self.organisation = root, organisation
        self.printed = print_policy(root, organisation)
        with house_folder(root) as house:
            self.document = write_policy(self.printed.paper, house)
        self.memory = FileMemory()
        lines = outside_contents(PlaceFinder(self.printed.paper).place_all(self.printed.lines))
        owners = Owners(self.printed.edition, lines).texts
        folder = ORGANISATIONS / organisation
        self.own = frozenset(
            line.words
            for line, text in zip(lines, owners, strict=True)
            if text is not None and text.document.path.parent == folder
        )

    def run(self, draw: random.Random, count: int, *, stripped: bool = False) -> Outcome:
        """Make edits, take them back, and judge each; `stripped` without the bookmarks."""
        editor = Editor(self.document, draw, self.own)
        kinds = tuple(KINDS)
        edits = [made for _ in range(count) if (made := editor.edit(draw.choice(kinds)))]
        marked = read_edited_policy(editor.save())
        if stripped:
            for mark in list(editor.root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
                mark.getparent().remove(mark)
        returned = read_edited_policy(editor.save())
        wishes = Wishes(rules=True)
        found = take_changes(self.root, self.printed.own, self.printed, returned, wishes)
        outcome = self.judge(edits, returned, found)
        if stripped:
            self._judge_places(outcome, marked, returned)
        return outcome

    def _judge_places(self, outcome: Outcome, marked: EditedPolicy, stripped: EditedPolicy) -> None:
        """Which lines are led to their own clause; a new one to that of the line above it.

        Their own is the one that printed these words, or the one that the bookmarks say.
        """
        finder = PlaceFinder(self.printed.paper)
        old = finder.place_all(self.printed.lines)
        found, _ = place_returned(finder, old, stripped)
        known = {line.words: line.place for line in old}
        counted = Counter(line.words for line in old)
        right = outside_contents(finder.place_all(marked))
        for line, led in zip(right, outside_contents(found), strict=True):
            if line.place != FOOTNOTES:
                own = known[line.words] if counted[line.words] == 1 else line.place
                outcome.placed[led.place == own] += 1
                outcome.placed_edited[led.place == own] += line.words not in known

    def print_again(self, found: TakenBack) -> EditedPolicy:
        """The policy as the changed content prints it."""
        self.memory.drafts = {
            self.root / path: parse(text, path)[0] for path, text in found.files.items()
        }
        content, loaded = load(self.root, (self.organisation,), self.memory)
        edition, faults = compose_edition(content, content.organisations[0])
        errors = errors_in((*loaded, *check_content(content), *faults))
        assert not errors, errors
        with house_folder(self.root) as house:
            return read_edited_policy(write_policy(compose_paper(edition), house))

    def judge(self, edits: list[Edit], returned: EditedPolicy, found: TakenBack) -> Outcome:
        """What became of each edit."""
        outcome = Outcome(dropped=sum(len(text.dropped) for text in found.texts))
        again_lines = self.print_again(found)
        again = Counter(self._lines(again_lines))
        wanted = Counter(self._lines(returned))
        before = Counter(self._lines(self.printed.lines))
        missing, odd = wanted - again, again - wanted
        named = [*_named(found)]
        plainer = [
            _comparable(t.now) for t in found.texts if any("Not taken" in one for one in t.looks)
        ]
        written = [rule for rule in found.rules if not rule.why]
        renamed: list[TextChange | RuleChange] = [
            *(text for text in found.texts if text.named_in),
            *written,
        ]
        for edit in edits:
            outcome.made[edit.kind] += 1
            was, now = map(_comparable, edit.was), [*map(_comparable, edit.now)]
            lines = [*was, *now]
            is_listed = any(
                (line and line in said) or (said and said in line)
                for line in lines
                for said in named
            )
            wrong = [line for line in now if missing[line]] + [
                line for line in lines if line not in now and odd[line]
            ]
            if edit.kind == "make_bold" and not wrong:
                is_listed = is_listed or any(now[0] in said for said in plainer)
                looks = (_looks_of(policy, now[0]) for policy in (again_lines, returned))
                wrong = [] if next(looks) == next(looks) else now
            wrong = [
                line
                for line in wrong
                if not any(
                    _say_as(one, t.now, t.was) == line != one for t in renamed for one in again
                )
            ]  # a text that names a thing whose name was changed too
            if not wrong:
                outcome.applied[edit.kind] += 1
            elif any(_comparable(rule.now) in line for rule in found.rules for line in now):
                outcome.named[edit.kind] += 1
                for rule in found.rules:
                    for line in now:
                        odd[line.replace(_comparable(rule.now), _comparable(rule.was))] = 0
            elif is_listed:
                outcome.listed[edit.kind] += 1
                whys = {
                    one.why
                    for one in found.not_taken
                    if any(_comparable(one.words) in line or line in one.words for line in lines)
                }
                outcome.left.append(f"{edit.kind}: {edit.was} -> {edit.now}: {sorted(whys)}")
            else:
                outcome.wrong.append(f"{edit.kind}: {edit.was} -> {edit.now}")
            for line in lines:
                missing[line] = odd[line] = 0
        for line in (+odd).elements():
            said = [
                _say_as(line, t.now, t.was) for t in renamed if _say_as(line, t.now, t.was) != line
            ]
            if any(before[one] or wanted[one] for one in said):
                continue  # it names a thing whose name was changed
            is_number = not re.search("[a-z]", line)
            if not is_number and not any(said in line or line in said for said in named):
                about = [
                    e for e in edits if any(line[:20] in _comparable(o) for o in (*e.was, *e.now))
                ]
                outcome.wrong.append(f"nobody typed: {line} ({before[line]}) {about}")
        common = again & wanted
        here, there = (
            [line for line in self._lines(policy) if line in common]
            for policy in (again_lines, returned)
        )
        pair = next((pair for pair in zip(here, there, strict=False) if len({*pair}) > 1), None)
        if pair and not any(line in said or said in line for line in pair for said in named):
            outcome.wrong.append(f"in another order: {' / '.join(pair)}")
        for line in (+missing).elements():
            if any(_say_as(one, t.now, t.was) == line != one for t in renamed for one in again):
                continue  # it names a thing whose name was changed, and says so
            if not any(said in line or line in said for said in named):
                outcome.wrong.append(f"lost: {line}")
        return outcome

    def _lines(self, policy: EditedPolicy) -> Iterator[str]:
        for line in outside_contents(PlaceFinder(self.printed.paper).place_all(policy)):
            if line.words:
                yield _comparable(line.words)


def _looks_of(policy: EditedPolicy, words: str) -> list[tuple[bool, ...]]:
    """Which letters are strong, of each line with these words; its mark is counted again."""
    return [
        tuple(look.strong for look in line.looks)[-len("".join(bare(line.words).split())) :]
        for line in policy.lines
        if _comparable(bare(line.words)) == words
    ]


def _say_as(line: str, was: str, now: str) -> str:
    """A line with other words for a thing, at the beginning of a sentence too."""
    words = {case(was[:1]) + was[1:]: case(now[:1]) + now[1:] for case in (str.lower, str.upper)}
    words[was] = now
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], line)


def _named(found: TakenBack) -> Iterator[str]:
    """The words that the program lists."""
    for left in found.not_taken:
        yield from (_comparable(left.words), *re.findall("“(.+?)”", _comparable(left.why)))
    for rule in found.rules:
        yield f"{rule.now}"
    for one in found.conflicts:
        yield _comparable(one.returned)


_LABEL = re.compile(r"(\b(?:clause|section|appendix) )(?:\d+(?:\.\d+)*|[A-Z])\b", re.I)


def _comparable(words: str) -> str:
    """Words without the numbers of clauses, which are counted again."""
    return " ".join(_LABEL.sub(r"\1#", words).split())
