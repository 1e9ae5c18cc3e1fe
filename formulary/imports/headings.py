"""Which lines are headings, of which level, and why it seems so.

Word documents of people seldom say what is a heading. What the style says counts first; then the
depth of a number; then how a line looks beside the others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from formulary.imports.blocks import SourceParagraph, SourceRun, words_of
from formulary.imports.lines import Line

MOST_WORDS = 14
"""Words of a heading that only its look shows."""

_NEVER = re.compile(
    r"https?://|www\.|\S@\S|^\[|^(?:signed|signature|date|dated|name|print name|tel|telephone|"
    r"email|e-mail|address|position|role)\s*:|_{3,}|^\W*$|^page \d",
    re.IGNORECASE,
)


_LEADS_IN = re.compile(
    r"\b(?:must|should|shall|will|may|can|is|are|has|have|includes?|following|these|to)\b",
    re.IGNORECASE,
)
"""Words of a sentence that leads into a list; a title has none."""
_SIGNED = re.compile(r"(?:signed|signature)\b(?:\W|by|\(.*\)|_)*(?:$|[_…]|\.{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """The line at `at` is a heading; level 1 is a section's."""

    at: int
    level: int
    why: str
    is_guess: bool


class _Rank(NamedTuple):
    """How prominent a heading is (smaller: more), why it seems one, and whether it is a guess."""

    rank: tuple[float, ...]
    why: str
    is_guess: bool = True


_Ranks = dict[int, _Rank]
"""By the place of the line."""


def find_headings(lines: Sequence[Line], used: set[int]) -> dict[int, Heading]:
    """The headings among the lines, by place; those that are used already, as a title, are none."""
    body = body_size(lines)
    lines = _without_misused_styles(lines)
    ranks: _Ranks = {}
    for at, line in enumerate(lines):
        found = (
            None if at in used else _rank(line, body, lines[at + 1] if lines[at + 1 :] else None)
        )
        is_signature = any(_SIGNED.match(above.words) for above in lines[max(0, at - 3) : at])
        if found is not None and not (found.is_guess and is_signature):
            ranks[at] = found
    if not any(lines[at].label.depth == 1 for at in ranks):
        why = "it has a number, and text below it"
        numbered = _plain_numbered(lines, used, ranks)
        ranks |= dict.fromkeys(numbered, _Rank((1.0, -body, 3.0), why))
    for run in _runs_of_alike(lines, ranks):
        for at in run:
            del ranks[at]
    while ranks and max(ranks) == len(lines) - 1 and ranks[max(ranks)].is_guess:
        del ranks[max(ranks)]
    return _levels(lines, ranks)


def _plain_numbered(lines: Sequence[Line], used: set[int], ranks: Container[int]) -> Sequence[int]:
    """Short lines without any look, numbered 1, 2, 3 through the document, with text below each."""
    found: list[int] = []
    for at, line in enumerate(lines[:-1]):
        following = lines[at + 1]
        if (
            line.label.kind == "number" and line.label.depth == 1
            and line.label.number == str(len(found) + 1) and not line.label.printed.startswith("(")
            and len(line.words.split()) <= 8 and line.words[:1].isupper()
            and not line.words.endswith((".", ";", ":", ",")) and at not in used and at not in ranks
            and (
                following.label.number.startswith(f"{line.label.number}.")
                or (following.label.kind != "number" and following.words.endswith((".", ":")))
            )
        ):  # fmt: skip
            found.append(at)
    return found if len(found) >= 2 else []


