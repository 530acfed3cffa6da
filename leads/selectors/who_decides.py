"""Reads of who can decide on an application, as the database's own guard asks it (FR-13)."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from ecpd.policy import engine as policy
from leads.models import WarrantApplication
from leads.models.who_decides import captains_who_can, nobody_can


def captains_who_can_decide(application: WarrantApplication) -> list[int]:
    """The keys of the captains who had no part in an application and have not approved it as it is."""
    with connection.cursor() as cursor:
        cursor.execute(captains_who_can(str(int(application.pk)), str(int(application.lead_id))))
        return [key for (key,) in cursor.fetchall()]


def chief_decides_from(application: WarrantApplication) -> datetime:
    """When the chief may decide on an application that no captain can decide on."""
    return application.submitted_at + timedelta(hours=int(policy.parameter("approver_hours")))


def for_the_chief(applications: QuerySet[WarrantApplication]) -> QuerySet[WarrantApplication]:
    """Those that no captain can decide on and that have waited long enough."""
    waiting = f"""SELECT submitted.id FROM leads_warrantapplication submitted
        WHERE submitted.state = 'submitted' AND {nobody_can("submitted.id", "submitted.lead_id")}"""
    return applications.filter(pk__in=RawSQL(waiting, []))
