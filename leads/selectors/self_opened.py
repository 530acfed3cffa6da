"""Reads of cases in which their opener searches: where each stands, and which results are veiled (FR-02).

The database says how a search stands (`ecpd_self_opened`): "" where nobody has to accept its case or a captain did in time,
else waits, refused, late.
"""

from django.db.models import CharField, Exists, Func, Min, OuterRef, QuerySet

from cases.models import Case
from cases.selectors import cases_visible_to
from ecpd.accounts.models import User
from ecpd.accounts.roles import READS_VEILED_RESULTS
from ecpd.web.words import moment
from leads.models import CaseAcceptance, SearchRequest, Veil
from leads.selectors.history import matter_of

WAITS, REFUSED, LATE = "waits", "refused", "late"
VEILED = (REFUSED, LATE)


class Stands(Func):
    """How the search stands that an expression names."""

    function = "public.ecpd_self_opened"
    output_field = CharField()


def stands_of(search: SearchRequest) -> str:
    """How a search stands; as it was read with it, or asked now."""
    known = search.__dict__.get("stands")
    if known is not None or search.accept_by is None:
        return known or ""
    return SearchRequest.objects.filter(pk=search.pk).values_list(Stands("pk"), flat=True).get() or ""


def is_veiled_for(search: SearchRequest, user: User) -> bool:
    """Whether the result of this search is closed to this person."""
    return not READS_VEILED_RESULTS & user.role_names and stands_of(search) in VEILED


def why_veiled(search: SearchRequest) -> str:
    """The sentence that pages say in place of a result."""
    refusal = search.case.acceptances.filter(accepted=False).select_related("captain").first()
    if refusal is not None:
        return (
            f"{refusal.captain.display_name} refused this case, which {search.requested_by.short_name} opened and searched in: "
            f"{refusal.reason}"
        )
    when = f" by {moment(search.accept_by)}" if search.accept_by else ""
    return f"{search.requested_by.short_name} opened this case and searched in it; no captain accepted it{when}."


def opened_by_who_searches(user: User) -> QuerySet[Case]:
    """The cases this person may see in which their opener searched and that no captain accepted: `by`, until when one
    does; those that were refused are out."""
    asked = SearchRequest.objects.filter(case=OuterRef("pk"), accept_by__isnull=False)
    answered = CaseAcceptance.objects.filter(case=OuterRef("pk"))
    found = cases_visible_to(user).filter(Exists(asked)).exclude(Exists(answered)).select_related("opened_by")
    return found.annotate(by=Min("searches__accept_by")).order_by("by", "pk")


def searches_to_accept(case: Case) -> list[SearchRequest]:
    """The searches of a case that wait for a captain's word, the oldest first."""
    found = case.searches.filter(accept_by__isnull=False).select_related("probe", "requested_by", "offense", "case")
    return list(found.defer("probe_embedding").annotate(stands=Stands("pk")).order_by("pk"))


def part_in(case: Case, user: User) -> str:
    """What this person did in the matter that keeps a captain from accepting it, or ""."""
    matter = matter_of(case.pk)
    if Case.objects.filter(pk__in=matter, opened_by=user).exists():
        return "You opened a case of this matter."
    if SearchRequest.objects.filter(case__in=matter, requested_by=user).exists():
        return "You searched in this matter."
    return ""


def to_veil() -> QuerySet[SearchRequest]:
    """Searches with a result whose case was refused or not accepted in time, and that are not veiled yet."""
    found = SearchRequest.objects.filter(state="done", accept_by__isnull=False, veil__isnull=True)
    return found.select_related("case", "requested_by").annotate(stands=Stands("pk")).filter(stands__in=VEILED)


def veils_newest_first() -> QuerySet[Veil]:
    """Every veil, for the auditor."""
    return Veil.objects.select_related("search__case", "search__requested_by").order_by("-pk")


def of_acceptance(case: Case) -> dict:
    """What a captain is shown who accepts or refuses a case (`ecpd.policy.shown`)."""
    return {
        "the case": [case.pk, case.title, case.summary, case.offense_id, case.status, case.opened_by_id],
        "the searches": [[one.pk, one.purpose, one.facts] for one in searches_to_accept(case)],
        "what was answered before": list(case.acceptances.order_by("pk").values_list("pk", "accepted")),
    }
