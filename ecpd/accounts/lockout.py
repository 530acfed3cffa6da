"""AC-02: five failures in fifteen minutes lock an account until an administrator releases it."""

from axes.signals import user_locked_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit.services import record


def is_locked(username: str) -> bool:
    """Whether the account of this name is locked."""
    return User.objects.filter(username__iexact=username, locked_at__isnull=False).exists()


def counted_name(request: HttpRequest | None, credentials: dict | None = None) -> str:
    """django-axes' hook: the account's own name, however it was typed, so that every failure counts against it."""
    typed = str((credentials or {}).get("username") or "")
    known = User.objects.filter(username__iexact=typed).values_list("username", flat=True).first()
    return known or typed.casefold()[:255]


def locked_page(request: HttpRequest) -> HttpResponse:
    """What a locked-out person sees, status 429."""
    return render(request, "account/lockout.html", status=429)


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: dict | None = None, *args):
    """django-axes' hook for the answer to a locked-out person."""
    return locked_page(request)


def _lock(sender, request=None, username: str = "", **kwargs) -> None:
    locked = User.objects.filter(username__iexact=username, locked_at__isnull=True).update(locked_at=timezone.now())
    if locked:
        record(actor=None, action="account.locked", actor_label="Unknown person", username=username[:150])


def connect() -> None:
    """Listen for django-axes' signal."""
    user_locked_out.connect(_lock, dispatch_uid="ecpd.accounts.lockout")
