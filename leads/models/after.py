"""WarrantStep: what becomes of an application once a captain has decided, each step a row of its own (FR-27)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import StoredFile
from cases.models.by_name import by_name
from ecpd.audit.records import Ledger, at_commit, guard, recorded_now, refuse
from ecpd.checks.json_field import JSONField
from ecpd.policy.models import Decision
from leads.models.late import in_matter
from leads.models.lead import CASE_OF_LEAD
from leads.models.warrant import OF_APPLICATION, WarrantApplication

SECTIONS = {
    "each": {
        "keys": {
            "heading": "s",
            "paragraphs": {"each": "s"},
            "columns": {"each": "s"},
            "rows": {"each": {"each": "s"}},
        }
    }
}


def undisclosed(application: str) -> str:
    """SQL: whether anything that speaks against its lead came in after an application was approved and is in no supplement.

    `application` is SQL for its id. An entry of the register, an exhibit that was withdrawn (the probe, what links the person
    or says who it is), who it is disputed or withdrawn, or a record that nobody has entered yet.
    """
    return f"""EXISTS (SELECT 1 FROM leads_warrantapplication a
        CROSS JOIN LATERAL (SELECT greatest(a.decided_at, max(s.at)) AS told FROM leads_warrantstep s
                            WHERE s.application_id = a.id AND s.kind = 'supplement') since
        JOIN leads_lead l ON l.id = a.lead_id JOIN leads_candidate c ON c.id = l.candidate_id
        JOIN leads_searchrequest q ON q.id = c.search_id
        WHERE a.id = {application} AND (
            EXISTS (SELECT 1 FROM leads_exculpatoryentry x WHERE x.lead_id = l.id AND x.entered_at > since.told)
            OR EXISTS (SELECT 1 FROM cases_evidence e WHERE e.withdrawn_at > since.told AND (e.id = q.probe_id
                OR e.id IN (SELECT i.evidence_id FROM leads_identity i WHERE i.id = a.identity_id)
                OR e.id IN (SELECT k.evidence_id FROM leads_corroboration k
                            WHERE k.lead_id = l.id AND (k.withdrawn_at IS NULL OR k.withdrawn_at > a.decided_at))))
            OR EXISTS (SELECT 1 FROM leads_identityanswer y JOIN leads_identity i ON i.id = y.identity_id
                       WHERE i.lead_id = l.id AND y.outcome <> 'agrees' AND y.at > since.told)
            OR EXISTS (SELECT 1 FROM public.ecpd_not_entered(l.id))))"""


FOLLOWS = f"""
SELECT a.state, a.lead_id INTO application_state, of_lead FROM leads_warrantapplication a WHERE a.id = NEW.application_id;
SELECT count(*) FILTER (WHERE s.kind = 'sent'), count(*) FILTER (WHERE s.kind = 'shown'),
       count(*) FILTER (WHERE s.kind IN ('issued', 'refused')), count(*) FILTER (WHERE s.kind = 'issued'),
       count(*) FILTER (WHERE s.kind = 'served'), coalesce(max(s.version), 1)
    INTO times_sent, times_shown, times_answered, times_issued, times_served, newest
    FROM leads_warrantstep s WHERE s.application_id = NEW.application_id;
IF NOT public.ecpd_says_something(NEW.words) THEN
    {refuse("FR-27", "Each step after a captain's decision says in words what happened.")}
END IF;
IF NEW.kind = 'sealed' AND NOT (application_state IN ('approved', 'denied') AND EXISTS (
        SELECT 1 FROM leads_warrantapplication a WHERE a.id = NEW.application_id AND a.packet_id = NEW.packet_id)
        AND public.ecpd_noted('leads_warrantdecision', (SELECT max(d.id)::text FROM leads_warrantdecision d
                                                        WHERE d.application_id = NEW.application_id))) THEN
    {refuse("FR-27", "The first version of a packet is sealed with the decision on its application.")}
END IF;
IF NEW.kind <> 'sealed' AND application_state NOT IN ('approved', 'recalled') THEN
    {refuse("FR-27", "Only an application that was approved goes on.")}
END IF;
IF NOT (CASE NEW.kind
       WHEN 'sent' THEN application_state = 'approved' AND times_sent = 0
       WHEN 'shown' THEN application_state = 'approved' AND times_sent > 0 AND times_shown = times_answered
            AND times_issued = 0
       WHEN 'issued' THEN times_shown > times_answered
       WHEN 'refused' THEN times_shown > times_answered
       WHEN 'served' THEN times_issued > 0 AND times_served = 0
       WHEN 'outcome' THEN times_sent > 0
       WHEN 'recalled' THEN application_state = 'approved'
       ELSE true END) THEN
    {refuse("FR-27", "That step does not follow: to the prosecutor, to a magistrate, the answer, service, the outcome.")}
