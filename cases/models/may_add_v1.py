"""Who may add to a case, as the database sees it, first version. Do not edit: a migration refers to it."""

from ecpd.audit.pinned import FunctionV1

# By name, with an account in use, as `cases.access.can` asks; `closed`: also while the case is closed.
MAY_ADD = FunctionV1(
    "ecpd_may_add",
    "person bigint, of_case bigint, closed boolean",
    "boolean",
    """
    SELECT EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission g
        JOIN public.auth_permission p ON p.id = g.permission_id
        JOIN public.django_content_type t ON t.id = g.content_type_id
        JOIN public.accounts_user u ON u.id = g.user_id
        WHERE t.app_label = 'cases' AND t.model = 'case' AND p.codename = 'contribute_case'
          AND g.object_pk = of_case::text AND g.user_id = person AND u.is_active)
    AND (closed OR EXISTS (SELECT 1 FROM public.cases_case k WHERE k.id = of_case AND k.status <> 'closed'))""",
)
