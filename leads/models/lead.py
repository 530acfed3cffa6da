"""Lead: a candidate that two examiners think possible. An investigative lead only (FR-09)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.urls import reverse

from cases.models import Case, Person
from cases.models.by_name import adds, by_name
from ecpd.audit.anchors import ADDED_OR_CHANGED, in_case
from ecpd.audit.fixed import ALWAYS, as_it_leaves
from ecpd.audit.records import Record, at_commit, guard, marked_now, refuse, unchanged
from leads.models.candidate import Candidate
from leads.models.of_face import of_the_face
from leads.models.whole_list import not_sent, unexamined

LEAD_ONLY = "Investigative lead only. Not an identification. Not probable cause."

ABOVE_THE_BAR = f"""
SELECT c.match_score, s.requested_by_id, s.case_id, s.state INTO score, requester, case_of_search, search_state
    FROM leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id WHERE c.id = NEW.candidate_id;
IF search_state <> 'done' THEN
    {refuse("FR-07", "Only a search that is done makes a lead.")}
END IF;
IF score < ecpd_parameter_number('match_score_min') THEN
    {refuse("FR-07", "A candidate whose match score is under the minimum cannot become a lead.")}
END IF;
IF case_of_search <> NEW.case_id THEN
    {refuse("FR-02", "A lead belongs to the case of its search.")}
END IF;
IF (SELECT count(*) FROM leads_examination e WHERE e.candidate_id = NEW.candidate_id
        AND e.conclusion = 'possible_match') < 2
   OR EXISTS (SELECT 1 FROM leads_examination e WHERE e.candidate_id = NEW.candidate_id
        AND (e.conclusion <> 'possible_match' OR (e.position = 2 AND e.examiner_id = requester))) THEN
    {refuse("FR-08", "Two certified examiners, the second blind, must both conclude possible match.")}
END IF;
"""
WHOLE_LIST_SENT = f"""
IF (SELECT count(*) FROM leads_examination e WHERE e.candidate_id = NEW.candidate_id) = 2
   AND (EXISTS ({unexamined("NEW.candidate_id")}) OR EXISTS ({not_sent("NEW.candidate_id")})) THEN
    {refuse("FR-08", "Every listed candidate is compared, and each at or above the bar sent on, before one makes a lead.")}
END IF;
"""

# What counts as corroboration, the one function says that rule, page and packet ask too (FR-10, FR-11). `links` and
# `exhibits` are taken as withdrawn, when they are about to be.
COUNTING = """
SELECT count(*), count(*) FILTER (WHERE s.standing <> 'lineup') INTO counting, counting_others
    FROM public.ecpd_standing({lead}, {links}, {exhibits}) s WHERE s.standing IN ('counts', 'lineup');
"""
COUNTS = [("counting", "int"), ("counting_others", "int")]  # what a guard declares that counts
NONE_GONE = "ARRAY[]::bigint[]"


def counting(lead: str, *, links: str = NONE_GONE, exhibits: str = NONE_GONE) -> str:
    """SQL that sets `counting` and `counting_others` for a lead, without the links and exhibits that go."""
    return COUNTING.format(lead=lead, links=links, exhibits=exhibits)


def refused_while_it_holds(step: str, lead: str, sentence: str) -> str:
    """SQL of a guard at commit: `step` back is refused while the lead's corroboration is still enough."""
    return f"""
IF {step} THEN
    {counting(lead)}
    IF counting >= ecpd_parameter_int('corroboration_min')
       AND (counting_others > 0 OR ecpd_parameter_boolean('lineup_counts_alone')) THEN
        {refuse("FR-13", sentence)}
    END IF;
END IF;
"""


# A lead cannot stay marked or applied for while what it rests on goes. The leads are locked first, whatever their state,
# so that a mark that is being made meanwhile is seen.
FALLS_WITH = f"""
IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL THEN
    PERFORM 1 FROM leads_lead WHERE id IN ({{leads}}) ORDER BY id FOR UPDATE;
    FOR of_lead IN SELECT id FROM leads_lead WHERE id IN ({{leads}}) AND state IN ('marked', 'applied') LOOP
        {{count}}
        IF counting < ecpd_parameter_int('corroboration_min')
           OR (counting_others = 0 AND NOT ecpd_parameter_boolean('lineup_counts_alone')) THEN
            {refuse("FR-10", "A lead does not stay marked or applied for without the evidence it rests on.")}
        END IF;
    END LOOP;
END IF;
"""
FALLS_NEED = [("of_lead", "bigint"), *COUNTS]


