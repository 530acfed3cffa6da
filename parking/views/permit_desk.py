"""Applications at staff's desk: the queue, one application with its answer, entering one at the counter."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_errors, add_refusal, allowed_role, person, status_of
from ecpd.web.pagination import filter_links
from ecpd.web.shown import field_for
from parking.citations.money import dollars
from parking.citations.upload import UploadRefused
from parking.forms.permit import CounterForm
from parking.forms.permit_desk import DENIALS, DecideForm, ReasonForm
from parking.models import Permit, PermitApplication, PermitDocument
from parking.selectors.permit import at_address, claimed_by_others, claims_of, household_permits, permits_listed
from parking.selectors.permit_class import terms_in_force, terms_of
from parking.selectors.shown import application_parts
from parking.services import permit_application, permit_review
from parking.views.permit_portal import as_download, known_of, priced, words_of

PAGE = 25
APPROVED = "Address and documents are in order."


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Applications, those that wait first; each can be answered from the list."""
    allowed_role(request, "permit.view")
    state = request.GET.get("state") or "waiting"
    found = PermitApplication.objects.select_related("terms__permit_class", "entered_by").prefetch_related("documents")
    page = Paginator(found.filter(state=state), PAGE).get_page(request.GET.get("page"))
    claims = claims_of(page.object_list if state == "waiting" else [])
    for each in page:
        each.others = claims.get(each.pk, [])
        each.shown_field = field_for(application_parts(each, each.others))
    counted = PermitApplication.objects.order_by().values_list("state").annotate(count=Count("pk"))
    counts = dict(counted)
    links = [(value, word, counts.get(value, 0)) for value, word in PermitApplication.State.choices]
    context = {"page": page, "by_state": filter_links(request, "state", links), "state": state, "denials": DENIALS,
               "approved": APPROVED, "may_decide": person(request).may("permit.decide"),
               "may_enter": person(request).may("permit.enter")}  # fmt: skip
    return render(request, "parking/permit/queue.html", context)


def the_application(number: str) -> PermitApplication:
    """One application with what its page shows. Raises Http404."""
    found = PermitApplication.objects.select_related(
        "terms__permit_class", "entered_by", "renewal_of"
    ).prefetch_related("documents", "decisions__by", "permits", "terms__areas")
    return get_object_or_404(found, number=number)


@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, number: str) -> HttpResponse:
    """One application: what was asked, its documents, who else claims the address, the answer."""
    allowed_role(request, "permit.view")
    found, form = the_application(number), DecideForm(request.POST or None, initial={"reasons": ""})
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, found, form.cleaned_data["outcome"], form.cleaned_data["reasons"], "application")
        except PolicyDenied as denied:
            add_refusal(form, denied)
            found = the_application(number)
    user = person(request)
    household, others = household_permits(found), claimed_by_others(found)
    deciding = found.state == "waiting" and user.may("permit.decide")
    said = {"justification": request.POST.get("reasons", APPROVED), "outcome": "approve"}
    context = {
        "application": found, "terms": priced([found.terms])[0], "form": form, "reopen": ReasonForm(),
        "others": others,
        "shown_field": field_for(application_parts(found, others)), "at_address": at_address(found), "household": household,
        "price": dollars(found.terms.price(len(household) + 1)), "deciding": deciding,
        "verdicts": policy.explain(user, "permit.decide", found, **said) if deciding else [],
        "may_reopen": found.state in ("denied", "withdrawn") and user.may("permit.decide"),
        "may_withdraw": found.state == "waiting" and user.may("permit.enter"),
    }  # fmt: skip
    return render(request, "parking/permit/application.html", context, status=status_of(form))


@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """An answer from the list: two clicks."""
    outcome, reasons = request.POST.get("outcome", ""), request.POST.get("reasons", "")
    if outcome not in ("approve", "deny"):
        raise Http404
    return _decided(request, the_application(number), outcome, reasons, "queue")


def _decided(request: HttpRequest, found: PermitApplication, outcome: str, reasons: str, back: str) -> HttpResponse:
    answer = permit_review.approve if outcome == "approve" else permit_review.deny
    made = answer(application=found, actor=person(request), reasons=reasons)
    if isinstance(made, Permit):
        messages.success(request, f"{found.number} is approved: {made}. {dollars(made.price_cents)} to be paid.")
    else:
        messages.success(request, f"{found.number} is denied. The applicant reads your reasons.")
    return redirect("parking:permit-queue") if back == "queue" else redirect("parking:permit-application", found.number)


@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Look again."""
    permit_review.reopen(
        application=the_application(number), actor=person(request), reasons=request.POST.get("reason", "")
    )
    messages.success(request, f"{number} waits for an answer again.")
    return redirect("parking:permit-application", number)


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take an application back for somebody."""
    permit_application.withdraw_application(
        application=the_application(number), actor=person(request), reason=request.POST.get("reason", "")
    )
    messages.success(request, f"{number} is taken back.")
    return redirect("parking:permit-application", number)


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document of an application; opening it is recorded."""
    found = get_object_or_404(PermitDocument.objects.select_related("application"), pk=pk)
    policy.authorize(person(request), "permit.view", found.application, document=found.pk)
    return as_download(found)


@require_GET
def counter(request: HttpRequest) -> HttpResponse:
    """Which class is applied for at the counter."""
    allowed_role(request, "permit.enter")
    return render(request, "parking/permit/counter.html", {"classes": priced(terms_in_force())})


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Enter an application, or the renewal of a permit (?renew=)."""
    allowed_role(request, "permit.enter")
    if (terms := terms_of(code)) is None:
        raise Http404
    number = request.GET.get("renew")
    old = get_object_or_404(permits_listed(), number=number, terms__permit_class=terms.permit_class_id,
                            ended_at__isnull=True) if number else None  # fmt: skip
    known = known_of(old) | ({"email": old.application.email} if old else {})
    form = CounterForm(request.POST or None, request.FILES or None, terms=terms, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            made = permit_application.enter_application(
                actor=person(request), terms=terms, renewal_of=old, **form.told()
            )
            messages.success(request, f"{made} is entered and waits for a manager.")
            return redirect(made)
        except ValidationError as error:
            add_errors(form, error)
        except (UploadRefused, permit_application.CannotApply) as error:
            form.add_error(None, words_of(error))
    context = {"form": form, "terms": priced([terms])[0], "renewal_of": old}
    return render(request, "parking/permit/enter.html", context, status=422 if form.errors else 200)
