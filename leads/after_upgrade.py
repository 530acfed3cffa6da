"""What an upgrade leaves for people to do in leads; `manage.py doctor` names it."""

from django.db.models import Exists, OuterRef

from ecpd.doctor.finding import Finding, ok, warn
from leads.models import Candidate, ExaminationRequest


def second_examinations() -> Finding:
    """Does a candidate wait for a second examiner whom nobody is (FR-08)?"""
    asked = ExaminationRequest.objects.filter(candidate=OuterRef("pk"))
    waiting = (
        Candidate.objects.filter(examinations__position=1, examinations__conclusion="possible_match")
        .exclude(examinations__position=2)
        .filter(Exists(asked.filter(state="withdrawn")), ~Exists(asked.filter(state="open")))
        .select_related("search")
        .order_by("search__number", "rank")
    )
    if names := [f"{candidate.search.number} candidate {candidate.rank}" for candidate in waiting]:
        return warn(
            "second looks",
            f"Withdrawn, and nobody else was asked: {', '.join(names)}.",
            "Who works on the case asks another certified examiner, on the candidate's page.",
        )
    return ok("second looks", "No withdrawn second examination waits for another examiner.")
