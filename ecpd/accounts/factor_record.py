"""What happens to second factors goes into the chain: set up, taken away, used, tried in vain."""

from allauth.mfa import signals

from ecpd.audit.services import record


def _added(sender, user, authenticator, **kwargs) -> None:
    record(actor=user, action="account.factor_added", subject=user, kind=authenticator.type)


def _removed(sender, user, authenticator, **kwargs) -> None:
    record(actor=user, action="account.factor_removed", subject=user, kind=authenticator.type)


def _renewed(sender, user, authenticator, **kwargs) -> None:
    record(actor=user, action="account.recovery_codes_made", subject=user)


def _used(sender, user, authenticator, reauthenticated: bool = False, passwordless: bool = False, **kwargs) -> None:
    record(actor=user, action="account.factor_used", subject=user, kind=authenticator.type, again=reauthenticated,
           without_password=passwordless)  # fmt: skip


def _failed(sender, user, authenticator, reauthentication: bool = False, **kwargs) -> None:
    record(actor=None, action="account.factor_failed", actor_label="Unknown person", subject=user,
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
