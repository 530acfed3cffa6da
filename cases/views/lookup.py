"""Finding what a page is about, for this person only: what one may not see does not exist."""

from django.db.models import Model
from django.http import Http404, HttpRequest

from cases.access import Level, can, permissions_of, remember
from cases.costs import costs_of
from cases.finding import the_one
from cases.models import Case, Evidence
from cases.selectors import cases_visible_to, numbers_in_words
from ecpd.policy import engine as policy


def the_case(request: HttpRequest, case_number: str) -> Case:
    """The case of this number. Raises Http404 when there is none or it is not for this person."""
    visible = (
        cases_visible_to(request.user)
        .select_related("offense", "captain", "opened_by")
        .annotate(permissions=permissions_of(request.user), known_as=numbers_in_words())
    )
    case = the_one(visible, request.user, "case.view", case_number=case_number)
    remember(request.user, case, case.permissions)
    return case


def opened_case(request: HttpRequest, case_number: str) -> Case:
    """The case, its opening on the record; a sealed one through the door each time."""
    case = the_case(request, case_number)
    case.opened_under = policy.authorize(request.user, "case.view", case).manual_version  # the page names it too
    return case


def the_exhibit(request: HttpRequest, case_number: str, number: int) -> Evidence:
    """An exhibit of a case. Raises Http404."""
    case = the_case(request, case_number)
    exhibit = (
        case.evidence.select_related("file", "derived_from", "added_by", "withdrawn_by").filter(number=number).first()
    )
    if exhibit is None:
        raise Http404
    exhibit.case = case
    return exhibit


def form_is_for(request: HttpRequest, action: str, subject: Model, *, case: Case, level: Level = "contribute") -> None:
    """Refuse the form of an action, on the record, to who could not send it. What is sent, the service judges."""
    user = request.user
    say_costs(request, action, case)
    if request.method == "GET" and not (user.may(action) and can(user, case, level)):
        policy.authorize(user, action, subject)


def say_costs(request: HttpRequest, action: str, case: Case) -> None:
    """The page of a form says what the act would cost whoever does it (`cases.costs`)."""
    request.costs = costs_of(case, request.user).get(action, "")  # type: ignore[attr-defined]


def rights(request: HttpRequest, case: Case) -> dict[str, bool]:
    """What this person may do with the case: which buttons a page shows."""
    user = request.user
    return {
        "contribute": can(user, case, "contribute") and user.may("case.contribute"),
        "manage": can(user, case, "manage") and user.may("case.manage"),
        "assign": can(user, case, "manage") and user.may("case.assign"),
        "seal": can(user, case, "manage") and user.may("case.seal"),
        "search": can(user, case, "contribute") and user.may("search.request"),
    }
