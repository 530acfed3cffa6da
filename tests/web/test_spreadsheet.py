"""No cell of an exported file is a formula, whoever wrote what stands in it."""

import ast
import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from ecpd.web.spreadsheet import as_csv, cell, csv_file

ROOT = Path(__file__).resolve().parents[2]
FORMULA = "=HYPERLINK(1)"


@pytest.mark.parametrize("before", ["", "\t", "\r", "\n", " ", "\x00", "\x1f", "\u00a0", "\u200b", "\ufeff", "\t \r"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_formula_is_text_whatever_stands_before_it(before, sign):
    assert cell(f"{before}{sign}1+cmd.jpg") == f"'{before}{sign}1+cmd.jpg"


@pytest.mark.parametrize("text", ["\tplain", "\rplain", "\nplain"])
def test_a_cell_begins_with_no_tab_and_no_line(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["plain", "8ABC123", "a=1", "Pine Street 4-6", -48, Decimal("-48.00"), "-48.00", 0.5, ""]
)
def test_words_and_numbers_stay_as_they_are(value):
    assert cell(value) == str(value)


def test_nothing_is_an_empty_cell():
    assert cell(None) == ""


def test_a_file_is_read_back_as_it_was_written():
    rows = [["File", "Reason"], ['a,b\n"c"', 'is "no" picture'], ["\t" + FORMULA, None]]
    assert list(csv.reader(io.StringIO(as_csv(rows), newline=""))) == [*rows[:2], ["'\t" + FORMULA, ""]]
    answer = csv_file("a.csv", rows)
    assert answer["Content-Disposition"] == 'attachment; filename="a.csv"'


def test_no_other_place_writes_such_a_file():
    writers = {
        str(path.relative_to(ROOT))
        for app in ("ecpd", "cases", "leads", "parking")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter") and isinstance(node.value, ast.Name)
        and node.value.id == "csv"
    }  # fmt: skip
    assert writers == {"ecpd/web/spreadsheet.py"}
