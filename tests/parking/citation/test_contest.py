"""Contests: clocks, reasons, deposit, independence (PK-12), and a vehicle that is another one (PK-13)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy.errors import PolicyDenied
from parking import citation_waiting
from parking.citations.upload import Upload, UploadRefused
from parking.forms.contest import DecideForm
from parking.models import Citation, Contest, ContestDocument, ContestResult
from parking.selectors.citation import citation_in_full, citations
from parking.selectors.citation_clock import clock_for, clocks_ahead
from parking.selectors.contest import next_stage
from parking.selectors.ledger import balance
from parking.services import contest as contests
from parking.services import ledger
from parking.services.citation_hold import ask_for_copy, release_hold, send_copy
from parking.services.notice import record_mailing
from tests.factories.leads import allowed_on
from tests.factories.people import make_user
from tests.parking.citation.conftest import FILED, as_owner, backdate, mailed_days_ago

REASON = "The photo shows the meter was paid at that time."


@pytest.fixture
def file(people):
    """Enters a contest for an owner: somebody who did not issue the citation, so that days and deposits may be waived."""

    def enter(citation, stage="review", late_reason="", **changes):
        return contests.file_contest(citation=citation, actor=people.other_manager, stage=stage, late_reason=late_reason,
                                     details=FILED | changes)  # fmt: skip

    return enter


@pytest.fixture
def decide(people):
    """Decides a stage as the one who should."""

    def give(contest, outcome="upheld", **more):
        who = {"review": people.manager, "hearing": people.examiner, "court": people.manager}[contest.stage]
        return contests.decide(contest=contest, actor=who, outcome=outcome, reason=REASON, **more)

    return give


@pytest.fixture
def reviewed(citation, file, decide, people):
    """The result of a review that was upheld and mailed today."""
    result = decide(file(citation))
    record_mailing(notice=result.notice, actor=people.manager, on=timezone.localdate())
    return result


# Clocks


def test_a_review_is_filed_in_time_and_pauses_collection(citation, file):
    contest = file(citation)
    assert contest.last_day == clock_for(citation_in_full(pk=citation.pk), "review").last_day
    assert citations().get(pk=citation.pk).standing == "contested"


def test_who_issued_a_citation_does_not_note_that_its_contest_is_taken_back(citation, file, people, owner_cursor):
    contest = file(citation)
    owner_cursor.execute(
        "UPDATE parking_citation SET issued_by_id = %s WHERE id = %s", [people.manager.pk, citation.pk]
    )
    contest = Contest.objects.get(pk=contest.pk)
    with pytest.raises(PolicyDenied, match="You issued this citation"):
        contests.withdraw(contest=contest, actor=people.manager, reason="Taken back by phone.")
    another = make_user(Role.PARKING_MANAGER)
    contests.withdraw(contest=contest, actor=another, reason="Taken back by phone.")
    assert Contest.objects.get(pk=contest.pk).state == "withdrawn"


def test_a_late_review_is_refused_and_taken_with_a_reason(citation, file):
    backdate(citation, 40)
    with pytest.raises(PolicyDenied, match="PK-12"):
        file(citation)
    assert file(citation, late_reason="The owner was in the hospital until yesterday.").late_reason


def test_days_spent_waiting_for_a_copy_do_not_count(citation, file, people):
    backdate(citation, 40)
    copy = ask_for_copy(citation=citation, asked_by="Rosa Quill", send_to="12 Elm Street")
    with as_owner() as cursor:
        cursor.execute("UPDATE parking_citationcopy SET asked_at = asked_at - interval '30 days'")
    assert clock_for(citation_in_full(pk=citation.pk), "review").last_day is None
    send_copy(copy=copy, actor=people.manager)
    last = clock_for(citation_in_full(pk=citation.pk), "review").last_day
    assert last > timezone.localdate()
    assert file(citation).last_day == last


def test_stages_come_in_their_order(citation, file):
    with pytest.raises(PolicyDenied, match="initial review comes first"):
        file(citation, "hearing", deposit_waived=True, waiver_reason="No income.")


def test_one_contest_at_a_time(citation, file):
    file(citation)
    with pytest.raises(PolicyDenied, match="waits for its result"):
        file(citation)


def test_the_hearing_is_asked_for_within_its_days_after_mailing(reviewed, citation, file):
    assert next_stage(citation_in_full(pk=citation.pk)) == "hearing"
    mailed_days_ago(40)
    with pytest.raises(PolicyDenied, match="The last day was"):
        file(citation, "hearing", deposit_waived=True, waiver_reason="No income.")


# Deposit


def test_a_hearing_asks_for_the_deposit_or_its_waiver(reviewed, citation, file, people):
    with pytest.raises(PolicyDenied, match="not deposited"):
        file(citation, "hearing")
    ledger.record_payment(citation=citation, actor=people.manager, cents=4800, on=timezone.localdate())
    assert file(citation, "hearing").stage == "hearing"


def test_a_waiver_says_why(reviewed, citation, file):
    with pytest.raises(PolicyDenied, match="waiver has no reason"):
        file(citation, "hearing", deposit_waived=True)
    assert file(citation, "hearing", deposit_waived=True, waiver_reason="Lives on disability benefits.").deposit_waived


# Reasons and independence


def test_every_result_has_a_reason(citation, file, people):
    with pytest.raises(PolicyDenied, match="PK-12"):
        contests.decide(contest=file(citation), actor=people.manager, outcome="upheld", reason="No.")


def test_who_issued_it_does_not_review_it(issue, file, people):
    citation = issue(people.manager)
    with pytest.raises(PolicyDenied, match="You issued this citation"):
        contests.decide(contest=file(citation), actor=people.manager, outcome="upheld", reason=REASON)
    assert contests.decide(contest=Contest.objects.get(), actor=people.other_manager, outcome="upheld", reason=REASON)


@pytest.fixture
def hearing(reviewed, citation, file):
    """A hearing that waits, its deposit waived."""
    return file(citation, "hearing", deposit_waived=True, waiver_reason="No income.", manner="writing")


def test_an_examiner_without_a_part_decides_the_hearing(hearing, decide):
    assert decide(hearing, "dismissed").decided_by.role_names == {Role.HEARING_EXAMINER}


def test_enforcement_staff_who_are_examiners_too_decide_no_hearing(hearing):
    both = make_user(Role.HEARING_EXAMINER)
    from django.contrib.auth.models import Group

    both.groups.add(Group.objects.get_or_create(name=Role.PARKING_OFFICER)[0])
    with pytest.raises(PolicyDenied, match="You belong to parking enforcement"):
        contests.decide(contest=hearing, actor=type(both).objects.get(pk=both.pk), outcome="upheld", reason=REASON)


@pytest.mark.parametrize("who", ["officer", "manager", "captain"])
def test_nobody_else_decides_a_hearing(hearing, people, who):
    with pytest.raises(PolicyDenied, match="AC-08"):
        contests.decide(contest=hearing, actor=getattr(people, who), outcome="upheld", reason=REASON)


@pytest.mark.parametrize("who", ["officer", "manager", "captain", "auditor"])
def test_the_database_itself_refuses_a_hearing_decided_by_anybody_else(hearing, people, who):
    with pytest.raises(IntegrityError, match="PK-12"), transaction.atomic():
        ContestResult.objects.bulk_create(
            [ContestResult(contest=hearing, outcome="upheld", reason=REASON, decided_by=getattr(people, who))]
        )


def test_the_database_itself_refuses_a_result_without_a_reason(citation, file, people):
    contest = file(citation)
    with pytest.raises(IntegrityError, match="pk_12_result_has_a_reason"), transaction.atomic():
        ContestResult.objects.create(contest=contest, outcome="upheld", reason="  ", decided_by=people.manager)


def test_the_database_itself_refuses_a_courts_decision_entered_by_anybody(citation, people):
    with as_owner():
        appeal = Contest.objects.create(citation=citation, stage="court", **FILED)
    row = {"contest": appeal, "outcome": "upheld", "reason": REASON, "court_number": "26LC0001"}
    for who in (people.captain, people.auditor):
        with pytest.raises(IntegrityError, match="PK-12: A parking manager or a hearing"), transaction.atomic():
            ContestResult.objects.bulk_create([ContestResult(**row, decided_by=who)])
    allowed_on(people.manager, "contest.court", appeal)
    ContestResult.objects.bulk_create([ContestResult(**row, decided_by=people.manager)])
    Contest.objects.filter(pk=appeal.pk).update(state="decided")


def test_the_database_itself_refuses_a_hearing_before_a_review_or_without_deposit(citation, reviewed, issue):
    for one, says in ((issue(), "follows the result"), (citation, "deposited")):
        with pytest.raises(IntegrityError, match=says), transaction.atomic():
            Contest.objects.create(citation=one, stage="hearing", **FILED)


def test_the_database_itself_refuses_to_end_a_contest_without_a_result(citation, file):
    contest = file(citation)
    with pytest.raises(IntegrityError, match="PK-12"), transaction.atomic():
        Contest.objects.filter(pk=contest.pk).update(state="decided")


# What follows a result


def test_a_dismissal_cancels_takes_off_what_was_charged_and_resumes_nothing(citation, file, decide):
    decide(file(citation), "dismissed")
    citation.refresh_from_db()
    assert (citation.state, citation.void.ground, balance(citation)) == ("canceled", "review", 0)


def test_a_reduction_takes_off_its_amount(citation, file, decide):
    decide(file(citation), "reduced", reduced_by_cents=2400)
    assert balance(citation) == 2400


def test_an_upheld_review_leaves_everything_and_resumes_collection(reviewed, citation):
    assert (balance(citation), citations().get(pk=citation.pk).standing) == (4800, "open")


def test_a_deposit_is_refunded_after_a_hearing_is_won(reviewed, citation, file, decide, people):
    ledger.record_payment(citation=citation, actor=people.manager, cents=4800, on=timezone.localdate())
    decide(file(citation, "hearing", manner="writing"), "dismissed")
    assert citations().get(pk=citation.pk).standing == "refund"


def test_the_court_comes_after_the_hearing_and_its_win_cancels(hearing, decide, file, citation, people):
    result = decide(hearing)
    record_mailing(notice=result.notice, actor=people.manager, on=timezone.localdate())
    appeal = file(citation, "court")
    assert appeal.last_day - timezone.localdate() >= timedelta(days=35)
    decide(appeal, "dismissed", court_number="26LC0001")
    assert Citation.objects.get(pk=citation.pk).void.ground == "court"


def test_a_hearing_is_set_within_its_days(hearing, people):
    with pytest.raises(PolicyDenied, match="90 days"):
        contests.schedule_hearing(
            contest=hearing, actor=people.examiner, at=timezone.now() + timedelta(days=91), held_at="x"
        )
    when = timezone.now() + timedelta(days=20)
    assert (
        contests.schedule_hearing(contest=hearing, actor=people.examiner, at=when, held_at="Room 2").scheduled_at
        == when
    )


def test_a_hearing_by_phone_is_not_decided_at_the_door_before_its_moment(reviewed, citation, file, decide, people):
    heard = file(citation, "hearing", manner="phone", deposit_waived=True, waiver_reason="No income.")
    with pytest.raises(PolicyDenied, match="not held yet: no day is set"):
        decide(heard)
    at = timezone.now() + timedelta(days=20)
    contests.schedule_hearing(contest=heard, actor=people.examiner, at=at, held_at="510-555-0100")
    assert citation_waiting.hearings(people.examiner)[0].action_label.startswith("Hear on ")
    with pytest.raises(PolicyDenied, match="not held yet: it is on"):
        decide(heard)


def test_a_decided_stage_has_no_clock_and_the_next_one_opens_at_once(citation, file, decide):
    decide(file(citation))
    clocks = clocks_ahead(citation_in_full(pk=citation.pk))
    assert [(clock.stage, clock.is_open) for clock in clocks] == [("hearing", True), ("court", False)]


def test_a_hearing_is_decided_once_it_was_held(reviewed, citation, file, decide, people):
    waived = {"deposit_waived": True, "waiver_reason": "No income.", "manner": "phone"}
    hearing = file(citation, "hearing", **waived)
    row = {"contest": hearing, "outcome": "upheld", "reason": REASON, "decided_by": people.examiner}
    for at in (timezone.now() + timedelta(days=10), None):
        with pytest.raises(PolicyDenied, match="not held yet"):
            decide(hearing)
        with pytest.raises(IntegrityError, match="PK-12: A hearing is decided once"), transaction.atomic():
            ContestResult.objects.bulk_create([ContestResult(**row)])
        if at is not None:
            contests.schedule_hearing(contest=hearing, actor=people.examiner, at=at, held_at="510-555-0100")
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE parking_contest SET scheduled_at = now() - interval '1 hour', held_at = 'Room 2' WHERE id = %s",
            [hearing.pk],
        )
    hearing.refresh_from_db()
    assert decide(hearing).outcome == "upheld"


# PK-13


def test_a_vehicle_that_is_not_the_registered_one_has_its_citation_canceled(citation, file, people):
    contest = file(citation, grounds="mismatch")
    for says, matches, outcome in (("Nobody compared", None, "upheld"), ("not the registered one", False, "upheld")):
        with pytest.raises(PolicyDenied, match=says):
            contests.decide(contest=contest, actor=people.manager, outcome=outcome, reason=REASON,
                            registration_matches=matches)  # fmt: skip
    contests.decide(contest=contest, actor=people.manager, outcome="dismissed", reason=REASON,
                    registration_matches=False, registration_words="White Toyota truck")  # fmt: skip
    assert Citation.objects.get(pk=citation.pk).is_canceled


def test_the_database_itself_refuses_to_uphold_a_mismatch(citation, file, people):
    contest = file(citation, grounds="mismatch")
    with pytest.raises(IntegrityError, match="PK-13"), transaction.atomic():
        ContestResult.objects.create(contest=contest, outcome="upheld", reason=REASON, decided_by=people.manager,
                                     registration_matches=False)  # fmt: skip


def test_a_mismatch_can_be_shown_at_any_time(citation, file):
    backdate(citation, 300)
    assert file(citation, grounds="mismatch").grounds == "mismatch"


def test_a_copy_pauses_collection_until_it_is_sent(citation, people):
    copy = ask_for_copy(citation=citation, asked_by="Rosa Quill", send_to="12 Elm Street")
    assert copy.due_on == timezone.localdate() + timedelta(days=15)
    assert citations().get(pk=citation.pk).standing == "paused"
    with pytest.raises(PolicyDenied, match="PK-13"):
        release_hold(hold=copy.hold, actor=people.manager, reason="Wants to collect now.")
    send_copy(copy=copy, actor=people.manager)
    assert citations().get(pk=citation.pk).standing == "open"


# Documents


def test_a_document_is_what_its_bytes_say(citation, people):
    picture = Upload("proof.exe", b"\xff\xd8\xff" + b"x" * 20)
    contests.file_contest(citation=citation, actor=people.officer, stage="review", details=FILED, uploads=[picture])
    assert ContestDocument.objects.get().media_type == "image/jpeg"


def test_a_program_called_a_picture_is_refused_and_nothing_is_filed(citation, people):
    with pytest.raises(UploadRefused):
        contests.file_contest(citation=citation, actor=people.officer, stage="review", details=FILED,
                              uploads=[Upload("proof.jpg", b"MZ" + b"x" * 20)])  # fmt: skip
    assert not Contest.objects.exists()


@pytest.mark.parametrize(("outcome", "amount", "says"), [
    ("reduced", "", "Enter by how much it is reduced."), ("upheld", "12.00", "Only a reduction has an amount"),
    ("reduced", "99999999", "is more than any amount here"), ("reduced", "twelve", "is no amount"),
])  # fmt: skip
def test_one_thing_is_said_of_a_wrong_amount(outcome, amount, says):
    form = DecideForm(
        {"outcome": outcome, "reduced_by_cents": amount, "reason": "The sign can be read in the picture."}
    )
    [said] = form.errors["reduced_by_cents"]
    assert says in said
