"""SearchRequest: one face search, from the request to its result; the row is the truth, the broker a messenger."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from pgvector.django import HalfVectorField

from cases.models import Case, Evidence, NibrsOffense
from cases.models.one_case import one_case
from ecpd.audit.anchors import ADDED, holds, in_case
from ecpd.audit.fixed import as_it_leaves, while_in
from ecpd.audit.records import Record, guard, marked_now, recorded_now, refuse, unchanged
from ecpd.audit.sealed import Seal
from ecpd.checks.json_field import HAPPENED, JSONField
from ecpd.checks.letters import UNSEEN
from ecpd.checks.sql import says
from ecpd.policy.models import Decision, ManualVersion
from ecpd.policy.models.decision import NAMES_THE_MANUAL_IN_FORCE
from leads.models.card import ModelCard
from leads.models.measured import AS_MEASURED_NEEDS, LIST_AS_MEASURED
from leads.models.shapes import FACE, QUALITY


def requester(row: str) -> str:
    """FR-01 of the search in `row`."""
    return f"""
IF NOT ecpd_has_role({row}.requested_by_id, 'investigator')
   OR NOT ecpd_has_certificate({row}.requested_by_id, 'facial_recognition') THEN
    {refuse("FR-01", "Only an investigator with a current facial-recognition certificate may request a search.")}
END IF;
"""


def grounds(row: str) -> str:
    """FR-02 of the search in `row`; needs `case_status` and `offense_class`. The case is held while its state counts."""
    return f"""
