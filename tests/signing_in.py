"""How tests sign in: by the records of a real sign-in, or by the forms themselves."""

import time

from allauth.mfa.utils import decrypt
from django.test import Client
from django.urls import reverse

from ecpd.accounts import codes, rehearsal
from ecpd.accounts.models import FactorState, User
from tests.factories.people import PASSWORD

sign_in = rehearsal.sign_in
LOGIN, CODE, NOTICE = reverse("account_login"), reverse("mfa_authenticate"), reverse("account_notice")


def code_of(user: User) -> str:
    """A code of the person's app that was not used yet: of these 30 seconds, or of the next. A third is refused."""
    used = FactorState.objects.get_or_create(user=user)[0].last_step
    now = int(time.time()) // 30
    step = next(step for step in (now, now + 1) if step > used)
    return codes.code_at(secret_of(user), step)


def secret_of(user: User) -> str:
    """The secret of the person's app, which is set up where there is none."""
    return decrypt(rehearsal.app_of(user).data["secret"])


def by_the_forms(client: Client, username: str, page: str = LOGIN, *, password: str = PASSWORD):
    """Password, code, notice; the answer to the last."""
    code = code_of(User.objects.get(username=username))
    assert client.post(page, {"login": username, "password": password}).url == CODE
    assert client.post(CODE, {"code": code}).url == NOTICE
    return client.post(NOTICE)
