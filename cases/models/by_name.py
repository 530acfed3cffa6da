"""Who writes in a case: in a sealed one only who is named on it (AC-04), in any only who may add to it (AC-09).

Each is one guard for each table of a case's rows.
"""

from collections.abc import Iterable, Mapping

import pgtrigger

from cases.models.may_add_v1 import MAY_ADD
from ecpd.accounts.roles import READS_SEALED_CASES
from ecpd.audit import pinned
from ecpd.audit.functions import of_an_app
from ecpd.audit.records import NEWEST_STATE, guard, refuse

NAME = "ac_04_by_name"
STEPS = "zz_ac_04_steps_by_name"
IN_A_SEALED_CASE = "In a sealed case only who is named on it does anything."
A_STEP_IN_A_SEALED_CASE = "A sealed case is changed, and what is in it, by who is named on it."
ADDS = "zz_ac_09_may_add"  # the last to be asked, as who acts (ecpd.checks.behind)
of_an_app(MAY_ADD)
# SQL: whether a permission of this person on this case was taken away, or moved to another in an older version. A row that
# is gone or changed has left the digests of what it said, so that each permission there is says whether it was this one.
EVER_NAMED = """EXISTS (SELECT 1 FROM audit_auditevent v CROSS JOIN auth_permission p
        JOIN django_content_type t ON t.id = p.content_type_id AND t.app_label = 'cases' AND t.model = 'case'
        WHERE v.table_name = 'guardian_userobjectpermission'
          AND v.row_id IN (SELECT w.row_id FROM audit_auditevent w WHERE w.table_name = 'guardian_userobjectpermission'
                           AND w.operation IN ('D', 'U'))
          AND v.digest = encode(sha256(convert_to(jsonb_build_object('id', v.row_id::bigint, 'user_id', {person}, 'object_pk',
              {case}::text, 'content_type_id', t.id, 'permission_id', p.id)::text, 'UTF8')), 'hex'))"""


def on_the_case(person: str, case: str) -> str:
    """SQL: whether this person has any permission on this case; both are SQL for their ids."""
    return f"""EXISTS (SELECT 1 FROM guardian_userobjectpermission g JOIN django_content_type t ON t.id = g.content_type_id
               WHERE t.app_label = 'cases' AND t.model = 'case' AND g.object_pk = ({case})::text AND g.user_id = {person})"""


def adds_to_the_case(person: str, case: str) -> str:
    """SQL: whether this person may add to this case by name (AC-09), open or closed; both are SQL for their ids."""
    return f"public.ecpd_may_add({person}, ({case}), true)"


def by_name(*columns: str, case: str = "NEW.case_id", unless: str = "false") -> pinned.Trigger:
    """A guard of new rows and of steps: each of `columns` says who wrote it, or who did something to it later.

    `case` is SQL for the case's id; `unless` leaves rows out. Whoever reads sealed cases by role may say what he read.
    """
    return guard(NAME, "".join(_named(one, case, unless) for one in columns), on=_when(columns))


def _when(columns: tuple[str, ...]) -> pgtrigger.Operation:
    return pgtrigger.Insert | pgtrigger.Update if len(columns) > 1 else pgtrigger.Insert


def _named(column: str, case: str, unless: str) -> str:
    reads = " OR ".join(f"ecpd_has_role(NEW.{column}, '{role}')" for role in sorted(READS_SEALED_CASES))
    return f"""
IF NEW.{column} IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column}) AND NOT ({unless})
   AND EXISTS (SELECT 1 FROM cases_case k WHERE k.id = ({case}) AND k.sealed)
   AND NOT {on_the_case(f"NEW.{column}", case)} AND NOT ({reads}) THEN
    {refuse("AC-04", IN_A_SEALED_CASE)}
END IF;
"""


def steps_by_name(acts: Mapping[str, Iterable[str]], *, about: str, case: str, sealed: str) -> pinned.Trigger:
    """A guard of steps whose row names nobody: in a sealed case who is named on the case decided on this very step.

    `acts`: the columns that each act changes; `about`: the label of what is decided on; `case`: SQL for the case's id;
    `sealed`: SQL, whether it is.
    """
    steps = "".join(_step_by_name(act, columns, about, case, sealed) for act, columns in acts.items())
    return pinned.Trigger(
        name=STEPS, when=pgtrigger.After, operation=pgtrigger.Update, func=f"{NEWEST_STATE}{steps}RETURN NULL;"
    )


def _step_by_name(act: str, columns: Iterable[str], about: str, case: str, sealed: str) -> str:
    changed = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in columns)
    return f"""
IF ({changed}) AND ({sealed}) AND NOT EXISTS (
        SELECT 1 FROM guardian_userobjectpermission g JOIN django_content_type t ON t.id = g.content_type_id
        WHERE t.app_label = 'cases' AND t.model = 'case' AND g.object_pk = ({case})::text
          AND public.ecpd_decided('{act}', '{about}', ARRAY[NEW.id::text], g.user_id)) THEN
    {refuse("AC-04", A_STEP_IN_A_SEALED_CASE)}
END IF;
"""


def adds(column: str, *, case: str = "NEW.case_id", closed: bool = False) -> pinned.Trigger:
    """A guard of new rows: who wrote it may add to the case, by name. `closed`: also while it is closed."""
    sql = f"""
IF NOT public.ecpd_may_add(NEW.{column}, ({case}), {str(closed).lower()}) THEN
    {refuse("AC-09", "Only who may add to a case writes in it, while it takes more.")}
END IF;
RETURN NULL;"""
    return pinned.Trigger(name=ADDS, when=pgtrigger.After, operation=pgtrigger.Insert, func=NEWEST_STATE + sql)
