"""The files that were handed in: out of folders, archives and mails, each as bytes.

Nothing is ever unpacked onto the disk.
"""

from formulary.intake.finding import HandedIn, Mail, handed_in, mail_of
from formulary.intake.kinds import kind_of

__all__ = ["HandedIn", "Mail", "handed_in", "kind_of", "mail_of"]
