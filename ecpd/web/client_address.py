"""Whose address a request comes from, for the log, the limits on tries and failed sign-ins: one answer for all of them.

A proxy in front of the site hides the client: every request then comes from the proxy. The proxy says for whom in
`X-Forwarded-For`, a header that anybody can send. It is believed as far as proxies wrote it that the operator named
(`ECPD_TRUSTED_PROXIES`), read from the right, where the nearest proxy adds; what stands further left is hearsay.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
             "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP")  # fmt: skip
THIS_MACHINE = "127.0.0.1"  # who connects by a local socket has no address
MOST_HOPS = 20  # of one header that are read
HOME = 64  # bits of an IPv6 address that are one subscriber's; the rest he changes as he likes


def client_address(request: HttpRequest) -> str:
    """The client's network address, "" when it is not known.

    Behind `ClientAddressMiddleware` it is REMOTE_ADDR, so that libraries which read that see the same.
    """
    return request.META.get("REMOTE_ADDR") or ""


def client_source(request: HttpRequest) -> str:
    """What tries are counted by: the address, of IPv6 its first 64 bits, which one subscriber has to himself."""
    return source_of(client_address(request))


def source_of(address: str) -> str:
    """What an address is counted by; "" for none."""
    found = _address(address)
    return str(ip_network((found, HOME), strict=False)) if isinstance(found, IPv6Address) else str(found or "")


def networks(names: Sequence[str]) -> list[Network]:
    """The networks of `ECPD_TRUSTED_PROXIES`: addresses or networks, such as 10.0.0.5 and 10.1.0.0/16.

    Raises ImproperlyConfigured for what is none, and for one that trusts everybody.
    """
    found = [_network(name.strip()) for name in names if name.strip()]
    if any(network.prefixlen == 0 for network in found):
        raise ImproperlyConfigured("ECPD_TRUSTED_PROXIES names everybody; name the proxies' own addresses.")
    return found


def told(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The client's address, of the one who connected (`peer`) and what `X-Forwarded-For` says.

    Each entry is believed when the one who wrote it is a trusted proxy; the first that is none is the client. An entry
    that is no address ends it: then the proxy that wrote it is all that is known.
    """
    client = _address(peer)
    for entry in reversed(forwarded.split(",")[-MOST_HOPS:] if forwarded else []):
        if client is None or not _in(client, trusted):
            break
        said = _address(entry)
        if said is None:
            break
        client = said
    return str(client) if client is not None else ""


class ClientAddressMiddleware:
    """Makes REMOTE_ADDR the client's address, and takes away every forwarded header that nobody trusted sent.

    First of all middleware: redirects to HTTPS, the log, the limits and libraries come after it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = networks(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        peer = meta.get("REMOTE_ADDR") or THIS_MACHINE
        meta["REMOTE_ADDR"] = told(peer, meta.get("HTTP_X_FORWARDED_FOR") or "", self.trusted)
        believed = {"HTTP_X_FORWARDED_PROTO"} if _in(_address(peer), self.trusted) else set()
        for name in FORWARDED:
            if name not in believed:
                meta.pop(name, None)
        return self.get_response(request)


def _in(address: Address | None, trusted: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in trusted)


def _network(name: str) -> Network:
    try:
        return ip_network(name, strict=False)
    except ValueError as error:
        raise ImproperlyConfigured(f"ECPD_TRUSTED_PROXIES: {name!r} is neither an address nor a network.") from error


def _address(text: str) -> Address | None:
    """An address as proxies write it: with a port, in brackets, quoted, an IPv4 one inside IPv6."""
    bare = text.strip().strip('"').partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
