"""Carry words that were changed on paper back into the text that they were printed from.

A printed paragraph is a row of words, some typed in the text and some filled in by an expression
such as `{{ rules.monitoring.max | words }}`. Words that stay keep their source, so that a fact
stays a fact where only the words around it changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from markdown_it.token import Token

from formulary.content.cycle import MONTHS
from formulary.edition.filled_text import FilledText
from formulary.edition.list_marks import plain_marks
from formulary.edition.text import EXPRESSION, NUMBER_WORDS, light_markdown, plain

_FIRST_PLACEHOLDER = 0xF0000
"""A placeholder of private use for each expression, so that Markdown is read around them."""

_LABEL = r"(?:clause|section|appendix|Clause|Section|Appendix) (?:\d+(?:\.\d+)*|[A-Z])"
_DATE = rf"\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?"
_TOKEN = rf"{_LABEL}(?!\w)|{_DATE}(?!\w)|\w+(?:[’']\w+)*|\s|[^\w\s]"
_SIGNS = frozenset("{}%")
_EMPTY_STYLE = re.compile(r"(?<![*\\])(?:\*\*\*\*|\*\*(\s+)\*\*)(?!\*)")


class TextStyle(NamedTuple):
    """The style of printed words; `target` is where a link leads that was typed."""

    strong: bool = False
    emphasis: bool = False
    target: str = ""


PLAIN = TextStyle()


@dataclass(frozen=True)
class PrintedPiece:
    """A stretch of printed words and where it comes from: characters `start` to `end` of a source.

    `expression` is what is between the curly brackets, where a fact gave the words.
    """

    words: str
    start: int
    end: int
    expression: str = ""
    style: TextStyle = PLAIN


@dataclass(frozen=True)
class FactChange:
    """A fact whose words are others on the paper: a change of the fact, not of the text."""

    expression: str
    was: str
    now: str


@dataclass(frozen=True)
class Rewording:
    """A text as the paper has it now.

    `facts` are those whose value was changed: the text keeps its expression. `dropped` are the
    expressions whose words are gone, or were typed again in another place. `is_plainer` says that
    strong words lost their style. `is_exact` says that the source prints what the paper says, the
    changed facts apart.
    """

    source: str
    facts: tuple[FactChange, ...] = ()
    dropped: tuple[str, ...] = ()
    is_plainer: bool = False
    is_exact: bool = True


def values_in(texts: Iterable[FilledText]) -> dict[str, str]:
    """What each expression of these texts was filled with."""
    found: dict[str, str] = {}
    for text in texts:
        parts = EXPRESSION.split(text.source)
        if len(parts) < 3:
            continue
        pattern = "(.*?)".join(re.escape(part) for part in parts[::2])
        match = re.fullmatch(pattern, text, re.DOTALL)
        if match:
            for expression, value in zip(parts[1::2], match.groups(), strict=True):
                found.setdefault(expression.strip(), value)
    return found


def printed_paragraphs(
    source: str, values: Mapping[str, str], *, is_prose: bool = True
) -> tuple[tuple[PrintedPiece, ...], ...]:
    """The paragraphs and entries of lists that a text prints, in order, as pieces.

    A text that is no prose is one line: signs of Markdown in it are words.
    """
    expressions = list(EXPRESSION.finditer(source))
    held = _hold_places(source, expressions)
    places = {chr(_FIRST_PLACEHOLDER + number): match for number, match in enumerate(expressions)}
    starts = _starts_in(source, held, expressions)
    if not is_prose:
        words = Token("text", "", 0, content=held)
        return (tuple(_pieces(held, 0, (words,), places, values, starts)[0]),)
    paragraphs = []
    at = 0
    text, marks = plain_marks(held)
    lines = [0, *(found.end() for found in re.finditer("\n", held))]
    for token in light_markdown().parse(text):
        if token.type == "inline":
            row = (token.map or [0])[0]
            if lines[row] >= at:  # a mark is no part of the words, though it may be a letter
                at = held.find(marks[row], lines[row]) + len(marks[row]) if row in marks else at
                at = max(at, lines[row])
            pieces, at = _pieces(held, at, token.children or (), places, values, starts)
            paragraphs.append(tuple(pieces))
    return tuple(paragraphs)


def _hold_places(source: str, expressions: Sequence[re.Match[str]]) -> str:
    parts, last = [], 0
    for number, match in enumerate(expressions):
        parts += [source[last : match.start()], chr(_FIRST_PLACEHOLDER + number)]
        last = match.end()
    return "".join([*parts, source[last:]])


def _starts_in(source: str, held: str, expressions: Sequence[re.Match[str]]) -> list[int]:
    """Where each character of the text with placeholders begins in the source; and its end."""
    starts, at, number = [], 0, 0
    for letter in held:
        starts.append(at)
        if number < len(expressions) and letter == chr(_FIRST_PLACEHOLDER + number):
            at = expressions[number].end()
            number += 1
        else:
            at += 1
    return [*starts, len(source)]


def _pieces(
    held: str,
    at: int,
    tokens: Iterable[Token],
    places: Mapping[str, re.Match[str]],
    values: Mapping[str, str],
    starts: Sequence[int],
) -> tuple[list[PrintedPiece], int]:
    """The pieces of one paragraph, a letter or a fact each, and where reading goes on.

    The letters of a token come in the order of the source; what is passed over is Markdown.
    """
    found: list[PrintedPiece] = []
    style = PLAIN
    for token in tokens:
        style = _style_after(style, token)
        if token.type == "link_close":
            close = held.find("](", at)
            at = held.find(")", close) + 1 if close >= 0 else at
        if token.type == "softbreak" or token.type == "hardbreak":
            start = held.find("\n", at)
            end = start + 1
            while end < len(held) and held[end] in " \t":
                end += 1
            words = " " if token.type == "softbreak" else "\n"
            found.append(PrintedPiece(words, starts[start], starts[end]))
            at = end
        elif token.type == "text_special":
            start, letters = min(
                (place, letters)
                for letters in (token.markup, token.content)
                if (place := held.find(letters, at)) >= 0
            )
            at = start + len(letters)
            found.append(PrintedPiece(token.content, starts[start], starts[at], style=style))
        elif token.type in ("text", "code_inline"):
            for letter in token.content:
                start = held.find(letter, at)
                at = start + 1
                match = places.get(letter)
                if match and found and match[1].strip().startswith("footnote("):
                    # Word prints the mark of a footnote by itself: it goes with the word before
                    found[-1] = replace(found[-1], end=match.end())
                elif match:
                    expression = match[1].strip()
                    words = plain(values.get(expression, match[0]))
                    found.append(PrintedPiece(words, match.start(), match.end(), expression, style))
                else:
                    found.append(PrintedPiece(letter, starts[start], starts[at], style=style))
    return found, at


def _style_after(style: TextStyle, token: Token) -> TextStyle:
    """The style of what follows a token."""
    if token.type.startswith("strong_"):
        return style._replace(strong=token.nesting == 1)
    if token.type.startswith("em_"):
        return style._replace(emphasis=token.nesting == 1)
    if token.type.startswith("link_"):
        return style._replace(target=str(token.attrGet("href") or ""))
    return style


@dataclass
class _Change:
    """What replaces the tokens `first` to `last` of the old words."""

    first: int
    last: int
    words: list[str]


@dataclass
class _Old:
    """The printed words of a text as tokens, each with its pieces."""

    words: list[str] = field(default_factory=list)
    pieces: list[tuple[PrintedPiece, ...]] = field(default_factory=list)

    def add(self, words: str, pieces: tuple[PrintedPiece, ...]) -> None:
        self.words.append(words)
        self.pieces.append(pieces)

    def expression(self, at: int) -> str:
        """The expression that gave a token; empty for typed words."""
        return self.pieces[at][0].expression


def reword(
    source: str,
    values: Mapping[str, str],
    paragraphs: Sequence[str],
    labels: Mapping[str, str] | None = None,
    entry: str = "",
    *,
    is_prose: bool = True,
    can_set: Callable[[FactChange], object] = lambda _: True,
) -> Rewording:
    """The text with the paragraphs that are on the paper now in place of those that it prints.

    `values` are the facts by expression; `labels` what names a clause, section or appendix on
    paper (“clause 5.3”) with the expression for it. `entry` begins a new entry of a list, where the
    new paragraphs are such (`- `). A text that is no prose has no Markdown and names no clauses.
    `can_set` says whether a fact can have another value; of one that cannot, the words are typed.
    """
    if not is_prose:
        return _reword(source, values, paragraphs, {}, entry, can_set, is_prose=False)
    found = _reword(source, values, paragraphs, labels or {}, entry, can_set)
    if found.is_exact:
        return found
    # a change that begins inside strong words and ends outside leaves half of their signs
    bare = re.sub(r"(?<!\\)\*\*", "", source)
    again = _reword(bare, values, paragraphs, labels or {}, entry, can_set)
    return replace(again, is_plainer=True) if again.is_exact else found


def _reword(
    source: str,
    values: Mapping[str, str],
    paragraphs: Sequence[str],
    labels: Mapping[str, str],
    entry: str,
    can_set: Callable[[FactChange], object],
    *,
    is_prose: bool = True,
) -> Rewording:
    printed = printed_paragraphs(source, values, is_prose=is_prose)
    old = _tokens_of(source, printed)
    facts = {old.words[n] for n in range(len(old.words)) if old.expression(n)}
    new = _split("\n".join(paragraphs), facts)
    replaced: list[tuple[int, int, str]] = []
    changed: list[FactChange] = []
    expected: list[str] = []
    between = f"\n{entry}" if entry else "\n\n"
    for tag, a, b, c, d in SequenceMatcher(None, old.words, new, autojunk=False).get_opcodes():
        if tag == "equal":
            expected += new[c:d]
            continue
        for change in _changes_within(old, a, b, new[c:d]):
            expressions = [
                old.expression(n) for n in range(change.first, change.last) if old.expression(n)
            ]
            is_fact = change.last - change.first == 1 and bool(expressions)
            words = "".join(change.words)
            if is_fact and words in labels:
                replaced.append(_replace(old, change, f"{{{{ {labels[words]} }}}}", source))
                expected.append(words)
            elif (
                is_fact
                and words.strip()
                and "\n" not in words
                and can_set(fact := FactChange(expressions[0], old.words[change.first], words))
            ):
                changed.append(fact)
                expected.append(fact.was)
            else:
                typed = _typed(change.words, labels, between, is_prose=is_prose)
                replaced.append(_replace(old, change, typed, source))
                expected += change.words
    made = _apply(source, replaced)
    made = _tidy(made) if is_prose else " ".join(made.split())
    again = printed_paragraphs(made, words_of_expressions(values, labels), is_prose=is_prose)
    lines = ("".join(p.words for p in pieces) for pieces in again)
    prints = [one for line in lines for one in line.split("\n") if one.strip()]
    wanted = [one for one in "".join(expected).split("\n") if one.strip()]
    is_exact = [" ".join(one.split()) for one in prints] == [" ".join(o.split()) for o in wanted]
    left = Counter(_expressions(source)) - Counter(_expressions(made))
    return Rewording(made, tuple(changed), tuple(left.elements()), is_exact=is_exact)


def _expressions(source: str) -> list[str]:
    return [found.strip() for found in EXPRESSION.findall(source)]


def _tokens_of(source: str, printed: Sequence[Sequence[PrintedPiece]]) -> _Old:
    """The printed words as tokens. A fact is one token; between two paragraphs is a line end."""
    old = _Old()
    last_end = 0
    for number, pieces in enumerate(printed):
        if number:
            start = pieces[0].start if pieces else last_end
            old.add("\n", (PrintedPiece("\n", last_end, start),))
        run: list[PrintedPiece] = []
        for piece in pieces:
            if piece.expression:
                _add_typed(old, run)
                run = []
                old.add(piece.words, (piece,))
            else:
                run.append(piece)
        _add_typed(old, run)
        last_end = pieces[-1].end if pieces else last_end
    return old


def _add_typed(old: _Old, run: Sequence[PrintedPiece]) -> None:
    """Typed letters as tokens."""
    at = 0
    for words in re.findall(_TOKEN, "".join(piece.words for piece in run)):
        taken, length = at, 0
        while length < len(words):
            length += len(run[at].words)
            at += 1
        old.add(words, tuple(run[taken:at]))


def words_of_expressions(values: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    """What each expression prints: its value, else the label that is typed for it."""
    return {**{expression: label for label, expression in labels.items()}, **values, **BRACES}


def _split(words: str, facts: Iterable[str]) -> list[str]:
    """The new words as tokens: one for the words of a fact, however it is bent at its end."""
    return _splitter(frozenset(fact for fact in facts if fact)).findall(words)


@lru_cache(maxsize=64)
def _splitter(facts: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(facts, key=len, reverse=True)
    known = "".join(
        (r"(?<!\w)" if fact[0].isalnum() else "") + re.escape(fact) + r"(?!\d)|"
        for fact in longest_first
    )
    return re.compile(known + _TOKEN)


def _changes_within(old: _Old, first: int, last: int, new: Sequence[str]) -> Iterator[_Change]:
    """A change in parts, so that a fact is alone with what is there instead of it.

    Where as many of the new words are of the kind of a fact (a number, a day, a label) as there
    are facts of the kind, they are the new values of these facts, in order.
    """
    facts = [n for n in range(first, last) if old.expression(n)]
    pairs: list[tuple[int, int]] = []
    for kind in {_kind(old.words[n]) for n in facts} - {""}:
        ours = [n for n in range(first, last) if _kind(old.words[n]) == kind]
        theirs = [n for n, words in enumerate(new) if _kind(words) == kind]
        if len(ours) == len(theirs):
            pairs += [(o, t) for o, t in zip(ours, theirs, strict=True) if old.expression(o)]
    pairs.sort()
    if [there for _, there in pairs] != sorted(there for _, there in pairs):
        pairs = []
    at_old, at_new = first, 0
    for ours_at, theirs_at in [*pairs, (last, len(new))]:
        before = list(new[at_new:theirs_at])
        if ours_at > at_old or before:
            yield _Change(at_old, ours_at, before)
        if ours_at < last:
            yield _Change(ours_at, ours_at + 1, [new[theirs_at]])
        at_old, at_new = ours_at + 1, theirs_at + 1


def _kind(words: str) -> str:
    """What kind of fact these words could be; empty for none."""
    if words.lower() in NUMBER_WORDS or re.fullmatch(r"\d[\d,.]*", words):
        return "number"
    if re.fullmatch(_DATE, words):
        return "day"
    return "label" if re.fullmatch(_LABEL, words) else ""


def _replace(old: _Old, change: _Change, typed: str, source: str) -> tuple[int, int, str]:
    """The characters of the source that go, and what replaces them."""
    if change.first < change.last:
        pieces = [piece for n in range(change.first, change.last) for piece in old.pieces[n]]
        return pieces[0].start, pieces[-1].end, typed
    if change.first < len(old.pieces):
        # after the word before, so that new words are in its style and not after its Markdown
        at = old.pieces[change.first][0].start
        if change.first and old.words[change.first] != "\n":
            before = old.pieces[change.first - 1][-1].end
            at = at if old.words[change.first - 1] == "\n" else before
        elif change.first:
            at = old.pieces[change.first - 1][-1].end
        return at, at, typed
    end = old.pieces[-1][-1].end if old.pieces else len(source.rstrip())
    return end, end, typed


BRACES = {f"'{brace}'": brace for brace in "{}"}
"""Expressions for braces that are words: two together would begin or end an expression."""


def write_words(words: str, labels: Mapping[str, str], *, is_prose: bool = True) -> str:
    """Words that no text has yet, as they are written in one."""
    return _typed(_split(words, ()), labels if is_prose else {}, "\n\n", is_prose=is_prose)


def _typed(words: Sequence[str], labels: Mapping[str, str], between: str, *, is_prose: bool) -> str:
    """New words as they are written: signs of Markdown escaped, clauses by their ids."""
    made = []
    for token, before, after in zip(words, ["", *words], [*words[1:], ""], strict=False):
        if token in labels:
            made.append(f"{{{{ {labels[token]} }}}}")
        elif token == "\n":
            made.append(between)
        elif token in "{}" and (before in _SIGNS or after in _SIGNS):
            made.append(f"{{{{ '{token}' }}}}")
        else:
            made.append(re.sub(r"([*_\[\]\\&`|<])", r"\\\1", token) if is_prose else token)
    return "".join(made)


def _apply(source: str, replaced: Sequence[tuple[int, int, str]]) -> str:
    for start, end, words in sorted(replaced, reverse=True):
        source = source[:start] + words + source[end:]
    return source


def _tidy(source: str) -> str:
    """Without styles around nothing, lines of blanks, and blanks at the ends of lines."""
    source = _EMPTY_STYLE.sub(lambda found: found[1] or "", source)
    source = re.sub(r"^[ \t]+$", "", source, flags=re.MULTILINE)
    source = re.sub(r"^(?:[-+*]|\d+[.)])$\n?", "", source, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", source).strip("\n")
