"""CitationNotice: a paper that was issued, with its hash; NoticeMailing: the day it was mailed, which starts clocks."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Ledger
from parking.models.citation import Citation
from parking.models.contest import ContestResult
from parking.models.plan import PaymentPlan


class CitationNotice(Ledger):
    """A paper as it was issued. Its bytes stand in the parking store under their SHA-256."""

    class Kind(models.TextChoices):
        """Which paper."""

        ROLL = "roll", "Citation, 80 mm"
        LETTER = "letter", "Citation, letter"
        DELINQUENT = "delinquent", "Delinquent notice"
        REVIEW = "review", "Result of the initial review"
        HEARING = "hearing", "Decision of the hearing"
        PLAN = "plan", "Payment plan agreement"

    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    result = models.OneToOneField(ContestResult, null=True, blank=True, on_delete=models.PROTECT, related_name="notice")
    plan = models.OneToOneField(PaymentPlan, null=True, blank=True, on_delete=models.PROTECT, related_name="notice")
    content = models.JSONField(help_text="What the paper says; the same content gives the same bytes.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: the nightly run.",
    )  # fmt: skip
    issued_at = models.DateTimeField()

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="pk_12_each_notice_once", fields=["citation", "kind"],
                condition=Q(kind__in=["roll", "letter", "delinquent"]),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.citation.number}"

    @property
    def is_mailed_out(self) -> bool:
        """Whether this paper is one that goes out by mail."""
        return self.kind in MAILED


MAILED = (
    CitationNotice.Kind.DELINQUENT,
    CitationNotice.Kind.REVIEW,
    CitationNotice.Kind.HEARING,
    CitationNotice.Kind.PLAN,
)


class NoticeMailing(Ledger):
    """The day a notice was mailed, or handed over. It starts the owner's clock, so it is entered by a person."""

    notice = models.OneToOneField(CitationNotice, on_delete=models.PROTECT, related_name="mailing")
    on = models.DateField("mailed on")
    by_hand = models.BooleanField("handed over in person", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Mailed {self.on}"
