"""Every write to accounts and certificates."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from ecpd.accounts.models import TrainingCertificate, User
from ecpd.accounts.roles import Role
from ecpd.audit.services import record
from ecpd.policy import engine as policy


@transaction.atomic
def create_account(
    *,
    username: str,
    password: str,
    roles: list[Role],
    first_name: str = "",
    last_name: str = "",
    rank: str = "",
    badge: str = "",
    actor: User | None = None,
) -> User:
    """Make an account with its roles. Raises ValidationError for a weak password or a name already taken.

    `actor` None is the command line: the first administrator comes from there.
    """
    user = User(username=username, first_name=first_name, last_name=last_name, rank=rank, badge=badge)
    user.is_staff = bool({Role.ADMINISTRATOR, Role.AUDITOR} & set(roles))
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    user.groups.set(Group.objects.filter(name__in=roles))
    record(actor=actor, action="account.created", subject=user, roles=sorted(roles))
    return user


def issue_certificate(
    *,
    holder: User,
    issued_by: User,
    course: str,
    kind: str = TrainingCertificate.Kind.FACIAL_RECOGNITION,
    issued_on: date | None = None,
) -> TrainingCertificate:
    """Issue a certificate for as long as the manual allows (`certificate_months`, FR-20)."""
    issued_on = issued_on or timezone.localdate()
    with policy.door(issued_by, "certificate.issue", holder):
        months = int(policy.parameter("certificate_months"))
        return TrainingCertificate.objects.create(
            holder=holder,
            issued_by=issued_by,
            course=course,
            kind=kind,
            issued_on=issued_on,
            expires_on=issued_on + relativedelta(months=months),
            covers_limits=True,
            covers_group_errors=True,
            covers_lineups=True,
        )


def suspend_certificate(*, certificate: TrainingCertificate, actor: User, reason: str) -> TrainingCertificate:
    """Suspend a certificate at once; the reason stays with it."""
    with policy.door(actor, "certificate.issue", certificate.holder, justification=reason):
        certificate.suspended_at, certificate.suspended_reason = timezone.now(), reason
        certificate.save(update_fields=["suspended_at", "suspended_reason"])
    return certificate


def release_account(*, user: User, actor: User) -> User:
    """Release an account that failed sign-ins locked (AC-02), and forget the failures."""
    from axes.utils import reset

    with policy.door(actor, "account.manage", user):
        user.locked_at = None
        user.save(update_fields=["locked_at"])
        reset(username=user.username)
        record(actor=actor, action="account.released", subject=user)
    return user
