"""Gives each request its audit context."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ecpd.audit.context import request_context
from ecpd.web.client_address import client_address

FIELD = "shown"  # the hidden field of a form that decides


class RequestContextMiddleware:
    """Remembers the caller's address for entries written during the request, and what its form says was shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with request_context(client_address(request) or None, lambda: request.POST.get(FIELD, "")):
            return self.get_response(request)
