"""What an account may do comes from a decision: of this transaction, about this account, by another who may (AU-03, AC-10).

A session of the application's role could otherwise make itself a chief without a trace of who allowed it. The owner is
not asked: his commands make and mend accounts, on the record. Nor is whoever makes the first administrator of an agency.
"""

from collections.abc import Iterable

from ecpd.accounts.models.administrators_v1 import ONE_AT_A_TIME
from ecpd.accounts.roles import Role
from ecpd.audit.functions import of_an_app
from ecpd.audit.refusing import refuse

of_an_app(ONE_AT_A_TIME)
THE_OWNER = "public.ecpd_owner_at_work(TG_RELID)"
# Before any role was given: that there is no administrator any more makes nobody one.
NO_ROLE_EVER = "NOT EXISTS (SELECT 1 FROM public.audit_auditevent e WHERE e.table_name = 'accounts_user_groups')"
_ADMINISTRATORS = (
    "SELECT 1 FROM public.accounts_user_groups ug JOIN public.auth_group g ON g.id = ug.group_id"
    f" JOIN public.accounts_user u ON u.id = ug.user_id WHERE g.name = '{Role.ADMINISTRATOR.value}' AND u.is_active"
)


def not_the_last(person: str, when: str) -> str:
    """PL/pgSQL that refuses to take an account from the administrators `when` nobody else in use is one.

    One at a time: of two who take each other away the later finds himself alone.
    """
    return f"""
IF NOT {THE_OWNER} AND ({when}) AND EXISTS ({_ADMINISTRATORS} AND u.id = {person}) THEN
    PERFORM public.{ONE_AT_A_TIME.name}();
    IF NOT EXISTS ({_ADMINISTRATORS} AND u.id <> {person}) THEN
        {refuse("AC-10", "The last administrator stays: make another one first.")}
    END IF;
END IF;
"""


def noted(table: str, row: str = "NULL") -> str:
    """SQL: whether this transaction added the row with this key, or any, to a sealed table."""
    return f"public.ecpd_noted('{table}', {row})"


def decided(action: str, *, about: str, which: str, who: str) -> str:
    """SQL: whether a decision `d` of this transaction allows this action about this thing, and `who` holds of its actor."""
    return (
        f"EXISTS (SELECT 1 FROM public.ecpd_decisions() m JOIN public.policy_decision d ON d.id = m"
        f" WHERE d.action = '{action}' AND d.subject_type = '{about}' AND ({which}) AND ({who}))"
    )


def another_of(roles: Iterable[str], person: str) -> str:
    """SQL: whether the actor of the decision `d` is somebody else than `person`, in use, with one of these roles."""
    held = " OR ".join(f"public.ecpd_has_role(d.actor_id, '{role}')" for role in sorted(roles))
    return f"d.actor_id <> {person} AND ({held})"


def by_an_administrator(person: str) -> str:
    """SQL: whether an administrator decided on this account, which is another's; or made it in this transaction."""
    made = f"d.subject_id = '' AND {noted('accounts_user', f'{person}::text')}"
    which = f"d.subject_id = {person}::text OR {made}"
    return decided(
        "account.manage", about="accounts.user", which=which, who=another_of([Role.ADMINISTRATOR.value], person)
    )
