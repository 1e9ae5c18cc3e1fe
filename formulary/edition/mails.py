"""Fill in the words of mails: the facts of an edition, and what each mail says of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import Any, Literal

from formulary.content.mails import Mail, Mails
from formulary.edition.text import fill, without_links
from formulary.problems import UsageError

MailKind = Literal["packs-for-reviewer", "packs-for-person"]


@dataclass(frozen=True)
class MailValues:
    """What one mail says of its own; see `content.mails.MAIL_NAMES`."""

    name: str = "Ann Example"
    people: str = "- a form"
    files: int = 1
    contact: str = "HR"


def with_mail_names(names: Mapping[str, Any], values: MailValues | None = None) -> dict[str, Any]:
    """The names of an edition's texts with those of a mail; an example's where none is given."""
    return {**names, "mail": SimpleNamespace(**asdict(values or MailValues()))}


def find_mail(kind: MailKind, *files: Mails | None) -> Mail:
    """The first of several files' words for a mail. Raises UsageError where none has it."""
    name = kind.replace("-", "_")
    for file in files:
        found: Mail | None = getattr(file, name) if file else None
        if found:
            return found
    raise UsageError(f"No mails.yaml has the email “{kind}”. Write it, or delete your own file.")


def write_mail(mail: Mail, names: Mapping[str, Any], values: MailValues) -> tuple[str, str]:
    """The subject and the plain text of a mail; links are their words."""
    # an example's names first: what people are called is never read as a link
    plain = mail.model_copy(update={"text": _without_links(mail.text, names)})
    full = with_mail_names(names, values)
    return fill(plain.subject, full)[0], fill(plain.text, full)[0] + "\n"


_EXPRESSION = re.compile(r"\{\{(?!\s*mail\.).*?\}\}", re.DOTALL)


def _without_links(text: str, names: Mapping[str, Any]) -> str:
    """A text with everything filled in but the names of the mail."""
    return _EXPRESSION.sub(lambda found: without_links(fill(found[0], names)[0]), text)
