"""Guests: a code and a plate, for some hours; codes are hashed, counted and end."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from ecpd.problem import StaleState
from parking.models import GuestCode, PermitTry
from parking.selectors.rights import rights_for
from parking.services.permit import end_permit
from parking.services.permit_guest import CannotPark, enter_visit, make_code, revoke_code, visits_left
from parking.services.permit_portal import TooManyTries
from tests.factories import parking as make
from tests.parking.permits import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(visitor, manager):
    """A household's visitor permit."""
    return making.permit(visitor, manager)


def park(code: str, plate: str = "7GUEST1", address: str = "192.0.2.7"):
    """A guest enters code and plate."""
    return enter_visit(code=code, plate=plate, state="US-CA", address=address)


def test_a_guest_parks_for_the_hours_of_the_code(host):
    code, text = make_code(permit=host, label="Aunt Jo")
    visit = park(text.lower().replace("-", " "))
    assert visit.ends - visit.begins == timedelta(hours=8) and visit.guest_code == code
    now = timezone.now()
    assert rights_for(["7GUEST1"], now, now)[0].is_valid(make.EAST, now)


def test_only_the_hash_of_a_code_is_kept(host):
    _, text = make_code(permit=host)
    row = GuestCode.objects.values().get()
    assert text.replace("-", "") not in str(row) and len(row["code_hash"]) == 64


def test_a_code_is_used_as_often_as_it_says_and_not_when_ended_or_over(host):
    _, text = make_code(permit=host, visits=2)
    park(text, "1AAA111")
    park(text, "2BBB222")
    with pytest.raises(CannotPark, match="as often"):
        park(text, "3CCC333")
    _, another = make_code(permit=host)
    revoke_code(code=GuestCode.objects.latest("pk"))
    with pytest.raises(CannotPark, match="No such code"):
        park(another)


def test_a_plate_that_may_park_already_uses_no_visit(host):
    code, text = make_code(permit=host, visits=2)
    park(text)
    with pytest.raises(CannotPark, match="may park already"):
        park(text)
    assert code.visits.count() == 1


def test_visits_are_given_away_once(host):
    make_code(permit=host, visits=4)
    assert visits_left(host) == 1
    with pytest.raises(StaleState, match="1 visits are left"):
        make_code(permit=host, visits=2)


def test_wrong_codes_are_counted_and_stopped_before_they_are_looked_up(host):
    _, text = make_code(permit=host)
    for _ in range(10):
        with pytest.raises(CannotPark):
            park("ZZZZ-ZZZZ")
    with pytest.raises(TooManyTries):
        park(text)
    assert PermitTry.objects.count() == 10 and "192.0.2.7" not in str(list(PermitTry.objects.values()))
    assert park(text, address="192.0.2.8").pk


def test_a_guest_at_the_address_of_one_who_guesses_waits_a_minute(host):
    _, text = make_code(permit=host)
    for _ in range(10):
        with pytest.raises(CannotPark):
            park("ZZZZ-ZZZZ")
    PermitTry.objects.update(at=F("at") - timedelta(seconds=61))
    assert park(text).pk


def test_a_permit_for_plates_has_no_guest_codes_and_an_ended_one_neither(residential, manager, host):
    with pytest.raises(StaleState):
        make_code(permit=making.permit(residential, manager))
    _, text = make_code(permit=host)
    end_permit(permit=host, reason="Moved away.")
    with pytest.raises(CannotPark):
        park(text)
