"""Plates of a permit on rows: a swap counts at once, history stays, the day has a cap, the database holds the rest."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from parking.models import GuestCode, Permit, PermitPlate
from parking.permits.timeline import in_force
from parking.selectors.permit import spans_of
from parking.services.permit import CannotSwap, end_permit, replace_permit, swap_plate, warn_holder
from parking.services.permit_review import plate_row
from tests.parking.citation.conftest import as_owner
from tests.parking.permits import making

pytestmark = pytest.mark.django_db
WHY = "The holder called; the registration was shown."


@pytest.fixture
def permit(residential, manager) -> Permit:
    """A permit for 8ABC123."""
    return making.permit(residential, manager)


def now_on(permit: Permit) -> set[str]:
    """The plates in force now."""
    return {span.plate for span in in_force(spans_of(permit.plates.all()), timezone.now())}


def test_a_swap_counts_at_once_and_the_old_plate_no_longer(permit):
    swap_plate(permit=permit, plate="7xyz 987", state="US-CA")
    assert now_on(permit) == {"7XYZ987"}
    assert [(row.plate, row.swapped) for row in permit.plates.all()] == [("8ABC123", False), ("7XYZ987", True)]


def test_a_rental_gives_way_by_itself_and_the_own_plate_counts_again(permit):
    until = making.in_days(3)
    swap_plate(permit=permit, plate="RENT123", state="US-NV", kind="rental", until=until)
    assert now_on(permit) == {"RENT123"}
    after = in_force(spans_of(permit.plates.all()), until)
    assert [(span.plate, span.ends) for span in after] == [("8ABC123", permit.ends)]


def test_a_borrowed_plate_has_a_last_day_within_the_longest_time(permit):
    with pytest.raises(CannotSwap, match="last day"):
        swap_plate(permit=permit, plate="RENT123", state="US-CA", kind="loaner")
    with pytest.raises(CannotSwap, match="30 days"):
        swap_plate(permit=permit, plate="RENT123", state="US-CA", kind="loaner", until=making.in_days(31))
    with pytest.raises(CannotSwap, match="has none"):
        swap_plate(permit=permit, plate="RENT123", state="US-CA", until=making.in_days(1))


def test_the_holder_swaps_so_many_times_a_day_and_staff_go_on_with_a_reason(permit, manager):
    swap_plate(permit=permit, plate="1AAA111", state="US-CA", kind="rental", until=making.in_days(1))
    swap_plate(permit=permit, plate="2BBB222", state="US-CA")
    with pytest.raises(CannotSwap, match="2 times today"):
        swap_plate(permit=permit, plate="3CCC333", state="US-CA")
    with pytest.raises(PolicyDenied, match="2 plate changes"):
        swap_plate(permit=permit, plate="3CCC333", state="US-CA", actor=manager, reason="He called.")
    swap_plate(permit=permit, plate="3CCC333", state="US-CA", actor=manager, reason=WHY)
    assert now_on(permit) == {"3CCC333"}


def test_the_same_plate_or_one_with_another_permit_is_not_put_in(permit, residential, manager):
    making.permit(residential, manager, "7XYZ987", address="99 Oak Street")
    with pytest.raises(CannotSwap, match="in force already"):
        swap_plate(permit=permit, plate="8ABC123", state="US-CA")
    with pytest.raises(CannotSwap, match="has a permit of this class"):
        swap_plate(permit=permit, plate="7XYZ987", state="US-CA")
    assert now_on(permit) == {"8ABC123"}
    swap_plate(permit=permit, plate="7XYZ987", state="US-OR")
    assert now_on(permit) == {"7XYZ987"}


def test_a_permit_of_two_plates_has_a_place_for_each(residential, manager, area):
    two = making.more_terms(residential.permit_class, manager, [area], plates_max=2)
    permit = making.permit(two, manager, "1AAA111")
    swap_plate(permit=permit, plate="2BBB222", state="US-CA", place=0)
    assert now_on(permit) == {"1AAA111", "2BBB222"}
    with pytest.raises(CannotSwap, match="choose which"):
        swap_plate(permit=permit, plate="3CCC333", state="US-CA", place=0)
    swap_plate(permit=permit, plate="3CCC333", state="US-CA", place=1)
    assert now_on(permit) == {"3CCC333", "2BBB222"}


def test_a_granted_renewal_begins_with_the_plate_the_permit_has_by_then(permit, residential, manager):
    renewal = making.permit(residential, manager, renewal_of=permit)
    swap_plate(permit=permit, plate="7XYZ987", state="US-CA")
    assert [span.plate for span in in_force(spans_of(renewal.plates.all()), renewal.begins)] == ["7XYZ987"]


def test_an_ended_permit_has_no_plate_in_force_and_takes_none(permit):
    swap_plate(permit=permit, plate="RENT123", state="US-NV", kind="rental", until=making.in_days(3))
    ended = end_permit(permit=permit, reason="Moved away.")
    assert not in_force(spans_of(permit.plates.all()), timezone.now())
    assert not in_force(spans_of(permit.plates.all()), making.in_days(4))
    assert ended.is_over and ended.ended_by is None
    with pytest.raises(CannotSwap, match="ended"):
        swap_plate(permit=ended, plate="7XYZ987", state="US-CA")
    with pytest.raises(StaleState):
        end_permit(permit=ended, reason="Again.")


def test_misuse_ends_a_permit_only_after_a_warning(permit, manager):
    with pytest.raises(PolicyDenied, match="never warned"):
        end_permit(permit=permit, actor=manager, reason="Lent to somebody else.", ground="misuse")
    warn_holder(permit=permit, actor=manager, words="Two vehicles were seen at once.")
    end_permit(permit=permit, actor=manager, reason="Lent to somebody else again.", ground="misuse")
    assert permit.ended_by == manager


def test_a_replacement_has_the_plates_for_the_rest_of_the_time_and_is_linked(permit, manager):
    swap_plate(permit=permit, plate="RENT123", state="US-NV", kind="rental", until=making.in_days(3))
    new = replace_permit(permit=permit, actor=manager, reason="The number was printed wrongly.")
    permit.refresh_from_db()
    assert permit.replaced_by == new and new.ends == permit.ends and new.price_cents == 0
    assert now_on(permit) == set() and now_on(new) == {"RENT123"}
    assert [span.plate for span in in_force(spans_of(new.plates.all()), making.in_days(4))] == ["8ABC123"]


# A guest's plate takes no place, so that only the plate itself can be in the way.
RAW = """
INSERT INTO parking_permitplate (permit_id, permit_class_id, plate, plate_state, keys, kind, place, begins, ends,
    swapped, reason, guest_code_id, added_at)
