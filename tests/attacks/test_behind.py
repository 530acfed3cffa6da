"""What a run says of second guards, and that what is kept of it names guards."""

import json
from collections import Counter

import pytest

from tests.attacks import behind, every
from tests.attacks.every import ATTACKS
from tests.attacks.guards import Guard, every_guard

ONE = next(attack for attack in ATTACKS if attack.guard.kind == "constraint" and every.rule_of(attack))
SECOND = next(guard for guard in every_guard() if guard.table == ONE.guard.table and guard.name != ONE.guard.name)
KEY = Guard("cases_case", "cases_case_pkey", kind="constraint")
PRIVILEGE = Guard("audit_auditevent", "INSERT", kind="privilege")


@pytest.fixture(autouse=True)
def nothing_met(monkeypatch):
    monkeypatch.setattr(behind, "MET", Counter())


def test_an_attack_that_succeeds_with_its_guard_asleep_has_no_second_one():
    behind.note(ONE, [ONE.guard])
    assert list(behind.report(7, 3, each=True)) == [
        "1 of 7 attacks on 3 guards tried, none through.",
        "1 succeed with their one guard asleep, 0 once a second guard sleeps too, named below.",
    ]
    assert json.loads(behind.text()) == {}


def test_second_guards_are_named_in_the_report_and_for_the_manual():
    behind.note(ONE, [SECOND, ONE.guard, PRIVILEGE])
    behind.note(ONE, [ONE.guard])
    names = sorted([SECOND.name, "audit_auditevent: no INSERT"])
    *_, counts, line = behind.report(2, 1, each=True)
    assert counts.startswith("1 succeed with their one guard asleep, 1 once")
    assert line == f"{ONE.guard.table}: {ONE.guard.name} and {', '.join(names)}"
    assert json.loads(behind.text()) == {
        every.rule_of(ONE): {"attacks": 1, "guards": sorted([SECOND.name, "no INSERT"])}
    }


def test_what_went_through_is_said_first():
    behind.MET[behind.THROUGH] += 2
    assert "2 NOT REFUSED AS THEY SHOULD BE" in next(iter(behind.report(2, 1, each=False)))


def test_a_stranger_is_no_guard():
    other = Guard("cases_case", "cases_case_somebody_check", kind="constraint")
    assert behind.strangers([ONE.guard, SECOND, KEY, PRIVILEGE]) == []
    assert behind.strangers([ONE.guard, other]) == [str(other)]


def test_what_is_kept_names_guards_of_rules_that_are_attacked():
    known = {guard.name for guard in every_guard()}
    kept = json.loads(behind.KEPT.read_text())
    for rule, of in kept.items():
        assert of["attacks"] <= every.counts()[rule], rule
        assert [name for name in of["guards"] if name not in known and not name.startswith("no ")
                and not behind.KEY.search(name)] == [], rule  # fmt: skip
