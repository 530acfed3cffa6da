"""The plate usage policy: for the public as it is in force, for staff with its drafts and versions (PK-09)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row
from ecpd.web.asking import allowed_role, carried_out, person
from ecpd.web.shown import field_for
from parking.forms.device import ReasonForm
from parking.forms.plate_policy import PlatePolicyForm
from parking.models import PlatePolicy
from parking.selectors.plate_policy import policy_in_force, policy_versions
from parking.services import plate_policy as policies


@login_not_required
@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The policy in force, for everybody."""
    return render(request, "parking/plate_policy/public.html", {"policy": policy_in_force()})


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every version."""
    allowed_role(request, "device.view")
    shown = {
        "versions": policy_versions(),
        "in_force": policy_in_force(),
        "may_draft": person(request).may("plate_policy.draft"),
    }
    return render(request, "parking/plate_policy/list.html", shown)


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """A new version, beginning with the words of the one in force."""
    allowed_role(request, "plate_policy.draft")
    form = PlatePolicyForm(request.POST or None, initial=_words_in_force())
    if request.method == "POST" and form.is_valid():
        made = policies.draft_policy(actor=person(request), **form.cleaned_data)
        messages.success(request, f"{made} is drafted. The chief publishes it.")
        return redirect("parking:plate-policy", made.pk)
    return render(request, "parking/plate_policy/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write on a draft."""
    allowed_role(request, "plate_policy.draft")
    found = get_object_or_404(PlatePolicy, pk=pk, published_at=None)
    form = PlatePolicyForm(request.POST or None, instance=PlatePolicy.objects.get(pk=pk))
    saved, status = carried_out(
        request, form, lambda answers: policies.edit_draft(draft=found, actor=person(request), **answers)
    )
    if saved is not None:
        messages.success(request, "The draft is saved.")
        return redirect("parking:plate-policy", pk)
    shown = {"form": form, "policy": found, "shown_field": field_for(of_row(found))}
    return render(request, "parking/plate_policy/form.html", shown, status=status)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version, and what its publication waits for."""
    return _page(request, pk, ReasonForm())


def _page(request: HttpRequest, pk: int, form: ReasonForm) -> HttpResponse:
    allowed_role(request, "device.view")
    found = get_object_or_404(policy_versions(), pk=pk)
    user = person(request)
    publishing = found.published_at is None and user.may("plate_policy.publish")
    verdicts = policy.explain(user, "plate_policy.publish", found) if publishing else []
    shown = {
        "policy": found,
        "in_force": policy_in_force(),
        "verdicts": verdicts,
        "may_publish": publishing and not any(verdict.blocks for verdict in verdicts),
        "may_edit": found.published_at is None and user.may("plate_policy.draft"),
        "may_withdraw": found.published_at and not found.withdrawn_at and user.may("plate_policy.withdraw"),
        "form": form,
        "shown_field": field_for(of_row(found)),
    }
    return render(request, "parking/plate_policy/detail.html", shown, status=422 if form.errors else 200)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a version in force."""
    found = policies.publish_policy(draft=get_object_or_404(PlatePolicy, pk=pk), actor=person(request))
    messages.success(request, f"{found} is in force and public. Readers are heard from now on.")
    return redirect("parking:plate-policy", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a version out of force."""
    found, form = get_object_or_404(PlatePolicy, pk=pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            policies.withdraw_policy(published=found, actor=person(request), reason=form.cleaned_data["reason"])
            messages.success(request, f"{found} is withdrawn.")
            return redirect("parking:plate-policy", pk)
        except ValidationError as error:
            form.add_error("reason", error.messages)
    return _page(request, pk, form)


def _words_in_force() -> dict[str, str]:
    found = policy_in_force()
    return {name: getattr(found, name) for name in policies.PARTS} if found else {}
