"""StampRequest: the head of the chain is to be stamped. Stamp: a try to have an outside authority do it."""

from typing import ClassVar

from django.db import models

from ecpd.audit.models.chain import AskedOfSealer
from ecpd.audit.records import Ledger


class StampRequest(AskedOfSealer):
    """The newest entry's seal is to be stamped by the time-stamp authority; the sealer's process has it done."""

    class Meta(AskedOfSealer.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"Time stamp asked for by {self.requested_by or 'the schedule'}"


class Stamp(Ledger):
    """One try to have the head of the chain stamped under RFC 3161, and the token. Written by the sealer's role only.

    A token that is kept was verified against `certificates`, the authority's chain as it was given to the installation.
    """

    row_seal: ClassVar[bool] = False
    unsealed_because = "Written by the sealer, beside the chain that it anchors; the authority's signature seals it."
    application_may = "SELECT"

    class Result(models.TextChoices):
        """What came of the try."""

        STAMPED = "stamped", "Stamped"
        FAILED = "failed", "Failed"

    tried_at = models.DateTimeField(auto_now_add=True)
    request = models.ForeignKey(StampRequest, null=True, on_delete=models.PROTECT, related_name="tries")
    number = models.BigIntegerField(help_text="The entry whose seal was sent.")
    hash = models.CharField(max_length=64)
    authority = models.CharField(max_length=200, help_text="Its address.")
    local = models.BooleanField(help_text="An authority of this machine: it proves nothing to an outsider.")
    result = models.CharField(max_length=10, choices=Result.choices)
    problem = models.CharField(max_length=300, blank=True)
    stamped_at = models.DateTimeField(null=True, help_text="The time that the authority signed.")
    response = models.BinaryField(null=True, help_text="The authority's answer, DER.")
    certificates = models.TextField(blank=True, help_text="The chain it was verified against, PEM.")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name = "time stamp of the chain"
        verbose_name_plural = "time stamps of the chain"
        constraints = [
            models.CheckConstraint(
                name="au_01_stamp_has_token",
                condition=models.Q(result="failed", stamped_at=None, response=None)
                | models.Q(result="stamped", stamped_at__isnull=False, response__isnull=False, problem=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_result_display()}: entry {self.number}"

    @property
    def token(self) -> bytes:
        """The authority's answer; empty when there is none."""
        return bytes(self.response or b"")
