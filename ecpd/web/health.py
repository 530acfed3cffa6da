"""Whether the service is well is asked by nobody in particular: no session is read for it, which the database keeps."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

OF_HEALTH = "/healthz/"


class HealthMiddleware:
    """Before whatever reads a cookie: answers about health know no cookies, and are the same to a browser that is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(OF_HEALTH):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)
