"""What the manual says of itself: "the database holds it too" where a guard does, and a setting that something reads."""

import ast
import re
from pathlib import Path

import pgtrigger
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from ecpd.audit.functions import every_function
from ecpd.policy.manual import PARAMETERS, RULES

REFUSAL = re.compile(r"RAISE EXCEPTION '([A-Z]{2}-\d\d): ")
NAMED = re.compile(r"([a-z]{2})_(\d\d)_")
# Named after a rule that the code alone holds: that a lock stands once is not that five failures lead to it.
BESIDE_THE_RULE = {"ac_02_one_open_lock"}
# Said in passing by guards of every rule: they judge what is committed.
EVERYWHERE = {"AU-03"}


def guards() -> dict[str, set[str]]:
    """Rule to the names of the triggers that refuse under it, or put right under its name what was written (AC-11)."""
    found: dict[str, set[str]] = {}
    for model, trigger in pgtrigger.registered():
        said = set(REFUSAL.findall(str(trigger.compile(model).sql)))
        for rule_id in said | (rule_named(trigger.name) if said <= EVERYWHERE else set()):
            found.setdefault(rule_id, set()).add(trigger.name)
    return found


def rule_named(name: str) -> set[str]:
    """The rule that a guard is named after; tests/attacks/test_mended.py tries those that refuse nothing."""
    named = NAMED.match(name)
    return {f"{named[1].upper()}-{named[2]}"} if named else set()


def constraints() -> dict[str, set[str]]:
    """Rule to the names of its constraints."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            for rule_id in rule_named(constraint.name) if constraint.name not in BESIDE_THE_RULE else ():
                found.setdefault(rule_id, set()).add(constraint.name)
    return found


def test_the_manual_says_of_the_same_rules_that_the_database_holds_them_as_there_are_guards():
    held = set(guards()) | set(constraints())
    flagged = {rule.id for rule in RULES.values() if rule.database}
    assert flagged - held == set(), "The manual promises a guard that there is not."
    assert held - flagged - {r for r in held if not RULES[r].enforced} == set(), "Say so in the manual."


def test_fr_12_has_a_guard_of_its_own_name():
    assert "fr_12_suspect_only" in guards()["FR-12"]


@pytest.mark.parametrize("rule_id", sorted(set(guards()) - EVERYWHERE))
def test_a_rule_that_refuses_has_a_guard_or_constraint_named_after_it(rule_id):
    prefix = f"{rule_id.lower().replace('-', '_')}_"
    assert any(prefix in name for name in guards()[rule_id] | constraints().get(rule_id, set()))


def readers() -> set[str]:
    """Every word that the product's code names outside the manual: a setting that it reads is among them."""
    words: set[str] = set()
    for app in ("ecpd", "cases", "leads", "parking"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            if "manual" in path.parts or "migrations" in path.parts:
                continue
            words |= {node.value for node in ast.walk(ast.parse(path.read_text()))
                      if isinstance(node, ast.Constant) and isinstance(node.value, str)}  # fmt: skip
    return words


@pytest.mark.django_db
def test_every_setting_is_read_by_the_code_or_by_a_guard():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        installed = "\n".join(body for (body,) in cursor.fetchall())
    named = readers()
    unread = {n for n in PARAMETERS if n not in named and not re.search(rf"ecpd_parameter\w*\('{n}'\)", installed)}
    assert unread == set()


# Settings of rules that the database holds, which no guard compares with anything: each with the reason.
ENGINE = "A measurement of the engine that looks for it; what it finds is refused by the rule's other guards."
WORDS = "Words on a paper or a page; there is nothing to compare."
THROTTLE = "How often somebody may try from one address; nothing that is kept depends on it."
REMINDER = "When somebody is told; nothing is refused by it."
BY_NO_GUARD = {
    "lot_min": "A smaller lot goes on and is told; the guard holds that the row says how many there were.",
    "supplement_hours": "A clock that is told; the guard lets nothing go to the prosecutor until all is disclosed, however late.",
    "zone_probability_min": "Several passes together may be surer than each alone; no read by itself says it.",
    "first_read_valid_minutes": ENGINE,
    "long_stay_gap_hours": ENGINE,
    "citation_mail_address": WORDS,
    "citation_phone": WORDS,
    "citation_web": WORDS,
    "tow_hearing_contact": WORDS,
    "contest_tries_per_hour": THROTTLE,
    "permit_tries_per_hour": THROTTLE,
    "permit_reminder_days": REMINDER,
    "permit_reminder_last_days": REMINDER,
    "permit_renewal_days": "When a page offers it; a renewal begins where the old permit ends, so nobody gains by being early.",
}


def compared_by_guards() -> set[str]:
    """Every setting that some trigger reads from the manual in force, or a function that it calls."""
    bodies = "\n".join(str(trigger.compile(model).sql) for model, trigger in pgtrigger.registered())
    called = "\n".join(one.body for one in every_function() if re.search(rf"\b{one.name}\(", bodies))
    again = "\n".join(one.body for one in every_function() if re.search(rf"\b{one.name}\(", called))
    return set(re.findall(r"ecpd_parameter\w*\('(\w+)'\)", bodies + called + again))


def test_a_setting_of_a_rule_that_the_database_holds_is_compared_by_a_guard_or_says_why_not():
    theirs = {name for name, setting in PARAMETERS.items() if RULES[setting.rule_id].database}
    assert theirs - compared_by_guards() - set(BY_NO_GUARD) == set()
    assert set(BY_NO_GUARD) & compared_by_guards() == set(), "A guard reads it after all."
    assert set(BY_NO_GUARD) <= theirs


@pytest.mark.django_db
def test_the_third_signature_is_asked_for_by_a_rule_and_by_a_guard():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_proc WHERE prosrc LIKE '%%ecpd_parameter_boolean(''lead_supervisor_signoff'')%%'"
        )
        assert cursor.fetchone()[0] == 1
    assert "lead_supervisor_signoff" in readers()
