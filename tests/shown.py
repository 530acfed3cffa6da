"""What a page shows, sent back with a decision as its form would."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

FIELD = re.compile(r'<input type="hidden" name="shown" value="([^"]*)"[^>]*>')


def shown_in(page: str, form: str = "") -> str:
    """The hidden field of a page's form, or of that form which is sent to `form`; an AssertionError when it has none."""
    found = FIELD.search(page, max(page.find(f'action="{form}"'), 0) if form else 0)
    assert found, "The page has a form that decides and does not say what it shows."
    return unescape(found[1])


def shown_on(client: Client, address: str, form: str = "") -> dict[str, str]:
    """The field as it is sent, of the page at this address, asked now."""
    return {"shown": shown_in(client.get(address).content.decode(), form)}


def decide(client: Client, page: str, answers: dict[str, Any] | None = None, to: str = "", **how: Any) -> HttpResponse:
    """Fill in the form on a page and send it, as a browser does: to the page itself, or to the address of the form."""
    return client.post(to or page, (answers or {}) | shown_on(client, page, to), **how)
