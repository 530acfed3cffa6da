"""The manual, the registry, the role table and the written page name the same rules."""

import re

import pytest

from ecpd.accounts.roles import ACTIONS, Role
from ecpd.policy import registry
from ecpd.policy.management.commands import policy_docs
from ecpd.policy.manual import ATTACKS, CHAPTERS, NOT_YET, PARAMETERS, RULES
from ecpd.policy.selectors import HELD_ELSEWHERE, is_enforced
from tests.factories.people import make_user
from tests.signing_in import sign_in

ENFORCED = sorted(rule.id for rule in RULES.values() if rule.enforced)
LATER = sorted(rule.id for rule in RULES.values() if not rule.enforced)


def test_every_registered_rule_is_in_the_manual():
    assert registry.registered_ids() <= set(RULES)


def test_a_rule_without_text_cannot_be_registered():
    with pytest.raises(KeyError, match="ZZ-99 is not in the manual"):
        registry.rule("ZZ-99", on="case.view")


@pytest.mark.parametrize("rule_id", ENFORCED)
def test_a_rule_the_manual_calls_enforced_is_asked_or_held_elsewhere(rule_id):
    assert registry.actions_of(rule_id) or rule_id in HELD_ELSEWHERE
    assert is_enforced(RULES[rule_id])


@pytest.mark.parametrize("rule_id", LATER)
def test_a_rule_of_a_later_version_is_neither_asked_nor_claimed(rule_id):
    assert registry.actions_of(rule_id) == []
    assert rule_id not in HELD_ELSEWHERE
    assert not is_enforced(RULES[rule_id])


def test_what_is_held_elsewhere_is_in_the_manual_and_nowhere_asked():
    assert set(HELD_ELSEWHERE) <= set(ENFORCED)
    assert not set(HELD_ELSEWHERE) & registry.registered_ids()


def test_every_rule_is_asked_on_actions_of_the_role_table_only():
    asked = {action for rule_id in registry.registered_ids() for action in registry.actions_of(rule_id)}
    assert asked == set(ACTIONS)


def test_every_setting_belongs_to_an_enforced_rule_and_starts_with_a_value_it_would_take():
    for parameter in PARAMETERS.values():
        assert RULES[parameter.rule_id].enforced, parameter.name
        assert parameter.problem(parameter.default) == "", parameter.name


def test_every_rule_has_a_chapter_a_text_and_a_source():
    for rule in RULES.values():
        assert rule.chapter in CHAPTERS, rule.id
        assert rule.text.rstrip("”").endswith("."), rule.id
        assert rule.source, rule.id


def test_what_is_not_held_yet_belongs_to_an_enforced_rule():
    """A rule that is not enforced at all says that already."""
    assert [rule_id for rule_id in NOT_YET if rule_id not in RULES or not RULES[rule_id].enforced] == []


def test_the_written_page_is_what_the_registry_says():
    assert policy_docs.TARGET.read_text() == policy_docs.text(), "Run manage.py policy_docs."


# What the policy itself marks (?): nobody read it at the official place yet.
UNCHECKED = {"FR-19", "FR-25", "LU-04", "LU-06", "LR-01", "PK-05", "PK-08", "PK-14"}


def test_sources_that_nobody_checked_are_marked_in_the_manual_and_on_its_written_page():
    assert {rule.id for rule in RULES.values() if rule.unchecked} == UNCHECKED
    written = re.split(r"^### ", policy_docs.text(), flags=re.MULTILINE)[1:]
    assert {part[:5] for part in written if "(?) Still to be checked at its source: " in part} == UNCHECKED


@pytest.mark.django_db
def test_the_manuals_page_shows_what_is_unchecked_and_what_loosens_each_setting(client):
    sign_in(client, make_user(Role.CAPTAIN))
    page = client.get("/policy/").content.decode()
    assert page.count("Still to be checked at its source") == len(UNCHECKED)
    assert page.count("Loosened by ") == policy_docs.text().count("; loosened by ") == len(PARAMETERS)
    grace = page[page.index("Grace beyond a posted limit") :]
    assert grace[grace.index("Loosened by") :].startswith("Loosened by a lower value.")


def test_every_rule_that_the_database_holds_says_how_often_that_was_tried_and_no_other_does():
    assert set(ATTACKS) == {rule.id for rule in RULES.values() if rule.database}
