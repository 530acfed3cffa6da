"""AC-12: the notice of use (CJIS AC-8): its words, and which words a person agreed to."""

import hashlib

from django.http import HttpRequest
from django.template.loader import render_to_string

from ecpd.accounts import standing
from ecpd.accounts.models import User
from ecpd.audit.services import record

TEMPLATE = "account/notice_text.html"  # an agency's counsel may want other words: override this template


def words() -> str:
    """The notice as HTML."""
    return render_to_string(TEMPLATE)


def digest() -> str:
    """Which words they are (SHA-256)."""
    return hashlib.sha256(words().encode()).hexdigest()


def acknowledge(*, request: HttpRequest, user: User) -> None:
    """Put on the record that this person agreed to these words now."""
    standing.acknowledge(request, user, digest())
    record(actor=user, action="account.notice_acknowledged", subject=user, notice=digest())
