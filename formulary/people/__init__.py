"""Staff lists, as HR systems export them: bytes of a CSV or XLSX file in, a `StaffList` out.

Everything that cannot be read, or can be read in two ways, is named with its row; nothing is
guessed silently, and nothing in a list is ever taken for a formula or a template.
"""

from formulary.model.person import StaffList
from formulary.people.reading import read_staff

__all__ = ["StaffList", "read_staff"]
