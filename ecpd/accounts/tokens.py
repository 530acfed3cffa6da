"""Sign-in to the API by token."""

import re

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from ecpd.accounts import api_tokens
from ecpd.accounts.backends import AccountBackend
from ecpd.accounts.factors import has_factor
from ecpd.accounts.throttles import count_unknown
from ecpd.policy import engine as policy
from ecpd.web.client_address import client_source

KEY = re.compile(r"[A-Za-z0-9_-]{20,100}")


class AccountTokenAuthentication(TokenAuthentication):
    """A token opens what its scope names of what its account may open now.

    Nothing while the account is disabled or has no second factor (AC-01).
    """

    def authenticate(self, request):
        """(account with its roles, token), or None without a key. Raises AuthenticationFailed, Throttled."""
        try:
            found = super().authenticate(request)
        except AuthenticationFailed:
            count_unknown(request)
            raise
        if found is not None:
            api_tokens.note_use(found[1], client_source(request))
        return found

    def authenticate_credentials(self, key: str):
        """(account with its roles, token). Raises AuthenticationFailed."""
        token = api_tokens.good_token(key) if KEY.fullmatch(key) else None
        if token is None:
            raise AuthenticationFailed("Invalid token.")
        account = AccountBackend().get_user(token.owner_id)
        if account is None:
            raise AuthenticationFailed("This account is disabled.")
        if not has_factor(account):
            raise AuthenticationFailed("This account has no second factor yet. Sign in on the pages and set one up.")
        account.token_actions = token.opens
        return account, token


def ask_scope(request, action: str) -> None:
    """Before anything that a token's request says is looked at: does its scope open this action at all?

    Raises PolicyDenied, on the record. Who comes without a token, or with one that opens it, is asked by the service.
    """
    scope = getattr(request.user, "token_actions", None)
    if scope is not None and action not in scope:
        policy.authorize_role(request.user, action)
