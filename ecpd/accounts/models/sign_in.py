"""Wrong passwords, counted by account and source, and the locks they lead to (AC-02)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ecpd.accounts.models.granted import THE_OWNER
from ecpd.audit.records import Record, guard, refuse, unchanged
from ecpd.checks.stamped import SLACK

EVERYWHERE = "*"
MOST, WINDOW_MINUTES = 5, 15  # AC-02, after the CJIS Security Policy's AC-7

# One of a day to come would keep its person waiting for it.
_FAILED_BY_NOW = f"""
IF NEW.at > public.ecpd_now() + {SLACK} THEN
    {refuse("AC-02", "A wrong password is counted when it was typed.")}
END IF;
"""
# A lock follows wrong passwords that were counted from there a moment ago; one of all sources is none of today's.
_AFTER_FAILURES = f"""
IF NOT {THE_OWNER} AND (SELECT count(*) FROM public.accounts_failedpassword f WHERE f.name = NEW.name AND f.source = NEW.source
    AND f.at > public.ecpd_now() - interval '{WINDOW_MINUTES} minutes') < {MOST} THEN
    {refuse("AC-02", "A password is locked by five wrong ones from the same source.")}
END IF;
"""


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
        triggers = [guard("ac_02_failed_by_now", _FAILED_BY_NOW, on=pgtrigger.Insert | pgtrigger.Update)]

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
            guard("ac_02_after_failures", _AFTER_FAILURES, on=pgtrigger.Insert),
            guard(
                "ac_07_released_once",
                f"IF OLD.released_at IS NOT NULL THEN {refuse('AC-07', 'A lock that was released stays so.')} END IF;",
                on=pgtrigger.Update,
            ),
        ]

    def __str__(self) -> str:
        return f"Password lock of {self.user or 'an unknown name'}"
