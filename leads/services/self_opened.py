"""A captain accepts or refuses a case in which its opener searches; what was not accepted is veiled (FR-02)."""

from django.db import transaction

from cases.models import Case
from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from leads.models import CaseAcceptance, ExaminationRequest, SearchRequest, Veil
from leads.selectors.self_opened import of_acceptance, stands_of, to_veil, why_veiled
from leads.services import lot


def accept_case(*, case: Case, actor: User, accepted: bool, reason: str, shown: str | None = None) -> CaseAcceptance:
    """Accept or refuse a case that who searches in it opened himself, with reasons. Raises PolicyDenied.

    A refusal veils what its searches found, in the same transaction.
    """
    facts = {"case": case, "accepted": accepted, "shown": seen(shown, lambda: of_acceptance(case))}
    with policy.door(actor, "case.accept", case, justification=reason, **facts) as decision:
        answer = CaseAcceptance.objects.create(
            case=case, captain=actor, accepted=accepted, reason=reason.strip(), decision=decision
        )
        timeline.add(
            case=case,
            kind="case",
            headline=f"Case {'accepted' if accepted else 'refused'} by {actor.short_name}.",
            detail=answer.reason,
            actor=actor,
        )
        for search in to_veil().filter(case=case):
            veil(search)
    return answer


def veil_what_is_late() -> int:
    """Veil every result whose case no captain accepted in time; returns how many. For a worker, every few minutes."""
    veiled = 0
    for search in to_veil():
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).get(pk=search.case_id)  # who accepts it meanwhile is waited for
            if to_veil().filter(pk=search.pk).exists():
                veil(search)
                veiled += 1
    return veiled


def veil(search: SearchRequest) -> Veil:
    """Veil the result of a search, end the examinations of it that wait, tell the auditor, and say so on the case's timeline."""
    asked = ExaminationRequest.objects.filter(candidate__search=search, state=ExaminationRequest.State.OPEN)
    for one in asked.select_related("candidate"):
        lot.replace(asked=one, because=ExaminationRequest.Replaced.VEILED)
    drawn = Veil.objects.create(search=search, ground=stands_of(search))
    why = why_veiled(search)
    timeline.add(
        case=search.case,
        kind="search",
        headline=f"Result of search {search.number} veiled.",
        detail=why,
        url=search.get_absolute_url(),
    )
    record(actor=None, action="search.veiled", subject=search, case_number=search.case.case_number, why=why)
    return drawn
