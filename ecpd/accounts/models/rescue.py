"""Rescue: somebody lost every second factor; the shell opened the way to set up a new one, once (AC-01)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from ecpd.accounts.models.granted import THE_OWNER
from ecpd.audit.fixed import while_empty
from ecpd.audit.records import Record, guard, refuse

_ONCE = f"""
IF NEW.user_id <> OLD.user_id OR NEW.code_hash <> OLD.code_hash OR NEW.why <> OLD.why OR NEW.made_at <> OLD.made_at
    OR NEW.ends_at > OLD.ends_at OR NEW.ends_at < OLD.ends_at AND NOT {THE_OWNER}
    OR NEW.tries NOT BETWEEN OLD.tries AND OLD.tries + 1
    OR OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at THEN
    {refuse("AC-01", "A rescue is used once, by its code.")}
END IF;
"""


class Rescue(Record):
    """Only the owner's command makes one (`manage.py rescue_account`): the application's role may not insert here."""

    may_change = dict.fromkeys(("tries", "ends_at"), while_empty("used_at"))

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rescues")
    code_hash = models.CharField(max_length=64, help_text="SHA-256 of the code that the command printed.")
    why = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="Wrong codes; the fifth ends it.")
    used_at = models.DateTimeField(null=True, blank=True)

    once = ("used_at",)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="ac_01_rescue_says_why",
                condition=models.Q(why__regex=r"[[:alpha:]]"),
                violation_error_message="Say why the account is rescued.",
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            guard("ac_01_rescue_once", _ONCE, on=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"Rescue of {self.user}, {self.made_at:%b %-d, %Y}"
