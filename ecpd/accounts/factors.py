"""AC-01: second factors as allauth keeps them, their secrets encrypted with a key that is not in the database."""

from datetime import timedelta
from functools import lru_cache

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from ecpd.accounts.models import FactorAdded, User
from ecpd.policy.models import Decision
from ecpd.problem import ProblemError

PRIMARY = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes stand in for one of these

TOLD_FOR = timedelta(days=90)


class NoFactorKey(ProblemError):
    """Without its key no secret of a second factor can be read or made."""

    code = "no_factor_key"
    title = "Sign-in needs its key"
    status = 503

    def __init__(self) -> None:
        super().__init__("The key of the second factors is missing on the server. `manage.py doctor` says what to do.")


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The account's passkeys and authenticator app, the oldest first; recovery codes are none."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=PRIMARY).order_by("created_at", "pk")


def has_factor(user: User) -> bool:
    """Whether the account has a passkey or an authenticator app."""
    return factors_of(user).exists()


def is_last(authenticator: Authenticator) -> bool:
    """Whether the account would be without a second factor if this one went."""
    return not factors_of(authenticator.user).exclude(pk=authenticator.pk).exists()


def added_lately(user: User) -> list[FactorAdded]:
    """What was added to the account in the last 90 days, by whomever.

    Each sign-in tells it: what ended with the first would be told to whoever added it and signs in with it.
    """
    return list(user.factors_added.filter(at__gt=timezone.now() - TOLD_FOR))


def removed_lately(user: User) -> list[Decision]:
    """The decisions, in the person's name, by which factors or codes went in the last 90 days."""
    gone = Decision.objects.filter(actor=user, action="factor.remove", outcome=Decision.Outcome.ALLOWED)
    return list(gone.filter(at__gt=timezone.now() - TOLD_FOR).order_by("at"))


def passwords_set_lately(user: User) -> list[Decision]:
    """The decisions, in the person's name, by which a password was set in the last 90 days."""
    told = Decision.objects.filter(actor=user, action="password.set", outcome=Decision.Outcome.ALLOWED)
    return list(told.filter(at__gt=timezone.now() - TOLD_FOR).order_by("at"))


class FactorAdapter(DefaultMFAAdapter):
    """Encrypts (AES-128-CBC with HMAC-SHA-256, as Fernet defines it); names things in plain words."""

    def encrypt(self, text: str) -> str:
        """With the newest key. Raises NoFactorKey."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """With whichever key it was encrypted. Raises NoFactorKey, or InvalidToken where that key is gone."""
        return _keys().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Never the last one: an account without a second factor reaches nothing."""
        return not is_last(authenticator)

    def generate_authenticator_name(self, user, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner names it."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """This site, as the browser names it to the person."""
        return super().get_public_key_credential_rp_entity() | {"name": "ECPD"}


def _keys() -> MultiFernet:
    if not settings.FACTOR_KEYS:
        raise NoFactorKey
    return _made_of(tuple(settings.FACTOR_KEYS))


@lru_cache(maxsize=4)
def _made_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
