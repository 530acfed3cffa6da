"""Whose address it is: behind a named proxy the client's, and never what a client says of himself."""

import ast
from pathlib import Path

import pytest
from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from rest_framework.throttling import AnonRateThrottle

from ecpd.audit.context import current
from ecpd.audit.middleware import RequestContextMiddleware
from ecpd.web.client_address import ClientAddressMiddleware, client_address, networks, source_of, told

ROOT = Path(__file__).resolve().parents[2]
PROXIES = networks(["10.0.0.0/8", "::1", "2001:db8:1::/48"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # he says it of himself
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "192.0.2.66, 198.51.100.1", "198.51.100.1"),  # the left part came from the client
        ("10.0.0.5", "10.0.0.9, 198.51.100.1", "198.51.100.1"),  # also when it looks like a proxy
        ("10.0.0.5", "198.51.100.1, 10.0.0.9", "198.51.100.1"),  # two proxies
        ("10.0.0.5", "198.51.100.1, 10.0.0.9, 10.0.0.8", "198.51.100.1"),
        ("10.0.0.5", "198.51.100.1, rubbish", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1, rubbish, 10.0.0.9", "10.0.0.9"),
        ("10.0.0.5", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.5", '"[2001:db8:2::7]:4711"', "2001:db8:2::7"),
        ("10.0.0.5", "fe80::1%eth0", "fe80::1"),  # a zone is nothing that PostgreSQL's inet takes
        ("::ffff:10.0.0.5", "::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1::2", "2001:db8:2::7", "2001:db8:2::7"),
        ("10.0.0.5", ", ,", "10.0.0.5"),
        ("10.0.0.5", "192.0.2.1" + ", 10.0.0.9" * 500, "10.0.0.9"),  # not read for ever
        ("no address", "198.51.100.1", ""),
    ],
)  # fmt: skip
def test_the_client_is_the_first_from_the_right_who_is_no_named_proxy(peer, forwarded, client):
    assert told(peer, forwarded, PROXIES) == client


def test_without_named_proxies_nothing_forwarded_is_believed():
    assert told("10.0.0.5", "198.51.100.1", []) == "10.0.0.5"


@pytest.mark.parametrize("name", ["proxy.example", "10.0.0.0/33", "0.0.0.0/0", "::/0", "2"])
def test_a_proxy_that_is_no_network_or_everybody_is_no_setting(name):
    with pytest.raises(ImproperlyConfigured, match="ECPD_TRUSTED_PROXIES"):
        networks([name])


def test_one_subscriber_is_one_source_however_many_addresses_he_has():
    assert source_of("2001:db8:2::7") == source_of("2001:db8:2:0:ffff::1") == "2001:db8:2::/64"
    assert source_of("2001:db8:3::7") != source_of("2001:db8:2::7")
    assert source_of("198.51.100.1") == "198.51.100.1" and source_of("") == ""


def after_the_middleware(peer: str, **headers):
    """The request as everything behind the first middleware sees it."""
    seen = []
    ClientAddressMiddleware(seen.append)(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))
    return seen[0]


def everybody_says(request) -> set:
    """What the log, change log, throttles, sign-in counter and sign-in itself take for the client's address."""
    logged = []
    RequestContextMiddleware(lambda _: logged.append(current().ip_address))(request)
    from allauth.core.internal.httpkit import get_client_ip

    return {client_address(request), *logged, AuditlogMiddleware._get_remote_addr(request),
            AnonRateThrottle().get_ident(request), get_client_ip(request)}  # fmt: skip


def test_every_reader_of_addresses_sees_the_client_behind_a_named_proxy(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = after_the_middleware("10.0.0.5", HTTP_X_FORWARDED_FOR="192.0.2.66, 198.51.100.1")
    assert everybody_says(request) == {"198.51.100.1"}


@pytest.mark.parametrize("trusted", [[], ["10.0.0.0/8"]])
def test_no_reader_of_addresses_believes_a_client(settings, trusted):
    settings.TRUSTED_PROXIES = trusted
    said = dict.fromkeys(("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP"), "192.0.2.66")
    request = after_the_middleware("203.0.113.7", HTTP_FORWARDED="for=192.0.2.66", **said)
    assert everybody_says(request) == {"203.0.113.7"}


def test_only_a_named_proxy_says_that_the_client_came_by_https(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert after_the_middleware("10.0.0.5", HTTP_X_FORWARDED_PROTO="https").is_secure()
    assert not after_the_middleware("203.0.113.7", HTTP_X_FORWARDED_PROTO="https").is_secure()


def test_it_comes_before_everything_that_reads_an_address():
    assert settings.MIDDLEWARE[0] == "ecpd.web.client_address.ClientAddressMiddleware"


def test_nothing_of_ours_reads_an_address_past_it():
    """One function: a second reader would be a second answer."""
    readers = [
        str(path.relative_to(ROOT))
        for app in ("ecpd", "cases", "leads", "parking")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and node.value.upper().replace("-", "_").removeprefix("HTTP_") in {"REMOTE_ADDR", "X_FORWARDED_FOR", "X_REAL_IP"}
    ]  # fmt: skip
    assert set(readers) == {"ecpd/web/client_address.py"}
