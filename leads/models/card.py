"""ModelCard: what is measured of a face model, and the fit behind the match score."""

import pgtrigger
from django.conf import settings
from django.db import models

from ecpd.accounts.models.granted import THE_OWNER
from ecpd.audit.pinned import add_guards
from ecpd.audit.records import Ledger, guard, refuse
from ecpd.checks.json_field import HAPPENED, JSONField
from ecpd.policy.models import Amendment
from leads.models.shapes import CARD

# A card that is not there would leave every search without a score. Cards are never deleted.
NAMED_CARD_IS_KEPT = f"""
IF NEW.state = 'approved' AND OLD.state = 'proposed' AND NEW.changes ->> 'model_card' <> ''
   AND NOT EXISTS (SELECT 1 FROM leads_modelcard m WHERE m.sha256 = NEW.changes ->> 'model_card') THEN
    {refuse("FR-07", "The model card that an amendment names is one that was kept.")}
END IF;
"""
# Scores follow from it: the owner's migration brings the card of the software, and who keeps another decides on it
# (`ecpd.checks.deeds`).
OF_SOMEBODY = f"""
IF NEW.created_by_id IS NULL AND NOT {THE_OWNER} THEN
    {refuse("FR-07", "A model card is kept by somebody, or comes with the software.")}
END IF;
"""


class ModelCard(Ledger):
    """A card as JSON (leads.recognition.card); a new calibration is a new row, old searches keep theirs.

    Which one counts is a setting of the manual (`leads.selectors.card`).
    """

    model_id = models.CharField(max_length=128, db_index=True)
    content = JSONField(shape=CARD, dates={"$.fitted_on": HAPPENED})
    sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        triggers = [*Ledger.Meta.triggers, guard("fr_07_card_of_somebody", OF_SOMEBODY, on=pgtrigger.Insert)]

    def __str__(self) -> str:
        return f"Model card {self.pk} of {self.model_id}"


add_guards(Amendment, guard("fr_07_card_is_kept", NAMED_CARD_IS_KEPT, on=pgtrigger.Update))