def falls_with(leads: str, **gone: str) -> str:
    """SQL of a guard on what is withdrawn: `leads` selects the leads that rest on it, `gone` names it."""
    return FALLS_WITH.replace("{leads}", leads).replace("{count}", counting("of_lead", **gone))


# What hangs on an exhibit of cases: leads adds this guard to the exhibit's table, since cases knows no lead.
EXHIBIT_FALLS = falls_with(
    "SELECT lead_id FROM leads_corroboration WHERE evidence_id = NEW.id AND withdrawn_at IS NULL",
    exhibits="ARRAY[NEW.id]",
)

CORROBORATED = f"""
IF counting < ecpd_parameter_int('corroboration_min') THEN
    {refuse("FR-10", "Not enough verified evidence that does not rest on the face links this person.")}
END IF;
IF counting > 0 AND counting_others = 0 AND NOT ecpd_parameter_boolean('lineup_counts_alone') THEN
    {refuse("FR-11", "A line-up counts only beside another verified independent item.")}
END IF;
"""


def not_excepted(lead: str) -> str:
    """SQL: whether the face of this lead was searched for as no suspect, in a search that no exception names."""
    return f"EXISTS ({open_purposes(lead)})"


def open_purposes(lead: str) -> str:
    """SQL: the searches for the face of this lead as no suspect's that no exception names. One of an older release names
    none: it is about those that ended before it."""
    return f"""SELECT s.id FROM public.ecpd_other_purposes({lead}) p(id) JOIN leads_searchrequest s ON s.id = p.id
        WHERE NOT EXISTS (SELECT 1 FROM leads_purposeexception x
                          WHERE x.lead_id = {lead} AND x.at > greatest(s.requested_at, s.finished_at)
                            AND (x.searches IS NULL OR x.searches @> to_jsonb(s.id)))"""


SUSPECT_ONLY = f"""
IF NEW.state IN ('marked', 'applied', 'approved') AND OLD.state IS DISTINCT FROM NEW.state
   AND EXISTS (SELECT 1 FROM leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id
               WHERE c.id = NEW.candidate_id AND s.purpose <> 'suspect') THEN
    {refuse("FR-12", "Only a search for a suspect has a way to a warrant.")}
END IF;
IF NEW.state IN ('marked', 'applied', 'approved') AND OLD.state IS DISTINCT FROM NEW.state
   AND {not_excepted("NEW.id")} THEN
    {refuse("FR-12", "This face was searched for as somebody other than a suspect; a captain says why it has a way on.")}
END IF;
"""


def open_case(of_lead: str) -> str:
    """SQL that refuses when the case of this lead is closed; its row is locked (`in_case`), so it stays as it is."""
    return f"""
IF EXISTS (SELECT 1 FROM leads_lead l JOIN cases_case k ON k.id = l.case_id
           WHERE l.id = {of_lead} AND k.status = 'closed') THEN
    {refuse("FR-13", "A closed case takes no mark, no application and no decision.")}
END IF;
"""


def go_together(of_lead: str) -> str:
    """SQL of a guard at commit: a lead and its applications say the same."""
    return f"""
SELECT l.state INTO lead_state FROM leads_lead l WHERE l.id = {of_lead};
IF (lead_state = 'applied') <> EXISTS (
        SELECT 1 FROM leads_warrantapplication a WHERE a.lead_id = {of_lead} AND a.state = 'submitted')
   OR (lead_state = 'approved') <> EXISTS (
        SELECT 1 FROM leads_warrantapplication a WHERE a.lead_id = {of_lead} AND a.state = 'approved') THEN
    {refuse("FR-13", "A lead and its application go together: none changes without the other.")}
END IF;
"""


