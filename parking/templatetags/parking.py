"""Template filters of parking."""

from typing import Any

from django import template
from django.urls import reverse

from parking.overtime.facts import duration

register = template.Library()
# The pages of plate data, and the action that opens each.
PLATE_PAGES = (
    ("Look up", "parking:plate-lookup", "plate.query"), ("May it park here?", "parking:check", "plate.query"),
    ("Holds and deletion", "parking:plate-holds", "plate.hold"), ("Sharing", "parking:plate-shares", "plate.share"),
    ("Usage policy", "parking:plate-policies", "device.view"), ("Public figures", "parking:plate-access", ""),
)  # fmt: skip


@register.inclusion_tag("parking/plate/_tabs.html", takes_context=True)
def plate_tabs(context: template.Context) -> dict[str, Any]:
    """The pages of plate data that this person may open."""
    request = context["request"]
    pages = [(word, reverse(name)) for word, name, action in PLATE_PAGES if not action or request.user.may(action)]
    return {"pages": [(word, url, url == request.path) for word, url in pages]}


@register.filter
def percent(share: float | None) -> str:
    """0.973 as "97%"; rounded down, so that nothing looks surer than it is."""
    return "" if share is None else f"{int(share * 100)}%"


@register.filter
def minutes_short(minutes: float | None) -> str:
    """240 as "4 h"."""
    return "" if minutes is None else duration(minutes)


@register.filter
def dollars(cents: int | None) -> str:
    """123450 as "$1,234.50"; whole dollars without cents."""
    if cents is None:
        return ""
    sign, amount = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}${amount / 100:,.2f}" if amount % 100 else f"{sign}${amount // 100:,}"
