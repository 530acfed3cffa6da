"""Corroboration: evidence that ties the person of a lead to the matter, and its verification by somebody else."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Evidence
from cases.models.by_name import adds, by_name
from ecpd.audit.anchors import in_case
from ecpd.audit.pinned import add_guards
from ecpd.audit.records import Ledger, Record, at_commit, guard, marked_now, recorded_now, refuse, unchanged
from ecpd.checks.json_field import HAPPENED, JSONField
from leads.corroboration import (
    ASKED_OF,
    IS_A_LINEUP,
    IS_ANOTHER_KIND,
    IS_NOT_COMPARED,
    IS_OF_THE_SEARCH,
    KINDS,
    SAY_WHAT_WAS_SHOWN,
    answers_no,
)
from leads.models.kin import NOT_COMPARED, OF_SEARCH, counts_as
from leads.models.lead import (
    CANDIDATE_OF_LEAD,
    CASE_OF_LEAD,
    COUNTS,
    EXHIBIT_FALLS,
    FALLS_NEED,
    Lead,
    counting,
    falls_with,
)
from leads.models.of_face import of_the_face

SAME_CASE = f"""
IF NOT EXISTS (SELECT 1 FROM cases_evidence e JOIN leads_lead l ON l.case_id = e.case_id
               WHERE e.id = NEW.evidence_id AND l.id = NEW.lead_id AND e.withdrawn_at IS NULL) THEN
    {refuse("FR-10", "Corroborating evidence is an exhibit of the same case.")}
END IF;
IF NEW.evidence_id IN (SELECT public.ecpd_of_the_search(NEW.lead_id)) THEN
    {refuse("FR-10", IS_OF_THE_SEARCH)}
END IF;
"""
LINEUP_NEEDS_OTHER = (
    "IF NEW.kind = 'lineup' AND NOT ecpd_parameter_boolean('lineup_counts_alone') THEN\n"
    + counting("NEW.lead_id")
    + f"IF counting_others = 0 THEN "
    f"{refuse('FR-11', 'A line-up may be opened only when another verified item already links the person.')} END IF;"
    + "\nEND IF;"
)
# The label of a link says no more than the exhibit: what it is decides what is asked of it (FR-11, Pen. Code 1546.1).
AS_ITS_EXHIBIT = f"""
is_a := {counts_as("NEW.kind", "NEW.details", "NEW.evidence_id", "NEW.lead_id")};
IF is_a = '{NOT_COMPARED}' THEN {refuse("FR-10", IS_NOT_COMPARED)} END IF;
IF is_a = 'lineup' AND NEW.kind <> 'lineup' THEN {refuse("FR-11", IS_A_LINEUP)} END IF;
IF is_a NOT IN (NEW.kind, '{OF_SEARCH}') THEN {refuse("FR-10", IS_ANOTHER_KIND)} END IF;
"""
_ANSWERS_NO = " ".join(f"WHEN '{kind}' THEN '{answers_no(kind)}'" for kind in ASKED_OF)
_ASKED_OF = ", ".join(f"'{kind}'" for kind in ASKED_OF)
NO_PHOTOS_SHOWN = f"""
IF NEW.kind IN ({_ASKED_OF}) AND NEW.details ->> 'shown_photos' IS DISTINCT FROM (CASE NEW.kind {_ANSWERS_NO} END) THEN
    {refuse("FR-11", SAY_WHAT_WAS_SHOWN)}
END IF;
"""
LEGAL_PROCESS = f"""
IF NEW.kind = 'phone' AND NOT (public.ecpd_says_something(COALESCE(NEW.details ->> 'process_type', ''))
    AND public.ecpd_says_something(COALESCE(NEW.details ->> 'court', ''))
    AND public.ecpd_says_something(COALESCE(NEW.details ->> 'process_number', ''))
    AND public.ecpd_says_something(COALESCE(NEW.details ->> 'process_date', ''))) THEN
    {refuse("FR-10", "Cell-phone data names its legal process: type, court, number and date (Pen. Code 1546.1).")}
END IF;
"""
STAYS_WITHDRAWN = f"""
IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_by_id, NEW.withdrawn_reason)
        IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by_id, OLD.withdrawn_reason) THEN
    {refuse("FR-10", "A withdrawn link stays withdrawn; link the exhibit anew.")}
END IF;
IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL THEN
    IF NEW.withdrawn_by_id IS NULL OR NOT public.ecpd_says_something(NEW.withdrawn_reason) THEN
        {refuse("FR-10", "A link is withdrawn by somebody, for a reason.")}
    END IF;
    IF EXISTS (SELECT 1 FROM leads_lead l WHERE l.id = NEW.lead_id AND l.state = 'applied') THEN
        {refuse("FR-14", "An application rests on this item.")}
    END IF;
