"""Who decides on an application: a captain who had no part in it, or the chief where there is none (FR-13)."""

from leads.models.came_in import approvals
from leads.models.parts import excepted, had_a_part, signed_off


def captains_who_can(application: str, lead: str) -> str:
    """SQL: the captains who can decide on an application, as it is now; ids of it and of its lead as SQL.

    Each is at work, had no part in it, and has not approved it as it is. The long name of the table is no name of a table in
    what is asked of each.
    """
    one = "of_captains.id"
    return f"""SELECT of_captains.id FROM accounts_user of_captains WHERE public.ecpd_has_role({one}, 'captain')
        AND NOT {had_a_part(one, lead)} AND NOT {signed_off(one, lead)} AND NOT {excepted(one, lead)}
        AND {approvals(application, lead, captain=one)} = 0"""


def nobody_can(application: str, lead: str) -> str:
    """SQL: no captain can decide on an application, and it has waited `approver_hours`: then the chief does."""
    return f"""(EXISTS (SELECT 1 FROM leads_warrantapplication waits WHERE waits.id = {application} AND waits.submitted_at
            <= public.ecpd_now() - make_interval(hours => public.ecpd_parameter_int('approver_hours')))
        AND NOT EXISTS ({captains_who_can(application, lead)}))"""
