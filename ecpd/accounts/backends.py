"""Sign-in by user name and password; a locked account cannot."""

from allauth.account.auth_backends import AuthenticationBackend


class AccountBackend(AuthenticationBackend):
    """allauth's backend, closed to accounts that are disabled or locked (AC-02)."""

    def user_can_authenticate(self, user) -> bool:
        """Whether the account may sign in at all."""
        return super().user_can_authenticate(user) and user.locked_at is None
