"""People who change the manual."""

import pytest

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from tests.factories.people import make_user


@pytest.fixture
def captain(db) -> User:
    """May propose an amendment."""
    return make_user(Role.CAPTAIN)


@pytest.fixture
def chief(db) -> User:
    """May propose an amendment and decide somebody else's."""
    return make_user(Role.CHIEF)