def _without_misused_styles(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines; those of a level of headings that mostly has sentences are text."""
    of_level: dict[int, list[bool]] = {}
    for line in lines:
        if line.paragraph.outline is not None and line.words:
            is_text = line.words.endswith((".", ";", ":")) or len(line.words.split()) > MOST_WORDS
            of_level.setdefault(line.paragraph.outline, []).append(is_text)
    misused = {level for level, said in of_level.items() if sum(said) * 2 > len(said)}
    return [
        replace(line, paragraph=SourceParagraph((SourceRun(line.paragraph.text),)))
        if line.paragraph.outline in misused
        else line
        for line in lines
    ]


def body_size(lines: Sequence[Line]) -> float:
    """The size of running text, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if line.table is None and line.paragraph.outline is None:
            for piece in line.paragraph.solid:
                sizes[piece.size] += len(piece.text)
    return sizes.most_common(1)[0][0] if sizes else 0


def _rank(line: Line, body: float, following: Line | None) -> _Rank | None:
    """What a line would be as a heading; None where it is none."""
    if line.table is not None or not line.words:
        return None
    paragraph, words = line.paragraph, line.words
    count = len(words.split())
    if paragraph.outline is not None and count <= 40 and line.label.kind != "bullet":
        if count > 25 or (count > 14 and words.endswith((".", ";", ","))):
            return None  # a whole paragraph in a style of headings, for its numbers
        why = f"its style is {paragraph.style or 'a heading'}"
        return _Rank((0, paragraph.outline), why, is_guess=False)
    if _NEVER.search(words) or not words_of(words):
        return None
    if line.is_banner:
        return _Rank((1, -paragraph.size, 0), "it is alone in a table of its own")
    begins = f"it begins with “{line.label.printed}”"
    if line.label.is_appendix and count <= MOST_WORDS and not words.endswith((".", ";")):
        return _Rank((1, -max(paragraph.size, body + 2), 0), begins)
    most = 2 * MOST_WORDS if paragraph.is_bold and line.label.depth == 1 else MOST_WORDS
    if line.label.kind == "bullet" or count > most or words.endswith((";", ",", "…")):
        return None
    if "\t" in paragraph.text.strip() and following and "\t" in following.paragraph.text.strip():
        return None  # the head of columns that tabs part
    labelled = line.label.kind in ("number", "named")
    if words.endswith(".") and not labelled and not re.search(r"\b[A-Z]\.$", words):
        return None
    leads = following is not None and following.label.kind == "bullet"
    if words.endswith(":") and (
        count > 6 or (leads and not (paragraph.is_bold and not _LEADS_IN.search(words)))
    ):
        return None
    if line.label.kind in ("letter", "roman") and not paragraph.is_bold:
        return None
    looks = {
        "bold": paragraph.is_bold,
        "larger": paragraph.size >= body + 1.5,
        "in capitals": paragraph.is_capitals,
        "underlined": paragraph.is_underlined,
    }
    shown = [look for look, is_so in looks.items() if is_so]
    if not shown:
        is_part = line.label.word in ("article", "section", "part")
        is_title = is_part and not words.endswith((".", ":"))
        return _Rank((1, -body, 3), begins) if is_title else None
    if labelled and words.endswith(".") and not paragraph.is_bold:
        return None
    weight = 0 if paragraph.is_bold else 1 if paragraph.is_capitals else 2
    weight -= paragraph.is_bold and paragraph.text.isupper()
    return _Rank((1, -paragraph.size, weight), f"it is {' and '.join(shown)}")


def _runs_of_alike(lines: Sequence[Line], ranks: _Ranks) -> list[list[int]]:
    """Four guessed headings or more with nothing between them: a list, an address, a sign-off."""
    runs: list[list[int]] = []
    run: list[int] = []
    for at in range(len(lines) + 1):
        if (
            at in ranks
            and ranks[at].is_guess
            and (not run or ranks[at].rank == ranks[run[-1]].rank)
        ):
            run.append(at)
            continue
        if len(run) >= 4:
            runs.append(run)
        run = [at] if at in ranks and ranks[at].is_guess else []
    return runs


def _levels(lines: Sequence[Line], ranks: _Ranks) -> dict[int, Heading]:
    apart = {at: rank for at, rank in ranks.items() if lines[at].label.is_appendix}
    ranks = {at: rank for at, rank in ranks.items() if at not in apart} or apart
    if not ranks:
        return {}
    styled = {at: rank for at, (rank, _, guess) in ranks.items() if not guess}
    level_of_look: dict[tuple[float, ...], int] = {}
    outlines = sorted({int(rank[1]) for rank in styled.values()})
    numbered = {at: lines[at].label.depth for at in ranks if lines[at].label.kind == "number"}
    depth_beats = len(outlines) <= 1 and len(set(numbered.values())) > 1
    for at, rank in styled.items():
        paragraph = lines[at].paragraph
        level_of_look.setdefault(
            (paragraph.size, float(paragraph.is_bold)), outlines.index(int(rank[1]))
        )
    guessed = sorted({rank for rank, _, guess in ranks.values() if guess})
    levels: dict[int, int] = {}
    for at, (rank, _, guess) in ranks.items():
        line = lines[at]
        if not guess:
            levels[at] = outlines.index(int(rank[1]))
            continue
        look = (line.paragraph.size, float(line.paragraph.is_bold))
        if look in level_of_look:
            levels[at] = level_of_look[look]
        elif outlines:
            larger = [level for (size, _), level in level_of_look.items() if size > look[0]]
            levels[at] = max(larger) + 1 if larger else 0
        else:
            levels[at] = guessed.index(rank)
    by_size = levels if _are_levels(lines, ranks) else _merge_alike(lines, levels, ranks)
    for at, depth in numbered.items():
        if (depth_beats or ranks[at].is_guess) and depth > 1:
            top = min(
                (by_size[o] for o in numbered if numbered[o] == 1), default=by_size[at] - depth + 1
            )
            by_size[at] = max(0, top) + depth - 1
    flat = _without_thin_tops(lines, _below_labelled(lines, by_size, ranks))
    ranks = {**ranks, **apart}
    flat |= dict.fromkeys(apart, min(flat.values()))
    flat = _beside_parts(lines, flat)
    steps = sorted(set(flat.values()))
    return {
        at: Heading(at, steps.index(level) + 1, ranks[at].why, ranks[at].is_guess)
        for at, level in sorted(flat.items())
    }


def _are_levels(lines: Sequence[Line], ranks: _Ranks) -> bool:
    """Whether headings in capitals are above the others of their size, and not only a taste."""
    guessed = [at for at in sorted(ranks) if ranks[at].is_guess and lines[at].paragraph.is_bold]
    signs = "".join("C" if lines[at].paragraph.text.isupper() else "t" for at in guessed)
    groups = re.findall("Ct*", signs)
    return (
        len(groups) >= 3
        and signs.startswith("C")
        and signs.count("t") >= 1.3 * len(groups)
        and sum("t" in group for group in groups) >= 0.6 * len(groups)
        and len({lines[at].paragraph.size for at in guessed}) == 1
    )


def _merge_alike(lines: Sequence[Line], levels: dict[int, int], ranks: _Ranks) -> dict[int, int]:
    """Guessed levels of one size are one level: bold beside capitals is often only taste."""
    merged = dict(levels)
    by_size: dict[float, int] = {}
    for at in sorted(levels, key=lambda at: levels[at]):
        if not ranks[at].is_guess:
            continue
        paragraph = lines[at].paragraph
        if paragraph.is_bold or lines[at].is_banner or paragraph.is_capitals:
            merged[at] = by_size.setdefault(paragraph.size, levels[at])
    return merged


def _beside_parts(lines: Sequence[Line], levels: dict[int, int]) -> dict[int, int]:
    """Numbered sections below “Part A” and “Part B”: a part holds none, and is one beside them."""
    top = min(levels.values())
    parts = [at for at, level in levels.items() if level == top]
    below = [at for at, level in levels.items() if level > top and lines[at].label.depth == 1]
    is_numbered = any(lines[at].label.kind == "number" for at in parts)
    if len(below) < 2 or is_numbered or any(lines[at].label.word == "article" for at in parts):
        return levels
    step = min(levels[at] for at in below) - top
    return {at: max(top, level - step) for at, level in levels.items()}


def _below_labelled(lines: Sequence[Line], levels: dict[int, int], ranks: _Ranks) -> dict[int, int]:
    """Guesses without a number, between headings of their level that have one, are below them."""
    lowered: dict[int, int] = {}
    for level in set(levels.values()):
        members = sorted(at for at, one in levels.items() if one == level)
        named = [at for at in members if lines[at].label.word == "section"]
        if named and any(lines[at].label.word in ("article", "part", "chapter") for at in members):
            lowered |= dict.fromkeys(named, level + 1)
        labelled = [at for at in members if lines[at].label.kind not in ("", "bullet")]
        bare = [at for at in members if at not in labelled and ranks[at].is_guess]
        if len(labelled) < 3:
            continue
        if sum(labelled[0] < at < labelled[-1] for at in bare) >= 2:
            lowered |= {at: level + 1 for at in bare if at > labelled[0]}
    deeper = min((level for level in lowered.values()), default=0)
    moved = {at: one + (bool(lowered) and one >= deeper) for at, one in levels.items()}
    return moved | lowered


def _without_thin_tops(lines: Sequence[Line], levels: dict[int, int]) -> dict[int, int]:
    """A top level with one or two members above many is no level: a title, or a stray line."""
    while True:
        counts = Counter(levels.values())
        if len(counts) < 2:
            return levels
        top, below = sorted(counts)[:2]
        members = [at for at, level in levels.items() if level == top]
        labelled = any(lines[at].label.kind in ("number", "named") for at in members)
        if counts[top] > 2 or labelled or counts[below] < 4 * counts[top]:
            return levels
        levels = {at: below if level == top else level for at, level in levels.items()}
