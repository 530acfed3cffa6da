"""What an account may do comes from a decision: of this transaction, about this account, by another who may (AU-03, AC-10).

A session of the application's role could otherwise make itself a chief without a trace of who allowed it. The owner is
not asked: his commands make and mend accounts, on the record. Nor is whoever makes the first administrator of an agency.
"""

from collections.abc import Iterable

from ecpd.accounts.roles import Role

THE_OWNER = "public.ecpd_owner_at_work(TG_RELID)"
NO_ADMINISTRATOR = (
    "NOT EXISTS (SELECT 1 FROM public.accounts_user_groups ug JOIN public.auth_group g ON g.id = ug.group_id"
    f" WHERE g.name = '{Role.ADMINISTRATOR.value}')"
)


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
