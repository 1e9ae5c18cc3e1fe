"""What is taken where nobody says anything: numbers and names that options of commands show too.

It imports nothing, so that the help of a command appears at once.
"""

PATTERN = "{school}/{reviewer}/{form} {name} {id} {edition}"
"""Where the file of a pack goes in the output folder.

The file's own name tells whose it is, so that a reviewer can keep those of six people together."""

PLACES = ("school", "group", "reviewer", "person", "name", "id", "form", "edition")
"""What such a pattern may hold in curly brackets."""

FORMATS = {"Word": "docx", "PDF": "pdf"}
"""The formats that papers are made in, each with the ending of its files."""

SMALL_PAGE = "Page"
"""The format of the small file in a pack that opens a form in the handbook; only on demand."""

THRESHOLD = 5
"""Numbers of people below this one are hidden in the report."""

SMALLEST_THRESHOLD = 3
"""Below this one, a number would name people."""

SHARE = 10
"""How many of a hundred returns are moderated."""

NOT_CARRIED = "not-carried.csv"
"""The list, in the folder of the packs, of what could not be carried into the new year."""

LARGEST_MAIL = 20
"""Megabytes. Many mail servers take no mail that is larger."""

MAILS_A_MINUTE = 20
"""Below what large mail services allow a mailbox (Exchange Online: 30)."""

BUNDLE = "handbook.zip"
"""The zip into which the site is packed, in the project's folder."""
