"""PasswordReset: a forgotten password, opened by an administrator who cannot use what he opens."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from ecpd.audit.records import Record, guard, refuse, unchanged

MINUTES = timedelta(minutes=30)

_OPENED_AND_USED = f"""
IF OLD.used_at IS NOT NULL OR OLD.opened_at IS NOT NULL AND (
    NEW.opened_at IS DISTINCT FROM OLD.opened_at OR NEW.opened_by_id IS DISTINCT FROM OLD.opened_by_id) THEN
    {refuse("AC-10", "A new password is set once, by who was let in.")}
END IF;
IF NEW.opened_at IS NOT NULL AND OLD.opened_at IS NULL AND (NEW.user_id IS NULL OR NEW.opened_by_id IS NULL
    OR NEW.opened_by_id = NEW.user_id OR NOT public.ecpd_has_role(NEW.opened_by_id, 'administrator')) THEN
    {refuse("AC-10", "Another person, an administrator, opens the way to a new password.")}
END IF;
IF NEW.used_at IS NOT NULL AND (OLD.opened_at IS NULL
    OR public.ecpd_now() > OLD.opened_at + interval '{int(MINUTES.total_seconds())} seconds') THEN
    {refuse("AC-10", "The way to a new password is not open.")}
END IF;
"""
_BORN_CLOSED = f"""
IF NEW.opened_at IS NOT NULL OR NEW.opened_by_id IS NOT NULL OR NEW.used_at IS NOT NULL THEN
    {refuse("AC-10", "A new password is asked for first and opened later.")}
END IF;
"""


class PasswordReset(Record):
    """Asked for in one browser, which alone holds the secret; the number is what the person tells the administrator.

    `key_hash` is the SHA-256 of the secret. A name that is nobody's is asked for as well, without an account.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="password_resets"
    )
    number = models.CharField(max_length=9, help_text="Eight digits, for telling.")
    key_hash = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    used_at = models.DateTimeField(null=True, blank=True)

    once = ("opened_at", "opened_by_id", "used_at")

    class Meta(Record.Meta):
        abstract = False
        triggers = [
            *Record.Meta.triggers,
            guard("ac_10_reset_born_closed", _BORN_CLOSED, on=pgtrigger.Insert),
            guard("ac_10_reset_by_two", _OPENED_AND_USED, on=pgtrigger.Update),
            unchanged(
                "ac_10_reset_fixed",
                ["user_id", "number", "key_hash", "source", "asked_at"],
                "AC-10",
                "What was asked for stays as it is.",
            ),
        ]

    def __str__(self) -> str:
        return f"New password of {self.user or 'an unknown name'}"

    @property
    def is_waiting(self) -> bool:
        """Whether an administrator can open it."""
        return self.opened_at is None and timezone.now() < self.asked_at + MINUTES

    @property
    def is_open(self) -> bool:
        """Whether the browser that asked may set a new password now."""
        return self.opened_at is not None and self.used_at is None and timezone.now() < self.opened_at + MINUTES