GO_TOGETHER_NEED = [("lead_state", "text")]
NOTHING_NEW = "Nothing is new since a captain denied a lead to this face, or it was cleared."
NEW_SINCE_DENIED = f"""
IF NEW.state = 'marked' AND OLD.state IN ('open', 'denied') THEN
    IF NEW.marked_by_id IS NULL OR NEW.marked_at IS NULL THEN
        {refuse("FR-13", "A lead is marked by somebody.")}
    END IF;
    IF NOT ecpd_has_role(NEW.marked_by_id, 'investigator') THEN
        {refuse("FR-13", "An investigator marks a lead for warrant.")}
    END IF;
    IF public.ecpd_bound_for(NEW.id, NEW.marked_by_id) THEN
        {refuse("FR-13", NOTHING_NEW)}
    END IF;
END IF;
"""


def probe_stands(of_lead: str) -> str:
    """SQL that refuses when the picture that was searched with is withdrawn."""
    return f"""
IF EXISTS (SELECT 1 FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id
           JOIN leads_searchrequest s ON s.id = c.search_id JOIN cases_evidence e ON e.id = s.probe_id
           WHERE l.id = {of_lead} AND e.withdrawn_at IS NOT NULL) THEN
    {refuse("FR-03", "The probe of this lead was withdrawn; it has no way to a warrant.")}
END IF;
"""


# Back to its mark it goes whatever became of the probe and the evidence: an application is withdrawn, or returned.
MARKED = (
    "IF NEW.state IN ('marked', 'applied', 'approved') AND OLD.state IS DISTINCT FROM NEW.state\n"
    "   AND NOT (OLD.state = 'applied' AND NEW.state = 'marked') THEN\n"
    + counting("NEW.id")
    + CORROBORATED
    + "END IF;\nIF NEW.state = 'marked' AND OLD.state IN ('open', 'denied') THEN\n"
    + open_case("NEW.id")
    + "END IF;\nIF OLD.state IS DISTINCT FROM NEW.state AND (NEW.state IN ('applied', 'approved')\n"
    + "    OR NEW.state = 'marked' AND OLD.state IN ('open', 'denied')) THEN"
    + probe_stands("NEW.id")
    + "END IF;"
)
# Who marked a lead had a part in it for good: no mark is taken back so that another's stands in its place. It falls before
# the row on which it rested changes, so this is asked as the transaction ends.
FALLEN = refused_while_it_holds(
    "NEW.state = 'open' AND OLD.state = 'marked'", "NEW.id",
    "A mark falls only with the evidence it rests on; a lead is cleared otherwise.",
)  # fmt: skip
SIGNED_OFF = f"""
IF NEW.state IN ('marked', 'applied', 'approved') AND OLD.state IS DISTINCT FROM NEW.state
   AND ecpd_parameter_boolean('lead_supervisor_signoff')
   AND NOT EXISTS (SELECT 1 FROM leads_leadsignoff s WHERE s.lead_id = NEW.id) THEN
    {refuse("FR-08", "The manual asks that a third person signs off on a lead first.")}
END IF;
"""
STEPS = f"""
IF OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
    'open>marked', 'marked>open', 'marked>applied', 'applied>marked', 'applied>approved', 'applied>denied',
    'denied>marked', 'open>cleared', 'marked>cleared', 'denied>cleared',
    'applied>cleared', 'approved>open', 'approved>cleared']) THEN
    {refuse("FR-10", "A lead cannot take that step.")}
END IF;
"""
# A lead is applied for, approved and denied only as its application is (FR-13).
AS_ITS_APPLICATION = f"""
IF NEW.state <> OLD.state AND NEW.state IN ('applied', 'approved', 'denied') AND NOT EXISTS (
        SELECT 1 FROM leads_warrantapplication a WHERE a.lead_id = NEW.id
        AND a.state = CASE NEW.state WHEN 'applied' THEN 'submitted' ELSE NEW.state END) THEN
    {refuse("FR-13", "No application says so.")}
END IF;
IF OLD.state = 'applied' AND NEW.state <> 'applied' AND EXISTS (
        SELECT 1 FROM leads_warrantapplication a WHERE a.lead_id = NEW.id AND a.state = 'submitted') THEN
    {refuse("FR-13", "Its application still waits for a decision.")}
END IF;
IF OLD.state = 'applied' AND NEW.state IN ('marked', 'denied') AND NEW.state <> (
        SELECT CASE a.state WHEN 'denied' THEN 'denied' ELSE 'marked' END FROM leads_warrantapplication a
        WHERE a.lead_id = NEW.id ORDER BY a.id DESC LIMIT 1) THEN
    {refuse("FR-13", "A lead goes on as its newest application ended: denied, or back to its mark.")}
END IF;
IF (OLD.state = 'cleared' OR OLD.state = 'approved' AND NEW.state <> 'cleared')
   AND (NEW.marked_by_id, NEW.marked_at, NEW.cleared_by_id, NEW.cleared_at, NEW.cleared_reason) IS DISTINCT FROM
        (OLD.marked_by_id, OLD.marked_at, OLD.cleared_by_id, OLD.cleared_at, OLD.cleared_reason) THEN
    {refuse("FR-14", "A lead that is approved or cleared cannot be changed.")}
END IF;
IF NEW.state = 'cleared' AND (NEW.cleared_by_id IS NULL OR NOT public.ecpd_says_something(NEW.cleared_reason)) THEN
    {refuse("FR-10", "Clearing says who and why.")}
END IF;
"""
# The candidate, and the case, of a lead whose id the SQL gives, for anchors.
CANDIDATE_OF_LEAD = "SELECT l.candidate_id FROM leads_lead l WHERE l.id = {}"
CASE_OF_LEAD = "SELECT l.case_id FROM leads_lead l WHERE l.id = {}"
# Who the person is, is an Identity (FR-26); the lead itself begins with nobody whom somebody has named.
ITS_PERSON = f"""
IF NOT EXISTS (SELECT 1 FROM cases_person p WHERE p.id = NEW.person_id AND p.case_id = NEW.case_id AND p.role = 'lead'
               AND p.unidentified AND p.withdrawn_at IS NULL AND p.merged_into_id IS NULL) THEN
    {refuse("FR-10", "The person of a lead is entered for it in the same case, as somebody whom nobody knows yet.")}
END IF;
IF EXISTS (SELECT 1 FROM cases_case k WHERE k.id = NEW.case_id AND k.status = 'closed') THEN
    {refuse("FR-13", "No lead is made in a closed case.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id
           JOIN cases_evidence e ON e.id = s.probe_id WHERE c.id = NEW.candidate_id AND e.withdrawn_at IS NOT NULL) THEN
    {refuse("FR-03", "No lead comes from a probe that was withdrawn.")}
END IF;
"""
# Two examiners who do not agree end a face for its probe, and so does one who finds another person: a new search does not
# begin it anew, and a lead that was made before goes no further.
ENDED = """EXISTS (SELECT 1 FROM leads_candidate mine CROSS JOIN LATERAL public.ecpd_candidates_of_the_face(mine.id) f(id)
           JOIN leads_candidate c ON c.id = f.id JOIN leads_examination x ON x.candidate_id = c.id
           WHERE mine.id = NEW.candidate_id AND x.conclusion <> 'possible_match'
             AND public.ecpd_one_probe(mine.search_id, c.search_id))"""
