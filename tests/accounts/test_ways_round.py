"""AC-01: ways round the second factor: an address to go on to, HTMX, a sign-in that is half done."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import get_resolver, reverse

from ecpd.accounts import rehearsal
from tests.factories.people import PASSWORD
from tests.signing_in import CODE, LOGIN, NOTICE, code_of, sign_in

pytestmark = pytest.mark.django_db
OUTSIDE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "http://testserver.evil.example/",
    " https://evil.example/",
    "/\t/evil.example/",
]
HTMX = {"HX-Request": "true", "HX-Boosted": "true", "HX-Current-URL": "http://testserver/cases/"}
CHANGES = ["mfa_add_webauthn", "mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
           "mfa_deactivate_totp"]  # fmt: skip


@pytest.fixture
def half(client, okafor) -> Client:
    """The password was right; the code is still asked for."""
    rehearsal.app_of(okafor)
    client.post(LOGIN, {"login": "okafor", "password": PASSWORD})
    return client


@pytest.mark.parametrize("address", OUTSIDE)
@pytest.mark.parametrize("sent", ["query", "form"])
def test_an_address_outside_is_not_gone_on_to(client, okafor, address, sent):
    code = code_of(okafor)
    more = {"next": address} if sent == "form" else {}
    page = LOGIN if sent == "form" else f"{LOGIN}?{_query(address)}"
    steps = [client.post(page, {"login": "okafor", "password": PASSWORD, **more})]
    steps.append(client.post(CODE + ("" if sent == "form" else f"?{_query(address)}"), {"code": code, **more}))
    steps.append(client.post(NOTICE + ("" if sent == "form" else f"?{_query(address)}"), more))
    assert [answer.status_code for answer in steps] == [302, 302, 302]
    assert all(answer.url.startswith("/") and not answer.url.startswith(("//", "/\\")) for answer in steps[:2])
    assert steps[-1].url == "/", "It goes where it goes without one."
    client.post(reverse("account_logout"))
    left = client.get(f"{reverse('account_logout')}?{_query(address)}")
    assert "evil" not in left.headers.get("Location", "")


def _query(address: str) -> str:
    return urlencode({"next": address})


def pages() -> list[str]:
    """Every address without arguments that a get opens for somebody who is signed in."""
    skipped = ("accounts/", "static", "media", "healthz", "permits", "contest", "__")
    found = [str(pattern.pattern) for pattern in get_resolver().url_patterns]
    return [f"/{route}" for route in found if "<" not in route and "^" not in route and not route.startswith(skipped)]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_half_a_sign_in_opens_no_page_and_no_address_of_the_api(half, headers):
    tried = {*pages(), "/", "/cases/", "/searches/", "/leads/", "/parking/", "/policy/", "/admin/", "/api/cases/",
             "/api/searches/", "/api/schema/", "/api/leads/", reverse("account_sessions"), reverse("account_tokens"),
             reverse("mfa_index"), *map(reverse, CHANGES)}  # fmt: skip
    stranger = Client()
    for address in sorted(tried):
        answer, other = half.get(address, headers=headers), stranger.get(address, headers=headers)
        assert (address, answer.status_code) == (address, other.status_code), "As for somebody who is not signed in."
        assert "okafor" not in answer.content.decode(errors="replace").lower(), address
    assert SESSION_KEY not in half.session


def test_a_part_of_a_page_is_not_shown_to_who_is_not_verified(half):
    for address in ("/cases/", "/searches/", "/"):
        for method in ("get", "post"):
            answer = getattr(half, method)(address, headers=HTMX)
            assert answer.status_code in {302, 401, 403, 405}, address
            assert b"<main" not in answer.content


def test_the_api_takes_no_session_whose_second_factor_waits(half, okafor):
    for method in ("get", "post", "put", "patch", "delete"):
        assert getattr(half, method)("/api/cases/").status_code in {401, 403}
    sign_in(half, okafor)
    assert half.get("/api/cases/").status_code == 200
