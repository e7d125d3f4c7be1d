"""CSV as all exports write it: nothing in it runs in a spreadsheet, and numbers stay numbers."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.services.csv_table import csv_table


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-", "+82-10-1234", "=1.5"]
)
def test_a_formula_in_a_name_is_only_text(text: str) -> None:
    assert read(csv_table((text,), [[text]])) == [[f"'{text}"]] * 2


@pytest.mark.parametrize("number", ["-1", "+2.50", "-.5", "-1.2e-07", "3", "-0.000"])
def test_a_number_is_a_number_however_it_comes(number: str) -> None:
    assert read(csv_table(("x",), [[number], [float(number)]])) == [["x"], [number], [str(float(number))]]


def test_nothing_is_empty_and_spreadsheets_know_the_encoding() -> None:
    data = csv_table(("무엇", "b"), [[None, True], ["한,글", "plain"]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert read(data) == [["무엇", "b"], ["", "True"], ["한,글", "plain"]]


@given(st.text(), st.text())
def test_no_cell_ever_begins_a_formula(left: str, right: str) -> None:
    for cell in read(csv_table(("a", "b"), [[left, right]]))[1]:
        if cell.startswith(("=", "@", "\t", "\r", "\n")):
            raise AssertionError(cell)
        if cell.startswith(("+", "-")):
            float(cell)
