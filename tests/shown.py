"""What a page shows, sent back with a decision as its form would."""

import re
from html import unescape

from django.test import Client

FIELD = re.compile(r'<input type="hidden" name="shown" value="([^"]*)">')


def shown_in(page: str) -> str:
    """The hidden field of a page's form; an AssertionError when it has none."""
    found = FIELD.search(page)
    assert found, "The page has a form that decides and does not say what it shows."
    return unescape(found[1])


def shown_on(client: Client, address: str) -> dict[str, str]:
    """The field as it is sent, of the page at this address, asked now."""
    return {"shown": shown_in(client.get(address).content.decode())}
