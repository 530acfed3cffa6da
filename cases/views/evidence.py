"""Exhibits: adding, showing, handing over, withdrawing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import display, vault
from cases.costs import costs_of
from cases.forms import CustodyForm, DecideReasonForm, DerivativeForm, EvidenceForm
from cases.selectors import last_check
from cases.services import evidence as exhibits
from cases.shown import of_exhibit
from cases.vault import FileRefused
from cases.views.lookup import form_is_for, rights, the_case, the_exhibit
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_errors, add_refusal, status_of


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, case_number: str) -> HttpResponse:
    """Add an exhibit."""
    case = the_case(request, case_number)
    form_is_for(request, "evidence.add", case, case=case)
    start = {"obtained_at": timezone.localtime(), "kind": request.GET.get("kind", ""), "location": "Evidence server"}
    form = EvidenceForm(request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        details = dict(form.cleaned_data)
        upload = details.pop("upload")
        try:
            exhibit = exhibits.add_evidence(
                case=case, actor=request.user, file=upload, file_name=upload.name if upload else "", **details
            )
            messages.success(request, f"{exhibit.label} is added; its custody begins with you.")
            return redirect(exhibit)
        except FileRefused as error:
            form.add_error("upload", error.message)
        except ValidationError as error:
            add_errors(form, error)
    return render(request, "cases/evidence_form.html", {"form": form, "case": case}, status=status_of(form))


@require_GET
def detail(request: HttpRequest, case_number: str, number: int) -> HttpResponse:
    """One exhibit with its custody."""
    exhibit = the_exhibit(request, case_number, number)
    policy.authorize(request.user, "case.view", exhibit.case)
    custody = list(exhibit.custody.select_related("recorded_by"))
    holder = custody[-1].to_party if custody else ""
    context = {
        "exhibit": exhibit, "case": exhibit.case, "rights": rights(request, exhibit.case), "custody": custody,
        "derivatives": exhibit.derivatives.filter(withdrawn_at__isnull=True).select_related("case"),
        "checked": last_check(exhibit) if exhibit.file else None,
        "may_download": exhibit.file and request.user.may("evidence.download"),
        "costs": costs_of(exhibit.case, request.user).get("evidence.hand_over", ""),
        "custody_form": CustodyForm(initial={"at": timezone.localtime(), "from_party": holder}),
    }  # fmt: skip
    return render(request, "cases/evidence_detail.html", context)


@require_POST
def check(request: HttpRequest, case_number: str, number: int) -> HttpResponse:
    """Hash the file again; the answer is on the record."""
    exhibit = the_exhibit(request, case_number, number)
    if exhibit.file is None:
        raise Http404
    if exhibits.check_hash(evidence=exhibit, actor=request.user):
        messages.success(request, f"{exhibit.label}: the file still has the hash it was added with.")
    else:
        messages.error(request, f"{exhibit.label}: the file is missing or was changed. Tell the captain at once.")
    return redirect(exhibit)


@require_http_methods(["GET", "POST"])
def derive(request: HttpRequest, case_number: str, number: int) -> HttpResponse:
    """Add an edit beside the original."""
    original = the_exhibit(request, case_number, number)
    form_is_for(request, "evidence.add", original.case, case=original.case)
    form = DerivativeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        details = dict(form.cleaned_data)
        upload = details.pop("upload")
        try:
            made = exhibits.add_derivative(
                original=original, actor=request.user, file=upload, file_name=upload.name, **details
            )
            return redirect(made)
        except FileRefused as error:
            form.add_error("upload", error.message)
        except ValidationError as error:
            add_errors(form, error)
    context = {"form": form, "case": original.case, "original": original}
    return render(request, "cases/evidence_form.html", context, status=status_of(form))


@require_http_methods(["POST"])
def hand_over(request: HttpRequest, case_number: str, number: int) -> HttpResponse:
    """Record a link of the chain of custody."""
    exhibit = the_exhibit(request, case_number, number)
    form = CustodyForm(request.POST)
    if form.is_valid():
        try:
            exhibits.hand_over(evidence=exhibit, actor=request.user, **form.cleaned_data)
            messages.success(request, "The hand-over is recorded.")
            return redirect(exhibit)
        except ValidationError as error:
            add_errors(form, error)
    context = {"form": form, "case": exhibit.case, "heading": f"Hand over {exhibit.label}"}
    return render(request, "cases/form.html", context, status=422)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, case_number: str, number: int) -> HttpResponse:
    """Withdraw an exhibit with a reason."""
    exhibit = the_exhibit(request, case_number, number)
    form_is_for(request, "evidence.withdraw", exhibit, case=exhibit.case)
    form = DecideReasonForm(request.POST or None, shows=of_exhibit(exhibit))
    if request.method == "POST" and form.is_valid():
        try:
            exhibits.withdraw_evidence(
                evidence=exhibit, actor=request.user, reason=form.cleaned_data["reason"], shown=form.shown
            )
            messages.success(request, f"{exhibit.label} is withdrawn; it stays readable.")
            return redirect(exhibit)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {"form": form, "case": exhibit.case, "heading": f"Withdraw {exhibit.label}"}
    return render(request, "cases/form.html", context, status=status_of(form))


@require_GET
def picture(request: HttpRequest, case_number: str, number: int) -> HttpResponse:
    """The exhibit for showing: a picture without metadata."""
    exhibit = the_exhibit(request, case_number, number)
    try:
        copy = display.picture_of(exhibit.file) if exhibit.file else None
    except display.PictureNotReady:
        return display.waiting()
    return HttpResponse(copy or display.placeholder(), content_type="image/jpeg")


@require_GET
def original(request: HttpRequest, case_number: str, number: int) -> FileResponse:
    """The original file; every download is on the record."""
    exhibit = the_exhibit(request, case_number, number)
    if exhibit.file is None:
        raise Http404
    policy.authorize(request.user, "evidence.download", exhibit)
    response = FileResponse(vault.open_file(exhibit.file), as_attachment=True, filename=exhibit.file_name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response
