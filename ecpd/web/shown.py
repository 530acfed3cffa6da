"""The hidden field by which a form says what its page showed (`ecpd.policy.shown`)."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ecpd.audit.middleware import FIELD
from ecpd.policy.shown import Parts, token_of


def said_by(request: HttpRequest) -> str:
    """What the sent form says it showed; empty when it says nothing."""
    return request.POST.get(FIELD, "")


def field_for(parts: Parts) -> SafeString:
    """The hidden field for what a page shows now."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, token_of(parts))


class ShowsMixin:
    """A form that decides: made with `shows=`, the parts of what its page shows; the template prints `shown_field`."""

    data: Any

    def __init__(self, *args: Any, shows: Parts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shows = shows

    @property
    def shown(self) -> str:
        """What the sent form says it showed."""
        return str(self.data.get(FIELD, ""))

    @property
    def shown_field(self) -> SafeString:
        """The hidden field, for what is shown now: who reads what changed may decide again at once."""
        return field_for(self._shows)
