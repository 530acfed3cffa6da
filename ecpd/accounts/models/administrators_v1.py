"""One at a time for whoever takes an administrator away, first version. Do not edit: a migration refers to it.

The group is the owner's, so that the application can lock it by this function only, and do nothing else with it.
"""

from ecpd.audit.pinned import FunctionV1

ONE_AT_A_TIME = FunctionV1(
    "ecpd_one_administrator_at_a_time",
    "",
    "integer",
    "SELECT g.id FROM public.auth_group g WHERE g.name = 'administrator' FOR NO KEY UPDATE",
    volatility="VOLATILE",
    definer=True,
)
