"""AC-10, AU-03: accounts, roles, certificates and tokens come from decisions, where the owner is told from others.

What is refused is tried in tests/attacks; here what people do goes through.
"""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ecpd.accounts import api_tokens, services
from ecpd.accounts.management.commands import create_administrator
from ecpd.accounts.measuring import for_measuring
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from ecpd.policy.models import Decision
from tests.factories.people import certify, make_user

STRONG = "a long and unusual sentence"
pytestmark = pytest.mark.django_db(transaction=True)  # a decision counts in its own transaction, and makes one account


@pytest.fixture
def dunne(strictly, monkeypatch) -> User:
    """The first administrator, made from the command line by the application's role."""
    monkeypatch.setattr(create_administrator, "getpass", lambda prompt: STRONG)
    call_command("create_administrator", "dunne")
    return User.objects.get(username="dunne")


def test_the_first_administrator_needs_nobodys_decision(dunne):
    assert dunne.role_names == {Role.ADMINISTRATOR}
    assert not Decision.objects.exists()


def test_a_second_one_from_the_command_line_takes_the_owner(dunne, monkeypatch):
    with pytest.raises(CommandError, match="set DATABASE_OWNER_URL"):
        call_command("create_administrator", "okafor")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    call_command("create_administrator", "okafor")
    assert User.objects.get(username="okafor").role_names == {Role.ADMINISTRATOR}


def test_an_administrator_makes_changes_disables_and_enables_an_account(dunne):
    made = services.save_account(user=User(username="marsh"), roles=[Role.CAPTAIN], actor=dunne)
    services.save_account(user=made, roles=[Role.INVESTIGATOR], actor=dunne)
    for used in (False, True):
        made.is_active = used
        services.save_account(user=made, roles=[Role.INVESTIGATOR], actor=dunne)
    assert User.objects.get(pk=made.pk).role_names == {Role.INVESTIGATOR}


def test_the_role_that_was_given_names_who_gave_it(dunne):
    made = services.save_account(user=User(username="marsh"), roles=[Role.CAPTAIN], actor=dunne)
    entry = AuditEvent.objects.filter(table_name="accounts_user_groups").latest("pk")
    decision = Decision.objects.get(pk=entry.decision_id)
    assert (entry.actor, decision.action, decision.actor) == (dunne, "account.manage", dunne)
    assert made.role_names == {Role.CAPTAIN}


def test_certificates_and_tokens_come_through_their_doors(dunne):
    okafor = for_measuring("okafor", Role.INVESTIGATOR)
    assert certify(okafor, dunne).holder == okafor
    token, _ = api_tokens.make_token(owner=okafor, name="Night report", scope="read", days=30)
    assert token.is_good


def test_nobody_becomes_chief_without_a_trace(dunne):
    okafor = for_measuring("okafor", Role.PARKING_OFFICER)
    with pytest.raises(IntegrityError, match="AC-10: A role is given by another"), transaction.atomic():
        okafor.groups.add(Group.objects.get(name=Role.CHIEF))
    with pytest.raises(IntegrityError, match="AC-10: An account is made"), transaction.atomic():
        make_user(Role.CHIEF)
    with pytest.raises(IntegrityError, match="FR-20: A certificate is issued with"), transaction.atomic():
        okafor.certificates.create(
            issued_by=dunne, course="None", issued_on=timezone.localdate(), expires_on=timezone.localdate(),
            covers_limits=True, covers_group_errors=True, covers_lineups=True,
        )  # fmt: skip
