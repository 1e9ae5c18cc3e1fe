"""What HR gets from the returns: tables come out of what was collected, as a workbook or as CSV."""

from formulary.register.files import csv_of, workbook_of
from formulary.register.tables import Case, Expected, Table, expected_of, tables_of

__all__ = ["Case", "Expected", "Table", "csv_of", "expected_of", "tables_of", "workbook_of"]
