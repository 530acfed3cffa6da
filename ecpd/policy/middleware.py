"""One page, one version of the manual."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ecpd.policy import versions

SAFE = {"GET", "HEAD", "OPTIONS"}


class ManualMiddleware:
    """A request that only reads asks once which manual is in force; one that writes asks at every door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        with versions.read_once():
            return self.get_response(request)
