"""Fill facts into texts, and read light Markdown into blocks that any format can write.

`fill` puts the facts into a text such as `{{ rules.monitoring.max | words }} working weeks, see
{{ clause('appeals') }}`; `blocks` reads the result into paragraphs, lists and runs. Only content
that HR wrote is ever a template; data from outside never is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType, SimpleNamespace
from typing import Any, Literal

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.parser import Parser
from jinja2.sandbox import SandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.token import Token

from formulary.content.guidance import Diagram
from formulary.edition.list_marks import plain_marks


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style; `target` is where it leads: `clause:appeals`, `https://…`.

    A line that is broken by hand has a newline in `text`; nothing else has.
    `mark` says, where two editions are compared, that the words were put in or taken out.
    """

    text: str
    strong: bool = False
    emphasis: bool = False
    target: str = ""
    mark: Literal["", "added", "removed"] = ""


@dataclass(frozen=True)
class Paragraph:
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Bullets:
    """A list; each item is a sequence of blocks.

    `marks` are what is printed before each item, such as “5.” or “(a)”; none are bullets.
    """

    items: tuple[tuple[Block, ...], ...]
    marks: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `colour` is a colour that is shown beside its words."""

    blocks: tuple[Block, ...]
    colour: str = ""


UPRIGHT, CELL_EDGES = 80, 2
"""Letters of bold words in a line across an upright page; those that the edges of a cell take."""


@dataclass(frozen=True)
class Table:
    """A table whose first row and first column are headers; `caption` may be empty.

    Each row has a cell for each column.
    """

    id: str
    caption: str
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def texts(self) -> list[list[str]]:
        """The plain words of the cells of each column, its head first."""
        return [
            [plain(cell.blocks) for cell in column]
            for column in zip(self.columns, *self.rows, strict=True)
        ]

    @property
    def longest_words(self) -> list[int]:
        """How many letters the longest word of each column has; at least one."""
        return [
            max(len(word) for text in column for word in (text or "-").split())
            for column in self.texts
        ]

    @property
    def is_wide(self) -> bool:
        """Whether it needs a page on its side: an upright page has no room for its words."""
        return sum(letters + CELL_EDGES for letters in self.longest_words) > UPRIGHT


@dataclass(frozen=True)
class Figure:
    """A picture made from data; the block after it says the same in words, as a list.

    `id` is unique among the figures of an edition.
    """

    id: str
    title: str
    diagram: Diagram


Block = Paragraph | Bullets | Table | Figure

FIELD = "field:"
"""How the target of a run begins where a letter is filled in: `field:reviewee`."""

NOTE = "footnote:"
"""How the target of a run begins that is the mark of a footnote: `footnote:sources`."""

EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")
NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
"""The whole numbers from zero to twenty in words."""


class FactError(LookupError):
    """A text names a clause, form, date or other thing that does not exist; `advice` is the fix."""

    def __init__(self, message: str, advice: str) -> None:
        self.advice = advice
        super().__init__(message)


@dataclass(frozen=True)
class Fault:
    """One expression of a text that cannot be filled in."""

    expression: str
    kind: str
    """fact, reference or syntax"""
    message: str
    advice: str


def number_in_words(value: Any) -> str:
    """A whole number up to twenty in words, a larger one in figures.

    Raises ValueError or TypeError for what is no number.
    """
    number = int(value)
    return NUMBER_WORDS[number] if 0 <= number < len(NUMBER_WORDS) else f"{number:,}"


_MANY = {"person": "people", "child": "children", "staff": "staff", "criterion": "criteria"}
_MANY_ENDING = (("man", "men"), ("sis", "ses"))
_VOWEL_SOUND = re.compile(
    r"(?!uni|us[ae]|eu|one\b|once\b|u\b)[aeiou]|hour|honest|honorary|heir", re.I
)
_LETTER_BY_LETTER = re.compile(r"[AEFHILMNORSX](?:[A-Z0-9]|\b)")
"""Abbreviations whose first letter is said with a vowel in front: an NQT, an HLTA."""


def _plural(value: Any, one: str = "", many: str = "") -> str:
    """“3 weeks” of a number and a word; the plural of a word where it is given alone.

    Each of several words joined by “or” gets it, and of “head of school” the head.
    """
    if one:
        return one if int(value) == 1 else many or f"{one}s"
    if not _is_fact(value):
        raise TypeError(value)
    return plural(_words_of(value))


def plural(words: str) -> str:
    """The plural of a word, or of each of several that “or” joins: “principals or heads”."""
    return " or ".join(_plural_of(word) for word in words.split(" or "))


def _words_of(value: Any) -> str:
    """The words that a filter was given; TypeError for what is none."""
    if not isinstance(value, str):
        raise TypeError
    return value


def _plural_of(words: str) -> str:
    head, of, rest = words.partition(" of ")
    before, space, word = head.rpartition(" ")
    if word.casefold() in _MANY:
        word = _MANY[word.casefold()]
    elif ending := next((pair for pair in _MANY_ENDING if word.endswith(pair[0])), None):
        word = word.removesuffix(ending[0]) + ending[1]
    elif re.search("[^aeiou]y$", word):
        word = f"{word[:-1]}ies"
    else:
        word += "es" if re.search("(?:[sxz]|ch|sh)$", word) else "s"
    return f"{before}{space}{word}{of}{rest}"


def _with_article(value: Any) -> str:
    """A word with “a” or “an” before it; a word that has “the” keeps it."""
    if not _is_fact(value):
        raise TypeError(value)
    text = _words_of(value)
    if text.casefold().startswith(("the ", "a ", "an ")):
        return text
    is_an = _LETTER_BY_LETTER.match(text) or _VOWEL_SOUND.match(text)
    if re.match("[A-Z]{2}", text):
        is_an = _LETTER_BY_LETTER.match(text)
    return f"{'an' if is_an else 'a'} {text}"


_SIGNS = re.compile(r"[*_\[\]\\|]|&(?=#?\w+;)")
_LINK = re.compile(r"\[((?:[^\]\\]|\\.)*)\]\([a-z]+:[^)]*\)")


def write_link(name: str, target: str) -> str:
    """A link as light Markdown has it; signs of Markdown in the name are words."""
    words = _SIGNS.sub(r"\\\g<0>", name)
    return f"[{words}]({target})"


def without_links(text: str) -> str:
    """A text with the name of each link in place of it."""
    return _LINK.sub(lambda link: re.sub(r"\\([*_\[\]\\|&])", r"\1", link[1]), text)


def first_capital(text: str) -> str:
    """The words with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def _capital(value: Any) -> str:
    """`first_capital` of a text or number, in a link too; TypeError for all else."""
    if not _is_fact(value):
        raise TypeError(value)
    text = str(value)
    return f"[{first_capital(text[1:])}" if text.startswith("[") else first_capital(text)


