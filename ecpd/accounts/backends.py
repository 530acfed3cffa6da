"""Sign-in by user name and password, counted; the account of a session."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest

from ecpd.accounts import lockout, services
from ecpd.accounts.models import User
from ecpd.web.client_address import client_source


class AccountBackend(AuthenticationBackend):
    """allauth's backend: no password is looked at where too many were wrong (AC-02)."""

    def authenticate(self, request: HttpRequest | None, **credentials) -> User | None:
        """The account, or None for a wrong password. Raises PermissionDenied where none is looked at."""
        typed = str(credentials.get("username") or "")
        if not typed or credentials.get("password") is None:
            return None
        try:
            attempt = lockout.begin(typed, client_source(request) if request is not None else "")
        except lockout.Closed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        user = super().authenticate(request, **credentials)
        (lockout.failed if user is None else lockout.succeeded)(attempt)
        if user is not None:
            services.renew_hash(user=user, password=str(credentials["password"]))
        return user

    def get_user(self, user_id) -> User | None:
        """The signed-in account with its roles, in one query, or None when it may not sign in any more."""
        groups = ArrayAgg("groups__name", filter=Q(groups__isnull=False), default=[])
        user = User.objects.filter(pk=user_id).annotate(group_names=groups).first()
        return user if user is not None and self.user_can_authenticate(user) else None
