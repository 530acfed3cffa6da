"""Who is acting and from where, for entries written anywhere below a request or a task."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class RequestContext:
    """The request's network address, and entries held back until the transaction's end."""

    ip_address: str | None = None
    pending: list | None = field(default=None)


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


@contextmanager
def held_back():
    """Collect entries and write them when the block ends, so that the chain's lock is held for an instant only.

    Nothing is written when the block raises: the transaction it belongs to is rolled back as well.
    """
    context = _current.get()
    token = None
    if context is None:
        context = RequestContext()
        token = _current.set(context)
    outer, context.pending = context.pending, []
    try:
        yield
        for event in context.pending:
            event.save(force_insert=True)
    finally:
        context.pending = outer
        if token is not None:
            _current.reset(token)
