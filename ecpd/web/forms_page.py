"""The page on which a form stands, where the form's own address takes nothing but what the form sends.

Such an address is never a page to come back to: whoever opens it, or must sign in before the form is taken, comes to
the page of the form instead.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

READS = frozenset({"GET", "HEAD"})


def takes_get(view: Callable[..., Any]) -> bool:
    """Whether an address of this view can be opened, and does not only take what is sent to it."""
    cls = getattr(view, "view_class", None)
    if cls is not None:
        return "get" in cls.http_method_names and hasattr(cls, "get")
    methods = _required(view)
    return methods is None or "GET" in methods


def _required(view: Any) -> list[str] | None:
    """What `require_http_methods` was told, under whatever else decorates the view."""
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:
            return view.__closure__[names.index("request_method_list")].cell_contents
        view = getattr(view, "__wrapped__", None)
    return None


def opens(path: str) -> bool:
    """Whether something stands at this path that can be opened."""
    try:
        return takes_get(resolve(path).func)
    except Resolver404:
        return False


def page_above(path: str) -> str:
    """This path, or the nearest one above it that can be opened."""
    while path != "/" and not opens(path):
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return path


def page_of(request: HttpRequest) -> str:
    """Where to go on after signing in: the page asked for, or that from which a form was sent."""
    if request.method in READS and opens(request.path_info):
        return request.get_full_path()
    return _came_from(request) or page_above(request.path_info)


def _came_from(request: HttpRequest) -> str:
    """The page of ours on which the form stood, as the browser says it; else nothing."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure()):
        return ""
    came = urlsplit(said)
    return came._replace(scheme="", netloc="", fragment="").geturl() if opens(came.path) else ""


class FormsPageMiddleware(LoginRequiredMiddleware):
    """Asks for a sign-in that comes back to a page, and leads a browser from a form's address to its page."""

    def process_view(
        self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """The sign-in, or the form's page, instead of the view; a live part of a page says on the page what is so."""
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None:
            return _said_on_the_page(request, answer["Location"]) if getattr(request, "htmx", False) else answer
        if "text/html" in request.headers.get("Accept", "") and not _takes(request, view_func):
            return redirect(page_above(request.path_info))
        return None

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponseRedirect:
        """To the sign-in page, which says so where a session had ended."""
        said = {REDIRECT_FIELD_NAME: page_of(request)} | ({"ended": "1"} if _had_ended(request) else {})
        return redirect(f"{resolve_url(self.get_login_url(view_func))}?{urlencode(said, safe='/')}")


def _said_on_the_page(request: HttpRequest, sign_in: str) -> HttpResponse:
    shown = render(request, "web/_sign_in_again.html", {"sign_in": sign_in}, status=HTTPStatus.UNAUTHORIZED)
    shown["HX-Retarget"], shown["HX-Reswap"] = "#problem", "innerHTML show:top"
    return shown


def _takes(request: HttpRequest, view: Callable) -> bool:
    return request.method not in READS or takes_get(view)


def _had_ended(request: HttpRequest) -> bool:
    """Whether there was a session: its cookie came, with nothing behind it any more, or a form was sent."""
    dead = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
    return dead or request.method not in READS
