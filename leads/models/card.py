"""ModelCard: what is measured of a face model, and the fit behind the match score."""

from django.conf import settings
from django.db import models

from ecpd.audit.records import Ledger


class ModelCardQuerySet(models.QuerySet):
    """Cards by model."""

    def in_use(self, model_id: str):
        """The newest card of a model, or None: without a card nothing has a match score."""
        return self.filter(model_id=model_id).order_by("-id").first()


class ModelCard(Ledger):
    """A card as JSON (leads.recognition.card); a new calibration is a new row, old searches keep theirs."""

    model_id = models.CharField(max_length=128, db_index=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ModelCardQuerySet.as_manager()

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Model card {self.pk} of {self.model_id}"
