"""`manage.py load_demo`: the same twice, wiped and loaded anew, and only where the installation is a demo."""

import re
import stat

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Case, NibrsOffense
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from ecpd.audit.verification import verify
from leads.demo import gallery, people
from leads.models import GalleryPhoto, Lead, ModelCard, SearchRequest, WarrantApplication
from tests.demo.conftest import FEW
from tests.factories.people import UserFactory
from tests.sealing import seal
from tests.signing_in import by_the_forms

RECORDS = ("accounts", "cases", "leads", "policy", "audit", "auditlog", "guardian", "parking")


def counts() -> dict[str, int]:
    """How many rows each table of records has."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in RECORDS]
    return {model._meta.db_table: model._base_manager.count() for model in models}


@pytest.mark.django_db
def test_the_demo_holds_cases_on_every_step_from_search_to_application(load_demo):
    load_demo()
    assert {user.username for user in User.objects.all()} == {row[0] for row in people.ACCOUNTS}
    assert {role for user in User.objects.all() for role in user.role_names} >= {
        Role.INVESTIGATOR, Role.CAPTAIN, Role.CHIEF, Role.AUDITOR, Role.ADMINISTRATOR}  # fmt: skip
    assert set(Lead.objects.values_list("state", flat=True)) == {"open", "applied", "approved"}
    assert sorted(WarrantApplication.objects.values_list("state", flat=True)) == ["approved", "submitted"]
    assert SearchRequest.objects.filter(state="done", above_bar=0).count() == 1
    assert GalleryPhoto.objects.filter(synthetic=False).count() == len(gallery.PACKAGED)
    assert GalleryPhoto.objects.filter(synthetic=True).count() == FEW


@pytest.mark.django_db
def test_loading_twice_changes_nothing(load_demo):
    first, before = load_demo(), counts()
    assert load_demo() == first
    assert counts() == before


@pytest.mark.django_db
def test_what_the_demo_did_went_through_the_doors_and_the_chain_is_whole(load_demo):
    load_demo()
    seal()
    checked = verify()
    assert checked.findings == []
    assert checked.entries == AuditEvent.objects.count() > 50


@pytest.mark.django_db
def test_the_printed_sign_ins_open_the_demo(load_demo, client):
    printed = load_demo()
    password = re.search(r"Password for all: (\S+)", printed)[1]
    for username, *_ in people.ACCOUNTS:
        assert re.search(rf"^  {username} +\d{{6}} ", printed, re.MULTILINE), username
    by_the_forms(client, "okafor", password=password)
    assert "Robbery at Marlow Market" in client.get("/cases/").content.decode()


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


def test_the_demo_is_wiped_and_loaded_anew(load_demo, as_owner):
    load_demo()
    before = counts()
    added = UserFactory(username="extra")
    load_demo("--wipe")
    assert not User.objects.filter(username=added.username).exists()
    assert counts() == before
    assert Case.objects.order_by("pk").first().pk == 1
    assert NibrsOffense.objects.exists() and ModelCard.objects.exists()
    seal()
    assert verify().intact


def test_after_wiping_the_guards_are_awake(load_demo, as_owner):
    load_demo("--wipe")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        assert cursor.fetchone() == ("origin",)
    call_command("migrate", check=True, verbosity=0)
