"""A chain to walk along."""

import pytest

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit.context import request_context
from ecpd.audit.models import AuditEvent
from ecpd.audit.services import record
from leads.services import exculpatory
from tests.audit.stamps import authority, authority_keys  # noqa: F401 fixtures
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.sealing import seal

LENGTH = 10


@pytest.fixture
def auditor(db) -> User:
    """Joan Whitlock, who reads everything."""
    return make_user(Role.AUDITOR, rank="", first_name="Joan", last_name="Whitlock")


@pytest.fixture
def chain(auditor) -> list[AuditEvent]:
    """Ten entries, numbered from 1, the oldest first: what the account and the manual made, then conduct."""
    with request_context("10.20.30.40"):
        for step in range(LENGTH - AuditEvent.objects.count()):
            record(actor=auditor, action="audit.viewed", subject=auditor, case_number="26-000123",
                   step=step, words="Renée’s “notes”")  # fmt: skip
    seal()
    return list(AuditEvent.objects.select_related("seal").order_by("seal__number"))


@pytest.fixture
def world(db) -> make.Agency:
    """Rows in many tables."""
    return a_world()


def a_world() -> make.Agency:
    """A lead marked for a warrant, and something that points away."""
    people = make.agency()
    lead = make.marked_lead(people)
    exculpatory.enter(lead=lead, actor=people.raman, kind="alibi", what="At work that night, says his employer.")
    return people
