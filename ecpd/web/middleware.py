"""Turns typed errors that a view let through into their page."""

from collections.abc import Callable

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from ecpd.policy.constraints import problem_of
from ecpd.problem import ProblemError
from ecpd.web.problems import problem_page


class ProblemMiddleware:
    """Answers a ProblemError with the page that says what is so and what to do next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a typed error, or of a value that the database refused; anything else is a bug and goes on."""
        if isinstance(exception, IntegrityError) and (refused := problem_of(exception)):
            return problem_page(request, refused)
        return problem_page(request, exception) if isinstance(exception, ProblemError) else None
