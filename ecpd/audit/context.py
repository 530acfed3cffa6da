"""From where somebody acts, for entries written anywhere below a request or a task."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    """The request's network address."""

    ip_address: str | None = None


_current: ContextVar[RequestContext | None] = ContextVar("ecpd_request_context", default=None)


def current() -> RequestContext:
    """The running request's context, or an empty one outside a request."""
    return _current.get() or RequestContext()


@contextmanager
def request_context(ip_address: str | None):
    """Set the context for one request or task."""
    token = _current.set(RequestContext(ip_address=ip_address))
    try:
        yield
    finally:
        _current.reset(token)
