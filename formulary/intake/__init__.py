"""The files that were handed in: out of folders, archives and mails, each as bytes.

Nothing is ever unpacked onto the disk.
"""

from formulary.intake.finding import HandedIn, handed_in
from formulary.intake.kinds import kind_of

__all__ = ["HandedIn", "handed_in", "kind_of"]
