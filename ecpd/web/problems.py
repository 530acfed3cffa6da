"""Every error in one place: which page and which JSON (RFC 9457) it becomes."""

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, OperationalError
from django.forms.utils import pretty_name
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from ecpd.accounts.roles import ACTIONS
from ecpd.policy.constraints import problem_of
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import ProblemError
from ecpd.timeouts import busy

log = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"
API = "/api/"


class UnusableValue(ProblemError):
    """Something was sent that the database cannot keep: a sign that is none, a number without end."""

    code = "unusable_value"
    title = "That cannot be kept"

    def __init__(self) -> None:
        super().__init__("Something you entered holds a sign or a number that cannot be kept. Type it again by hand.")


class AnotherLook(ProblemError):
    """A value that a service or the database refused, and that no view showed beside its field."""

    code = "invalid"
    title = "Some values need another look"

    def __init__(self, error: ValidationError) -> None:
        super().__init__(_all_said(error))


def _all_said(error: ValidationError) -> str:
    """Every sentence of it; what is said of "this field" with the field's name before it."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    said = [(name, each) for name, messages in error.message_dict.items() for each in messages]
    unnamed = {name for name, each in said if name != NON_FIELD_ERRORS and each.startswith("This ")}
    return " ".join(f"{pretty_name(name)}: {each}" if name in unnamed else each for name, each in said)


def typed(error: Exception) -> ProblemError | None:
    """An error as people meet it; None for a bug. What the database refuses or cannot keep is none, whoever sent it."""
    if isinstance(error, IntegrityError):
        return problem_of(error)
    if isinstance(error, OperationalError):
        return busy(error)
    if isinstance(error, DataError):
        log.warning("The database cannot keep a value.", exc_info=error)
        return UnusableValue()
    if isinstance(error, ValidationError):
        return AnotherLook(error)
    return error if isinstance(error, ProblemError) else None


def as_problem(error: ProblemError) -> dict[str, Any]:
    """The problem details of a typed error. A policy refusal also names its decision and every verdict."""
    problem = _problem(error.code, error.title, error.status, error.message)
    if isinstance(error, PolicyDenied):
        problem |= {"decision": error.decision_id, "verdicts": [verdict.as_json() for verdict in error.verdicts]}
    return problem


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """Django REST framework's hook: every error leaves as application/problem+json; None lets a bug surface as 500."""
    if (error := typed(exc)) is not None:
        if error is not exc:
            set_rollback()
        named = {"errors": _by_field(exc)} if isinstance(exc, ValidationError) else {}
        return _json(as_problem(error) | named)
    response = exception_handler(exc, context)
    return _json(_from_framework(exc, response), headers=dict(response.items())) if response is not None else None


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def problem_page(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """The page of a typed error: "Refused" with rules and remedies for a policy refusal, else its sentence.

    A live part of a page (htmx) gets the same words as a piece, put at the top of the page it came from.
    """
    refused = isinstance(error, PolicyDenied)
    piece = "web/_refused.html" if refused else "web/_problem.html"
    met = [verdict for verdict in error.verdicts if not verdict.blocks] if isinstance(error, PolicyDenied) else []
    context = {"error": error, "piece": piece, "back": _way_back(request), "asked": _asked(error), "met": met}
    if getattr(request, "htmx", False):
        response = render(request, piece, context, status=error.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#problem", "innerHTML show:top"
        return response
    return render(request, "web/problem.html", context, status=error.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: a request that was refused before a view saw it."""
    if request.path.startswith(API):
        return _json(_problem("bad_request", "Bad Request", 400, "The request cannot be read."))
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: an address that leads nowhere."""
    if request.path.startswith(API):
        return _json(_problem("not_found", "Not Found", 404, "There is nothing at this address."))
    user = getattr(request, "user", None)
    may_search_cases = bool(user and user.is_authenticated and user.may("case.view"))
    return render(request, "404.html", {"may_search_cases": may_search_cases}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a bug, which the log describes; the answer tells nothing of it."""
    if request.path.startswith(API):
        return _json(_problem("server_error", "Internal Server Error", 500, "It wasn't you. Try again in a minute."))
    return defaults.server_error(request)


def _asked(error: ProblemError) -> str:
    """What the person asked the policy door for, in words; empty for other errors."""
    action = ACTIONS.get(error.action) if isinstance(error, PolicyDenied) else None
    return action.words if action else ""


def _way_back(request: HttpRequest) -> str:
    """The page the person came from, when it is one of ours; else the dashboard."""
    referer = request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}/"
    return referer if referer.startswith(here) and referer != request.build_absolute_uri() else "/"


def _from_framework(exc: Exception, response: Response) -> dict[str, Any]:
    status, data = response.status_code, response.data
    code = "not_found" if isinstance(exc, Http404) else "forbidden" if isinstance(exc, PermissionDenied) else "error"
    if isinstance(exc, APIException):
        code = exc.default_code
    if isinstance(data, dict) and "detail" in data:
        return _problem(code, HTTPStatus(status).phrase, status, str(data["detail"]))
    return _problem(code, "Some values need another look", status, "See errors.") | {"errors": data}


def _problem(code: str, title: str, status: int, detail: str) -> dict[str, Any]:
    return {"type": f"urn:ecpd:problem:{code}", "title": title, "status": status, "detail": detail, "code": code}


def _json(problem: dict[str, Any], headers: dict[str, str] | None = None) -> JsonResponse:
    """JSON whatever the view would have rendered and the client would have liked."""
    kept = {name: value for name, value in (headers or {}).items() if name.lower() != "content-type"}
    return JsonResponse(problem, status=problem["status"], headers=kept, content_type=PROBLEM_JSON)
