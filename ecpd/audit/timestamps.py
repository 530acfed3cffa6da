"""An outside authority says when it saw the head of the chain: RFC 3161, asked over HTTP, verified before it is believed.

The authority's certificates come from a file that was got from the authority, never out of its own answer.
"""

import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    Verifier,
    VerifierBuilder,
    decode_timestamp_response,
)

LARGEST_ANSWER = 64 * 1024  # bytes; tokens seen have 500 to 6,000
LARGEST_CHAIN = 256 * 1024
MOST_APART = timedelta(hours=1)  # between the authority's clock and ours
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class NotStamped(Exception):
    """The head was not stamped; the message says why, for a person."""


@dataclass(frozen=True)
class Authority:
    """Whom to ask: its address, and the certificates it is known by (PEM)."""

    url: str
    certificates: str

    @property
    def is_local(self) -> bool:
        """It runs on this machine, so that whoever runs the machine can stamp what he likes."""
        return is_local(self.url)


@dataclass(frozen=True)
class Token:
    """A verified answer: its bytes (DER), and the time that the authority signed."""

    response: bytes
    stamped_at: datetime


def is_local(url: str) -> bool:
    """Whether an address is of this machine: by its name, or because a server here could listen at it."""
    host = _parts(url)[1]
    if not host:
        return False
    if host in LOOPBACK:
        return True
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return any(_is_here(address) for address in found)


def _is_here(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        try:
            one.bind((address, 0))
        except OSError:
            return False
    return True


def _parts(url: str) -> tuple[str, str]:
    """Scheme and host; empty for what is no address."""
    try:
        found = urlsplit(url)
        return found.scheme, found.hostname or ""
    except ValueError:
        return "", ""


def configured() -> Authority | None:
    """The authority of the settings, or None: then nothing is anchored. Raises NotStamped when its file is no use."""
    if not settings.TIMESTAMP_URL:
        return None
    scheme, host = _parts(settings.TIMESTAMP_URL)
    if scheme not in ("http", "https") or not host:
        raise NotStamped("ECPD_TIMESTAMP_URL is no address that begins with http:// or https://.")
    if not settings.TIMESTAMP_CHAIN:
        raise NotStamped("ECPD_TIMESTAMP_CHAIN is not set: name the file with the authority's certificates.")
    try:
        with Path(settings.TIMESTAMP_CHAIN).open() as file:
            return Authority(settings.TIMESTAMP_URL, file.read(LARGEST_CHAIN))
    except (OSError, UnicodeDecodeError) as error:
        raise NotStamped(f"The authority's certificates cannot be read: {error}.") from error


def configured_roots() -> set[bytes]:
    """The roots in the installation's file of the authority; none where there is no such file."""
    try:
        found = configured()
    except NotStamped:
        return set()
    return roots(found.certificates) if found else set()


def roots(certificates: str) -> set[bytes]:
    """SHA-256 of each root among these certificates (PEM)."""
    try:
        chain = x509.load_pem_x509_certificates(certificates.encode())
    except ValueError:
        return set()
    return {each.fingerprint(hashes.SHA256()) for each in chain if each.issuer == each.subject}


def head_text(number: int, seal: str) -> bytes:
    """What is stamped: three lines. Whoever has number and seal of an entry makes it anew (docs/verify.md)."""
    return f"ECPD head 1\n{number}\n{seal}\n".encode()


def stamp(authority: Authority, text: bytes) -> Token:
    """Have it stamped, and verify the answer. Raises NotStamped."""
    request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).cert_request(cert_request=False)
    built = request.build()
    answer = _ask(authority, built.as_bytes())
    return Token(answer, verified(authority.certificates, answer, text, request=built))


def verified(certificates: str, response: bytes, text: bytes, *, request: TimeStampRequest | None = None) -> datetime:
    """The time a token was signed at, when it is of this text and this authority. Raises NotStamped.

    With the request, the answer must be to it and new.
    """
    verifier = _verifier(certificates, request)
    try:
        answer = decode_timestamp_response(response)
        verifier.verify_message(answer, text)
        signed_at = answer.tst_info.gen_time
    except VerificationError as error:
        raise NotStamped(f"The authority's answer does not hold: {_line(error)}.") from error
    except Exception as error:  # whatever a hostile answer makes the parser do
        raise NotStamped(f"The authority's answer is no time stamp: {_line(error)}.") from error
    if request is not None and abs(datetime.now(UTC) - signed_at) > MOST_APART:
        raise NotStamped(f"The authority's clock or ours is wrong: it signed {signed_at:%Y-%m-%d %H:%M} UTC.")
    return signed_at


def _verifier(certificates: str, request: TimeStampRequest | None) -> Verifier:
    try:
        chain = x509.load_pem_x509_certificates(certificates.encode())
    except ValueError as error:
        raise NotStamped(f"The authority's certificates are no PEM: {_line(error)}.") from error
    roots = [each for each in chain if each.issuer == each.subject]
    signers = [each for each in chain if each not in roots and _stamps(each)]
    if not roots or len(signers) != 1:
        raise NotStamped("The file of certificates must hold the authority's root and the one that signs time stamps.")
    builder = VerifierBuilder(roots=roots, tsa_certificate=signers[0], nonce=request.nonce if request else None)
    for each in chain:
        if each not in (*roots, *signers):
            builder = builder.add_intermediate_certificate(each)
    return builder.build()


def _stamps(certificate: x509.Certificate) -> bool:
    """Whether it is for time stamps and nothing else."""
    try:
        use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return list(use) == [x509.ExtendedKeyUsageOID.TIME_STAMPING]


def _ask(authority: Authority, request: bytes) -> bytes:
    """The answer's bytes, within the time that the settings give to the whole. Raises NotStamped."""
    deadline = monotonic() + settings.TIMESTAMP_SECONDS
    handlers = [urllib.request.ProxyHandler({})] if authority.is_local else []
    asked = urllib.request.Request(
        authority.url, data=request, headers={"Content-Type": "application/timestamp-query"}, method="POST"
    )
    try:
        with urllib.request.build_opener(*handlers).open(asked, timeout=settings.TIMESTAMP_SECONDS) as answer:
            return b"".join(_pieces(answer, deadline))
    except (OSError, HTTPException, ValueError) as error:
        raise NotStamped(f"The authority did not answer: {_line(error)}.") from error


def _pieces(answer, deadline: float) -> Iterator[bytes]:
    """An answer piece by piece: one that trickles or has no end is given up."""
    taken = 0
    while piece := answer.read1(8192):
        taken += len(piece)
        if taken > LARGEST_ANSWER:
            raise NotStamped("The authority's answer is too long for a time stamp.")
        if monotonic() > deadline:
            raise NotStamped(f"The authority did not answer within {settings.TIMESTAMP_SECONDS:.0f} s.")
        yield piece


def _line(error: BaseException) -> str:
    """An error's first line, short, without its full stop."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160].rstrip(".")
