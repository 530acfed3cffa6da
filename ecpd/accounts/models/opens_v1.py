"""Whether a role of an account opens an act, as the database sees it, first version. Do not edit: a migration refers to it."""

from ecpd.audit.pinned import FunctionV1

OPENS = FunctionV1(
    "ecpd_opens",
    "person bigint, act text",
    "boolean",
    """
    SELECT EXISTS (
        SELECT 1 FROM public.accounts_roleact o
        JOIN public.auth_group g ON g.name = o.role
        JOIN public.accounts_user_groups ug ON ug.group_id = g.id
        JOIN public.accounts_user u ON u.id = ug.user_id
        WHERE o.action = act AND u.id = person AND u.is_active)""",
)
