"""Passkeys that can be read: one that cannot is left out, and keeps nobody from signing in by the others (AC-01).

allauth reads every passkey of an account for its page, and one row that is none of its own ends the page.
"""

import logging
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth

logger = logging.getLogger(__name__)


def readable(user: Any) -> Iterator[tuple[Authenticator, Any]]:
    """Each passkey of an account with its public part."""
    for one in Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN):
        try:
            credential = one.wrap().authenticator_data.credential_data
        except Exception:  # whatever the library makes of what is no passkey
            logger.warning("Passkey %s of account %s cannot be read and is left out.", one.pk, user.pk)
            continue
        if credential:
            yield one, credential


def credentials_of(user: Any) -> list[Any]:
    """In the place of the library's `get_credentials`."""
    return [credential for _, credential in readable(user)]


def passkey_by_id(user: Any, credential_id: bytes) -> Authenticator | None:
    """In the place of the library's `get_authenticator_by_credential_id`."""
    return next((one for one, credential in readable(user) if credential.credential_id == credential_id), None)


def connect() -> None:
    """Have the library ask here."""
    auth.get_credentials = credentials_of
    auth.get_authenticator_by_credential_id = passkey_by_id
