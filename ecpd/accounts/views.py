"""Pages of signing in that are the house's own: the notice, and allauth's set-up pages with what it leaves out."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods

from ecpd.accounts import enrolment, rescue, sessions, standing
from ecpd.accounts import notice as notice_of_use
from ecpd.accounts.factors import added_lately, factors_of, is_last, passwords_set_lately, removed_lately
from ecpd.accounts.models import FactorState, User
from ecpd.accounts.stages import NoticeStage
from ecpd.policy import engine as policy
from ecpd.problem import StaleState


@login_stage_required(stage=NoticeStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """AC-12: read, agree, go on; who does not agree signs out."""
    stage = request._login_stage  # type: ignore[attr-defined] # put there by the decorator
    if request.method == "POST":
        notice_of_use.acknowledge(request=request, user=stage.login.user)
        return stage.exit()
    shown = {"notice": notice_of_use.words(), "added": added_lately(stage.login.user),
             "removed": removed_lately(stage.login.user), "set": passwords_set_lately(stage.login.user)}  # fmt: skip
    return render(request, "account/notice.html", shown)


@require_http_methods(["GET", "POST"])
def enter_rescue(request: HttpRequest) -> HttpResponse:
    """The code of an enrolment or a rescue, before a second factor is set up; everybody else is told whom to call."""
    user = cast(User, request.user)
    enrols = not FactorState.objects.filter(user=user, first_at__isnull=False).exists()
    wrong = False
    if request.method == "POST":
        enter = enrolment.enter if enrols else rescue.enter
        if enter(request=request, user=user, code=request.POST.get("code", "")):
            return redirect("mfa_index")
        wrong = True
    shown = {"wrong": wrong, "way": rescue.way(request, user), "enrols": enrols}
    return render(request, "mfa/rescue.html", shown)


class _SetsUp:
    """Adds a factor under the account's lock; the first one may be set up once only, however many tabs try."""

    request: HttpRequest

    def form_valid(self, form) -> HttpResponse:
        """Add it. Raises StaleState when another session was first."""
        with transaction.atomic():
            user = _locked(self.request)
            is_first = not factors_of(user).exists()
            if not is_first and not standing.is_full(self.request, user):
                raise StaleState("A second factor was set up for this account meanwhile. Sign in with it.")
            response = super().form_valid(form)  # type: ignore[misc]
            if is_first:
                standing.note_set_up(self.request, user, cast(Authenticator, factors_of(user).first()))
        return response


class SetUpApp(_SetsUp, ActivateTOTPView):
    """An authenticator app: a picture to scan, and its first code."""


class AddPasskey(_SetsUp, AddWebAuthnView):
    """A passkey that can sign in by itself."""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Ask for one that the device finds by itself, and that asks for a finger, face or PIN."""
        shown = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(cast(User, self.request.user), passwordless=True)
        return shown | {"js_data": {"creation_options": options}}


class _TakesAway:
    """Removes a factor, never the last one."""

    request: HttpRequest

    def form_valid(self, form) -> HttpResponse:
        """Remove it under the account's lock, by the person's decision. Raises PolicyDenied, StaleState for the last one."""
        with _going(self.request):
            if is_last(self.authenticator_to_go()):
                raise StaleState("This is your only second factor. Add another one first, then remove this one.")
            answer = super().form_valid(form)  # type: ignore[misc]
            sessions.end_others(request=self.request, user=cast(User, self.request.user))  # whoever signed in with it
        return answer

    def authenticator_to_go(self) -> Authenticator:
        """Which one."""
        raise NotImplementedError


class SignInByPasskey(LoginWebAuthnView):
    """Sign in with a passkey alone, and go on to where the person was going, as after a password."""

    def form_valid(self, form) -> HttpResponse:
        """allauth's, with the address that the form passes on."""
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        return flows.perform_passwordless_login(self.request, authenticator, login)


class ViewCodes(ViewRecoveryCodesView):
    """The recovery codes, once: of two tabs that ask at the same moment the first shows them."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """One after the other, under the account's lock."""
        with transaction.atomic():
            _locked(request)
            return super().get(request, *args, **kwargs).render()


class MakeCodes(GenerateRecoveryCodesView):
    """Other recovery codes instead of those that its page spoke of."""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """With the number of the codes that it would end."""
        return super().get_context_data(**kwargs) | {"instead_of": self._present()}

    def form_valid(self, form) -> HttpResponse:
        """Make them. Raises PolicyDenied, StaleState where another tab did so since: its codes would end unseen."""
        replaced = self._present() != "none"
        with _going(self.request) if replaced else _alone(self.request):
            if self.request.POST.get("instead_of") != self._present():
                raise StaleState("New recovery codes were made since this page was opened. Open the page of second "
                                 "factors again; if it was not you, tell an administrator.")  # fmt: skip
            answer = super().form_valid(form)
            if replaced:  # sessions that were opened with a code that was seen
                sessions.end_others(request=self.request, user=cast(User, self.request.user))
        return answer

    def _present(self) -> str:
        codes = Authenticator.objects.filter(user_id=cast(User, self.request.user).pk, type="recovery_codes").first()
        return str(codes.pk) if codes else "none"


class RemoveApp(_TakesAway, DeactivateTOTPView):
    """Take the authenticator app away."""

    def authenticator_to_go(self) -> Authenticator:
        """The account's one app."""
        return self.authenticator


class RemovePasskey(_TakesAway, RemoveWebAuthnView):
    """Take a passkey away."""

    success_url = reverse_lazy("mfa_index")

    def authenticator_to_go(self) -> Authenticator:
        """The one in the address."""
        return self.get_object()


def _going(request: HttpRequest) -> AbstractContextManager[object]:
    """The door of whoever takes a factor of the own account away; the account is locked meanwhile."""
    user = User.objects.get(pk=cast(User, request.user).pk)  # the row itself, for the door to lock
    return policy.door(user, "factor.remove", user)


@contextmanager
def _alone(request: HttpRequest) -> Iterator[None]:
    """The account, locked, where nothing of it goes: no door is asked, and the notice of use tells nothing."""
    with transaction.atomic():
        _locked(request)
        yield


def _locked(request: HttpRequest) -> User:
    """The account, locked: what changes its factors goes one after the other."""
    return User.objects.select_for_update().get(pk=cast(User, request.user).pk)
