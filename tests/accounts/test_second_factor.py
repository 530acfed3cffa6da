"""AC-01, AC-11, AC-12: nothing opens before password, second factor and notice, and there is no way round."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from cryptography.fernet import Fernet
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from ecpd.accounts import codes, rehearsal, standing
from ecpd.accounts.models import FactorState, User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from ecpd.doctor import State
from ecpd.doctor.accounts import factor_key
from tests.factories.factors import passkey
from tests.factories.people import PASSWORD, make_user
from tests.signing_in import CODE, LOGIN, NOTICE, by_the_forms, code_of, secret_of, sign_in

pytestmark = pytest.mark.django_db
OPEN = ["/", "/cases/", "/policy/", "/admin/", reverse("account_change_password")]
SET_UP, APP = reverse("mfa_index"), reverse("mfa_activate_totp")


def password(client: Client, username: str = "okafor", **more):
    """The password is sent, nothing else."""
    return client.post(LOGIN, {"login": username, "password": PASSWORD, **more})


def opens(client: Client, address: str = "/cases/") -> bool:
    """Whether a page of the house opens."""
    return client.get(address).status_code == 200


@pytest.fixture
def app(okafor) -> Authenticator:
    """The investigator has an authenticator app."""
    return rehearsal.app_of(okafor)


@pytest.mark.parametrize("way", ["get", "head", "post", "put", "options", "delete"])
@pytest.mark.parametrize("address", OPEN)
def test_a_password_alone_opens_nothing_however_it_is_asked(client, app, way, address):
    password(client)
    assert getattr(client, way)(address).status_code in {302, 405}
    assert SESSION_KEY not in client.session


def test_a_password_alone_reads_nothing_from_the_api(client, app):
    password(client)
    assert client.get("/api/cases/").status_code == 401


def test_the_code_alone_is_not_enough_without_the_notice(client, okafor, app):
    password(client)
    assert client.post(CODE, {"code": code_of(okafor)}).url == NOTICE
    assert not opens(client)
    assert SESSION_KEY not in client.session


def test_the_notice_cannot_be_answered_before_the_code(client, app):
    password(client)
    assert client.post(NOTICE).status_code == 302
    assert not opens(client)


def test_password_code_and_notice_open_and_all_three_are_on_the_record(client, okafor, app):
    assert by_the_forms(client, "okafor").url == "/"
    assert opens(client)
    written = AuditEvent.objects.filter(actor=okafor).order_by("pk").values_list("action", flat=True)
    assert list(written) == ["account.factor_used", "account.notice_acknowledged", "account.sign_in"]


def test_where_one_wanted_to_go_is_reached_after_all_three_and_never_before(client, app):
    answer = by_the_forms(client, "okafor", f"{LOGIN}?next=/policy/")
    assert answer.url == "/policy/"


@pytest.mark.parametrize("page", [CODE, NOTICE])
def test_cancelling_leads_nowhere(client, okafor, app, page):
    password(client)
    if page == NOTICE:
        client.post(CODE, {"code": code_of(okafor)})
    assert client.get(page).status_code == 200
    assert client.post(reverse("account_logout")).url == LOGIN
    assert client.get(page).url == LOGIN
    assert not opens(client)


def test_a_session_from_before_the_second_factor_ends(client, okafor, app):
    client.force_login(okafor, rehearsal.BACKEND)
    assert client.get("/cases/").status_code == 302
    assert SESSION_KEY not in client.session


def test_an_account_without_a_factor_reaches_its_set_up_and_nothing_else(client, okafor):
    password(client)
    assert client.post(NOTICE).url == "/"
    for address in OPEN:
        assert client.get(address).status_code == 302
        assert client.post(address).status_code == 302
    assert client.get("/cases/").url == SET_UP
    assert client.get("/api/cases/").status_code == 401
    assert opens(client, SET_UP)
    for closed in ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        assert client.get(reverse(closed)).url == SET_UP


def test_setting_up_an_app_shows_recovery_codes_once_and_opens(client, okafor):
    set_up(client)
    assert opens(client)
    page = client.get(reverse("mfa_view_recovery_codes"))
    first = page.context["unused_codes"]
    assert len(first) == 10
    assert all(code in page.content.decode() for code in first)
    again = client.get(reverse("mfa_view_recovery_codes"))
    assert not any(code in again.content.decode() for code in first)


def set_up(client: Client, username: str = "okafor") -> None:
    """The person's first sign-in: password, notice, app."""
    password(client, username)
    client.post(NOTICE)
    secret = client.get(APP).context["form"].secret
    assert client.post(APP, {"code": codes.code_at(secret, int(time.time()) // 30)}).status_code == 302


def test_the_secret_of_an_app_is_never_in_the_database_in_the_clear(client, okafor):
    password(client)
    client.post(NOTICE)
    secret = client.get(APP).context["form"].secret
    kept = Session.objects.get().get_decoded()[SECRET_SESSION_KEY]
    assert secret not in str(Session.objects.get().get_decoded())
    client.post(APP, {"code": codes.code_at(secret, int(time.time()) // 30)})
    app, recovery = Authenticator.objects.order_by("-type")
    assert secret not in str(app.data)
    assert kept != app.data["secret"]
    assert app.data["secret"].startswith("gAAAA")  # Fernet, version 0x80
    assert recovery.data["seed"].startswith("gAAAA")
    assert secret_of(okafor) == secret


def test_without_the_key_nothing_is_read_or_made(client, okafor, app, settings):
    settings.FACTOR_KEYS = []
    password(client)
    assert client.post(CODE, {"code": "000000"}).status_code == 503


def test_two_tabs_set_up_one_first_factor(client, okafor):
    other = Client()
    for browser in (client, other):
        password(browser)
        browser.post(NOTICE)
    secret = other.get(APP).context["form"].secret
    set_up_here = client.get(APP).context["form"].secret
    now = int(time.time()) // 30
    assert client.post(APP, {"code": codes.code_at(set_up_here, now)}).status_code == 302
    assert other.post(APP, {"code": codes.code_at(secret, now + 1)}).url.startswith(LOGIN)
    assert not opens(other)
    assert secret_of(okafor) == set_up_here


def test_a_code_counts_once(client, okafor, app):
    code = code_of(okafor)
    password(client)
    assert client.post(CODE, {"code": code}).url == NOTICE
    other = Client()
    password(other)
    assert other.post(CODE, {"code": code}).status_code == 200
    assert not opens(other)


def test_a_code_from_before_one_that_was_used_does_not_count(client, okafor, app):
    now = int(time.time()) // 30
    codes.use_up(user=okafor, step=now + 1)
    password(client)
    for step in (now - 1, now, now + 1):
        assert client.post(CODE, {"code": codes.code_at(secret_of(okafor), step)}).status_code == 200


def test_the_code_that_set_up_an_app_does_not_sign_in(client, okafor):
    set_up(client)
    used = FactorState.objects.get(user=okafor).last_step
    other = Client()
    password(other)
    assert other.post(CODE, {"code": codes.code_at(secret_of(okafor), used)}).status_code == 200


def test_a_recovery_code_opens_once(client, okafor):
    set_up(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    first, second = Client(), Client()
    password(first)
    assert first.post(CODE, {"code": code}).url == NOTICE
    password(second)
    assert second.post(CODE, {"code": code}).status_code == 200
    assert AuditEvent.objects.filter(action="account.factor_failed").count() == 1


def test_five_wrong_codes_close_the_codes_and_the_right_one_is_not_looked_at(client, okafor, app):
    password(client)
    for _ in range(5):
        assert client.post(CODE, {"code": "12345"}).status_code == 200
    answer = client.post(CODE, {"code": code_of(okafor)})
    assert "Too many wrong codes" in answer.content.decode()
    assert FactorState.objects.get().failures == 5


def test_each_further_five_close_them_twice_as_long(okafor, app):
    waits = []
    for failures in (5, 10, 15, 20, 500, 50_000):
        waits.append(codes._pause(failures).total_seconds() / 60)
    assert waits == [15, 30, 60, 120, 1440, 1440]


def test_another_persons_code_and_another_persons_recovery_code_open_nothing(client, okafor, app):
    raman = make_user(Role.INVESTIGATOR, username="raman")
    password(client)
    assert client.post(CODE, {"code": code_of(raman)}).status_code == 200


def test_the_only_factor_cannot_be_removed(client, okafor, app):
    sign_in(client, okafor)
    remove = reverse("mfa_deactivate_totp")
    assert "only second factor" in client.get(remove).content.decode()
    client.post(remove)
    assert Authenticator.objects.filter(pk=app.pk).exists()


@pytest.mark.django_db(transaction=True)  # a factor that came in the same transaction lets no other go
def test_who_removes_a_factor_ends_the_sessions_that_were_signed_in_with_it(client, okafor, app):
    key = Authenticator.objects.create(user=okafor, type="webauthn", data=passkey())
    elsewhere = Client()
    sign_in(elsewhere, okafor)
    sign_in(client, okafor)
    assert elsewhere.get("/").status_code == 200
    answer = client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert answer.status_code == 302, answer.content.decode()
    assert not Authenticator.objects.filter(pk=key.pk).exists()
    assert elsewhere.get("/").status_code == 302, "it may have been signed in with the factor that went"
    assert client.get("/").status_code == 200


def test_adding_and_removing_ask_again_after_five_minutes_and_a_password_is_no_answer(client, okafor, app, monkeypatch):
    sign_in(client, okafor)
    later = time.time() + 301
    monkeypatch.setattr(standing.time, "time", lambda: later)
    again = reverse("mfa_reauthenticate")
    for name in ("mfa_add_webauthn", "mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        assert client.get(reverse(name)).url.startswith(again)
        assert client.post(reverse(name)).url.startswith(again)
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.url.startswith(again)


def test_one_ones_own_factors_only(client, okafor, app):
    raman = make_user(Role.INVESTIGATOR, username="raman")
    key = Authenticator.objects.create(user=raman, type="webauthn", data=passkey())
    sign_in(client, okafor)
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404


def test_another_persons_session_records_do_not_count(client, okafor, app):
    raman = make_user(Role.INVESTIGATOR, username="raman")
    rehearsal.app_of(raman)
    sign_in(client, okafor)
    session = client.session
    kept = dict(session)
    client.force_login(raman, rehearsal.BACKEND)
    session = client.session
    session.update({key: value for key, value in kept.items() if not key.startswith("_auth")})
    session.save()
    assert not opens(client)


def test_after_twelve_hours_one_signs_in_again_however_busy(client, okafor, monkeypatch):
    sign_in(client, okafor)
    begun = time.time()
    for hours in (3, 6, 9, 11.9):
        now = begun + hours * 3600
        monkeypatch.setattr(standing.time, "time", lambda now=now: now)
        session = client.session
        session["ecpd_last_seen"] = int(now)
        session.save()
        assert opens(client)
    monkeypatch.setattr(standing.time, "time", lambda: begun + 12 * 3600 + 1)
    session = client.session
    session["ecpd_last_seen"] = int(begun + 12 * 3600)
    session.save()
    page = client.get("/cases/", follow=True)
    assert "You were signed out after 12 hours." in page.content.decode()
    assert SESSION_KEY not in client.session


def test_the_admins_own_sign_in_is_no_way_round(client, db):
    auditor = make_user(Role.AUDITOR, username="whitlock")
    rehearsal.app_of(auditor)
    client.post("/admin/login/?next=/admin/", {"username": "whitlock", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
    client.force_login(auditor, rehearsal.BACKEND)
    assert client.get("/admin/").status_code == 302


def test_a_changed_password_passes_no_second_factor(client, okafor):
    password(client)
    client.post(NOTICE)
    answers = {"oldpassword": PASSWORD, "password1": "a long other sentence", "password2": "a long other sentence"}
    assert client.post(reverse("account_change_password"), answers).url == SET_UP
    assert User.objects.get(pk=okafor.pk).check_password(PASSWORD)


def test_who_is_half_signed_in_sees_what_anybody_sees(client, okafor):
    password(client)
    client.post(NOTICE)
    assert client.get(reverse("healthz-live")).status_code == 200
    page = client.get("/parking/contest/")
    assert page.status_code == 200
    assert not page.wsgi_request.user.is_authenticated


def test_the_doctor_says_when_the_key_is_missing_or_another(okafor, app, settings):
    assert factor_key().state is State.OK
    settings.FACTOR_KEYS = [Fernet.generate_key().decode()]
    assert "not here" in factor_key().sentence
    settings.FACTOR_KEYS = []
    assert (factor_key().state, "ECPD_MFA_KEY" in factor_key().fix) == (State.FAIL, True)
