"""Lists of the reference as HTML: keys of YAML files, and kinds of problem.

Every entry has an anchor: a key's is its part and its name (`group--who`, and `key--groups` for one
of the file itself), a problem's its code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from formulary.formats.handbook.markdown import Markdown
from formulary.formats.handbook.reference import YamlKey
from formulary.problems import Kind

SEVERITIES = {
    "error": "error: stops the command",
    "warning": "warning: most likely a mistake",
    "info": "info: worth a look",
}


def render_words(text: str) -> Markdown:
    """Words as HTML; words between backticks are code, and apostrophes curly in all others."""
    parts = re.split(r"`([^`]*)`", text)
    return Markdown(
        "".join(
            f"<code>{html.escape(part)}</code>"
            if place % 2
            else html.escape(re.sub(r"(?<=\w)'(?=\w)", "’", part), quote=False)
            for place, part in enumerate(parts)
        )
    )


def render_keys(keys: Iterable[YamlKey], file: str, part: str = "key") -> Markdown:
    """The keys of a part of the page of `file`, each with its kind and what it is for."""
    return _render_list(
        (
            f"{part}--{key.name}",
            key.name,
            _facts(key, file),
            render_words(key.about),
        )
        for key in keys
    )


def _facts(key: YamlKey, file: str) -> str:
    kind = html.escape(key.kind, quote=False)
    if key.home:
        page, part = key.home
        address = f"#{part}" if page == file else f"{page}.html#{part}"
        kind = re.sub(r"“(.+)”", rf'<a href="{address}">\1</a>', kind)
    required = "required" if key.is_required else "optional"
    default = f", otherwise <code>{html.escape(key.default)}</code>" if key.default else ""
    return f"<strong>{required}</strong>{default}; {kind}"


def render_problems(kinds: Iterable[Kind]) -> Markdown:
    """Kinds of problem, each with how bad it is, what it means and what to do."""
    return _render_list(
        (
            kind.code,
            kind.code,
            SEVERITIES[kind.severity]
            + ("; may be accepted with a reason" if kind.judged else "; cannot be accepted"),
            f"{render_words(kind.title)}. {render_words(kind.remedy)}",
        )
        for kind in kinds
    )


def _render_list(entries: Iterable[tuple[str, str, str, str]]) -> Markdown:
    """Entries of an anchor, a name, facts and words (HTML)."""
    lines = ['<dl class="keys">']
    for anchor, name, facts, words in entries:
        beside = f' <span class="facts">{facts}</span>' if facts else ""
        lines.append(f'<dt id="{anchor}"><code>{html.escape(name)}</code>{beside}</dt>')
        lines.append(f"<dd>{words}</dd>")
    return Markdown("\n".join([*lines, "</dl>"]))
