"""Messages to people who ask for or hold a permit: plain text, sent after what they tell is kept."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def post(*, to: str, about: str, **context: Any) -> bool:
    """Send the message templates/parking/permit/mail/<about>.txt; its first line is the subject.

    Whether the mail server took it; an address left empty is never sent to. A failure is logged, without the address.
    """
    if not to:
        return False
    written = render_to_string(f"parking/permit/mail/{about}.txt", context | {"city": settings.ORGANIZATION})
    subject, _, body = written.strip().partition("\n")
    try:
        return bool(send_mail(subject.strip(), body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [to]))
    except (SMTPException, OSError) as error:
        log.warning("A message about a permit (%s) was not sent: %s", about, type(error).__name__)
        return False


def post_when_kept(*, to: str, about: str, **context: Any) -> None:
    """Send it once the transaction is kept; nothing when it is not."""
    transaction.on_commit(lambda: post(to=to, about=about, **context))
