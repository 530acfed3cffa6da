"""A captain whose approval went stale gives it anew."""

import pytest
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from ecpd.policy.services import approve_amendment, propose_amendment
from leads.dashboard import applications_to_decide
from leads.selectors.came_in import approvals_that_count
from leads.services import warrant
from tests.factories import leads as make
from tests.leads.warrant.test_seen_by_who_decides import REASONS, an_exhibit, begin
from tests.signing_in import sign_in


@pytest.mark.django_db(transaction=True)  # each decides in a transaction of their own
def test_a_stale_approval_is_renewed_by_the_same_captain(client):
    people, application = begin()
    amendment = propose_amendment(actor=people.marsh, changes={"warrant_approvers": 2}, effective_on=timezone.localdate(),
                                  reason="Two captains read each packet from now on.")  # fmt: skip
    approve_amendment(amendment=amendment, actor=people.chief, reason="Agreed; two of them.")
    approve = {
        "application": application,
        "actor": people.marsh,
        "approve": True,
        "reasons": REASONS,
        "read_packet": True,
    }
    make.opened(application, people.marsh)
    warrant.decide(**approve)
    make.opened(application, people.marsh)
    with pytest.raises(PolicyDenied, match="You approved this application as it is"):
        warrant.decide(**approve)
    an_exhibit(people, application)
    assert approvals_that_count(application) == set()
    sign_in(client, people.marsh)
    stale = "It counts no more: something came in since."
    assert stale in client.get(application.get_absolute_url()).content.decode()
    make.opened(application, people.marsh)
    assert [item.title for item in applications_to_decide(people.marsh)] == [
        f"Decide on application {application.number}"
    ]
    assert warrant.decide(**approve).state == "submitted"
    assert approvals_that_count(application) == {people.marsh.pk}
    assert stale not in client.get(application.get_absolute_url()).content.decode()
