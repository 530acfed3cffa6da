"""Reads of the lot: among whom a second examiner is drawn, who was, and what a list still lacks (FR-08)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy.versions import settings_in_force
from leads.models import Candidate, Examination, ExaminationRequest
from leads.selectors.review import BEFORE_ASKED, why_not_blind

Replaced = ExaminationRequest.Replaced


def lot_of(candidate: Candidate) -> list[int]:
    """The keys of all who may be drawn for a candidate, as the database counts them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.ecpd_lot(%s) ORDER BY 1", [candidate.pk])
        return [key for (key,) in cursor.fetchall()]


def uncompared() -> QuerySet[Candidate]:
    """The candidates of any list that no first examiner has compared.

    Of a list that went on already, in a release that asked no more, those at or above the bar.
    """
    first = Examination.objects.filter(candidate=OuterRef("pk"), position=1)
    went_on = ExaminationRequest.objects.filter(candidate__search=OuterRef("search"))
    return Candidate.objects.filter(
        Q(match_score__gte=F("search__threshold")) | ~Exists(went_on), ~Exists(first)
    ).order_by("rank")


def not_compared(candidate: Candidate) -> list[Candidate]:
    """The candidates of its list that no first examiner has compared, by rank."""
    return list(uncompared().filter(search=candidate.search_id))


@dataclass(frozen=True)
class Listed:
    """A candidate at or above the bar: whether it went to a second examiner."""

    candidate: Candidate
    sent: bool


def of_its_list(candidate: Candidate) -> list[Listed]:
    """The candidates at or above the bar in the list of one, by rank."""
    answered = Examination.objects.filter(candidate=OuterRef("pk"), position=2)
    asked = ExaminationRequest.objects.filter(candidate=OuterRef("pk"), state=ExaminationRequest.State.OPEN)
    listed = (
        Candidate.objects.filter(search=candidate.search_id, match_score__gte=F("search__threshold"))
        .annotate(sent=Exists(asked) | Exists(answered))
        .select_related("search__case")
        .order_by("rank")
    )
    return [Listed(one, one.sent) for one in listed]


def not_sent(candidate: Candidate) -> list[Candidate]:
    """The candidates of its list at or above the bar that no second examiner has, though somebody could be drawn."""
    return [one.candidate for one in of_its_list(candidate) if not one.sent and lot_of(one.candidate)]


def waiting_for_somebody() -> QuerySet[Candidate]:
    """Candidates for whom somebody was asked or drawn, of whom nobody is left and nobody has answered."""
    asked = ExaminationRequest.objects.filter(candidate=OuterRef("pk"))
    answered = Examination.objects.filter(candidate=OuterRef("pk"), position=2)
    waiting = Candidate.objects.filter(Exists(asked), ~Exists(asked.filter(state="open")), ~Exists(answered))
    waiting = waiting.filter(examinations__position=1, search__veil=None)
    return waiting.select_related("search").order_by("search__number", "rank")


def answer_until(asked: ExaminationRequest) -> datetime:
    """Until when a second examiner may take before another can be drawn."""
    return asked.asked_at + timedelta(hours=settings_in_force()["second_exam_hours"])


def why_replace(asked: ExaminationRequest) -> str:
    """Why another may be drawn for this one, "" while there is no reason."""
    examiner = asked.examiner
    certified = examiner.is_active and Role.INVESTIGATOR in examiner.role_names and examiner.current_certificate
    if not certified or why_not_blind(asked.candidate, [examiner.pk], but_for=BEFORE_ASKED):
        return Replaced.UNFIT
    return Replaced.LATE if timezone.now() >= answer_until(asked) else ""


def drawn_for(candidate: Candidate) -> list[ExaminationRequest]:
    """All who were asked or drawn for a candidate, the first one first."""
    return list(candidate.examination_requests.select_related("examiner").order_by("pk"))
