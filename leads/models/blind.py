"""Who is asked for a blind examination is put on no case of its matter meanwhile: leads adds these guards to tables of cases."""

import pgtrigger

from cases.models import CaseAccess, CaseAssignment
from ecpd.audit.anchors import lock
from ecpd.audit.pinned import add_guards
from ecpd.audit.records import guard, refuse

NOT_WHILE_BLIND = f"""
IF EXISTS (SELECT 1 FROM leads_examinationrequest r JOIN leads_candidate c ON c.id = r.candidate_id
           JOIN leads_searchrequest s ON s.id = c.search_id
           WHERE r.examiner_id = NEW.user_id AND r.state = 'open'
             AND s.case_id IN (SELECT public.ecpd_matter({{case}}))) THEN
    {refuse("FR-08", "Who is asked for a blind examination in a matter is put on no case of it before it is recorded.")}
END IF;
"""
# The library's table keeps the case's key as text, beside those of other models.
ON_A_CASE = f"""
IF NEW.content_type_id = (SELECT t.id FROM django_content_type t WHERE t.app_label = 'cases' AND t.model = 'case') THEN
    {lock("cases_case", "NEW.object_pk::bigint", "AC-09")}{NOT_WHILE_BLIND.format(case="NEW.object_pk::bigint")}
END IF;
"""

add_guards(
    CaseAssignment, guard("fr_08_not_while_blind", NOT_WHILE_BLIND.format(case="NEW.case_id"), on=pgtrigger.Insert)
)
add_guards(CaseAccess, guard("fr_08_not_while_blind", ON_A_CASE, on=pgtrigger.Insert))
