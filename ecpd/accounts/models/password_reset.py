"""PasswordReset: a forgotten password, opened by an administrator who cannot use what he opens (AC-01, AC-10)."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from ecpd.audit.records import Record, guard, refuse, unchanged
from ecpd.checks.stamped import SLACK

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
IF NEW.seconded_at IS NOT NULL AND OLD.seconded_at IS NULL AND (OLD.opened_at IS NULL OR NEW.seconded_by_id IS NULL
    OR NEW.seconded_by_id IN (NEW.user_id, NEW.opened_by_id)
    OR NOT public.ecpd_has_role(NEW.seconded_by_id, 'administrator')) THEN
    {refuse("AC-10", "A second administrator, not the one who opened it, stands in for a lost second factor.")}
END IF;
"""
# Whoever opens the way may have asked himself, in the other's name: the account's own factor shows who stands there.
_BY_THE_PERSON = f"""
IF NEW.used_at IS NOT NULL AND OLD.used_at IS NULL AND OLD.opened_at IS NOT NULL
    AND (NEW.seconded_at IS NULL OR NEW.seconded_by_id IS NULL) AND NOT EXISTS (
        SELECT 1 FROM public.mfa_authenticator a WHERE a.id = NEW.factor AND a.user_id = NEW.user_id
        AND a.last_used_at BETWEEN public.ecpd_now() - {SLACK} AND public.ecpd_now() + {SLACK}) THEN
    {refuse("AC-01", "A new password counts with the account's own second factor, or a second administrator's word.")}
END IF;
"""
_BORN_CLOSED = f"""
IF NEW.opened_at IS NOT NULL OR NEW.opened_by_id IS NOT NULL OR NEW.used_at IS NOT NULL
    OR NEW.seconded_at IS NOT NULL OR NEW.seconded_by_id IS NOT NULL OR NEW.factor IS NOT NULL THEN
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
    seconded_at = models.DateTimeField(null=True, blank=True)
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The second administrator, who stands in for a lost second factor.",
    )
    factor = models.BigIntegerField(
        null=True, blank=True, help_text="Which of the account's second factors the new password was set with."
    )

    once = ("opened_at", "opened_by_id", "used_at", "seconded_at", "seconded_by_id", "factor")

    class Meta(Record.Meta):
        abstract = False
        triggers = [
            *Record.Meta.triggers,
            guard("ac_10_reset_born_closed", _BORN_CLOSED, on=pgtrigger.Insert),
            guard("ac_10_reset_by_two", _OPENED_AND_USED, on=pgtrigger.Update),
            guard("ac_01_reset_by_the_person", _BY_THE_PERSON, on=pgtrigger.Update),
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

    @property
    def needs_factor(self) -> bool:
        """Whether the new password waits for the account's own second factor: no second administrator spoke for it."""
        return self.seconded_at is None
