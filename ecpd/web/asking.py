"""Who is asking, and whether this person may: for views of every app."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm, BooleanField, Form
from django.http import HttpRequest, QueryDict

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy import shown
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.verdicts import Verdict
from ecpd.problem import ProblemError, StaleState


def person(request: HttpRequest) -> User:
    """Who is signed in; LoginRequiredMiddleware let nobody else through."""
    return cast(User, request.user)


class AnotherPerson(ProblemError):
    """What was sent was filled in by somebody else than who is signed in now."""

    code = "another_person"
    title = "Somebody else filled this in"
    status = 409


WHOSE = "answer_of"


def own_answer(request: HttpRequest) -> None:
    """Refuse what another person filled in on this device: a form says in `answer_of` whose it is.

    For forms that are kept in a browser until they can be sent. Raises AnotherPerson.
    """
    whose = request.POST.get(WHOSE, "")
    if whose and whose != str(person(request).pk):
        raise AnotherPerson("It is kept on this device until the person who filled it in signs in and sends it.")


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
        add_errors(form, error)
        return None, 422
    except StaleState as error:
        form.add_error(None, error.message)
        return None, error.status
    except PolicyDenied as denied:
        return None, add_refusal(form, denied)


def add_errors(form: BaseForm, error: ValidationError) -> None:
    """Show a service's refusal beside the answers it speaks of, and above the form what speaks of none.

    A service names its own arguments; a form that calls one of them otherwise says so in `answers_for`.
    """
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    called = getattr(form, "answers_for", {})
    for argument, messages in error.message_dict.items():
        name = called.get(argument, argument)
        form.add_error(name if name in form.fields else None, messages)


def add_refusal(form: Form, denied: PolicyDenied) -> int:
    """Say above the form which rules refused, why, and what would satisfy them; returns the status."""
    form.add_error(None, [f"{v.sentence} {v.remedy} ({rules})" for v, rules in _told_once(denied.blocking)])
    form.refusal_status = denied.status  # type: ignore[attr-defined]  # read by status_of
    if any(verdict.changed for verdict in denied.blocking):
        _take_back_declarations(form)
    return denied.status


def _take_back_declarations(form: Form) -> None:
    """What was declared of a page that has changed is declared anew: ticks that a form wants are not given back."""
    wanted = [name for name, field in form.fields.items() if isinstance(field, BooleanField) and field.required]
    said = form.data.copy() if isinstance(form.data, QueryDict) else dict(form.data)
    for name in wanted:
        said.pop(form.add_prefix(name), None)
    form.data = said


def _told_once(blocking: list[Verdict]) -> list[tuple[Verdict, str]]:
    """What kept the door shut, with its rules: that a page is old is not said beside a rule that names the same parts."""
    old = next((v for v in blocking if v.rule_id == shown.RULE and v.changed), None)
    same = next((v for v in blocking if old and v.rule_id != old.rule_id and old.changed <= v.changed), None)
    if old is None or same is None:
        return [(verdict, verdict.rule_id) for verdict in blocking]
    return [
        (verdict, f"{verdict.rule_id}, {old.rule_id}" if verdict is same else verdict.rule_id)
        for verdict in blocking
        if verdict is not old
    ]


def status_of(form: Form) -> int:
    """The status of a page with a form: 200 as it is opened, the refusal's own, else 422 when something is to fix."""
    return getattr(form, "refusal_status", 422) if form.is_bound and form.errors else 200
