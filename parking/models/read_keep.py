"""ReadKeep: a read is evidence of an alert, and why, and since when (PK-05). A row of its own that nobody takes back.

A read that an alert rests on is exempt from deletion while the alert stands, and alerts stand for ever: what became of
them is on record. A flag on the read could be lifted to destroy evidence, or set to keep what nothing came of.
"""

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from ecpd.audit.records import Ledger, guard, refuse
from ecpd.policy.models import Decision
from parking.models.alert import Alert
from parking.models.read import Read

RESTS_ON_IT = f"""
IF NOT EXISTS (SELECT 1 FROM parking_alert a WHERE a.id = NEW.alert_id AND a.decision_id IS NOT DISTINCT FROM NEW.decision_id
               AND (NEW.read_id IN (a.first_read_id, a.last_read_id)
                    OR a.detail -> 'passes' @> to_jsonb(NEW.read_id) OR a.detail -> 'passes' @> to_jsonb(NEW.read_id::text)))
THEN
    {refuse("PK-05", "Only a read that the alert rests on is kept for it.")}
END IF;
NEW.at := ecpd_now();
"""


class ReadKeep(Ledger):
    """One read, kept as evidence of one alert, under the decision that raised it."""

    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="keeps")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="keeps")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False, help_text="By the database's clock.")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="keep_once_an_alert", fields=["read", "alert"])]
        triggers = [*Ledger.Meta.triggers, guard("pk_05_rests_on_it", RESTS_ON_IT, on=pgtrigger.Insert)]
        verbose_name = "read kept as evidence"
        verbose_name_plural = "reads kept as evidence"

    def __str__(self) -> str:
        return f"Read {self.read_id} for {self.alert}"
