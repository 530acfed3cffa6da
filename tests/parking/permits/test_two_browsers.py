"""Two tabs, two people: who answers on a page that is not true any more is told what changed, and loses nothing typed."""

import pytest
from django.test import Client
from django.urls import reverse

from ecpd.policy.models import Decision
from parking.models import Permit, PermitApplication
from parking.services import permit_review
from parking.services.permit import warn_holder
from tests.parking.permits import making
from tests.shown import shown_on
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
REASONS = "The water bill proves the address."


@pytest.fixture
def desk(manager) -> Client:
    """The manager's browser."""
    browser = Client()
    sign_in(browser, manager)
    return browser


def refused_for(what: str) -> bool:
    """Whether the last refusal on record names what changed."""
    last = Decision.objects.filter(outcome="denied").latest("pk")
    return any(f"Changed since you opened this page: {what}." in verdict["sentence"] for verdict in last.verdicts)


def test_an_answer_from_before_somebody_else_claimed_the_address_is_refused(desk, residential):
    asked = making.application(residential)
    page = asked.get_absolute_url()
    opened = shown_on(desk, page)
    making.application(residential, name="Jo Marsh", email="jo@example.com")
    answer = desk.post(page, {"outcome": "approve", "reasons": REASONS} | opened)
    assert answer.status_code == 403
    assert "who else has the address" in answer.content.decode()
    assert REASONS in answer.content.decode()
    assert refused_for("who else has the address")
    assert not Permit.objects.exists()
    again = desk.post(page, {"outcome": "approve", "reasons": REASONS} | shown_on(desk, page))
    assert again.status_code == 302
    assert Permit.objects.exists()


def test_an_answer_from_the_list_after_a_colleague_answered_is_refused(desk, residential, manager):
    asked = making.application(residential)
    at = reverse("parking:permit-decide", args=[asked.number])
    opened = shown_on(desk, reverse("parking:permit-queue"), at)
    permit_review.deny(application=asked, actor=manager, reasons="The address is not proven.")
    assert desk.post(at, {"outcome": "approve", "reasons": REASONS} | opened).status_code == 403
    assert refused_for("the application")
    assert PermitApplication.objects.get().state == "denied"


def test_a_permit_is_not_ended_on_a_page_from_before_its_holder_was_warned(desk, residential, manager):
    permit = making.permit(residential, manager, "7XYZ987")
    at = reverse("parking:permit-end", args=[permit.number])
    opened = shown_on(desk, at)
    warn_holder(permit=permit, actor=manager, words="Two vehicles were seen at once.")
    answer = desk.post(at, {"reason": "Moved away, by letter.", "ground": "moved"} | opened)
    assert answer.status_code == 403
    assert "Moved away, by letter." in answer.content.decode()
    assert refused_for("its warnings")
    assert Permit.objects.get().ended_at is None


def test_what_a_form_leaves_out_is_not_taken_for_agreement(desk, residential):
    asked = making.application(residential)
    for said in ({}, {"shown": ""}):
        assert desk.post(asked.get_absolute_url(), {"outcome": "approve", "reasons": REASONS} | said).status_code == 403
    assert Decision.objects.filter(action="permit.decide", outcome="denied").count() == 2
