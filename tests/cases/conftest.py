"""The people of a case."""

import pytest

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from tests.factories.cases import opened
from tests.factories.people import make_user


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    """An empty vault for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def okafor(db) -> User:
    """The investigator of the case."""
    return make_user(Role.INVESTIGATOR, username="okafor", first_name="Renee", last_name="Okafor")


@pytest.fixture
def aldana(db) -> User:
    """An investigator who has nothing to do with the case."""
    return make_user(Role.INVESTIGATOR, username="aldana", first_name="Luis", last_name="Aldana")


@pytest.fixture
def marsh(db) -> User:
    """The captain."""
    return make_user(Role.CAPTAIN, username="marsh", rank="Capt.", first_name="Helen", last_name="Marsh")


@pytest.fixture
def whitlock(db) -> User:
    """The auditor."""
    return make_user(Role.AUDITOR, username="whitlock", rank="", first_name="Joan", last_name="Whitlock")


@pytest.fixture
def case(okafor, marsh):
    """An open case of the investigator, under the captain."""
    return opened(okafor, captain=marsh)
