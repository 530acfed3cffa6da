"""A search, lead or application by its number, for the box that finds cases."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from ecpd.policy import engine as policy
from leads.selectors.lead import leads_visible_to
from leads.selectors.search import searches_visible_to
from leads.selectors.warrant import applications_visible_to

NUMBER = re.compile(r"([SLW])-?(\d\d)-0*(\d{1,8})", re.IGNORECASE)
KINDS: dict[str, tuple[str, Callable[[Any], QuerySet]]] = {
    "S": ("search.view", searches_visible_to),
    "L": ("lead.view", leads_visible_to),
    "W": ("warrant.view", applications_visible_to),
}


def numbered(user, words: str) -> str | None:
    """The address of what "S-26-0012", "L-26-0003" or "W-26-0001" names, when this person may open it."""
    if not (asked := NUMBER.fullmatch(words)):
        return None
    action, visible_to = KINDS[asked[1].upper()]
    found = visible_to(user).filter(number=f"{asked[1].upper()}-{asked[2]}-{int(asked[3]):04d}").first()
    if found is None or not policy.allows(user, action, found):
        return None
    return found.get_absolute_url()
