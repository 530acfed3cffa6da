"""Reminders: once of each kind, whatever happens to the run; not to whom has renewed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from parking.models import PermitLink, PermitReminder
from parking.services import permit_reminder
from parking.services.permit import end_permit
from parking.services.permit_portal import send_link
from tests.parking.permits import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def permit(residential, manager):
    """A permit for a year."""
    return making.permit(residential, manager)


def night(permit, days_before: int) -> dict[str, int]:
    """The run of the night so many days before the permit ends."""
    return permit_reminder.run_night(timezone.localdate(permit.ends) - timedelta(days=days_before))


def test_nothing_is_sent_early_and_each_reminder_once(permit):
    assert night(permit, 31)["sent"] == 0
    assert [night(permit, days)["sent"] for days in (30, 29, 8, 7, 6, 0, -1)] == [1, 0, 0, 1, 0, 1, 0]
    assert [row.kind for row in PermitReminder.objects.order_by("pk")] == ["soon", "last", "over"]
    assert [permit.number in message.subject for message in mail.outbox] == [True, True, True]


def test_a_run_that_was_killed_after_claiming_sends_nothing_twice(permit):
    PermitReminder.objects.create(permit=permit, kind="soon")
    assert night(permit, 20) == {"sent": 0, "failed": 0, "letter": 0}


def test_what_the_mail_server_did_not_take_is_tried_again(permit, monkeypatch):
    monkeypatch.setattr(permit_reminder, "post", lambda **message: False)
    assert night(permit, 20)["failed"] == 1
    monkeypatch.undo()
    assert night(permit, 19)["sent"] == 1
    assert night(permit, 18)["sent"] == 0


def test_who_renews_or_has_given_up_is_not_reminded(permit, residential, manager):
    making.application(residential, renewal_of=permit)
    other = making.permit(residential, manager, "1AAA111", address="99 Oak Street")
    end_permit(permit=other, reason="Moved away.")
    assert night(permit, 20)["sent"] == 0


def test_who_has_no_e_mail_address_is_noted_for_a_letter(residential, agency):
    from parking.services import permit_application, permit_review

    entered = permit_application.enter_application(
        actor=agency.officer, terms=residential, channel="counter", plates=[("7XYZ987", "US-CA")], details=making.WHO,
        documents_seen="Utility bill",
    )  # fmt: skip
    permit = permit_review.approve(application=entered, actor=agency.manager, reasons="Seen at the counter.")
    assert night(permit, 20)["letter"] == 1


def test_the_night_forgets_links_whose_time_is_over(permit):
    send_link(email="a@example.com", address="192.0.2.1", url_of=lambda token: f"https://example.com/{token}")
    now = timezone.now()
    PermitLink.objects.update(made_at=now - timedelta(hours=1), expires_at=now - timedelta(minutes=1))
    night(permit, 100)
    assert not PermitLink.objects.exists()
