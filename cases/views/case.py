"""One case: its page with tabs, opening and changing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import panels
from cases.costs import costs_of
from cases.forms import AssignForm, CaseChangeForm, CaseOpenForm, DecideReasonForm, NoteForm, StatusForm
from cases.models import Case, CaseAssignment, TimelineEntry
from cases.selectors import evidence_of, of_a_search, people_of, tab_counts, timeline_of, working_on
from cases.services import case as cases
from cases.shown import of_case, of_facts
from cases.views.lookup import form_is_for, opened_case, rights, the_case
from ecpd.accounts.roles import ACTIONS
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_errors, add_refusal, carried_out, status_of
from ecpd.web.pagination import filter_links

TABS = {"overview": "Overview", "evidence": "Evidence", "people": "People", "timeline": "Timeline"}
ON_OVERVIEW = 12


@require_GET
def detail(request: HttpRequest, case_number: str, tab: str = "overview") -> HttpResponse:
    """The case's page; each tab is an address of its own."""
    return _page(request, opened_case(request, case_number), tab, NoteForm())


def _page(request: HttpRequest, case: Case, tab: str, note_form: NoteForm) -> HttpResponse:
    others = panels.panels_of(case, request.user)
    if tab not in TABS and tab not in others:
        raise Http404
    exhibits = list(evidence_of(case)) if tab in ("overview", "evidence") else None
    people = list(people_of(case)) if tab in ("overview", "people") else None
    entries = timeline_of(case, request.user, request.GET.get("kind", ""))
    context = {
        "case": case, "tab": tab, "exhibits": exhibits, "people": people, "rights": rights(request, case),
        "working": list(working_on(case)), "numbers": case.known_as,
        "note_form": note_form, "tabs": _tabs(case, exhibits, people, others),
        "next_step": next((p.next_step for _, p in others.values() if p.next_step), None),
        "kinds": filter_links(request, "kind", [(k, label, None) for k, label in TimelineEntry.Kind.choices]),
        "kind": request.GET.get("kind", ""), "manual": case.opened_under,
        "costs": _costs(case, request.user) if tab == "overview" else {},
    }  # fmt: skip
    if tab == "timeline":
        context["entries"] = Paginator(entries, 50).get_page(request.GET.get("page"))
    else:
        context["entries"] = entries[:ON_OVERVIEW]
    if tab in others:
        panel = others[tab][1]
        context |= {"panel_template": panel.template, "panel": panel.context}
    return render(request, "cases/detail.html", context, status=status_of(note_form))


def _costs(case: Case, user) -> dict[str, list[str]]:
    """Acts in words, by what they would cost this person."""
    found: dict[str, list[str]] = {}
    for action, words in costs_of(case, user).items():
        found.setdefault(words, []).append(ACTIONS[action].words)
    return found


def _tabs(case, exhibits, people, others) -> list[tuple[str, str]]:
    counted = tab_counts(case) if exhibits is None or people is None else {}
    counted |= {"evidence": len(exhibits)} if exhibits is not None else {}
    counted |= {"people": len(people)} if people is not None else {}
    counted |= {key: panel.count for key, (_, panel) in others.items()}
    labels = {"overview": "Overview", "evidence": "Evidence"} | {k: label for k, (label, _) in others.items()}
    labels |= {"people": "People", "timeline": "Timeline"}
    return [(key, f"{label} ({counted[key]})" if key in counted else label) for key, label in labels.items()]


