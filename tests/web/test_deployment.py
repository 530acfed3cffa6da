"""A site that is reached by HTTPS: Django's own checks find nothing, and every answer carries its headers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
from ecpd.accounts.roles import Role
from tests.factories.people import make_user
from tests.signing_in import sign_in

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
client = Client()
public = client.get("/accounts/login/", secure=True)
sign_in(client, make_user(Role.CAPTAIN, username="headers"))
private = client.get("/cases/", secure=True)
told = {
    "cookies": {name: dict(morsel) for name, morsel in client.cookies.items()},
    "public": [public.status_code, dict(public.items())],
    "private": [private.status_code, dict(private.items())],
    "plain": [(answer := client.get("/cases/")).status_code, answer.headers.get("Location")],
}
print("TOLD" + json.dumps(told))
"""


def https(command: list[str], env: dict, **more: str) -> subprocess.CompletedProcess:
    """A command under ECPD_HTTPS=1."""
    clean = {name: value for name, value in env.items() if name not in ("DEBUG", "ECPD_DEMO")}
    chosen = {"ECPD_HTTPS": "1", "SECRET_KEY": "k9!" * 20 + "abcdefghij", "ALLOWED_HOSTS": "testserver",
              "DJANGO_SETTINGS_MODULE": "ecpd.settings"}  # fmt: skip
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=clean | chosen | more, capture_output=True,
                          text=True, timeout=120, check=False)  # fmt: skip


@pytest.mark.parametrize(
    "proxy", [{}, {"ECPD_BEHIND_TLS_PROXY": "1"}, {"ECPD_TRUSTED_PROXIES": "10.0.0.5,10.1.0.0/16"}]
)
def test_the_checks_for_deployment_find_nothing(db, service_env, proxy):
    ran = https(["-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "DEBUG"], service_env, **proxy)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "System check identified no issues" in ran.stdout and "WARNINGS" not in ran.stderr


def test_a_proxy_that_is_none_stops_the_site_at_once(db, service_env):
    ran = https(["-c", ASK], service_env, ECPD_TRUSTED_PROXIES="everybody")
    assert ran.returncode != 0 and "ECPD_TRUSTED_PROXIES" in ran.stderr


@pytest.fixture
def told(transactional_db, service_env) -> dict:
    """What a site under HTTPS answers to somebody signed in."""
    ran = https(["-W", "ignore", "-c", ASK], service_env)
    lines = [line for line in ran.stdout.splitlines() if line.startswith("TOLD")]
    assert lines, ran.stdout + ran.stderr
    return json.loads(lines[0].removeprefix("TOLD"))


def test_every_answer_carries_its_headers(told):
    for page in ("public", "private"):
        status, headers = told[page]
        assert status == 200, page
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "no-store" in headers["Cache-Control"]
        assert {"camera=()", "microphone=()", "geolocation=()", "publickey-credentials-get=(self)"} <= set(
            headers["Permissions-Policy"].split(", ")
        )
        policy = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";") if part.strip()
        )
        assert policy["default-src"] == policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in headers["Content-Security-Policy"]
    for name in ("sessionid", "csrftoken"):
        cookie = told["cookies"][name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax"), name
    assert told["plain"] == [301, "https://testserver/cases/"]
