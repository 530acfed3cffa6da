"""Accounts of every role."""

import factory
from django.contrib.auth.models import Group

from ecpd.accounts.models import TrainingCertificate, User
from ecpd.accounts.models.certificate import COVERS
from ecpd.accounts.roles import Role
from ecpd.accounts.services import issue_certificate, suspend_certificate

PASSWORD = "correct horse battery staple"


class UserFactory(factory.django.DjangoModelFactory):
    """An active account without a role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    rank = "Det."
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    badge = factory.Sequence(lambda number: f"{number:04d}")
    password = factory.django.Password(PASSWORD)


def make_user(role: Role, **fields) -> User:
    """An account with one role; whether it opens the admin follows from the role."""
    user = UserFactory(**fields)
    user.groups.add(Group.objects.get(name=role.value))
    user.refresh_from_db(fields=["is_staff"])
    return user


def suspend(holder: User, actor: User) -> None:
    """Suspend every certificate of a person."""
    for certificate in holder.certificates.all():
        suspend_certificate(certificate=certificate, actor=actor, reason="Under review")


def certify(holder: User, issued_by: User, **facts) -> TrainingCertificate:
    """A facial-recognition certificate that covers what it must (FR-20)."""
    facts = {"course": "Facial recognition, 16 hours", **dict.fromkeys(COVERS, True)} | facts
    return issue_certificate(holder=holder, issued_by=issued_by, **facts)