END IF;
"""
LINK_FALLS = falls_with("NEW.lead_id", links="ARRAY[NEW.id]")
# FR-10 asks two questions of who links an item, and the same two of who verifies it, without the first answers.
BOTH_ANSWERS = """
IF '' IN (NEW.because_of, NEW.rests_on_face) THEN
    {refusal}
END IF;
"""
LINKER_ANSWERS = BOTH_ANSWERS.format(
    refusal=refuse(
        "FR-10",
        "Who links an item says whether it was obtained because of the result, and whether it rests on the face.",
    )
)
VERIFIER_ANSWERS = BOTH_ANSWERS.format(
    refusal=refuse("FR-10", "Who verifies an item answers both questions too, for himself.")
)
OF_ITEM = "(SELECT c.lead_id FROM leads_corroboration c WHERE c.id = NEW.corroboration_id)"
OTHER_PERSON = f"""
IF EXISTS (SELECT 1 FROM leads_corroboration c WHERE c.id = NEW.corroboration_id
           AND (c.linked_by_id = NEW.verifier_id OR c.withdrawn_at IS NOT NULL)) THEN
    {refuse("FR-10", "Who linked an item cannot verify it.")}
END IF;
IF NOT (ecpd_has_role(NEW.verifier_id, 'investigator') OR ecpd_has_role(NEW.verifier_id, 'captain')) THEN
    {refuse("FR-10", "An investigator or a captain verifies an item.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_leadsignoff o JOIN leads_corroboration c ON c.lead_id = o.lead_id
           WHERE c.id = NEW.corroboration_id AND o.supervisor_id = NEW.verifier_id) THEN
    {refuse("FR-08", "Who signed off on a lead verifies nothing that links it.")}
END IF;
"""
DOES_NOT_STAY = "A lead does not stay marked or applied for on what somebody rejected, or on what rests on the face."
NO_MARK_STAYS = f"""
IF {{when}} THEN
    FOR of_lead IN SELECT l.id FROM leads_lead l WHERE l.id IN (SELECT public.ecpd_leads_of_the_face({{lead}}))
            AND l.state IN ('marked', 'applied') ORDER BY l.id LOOP
        {counting("of_lead")}
        IF counting < ecpd_parameter_int('corroboration_min')
                OR counting_others = 0 AND NOT ecpd_parameter_boolean('lineup_counts_alone') THEN
            {refuse("FR-10", DOES_NOT_STAY)}
        END IF;
    END LOOP;
END IF;
"""
# Who rejects an exhibit rejects its copies, what was made of it and the same report, for every lead to the face, under whatever
# link: a mark on one of them falls too. So it is with what rests on the face, by anybody's answer.
REJECTION_FALLS = NO_MARK_STAYS.format(
    lead=OF_ITEM,
    when="""NOT NEW.verified OR NEW.rests_on_face = 'yes' OR EXISTS (
        SELECT 1 FROM leads_corroboration c WHERE c.id = NEW.corroboration_id AND c.rests_on_face = 'yes')""",
)
LINKER_SAYS_SO = NO_MARK_STAYS.format(lead="NEW.lead_id", when="NEW.rests_on_face = 'yes'")


DATES = {f"$.{detail.name}": HAPPENED for details in KINDS.values() for detail in details if detail.is_date}


BECAUSE_OF = "was it obtained because of the search’s result?"
RESTS_ON_FACE = "does it rest on the face?"


class Answer(models.TextChoices):
    """To one of FR-10's two questions; empty where it was not asked yet."""

    NO = "no", "No"
    YES = "yes", "Yes"


class Corroboration(Record):
    """An exhibit linked to a lead, with its kind's own fields in `details` (leads.corroboration.kinds)."""

    class Kind(models.TextChoices):
        """FR-10's kinds."""

        DNA = "dna", "DNA"
        FINGERPRINT = "fingerprint", "Fingerprints"
        PHONE = "phone", "Cell-phone data"
        PHYSICAL = "physical", "Physical evidence"
        WITNESS = "witness", "Independent witness"
        WHEREABOUTS = "whereabouts", "Established whereabouts"
        LINEUP = "lineup", "Photo line-up"

    class FromLead(models.TextChoices):
        """The one question that was asked until there were two."""

        NO = "no", "No, it would exist without the search"
        PARTLY = "partly", "Partly"
        YES = "yes", "Yes, only because of the search"

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="corroborations")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="corroborations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    details = JSONField(shape={"all": "s"}, default=dict, dates=DATES)
    ties_by = models.TextField("how it ties this person")
    comes_from_lead = models.CharField(
        "does it come from the lead? (until 2026-11-29)", max_length=6, choices=FromLead.choices, blank=True
    )
    because_of = models.CharField(BECAUSE_OF, max_length=3, choices=Answer.choices, blank=True)
    rests_on_face = models.CharField(RESTS_ON_FACE, max_length=3, choices=Answer.choices, blank=True)
    independence = models.TextField("why that is so")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="corroboration_once",
                fields=["lead", "evidence"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message="This exhibit is linked to the lead already.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            in_case(CASE_OF_LEAD.format("NEW.lead_id")),
            by_name("linked_by_id", "withdrawn_by_id", case=CASE_OF_LEAD.format("NEW.lead_id")),
            of_the_face(CANDIDATE_OF_LEAD.format("NEW.lead_id"), on=pgtrigger.Insert),
            adds("linked_by_id", case=CASE_OF_LEAD.format("NEW.lead_id"), closed=True),
            recorded_now("fr_13_linked_now", "linked_at"),
            marked_now("fr_13_withdrawn_now", "withdrawn_at"),
            guard("fr_10_both_answers", LINKER_ANSWERS, on=pgtrigger.Insert),
            guard("fr_10_same_case", SAME_CASE, on=pgtrigger.Insert),
            guard("fr_10_legal_process", LEGAL_PROCESS, on=pgtrigger.Insert),
            guard(
                "fr_11_lineup_needs_other",
                LINEUP_NEEDS_OTHER,
                on=pgtrigger.Insert,
                declare=COUNTS,
            ),
            guard("fr_11_linked_as_its_exhibit", AS_ITS_EXHIBIT, on=pgtrigger.Insert, declare=[("is_a", "text")]),
            guard("fr_11_says_what_was_shown", NO_PHOTOS_SHOWN, on=pgtrigger.Insert),
            guard("fr_10_stays_withdrawn", STAYS_WITHDRAWN, on=pgtrigger.Update),
            guard("fr_10_mark_falls_with_link", LINK_FALLS, on=pgtrigger.Update, declare=FALLS_NEED),
            at_commit("fr_10_mark_falls_with_answer", LINKER_SAYS_SO, on=pgtrigger.Insert, declare=FALLS_NEED),
            unchanged(
                "fr_10_link_fixed",
                [
                    "lead_id",
                    "evidence_id",
                    "kind",
                    "details",
                    "ties_by",
                    "comes_from_lead",
                    "because_of",
                    "rests_on_face",
                    "independence",
                    "linked_by_id",
                    "linked_at",
                ],
                "FR-10",
                "A link cannot be rewritten; withdraw it and link anew.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.evidence.label}"

    @property
    def case(self):
        """The lead's case."""
        return self.lead.case


class CorroborationVerification(Ledger):
    """Somebody else checked an item: verified, or rejected with a reason."""

    corroboration = models.OneToOneField(Corroboration, on_delete=models.PROTECT, related_name="verification")
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verified = models.BooleanField()
    because_of = models.CharField(BECAUSE_OF, max_length=3, choices=Answer.choices, blank=True)
    rests_on_face = models.CharField(RESTS_ON_FACE, max_length=3, choices=Answer.choices, blank=True)
    reason = models.TextField("what was checked")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        triggers = [
            *Ledger.Meta.triggers,
            in_case(
                CASE_OF_LEAD.format(OF_ITEM),
                on=pgtrigger.Insert,
            ),
            of_the_face(CANDIDATE_OF_LEAD.format(OF_ITEM), on=pgtrigger.Insert),
            by_name("verifier_id", case=CASE_OF_LEAD.format(OF_ITEM)),
            guard("fr_10_verified_by_another", OTHER_PERSON, on=pgtrigger.Insert),
            guard("fr_10_both_answers", VERIFIER_ANSWERS, on=pgtrigger.Insert),
            recorded_now("fr_13_verified_now", "at"),
            at_commit("fr_10_mark_falls_with_rejection", REJECTION_FALLS, on=pgtrigger.Insert, declare=FALLS_NEED),
        ]

    def __str__(self) -> str:
        return f"{'Verified' if self.verified else 'Rejected'} by {self.verifier}"


add_guards(Evidence, guard("fr_10_mark_falls_with_exhibit", EXHIBIT_FALLS, on=pgtrigger.Update, declare=FALLS_NEED))
