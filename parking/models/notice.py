"""CitationNotice: a paper that was issued, with its hash; NoticeMailing: the day it was mailed, which starts clocks."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Ledger, guard, refuse
from ecpd.checks.json_field import JSONField
from parking.anchors import on_citation
from parking.models.citation import NOTHING_RUNS, Citation
from parking.models.contest import ContestResult
from parking.models.plan import PaymentPlan

OF_THIS_CITATION = f"""
IF (NEW.kind IN ('review', 'hearing')) <> (NEW.result_id IS NOT NULL) OR (NEW.kind = 'plan') <> (NEW.plan_id IS NOT NULL)
   OR NEW.result_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM parking_contestresult r JOIN parking_contest c ON c.id = r.contest_id
        WHERE r.id = NEW.result_id AND c.citation_id = NEW.citation_id AND c.stage = NEW.kind)
   OR NEW.plan_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM parking_plancitation p WHERE p.plan_id = NEW.plan_id AND p.citation_id = NEW.citation_id) THEN
    {refuse("PK-12", "A notice is of its own citation: of its result or plan where it tells of one.")}
END IF;
"""
DELINQUENT_AFTER_DUE = f"""
IF NEW.kind = 'delinquent' AND NOT EXISTS (
        SELECT 1 FROM parking_citation c WHERE c.id = NEW.citation_id
        AND c.due_on < (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date) THEN
    {refuse("PK-12", "A delinquent notice follows the day on which payment was due.")}
END IF;
"""
DELINQUENT_NOT_PAUSED = f"""
IF NEW.kind = 'delinquent' AND (
{NOTHING_RUNS}) THEN
    {refuse("PK-12", "No delinquent notice while collection is paused, a contest is open, or of a canceled citation.")}
END IF;
"""
MAILED_AFTERWARDS = f"""
IF NOT EXISTS (SELECT 1 FROM parking_citationnotice n WHERE n.id = NEW.notice_id
               AND (n.issued_at AT TIME ZONE 'America/Los_Angeles')::date <= NEW.on) THEN
    {refuse("PK-12", "A notice is mailed on the day it was issued, or later.")}
END IF;
"""


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
    content = JSONField(shape="o", help_text="What the paper says; the same content gives the same bytes.")
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
        triggers = [
            *Ledger.Meta.triggers,
            on_citation(on=pgtrigger.Insert),
            guard("pk_12_of_this_citation", OF_THIS_CITATION, on=pgtrigger.Insert),
            guard("pk_12_delinquent_after_due", DELINQUENT_AFTER_DUE, on=pgtrigger.Insert),
            guard("pk_12_delinquent_not_paused", DELINQUENT_NOT_PAUSED, on=pgtrigger.Insert),
        ]
        verbose_name = "notice on a citation"
        verbose_name_plural = "notices on citations"

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
        triggers = [
            *Ledger.Meta.triggers,
            on_citation(
                "SELECT n.citation_id FROM parking_citationnotice n WHERE n.id = NEW.notice_id", on=pgtrigger.Insert
            ),
            guard("pk_12_mailed_afterwards", MAILED_AFTERWARDS, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"Mailed {self.on}"
