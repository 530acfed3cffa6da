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
ASKED_AFTERWARD = (
    services.old_rows, services.guards, services.privileges, accounts.sides, after_upgrade.second_examinations,
)  # fmt: skip
# Owns the database as README says, and is no superuser: every migration there is runs by this role.
PLAIN_OWNER = "plain_owner"
EXTENSIONS = "CREATE EXTENSION vector; CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist"


@pytest.fixture(scope="package")
def filled(django_db_setup, django_db_blocker) -> Iterator[Filled]:
    """The landed version's database, filled and then migrated to the newest version; what was put in before."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_upgrade"
        _as_owner(f"DROP DATABASE IF EXISTS {name}", f"DROP ROLE IF EXISTS {PLAIN_OWNER}", f"CREATE ROLE {PLAIN_OWNER}",
                  f"CREATE DATABASE {name} TEMPLATE template0 OWNER {PLAIN_OWNER}")  # fmt: skip
        connections.databases[ALIAS] = connection.settings_dict | {"NAME": name}
        try:
            with _default_is(name):
                put_in = _upgraded()
            yield put_in
        finally:
            connections[ALIAS].close()
            del connections[ALIAS], connections.databases[ALIAS]
            _as_owner(f"DROP DATABASE {name}", f"DROP ROLE {PLAIN_OWNER}")


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
        cursor.execute(f"RESET ROLE; {EXTENSIONS}; SET ROLE {PLAIN_OWNER}")
        apps = migrate_to_landed()
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        made: Made = {}
        put_in = fill(apps, made)
        put_in.story = tell(apps, made)
        cursor.execute(f"SET session_replication_role = origin; SET ROLE {PLAIN_OWNER}")
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(owners_hand.EVERYBODY.sql)  # as in every database of the tests
        cursor.execute("SET ROLE ecpd_app")
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