def _is_fact(value: Any) -> bool:
    """Whether a value can be printed as it is: a text or a whole number."""
    return isinstance(value, str | int) and not isinstance(value, bool)


FILTERS: dict[str, Callable[..., str]] = {
    "words": number_in_words,
    "plural": _plural,
    "article": _with_article,
    "capital": _capital,
}
"""What may follow a `|` in an expression."""


LONGEST_EXPRESSION = 200
"""Characters between the brackets; the longest that ships has 50."""

LONGEST_FACT = 1_000
"""Characters that one expression may give, so that a text cannot grow without end."""


_NODES = (nodes.Name, nodes.Getattr, nodes.Call, nodes.Filter, nodes.Const)
"""What an expression may be made of. Nothing else has a meaning that a writer could rely on."""


class _NamesOnly(SandboxedEnvironment):
    """Names, references and filters; no arithmetic and no method that could grow without end."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only the facts have parts, such as rules.monitoring.max; a text has none."""
        is_fact = isinstance(obj, SimpleNamespace)
        return is_fact and bool(super().is_safe_attribute(obj, attr, value))

    def wrap_str_format(self, value: Any) -> None:
        """`'{:9999999}'.format` is a method like any other; Jinja itself would let it work."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Only what the facts themselves offer, such as clause(); `'a'.center` is none of them."""
        return isinstance(obj, FunctionType)


