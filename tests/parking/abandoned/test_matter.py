"""PK-04: report, marked warning, second look; three matters with their own grounds."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from parking.models import AbandonedLook, AbandonedMark, AbandonedPhoto, AbandonedVehicle
from parking.services import abandoned
from tests.parking.abandoned.conftest import MARK, amend, hours_pass, look, mark, report

pytestmark = pytest.mark.django_db


def refused(rule: str, write) -> None:
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        write()


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_stored_vehicle_goes_from_report_over_warning_to_second_look(ready):
    assert ready.state == "ready"
    assert ready.number.startswith("V-")
    assert [photo.step for photo in ready.photos.all()] == ["mark", "look"]


def test_without_a_named_ordinance_no_stored_vehicle_is_marked(people):
    with pytest.raises(PolicyDenied, match="ordinance"):
        mark(people, report(people))


def test_time_alone_never_says_abandoned(people):
    matter = report(people, kind="abandoned")
    with pytest.raises(PolicyDenied, match="time alone"):
        mark(people, matter, kind="abandoned", grounds=["long_unmoved"], grounds_words="It stands here for months.")
    mark(
        people, matter, kind="abandoned", grounds=["long_unmoved", "no_plates"], grounds_words="No plates, flat tires."
    )
    assert matter.grounds_in_words == ["No license plates", "Has not moved for a long time"]


def test_a_hulk_names_what_is_missing_and_its_second_look_may_follow_at_once(people):
    matter = report(people, kind="hazard_hulk")
    with pytest.raises(PolicyDenied, match="missing part"):
        mark(people, matter, kind="hazard_hulk", grounds=["no_plates"])
    mark(people, matter, kind="hazard_hulk", grounds=["engine", "windshield"])
    look(people, matter)
    assert matter.state == "ready"


@pytest.mark.parametrize("missing", [{"photos": []}, {"marks": " "}, {"notice_text": ""}, {"notice_where": ""}])
def test_a_warning_has_photo_marks_and_notice(people, ordinance, missing):
    matter = report(people)
    with pytest.raises(PolicyDenied):
        mark(people, matter, **missing)
    assert not AbandonedMark.objects.exists() and not AbandonedPhoto.objects.exists()


def test_before_the_warnings_time_has_run_nothing_still_stands_there(people, ordinance):
    matter = report(people)
    mark(people, matter)
    hours_pass(71)
    with pytest.raises(PolicyDenied, match="warning runs until"):
        look(people, matter)
    hours_pass(1.1)
    look(people, matter)
    assert matter.state == "ready"


def test_a_vehicle_that_is_gone_closes_the_matter_at_any_time(people, ordinance):
    matter = report(people)
    mark(people, matter)
    look(people, matter, there=False, words="The space is empty.", photos=[])
    assert (matter.state, matter.outcome, matter.closed_by) == ("closed", "gone", people.officer)


def test_half_a_mile_on_the_odometer_closes_the_matter_and_less_does_not(people, ordinance):
    for miles, outcome in (("1200.5", "closed"), ("1200.2", "ready")):
        matter = report(people)
        mark(people, matter, odometer=Decimal(1200))
        hours_pass(73)
        look(people, matter, odometer=Decimal(miles))
        assert matter.state == outcome


def test_the_local_definition_of_moving_is_the_manuals(people, ordinance):
    amend(people, moved_miles_min=0.1)
    matter = report(people)
    mark(people, matter)
    hours_pass(73)
    assert look(people, matter, miles=Decimal("0.15")).outcome == "moved"


def test_a_callers_word_starts_no_clock_and_an_officers_report_does(people):
    assert report(people, source="citizen", words="It has stood here for weeks.").seen_since is None
    assert report(people).seen_since is not None


def test_steps_are_not_left_out_or_done_twice(people, ordinance):
    matter = report(people)
    with pytest.raises(PolicyDenied):
        look(people, matter)
    mark(people, matter)
    with pytest.raises(PolicyDenied):
        mark(people, matter)


def test_closing_says_why(people):
    matter = report(people)
    with pytest.raises(PolicyDenied):
        abandoned.close(matter=matter, actor=people.officer, outcome="unfounded", reason="no")
    abandoned.close(matter=matter, actor=people.officer, outcome="unfounded", reason="The owner drove off as I came.")
    assert matter.state == "closed"


def test_who_has_no_role_marks_nothing(people):
    with pytest.raises(PolicyDenied):
        report(people, actor=people.captain)


@pytest.mark.parametrize("state", ["marked", "ready", "ordered"])
def test_the_database_lets_no_step_be_left_out(people, state):
    matter = report(people)
    refused("PK-04", lambda: AbandonedVehicle.objects.filter(pk=matter.pk).update(state=state))
    refused("PK-04", lambda: run("UPDATE parking_abandonedvehicle SET state = %s", state))


def test_the_database_takes_no_second_look_before_its_time(people, ordinance):
    matter = report(people)
    mark(people, matter)
    early = AbandonedLook(vehicle=matter, at=timezone.now(), by=people.officer, outcome="still", words="As marked.")
    refused("PK-04", lambda: AbandonedLook.objects.bulk_create([early]))
    early.at = timezone.now() + timedelta(hours=80)
    refused("AC-07: When it was recorded", early.save)


def test_the_database_takes_no_warning_from_the_past_or_with_fewer_hours(people):
    matter, now = report(people), timezone.now()
    whole = {
        "vehicle": matter,
        "by": people.officer,
        "hours": 72,
        **{k: MARK[k] for k in ("marks", "notice_text", "notice_where")},
    }
    old = AbandonedMark(**whole, at=now - timedelta(hours=80), look_from=now - timedelta(hours=8))
    refused("AC-07: When it was recorded", lambda: AbandonedMark.objects.bulk_create([old]))
    refused("PK-04", AbandonedMark(**whole, at=now, look_from=now + timedelta(hours=1)).save)
    refused("pk_04", AbandonedMark(**whole | {"marks": " "}, at=now, look_from=now + timedelta(hours=72)).save)


@pytest.mark.parametrize("hours", [0, 71])
def test_the_database_takes_no_warning_shorter_than_the_manual_says(people, hours):
    matter, now = report(people), timezone.now()
    words = {k: MARK[k] for k in ("marks", "notice_text", "notice_where")}
    short = AbandonedMark(
        vehicle=matter, by=people.officer, hours=hours, at=now, look_from=now + timedelta(hours=hours), **words
    )
    refused("PK-04: A warning runs at least the hours", short.save)


def test_the_database_moves_back_no_clock_and_changes_no_ground_after_the_warning(people, ordinance):
    matter = report(people)
    mark(people, matter)
    refused("PK-04", lambda: AbandonedVehicle.objects.update(seen_since=timezone.now() - timedelta(days=9)))
    refused("PK-04", lambda: AbandonedVehicle.objects.update(kind="hazard_hulk"))
    refused("PK-04", lambda: run("UPDATE parking_abandonedvehicle SET grounds = '{engine}'"))
    with pytest.raises(DatabaseError), transaction.atomic():
        run("UPDATE parking_abandonedmark SET hours = 0")
    refused("pk_04", lambda: AbandonedVehicle.objects.update(state="closed"))
