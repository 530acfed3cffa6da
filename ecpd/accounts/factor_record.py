"""What happens to second factors goes into the chain: set up, taken away, used, tried in vain."""

from datetime import timedelta

from allauth.mfa import signals
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from ecpd.accounts.models import FactorAdded
from ecpd.audit import labels
from ecpd.audit.models import AuditEvent
from ecpd.audit.services import record

A_MOMENT = timedelta(minutes=1)


def _added(sender, user, authenticator, **kwargs) -> None:
    record(actor=user, action="account.factor_added", subject=user, kind=authenticator.type, factor=authenticator.pk)


def with_record(added: QuerySet[FactorAdded]) -> QuerySet[FactorAdded]:
    """Each with `noted`: whether the chain has the note that the set-up pages write at that moment, whoever wrote it."""
    noted = AuditEvent.objects.filter(
        action__in=("account.factor_added", "account.recovery_codes_made"), actor=OuterRef("user_id"),
        at__gte=OuterRef("at") - A_MOMENT, at__lte=OuterRef("at") + A_MOMENT,
    ).annotate(which=KeyTextTransform("factor", "detail"))  # fmt: skip
    of_it = Q(which__isnull=True) | Q(which=Cast(OuterRef("factor"), TextField()))
    return added.annotate(noted=Exists(noted.filter(of_it)))


def _removed(sender, user, authenticator, **kwargs) -> None:
    record(actor=user, action="account.factor_removed", subject=user, kind=authenticator.type)


def _renewed(sender, user, authenticator, **kwargs) -> None:
    record(actor=user, action="account.recovery_codes_made", subject=user, factor=authenticator.pk)


def _used(sender, user, authenticator, reauthenticated: bool = False, passwordless: bool = False, **kwargs) -> None:
    record(actor=user, action="account.factor_used", subject=user, kind=authenticator.type, again=reauthenticated,
           without_password=passwordless)  # fmt: skip


def _failed(sender, user, authenticator, reauthentication: bool = False, **kwargs) -> None:
    record(actor=None, action="account.factor_failed", actor_label=labels.UNKNOWN, subject=user,
           again=reauthentication)  # fmt: skip


def connect() -> None:
    """Listen for allauth's signals."""
    for signal, heard in (
        (signals.authenticator_added, _added),
        (signals.authenticator_removed, _removed),
        (signals.authenticator_reset, _renewed),
        (signals.authenticator_used, _used),
        (signals.authentication_failed, _failed),
    ):
        signal.connect(heard, dispatch_uid=f"ecpd.accounts.{heard.__name__}")
