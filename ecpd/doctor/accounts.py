"""The accounts: those that an older version let become what the rules now refuse."""

import os

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from ecpd.accounts.models import ApiToken, User
from ecpd.accounts.names import is_allowed
from ecpd.accounts.roles import conflict
from ecpd.accounts.unused import lonely_administrator
from ecpd.doctor.finding import Finding, fail, ok, warn

FROM_OLDER = "Made by an older version"


def sides() -> Finding:
    """Does an account hold roles that exclude each other, or power beside its roles (AC-10)?"""
    wrong = []
    for user in User.objects.prefetch_related("groups").order_by("username"):
        if apart := conflict(group.name for group in user.groups.all()):
            wrong.append(f"{user.username} ({apart[0].label.lower()} and {apart[1].label.lower()})")
        elif user.is_superuser:
            wrong.append(f"{user.username} (superuser)")
    if wrong:
        return warn(
            "roles",
            f"Against AC-10: {', '.join(wrong)}.",
            "Take one of the roles away in the admin, under Accounts; a superuser by the database's owner.",
        )
    return ok("roles", "No account holds roles that exclude each other.")


def names() -> Finding:
    """Can an account's user name be taken for another's (AC-10)?"""
    alike = User.objects.filter(name_key=None).values_list("username", flat=True)
    other = [
        name for name in User.objects.exclude(name_key=None).values_list("username", flat=True) if not is_allowed(name)
    ]
    if wrong := sorted({*alike, *other}):
        return warn(
            "user names",
            f"Taken for another's, or with letters that look like others: {', '.join(map(ascii, wrong))}.",
            "Rename them in the admin, under Accounts; they sign in by the new name from then on.",
        )
    return ok("user names", "No user name can be taken for another's.")


def persons() -> Finding:
    """Are two accounts shown as one person (AC-10)?"""
    named = User.objects.filter(person_key=None).order_by("username")
    if wrong := list(named.values_list("username", flat=True)):
        return warn(
            "persons",
            f"With the rank, name and badge number of an older account: {', '.join(map(ascii, wrong))}.",
            "Give each its badge number in the admin, under Accounts, or disable the one that is not needed.",
        )
    return ok("persons", "No two accounts have one rank, name and badge number.")


def factor_key() -> Finding:
    """Can the second factors' secrets be read, and is their key private (AC-01)?"""
    stored = settings.DATA_DIR / "mfa_key"
    if not settings.FACTOR_KEYS:
        return fail(
            "second factors",
            "Their key is missing, so nobody signs in by a code.",
            "Set ECPD_MFA_KEY to the key that was in use; `make setup` makes one for a new installation.",
        )
    if not os.environ.get("ECPD_MFA_KEY") and stored.exists() and stored.stat().st_mode & 0o077:
        return fail("second factors", f"Other accounts can read {stored}.", f"Run `chmod 600 {stored}`.")
    try:
        for factor in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN):
            decrypt(factor.data.get("secret") or factor.data["seed"])
    except (InvalidToken, ValueError):
        return fail(
            "second factors",
            "Some secrets were encrypted with a key that is not here.",
            "Put the older key behind the newer one in ECPD_MFA_KEY, or rescue those accounts.",
        )
    return ok("second factors", "Their secrets can be read, and their key is private.")


def old_tokens() -> Finding:
    """Does a token of an older version, made for no named use and never asked about, still open the API?"""
    old = ApiToken.objects.filter(name=FROM_OLDER, revoked_at__isnull=True, expires_at__gt=timezone.now())
    if names := sorted(old.values_list("owner__username", flat=True)):
        return warn(
            "API tokens",
            f"Of an older version, good for 30 days after the upgrade: {', '.join(names)}.",
            "Each owner makes a token for its use under Account, API tokens, and revokes the old one.",
        )
    return ok("API tokens", "Every token has a name, a scope and an end.")


def administrators() -> Finding:
    """Is the last administrator an account that nobody uses (AC-05)?"""
    if lonely := lonely_administrator():
        return warn(
            "administrators",
            f"{lonely.username} is the only administrator and was not used for 90 days.",
            "It stays enabled, so that somebody can let others in: make a second administrator.",
        )
    return ok("administrators", "No administrator stays enabled unused.")


ACCOUNT_CHECKS = (sides, names, persons, factor_key, old_tokens, administrators)
