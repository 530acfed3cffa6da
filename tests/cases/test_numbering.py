"""Numbers that two people at once never share."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Case
from ecpd.accounts.roles import Role
from ecpd.numbering import number
from tests.factories.cases import opened
from tests.factories.people import make_user


@given(year=st.integers(2000, 2099), serial=st.integers(1, 999_999))
def test_a_number_carries_its_year_and_serial(year, serial):
    years, serials = number("", year, serial, digits=6).split("-")
    assert (2000 + int(years), int(serials), len(serials)) == (year, serial, 6)


def test_numbers_run_on(okafor):
    first, second = opened(okafor), opened(okafor)
    assert second.serial == first.serial + 1
    assert first.case_number == f"{first.year % 100:02d}-{first.serial:06d}"


@pytest.mark.django_db(transaction=True)
def test_cases_opened_at_once_have_different_numbers():
    people = [make_user(Role.INVESTIGATOR) for _ in range(4)]

    def work(user) -> list[str]:
        try:
            return [opened(user).case_number for _ in range(3)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        numbers = [one for found in pool.map(work, people) for one in found]
    assert len(set(numbers)) == 12
    assert sorted(Case.objects.values_list("serial", flat=True)) == list(range(1, 13))
