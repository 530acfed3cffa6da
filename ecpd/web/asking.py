"""Who is asking, and whether this person may: for views of every app."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from ecpd.accounts.models import User
from ecpd.policy import engine as policy


def person(request: HttpRequest) -> User:
    """Who is signed in; LoginRequiredMiddleware let nobody else through."""
    return cast(User, request.user)


def look(request: HttpRequest, action: str, subject=None, **facts) -> None:
    """Refuse who may not look; a refusal is recorded, a look is not."""
    if not policy.allows(person(request), action, subject, **facts):
        policy.authorize(person(request), action, subject, **facts)


def allowed_role(request: HttpRequest, action: str) -> None:
    """Refuse, on the record, who has no role for this action; a list shows everybody else what they may see."""
    if not person(request).may(action):
        policy.authorize_role(person(request), action)
        raise PermissionDenied
