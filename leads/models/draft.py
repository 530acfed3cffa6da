"""SearchDraft: what somebody has written of a search request and not sent yet."""

from django.conf import settings
from django.db import models

from cases.models import Evidence
from ecpd.checks.json_field import JSONField


class SearchDraft(models.Model):
    """One per person and probe; deleted once the request is sent. It is no record."""

    working_row = "What an investigator has typed and not sent."

    probe = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    data = JSONField(shape="o", default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="search_draft_once", fields=["probe", "user"])]

    def __str__(self) -> str:
        return f"Draft of {self.user} on {self.probe}"