@require_GET
def printed(request: HttpRequest, case_number: str) -> HttpResponse:
    """The case file for printing."""
    case = opened_case(request, case_number)
    people, entries = people_of(case), timeline_of(case, request.user)
    context = {"case": case, "exhibits": evidence_of(case), "people": people, "entries": entries,
               "working": working_on(case), "of_a_search": of_a_search(people, entries)}  # fmt: skip
    return render(request, "cases/print.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Open a case."""
    if request.method == "GET" and not request.user.may("case.create"):
        policy.authorize(request.user, "case.create")
    form = CaseOpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = cases.open_case(actor=request.user, **form.cleaned_data)
            messages.success(request, f"{case} is open and assigned to you.")
            return redirect(case)
        except ValidationError as error:
            add_errors(form, error)
    return render(request, "cases/form.html", {"form": form, "heading": "Open a case"}, status=status_of(form))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, case_number: str) -> HttpResponse:
    """Change the facts of a case."""
    case = the_case(request, case_number)
    form_is_for(request, "case.manage", case, case=case, level="manage")
    form = CaseChangeForm(request.POST or None, instance=case, shows=of_facts(case))
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        try:
            cases.edit_case(case=the_case(request, case_number), actor=request.user, **changes)
            messages.success(request, "The facts are changed; the history keeps what stood before.")
            return redirect(case)
        except ValidationError as error:
            add_errors(form, error)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {"form": form, "heading": "Change the facts", "case": case}
    return render(request, "cases/form.html", context, status=status_of(form))


@require_POST
def note(request: HttpRequest, case_number: str) -> HttpResponse:
    """Write a note."""
    case = the_case(request, case_number)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            cases.add_note(case=case, actor=request.user, text=form.cleaned_data["text"])
            messages.success(request, "The note is on the timeline.")
            return redirect(case)
        except ValidationError as error:
            form.add_error("text", error.messages)
    return _page(request, opened_case(request, case_number), "overview", form)


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, case_number: str) -> HttpResponse:
    """Suspend, close or reopen."""
    case = the_case(request, case_number)
    form_is_for(request, "case.close", case, case=case, level="manage")
    form = StatusForm(request.POST or None, initial={"status": case.status}, shows=of_case(case))
    done, answered = carried_out(
        request, form, lambda answers: cases.set_status(case=case, actor=request.user, **answers)
    )
    if done is not None:
        return redirect(case)
    context = {"form": form, "heading": "Suspend, close or reopen", "case": case}
    return render(request, "cases/form.html", context, status=answered)


@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, case_number: str) -> HttpResponse:
    """Seal or unseal."""
    case = the_case(request, case_number)
    form_is_for(request, "case.seal", case, case=case, level="manage")
    form, wanted = DecideReasonForm(request.POST or None, shows=of_case(case)), not case.sealed
    done, answered = carried_out(request, form, lambda answers: cases.set_sealed(
        case=case, sealed=wanted, actor=request.user, reason=answers["reason"]
    ))  # fmt: skip
    if done is not None:
        return redirect(case)
    heading = "Unseal the case" if case.sealed else "Seal the case"
    context = {"form": form, "heading": heading, "button": heading, "words": _who_sees(case), "case": case}
    return render(request, "cases/form.html", context, status=answered)


def _who_sees(case: Case) -> str:
    """What sealing or unsealing does, and for whom."""
    if case.sealed:
        return "Investigators who are assigned keep their access; captains and the chief may look at the case again."
    working = [one.user.display_name for one in working_on(case)]
    names = ", ".join(dict.fromkeys([case.captain.display_name, *working]))
    return (
        f"Afterward only {names} and the auditor see it. Everybody else gets the answer of a case that does not exist."
    )


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, case_number: str) -> HttpResponse:
    """Assign an investigator."""
    case = the_case(request, case_number)
    form_is_for(request, "case.assign", case, case=case, level="manage")
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cases.assign(case=case, user=form.cleaned_data["user"], actor=request.user)
            return redirect(case)
        except ValidationError as error:
            add_errors(form, error)
    context = {"form": form, "heading": "Assign an investigator", "case": case, "working": working_on(case)}
    return render(request, "cases/form.html", context, status=status_of(form))


@require_POST
def end_assignment(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    """End somebody's work on the case."""
    case = the_case(request, case_number)
    assignment = CaseAssignment.objects.select_related("user", "case").filter(case=case, pk=pk).first()
    if assignment is None:
        raise Http404
    cases.end_assignment(assignment=assignment, actor=request.user)
    messages.success(request, f"{assignment.user.display_name} no longer works on this case.")
    return redirect(case)
