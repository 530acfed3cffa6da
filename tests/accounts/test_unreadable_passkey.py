"""AC-01: a row that is no passkey keeps nobody out."""

import pytest
from allauth.mfa.models import Authenticator

from ecpd.accounts.roles import Role
from tests.factories.factors import passkey
from tests.factories.people import PASSWORD, make_user
from tests.signing_in import CODE, LOGIN, NOTICE, code_of

pytestmark = pytest.mark.django_db


def test_a_row_that_is_no_passkey_is_left_out(client):
    chief = make_user(Role.CHIEF)
    code = code_of(chief)
    Authenticator.objects.create(user=chief, type="webauthn", data=passkey())
    assert client.post(LOGIN, {"login": chief.username, "password": PASSWORD}).url == CODE
    assert client.get(CODE).status_code == 200
    assert client.post(CODE, {"code": code}).url == NOTICE
