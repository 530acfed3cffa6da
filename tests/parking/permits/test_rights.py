"""PK-03, the side of permits: what is granted stops an alert, end to end, in its area and in its time only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecpd.policy.models import Decision
from parking.models import Alert, Finding, PermitPlate, Stay
from parking.overtime.permits import Exemption
from parking.plates.likeness import deletion_keys
from parking.selectors.allowed import answer_for
from parking.selectors.permit_right import permit_rights
from parking.selectors.rights import rights_for
from parking.services.exemption import add_exemption, end_exemption
from parking.services.looking import look_at_all
from parking.services.permit import end_permit, swap_plate, warn_holder
from tests.factories import parking as make
from tests.parking.permits import making
from tests.parking.permits.conftest import as_owner

pytestmark = pytest.mark.django_db
NOON = make.MONDAY_NOON
HOUR = timedelta(hours=1)


def pass_by(agency, *items, at) -> None:
    """The patrol passes, the reads arrive and are looked at."""
    make.receive(agency.device, *items, at=at)
    look_at_all()


def overstays(agency, **fields) -> None:
    """A car is seen twice, five hours apart."""
    pass_by(agency, make.seen(NOON - 4 * HOUR, **fields), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR, **fields), at=NOON + HOUR)


@pytest.fixture
def long_ago(moved_back):
    """Lets a permit have begun weeks before the day of these tests."""
    return lambda permit: moved_back(permit, 30)


def test_a_residential_permit_stops_the_alert_and_is_named(agency, residential, manager, long_ago):
    permit = making.permit(residential, manager)
    long_ago(permit)
    overstays(agency)
    assert not Alert.objects.exists()
    assert Stay.objects.get().allowed_by == f"Residential permit A, {permit.number}"


def test_a_permit_of_another_area_stops_nothing(agency, manager, long_ago):
    other = making.area([agency.zones["west"]], "Area B")
    long_ago(making.permit(making.terms(manager, [other]), manager))
    overstays(agency)
    assert Alert.objects.get().plate == "8ABC123"


def test_a_permit_valid_everywhere_counts_in_every_zone(agency, manager, long_ago):
    long_ago(making.permit(making.terms(manager, [], kind="disabled", everywhere=True), manager))
    overstays(agency)
    assert not Alert.objects.exists()


def test_a_permit_with_its_own_limit_is_over_after_that(agency, manager, area, long_ago):
    long_ago(making.permit(making.terms(manager, [area], kind="electric", user_class="electric", limit_minutes=270),
                           manager))  # fmt: skip
    overstays(agency)
    assert Alert.objects.get().limit_minutes == 270


def test_a_plate_that_looks_like_one_with_a_permit_raises_nothing(agency, residential, manager, long_ago):
    long_ago(making.permit(residential, manager, "BABC123"))
    overstays(agency)
    assert not Alert.objects.exists()


def test_a_permit_that_began_later_stops_nothing_that_was_before(agency, residential, manager):
    making.permit(residential, manager)
    overstays(agency)
    assert Alert.objects.count() == 1


def test_a_permit_found_at_the_moment_of_raising_keeps_the_door_shut(
    agency, residential, manager, long_ago, monkeypatch
):
    monkeypatch.setattr("parking.services.looking.looking.raise_findings", lambda: 0)
    overstays(agency)
    long_ago(making.permit(residential, manager))
    monkeypatch.undo()
    look_at_all()
    assert Finding.objects.get().state == "denied" and not Alert.objects.exists()
    assert any(v["rule_id"] == "PK-03" and v["outcome"] == "unmet"
               for v in Decision.objects.get(action="alert.raise").verdicts)  # fmt: skip


def test_an_exemption_stops_the_alert_while_it_lasts(agency, manager):
    row = add_exemption(actor=manager, kind="city_fleet", plate="8ABC123", state="US-CA", source="Public works",
                        last_day=timezone.localdate() + timedelta(days=10))  # fmt: skip
    now = timezone.now()
    assert [type(right) for right in rights_for(["8ABC123"], now, now)] == [Exemption]
    end_exemption(exemption=row, actor=manager, reason="The car was sold.")
    later = timezone.now()
    assert not any(right.is_valid(make.EAST, later) for right in rights_for(["8ABC123"], later, later))


def test_the_rights_of_any_number_of_plates_are_three_queries(residential, manager, agency, django_assert_num_queries):
    for number in range(5):
        making.permit(residential, manager, f"{number}ABC123", address=f"{number} Oak Street")
    now = timezone.now()
    with django_assert_num_queries(3):  # permits, their zones, exemptions
        found = rights_for([f"{number}ABC123" for number in range(5)], now, now)
    assert len(found) == 5
    assert {zone for right in found for zone in right.zones} == {make.EAST, make.WEST}


def test_a_plate_that_was_swapped_out_has_no_right_any_more(residential, manager, agency):
    permit = making.permit(residential, manager)
    swap_plate(permit=permit, plate="7XYZ987", state="US-CA")
    now = timezone.now()
    asked = lambda plate: [r for r in permit_rights(deletion_keys(plate), now, now) if r.is_valid(make.EAST, now)]  # noqa: E731 short beside its use
    assert not asked("8ABC123")
    assert asked("7XYZ987")[0].classes == {"permit-A"}


def test_the_one_question_names_the_permit(residential, manager, agency):
    permit = making.permit(residential, manager)
    answer = answer_for(plate="8ABC123", zone=agency.zones["east"], at=timezone.now())
    assert answer.allowed is True
    assert any(permit.number in fact.sentence for fact in answer.why)
    end_permit(permit=permit, reason="Moved away.")
    again = answer_for(plate="8ABC123", zone=agency.zones["east"], at=timezone.now())
    assert not any(fact.code == "permit" and not fact.met for fact in again.why)


@pytest.fixture
def shared(manager, area, long_ago):
    """A permit of two plates, one at a time, since weeks."""
    terms = making.terms(manager, [area], kind="contractor", plates_max=2, one_at_a_time=True)
    permit = making.permit(terms, manager, "8ABC123", "7XYZ987")
    long_ago(permit)
    return permit


def both_seen(agency, *, at=NOON, apart=timedelta(minutes=20)) -> None:
    """Both of its vehicles on one street, minutes apart."""
    pass_by(agency, make.seen(at, metres=30), at=at)
    pass_by(agency, make.seen(at + apart, metres=90, plate="7XYZ987"), at=at + apart)


def test_two_vehicles_of_one_permit_at_once_are_asked_about_once_and_a_warning_comes_first(agency, shared):
    both_seen(agency)
    both_seen(agency, at=NOON + HOUR)
    alert = Alert.objects.get()
    assert (alert.kind, alert.state) == ("shared_permit", "live")
    said = [fact["sentence"] for fact in alert.facts]
    assert any(shared.number in sentence for sentence in said)
    assert any("warning first" in sentence for sentence in said)


def test_after_a_warning_the_next_alert_says_so(agency, shared, manager):
    both_seen(agency, at=NOON - timedelta(days=3))
    warn_holder(permit=shared, actor=manager, words="Two vehicles were seen at once.", alert=Alert.objects.get())
    both_seen(agency)
    latest = Alert.objects.latest("raised_at")
    assert any("was warned on" in fact["sentence"] for fact in latest.facts)


def test_hours_apart_or_on_a_permit_for_both_at_once_nothing_is_asked(agency, shared, manager, area, long_ago):
    both_seen(agency, apart=2 * HOUR)
    both = making.terms(manager, [area], kind="contractor", plates_max=2)
    long_ago(making.permit(both, manager, "1AAA111", "2BBB222"))
    pass_by(agency, make.seen(NOON + 3 * HOUR, plate="1AAA111", metres=20),
            make.seen(NOON + 3 * HOUR, plate="2BBB222", metres=95), at=NOON + 3 * HOUR)  # fmt: skip
    assert not Alert.objects.filter(kind="shared_permit").exists()


def test_one_plate_swapped_for_the_other_is_no_sharing(agency, manager, area):
    terms = making.terms(manager, [area], kind="contractor", plates_max=2, one_at_a_time=True)
    permit = making.permit(terms, manager, "8ABC123")
    swap_plate(permit=permit, plate="7XYZ987", state="US-CA")
    old, new = PermitPlate.objects.filter(permit=permit).order_by("pk")
    began, swapped = NOON - 24 * HOUR, NOON + timedelta(minutes=10)
    with as_owner() as cursor:
        cursor.execute("UPDATE parking_permit SET begins = %s WHERE id = %s", [began, permit.pk])
        for row, begins, ends in ((old, began, swapped), (new, swapped, permit.ends)):
            cursor.execute(
                "UPDATE parking_permitplate SET begins = %s, ends = %s WHERE id = %s", [begins, ends, row.pk]
            )
    both_seen(agency)
    assert not Alert.objects.exists()
