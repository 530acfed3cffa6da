"""Sign-in to the API by token."""

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from ecpd.accounts.backends import AccountBackend
from ecpd.accounts.factors import has_factor


class AccountTokenAuthentication(TokenAuthentication):
    """A token opens what its account may open now: nothing while it is disabled or has no second factor (AC-01)."""

    def authenticate_credentials(self, key: str):
        """(account with its roles, token). Raises AuthenticationFailed."""
        if not key.isalnum():
            raise AuthenticationFailed("Invalid token.")
        user, token = super().authenticate_credentials(key)
        account = AccountBackend().get_user(user.pk)
        if account is None:
            raise AuthenticationFailed("This account is disabled.")
        if not has_factor(account):
            raise AuthenticationFailed("This account has no second factor yet. Sign in on the pages and set one up.")
        return account, token
