"""AU-02: an auditor reads everything about conduct and changes nothing of what others recorded."""

from contextlib import contextmanager

import pytest
from django.utils import timezone

from ecpd.accounts.roles import ACTIONS, READING, Role
from ecpd.policy.errors import PolicyDenied
from leads.models import ExculpatoryEntry, OptOut
from leads.services.exculpatory import enter
from leads.services.gallery import record_opt_out
from leads.services.replay import replay_search
from tests.factories import leads as make

# What an auditor may start that writes: rows of the own, a check of the chain, keys to reading by the API, own second factors.
OWN = {"audit.verify", "token.make", "token.revoke", "factor.remove", "password.set"}


@contextmanager
def refused_by_role():
    """The door refuses by the role table."""
    with pytest.raises(PolicyDenied) as refusal:
        yield
    assert "AC-08" in {verdict.rule_id for verdict in refusal.value.blocking}


def test_the_role_table_gives_an_auditor_nothing_that_writes():
    opened = {name for name, action in ACTIONS.items() if Role.AUDITOR in action.roles}
    assert opened - READING == OWN


@pytest.mark.django_db
def test_the_three_writes_that_were_the_auditors_are_gone():
    people = make.agency()
    lead = make.made_lead(people)
    search = lead.candidate.search
    entries = ExculpatoryEntry.objects.count()
    with refused_by_role():
        replay_search(search=search, actor=people.auditor)
    with refused_by_role():
        enter(lead=lead, actor=people.auditor, kind="alibi", what="He was in Oakland.")
    with refused_by_role():
        record_opt_out(actor=people.auditor, received_on=timezone.localdate(), sha256="0" * 64, reason="By letter")
    search.refresh_from_db()
    assert not search.replays.exists()
    assert (ExculpatoryEntry.objects.count(), OptOut.objects.count()) == (entries, 0)
