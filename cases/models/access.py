"""CaseAccess: who may see, add to or manage which case, row by row (AC-04, AC-09)."""

import pgtrigger
from guardian.models import UserObjectPermission

from ecpd.audit.pinned import Trigger
from ecpd.audit.records import NEWEST_STATE, refuse
from ecpd.audit.sealed import Seal

# Access follows from acts: a case is opened, somebody is put on it or taken off, its captain changes, it is sealed.
GIVEN_BY = ("case.assign", "case.manage", "case.seal")
GIVEN = [f"public.ecpd_decided('{action}', 'cases.case', ARRAY[NEW.object_pk], NULL)" for action in GIVEN_BY]
DECIDED = " OR ".join(["public.ecpd_decided('case.create', 'cases.case', ARRAY[''], NULL)", *GIVEN])
# The library's table keeps permissions on rows of other models too.
BY_DECISION = f"""{NEWEST_STATE}
IF NEW.content_type_id = (SELECT t.id FROM django_content_type t WHERE t.app_label = 'cases' AND t.model = 'case')
   AND NOT ({DECIDED}) THEN
    {refuse("AC-09", "Access to a case is given with a decision on the case, in the same transaction.")}
END IF;
RETURN NULL;"""


class CaseAccess(UserObjectPermission):
    """The library's table of permissions on single objects, sealed: one that is slipped in or taken away is named."""

    row_seal = Seal()

    class Meta:
        proxy = True
        verbose_name = "permission on a case"
        verbose_name_plural = "permissions on cases"
        triggers = [
            Trigger(
                name="zz_ac_09_by_decision",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=BY_DECISION,
            )
        ]
