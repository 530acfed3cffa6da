"""Sign-in to the API by token."""

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from ecpd.accounts.backends import AccountBackend


class AccountTokenAuthentication(TokenAuthentication):
    """A token opens what its account may open now: nothing while it is disabled."""

    def authenticate_credentials(self, key: str):
        """(account with its roles, token). Raises AuthenticationFailed."""
        if not key.isalnum():
            raise AuthenticationFailed("Invalid token.")
        user, token = super().authenticate_credentials(key)
        account = AccountBackend().get_user(user.pk)
        if account is None:
            raise AuthenticationFailed("This account is disabled.")
        return account, token
