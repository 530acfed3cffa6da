"""How allauth behaves here: accounts are made by an administrator, never by sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse

from ecpd.accounts import lockout, standing
from ecpd.accounts.factors import has_factor
from ecpd.accounts.stages import STAGES


class AccountAdapter(DefaultAccountAdapter):
    """No self-registration; a locked account is told so; the second factor is what proves a person again."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up by themselves."""
        return False

    def pre_authenticate(self, request, **credentials) -> None:
        """Refuse a locked account before its password is looked at. Raises ImmediateHttpResponse."""
        if lockout.is_locked(str(credentials.get("username", ""))):
            raise ImmediateHttpResponse(lockout.locked_page(request))
        super().pre_authenticate(request, **credentials)

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
