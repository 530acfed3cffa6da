"""WarrantApplication and WarrantDecision: an application goes to a captain who had no part in it (FR-13)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models import StoredFile
from cases.models.by_name import adds, by_name, steps_by_name
from ecpd.audit.anchors import ADDED_OR_CHANGED, in_case
from ecpd.audit.fixed import while_in
from ecpd.audit.records import Ledger, Record, at_commit, guard, refuse, unchanged
from leads.against import NOT_ALL_ENTERED
from leads.models.came_in import approvals, came_in
from leads.models.identity import Identity, stands
from leads.models.lead import (
    CANDIDATE_OF_LEAD,
    CASE_OF_LEAD,
    CORROBORATED,
    COUNTS,
    GO_TOGETHER_NEED,
    NOTHING_NEW,
    Lead,
    counting,
    go_together,
    open_case,
    probe_stands,
    refused_while_it_holds,
)
from leads.models.of_face import of_the_face
from leads.models.parts import excepted, had_a_part, signed_off
from leads.models.reading import OF_APPLICATION, PacketReading
from leads.models.who_decides import nobody_can

NOT_CHECKED = "An arrest is asked for of a person whose identity a second person checked, and which stands."
SUBMITTED = (
    f"""
IF NEW.state <> 'submitted' THEN {refuse("FR-13", "An application begins submitted.")} END IF;
IF NOT public.ecpd_says_something(NEW.does_not_fit) THEN
    {refuse("FR-18", "An applicant answers what does not fit.")}
END IF;
IF NEW.asks_for = '' THEN {refuse("FR-26", "An application says which kind of warrant it asks for.")} END IF;
IF NEW.asks_for = 'arrest' AND NOT public.ecpd_says_something(NEW.court) THEN
    {refuse("FR-26", "An application to arrest names the court.")}
END IF;
IF NEW.identity_id IS NOT NULL AND NEW.lead_id IS DISTINCT FROM (
        SELECT i.lead_id FROM leads_identity i WHERE i.id = NEW.identity_id) THEN
    {refuse("FR-26", "An application names an identity of its own lead.")}
END IF;
IF NEW.asks_for = 'arrest' AND NOT {stands("NEW.identity_id")} THEN
    {refuse("FR-26", NOT_CHECKED)}
