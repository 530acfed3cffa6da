"""One filled database of the landed version, upgraded once for all tests of this folder."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from ecpd.doctor import accounts, services
from leads import after_upgrade
from tests import owners_hand
from tests.upgrade.filling import Filled, Made, fill
from tests.upgrade.landed import ALIAS, migrate_to_landed
from tests.upgrade.story import tell

# What doctor is asked on the upgraded database, while it is the default one.
ASKED_AFTERWARD = (services.old_rows, services.guards, accounts.sides, after_upgrade.second_examinations)


@pytest.fixture(scope="package")
def filled(django_db_setup, django_db_blocker) -> Iterator[Filled]:
    """The landed version's database, filled and then migrated to the newest version; what was put in before."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_upgrade"
        _as_owner(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE template0")
        connections.databases[ALIAS] = connection.settings_dict | {"NAME": name}
        try:
            with _default_is(name):
                put_in = _upgraded()
            yield put_in
        finally:
            connections[ALIAS].close()
            del connections[ALIAS], connections.databases[ALIAS]
            _as_owner(f"DROP DATABASE {name}")


@pytest.fixture
def upgraded(filled, django_db_blocker):
    """A cursor of the owner on the upgraded database; what a test writes is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("RESET ROLE")
        yield cursor
        transaction.set_rollback(True, using=ALIAS)


def _upgraded() -> Filled:
    """Migrations are written for the default connection, so they run on it, as on an installation."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        apps = migrate_to_landed()
        cursor.execute("SET session_replication_role = replica")
        made: Made = {}
        put_in = fill(apps, made)
        put_in.story = tell(apps, made)
        cursor.execute("SET session_replication_role = origin")
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(owners_hand.EVERYBODY.sql)  # as in every database of the tests
    put_in.doctor = {check.__name__: check() for check in ASKED_AFTERWARD}
    return put_in


@contextmanager
def _default_is(name: str) -> Iterator[None]:
    """Within the block the default connection leads to another database."""
    ours = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours


def _as_owner(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET ROLE ecpd_app")
