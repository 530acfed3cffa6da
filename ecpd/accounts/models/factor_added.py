"""FactorAdded: that a second factor was added to an account, and when, whoever added it (AC-01).

The row is written by the table of factors itself, so that one which is slipped in beside the pages is as visible as one
that its person set up: to the person at each sign-in for 90 days, and to the auditor.
"""

import pgtrigger
from django.conf import settings
from django.db import models

from ecpd.audit.records import Ledger, guard, refuse

_AS_IT_IS = f"""
IF NOT EXISTS (SELECT 1 FROM public.mfa_authenticator a WHERE a.id = NEW.factor AND a.user_id = NEW.user_id
               AND a.type = NEW.kind) THEN
    {refuse("AC-01", "What is noted as added is a second factor of this account.")}
END IF;
NEW.at := public.ecpd_now();
"""


class FactorAdded(Ledger):
    """`factor` is the number of the row in allauth's table, which may be gone by now."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="factors_added")
    factor = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(help_text="By the database's clock.")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name = "second factor added"
        verbose_name_plural = "second factors added"
        triggers = [*Ledger.Meta.triggers, guard("ac_01_added_as_it_is", _AS_IT_IS, on=pgtrigger.Insert)]

    def __str__(self) -> str:
        return f"{self.words} of {self.user}"

    @property
    def words(self) -> str:
        """What was added, as the person calls it."""
        return {"totp": "Authenticator app", "webauthn": "Passkey", "recovery_codes": "Recovery codes"}.get(
            self.kind, self.kind
        )
