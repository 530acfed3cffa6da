"""Reads of examinations: who can still be blind, whom to ask."""

from django.db.models import QuerySet

from ecpd.accounts.models import TrainingCertificate, User
from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from leads.models import Candidate, Examination, ExaminationRequest, SearchRequest


def has_seen_the_result(user, search: SearchRequest) -> bool:
    """Whether the person opened this search's candidates (FR-08: a second examiner is blind)."""
    opened = Decision.objects.filter(actor=user, action="search.view", subject_id=str(search.pk), outcome="allowed")
    return opened.filter(subject_type=search._meta.label_lower).exists()


def blind_cases(user) -> QuerySet[ExaminationRequest, int]:
    """The ids of the cases of which a person is to know nothing for now: asked for a blind examination, not answered.

    What follows from a search names the first examiner's conclusion in many places: other leads, packets, the timeline.
    """
    asked = ExaminationRequest.objects.filter(examiner=user.pk, state=ExaminationRequest.State.OPEN)
    return asked.values_list("candidate__search__case", flat=True)


def possible_second_examiners(candidate: Candidate) -> QuerySet[User]:
    """Certified investigators who neither requested the search, examined the candidate nor saw the result."""
    search = candidate.search
    certified = TrainingCertificate.objects.current("facial_recognition").order_by().values("holder")
    saw = Decision.objects.filter(
        action="search.view",
        subject_type=search._meta.label_lower,
        subject_id=str(search.pk),
        outcome="allowed",
    )
    had_a_part = {search.requested_by_id, *candidate.examinations.values_list("examiner_id", flat=True)}
    return (
        User.objects.filter(groups__name=Role.INVESTIGATOR, is_active=True, pk__in=certified)
        .exclude(pk__in=had_a_part)
        .exclude(pk__in=saw.values("actor"))
        .order_by("last_name", "first_name")
    )


def other_examinations(case) -> QuerySet[Examination]:
    """Every examination of a case, in order: those of other candidates are disclosed as well (FR-14)."""
    return (
        Examination.objects.filter(candidate__search__case=case)
        .select_related("candidate__search", "candidate__face__photo", "examiner", "certificate")
        .order_by("candidate__search_id", "candidate__rank", "position")
    )
