"""Examination: one examiner's comparison of a candidate with the probe (FR-08, FR-22)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.by_name import adds_to_the_case, by_name
from ecpd.accounts.models import TrainingCertificate
from ecpd.audit.anchors import in_case
from ecpd.audit.fixed import while_in
from ecpd.audit.records import Ledger, Record, at_commit, guard, marked_now, recorded_now, refuse, unchanged
from ecpd.checks.json_field import JSONField
from leads.models import not_blind
from leads.models.candidate import CASE_OF_CANDIDATE, Candidate
from leads.models.of_face import of_the_face
from leads.models.whole_list import unexamined, veiled

# FR-22: the 19 components of ASTM E3149 and FISWG, in the order of the form.
COMPONENTS: dict[str, str] = {
    "skin": "Skin",
    "outline": "Face and head outline",
    "composition": "Composition",
    "hair": "Hair",
    "forehead": "Forehead",
    "eyebrows": "Eyebrows",
    "eyes": "Eyes",
    "cheeks": "Cheeks",
    "nose": "Nose",
    "ears": "Ears",
    "mouth": "Mouth",
    "chin": "Chin and jaw",
    "neck": "Neck",
    "facial_hair": "Facial hair",
    "lines": "Lines",
    "scars": "Scars",
    "marks": "Marks",
    "alterations": "Alterations",
    "other": "Other",
}
ANSWERS = {"similar": "Similar", "different": "Different", "not_visible": "Not visible"}
# What an exclusion did not need to answer: one difference that nothing explains is enough (FR-22).
LEFT_OPEN = "left_open"
SAID = ANSWERS | {LEFT_OPEN: "Left open"}

_KEYS = ", ".join(f"'{key}'" for key in COMPONENTS)
_INCOMPLETE = refuse(
    "FR-22",
    "An examination answers all 19 components: similar, different or not visible; an exclusion may leave the rest open "
    "beside a difference.",
)
ITS_CASE = CASE_OF_CANDIDATE.format("NEW.candidate_id")
COMPLETE_FORM = f"""
IF jsonb_typeof(NEW.components) IS DISTINCT FROM 'object' THEN {_INCOMPLETE} END IF;
IF (SELECT count(*) FROM jsonb_object_keys(NEW.components)) <> {len(COMPONENTS)}
   OR NOT NEW.components ?& ARRAY[{_KEYS}]
   OR EXISTS (SELECT 1 FROM jsonb_each(NEW.components) c
              WHERE COALESCE(c.value ->> 'value', '') NOT IN ('similar', 'different', 'not_visible')
                AND (c.value ->> 'value' = '{LEFT_OPEN}' AND NEW.conclusion = 'exclude' AND EXISTS (
                    SELECT 1 FROM jsonb_each(NEW.components) d WHERE d.value ->> 'value' = 'different')) IS NOT TRUE) THEN
    {_INCOMPLETE}
END IF;
IF EXISTS (SELECT 1 FROM jsonb_each(NEW.components) c
           WHERE c.value ->> 'value' = 'different' AND NOT public.ecpd_says_something(COALESCE(c.value ->> 'note', ''))) THEN
    {refuse("FR-22", "Every difference is explained.")}
END IF;
IF NEW.conclusion = 'possible_match' AND (SELECT count(*) FROM jsonb_each(NEW.components) c
        WHERE c.value ->> 'value' = 'similar') < ecpd_parameter_int('examination_min_similar') THEN
    {refuse("FR-22", "A possible match rests on components that are visible and similar: as many as the manual asks.")}
END IF;
IF NOT public.ecpd_says_something(NEW.does_not_fit) THEN
    {refuse("FR-18", "An examiner answers what does not fit.")}
END IF;
IF NOT public.ecpd_says_something(NEW.basis) THEN
    {refuse("FR-22", "A conclusion says what it is based on.")}
