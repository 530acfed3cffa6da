"""Accounts to measure with, made as all others are: by an administrator's decision."""

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.accounts.services import create_account

PASSWORD = "only for measuring, in a scratch database"
NAME = "bench-admin"


def administrator() -> User:
    """An administrator who is in use; the first of an empty database."""
    found = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR).order_by("pk").first()
    return found or create_account(username=NAME, password=PASSWORD, roles=[Role.ADMINISTRATOR], last_name="Bench")


def for_measuring(username: str, role: Role, **names: str) -> User:
    """The account of this name, made with this role where it is missing."""
    if found := User.objects.filter(username=username).first():
        return found
    return create_account(username=username, password=PASSWORD, roles=[role], by=administrator(), **names)