NOT_ENDED = f"""
IF {ENDED} THEN
    {refuse("FR-24", "An examiner did not think this face possible for this probe; it makes no lead.")}
END IF;
"""
STILL_NOT_ENDED = f"""
IF OLD.state IS DISTINCT FROM NEW.state AND (NEW.state IN ('applied', 'approved')
        OR NEW.state = 'marked' AND OLD.state IN ('open', 'denied')) AND {ENDED} THEN
    {refuse("FR-24", "An examiner has found since that this face is not possible for this probe; its lead goes no further.")}
END IF;
"""
# Cases that are tied afterward were one matter all the same: whoever knew one of them as he recorded was not blind.
BLIND_AFTER_ALL = f"""
IF (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM NEW.state AND (NEW.state IN ('applied', 'approved')
        OR NEW.state = 'marked' AND OLD.state IN ('open', 'denied')))
   AND EXISTS (SELECT 1 FROM public.ecpd_knew_the_matter(NEW.candidate_id)) THEN
    {refuse("FR-08", "The second examiner knew another case of this matter, or this face, and was not blind.")}
END IF;
"""
# Whoever searches in a case that he opened himself makes a lead once a captain has accepted it, in time (FR-02).
ACCEPTED = f"""
IF EXISTS (SELECT 1 FROM leads_candidate c WHERE c.id = NEW.candidate_id AND public.ecpd_self_opened(c.search_id) <> '') THEN
    {refuse("FR-02", "A case that its requester opened makes no lead until a captain has accepted it, in time.")}
END IF;
"""
STARTS_OPEN = f"""
IF NEW.state <> 'open' THEN {refuse("FR-10", "A lead begins open.")} END IF;
"""