END IF;
"""
TWO_EXAMINERS = f"""
IF NOT EXISTS (SELECT 1 FROM leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id
               WHERE c.id = NEW.candidate_id AND s.state = 'done') THEN
    {refuse("FR-07", "Only the list of a search that is done is examined.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id
           JOIN cases_case k ON k.id = s.case_id WHERE c.id = NEW.candidate_id AND k.status = 'closed') THEN
    {refuse("FR-08", "A closed case takes no examination.")}
END IF;
IF NOT ecpd_has_role(NEW.examiner_id, 'investigator') THEN
    {refuse("FR-08", "An investigator examines.")}
END IF;
IF NOT ecpd_has_certificate(NEW.examiner_id, 'facial_recognition') THEN
    {refuse("FR-08", "An examiner holds a current facial-recognition certificate.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM accounts_trainingcertificate t
               WHERE t.id = NEW.certificate_id AND t.holder_id = NEW.examiner_id AND t.kind = 'facial_recognition'
                 AND t.suspended_at IS NULL AND (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date
                     BETWEEN t.issued_on AND t.expires_on) THEN
    {refuse("FR-08", "The certificate is the examiner's own, for facial recognition, and current.")}
END IF;
IF NEW.position = 2 THEN
    {not_blind.look_up("NEW.candidate_id", ITS_CASE)}
    IF {not_blind.requested("NEW.examiner_id")} THEN
        {refuse("FR-08", "Who requested a search of the matter cannot be the second examiner.")}
    END IF;
    IF NOT EXISTS (SELECT 1 FROM leads_examination e WHERE e.candidate_id = NEW.candidate_id AND e.position = 1
                   AND e.examiner_id <> NEW.examiner_id) THEN
        {refuse("FR-08", "The second examination follows the first, by somebody else.")}
    END IF;
    IF {not_blind.examined_it("NEW.examiner_id", "NEW.candidate_id")} THEN
        {refuse("FR-08", "Who examined this face under another search of the matter is not blind to it.")}
    END IF;
    IF {not_blind.knows("NEW.examiner_id")} THEN
        {refuse("FR-08", "Who is or was on a case of the matter does not examine in it blind.")}
    END IF;
    IF NOT EXISTS (SELECT 1 FROM leads_examinationrequest r WHERE r.candidate_id = NEW.candidate_id
                   AND r.examiner_id = NEW.examiner_id AND r.state = 'open') THEN
        {refuse("FR-08", "The second examiner is asked for it first.")}
    END IF;
    IF EXISTS (SELECT 1 FROM leads_examinationrequest r WHERE r.candidate_id = NEW.candidate_id
               AND r.examiner_id = NEW.examiner_id AND r.state = 'open' AND r.lot_size IS NOT NULL
               AND r.knew_nothing_at IS NULL) THEN
        {refuse("FR-08", "Who is drawn says first that nothing of the case is known.")}
    END IF;
    IF {not_blind.looked("NEW.examiner_id")} THEN
        {refuse("FR-08", "Who has seen what a search of the matter found is not blind to it.")}
    END IF;
ELSE
    IF NOT {adds_to_the_case("NEW.examiner_id", ITS_CASE)} THEN
        {refuse("FR-08", "The first examiner may add to the case.")}
    END IF;
    IF EXISTS (SELECT 1 FROM policy_decision d JOIN leads_candidate c ON c.id = NEW.candidate_id
               WHERE d.actor_id = NEW.examiner_id AND d.action = 'candidates.open' AND d.outcome = 'allowed'
                 AND d.subject_type = 'leads.searchrequest' AND d.subject_id = c.search_id::text) THEN
        {refuse("FR-08", "Who opened a list before its faces were compared examines none of them.")}
    END IF;
END IF;
"""

# Who was drawn is replaced only as he says himself that he knows something, once the time is over, or where he may not
# examine any more; what he had filled in stays with the row.
LATE = "ecpd_now() >= OLD.asked_at + make_interval(hours => ecpd_parameter_int('second_exam_hours'))"
UNFIT = f"""NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.examiner_id AND u.is_active)
        OR NOT ecpd_has_role(NEW.examiner_id, 'investigator')
        OR NOT ecpd_has_certificate(NEW.examiner_id, 'facial_recognition')
        OR {not_blind.requested("NEW.examiner_id")} OR {not_blind.examined_it("NEW.examiner_id", "NEW.candidate_id")}
        OR {not_blind.knows("NEW.examiner_id")} OR {not_blind.looked("NEW.examiner_id")}"""
REPLACED = f"""
IF NEW.draft IS DISTINCT FROM OLD.draft AND NOT (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn') THEN
    {refuse("FR-08", "A draft comes to a request as its examiner is replaced, and not otherwise.")}
END IF;
IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' THEN
    {not_blind.look_up("NEW.candidate_id", ITS_CASE)}
    IF (CASE NEW.replaced_because WHEN 'knows' THEN true WHEN 'late' THEN {LATE} WHEN 'unfit' THEN {UNFIT}
        WHEN 'veiled' THEN {veiled("NEW.candidate_id")} ELSE false END) IS NOT TRUE THEN
        {refuse("FR-08", "Who was drawn is replaced only for a reason that holds.")}
    END IF;
    IF NEW.draft IS DISTINCT FROM (SELECT d.data FROM leads_examinationdraft d
            WHERE d.candidate_id = NEW.candidate_id AND d.examiner_id = NEW.examiner_id) THEN
        {refuse("FR-08", "What a replaced examiner had filled in stays on record.")}
    END IF;
END IF;
"""
# FR-02: what is veiled is neither compared nor sent on; whoever was drawn for it waits no more.
NOT_VEILED = f"""
IF {veiled("NEW.candidate_id")} THEN {refuse("FR-02", "Nobody compares what is veiled, and nobody is drawn to.")} END IF;
"""
REQUEST_BEGINS = f"""
IF NEW.asked_by_id = NEW.examiner_id THEN
    {refuse("FR-08", "Nobody asks himself for a second examination.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_examination e WHERE e.candidate_id = NEW.candidate_id
           AND (e.position = 2 OR e.examiner_id = NEW.examiner_id)) THEN
    {refuse("FR-08", "Who examined it first, or what is examined twice, is not asked again.")}
END IF;
{not_blind.look_up("NEW.candidate_id", ITS_CASE)}
IF {not_blind.requested("NEW.examiner_id")} THEN
    {refuse("FR-08", "Who requested a search of the matter is not asked to examine what one found.")}
END IF;
IF {not_blind.examined_it("NEW.examiner_id", "NEW.candidate_id")}
   OR {not_blind.was_shown_it("NEW.examiner_id", "NEW.candidate_id")} THEN
    {refuse("FR-08", "Who examined this face under another search of the matter, or was shown it, is not asked again.")}
END IF;
IF {not_blind.knows("NEW.examiner_id")} THEN
    {refuse("FR-08", "Who is or was on a case of the matter is not asked for a blind examination in it.")}
END IF;
IF {not_blind.had_to_do("NEW.examiner_id")} THEN
    {refuse("FR-08", "Who opened a case of the matter, added to it or looked at it is not asked for a blind examination.")}
END IF;
IF NOT ecpd_has_role(NEW.examiner_id, 'investigator')
   OR NOT ecpd_has_certificate(NEW.examiner_id, 'facial_recognition') THEN
    {refuse("FR-08", "A certified investigator is asked for a second examination.")}
END IF;
IF EXISTS ({unexamined("NEW.candidate_id")}) THEN
    {refuse("FR-08", "A second examination begins once the first is recorded of every listed candidate.")}
END IF;
IF NOT {adds_to_the_case("NEW.asked_by_id", ITS_CASE)} THEN
    {refuse("FR-08", "Who asks for a second examination may add to the case.")}
END IF;
IF NEW.lot_size IS DISTINCT FROM (SELECT count(*) FROM public.ecpd_lot(NEW.candidate_id)) THEN
    {refuse("FR-08", "A second examiner is drawn by lot among all who may be; the row says how many they were.")}
END IF;
"""
DONE_WHEN_RECORDED = f"""
IF NEW.position = 2 AND EXISTS (SELECT 1 FROM leads_examinationrequest r
                                WHERE r.candidate_id = NEW.candidate_id AND r.state = 'open') THEN
    {refuse("FR-08", "Who was asked and has examined waits no more: the request is done with the examination.")}
END IF;
"""
REQUEST_ENDS = f"""
IF OLD.state <> 'open' AND NEW.state <> OLD.state THEN
    {refuse("FR-08", "A second examination that is done or withdrawn is not asked for again; ask anew.")}
END IF;
IF NEW.state = 'done' AND OLD.state <> 'done' AND NOT EXISTS (SELECT 1 FROM leads_examination e
        WHERE e.candidate_id = NEW.candidate_id AND e.position = 2 AND e.examiner_id = NEW.examiner_id) THEN
    {refuse("FR-08", "The second examination is not recorded.")}
END IF;
"""


class ExaminationRequest(Record):
    """Somebody is drawn by lot to be the second examiner.

    Without the size of a lot it is one of an older release, which a colleague chose.
    """

    may_change = {"state": while_in("state", "open")}
    once = ("knew_nothing_at", "replaced_because", "draft")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "Waits"
        DONE = "done", "Done"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Replaced(models.TextChoices):
        """Why somebody who was drawn does not examine."""

        KNOWS = "knows", "Knows something of the case"
        UNFIT = "unfit", "May not examine it any more"
        LATE = "late", "Did not answer in time"
        VEILED = "veiled", "The result was veiled"

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="examination_requests")
    examiner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="examination_requests"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    lot_size = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Among how many people he or she was drawn; empty where a colleague chose."
    )
    knew_nothing_at = models.DateTimeField(
        null=True, blank=True, help_text="When the one who was drawn said that nothing of the case is known."
    )
    replaced_because = models.CharField(max_length=10, choices=Replaced.choices, blank=True)
    draft = JSONField(shape="o", null=True, blank=True, help_text="What a replaced examiner had filled in.")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(name="fr_08_one_second_examiner", fields=["candidate"], condition=Q(state="open")),
            models.CheckConstraint(
                name="fr_08_replaced_is_withdrawn",
                condition=Q(replaced_because="") | Q(state="withdrawn"),
                violation_error_message="Who is replaced is asked no more (FR-08).",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            in_case(ITS_CASE),
            guard("fr_08_request_begins", REQUEST_BEGINS, on=pgtrigger.Insert, declare=not_blind.NEEDS),
            guard("fr_02_not_veiled", NOT_VEILED, on=pgtrigger.Insert),
            guard("fr_08_request_ends", REQUEST_ENDS, on=pgtrigger.Update),
            guard("fr_08_replaced", REPLACED, on=pgtrigger.Update, declare=not_blind.NEEDS),
            recorded_now("fr_13_asked_now", "asked_at"),
            marked_now("fr_08_answered_now", "knew_nothing_at"),
            unchanged(
                "fr_08_request_fixed",
                ["candidate_id", "examiner_id", "asked_by_id", "asked_at", "lot_size"],
                "FR-08",
                "Who was asked for a second examination, and by what lot, cannot be changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Second examination {self.pk}"

    def get_absolute_url(self) -> str:
        """The blind examination's page."""
        return reverse("leads:examination", args=[self.pk])

    @property
    def case(self):
        """The case it belongs to."""
        return self.candidate.search.case

    @property
    def is_answered(self) -> bool:
        """Whether it was said that nothing of the case is known; nobody was asked before there were lots."""
        return self.lot_size is None or self.knew_nothing_at is not None


class Examination(Ledger):
    """A recorded comparison. It cannot be changed; "identified" is not a value."""

    class Conclusion(models.TextChoices):
        """FR-22's three."""

        POSSIBLE_MATCH = "possible_match", "Possible match"
        INCONCLUSIVE = "inconclusive", "Inconclusive"
        EXCLUDE = "exclude", "Exclude"

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="examinations")
    examiner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="examinations")
    position = models.PositiveSmallIntegerField(choices=[(1, "First examiner"), (2, "Second examiner, blind")])
    components = JSONField(shape={"all": {"keys": {"value": "s", "note?": "s"}}})
    conclusion = models.CharField(max_length=15, choices=Conclusion.choices)
    basis = models.TextField("what the conclusion is based on")
    does_not_fit = models.TextField("what does not fit")
    certificate = models.ForeignKey(TrainingCertificate, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["candidate_id", "position"]
        constraints = [
            models.UniqueConstraint(name="fr_08_one_of_each", fields=["candidate", "position"]),
            models.UniqueConstraint(
                name="fr_08_two_people",
                fields=["candidate", "examiner"],
                violation_error_message="One person is not both examiners (FR-08).",
            ),
            models.CheckConstraint(
                name="fr_22_conclusions",
                condition=Q(conclusion__in=["exclude", "inconclusive", "possible_match"]),
                violation_error_message="Exclude, inconclusive or possible match: nothing else (FR-22).",
            ),
            models.CheckConstraint(name="fr_08_positions", condition=Q(position__in=[1, 2])),
        ]
        triggers = [
            *Ledger.Meta.triggers,
            in_case(ITS_CASE, on=pgtrigger.Insert),
            of_the_face("NEW.candidate_id", on=pgtrigger.Insert),
            by_name("examiner_id", case=ITS_CASE, unless="NEW.position = 2"),
            recorded_now("fr_13_recorded_now", "recorded_at"),
            guard("fr_22_complete_form", COMPLETE_FORM, on=pgtrigger.Insert),
            guard("fr_08_two_examiners", TWO_EXAMINERS, on=pgtrigger.Insert, declare=not_blind.NEEDS),
            guard("fr_02_not_veiled", NOT_VEILED, on=pgtrigger.Insert),
            at_commit("fr_08_done_when_recorded", DONE_WHEN_RECORDED, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"Examination {self.position} of {self.candidate}"

    @property
    def differences(self) -> list[tuple[str, str]]:
        """(component, explanation) of each difference."""
        return [
            (COMPONENTS[key], answer["note"])
            for key, answer in self.components.items()
            if answer["value"] == "different"
        ]

    @property
    def answers(self) -> list[tuple[str, str, str]]:
        """(component, answer, note) in the form's order."""
        return [
            (words, SAID[self.components[key]["value"]], self.components[key].get("note", ""))
            for key, words in COMPONENTS.items()
        ]


class ExaminationDraft(models.Model):
    """What an examiner filled in so far; gone once it is recorded."""

    working_row = "What an examiner has typed and not sent."

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    examiner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    data = JSONField(shape="o", default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="examination_draft_once", fields=["candidate", "examiner"])]

    def __str__(self) -> str:
        return f"Draft of {self.examiner}"
