"""The forms that returns of one organisation can be of: this edition's, and those that are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from formulary.content.form import Form
from formulary.content.kept_edition import KeptEdition, load_kept
from formulary.content.organisation import Offer
from formulary.documents.blank import Blank, compose_blank
from formulary.documents.stamp import Stamp
from formulary.edition.edition import Edition, edition_of
from formulary.problems import ContentError
from formulary.returns.returned_file import ReturnedFile


@dataclass(frozen=True)
class PublishedForm:
    """A form as one edition has it: what a return of that edition is read and checked with."""

    edition: Edition
    offer: Offer
    form: Form
    blank: Blank


def published_forms(edition: Edition) -> dict[str, PublishedForm]:
    """The forms of an edition, by id."""
    return {
        form.id: PublishedForm(edition, offer, form, compose_blank(edition, offer, form))
        for offer, form in edition.forms
    }


def fill_kept_edition(kept: KeptEdition) -> Edition:
    """The edition that was kept, with every text filled in. Raises ContentError."""
    content, own = load_kept(kept)
    edition, faults = edition_of(content, own, kept.year)
    if edition is None:
        raise ContentError(faults)
    return edition


class EditionShelf:
    """Finds the form that a return is of, by its stamp.

    `edition` is the one whose returns count; `kept` and `others` are further ones that returns can
    be of. A kept edition is loaded when the first return of it turns up.
    """

    def __init__(
        self, edition: Edition, kept: Sequence[KeptEdition] = (), others: Sequence[Edition] = ()
    ) -> None:
        self.edition, self.kept, self.others = edition, kept, others

    @cached_property
    def forms(self) -> Mapping[str, PublishedForm]:
        """The forms of this edition, by id."""
        return published_forms(self.edition)

    @property
    def blanks(self) -> dict[str, Blank]:
        """The blanks of this edition's forms, by the form's id."""
        return {id: form.blank for id, form in self.forms.items()}

    def find_form(self, stamp: Stamp) -> PublishedForm | None:
        """The form that a file with this stamp is a copy of; None where nobody kept it.

        Of several states of an edition that has changed in its year, the one with the file's
        questions; where none has them, the one of today.
        """
        own = self.forms.get(stamp.form)
        is_ours = stamp.year == self.edition.year
        if own and is_ours and stamp.has_same_questions(own.blank.stamp):
            return own
        of_year = [one for one in self._further if one.year == stamp.year and stamp.form in one]
        for state in reversed(of_year):
            if stamp.has_same_questions(replace(stamp, digest=state.digests[stamp.form])):
                return state.forms[stamp.form]
        if own and (is_ours or stamp.has_same_questions(own.blank.stamp)):
            return own
        return of_year[-1].forms[stamp.form] if of_year else None

    @cached_property
    def _further(self) -> tuple[_State, ...]:
        return (
            *(_State(one.year, one.forms, one) for one in self.kept),
            *(_state_of(one) for one in self.others),
        )

    def find_blank(self, stamp: Stamp) -> Blank | None:
        """The blank of that form."""
        found = self.find_form(stamp)
        return found.blank if found else None

    def find_nearest_form(self, stamp: Stamp) -> PublishedForm | None:
        """The form as `find_form` gives it; where its edition is not kept, this edition's."""
        return self.find_form(stamp) or self.forms.get(stamp.form)

    def reads_otherwise(self, record: ReturnedFile) -> bool:
        """Whether a file was read with another form than would be taken for it now.

        So it is where the edition of a file was kept after the file had been read.
        """
        if record.submission is None:
            return False
        found = self.find_form(record.submission.identity.stamp)
        return found is not None and set(record.submission.answers) != {
            question.id for question in found.blank.questions()
        }


@dataclass(frozen=True)
class _State:
    """A state of an edition: the digest of each form, and the forms themselves when asked for."""

    year: int
    digests: Mapping[str, str]
    source: KeptEdition | Mapping[str, PublishedForm]

    def __contains__(self, form: str) -> bool:
        return form in self.digests

    @cached_property
    def forms(self) -> Mapping[str, PublishedForm]:
        if isinstance(self.source, KeptEdition):
            return published_forms(fill_kept_edition(self.source))
        return self.source


def _state_of(edition: Edition) -> _State:
    forms = published_forms(edition)
    digests = {id: form.blank.stamp.digest for id, form in forms.items()}
    return _State(edition.year, digests, forms)
