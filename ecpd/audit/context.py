"""From where somebody acts, for entries written anywhere below a request or a task."""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


def nothing() -> None:
    """What a command or a task says of a page: nothing, for there is none."""
    return


@dataclass(frozen=True)
class RequestContext:
    """The request's network address, and what its form says its page showed: None where no page was."""

    ip_address: str | None = None
    said: Callable[[], str | None] = nothing


_current: ContextVar[RequestContext | None] = ContextVar("ecpd_request_context", default=None)


def current() -> RequestContext:
    """The running request's context, or an empty one outside a request."""
    return _current.get() or RequestContext()


@contextmanager
def request_context(ip_address: str | None, said: Callable[[], str | None] = nothing):
    """Set the context for one request or task. `said` is asked only when a door wants to know."""
    token = _current.set(RequestContext(ip_address, said))
    try:
        yield
    finally:
        _current.reset(token)
