"""CaseAccess: who may see, add to or manage which case, row by row (AC-04, AC-09)."""

import pgtrigger
from guardian.models import UserObjectPermission

from ecpd.accounts.models.granted import THE_OWNER
from ecpd.accounts.roles import Role
from ecpd.audit.pinned import Trigger
from ecpd.audit.records import NEWEST_STATE, Protect, refuse
from ecpd.audit.sealed import Seal

# Access follows from acts: a case is opened, somebody is put on it or taken off, its captain changes, it is sealed.
GIVEN_BY = ("case.assign", "case.manage", "case.seal")
# Who works cases, in use or not: a case that is sealed settles everybody's access anew.
WORKS_CASES = sorted(role.value for role in (Role.INVESTIGATOR, Role.CAPTAIN, Role.CHIEF))
A_CASE = "(SELECT t.id FROM django_content_type t WHERE t.app_label = 'cases' AND t.model = 'case')"


def _opened(row: str) -> str:
    """SQL: whether this transaction opened the case of a row."""
    return (
        f"public.ecpd_decided('case.create', 'cases.case', ARRAY[''], NULL) "
        f"AND public.ecpd_noted('cases_case', {row}.object_pk)"
    )


def _decided(row: str) -> str:
    """SQL: whether this transaction decided on the case of a row, or opened it."""
    given = [f"public.ecpd_decided('{action}', 'cases.case', ARRAY[{row}.object_pk], NULL)" for action in GIVEN_BY]
    return " OR ".join([*given, f"({_opened(row)})"])


def _by_a_stranger(row: str) -> str:
    """SQL: whether the case of a row is sealed, and nobody decided who managed it before this transaction.

    A permission of this very transaction is none: whoever gave it to himself would go on with it. Who gives up his own
    is no stranger. Whoever opens a case settles it; the owner's commands help where nobody is left.
    """
    given = " OR ".join(
        f"public.ecpd_decided('{action}', 'cases.case', ARRAY[{row}.object_pk], h.user_id)" for action in GIVEN_BY
    )
    return f"""EXISTS (SELECT 1 FROM cases_case k WHERE k.id::text = {row}.object_pk AND k.sealed)
    AND NOT EXISTS (
        SELECT 1 FROM guardian_userobjectpermission h JOIN auth_permission p ON p.id = h.permission_id
        WHERE h.content_type_id = {A_CASE} AND h.object_pk = {row}.object_pk AND p.codename = 'manage_case'
          AND age(h.xmin) > 0 AND ({given}))
    AND NOT ({_opened(row)}) AND NOT {THE_OWNER}"""


def _his_own(row: str) -> str:
    """SQL: whether the person of a row decided on its case."""
    return " OR ".join(
        f"public.ecpd_decided('{action}', 'cases.case', ARRAY[{row}.object_pk], {row}.user_id)" for action in GIVEN_BY
    )


# The library's table keeps permissions on rows of other models too.
BY_DECISION = f"""{NEWEST_STATE}
IF TG_OP = 'INSERT' AND NEW.content_type_id = {A_CASE} AND NOT ({_decided("NEW")}) THEN
    {refuse("AC-09", "Access to a case is given with a decision on the case, in the same transaction.")}
END IF;
IF TG_OP = 'INSERT' AND NEW.content_type_id = {A_CASE} AND {_by_a_stranger("NEW")} THEN
    {refuse("AC-04", "Access to a sealed case is given by who manages it.")}
END IF;
IF TG_OP = 'INSERT' AND NEW.content_type_id = {A_CASE} AND NOT EXISTS (
        SELECT 1 FROM accounts_user_groups ug JOIN auth_group g ON g.id = ug.group_id
        WHERE ug.user_id = NEW.user_id AND g.name IN ({", ".join(map(repr, WORKS_CASES))})) THEN
    {refuse("AC-09", "Access to a case is given to who works cases.")}
END IF;
IF TG_OP = 'DELETE' AND OLD.content_type_id = {A_CASE} AND NOT ({_decided("OLD")}) THEN
    {refuse("AC-09", "Access to a case is taken with a decision on the case, in the same transaction.")}
END IF;
IF TG_OP = 'DELETE' AND OLD.content_type_id = {A_CASE} AND {_by_a_stranger("OLD")}
   AND NOT ({_his_own("OLD")}) THEN
    {refuse("AC-04", "Access to a sealed case is taken by who manages it.")}
END IF;
RETURN NULL;"""


class CaseAccess(UserObjectPermission):
    """The library's table of permissions on single objects, sealed: one that is slipped in or taken away is named."""

    row_seal = Seal()
    application_changes = ()

    class Meta:
        proxy = True
        verbose_name = "permission on a case"
        verbose_name_plural = "permissions on cases"
        triggers = [
            Trigger(
                name="zz_ac_09_by_decision",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func=BY_DECISION,
            ),
            Protect(
                name="ac_09_never_moved",
                operation=pgtrigger.Update,
                rule_id="AC-09",
                sentence="Access to a case is given or taken away, never moved.",
            ),
        ]
