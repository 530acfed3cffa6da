"""CONTRIBUTING's sizes are those of the code: what is longer than a file may be is listed here with the reason."""

import ast
import re
from pathlib import Path
from statistics import median

from django.conf import settings

ROOT = settings.BASE_DIR
MOST_LINES = 400
FOLDERS = ("ecpd", "cases", "leads", "parking", "contrib", "tests", "docs", "templates", "static/ecpd")
ENDINGS = {".py", ".html", ".js", ".css"}
A_TABLE = "a table: one attack a row, in the order of the models' files"
LONGER = {
    "contrib/verify_bundle.py": "handed to outsiders as one file that needs nothing beside it",
    "tests/attacks/table_leads.py": A_TABLE,
    "tests/attacks/table_searches.py": A_TABLE,
    "tests/attacks/table_parking_citations.py": A_TABLE,
    "tests/attacks/made.py": "attacks that are made of the models, kind after kind",
    "tests/audit/test_bundle.py": "what may be wrong with an export, one after the other",
    "tests/audit/test_chain.py": "what may be done to a chain, one after the other",
}


def ours() -> list[Path]:
    """What people write by hand; migrations are generated."""
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.suffix in ENDINGS]
    return [file for file in files if "migrations" not in file.parts]


def lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def test_files_over_the_bound_are_those_that_are_listed_with_their_reason():
    over = {str(file.relative_to(ROOT)) for file in ours() if lines(file) > MOST_LINES}
    assert over == set(LONGER)


def test_the_document_says_the_same_bound_and_names_what_is_outside_the_tests():
    said = (ROOT / "CONTRIBUTING.md").read_text()
    assert re.search(r"none over (\d+)", said)[1] == str(MOST_LINES)
    assert all(name in said for name in LONGER if not name.startswith("tests/"))


def test_files_are_around_100_lines_and_functions_around_7():
    files = [file for file in ours() if file.suffix == ".py" and "tests" not in file.parts]
    functions = [
        node.end_lineno - node.lineno + 1
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    assert 50 < median(map(lines, files)) < 130
    assert 5 <= median(functions) <= 9
    assert sum(length > 30 for length in functions) < len(functions) / 50
