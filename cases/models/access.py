"""CaseAccess: who may see, add to or manage which case, row by row (AC-04, AC-09)."""

from guardian.models import UserObjectPermission

from ecpd.audit.sealed import Seal


class CaseAccess(UserObjectPermission):
    """The library's table of permissions on single objects, sealed: one that is slipped in or taken away is named."""

    row_seal = Seal()

    class Meta:
        proxy = True
        verbose_name = "permission on a case"
        verbose_name_plural = "permissions on cases"