SELECT status INTO case_status FROM cases_case WHERE id = {row}.case_id FOR SHARE;
IF case_status <> 'open' THEN {refuse("FR-02", "A search needs an open case.")} END IF;
IF NOT EXISTS (SELECT 1 FROM cases_incidentnumber n WHERE n.case_id = {row}.case_id AND n.withdrawn_at IS NULL) THEN
    {refuse("FR-02", "A search needs a case with a dispatch or records number.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM cases_caseassignment a
               WHERE a.case_id = {row}.case_id AND a.user_id = {row}.requested_by_id AND a.ended_at IS NULL) THEN
    {refuse("FR-02", "Only an investigator assigned to the case may request a search on it.")}
END IF;
IF length(btrim(regexp_replace({row}.facts, '{UNSEEN}', ' ', 'g'))) < ecpd_parameter_int('search_reason_min_chars') THEN
    {refuse("FR-02", "The facts that make the search likely to help are missing or too short.")}
END IF;
IF {row}.purpose = 'suspect' THEN
    SELECT crime_against INTO offense_class FROM cases_nibrsoffense WHERE code = {row}.offense_id;
    IF offense_class IS NULL OR NOT ecpd_parameter('fr_offence_classes') ? offense_class THEN
        {refuse("FR-02", "The offense is not of a class for which a suspect may be searched.")}
    END IF;
    IF {row}.offense_id IS DISTINCT FROM (SELECT k.offense_id FROM cases_case k WHERE k.id = {row}.case_id) THEN
        {refuse("FR-02", "The offense of a search for a suspect is the case's own.")}
    END IF;
END IF;
{accepted(row)}"""


def probe(row: str) -> str:
    """FR-03 of the search in `row`."""
    return f"""
IF NOT EXISTS (SELECT 1 FROM cases_evidence e
               WHERE e.id = {row}.probe_id AND e.case_id = {row}.case_id AND e.kind IN ('photo', 'still')
                 AND e.file_id IS NOT NULL AND public.ecpd_says_something(e.origin) AND e.withdrawn_at IS NULL) THEN
    {refuse("FR-03", "A probe is one still image, evidence of this case with origin, date and hash.")}
END IF;
"""


def named_on_the_case(row: str) -> str:
    """AC-09 and AC-04 of the search in `row`: who asked may still add to the case, by name."""
    return f"""
IF NOT EXISTS (SELECT 1 FROM guardian_userobjectpermission g JOIN auth_permission p ON p.id = g.permission_id
               JOIN django_content_type t ON t.id = g.content_type_id
               WHERE t.app_label = 'cases' AND t.model = 'case' AND p.codename = 'contribute_case'
                 AND g.object_pk = {row}.case_id::text AND g.user_id = {row}.requested_by_id) THEN
    {refuse("AC-09", "Who asked for this search may not add to its case any more.")}
END IF;
"""


# Of the search in the row: its requester opened the case himself, and no captain has accepted it.
NOT_ACCEPTED = """EXISTS (SELECT 1 FROM cases_case k WHERE k.id = {0}.case_id AND k.opened_by_id = {0}.requested_by_id)
   AND NOT EXISTS (SELECT 1 FROM leads_caseacceptance a WHERE a.case_id = {0}.case_id AND a.accepted)"""
# The database says until when a captain accepts the case; nobody gives himself longer.
ACCEPT_BY = f"""
NEW.accept_by := CASE WHEN {NOT_ACCEPTED.format("NEW")}
    THEN ecpd_now() + make_interval(secs => (3600 * ecpd_parameter_number('self_opened_hours'))::float8) END;
"""


def accepted(row: str) -> str:
    """FR-02 of a search in `row` in a case that its requester opened: it waits for a captain, and not for too long."""
    return f"""
IF {NOT_ACCEPTED.format(row)} THEN
    IF EXISTS (SELECT 1 FROM leads_caseacceptance a WHERE a.case_id = {row}.case_id) THEN
        {refuse("FR-02", "A captain refused this case, which its requester opened; nobody is searched for in it by him.")}
    END IF;
    IF EXISTS (SELECT 1 FROM leads_searchrequest w WHERE w.case_id = {row}.case_id AND w.accept_by <= ecpd_now()) THEN
        {refuse("FR-02", "No captain accepted this case in time, which its requester opened; a captain accepts it first.")}
    END IF;
END IF;
"""


GROUNDS_NEED = [("case_status", "text"), ("offense_class", "text")]


def when_done(sql: str) -> str:
    """The same question again at the moment a search gets its result."""
    return f"IF NEW.state = 'done' AND OLD.state <> 'done' THEN\n{sql}\nEND IF;"


# Each measure of the face with what the manual asks of it, up to what it can be. A face that was not measured whole has
# not passed.
MEASURED = {
    "eye_distance": "BETWEEN ecpd_parameter_number('quality_eye_distance_min_px') AND 20000",
    "sharpness": "BETWEEN ecpd_parameter_number('quality_sharpness_min') AND 1",
    "yaw": "BETWEEN 0 AND ecpd_parameter_number('quality_yaw_max_deg')",
    "pitch": "BETWEEN 0 AND ecpd_parameter_number('quality_pitch_max_deg')",
    "exposure": "BETWEEN ecpd_parameter_number('quality_exposure_min') AND 1",
}
_EACH = " ".join(f"WHEN '{name}' THEN (m ->> 'value')::numeric {asked}" for name, asked in MEASURED.items())
_LIST = "NEW.quality -> 'measures'"
AS_MEASURED = f"""
IF NEW.quality_passed AND (jsonb_typeof({_LIST}) IS DISTINCT FROM 'array' OR NOT COALESCE((
        SELECT count(DISTINCT m ->> 'name') = {len(MEASURED)} AND count(*) = {len(MEASURED)} AND bool_and(
            CASE WHEN jsonb_typeof(m -> 'value') = 'number' THEN CASE m ->> 'name' {_EACH} ELSE false END ELSE false END)
        FROM jsonb_array_elements(CASE jsonb_typeof({_LIST}) WHEN 'array' THEN {_LIST} END) m), false)) THEN
    {refuse("FR-04", "A face passes the quality gate by its measures and the manual's limits.")}
END IF;
"""
AS_THE_MANUAL_HAS_IT = f"""
IF NEW.state = 'done' AND OLD.state <> 'done' THEN
    IF NEW.threshold IS DISTINCT FROM ecpd_parameter_number('match_score_min')::float8 THEN
        {refuse("FR-07", "The bar of a search is the one that the manual has.")}
    END IF;
    IF NEW.above_bar IS DISTINCT FROM (SELECT count(*) FROM leads_candidate c
            WHERE c.search_id = NEW.id AND c.match_score >= ecpd_parameter_number('match_score_min')) THEN
        {refuse("FR-07", "How many reach the bar is counted among the candidates that are listed.")}
    END IF;
    IF NOT EXISTS (SELECT 1 FROM leads_modelcard m WHERE m.id = NEW.model_card_id AND m.model_id = NEW.model_id
            AND CASE WHEN ecpd_says_something(ecpd_parameter('model_card') #>> '{{}}')
                     THEN m.sha256 = btrim(ecpd_parameter('model_card') #>> '{{}}')
                     ELSE m.id = (SELECT min(f.id) FROM leads_modelcard f) END) THEN
        {refuse("FR-07", "A search is scored by the card that is in force for its model.")}
    END IF;
END IF;
"""
OVER = "('done', 'failed', 'cancelled', 'refused')"
STEPS = f"""
IF OLD.state IN {OVER} AND NEW IS DISTINCT FROM OLD THEN
    {refuse("FR-14", "A search that is over cannot be changed.")}
END IF;
"""
BEGINS_QUEUED = f"""
IF NEW.state <> 'queued' OR NEW.finished_at IS NOT NULL OR NEW.gallery_size IS NOT NULL OR NEW.above_bar IS NOT NULL
    OR NEW.threshold IS NOT NULL OR NEW.probe_embedding IS NOT NULL THEN
    {refuse("FR-14", "A search begins queued, without a result.")}
END IF;
"""


UNDER_THE_MANUAL = f"""
IF NOT {NAMES_THE_MANUAL_IN_FORCE} THEN
    {refuse("FR-14", "A search is asked for under the manual in force.")}
END IF;
"""

# What a search that is done has; a lead comes only of one that is (FR-07).
RESULT = ("decision", "run_decision", "finished_at", "model_card", "threshold", "gallery_size", "above_bar")


# A search ties the cases that searched for the same picture: who decides in them waits for it, or it for him (FR-13).
OF_ITS_PROBE = """SELECT s.case_id FROM leads_searchrequest s
    WHERE s.probe_id IN (SELECT public.ecpd_kin(ARRAY[NEW.probe_id]))"""


class SearchRequest(Record):
    """A search of the gallery for one face of one exhibit, with purpose, facts, progress and a replayable result."""

    RUNS = ("queued", "detecting", "embedding", "searching")
    may_change = dict.fromkeys(("state", "attempts", "heartbeat_at", "stage_times"), while_in("state", *RUNS)) | (
        dict.fromkeys(("sources", "parameters", "timings"), as_it_leaves("state", *RUNS, to=("done",)))
    )
    born_with = ("stage_times",)

    class Purpose(models.TextChoices):
        """Why somebody may be searched for (FR-02). Only a suspect search can lead to a warrant (FR-12)."""

        SUSPECT = "suspect", "Identify a suspect"
        WITNESS = "witness", "Find a witness"
        VICTIM = "victim", "Identify a victim"
        MISSING = "missing", "Find a missing or at-risk person"
        DECEASED = "deceased", "Identify a deceased person"

    class State(models.TextChoices):
        """The stages, in order, and the four ends."""

        QUEUED = "queued", "Queued"
        DETECTING = "detecting", "Finding the face"
        EMBEDDING = "embedding", "Measuring the face"
        SEARCHING = "searching", "Comparing with the gallery"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Canceled"
        REFUSED = "refused", "Refused"

    row_seal = Seal(left_out=("heartbeat_at",), by_hash=("probe_embedding",))
    STAGES = ("queued", "detecting", "embedding", "searching", "done")
    ENDS = ("done", "failed", "cancelled", "refused")

    number = models.CharField(max_length=12, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="searches")
    probe = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="searches")
    face = JSONField(shape=FACE, help_text="The face picked on the probe: ordinal, letter, box, landmarks, score.")
    quality = JSONField(shape=QUALITY, default=dict)
    quality_passed = models.BooleanField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    offense = models.ForeignKey(NibrsOffense, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    facts = models.TextField()
    justification = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="searches")
    requested_at = models.DateTimeField(auto_now_add=True)
    accept_by = models.DateTimeField(
        null=True, blank=True, editable=False,
        help_text="Set by the database: until when a captain accepts the case, where its requester opened it.",
    )  # fmt: skip
    rerun_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reruns")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    manual_version = models.ForeignKey(ManualVersion, on_delete=models.PROTECT, related_name="+")
    run_decision = models.ForeignKey(
        Decision,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The door's answer when it ran.",
    )

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    stage_times = JSONField(
        shape={"all": "m"}, default=dict, help_text="When each stage began, ISO 8601.", dates={"$.*": HAPPENED}
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    gallery_size = models.PositiveIntegerField(null=True, blank=True)
    gallery_watermark = models.BigIntegerField(null=True, help_text="The newest face searched.")
    sources = JSONField(shape={"each": "s"}, default=list)
    model_id = models.CharField(max_length=128, blank=True)
    model_card = models.ForeignKey(ModelCard, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, blank=True)
    parameters = JSONField(shape="o", default=dict)
    timings = JSONField(shape={"all": "n"}, default=dict, help_text="Milliseconds by stage.")
    threshold = models.FloatField(null=True, help_text="The minimum match score in force that day.")
    above_bar = models.PositiveIntegerField(null=True, blank=True)
    probe_embedding = HalfVectorField(dimensions=512, null=True)

    once = (
        "finished_at",
        "run_decision_id",
        "error",
        "gallery_size",
        "gallery_watermark",
        "model_id",
        "model_card_id",
        "mode",
        "threshold",
        "above_bar",
        "probe_embedding",
    )

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="search_number_by_year", fields=["year", "serial"]),
            models.CheckConstraint(
                name="fr_02_purpose",
                condition=Q(purpose__in=["suspect", "witness", "victim", "missing", "deceased"]),
                violation_error_message="That is no purpose for which somebody may be searched (FR-02).",
            ),
            models.CheckConstraint(
                name="fr_04_quality_or_words",
                condition=Q(quality_passed=True) | says("justification"),
                violation_error_message="A probe that fails the quality gate needs a written justification (FR-04).",
            ),
            models.CheckConstraint(
                name="fr_14_done_has_its_result",
                condition=~Q(state="done") | ~Q(model_id="") & Q(**{f"{name}__isnull": False for name in RESULT}),
                violation_error_message="A search is done with the door's answers and its whole result (FR-14).",
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="search_of_case")]
        triggers = [
            *Record.Meta.triggers,
            in_case("NEW.case_id", on=pgtrigger.Insert),
            holds(OF_ITS_PROBE, on=ADDED),
            one_case({"rerun_of_id": "leads_searchrequest"}),
            guard("fr_01_certified_investigator", requester("NEW"), on=pgtrigger.Insert),
            guard("fr_02_grounds", grounds("NEW"), on=pgtrigger.Insert, declare=GROUNDS_NEED),
            guard("fr_03_probe_is_evidence", probe("NEW"), on=pgtrigger.Insert),
            guard("fr_01_still_certified", when_done(requester("NEW")), on=pgtrigger.Update),
            guard("fr_02_grounds_still_hold", when_done(grounds("NEW")), on=pgtrigger.Update, declare=GROUNDS_NEED),
            guard("fr_03_probe_still_evidence", when_done(probe("NEW")), on=pgtrigger.Update),
            guard("ac_09_still_named", when_done(named_on_the_case("NEW")), on=pgtrigger.Update),
            guard("fr_04_as_measured", AS_MEASURED, on=pgtrigger.Insert),
            guard("fr_07_as_the_manual_has_it", AS_THE_MANUAL_HAS_IT, on=pgtrigger.Update),
            guard("fr_07_list_as_measured", LIST_AS_MEASURED, on=pgtrigger.Update, declare=AS_MEASURED_NEEDS),
            guard("fr_14_under_the_manual", UNDER_THE_MANUAL, on=pgtrigger.Insert),
            guard("fr_14_begins_queued", BEGINS_QUEUED, on=pgtrigger.Insert),
            guard("fr_14_result_fixed", STEPS, on=pgtrigger.Update),
            recorded_now("fr_13_requested_now", "requested_at"),
            guard("fr_02_accept_by", ACCEPT_BY, on=pgtrigger.Insert),
            marked_now("fr_13_finished_now", "finished_at"),
            unchanged(
                "fr_14_request_fixed",
                [
                    "number",
                    "case_id",
                    "probe_id",
                    "face",
                    "quality",
                    "quality_passed",
                    "purpose",
                    "offense_id",
                    "facts",
                    "justification",
                    "requested_by_id",
                    "requested_at",
                    "accept_by",
                    "rerun_of_id",
                    "decision_id",
                    "manual_version_id",
                ],
                "FR-14",
                "What was asked of a search cannot be changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Search {self.number}"

    def get_absolute_url(self) -> str:
        """The search's page."""
        return reverse("leads:search-detail", args=[self.number])

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in self.ENDS
