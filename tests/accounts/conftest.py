"""An administrator, and somebody who signs in."""

import pytest

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from tests.factories.people import make_user


@pytest.fixture
def administrator(db) -> User:
    """R. Dunne, who manages accounts."""
    return make_user(Role.ADMINISTRATOR, rank="", first_name="R.", last_name="Dunne")


@pytest.fixture
def okafor(db) -> User:
    """An investigator."""
    return make_user(Role.INVESTIGATOR, username="okafor", first_name="Renee", last_name="Okafor")
