"""How allauth behaves here: accounts are made by an administrator, never by sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse

from ecpd.accounts import lockout, services, standing
from ecpd.accounts.factors import has_factor
from ecpd.accounts.stages import STAGES
from ecpd.web.client_address import client_source


class AccountAdapter(DefaultAccountAdapter):
    """No self-registration; who is locked out is told so; the second factor is what proves a person again."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": "That is not your current password.",
    }

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up by themselves."""
        return False

    def pre_authenticate(self, request, **credentials) -> None:
        """Say so where no password is looked at (AC-02). Raises ImmediateHttpResponse."""
        self._say_if_closed(request, credentials)
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request, **credentials) -> None:
        """The wrong password may have been one too many. Raises ImmediateHttpResponse."""
        super().authentication_failed(request, **credentials)
        self._say_if_closed(request, credentials)

    def _say_if_closed(self, request, credentials) -> None:
        if refusal := lockout.closed(str(credentials.get("username", "")), client_source(request)):
            raise ImmediateHttpResponse(lockout.closed_page(request, refusal))

    def set_password(self, user, password) -> None:
        """The person's own new one, by the person's decision. Raises PolicyDenied."""
        services.set_password(user=user, password=password)

    def get_login_stages(self) -> list[str]:
        """Second factor, then the notice of use; no codes by e-mail or telephone."""
        return STAGES

    def get_reauthentication_methods(self, user) -> list[dict]:
        """A password proves nothing again once there is a second factor: somebody may have looked on."""
        methods = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"] != "reauthenticate"] if has_factor(user) else methods

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Asked for factors only: who was authenticated in the last five minutes need not be again."""
        request = context.request
        return not standing.is_recent(request, request.user, by_factor=has_factor(request.user))
