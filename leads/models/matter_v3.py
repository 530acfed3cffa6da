"""Which cases are one matter, in the database, third version. Do not edit: a migration refers to it; a change is a
version 4.
"""

from ecpd.audit.pinned import FunctionV1
from leads.models.history_v1 import NEAR_COPY_COSINE

# A matter (POLICY): the cases of one incident number, those that are linked, and those whose searches had the same probe,
# a copy, an edit or a near copy of it; followed through. What was taken back stays: whoever takes it back sheds nothing of
# what was known. Only what tied a case that held nothing yet makes no matter afterward.
COUNTS = "({0}.withdrawn_at IS NULL OR NOT ({1}))"
NUMBER = COUNTS.format("{0}", "public.ecpd_still_empty({0}.case_id, {0}.withdrawn_at)")
LINK = COUNTS.format(
    "l", "public.ecpd_still_empty(l.case_id, l.withdrawn_at) OR public.ecpd_still_empty(l.other_id, l.withdrawn_at)"
)
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
                WHERE n.case_id <> ALL (found) AND replace(n.number, '-', '') IN (
                    SELECT replace(m.number, '-', '') FROM public.cases_incidentnumber m
                    WHERE m.case_id = ANY (newest) AND {NUMBER.format("m")}) AND {NUMBER.format("n")}
            UNION SELECT l.other_id FROM public.cases_caselink l
                WHERE l.case_id = ANY (newest) AND l.other_id <> ALL (found) AND {LINK}
            UNION SELECT l.case_id FROM public.cases_caselink l
                WHERE l.other_id = ANY (newest) AND l.case_id <> ALL (found) AND {LINK}
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
