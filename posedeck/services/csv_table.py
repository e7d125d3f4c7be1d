"""Tables as CSV, as all exports write them."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table, UTF-8 with BOM so that spreadsheets read it.

    A text that a spreadsheet would run as a formula (a picture's name, a note) is written with an apostrophe before
    it; numbers stay numbers, whether they come as numbers or as text.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(_FORMULA) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"
