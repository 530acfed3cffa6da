"""FR-08: where the manual asks for it, a third person signs off on a lead before it is marked."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy import services
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from leads.models import Lead, LeadSignoff
from leads.services import lead as leads
from leads.services import warrant
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.shown import shown_on
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
LOOKED = "Compared both examinations with the pictures."


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """The agency and its case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def asked_for(people) -> None:
    """The manual asks for a third signature."""
    amendment = services.propose_amendment(
        actor=people.marsh, changes={"lead_supervisor_signoff": True}, effective_on=timezone.localdate(),
        reason="A third person is to look at every lead.",
    )  # fmt: skip
    services.approve_amendment(amendment=amendment, actor=people.chief, reason="Agreed.")


@pytest.fixture
def ready(people) -> Lead:
    """A lead that could be marked but for the signature."""
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made))
    return made


def test_nobody_is_asked_while_the_manual_does_not(people, ready):
    assert leads.mark_for_warrant(lead=ready, actor=people.okafor).state == "marked"


def test_a_lead_is_not_marked_before_a_third_person_signed(people, ready, asked_for):
    with pytest.raises(PolicyDenied, match=r"Nobody has signed off on this lead\. \(FR-08\)"):
        leads.mark_for_warrant(lead=ready, actor=people.okafor)
    leads.sign_off(lead=ready, actor=people.marsh, reason=LOOKED)
    assert leads.mark_for_warrant(lead=ready, actor=people.okafor).state == "marked"


def test_the_database_marks_none_without_the_signature(people, ready, asked_for):
    with (
        pytest.raises(IntegrityError, match="FR-08: The manual asks that a third person") as refusal,
        transaction.atomic(),
    ):
        Lead.objects.filter(pk=ready.pk).update(state="marked")
    assert refusal.value.__cause__.sqlstate == "23514"


def test_who_had_a_part_does_not_sign(people, asked_for):
    made = make.made_lead(people)
    verifier = make_user(Role.CAPTAIN)
    people.case.captain = verifier
    from cases import access

    access.grant(verifier, people.case, "view")
    make.verified(people, make.linked(people, made), by=verifier)
    with pytest.raises(PolicyDenied, match="You verified evidence"):
        leads.sign_off(lead=made, actor=verifier, reason=LOOKED)
    decision = Decision.objects.filter(actor=people.okafor).first()
    for person in (people.okafor, people.aldana, verifier):
        person.groups.set([Group.objects.get(name=Role.CAPTAIN)])  # AC-10: no longer an investigator
        with pytest.raises(IntegrityError, match="FR-08: Who had a part in a lead"), transaction.atomic():
            LeadSignoff.objects.create(lead=made, supervisor=person, reasons=LOOKED, decision=decision)


def test_who_denied_its_application_does_not_sign(people):
    application = make.applied_for(people)
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=False, reasons=LOOKED, read_packet=True)
    denied = Lead.objects.get(pk=application.lead_id)
    with pytest.raises(PolicyDenied, match="You decided on an application for this face"):
        leads.sign_off(lead=denied, actor=people.marsh, reason=LOOKED)
    decision = make.allowed_on(people.marsh, "lead.sign_off", denied)
    with pytest.raises(IntegrityError, match="FR-08: Who decided as a captain"), transaction.atomic():
        LeadSignoff.objects.create(lead=denied, supervisor=people.marsh, reasons=LOOKED, decision=decision)
    assert leads.sign_off(lead=denied, actor=make_user(Role.CAPTAIN), reason=LOOKED).lead == denied


def test_only_a_captain_signs_and_in_words(people, ready):
    decision = Decision.objects.filter(actor=people.okafor).first()
    for person, words in ((people.chief, LOOKED), (people.marsh, " \n")):
        with pytest.raises(IntegrityError, match="FR-08: A captain signs off"), transaction.atomic():
            LeadSignoff.objects.create(lead=ready, supervisor=person, reasons=words, decision=decision)
    with pytest.raises(PolicyDenied, match="What you looked at is not written"):
        leads.sign_off(lead=ready, actor=people.marsh, reason="Fine.")


def test_the_captain_signs_on_the_leads_page(client, people, ready, asked_for):
    sign_in(client, people.marsh)
    assert "sign off as a third person" in client.get(ready.get_absolute_url()).content.decode()
    address = f"{ready.get_absolute_url()}sign-off/"
    assert client.post(address, {"reason": LOOKED} | shown_on(client, address)).status_code == 302
    assert LOOKED in client.get(ready.get_absolute_url()).content.decode()
    client.post(address, {"reason": LOOKED} | shown_on(client, address))
    assert LeadSignoff.objects.count() == 1
