"""The test database: one worker migrates it, the others copy what came out. Loaded by conftest.py."""

import os

from django.conf import settings
from django.db.backends.base.creation import BaseDatabaseCreation

from tests.attacks.battlefield import copy
from tests.once import one_at_a_time

MIGRATED = "ecpd_migrated"  # as the migrations left it: nobody signs in to it, so that it can be copied at any time
_migrate = BaseDatabaseCreation.create_test_db


def create(self: BaseDatabaseCreation, *args, **options) -> str:
    """Migrate the test database, or copy the one that another worker migrated; returns its name."""
    server = os.environ["ECPD_TEST_OWNER_URL"]
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _migrate(self, *args, **options)
    with one_at_a_time("migrated") as is_first:
        if is_first:
            name = _migrate(self, *args, **options)
            self.connection.close()
            copy(server, name, MIGRATED)
        else:
            name = self._get_test_db_name()
            self.connection.close()
            copy(server, MIGRATED, name)
            settings.DATABASES[self.connection.alias]["NAME"] = self.connection.settings_dict["NAME"] = name
    self.connection.ensure_connection()
    return name


BaseDatabaseCreation.create_test_db = create