def _environment() -> SandboxedEnvironment:
    environment = _NamesOnly(undefined=StrictUndefined)  # or a filter makes nothing of a typo
    environment.filters = dict(FILTERS)
    environment.globals = {}
    return environment


_JINJA = _environment()


Evaluated = tuple[Any, tuple[str, str, str] | None]
"""What an expression gives, and what is wrong with it: a kind of fault, its words, and advice."""


class Facts(dict[str, Any]):
    """Facts by their names, which keep what each expression gave: many texts name the same."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__(facts)
        self._values: dict[str, Evaluated] = {}

    def evaluate(self, expression: str) -> Evaluated:
        """What an expression, without its brackets, gives."""
        if expression not in self._values:
            self._values[expression] = _evaluate(expression, self)
        return self._values[expression]


def fill(text: str, facts: Mapping[str, Any]) -> tuple[str, tuple[Fault, ...]]:
    """Fill every `{{ expression }}` of `text` from `facts`.

    Returns the text and every fault; a faulty expression stays as it is.
    """
    if "{" not in text and "}" not in text:  # as most texts are
        return text, ()
    faults: list[Fault] = []
    evaluate = (facts if isinstance(facts, Facts) else Facts(facts)).evaluate

    def fill_match(match: re.Match[str]) -> str:
        value, fault = evaluate(match.group(1).strip())
        if fault:
            faults.append(Fault(match.group(0), *fault))
            return ""
        return str(value)

    filled = EXPRESSION.sub(fill_match, text)
    for stray in _STRAY.finditer(EXPRESSION.sub("", text)):
        advice = "Write {{ before and }} after the name; other template signs are not used here."
        faults.append(Fault(stray.group(0), "syntax", f"“{stray.group(0)}” is on its own", advice))
    return filled, tuple(faults)


_CALL = re.compile(r"""(\w+)\((['"])([a-z0-9-]+)\2\)""")


@lru_cache(maxsize=4096)
def _compile_expression(expression: str) -> Callable[..., Any]:
    """The expression, ready to be evaluated: many texts name one thing, for many organisations.

    Raises TemplateSyntaxError where it cannot be read, SecurityError where it is more than names.
    """
    parsed = Parser(_JINJA, expression, state="variable").parse_expression()
    if not all(isinstance(node, _NODES) for node in (parsed, *parsed.find_all(nodes.Expr))):
        raise SecurityError(expression)
    return _JINJA.compile_expression(expression, undefined_to_none=False)


def _evaluate(expression: str, facts: Mapping[str, Any]) -> Evaluated:
    if len(expression) > LONGEST_EXPRESSION:
        short = f"{expression[:40]}…"
        return "", ("syntax", f"“{short}” is too long", "Use names and references only.")
    try:
        # to compile takes long, and many expressions differ in an id only: clause('appeals')
        call = _CALL.fullmatch(expression)
        given = {"_id": call[3]} if call else {}
        value = _compile_expression(f"{call[1]}(_id)" if call else expression)(**facts, **given)
    except FactError as error:
        return "", ("reference", str(error), error.advice)
    except (TemplateSyntaxError, RecursionError, MemoryError):
        advice = "Check its brackets and quotation marks, as in {{ clause('appeals') }}."
        return "", ("syntax", f"“{expression}” cannot be read", advice)
    except SecurityError:
        return "", ("syntax", f"“{expression}” is not allowed", "Use names and references only.")
    except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError):
        value = None
        name, bar, rest = (part.strip() for part in expression.partition("|"))
        if bar and (fault := _evaluate(name, facts)[1]) is None:
            advice = "After the bar, words needs a number; plural, article and capital need words."
            return "", ("fact", f"“{rest}” cannot be applied to “{name}”", advice)
        if bar and fault:
            return "", fault
    if value is None or isinstance(value, Undefined):
        advice = "Correct the name, or add the fact to organisation.yaml."
        return "", ("fact", f"There is no fact “{expression.split('|')[0].strip()}”", advice)
    if not _is_fact(value):
        return "", _explain_other(expression, value)
    if hidden := _CONTROL.search(str(value)):
        message = f"“{expression}” gives a control character (U+{ord(hidden[0]):04X})"
        return "", ("fact", message, "Write the words without it.")
    if len(str(value)) > LONGEST_FACT:
        return "", ("fact", f"“{expression}” is too long for a fact", "Write the words out here.")
    return value, None


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _explain_other(expression: str, value: Any) -> tuple[str, str, str]:
    """Why what an expression gives cannot be printed: it has parts, or it needs an id."""
    if callable(value):
        advice = f"Give the id of one, as in {{{{ {expression}('…') }}}}."
        return "fact", f"“{expression}” does not say which", advice
    return "fact", f"“{expression}” is not a single fact", "Name one value, such as its max."


_MARKDOWN = MarkdownIt("zero").enable(
    ["emphasis", "link", "list", "table", "escape", "newline", "entity"]
)


def light_markdown() -> MarkdownIt:
    """A reader of light Markdown that gives what is escaped as tokens of its own."""
    rules = [rule for chain in _MARKDOWN.get_active_rules().values() for rule in chain]
    return MarkdownIt("zero").enable(rules).disable("text_join")


_MAYBE_STYLED = re.compile(r"[*_\[\\&\0\t-\r]|^(?:[-+]|\d+[.)])")


@lru_cache(maxsize=8192)
def blocks(text: str) -> tuple[Block, ...]:
    """Read light Markdown: paragraphs, lists, tables, **strong**, *emphasis* and links.

    A list has the marks that were typed; two spaces or a backslash at the end of a line break it.
    HTML stays text.
    """
    words = text.strip()
    if words and not _MAYBE_STYLED.search(words):  # as in most texts: one paragraph, one run
        return (Paragraph((Run(str(words)),)),)
    plain_text, marks = plain_marks(words)
    return _BlockReader(_MARKDOWN.parse(plain_text), marks).read("")


class _BlockReader:
    """Makes blocks of the tokens of a text, of which it knows the marks that open its lines."""

    def __init__(self, tokens: list[Token], marks: Mapping[int, str]) -> None:
        self.tokens = tokens
        self.marks = marks
        self.at = 0

    def read(self, until: str) -> tuple[Block, ...]:
        """The blocks up to a token of that type, or to the end; goes to that token."""
        found: list[Block] = []
        while self.at < len(self.tokens) and self.tokens[self.at].type != until:
            token = self.tokens[self.at]
            if token.type in ("bullet_list_open", "ordered_list_open"):
                found.append(self.read_list())
            elif token.type == "table_open":
                found.append(self.read_table())
            elif token.type == "inline":
                found.append(Paragraph(_runs(token.children or [])))
            self.at += 1
        return tuple(found)

    def read_list(self) -> Bullets:
        close = self.tokens[self.at].type.replace("open", "close")
        ordered = self.tokens[self.at].type == "ordered_list_open"
        items: list[tuple[Block, ...]] = []
        typed: list[str] = []
        self.at += 1
        while self.tokens[self.at].type != close:
            typed.append(self.marks.get((self.tokens[self.at].map or [0])[0], ""))
            self.at += 1
            items.append(self.read("list_item_close"))
            self.at += 1
        return Bullets(tuple(items), _count_on(typed) if ordered else ())

    def read_table(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        cells: list[Cell] = []
        while self.tokens[self.at].type != "table_close":
            token = self.tokens[self.at]
            if token.type == "inline":
                runs = _runs(token.children or [])
                cells.append(Cell((Paragraph(runs),) if runs else ()))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
                cells = []
            self.at += 1
        return Table("", "", rows[0], tuple(rows[1:]))


def _count_on(typed: list[str]) -> tuple[str, ...]:
    """The marks as they were typed; where all are the same number, as in 1. 1. 1., counted on."""
    first = re.fullmatch(r"(\(?)(\d+)([.)])", typed[0])
    if first is None or len(typed) == 1 or set(typed) != {typed[0]}:
        return tuple(typed)
    before, number, after = first.groups()
    return tuple(f"{before}{int(number) + place}{after}" for place in range(len(typed)))


_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def _runs(tokens: list[Token]) -> tuple[Run, ...]:
    found: list[Run] = []
    strong = emphasis = 0
    target = ""
    for token in tokens:
        step = {1: 1, -1: -1}.get(token.nesting, 0)
        if token.type.startswith("strong_"):
            strong += step
        elif token.type.startswith("em_"):
            emphasis += step
        elif token.type.startswith("link_"):
            target = str(token.attrGet("href") or "") if step == 1 else ""
        else:
            text = _BREAKS.get(token.type, token.content)
            if text:
                found.append(Run(text, bool(strong), bool(emphasis), target))
    return _join_runs(found)


def _join_runs(runs: list[Run]) -> tuple[Run, ...]:
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and (last.strong, last.emphasis, last.target) == (
            run.strong,
            run.emphasis,
            run.target,
        ):
            joined[-1] = Run(last.text + run.text, run.strong, run.emphasis, run.target)
        else:
            joined.append(run)
    return tuple(joined)


def plain(content: str | tuple[Block, ...] | tuple[Run, ...]) -> str:
    """The words alone, without style; paragraphs and items separated by single spaces."""
    if isinstance(content, str):
        content = blocks(content)
    words: list[str] = []
    for part in content:
        if isinstance(part, Run):
            words.append(part.text.replace("\n", " "))
        elif isinstance(part, Paragraph):
            words.append(plain(part.runs) + " ")
        elif isinstance(part, Bullets):
            words.extend(plain(item) + " " for item in part.items)
        elif isinstance(part, Figure):
            words.append(part.title + " ")
        else:
            for row in (part.columns, *part.rows):
                words.extend(plain(cell.blocks) + " " for cell in row)
    return "".join(words).strip()


def line(text: str) -> tuple[Run, ...]:
    """A single line of text as runs, its light Markdown read."""
    first = next((block for block in blocks(text) if isinstance(block, Paragraph)), None)
    return first.runs if first else ()


def each_block(content: tuple[Block, ...], act: Callable[[Block], None]) -> None:
    """Call `act` for every block, those inside lists and cells included, in reading order."""
    for block in content:
        act(block)
        if isinstance(block, Bullets):
            for item in block.items:
                each_block(item, act)
        elif isinstance(block, Table):
            for row in (block.columns, *block.rows):
                for cell in row:
                    each_block(cell.blocks, act)


def letter_fields(content: tuple[Block, ...]) -> tuple[str, ...]:
    """The ids of the questions that a letter mentions, in reading order."""
    found: list[str] = []

    def note(block: Block) -> None:
        if isinstance(block, Paragraph):
            targets = (run.target for run in block.runs)
            found.extend(t.removeprefix(FIELD) for t in targets if t.startswith(FIELD))

    each_block(content, note)
    return tuple(found)


def letter_faults(letter: tuple[Block, ...], asked: Collection[str]) -> tuple[str, ...]:
    """What is wrong with the places of a letter, given the ids of the questions that it may ask."""
    places = letter_fields(letter)
    unknown = dict.fromkeys(id for id in places if id not in asked)
    repeated = dict.fromkeys(id for id in places if places.count(id) > 1)
    return (
        *(f"The letter has a place for “{id}”, which is not asked there" for id in unknown),
        *(f"The letter has two places for “{id}”" for id in repeated),
    )
