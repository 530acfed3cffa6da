"""Second factors, as rows."""

from allauth.mfa.models import Authenticator

from ecpd.accounts.models import Factor, User


def add_passkey(user: User) -> Factor:
    """Another factor of an account, with a secret of its own."""
    return Factor.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {"id": "a"}}
    )
