"""Every write to accounts and certificates."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib.auth import hashers
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ecpd.accounts import enrolment, lockout
from ecpd.accounts.models import TrainingCertificate, User
from ecpd.accounts.roles import Role, conflict
from ecpd.audit import labels
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState


def create_account(
    *,
    username: str,
    password: str,
    roles: Collection[Role],
    first_name: str = "",
    last_name: str = "",
    rank: str = "",
    badge: str = "",
    by: User | None = None,
) -> User:
    """Make an account from the command line, the demo or a measurement: the first administrator comes from there.

    `by`: the administrator who decides on it; without one it takes the database's owner, once there is an administrator.
    Raises ValidationError for a weak password, a name already taken, or roles that exclude each other (AC-10).
    """
    if apart := conflict(roles):
        raise ValidationError(f"One account cannot be {apart[0].label.lower()} and {apart[1].label.lower()} (AC-10).")
    user = User(username=username, first_name=first_name, last_name=last_name, rank=rank, badge=badge)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    with _deciding(by, user, roles):
        _keep(user, roles)
        record(actor=by, action="account.created", subject=user, roles=sorted(roles))
    return user


@contextmanager
def _deciding(by: User | None, user: User, roles: Collection[str]) -> Iterator[None]:
    """One transaction, in the door of whoever decides."""
    if by is None:
        with transaction.atomic():
            yield
    else:
        with policy.door(by, "account.manage", user, roles=sorted(roles)):
            yield


def save_account(*, user: User, roles: Collection[str], actor: User) -> User:
    """Keep a new account, or a changed one, with its roles; they count at once. A new one carries its enrolment code.

    Raises PolicyDenied for roles that exclude each other and for one's own account (AC-10).
    """
    new = user._state.adding
    facts: dict[str, Any] = {} if new else {"shown": seen(None, lambda: of_account(User.objects.get(pk=user.pk)))}
    subject = user if new else User.objects.get(pk=user.pk)
    with policy.door(actor, "account.manage", subject, roles=sorted(roles), **facts):
        before: dict[str, Any] = {} if new else {"before": sorted(group.name for group in user.groups.all())}
        if not new and user.is_active and not User.objects.get(pk=user.pk).is_active:
            user.enabled_at = timezone.now()  # AC-05 counts from here
        _keep(user, roles)
        if new:
            user.enrolment_code = enrolment.code_for(user=user, actor=actor)
        record(
            actor=actor, action="account.created" if new else "account.changed", subject=user,
            roles=sorted(roles), active=user.is_active, **before,
        )  # fmt: skip
    return user


def of_account(user: User) -> dict[str, Any]:
    """What the page of an account shows to who changes it, in parts (`ecpd.policy.shown`)."""
    return {
        "the names": [user.username, user.rank, user.first_name, user.last_name, user.badge],
        "whether it is in use": user.is_active,
        "its roles": sorted(user.groups.values_list("name", flat=True)),
    }


def _keep(user: User, roles: Collection[str]) -> None:
    """The account and its roles; is_staff follows them in the database."""
    user.save()
    user.groups.set(Group.objects.filter(name__in=roles))
    user.refresh_from_db(fields=["is_staff"])


def set_password(*, user: User, password: str) -> None:
    """Keep a new password of the person's own; it has passed the rules. Raises PolicyDenied.

    Other fields of `user` are not saved: they may be older than the row.
    """
    person = User.objects.get(pk=user.pk)
    with policy.door(person, "password.set", person):
        keep_password(user, password)


def keep_password(user: User, password: str) -> None:
    """Within a door of `password.set`."""
    user.set_password(password)
    user.save(update_fields=["password"])


def renew_hash(*, user: User, password: str) -> bool:
    """Keep the password that was just typed by today's hash, where it is kept by a weaker one; whether it was.

    Not for an account without a role, which may do nothing.
    """
    kept, today = hashers.identify_hasher(user.password), hashers.get_hasher("default")
    if (kept.algorithm == today.algorithm and not today.must_update(user.password)) or not user.role_names:
        return False
    set_password(user=user, password=password)
    return True


def issue_certificate(
    *,
    holder: User,
    issued_by: User,
    course: str,
    kind: str = TrainingCertificate.Kind.FACIAL_RECOGNITION,
    issued_on: date | None = None,
    covers_limits: bool = False,
    covers_group_errors: bool = False,
    covers_lineups: bool = False,
) -> TrainingCertificate:
    """Issue a certificate for as long as the manual allows (`certificate_months`, FR-20); it says what was taught.

    Raises PolicyDenied when the holder issues it himself, or when the training leaves out what FR-20 names.
    """
    issued_on = issued_on or timezone.localdate()
    with policy.door(issued_by, "certificate.issue", holder):
        months = int(policy.parameter("certificate_months"))
        return TrainingCertificate.objects.create(
            holder=holder, issued_by=issued_by, course=course, kind=kind, issued_on=issued_on,
            expires_on=issued_on + relativedelta(months=months), covers_limits=covers_limits,
            covers_group_errors=covers_group_errors, covers_lineups=covers_lineups,
        )  # fmt: skip


def suspend_certificate(*, certificate: TrainingCertificate, actor: User, reason: str) -> TrainingCertificate:
    """Suspend a certificate at once and for good; who did it and why stay with it. Raises StaleState."""
    with policy.door(actor, "certificate.suspend", certificate, justification=reason):
        if certificate.suspended_at is not None:
            raise StaleState("This certificate is suspended already.")
        certificate.suspended_at, certificate.suspended_by = timezone.now(), actor
        certificate.suspended_reason = reason
        certificate.save(update_fields=["suspended_at", "suspended_by", "suspended_reason"])
    return certificate


def release_account(*, user: User, actor: User | None) -> User:
    """Take passwords of an account again from everywhere (AC-02). `actor` None is the shell."""
    if actor is None:
        with transaction.atomic():
            locks = lockout.release(user=user, actor=None)
            record(actor=None, action="account.released", actor_label=labels.SHELL, subject=user, locks=locks)
        return user
    with policy.door(actor, "account.manage", user):
        locks = lockout.release(user=user, actor=actor)
        record(actor=actor, action="account.released", subject=user, locks=locks)
    return user