END IF;
IF NEW.kind IN ('sent', 'shown') AND {undisclosed("NEW.application_id")} THEN
    {refuse("FR-27", "Something that speaks against it came in after approval; it is disclosed in a supplement first.")}
END IF;
IF NEW.kind = 'recalled' AND NOT (ecpd_has_role(NEW.by_id, 'captain') OR ecpd_has_role(NEW.by_id, 'chief') OR EXISTS (
        SELECT 1 FROM leads_warrantapplication a JOIN leads_lead l ON l.id = a.lead_id WHERE a.id = NEW.application_id
        AND (a.applicant_id = NEW.by_id OR l.cleared_by_id = NEW.by_id))) THEN
    {refuse("FR-27", "The applicant, a captain or the chief recalls an approval, or who clears the person.")}
END IF;
IF NEW.kind IN ('sealed', 'supplement') THEN
    IF NEW.version IS DISTINCT FROM (CASE NEW.kind WHEN 'sealed' THEN 1 ELSE newest + 1 END) THEN
        {refuse("FR-27", "The versions of a packet are numbered one after the other.")}
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_storedfile f WHERE f.id = NEW.packet_id AND f.sha256 = NEW.packet_sha256
                   AND f.media_type = 'application/pdf')
       OR NOT public.ecpd_noted('cases_storedfile', NEW.packet_id::text) THEN
        {refuse("FR-27", "A version of a packet is a PDF of its own, written as it is sealed.")}
    END IF;
END IF;
IF NEW.kind = 'supplement' AND EXISTS (SELECT 1 FROM public.ecpd_not_entered(of_lead)) THEN
    {refuse("FR-27", "A supplement has all that the records of the matter say against this person.")}
END IF;
"""
FOLLOWS_NEED = [
    ("application_state", "text"),
    ("of_lead", "bigint"),
    *((name, "int") for name in (
        "times_sent", "times_shown", "times_answered", "times_issued", "times_served", "newest")),
]  # fmt: skip
CARRIED_OUT = f"""
IF NEW.kind = 'recalled' AND EXISTS (
        SELECT 1 FROM leads_warrantapplication a WHERE a.id = NEW.application_id AND a.state <> 'recalled') THEN
    {refuse("FR-27", "A recall is carried out with its reasons.")}
END IF;
"""


class WarrantStep(Ledger):
    """What happened to an application after the captain: a version sealed, or one step on its way."""

    class Kind(models.TextChoices):
        """What happened."""

        SEALED = "sealed", "Packet sealed"
        SENT = "sent", "Sent to the prosecutor"
        SHOWN = "shown", "Shown to a magistrate"
        ISSUED = "issued", "Warrant issued"
        REFUSED = "refused", "Refused by the magistrate"
        SERVED = "served", "Served"
        OUTCOME = "outcome", "Outcome"
        RECALLED = "recalled", "Recalled"
        SUPPLEMENT = "supplement", "Supplement disclosed"

    application = models.ForeignKey(WarrantApplication, on_delete=models.PROTECT, related_name="after")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField("what happened")
    whom = models.CharField("to or by whom", max_length=160, blank=True)
    warrant_number = models.CharField(max_length=40, blank=True)
    happened_on = models.DateField("on", null=True, blank=True)
    version = models.PositiveSmallIntegerField(null=True, blank=True)
    packet = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    packet_sha256 = models.CharField(max_length=64, blank=True)
    sections = JSONField(
        shape=SECTIONS, null=True, blank=True, help_text="The parts of this version as its PDF has them."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="fr_27_a_version_is_sealed",
                condition=Q(kind__in=["sealed", "supplement"], version__isnull=False, packet__isnull=False,
                            sections__isnull=False)
                | (~Q(kind__in=["sealed", "supplement"]) & Q(version__isnull=True, packet__isnull=True, packet_sha256="",
                                                             sections__isnull=True)),
                violation_error_message="A sealed version comes with its packet, and no other step does (FR-27).",
            ),
            models.CheckConstraint(
                name="fr_27_issued_with_a_number",
                condition=~Q(kind="issued") | ~Q(warrant_number=""),
                violation_error_message="A warrant that was issued has a number (FR-27).",
            ),
        ]  # fmt: skip
        triggers = [
            *Ledger.Meta.triggers,
            in_matter(CASE_OF_LEAD.format(OF_APPLICATION)),
            by_name("by_id", case=CASE_OF_LEAD.format(OF_APPLICATION)),
            guard("fr_27_follows", FOLLOWS, on=pgtrigger.Insert, declare=FOLLOWS_NEED),
            recorded_now("fr_27_recorded_now", "at"),
            at_commit("fr_27_carried_out", CARRIED_OUT, on=pgtrigger.Insert),
        ]
        verbose_name = "step after a decision"
        verbose_name_plural = "steps after a decision"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.application}"

    @property
    def case(self):
        """The lead's case."""
        return self.application.lead.case
