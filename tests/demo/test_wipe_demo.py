"""`manage.py load_demo --wipe`, and where nothing is loaded at all: outside a demo installation."""

import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Case, NibrsOffense
from ecpd.accounts.models import User
from ecpd.audit.verification import verify
from leads.demo import people
from leads.models import ModelCard
from tests.demo.test_load_demo import counts
from tests.factories.people import UserFactory
from tests.sealing import seal


@pytest.mark.django_db
def test_the_password_is_made_at_random_and_readable_by_its_owner_only(load_demo, demo_place):
    kept = demo_place / "demo_password"
    made = set()
    for _ in range(2):
        made.add(people.password())
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        kept.unlink()
    assert len(made) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("options", [[], ["--wipe"]])
def test_outside_the_demo_nothing_is_loaded_or_wiped(load_demo, settings, options):
    settings.DEMO = False
    keeper = UserFactory()
    before = counts()
    with pytest.raises(CommandError, match="for a demo installation only"):
        load_demo(*options)
    assert counts() == before
    assert list(User.objects.all()) == [keeper]


@pytest.mark.django_db
def test_the_migrated_database_of_an_agency_has_no_accounts():
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_applications_role_wipes_nothing(load_demo):
    UserFactory()
    before = counts()
    with pytest.raises(CommandError, match="needs the database owner"):
        load_demo("--wipe")
    assert counts() == before


@pytest.fixture
def as_owner(transactional_db):
    """This connection belongs to the database's owner, as with ECPD_AS_OWNER=1."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    yield
    connection.close()


def test_the_demo_is_wiped_and_loaded_anew_and_the_guards_are_awake(load_demo, as_owner):
    load_demo()
    before = counts()
    added = UserFactory(username="extra")
    load_demo("--wipe")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        assert cursor.fetchone() == ("origin",)
    assert not User.objects.filter(username=added.username).exists()
    assert counts() == before
    assert Case.objects.order_by("pk").first().pk == 1
    assert NibrsOffense.objects.exists() and ModelCard.objects.exists()
    seal()
    assert verify().intact
    call_command("migrate", check=True, verbosity=0)
