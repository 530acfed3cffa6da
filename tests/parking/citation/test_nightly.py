"""The nightly run: notices and late fees once, stopped by whatever pauses collection."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ecpd.web.dashboard import board_for
from parking.models import CitationNotice, LedgerEntry
from parking.selectors.ledger import balance
from parking.selectors.notice import notices_to_mail
from parking.services import contest as contests
from parking.services.citation import confirm_delivery, void_citation
from parking.services.citation_hold import ask_for_copy, place_hold, release_hold
from parking.services.citation_nightly import run_night
from parking.services.notice import record_mailing
from tests.parking.citation.conftest import FILED, as_owner, backdate, mailed_days_ago

NOTHING = {"notices": 0, "late_fees": 0}


@pytest.fixture
def overdue(citation):
    """A citation issued 40 days ago."""
    backdate(citation, 40)
    return citation


@pytest.fixture
def notified(overdue, people):
    """Its delinquent notice was mailed 30 days ago."""
    run_night()
    notice = CitationNotice.objects.get(kind="delinquent")
    record_mailing(notice=notice, actor=people.manager, on=timezone.localdate())
    mailed_days_ago(30)
    return overdue


def test_nothing_happens_before_its_time(citation):
    assert run_night() == NOTHING
    assert run_night(today=citation.due_on) == NOTHING


def test_an_overdue_citation_gets_one_notice_however_often_the_night_runs(overdue):
    assert run_night() == {"notices": 1, "late_fees": 0}
    assert run_night() == NOTHING


def test_a_notice_nobody_mailed_brings_no_late_fee(overdue):
    run_night()
    assert run_night(today=timezone.localdate() + timedelta(days=100)) == NOTHING


def test_a_late_fee_comes_once_after_the_mailed_notice_and_its_days(notified):
    assert run_night(today=timezone.localdate() - timedelta(days=20)) == NOTHING
    assert run_night() == {"notices": 0, "late_fees": 1}
    assert run_night() == NOTHING
    assert balance(notified) == 4800 + 2400


def test_a_citation_nobody_attached_does_not_become_delinquent(issue):
    backdate(issue(attach=False), 40)
    assert run_night() == NOTHING


def test_a_citation_whose_vehicle_drove_off_is_mailed_before_it_can_become_delinquent(issue, people):
    citation = issue(attach=False)
    confirm_delivery(citation=citation, actor=people.officer, how="drove_off")
    backdate(citation, 40)
    assert run_night() == NOTHING
    letter = notices_to_mail().get()
    assert any(item.title == f"Mail {citation.number} to the owner" for item in board_for(people.manager).your_turn)
    with as_owner() as cursor:
        cursor.execute("UPDATE parking_citationnotice SET issued_at = issued_at - interval '40 days'")
    record_mailing(notice=letter, actor=people.manager, on=timezone.localdate())
    assert run_night() == {"notices": 1, "late_fees": 0}


def stop_by_hold(citation, people):
    hold = place_hold(citation=citation, actor=people.manager, reason="The owner is in the hospital.")
    return lambda: release_hold(hold=hold, actor=people.manager, reason="The owner is back.")


def stop_by_contest(citation, people):
    contest = contests.file_contest(citation=citation, actor=people.other_manager, stage="review", details=FILED,
                                    late_reason="The owner was abroad until yesterday.")  # fmt: skip
    return lambda: contests.withdraw(contest=contest, actor=people.manager, reason="Taken back by phone.")


def stop_by_copy(citation, people):
    ask_for_copy(citation=citation, asked_by="Rosa Quill", send_to="12 Elm Street")


def stop_by_void(citation, people):
    void_citation(citation=citation, actor=people.manager, reason="Issued in error.")


@pytest.mark.parametrize("stop", [stop_by_hold, stop_by_contest])
def test_what_pauses_collection_stops_notice_and_fee_until_it_ends(notified, people, stop):
    go_on = stop(notified, people)
    assert run_night() == NOTHING
    go_on()
    assert run_night() == {"notices": 0, "late_fees": 1}


@pytest.mark.parametrize("stop", [stop_by_copy, stop_by_void])
def test_a_copy_or_a_void_stops_the_fee(notified, people, stop):
    stop(notified, people)
    assert run_night() == NOTHING


def test_a_paid_citation_is_left_alone(overdue, people):
    from parking.services.ledger import record_payment

    record_payment(citation=overdue, actor=people.manager, cents=4800, on=timezone.localdate())
    assert run_night() == NOTHING


def test_the_database_itself_refuses_a_late_fee_while_collection_is_paused(notified, people):
    place_hold(citation=notified, actor=people.manager, reason="The owner is in the hospital.")
    with pytest.raises(IntegrityError, match="PK-12"), transaction.atomic():
        LedgerEntry.objects.bulk_create(
            [LedgerEntry(citation=notified, kind="late_fee", amount_cents=2400, on=timezone.localdate())]
        )
