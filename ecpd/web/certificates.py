"""The certificates of the person signed in, as the dashboard shows them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from ecpd.web.words import day

SOON = timedelta(days=30)


@dataclass(frozen=True)
class CertificateLine:
    """A certificate in one line: its name, how it stands, and the word for that."""

    name: str
    kind: str
    word: str


def lines_for(user: Any) -> list[CertificateLine]:
    """The latest certificate of each kind; none for people who hold none. One query."""
    latest: dict[str, Any] = {}
    suspended: dict[str, date] = {}
    for certificate in user.certificates.order_by("expires_on"):
        latest[certificate.kind] = certificate
        if certificate.suspended_at:
            on = timezone.localdate(certificate.suspended_at)
            suspended[certificate.kind] = max(on, suspended.get(certificate.kind, on))
    return [_line(certificate, suspended.get(kind)) for kind, certificate in latest.items()]


def _line(certificate: Any, suspended: date | None) -> CertificateLine:
    """`suspended`: the day of the last suspension of this kind, which ends all that were issued until then."""
    name, ends = certificate.get_kind_display(), certificate.expires_on
    if suspended and certificate.issued_on <= suspended:
        return CertificateLine(name, "stop", "Suspended")
    if ends < timezone.localdate():
        return CertificateLine(name, "stop", f"Ended {day(ends)}")
    if ends - timezone.localdate() <= SOON:
        return CertificateLine(name, "warn", f"Ends {day(ends)}")
    return CertificateLine(name, "done", f"Until {day(ends)}")
