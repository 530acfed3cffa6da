"""The sealer's part in a test: in its own process there, here on the test's connection, as its role."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from ecpd.audit.models import ChainCheck, Stamp
from ecpd.audit.sealer import seal_everything
from ecpd.audit.services import ask_for_stamp
from ecpd.audit.verification import verify_and_record


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Work as another role of the database, then as before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        before, signed_in = cursor.fetchone()
        cursor.execute(f"RESET ROLE; SET ROLE {role}")
        try:
            yield
        finally:
            with suppress(DatabaseError):  # a broken transaction says why by itself
                cursor.execute("RESET ROLE" if before == signed_in else f"RESET ROLE; SET ROLE {before}")


def seal() -> int:
    """Seal what waits, as the sealer; returns how many entries."""
    with as_role(settings.DATABASE_SEALER_ROLE):
        return seal_everything()


def check(**options: Any) -> ChainCheck:
    """Seal, verify and keep the result, as the sealer's process does."""
    with as_role(settings.DATABASE_SEALER_ROLE):
        seal_everything()
        return verify_and_record(**options)


def failed_stamp() -> Stamp:
    """A time stamp that was asked for and that no authority made."""
    asked = ask_for_stamp()
    with as_role(settings.DATABASE_SEALER_ROLE):
        return Stamp.objects.create(number=1, hash="0" * 64, authority="http://127.0.0.1:9/", local=True, request=asked,
                                    result="failed", problem="The authority did not answer.")  # fmt: skip