VALUES (%s, %s, '9ZZZ999', 'US-CA', '{9ZZZ999}', 'guest', 0, %s, %s, false, '', %s, now())
"""
spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=spans)
def test_no_two_permits_of_a_class_ever_hold_for_one_plate_at_one_time(permit, asked):
    """Tried with raw SQL: exactly those rows are taken that overlap with none before, the end not included."""
    day, taken = permit.begins + timedelta(days=20), []
    with transaction.atomic():
        for begin, length in asked:
            begins, ends = day + timedelta(days=begin), day + timedelta(days=begin + length)
            overlaps = any(begins < other_ends and other_begins < ends and begins < ends and other_begins < other_ends
                           for other_begins, other_ends in taken)  # fmt: skip
            try:
                with as_owner() as cursor, transaction.atomic():  # without the guards of guests: only the plate's own
                    cursor.execute(RAW, [permit.pk, permit.terms.permit_class_id, begins, ends, guest_code_of(permit)])
                refused = False
            except IntegrityError as error:
                assert "pk_16_one_permit_a_plate" in str(error)
                refused = True
            assert refused == overlaps
            if not refused:
                taken.append((begins, ends))
        transaction.set_rollback(True)


def guest_code_of(permit: Permit) -> int:
    """A guest code of the permit."""
    code, _ = GuestCode.objects.get_or_create(permit=permit, code_hash="0" * 64, hours=1, expires_at=permit.ends)
    return code.pk


def refused(rule: str, write) -> None:
    """The database refuses, and names the rule."""
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        write()


def test_the_database_keeps_the_history_of_plates_by_itself(permit):
    row = permit.plates.get()
    same = PermitPlate.objects.filter(pk=row.pk)
    refused("PK-16", lambda: same.update(plate="7XYZ987"))
    refused("PK-16", lambda: same.update(ends=row.ends + timedelta(days=1)))
    refused("PK-16", lambda: same.update(ends=row.begins - timedelta(days=1)))
    refused("permission denied", row.delete)
    too_long = plate_row(permit, "7XYZ987", "US-CA", 1, permit.begins, permit.ends + timedelta(days=1))
    refused("PK-16", lambda: PermitPlate.objects.bulk_create([too_long]))
    second = plate_row(permit, "7XYZ987", "US-CA", 1, permit.begins, permit.ends)
    second.added_by = permit.approved_by  # by staff: a holder's would have to count as a change
    refused("pk_16_one_plate_a_place", lambda: PermitPlate.objects.bulk_create([second]))
    third = plate_row(permit, "7XYZ987", "US-CA", 2, permit.begins, permit.ends)
    refused("PK-16", lambda: PermitPlate.objects.bulk_create([third]))


def test_the_database_grants_no_permit_by_itself_and_ends_none_with_plates_in_force(permit, residential, manager):
    waiting = making.application(residential, "1AAA111")
    row = Permit(application=waiting, terms=residential, number="RP-99-0001", year=2099, serial=1, nth=1, price_cents=0,
                 begins=permit.begins, ends=permit.ends, approved_by=manager)  # fmt: skip
    refused("PK-16", lambda: Permit.objects.bulk_create([row]))
    same = Permit.objects.filter(pk=permit.pk)
    refused("PK-16", lambda: same.update(ended_at=timezone.now(), ended_reason="Past the service"))
    refused("PK-16", lambda: same.update(price_cents=0))
    refused("permission denied", lambda: same._raw_delete("default"))
