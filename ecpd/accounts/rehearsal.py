"""Signing a test client in without a person: for measuring and for tests, inside this process only.

It writes what a real sign-in writes: a second factor of the account, and a session that passed password, factor and
notice. It needs this process's keys and database, and whoever has those needs no sign-in.
"""

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from ecpd.accounts import notice, standing
from ecpd.accounts.models import User

if TYPE_CHECKING:
    from django.test import Client

BACKEND = "ecpd.accounts.backends.AccountBackend"


def sign_in(client: "Client", user: User) -> None:
    """Make this client the person's, with everything a sign-in asks for."""
    user = User.objects.get(pk=user.pk)  # with the session epoch of now
    client.force_login(user, BACKEND)
    request = HttpRequest()
    request.user, request.session = user, client.session
    app = app_of(user)
    record_authentication(request, user, "password", username=user.username)
    record_authentication(request, user, "mfa", id=app.pk, type=app.type)
    standing.acknowledge(request, user, notice.digest())
    request.session.save()
    UserSession.objects.get_or_create(
        session_key=request.session.session_key, defaults={"user": user, "ip": "127.0.0.1", "user_agent": "Rehearsal"}
    )


def app_of(user: User) -> Authenticator:
    """The account's authenticator app, set up where it has none."""
    app = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    return app or TOTP.activate(user, generate_totp_secret()).instance
