"""Person: somebody's part in a case. Two entries may turn out to be one person, or be known not to be."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from cases.models.by_name import adds, by_name
from cases.models.case import Case
from cases.models.one_case import one_case
from ecpd.audit.anchors import in_case
from ecpd.audit.fixed import ALWAYS, while_empty, while_in
from ecpd.audit.records import Ledger, Record, at_commit, guard, marked_now, recorded_now, refuse, unchanged
from ecpd.checks.sql import says

# An entry points to another exactly while the merge that says so is in force.
AS_ITS_MERGE = f"""
IF NEW.merged_into_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_personmerge m WHERE m.state = 'approved'
        AND m.duplicate_id = NEW.id AND m.keep_id = NEW.merged_into_id) THEN
    {refuse("AC-07", "An entry is merged by a merge that somebody decided on.")}
END IF;
IF NEW.merged_into_id IS NULL AND EXISTS (SELECT 1 FROM cases_personmerge m WHERE m.state = 'approved'
        AND m.duplicate_id = NEW.id) THEN
    {refuse("AC-07", "An entry stays merged until its merge is undone.")}
END IF;
"""
MERGE_STEPS = f"""
IF OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
        'proposed>approved', 'proposed>rejected', 'approved>undone') THEN
    {refuse("AC-07", "A merge is decided once, and undone once.")}
END IF;
IF OLD.state = NEW.state AND (OLD.decided_by_id, OLD.decided_at, OLD.undone_by_id, OLD.undone_at, OLD.undone_reason)
        IS DISTINCT FROM (NEW.decided_by_id, NEW.decided_at, NEW.undone_by_id, NEW.undone_at, NEW.undone_reason) THEN
    {refuse("AC-07", "Who decides on a merge and who undoes it takes the step with it.")}
END IF;
"""
# Everybody who is one person with these entries (`ids`) by the merges in force.
ONE_PERSON = """
    WITH RECURSIVE whole(id) AS (SELECT unnest(ARRAY[{ids}]) UNION
        SELECT CASE m.keep_id WHEN whole.id THEN m.duplicate_id ELSE m.keep_id END FROM cases_personmerge m
            JOIN whole ON whole.id IN (m.keep_id, m.duplicate_id) WHERE m.state = 'approved')
    SELECT id FROM whole"""
# Asked as it is proposed, and once more as somebody decides.
CAN_BE_MERGED = f"""
IF NEW.state = 'proposed' OR NEW.state = 'approved' AND OLD.state <> 'approved' THEN
    IF EXISTS (SELECT 1 FROM cases_person p WHERE p.id IN (NEW.keep_id, NEW.duplicate_id)
               AND p.withdrawn_at IS NOT NULL) THEN
        {refuse("AC-07", "An entry that was withdrawn is merged with nothing.")}
    END IF;
    IF EXISTS (SELECT 1 FROM cases_personmerge m WHERE m.id <> NEW.id AND m.state = 'approved'
               AND m.duplicate_id IN (NEW.keep_id, NEW.duplicate_id)) THEN
        {refuse("AC-07", "One of them is merged already; undo that merge first.")}
    END IF;
    IF EXISTS (SELECT 1 FROM cases_notsameperson n
               WHERE n.person_a_id IN ({ONE_PERSON.format(ids="NEW.keep_id, NEW.duplicate_id")})
               AND n.person_b_id IN ({ONE_PERSON.format(ids="NEW.keep_id, NEW.duplicate_id")})) THEN
        {refuse("AC-07", "Somebody recorded that these are two people.")}
    END IF;
END IF;
"""
NOT_MERGED = f"""
IF NEW.person_b_id IN ({ONE_PERSON.format(ids="NEW.person_a_id")}) THEN
    {refuse("AC-07", "These two are merged; undo the merge first.")}
END IF;
"""
MERGED_AS_DECIDED = f"""
IF EXISTS (SELECT 1 FROM cases_personmerge m JOIN cases_person p ON p.id = m.duplicate_id
           WHERE m.id = NEW.id AND (m.state = 'approved' AND p.merged_into_id IS DISTINCT FROM m.keep_id
                                    OR m.state = 'undone' AND p.merged_into_id = m.keep_id)) THEN
    {refuse("AC-07", "A merge is carried out, and taken back, as it is decided.")}
