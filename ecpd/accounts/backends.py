"""Sign-in by user name and password; a locked account cannot."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from ecpd.accounts.models import User


class AccountBackend(AuthenticationBackend):
    """allauth's backend, closed to accounts that are disabled or locked (AC-02)."""

    def user_can_authenticate(self, user) -> bool:
        """Whether the account may sign in at all."""
        return super().user_can_authenticate(user) and user.locked_at is None

    def get_user(self, user_id) -> User | None:
        """The signed-in account with its roles, in one query, or None when it may not sign in any more."""
        groups = ArrayAgg("groups__name", filter=Q(groups__isnull=False), default=[])
        user = User.objects.filter(pk=user_id).annotate(group_names=groups).first()
        return user if user is not None and self.user_can_authenticate(user) else None
