"""FR-19, FR-20: a suspension ends every certificate of its kind that was issued until that day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.accounts.services import suspend_certificate
from ecpd.web.certificates import lines_for
from tests.factories.people import certify, make_user

pytestmark = pytest.mark.django_db(transaction=True)  # each decision in a transaction of its own
TWIN, KIND = {"course": "The same once more"}, "facial_recognition"


def counts(user: User) -> tuple[bool, bool]:
    """Whether somebody is certified, as the pages and as the guards see it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ecpd_has_certificate(%s, %s)", [user.pk, KIND])
        return User.objects.get(pk=user.pk).current_certificate is not None, cursor.fetchone()[0]


@pytest.fixture
def dunne(db) -> User:
    """Who issues and suspends."""
    return make_user(Role.ADMINISTRATOR, username="dunne")


def test_a_twin_of_a_suspended_certificate_counts_no_more(okafor, dunne):
    first = certify(okafor, dunne)
    twin = certify(okafor, dunne, **TWIN)
    suspend_certificate(certificate=first, actor=dunne, reason="A question came up.")
    assert counts(okafor) == (False, False)
    twin.refresh_from_db()
    assert not twin.is_current
    assert [line.word for line in lines_for(okafor)] == ["Suspended"]


def test_one_that_is_dated_back_counts_no_more_and_one_of_a_later_day_does(okafor, dunne, moved_to):
    suspend_certificate(certificate=certify(okafor, dunne), actor=dunne, reason="A question came up.")
    certify(okafor, dunne, issued_on=timezone.localdate() - timedelta(days=200))
    assert counts(okafor) == (False, False)
    with moved_to(timezone.now() + timedelta(days=2)):
        certify(okafor, dunne, **TWIN)
        assert counts(okafor) == (True, True)


def test_another_persons_suspension_ends_nobody_elses(okafor, dunne):
    raman = make_user(Role.INVESTIGATOR, username="raman")
    certify(okafor, dunne)
    suspend_certificate(certificate=certify(raman, dunne), actor=dunne, reason="A question came up.")
    assert counts(okafor) == (True, True)
