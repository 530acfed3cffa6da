"""AccountRole: which role an account has. The rows of User.groups, with what the database holds of them (AC-10)."""

from itertools import permutations

import pgtrigger

from ecpd.accounts.models.api_token import ends_with
from ecpd.accounts.models.granted import NO_ROLE_EVER, THE_OWNER, by_an_administrator, not_the_last
from ecpd.accounts.models.user import IS_STAFF, User
from ecpd.accounts.roles import Role, exclude
from ecpd.audit import pinned
from ecpd.audit.anchors import lock
from ecpd.audit.records import NEWEST_STATE, guard, refuse
from ecpd.audit.sealed import Seal

_THROUGH = User.groups.through
_PAIRS = ", ".join(f"('{one.value}', '{other.value}')" for one, other in permutations(Role, 2) if exclude(one, other))
_LABELS = ", ".join(f"('{role.value}', '{role.label.lower()}')" for role in Role)

# The account is the anchor: two sessions that give it a role wait for each other, and the second sees the first's.
# An account that is not there yet would hold nobody up: the foreign key is looked at only as the transaction ends.
_ONE_SIDE = f"""
{lock("public.accounts_user", "NEW.user_id", "AC-10")}SELECT mine.label, theirs.label INTO given, held
FROM public.auth_group g
JOIN public.accounts_user_groups ug ON ug.user_id = NEW.user_id AND ug.id <> NEW.id
JOIN public.auth_group h ON h.id = ug.group_id
JOIN (VALUES {_LABELS}) mine(name, label) ON mine.name = g.name
JOIN (VALUES {_LABELS}) theirs(name, label) ON theirs.name = h.name
WHERE g.id = NEW.group_id AND (g.name, h.name) IN (VALUES {_PAIRS})
ORDER BY ug.id LIMIT 1;
IF given IS NOT NULL THEN
    {refuse("AC-10", "One account cannot be {} and {}.", "given", "held")}
END IF;
"""


# The last to be asked: what roles one account may have comes before who gave it.
_BY_A_DECISION = f"""
IF TG_OP <> 'DELETE' AND NOT ({THE_OWNER} OR {by_an_administrator("NEW.user_id")} OR ({NO_ROLE_EVER}
    AND NEW.group_id = (SELECT g.id FROM public.auth_group g WHERE g.name = '{Role.ADMINISTRATOR.value}'))) THEN
    {refuse("AC-10", "A role is given by another administrator's decision on this account.")}
END IF;
IF TG_OP <> 'INSERT' AND NOT ({THE_OWNER} OR {by_an_administrator("OLD.user_id")}) THEN
    {refuse("AC-10", "A role is taken by another administrator's decision on this account.")}
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
"""


_IS_ADMINISTRATORS = f"(SELECT g.id FROM public.auth_group g WHERE g.name = '{Role.ADMINISTRATOR.value}')"
_GOES = (
    f"OLD.group_id = {_IS_ADMINISTRATORS} AND (TG_OP = 'DELETE'"
    " OR (NEW.user_id, NEW.group_id) IS DISTINCT FROM (OLD.user_id, OLD.group_id))"
)
_NOT_THE_LAST = f"""
{not_the_last("OLD.user_id", _GOES)}
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
"""


def _follow(row: str) -> str:
    is_staff = IS_STAFF.format(f"{row}.user_id")
    return (
        f"UPDATE public.accounts_user u SET is_staff = {is_staff}"
        f" WHERE u.id = {row}.user_id AND u.is_staff <> {is_staff};"
    )


def _end_sessions(row: str) -> str:
    return f"UPDATE public.accounts_user SET session_epoch = session_epoch + 1 WHERE id = {row}.user_id; RETURN NULL;"


class AccountRole(_THROUGH):  # type: ignore[misc, valid-type]  # the table that Django makes for User.groups
    """An account's role."""

    row_seal = Seal()

    class Meta:
        proxy = True
        verbose_name = "role of an account"
        triggers = [
            guard(
                "ac_10_one_side",
                _ONE_SIDE,
                on=pgtrigger.Insert | pgtrigger.Update,
                declare=[("given", "text"), ("held", "text")],
            ),
            guard(
                "zz_ac_10_by_decision",
                _BY_A_DECISION,
                on=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            ),
            guard("zz_ac_10_not_the_last", _NOT_THE_LAST, on=pgtrigger.Update | pgtrigger.Delete),
            pinned.Trigger(
                name="ac_10_staff_gains",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"{NEWEST_STATE}{_follow('NEW')} RETURN NULL;",
            ),
            pinned.Trigger(
                name="ac_10_staff_loses",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"{NEWEST_STATE}{_follow('OLD')} RETURN NULL;",
            ),
            pinned.Trigger(
                name="ac_11_role_gained",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_end_sessions("NEW"),
            ),
            pinned.Trigger(
                name="ac_11_role_lost",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_end_sessions("OLD"),
            ),
            pinned.Trigger(
                name="ac_11_tokens_end",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"{ends_with('OLD.user_id')} RETURN NULL;",
            ),
        ]