END IF;
"""


class Person(Record):
    """A person in one case. `unidentified` when only a description or a face is known."""

    may_change = {"merged_into_id": ALWAYS} | dict.fromkeys(
        ("role", "name", "unidentified", "description", "date_of_birth", "contact"), while_empty("withdrawn_at")
    )
    born_with = ("unidentified", "date_of_birth")

    class Role(models.TextChoices):
        """The person's part in the case."""

        VICTIM = "victim", "Victim"
        WITNESS = "witness", "Witness"
        SUSPECT = "suspect", "Suspect"
        PERSON_OF_INTEREST = "person_of_interest", "Person of interest"
        LEAD = "lead", "Person in a lead, not identified"
        MISSING = "missing", "Missing or at-risk person"
        DECEASED = "deceased", "Deceased person"
        REPORTING = "reporting", "Reporting person"
        OTHER = "other", "Other"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people")
    role = models.CharField("role in this case", max_length=20, choices=Role.choices)
    name = models.CharField(max_length=120)
    unidentified = models.BooleanField("nobody knows who this is yet", default=False)
    description = models.TextField("what is known", blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["id"]
        indexes = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="person_name_trigram")]
        constraints = [
            models.CheckConstraint(name="person_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(
                name="ac_07_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by__isnull=False) & says("withdrawn_reason")),
                violation_error_message="Withdrawing needs a reason.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            in_case("NEW.case_id"),
            by_name("added_by_id", "withdrawn_by_id"),
            adds("added_by_id"),
            guard("ac_07_merged_by_a_merge", AS_ITS_MERGE, on=pgtrigger.Insert | pgtrigger.Update),
            unchanged(
                "ac_07_person_fixed",
                ["case_id", "added_by_id", "added_at"],
                "AC-07",
                "A person stays in the case they were entered in.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonMerge(Record):
    """A proposal that two entries are one person. Nothing moves: the duplicate points to the other, and back again."""

    may_change = {"state": while_in("state", "proposed", "approved")}

    class State(models.TextChoices):
        """Where the proposal stands."""

        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Merged"
        REJECTED = "rejected", "Rejected"
        UNDONE = "undone", "Undone"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merges")
    keep = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    duplicate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.TextField(blank=True)

    once = ("decided_by_id", "decided_at", "undone_by_id", "undone_at", "undone_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="merge_two_entries", condition=~Q(keep=F("duplicate"))),
            models.CheckConstraint(
                name="merge_two_people",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                violation_error_message="Somebody else decides on a merge.",
            ),
            models.CheckConstraint(
                name="merge_decided_by_somebody",
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                violation_error_message="A merge is decided by somebody, at a time.",
            ),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=(~Q(state="undone") & Q(undone_by__isnull=True, undone_at__isnull=True))
                | (Q(state="undone", undone_by__isnull=False, undone_at__isnull=False) & says("undone_reason")),
                violation_error_message="A merge is undone by somebody, for a reason.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            in_case("NEW.case_id"),
            by_name("proposed_by_id", "decided_by_id", "undone_by_id"),
            adds("proposed_by_id"),
            recorded_now("fr_13_proposed_now", "proposed_at"),
            marked_now("fr_13_settled_now", "decided_at", "undone_at"),
            one_case({"keep_id": "cases_person", "duplicate_id": "cases_person"}),
            guard("ac_07_can_be_merged", CAN_BE_MERGED, on=pgtrigger.Insert | pgtrigger.Update),
            guard("ac_07_merge_steps", MERGE_STEPS, on=pgtrigger.Update),
            at_commit("ac_07_merged_as_decided", MERGED_AS_DECIDED, on=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate} is {self.keep}"


class NotSamePerson(Ledger):
    """Somebody looked, and these two are not one person: remembered, and shown wherever they might be confused."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="distinctions")
    person_a = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_b = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(name="not_same_in_order", condition=Q(person_a__lt=F("person_b"))),
            models.UniqueConstraint(name="not_same_once", fields=["person_a", "person_b"]),
        ]
        triggers = [
            *Ledger.Meta.triggers,
            in_case("NEW.case_id", on=pgtrigger.Insert),
            recorded_now("fr_13_told_apart_now", "at"),
            by_name("recorded_by_id"),
            adds("recorded_by_id"),
            one_case({"person_a_id": "cases_person", "person_b_id": "cases_person"}),
            guard("ac_07_not_merged", NOT_MERGED, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"{self.person_a} is not {self.person_b}"
