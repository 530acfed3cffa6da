"""People who sign in, and the page with every component."""

from copy import deepcopy
from pathlib import Path

import pytest
from django.contrib.auth.models import Group

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from leads.demo import cases, gallery, people
from tests import filled

PASSWORD = "correct horse battery staple"


@pytest.fixture
def person(db):
    """Makes an account with one role."""

    def make(role: Role, username: str = "okafor") -> User:
        name = {"rank": "Det.", "first_name": "Renee", "last_name": "Okafor"}
        user = User.objects.create_user(username, password=PASSWORD, **name)
        user.groups.add(Group.objects.get(name=role.value))
        return user

    return make


@pytest.fixture
def investigator(person) -> User:
    """Det. Renee Okafor."""
    return person(Role.INVESTIGATOR)


@pytest.fixture
def demo_people(transactional_db, monkeypatch) -> dict[str, User]:
    """The demo agency's people by user name, with its cases and a gallery of few fillers."""
    monkeypatch.setattr(gallery, "FILLERS", 200)

    def load() -> None:
        accounts = people.load()
        gallery.load(accounts["marsh"])
        cases.load(accounts)

    filled.once("demo", load)
    return people.load()


@pytest.fixture
def specimen_pages(settings):
    """Routes the page with every component, and the refusal it stands for."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.web.urls"
