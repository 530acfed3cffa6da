"""Sign-ins, sign-outs and failures go into the chain."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from ecpd.audit import labels
from ecpd.audit.services import record


def _signed_in(sender, request, user, **kwargs) -> None:
    record(actor=user, action="account.sign_in", subject=user)


def _signed_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        record(actor=user, action="account.sign_out", subject=user)


def _failed(sender, credentials, request=None, **kwargs) -> None:
    name = str(credentials.get("username") or credentials.get("login") or "")[:150]
    record(actor=None, action="account.sign_in_failed", actor_label=labels.UNKNOWN, username=name)


def connect() -> None:
    """Listen for Django's sign-in signals."""
    user_logged_in.connect(_signed_in, dispatch_uid="ecpd.audit.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="ecpd.audit.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="ecpd.audit.failed")
