"""Which cases are one matter, in the database, second version. Do not edit: a migration refers to it; a change is a
version 3.
"""

from ecpd.audit.pinned import FunctionV1
from leads.models.history_v1 import NEAR_COPY_COSINE

# A matter (POLICY): the cases of one incident number, those that are linked, and those whose searches had the same probe,
# a copy, an edit or a near copy of it; followed through. What was taken back makes no matter.
MATTER = FunctionV1(
    "ecpd_matter",
    "of_case bigint",
    "SETOF bigint",
    f"""
DECLARE found bigint[] := ARRAY[of_case]; newest bigint[] := ARRAY[of_case];
BEGIN
    LOOP
        newest := ARRAY(
            SELECT n.case_id FROM public.cases_incidentnumber n
                WHERE n.withdrawn_at IS NULL AND n.case_id <> ALL (found) AND replace(n.number, '-', '') IN (
                    SELECT replace(m.number, '-', '') FROM public.cases_incidentnumber m
                    WHERE m.case_id = ANY (newest) AND m.withdrawn_at IS NULL)
            UNION SELECT l.other_id FROM public.cases_caselink l
                WHERE l.withdrawn_at IS NULL AND l.case_id = ANY (newest) AND l.other_id <> ALL (found)
            UNION SELECT l.case_id FROM public.cases_caselink l
                WHERE l.withdrawn_at IS NULL AND l.other_id = ANY (newest) AND l.case_id <> ALL (found)
            UNION SELECT o.case_id FROM public.leads_searchrequest o WHERE o.case_id <> ALL (found) AND (
                o.probe_id IN (SELECT public.ecpd_kin(ARRAY(SELECT s.probe_id FROM public.leads_searchrequest s
                                                            WHERE s.case_id = ANY (newest))))
                OR o.state = 'done' AND EXISTS (SELECT 1 FROM public.leads_searchrequest s
                    WHERE s.case_id = ANY (newest) AND s.state = 'done' AND s.model_id = o.model_id
                      AND -(s.probe_embedding <#> o.probe_embedding) >= {NEAR_COPY_COSINE})));
        EXIT WHEN newest = '{{}}';
        found := found || newest;
    END LOOP;
    RETURN QUERY SELECT unnest(found);
END""",
    language="plpgsql",
)
