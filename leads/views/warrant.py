"""Warrant applications: applying, the captain's page, the packet."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import vault
from cases.finding import nothing_there
from cases.views.lookup import form_is_for
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_refusal, status_of
from ecpd.web.pagination import filter_links
from ecpd.web.shown import field_for, said_by
from leads.forms.warrant import ApplyForm, DecideForm
from leads.models import Lead, WarrantApplication, WarrantStep
from leads.packet.content import PacketNow, how_it_was_used
from leads.packet.kept import kept_packet
from leads.packet.searches import CANDIDATES_OF
from leads.packet.section import Section
from leads.selectors.after import undisclosed, versions_of
from leads.selectors.came_in import approvals_that_count
from leads.selectors.lead import lead_in_full
from leads.selectors.search import candidates_of
from leads.selectors.shown import of_lead
from leads.selectors.warrant import application_for_packet, applications_visible_to
from leads.selectors.who_decides import captains_who_can_decide, chief_decides_from
from leads.services import warrant
from leads.views.after_panel import after_of
from leads.views.chain import chain_of
from leads.views.lead import entries_of, rows_of, the_lead
from leads.views.lookup import allowed_role, person

PAGE = 25


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Applications of the cases this person may see, newest first."""
    allowed_role(request, "warrant.view")
    visible = applications_visible_to(person(request)).order_by("-id")
    state = request.GET.get("state", "")
    found = visible.filter(state=state) if state in WarrantApplication.State.values else visible
    counts = dict(visible.order_by().values_list("state").annotate(n=Count("pk")))
    states = [(v, label, counts[v]) for v, label in WarrantApplication.State.choices if counts.get(v)]
    context = {"page": Paginator(found, PAGE).get_page(request.GET.get("page")), "filtered": bool(state),
               "by_state": filter_links(request, "state", states)}  # fmt: skip
    return render(request, "leads/warrant/list.html", context)


@require_http_methods(["GET", "POST"])
def apply_(request: HttpRequest, number: str) -> HttpResponse:
    """Apply for a warrant on a marked lead."""
    lead = the_lead(request, number)
    form_is_for(request, "warrant.apply", lead, case=lead.case)
    form = ApplyForm(request.POST or None, shows=of_lead(lead), lead=lead)
    if request.method == "POST" and form.is_valid():
        try:
            application = warrant.apply_for_warrant(
                lead=lead, actor=person(request), shown=form.shown, **form.cleaned_data
            )
            messages.success(request, f"{application} waits for a captain.")
            return redirect(application)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {"lead": lead, "form": form, "heading": "Apply for a warrant", "button": "Record and send to a captain"}
    return render(request, "leads/lead/form.html", context, status=status_of(form))


def the_application(request: HttpRequest, number: str) -> WarrantApplication:
    """The application of this number, if the person may see its case. Raises Http404."""
    try:
        lead = lead_in_full(person(request), applications__number=number)
    except Lead.DoesNotExist:
        nothing_there(WarrantApplication, person(request), "warrant.view", number=number)
    return next(one for one in lead.applications.all() if one.number == number)


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The whole chain at a glance, what speaks against, the checklist, and the captain's decision."""
    application = the_application(request, number)
    user = person(request)
    waits = application.state == WarrantApplication.State.SUBMITTED
    for_the_chief = waits and not captains_who_can_decide(application)
    deciding = waits and user.may("warrant.approve") and (Role.CAPTAIN in user.role_names or for_the_chief)
    packet = PacketNow(application, just_read=True)
    form = DecideForm(request.POST or None, shows=packet.parts if deciding else {})
    if request.method == "POST" and form.is_valid():
        try:
            _decide(application, user, form)
            messages.success(request, "Your decision is recorded. It can't be changed.")
            return redirect(application)
        except PolicyDenied as denied:
            add_refusal(form, denied)
            application = the_application(request, number)
    if request.method == "GET":
        policy.authorize(user, "warrant.view", application)
    said = {"justification": request.POST.get("reasons", ""), "read_packet": "read_packet" in request.POST,
            "packet": packet}  # fmt: skip
    verdicts = policy.explain(user, "warrant.approve", application, **said) if deciding else []
    lead = application.lead
    context = {
        "application": application, "lead": lead, "case": lead.case, "search": lead.candidate.search,
        "steps": chain_of(lead), "items": rows_of(lead, user),
        "against": entries_of(lead, user), "verdicts": verdicts, "deciding": deciding,
        "stale": _stale(application),
        "form": form, "summary": how_it_was_used(lead), "candidate": lead.candidate,
        "withdraw_field": field_for(of_lead(lead)),
        "after": after_of(application, user),
        "chief_from": chief_decides_from(application) if for_the_chief else None,
        "may_withdraw": application.applicant_id == user.pk
        and application.state == "submitted",
    }  # fmt: skip
    return render(request, "leads/warrant/detail.html", context, status=status_of(form))


