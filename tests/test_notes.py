"""The notes of workers arrive: a run of two workers, with what broke it once."""

import subprocess
import sys
from pathlib import Path

from tests.notes import plain, taken

CONFTEST = """
import pytest
from tests.notes import plain, taken

class Reason(str):
    "No plain text."

def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["notes"] = plain({Reason("why"): 1, "list": [("rule", True)]})

@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    print("ARRIVED", taken(node.workeroutput["notes"]), flush=True)
"""


def test_notes_of_two_workers_arrive_at_the_controller(tmp_path: Path):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_some.py").write_text("def test_one(): pass\n\ndef test_two(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-n2", "-p", "no:django", "-p", "no:cacheprovider", "-c", "/dev/null",
               "--rootdir", str(tmp_path), str(tmp_path)]  # fmt: skip
    root = Path(__file__).resolve().parent.parent
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120,
                         env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root)})  # fmt: skip
    assert ran.stdout.count("ARRIVED {'why': 1, 'list': [['rule', True]]}") == 2, ran.stdout + ran.stderr


def test_notes_are_one_plain_text():
    class Reason(str):
        """No plain text."""

    assert type(plain({Reason("a"): 1})) is str
    assert taken(None) == {}
