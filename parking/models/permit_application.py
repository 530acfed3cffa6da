"""PermitApplication: somebody asks for a permit; its documents; PermitDecision: what was answered, and why."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ecpd.audit.fixed import while_in
from ecpd.audit.records import Ledger, Record, at_commit, guard, refuse, unchanged
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.anchors import on_application
from parking.models.permit_class import PermitTerms
from parking.models.permit_guards import ANSWER_STANDS, OF_ITS_ADDRESS

DECIDED_BY_A_PERSON = f"""
IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM parking_permitdecision d WHERE d.id = (
            SELECT max(x.id) FROM parking_permitdecision x WHERE x.application_id = NEW.id)
        AND d.outcome = CASE NEW.state WHEN 'approved' THEN 'approve' WHEN 'denied' THEN 'deny'
            WHEN 'withdrawn' THEN 'withdraw' ELSE 'reopen' END) THEN
    {refuse("PK-16", "An application is answered by a decision with its reason.")}
END IF;
IF OLD.state = 'approved' AND NEW.state <> 'approved' THEN
    {refuse("PK-16", "An approved application stays approved; its permit is ended instead.")}
END IF;
"""
A_MANAGER = f"""
IF NEW.outcome IN ('approve', 'deny', 'reopen') AND NOT ecpd_has_role(NEW.by_id, 'parking_manager') THEN
    {refuse("PK-16", "A parking manager decides on a permit.")}
END IF;
SELECT a.state INTO of_state FROM parking_permitapplication a WHERE a.id = NEW.application_id;
IF (NEW.outcome = 'reopen') = (of_state = 'waiting') OR of_state = 'approved' THEN
    {refuse("PK-16", "This application does not wait for that answer.")}
END IF;
"""


class PermitApplication(Record):
    """An application, online or at the counter. A household is its address."""

    may_change = {"state": while_in("state", "waiting", "denied")}

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "Waits for review"
        APPROVED = "approved", "Approved"
        DENIED = "denied", "Denied"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Channel(models.TextChoices):
        """How it came."""

        ONLINE = "online", "Online"
        COUNTER = "counter", "At the counter"
        MAIL = "mail", "In writing"
        PHONE = "phone", "By phone"

    number = models.CharField(max_length=12, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    terms = models.ForeignKey(PermitTerms, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail", blank=True, db_index=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField("street address", max_length=200)
    unit = models.CharField("number of the unit, if any", max_length=20, blank=True)
    address_key = models.CharField(max_length=230, editable=False, db_index=True)
    plates = JSONField(
        shape={"each": {"of": ["s", "s"]}}, default=list, blank=True, help_text="Plate and state, one pair a vehicle."
    )
    words = models.TextField("what the applicant adds", blank=True)
    documents_seen = models.TextField("documents seen at the counter", blank=True)
    renewal_of = models.ForeignKey("Permit", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(auto_now_add=True)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["applied_at", "id"]
        constraints = [
            models.UniqueConstraint(name="permit_application_number", fields=["year", "serial"]),
            models.UniqueConstraint(
                name="permit_renewed_once", fields=["renewal_of"], condition=Q(state__in=["waiting", "approved"]),
                violation_error_message="A renewal of this permit is applied for already.",
            ),
            models.CheckConstraint(
                name="permit_application_whole",
                condition=says("name") & says("address") & (says("email") | ~Q(channel="online")),
                violation_error_message="An application has a name and an address; online also an e-mail address.",
            ),
        ]  # fmt: skip
        triggers = [
            *Record.Meta.triggers,
            guard("pk_16_application_of_its_address", OF_ITS_ADDRESS, on=pgtrigger.Insert),
            guard("pk_16_application_decided", DECIDED_BY_A_PERSON, on=pgtrigger.Update),
            unchanged("pk_16_application_fixed",
                      ["number", "terms_id", "channel", "name", "address", "unit", "plates", "renewal_of_id",
                       "entered_by_id", "applied_at"],
                      "PK-16", "What was applied for is never rewritten."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Application {self.number}"

    def get_absolute_url(self) -> str:
        """The application's page, for staff."""
        return reverse("parking:permit-application", args=[self.number])

    @property
    def full_address(self) -> str:
        """Street address with the unit."""
        return f"{self.address}, {self.unit}" if self.unit else self.address


class PermitDocument(Ledger):
    """A document of an application; its bytes stand in the parking store."""

    application = models.ForeignKey(PermitApplication, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class PermitDecision(Ledger):
    """An answer to an application. The applicant reads the reasons."""

    class Outcome(models.TextChoices):
        """The four."""

        APPROVE = "approve", "Approved"
        DENY = "deny", "Denied"
        REOPEN = "reopen", "Reopened"
        WITHDRAW = "withdraw", "Withdrawn"

    application = models.ForeignKey(PermitApplication, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
                           help_text="Empty: the applicant.")  # fmt: skip
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="pk_16_decision_has_reasons",
                condition=says("reasons") & (Q(by__isnull=False) | Q(outcome="withdraw")),
                violation_error_message="A decision on a permit names who decided and why.",
            )
        ]
        triggers = [
            *Ledger.Meta.triggers,
            on_application(),
            guard("pk_16_decided_by_a_manager", A_MANAGER, on=pgtrigger.Insert, declare=[("of_state", "text")]),
            at_commit("pk_16_answer_stands", ANSWER_STANDS, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.application.number}"