class Lead(Record):
    """A person who is possibly the one on the probe. Nothing follows from it without other evidence."""

    may_change = {"state": ALWAYS} | dict.fromkeys(
        ("marked_by_id", "marked_at"), as_it_leaves("state", "open", "denied", to=("marked",))
    )

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "Needs evidence"
        MARKED = "marked", "Marked for warrant"
        APPLIED = "applied", "Application submitted"
        APPROVED = "approved", "Application approved"
        DENIED = "denied", "Application denied"
        CLEARED = "cleared", "Cleared"

    TRANSITIONS = {
        "open": {"marked", "cleared"},
        "marked": {"open", "applied", "cleared"},
        "applied": {"marked", "approved", "denied", "cleared"},
        "denied": {"marked", "cleared"},
        "approved": {"open", "cleared"},
        "cleared": set(),
    }

    number = models.CharField(max_length=12, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leads")
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="lead")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leads")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_index=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    marked_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_reason = models.TextField(blank=True)

    once = ("cleared_by_id", "cleared_at", "cleared_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(name="lead_number_by_year", fields=["year", "serial"])]
        triggers = [
            *Record.Meta.triggers,
            in_case("NEW.case_id"),
            of_the_face("NEW.candidate_id", on=ADDED_OR_CHANGED, step="state"),
            guard(
                "fr_07_fr_08_above_the_bar",
                ABOVE_THE_BAR,
                on=pgtrigger.Insert,
                declare=[
                    ("score", "numeric"),
                    ("requester", "bigint"),
                    ("case_of_search", "bigint"),
                    ("search_state", "text"),
                ],
            ),
            by_name("created_by_id", "marked_by_id", "cleared_by_id"),
            adds("created_by_id"),
            guard("fr_08_whole_list_sent", WHOLE_LIST_SENT, on=pgtrigger.Insert),
            guard("fr_10_its_person", ITS_PERSON, on=pgtrigger.Insert),
            guard("fr_24_not_ended", NOT_ENDED, on=pgtrigger.Insert),
            guard("fr_02_case_accepted", ACCEPTED, on=pgtrigger.Insert),
            guard("fr_10_starts_open", STARTS_OPEN, on=pgtrigger.Insert),
            guard("fr_08_signed_off", SIGNED_OFF, on=pgtrigger.Update),
            guard("fr_10_steps", STEPS, on=pgtrigger.Update),
            guard("fr_13_as_its_application", AS_ITS_APPLICATION, on=pgtrigger.Update),
            guard("fr_13_new_since_denied", NEW_SINCE_DENIED, on=pgtrigger.Update),
            at_commit("fr_13_mark_fell", FALLEN, on=pgtrigger.Update, declare=COUNTS),
            at_commit("fr_13_go_together", go_together("NEW.id"), on=pgtrigger.Update, declare=GO_TOGETHER_NEED),
            guard("fr_10_warrant_needs_corroboration", MARKED, on=pgtrigger.Update, declare=COUNTS),
            guard("fr_12_suspect_only", SUSPECT_ONLY, on=pgtrigger.Update),
            guard("fr_24_still_not_ended", STILL_NOT_ENDED, on=pgtrigger.Update),
            guard("fr_08_blind_after_all", BLIND_AFTER_ALL, on=pgtrigger.Insert | pgtrigger.Update),
            marked_now("fr_13_cleared_now", "cleared_at"),
            unchanged(
                "fr_14_lead_fixed",
                ["number", "case_id", "candidate_id", "person_id", "created_by_id", "created_at"],
                "FR-14",
                "Where a lead comes from cannot be changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lead {self.number}"

    def get_absolute_url(self) -> str:
        """The lead's page."""
        return reverse("leads:lead-detail", args=[self.number])
