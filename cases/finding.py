"""Finding what an address names, for one person: what one may not see does not exist, and the attempt is recorded.

Every page and every address of the API that speaks of a case finds it here, so that the answer never tells an existing
number from an unknown one, and no look at a hidden case is left out of the record (AU-03), whichever page was asked.
"""

from operator import attrgetter
from typing import Any, NoReturn

from django.db.models import Model, QuerySet
from django.http import Http404

from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied


def the_one(visible: QuerySet, user, action: str, *, about: str = "", **which) -> Any:
    """The row among those this person may see. Raises Http404, for a hidden one as for one that is not there.

    `about`: the row's attribute that the action's rules speak of ("candidate.search"), when that is not the row itself.
    """
    found = visible.filter(**which).first()
    return found if found is not None else nothing_there(visible.model, user, action, about=about, **which)


def nothing_there(model: type[Model], user, action: str, *, about: str = "", **which) -> NoReturn:
    """Raises Http404. When there is such a row after all, that this person looked for it is on the record."""
    hidden = model._base_manager.filter(**which).first()
    if hidden is not None:
        subject = attrgetter(about)(hidden) if about else hidden
        if not policy.allows(user, action, subject):
            try:
                policy.authorize(user, action, subject)
            except PolicyDenied:
                raise Http404 from None
    raise Http404
