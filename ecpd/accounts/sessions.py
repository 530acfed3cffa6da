"""AC-11: an account's sessions: seen and ended by their person, ended for good with account, role or rescue."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from ecpd.accounts.models import User
from ecpd.accounts.standing import LAST_SEEN
from ecpd.audit.services import record


@dataclass(frozen=True)
class Line:
    """A session as its person sees it."""

    session: UserSession
    device: str
    last_seen: datetime
    is_current: bool


def lines_of(request: HttpRequest, user: User) -> list[Line]:
    """The account's open sessions, this one first, then the latest."""
    found = [_line(session, request.session.session_key) for session in UserSession.objects.purge_and_list(user)]
    return sorted(found, key=lambda line: (not line.is_current, -line.last_seen.timestamp()))


@transaction.atomic
def end_one(*, user: User, session: UserSession) -> None:
    """End one session of the account; a request that is on its way in it fails."""
    session.end()
    record(actor=user, action="account.session_ended", subject=user, address=session.ip)


@transaction.atomic
def end_others(*, request: HttpRequest, user: User) -> None:
    """End every session of the account but this one, also those nobody has listed; this one began when it began."""
    this = UserSession.objects.filter(user=user, session_key=request.session.session_key).first()
    end_all(user=user)
    user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)
    if this is not None:
        UserSession.objects.filter(user=user, session_key=request.session.session_key).update(
            created_at=this.created_at
        )
    record(actor=user, action="account.sessions_ended", subject=user)


def end_all(*, user: User) -> None:
    """End every session of the account: none of its epoch counts any more."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    UserSession.objects.filter(user_id=user.pk).delete()


def device(agent: str) -> str:
    """Browser and system in a few words, as the browser calls itself."""
    browsers = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
               ("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for mark, name in browsers if mark in agent), "")
    system = next((name for mark, name in systems if mark in agent), "")
    return " on ".join(filter(None, (browser, system))) or "A device that doesn't say"


def _line(session: UserSession, current: str | None) -> Line:
    seen = session._session_store(session.session_key).get(LAST_SEEN)
    last_seen = datetime.fromtimestamp(seen, UTC) if seen else session.last_seen_at
    return Line(session, device(session.user_agent), last_seen, session.session_key == current)
