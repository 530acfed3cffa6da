"""What every page knows: the navigation, the manual in force, who is signed in."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ecpd.web import nav


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the frame around every page. Costs one query, for the manual in force."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated) and not hasattr(request, "half_signed_in")
    return {
        "nav_items": SimpleLazyObject(lambda: _nav(user, request.path) if signed_in else []),
        "manual": SimpleLazyObject(_manual_in_force),
        "signed_in": signed_in,
        "is_demo": settings.DEMO,
        "idle_minutes": settings.IDLE_LOCK_SECONDS // 60,
        "session_locked": bool(hasattr(request, "session") and request.session.get("ecpd_locked")),
        "session_over": bool(hasattr(request, "session") and request.session.get("ecpd_over")),
        "session_ended": "ended" in request.GET,
        "session_hours": settings.SESSION_HOURS,
    }


def _nav(user: Any, path: str) -> list[nav.NavItem]:
    return nav.items_for(user.role_names, path)


def _manual_in_force() -> Any:
    """The manual in force, or None before the first one is: the frame also stands around error pages."""
    from ecpd.policy import versions

    try:
        return versions.in_force()
    except ObjectDoesNotExist:
        return None