END IF;
IF NOT ecpd_has_role(NEW.applicant_id, 'investigator') THEN
    {refuse("FR-13", "An investigator applies for a warrant.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM leads_lead l WHERE l.id = NEW.lead_id AND l.state = 'marked') THEN
    {refuse("FR-10", "Only a lead that is marked for warrant can be applied for.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_warrantapplication a WHERE a.lead_id = NEW.lead_id AND a.id >= NEW.id) THEN
    {refuse("FR-13", "The newest application of a lead has the highest key.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_warrantapplication a WHERE a.state = 'submitted' AND a.lead_id <> NEW.lead_id
           AND a.lead_id IN (SELECT public.ecpd_leads_of_the_face(NEW.lead_id))) THEN
    {refuse("FR-13", "Another application for this face waits for its decision.")}
END IF;
IF public.ecpd_bound_for(NEW.lead_id, NEW.applicant_id) THEN {refuse("FR-13", NOTHING_NEW)} END IF;
IF EXISTS (SELECT 1 FROM public.ecpd_not_entered(NEW.lead_id)) THEN
    {refuse("FR-18", "An application comes with all that the records of the matter say against this person.")}
END IF;
"""
    + open_case("NEW.lead_id")
    + counting("NEW.lead_id")
    + CORROBORATED
)

# What speaks against a lead has an answer before a captain approves, and still has when the application is approved. Where
# the exhibit that it names was withdrawn, that speaks against the lead as well, and wants an answer of its own.
NOT_WHOLE = refuse("FR-18", NOT_ALL_ENTERED)
ANSWERED = f"""
IF EXISTS (SELECT 1 FROM public.ecpd_not_entered({{lead}})) THEN {NOT_WHOLE} END IF;
IF EXISTS (SELECT 1 FROM leads_exculpatoryentry x LEFT JOIN cases_evidence e ON e.id = x.evidence_id
           WHERE x.lead_id = {{lead}} AND NOT EXISTS (SELECT 1 FROM leads_exculpatoryanswer y WHERE y.entry_id = x.id
               AND (e.withdrawn_at IS NULL OR y.answered_at > e.withdrawn_at))) THEN
    {refuse("FR-18", "What speaks against the lead is not answered.")}
END IF;
"""
APPROVED = f"""
IF OLD.state <> 'submitted' AND ((NEW.packet_sha256, NEW.packet_id, NEW.decided_at, NEW.returned_reason)
        IS DISTINCT FROM (OLD.packet_sha256, OLD.packet_id, OLD.decided_at, OLD.returned_reason)
        OR NEW.state <> OLD.state AND NOT (OLD.state = 'approved' AND NEW.state = 'recalled')) THEN
    {refuse("FR-13", "A decided application cannot be changed.")}
END IF;
IF NEW.state = 'recalled' AND OLD.state <> 'recalled' AND NOT EXISTS (
        SELECT 1 FROM leads_warrantstep s WHERE s.application_id = NEW.id AND s.kind = 'recalled') THEN
    {refuse("FR-27", "An approval is recalled by somebody, with reasons.")}
END IF;
IF NEW.state IN ('approved', 'denied') AND NOT EXISTS (SELECT 1 FROM cases_storedfile f
        WHERE f.id = NEW.packet_id AND f.sha256 = NEW.packet_sha256) THEN
    {refuse("FR-14", "A decision is sealed with its packet.")}
END IF;
IF NEW.state IN ('approved', 'denied') AND OLD.state = 'submitted' AND (
        EXISTS (SELECT 1 FROM cases_evidence e WHERE e.file_id = NEW.packet_id)
        OR NOT EXISTS (SELECT 1 FROM cases_storedfile f WHERE f.id = NEW.packet_id AND f.media_type = 'application/pdf')) THEN
    {refuse("FR-14", "A packet is a PDF that is no exhibit.")}
END IF;
IF NEW.state IN ('approved', 'denied') AND OLD.state = 'submitted' AND (
        EXISTS (SELECT 1 FROM leads_warrantapplication a WHERE a.packet_id = NEW.packet_id AND a.id <> NEW.id)
        OR NOT public.ecpd_noted('cases_storedfile', NEW.packet_id::text)) THEN
    {refuse("FR-14", "A packet is a file of its own, written with the decision on its application.")}
END IF;
IF (NEW.state = 'returned') <> ecpd_says_something(NEW.returned_reason) THEN
    {refuse("FR-13", "An application is returned for a reason.")}
END IF;
IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' AND EXISTS (
        SELECT 1 FROM leads_warrantdecision d WHERE d.application_id = NEW.id) THEN
    {refuse("FR-13", "A captain has decided on this application; it cannot be withdrawn.")}
END IF;
IF NEW.state = 'approved' AND OLD.state <> 'approved' THEN
    IF NEW.asks_for = 'arrest' AND NOT {stands("NEW.identity_id")} THEN
        {refuse("FR-26", "What an arrest was asked on does not stand any more: who the person is.")}
    END IF;
    {ANSWERED.format(lead="NEW.lead_id")}
    {probe_stands("NEW.lead_id")}
    IF public.ecpd_bound(NEW.lead_id) THEN
        {refuse("FR-13", "A lead to this face was denied or cleared meanwhile, and nothing is new.")}
    END IF;
    IF {approvals("NEW.id", "NEW.lead_id")} < ecpd_parameter_int('warrant_approvers')
       OR EXISTS (SELECT 1 FROM leads_warrantdecision d WHERE d.application_id = NEW.id AND d.outcome = 'deny') THEN
        {refuse("FR-13", "The captains the manual asks for have not approved.")}
    END IF;
END IF;
IF NEW.state = 'denied' AND OLD.state <> 'denied' AND NOT EXISTS (
        SELECT 1 FROM leads_warrantdecision d WHERE d.application_id = NEW.id AND d.outcome = 'deny') THEN
    {refuse("FR-13", "No captain denied this application.")}
END IF;
"""
# A denial binds from this moment on (NEW_SINCE_DENIED): whoever ends an application has no say in when it ended.
DECIDED_NOW = "IF OLD.state = 'submitted' AND NEW.state <> 'submitted' THEN NEW.decided_at := ecpd_now(); END IF;"
NO_PART_IN_IT = f"""
SELECT a.lead_id, a.state INTO of_lead, application_state
    FROM leads_warrantapplication a WHERE a.id = NEW.application_id;
IF application_state <> 'submitted' THEN
    {refuse("FR-13", "This application is not waiting for a decision.")}
END IF;
{open_case("of_lead")}
IF NOT (ecpd_has_role(NEW.captain_id, 'captain')
        OR ecpd_has_role(NEW.captain_id, 'chief') AND {nobody_can("NEW.application_id", "of_lead")}) THEN
    {refuse("FR-13", "A captain decides; the chief where no captain can and the application has waited.")}
END IF;
IF NOT NEW.read_packet OR NOT public.ecpd_says_something(NEW.reasons) THEN
    {refuse("FR-13", "A captain reads the packet and gives reasons.")}
END IF;
SELECT r.at INTO opened_at FROM leads_packetreading r WHERE r.id = NEW.packet_reading_id
    AND r.application_id = NEW.application_id AND r.reader_id = NEW.captain_id;
IF opened_at IS NULL THEN {refuse("FR-13", "A captain decides on the packet that this captain opened.")} END IF;
IF EXISTS (SELECT 1 FROM leads_packetreading later JOIN leads_packetreading r ON r.id = NEW.packet_reading_id
           WHERE later.application_id = NEW.application_id AND later.id > r.id AND later.version <> r.version) THEN
    {refuse("FR-13", "The packet has another version by now; the captain opens that first.")}
END IF;
IF {came_in("of_lead", "opened_at")} THEN
    {refuse("FR-13", "Something came in after this captain opened the packet.")}
END IF;
IF {had_a_part("NEW.captain_id", "of_lead")} THEN
    {refuse("FR-13", "Who searched, examined, added, linked, verified, answered, marked or applied cannot decide.")}
END IF;
IF {signed_off("NEW.captain_id", "of_lead")} THEN
    {refuse("FR-13", "Who signed off on a lead as a third person does not decide on its application.")}
END IF;
IF {excepted("NEW.captain_id", "of_lead")} THEN
    {refuse("FR-13", "Who said why a face has a way to a warrant does not decide on its application.")}
END IF;
IF {approvals("NEW.application_id", "of_lead", captain="NEW.captain_id")} > 0 THEN
    {refuse("FR-13", "This captain has approved the application as it is.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_warrantdecision d WHERE d.application_id = NEW.application_id
           AND public.ecpd_noted('leads_warrantdecision', d.id::text)) THEN
    {refuse("FR-13", "One captain decides at a time.")}
END IF;
IF NEW.outcome = 'approve' THEN
    {ANSWERED.format(lead="of_lead")}
    {counting("of_lead")}
    {CORROBORATED}
END IF;
"""
CARRIED_OUT = f"""
IF EXISTS (SELECT 1 FROM leads_warrantapplication a WHERE a.id = NEW.application_id AND CASE NEW.outcome
        WHEN 'deny' THEN a.state <> 'denied'
        ELSE a.state <> 'approved' AND {approvals("a.id", "a.lead_id")} >= ecpd_parameter_int('warrant_approvers') END) THEN
    {refuse("FR-13", "What captains decided is carried out with their decision.")}
END IF;
"""
# The service returns it before the exhibit's row changes, so it is asked as the transaction ends.
RETURNED = refused_while_it_holds(
    "NEW.state = 'returned' AND OLD.state <> 'returned' AND NOT EXISTS "
    "(SELECT 1 FROM leads_lead l WHERE l.id = NEW.lead_id AND l.state = 'cleared') "
    f"AND NOT (NEW.asks_for = 'arrest' AND NOT {stands('NEW.identity_id')})", "NEW.lead_id",
    "Its evidence still holds: an application is returned only when what it rests on falls.",
)  # fmt: skip


class WarrantApplication(Record):
    """A request to put a lead before a judge, with its packet."""

    may_change = {"state": while_in("state", "submitted", "approved")}

    class State(models.TextChoices):
        """Where it stands."""

        SUBMITTED = "submitted", "Waits for a captain"
        APPROVED = "approved", "Approved"
        DENIED = "denied", "Denied"
        WITHDRAWN = "withdrawn", "Withdrawn"
        RETURNED = "returned", "Returned to its applicant"
        RECALLED = "recalled", "Recalled after approval"

    class AsksFor(models.TextChoices):
        """The kind of warrant."""

        ARREST = "arrest", "An arrest warrant"
        SEARCH = "search", "A search warrant"
        PHONE = "phone", "A warrant for phone records"

    number = models.CharField(max_length=12, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications")
    asks_for = models.CharField(
        max_length=10, choices=AsksFor.choices, blank=True, help_text="Empty in applications before it was asked."
    )
    court = models.CharField(max_length=160, blank=True)
    identity = models.ForeignKey(
        Identity, null=True, blank=True, on_delete=models.PROTECT, related_name="applications",
        verbose_name="who the person is",
    )  # fmt: skip
    statement = models.TextField("why a warrant should be asked for")
    does_not_fit = models.TextField("what does not fit")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED, db_index=True)
    submitted_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    packet_sha256 = models.CharField(max_length=64, blank=True)
    packet = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    once = ("decided_at", "returned_reason", "packet_sha256", "packet_id")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="application_number_by_year", fields=["year", "serial"]),
            models.UniqueConstraint(name="fr_13_one_application", fields=["lead"], condition=Q(state="submitted")),
            models.CheckConstraint(
                name="fr_13_decided_when",
                condition=Q(state="submitted", decided_at__isnull=True)
                | (~Q(state="submitted") & Q(decided_at__isnull=False)),
                violation_error_message="An application that is over says when it ended (FR-13).",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            in_case(CASE_OF_LEAD.format("NEW.lead_id")),
            of_the_face(CANDIDATE_OF_LEAD.format("NEW.lead_id"), on=ADDED_OR_CHANGED, step="state"),
            by_name("applicant_id", case=CASE_OF_LEAD.format("NEW.lead_id")),
            steps_by_name(
                {"warrant.withdraw": ["state"]},
                about="leads.warrantapplication",
                case=CASE_OF_LEAD.format("NEW.lead_id"),
                sealed="NEW.state = 'withdrawn' AND EXISTS (SELECT 1 FROM cases_case k WHERE k.sealed "
                f"AND k.id = ({CASE_OF_LEAD.format('NEW.lead_id')}))",
            ),
            adds("applicant_id", case=CASE_OF_LEAD.format("NEW.lead_id"), closed=True),
            guard(
                "fr_10_application",
                SUBMITTED,
                on=pgtrigger.Insert,
                declare=COUNTS,
            ),
            guard("fr_13_approved_by_captains", APPROVED, on=pgtrigger.Update),
            guard("fr_13_decided_now", DECIDED_NOW, on=pgtrigger.Update),
            at_commit(
                "fr_13_go_together",
                go_together("NEW.lead_id"),
                on=pgtrigger.Insert | pgtrigger.Update,
                declare=GO_TOGETHER_NEED,
            ),
            at_commit(
                "fr_13_returned_as_it_fell",
                RETURNED,
                on=pgtrigger.Update,
                declare=COUNTS,
            ),
            unchanged(
                "fr_14_application_fixed",
                [
                    "number",
                    "lead_id",
                    "applicant_id",
                    "statement",
                    "does_not_fit",
                    "submitted_at",
                    "asks_for",
                    "court",
                    "identity_id",
                ],
                "FR-14",
                "An application cannot be rewritten.",
            ),
        ]

    def __str__(self) -> str:
        return f"Application {self.number}"

    def get_absolute_url(self) -> str:
        """The application's page."""
        return reverse("leads:application-detail", args=[self.number])

    @property
    def asks_for_words(self) -> str:
        """The kind of warrant, in words inside a sentence."""
        label = self.get_asks_for_display() or "A warrant"
        return f"{label[0].lower()}{label[1:]}"

    @property
    def case(self):
        """The lead's case."""
        return self.lead.case


class WarrantDecision(Ledger):
    """A captain's decision, with reasons."""

    class Outcome(models.TextChoices):
        """The two."""

        APPROVE = "approve", "Approve"
        DENY = "deny", "Deny"

    application = models.ForeignKey(WarrantApplication, on_delete=models.PROTECT, related_name="decisions")
    captain = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField()
    read_packet = models.BooleanField()
    packet_reading = models.ForeignKey(
        PacketReading,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The version of the packet that the captain opened; empty in decisions before it was kept.",
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="fr_13_one_decision_each", fields=["application", "captain", "packet_reading"])
        ]
        triggers = [
            *Ledger.Meta.triggers,
            in_case(
                CASE_OF_LEAD.format(OF_APPLICATION),
                on=pgtrigger.Insert,
            ),
            by_name("captain_id", case=CASE_OF_LEAD.format(OF_APPLICATION)),
            guard(
                "fr_13_no_part_in_it",
                NO_PART_IN_IT,
                on=pgtrigger.Insert,
                declare=[
                    ("of_lead", "bigint"),
                    ("application_state", "text"),
                    ("opened_at", "timestamptz"),
                    *COUNTS,
                ],
            ),
            at_commit("fr_13_carried_out", CARRIED_OUT, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} by {self.captain}"
