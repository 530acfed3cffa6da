"""How a search stands whose requester opened its case himself, in the database. Do not edit: a migration refers to it; a change
is a version 2.
"""

from ecpd.audit.pinned import FunctionV1

# "" where nobody has to accept the case, or a captain did in time; else 'waits', 'refused' or 'late'. What was accepted only
# after its hours stays late: nothing that was closed opens again.
SELF_OPENED = FunctionV1(
    "ecpd_self_opened",
    "of_search bigint",
    "text",
    """
SELECT CASE
    WHEN s.accept_by IS NULL THEN ''
    WHEN EXISTS (SELECT 1 FROM public.leads_caseacceptance a WHERE a.case_id = s.case_id AND NOT a.accepted) THEN 'refused'
    WHEN EXISTS (SELECT 1 FROM public.leads_caseacceptance a WHERE a.case_id = s.case_id AND a.accepted
                 AND a.at <= s.accept_by) THEN ''
    WHEN s.accept_by <= public.ecpd_now() THEN 'late'
    ELSE 'waits' END
FROM public.leads_searchrequest s WHERE s.id = of_search""",
)