def _stale(application: WarrantApplication) -> set[int]:
    """The captains whose approval counts no more, because something came in since they opened the packet."""
    if application.state != WarrantApplication.State.SUBMITTED:
        return set()
    approved = {one.captain_id for one in application.decisions.all() if one.outcome == "approve"}
    return approved - approvals_that_count(application) if approved else set()


def _decide(application: WarrantApplication, captain: User, form: DecideForm) -> None:
    answers = form.cleaned_data
    warrant.decide(application=application, actor=captain, approve=answers["outcome"] == "approve",
                   reasons=answers["reasons"], read_packet=answers["read_packet"], shown=form.shown)  # fmt: skip


def the_packet(request: HttpRequest, number: str) -> WarrantApplication:
    """The application whose packet this person may look for; `open_packet` asks the door. Raises Http404."""
    try:
        application = application_for_packet(person(request), number)
    except WarrantApplication.DoesNotExist:
        nothing_there(WarrantApplication, person(request), "warrant.packet", number=number)
    return application


@require_GET
def packet(request: HttpRequest, number: str) -> HttpResponse:
    """The packet as a page for screen and print: a sealed version as it was sealed, or what the records say now."""
    application = the_packet(request, number)
    sections, reading = warrant.open_packet(application=application, actor=person(request))
    sealed = the_version(request, application)
    search = application.lead.candidate.search
    context = {
        "application": application, "lead": application.lead, "reading": reading, "sealed": sealed,
        "sections": [Section(**one) for one in sealed.sections] if sealed else sections,
        "versions": versions_of(application), "waiting": undisclosed(application),
        "pictured": f"{CANDIDATES_OF}{search.number}", "faces": candidates_of(search),
    }  # fmt: skip
    return render(request, "leads/warrant/packet.html", context)


@require_GET
def packet_file(request: HttpRequest, number: str) -> FileResponse:
    """The packet as PDF: a sealed version after a decision, before that as it would be now."""
    application = the_packet(request, number)
    sections, _ = warrant.open_packet(application=application, actor=person(request))
    sealed = the_version(request, application)
    kept = sealed.packet if sealed else application.packet
    paper = vault.open_file(kept) if kept else kept_packet(application, sections)
    name = f"{application.number}-version-{sealed.version}" if sealed else application.number
    return FileResponse(paper, content_type="application/pdf", filename=f"{name}.pdf")


def the_version(request: HttpRequest, application: WarrantApplication) -> WarrantStep | None:
    """The sealed version that is asked for, else the newest; None before a decision, and for `now`. Raises Http404."""
    sealed, wanted = versions_of(application), request.GET.get("version", "")
    if wanted == "now" or (not sealed and not wanted):
        return None
    found = [one for one in sealed if wanted in ("", str(one.version))]
    if not found:
        raise Http404
    return found[-1]


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take an undecided application back."""
    warrant.withdraw_application(
        application=the_application(request, number), actor=person(request), shown=said_by(request)
    )
    messages.success(request, "The application is withdrawn; the lead is marked as before.")
    return redirect("leads:application-detail", number)
