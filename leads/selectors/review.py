"""Reads of examinations: who can still be blind, whom to ask."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from cases.models import Case, CaseAccess, CaseAssignment, Evidence
from cases.models.by_name import EVER_NAMED
from ecpd.accounts.models import TrainingCertificate, User
from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from leads.models import Candidate, ExaminationRequest, SearchRequest


def has_seen_the_result(user, search: SearchRequest) -> bool:
    """Whether the person opened this search's candidates (FR-08: a second examiner is blind)."""
    opened = Decision.objects.filter(actor=user, action="search.view", subject_id=str(search.pk), outcome="allowed")
    return opened.filter(subject_type=search._meta.label_lower).exists()


def knows_the_case(user, case) -> bool:
    """Whether the person is or was assigned to a case, or may do anything on it by name."""
    return who_knows(case).filter(pk=user.pk).exists()


def who_knows(case) -> QuerySet[User]:
    """Who is or was assigned to a case, or has or had a permission on it by name: none of them is blind to it."""
    assigned = CaseAssignment.objects.filter(case=case).values("user")
    kind = ContentType.objects.get_for_model(case)
    named = CaseAccess.objects.filter(content_type=kind, object_pk=str(case.pk)).values("user")
    gone = RawSQL(f"SELECT u.id FROM accounts_user u WHERE {EVER_NAMED.format(person='u.id', case='%s')}", [case.pk])
    return User.objects.filter(Q(pk__in=assigned) | Q(pk__in=named) | Q(pk__in=gone))


def blind_cases(user) -> QuerySet[ExaminationRequest, int]:
    """The ids of the cases of which a person is to know nothing for now: asked for a blind examination, not answered.

    What follows from a search names the first examiner's conclusion in many places: other leads, packets, the timeline.
    """
    asked = ExaminationRequest.objects.filter(examiner=user.pk, state=ExaminationRequest.State.OPEN)
    return asked.values_list("candidate__search__case", flat=True)


def outsiders(people: QuerySet[User], case: Case) -> QuerySet[User]:
    """Those of these people who neither opened a case, added to it, nor did or saw anything else of it on the record.

    A blind examination is no such thing: it shows nothing of the case.
    """
    opened = Decision.objects.filter(case_number=case.case_number, outcome="allowed")
    acted = opened.exclude(action__startswith="review.")
    added = Evidence.objects.filter(case=case).values("added_by")
    return people.exclude(pk=case.opened_by_id).exclude(pk__in=added).exclude(pk__in=acted.values("actor"))


def possible_second_examiners(candidate: Candidate) -> QuerySet[User]:
    """Certified investigators who neither requested the search, examined the candidate, saw the result nor know the case."""
    search = candidate.search
    certified = TrainingCertificate.objects.current("facial_recognition").order_by().values("holder")
    saw = Decision.objects.filter(
        action="search.view",
        subject_type=search._meta.label_lower,
        subject_id=str(search.pk),
        outcome="allowed",
    )
    had_a_part = {search.requested_by_id, *candidate.examinations.values_list("examiner_id", flat=True)}
    able = User.objects.filter(groups__name=Role.INVESTIGATOR, is_active=True, pk__in=certified)
    return (
        outsiders(able, search.case)
        .exclude(pk__in=had_a_part)
        .exclude(pk__in=saw.values("actor"))
        .exclude(pk__in=who_knows(search.case).values("pk"))
        .order_by("last_name", "first_name")
    )
