"""Who is asking, and whether this person may: for views of every app."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState


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


def carried_out(request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], Any]) -> tuple[Any, int]:
    """What `act` makes of a sent form's answers, None when nothing came of it, and the status to answer with.

    A refusal stands above what was typed, so that nothing is lost.
    """
    if request.method != "POST":
        return None, 200
    if not form.is_valid():
        return None, 422
    try:
        return act(form.cleaned_data), 200
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None, 422
    except StaleState as error:
        form.add_error(None, error.message)
        return None, error.status
    except PolicyDenied as denied:
        return None, add_refusal(form, denied)


def add_refusal(form: Form, denied: PolicyDenied) -> int:
    """Say above the form which rules refused, why, and what would satisfy them; returns the status."""
    form.add_error(None, [f"{v.sentence} {v.remedy} ({v.rule_id})" for v in denied.blocking])
    return denied.status
