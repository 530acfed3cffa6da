"""Every night: who holds a permit that ends soon is reminded, once of each kind, whatever happens to the run.

A row claims a reminder before it is sent. A run that is killed between the two leaves it claimed, and nobody gets two;
one that the mail server surely did not take is tried again the next night.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from ecpd.policy import versions
from parking.models import Permit, PermitApplication, PermitReminder
from parking.services.permit_mail import post
from parking.services.permit_portal import clear_old

Kind, Outcome = PermitReminder.Kind, PermitReminder.Outcome
LATE_DAYS = 7  # how long after its end a permit's holder is still told of it


def run_night(today: date | None = None) -> dict[str, int]:
    """Send what is due, clear what the portal no longer needs; returns counts by outcome."""
    counts = {outcome.value: 0 for outcome in Outcome if outcome != Outcome.CLAIMED}
    for permit, kind in due_reminders(today or timezone.localdate()):
        if (claimed := _claim(permit, kind)) is not None:
            counts[_send(claimed)] += 1
    clear_old()
    return counts


def due_reminders(today: date) -> Iterable[tuple[Permit, str]]:
    """Permits that end soon or ended days ago, without a renewal under way, with the reminder that fits the day."""
    manual = versions.settings_in_force()
    first, last = manual["permit_reminder_days"], manual["permit_reminder_last_days"]
    midnight = timezone.make_aware(datetime.combine(today, time()))
    ending = Permit.objects.filter(
        ended_at__isnull=True, ends__gt=midnight - timedelta(days=LATE_DAYS), ends__lte=midnight + timedelta(days=first)
    )
    renewed = PermitApplication.objects.filter(renewal_of__isnull=False, state__in=["waiting", "approved"])
    rows = ending.exclude(pk__in=renewed.values("renewal_of")).select_related("application", "terms__permit_class")
    for permit in rows.order_by("ends", "pk"):
        left = (permit.ends - midnight) / timedelta(days=1)
        yield permit, Kind.OVER if left <= 0 else Kind.LAST if left <= last else Kind.SOON


def _claim(permit: Permit, kind: str) -> PermitReminder | None:
    """The reminder if nobody has it; also one that failed before, claimed again by one run only."""
    row, made = PermitReminder.objects.get_or_create(permit=permit, kind=kind)
    if made:
        return row
    failed = PermitReminder.objects.filter(pk=row.pk, outcome=Outcome.FAILED)
    return row if failed.update(outcome=Outcome.CLAIMED) else None


def _send(reminder: PermitReminder) -> str:
    permit = reminder.permit
    to = permit.application.email
    sent = post(to=to, about="reminder", permit=permit, kind=reminder.kind, portal=settings.PUBLIC_URL)
    reminder.outcome = Outcome.SENT if sent else Outcome.FAILED if to else Outcome.LETTER
    reminder.done_at = timezone.now()
    reminder.save(update_fields=["outcome", "done_at"])
    return reminder.outcome.value
