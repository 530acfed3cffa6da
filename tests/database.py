"""The test database: one worker migrates it, the others copy what came out. Loaded by conftest.py."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.backends.base.creation import BaseDatabaseCreation

from tests.attacks.battlefield import copy

MIGRATED = "ecpd_migrated"  # as the migrations left it: nobody signs in to it, so that it can be copied at any time
_migrate = BaseDatabaseCreation.create_test_db


def create(self: BaseDatabaseCreation, *args, **options) -> str:
    """Migrate the test database, or copy the one that another worker migrated; returns its name."""
    server = os.environ["ECPD_TEST_OWNER_URL"]
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _migrate(self, *args, **options)
    with _one_at_a_time() as is_first:
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


@contextmanager
def _one_at_a_time() -> Iterator[bool]:
    """Whether this worker is the first; the others wait for it, and try in its place when it failed."""
    with (Path(os.environ["ECPD_TEST_SCRATCH"]) / "migrated").open("a+") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.seek(0)
        yield not note.read()
        note.write("done\n")


BaseDatabaseCreation.create_test_db = create
