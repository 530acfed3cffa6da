"""How the suite is shared out: whatever is put first is still there, and a file stays with one worker."""

import re

import pytest

from tests.shares import BESIDE, LONGEST, ROOT, TOGETHER, share_of

FOUND = re.search(r"def (test_each_\w+)", (ROOT / "tests/attacks/test_tried.py").read_text())
TRIED = f"tests/attacks/test_tried.py::{FOUND[1]}"


def test_each_share_that_is_named_is_there():
    gone = [share for share in (*TOGETHER, *LONGEST) if share != BESIDE and not (ROOT / share).exists()]
    assert gone == []


@pytest.mark.parametrize(("test", "share"), [
    (f"{TRIED}[cases_case]", "tests/attacks"),
    (f"{TRIED}[parking_read]", BESIDE),
    ("tests/attacks/test_races.py::test_who_is_second[a race]", BESIDE),
    ("tests/attacks/test_tried_late.py::test_what_is_set[parking_read]", "tests/attacks"),
    ("tests/walk/test_permit.py::test_a_permit", "tests/walk"),
    ("tests/leads/test_races.py::test_two[a::b]", "tests/leads/test_races.py"),
])  # fmt: skip
def test_a_test_belongs_to_its_folder_or_its_file(test, share):
    assert share_of(test) == share


RAN: list[int] = []  # in this process


@pytest.mark.parametrize("number", range(4))
def test_a_file_stays_with_one_worker(number, request):
    RAN.append(number)
    same = [item for item in request.session.items if item.location[:1] == request.node.location[:1]]
    collected = [item.callspec.params["number"] for item in same if item.originalname == request.node.originalname]
    assert collected[: len(RAN)] == RAN
