"""What of accounts waits for an administrator, and what an auditor is told, on the admin's first page; a query each."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from ecpd.accounts.models import PasswordLock
from ecpd.audit.models import AuditEvent
from ecpd.web.dashboard import WaitingItem

TOLD_FOR = timedelta(days=14)
LIST = "admin:accounts_user_changelist"


def locked(user) -> list[WaitingItem]:
    """Accounts whose passwords are not taken from somewhere (AC-02)."""
    if not user.may("account.manage"):
        return []
    locks = PasswordLock.objects.filter(released_at__isnull=True, user__isnull=False).select_related("user")[:10]
    return [
        WaitingItem(f"Passwords of {lock.user.display_name} are locked",
                    f"After wrong ones from {'an older version' if lock.source == '*' else lock.source}.",
                    reverse(LIST), action_label="Release", kind="lock", status="Locked")
        for lock in locks
    ]  # fmt: skip


def told(user) -> list[WaitingItem]:
    """Accounts disabled for lack of use, for administrators; accounts and roles that changed, for auditors."""
    if user.may("account.manage"):
        actions, words = ["account.disabled_unused"], "Unused accounts were disabled"
    elif user.may("audit.view"):
        actions, words = ["account.created", "account.changed"], "Accounts or roles changed"
    else:
        return []
    recent = AuditEvent.objects.filter(at__gt=timezone.now() - TOLD_FOR, action__in=actions)
    labels = list(recent.order_by("-pk").values_list("subject_label", flat=True)[:20])
    if not labels:
        return []
    names = ", ".join(dict.fromkeys(labels))
    return [
        WaitingItem(words, f"{names}, in the last 14 days.", reverse(LIST), kind="info", status="For your information")
    ]
