"""How allauth behaves here: accounts are made by an administrator, never by sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse

from ecpd.accounts import lockout


class AccountAdapter(DefaultAccountAdapter):
    """No self-registration; a locked account is told so."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up by themselves."""
        return False

    def pre_authenticate(self, request, **credentials) -> None:
        """Refuse a locked account before its password is looked at. Raises ImmediateHttpResponse."""
        if lockout.is_locked(str(credentials.get("username", ""))):
            raise ImmediateHttpResponse(lockout.locked_page(request))
        super().pre_authenticate(request, **credentials)
