"""Turns typed errors that a view let through into their page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ecpd.web.problems import problem_page, typed


class ProblemMiddleware:
    """Answers a ProblemError with the page that says what is so and what to do next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a typed error, or of a value that a service or the database refused; anything else is a bug and goes on."""
        error = typed(exception)
        return problem_page(request, error) if error else None
