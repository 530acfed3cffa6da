"""Wrong passwords, counted by account and source, and the locks they lead to (AC-02)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ecpd.audit.records import Record, guard, refuse, unchanged

EVERYWHERE = "*"


class FailedPassword(models.Model):
    """One wrong password: a tally, kept for a day and forgotten by a right one from the same source.

    `name` is "account:" and the account's id, or a keyed hash of what was typed where there is no such account:
    people type passwords into the wrong field. `source` is an address, of IPv6 its first 64 bits.
    """

    working_row = "Wrong passwords of the last minutes, counted for the lock (AC-02)."

    name = models.CharField(max_length=80)
    source = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["name", "at"])]

    def __str__(self) -> str:
        return f"Wrong password from {self.source}, {self.at:%b %-d, %-I:%M %p}"


class PasswordLock(Record):
    """The password way of an account is closed from one source until it is released; sessions and passkeys go on.

    The source `*` is every source: accounts that an older version had locked as a whole. A lock of a name that is
    nobody's is kept as well: whoever tries names learns nothing from being locked out.
    """

    name = models.CharField(max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="password_locks"
    )
    source = models.CharField(max_length=64)
    locked_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Empty where it was released from the shell.",
    )  # fmt: skip

    once = ("released_at", "released_by_id")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-locked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "source"], condition=Q(released_at__isnull=True), name="ac_02_one_open_lock"
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged(
                "ac_07_lock_fixed",
                ["name", "user_id", "source", "locked_at"],
                "AC-07",
                "A lock is released, never moved.",
            ),
            guard(
                "ac_07_released_once",
                f"IF OLD.released_at IS NOT NULL THEN {refuse('AC-07', 'A lock that was released stays so.')} END IF;",
                on=pgtrigger.Update,
            ),
        ]

    def __str__(self) -> str:
        return f"Password lock of {self.user or 'an unknown name'}"
