"""Second factors, as rows: of the shape that devices make, though no device knows them."""

from typing import Any

from allauth.mfa.models import Authenticator

from ecpd.accounts.models import Factor, User

SECRET = "gAAAAAB" + "x" * 113  # as encrypted
APP: dict[str, Any] = {"secret": SECRET}
CODES: dict[str, Any] = {"seed": SECRET, "used_mask": 0}


def passkey(name: str = "Key", key: str = "a") -> dict[str, Any]:
    """What a passkey keeps."""
    response = {"clientDataJSON": "eyJ" + "x" * 60, "attestationObject": "o2" + "x" * 120}
    return {"name": name, "credential": {"id": key * 16, "rawId": key * 16, "type": "public-key", "response": response}}


def add_passkey(user: User) -> Factor:
    """Another factor of an account, with a secret of its own."""
    return Factor.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=passkey())
