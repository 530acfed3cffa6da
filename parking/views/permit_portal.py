"""The permit portal, without accounts: an e-mail link opens somebody's own applications and permits in this browser."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.problem import ProblemError
from ecpd.web.asking import add_errors
from ecpd.web.client_address import client_source
from parking import store
from parking.citations.money import dollars
from parking.citations.upload import UploadRefused
from parking.forms.permit import ApplyForm, LinkForm, WithdrawForm
from parking.models import Permit, PermitApplication, PermitDocument, PermitTerms
from parking.selectors.permit import permits_of
from parking.selectors.permit_class import terms_in_force, terms_of
from parking.services import permit_application, permit_portal

KEY, OPEN_FOR = "permit_email", 2 * 3600  # seconds
GONE = "This link was used or is too old. Ask for a new one; it takes a minute."


@login_not_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What permits there are, and the way in by e-mail."""
    form = LinkForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "classes": priced(terms_in_force()), "open": opened_email(request)}
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        link = permit_portal.send_link(
            email=email, address=client_source(request),
            url_of=lambda token: request.build_absolute_uri(reverse("parking:permit-open", args=[token])),
        )  # fmt: skip
        return render(request, "parking/permit/sent.html", {"email": email, "link": link if settings.DEMO else ""})
    return render(request, "parking/permit/start.html", context, status=422 if form.is_bound and form.errors else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the e-mail, which works once. A button opens it: mail programs follow links by themselves."""
    opens = request.method == "POST"
    email = permit_portal.use_link(token) if opens else permit_portal.email_of(token)
    if not email:
        messages.error(request, GONE)
        return redirect("parking:permit-portal")
    if opens:
        request.session.cycle_key()
        request.session[KEY] = {"email": email, "since": int(time.time())}
        return redirect("parking:permit-mine")
    return render(request, "parking/permit/open.html", {"email": email})


def opened_email(request: HttpRequest) -> str:
    """The e-mail address this browser opened within two hours, or ""."""
    opened = request.session.get(KEY) or {}
    return opened.get("email", "") if time.time() - opened.get("since", 0) <= OPEN_FOR else ""


def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a view the e-mail address of this browser as `email`, or goes back to the start."""

    @login_not_required
    @wraps(view)
    def with_email(request: HttpRequest, **named: Any) -> HttpResponse:
        email = opened_email(request)
        if not email:
            request.session.pop(KEY, None)
            return redirect("parking:permit-portal")
        return view(request, email=email, **named)

    return with_email


@opened
@require_GET
def mine(request: HttpRequest, email: str) -> HttpResponse:
    """Applications and permits of this address."""
    applications = PermitApplication.objects.filter(email__iexact=email).exclude(state="approved")
    listed = applications.select_related("terms__permit_class").order_by("-id")
    return render(request, "parking/permit/mine.html", {"email": email, "permits": permits_of(email), "applications": listed,
                                                        "classes": priced(terms_in_force())})  # fmt: skip


@opened
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, email: str, code: str) -> HttpResponse:
    """Apply for a class, or renew one's permit (?renew=)."""
    terms = terms_of(code)
    if terms is None:
        raise Http404
    renewal_of = _renewed(request, email, terms)
    form = ApplyForm(request.POST or None, request.FILES or None, terms=terms, initial=known_of(renewal_of))
    if request.method == "POST" and form.is_valid():
        try:
            made = permit_application.apply_online(terms=terms, email=email, renewal_of=renewal_of, **form.told())
            messages.success(request, f"{made} is sent. A person looks at it; you get the answer by e-mail.")
            return redirect("parking:permit-mine")
        except ValidationError as error:
            add_errors(form, error)
        except (ProblemError, UploadRefused) as error:
            form.add_error(None, words_of(error))
    context = {"form": form, "terms": priced([terms])[0], "renewal_of": renewal_of}
    return render(request, "parking/permit/apply.html", context, status=422 if form.is_bound and form.errors else 200)


def _renewed(request: HttpRequest, email: str, terms: PermitTerms) -> Permit | None:
    number = request.GET.get("renew")
    if not number:
        return None
    return get_object_or_404(permits_of(email), number=number, terms__permit_class=terms.permit_class_id,
                             ended_at__isnull=True)  # fmt: skip


def known_of(permit: Permit | None) -> dict[str, str]:
    """What a renewal need not be asked again."""
    if permit is None:
        return {}
    old = permit.application
    known = {name: getattr(old, name) for name in ("name", "address", "unit", "phone")}
    for row in permit.left:
        if row.kind == row.Kind.OWN:
            known |= {f"plate_{row.place}": row.plate, f"state_{row.place}": row.plate_state}
    return known


def words_of(error: Exception) -> str:
    """What a person reads of an error."""
    return getattr(error, "message", "") or str(error)


def own_application(email: str, number: str) -> PermitApplication:
    """One's own application. Raises Http404."""
    return get_object_or_404(
        PermitApplication.objects.select_related("terms__permit_class").prefetch_related("documents", "decisions"),
        number=number, email__iexact=email,
    )  # fmt: skip


@opened
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, email: str, number: str) -> HttpResponse:
    """Where an application stands; taking it back."""
    found = own_application(email, number)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        permit_application.withdraw_application(application=found, reason=form.cleaned_data["reason"])
        messages.success(request, f"{found} is taken back.")
        return redirect("parking:permit-mine")
    return render(request, "parking/permit/own_application.html", {"application": found, "form": form})


@opened
@require_GET
def document(request: HttpRequest, email: str, pk: int) -> HttpResponse:
    """One's own document."""
    return as_download(get_object_or_404(PermitDocument, pk=pk, application__email__iexact=email))


def as_download(found: PermitDocument) -> HttpResponse:
    """A document, to be saved and never run by the browser."""
    response = HttpResponse(store.read(found.sha256), content_type=found.media_type)
    safe = "".join(letter for letter in found.name if letter.isalnum() or letter in " .-_")[:80]
    response["Content-Disposition"] = f'attachment; filename="{safe or "document"}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close it in this browser."""
    request.session.pop(KEY, None)
    return redirect("parking:permit-portal")


def priced(all_terms: list[PermitTerms]) -> list[PermitTerms]:
    """Rules with their prices in words."""
    for terms in all_terms:
        terms.prices_in_words = ", then ".join("free" if not cents else dollars(cents) for cents in terms.prices)
    return all_terms
