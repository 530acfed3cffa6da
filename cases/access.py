"""Who may see, add to and manage a case: per object, with django-guardian (AC-04, AC-09)."""

from typing import Literal

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, OuterRef
from django.db.models.functions import Cast
from guardian.models import UserObjectPermission
from guardian.shortcuts import assign_perm, get_user_perms, remove_perm

from cases.models import Case
from cases.models.access import WORKS_CASES
from ecpd.accounts.models import User
from ecpd.accounts.roles import READS_ALL_CASES, READS_SEALED_CASES
from ecpd.policy.verdicts import Context, Verdict

Level = Literal["view", "contribute", "manage"]
LEVELS: tuple[Level, ...] = ("view", "contribute", "manage")
WORDS = {"view": "look at it", "contribute": "add to it", "manage": "manage it"}


def grant(user, case: Case, *levels: Level) -> None:
    """Give a person permissions on a case."""
    for level in levels:
        assign_perm(f"cases.{level}_case", user, case)


def settle(user, case: Case) -> None:
    """Leave a person exactly the permissions that the case's own rows give by name: its captain, who is assigned."""
    named, held = _by_name(user, case), set(get_user_perms(user, case))
    for level in LEVELS:
        if level not in named and f"{level}_case" in held:
            remove_perm(f"cases.{level}_case", user, case)
    grant(user, case, *named)
    forget(user)


def _by_name(user, case: Case) -> tuple[Level, ...]:
    if not user.groups.filter(name__in=WORKS_CASES).exists():
        return ()
    if case.captain_id == user.pk:
        return LEVELS
    leads = case.assignments.filter(user=user, ended_at__isnull=True).values_list("lead", flat=True)
    return LEVELS if any(leads) else LEVELS[:2] if leads else ()


def only_the_named(case: Case) -> None:
    """Take the permissions of everybody who is neither the captain nor assigned (AC-04); no group has one on a case."""
    held = UserObjectPermission.objects.filter(
        content_type=ContentType.objects.get_for_model(Case), object_pk=str(case.pk)
    )
    for user in User.objects.filter(pk__in=held.values("user")):
        settle(user, case)


def can(user, case: Case, level: Level) -> bool:
    """Whether the person may see, add to or manage this case."""
    if level == "view" and user.role_names & READS_SEALED_CASES:
        return True
    if level == "view" and not case.sealed and user.role_names & READS_ALL_CASES:
        return True
    return user.is_active and f"{level}_case" in _permissions(user, case)


def _permissions(user, case: Case) -> set[str]:
    """This person's permissions on this case, read once a request: user and case objects live that long."""
    cache = user.__dict__.setdefault("_case_permissions", {})
    if case.pk not in cache:
        cache[case.pk] = set(get_user_perms(user, case))
    return cache[case.pk]


def permissions_of(user, case: str = "pk") -> ArraySubquery:
    """A person's permissions on each row's case, as an annotation: a page then asks for both at once."""
    rows = UserObjectPermission.objects.annotate(key=Cast("object_pk", BigIntegerField())).filter(
        user=user,
        permission__content_type__app_label="cases",
        permission__content_type__model="case",
        key=OuterRef(case),
    )
    return ArraySubquery(rows.order_by().values("permission__codename"))


def remember(user, case: Case, permissions: list[str]) -> None:
    """Keep what was read of a person's permissions on a case for the rest of the request."""
    user.__dict__.setdefault("_case_permissions", {})[case.pk] = set(permissions)


def forget(user) -> None:
    """Drop what is remembered of a person's permissions, after changing them."""
    user.__dict__.pop("_case_permissions", None)


def access_verdict(ctx: Context, case: Case, level: Level) -> Verdict:
    """AC-09's answer for a case."""
    if can(ctx.actor, case, level):
        return ctx.met(f"You may {WORDS[level]}.")
    captain = case.captain.display_name if case.captain_id else "a captain"
    return ctx.unmet(f"You may not {WORDS[level]}: you aren't assigned to {case}.", f"Ask {captain} to add you.")


def sealed_verdict(ctx: Context, case: Case) -> Verdict:
    """AC-04's answer for a case."""
    if not case.sealed:
        return ctx.met("The case is not sealed.")
    if can(ctx.actor, case, "view"):
        return ctx.met("The case is sealed and you are named on it.")
    return ctx.unmet("The case is sealed and you are not named on it.", "A captain named on it can add you.")
