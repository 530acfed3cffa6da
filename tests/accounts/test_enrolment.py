"""AC-01: who guesses a password before its owner has enrolled sets up nothing: a new account's code comes first."""

import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from ecpd.accounts import codes, enrolment
from ecpd.accounts.models import FactorState, User
from ecpd.audit.models import AuditEvent
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from tests.factories.people import PASSWORD
from tests.signing_in import LOGIN, NOTICE, sign_in

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:accounts_user_add"), reverse("admin:accounts_user_changelist")
SET_UP, APP, CODE = reverse("mfa_index"), reverse("mfa_activate_totp"), reverse("account_rescue")
NEW = {"username": "raman", "first_name": "Priya", "last_name": "Raman", "roles": ["investigator"],
       "password1": PASSWORD, "password2": PASSWORD}  # fmt: skip
SHOWN = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){2}")


@pytest.fixture
def code(client, administrator) -> str:
    """The administrator makes an account; the code is on the next page, once."""
    sign_in(client, administrator)
    assert client.post(ADD, NEW).status_code == 302
    found = SHOWN.search(client.get(LIST).content.decode())
    assert found
    assert not SHOWN.search(client.get(LIST).content.decode())
    return found[0]


@pytest.fixture
def guesser(code) -> Client:
    """Somebody who knows the password."""
    browser = Client()
    browser.post(LOGIN, {"login": "raman", "password": PASSWORD})
    browser.post(NOTICE)
    return browser


def set_up(browser: Client) -> int:
    """Add an app; the answer's status."""
    page = browser.get(APP)
    if page.status_code != 200:
        return page.status_code
    secret = page.context["form"].secret
    return browser.post(APP, {"code": codes.code_at(secret, int(time.time()) // 30)}).status_code


def test_the_password_alone_sets_up_nothing(guesser):
    for address in (SET_UP, APP, reverse("mfa_add_webauthn"), "/cases/"):
        assert guesser.get(address).url == CODE, address
    assert guesser.post(APP, {"code": "123456"}).url == CODE
    assert not User.objects.get(username="raman").factors_added.exists()


def test_with_the_code_its_owner_sets_it_up_once(guesser, code):
    assert "enrollment code" in guesser.get(CODE).content.decode()
    assert guesser.post(CODE, {"code": code.lower().replace("-", " ")}).url == SET_UP
    assert set_up(guesser) == 302
    assert guesser.get("/cases/").status_code == 200
    assert User.objects.get(username="raman").factors_added.filter(kind="totp").count() == 1


def test_another_browser_with_the_password_needs_it_too(guesser, code):
    owner = Client()
    owner.post(LOGIN, {"login": "raman", "password": PASSWORD})
    owner.post(NOTICE)
    owner.post(CODE, {"code": code})
    assert guesser.get(APP).url == CODE
    assert set_up(owner) == 302
    assert set_up(guesser) == 302  # sent away: it has to sign in by what is set up now
    assert guesser.get("/cases/").status_code == 302


def test_five_wrong_codes_end_it_and_a_new_one_opens_it(guesser, code, administrator):
    for _ in range(4):
        assert "match" in guesser.post(CODE, {"code": "AAAA-BBBB-CCCC"}).content.decode()
    guesser.post(CODE, {"code": "AAAA-BBBB-CCCC"})
    assert guesser.post(CODE, {"code": code}).status_code == 200
    assert "is over" in guesser.get(CODE).content.decode()
    assert guesser.get(APP).url == CODE
    assert AuditEvent.objects.filter(action="account.enrolment_failed").count() == 5
    another = enrolment.give_code(user=User.objects.get(username="raman"), actor=administrator)
    assert guesser.post(CODE, {"code": another}).url == SET_UP


def test_a_code_is_good_for_two_weeks_and_kept_as_a_hash(guesser, code):
    state = FactorState.objects.get(user__username="raman")
    assert code not in str(vars(state))
    FactorState.objects.filter(pk=state.pk).update(enrol_until=state.enrol_until - enrolment.GOOD_FOR)
    assert guesser.post(CODE, {"code": code}).status_code == 200
    assert guesser.get(APP).url == CODE


def test_an_account_of_an_older_version_gets_one_from_its_administrator(client, okafor, administrator):
    sign_in(client, administrator)
    client.post(LIST, {"action": "enrol", "_selected_action": [okafor.pk]})
    assert SHOWN.search(client.get(LIST).content.decode())
    browser = Client()
    browser.post(LOGIN, {"login": "okafor", "password": PASSWORD})
    browser.post(NOTICE)
    assert browser.get(APP).url == CODE


def test_who_had_a_factor_gets_none_and_nobody_else_gives_one(okafor, code, administrator):
    sign_in(Client(), okafor)
    with pytest.raises(StaleState):
        enrolment.give_code(user=okafor, actor=administrator)
    with pytest.raises(PolicyDenied):
        enrolment.give_code(user=User.objects.get(username="raman"), actor=okafor)
