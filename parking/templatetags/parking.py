"""Template filters of parking."""

from django import template

from parking.overtime.facts import duration

register = template.Library()


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
