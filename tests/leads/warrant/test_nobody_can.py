"""Where every captain had a part in it, the chief decides, once the application has waited (FR-13)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy.errors import PolicyDenied
from leads.models import WarrantDecision
from leads.selectors.warrant import newest_reading
from leads.services import exculpatory, warrant
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
REASONS = "The lift from the drawer stands by itself; nothing else points away."


@pytest.fixture
def application():
    """One that waits; the agency has one captain."""
    people = make.agency()
    made = warrant.apply_for_warrant(
        lead=make.marked_lead(people), actor=people.okafor, statement="A fingerprint.", does_not_fit="Nothing known."
    )
    return people, made


def takes_a_part(people, application) -> None:
    exculpatory.enter(lead=application.lead, actor=people.marsh, kind="alibi", what="His employer: on shift until 6.")
    for entry in application.lead.exculpatory.filter(answers=None):
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The shift ended at 6.")


def decide(application, chief, approve: bool = True):
    warrant.open_packet(application=application, actor=chief)
    return warrant.decide(application=application, actor=chief, approve=approve, reasons=REASONS, read_packet=True)


def test_the_chief_decides_where_no_captain_can_and_not_a_minute_before(application, moved_to):
    people, waiting = application
    chief = make_user(Role.CHIEF)
    eight_hours = timezone.now() + timedelta(hours=8, minutes=1)
    page = Client()
    sign_in(page, chief)
    with moved_to(eight_hours):  # a captain can: however long it waits, the chief does not
        assert "Your decision" not in page.get(waiting.get_absolute_url()).content.decode()
        with pytest.raises(PolicyDenied, match="A captain can decide on this"):
            decide(waiting, chief)
        by_hand(waiting, chief)
    takes_a_part(people, waiting)
    said = page.get(waiting.get_absolute_url()).content.decode()
    assert "No captain can decide on this application" in said and "The chief decides, from " in said
    with pytest.raises(PolicyDenied, match="No captain can decide on this; the chief does from"):
        decide(waiting, chief)
    by_hand(waiting, chief)
    home = reverse("home")
    assert waiting.number not in page.get(home).content.decode()
    with moved_to(eight_hours):
        assert f"Decide on application {waiting.number}" in page.get(home).content.decode()
        decided = decide(waiting, chief)
        assert decided.state == "approved"
        assert waiting.number not in page.get(home).content.decode()
    made = WarrantDecision.objects.get(application=waiting)
    assert made.captain == chief


def test_nor_does_a_chief_who_had_a_part_in_it(application, moved_to):
    people, waiting = application
    chief = make_user(Role.CHIEF)
    takes_a_part(people, waiting)
    exculpatory.enter(lead=waiting.lead, actor=chief, kind="other", what="He was at the council's meeting until 7.")
    for entry in waiting.lead.exculpatory.filter(answers=None):
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The meeting ended before.")
    with moved_to(timezone.now() + timedelta(hours=9)), pytest.raises(PolicyDenied, match="entered what points away"):
        decide(waiting, chief)


def by_hand(application, chief) -> None:
    """The database refuses the same, written past the rules."""
    with pytest.raises(IntegrityError, match="A captain decides; the chief where no captain can"), transaction.atomic():
        make.allowed_on(chief, "warrant.approve", application)
        WarrantDecision.objects.create(application=application, captain=chief, outcome="approve", reasons=REASONS,
                                       read_packet=True, packet_reading=newest_reading(application, chief))  # fmt: skip
