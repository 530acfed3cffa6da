"""The accounts: those that an older version let become what the rules now refuse."""

from ecpd.accounts.models import User
from ecpd.accounts.roles import conflict
from ecpd.doctor.finding import Finding, ok, warn


def sides() -> Finding:
    """Does an account hold roles that exclude each other, or power beside its roles (AC-10)?"""
    wrong = []
    for user in User.objects.prefetch_related("groups").order_by("username"):
        if apart := conflict(group.name for group in user.groups.all()):
            wrong.append(f"{user.username} ({apart[0].label.lower()} and {apart[1].label.lower()})")
        elif user.is_superuser:
            wrong.append(f"{user.username} (superuser)")
    if wrong:
        return warn(
            "roles",
            f"Against AC-10: {', '.join(wrong)}.",
            "Take one of the roles away in the admin, under Accounts; a superuser by the database's owner.",
        )
    return ok("roles", "No account holds roles that exclude each other.")


ACCOUNT_CHECKS = (sides,)
